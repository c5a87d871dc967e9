"""How far a reader walks through the house: in no circle, and from a cell to its page through few files.

Counted are the files that stand on the stack of calls where a figure changes its form, as a debugger shows them: when a
cell is read, when the year is added up, protected, judged, put into a row of the scorecard, written as HTML and looked
at for the last time. `OF_A_CELL` and `OF_A_YEAR` name the calls; that each still names the next is read from the code.
"""

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.test_house import MODULES, PACKAGE, dotted_name, imported_names

MOST_OF_A_CELL, MOST_OF_A_YEAR = 8, 15
OF_A_CELL = """
build.build > ingest.read_year.read_editions > ingest.read_year.read_year > ingest.read_year.read_files
    > ingest.read_year.read > ingest.read_table.read > ingest.read_table._read_rows
    > ingest.rows.read > ingest.rows._read_figures > ingest.rows._read_quarters
    > ingest.cells.read_at > ingest.cells.read_cell
"""
OF_A_YEAR = """
assess.assess > assess.build_and_describe > build.build > quality.totals.annual_totals
assess.assess > assess._open_briefing > present.opening.read_briefing > present.opening.build_briefing
    > present.opening._protect > disclosure.protect.protect_beside > disclosure.protect.protect
present.opening.build_briefing > present.opening._compare > analysis.findings.compare_years
    > analysis.findings._compare > analysis.findings.judge
assess._open_briefing > present.briefing.work_ahead > present.briefing.scorecard
    > present.finding_tables.make_scorecard > present.finding_tables._tabulate_card > present.finding_tables.list_cells
    > present.finding_tables._write_years
assess.assess > publish.edition.publish_edition > publish.edition.make_edition > publish.edition_extras.write_files
    > publish.overview.make_overview > publish.overview.list_sections > publish.overview._show
    > present.table._repr_html_
publish.edition.make_edition > publish.edition.write_pages > publish.page_export.export_index
publish.edition.write_pages > publish.edition._check > publish.checks.check_page
"""


def read_hops(walk: str) -> Iterator[tuple[str, str]]:
    """Pairs of calls that follow one another."""
    for way in walk.replace("\n    >", " >").strip().splitlines():
        calls = way.split(" > ")
        yield from pairwise(calls)


def missing_hops(walk: str) -> list[str]:
    """The steps of a walk that the code doesn't take: the first function doesn't name the second one."""
    return [f"{one} > {other}" for one, other in read_hops(walk) if other.rpartition(".")[2] not in names_in(one)]


def names_in(call: str) -> set[str]:
    """Every name that the functions and methods called so use."""
    module, _, name = call.rpartition(".")
    tree = ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    own = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    inside = [node for function in own for node in ast.walk(function)]
    return {getattr(node, "id", "") or getattr(node, "attr", "") for node in inside}


def files_of(walk: str) -> set[str]:
    """The files that a walk passes."""
    return {call.rpartition(".")[0] for hop in read_hops(walk) for call in hop}


def test_a_step_that_is_not_taken_is_seen():
    assert missing_hops("build.build > quality.totals.annual_totals > publish.checks.check_page") == [
        "quality.totals.annual_totals > publish.checks.check_page"
    ]


@pytest.mark.parametrize(("walk", "most"), [(OF_A_CELL, MOST_OF_A_CELL), (OF_A_YEAR, MOST_OF_A_YEAR)])
def test_a_figure_passes_few_files(walk, most):
    assert missing_hops(walk) == []
    assert len(files_of(walk)) <= most


# Circles


def find_circle(imports: dict[str, Iterable[str]]) -> list[str]:
    """Modules that import one another in a ring; empty when there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def imports_of(path: Path, modules: set[str]) -> set[str]:
    """The modules of ours that a file imports, at its head, for types or late; a name is taken for its module."""
    module = dotted_name(path)
    names = imported_names(path.read_text(encoding="utf-8"), module)
    known = ({name, f"{name}.__init__", name.rpartition(".")[0]} & modules for name in names)
    return {max(found, key=len) for found in known if found} - {module}


def test_a_circle_is_seen():
    assert find_circle({"a": ["b"], "b": ["c"], "c": ["a"]})
    assert not find_circle({"a": ["b", "c"], "b": ["c"]})


def test_no_module_imports_itself_by_way_of_others():
    modules = {dotted_name(path) for path in MODULES}
    assert find_circle({dotted_name(path): imports_of(path, modules) for path in MODULES}) == []
