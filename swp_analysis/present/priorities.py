"""Findings beside the partnership's priorities. In: findings and the strategy book. Out: lists and tables; none is
left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority, Objective
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.numbers import write_value
from swp_analysis.present.prose import Bullets, Shown
from swp_analysis.present.words import group_by_verdict


def list_by_verdict(findings: Iterable[Finding]) -> list[Shown]:
    """A list for each of `GROUPS`; an empty one says so."""
    return [
        Bullets(name, [_short(finding) for finding in members], when_empty="None of these indicators.")
        for name, members in group_by_verdict(findings).items()
    ]


def list_unknown(findings: Iterable[Finding]) -> Bullets:
    """The findings that can't be told, those with the same reason together."""
    unknown = group_by_verdict(findings)["Can't be told"]
    compared = [_short(finding) for finding in unknown if finding.before is not None]
    reasons: dict[str, list[str]] = {}
    for finding in unknown:
        if finding.before is None:
            reasons.setdefault(_why_unknown(finding), []).append(finding.indicator.label)
    grouped = [f"{reason[0].upper()}{reason[1:]}: {'; '.join(labels)}." for reason, labels in reasons.items()]
    return Bullets("", [*compared, *grouped])


def list_priorities_of(findings: Sequence[Finding], catalogue: Catalogue, financial_year: str) -> Bullets:
    """The delivery priorities of a year that some of these indicators speak to."""
    names = {finding.indicator.id for finding in findings}
    chosen = catalogue.strategy.delivery_priorities.get(financial_year, [])
    items = [priority.text for priority in chosen if names & set(priority.indicators)]
    return Bullets(
        f"Delivery priorities of {display_year(financial_year)} that these figures speak to",
        items,
        when_empty="None is recorded in the strategy book.",
    )


def list_gaps(entries: Iterable[DeliveryPriority | Objective]) -> list[str]:
    """The entries that are not, or not fully, measured, each with what is missing."""
    return [f"{entry.text}: {entry.gap}" for entry in entries if entry.gap]


def _short(finding: Finding) -> str:
    label, unit = finding.indicator.label, finding.indicator.unit
    if finding.before is None or finding.after is None:
        return f"{label}: {_why_unknown(finding)}."
    return (
        f"{label}: {write_value(finding.before, unit)} to {write_value(finding.after, unit)}{_part_of_year(finding)}."
    )


def _why_unknown(finding: Finding) -> str:
    if finding.withheld:
        return "withheld, the numbers are too small to share"
    return "; ".join(finding.verdict.evidence.warnings)


def _part_of_year(finding: Finding) -> str:
    return "" if finding.quarters == QUARTERS else f" ({finding.basis})"
