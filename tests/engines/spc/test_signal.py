"""Signals: the ladder, gaps, suppressed points, levels, seasons, rare events; lines that must never raise or alarm."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from swp_analysis.engines.spc.control_charts import (
    c_chart,
    find_ends,
    find_levels,
    find_moving_ranges,
    g_chart,
    is_rare,
    laney_p_chart,
    laney_u_chart,
    p_chart,
    read_line,
    robust_xmr,
    t_chart,
    u_chart,
    xmr,
)
from swp_analysis.engines.spc.run_rules import (
    COMMON_CAUSE,
    analyse_runs,
    label_points,
    pick_variation_icon,
)
from swp_analysis.engines.spc.seasons import find_season, fit_year_quarter, number_quarters
from swp_analysis.engines.spc.signal import read_share_signal, read_signal, thresholds_table
from swp_analysis.engines.spc.thresholds import Rebase, Rung, ladder
from swp_analysis.present.phrases import read_phrases

STEADY = [40, 46, 38, 43, 41, 37, 45, 39, 42, 44, 36, 43, 41, 38, 46, 40, 42, 39, 44, 41]
FIREARMS = [8, 9, 11, 5, 12, 16, 16, 19]

unhurried = settings(deadline=None, max_examples=60)
counts = st.integers(0, 10_000)
lines = st.lists(st.one_of(st.none(), counts.map(float)), max_size=30)
goods = st.sampled_from(["lower", "higher", "neutral"])


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (-1, "table"),
        (0, "table"),
        (4, "table"),
        (5, "run_chart"),
        (7, "run_chart"),
        (8, "trial_limits"),
        (11, "trial_limits"),
        (12, "rules"),
        (19, "rules"),
        (20, "robust_limits"),
        (500, "robust_limits"),
    ],
)
def test_the_ladder_changes_rung_at_its_edges(points: int, name: str) -> None:
    assert ladder(points).name == name


def test_missing_points_do_not_climb_the_ladder() -> None:
    assert read_signal([*STEADY[:4], None, None, None, None]).rung == Rung.table
    assert read_signal([*STEADY[:7], np.nan]).rung.name == "run_chart"


@unhurried
@given(line=lines, good=goods, target=st.one_of(st.none(), counts), unit=st.sampled_from(["count", "percent", "other"]))
def test_no_line_raises_and_the_icons_are_known(line, good, target, unit) -> None:
    signal = read_signal(line, unit=unit, good_direction=good, target=target)
    assert len(signal.points) == len(line)
    assert signal.variation in read_phrases()["variation"]
    assert signal.assurance in (None, "consistent_pass", "consistent_fail", "inconsistent")


@unhurried
@given(
    value=st.one_of(st.integers(0, 10**6), st.floats(0, 1e6, allow_subnormal=False)),
    size=st.integers(0, 40),
    gaps=st.sets(st.integers(0, 39)),
    unit=st.sampled_from(["count", "percent", "other"]),
)
def test_a_constant_line_with_any_gaps_is_never_a_signal(value, size, gaps, unit) -> None:
    signal = read_signal([None if i in gaps else value for i in range(size)], unit=unit, good_direction="lower")
    assert set(signal.points["label"]) <= {COMMON_CAUSE}
    assert signal.variation in ("cannot_judge", "too_few_events", "not_enough_points")
    assert not signal.runs.signal


@unhurried
@given(line=lines, factor=st.sampled_from([0.5, 2.0, 8.0]), shift=st.integers(-500, 500))
def test_scale_and_shift_move_the_limits_and_change_no_signal(line, factor, shift) -> None:
    plain = read_signal(line, unit="other", first_quarter=None).points
    moved = [None if value is None else value * factor + shift for value in line]
    other = read_signal(moved, unit="other", first_quarter=None).points
    assert plain["label"].tolist() == other["label"].tolist()
    np.testing.assert_allclose(other["upper"], plain["upper"] * factor + shift, rtol=1e-9, atol=1e-6)


def turn_over(label: str) -> str:
    pairs = [("Above UCL", "Below LCL"), ("Above CL", "Below CL"), ("Increasing", "Decreasing")]
    for one, other in [*pairs, *(pair[::-1] for pair in pairs)]:
        if one in label:
            return label.replace(one, other)
    return label


@unhurried
@given(line=lines)
def test_upside_down_every_rule_points_the_other_way(line) -> None:
    up = read_signal(line, unit="other", first_quarter=None, good_direction="higher")
    down = read_signal([None if v is None else -v for v in line], unit="other", first_quarter=None)
    assert down.points["label"].tolist() == [turn_over(label) for label in up.points["label"]]


def test_missing_is_not_zero() -> None:
    with_gap, with_zero = (read_signal([*STEADY[:10], gap, *STEADY[10:12]]) for gap in (None, 0))
    assert np.isnan(with_gap.points["value"][10])
    assert with_gap.points["label"][10] == COMMON_CAUSE
    assert with_zero.points["label"][10] == "Below LCL"


def test_a_gap_breaks_the_line() -> None:
    assert find_moving_ranges([1, None, 5, 7]).tolist() == [2]
    run = [11] * 7
    whole, broken = (label_points([*line, 9], 10, 0, 20) for line in (run, [*run[:3], None, *run[3:6]]))
    assert whole.count("7 Points Above CL") == 7
    assert set(broken) == {COMMON_CAUSE}
    rising = [1, 2, 3, 4, None, 5, 6, 7]
    assert set(label_points(rising, 4, -9, 19)) == {COMMON_CAUSE}
    assert analyse_runs([1, 1, 1, None, 1, 1, 9, 9, 9, 9, 9]).longest_run == 5


def test_a_gap_is_no_crossing_of_the_median() -> None:
    assert analyse_runs([1, 1, None, 9, 9]).crossings == 0
    assert analyse_runs([1, 1, 9, 9]).crossings == 1


def test_eight_quarters_claim_only_a_point_outside_the_limits() -> None:
    rising = [24, 18, 20, 21, 23, 24, 26, 27]
    limits = xmr(rising)
    assert label_points(rising, limits.centre, limits.lower, limits.upper)[-1] == "7 Point Trend (Increasing)"
    assert read_signal(rising).points["label"].iloc[-1] == COMMON_CAUSE
    jump = read_signal([10, 10, 10, 10, 10, 10, 10, 12], good_direction="lower")
    assert (jump.variation, jump.points["label"].tolist()[-1]) == ("trial_limits", "Above UCL")


def test_a_new_level_is_judged_by_the_old_one_and_not_the_other_way_round() -> None:
    risen = read_signal([*STEADY[:16], 60, 63, 58, 61], good_direction="lower")
    assert risen.points["icon"].tolist() == ["common_cause"] * 16 + ["concern_high"] * 4
    line = np.array([*STEADY[:16], 60, 63, 58, 61], dtype=float)
    assert "Below CL" in " ".join(read_line(line, find_levels(line, [], judged_points=0), 1).labels)


def test_both_icons_of_the_firearms_line() -> None:
    signal = read_signal(FIREARMS, good_direction="lower", target=8.25)
    assert (signal.variation, signal.assurance) == ("trial_limits", "inconsistent")


def test_assurance_is_undecided_where_suppressed_points_decide_it() -> None:
    line, low, high = [62, 65, 61, 64, 63, 62, 65, None], [None] * 7 + [1], [None] * 7 + [62]
    assurances = [
        read_signal(line, suppressed=(low, high), good_direction="lower", target=target).assurance
        for target in (55, 62)
    ]
    assert assurances == ["undecided", "inconsistent"]
    assert read_signal(line, good_direction="neutral", target=40).assurance is None


def test_lower_limits_are_clipped_when_shown_but_not_when_judged() -> None:
    points = read_signal([36, 24, 32, 28, 18, 8, 14, 27]).points
    assert points["lower"][0] == pytest.approx(-0.565)
    assert points["lower_shown"][0] == 0


def test_small_counts_are_a_list_without_limits_or_signals() -> None:
    signal = read_signal([0, 1, 0, 2, 1, 0, 0, 9])
    assert signal.rare
    assert signal.variation == "too_few_events"
    assert signal.points["upper"].isna().all()
    assert is_rare([5, 5, 5, 0, 0])
    assert not is_rare([5, 5, 5, 5])
    assert not is_rare([])


def test_a_signal_needs_both_ends_of_a_suppressed_point() -> None:
    line = [62, 65, 61, 64, 63, 62, 65, 63, None]
    low = [None] * 8 + [1]
    signal = read_signal(line, suppressed=(low, [None] * 8 + [4]), good_direction="lower")
    assert signal.points["icon"][8] == "improvement_low"
    assert np.isnan(signal.points["value"][8])
    torn = read_signal(line, suppressed=(low, [None] * 8 + [62]), good_direction="lower")
    assert torn.points["icon"][8] == "undecided"
    assert torn.points["undecided"][8]
    assert torn.points["label"][8] == COMMON_CAUSE


@unhurried
@given(line=st.lists(st.one_of(st.none(), st.integers(5, 200)), min_size=8, max_size=24))
@example(line=[None] * 15 + [5, 13] + [None] * 3)
def test_a_claimed_signal_holds_at_every_end(line) -> None:
    lower, upper = ([end if value is None else None for value in line] for end in (1, 4))
    signal = read_signal(line, suppressed=(lower, upper), unit="other", first_quarter=None)
    for end in find_ends(line, lower, upper):
        labels = read_signal(end, unit="other", first_quarter=None).points["label"]
        claimed = signal.points["label"] != COMMON_CAUSE
        assert (labels[claimed] == signal.points["label"][claimed]).all()


def test_ends_are_every_combination_up_to_two_suppressed_points() -> None:
    assert [end.tolist() for end in find_ends([7])] == [[7]]
    ends = find_ends([None, 7, None], [1, None, 1], [4, None, 4])
    assert {tuple(end) for end in ends} == {(1, 7, 1), (4, 7, 4), (1, 7, 4), (4, 7, 1)}


def test_a_rebase_starts_a_level_with_its_own_limits_and_ladder() -> None:
    moved = Rebase(12, date(2017, 4, 1), "new recording rules", "A. Analyst")
    signal = read_signal([*STEADY[:12], *(v + 60 for v in STEADY[:9])], rebases=[moved])
    assert signal.points["level"].tolist() == [0] * 12 + [1] * 9
    assert signal.points["centre"][0] < 50 < signal.points["centre"][20]
    assert signal.rung.name == "trial_limits"
    assert set(signal.points["label"]) == {COMMON_CAUSE}
    assert read_signal([*STEADY[:12], 99, 98], rebases=[moved]).variation == "not_enough_points"


@pytest.mark.parametrize(("reason", "name"), [("", "A. Analyst"), ("new rules", "  ")])
def test_a_rebase_without_reason_or_name_is_refused(reason: str, name: str) -> None:
    with pytest.raises(ValueError, match="reason and the name"):
        Rebase(3, date(2017, 4, 1), reason, name)


SEASONAL = [30, 63, 90, 58, 32, 59, 93, 61, 29, 62, 88, 60, 31, 60, 92, 59]


def test_a_season_is_taken_out_before_the_rules_are_applied() -> None:
    signal = read_signal(SEASONAL)
    assert signal.season.applied
    assert np.mean(signal.season.indices) == pytest.approx(1)
    assert set(signal.points["label"]) == {COMMON_CAUSE}
    assert signal.points["centre"][2] == pytest.approx(signal.points["centre"][0] * 3, rel=0.05)
    worse = read_signal([*SEASONAL[:-4], 62, 63, 92, 58])
    assert worse.points["label"][12] == "Above UCL"
    assert read_signal(SEASONAL, first_quarter=None).points["upper"][0] > signal.points["upper"][0]


def test_limits_give_back_the_scatter_that_the_season_took() -> None:
    line = np.array(SEASONAL, dtype=float)
    reading = read_line(line, find_levels(line, [], judged_points=0), 1)
    plain = xmr(line / reading.season.index_of(number_quarters(16, 1)))
    wide = reading.upper[1] / reading.season.indices[1] - plain.centre
    assert wide == pytest.approx((plain.upper - plain.centre) * np.sqrt(4 / 3))


def test_no_season_below_three_complete_years_or_without_evidence() -> None:
    assert not read_signal(SEASONAL[:11]).season.applied
    assert not find_season([None, *SEASONAL[1:12]]).applied
    assert not find_season(STEADY).applied
    assert find_season(SEASONAL[2:], first_quarter=3).complete_years == 3
    assert number_quarters(3, 4).tolist() == [4, 1, 2]


@unhurried
@given(table=st.lists(st.lists(counts, min_size=4, max_size=4), min_size=2, max_size=5), factor=st.integers(2, 9))
def test_indices_do_not_change_with_the_unit(table, factor) -> None:
    if not np.sum(table):
        with pytest.raises(ValueError, match="not all zero"):
            fit_year_quarter(table)
        return
    one, other = fit_year_quarter(table), fit_year_quarter(np.array(table) * factor)
    np.testing.assert_allclose(one.indices, other.indices)
    assert one.quarter_p == pytest.approx(other.quarter_p, abs=1e-6)


def test_robust_limits_ignore_one_wild_quarter() -> None:
    wild = [*STEADY[:10], 400, *STEADY[10:]]
    assert robust_xmr(wild).upper - robust_xmr(wild).centre < 20
    assert xmr(wild, screen=False).upper - xmr(wild).centre > 90
    assert robust_xmr([5] * 15 + [6] * 5).method == "unscreened"


@unhurried
@given(pairs=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20))
def test_ratio_charts_take_any_counts_and_sizes(pairs) -> None:
    x, n = [min(pair) for pair in pairs], [max(pair) for pair in pairs]
    for chart in (u_chart, p_chart, laney_u_chart, laney_p_chart):
        frame = chart(x, n)
        assert len(frame) == len(pairs)
        assert (frame["lower"].isna() | (frame["lower"] <= frame["centre"])).all()
    read_share_signal(x, n, good_direction="lower", target=10)


def test_laney_is_wider_when_shares_scatter_and_the_signal_never_narrower_than_p() -> None:
    x, n = [8, 10, 5, 3, 2, 4, 6, 7], [49, 38, 42, 43, 52, 53, 50, 46]
    assert (laney_p_chart(x, n)["upper"] > p_chart(x, n)["upper"]).all()
    even = [10] * 8
    assert laney_p_chart(even, [100] * 8)["upper"].isna().all()
    shown = read_share_signal(even, [100] * 8).points
    np.testing.assert_allclose(shown["upper"], 100 * p_chart(even, [100] * 8)["upper"])


def test_a_share_signal_is_in_percent_and_clipped_to_100() -> None:
    signal = read_share_signal([45, 49, 44, 46, 47, 45, 48, 46, 12], [50] * 9, good_direction="higher", target=90)
    assert signal.points["icon"][8] == "concern_low"
    assert signal.points["value"][8] == pytest.approx(24)
    assert signal.points["upper"][0] > 100 == signal.points["upper_shown"][0]


def test_a_missing_denominator_is_a_gap() -> None:
    signal = read_share_signal([6] * 9, [50] * 8 + [0])
    assert signal.latest == 7
    assert signal.points["value"].isna().tolist() == [False] * 8 + [True]


def test_c_chart_limits() -> None:
    chart = c_chart([9, 16, 11, 28])
    assert chart["upper"][0] == pytest.approx(16 + 3 * 4)
    assert chart["label"].tolist() == [COMMON_CAUSE] * 4
    assert c_chart([16] * 9 + [80])["label"][9] == "Above UCL"


def test_time_between_rare_events_is_a_list_until_eight_gaps() -> None:
    start = date(2016, 4, 1)
    days = [start + timedelta(days=30 * i) for i in range(9)]
    assert t_chart(days[:8])["upper"].isna().all()
    assert t_chart([]).empty
    chart = t_chart([*days, days[-1] + timedelta(days=900)])
    assert chart["label"].tolist() == [COMMON_CAUSE] * 8 + ["Above UCL"]
    assert t_chart([start, start])["value"].tolist() == [0.5]


def test_geometric_limits_between_rare_events() -> None:
    chart = g_chart([3, 4, 5, 2, 6, 4, 3, 5])
    assert chart["upper"][0] == pytest.approx(4 + 3 * np.sqrt(20))
    assert g_chart([3, 4])["upper"].isna().all()
    assert g_chart([]).empty


@pytest.mark.parametrize(
    ("label", "good", "icon"),
    [
        (COMMON_CAUSE, "lower", "common_cause"),
        ("Above UCL", "lower", "concern_high"),
        ("Above UCL", "higher", "improvement_high"),
        ("7 Points Below CL", "lower", "improvement_low"),
        ("2 in 3 Below CL", "higher", "concern_low"),
        ("7 Point Trend (Increasing)", "neutral", "neutral_high"),
        ("7 Point Trend (Decreasing)", "neutral", "neutral_low"),
    ],
)
def test_variation_icons(label: str, good: str, icon: str) -> None:
    assert pick_variation_icon(label, good) == icon


def test_where_two_trends_meet_the_later_one_names_the_peak() -> None:
    labels = label_points([*range(1, 8), *range(6, 0, -1)], 4, -99, 99)
    assert labels[5:8] == ["7 Point Trend (Increasing)"] + ["7 Point Trend (Decreasing)"] * 2


def test_every_threshold_is_printed_with_its_source() -> None:
    table = thresholds_table()
    assert table["what"].is_unique
    assert (table["source"].str.len() > 10).all()
    assert {2.66, 3.145, 3.267, 7, 5.0} <= set(table["value"])


def test_plain_series_from_pandas_are_taken_as_they_are() -> None:
    column = pd.array([40, None, 38], dtype="Int64")
    assert read_signal(pd.Series(column)).points["value"].isna().tolist() == [False, True, False]


ROOT = Path(__file__).parents[3]


def test_the_simulation_runs_and_methods_quotes_its_table() -> None:
    spec = importlib.util.spec_from_file_location("simulation", ROOT / "benchmarks" / "simulate_findings.py")
    simulation = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(simulation)
    small = simulation.simulate(5)
    assert len(small) == len(simulation.QUARTERS) * len(simulation.MEANS) * len(simulation.SEASONS)
    assert "| – / – |" in simulation.render(small)
    written = simulation.TARGET.read_text(encoding="utf-8")
    table = written[written.index("| Quarters") :].strip()
    assert table in (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
