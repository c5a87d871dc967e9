"""What an analyst gets for one line of code: a sentence that is true, numbers, a chart that can be saved."""

from __future__ import annotations

import pandas as pd
import pytest

from swp_analysis import explore, indicators, load
from swp_analysis.analysis.usual_scatter import compare_counts
from swp_analysis.errors import InputError
from tests.conftest import SHIPPED

INDICATOR = "knife_violence"


@pytest.fixture(autouse=True, scope="module")
def of_what_shipped(built):
    """Every call of this file is about the figures that shipped, whatever was added since."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(SHIPPED))
        yield


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return load("2017-18")


def test_figures_come_with_names_dates_and_in_time_order(figures):
    own = figures[figures["indicator"] == INDICATOR]
    assert own["period"].tolist()[::7] == ["Q1 2016/17", "Q4 2017/18"]
    assert own["period_start"].is_monotonic_increasing
    assert (own["label"].iloc[0], own["good_direction"].iloc[0]) == (indicators().loc[INDICATOR, "label"], "lower")
    kinds = figures["period_kind"].tolist()
    assert kinds == sorted(kinds, key=["quarter", "month"].index)
    assert set(load("2017-18", periods="months")["period_kind"]) <= {"month"}


def test_partners_get_the_protected_table(figures):
    shown = load("2017-18", audience="partners")
    small = figures[figures["value"].between(1, 4) & (figures["unit"] == "count")]
    both = small.merge(shown, on=["indicator", "period"], suffixes=("", "_shown"))
    assert len(both) == len(small) > 0
    assert both["value_shown"].isna().all()


def test_the_sentence_says_what_the_figures_say(figures):
    own = figures[figures["indicator"] == INDICATOR].set_index("period")["value"]
    newest = f"{own.iloc[-1]:.0f}"
    assert explore.trend(INDICATOR).sentence == f"Knife violence: {newest} in Q4 2017/18, the highest of 8 quarters."
    assert f"{newest} in Q4 2017/18, up from {own['Q4 2016/17']:.0f}" in explore.year_on_year(INDICATOR).sentence
    assert f"was Q4 2017/18, with {own.max():.0f}" in explore.worst_period(INDICATOR).sentence
    index = explore.index_to([INDICATOR, "firearm_violence"]).frame.set_index("period")
    assert index.loc["Q4 2017/18", "Knife violence"] == round(100 * own.iloc[-1] / own.iloc[0], 1)


def test_a_change_is_tested_as_the_headline_is(figures):
    own = figures[figures["indicator"] == "firearm_violence"].sort_values("period_start")["value"].tolist()
    found = compare_counts(own[4:], own[:4])
    row = explore.change("firearm_violence").frame.iloc[0]
    assert (row["before"], row["after"]) == (sum(own[:4]), sum(own[4:]))
    assert row["p"] == pytest.approx(found.p)


def test_what_is_neither_good_nor_bad_has_no_worst():
    assert "neither high nor low" in explore.worst_period("domestic_abuse_incidents").sentence


def test_eight_points_are_too_few_to_judge_and_a_jump_in_twenty_is_seen():
    assert "cannot judge" in explore.control_chart(INDICATOR).sentence
    months = pd.period_range("2022-01", periods=21, freq="M")
    steady = pd.Series([50, 48, 52, 49, 51, 50, 47, 53, 50, 49] * 2 + [120], index=months, name="Own")
    assert "more than chance usually does" in explore.control_chart(steady).sentence


@pytest.mark.parametrize("kind", ["trend", "year_on_year", "control_chart", "heatmap", "worst_period", "change"])
@pytest.mark.parametrize("values", [[0] * 8, [5] * 8, [None, 3, None, 4, 5, None, 7, 8]], ids=["zeros", "flat", "gaps"])
def test_flat_empty_and_gappy_series_behave(kind, values):
    quarters = [f"Q{quarter} {year}" for year in ("2016/17", "2017/18") for quarter in (1, 2, 3, 4)]
    shown = getattr(explore, kind)(pd.Series(values, index=quarters, name="Own", dtype="float"))
    assert shown.sentence.endswith(".")
    assert "nan" not in shown.sentence


@pytest.mark.parametrize("suffix", ["png", "svg", "csv", "xlsx"])
def test_everything_is_saved_by_its_suffix_and_short_in_a_list(tmp_path, figures, suffix):
    gangs = figures[figures["theme"] == "gangs_and_youth_crime"]
    for shown in (
        explore.trend(INDICATOR),
        explore.small_multiples(gangs),
        explore.heatmap(gangs),
        explore.slope(gangs),
    ):
        assert shown.save(tmp_path / f"x.{suffix}").stat().st_size > 100
        assert len(repr(shown)) < 200


def test_counts_and_percentages_are_not_drawn_on_one_scale():
    with pytest.raises(InputError, match="mix counts and percentages"):
        explore.compare(INDICATOR, "marac_repeat_share")


def test_what_there_is_completes_and_what_is_not_is_said():
    assert {"trend", "panel", "compare"} <= set(dir(explore))
    with pytest.raises(AttributeError, match=r"no 'trends'; it has"):
        explore.trends  # noqa: B018
