"""What the annex workbook holds. In: a `Briefing`. Out: a `Table` a sheet, numbers as numbers.

Everything comes from the briefing, so nothing is here that its audience may not see; derived figures are rounded as on
the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Evidence, Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.exhibit import Cell, Column, Table
from swp_analysis.present.numbers import NOTHING
from swp_analysis.present.prose import Fold
from swp_analysis.present.scorecard import VARIATION_WORDS, write_good
from swp_analysis.present.series import Point, Series
from swp_analysis.present.words import write_verdict

NO_FIGURE = "[x]"
DOES_NOT_APPLY = "[z]"
WITHHELD = "withheld"
TO_FILL_IN = "to fill in"
NEITHER = "neither"
JUDGED = {"better": "better", "worse": "worse"}


def make_annex_tables(briefing: Briefing) -> dict[str, Table]:
    """Make all tables of the annex by the tab of their sheet, in the order of the sheets."""
    if not briefing.audience.show_evidence:
        return {
            "Scorecard": _scorecard(briefing),
            "Figures": _quarters(briefing),
            "Recording breaks": _recording_breaks(briefing),
            "Notes": _notes(briefing),
        }
    claims = [part.content for part in briefing.audit().parts if isinstance(part, Fold)]
    return {
        "Scorecard": _scorecard(briefing),
        "Findings": _findings(briefing),
        "Figures": _quarters(briefing),
        "Reconciliation": _reconciliation(briefing),
        "Coverage": briefing.coverage_table,
        **({"Claims": claims[0]} if claims else {}),
        "Recording breaks": _recording_breaks(briefing),
        **briefing.priorities.evidence_tables(),
        "Workshop": _workshop(briefing),
        "Notes": _notes(briefing),
    }


def _numbers(*names: str) -> list[Column]:
    return [Column(name, "number") for name in names]


def _scorecard(briefing: Briefing) -> Table:
    years = [display_year(next(iter(briefing.findings.values())).compared_with), briefing.year_in_words]
    figures: list[str | Column] = [*_numbers(*years), "Quarters compared", *_numbers("Target")]
    columns: list[str | Column] = ["Theme", "Indicator", "Unit", "Aim is", *figures, "Verdict", "Latest quarter"]
    rows = []
    for name, finding in briefing.findings.items():
        indicator, series = finding.indicator, briefing.series[name]
        if not series.is_snapshot:
            target = indicator.target.get(finding.financial_year)
            rows.append([
                briefing.catalogue.themes[indicator.theme].title,
                indicator.label,
                indicator.unit,
                write_good(indicator),
                *_both_years(finding),
                quarters_in_words(finding.quarters) if finding.quarters else NO_FIGURE,
                NO_FIGURE if target is None else target,
                write_verdict(finding),
                VARIATION_WORDS[series.signal.variation],
            ])  # fmt: skip
    return Table(f"Scorecard {years[1]}", columns, rows)


def _findings(briefing: Briefing) -> Table:
    columns: list[str | Column] = [
        *("Indicator", "Unit"),
        *_numbers("Year before", "This year", "Change", "Change in %"),
        *("Direction", "Judgement", "Measure"),
        *_numbers("Effect", "Lower 95%", "Upper 95%", "p", "p, Holm"),
        "Method",
        *_numbers("Quarters used"),
        "Warnings",
    ]
    rows = [_finding_row(finding) for finding in briefing.findings.values()]
    note = "Effect is this year divided by last year for counts, and the difference in percentage points for shares."
    return Table("Findings, with the evidence for each", columns, rows, note)


def _finding_row(finding: Finding) -> list[Cell]:
    verdict, unit = finding.verdict, finding.indicator.unit
    missing = WITHHELD if finding.withheld else NO_FIGURE
    change = missing if finding.change is None else _rounded(finding.change, unit)
    in_percent = missing if finding.change_pct is None else round(finding.change_pct, 1)
    words = [WITHHELD, WITHHELD] if finding.withheld else [verdict.direction, JUDGED.get(verdict.polarity, NEITHER)]
    return [
        finding.indicator.label,
        unit,
        *_both_years(finding),
        change,
        in_percent,
        *words,
        *_evidence(verdict.evidence, missing),
    ]


def _evidence(evidence: Evidence, missing: str) -> Iterator[Cell]:
    yield evidence.measure
    for number in (evidence.effect, evidence.lower, evidence.upper):
        yield _shortened(number, 3, missing)
    for chance in (evidence.p, evidence.p_holm):
        yield _shortened(chance, 4, missing)
    yield evidence.method
    yield evidence.points
    yield "; ".join(evidence.warnings) or "none"


def _shortened(number: float | None, decimals: int, missing: str) -> Cell:
    if number is None:
        return missing
    return round(number, decimals) if isfinite(number) else "no upper limit"


def _both_years(finding: Finding) -> list[Cell]:
    missing = WITHHELD if finding.withheld else NO_FIGURE
    unit = finding.indicator.unit
    return [missing if value is None else _rounded(value, unit) for value in (finding.before, finding.after)]


def _rounded(value: float, unit: str) -> float:
    return round(value) if unit == "count" else round(value, 1)


def _quarters(briefing: Briefing) -> Table:
    figures = _numbers("Figure", "Of", "Out of")
    columns: list[str | Column] = ["Indicator", "Unit", "Financial year", "Period", *figures, "Status", "Data owner"]
    rows = [_quarter_row(series, point) for series in briefing.series.values() for point in series.points]
    title = f"Figures by quarter, up to {briefing.year_in_words}"
    note = "Of and Out of are the numbers behind a percentage, where both are known."
    return Table(title, columns, rows, note)


def _quarter_row(series: Series, point: Point) -> list[Cell]:
    indicator = series.indicator
    figure = point.value if point.status == "reported" else point.text
    behind = (
        [_known(point.numerator), _known(point.denominator)] if indicator.unit == "percent" else [DOES_NOT_APPLY] * 2
    )
    return [
        indicator.label,
        indicator.unit,
        display_year(point.financial_year),
        point.month or f"Q{point.quarter}",
        NO_FIGURE if figure == NOTHING else figure,
        *behind,
        point.status.replace("_", " "),
        indicator.owner,
    ]


def _known(number: float) -> Cell:
    return NO_FIGURE if pd.isna(number) else number


def _reconciliation(briefing: Briefing) -> Table:
    figures = _numbers("Printed baseline", "From the quarters")
    columns: list[str | Column] = ["Indicator", "Financial year", *figures, "Verdict", "Explanation"]
    indicators = briefing.catalogue.indicators
    rows: list[list[Cell]] = []
    row: Any
    for row in briefing.reconciled.itertuples(index=False):
        unit, missing = indicators[row.indicator].unit, WITHHELD if row.verdict == WITHHELD else NO_FIGURE
        both = [missing if pd.isna(value) else _rounded(value, unit) for value in (row.printed, row.recomputed)]
        year = display_year(row.financial_year)
        rows.append([indicators[row.indicator].label, year, *both, row.verdict, row.explanation or "none"])
    return Table("Printed baselines against their own quarters", columns, rows)


def _workshop(briefing: Briefing) -> Table:
    """The board's form: the data's ranking, and empty cells for its own score, place and reason."""
    form = briefing.priorities.workshop_form
    figures = _numbers("Place", "Score", "Chance of top 5", "Own score", "Own place")
    columns: list[str | Column] = ["Candidate", "In words", *figures, "Reason"]
    rows = [
        [TO_FILL_IN if pd.isna(cell) or cell == "" else cell for cell in row] for row in form.to_numpy(dtype=object)
    ]
    note = "Own score is 0 to 100. Answers go into workshop.csv and are shown beside the data's ranking, never over it."
    return Table("What the board thinks", columns, rows, note)


def _recording_breaks(briefing: Briefing) -> Table:
    columns = ["From", "What changed", "Effect", "Indicators", "Source"]
    indicators = briefing.catalogue.indicators
    rows = [
        [
            f"{entry.date_from:%B %Y}",
            entry.what_changed,
            entry.effect,
            "; ".join(indicators[name].label for name in entry.indicators),
            entry.source,
        ]
        for entry in briefing.catalogue.recording_breaks
    ]
    return Table("Known changes in how things are recorded", columns, rows)


def _notes(briefing: Briefing) -> Table:
    least = briefing.audience.suppress_below
    small = [
        [f"<{least}", f"A count from 1 to {least - 1}, not shown because it could identify a person."],
        [WITHHELD, "Not shown: alone or with other figures it would give away a count that is too small."],
    ]
    rows = [
        [NO_FIGURE, "No figure was published, or none can be worked out. It is not a zero."],
        [DOES_NOT_APPLY, "Does not apply to this row."],
        *(small if least else []),
        ["percent", "Percentages are written as numbers from 0 to 100."],
        [
            NEITHER,
            "Neither better nor worse: no clear change, reports of an under-reported crime, or no way is good.",
        ],
        ["95%", "The range of changes that fit the figures, given chance. If it holds no change, none is shown."],
        ["p, Holm", "p made stricter for the number of indicators that were looked at together."],
    ]
    return Table("Notes: marks and terms in this workbook", ["Mark", "Meaning"], rows)
