"""What changed since the last edition: new, revised, gone, and nothing about what is withheld."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.ingest.records import OBSERVATION_COLUMNS
from swp_analysis.present.phrases import say
from swp_analysis.publish.edition_extras import EditionChanges, compare_editions, write_changes
from swp_analysis.quality.processed import write_processed

PLACE = ("2017-18", "partners")


def figures(*rows: tuple[str, str, int, float | None, str]) -> pd.DataFrame:
    """Rows of indicator, year, quarter, value and status."""
    made = [
        {"indicator": name, "area_code": "E08000031", "financial_year": year, "quarter": quarter}
        | {"period_start": f"{year[:4]}-04-01", "period_end": f"{year[:4]}-06-30"}
        | {"value": value, "status": status, "source_file": "a.csv", "source_row": 1, "source_column": "B"}
        for name, year, quarter, value, status in rows
    ]
    return pd.DataFrame(made).reindex(columns=OBSERVATION_COLUMNS)


def lay_down(folder: Path, frame: pd.DataFrame, finished: str, verdicts=None) -> None:
    write_processed(folder / "data", {"observations": frame})
    record = {"finished": finished, "verdicts": verdicts or {}, "suppression": {"suppress_below": 5}}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")


BEFORE = figures(
    ("knife_violence", "2016-17", 1, 40, "reported"),
    ("knife_violence", "2016-17", 2, 49, "reported"),
    ("firearm_violence", "2016-17", 1, 8, "reported"),
    ("firearm_violence", "2016-17", 2, None, "withheld"),
)
AFTER = figures(
    ("knife_violence", "2016-17", 1, 41, "reported"),
    ("knife_violence", "2017-18", 1, 49, "reported"),
    ("firearm_violence", "2016-17", 1, None, "withheld"),
    ("firearm_violence", "2016-17", 2, 9, "reported"),
)


def test_new_revised_and_gone_figures_are_told_apart_and_withheld_ones_left_out():
    changes = compare_editions(BEFORE, AFTER, {}, {})
    assert [key[0::2] for key in changes.new] == [("knife_violence", "2017-18")]
    assert [key[3] for key in changes.revised] == ["1"]
    assert [key[3] for key in changes.gone] == ["2"]
    assert not any("firearm" in key[0] for key in changes.new + changes.gone + changes.revised)
    assert compare_editions(AFTER, AFTER, {}, {}) == EditionChanges([], [], [], [])


def test_a_month_that_an_edition_shows_apart_is_no_figure_to_compare():
    month = figures(("knife_violence", "2017-18", None, 12, "reported"))
    assert compare_editions(pd.concat([AFTER, month]), AFTER, {}, {}) == EditionChanges([], [], [], [])


def test_the_sentence_names_the_edition_the_figures_and_the_verdicts(tmp_path):
    up = {"firearm_violence": {"direction": "up", "polarity": "worse"}}
    same = {"firearm_violence": {"direction": "none", "polarity": "none"}}
    lay_down(tmp_path / "2016-17" / "partners", BEFORE, "2017-07-03T10:00:00+00:00", same)
    said = write_changes(tmp_path, PLACE, AFTER, up, load_catalogue())
    assert said == (
        "Since the edition of 2016/17, published 3 July 2017: 1 new figure; 1 revised figure (knife violence, Q1 "
        "2016/17); and 1 figure no longer given (knife violence, Q2 2016/17). The verdict changed for firearm violence."
    )


def test_an_edition_made_again_says_the_same_of_the_one_before(tmp_path):
    lay_down(tmp_path / "2017-18" / "partners", BEFORE, "2018-07-01T10:00:00+00:00")
    first = write_changes(tmp_path, PLACE, AFTER, {}, load_catalogue())
    lay_down(tmp_path / "superseded" / "2017-18" / "partners" / "abc", BEFORE, "2018-07-01T10:00:00+00:00")
    lay_down(tmp_path / "2017-18" / "partners", AFTER, "2018-08-01T10:00:00+00:00")
    assert write_changes(tmp_path, PLACE, AFTER, {}, load_catalogue()) == first


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_readers_who_had_none_are_told_so(tmp_path, audience):
    lay_down(tmp_path / "2016-17" / "internal", BEFORE, "2017-07-03T10:00:00+00:00")
    assert write_changes(tmp_path, ("2017-18", audience), AFTER, {}, load_catalogue()) == say("since.first")
