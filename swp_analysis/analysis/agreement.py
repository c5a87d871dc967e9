"""Would the figures have named what the partnership chose? In: a past ranking, the choice. Out: a `BackCast`.

It measures agreement, never who was right: the partnership knew more than these tables, and the tables are two years.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from swp_analysis.analysis.ledger import CandidateRow, follow_candidates
from swp_analysis.analysis.priorities import Ranked, Ranking
from swp_analysis.catalogue.models import Catalogue

TAIL = 0.025
# Odds so far from even that nothing beyond them can be told apart.
MOST_LOG_ODDS = 40.0


@dataclass(frozen=True)
class BackCast:
    """The figures of one year against the choice for the next.

    `hits`: put forward by the figures, and chosen. `misses`: put forward, not chosen. `without_signal`: chosen, not put
    forward. `overlap` compares the choice with as many first places as candidates were chosen;
    `expected` is what chance alone would give, `p_chance` how often chance does as well. `kappa` is None where every
    candidate or none was chosen.
    """

    ranking: Ranking
    chosen_for: str
    rows: tuple[CandidateRow, ...]
    hits: tuple[Ranked, ...]
    misses: tuple[Ranked, ...]
    without_signal: tuple[Ranked, ...]
    chosen: int
    overlap: int
    expected: float
    p_chance: float
    kappa: float | None
    kappa_range: tuple[float, float] | None


def cast_back(ranking: Ranking, catalogue: Catalogue, chosen_for: str) -> BackCast:
    """Hold a ranking made from a year's figures against the delivery priorities chosen for the year after."""
    from scipy.stats import hypergeom

    rows = follow_candidates(ranking, catalogue, chosen_for)
    chosen = np.array([bool(row.priorities) for row in rows])
    count, total = int(chosen.sum()), len(rows)
    proposed = np.arange(total) < count
    overlap = int((chosen & proposed).sum())
    firm = {entry.candidate.id for entry in ranking.put_forward}
    first = [row.candidate.candidate.id in firm for row in rows]
    return BackCast(
        ranking=ranking,
        chosen_for=chosen_for,
        rows=tuple(rows),
        hits=tuple(row.candidate for row, top in zip(rows, first, strict=True) if top and row.priorities),
        misses=tuple(row.candidate for row, top in zip(rows, first, strict=True) if top and not row.priorities),
        without_signal=tuple(row.candidate for row, top in zip(rows, first, strict=True) if row.priorities and not top),
        chosen=count,
        overlap=overlap,
        expected=count * count / total,
        p_chance=float(hypergeom.sf(overlap - 1, total, count, count)),
        kappa=cohens_kappa(chosen, proposed),
        kappa_range=range_of_kappa(overlap, count, total),
    )


def cohens_kappa(one: np.ndarray, other: np.ndarray) -> float | None:
    """Give the agreement of two yes/no lists beyond chance (Cohen 1960): 1 complete, 0 as by chance; None when one of
    the lists says the same of everything.

    >>> cohens_kappa(np.array([True, True, False, False]), np.array([True, False, True, False]))
    0.0
    """
    if len(set(one.tolist())) < 2 or len(set(other.tolist())) < 2:
        return None
    agree = float((one == other).mean())
    by_chance = float(one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean()))
    return (agree - by_chance) / (1 - by_chance)


def range_of_kappa(overlap: int, chosen: int, total: int) -> tuple[float, float] | None:
    """Give the exact 95% range of kappa when both lists hold `chosen` of `total` candidates and share `overlap` of
    them.

    The overlap then follows Fisher's noncentral hypergeometric distribution; the range of its odds (each tail 2.5%) is
    carried over to the overlap that they lead to, and so to kappa. Unlike drawing again with replacement it doesn't
    shrink to a point when the lists agree completely.

    >>> low, high = range_of_kappa(17, 17, 18)
    >>> round(low, 2), high
    (-0.03, 1.0)
    """
    if chosen in (0, total):
        return None
    least = max(0, 2 * chosen - total)
    low = least if overlap == least else _mean_overlap_where(overlap - 1, 1 - TAIL, chosen, total)
    high = chosen if overlap == chosen else _mean_overlap_where(overlap, TAIL, chosen, total)
    return _kappa_of_overlap(low, chosen, total), _kappa_of_overlap(high, chosen, total)


def _mean_overlap_where(overlap: int, level: float, chosen: int, total: int) -> float:
    """Mean overlap at the odds under which the chance of at most `overlap` is `level`."""
    from scipy.optimize import brentq
    from scipy.stats import nchypergeom_fisher

    def distance(log_odds: float) -> float:
        return nchypergeom_fisher.cdf(overlap, total, chosen, chosen, exp(log_odds)) - level

    odds = exp(brentq(distance, -MOST_LOG_ODDS, MOST_LOG_ODDS))
    return float(nchypergeom_fisher.mean(total, chosen, chosen, odds))


def _kappa_of_overlap(overlap: float, chosen: int, total: int) -> float:
    agree = (total - 2 * chosen + 2 * overlap) / total
    by_chance = (chosen / total) ** 2 + (1 - chosen / total) ** 2
    return (agree - by_chance) / (1 - by_chance)
