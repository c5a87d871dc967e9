"""Evidence, choice and work side by side. In: a ranking, the chosen priorities, the year's work. Out: rows, both ways.

From each chosen priority to what was measured and done, and from each candidate to who chose it; nothing is left out.
The back-cast measures agreement, never who was right: the partnership knew more than these tables. That figures moved
while work was done does not show that the work moved them; nothing here claims it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.priorities import Ranked, Ranking
from swp_analysis.catalogue.books import DeliveryPriority, Objective, Work
from swp_analysis.catalogue.models import Catalogue

PriorityStatus = Literal["signal", "no signal", "no indicator"]
CandidateStatus = Literal["signal, chosen", "signal, not chosen", "no signal, chosen", "no signal, not chosen"]
TAIL = 0.025
# Odds so far from even that nothing beyond them can be told apart.
MOST_LOG_ODDS = 40.0
Outcome = Literal["better", "worse", "both ways", "moved", "no clear change", "not known", "no data"]


@dataclass(frozen=True)
class PriorityRow:
    """A chosen delivery priority: the candidates it speaks to as they stood when it was chosen."""

    priority: DeliveryPriority
    strategic_priority: str
    candidates: tuple[Ranked, ...]
    status: PriorityStatus


@dataclass(frozen=True)
class CandidateRow:
    """A candidate: which of its indicators moved clearly, and which priorities name it."""

    candidate: Ranked
    signals: tuple[str, ...]
    priorities: tuple[DeliveryPriority, ...]
    status: CandidateStatus


def has_signal(entry: Ranked, ranking: Ranking) -> bool:
    """Tell whether one of its indicators got clearly worse, or moved clearly where both ways can be bad.

    A signal needs a figure: a first place by harm and size alone is none.
    """
    return bool(set(entry.candidate.indicators) & ranking.signals)


def follow_priorities(ranking: Ranking, catalogue: Catalogue, year: str) -> list[PriorityRow]:
    """Give every delivery priority chosen for a year, with what `ranking` said when it was chosen."""
    book = catalogue.strategy
    return [_follow(one, book.labels[one.strategic_priority], ranking) for one in book.chosen_for(year)]


def _follow(priority: DeliveryPriority, strategic: str, ranking: Ranking) -> PriorityRow:
    spoken_to = {ranking.holding(name).candidate.id for name in priority.indicators}
    candidates = tuple(entry for entry in ranking.ranked if entry.candidate.id in spoken_to)
    signal = any(has_signal(entry, ranking) for entry in candidates)
    status: PriorityStatus = "no indicator" if not candidates else "signal" if signal else "no signal"
    return PriorityRow(priority, strategic, candidates, status)


def follow_candidates(ranking: Ranking, catalogue: Catalogue, year: str) -> list[CandidateRow]:
    """Give every candidate, with the delivery priorities of a year that name one of its indicators."""
    chosen, rows = catalogue.strategy.chosen_for(year), []
    for entry in ranking.ranked:
        own = set(entry.candidate.indicators)
        naming = tuple(priority for priority in chosen if own & set(priority.indicators))
        signals = tuple(name for name in entry.candidate.indicators if name in ranking.signals)
        rows.append(CandidateRow(entry, signals, naming, _name_status(has_signal(entry, ranking), bool(naming))))
    return rows


def _name_status(signal: bool, chosen: bool) -> CandidateStatus:
    if signal:
        return "signal, chosen" if chosen else "signal, not chosen"
    return "no signal, chosen" if chosen else "no signal, not chosen"


def list_blind_spots(catalogue: Catalogue, year: str) -> list[tuple[DeliveryPriority | Objective, str]]:
    """List what the partnership, its plans and residents care about and these tables don't, or don't fully, measure;
    each with who asks for it."""
    plans = [plan for plan in catalogue.strategy.plans if plan.year <= year]
    asked: Iterable[tuple[DeliveryPriority | Objective, str]] = [
        *((concern, "residents") for plan in plans for concern in plan.community_concerns),
        *((priority, "delivery priority") for priority in catalogue.strategy.chosen_for(year)),
        *((objective, "local plan") for plan in plans for objective in plan.objectives),
    ]
    return [(entry, who) for entry, who in asked if entry.gap]


@dataclass(frozen=True)
class BackCast:
    """The figures of one year against the choice for the next.

    `hits`: put forward by the figures, and chosen. `misses`: put forward, not chosen. `without_signal`: chosen, not put
    forward. `kappa` compares the choice with as many first places as candidates were chosen; it is None where every
    candidate or none was chosen.
    """

    ranking: Ranking
    chosen_for: str
    rows: tuple[CandidateRow, ...]
    hits: tuple[Ranked, ...]
    misses: tuple[Ranked, ...]
    without_signal: tuple[Ranked, ...]
    chosen: int
    kappa: float | None
    kappa_range: tuple[float, float] | None


def cast_back(ranking: Ranking, catalogue: Catalogue, chosen_for: str) -> BackCast:
    """Hold a ranking made from a year's figures against the delivery priorities chosen for the year after."""
    rows = follow_candidates(ranking, catalogue, chosen_for)
    chosen = np.array([bool(row.priorities) for row in rows])
    count, total = int(chosen.sum()), len(rows)
    shared = int(chosen[:count].sum())  # with as many first places
    firm = {entry.candidate.id for entry in ranking.put_forward}
    named = [row.candidate for row in rows if row.priorities]
    return BackCast(
        ranking=ranking,
        chosen_for=chosen_for,
        rows=tuple(rows),
        hits=tuple(entry for entry in named if entry.candidate.id in firm),
        misses=tuple(entry for entry in ranking.put_forward if entry not in named),
        without_signal=tuple(entry for entry in named if entry.candidate.id not in firm),
        chosen=count,
        kappa=find_kappa(shared, count, total) if 0 < count < total else None,
        kappa_range=range_of_kappa(shared, count, total),
    )


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
    return find_kappa(low, chosen, total), find_kappa(high, chosen, total)


def _mean_overlap_where(overlap: int, level: float, chosen: int, total: int) -> float:
    """Mean overlap at the odds under which the chance of at most `overlap` is `level`."""
    from scipy.optimize import brentq
    from scipy.special import gammaln, softmax

    shared = np.arange(max(0, 2 * chosen - total), chosen + 1)
    ways = -gammaln(shared + 1) - 2 * gammaln(chosen - shared + 1) - gammaln(total - 2 * chosen + shared + 1)

    def distance(log_odds: float) -> float:
        return softmax(ways + shared * log_odds)[shared <= overlap].sum() - level

    return float(shared @ softmax(ways + shared * brentq(distance, -MOST_LOG_ODDS, MOST_LOG_ODDS)))


def find_kappa(overlap: float, chosen: int, total: int) -> float:
    """Give the agreement beyond chance (Cohen 1960) of two lists that hold `chosen` of `total` candidates and share
    `overlap` of them: 1 complete, 0 as by chance.

    >>> find_kappa(1, 2, 4), find_kappa(2, 2, 4)
    (0.0, 1.0)
    """
    agree = (total - 2 * chosen + 2 * overlap) / total
    by_chance = (chosen / total) ** 2 + (1 - chosen / total) ** 2
    return (agree - by_chance) / (1 - by_chance)


@dataclass(frozen=True)
class Delivered:
    """A delivery priority of a year: what was done for it, and what its indicators did in that year."""

    priority: DeliveryPriority
    strategic_priority: str
    work: tuple[Work, ...]
    findings: tuple[Finding, ...]
    outcome: Outcome


def follow_delivery(catalogue: Catalogue, findings: Mapping[str, Finding], year: str) -> list[Delivered]:
    """Join each delivery priority of a year to the work done for it and the findings of its indicators."""
    book, strategy, rows = catalogue.delivery.get(year), catalogue.strategy, []
    for priority in strategy.chosen_for(year):
        own = tuple(findings[name] for name in priority.indicators if name in findings)
        work = tuple(one for one in book.work if priority.id in one.delivers) if book else ()
        rows.append(Delivered(priority, strategy.labels[priority.strategic_priority], work, own, name_outcome(own)))
    return rows


def name_outcome(findings: Sequence[Finding]) -> Outcome:
    """Name what several findings say together: only a change beyond chance counts, and its polarity as judged.

    Indicators that got better do not make up for others that got worse.
    """
    if not findings:
        return "no data"
    directions = {finding.verdict.direction for finding in findings}
    if not directions & {"up", "down"}:
        return "no clear change" if "no clear change" in directions else "not known"
    judged = {finding.verdict.polarity for finding in findings if finding.verdict.direction in ("up", "down")}
    if {"better", "worse"} <= judged:
        return "both ways"
    return "better" if "better" in judged else "worse" if "worse" in judged else "moved"
