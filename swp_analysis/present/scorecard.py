"""The scorecard that a board member reads. In: findings, series. Out: a row an indicator, with the verdict, both years,
the latest quarter, a small line and the aim; nothing is judged here."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import isnan

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.present.chart_style import LAST_YEAR, THIS_YEAR
from swp_analysis.present.exhibit import Fold
from swp_analysis.present.finding_tables import (
    find_last_two,
    mark_verdict,
    name_both_years,
    name_last,
    tabulate_findings,
    write_short_change,
)
from swp_analysis.present.numbers import NOTHING, write_value
from swp_analysis.present.series import Series
from swp_analysis.present.table import Cell, Column, Markup, Table

LATEST, AIM = "Latest quarter", "Aim"
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
    names = [
        one.id for theme in catalogue.themes for one in catalogue.of_theme(theme) if not series[one.id].is_snapshot
    ]
    wholes = [name for name in names if not series[name].is_part] or names
    parts = [name for name in names if name not in wholes]
    caption = f"Scorecard {name_both_years(findings[names[0]])[1]}"
    tables = [
        _tabulate_card(
            title, [(series[name], findings[name]) for name in chosen], catalogue, {LATEST} if brief else set()
        )
        for title, chosen in ((caption, wholes), (f"{caption}: {PARTS.lower()}", parts))
        if chosen
    ]
    return Scorecard(tables[0], tables[1] if parts else None, [findings[name] for name in names])


def _tabulate_card(
    caption: str, pairs: Sequence[tuple[Series, Finding]], catalogue: Catalogue, left_out: set[str]
) -> Table:
    found = [finding for _, finding in pairs]
    aims = [_write_aim(one) for one in found]
    columns: dict[str | Column, Sequence[Cell]] = {
        "Indicator": [one.indicator.short_label for one in found],
        "Verdict": [mark_verdict(one) for one in found],
        Column(" to ".join(name_both_years(found[0])), "number"): [_write_years(one) for one in found],
        Column(LATEST, "number"): [_write_latest(series, one.financial_year) for series, one in pairs],
        "Trend": [draw_sparkline(series) or NOTHING for series, _ in pairs],
        Column(AIM, "number"): aims,
    }
    left_out = left_out if any(aim != NOTHING for aim in aims) else left_out | {AIM}
    shown = {column: cells for column, cells in columns.items() if getattr(column, "name", "") not in left_out}
    themes = [catalogue.themes[one.indicator.theme].title for one in found]
    return Table.of(caption, shown, groups=themes, kind="scorecard")


def _write_years(finding: Finding) -> Cell:
    if finding.before is None or finding.after is None:
        return NOTHING
    unit = finding.indicator.unit
    part = "" if finding.quarters in ((), QUARTERS) else f"{quarters_in_words(finding.quarters)}: "
    years = f"{part}{write_value(finding.before, unit)} to {write_value(finding.after, unit)}"
    change = "" if finding.change is None else write_short_change(finding)
    return Markup(f'{escape(years)}<br><span class="change">{escape(change)}</span>', f"{years}, {change}")


def _write_latest(series: Series, year: str) -> str:
    """The last quarter with a figure, and the one before it."""
    last, before = find_last_two(series)
    if last is None:
        return NOTHING
    was = f" (was {before.text})" if before else ""
    return f"{name_last(last, year)}: {last.text}{was}"


def _write_aim(finding: Finding) -> str:
    target = finding.indicator.target.get(finding.financial_year)
    return NOTHING if target is None else write_value(target, finding.indicator.unit)


def draw_sparkline(series: Series) -> Markup | None:
    """Draw the quarters as a small line that breaks at gaps; this year's are darker, the last one is a dot."""
    reported = series.reported
    if len(reported) < 2:
        return None
    top = max(point.value for point in reported) or 1
    step = 84 / max(len(series.points) - 1, 1)
    places = [(3 + step * i, 17 - 14 * value / top) for i, value in enumerate(series.values)]
    segments = [
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{_colour(series, i + 1)}" stroke-width="1.6"/>'
        for i, ((x1, y1), (x2, y2)) in enumerate(pairwise(places))
        if not isnan(y1) and not isnan(y2)
    ]
    x, y = next(place for place in reversed(places) if not isnan(place[1]))
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{THIS_YEAR}"/>'
    size = 'width="90" height="20"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" {size}>{"".join(segments)}{dot}</svg>'
    alt = f"from {reported[0].text} in {reported[0].label} to {reported[-1].text} in {reported[-1].label}"
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode('utf-8')).decode('ascii')}"
    return Markup(f'<img class="icon" {size} src="{source}" alt="{escape(alt)}">', alt)


def _colour(series: Series, place: int) -> str:
    return THIS_YEAR if series.points[place].financial_year == series.years[-1] else LAST_YEAR
