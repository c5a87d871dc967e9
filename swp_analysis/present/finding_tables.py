"""Findings and figures as tables and lists. In: findings, series, the strategy book. Out: a row an indicator, with both
years, the change, its range and the verdict; its quarters; lists in which none is left out.

Every cell repeats what `findings` worked out; nothing is judged here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from math import isnan
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Evidence, Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.chart_style import THIS_YEAR, colour_years
from swp_analysis.present.exhibit import Bullets, Fold, Prose, embed_svg
from swp_analysis.present.phrases import NOTHING, say, write_change, write_interval, write_percent_change, write_value
from swp_analysis.present.series import Point, Series, find_last_two, name_last
from swp_analysis.present.table import Cell, Markup, Number, Span, Table, figure_cell
from swp_analysis.present.words import UNKNOWN, group_by_verdict, is_clear, name_compared, write_verdict


def list_cells(finding: Finding) -> dict[str, Cell]:
    """Give what any table may show of a finding, by the names that `tables.yml` has for it."""
    unit, target = finding.indicator.unit, finding.indicator.target.get(finding.financial_year)
    part = quarters_in_words(finding.quarters)
    return {
        "label": finding.indicator.label,
        "name": finding.indicator.name,
        "compared_name": name_compared(finding),
        "before": figure_cell(finding.before, unit),
        "after": figure_cell(finding.whole if finding.after is None else finding.after, unit),
        "compared": NOTHING if finding.before is None else "year" if finding.quarters == QUARTERS else part,
        "change": NOTHING if finding.change is None else Number(round(finding.change, 1), write_short_change(finding)),
        "range": span_cell(finding.verdict.evidence),
        "verdict": write_verdict(finding),
        "marked": mark_verdict(finding),
        "years": _write_years(finding),
        "aim": NOTHING if target is None else write_value(target, unit),
    }


def _tabulate(name: str, rows: Sequence[Mapping[str, Cell]], finding: Finding, **parts: Any) -> Table:
    """A table of `tables.yml` whose headings name both years, those of a finding."""
    year_before, year = name_both_years(finding)
    return Table.described(name, rows, year_before=year_before, year=year, **parts)


def tabulate_findings(findings: Sequence[Finding], caption: str) -> Table:
    """Tabulate both years over the same quarters, the change, its 95% range and the verdict."""
    return _tabulate("findings", list(map(list_cells, findings)), findings[0], caption=caption, note=say("range_note"))


def name_both_years(finding: Finding) -> tuple[str, str]:
    """Give the year before and the year of a finding as pages write them."""
    return display_year(finding.compared_with), display_year(finding.financial_year)


def tabulate_glance(pairs: Sequence[tuple[Series, Finding]]) -> Table:
    """Tabulate the verdict, both years, the change and the last quarter against the one before it; a sentence below
    names the indicators that are withheld."""
    shown = [(find_last_two(series), finding) for series, finding in pairs if not finding.withheld]
    withheld = [finding.indicator.name for _, finding in pairs if finding.withheld]
    newest = max((last.starts for (last, _), _ in shown if last), default=date.min)
    rows = [
        list_cells(one)
        | {"last": _last_cell(last, newest, one.financial_year), "earlier": earlier.cell if earlier else NOTHING}
        for (last, earlier), one in shown
    ]
    note = f"Withheld, because the numbers are small: {', '.join(withheld)}." if withheld else ""
    return _tabulate("glance", rows, pairs[0][1], note=note)


def _last_cell(last: Point | None, newest: date, year: str) -> Cell:
    """The last figure, with its quarter where that is of another year, or other rows reach further."""
    if last is None:
        return NOTHING
    named = f"{name_last(last, year)}: {last.text}"
    is_older = last.starts < newest or last.financial_year != year
    return Number(last.cell.value, named) if is_older and isinstance(last.cell, Number) else last.cell


def span_cell(evidence: Evidence) -> Cell:
    """Give the 95% range of a change, to three decimals; a dash where none can be given."""
    if evidence.lower is None or evidence.upper is None:
        return NOTHING
    text = write_interval(evidence.lower, evidence.upper, evidence.measure)
    return Span(round(evidence.lower, 3), round(evidence.upper, 3), text)


def write_short_change(finding: Finding) -> str:
    """Write the change of a finding that has one: `+30 (+15.7%)`, `−0.6 points`."""
    assert finding.before is not None  # a change has both years
    assert finding.after is not None
    change = write_change(finding.before, finding.after, finding.indicator.unit)
    change = change.removesuffix(" before rounding").replace("percentage points", "points")  # the note says so
    in_percent = f" ({write_percent_change(finding.change_pct)})" if finding.change_pct is not None else ""
    return f"{change}{in_percent}"


NOTHING_TO_SHOW = "There are no figures on this that can be shown here."
# In a notebook; a page has the table that follows, which says it all.
TOO_FEW = Prose("These are too few for a picture; `at_a_glance` has each of them.", "empty")
# The shapes of the charts, for those who see no colour.
_SHAPES = {"worse": "▲", "better": "●", "no judgement": "■"}


def mark_verdict(finding: Finding) -> Cell:
    """Write the verdict, a clear one with the shape that charts give it."""
    verdict = write_verdict(finding)
    if not is_clear(finding):
        return verdict
    shape = f'<span class="shape" aria-hidden="true">{_SHAPES[finding.verdict.polarity]}</span>'
    return Markup(f"{shape} {escape(verdict)}", verdict)


def list_unknown(findings: Iterable[Finding]) -> Bullets:
    """List for which findings we do not have enough data: a line for each reason, with all that it is true of."""
    reasons: dict[str, list[str]] = {}
    for finding in sorted(group_by_verdict(findings)[UNKNOWN], key=lambda finding: finding.before is None):
        why = "; ".join(finding.verdict.evidence.warnings)
        why = "withheld, because the numbers are small" if finding.withheld else why
        reasons.setdefault(why, []).append(finding.indicator.name)
    lines = [f"{reason[0].upper()}{reason[1:]}: {'; '.join(labels)}." for reason, labels in reasons.items()]
    return Bullets(UNKNOWN, lines)


def list_priorities_of(findings: Sequence[Finding], catalogue: Catalogue, financial_year: str) -> Bullets:
    """List the delivery priorities of a year that some of these indicators are about."""
    names = {finding.indicator.id for finding in findings}
    chosen = catalogue.strategy.chosen_for(financial_year)
    items = [priority.text for priority in chosen if names & set(priority.indicators)]
    lead = f"Delivery priorities of {display_year(financial_year)} that these figures are about"
    return Bullets(lead if items else "", items, when_empty="No delivery priority of the year is about these figures.")


PARTS = "Sub-groups and shares"


@dataclass(frozen=True, repr=False)
class Scorecard:
    """Every indicator by theme; parts of other indicators and shares in a table of their own, folded."""

    table: Table
    parts: Table | None
    findings: Sequence[Finding]

    @property
    def caption(self) -> str:
        """What the page calls it."""
        return self.table.caption

    @property
    def frame(self) -> pd.DataFrame:
        """The figures behind the rows, with numbers as numbers."""
        return tabulate_findings(self.findings, self.caption).frame

    def __repr__(self) -> str:
        return f"<Scorecard “{self.caption}”: {len(self.findings)} indicators>"

    def _repr_html_(self) -> str:
        return self.table._repr_html_() + (Fold(PARTS, self.parts)._repr_html_() if self.parts else "")


def make_scorecard(
    findings: Mapping[str, Finding], series: Mapping[str, Series], catalogue: Catalogue, *, brief: bool = False
) -> Scorecard:
    """Give every indicator that is collected by quarter: verdict, both years, small line and aim, and, unless `brief`,
    the latest quarter."""
    every = [one.id for theme in catalogue.themes for one in catalogue.of_theme(theme)]
    names = [name for name in every if not series[name].is_snapshot]
    wholes = [name for name in names if not series[name].is_part] or names
    parts = [name for name in names if name not in wholes]
    title = f"Scorecard {name_both_years(findings[names[0]])[1]}"
    tables = [
        _tabulate_card(caption, [(series[name], findings[name]) for name in chosen], catalogue, brief=brief)
        for caption, chosen in ((title, wholes), (f"{title}: {PARTS.lower()}", parts))
        if chosen
    ]
    return Scorecard(tables[0], tables[1] if parts else None, [findings[name] for name in names])


def _tabulate_card(
    caption: str, pairs: Sequence[tuple[Series, Finding]], catalogue: Catalogue, *, brief: bool
) -> Table:
    rows = [
        list_cells(one)
        | {"latest": _name_latest(series, one.financial_year), "trend": draw_sparkline(series) or NOTHING}
        for series, one in pairs
    ]
    is_compared = any(one.before is not None for _, one in pairs)  # if not, the latest quarter is all there is to see
    left_out = {"latest": brief and is_compared, "aim": all(row["aim"] == NOTHING for row in rows)}
    themes = [catalogue.themes[one.indicator.theme].title for _, one in pairs]
    without = {name: None for name, is_out in left_out.items() if is_out}
    return _tabulate("scorecard", rows, pairs[0][1], caption=caption, groups=themes, **without)


def _write_years(finding: Finding) -> Cell:
    unit = finding.indicator.unit
    if finding.before is None or finding.after is None:
        alone = None if finding.whole is None else write_value(finding.whole, unit)
        return f"{display_year(finding.financial_year)}: {alone}" if alone else NOTHING
    part = "" if finding.quarters in ((), QUARTERS) else f"{quarters_in_words(finding.quarters)}: "
    years = f"{part}{write_value(finding.before, unit)} to {write_value(finding.after, unit)}"
    change = "" if finding.change is None else write_short_change(finding)
    return Markup(f'{escape(years)}<br><span class="change">{escape(change)}</span>', f"{years}, {change}")


def _name_latest(series: Series, year: str) -> str:
    """The last quarter with a figure, and the one before it."""
    last, before = find_last_two(series)
    if last is None:
        return NOTHING
    was = f" (was {before.text})" if before else ""
    return f"{name_last(last, year)}: {last.text}{was}{', provisional' if last.provisional else ''}"


def draw_sparkline(series: Series) -> Markup | None:
    """Draw the quarters as a small line that breaks at gaps; this year's are darker, the last one is a dot."""
    reported = series.reported
    if len(reported) < 2:
        return None
    top = max(point.value for point in reported) or 1
    step = 84 / max(len(series.points) - 1, 1)
    places = [(3 + step * i, 17 - 14 * value / top) for i, value in enumerate(series.values)]
    colours = colour_years(series.points)
    segments = [
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="1.6"/>'
        for ((x1, y1), (x2, y2)), colour in zip(pairwise(places), colours[1:], strict=True)
        if not isnan(y1) and not isnan(y2)
    ]
    x, y = next(place for place in reversed(places) if not isnan(place[1]))
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{THIS_YEAR}"/>'
    size = 'width="90" height="20"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" {size}>{"".join(segments)}{dot}</svg>'
    alt = f"from {reported[0].text} in {reported[0].label} to {reported[-1].text} in {reported[-1].label}"
    return Markup(f'<img class="icon" {size} src="{embed_svg(svg.encode())}" alt="{escape(alt)}">', alt)
