"""How the projection would have done on recorded crime. In: years of quarters. Out: a row a history and forces.

Every year that follows enough complete years is forecast after Q1, Q2 and Q3, from one, three and ten years of history;
a sample of series, so that it takes a minute. "Months" are split evenly at random from quarters: no monthly counts of
enough years are published by force.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.real_series import PANDEMIC, QUARTERS
from swp_analysis.analysis.backtest import score_crps
from swp_analysis.analysis.projection import project_count

SEED = 20_260_102
HISTORIES = (1, 3, 10)
FORECASTS_A_HISTORY = 700
LEAST_A_YEAR = 20


def backtest_projection(years: pd.DataFrame) -> pd.DataFrame:
    """Coverage of the 80% and 95% ranges in percent, mean CRPS over the root of the total, and the run rate's."""
    rng = np.random.default_rng(SEED)
    rows = []
    for periods in (4, 12):
        for history in HISTORIES:
            found = pd.DataFrame(list(_forecasts(years, history, periods, rng)))
            for forces, some in (("learned on", found[~found["left_out"]]), ("left out", found[found["left_out"]])):
                rows.append({"periods": "quarters" if periods == 4 else "months", "years of history": history,
                             "forces": forces, **_summarise(some)})  # fmt: skip
    return pd.DataFrame(rows)


def _summarise(found: pd.DataFrame) -> dict[str, float]:
    means = found[["held80", "held95"]].mean() * 100
    return {"forecasts": len(found), "80% held": round(means["held80"], 1), "95% held": round(means["held95"], 1),
            "CRPS": round(found["crps"].mean(), 2),
            "CRPS of the run rate": round(found["run_rate"].mean(), 2)}  # fmt: skip


def _forecasts(years: pd.DataFrame, history: int, periods: int, rng: np.random.Generator) -> Iterator[dict]:
    chances = list(_chances(years, history))
    for place in rng.choice(len(chances), min(FORECASTS_A_HISTORY, len(chances)), replace=False):
        earlier, actual, left_out = chances[place]
        if periods == 12:
            earlier, actual = _split(earlier, rng), _split(actual[None], rng)[0]
        known = int(rng.integers(1, 4)) * periods // 4
        total = int(actual.sum())
        found = project_count(actual[:known], earlier, periods=periods)
        unit = max(total, 1) ** 0.5
        yield {
            "left_out": left_out,
            "held80": found.lower80 <= total <= found.upper80,
            "held95": found.lower95 <= total <= found.upper95,
            "crps": score_crps(found.predictive, total) / unit,
            "run_rate": abs(actual[:known].mean() * periods - total) / unit,
        }


def _chances(years: pd.DataFrame, history: int) -> Iterator[tuple[np.ndarray, np.ndarray, bool]]:
    for _, series in years.groupby(["force", "series"]):
        starts, table = series["year"].to_numpy(), series[QUARTERS].to_numpy(float)
        for at in range(history, len(starts)):
            whole = starts[at] - starts[at - history] == history
            calm = history == HISTORIES[-1] or not {starts[at], starts[at - 1]} & set(PANDEMIC)
            counts = table[at - history : at + 1].min() >= 0  # corrections of earlier quarters are printed below zero
            if whole and calm and counts and table[at - 1].sum() >= LEAST_A_YEAR:
                yield table[at - history : at], table[at], bool(series["left_out"].iloc[0])


def _split(quarters: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.multinomial(quarters.astype(int), [1 / 3] * 3).reshape(len(quarters), -1).astype(float)
