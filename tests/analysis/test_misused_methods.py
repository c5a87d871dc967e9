"""A method that is called with wrong numbers says so in a sentence of ours, whichever method and argument it is."""

from __future__ import annotations

import inspect
import math
import traceback
import warnings
from datetime import date

import numpy as np
import pandas as pd
import pytest

from swp_analysis import methods
from swp_analysis.analysis.predictive import predict_total

DAYS = [date(2017, month, day) for month in range(1, 7) for day in (3, 17)]
LINE = [31, 28, 35, 30, 33, 29, 36, 32, 34, 27, 38, 31, 30]
WHOLE = [300, 280, 350, 300, 330, 290, 360, 320, 340, 270, 380, 310, 300]
SCORES = methods.ScoreTable.exact(np.array([[10.0, 20.0], [30.0, 5.0], [50.0, 60.0]]))
REBASE = methods.Rebase(4, date(2017, 4, 1), "a new recording system", "board")
SPARED = methods.Displacement(-5, 2, -2.5, 0.01, -9, -1)

# One right call of every method; the test replaces its arguments one after the other.
CALLS: dict[str, dict] = {
    "adjust_benjamini_hochberg": {"p_values": [0.01, 0.2]},
    "adjust_holm": {"p_values": [0.01, 0.2], "families": ["a", "b"]},
    "analyse_runs": {"values": LINE},
    "attack_table": {"table": [[None, 2], [3, None]], "row_totals": [5, 6], "column_totals": [6, 5], "high": 9},
    "c_chart": {"counts": LINE},
    "chance_of_higher_rate": {"count": 5, "population": 100, "other_count": 7, "other_population": 90},
    "chance_of_top": {"ranks": np.array([[1, 2], [2, 1]]), "places": 1},
    "compare_counts": {"after": [10, 12, 9, 14], "before": [8, 9, 7, 11], "conf": 0.95},
    "compare_rate_with_value": {"count": 5, "exposure": 100, "value": 0.04},
    "compare_shares": {"after": [(5, 20), (6, 22)], "before": [(7, 21), (4, 19)], "conf": 0.95},
    "count_interval": {"count": 10, "method": "exact", "conf": 0.95},
    "decompose": {"values": LINE, "period": 4, "window": 7, "passes": 2},
    "directly_standardised_rate": {"counts": [5, 6], "populations": [90, 80], "standard": [50, 50], "per": 1000},
    "e_test": {"after": 5, "before": 9, "after_exposure": 1, "before_exposure": 1},
    "expected_cases": {"populations": [90], "reference_counts": [50], "reference_populations": [900]},
    "find_change_points": {"values": LINE, "breaks": 1, "penalty": None, "least_points": 2, "step": 1},
    "find_limits_of_runs": {"points": 12},
    "find_run_ends": {"sides": [1, 1, 1, -1], "length": 3},
    "find_season": {"values": LINE, "first_quarter": 1, "starts": [4]},
    "fisher_test": {"x1": 5, "n1": 20, "x2": 7, "n2": 22},
    "fit_poisson": {"counts": [5, 6, 9], "design": pd.DataFrame({"one": [1.0, 1, 1], "time": [0.0, 1, 2]})},
    "fit_seasonal_counts": {"counts": LINE, "period": 4, "first": 1, "trend": True, "change_at": 6},
    "fit_year_quarter": {"table": [[5, 6, 7, 8], [6, 7, 8, 9]]},
    "funnel": {"count": [5, 9, 7, 3], "size": [90, 99, 80, 50], "kind": "rate", "per": 1000},
    "g_chart": {"between": [3, 4, 2, 6, 9, 3, 4, 5, 7]},
    "grid_cell": {"impact": 3, "likelihood": 4},
    "harm_weighted_displacement": {"differences": [SPARED, SPARED], "weights": [100, 10], "conf": 0.95},
    "interpolated_poisson": {"mean": 5.5, "p": [0.025, 0.975]},
    "is_possible_mean": {"mean": methods.Printed(5.3, 1), "n": 10},
    "is_print_of": {"printed": methods.Printed(5.3, 1), "lowest": 5.25, "highest": 5.3},
    "is_rare": {"values": LINE},
    "judge_direction": {"direction": "up", "good_direction": "lower"},
    "label_points": {"values": LINE, "centre": 31.0, "lower": 20.0, "upper": 42.0},
    "label_ratios": {"observed": [5, 9], "expected": [6.0, 8.0]},
    "ladder": {"points": 12},
    "laney_p_chart": {"counts": LINE, "sizes": WHOLE, "exclude": [1], "least_scatter": 0.0},
    "laney_u_chart": {"counts": LINE, "sizes": WHOLE, "exclude": [1], "least_scatter": 0.0},
    "mark_trend": {"slope": 1.0, "polarity": "low_good"},
    "measure_scatter": {"count": [5, 9, 7, 3], "size": [6.0, 8.0, 7.0, 5.0], "trim": 0.1, "extremes": "winsorise"},
    "missing_part": {"total": 10, "known": [3, 4]},
    "newcombe_difference": {"x1": 5, "n1": 20, "x2": 7, "n2": 22, "conf": 0.95},
    "p_chart": {"counts": LINE, "sizes": WHOLE, "exclude": [1]},
    "parts_of_total": {"total": 10, "cells": 3, "low": 1, "high": 4},
    "pick_assurance_icon": {"lower": 1.0, "upper": 5.0, "target": 3.0, "good_direction": "lower"},
    "pick_variation_icon": {"label": "common cause", "good_direction": "lower"},
    "poisson_interval": {"count": 5, "conf": 0.95},
    "possible_counts": {"total": 40, "percent": 5, "rounded": True},
    "possible_totals": {"count": 13, "percent": 5, "rounded": True},
    "predict_share": {"x": 5, "n": 20, "still_to_come": 10, "dispersion": 1.0},
    "predict_total": {"known": 20, "share": 0.5},
    "predict_total_from_last_year": {"known": 20, "elapsed_last_year": 18.0, "rest_last_year": 20.0},
    "project_count": {"quarters": [5, 6], "earlier_years": [[5, 6, 7, 8]], "target": 20, "dispersion": 2.0},
    "project_share": {"numerators": [5, 6], "denominators": [20, 22], "earlier_denominators": [[20, 22, 21, 19]]},
    "quasi_poisson_ratio": {"after": [5, 6, 7, 8], "before": [6, 7, 9, 9], "conf": 0.95},
    "rank_draws": {"table": SCORES, "weights": np.array([0.5, 0.5]), "draws": 50, "seed": 1},
    "rank_estimates": {"value": [5.0, 6.0], "error": [1.0, 1.5], "conf": 0.95},
    "rank_rates": {"count": [5, 6], "population": [100, 90], "per": 1000, "conf": 0.95},
    "rate": {"count": 5, "population": 100, "per": 1000, "method": "phe", "conf": 0.95},
    "rate_limits": {"events": [10, 20], "baseline": 0.1, "conf": 0.95},
    "rate_ratio": {"after": 5, "before": 9, "after_exposure": 1, "before_exposure": 1, "conf": 0.95},
    "ratio_limits": {"expected": [5.0, 9.0], "conf": 0.95, "tau2": 0.1},
    "read_printed": {"text": "5.3%"},
    "read_share_signal": {"numerators": LINE, "denominators": WHOLE, "target": 10, "rebases": [REBASE]},
    "read_signal": {"values": LINE, "good_direction": "lower", "target": 30, "rebases": [REBASE], "first_quarter": 1},
    "recent_trend": {"value": [5.0, 6, 7, 8, 9], "lower": [4.0, 5, 6, 7, 8], "upper": [6.0, 7, 8, 9, 10]},
    "robust_xmr": {"values": LINE},
    "round_counts": {"counts": [3, 8, 12], "base": 5, "withhold_under": 5},
    "scatter": {"after": [5, 6, 7, 8], "before": [6, 7, 9, 9]},
    "scattered_ratio": {"after": 20, "before": 25, "dispersion": 2.0, "df": 3, "conf": 0.95},
    "score_crps": {"predictive": predict_total(20, 0.5), "observed": 38},
    "score_hot_spots": {"observed": [5, 6, 1], "predicted": [5, 5, 2], "area": [1.0, 1.0, 2.0]},
    "score_interval": {"lower": 4.0, "upper": 9.0, "observed": 5.0, "alpha": 0.2},
    "score_quantile": {"forecast": 4.0, "observed": 5.0, "level": 0.2},
    "severity_score": {"counts": {"robbery": 5}, "weights": {"robbery": 700}, "population": 100, "conf": 0.95},
    "share": {"x": 5, "n": 20, "per": 100, "conf": 0.95},
    "share_limits": {"n": [20, 30], "baseline": 0.2, "conf": 0.95},
    "standardised_ratio": {"observed": 5, "expected": 6.0, "per": 100, "conf": 0.95},
    "t_chart": {"dates": DAYS},
    "trend_of_shares": {"x": [5, 6, 7], "n": [20, 22, 21]},
    "u_chart": {"counts": LINE, "sizes": WHOLE, "exclude": [1]},
    "usual_scatter": {},
    "weighted_displacement": {"control": (20, 18), "treated": (30, 20), "lengths": (1, 1), "conf": 0.95},
    "wilson_interval": {"x": 5, "n": 20, "conf": 0.95},
    "xmr": {"values": LINE, "screen": True, "factor": 2.66},
}  # fmt: skip
WRONG = [None, math.nan, -3, 0, 1.5, math.inf, "many", "5", True, [], [None, None], [math.nan], [1, "x", 3], [-1, -2],
         [[1, 2], [3]], {"a": 1}, pd.Series(dtype=float), pd.Series(["a", "b"]), pd.Series([1, pd.NA, 3]), object(),
         10**12, np.zeros((2, 3))]  # fmt: skip


def test_every_method_has_a_right_call_here():
    public = {name for name in methods.__all__ if inspect.isroutine(getattr(methods, name))}
    assert public == {name for name in CALLS if name != "usual_scatter"} | ({"usual_scatter"} & public)


@pytest.mark.parametrize("name", CALLS)
def test_a_right_call_gives_a_result(name):
    assert getattr(methods, name)(**CALLS[name]) is not None


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call])
def test_a_wrong_argument_is_told_in_a_sentence(name):
    told = []
    for argument in CALLS[name]:
        for wrong in WRONG:
            fault = _call_wrongly(name, argument, wrong)
            if fault:
                told.append(f"{argument}={wrong!r}: {fault}")
    assert not told, "\n".join(told)


def _call_wrongly(name: str, argument: str, wrong: object) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            getattr(methods, name)(**{**CALLS[name], argument: wrong})
    except ValueError as error:
        place = traceback.extract_tb(error.__traceback__)[-1].filename.replace("\\", "/")
        return "" if "/swp_analysis/" in place else f"not our sentence: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: methods.compare_counts([math.inf, 1], [1, 2]), "compare_counts: after must be numbers with an end"),
        (lambda: methods.read_signal({"Q1": 5}), "read_signal can't be worked out from"),
        (lambda: methods.wilson_interval([1, 2, 3], [4, 5]), "wilson_interval can't be worked out from"),
    ],
)
def test_no_sentence_is_of_the_libraries_below(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_numbers_that_come_one_by_one_are_all_read():
    assert methods.xmr(iter([1, 2, 3, 4, 5])) == methods.xmr([1, 2, 3, 4, 5])
