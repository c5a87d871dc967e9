"""Findings as tables. In: findings. Out: one row an indicator, with both years, the change, its range and the
verdict."""

from __future__ import annotations

from collections.abc import Sequence

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import NOTHING, write_change, write_interval, write_percent_change, write_value
from swp_analysis.present.tables import Table
from swp_analysis.present.words import write_verdict

RANGE_NOTE = (
    "The range is of this year divided by last year for counts, and of the difference in points for percentages. "
    "Changes and ranges are worked out before rounding."
)


def tabulate_findings(findings: Sequence[Finding], caption: str) -> Table:
    """Both years over the same quarters, the change, its 95% range and the verdict.

    Raises
    ------
    ValueError
        When there is no finding to tabulate.
    """
    if not findings:
        raise ValueError("a table of findings needs at least one finding")
    years = [display_year(findings[0].compared_with), display_year(findings[0].financial_year)]
    columns = ["Indicator", *years, "Compared", "Change", "95% range", "Verdict"]
    return Table(
        caption,
        columns,
        [_row(finding) for finding in findings],
        frozenset({"Compared", "Verdict"}),
        note=RANGE_NOTE,
    )


def _row(finding: Finding) -> list[str]:
    unit, evidence = finding.indicator.unit, finding.verdict.evidence
    has_range = evidence.lower is not None and evidence.upper is not None
    return [
        finding.indicator.label,
        write_value(finding.before, unit),
        write_value(finding.after, unit),
        _compared(finding),
        _change(finding),
        write_interval(evidence.lower, evidence.upper, evidence.measure) if has_range else NOTHING,
        write_verdict(finding),
    ]


def _compared(finding: Finding) -> str:
    if finding.before is None:
        return NOTHING
    return "year" if finding.quarters == (1, 2, 3, 4) else quarters_in_words(finding.quarters)


def _change(finding: Finding) -> str:
    if finding.change is None:
        return NOTHING
    change = write_change(finding.before, finding.after, finding.indicator.unit)
    change = change.removesuffix(" before rounding").replace("percentage points", "points")  # the note says so
    return f"{change} ({write_percent_change(finding.change_pct)})" if finding.change_pct is not None else change
