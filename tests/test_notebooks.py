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
ALLOWED_IMPORTS = {"swp_analysis", "pandas", "IPython"}
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.comprehension, ast.Lambda)


def code_cells(path: Path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


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

    def test_code_is_calls_only(self, path):
        for cell in code_cells(path):
            assert len(cell.source.splitlines()) <= 12
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, FORBIDDEN), cell.source
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
                    assert {name.partition(".")[0] for name in names} <= ALLOWED_IMPORTS
            assert "read_csv" not in cell.source

    def test_it_is_committed_without_outputs(self, path):
        notebook = nbformat.read(path, as_version=4)
        assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(path))
        assert "papermill" not in notebook.metadata

    def test_its_name_carries_no_year_place_or_person(self, path):
        assert not re.search(r"20\d\d|wolverhampton|\d{4}", path.stem[3:])


def test_the_exploring_notebook_runs_as_it_is_handed_out(project):
    from nbclient import NotebookClient

    notebook = nbformat.read(FOLDER / "explore" / "first_look.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(project.notebooks)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("191 to 221" in output.get("data", {}).get("text/html", "") for output in shown)
    assert any("direction='no clear change'" in output.get("data", {}).get("text/plain", "") for output in shown)
