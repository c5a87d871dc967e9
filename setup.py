"""The one thing that pyproject.toml can't say: notebooks and documents travel inside the package, for `swp init`."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["swp_analysis*"]), "swp_analysis.notebooks", "swp_analysis.docs"],
    package_dir={"swp_analysis.notebooks": "notebooks", "swp_analysis.docs": "docs"},
)
