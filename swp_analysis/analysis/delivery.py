"""What was done, beside what the figures did. In: the year's work, priorities and findings. Out: a row a priority.

That figures moved while work was done does not show that the work moved them; nothing here claims it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.delivery import Work
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority

Outcome = Literal["better", "worse", "both ways", "moved", "no clear change", "not known", "no data"]


@dataclass(frozen=True)
class Delivered:
    """A delivery priority of a year: what was done for it, and what its indicators did in that year."""

    priority: DeliveryPriority
    strategic_priority: str
    work: tuple[Work, ...]
    findings: tuple[Finding, ...]
    outcome: Outcome


def follow_delivery(catalogue: Catalogue, findings: Mapping[str, Finding], year: str) -> list[Delivered]:
    """Put each delivery priority of a year beside the work done for it and the findings of its indicators."""
    labels = {entry.id: entry.label for strategy in catalogue.strategy.strategies for entry in strategy.priorities}
    book = catalogue.delivery.get(year)
    rows = []
    for priority in catalogue.strategy.delivery_priorities.get(year, []):
        own = tuple(findings[name] for name in priority.indicators if name in findings)
        work = tuple(one for one in book.work if priority.id in one.delivers) if book else ()
        rows.append(Delivered(priority, labels[priority.strategic_priority], work, own, name_outcome(own)))
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
