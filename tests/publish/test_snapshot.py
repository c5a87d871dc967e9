"""The protected figures beside the pages: read back as they were, made and attacked with all that readers hold."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from swp_analysis.disclosure import Protected, attack, protect
from swp_analysis.disclosure.published_figures import FRAMES, keep_superseded, read_edition, read_shown
from swp_analysis.errors import RunError
from swp_analysis.project import Project
from swp_analysis.publish.release import refuse_if_narrowed, released, write_snapshot
from swp_analysis.quality.totals import annual_totals

YEAR = "2017-18"


def publish_snapshot(folder: Path, data: Protected, threshold: int = 5) -> Path:
    write_snapshot(folder, data)
    record = {"suppression": {"suppress_below": threshold}}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_frames_come_back_as_they_were(tmp_path, partners):
    again = read_edition(publish_snapshot(tmp_path, partners.data))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(partners.data, name), check_dtype=False)


def test_text_that_looks_like_a_formula_is_text_in_a_spreadsheet(tmp_path, partners):
    rows = partners.data.observations.copy()
    rows.loc[0, "raw_value"], rows.loc[1, "raw_value"] = "=1+1", "'quoted"
    publish_snapshot(tmp_path, replace(partners.data, observations=rows))
    assert ",'=1+1" in (tmp_path / "data" / "observations.csv").read_text(encoding="utf-8")
    assert list(read_edition(tmp_path).observations["raw_value"][:2]) == ["=1+1", "'quoted"]


def test_the_shipped_editions_hold_side_by_side(tmp_path, partners, brief):
    project = Project(tmp_path)
    publish_snapshot(project.reports / YEAR / "public", brief("public").data)
    new = publish_snapshot(tmp_path / "new", partners.data)
    refuse_if_narrowed(new, project, partners.catalogue.indicators)


def test_an_edition_that_another_one_gives_away_is_refused(tmp_path, partners, internal):
    """The other edition shows the baseline of forced marriages, and with it what three hidden quarters add up to."""
    project = Project(tmp_path)
    told = partners.data.baselines.copy()
    rows = told["indicator"] == "forced_marriage_incidents"
    told.loc[rows] = internal.data.baselines.loc[rows]
    publish_snapshot(project.reports / "2016-17" / "public", replace(partners.data, baselines=told))
    new = publish_snapshot(tmp_path / "new", partners.data)
    with pytest.raises(RunError, match=r"together with 2016-17/public, .*forced_marriage_incidents") as refused:
        refuse_if_narrowed(new, project, partners.catalogue.indicators)
    assert "baseline" not in str(refused.value)


def test_nothing_takes_its_place_without_the_attack_and_what_it_replaces_is_remembered(tmp_path, partners, internal):
    project = Project(tmp_path)
    target, public = (project.reports / YEAR / audience for audience in ("partners", "public"))
    told = partners.data.baselines.copy()
    rows = told["indicator"] == "forced_marriage_incidents"
    told.loc[rows] = internal.data.baselines.loc[rows]
    publish_snapshot(public, replace(partners.data, baselines=told))
    with pytest.raises(RunError, match="forced_marriage_incidents"), released(project, target) as folder:
        publish_snapshot(folder, partners.data)
    assert not target.exists()
    shutil.rmtree(public)
    fewer = partners.data.observations[partners.data.observations["indicator"] != "hate_crime"].reset_index(drop=True)
    for data in (partners.data, replace(partners.data, observations=fewer)):
        with released(project, target) as folder:
            publish_snapshot(folder, data)
    assert len(list(project.reports.glob("superseded/*/*/*/data"))) == 1
    assert target.stat().st_mode & 0o055 == 0o055 or os.name != "posix"  # others read it on a share


def test_an_internal_edition_is_neither_attacked_nor_a_witness(tmp_path, partners, internal):
    project, indicators = Project(tmp_path), partners.catalogue.indicators
    publish_snapshot(project.reports / YEAR / "internal", internal.data, threshold=0)
    assert read_shown(project.reports) == {}
    refuse_if_narrowed(publish_snapshot(tmp_path / "new", partners.data), project, indicators)
    refuse_if_narrowed(publish_snapshot(tmp_path / "none", internal.data, threshold=0), project, indicators)


# An edition in the middle of the year, then the full one in its place


@pytest.fixture(scope="module")
def until(shipped, catalogue):
    """The shipped tables as they stood after some quarters of the year, made safe beside `earlier` editions."""

    def make(quarter: int, earlier=(), threshold: int = 5) -> Protected:
        rows = shipped.observations.copy()
        later = (rows["financial_year"] == YEAR) & (rows["quarter"] > quarter)
        rows.loc[later, ["value", "lower", "upper", "numerator", "denominator"]] = float("nan")
        rows.loc[later, ["status", "raw_value"]] = ["not_available", ""]
        totals = annual_totals(rows, catalogue.indicators)
        frames = rows, shipped.baselines, totals
        return protect(*frames, catalogue.indicators, threshold=threshold, earlier=earlier)

    return make


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_full_year_after_part_of_it_is_worked_around(until, quarter, catalogue):
    middle, alone = until(quarter), until(4)
    assert not attack([middle, alone], catalogue.indicators)["safe"].all()
    beside = until(4, [middle])
    found = attack([middle, beside], catalogue.indicators)
    assert found["safe"].all()
    assert len(found) > 20


def test_one_edition_after_another_through_the_folder(tmp_path, until, catalogue):
    """Q1 to Q2 for partners, Q1 to Q3 for partners in its place, all for the public, all for partners: all publish."""
    project, held = Project(tmp_path), []
    for audience, quarter in (("partners", 2), ("partners", 3), ("public", 4), ("partners", 4), ("partners", 4)):
        target = project.reports / YEAR / audience
        data = until(quarter, read_shown(project.reports).values())
        new = publish_snapshot(tmp_path / f"new {len(held)}", data)
        refuse_if_narrowed(new, project, catalogue.indicators)
        keep_superseded(project.reports, target, new)
        publish_snapshot(target, data)
        held.append(data)
    assert attack(held, catalogue.indicators)["safe"].all()
    # Made again from the same tables, it is the same; the two that were replaced are still held by somebody.
    pd.testing.assert_frame_equal(held[-1].observations, held[-2].observations)
    assert sorted(read_shown(project.reports))[:2] == ["2017-18/partners", "2017-18/public"]
    assert len(read_shown(project.reports)) == 4
    # Without the folder's memory the full edition would give counts of the first one away.
    assert not attack([held[0], until(4)], catalogue.indicators)["safe"].all()
