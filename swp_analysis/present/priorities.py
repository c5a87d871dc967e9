"""Findings beside the partnership's priorities. In: findings and the strategy book. Out: lists and tables; none is
left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority, Objective
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import write_value
from swp_analysis.present.prose import Bullets, Shown, Stack
from swp_analysis.present.words import UNKNOWN, group_by_verdict, write_part_of_year


def list_by_verdict(findings: Iterable[Finding]) -> list[Shown]:
    """A list for each of `GROUPS`; an empty one says so. What can't be told has a list for each reason."""
    grouped = group_by_verdict(findings)
    reasons = _list_reasons(grouped.pop(UNKNOWN))
    lists = {name: [_short(finding) for finding in members] for name, members in grouped.items()}
    lists |= {f"{UNKNOWN}: {reason}": items for reason, items in reasons.items()} if reasons else {UNKNOWN: []}
    return [Bullets(lead, items, when_empty="None of these indicators.") for lead, items in lists.items()]


def list_unknown(findings: Iterable[Finding]) -> Stack:
    """The findings that can't be told: a list for each reason, those with figures of both years first."""
    lists = _list_reasons(group_by_verdict(findings)[UNKNOWN])
    return Stack([Bullets(f"{reason[0].upper()}{reason[1:]}", items) for reason, items in lists.items()])


def _list_reasons(unknown: Sequence[Finding]) -> dict[str, list[str]]:
    """Reason -> what can't be told because of it."""
    reasons: dict[str, list[str]] = {}
    for finding in sorted(unknown, key=lambda finding: finding.before is None):
        reasons.setdefault(_why_unknown(finding), []).append(_short(finding))
    return reasons


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
        return f"{label}."
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    return f"{label}: {before} to {after}{write_part_of_year(finding)}."


def _why_unknown(finding: Finding) -> str:
    if finding.withheld:
        return "withheld, the numbers are too small to share"
    return "; ".join(finding.verdict.evidence.warnings)
