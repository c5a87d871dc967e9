"""Findings and figures as tables and lists. In: findings, series, the strategy book. Out: a row an indicator, with both
years, the change, its range and the verdict; its quarters; lists in which none is left out.

Every cell repeats what `findings` worked out; nothing is judged here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Evidence, Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority, Indicator, Objective
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.exhibit import Bullets
from swp_analysis.present.numbers import NOTHING, write_change, write_interval, write_percent_change
from swp_analysis.present.phrases import list_words, read_phrases, say
from swp_analysis.present.series import REASONS, Point, Series, read_point
from swp_analysis.present.table import Cell, Column, Markup, Number, Span, Table, figure_cell
from swp_analysis.present.words import UNKNOWN, group_by_verdict, is_clear, name_compared, write_headline, write_verdict


def tabulate_findings(findings: Sequence[Finding], caption: str) -> Table:
    """Tabulate both years over the same quarters, the change, its 95% range and the verdict.

    Raises
    ------
    ValueError
        When there is no finding to tabulate.
    """
    if not findings:
        raise ValueError("a table of findings needs at least one finding")
    before, after = name_both_years(findings[0])
    return Table.of(
        caption,
        {
            "Indicator": [one.indicator.label for one in findings],
            Column(before, "number"): [figure_cell(one.before, one.indicator.unit) for one in findings],
            Column(after, "number"): [figure_cell(one.after, one.indicator.unit) for one in findings],
            "Compared": [_compared(one) for one in findings],
            Column("Change", "number"): [_change(one) for one in findings],
            Column("95% range", "number"): [span_cell(one.verdict.evidence) for one in findings],
            "Verdict": [write_verdict(one) for one in findings],
        },
        say("range_note"),
    )


def name_both_years(finding: Finding) -> tuple[str, str]:
    """Give the year before and the year of a finding as pages write them."""
    return display_year(finding.compared_with), display_year(finding.financial_year)


def tabulate_glance(pairs: Sequence[tuple[Series, Finding]], caption: str) -> Table:
    """Tabulate the verdict, both years, the change and the last quarter against the one before it; a sentence below
    names the indicators that are withheld."""
    shown = [(find_last_two(series), finding) for series, finding in pairs if not finding.withheld]
    before, after = name_both_years(pairs[0][1])
    withheld = [finding.indicator.name for _, finding in pairs if finding.withheld]
    newest = max((last.starts for (last, _), _ in shown if last), default=date.min)
    return Table.of(
        caption,
        {
            "Indicator": [name_compared(one) for _, one in shown],
            "Verdict": [mark_verdict(one) for _, one in shown],
            Column(before, "number"): [figure_cell(one.before, one.indicator.unit) for _, one in shown],
            Column(after, "number"): [figure_cell(one.after, one.indicator.unit) for _, one in shown],
            Column("Change", "number"): [_change(one) for _, one in shown],
            Column("Last quarter", "number"): [
                _last_cell(last, newest, one.financial_year) for (last, _), one in shown
            ],
            Column("Quarter before", "number"): [
                figure_cell(earlier.value if earlier else None, one.indicator.unit) for (_, earlier), one in shown
            ],
        },
        f"Withheld, because the numbers are small: {', '.join(withheld)}." if withheld else "",
        kind="glance",
    )


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


NOTHING_TO_SHOW = "There are no figures on this that can be shown here."
# The shapes of the charts, for those who see no colour.
_SHAPES = {"worse": "▲", "better": "●", "no judgement": "■"}


def mark_verdict(finding: Finding) -> Cell:
    """Write the verdict, a clear one with the shape that charts give it."""
    verdict = write_verdict(finding)
    if not is_clear(finding):
        return verdict
    shape = f'<span class="shape" aria-hidden="true">{_SHAPES[finding.verdict.polarity]}</span>'
    return Markup(f"{shape} {escape(verdict)}", verdict)


def tabulate_series(series: Series) -> Table:
    """Tabulate the quarters as a table, one row a quarter and one column a year."""
    years, unit = series.years, series.indicator.unit
    rows = [[f"Q{quarter}", *(_cell_of(series, year, quarter) for year in years)] for quarter in QUARTERS]
    columns: list[str | Column] = ["Quarter", *(Column(display_year(year), unit) for year in years)]
    return Table(f"{series.indicator.label}: figures by quarter", columns, rows)


def tabulate_quarters(several: Sequence[Series], caption: str) -> Table:
    """Tabulate the quarters of several indicators, one row an indicator and one column a quarter, in time order."""
    periods = sorted({(point.financial_year, point.quarter) for one in several for point in one.points})
    rows = [[one.indicator.label, *(_cell_of(one, *period) for period in periods)] for one in several]
    columns: list[str | Column] = [
        "Indicator",
        *(Column(f"Q{quarter} {display_year(year)}", "number") for year, quarter in periods),
    ]
    return Table(caption, columns, rows)


def tabulate_snapshots(series: Sequence[Series], area: str) -> Table:
    """Tabulate figures of single months, one row an indicator; a note names those of which there is no figure."""
    every = [(one.indicator.label, point) for one in series for point in one.points]
    shown = [(label, point) for label, point in every if point.status in ("reported", "suppressed")]
    without: dict[str, list[str]] = {}
    for label, point in every:
        if point.status in REASONS:
            without.setdefault(REASONS[point.status].replace(NOTHING, "not published"), []).append(label)
    note = " ".join(f"{reason.capitalize()}: {'; '.join(labels)}." for reason, labels in without.items())
    points, names = [point for _, point in shown], [label for label, _ in shown]
    return Table.described("snapshots", points, indicator=names, area=area, note=note)


def tabulate_months(months: pd.DataFrame, indicators: Sequence[Indicator]) -> Table | None:
    """Tabulate the latest month of each indicator whose quarter is not over; None when there is none."""
    known = {indicator.id: indicator for indicator in indicators}
    every: Iterable[Any] = months.itertuples(index=False)
    own = [(known[row.indicator], row) for row in every if row.indicator in known]
    points = [read_point(row._replace(quarter=0), indicator.unit) for indicator, row in own]
    table = Table.described("months", points, indicator=[indicator.label for indicator, _ in own])
    return table if points else None


def _cell_of(series: Series, year: str, quarter: int) -> Cell:
    point = series.of(year, quarter)
    return point.cell if point else NOTHING


def tabulate_coverage(series: Mapping[str, Series], catalogue: Catalogue) -> Table:
    """For each indicator: how many figures there are, how many are missing and why, and who owns them."""
    points = [[point.status.replace("suppressed", "withheld") for point in one.points] for one in series.values()]
    status = ("reported", "not_available", "withheld", "unreadable")
    counts = {name: [found.count(name) for found in points] for name in status}
    return Table.described("coverage", [catalogue.indicators[name] for name in series], **counts)


def tabulate_gaps(series: Sequence[Series]) -> Table | None:
    """Tabulate a mark for each quarter of the indicators with a gap, and say how many have none; None without any."""
    gaps = [one for one in series if len(one.reported) < len(one.points)]
    if not gaps:
        return None
    periods = sorted({(point.financial_year, point.quarter) for one in gaps for point in one.points})
    tiles, words = read_phrases()["tiles"], read_phrases()["tile_words"]
    columns: dict[str | Column, list[str]] = {
        Column(f"Q{quarter} {display_year(year)}", "tile"): [
            tiles[point.status if point else "not_available"] for point in (one.of(year, quarter) for one in gaps)
        ]
        for year, quarter in periods
    }
    used = [text for tile, text in words.items() if any(tile in cells for cells in columns.values())]
    return Table.of(
        f"{len(gaps)} of {len(series)} indicators have a gap; the others have every quarter",
        {"With a gap": [one.indicator.short_label for one in gaps], **columns},
        f"{list_words(used).capitalize()}.",
        kind="tiles",
    )


def list_headlines(findings: Sequence[Finding]) -> Bullets:
    """List what a chart would show of figures that are too few for one; those without both years are listed
    elsewhere."""
    lines = [f"{write_headline(finding)}." for finding in findings if finding.change is not None]
    is_hidden = all(finding.withheld for finding in findings)
    return Bullets("", lines, when_empty=NOTHING_TO_SHOW if is_hidden else "None of these has two years to compare.")


def list_unknown(findings: Iterable[Finding]) -> Bullets:
    """List for which findings we do not have enough data: a line for each reason, with all that it is true of."""
    reasons: dict[str, list[str]] = {}
    for finding in sorted(group_by_verdict(findings)[UNKNOWN], key=lambda finding: finding.before is None):
        reasons.setdefault(_why_unknown(finding), []).append(finding.indicator.name)
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


def _why_unknown(finding: Finding) -> str:
    if finding.withheld:
        return "withheld, because the numbers are small"
    return "; ".join(finding.verdict.evidence.warnings)
