"""Findings as tables and lists. In: findings, the strategy book. Out: one row an indicator, with both years, the
change, its range and the verdict; lists by verdict, and beside the priorities, in which none is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from swp_analysis.analysis.findings import Evidence, Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority, Objective
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.exhibit import Cell, Column, Number, Span, Table, figure_cell
from swp_analysis.present.numbers import NOTHING, write_change, write_interval, write_percent_change, write_value
from swp_analysis.present.prose import Bullets
from swp_analysis.present.series import Point, Series
from swp_analysis.present.words import UNKNOWN, group_by_verdict, name_compared, write_part_of_year, write_verdict

RANGE_NOTE = (
    "The range is of this year divided by last year for counts, and of the difference in points for percentages. "
    "Changes and ranges are worked out before rounding."
)


def tabulate_findings(findings: Sequence[Finding], caption: str) -> Table:
    """Tabulate both years over the same quarters, the change, its 95% range and the verdict.

    Raises
    ------
    ValueError
        When there is no finding to tabulate.
    """
    if not findings:
        raise ValueError("a table of findings needs at least one finding")
    years = [display_year(findings[0].compared_with), display_year(findings[0].financial_year)]
    figures = [Column(name, "number") for name in (*years, "Change", "95% range")]
    columns: list[str | Column] = ["Indicator", *figures[:2], "Compared", *figures[2:], "Verdict"]
    return Table(caption, columns, [_row(finding) for finding in findings], note=RANGE_NOTE)


def tabulate_glance(pairs: Sequence[tuple[Series, Finding]], caption: str) -> Table:
    """Tabulate both years, the change, the last quarter against the one before it, and the verdict; a sentence below
    names the indicators that are withheld."""
    shown = [(series, finding) for series, finding in pairs if not finding.withheld]
    years = [display_year(pairs[0][1].compared_with), display_year(pairs[0][1].financial_year)]
    figures = [Column(name, "number") for name in (*years, "Change", "Last quarter", "Quarter before")]
    withheld = [finding.indicator.short_label for _, finding in pairs if finding.withheld]
    note = f"Withheld, because the numbers are small: {', '.join(withheld)}." if withheld else ""
    ends = [last for series, _ in shown if (last := find_last_two(series)[0])]
    newest = max((last.starts for last in ends), default=date.min)
    rows = [_glance_row(*pair, newest) for pair in shown]
    return Table(caption, ["Indicator", *figures, "Verdict"], rows, note=note)


def _glance_row(series: Series, finding: Finding, newest: date) -> list[Cell]:
    unit, (last, before) = finding.indicator.unit, find_last_two(series)
    return [
        name_compared(finding),
        figure_cell(finding.before, unit),
        figure_cell(finding.after, unit),
        _change(finding),
        _last_cell(last, newest, finding.financial_year),
        figure_cell(before.value if before else None, unit),
        write_verdict(finding),
    ]


def _last_cell(last: Point | None, newest: date, year: str) -> Cell:
    """The last figure, with its quarter where other rows reach further."""
    if last is None:
        return NOTHING
    cell = figure_cell(last.value, last.unit)
    if last.starts < newest and isinstance(cell, Number):
        return Number(cell.value, f"{name_last(last, year)}: {cell.text}")
    return cell


def find_last_two(series: Series) -> tuple[Point | None, Point | None]:
    """Find the last quarter with a figure and the one before it, each None where it isn't published."""
    if not series.reported or series.is_snapshot:
        return None, None
    place = series.points.index(series.reported[-1])
    before = series.points[place - 1] if place else None
    return series.reported[-1], before if before and before.status == "reported" else None


def name_last(last: Point, year: str) -> str:
    """Name the last quarter with a figure: `Q4`, and with its year where that isn't the year of the edition."""
    return f"Q{last.quarter}" if last.financial_year == year else last.label


def _row(finding: Finding) -> list[Cell]:
    unit = finding.indicator.unit
    return [
        finding.indicator.label,
        figure_cell(finding.before, unit),
        figure_cell(finding.after, unit),
        _compared(finding),
        _change(finding),
        span_cell(finding.verdict.evidence),
        write_verdict(finding),
    ]


def span_cell(evidence: Evidence) -> Cell:
    """Give the 95% range of a change, to three decimals; a dash where none can be given."""
    if evidence.lower is None or evidence.upper is None:
        return NOTHING
    text = write_interval(evidence.lower, evidence.upper, evidence.measure)
    return Span(round(evidence.lower, 3), round(evidence.upper, 3), text)


def _compared(finding: Finding) -> str:
    if finding.before is None:
        return NOTHING
    return "year" if finding.quarters == (1, 2, 3, 4) else quarters_in_words(finding.quarters)


def write_short_change(finding: Finding) -> str:
    """Write the change of a finding that has one: `+30 (+15.7%)`, `−0.6 points`."""
    assert finding.before is not None  # a change has both years
    assert finding.after is not None
    change = write_change(finding.before, finding.after, finding.indicator.unit)
    change = change.removesuffix(" before rounding").replace("percentage points", "points")  # the note says so
    in_percent = f" ({write_percent_change(finding.change_pct)})" if finding.change_pct is not None else ""
    return f"{change}{in_percent}"


def _change(finding: Finding) -> Cell:
    return NOTHING if finding.change is None else Number(round(finding.change, 1), write_short_change(finding))


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
    """List the delivery priorities of a year that some of these indicators are about."""
    names = {finding.indicator.id for finding in findings}
    chosen = catalogue.strategy.delivery_priorities.get(financial_year, [])
    items = [priority.text for priority in chosen if names & set(priority.indicators)]
    return Bullets(
        f"Delivery priorities of {display_year(financial_year)} that these figures are about",
        items,
        when_empty="No delivery priority of the year is about these figures.",
    )


def list_gaps(entries: Iterable[DeliveryPriority | Objective]) -> list[str]:
    """List the entries that are not, or not fully, measured, each with what is missing."""
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
