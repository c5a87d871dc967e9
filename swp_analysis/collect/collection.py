"""What the data owners are asked for in a new year. In: last year's figures and totals. Out: `FormSheet`s, a theme
each, which `form_workbook` writes and the readers of this room read back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.collect.chase import expected_periods
from swp_analysis.ingest.timeline import Period

if TYPE_CHECKING:
    import pandas as pd

Content = str | float


@dataclass(frozen=True)
class FormRow:
    """An indicator with the figures that are known; a period that is not in `known` is to be filled in."""

    indicator: Indicator
    baseline: Content
    known: dict[Period, Content]


@dataclass(frozen=True)
class FormSheet:
    """A theme's quarterly indicators, or those of it that are given for single months."""

    title: str
    question: str
    periods: list[Period]
    rows: list[FormRow]


def lay_out_form(
    catalogue: Catalogue, observations: pd.DataFrame, totals: pd.DataFrame, financial_year: str
) -> list[FormSheet]:
    """Give the sheets of the workbook for `financial_year`: last year's figures filled in, this year's open.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`, with the year before `financial_year`.
    totals : one row per indicator and year, with `quarters`, `value` and `status`.
    """
    sheets = []
    for theme in catalogue.themes.values():
        by_periods: dict[tuple[Period, ...], list[FormRow]] = {}
        for indicator in catalogue.of_theme(theme.id):
            in_pairs = _in_pairs(indicator, observations, financial_year)
            row = FormRow(
                indicator,
                _baseline(indicator, observations, totals, previous_year(financial_year)),
                _known(indicator, observations, previous_year(financial_year)),
            )
            by_periods.setdefault(tuple(in_pairs), []).append(row)
        for periods, rows in by_periods.items():
            title = theme.title if not periods[0].month else f"{theme.title} (month)"
            sheets.append(FormSheet(title, theme.question, list(periods), rows))
    return sheets


def heading_of(period: Period) -> str:
    """Say how a form's heading names a period: `Quarter 1 2018/19`, or `January 2019`."""
    if period.month:
        return f"{period.days[0]:%B %Y}"
    return f"Quarter {period.quarter} {period.financial_year.replace('-', '/')}"


def _in_pairs(indicator: Indicator, observations: pd.DataFrame, financial_year: str) -> list[Period]:
    """Each period of last year beside the same one of this year."""
    last = expected_periods(indicator, observations, previous_year(financial_year))
    this = expected_periods(indicator, observations, financial_year)
    return [period for pair in zip(last, this, strict=True) for period in pair]


def _known(indicator: Indicator, observations: pd.DataFrame, year: str) -> dict[Period, Content]:
    """Last year's figures; a figure that was not given is a blank that stays closed."""
    own = observations[(observations["indicator"] == indicator.id) & (observations["financial_year"] == year)]
    rows: Iterable[Any] = own.itertuples()
    found: dict[tuple[str, ...], Content] = {
        (row.period_start, row.period_end): _content(row, indicator) for row in rows
    }
    periods = expected_periods(indicator, observations, year)
    return {period: found.get(tuple(day.isoformat() for day in period.days), "") for period in periods}


def _content(row: Any, indicator: Indicator) -> Content:
    if row.status == "suppressed":
        return f"<{row.upper + 1:g}"
    if row.status != "reported":
        return ""
    if indicator.unit == "percent" and row.denominator == row.denominator:
        return f"{row.value:g}% ({row.numerator:g}/{row.denominator:g})"
    return float(row.value)


def _baseline(indicator: Indicator, observations: pd.DataFrame, totals: pd.DataFrame, year: str) -> Content:
    """Last year in one number: a flow's sum, a rate's n over N, a stock's last count; blank if unknown."""
    if indicator.kind == "stock":
        own = observations[
            (observations["indicator"] == indicator.id)
            & (observations["financial_year"] == year)
            & (observations["status"] == "reported")
        ]
        return float(own.sort_values("period_end")["value"].iloc[-1]) if len(own) else ""
    total = totals[(totals["indicator"] == indicator.id) & (totals["financial_year"] == year)]
    if len(total) != 1 or total["status"].iloc[0] != "reported" or total["quarters"].iloc[0] != "1,2,3,4":
        return ""
    return round(float(total["value"].iloc[0]), 2)
