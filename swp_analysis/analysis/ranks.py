"""How sure a rank is. In: counts and populations, or values with standard errors. Out: ranks with their ranges.

A place in a league table is an estimate too: with few cases a first place can be any of several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swp_analysis.analysis.estimates import (
    CONFIDENCE,
    Numbers,
    index_of,
    read_counts,
    read_numbers,
    read_sizes,
    shape_as,
)
from swp_analysis.analysis.rates import PER

PRIOR_CASES = 0.5
RANK_DRAWS = 10_000
RANK_SEED = 20_171_804


@dataclass(frozen=True)
class Ranks:
    """A row an area: `value`, `rank` (1 the highest, ties share the better place), `rank_low` and `rank_high`, between
    which the place lies at the confidence asked for, and `chance_first`. An area without a figure has no place."""

    frame: pd.DataFrame
    conf: float

    def __repr__(self) -> str:
        first = self.frame.sort_values("rank").iloc[0]
        places = f"{first['rank_low']} to {first['rank_high']}"
        return f"Ranks({len(self.frame)} areas; the first place could be any from {places})"


def rank_rates(count: Numbers, population: Numbers, per: float = PER, conf: float = CONFIDENCE) -> Ranks:
    """Rank areas by their rate, highest first; each rate has the gamma posterior of Jeffreys' prior.

    >>> rank_rates([5, 4, 3], [1000, 1000, 1000])
    Ranks(3 areas; the first place could be any from 1 to 3)
    """
    x, size = read_counts(count), read_sizes(population, "a population")
    rng = np.random.default_rng(RANK_SEED)
    drawn = rng.gamma(np.nan_to_num(x) + PRIOR_CASES, size=(RANK_DRAWS, len(x))) / size + 0 * x
    return _rank(per * x / size, drawn, index_of(count), conf)


def rank_estimates(value: Numbers, error: Numbers, conf: float = CONFIDENCE) -> Ranks:
    """Rank figures with known standard errors, highest first, each drawn from a normal distribution."""
    centre = read_numbers(value)
    rng = np.random.default_rng(RANK_SEED)
    drawn = centre + read_numbers(error) * rng.standard_normal((RANK_DRAWS, len(centre)))
    return _rank(centre, drawn, index_of(value), conf)


def chance_of_higher_rate(
    count: Numbers, population: Numbers, other_count: Numbers, other_population: Numbers
) -> float | pd.Series:
    """Give the chance that the first area's rate is the higher one, both with Jeffreys' prior.

    >>> round(chance_of_higher_rate(63, 265, 33, 265), 6)
    0.998982
    """
    from scipy.stats import beta

    x, y = read_counts(count), read_counts(other_count)
    n, m = read_sizes(population, "a population"), read_sizes(other_population, "a population")
    return shape_as(count, beta.sf(n / (n + m), x + PRIOR_CASES, y + PRIOR_CASES))[0]


def _rank(value: np.ndarray, drawn: np.ndarray, index: pd.Index | None, conf: float) -> Ranks:
    from scipy.stats import rankdata

    frame = pd.DataFrame({"value": value}, index=index)
    known = ~np.isnan(drawn).any(axis=0)
    if not known.any():
        raise ValueError("no area has a figure to rank")
    places = rankdata(-drawn[:, known], axis=1, method="min")
    ends = np.quantile(places, [(1 - conf) / 2, (1 + conf) / 2], axis=0, method="nearest")
    found = {"rank": rankdata(-value[known], method="min"), "rank_low": ends[0], "rank_high": ends[1]}
    for name, ranks in found.items():
        frame.loc[known, name] = ranks
    frame.loc[known, "chance_first"] = (places == 1).mean(axis=0)
    return Ranks(frame.astype(dict.fromkeys(found, int if known.all() else "Int64")), conf)
