"""The attack finds what can be found: broken editions, editions side by side, contradictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from swp_analysis.disclosure import attack, protect, protect_beside
from swp_analysis.engines.small_numbers.cells import Cell
from swp_analysis.errors import RunError
from tests.disclosure.conftest import AREA

YEAR = "2017-18"


def unprotected(tables, **changes):
    """An edition that hides the one small count and nothing else, or what `changes` say."""
    observations, baselines, totals, _ = tables.frames
    small = observations["value"].between(1, 4)
    observations.loc[small, ["value", "numerator", "lower", "upper"]] = [np.nan, np.nan, 1.0, 4.0]
    observations.loc[small, ["status", "raw_value"]] = ["suppressed", "<5"]
    edition = protect(*(frame.iloc[:0] for frame in (observations, baselines, totals)), {})
    return replace(edition, **({"observations": observations, "baselines": baselines, "totals": totals} | changes))


def test_the_total_less_the_quarters_is_found(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3])
    found = attack(unprotected(tables), tables.indicators)
    assert found[["quarter", "lower", "upper", "safe"]].values.tolist() == [["4", 3, 3, False]]


def test_the_baseline_less_the_quarters_is_found(make_tables, make_indicator):
    tables = (
        make_tables().add(make_indicator("count", kind="stock"), YEAR, [13, 7, 5, 3]).add_baseline("count", YEAR, 28)
    )
    assert attack(unprotected(tables), tables.indicators)["lower"].tolist() == [3]


def test_a_sub_group_narrows_its_group(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("group", kind="stock"), YEAR, [4, None, None, None])
    tables.add(make_indicator("part", subgroup_of="group"), YEAR, [3, 30, 30, 30])
    edition = unprotected(tables)
    found = attack(edition, tables.indicators).set_index("indicator")
    assert found.loc["part", ["lower", "upper"]].tolist() == [3, 3]
    assert found.loc["group", ["lower", "upper"]].tolist() == [3, 4]


def test_a_percentage_narrows_the_count_it_is_a_share_of(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count", kind="stock"), YEAR, [3, None, None, None])
    tables.add(make_indicator("share", "percent", "rate", denominator="count"), YEAR, [33, None, None, None])
    found = attack(unprotected(tables, totals=tables.totals.iloc[:0]), tables.indicators)
    assert found[["lower", "upper"]].values.tolist() == [[3, 3]]


def test_a_percentage_below_a_half_is_not_one_of_two(make_tables, make_indicator):
    """49%, even cut off, is less than 50%, and no other fraction of up to four fits: a link that proves nothing."""
    tables = make_tables().add(make_indicator("count", kind="stock"), YEAR, [3, None, None, None])
    tables.add(make_indicator("share", "percent", "rate", denominator="count"), YEAR, [49, None, None, None])
    found = attack(unprotected(tables, totals=tables.totals.iloc[:0]), tables.indicators)
    assert found[["lower", "upper"]].values.tolist() == [[1, 4]]


def test_a_year_s_percentage_gives_the_sum_of_its_numerators(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [8, 5, 20, 20])
    tables.add(make_indicator("share", "percent", "rate", denominator="count"), YEAR, [87.5, 60, 50, 50])
    edition = unprotected(tables)
    rows = edition.observations
    third = (rows["indicator"] == "share") & (rows["quarter"] == 2)
    rows.loc[third, ["value", "lower", "upper", "status", "raw_value"]] = [np.nan, 1.0, 4.0, "suppressed", "<5"]
    assert attack(edition, tables.indicators)[["lower", "upper"]].values.tolist() == [[3, 3]]


def test_what_one_edition_hides_and_another_shows_is_found(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count", kind="stock"), YEAR, [3, 30, 31, 32])
    safe = protect(*tables.frames)
    assert attack(safe, tables.indicators)["safe"].all()
    assert attack([safe, protect(*tables.frames, threshold=0)], tables.indicators)["lower"].tolist() == [3]


def test_two_editions_that_are_safe_alone_can_give_a_count_away_together(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3])
    first = protect(*tables.frames)
    without_total = replace(first, totals=first.totals.iloc[:0], observations=unprotected(tables).observations)
    for edition in (first, without_total):
        assert attack(edition, tables.indicators)["safe"].tolist() == [True]
    assert attack([first, without_total], tables.indicators)["safe"].tolist() == [False]


def test_a_revised_figure_says_nothing_about_the_new_one(make_tables, make_indicator):
    old, new = (make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, last]) for last in (9, 3))
    before = protect(*old.frames)
    after = protect(*new.frames, earlier=[before])
    found = attack([before, after], new.indicators)
    assert found[["lower", "upper"]].values.tolist() == [[1, 4]]


@pytest.mark.parametrize("now", [None, 5, 12, 2, 0])
def test_a_small_count_that_was_revised_since_does_not_stop_the_next_edition(make_tables, make_indicator, now):
    """Its old total less the other quarters would give it away if those of the new one were all shown."""
    old, new = (make_tables().add(make_indicator("count"), YEAR, [first, 13, 9, 16]) for first in (3, now))
    before = protect(*old.frames)
    after = protect(*new.frames, earlier=[before])
    assert attack([before, after], new.indicators)["safe"].all()
    assert "13" not in set(after.observations["raw_value"])
    if now in (5, 12):
        assert after.observations["status"].tolist() == ["reported", "withheld", "reported", "reported"]
        assert after.totals["status"].tolist() == ["withheld"]
        assert after.loss == "no figure is withheld, and 2 more that would give one of an earlier edition away"


def test_a_figure_that_its_owner_hid_and_prints_later_is_given_away_by_nobody(make_tables, make_indicator):
    """`<10`, and a quarter later 7: at least the threshold, so that it may be shown."""
    old, new = (make_tables().add(make_indicator("count"), YEAR, [first, 13, 9, 16]) for first in ("<5", 7))
    old.rows[0] |= {"upper": 9, "raw_value": "<10"}
    after = protect(*new.frames, earlier=[protect(*old.frames)])
    assert after.observations["status"].tolist() == ["reported"] * 4


def test_a_wrong_baseline_blinds_nobody(make_tables, make_indicator):
    """It contradicts the total; the attack must not stop there but go on without it."""
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3]).add_baseline("count", YEAR, 99)
    assert attack(unprotected(tables), tables.indicators)["lower"].tolist() == [3]


def test_totals_that_contradict_their_quarters_prove_nothing(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3])
    edition = unprotected(tables)
    edition.totals["value"] = 99.0
    found = attack(edition, tables.indicators)
    assert found["lower"].isna().all()
    assert not found["safe"].any()


def test_a_row_that_is_only_called_suppressed_is_found(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3])
    safe = protect(*tables.frames)
    for column, value in (("value", 3.0), ("raw_value", "3 (33%)")):
        rows = safe.observations.copy()
        rows.loc[rows["status"] == "suppressed", column] = value
        assert not attack(replace(safe, observations=rows), tables.indicators)["safe"].any()


def test_nothing_hidden_is_safe(make_tables, make_indicator):
    open_tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 8])
    assert attack(protect(*open_tables.frames), open_tables.indicators).empty


def test_where_no_safe_edition_is_left_a_person_is_told_what_to_do(make_tables, make_indicator):
    """A year's total went out as a baseline before its last quarter was known, and that quarter is small."""
    knife = replace(make_indicator("knife"), short_label="Knife violence")
    before, after, blank = (
        make_tables().add(knife, "2016-17", [13, 7, 5, last]).add_baseline("knife", "2016-17", 28)
        for last in (None, 3, None)
    )
    harmless = protect(*make_tables().add(make_indicator("other"), YEAR, [13, 7, 5, 8]).frames)
    shown = {"2016-17/partners": protect(*before.frames), "2017-18/public": harmless}
    with pytest.raises(RunError) as error:
        protect_beside(after.frames[:3], after.indicators, 5, shown)
    assert "beside what reports/2016-17/partners shows" in str(error.value)
    assert "(Knife violence, Q4 2016/17)" in str(error.value)
    assert "delete its folder, else leave these cells in data/raw blank" in str(error.value)
    assert protect_beside(blank.frames[:3], blank.indicators, 5, shown)  # what it advises works
    assert protect_beside(after.frames[:3], after.indicators, 5, {"2017-18/public": harmless})


def test_what_an_open_table_prints_is_reckoned_with(make_tables, make_indicator):
    """Two small quarters hide each other, until a reader can look one of them up: then the total must go, too."""
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 2, 3])
    known = {Cell(AREA, "count", YEAR, "3"): (2.0, 2.0)}
    alone = protect(*tables.frames)
    assert alone.totals["status"].tolist() == ["reported"]
    narrowed = attack(alone, tables.indicators, known).set_index("quarter")
    assert narrowed.loc["4", ["lower", "upper", "safe"]].tolist() == [3, 3, False]
    beside = protect(*tables.frames, known=known)
    assert beside.totals["status"].tolist() == ["withheld"]
    assert attack(beside, tables.indicators, known)["safe"].all()
    listed = beside.log.set_index("quarter")["why"]
    assert listed["3"].endswith("an open table prints it")
    assert not listed["4"].endswith("prints it")


def test_a_bound_from_an_open_table_is_no_exposure_of_ours(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [13, 7, 2, 3])
    known = {Cell(AREA, "count", YEAR, "3"): (0.0, 3.0)}
    assert attack(protect(*tables.frames, known=known), tables.indicators, known)["safe"].all()
