"""The headline test on real scatter: what counts usually do is learned, then held against swapped quarters.

Swap test: matched quarters of two consecutive years change places at random, so that nothing but scatter is left; how
many changes are then called is the rate of false alarms. Power is how many of the real pairs are called changed.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import binomtest, t

from benchmarks.real_series import BANDS, SOURCE, Pairs
from swp_analysis.analysis.usual_scatter import TABLE, UsualScatter

SEED = 20_260_101
SWAPS = 8
TABLE_MEANS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 20000)
FREEDOM = 2.0
# False alarms wanted in each band, in percent: near the nominal 5, with room below the 6 that may not be passed.
WANTED = np.array([4.5, 4.8, 5.0, 5.0, 5.5])
FIRST_GUESS = (np.log(0.05), 0.75)


def test_statistics(pairs: Pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Own dispersion, its degrees of freedom, and the distance of the years in Poisson standard errors."""
    both = pairs.after + pairs.before
    share = (pairs.after.sum(axis=1) / both.sum(axis=1))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(both > 0, (pairs.after - share * both) ** 2 / (both * share * (1 - share)), 0.0)
    freedom = (both > 0).sum(axis=1) - 1
    total = both.sum(axis=1)
    return np.nan_to_num(parts.sum(axis=1) / freedom), freedom, np.abs(pairs.after.sum(axis=1) * 2 - total) / total**0.5


def called(statistics: tuple[np.ndarray, ...], usual: np.ndarray, weight: float) -> np.ndarray:
    """Whether each pair is called changed at 5%, with these usual dispersions; the arithmetic of `compare_counts`."""
    own, freedom, distance = statistics
    dispersion = np.maximum(1, (weight * usual + freedom * own) / (weight + freedom))
    return distance / np.sqrt(dispersion) > t.ppf(0.975, weight + np.arange(4))[freedom]


def learn(pairs: list[Pairs]) -> UsualScatter:
    """Fit the usual dispersion, 1 + a · mean^b, so that the swap test calls what is wanted in every band."""
    rng = np.random.default_rng(SEED)
    swapped = [[each.only(~each.left_out).toss(rng) for _ in range(SWAPS)] for each in pairs]
    sets = [(np.concatenate([one.mean for one in each]), _join([test_statistics(one) for one in each]))
            for each in swapped]  # fmt: skip

    def miss(law: np.ndarray) -> float:
        return sum(float(((_band_rates(mean, called(found, _law(mean, law), FREEDOM)) - WANTED) ** 2).sum())
                   for mean, found in sets)  # fmt: skip

    law = minimize(miss, FIRST_GUESS, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3}).x
    return UsualScatter(
        TABLE_MEANS, tuple(float(round(_law(np.array(mean), law).item(), 3)) for mean in TABLE_MEANS), FREEDOM
    )


def _law(mean: np.ndarray, law: np.ndarray) -> np.ndarray:
    return 1 + np.exp(law[0]) * mean ** law[1]


def _join(parts: list[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _band_rates(mean: np.ndarray, hits: np.ndarray) -> np.ndarray:
    return np.array([100 * hits[(mean >= low) & (mean < high)].mean() for low, high in BANDS])


def write_table(usual: UsualScatter, path: Path = TABLE) -> None:
    """Write `catalogue/dispersion.yml`."""
    rows = "\n".join(f"  - {{mean_per_period: {mean}, dispersion: {dispersion}}}"
                     for mean, dispersion in zip(usual.means, usual.dispersions, strict=True))  # fmt: skip
    path.write_text(
        "# How many times more than chance counts of a size usually scatter about year and season. Written by\n"
        "# `python -m benchmarks.calibrate --learn`; docs/methods.md says how, and what the swap test then finds.\n"
        f'source: "{SOURCE}"\n'
        "licence: Open Government Licence v3.0\n"
        f"learned_on: {date.today().isoformat()}\n"
        'learned_from: "pairs of consecutive years of 39 of the 43 forces by offence code and subgroup, without 2019/20'
        ' to 2021/22; a tenth of the forces is kept out"\n'
        "# The usual dispersion weighs as much as so many degrees of freedom of a series' own.\n"
        f"degrees_of_freedom: {usual.degrees_of_freedom:g}\n"
        f"usual_dispersion:\n{rows}\n",
        encoding="utf-8",
    )


def swap_test(pairs: dict[str, Pairs], usual: UsualScatter) -> pd.DataFrame:
    """A row for each level, set of forces and band: pairs, false alarms of swapped quarters and power, in percent."""
    rows = []
    for level, everything in pairs.items():
        for forces, some in (("learned on", ~everything.left_out), ("left out", everything.left_out)):
            for low, high in BANDS:
                rows.append({"level": level, "forces": forces, "mean a quarter": _name(low, high),
                             **_try(everything.only(some).in_band(low, high), usual)})  # fmt: skip
    return pd.DataFrame(rows)


def _name(low: int, high: int) -> str:
    return f"{low} to {high}" if high < BANDS[-1][1] else f"over {low}"


def _try(pairs: Pairs, usual: UsualScatter) -> dict[str, float | str]:
    """False alarms over all sixteen ways to swap four quarters, so that no chance of the draw is in them."""
    dispersions, chance = np.array([usual.at(mean) for mean in pairs.mean]), np.ones(len(pairs.mean))
    swapped = [test_statistics(pairs.swap(np.array(toss))) for toss in product((False, True), repeat=4)]
    false = float(np.mean([called(each, dispersions, usual.degrees_of_freedom) for each in swapped]))
    ends = binomtest(round(false * len(pairs.mean)), len(pairs.mean)).proportion_ci(0.95, "exact")
    return {
        "pairs": len(pairs.mean),
        "false alarms": round(100 * false, 1),
        "exact 95% range": f"{100 * ends.low:.1f} to {100 * ends.high:.1f}",
        "power": round(100 * float(called(test_statistics(pairs), dispersions, usual.degrees_of_freedom).mean()), 1),
        "false alarms, plain Poisson": round(100 * float(np.mean([called(each, chance, 1e9) for each in swapped])), 1),
    }
