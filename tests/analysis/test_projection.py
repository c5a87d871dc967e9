"""Projections: what is added up and what is refused, how sure they are, and how they would have done in the past."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from swp_analysis.analysis.backtest import (
    BACKTEST_COLUMNS,
    METHODS,
    SUMMARY_COLUMNS,
    backtest,
    score_crps,
    score_interval,
    summarise_backtest,
)
from swp_analysis.analysis.predictive import (
    Predictive,
    predict_events,
    predict_share,
    predict_total,
    predict_total_from_last_year,
)
from swp_analysis.analysis.projection import (
    EQUAL_QUARTERS,
    NOTHING_KNOWN,
    SEASON_OF_EARLIER_YEARS,
    YEAR_COMPLETE,
    estimate_dispersion,
    project_count,
    project_share,
)
from swp_analysis.analysis.usual_scatter import usual_scatter

KNIFE_2016, KNIFE_2017 = [40, 49, 51, 51], [49, 49, 56, 67]
CHECKS_2016, CHECKS_2017 = [399, 550, 509, 375], [384, 419, 419, 542]

unhurried = settings(deadline=None, max_examples=60)
quarters = st.lists(st.one_of(st.none(), st.integers(0, 2000)), max_size=4)
years = st.lists(quarters, max_size=4)


def variance(predictive: Predictive) -> float:
    totals = np.arange(len(predictive.chances))
    return float(totals**2 @ predictive.chances - (totals @ predictive.chances) ** 2)


@unhurried
@given(year=quarters, earlier=years, target=st.one_of(st.none(), st.integers(0, 4000)))
def test_any_year_gives_ordered_ranges_that_hold_what_is_known(year, earlier, target) -> None:
    found = project_count(year, earlier, target=target, good_direction="lower")
    if found.basis == NOTHING_KNOWN:
        assert math.isnan(found.mean)
        assert found.chance is None
        return
    assert found.so_far <= found.lower95 <= found.lower80 <= found.median <= found.upper80 <= found.upper95
    assert target is None or 0 <= found.chance <= 1
    assert found.predictive.chances.sum() == pytest.approx(1, abs=1e-4)


@unhurried
@given(
    pairs=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4),
    earlier=st.lists(st.lists(st.integers(0, 80), min_size=4, max_size=4), max_size=2),
)
def test_any_share_stays_between_0_and_100(pairs, earlier) -> None:
    found = project_share([min(pair) for pair in pairs], [max(pair) for pair in pairs], earlier, target=10)
    if found.basis != NOTHING_KNOWN:
        assert 0 <= found.lower95 <= found.lower80 <= found.median <= found.upper80 <= found.upper95 <= 100


def test_a_year_of_four_quarters_is_certain() -> None:
    found = project_count(KNIFE_2017, [KNIFE_2016], target=191, good_direction="lower")
    assert (found.basis, found.lower95, found.upper95, found.chance) == (YEAR_COMPLETE, 221, 221, 0)


def test_missing_is_not_zero() -> None:
    known, with_zero = project_count([49, None, 56]), project_count([49, 0, 56])
    assert known.quarters_known == (1, 3)
    assert known.mean > with_zero.mean
    assert project_count(KNIFE_2017[:2], [[40, None, 51, 51]]).basis == EQUAL_QUARTERS
    assert math.isnan(project_count([None, None]).so_far)


@pytest.mark.parametrize("kind", ["stock", "rate"])
def test_what_is_not_added_up_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=f"{kind} isn't added up"):
        project_count([31, 31], kind=kind)


@pytest.mark.parametrize("year", [[-1], [2.5], [1, 2, 3, 4, 5]])
def test_what_is_not_a_year_of_counts_is_refused(year: list[float]) -> None:
    with pytest.raises(ValueError, match="four quarters"):
        project_count(year)


def test_more_cases_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="x not more than n"):
        project_share([9], [5])


@pytest.mark.parametrize("call", [(5, 0), (5, 1.5), (-1, 0.5), (2.5, 0.5), (math.nan, 0.5)])
def test_impossible_shares_and_counts_are_refused(call: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"share of the year|whole numbers"):
        predict_total(*call)


def test_a_season_with_nothing_in_the_same_quarters_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing happened"):
        predict_total_from_last_year(5, 0, 30)


def test_the_season_of_earlier_years_is_used_but_steadied() -> None:
    late = [10, 10, 10, 70]
    steadied, without = project_count([10, 10, 10], [late]), project_count([10, 10, 10])
    assert 100 > steadied.mean > without.mean
    assert (steadied.basis, without.basis) == (SEASON_OF_EARLIER_YEARS, EQUAL_QUARTERS)
    # A large indicator's own season outweighs the 400 events it is steadied by.
    large = project_count([1000, 1000, 1000], [[1000, 1000, 1000, 7000]], dispersion=1)
    assert large.mean == pytest.approx(10_000, rel=0.15)


def test_uncertainties_are_added_and_not_multiplied() -> None:
    """With a dispersion of 14 the season's own uncertainty used to be multiplied by it: Q4 between 268 and 3,113."""
    wide = project_count([1292, 1207, 1075], [[1400, 1450, 1500, 1450]], dispersion=14)
    assert 850 < wide.lower80 - wide.so_far < 1191 < wide.upper80 - wide.so_far < 1550
    mean = wide.mean - wide.so_far
    scatter = 14 * mean * (1 + 1 / 3)
    season = mean**2 * (1 / (4350 / 14 + 300) + 1 / (1450 / 14 + 100) + 0.051**2)
    assert variance(wide.predictive) == pytest.approx(scatter + season, rel=0.02)


def test_a_sure_year_behind_leaves_the_scatter_of_what_is_to_come() -> None:
    one, many = (project_count([1500] * 3, [[1500] * 4] * years, dispersion=1) for years in (1, 5))
    assert many.upper80 - many.lower80 < one.upper80 - one.lower80


@unhurried
@example(mean=0.5, extra=1.0000000000000002)
@given(mean=st.floats(0.5, 800), extra=st.floats(1, 12))
def test_a_forecast_has_the_mean_and_variance_asked_for(mean, extra) -> None:
    found = predict_events(3, mean, extra * mean)
    assert found.mean == pytest.approx(3 + mean, rel=1e-3)
    assert variance(found) == pytest.approx(max(mean, extra * mean), rel=0.02)


def test_dispersion_widens_shares_too() -> None:
    share, wide_share = (predict_share(19, 150, 45, dispersion) for dispersion in (1, 3))
    assert variance(wide_share) == pytest.approx(3 * variance(share))
    assert predict_share(19, 150, 0, 3).quantile(0.9) == 19
    assert predict_share(1, 2, 40, 1e9).chances.sum() == pytest.approx(1)


def test_scatter_is_estimated_and_drawn_to_what_is_usual() -> None:
    own = 18.612
    usual = usual_scatter().at(449.625)
    assert estimate_dispersion(CHECKS_2017, [CHECKS_2016]) == pytest.approx((2 * usual + 3 * own) / 5, abs=0.01)
    assert estimate_dispersion([49], [KNIFE_2016]) == pytest.approx(usual_scatter().at(49 / 2 + 40 / 2))
    assert estimate_dispersion([49], [CHECKS_2016, CHECKS_2017]) > 10
    assert estimate_dispersion([0, 0], [[0, 0, 0, 0]]) >= 1


def test_months_are_projected_like_quarters() -> None:
    found = project_count([5] * 7, [[5] * 12] * 3, periods=12)
    assert found.mean == pytest.approx(60, abs=1)
    assert found.quarters_known == (1, 2, 3, 4, 5, 6, 7)
    with pytest.raises(ValueError, match="12 periods"):
        project_count([1] * 13, periods=12)


def test_the_chance_of_a_target_follows_the_direction_of_good() -> None:
    lower, higher = (project_count([49, 49, 56], target=205, good_direction=good) for good in ("lower", "higher"))
    assert lower.chance == pytest.approx(lower.predictive.chance_at_most(205))
    assert lower.chance + higher.chance == pytest.approx(1 + lower.predictive.chances[205 - 154], abs=1e-8)
    assert project_count([49], target=205).chance is None
    assert project_count([49], good_direction="lower").chance is None


def test_a_share_is_projected_in_percent_of_the_expected_year() -> None:
    found = project_share([2, 4, 6], [52, 53, 50], target=9.9, good_direction="lower")
    assert found.so_far == pytest.approx(100 * 12 / 155)
    assert found.year_size == 207
    assert found.lower80 < found.mean < found.upper80
    assert found.chance == pytest.approx(found.predictive.chance_at_most(20))


def test_a_share_leaves_out_quarters_of_which_half_is_missing() -> None:
    assert project_share([2, None, 6], [52, 53, None]).quarters_known == (1,)
    assert project_share([None], [5]).basis == NOTHING_KNOWN


def test_quantiles_are_the_least_total_with_enough_chance() -> None:
    coin = Predictive(10, np.array([0.5, 0.5]))
    assert [coin.quantile(p) for p in (0.1, 0.5, 0.51, 1)] == [10, 10, 11, 11]
    assert (coin.chance_at_most(9), coin.chance_at_most(10.9), coin.chance_at_least(10.1)) == (0, 0.5, 0.5)
    assert coin.mean == 10.5


@unhurried
@given(known=st.integers(0, 50), observed=st.integers(0, 200))
def test_the_crps_of_a_sure_forecast_is_its_error(known: int, observed: int) -> None:
    assert score_crps(Predictive(known, np.ones(1)), observed) == abs(known - observed)


@unhurried
@given(observed=st.integers(0, 100))
def test_scores_reward_the_forecast_that_was_right(observed: int) -> None:
    near, far = (predict_total(int(0.75 * value), 0.75) for value in (observed, observed + 60))
    assert score_crps(near, observed) < score_crps(far, observed)
    assert score_interval(observed, observed, observed, 0.2) == 0


def frame_years(**lines: list[float | None]) -> pd.DataFrame:
    rows = [
        {"indicator": name, "financial_year": f"{2010 + i // 4}-{11 + i // 4}", "quarter": i % 4 + 1, "value": value}
        for name, line in lines.items()
        for i, value in enumerate(line)
    ]
    return pd.DataFrame(rows, columns=["indicator", "financial_year", "quarter", "value"])


def test_a_backtest_knows_only_what_was_known_then() -> None:
    frame = frame_years(knife=[*KNIFE_2016, *KNIFE_2017])
    rows = backtest(frame).set_index(["method", "after_quarter"])
    assert len(rows) == 9
    then = project_count([49, 49], [KNIFE_2016])
    assert rows.loc[("projection", 2), "point"] == then.mean
    assert rows.loc[("run rate", 2), "point"] == 196
    assert rows.loc[("last year's total", 2), "point"] == 191
    later = frame.copy()
    later.loc[later["quarter"].eq(4) & later["financial_year"].eq("2011-12"), "value"] = 10
    assert backtest(later).set_index(["method", "after_quarter"]).loc[("projection", 2), "point"] == then.mean


def test_a_backtest_leaves_out_incomplete_years_and_takes_nothing() -> None:
    gap = frame_years(a=[1, 2, 3, 4, 5, None, 7, 8, 9, 10, 11, 12])
    assert backtest(gap).empty
    assert list(backtest(frame_years()).columns) == BACKTEST_COLUMNS
    assert list(summarise_backtest(backtest(frame_years())).columns) == SUMMARY_COLUMNS


def test_a_year_written_in_another_way_is_refused_and_not_left_out() -> None:
    frame = frame_years(a=[1, 2, 3, 4, 5, 6, 7, 8])
    frame["financial_year"] = frame["financial_year"].str.replace("-", "/")
    with pytest.raises(ValueError, match=r"2010/11.*write it like 2016-17"):
        backtest(frame)
    with pytest.raises(ValueError, match="2010-12"):
        backtest(frame.assign(financial_year="2010-12"))


def test_a_backtest_of_months_and_of_a_short_history() -> None:
    rows = [{"indicator": "a", "financial_year": f"{2010 + y}-{11 + y}", "month": m, "value": 20 + m % 3 + y}
            for y in range(4) for m in range(1, 13)]  # fmt: skip
    everything, short = backtest(pd.DataFrame(rows)), backtest(pd.DataFrame(rows), history=1)
    assert len(everything) == len(short) == 3 * 11 * 3
    assert (everything["lower80"] - short["lower80"]).abs().max() > 0


def test_a_summary_gives_coverage_with_its_interval_and_scores_for_each_method() -> None:
    rng = np.random.default_rng(1)
    lines = {f"i{n}": rng.poisson(30, 8).tolist() for n in range(30)}
    summary = summarise_backtest(backtest(frame_years(**lines))).set_index("method")
    assert tuple(summary.index) == METHODS
    projection = summary.loc["projection"]
    assert projection["forecasts"] == 90
    assert projection["coverage80_lower"] < projection["coverage80"] < projection["coverage80_upper"]
    assert projection["coverage80_upper"] > 0.8
    assert projection["crps"] < summary["crps"].drop("projection").min()
    assert math.isnan(summary.loc["run rate", "coverage80"])
