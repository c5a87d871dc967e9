"""What an audience sees: the edge of the rule, what goes with a small count, and that no trace of it is left."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from swp_analysis.disclosure import protect
from swp_analysis.errors import RunError

YEAR = "2017-18"


def cell(protected, indicator, quarter, year=YEAR):
    rows = protected.observations
    rows = rows[(rows["indicator"] == indicator) & (rows["quarter"] == quarter) & (rows["financial_year"] == year)]
    return rows.iloc[0]


def total(frame, indicator, year=YEAR):
    return frame[(frame["indicator"] == indicator) & (frame["financial_year"] == year)].iloc[0]


@pytest.mark.parametrize(("n", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (6, "6")])
def test_the_edge_of_the_rule(n, shown, make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [n, 90, 91, 92])
    row = cell(protect(*tables.frames), "count", 1)
    assert row["raw_value"] == shown
    assert row["status"] == ("suppressed" if shown == "<5" else "reported")
    assert (row["lower"], row["upper"]) == (1, 4) if shown == "<5" else pd.isna([row["lower"], row["upper"]]).all()
    assert pd.isna(row["value"]) if shown == "<5" else row["value"] == n


@pytest.mark.parametrize(("threshold", "hidden"), [(3, {1, 2}), (5, {1, 2, 3, 4}), (10, set(range(1, 10)))])
def test_the_threshold_is_a_setting(threshold, hidden, make_tables, make_indicator):
    tables = make_tables()
    for n in range(12):
        tables.add(make_indicator(f"count_{n}", kind="stock"), YEAR, [n, None, None, None])
    protected = protect(*tables.frames, threshold=threshold)
    rows = protected.observations[protected.observations["status"] == "suppressed"]
    assert set(rows["indicator"]) == {f"count_{n}" for n in hidden}
    assert set(rows["raw_value"]) == {f"<{threshold}"}


@pytest.mark.parametrize("threshold", [0, None])
def test_internal_readers_see_everything(threshold, report):
    observations, baselines, totals, indicators = report.frames
    protected = protect(observations, baselines, totals, indicators, threshold=threshold)
    assert_frame_equal(protected.observations, observations)
    assert_frame_equal(protected.totals, totals)
    assert_frame_equal(protected.baselines.drop(columns="status"), baselines)
    assert protected.log.empty


def test_the_tables_that_come_in_stay_as_they_are(report):
    before = report.observations, report.baselines, report.totals
    frames = report.frames
    protect(*frames)
    for old, new in zip(before, frames[:3], strict=True):
        assert_frame_equal(old, new)


def test_shapes_stay(report):
    observations, baselines, totals, _ = report.frames
    protected = protect(*report.frames)
    assert list(protected.observations) == list(observations)
    assert (protected.observations.dtypes == observations.dtypes).all()
    assert list(protected.totals) == list(totals)
    assert list(protected.baselines) == [*baselines, "status"]
    assert [len(protected.observations), len(protected.baselines), len(protected.totals)] == [
        len(observations),
        len(baselines),
        len(totals),
    ]


def test_a_percentage_of_a_known_number_is_a_count(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count", companion_share="share"), YEAR, [20, 5, 20, 8])
    tables.add(make_indicator("share", "percent", "rate", denominator="count"), YEAR, [60, 60, 0, 87.5])
    protected = protect(*tables.frames)
    share = [cell(protected, "share", quarter)["status"] for quarter in (1, 2, 3, 4)]
    # 7 of 8 may be shown, 3 of 5 may not; 12 of 20 goes because the year's percentage gives the sum.
    assert share == ["withheld", "suppressed", "reported", "reported"]
    assert set(protected.observations.loc[protected.observations["indicator"] == "count", "status"]) == {"reported"}


def test_a_companion_without_numerator_or_denominator_is_a_share_of_its_count(make_tables, make_indicator):
    tables = make_tables().add(
        make_indicator("count", kind="stock", companion_share="share"), YEAR, [5, None, None, None]
    )
    tables.add(make_indicator("share", "percent", "rate"), YEAR, [60, None, None, None])
    assert cell(protect(*tables.frames), "share", 1)["status"] == "suppressed"


def test_a_companion_that_is_no_share_of_its_count_stays_until_the_count_goes(make_tables, make_indicator):
    """13 (5%): no number of 13 people is 5%, so the 13 are 5% of others whom nobody printed."""
    share = make_indicator("share", "percent", "rate")
    for n, status in ((13, "reported"), (2, "withheld")):
        tables = make_tables().add(
            make_indicator("count", kind="stock", companion_share="share"), YEAR, [n] + [None] * 3
        )
        protected = protect(*tables.add(share, YEAR, [5, None, None, None]).frames)
        assert cell(protected, "share", 1)["status"] == status


@pytest.mark.parametrize(("n", "shown"), [(28, ["28", "4%"]), (3, ["<5", "<5"])])
def test_a_share_of_others_whom_nobody_counted_goes_with_its_own_count(n, shown, catalogue, make_tables):
    """28 (4%): 28 clients are 4% of everybody in treatment, not one client of 28; 3 (4%) would give N away, and N 3."""
    names = "treatment_clients_opiate", "treatment_clients_share_opiate"
    count, share = (catalogue.indicators[name] for name in names)
    tables = make_tables().add(count, YEAR, [n, None, None, None]).add(share, YEAR, [4, None, None, None])
    tables.rows[4]["raw_value"] = f"{n} (4%)"
    protected = protect(*tables.frames)
    assert [cell(protected, name, 1)["raw_value"] for name in names] == shown
    assert {cell(protected, name, 1)["status"] for name in names} == {"reported" if n == 28 else "suppressed"}


def test_a_rate_of_two_indicators_goes_with_its_numerator(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("referrals"), YEAR, [40, 41, 42, 43])
    tables.add(make_indicator("repeats", subgroup_of="referrals", companion_share="rate"), YEAR, [3, 30, 31, 32])
    rate = make_indicator("rate", "percent", "rate", numerator="repeats", denominator="referrals")
    protected = protect(*tables.add(rate, YEAR, [8, 73, 74, 74]).frames)
    assert cell(protected, "repeats", 1)["raw_value"] == cell(protected, "rate", 1)["raw_value"] == "<5"
    for quarter in (2, 3, 4):
        assert cell(protected, "repeats", quarter)["status"] == cell(protected, "rate", quarter)["status"]
    assert [cell(protected, "rate", quarter)["status"] for quarter in (2, 3, 4)].count("withheld") == 1


def test_a_printed_numerator_goes_and_its_denominator_stays(make_tables, make_indicator):
    rate = make_indicator("custody", "percent", "rate")
    tables = make_tables().add(rate, YEAR, [3.84, 26.31, 30, 15.2], [2, 10, 15, 7], [52, 38, 50, 46])
    row = cell(protect(*tables.frames), "custody", 1)
    assert (row["raw_value"], row["denominator"]) == ("<5", 52)
    assert pd.isna([row["value"], row["numerator"]]).all()


def test_a_small_denominator_goes_too(make_tables, make_indicator):
    rate = make_indicator("custody", "percent", "rate")
    tables = make_tables().add(rate, YEAR, [0, 50, 50, 50], [0, 20, 20, 20], [3, 40, 40, 40])
    row = cell(protect(*tables.frames), "custody", 1)
    assert pd.isna(row["denominator"])
    assert (row["value"], row["numerator"], row["raw_value"]) == (0, 0, "0%")


@pytest.mark.parametrize("cells", [["<5", 13, 14, 15], ["<5", "<5", 0, 30]])
def test_what_the_source_suppressed_stays_suppressed(cells, make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, cells).add_baseline("count", YEAR, 44)
    row = cell(protect(*tables.frames), "count", 1)
    assert (row["status"], row["raw_value"], row["lower"], row["upper"]) == ("suppressed", "<5", 1, 4)


def test_a_percentage_of_a_count_that_the_source_suppressed_goes(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("completions", kind="stock"), YEAR, [13, None, None, None])
    tables.add(make_indicator("returns", kind="stock", companion_share="share"), YEAR, ["<5", None, None, None])
    share = make_indicator("share", "percent", "rate", numerator="returns", denominator="completions")
    row = cell(protect(*tables.add(share, YEAR, [15, None, None, None]).frames), "share", 1)
    assert row["raw_value"] == "<5"
    assert pd.isna(row["value"])


def test_a_figure_is_printed_anew_without_what_its_cell_held_beside_it(make_tables, make_indicator):
    """Two figures of one cell, the months that a quarter was made from, a remark: none of it passes."""
    tables = make_tables().add(make_indicator("count", companion_share="share"), YEAR, [5, 0, 30, 31])
    tables.add(make_indicator("share", "percent", "rate", denominator="count"), YEAR, [60, 0, 50, 51.6])
    tables.add(make_indicator("months"), YEAR, [14, 15, 16, 17]).add_baseline("months", YEAR, 62)
    for row, other in zip(tables.rows[:4], tables.rows[4:8], strict=True):
        row["raw_value"] = other["raw_value"] = f"{row['value']:.0f} ({other['value']:.1f}%)"
    tables.rows[8]["raw_value"], tables.rows[9]["raw_value"] = "8 + 2 + 4", "15, three of them under 18"
    tables.printed_baselines[0]["raw_value"] = "62 (of whom 3 children)"
    protected = protect(*tables.frames)
    assert [cell(protected, "count", q)["raw_value"] for q in (1, 2)] == ["5", "0"]
    assert [cell(protected, "share", q)["raw_value"] for q in (1, 2, 4)] == ["<5", "0%", "51.6%"]
    assert [cell(protected, "months", q)["raw_value"] for q in (1, 2)] == ["14", "15"]
    assert total(protected.baselines, "months")["raw_value"] == "62"


def test_a_cell_of_the_source_that_holds_two_unlinked_figures_leaves_no_trace(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("opiate", kind="stock"), YEAR, [13, None, None, None])
    tables.add(make_indicator("other", kind="stock"), YEAR, [3, None, None, None])
    for row in tables.rows:
        row |= {"source_file": "a.csv", "source_row": "2", "source_column": "B", "raw_value": "Opiate 13 Other 3"}
    protected = protect(*tables.frames)
    assert cell(protected, "opiate", 1)["raw_value"] == "13"
    assert cell(protected, "other", 1)["raw_value"] == "<5"


def test_what_nobody_could_read_is_not_printed_either(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [None, None, 30, 31])
    tables.rows[0] |= {"status": "unreadable", "raw_value": "3 victims?"}
    tables.rows[1] |= {"raw_value": "3 expected"}
    rows = protect(*tables.frames).observations
    assert list(rows["raw_value"]) == ["unreadable", "not available", "30", "31"]


def test_a_small_year_and_its_baseline_go(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [0, 2, 1, 1]).add_baseline("count", YEAR, 4)
    protected = protect(*tables.frames)
    for frame in (protected.totals, protected.baselines):
        row = total(frame, "count")
        assert row["status"] == "withheld"
        assert pd.isna(row["value"])
    assert total(protected.baselines, "count")["raw_value"] == "withheld"
    assert cell(protected, "count", 1)["raw_value"] == "0"


def test_a_baseline_without_quarters_is_judged_by_itself(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count", companion_share="share"), YEAR, [30, 31, 32, 33])
    tables.add(make_indicator("share", "percent", "rate", denominator="count"), YEAR, [50, 51, 52, 53])
    tables.add_baseline("count", "2015-16", 5).add_baseline("share", "2015-16", 60)
    baselines = protect(*tables.frames).baselines
    assert list(baselines["status"]) == ["reported", "withheld"]


def test_a_baseline_that_contradicts_hidden_quarters_goes(report):
    row = total(protect(*report.frames).baselines, "youth_custody_share", "2016-17")
    assert row["status"] == "withheld"


def test_a_year_s_percentage_that_nothing_can_be_held_against_goes(make_tables, make_indicator):
    rate = make_indicator("custody", "percent", "rate")
    tables = make_tables().add(rate, YEAR, [6, 26, 30, 15], [3, 10, 15, 7], [50, 38, 50, 46])
    observations, baselines, totals, indicators = tables.frames
    observations.loc[3, ["numerator", "denominator"]] = float("nan")
    totals[["numerator", "denominator"]] = float("nan")
    protected = protect(observations, baselines, totals, indicators)
    assert total(protected.totals, "custody")["status"] == "withheld"


def test_a_year_s_percentage_is_worked_out_again_from_whole_numbers(report):
    """The mean of rounded percentages, 66.65, would tell that 44.4% was among them, so 4 of 9; 16 of 24 doesn't."""
    raw = total(report.totals, "honour_based_abuse_recordable_share")
    shown = total(protect(*report.frames).totals, "honour_based_abuse_recordable_share")
    assert raw["value"] == pytest.approx(66.65)
    assert shown["value"] == pytest.approx(100 * 16 / 24, abs=1e-12)


def test_row_order_makes_no_difference(report):
    observations, baselines, totals, indicators = report.frames
    expected = protect(observations, baselines, totals, indicators)
    for seed in range(3):
        frames = [frame.sample(frac=1, random_state=seed) for frame in (observations, baselines, totals)]
        names = list(indicators)
        Random(seed).shuffle(names)
        shuffled = protect(*frames, {name: indicators[name] for name in names})
        for name in ("observations", "baselines", "totals"):
            assert_frame_equal(getattr(shuffled, name).sort_index(), getattr(expected, name))
        assert_frame_equal(shuffled.log, expected.log)


def test_the_log_says_what_was_hidden_and_why(report):
    log = protect(*report.frames).log.set_index(["indicator", "financial_year", "quarter"])["why"]
    assert log["female_genital_mutilation_incidents", YEAR, "1"] == "primary: fewer than 5"
    assert log["female_genital_mutilation_incidents", YEAR, "2"].startswith("secondary: a sum less the other quarters")
    assert log["honour_based_abuse_recordable_share", YEAR, "1"] == "secondary: percentage of a withheld count"
    assert log["forced_marriage_incidents", "2016-17", "baseline"].startswith("secondary")
    assert log["forced_marriage_incidents", YEAR, "year"] == "primary: fewer than 5"


def test_every_hidden_row_is_in_the_log_once(report):
    protected = protect(*report.frames)
    frames = protected.observations, protected.baselines, protected.totals
    hidden = sum(frame["status"].isin(["suppressed", "withheld"]).sum() for frame in frames)
    assert len(protected.log) == hidden
    assert not protected.log.duplicated(["indicator", "financial_year", "quarter"]).any()


def test_months_are_no_part_of_a_year(make_tables, make_indicator):
    tables = make_tables().add(make_indicator("count"), YEAR, [30, 31, 32, 33])
    month = dict(tables.rows[3], value=3.0, raw_value="3", period_start="2018-01-01", period_end="2018-01-31")
    tables.rows[:] = [row | {"period_start": "", "period_end": ""} for row in tables.rows] + [month]
    statuses = list(protect(*tables.frames).observations["status"])
    assert statuses == ["reported"] * 4 + ["suppressed"]


def test_an_earlier_edition_decides_what_can_still_be_withheld(make_tables, make_indicator):
    count = make_indicator("count")
    autumn = protect(*make_tables().add(count, YEAR, [13, 7, 5, None]).frames)
    year = make_tables().add(count, YEAR, [13, 7, 5, 3])
    alone, after = protect(*year.frames), protect(*year.frames, earlier=[autumn])
    assert cell(alone, "count", 1)["status"] == "withheld"
    assert total(alone.totals, "count")["status"] == "reported"
    # The three quarters are out already, so only the year's total can protect the fourth.
    assert list(after.observations["status"]) == ["reported"] * 3 + ["suppressed"]
    assert total(after.totals, "count")["status"] == "withheld"


def test_a_count_that_an_earlier_edition_shows_can_not_be_hidden(make_tables, make_indicator):
    frames = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3]).frames
    with pytest.raises(RunError, match="1 of 1 hidden count could"):
        protect(*frames, earlier=[protect(*frames, threshold=0)])


def test_no_figures_are_no_problem(make_tables, make_indicator):
    frames = make_tables().add(make_indicator("count"), YEAR, [13, 7, 5, 3]).frames
    protected = protect(*(frame.iloc[:0] for frame in frames[:3]), frames[3])
    assert protected.observations.empty
    assert protected.log.empty
