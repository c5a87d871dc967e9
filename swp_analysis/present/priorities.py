"""Findings beside the partnership's priorities. In: findings and the strategy book. Out: lists and tables; none is
left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority, Objective
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import write_value
from swp_analysis.present.prose import Bullets
from swp_analysis.present.words import UNKNOWN, group_by_verdict, write_part_of_year


def list_by_verdict(findings: Iterable[Finding]) -> list[Bullets]:
    """List what got worse, what got better and so on, under the words of `GROUPS`; what has no entry is left out."""
    grouped = group_by_verdict(findings)
    unknown = list_unknown(grouped.pop(UNKNOWN))
    lists = [Bullets(name, [_short(one) for one in members]) for name, members in grouped.items() if members]
    return [*lists, unknown] if unknown.items else lists


def list_unknown(findings: Iterable[Finding]) -> Bullets:
    """List for which findings we do not have enough data: a line for each reason, with all that it is true of."""
    reasons: dict[str, list[str]] = {}
    for finding in sorted(group_by_verdict(findings)[UNKNOWN], key=lambda finding: finding.before is None):
        reasons.setdefault(_why_unknown(finding), []).append(finding.indicator.short_label)
    lines = [f"{reason[0].upper()}{reason[1:]}: {'; '.join(labels)}." for reason, labels in reasons.items()]
    return Bullets(UNKNOWN, lines)


def list_priorities_of(findings: Sequence[Finding], catalogue: Catalogue, financial_year: str) -> Bullets:
    """The delivery priorities of a year that some of these indicators are about."""
    names = {finding.indicator.id for finding in findings}
    chosen = catalogue.strategy.delivery_priorities.get(financial_year, [])
    items = [priority.text for priority in chosen if names & set(priority.indicators)]
    return Bullets(
        f"Delivery priorities of {display_year(financial_year)} that these figures are about",
        items,
        when_empty="No delivery priority of the year is about these figures.",
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
        return "withheld, because the numbers are small"
    return "; ".join(finding.verdict.evidence.warnings)
