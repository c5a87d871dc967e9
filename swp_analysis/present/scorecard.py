"""The one page that a board member reads. In: findings and series. Out: a `Scorecard`, a row an indicator, a group a
theme.

Every cell repeats what `findings` and `signal` computed; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.audit.figures import HIDDEN
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.icons import (
    VARIATION_WORDS,
    Icon,
    draw_assurance,
    draw_sparkline,
    draw_variation,
)
from swp_analysis.present.numbers import NOTHING, write_value
from swp_analysis.present.series import Series
from swp_analysis.present.words import write_verdict

GOOD_WORDS = {"lower": "lower", "higher": "higher", "neutral": "neither"}
HEADINGS = ("Latest quarter", "Year before", "Quarters", "Variation", "Good is", "Target", "Target met", "Figures")

HOW_TO_READ = (
    "The verdict compares the two years. Variation looks at the latest quarter alone: a wave is nothing unusual; a "
    "triangle is unusual and worse, a circle unusual and better, a square unusual without a judgement; H is high, L is "
    "low. With under 12 quarters it is a hint, not a finding. Figures counts the quarters of the year that are shown. "
    "Indicators published for a single month are not in this table."
)

Cell = str | Icon


@dataclass(frozen=True, repr=False)
class Scorecard:
    """Rows of cells by theme; text is escaped, pictures carry alt text."""

    caption: str
    columns: tuple[str, ...]
    groups: Mapping[str, list[list[Cell]]]

    def __repr__(self) -> str:
        return f"<Scorecard “{self.caption}”: {sum(map(len, self.groups.values()))} indicators>"

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        bodies = "".join(self._group(title, rows) for title, rows in self.groups.items())
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.caption)}">'
            f'<table class="figures scorecard"><caption>{escape(self.caption)}</caption>'
            f'<thead><tr>{head}</tr></thead>{bodies}</table></div><p class="note">{escape(HOW_TO_READ)}</p>'
        )

    def _group(self, title: str, rows: list[list[Cell]]) -> str:
        heading = f'<tr><th class="group" scope="rowgroup" colspan="{len(self.columns)}">{escape(title)}</th></tr>'
        return f"<tbody>{heading}{''.join(map(_row, rows))}</tbody>"


def make_scorecard(
    findings: Mapping[str, Finding], series: Mapping[str, Series], catalogue: Catalogue, financial_year: str
) -> Scorecard:
    """Every indicator that is collected by quarter: latest quarter, year against last year, target, verdict and
    icons."""
    groups = {}
    for theme in catalogue.themes.values():
        indicators = [one for one in catalogue.of_theme(theme.id) if not series[one.id].is_snapshot]
        groups[theme.title] = [_indicator_row(findings[one.id], series[one.id]) for one in indicators]
    years = display_year(next(iter(findings.values())).compared_with), display_year(financial_year)
    columns = ("Indicator", "Verdict", *years, *HEADINGS)
    return Scorecard(f"Scorecard {years[1]}", columns, {title: rows for title, rows in groups.items() if rows})


def _indicator_row(finding: Finding, series: Series) -> list[Cell]:
    indicator, signal = finding.indicator, series.signal
    target = indicator.target.get(finding.financial_year)
    return [
        indicator.short_label,
        write_verdict(finding),
        *_year_cells(finding),
        *_latest_cells(finding, series),
        draw_sparkline(series) or NOTHING,
        draw_variation(signal.variation) or VARIATION_WORDS[signal.variation],
        write_good(indicator),
        NOTHING if target is None else write_value(target, indicator.unit),
        draw_assurance(signal.assurance) or NOTHING,
        _status(series, finding.financial_year),
    ]


def write_good(indicator: Indicator) -> str:
    """Which way is good. More reports of a hidden crime are wanted, more of the crime is not."""
    if speaks_of_reports(indicator) and indicator.good_direction == "higher":
        return "more reported"
    return GOOD_WORDS[indicator.good_direction]


def _latest_cells(finding: Finding, series: Series) -> list[str]:
    """The latest quarter that has a figure or an interval, and the same quarter of the year before."""
    this_year = [point for point in series.points if point.financial_year == finding.financial_year]
    known = [point for point in this_year if point.status in ("reported", *HIDDEN)]
    if not known:
        return [NOTHING, NOTHING]
    before = series.of(finding.compared_with, known[-1].quarter)
    return [f"Q{known[-1].quarter}: {known[-1].text}", before.text if before else NOTHING]


def _year_cells(finding: Finding) -> list[str]:
    if finding.withheld:
        return ["withheld", "withheld"]
    unit = finding.indicator.unit
    part = "" if finding.quarters in ((), (1, 2, 3, 4)) else f"{quarters_in_words(finding.quarters)}: "
    return [
        part + write_value(value, unit) if value is not None else NOTHING for value in (finding.before, finding.after)
    ]


def _status(series: Series, financial_year: str) -> str:
    points = [point for point in series.points if point.financial_year == financial_year]
    shown = sum(point.status == "reported" for point in points)
    hidden = sum(point.status in HIDDEN for point in points)
    return f"{shown} of {len(points)}" + (f", {hidden} hidden" if hidden else "")


def _row(cells: list[Cell]) -> str:
    name, *rest = cells
    shown = "".join(f"<td>{_html(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{_html(name)}</th>{shown}</tr>'


def _html(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else cell._repr_html_()
