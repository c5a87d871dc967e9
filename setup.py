"""The one thing that pyproject.toml can't say: the notebooks travel inside the package, for `swp init`."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["swp_analysis*"]), "swp_analysis.notebooks"],
    package_dir={"swp_analysis.notebooks": "notebooks"},
)
