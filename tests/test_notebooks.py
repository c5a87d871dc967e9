"""The rules that every scheduled notebook keeps (DESIGN section 8)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
SCHEDULED = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
PARAMETERS = ["financial_year", "area_code", "audience"]
ALLOWED_IMPORTS = {"swp_analysis", "pandas", "numpy", "scipy", "matplotlib", "seaborn", "IPython", "math"}
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.With, ast.Try)
PARSING = re.compile(r"^(read_.*|to_(csv|excel|json|pickle|sql)|open|eval|exec|split|rsplit|extract|findall|Path)$")
FILE_NAME = re.compile(r"^\S*(/\S*|\\\S*|\.(csv|xlsx?|ods|json|ya?ml|txt|png|svg|pdf|docx))$")
TEACHING = ("20", "30", "32", "34", "40", "50", "60")


def code_cells(path: Path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def broken_rules(source: str) -> list[str]:
    """What a cell holds that belongs into the library."""
    tree = ast.parse(source)
    found = [f"{len(source.splitlines())} lines"] if len(source.splitlines()) > 12 else []
    for node in ast.walk(tree):
        if isinstance(node, FORBIDDEN):
            found.append(type(node).__name__)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            found += [name for name in names if name.partition(".")[0] not in ALLOWED_IMPORTS]
        called = getattr(node, "attr", None) or getattr(node, "id", None) or ""
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        found += [called] * bool(PARSING.match(called)) + [text] * bool(FILE_NAME.match(text))
    return found


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("axes = figures.plot(x='period', y='value')\ndescribe(axes, 'What it shows')", True),
        ("[name for name in figures['label'] if name in chosen]", True),
        ("import seaborn as sns\nsns.lineplot(figures, x='period', y='value')", True),
        ("def area(x):\n    return x", False),
        ("pd.read_csv(name)", False),
        ("figures['label'].str.split(' ')", False),
        ("here = 'data/raw/table.csv'", False),
        ("import os", False),
        ("\n".join(["x = 1"] * 13), False),
    ],
)
def test_the_rules_allow_comprehensions_and_plots_and_no_parsing(source, allowed):
    assert (broken_rules(source) == []) is allowed


@pytest.mark.parametrize("path", SCHEDULED, ids=lambda path: path.stem)
class TestRules:
    def test_the_first_code_cell_declares_the_same_typed_parameters(self, path):
        first = code_cells(path)[0]
        assert first.metadata.tags == ["parameters"]
        assert sum("parameters" in cell.metadata.get("tags", []) for cell in code_cells(path)) == 1
        lines = first.source.splitlines()
        assert [re.match(r'(\w+): str = "[^"]*"  # \w', line)[1] for line in lines] == PARAMETERS
        assert 'audience: str = "partners"' in first.source

    def test_it_starts_with_title_and_question_and_ends_with_delivery(self, path):
        notebook = nbformat.read(path, as_version=4)
        opening = notebook.cells[0].source
        assert re.fullmatch(r"# [^\n]+\n\n[^\n]+\?", opening)
        headings = [
            line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()
        ]
        assert [line for line in headings if line.startswith("## ")][-1] == "## What this means for delivery"
        assert sum(line.startswith("# ") for line in headings) == 1

    def test_code_can_be_followed_and_changed(self, path):
        for cell in code_cells(path):
            assert not broken_rules(cell.source), cell.source

    def test_it_is_committed_without_outputs(self, path):
        notebook = nbformat.read(path, as_version=4)
        assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(path))
        assert "papermill" not in notebook.metadata

    def test_its_name_carries_no_year_place_or_person(self, path):
        assert not re.search(r"20\d\d|wolverhampton|\d{4}", path.stem[3:])


def run_cells(path: Path, audience: str) -> dict:
    """The names that a notebook's cells leave behind, run one after the other in this process."""
    scope: dict = {}
    for cell in code_cells(path):
        exec(compile(cell.source, path.name, "exec"), scope)
        if "parameters" in cell.metadata.get("tags", []):
            scope["audience"] = audience
    return scope


def test_what_is_worked_out_by_hand_is_what_is_published(built_project, monkeypatch):
    monkeypatch.chdir(built_project.root)
    for number in TEACHING:
        scope = run_cells(next(FOLDER.glob(f"{number}_*.ipynb")), "internal")
        by_hand, published = scope["by_hand"].iloc[0], scope["published"].iloc[0]
        for name in ("before", "after", "effect", "p"):
            assert by_hand[name] == pytest.approx(published[name]), (number, name)


def test_reconciling_by_hand_gives_the_published_differences(built_project, monkeypatch):
    monkeypatch.chdir(built_project.root)
    by_hand = run_cells(FOLDER / "10_data_quality.ipynb", "internal")["by_hand"]
    assert len(by_hand) > 10
    assert by_hand["difference by hand"].tolist() == pytest.approx(by_hand["difference"].tolist())


@pytest.mark.parametrize("number", TEACHING)
def test_frames_are_in_sight_and_nothing_is_named_but_topics(number, catalogue):
    code = "\n".join(cell.source for cell in code_cells(next(FOLDER.glob(f"{number}_*.ipynb"))))
    named = {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}
    assert "briefing.figures(" in code
    assert "briefing.compare_years(" in code
    assert not named & set(catalogue.indicators) - set(catalogue.topics)


def read_html(output) -> str:
    return output.get("data", {}).get("text/html", "")


def test_the_exploring_notebook_runs_as_it_is_handed_out(built_project):
    from nbclient import NotebookClient

    notebook = nbformat.read(FOLDER / "explore" / "first_look.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(built_project.notebooks)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("191 to 221" in html for html in map(read_html, shown))
    assert any("evidence.p_holm" in html and "no clear change" in html for html in map(read_html, shown))
