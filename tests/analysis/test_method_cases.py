"""Every worked result of the shared cases against the public functions of `swp_analysis.methods`.

`CHECKS` maps a case to what the project computes for it. The shared file is read where it is there, else our own copy.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from swp_analysis import methods
from tests.analysis import method_checks as checks
from tests.analysis import more_method_checks as more

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "cases" / "method_cases.json"
OWN = ROOT / "tests" / "fixtures" / "method_cases.json"
CASES = {case["id"]: case for case in json.loads((SHARED if SHARED.exists() else OWN).read_text(encoding="utf-8"))}
CHECKS: dict[str, Callable[[dict], dict]] = {
    **dict.fromkeys(["C01", "C02", "C04", "C05", "C07", "C08", "C10", "C11"], checks.check_ratio),
    "C19": checks.check_poisson_intervals,
    "P01": checks.check_wilson,
    "P02": checks.check_wilson_twice,
    "P04": checks.check_newcombe,
    "P10": checks.check_judgements,
    **dict.fromkeys(["S01", "S02", "S05", "S07", "S08"], checks.check_xmr),
    "S04": checks.check_screening,
    "S10": checks.check_two_in_three,
    "S11": checks.check_rebase,
    "S13": checks.check_flat_with_jump,
    "S14": checks.check_run_ends,
    "S16": checks.check_assurance,
    "S17": checks.check_individuals,
    "S19": checks.check_u_chart,
    "S20": checks.check_p_chart,
    "S22": checks.check_laney,
    "S23": checks.check_runs_limits,
    **dict.fromkeys(["F01", "F02"], checks.check_known_share),
    "F04": checks.check_share_uncertainty,
    "F05": checks.check_equal_shares,
    "F07": checks.check_interval_scores,
    "F08": checks.check_crps,
    "F10": checks.check_coverage,
    **dict.fromkeys(["T05", "T07"], checks.check_year_quarter_model),
    **dict.fromkeys(["C13", "C14", "C16", "C17"], more.check_e_test),
    "C20": more.check_one_rate,
    **dict.fromkeys(["C22", "C23"], more.check_displacement),
    "P05": more.check_fisher,
    "P07": more.check_trend_of_shares,
    "P08": more.check_recent_trend,
    **dict.fromkeys(["R01", "R02"], more.check_byar),
    "R04": more.check_dobson,
    "R05": more.check_fay_feuer,
    "R07": more.check_standardised_ratio,
    "R08": more.check_rate_funnel,
    "R10": more.check_share_funnel,
    "R11": more.check_ratio_funnel,
    "R13": lambda inputs: {"limit": methods.interpolated_poisson(inputs["lam"], inputs["p"]).tolist()},
    "R14": more.check_scatter,
    "R16": lambda inputs: {"label": methods.label_ratios(inputs["O"], inputs["E"])},
    "R17": lambda inputs: {"p": [methods.chance_of_higher_rate(*pair) for pair in inputs["pairs"]]},
    "T01": more.check_change_points,
    "T02": more.check_penalty,
    "T04": more.check_decomposition,
    "T08": more.check_intervention,
    "T10": more.check_hot_spots,
    "H01": more.check_severity,
    "H02": more.check_grid,
    "H04": more.check_acceptability,
    "H05": more.check_harm_displacement,
    "D01": more.check_recovered_cell,
    "D02": lambda inputs: more.check_rectangle(inputs, CASES["D01"]["inputs"]),
    "D04": more.check_parts,
    "D05": more.check_percentage,
    "D07": lambda inputs: {"value": methods.missing_part(inputs["total"], inputs["known"])},
    "D08": lambda inputs: {"out": methods.round_counts(inputs["counts"], base=5, withhold_under=10)},
    "V01": lambda inputs: {"sum": {name: sum(series) for name, series in inputs["series"].items()}},
    "V02": more.check_quoted_changes,
    "V05": more.check_baselines,
    "V07": more.check_repeats,
    "V08": more.check_means,
}
# Cases of other rooms: the audit of a report against its tables.
ELSEWHERE = {"V04": "tests/quality/test_validation_cases.py: the same quantity twice is a conflict"}
# Expected fields that the project leaves out on purpose.
LEFT_OUT = {
    ("C11", "p_minlike_R"): "R's other p value, which disagrees with the interval",
    # R's glm reports the step before the last; the exact standard error is sqrt(1/33 + 1/63), 9e-8 away.
    ("T07", "se_log"): "R's iteration stops one step short of the exact figure",
    ("T07", "p_wald"): "follows from that standard error",
    ("S13", "NHSR"): "the zero-width limits that must not be reproduced",
}


def compare(found, expected, tolerance) -> None:
    """Numbers within the case's tolerance, lists element by element, everything else exactly."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            compare(one, other, tolerance)
    elif isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            compare(found[name], value, tolerance)
    elif expected == "inf":
        assert found == math.inf
    elif isinstance(expected, (int, float)) and not isinstance(expected, bool) and isinstance(tolerance, dict):
        assert found == pytest.approx(expected, rel=tolerance.get("rel", 0), abs=tolerance.get("abs", 0))
    else:
        assert found == expected


def tolerance_of(case: dict, field: str):
    tolerance = case["tolerance"]
    special = {"lo": "abs_ci", "hi": "abs_ci"}.get(field, f"abs_{field}")
    own = tolerance.get(special, tolerance.get(f"abs_{field}")) if isinstance(tolerance, dict) else None
    return tolerance if own is None else {"abs": own}


@pytest.mark.parametrize("name", CHECKS)
def test_a_worked_result_is_reproduced(name: str) -> None:
    case = CASES[name]
    found = CHECKS[name](case["inputs"])
    for field, expected in case["expected"].items():
        if (name, field) not in LEFT_OUT:
            compare(found[field], expected, tolerance_of(case, field))


def test_every_case_is_checked() -> None:
    assert set(CASES) - set(CHECKS) - set(ELSEWHERE) == set()
