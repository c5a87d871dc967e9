"""The set-up: one list of dependencies in three files, a lock for any mirror, and a Makefile that can be trusted."""

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain, product
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks import list_licences as licences

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "swp_analysis"

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# conda-forge's name -> the name in pyproject.toml, where the two differ
CONDA_NAMES = {"pandera-pandas": "pandera[pandas]", "playwright-python": "playwright"}


def direct_dependencies() -> list[Requirement]:
    """What pyproject.toml asks for: to run, to develop and to build."""
    project = PYPROJECT["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["dev"] + PYPROJECT["build-system"]["requires"]
    return [Requirement(line) for line in lines]


# What the code imports

# Used without being imported: a style of matplotlib by its name, and a program that is started.
BY_NAME = {"afcharts", "jupyterlab"}
# Comes with pydantic, which says so.
ALONG = {"pydantic-core"}


def imported_packages() -> set[str]:
    """Every package of others that the code imports, wherever in a module."""
    nodes = [node for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    modules = {name.partition(".")[0] for name in names} - {PACKAGE.name, *sys.stdlib_module_names}
    homes = packages_distributions()
    return {canonicalize_name(home) for module in modules for home in homes.get(module, [module])}


def test_what_is_imported_is_declared_and_what_is_declared_is_used():
    project = PYPROJECT["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    optional = {canonicalize_name(Requirement(line).name) for line in chain(*project["optional-dependencies"].values())}
    imported = imported_packages()
    assert imported - declared - optional == ALONG
    assert declared - imported == BY_NAME


# environment.yml


def bounds(requirements: list[Requirement]) -> dict[str, str]:
    """Name with extras -> version bound, in a form in which two spellings of the same compare equal."""
    return {
        canonicalize_name(requirement.name) + f"[{','.join(sorted(requirement.extras))}]": str(requirement.specifier)
        for requirement in requirements
    }


def conda_requirement(line: str) -> Requirement:
    """A line of environment.yml in pyproject's terms; what is no plain bound (`=1.2`, a build string) raises."""
    requirement = Requirement(line)
    return Requirement(f"{CONDA_NAMES.get(requirement.name, requirement.name)}{requirement.specifier}")


def test_conda_environment_is_in_step_with_pyproject():
    *conda_lines, pip_section = ENVIRONMENT["dependencies"]
    conda = [conda_requirement(line) for line in conda_lines]
    *pip_lines, project = pip_section["pip"]

    asked = bounds(conda + [Requirement(line) for line in pip_lines])
    assert asked.pop("python[]") == PYPROJECT["project"]["requires-python"]
    assert asked.pop("pip[]") == ""
    assert asked == bounds(direct_dependencies())
    assert project == "-e ."


def test_conda_environment_uses_conda_forge_alone():
    assert ENVIRONMENT["channels"] == ["conda-forge", "nodefaults"]


# requirements.lock


class Locked(NamedTuple):
    """One release in the lock."""

    requirement: Requirement
    hashes: list[str]


def locked_releases(text: str) -> list[Locked]:
    """Every entry of a lock; a line that is no requirement (an option, an address) raises."""
    lines = [
        line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    parts = [[part.strip() for part in line.split("--hash=")] for line in lines]
    return [Locked(Requirement(requirement), hashes) for requirement, *hashes in parts]


def test_every_locked_release_is_pinned_and_hashed():
    releases = locked_releases(LOCK)
    assert len(releases) > len(direct_dependencies())
    for release in releases:
        assert re.fullmatch(r"==[\w.!+]+", str(release.requirement.specifier)), release.requirement
        assert release.hashes, release.requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in release.hashes), release.requirement


def test_the_lock_fits_any_mirror():
    assert "://" not in LOCK
    assert all(release.requirement.url is None for release in locked_releases(LOCK))


MACHINES = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}


@pytest.mark.parametrize(("machine", "python"), [*product(MACHINES, ["3.11", "3.12", "3.13", "3.14"])])
def test_the_lock_holds_every_direct_dependency_everywhere(machine, python):
    environment = MACHINES[machine] | {"python_version": python, "python_full_version": f"{python}.2"}
    pinned = {}
    for requirement, _ in locked_releases(LOCK):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in pinned, f"{name} is locked twice"
            pinned[name] = str(requirement.specifier).removeprefix("==")
    for wanted in direct_dependencies():
        version = pinned.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not locked: run `make lock`"
        assert wanted.specifier.contains(version, prereleases=True), f"{wanted} is locked at {version}: run `make lock`"


def test_the_annex_of_licences_holds_every_locked_package_as_it_states_its_own():
    listed = licences.listed_licences()
    assert list(listed) == licences.locked_names()
    stated = {name: licences.stated_licence(name) for name in listed}
    assert {name: words for name, words in stated.items() if words not in (None, listed[name])} == {}
    assert [name for name, words in listed.items() if not licences.OPEN.search(words)] == []


# The package

TOOL_FOLDERS = {"__pycache__", ".ipynb_checkpoints"}


def test_every_module_and_template_is_packaged():
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and path.parent.name not in TOOL_FOLDERS}
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["swp_analysis"]
    packaged = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    packaged |= {path for path in files if path.suffix == ".py" and (path.parent / "__init__.py").is_file()}
    assert sorted(files - packaged) == []


def test_the_command_exists():
    module, function = PYPROJECT["project"]["scripts"]["swp"].split(":")
    assert callable(getattr(importlib.import_module(module), function))


# The Makefile, with a Python that only writes down what it was asked to do

FAKE_PYTHON = """\
#!/bin/sh
echo "$*" >> "$ASKED"
case "$*" in
  *ensurepip*) [ -z "$NO_ENSUREPIP" ] ;;
  "-m venv"*)  mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  "-m pip"*)   [ -z "$PIP_FAILS" ] ;;
esac
"""

needs_make = pytest.mark.skipif(os.name == "nt" or not shutil.which("make"), reason="a POSIX shell and make")


class Checkout:
    """A folder with the project's set-up files, and `make` run in it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.stamp = folder / ".venv" / ".installed"
        self.python = folder.parent / "python"
        self.python.write_text(FAKE_PYTHON, encoding="utf-8")
        self.python.chmod(0o755)
        folder.mkdir()
        for name in ["Makefile", "requirements.lock", "pyproject.toml"]:
            shutil.copy(ROOT / name, folder)

    def make_setup(self, **settings: str) -> subprocess.CompletedProcess:
        asked = self.folder.parent / "asked"
        asked.write_text("", encoding="utf-8")
        environment = {"PATH": os.environ["PATH"], "ASKED": str(asked), "PYTHON": str(self.python)} | settings
        return subprocess.run(["make", "setup"], cwd=self.folder, env=environment, capture_output=True, text=True)

    def asked_for(self, words: str) -> bool:
        return words in (self.folder.parent / "asked").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "a project")


@needs_make
def test_the_second_run_does_nothing(checkout):
    assert checkout.make_setup().returncode == 0
    assert checkout.asked_for("install --require-hashes -r requirements.lock")
    assert checkout.asked_for("install --no-deps --no-build-isolation -e .")
    assert checkout.make_setup().returncode == 0
    assert not checkout.asked_for("-m")


@needs_make
def test_an_interrupted_install_starts_over(checkout):
    assert checkout.make_setup(PIP_FAILS="yes").returncode != 0
    assert not checkout.stamp.exists()
    assert checkout.make_setup().returncode == 0
    assert checkout.asked_for("-m venv --clear")
    assert checkout.stamp.exists()


@needs_make
@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_list_is_installed_over_the_old(checkout, name):
    checkout.make_setup()
    newer = checkout.stamp.stat().st_mtime + 60
    os.utime(checkout.folder / name, (newer, newer))
    assert checkout.make_setup().returncode == 0
    assert checkout.asked_for("--require-hashes")
    assert not checkout.asked_for("-m venv")


@needs_make
def test_an_interrupted_update_starts_over(checkout):
    checkout.make_setup()
    newer = checkout.stamp.stat().st_mtime + 60
    os.utime(checkout.folder / "requirements.lock", (newer, newer))
    assert checkout.make_setup(PIP_FAILS="yes").returncode != 0
    assert checkout.make_setup().returncode == 0
    assert checkout.asked_for("-m venv --clear")


@needs_make
def test_a_moved_project_is_installed_at_its_new_place(checkout):
    checkout.make_setup()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("elsewhere"))
    assert checkout.make_setup().returncode == 0
    assert checkout.asked_for("-e .")


@needs_make
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PYTHON": "false"}, "PYTHON=false is not Python 3.11 or newer."),
        ({"NO_ENSUREPIP": "yes"}, "sudo apt install python3-venv"),
    ],
)
def test_an_unusable_python_gives_a_clear_sentence(checkout, settings, sentence):
    outcome = checkout.make_setup(**settings)
    assert outcome.returncode != 0
    assert sentence in outcome.stderr
    assert not checkout.stamp.parent.exists()
