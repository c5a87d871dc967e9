"""The rules of the house, read from the code itself: one direction, small modules, nothing of anyone's machine."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "swp_analysis"

ROOMS = """
    catalogue ingest collect open_data quality audit disclosure analysis present explore publish
""".split()
ENGINES = "engines"  # know nothing of KPIs: they import nothing of ours but `errors`, and every room may call them
FOUNDATIONS = {"errors", "project", "published", "lock"}
# Around the walk: the commands that make one thing, then the runs that call them unattended, then all other commands;
# `cli` knows them all.
COMMANDS = {"build", "assess"}
RUNS = "runs"
CALLED = "commands"
DRAWING = {"matplotlib", "seaborn", "afcharts"}
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}
MODULE_LINES = 300
FUNCTION_LINES = 30
TEST_LINES = 400

# Written in pieces, or this file would be the first to break its own rule.
REGISTRIES = [
    ".".join(host) for host in [("pypi", "org"), ("python" + "hosted", "org"), ("anaconda", "org"), ("npmjs", "org")]
]
MACHINE_PATH = re.compile(
    r"(?:file:/+|(?<![\w.)\]}>*</-])/)(?:" + "|".join(["root", "tmp", "work"]) + r")\b|" + re.escape(str(ROOT))
)


def project_files() -> list[Path]:
    """Every file that is committed or would be by `git add`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    named = [ROOT / name for name in listing.stdout.decode("utf-8").split("\0") if name]
    return [path for path in named if path.is_file()]


MODULES = sorted(path for path in project_files() if path.suffix == ".py" and PACKAGE in path.parents)
NOTEBOOKS = sorted(path for path in project_files() if path.suffix == ".ipynb")

ROOM_DOORS = [path for path in MODULES if path.name == "__init__.py" and path.parent != PACKAGE]
QUIET_MODULES = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in ROOMS[: ROOMS.index("present")]]

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
each_quiet_module = pytest.mark.parametrize(
    "path", QUIET_MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


# The walk


def dotted_name(path: Path) -> str:
    """`swp_analysis/ingest/cells.py` -> `swp_analysis.ingest.cells`; a package keeps its `__init__`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported_names(source: str, module: str) -> Iterator[str]:
    """Absolute dotted name of everything that `module` imports, wherever in it and however it is written.

    Relative and lazy imports count, import_module("…"), and what is reached through a plain `import swp_analysis`.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=target, names=names, level=level):
                here = module.split(".")[:-level] if level else []
                yield from (".".join([*here, *([target] if target else []), alias.name]) for alias in names)
            case ast.Call(
                func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name
            case ast.Attribute(value=ast.Name(id="swp_analysis"), attr=name):
                yield f"swp_analysis.{name}"


def steps_back(source: str, module: str) -> list[str]:
    """What `module` imports from rooms that it must not know: to its right in the walk, or the commands around it."""
    place = module.split(".")[1]
    if place == ENGINES:
        allowed = {"errors", ENGINES}
    elif place in ROOMS:
        allowed = FOUNDATIONS | {ENGINES} | set(ROOMS[: ROOMS.index(place) + 1])
    elif place in FOUNDATIONS:
        allowed = FOUNDATIONS
    elif place in COMMANDS:
        allowed = FOUNDATIONS | {ENGINES} | set(ROOMS) | COMMANDS
    elif place == RUNS:
        allowed = FOUNDATIONS | {ENGINES} | set(ROOMS) | COMMANDS | {RUNS}
    elif place == CALLED:
        allowed = FOUNDATIONS | {ENGINES} | set(ROOMS) | COMMANDS | {RUNS, CALLED}
    else:
        return []
    own = [name.split(".") for name in imported_names(source, module) if name.split(".")[0] == PACKAGE.name]
    return [".".join(parts) for parts in own if parts[1:] and not (parts[1] in allowed or parts[1].startswith("__"))]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ingest.cells", "from swp_analysis.analysis.change import compare"),
        ("ingest.cells", "import swp_analysis.quality.totals as totals"),
        ("ingest.cells", "from swp_analysis import publish"),
        ("ingest.cells", "from swp_analysis import load"),
        ("ingest.cells", "from swp_analysis import *"),
        ("ingest.cells", "import swp_analysis\nswp_analysis.present.chart_style"),
        ("ingest.cells", "from ..quality import totals"),
        ("ingest.__init__", "from .. import present"),
        ("ingest.cells", "def late():\n    from swp_analysis.publish import pages"),
        ("ingest.cells", "from importlib import import_module\nimport_module('swp_analysis.present')"),
        ("errors", "from .catalogue import load_catalogue"),
        ("publish.pages", "from swp_analysis.cli import main"),
        ("publish.pages", "from swp_analysis.runs.unattended import run_assess"),
        ("build", "from swp_analysis.runs.deadline import ends_within"),
        ("runs.fan_out", "from swp_analysis.cli import main"),
        ("runs.fan_out", "from swp_analysis.commands.read import read"),
        ("commands.read", "from swp_analysis.cli import main"),
        ("lock", "from swp_analysis.ingest.formats.raw_files import choose_year"),
        ("engines.spc", "from swp_analysis.catalogue.loader import load_catalogue"),
        ("engines.spc", "from swp_analysis.project import find_project"),
    ],
)
def test_a_step_back_is_seen(module, source):
    assert steps_back(source, f"swp_analysis.{module}")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ingest.cells", "from swp_analysis.catalogue.loader import load_catalogue"),
        ("ingest.cells", "from swp_analysis.errors import InputError\nfrom ..project import Project"),
        ("ingest.__init__", "from . import cells\nfrom .tidy import tidy"),
        ("ingest.cells", "from .grids import read_grid\nimport pandas as pd\nfrom analysis import anything"),
        ("publish.pages", "from swp_analysis import __version__"),
        ("publish.pages", "import swp_analysis\nswp_analysis.__path__"),
        ("cli", "from swp_analysis.publish import edition"),
        ("ingest.cells", "from swp_analysis.engines.small_numbers import rounding"),
        ("engines.small_numbers", "from swp_analysis.errors import RunError"),
        ("runs.unattended", "from swp_analysis.assess import assess"),
        ("commands.calls", "from swp_analysis.runs.area_editions import assess_areas"),
    ],
)
def test_a_step_forward_is_free(module, source):
    assert steps_back(source, f"swp_analysis.{module}") == []


@each_module
def test_rooms_import_only_from_their_left(path):
    assert steps_back(path.read_text(encoding="utf-8"), dotted_name(path)) == []


@each_quiet_module
def test_calculation_knows_nothing_of_drawing(path):
    imported = {name.split(".")[0] for name in imported_names(path.read_text(encoding="utf-8"), dotted_name(path))}
    assert not imported & DRAWING


def test_every_folder_is_a_room():
    folders = {path.relative_to(PACKAGE).parts[0] for path in MODULES if path.parent != PACKAGE}
    assert folders <= {*ROOMS, RUNS, ENGINES, CALLED}


# Sizes and names


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from `def` to its end, without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - (docstring.end_lineno - docstring.lineno + 1)


def long_functions(source: str) -> dict[str, int]:
    """Name and length of each function in `source` with more than FUNCTION_LINES lines of its own."""
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return {function.name: own_lines(function) for function in functions if own_lines(function) > FUNCTION_LINES}


@pytest.mark.parametrize(("statements", "is_long"), [(29, False), (30, True)])
def test_a_docstring_does_not_make_a_function_long(statements, is_long):
    body = "    x = 1\n" * statements
    assert bool(long_functions(f'def f():\n    """One.\n\n    Two.\n    """\n{body}')) is is_long


@each_module
def test_modules_and_functions_are_small(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MODULE_LINES
    assert long_functions(source) == {}


def names_defined_twice(sources: dict[str, str]) -> dict[str, list[str]]:
    """The public functions and classes that more than one of some modules defines, and those modules."""
    where: dict[str, list[str]] = {}
    for module, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(module)
    return {name: modules for name, modules in where.items() if len(modules) > 1}


def test_a_public_name_is_defined_once():
    assert names_defined_twice({"a": "def read(): ...", "b": "class read: ..."}) == {"read": ["a", "b"]}
    # What an analyst calls by its module (`crime.rate`, `peers.compare`) may be called like its method.
    walk = {dotted_name(path): path.read_text(encoding="utf-8") for path in MODULES if path.parent.name != "explore"}
    assert names_defined_twice(walk) == {}


def missing_files(text: str) -> list[str]:
    """Python files that a text names by their folder, and that are nowhere in the house."""
    named = sorted(set(re.findall(r"(?<![\w/])\w+(?:/\w+)+\.py\b", text)))
    return [name for name in named if not any((ROOT / part / name).is_file() for part in ("", PACKAGE, "tests"))]


def test_documents_name_files_that_are_there():
    documents = [path for path in project_files() if path.suffix == ".md" and path.name != "CHANGELOG.md"]
    assert missing_files("`ingest/nowhere.py` and `ingest/cells.py`") == ["ingest/nowhere.py"]
    assert {path.name: lost for path in documents if (lost := missing_files(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("path", ROOM_DOORS, ids=lambda path: path.parent.name)
def test_a_room_names_only_modules_that_are_there(path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    there = {one.stem for folder in (path.parent, PACKAGE) for one in folder.iterdir()}
    assert set(re.findall(r"`([a-z_]+)`", said)) <= there


def test_every_module_has_a_name_that_says_something():
    named = {path: {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} for path in project_files()}
    assert [path for path, parts in named.items() if path.suffix == ".py" and parts & EMPTY_NAMES] == []


def private_imports(source: str) -> list[str]:
    """The names with an underscore before them that a test takes from the library."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in nodes if (node.module or "").startswith(PACKAGE.name)]
    return [alias.name for node in ours for alias in node.names if alias.name.startswith("_")]


def test_no_test_knows_a_private_name_and_none_is_too_long_to_read():
    assert private_imports("from swp_analysis.ingest.cells import _read, read") == ["_read"]
    tests = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert {path.name: names for path, text in tests.items() if (names := private_imports(text))} == {}
    assert [path.name for path, text in tests.items() if len(text.splitlines()) > TEST_LINES] == []


# What is committed


def traces_of_a_run(notebook: dict) -> list[str]:
    """What a run, or one person's JupyterLab, left in a notebook."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = {
        "outputs": any(cell["outputs"] for cell in code),
        "execution counts": any(cell["execution_count"] is not None for cell in code),
        "papermill": "papermill" in notebook["metadata"] or any("papermill" in cell["metadata"] for cell in code),
        "language version": "version" in notebook["metadata"].get("language_info", {}),
        "own kernel": notebook["metadata"].get("kernelspec", {}).get("name") != "python3",
    }
    return [trace for trace, is_there in found.items() if is_there]


def test_traces_of_a_run_are_seen():
    cell = {"cell_type": "code", "outputs": [{}], "execution_count": 1, "metadata": {"papermill": {}}}
    metadata = {"language_info": {"version": "3.11.7"}, "kernelspec": {"name": "mine"}}
    assert len(traces_of_a_run({"cells": [cell], "metadata": metadata})) == 5


@each_notebook
def test_notebooks_are_committed_clean(path):
    assert traces_of_a_run(json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("trace", ["|tmp|x.csv", "see |root", "file:|||work|x", str(ROOT)])
def test_machine_paths_are_seen(trace):
    assert MACHINE_PATH.search(trace.replace("|", "/"))


@pytest.mark.parametrize(
    "text", ["homework|tmp", "https:||council.example|work|x", "<|root>", "{here}|work", "a|tmp|b"]
)
def test_other_slashes_are_left_alone(text):
    assert not MACHINE_PATH.search(text.replace("|", "/"))


def test_no_file_names_a_machine_or_a_registry():
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if MACHINE_PATH.search(line) or any(host in line for host in REGISTRIES):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{number}")
    assert found == []


def repeated_keys(node: yaml.Node) -> list[str]:
    """The keys that stand twice in an entry; the plain reader of YAML takes the last one and says nothing."""
    if isinstance(node, yaml.SequenceNode):
        return [key for one in node.value for key in repeated_keys(one)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    return [*(set(keys) if len(set(keys)) < len(keys) else ()), *(k for _, v in node.value for k in repeated_keys(v))]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.yml")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_key_stands_twice_in_an_entry_of_our_yaml(path):
    assert not repeated_keys(yaml.compose(path.read_text(encoding="utf-8")))
