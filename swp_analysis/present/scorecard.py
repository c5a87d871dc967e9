"""The one table that a board member reads. In: findings and series. Out: a `Scorecard`, a row an indicator with its
small line, a group a theme.

Every cell repeats what `findings` worked out; nothing is judged here.
"""

from __future__ import annotations

import itertools
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isnan

import pandas as pd

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.charts.style import LAST_YEAR, THIS_YEAR
from swp_analysis.present.finding_tables import find_last_two, name_last, tabulate_findings, write_short_change
from swp_analysis.present.numbers import NOTHING, write_value
from swp_analysis.present.series import Series
from swp_analysis.present.words import is_clear, write_verdict

VARIATION_WORDS = {
    "not_enough_points": "too few points",
    "too_few_events": "too few events",
    "undecided": "it depends on withheld figures",
    "trial_limits": "too few quarters for an icon",
    "cannot_judge": "can't be judged: the figures never moved",
    "level_drifts": "the level itself has moved on",
    "common_cause": "nothing unusual",
    "improvement_high": "unusually high: better",
    "improvement_low": "unusually low: better",
    "concern_high": "unusually high: worse",
    "concern_low": "unusually low: worse",
    "neutral_high": "unusually high",
    "neutral_low": "unusually low",
}


@dataclass(frozen=True, repr=False)
class Icon:
    """A small picture in a line of text or a table cell."""

    svg: str
    alt: str
    width: int = 20

    def __repr__(self) -> str:
        return f"<Icon “{self.alt}”>"

    def _repr_html_(self) -> str:
        image = b64encode(self.svg.encode("utf-8")).decode("ascii")
        return (
            f'<img class="icon" width="{self.width}" height="20" '
            f'src="data:image/svg+xml;base64,{image}" alt="{escape(self.alt)}">'
        )


def draw_sparkline(series: Series) -> Icon | None:
    """Draw the quarters as a small line that breaks at gaps; this year's are darker, the last one is a dot."""
    reported = series.reported
    if len(reported) < 2:
        return None
    top = max(point.value for point in reported) or 1
    step = 84 / max(len(series.points) - 1, 1)
    places = [(3 + step * i, 17 - 14 * value / top) for i, value in enumerate(series.values)]
    segments = [
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{_colour(series, i + 1)}" stroke-width="1.6"/>'
        for i, ((x1, y1), (x2, y2)) in enumerate(itertools.pairwise(places))
        if not isnan(y1) and not isnan(y2)
    ]
    x, y = next(place for place in reversed(places) if not isnan(place[1]))
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{THIS_YEAR}"/>'
    alt = f"from {reported[0].text} in {reported[0].label} to {reported[-1].text} in {reported[-1].label}"
    return Icon(_svg("".join(segments) + dot, width=90), alt, width=90)


def _colour(series: Series, place: int) -> str:
    return THIS_YEAR if series.points[place].financial_year == series.years[-1] else LAST_YEAR


def _svg(content: str, width: int = 20) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 20" width="{width}" height="20">{content}</svg>'
    )


GOOD_WORDS = {"lower": "lower", "higher": "higher", "neutral": "neither"}
# The shapes of the charts, for those who see no colour.
_SHAPES = {"worse": "▲", "better": "●", "no judgement": "■"}
NAME, LATEST, TREND, AIM = "Indicator", "Latest quarter", "Trend", "Aim"
NUMBER = ' class="number"'
PARTS = "Sub-groups and shares"


@dataclass(frozen=True)
class ScorecardRow:
    """One indicator: its cells in the order of the columns, and whether it is part of another one."""

    name: str
    verdict: str
    shape: str
    years: str
    change: str
    latest: str
    line: Icon | None
    aim: str
    is_part: bool = False


@dataclass(frozen=True, repr=False)
class Scorecard:
    """Rows by theme; parts of other indicators and shares are folded. Text is escaped, pictures carry alt text."""

    caption: str
    years: tuple[str, str]
    groups: Mapping[str, Sequence[ScorecardRow]]
    findings: Sequence[Finding]
    left_out: frozenset[str] = frozenset()  # columns

    @property
    def rows(self) -> list[ScorecardRow]:
        """All rows, in the order of the themes."""
        return [row for rows in self.groups.values() for row in rows]

    @property
    def frame(self) -> pd.DataFrame:
        """The figures behind the rows, with numbers as numbers."""
        return tabulate_findings(self.findings, self.caption).frame

    def __repr__(self) -> str:
        return f"<Scorecard “{self.caption}”: {len(self.rows)} indicators>"

    def _repr_html_(self) -> str:
        wholes = self._table(self.caption, {title: _select(rows, parts=False) for title, rows in self.groups.items()})
        parts = self._table(
            f"{self.caption}: {PARTS.lower()}",
            {title: _select(rows, parts=True) for title, rows in self.groups.items()},
        )
        return f'{wholes}<details class="chart-data"><summary>{PARTS}</summary>{parts}</details>' if parts else wholes

    def _table(self, caption: str, groups: Mapping[str, Sequence[ScorecardRow]]) -> str:
        rows = [row for group in groups.values() for row in group]
        if not rows:
            return ""
        every = {
            NAME: "",
            "Verdict": "",
            f"{self.years[0]} to {self.years[1]}": NUMBER,
            LATEST: NUMBER,
            TREND: "",
            AIM: NUMBER,
        }
        hidden = self.left_out if any(row.aim for row in rows) else self.left_out | {AIM}
        columns = [name for name in every if name not in hidden]
        head = "".join(f'<th scope="col"{every[name]}>{escape(name)}</th>' for name in columns)
        bodies = "".join(_write_group(title, group, columns) for title, group in groups.items() if group)
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
            f'<table class="figures scorecard"><caption>{escape(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead>{bodies}</table></div>"
        )


def make_scorecard(
    findings: Mapping[str, Finding],
    series: Mapping[str, Series],
    catalogue: Catalogue,
    financial_year: str,
    *,
    brief: bool = False,
) -> Scorecard:
    """Give every indicator that is collected by quarter: verdict, both years, small line and aim, and, unless `brief`,
    the latest quarter."""
    groups = {}
    for theme in catalogue.themes.values():
        indicators = [one for one in catalogue.of_theme(theme.id) if not series[one.id].is_snapshot]
        groups[theme.title] = [_make_row(findings[one.id], series[one.id]) for one in indicators]
    left_out = frozenset({LATEST} if brief else ())
    years = display_year(next(iter(findings.values())).compared_with), display_year(financial_year)
    shown = [finding for finding in findings.values() if not series[finding.indicator.id].is_snapshot]
    return Scorecard(
        f"Scorecard {years[1]}", years, {title: rows for title, rows in groups.items() if rows}, shown, left_out
    )


def _make_row(finding: Finding, series: Series) -> ScorecardRow:
    indicator = finding.indicator
    target = indicator.target.get(finding.financial_year)
    return ScorecardRow(
        name=indicator.short_label,
        verdict=write_verdict(finding),
        shape=_SHAPES[finding.verdict.polarity] if is_clear(finding) else "",
        years=_write_years(finding),
        change="" if finding.change is None else write_short_change(finding),
        latest=_write_latest(series, finding.financial_year),
        line=draw_sparkline(series),
        aim="" if target is None else write_value(target, indicator.unit),
        is_part=series.is_part,
    )


def write_good(indicator: Indicator) -> str:
    """Write which way is good. More reports of an under-reported crime are wanted, more of the crime is not."""
    if speaks_of_reports(indicator) and indicator.good_direction == "higher":
        return "more reported"
    return GOOD_WORDS[indicator.good_direction]


def _write_years(finding: Finding) -> str:
    if finding.before is None or finding.after is None:
        return NOTHING
    unit = finding.indicator.unit
    part = "" if finding.quarters in ((), QUARTERS) else f"{quarters_in_words(finding.quarters)}: "
    return f"{part}{write_value(finding.before, unit)} to {write_value(finding.after, unit)}"


def _write_latest(series: Series, year: str) -> str:
    """The last quarter with a figure, and the one before it."""
    last, before = find_last_two(series)
    if last is None:
        return NOTHING
    was = f" (was {before.text})" if before else ""
    return f"{name_last(last, year)}: {last.text}{was}"


def _select(rows: Sequence[ScorecardRow], *, parts: bool) -> list[ScorecardRow]:
    return [row for row in rows if row.is_part == parts]


def _write_group(title: str, rows: Sequence[ScorecardRow], columns: Sequence[str]) -> str:
    heading = f'<tr><th class="group" scope="rowgroup" colspan="{len(columns)}">{escape(title)}</th></tr>'
    return f"<tbody>{heading}{''.join(_write_row(row, columns) for row in rows)}</tbody>"


def _write_row(row: ScorecardRow, columns: Sequence[str]) -> str:
    """The cells, each with the name of its column for a phone, where a row is a card."""
    shape = f'<span class="shape" aria-hidden="true">{row.shape}</span>' if row.shape else ""
    change = f'<br><span class="change">{escape(row.change)}</span>' if row.change else ""
    cells = {
        LATEST: (NUMBER, escape(row.latest)),
        TREND: ("", row.line._repr_html_() if row.line else NOTHING),
        AIM: (NUMBER, escape(row.aim) or NOTHING),
    }
    first = [("", f"{shape} {escape(row.verdict)}".strip()), (NUMBER, f"{escape(row.years)}{change}")]
    named = zip(columns[1:], [*first, *(cells[name] for name in columns[3:])], strict=True)
    shown = "".join(f'<td data-label="{escape(name)}"{kind}>{html}</td>' for name, (kind, html) in named)
    return f'<tr><th scope="row">{escape(row.name)}</th>{shown}</tr>'
