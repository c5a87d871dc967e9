"""A notebook that is run by other people's tools says first whose figures follow, for whom, and how they are marked."""

from __future__ import annotations

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from swp_analysis.project import RUN_VARIABLE

OPENINGS = {
    "from swp_analysis import open_briefing\nb = open_briefing('2017-18', audience='internal')": (
        "OFFICIAL-SENSITIVE. Safer Wolverhampton Partnership, 2017/18, for the partnership's own analysts."
    ),
    "from swp_analysis.explore.profile import open_profile\np = open_profile()": (
        "OFFICIAL. Safer Wolverhampton Partnership, recorded crime of Wolverhampton, for partner organisations."
    ),
}


def first_outputs(project, cells) -> list[str]:
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(project.root)}}).execute()
    shown = [cell.outputs[0].data["text/html"] if cell.outputs else "" for cell in notebook.cells]
    return [one.replace("&#x27;", "'") for one in shown]


def test_a_notebook_of_any_runner_begins_with_its_marking_and_pages_carry_it_themselves(
    built_project, monkeypatch, tmp_path
):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    of_a_run = f"import os\nos.environ[{RUN_VARIABLE!r}] = {str(tmp_path / 'nothing')!r}\n{list(OPENINGS)[1]}"
    assert first_outputs(built_project, [*OPENINGS, of_a_run]) == [
        *(f'<p class="marking">{text}</p>' for text in OPENINGS.values()),
        "",
    ]
