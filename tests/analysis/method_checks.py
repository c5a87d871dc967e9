"""What the project computes for the shared cases: changes of two years, shares, charts and projections."""

from __future__ import annotations

import math

import numpy as np

from swp_analysis import methods
from swp_analysis.engines.spc.control_charts import find_levels, read_line
from swp_analysis.engines.spc.run_rules import COMMON_CAUSE
from swp_analysis.engines.spc.thresholds import SHEWHART_FACTOR

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
GOOD = {
    "high_good": "higher",
    "low_good": "lower",
    "no_judgement": "neutral",
    "increase": "higher",
    "decrease": "lower",
}
MOVES = {"Increasing": "up", "Decreasing": "down", "NoChange": "no clear change", "CannotBeCalculated": "can't tell"}


def check_ratio(inputs: dict) -> dict:
    exposures = {"after_exposure": inputs["Ta"], "before_exposure": inputs["Tb"]}
    found = methods.rate_ratio(inputs["a"], inputs["b"], **exposures, conf=inputs.get("conf", 0.95))
    return {"ratio": found.ratio, "lo": found.lower, "hi": found.upper, "p": found.p, "p_central": found.p}


def check_poisson_intervals(inputs: dict) -> dict:
    ends = [methods.poisson_interval(x, inputs["conf"]) for x in inputs["x"]]
    return {"lo": [low for low, _ in ends], "hi": [high for _, high in ends]}


def check_wilson(inputs: dict) -> dict:
    ends = [methods.wilson_interval(x, n, inputs["conf"]) for x, n in zip(inputs["x"], inputs["n"], strict=True)]
    return {"lo": [low for low, _ in ends], "hi": [high for _, high in ends]}


def check_wilson_twice(inputs: dict) -> dict:
    found = {}
    for name, conf in (("95", 0.95), ("998", 0.998)):
        ends = check_wilson({**inputs, "conf": conf})
        found |= {f"lo{name}": ends["lo"], f"hi{name}": ends["hi"]}
    return found


def check_newcombe(inputs: dict) -> dict:
    found = [methods.newcombe_difference(*case) for case in inputs["cases"]]
    return {"diff": [each.difference for each in found], "ci": [[each.lower, each.upper] for each in found]}


def check_judgements(inputs: dict) -> dict:
    ending = {"better": "AndGettingBetter", "worse": "AndGettingWorse", "no judgement": ""}
    return {"out": [move + ending[methods.judge_direction(MOVES[move], GOOD[good])] for move, good in inputs["cases"]]}


def check_xmr(inputs: dict) -> dict:
    limits = methods.xmr(inputs["y"], screen=inputs["screen"])
    labels = methods.label_points(inputs["y"], limits.centre, limits.lower, limits.upper)
    flags = {str(i): label for i, label in enumerate(labels, start=1) if label != COMMON_CAUSE}
    found = {"mean": limits.centre, "lpl": limits.lower, "upl": limits.upper, "types": labels, "flag": flags}
    if "target" in inputs:
        good = GOOD[inputs["direction"]]
        found["assurance"] = methods.pick_assurance_icon(limits.lower, limits.upper, inputs["target"], good)
    return found


def check_screening(inputs: dict) -> dict:
    screened, unscreened = methods.xmr(inputs["y"]), methods.xmr(inputs["y"], screen=False)
    return {
        "mean": screened.centre,
        "screened": [screened.lower, screened.upper],
        "excel_unscreened": [unscreened.lower, unscreened.upper],
    }


def check_two_in_three(inputs: dict) -> dict:
    a, b = (check_xmr({"y": inputs[name]["y"], "screen": True}) for name in "ab")
    flags = [[int(position) for position in found["flag"]] for found in (a, b)]
    return {"a_flags": flags[0], "b_flags_1based": flags[1]} | {f"b_{name}": b[name] for name in ("mean", "lpl", "upl")}


def check_rebase(inputs: dict) -> dict:
    line = np.array(inputs["y"], dtype=float)
    reading = read_line(line, find_levels(line, [inputs["rebase_at"] - 1], judged_points=0), first_quarter=None)
    levels = [[float(limit[at]) for limit in (reading.centre, reading.lower, reading.upper)] for at in (0, -1)]
    flags = [label for label in reading.labels if label != COMMON_CAUSE]
    return {"phase1": levels[0], "phase2": levels[1], "flags": flags}


def check_flat_with_jump(inputs: dict) -> dict:
    limits = methods.xmr(inputs["y"], screen=True, factor=SHEWHART_FACTOR)
    return {"fallback_unscreened": [limits.centre, limits.lower, limits.upper]}


def check_run_ends(inputs: dict) -> dict:
    return {"end_flags": [methods.find_run_ends(sides).tolist() for sides in inputs["sides"]]}


def check_assurance(inputs: dict) -> dict:
    goods = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}
    return {name: [methods.pick_assurance_icon(*row, good) for row in inputs["rows"]] for name, good in goods.items()}


def check_individuals(inputs: dict) -> dict:
    limits = methods.xmr(inputs["y"], screen=False, factor=SHEWHART_FACTOR)
    return {
        "cl": limits.centre,
        "lcl": limits.lower,
        "ucl": limits.upper,
        "mrbar": limits.typical_range,
        "mr_ucl": limits.range_limit,
    }


def check_u_chart(inputs: dict) -> dict:
    chart = methods.u_chart(inputs["count"], np.array(inputs["size"]) / inputs["per"])
    first = chart.head(3)
    return {"cl_per50": chart["centre"][0], "ucl_first3": [*first["upper"]], "lcl_first3": [*first["lower"]]}


def check_p_chart(inputs: dict) -> dict:
    chart = methods.p_chart(inputs["count"], inputs["n"], exclude=[i - 1 for i in inputs["exclude_1based"]])
    return {"cl": chart["centre"][0], "lcl": chart["lower"][0], "ucl": chart["upper"][0]}


def check_laney(inputs: dict) -> dict:
    plain, prime = methods.p_chart(inputs["x"], inputs["n"]), methods.laney_p_chart(inputs["x"], inputs["n"])
    lowest = max(0.0, prime["lower"].max())
    return {"cl": prime["centre"][0], "p_ucl": [*plain["upper"]], "pp_ucl": [*prime["upper"]], "lcl": lowest}


def check_runs_limits(inputs: dict) -> dict:
    allowed, needed = zip(*map(methods.find_limits_of_runs, inputs["n"]), strict=True)
    return {"max_run": [*allowed], "min_cross": [*needed]}


def check_known_share(inputs: dict) -> dict:
    predictive = methods.predict_total(inputs["y"], inputs["share_elapsed"])
    return {"mean": predictive.mean, "q": [predictive.quantile(p) for p in LEVELS]}


def check_equal_shares(inputs: dict) -> dict:
    found = [check_known_share({"y": y, "share_elapsed": share}) for y, share in inputs["cases"]]
    return {name: [each[name] for each in found] for name in ("mean", "q")}


def check_share_uncertainty(inputs: dict) -> dict:
    low_level = methods.predict_total_from_last_year(inputs["y"], inputs["last_year_q123"], inputs["last_year_q4"])
    return {"mean": low_level.mean, "q": [low_level.quantile(p) for p in LEVELS]}


def check_interval_scores(inputs: dict) -> dict:
    return {"score": [methods.score_interval(*case, inputs["alpha"]) for case in inputs["cases"]]}


def check_crps(inputs: dict) -> dict:
    predictive = methods.predict_total(int(inputs["size"] - 0.5), inputs["prob"])
    return {"crps": methods.score_crps(predictive, predictive.known + inputs["y"])}


def check_coverage(inputs: dict) -> dict:
    low, high = methods.wilson_interval(inputs["hits"], inputs["n"])
    assert low < 0.80 < high
    return {"lo": low, "hi": high}


def check_year_quarter_model(inputs: dict) -> dict:
    fit = methods.fit_year_quarter(np.reshape(inputs["y"], (2, 4)))
    ratio, error = fit.year_totals[1] / fit.year_totals[0], math.sqrt((1 / fit.year_totals).sum())
    quarters = np.log(fit.indices[1:] / fit.indices[0])
    return {
        "coef": [math.log(fit.fitted[0, 0]), *quarters, math.log(ratio)],
        "se_year": error,
        "se_log": error,
        "deviance": fit.deviance,
        "pearson": fit.pearson,
        "phi": fit.dispersion,
        "ratio": ratio,
        "p_wald": math.erfc(math.log(ratio) / error / math.sqrt(2)),
    }
