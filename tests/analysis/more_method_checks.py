"""What the project computes for the shared cases: rates, funnels, trends, harm, small numbers and printed figures."""

from __future__ import annotations

import math

import numpy as np

from swp_analysis import methods


def check_e_test(inputs: dict) -> dict:
    return {"p": methods.e_test(inputs["k1"], inputs["k2"])}


def check_one_rate(inputs: dict) -> dict:
    found = [methods.rate(inputs["count"], inputs["exposure"], per=1, method=name) for name in ("exact", "score")]
    p = methods.compare_rate_with_value(*(inputs[name] for name in ("count", "exposure", "value")))
    return {"exact": ends_of(found[0]), "score": ends_of(found[1]), "exact_p": p}


def ends_of(found) -> list[float]:
    return [found.lower, found.upper]


def check_displacement(inputs: dict) -> dict:
    moved = {name: inputs[key] for name, key in (("displaced_control", "disp_control"),
                                                 ("displaced_treated", "disp_treated")) if key in inputs}  # fmt: skip
    lengths = inputs.get("time_weights", (1, 1))
    return displaced(methods.weighted_displacement(inputs["control"], inputs["treated"], lengths=lengths, **moved))


def displaced(found) -> dict:
    return {"est": found.estimate, "se": found.error, "z": found.z, "lo": found.lower, "hi": found.upper}


def check_harm_displacement(inputs: dict) -> dict:
    each = [methods.weighted_displacement(*pair) for pair in inputs["control_treated"]]
    return displaced(methods.harm_weighted_displacement(each, inputs["weights"]))


def check_fisher(inputs: dict) -> dict:
    (a, b), (c, d) = inputs["table"]
    return {"p": methods.fisher_test(a, a + b, c, c + d)}


def check_trend_of_shares(inputs: dict) -> dict:
    found = methods.trend_of_shares(inputs["x"], inputs["n"])
    return {"chi2": found.chi2, "p": found.p}


def check_recent_trend(inputs: dict) -> dict:
    found = methods.recent_trend(inputs["value"], inputs["lo"], inputs["hi"], inputs["polarity"])
    return {"slope": found.slope, "chi2": found.chi2, "marker": found.marker}


def check_byar(inputs: dict) -> dict:
    found = methods.count_interval(inputs["x"], "byar", inputs["conf"])
    lows = [None if math.isnan(low) else low for low in found.lower]
    return {"lo": lows, "hi": found.upper.tolist()}


def check_dobson(inputs: dict) -> dict:
    bands = inputs["count"], inputs["pop"], inputs["stdpop"]
    wide, wider = (methods.directly_standardised_rate(*bands, conf=conf) for conf in (0.95, 0.998))
    ends = {"lo95": wide.lower, "hi95": wide.upper, "lo998": wider.lower, "hi998": wider.upper}
    return {"value": wide.value} | ends


def check_fay_feuer(inputs: dict) -> dict:
    bands = inputs["count"], inputs["pop"], inputs["stdpop"]
    found = methods.directly_standardised_rate(*bands, method="fay-feuer")
    return {"value": found.value, "lo": found.lower, "hi": found.upper}


def check_standardised_ratio(inputs: dict) -> dict:
    found = methods.standardised_ratio(inputs["O"], inputs["E"])
    return {"value": found.value.tolist(), "lo": found.lower.tolist(), "hi": found.upper.tolist()}


def check_rate_funnel(inputs: dict) -> dict:
    two, three = (methods.rate_limits(inputs["events"], inputs["baseline_per_100k"], conf) for conf in (0.95, 0.998))
    return {"lo2s": two.lower, "hi2s": two.upper, "lo3s": three.lower, "hi3s": three.upper}


def check_share_funnel(inputs: dict) -> dict:
    found = methods.share_limits(inputs["n"], inputs["baseline"])
    return {"lo2s": found.lower.tolist(), "hi2s": found.upper.tolist()}


def check_ratio_funnel(inputs: dict) -> dict:
    found = {}
    for name, conf in (("95", 0.95), ("998", 0.998)):
        limits = methods.ratio_limits(inputs["E"], conf)
        found |= {f"ll{name}": limits.lower.tolist(), f"ul{name}": limits.upper.tolist()}
    return found


def check_scatter(inputs: dict) -> dict:
    found = methods.measure_scatter(inputs["num"], inputs["den"], "ratio of counts", inputs["trim"])
    return {"phi": found.phi, "tau2": found.tau2, "U": found.scores.tolist()}


def check_change_points(inputs: dict) -> dict:
    one, coarse = (methods.find_change_points(inputs["y"], breaks=1, step=step) for step in (1, 5))
    return {"breaks_jump1": [*one.breaks], "breaks_default_jump5": [*coarse.breaks],
            "mean_before": one.means[0], "mean_after": one.means[1]}  # fmt: skip


def check_penalty(inputs: dict) -> dict:
    unscaled = methods.find_change_points(inputs["y"], penalty=10, step=5)
    return {"breaks": [*methods.find_change_points(inputs["y"]).breaks], "n_breaks_pen10": len(unscaled.breaks)}


def check_decomposition(inputs: dict) -> dict:
    found = methods.decompose(np.log(inputs["y"]), period=4, window=7)
    return {"seasonal_first4": found.seasonal[:4].tolist(), "trend_last4": found.trend[-4:].tolist()}


def check_intervention(inputs: dict) -> dict:
    fit = methods.fit_seasonal_counts(
        inputs["DriversKilled"], 12, trend=True, change_at=inputs["law_from_index_1based"] - 1
    )
    terms = fit.frame.loc[["trend", "change"]]
    return {"trend": terms["coef"]["trend"], "law": terms["coef"]["change"], "se": terms["se"].tolist(),
            "phi": fit.phi, "quasi_se": terms["quasi_se"].tolist(), "deviance": fit.deviance,
            "df": fit.degrees_of_freedom}  # fmt: skip


def check_hot_spots(inputs: dict) -> dict:
    found = methods.score_hot_spots(inputs["obs"], inputs["pred"], inputs["area"]).frame
    return {name: found[name.lower()].tolist() for name in ("PAI", "PEI", "RRI")}


def check_severity(inputs: dict) -> dict:
    found = methods.severity_score(inputs["counts"], inputs["weights"], inputs["population"])
    return {"total": found.total, "css": found.per_head}


def check_grid(inputs: dict) -> dict:
    return {"grid": [[methods.grid_cell(i, j) for j in inputs["likelihood"]] for i in inputs["impact"]]}


def check_acceptability(inputs: dict) -> dict:
    table = methods.ScoreTable.exact(100 * np.array(inputs["scores"]))
    return {"rank1": methods.chance_of_top(methods.rank_draws(table, np.ones(3)), 1).tolist()}


def check_recovered_cell(inputs: dict) -> dict:
    found = methods.attack_table(inputs["table"], inputs["row_totals"], inputs["col_totals"])
    return {"intervals": {f"{r},{c}": [*ends] for (r, c), ends in found.intervals.items()}, "safe": found.safe}


def check_rectangle(inputs: dict, base: dict) -> dict:
    """A case that is the table of another one with other cells withheld."""
    hidden = {tuple(cell) for cell in inputs["suppressed"]}
    table = [
        [None if (r, c) in hidden else value for c, value in enumerate(row)] for r, row in enumerate(base["table"])
    ]
    return {"intervals": check_recovered_cell({**base, "table": table})["intervals"]}


def check_parts(inputs: dict) -> dict:
    names = "total", "cells", "lo", "hi"
    return {"intervals": [[*methods.parts_of_total(*(case[name] for name in names))] for case in inputs["cases"]]}


def check_percentage(inputs: dict) -> dict:
    found = [*methods.possible_counts(inputs["n"], methods.Printed(inputs["pct"], inputs["decimals"]))]
    return {"k": found, "disclosed": len(found) == 1}


def check_quoted_changes(inputs: dict) -> dict:
    found, fits = [], []
    for _, before, after, stated in inputs["claims"]:
        change = None if before is None else 100 * (after - before) / before
        found.append(change)
        fits.append(None if change is None else methods.is_print_of(methods.read_printed(str(stated)), change))
    return {"pct": found, "ok": fits}


def check_baselines(inputs: dict) -> dict:
    custody, abuse = np.array(inputs["custody16"]).sum(axis=0), np.array(inputs["da16"])
    return {"custody": methods.share(*custody).value, "da": np.average(abuse[:, 1], weights=abuse[:, 0])}


def check_repeats(inputs: dict) -> dict:
    return {"annual": methods.share(inputs["repeat"], inputs["cases"], per=100).value,
            "q4": methods.share(*inputs["q4"], per=100).value}  # fmt: skip


def check_means(inputs: dict) -> dict:
    printed = [methods.read_printed(str(value)) for value in inputs["values"]]
    return {"ok": [methods.is_possible_mean(each, inputs["n"]) for each in printed]}
