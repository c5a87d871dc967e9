"""How sure is a rank? In: counts and populations, values with errors, or score ranges and weights. Out: places, ranges.

A place in a league table is an estimate too: with few cases a first place can be any of several. Candidates are ranked
by stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen 1998): weights are drawn around the
declared ones, scores from their ranges, and the ranks are counted. Nothing here knows what is ranked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swp_analysis.analysis.rates import (
    CONFIDENCE,
    PER,
    Numbers,
    index_of,
    read_counts,
    read_numbers,
    read_sizes,
    shape_as,
)

PRIOR_CASES = 0.5
DRAWS = 10_000
SEED = 20_171_804
# The ends of a "likely" score are its 95% range.
NORMAL_95 = 1.959963984540054
# Totals that differ less than this are equal: the last digits of a sum depend on the order of its terms.
DECIMALS = 9
# What a candidate gets in a draw in which every criterion that applies to it weighs nothing.
NO_OPINION = 50.0


@dataclass(frozen=True)
class Ranks:
    """A row an area: `value`, `rank` (1 the highest, ties share the better place), `rank_low` and `rank_high`, between
    which the place lies at the confidence asked for, and `chance_first`. An area without a figure has no place."""

    frame: pd.DataFrame

    def __repr__(self) -> str:
        first = self.frame.sort_values("rank").iloc[0]
        places = f"{first['rank_low']:.0f} to {first['rank_high']:.0f}"
        return f"Ranks({len(self.frame)} areas; the first place could be any from {places})"


def rank_rates(count: Numbers, population: Numbers, per: float = PER, conf: float = CONFIDENCE) -> Ranks:
    """Rank areas by their rate, highest first; each rate has the gamma posterior of Jeffreys' prior.

    >>> rank_rates([5, 4, 3], [1000, 1000, 1000])
    Ranks(3 areas; the first place could be any from 1 to 3)
    """
    x, size = read_counts(count), read_sizes(population, "a population")
    rng = np.random.default_rng(SEED)
    drawn = rng.gamma(np.nan_to_num(x) + PRIOR_CASES, size=(DRAWS, len(x))) / size + 0 * x
    return _rank(per * x / size, drawn, index_of(count), conf)


def rank_estimates(value: Numbers, error: Numbers, conf: float = CONFIDENCE) -> Ranks:
    """Rank figures with known standard errors, highest first, each drawn from a normal distribution."""
    centre = read_numbers(value)
    rng = np.random.default_rng(SEED)
    drawn = centre + read_numbers(error) * rng.standard_normal((DRAWS, len(centre)))
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
    frame = pd.DataFrame({"value": value}, index=index)
    known = ~np.isnan(drawn).any(axis=0)
    if not known.any():
        raise ValueError("no area has a figure to rank")
    places = pd.DataFrame(-drawn[:, known]).rank(axis=1, method="min").to_numpy()
    ends = np.quantile(places, [(1 - conf) / 2, (1 + conf) / 2], axis=0, method="nearest")
    found = {"rank": pd.Series(-value[known]).rank(method="min").to_numpy(), "rank_low": ends[0], "rank_high": ends[1]}
    for name, ranks in found.items():
        frame.loc[known, name] = ranks
    frame.loc[known, "chance_first"] = (places == 1).mean(axis=0)
    return Ranks(frame.astype(dict.fromkeys(found, int if known.all() else "Int64")))


@dataclass(frozen=True)
class ScoreTable:
    """Candidates (rows) by criteria (columns): `low`, `centre`, `high` on 0-100, `even` where any point of the range is
    as likely as another, `applies` where the criterion takes part."""

    low: np.ndarray
    centre: np.ndarray
    high: np.ndarray
    even: np.ndarray
    applies: np.ndarray

    @property
    def keys(self) -> np.ndarray:
        """All that is known of each row, so that a new name or place changes nothing."""
        return np.hstack([*vars(self).values()])

    def take(self, rows: np.ndarray) -> ScoreTable:
        """Give the same table with its rows in another order."""
        return ScoreTable(*(part[rows] for part in vars(self).values()))

    @classmethod
    def exact(cls, scores: np.ndarray) -> ScoreTable:
        """Give scores that are known without a doubt."""
        scores = np.asarray(scores, dtype=float)
        return cls(scores, scores, scores, np.ones_like(scores, dtype=bool), np.ones_like(scores, dtype=bool))


def rank_draws(
    table: ScoreTable, weights: np.ndarray, *, draws: int = DRAWS, seed: int = SEED, fixed_weights: bool = False
) -> np.ndarray:
    """Rank of every candidate in every draw, 1 the highest; tied candidates share their mean rank.

    `fixed_weights` keeps the declared weights, so that only the scores vary.

    The result doesn't depend on the order of the rows: random numbers are dealt out in the order of the scores, and
    rows with equal scores get the same shares of ranks in the long run.

    Returns
    -------
    Array of shape (draws, candidates).
    """
    order = np.lexsort(table.keys.T[::-1])
    ranks = np.empty((draws, len(order)))
    rng = np.random.default_rng(seed)
    ranks[:, order] = rank_draws_in_order(table.take(order), weights, rng, draws, fixed_weights=fixed_weights)
    return ranks


def rank_draws_in_order(
    table: ScoreTable, weights: np.ndarray, rng: np.random.Generator, draws: int, *, fixed_weights: bool = False
) -> np.ndarray:
    """Run `rank_draws` with random numbers dealt out in the order of the rows."""
    drawn_weights = draw_weights(weights, rng, draws)
    if fixed_weights:
        drawn_weights = np.broadcast_to(np.asarray(weights, dtype=float), drawn_weights.shape)
    chances = rng.random((draws, *table.centre.shape))
    totals = weighted_mean(sample_scores(table, chances), drawn_weights[:, None, :], table.applies)
    return pd.DataFrame(-np.round(totals, DECIMALS)).rank(axis=1).to_numpy()


def draw_weights(weights: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Draw weights that add up to 1, spread around the declared ones; equal declared weights give every mix the same
    chance (Dirichlet with all parameters 1). A weight of zero stays zero."""
    weights = np.asarray(weights, dtype=float)
    used = weights > 0
    drawn = np.zeros((draws, len(weights)))
    # NOTE: rounded, so that weights in another unit give the same random numbers to the last digit.
    drawn[:, used] = rng.dirichlet(np.round(used.sum() * weights[used] / weights[used].sum(), DECIMALS), size=draws)
    return drawn


def sample_scores(table: ScoreTable, chances: np.ndarray) -> np.ndarray:
    """Give a score for each chance (0-1): even over the range, or two half-normals that meet at the centre."""
    from scipy.special import ndtri

    even = table.low + chances * (table.high - table.low)
    steps = ndtri(np.clip(chances, 1e-12, 1 - 1e-12)) / NORMAL_95
    sides = np.where(steps < 0, table.centre - table.low, table.high - table.centre)
    return np.clip(np.where(table.even, even, table.centre + steps * sides), 0, 100)


def weighted_mean(scores: np.ndarray, weights: np.ndarray, applies: np.ndarray) -> np.ndarray:
    """Give the mean over the criteria that apply."""
    shares = weights * applies
    total = shares.sum(axis=-1)
    return np.where(total > 0, (scores * shares).sum(axis=-1) / np.where(total > 0, total, 1), NO_OPINION)


def chance_of_top(ranks: np.ndarray, places: int) -> np.ndarray:
    """Give the share of draws in which each candidate is among the first `places`."""
    return (np.asarray(ranks) <= places).mean(axis=0)


def place(totals: np.ndarray) -> np.ndarray:
    """Give ranks of fixed scores, 1 the highest; equal scores share the better rank."""
    return pd.Series(-np.round(totals, DECIMALS)).rank(method="min").to_numpy(dtype=int)
