"""What is said of lines that nobody has seen: no word that the figures, the chart or the next sentence contradict."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from swp_analysis import explore
from swp_analysis.analysis.findings import compare_years
from swp_analysis.explore.named_series import NamedSeries
from swp_analysis.present.quarter_charts import draw_timeline
from swp_analysis.present.series import Series, read_point
from swp_analysis.present.words import write_sentence

LAST = pd.Period("2018Q1", "Q")
RISING = [*range(20, 60, 2), 60, 62, 63, 65]
STEADY = [30, 28, 33, 31, 29, 30, 32, 27, 31, 30, 28, 33]


@pytest.fixture
def read_line(catalogue, shipped):
    """Reads quarters up to Q4 2017/18 as those of one indicator: its series and its finding."""

    def read(values, **of_indicator):
        indicator = catalogue.indicators["firearm_violence"].model_copy(update=of_indicator)
        periods = pd.period_range(end=LAST, periods=len(values), freq="Q")
        years = [(period - 1).year for period in periods]
        like = shipped.observations[shipped.observations["indicator"] == "firearm_violence"].iloc[0].to_dict()
        rows = pd.DataFrame([like] * len(values)).assign(
            value=[float(value) for value in values],
            status="reported",
            financial_year=[f"{year}-{(year + 1) % 100:02d}" for year in years],
            quarter=[(period - 1).quarter for period in periods],
            period_start=[str(period.start_time.date()) for period in periods],
            period_end=[str(period.end_time.date()) for period in periods],
        )
        alone = catalogue.model_copy(update={"indicators": {"firearm_violence": indicator}})
        points = tuple(read_point(row, indicator.unit) for row in rows.itertuples(index=False))
        return Series(indicator, points), compare_years(rows, alone, "2017-18")["firearm_violence"]

    return read


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([10, 12, 9, 0, 30, 28, 31, 5], ""),  # 5 where there were none is a rise
        ([10, 12, 9, 0, 30, 28, 31, 0], "the last quarter was back at last year's level: 0 against 0"),
        ([30, 28, 31, 20, 10, 12, 9, 19], "the last quarter was back at last year's level: 19 against 20"),
        ([100, 100, 100, 60, 35, 35, 35, 68], "the last quarter went the other way: 68 against 60"),
        ([20, 20, 20, 20, 40, 40, 40, 15], "the last quarter went the other way: 15 against 20"),
    ],
)
def test_a_last_quarter_is_back_only_where_it_is_close(read_line, values, said):
    _, finding = read_line(values)
    assert finding.verdict.direction in ("up", "down")
    assert [one for one in finding.verdict.evidence.warnings if "last quarter" in one] == ([said] if said else [])


def test_what_scatters_is_not_put_down_to_chance_alone(read_line):
    _, finding = read_line([6000, 6100, 5900, 6050, 6300, 6350, 6200, 6250])
    sentence = write_sentence(finding)
    assert "Chance alone" not in sentence
    assert "Chance and the usual ups and downs could explain a difference of this size." in sentence
    # These quarters hardly vary: it is what such counts usually do.
    assert "figures like these vary 11.6 times as much as chance alone would make them" in sentence


def test_a_chart_explains_a_range_only_where_it_draws_one(read_line):
    assert "Shaded" not in draw_timeline(*read_line([12] * 8)).note
    assert "Shaded" in draw_timeline(*read_line(STEADY)).note


def test_a_level_that_drifts_says_so_and_has_no_expected_range(read_line):
    note = draw_timeline(*read_line(RISING)).note
    assert note == "The level itself has moved on, so no single quarter is called unusual."
    index = pd.period_range(end=LAST, periods=len(RISING), freq="Q")
    said = explore.control_chart(pd.Series(RISING, index, name="Thefts")).sentence
    assert said == "Thefts: 65 in Q4 2017/18. A control chart cannot judge it: the level itself has moved on."


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ([*STEADY, 29, 31, 30, 52], "above the expected range"),
        ([*STEADY[:9], *[31, 32, 31, 32, 31, 32, 31]], "the last of seven or more in a row above the average"),
        (
            [30, 36, 24, 31, 35, 25, 33, 27, 34, 25, 26, 27, 28, 29, 30, 31],
            "the last of seven or more in a row to rise",
        ),
    ],
)
def test_the_latest_quarter_is_called_by_the_rule_that_it_breaks(read_line, values, rule):
    assert f"The latest quarter is {rule}, which chance seldom does." in draw_timeline(*read_line(values)).note
    index = pd.period_range(end=LAST, periods=len(values), freq="Q")
    said = explore.control_chart(pd.Series(values, index, name="Thefts")).sentence
    assert said.endswith(
        f"this is more than chance usually does ({rule.replace('the expected range', 'the upper limit')})."
    )


def test_what_did_not_move_and_is_not_tested_is_not_held_against_chance(read_line):
    _, finding = read_line([50] * 8, unit="percent", kind="rate")
    assert "stayed at 50%, as in Q4 2016/17. We cannot test it: a percentage" in write_sentence(finding)


MONTHS = pd.period_range("2023-01", periods=12, freq="M")


def test_a_rate_is_not_called_a_small_count():
    rates = pd.Series([1.25, 1.5, 1.75, 1.4] * 3, MONTHS, name="Rate")
    assert explore.control_chart(rates).sentence == "Rate: 1.4 in December 2023; in line with what chance usually does."
    cold = pd.Series([-3, -2, -4, -3] * 3, MONTHS, name="Frost")
    assert "too small" not in explore.control_chart(cold).sentence


def test_no_period_is_the_worst_or_the_highest_where_all_are_alike():
    alike = pd.Series([30] * 12, MONTHS, name="Thefts")
    assert (
        explore.worst_period(alike, good_direction="lower").sentence
        == "Thefts: 30 in each of 12 months; none was the worst."
    )
    several = alike.where(alike.index.month % 6 > 0, 40)
    words = "Thefts: the worst month was June 2023 and December 2023, with 40."
    assert explore.worst_period(several, good_direction="lower").sentence == words
    assert explore.heatmap(alike).sentence == "Thefts: 30 in each of 12 months."
    assert explore.heatmap(several).sentence == "Thefts: the highest figure is 40, first in June 2023."
    assert "1 point is too few" in explore.control_chart(alike[:1]).sentence


def test_shares_have_one_chart_on_pages_and_when_explored(read_line):
    series = NamedSeries("Share", pd.Series([50.0] * 15 + [80.0], LAST - np.arange(15, -1, -1)), "percent")
    sizes = pd.DataFrame({"numerator": [5] * 15 + [8], "denominator": 10}, index=series.values.index)
    alone, whole = explore.control_chart(series), explore.control_chart(replace(series, shares=sizes))
    assert "above the upper limit" in alone.sentence
    assert "in line with what chance" in whole.sentence  # 8 of 10 is no more than chance usually does with 5 of 10
