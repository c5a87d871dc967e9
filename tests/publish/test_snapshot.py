"""The protected figures beside the pages: read back as they were, and attacked together with what lies in reports/."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.errors import RunError
from swp_analysis.project import Project
from swp_analysis.publish.snapshot import FRAMES, read_snapshot, refuse_if_narrowed, write_snapshot


def publish_snapshot(project: Project, place: str, data, threshold: int = 5) -> None:
    folder = project.reports / place
    write_snapshot(folder, data)
    record = {"suppression": {"suppress_below": threshold}}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")


def test_frames_come_back_as_they_were(tmp_path, partners):
    write_snapshot(tmp_path, partners.data)
    again = read_snapshot(tmp_path, 5)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(partners.data, name), check_dtype=False)


def test_text_that_looks_like_a_formula_is_text_in_a_spreadsheet(tmp_path, partners):
    rows = partners.data.observations.copy()
    rows.loc[0, "raw_value"], rows.loc[1, "raw_value"] = "=1+1", "'quoted"
    write_snapshot(tmp_path, replace(partners.data, observations=rows))
    assert ",'=1+1" in (tmp_path / "data" / "observations.csv").read_text(encoding="utf-8")
    assert list(read_snapshot(tmp_path, 5).observations["raw_value"][:2]) == ["=1+1", "'quoted"]


def test_the_shipped_editions_hold_side_by_side(tmp_path, partners, brief):
    project = Project(tmp_path)
    publish_snapshot(project, "2017-18/public", brief("public").data)
    write_snapshot(tmp_path / "new", partners.data)
    target = project.reports / "2017-18" / "partners"
    refuse_if_narrowed(tmp_path / "new", target, partners.data, project, partners.catalogue.indicators)


def test_an_edition_that_another_one_gives_away_is_refused(tmp_path, partners, internal):
    """The other edition shows the baseline of forced marriages, and with it what three hidden quarters add up to."""
    project = Project(tmp_path)
    told = partners.data.baselines.copy()
    rows = told["indicator"] == "forced_marriage_incidents"
    told.loc[rows] = internal.data.baselines.loc[rows]
    publish_snapshot(project, "2016-17/public", replace(partners.data, baselines=told))
    write_snapshot(tmp_path / "new", partners.data)
    with pytest.raises(RunError, match=r"together with 2016-17/public, .*forced_marriage_incidents") as refused:
        refuse_if_narrowed(
            tmp_path / "new", project.reports / "x", partners.data, project, partners.catalogue.indicators
        )
    assert "baseline" not in str(refused.value)


def test_an_internal_edition_is_neither_attacked_nor_a_witness(tmp_path, partners, internal):
    project, indicators = Project(tmp_path), partners.catalogue.indicators
    publish_snapshot(project, "2017-18/internal", internal.data, threshold=0)
    write_snapshot(tmp_path / "new", partners.data)
    refuse_if_narrowed(tmp_path / "new", project.reports / "x", partners.data, project, indicators)
    refuse_if_narrowed(tmp_path / "none", project.reports / "x", internal.data, project, indicators)
