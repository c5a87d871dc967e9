"""Methods on figures at the edge: gaps, ties, zeros, huge counts, parts above their whole, numbers out of range."""

import math
from datetime import date
from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

from swp_analysis import methods
from swp_analysis.analysis.areas.change import measure_season
from swp_analysis.errors import InputError

YEARS = 3


def rebase_at(position):
    return methods.Rebase(position, date(2020, 4, 1), "a new recording system", "board")


@pytest.mark.parametrize(
    ("method", "sizes"),
    [(methods.newcombe_difference, (20, 20)), (methods.fisher_test, (20, 20)), (methods.e_test, ())],
)
def test_what_is_missing_has_no_p(method, sizes):
    given = [None, 3], *sizes[:1], [4, 9], *sizes[1:]
    found = method(*given)
    p = found if isinstance(found, pd.Series) else found.p
    assert math.isnan(p[0])
    assert 0 < p[1] < 1
    alone = method(None, *sizes[:1], 4, *sizes[1:])
    assert math.isnan(alone if isinstance(alone, float) else alone.p)


@pytest.mark.parametrize(
    "counts", [(6, 2, 1, 1), (5, 0, 1, 1), (0, 3, 2, 1), (33, 63, 1, 1), (9, 4, 2, 5), (60, 30, 3, 7)]
)
def test_the_e_test_adds_up_every_outcome_as_far_apart(counts):
    a, b, n, m = counts
    mean = (a + b) / (n + m)
    x, y = np.arange(400.0)[:, None], np.arange(400.0)[None, :]
    with np.errstate(invalid="ignore"):
        apart = np.nan_to_num(np.abs(x / n - y / m) / np.sqrt(x / n**2 + y / m**2))
    chance = poisson.pmf(x, mean * n) * poisson.pmf(y, mean * m)
    assert methods.e_test(a, b, after_exposure=n, before_exposure=m) == pytest.approx(
        chance[apart >= apart[a, b] - 1e-12].sum(), rel=1e-9
    )


def test_the_e_test_of_equal_rates_is_one_and_huge_counts_take_no_time():
    assert (
        methods.e_test(1, 1) == methods.e_test(6, 9, after_exposure=2, before_exposure=3) == methods.e_test(0, 0) == 1
    )
    assert methods.e_test(200_000_000, 200_030_000) == pytest.approx(0.1336, abs=1e-4)


def test_a_forecast_of_many_events_adds_up():
    assert methods.predict_total(10**8, 0.5).mean == pytest.approx(2 * 10**8 + 1)
    many = methods.project_count([10**6] * 3)
    assert many.lower80 < many.mean < many.upper80
    seldom = methods.predict_total_from_last_year(500, 1, 3)
    assert seldom.mean == pytest.approx(500 + 500.5 * 3.5 / 0.5, rel=1e-6)
    assert seldom.quantile(0.5) < seldom.quantile(0.975)


@pytest.mark.parametrize("percent", [15.0, np.float64(15), np.int64(15), 15, "15", "15%"])
def test_a_number_keeps_no_zeros_behind_its_point(percent):
    assert list(methods.possible_counts(13, percent)) == [2]


@pytest.mark.parametrize(("text", "size"), [(".5%", 0.5), ("up .25", 0.25), ("No.5", 5), ("-.5", 0.5), ("0.5", 0.5)])
def test_a_number_may_begin_with_its_point(text, size):
    assert methods.read_printed(text).size == size


def test_a_percentage_that_any_large_total_fits_has_no_list_of_totals():
    with pytest.raises(ValueError, match="no greatest"):
        methods.possible_totals(3, 0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: methods.funnel([100, 2], [90, 99], "share"), "x of n"),
        (lambda: methods.measure_scatter([-5, 2], [9, 9]), "count must be 0 or more"),
        (lambda: methods.measure_scatter([100, 2], [90, 99], "share"), "x of n"),
        (lambda: methods.trend_of_shares([1, 9], [5, 6]), "x of n"),
        (lambda: methods.p_chart([5, 9], [4, 10]), "x of n"),
        (lambda: methods.read_share_signal([30, 31] * 6, [20, 50] * 6), "x of n"),
        (lambda: methods.c_chart([-5, 9, 3]), "negative"),
        (lambda: methods.g_chart([-1] * 9), "negative"),
        (lambda: methods.expected_cases([100, 200], [10], [1000]), "an age band"),
        (lambda: methods.fit_seasonal_counts([0, 5, 6, 7] * YEARS), "no case"),
        (lambda: methods.severity_score({"robbery": 5}, {"robbery": -7}), "weight"),
        (lambda: methods.severity_score({"robbery": None}, {"robbery": 7}), "no count for robbery"),
        (lambda: methods.rank_estimates([1, 2], [-1, 1]), "error"),
        (lambda: methods.compare_counts([], []), "no period"),
        (lambda: methods.missing_part(5, [6]), "more than"),
        (lambda: methods.missing_part(5, [1, None]), "known"),
        (lambda: methods.missing_part(5, [1, math.nan]), "known"),
        (lambda: methods.possible_counts(-5, 10), "total must be 0 or more"),
        (lambda: methods.label_points([1, 2], 2, 5, 0), "lower"),
        (lambda: methods.read_signal([20, 21] * 6, rebases=[rebase_at(99)]), "within the line"),
        (lambda: methods.read_signal([20, 21] * 6, rebases=[rebase_at(-3)]), "within the line"),
        (lambda: methods.read_signal([20, None] * 6, suppressed=([None, 4] * 6, [None, 1] * 6)), "least"),
        (lambda: methods.pick_variation_icon("nonsense", "lower"), "label"),
        (lambda: methods.pick_assurance_icon(5, 1, 3, "lower"), "lower"),
        (lambda: methods.mark_trend(1, "lower"), "polarity must be one of"),
        (lambda: methods.read_signal([30, 31] * 6, first_quarter=7), "first_quarter"),
        (lambda: methods.find_season([30, 31] * 6, 0), "first_quarter"),
        (lambda: methods.interpolated_poisson(5, 2), "p must lie between 0 and 1"),
        (lambda: methods.interpolated_poisson(0, 0.5), "mean must"),
        (lambda: methods.share_limits(20, 120), "baseline"),
        (lambda: methods.ratio_limits(5, tau2=-1), "tau2 must be 0 or more"),
        (lambda: methods.measure_scatter([5, 6, 7], [5, 6, 7], trim=0.6), "trim"),
        (lambda: methods.score_interval(9, 4, 5, 0.2), "lower"),
        (lambda: methods.score_interval(4, 9, 5, 2), "alpha must lie between 0 and 1"),
        (lambda: methods.score_quantile(4, 5, 2), "level must lie between 0 and 1"),
        (lambda: methods.scattered_ratio(4, 5, 1, 0), "df must be 1 or more"),
        (lambda: methods.find_run_ends([1, 1], 0), "length must be 1 or more"),
        (lambda: methods.decompose([1, 2, 3, 4] * 4, window=1), "window must be 3 or more"),
        (lambda: methods.rate(5, 100, per=-1), "per must"),
        (lambda: methods.xmr([1, 2, 3], factor=-1), "factor must"),
        (lambda: methods.rank_draws(methods.ScoreTable.exact([[1, 0], [0, 1]]), [-0.5, 0.5]), "weights must"),
        (lambda: methods.attack_table([[1, None], [None, 2]], [3]), "a total for each row"),
        (lambda: methods.rate_ratio(pd.Series([5, 6], ["a", "b"]), pd.Series([6, 5], ["b", "c"])), "a and c"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_name(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_an_area_or_period_without_a_figure_gets_no_label():
    assert methods.label_ratios([5, None], [20, 30]) == ["Low (0.001)", ""]
    assert methods.trend_of_shares([1, 0, 3], [5, 0, 6]) == methods.trend_of_shares([1, None, 3], [5, 9, 6])
    days = pd.date_range("2020-01-01", periods=4, freq="7D")
    assert methods.t_chart([days[2], pd.NaT, days[0], None, days[1]])["value"].tolist() == [7, 7]


def test_tables_and_totals_can_be_arrays_and_series():
    table, totals = np.array([[1, np.nan], [np.nan, 2]]), pd.Series([3, 4], index=["a", "b"])
    assert methods.attack_table(table, totals, np.array([3, 4])).intervals == {(0, 1): (2, 2), (1, 0): (2, 2)}
    assert methods.attack_table([[1, None], [None, 2]], [3, None]).intervals[0, 1] == (2, 2)
    assert methods.chance_of_top([[1, 2], [2, 1]], 1).tolist() == [0.5, 0.5]


def test_an_area_without_a_case_in_a_quarter_of_any_year_has_no_season():
    frame = pd.DataFrame({"count": [0, 5, 6, 7] * 4, "quarter": [1, 2, 3, 4] * 4, "status": "reported"})
    series = SimpleNamespace(
        frame=frame, breaks=(), area=SimpleNamespace(name="Ely"), group=SimpleNamespace(label="bicycle theft")
    )
    with pytest.raises(InputError, match="Ely: a quarter of bicycle theft has no case"):
        measure_season(series)


def test_a_gap_hides_no_number_out_of_range():
    for gaps in ([0.01, None, 1.5], pd.Series([0.01, pd.NA, 1.5], dtype="Float64")):
        with pytest.raises(ValueError, match="p_values must lie between 0 and 1"):
            methods.adjust_holm(gaps)
    with pytest.raises(ValueError, match="numbers with an end"):
        methods.share(pd.Series([1, pd.NA, math.inf], dtype="Float64"), 20)


@pytest.mark.parametrize("penalty", [1.0, 4.0, 30.0])
def test_changes_that_pay_are_those_of_every_way_to_split(penalty):
    y = np.random.default_rng(3).normal([0, 0, 0, 4, 4, 4, 4, 1, 1])

    def cost(edges):
        return sum(((y[a:b] - y[a:b].mean()) ** 2).sum() + penalty for a, b in pairwise(edges))

    ways = ([0, *inner, 9] for count in range(4) for inner in combinations(range(2, 8), count))
    best = min((way for way in ways if min(np.diff(way)) >= 2), key=cost)
    assert list(methods.find_change_points(y, penalty=penalty).breaks) == best[1:]


def test_a_line_too_long_to_search_is_refused():
    with pytest.raises(ValueError, match="at most 5,000 points"):
        methods.find_change_points(np.arange(6000.0))


def test_whole_numbers_may_come_as_decimals_and_limits_as_a_list():
    assert methods.parts_of_total(16, 4.0, 1, 4) == (4, 4)
    assert methods.grid_cell(3.0, np.float64(4)) == 12
    limits = [2.0] * 4, [0.0] * 4, [5.0] * 4
    assert methods.label_points([1, 2, 9, 4], *limits) == methods.label_points([1, 2, 9, 4], 2, 0, 5)


def test_the_p_of_a_large_difference_is_where_its_interval_touches_zero():
    years = [(800_000, 1_000_000)], [(200_000, 1_000_000)]
    p = methods.compare_shares(*years).p
    assert methods.compare_shares(*years, conf=1 - p).lower == pytest.approx(0, abs=1e-6)
    assert methods.newcombe_difference(10**6, 10**6, 0, 10**6).p == 0
