"""Evidence and choice side by side. In: a ranking, the priorities that were chosen. Out: the ledger, both ways round.

From each chosen priority to what was measured, and from each candidate to who chose it; nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from swp_analysis.analysis.priorities import Ranked, Ranking
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority, Objective

PriorityStatus = Literal["signal", "no signal", "no indicator"]
CandidateStatus = Literal["signal, chosen", "signal, not chosen", "no signal, chosen", "no signal, not chosen"]


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
    """Give every delivery priority chosen for a year, beside what `ranking` said when it was chosen."""
    labels = {entry.id: entry.label for strategy in catalogue.strategy.strategies for entry in strategy.priorities}
    return [
        _follow(priority, labels[priority.strategic_priority], ranking)
        for priority in catalogue.strategy.delivery_priorities.get(year, [])
    ]


def _follow(priority: DeliveryPriority, strategic: str, ranking: Ranking) -> PriorityRow:
    spoken_to = {ranking.holding(name).candidate.id for name in priority.indicators}
    candidates = tuple(entry for entry in ranking.ranked if entry.candidate.id in spoken_to)
    signal = any(has_signal(entry, ranking) for entry in candidates)
    status: PriorityStatus = "no indicator" if not candidates else "signal" if signal else "no signal"
    return PriorityRow(priority, strategic, candidates, status)


def follow_candidates(ranking: Ranking, catalogue: Catalogue, year: str) -> list[CandidateRow]:
    """Give every candidate, with the delivery priorities of a year that name one of its indicators."""
    chosen = catalogue.strategy.delivery_priorities.get(year, [])
    rows = []
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
    chosen = catalogue.strategy.delivery_priorities.get(year, [])
    plans = [plan for plan in catalogue.strategy.plans if plan.year <= year]
    asked: Iterable[tuple[DeliveryPriority | Objective, str]] = [
        *((concern, "residents") for plan in plans for concern in plan.community_concerns),
        *((priority, "delivery priority") for priority in chosen),
        *((objective, "local plan") for plan in plans for objective in plan.objectives),
    ]
    return [(entry, who) for entry, who in asked if entry.gap]
