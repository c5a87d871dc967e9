"""The notebooks for free play: each runs from top to bottom on what ships, and names no place."""

from __future__ import annotations

import warnings
from pathlib import Path

import matplotlib
import nbformat
import pytest

from swp_analysis.project import PROJECT_VARIABLE

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks" / "explore").glob("*.ipynb"))
SUBJECTS = {"first_look", "your_own_series", "compare_areas", "street_data_by_ward", "how_a_verdict_is_made"}


def test_the_subjects_that_are_promised_are_there():
    assert {path.stem for path in NOTEBOOKS} >= SUBJECTS | {"what_would_change_the_ranking", "a_slide_in_five_lines"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom_without_a_warning(path, lab_project, monkeypatch, tmp_path):
    monkeypatch.setenv(PROJECT_VARIABLE, str(lab_project.root))
    monkeypatch.delenv("SWP_OPEN_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    scope: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, path.name, "exec"), scope)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_names_no_place_and_no_indicator_for_swp_init_hands_it_to_any_partnership(path, catalogue):
    text = path.read_text(encoding="utf-8")
    assert "Wolverhampton" not in text
    assert [name for name in catalogue.indicators if name in text] == []
