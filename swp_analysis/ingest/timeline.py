"""The periods that figures are about. In: the pieces of a period, `When`. Out: the `Period` that they name together, or
a `WrongPeriod` that says how they contradict one another."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property

from swp_analysis.catalogue.periods import financial_year_id, quarter_bounds, read_financial_year
from swp_analysis.ingest.spelling import fold_look_alikes

YEAR = re.compile(r"(?:19|20)\d\d\s*[-/–]\s*(?:\d{4}|\d{2})(?!\d)")
# A piece of a quarter's heading, such as `rter 1` or `Q2`, wherever it stands.
QUARTER_PIECES = re.compile(r"(?:ter|qtr|\bq)\.?\s*([1-4])\b", re.IGNORECASE)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
LONGEST_HEADING = 40
YEAR_LIKE = re.compile(r"\d{2,4}\s*[-/–]\s*\d{2,4}")


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of a financial year, or with `month` (1 to 12) that month of it alone."""

    financial_year: str
    quarter: int
    month: int = 0

    @cached_property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        first, last = quarter_bounds(self.financial_year, self.quarter)
        if not self.month:
            return first, last
        first = first.replace(month=self.month)
        return first, first.replace(day=monthrange(first.year, first.month)[1])


def month_period(year: int, month: int) -> Period:
    """Give the period of a calendar month."""
    start = year if month >= 4 else year - 1
    return Period(financial_year_id(start), (month - 4) % 12 // 3 + 1, month)


class WrongPeriod(ValueError):
    """What a heading says about time can't be; the message says what was found and how to write it."""


@dataclass(frozen=True)
class When:
    """The pieces of a period: quarters, financial years, calendar years, months (with their year, or 0), spans of
    months, days, months by number alone, and what is wrong with them."""

    quarters: tuple[int, ...] = ()
    years: tuple[str, ...] = ()
    calendar: tuple[int, ...] = ()
    months: tuple[tuple[int, int], ...] = ()
    spans: tuple[tuple[int, int, int], ...] = ()
    days: tuple[date, ...] = ()
    numbered: tuple[int, ...] = ()
    wrong: tuple[str, ...] = ()

    def __or__(self, other: When) -> When:
        """Both together, each piece once."""
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return When(*(tuple(dict.fromkeys(mine + theirs)) for mine, theirs in pairs))

    @property
    def has_year(self) -> bool:
        dated = any(year for _, year in self.months) or any(year for _, _, year in self.spans)
        return bool(self.years or self.days or self.calendar or dated)

    @property
    def is_part_of_year(self) -> bool:
        """Whether a quarter, month or day is named, and not a year alone."""
        return bool(self.quarters or self.months or self.spans or self.days or self.numbered)

    @property
    def uneven(self) -> str:
        """The span of months that is named alone and is no quarter: `Apr to Sep`; or nothing."""
        odd = [(first, last) for first, last, _ in self.spans if (last - first) % 12 != 2 or first % 3 != 1]
        return "" if self.quarters or not odd else f"{short_month(odd[0][0])} to {short_month(odd[0][1])}"

    @property
    def each_quarter(self) -> list[When]:
        """The quarters that are named with their months, apart: `Q1 = April to June, Q2 = July to September`."""
        pairs = zip(self.quarters, self.spans, strict=False)
        is_legend = len(self.quarters) == len(self.spans) > 1
        alone = [replace(self, days=())] if self.quarters and self.spans else []
        return [When((quarter,), spans=(span,)) for quarter, span in pairs] if is_legend else alone

    @property
    def part_of_quarter(self) -> str:
        """The span of months that is less than the quarter named with it: `Apr to May` of `Q1`; or nothing."""
        if len(self.quarters) != 1 or len(self.spans) != 1:
            return ""
        first, last, _ = self.spans[0]
        is_within = (first - 4) % 12 // 3 + 1 == (last - 4) % 12 // 3 + 1 == self.quarters[0] and last - first in (0, 1)
        return f"{short_month(first)} to {short_month(last)}" if is_within else ""

    @property
    def unit(self) -> str:
        """What is named, `quarter` or `month`; or nothing."""
        return "quarter" if self.quarters or self.spans else "month" if self.months else ""

    def dated(self, days: dict[date, Period]) -> When | None:
        """Give the same with the period that its one day is about, by what the days beside it are; None for none."""
        period = days.get(self.days[0]) if len(self.days) == 1 else None
        if period is None:
            return None
        months, quarters = (((period.month, 0),), ()) if period.month else ((), (period.quarter,))
        return replace(self, days=()) | When(quarters, (period.financial_year,), months=months)

    @property
    def from_day_to_day(self) -> When:
        """The same, with the months from its first day to its last in place of the two, where they are whole."""
        first, last = (min(self.days), max(self.days)) if len(self.days) == 2 else (date.min, date.min)
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        if first == last or first.day > 1 or (last + timedelta(days=1)).day > 1 or months > 12:
            return self
        month = ((last.month, last.year),) if months == 1 else ()
        return replace(self, days=()) | When(
            months=month, spans=() if month else ((first.month, last.month, last.year),)
        )

    def __bool__(self) -> bool:
        return self.has_year or self.is_part_of_year or bool(self.wrong)


def quarters_told(cells: Iterable[str]) -> set[int]:
    """Give the quarters that a row's short cells name or hold a piece of; a sentence tells none."""
    short = (fold_look_alikes(cell) for cell in cells if len(cell) <= LONGEST_HEADING)
    return {int(number) for cell in short for number in QUARTER_PIECES.findall(cell)}


def is_period(text: str) -> bool:
    """Tell whether a text names a quarter or a year."""
    return bool(quarters_told([text]) or YEAR.search(text))


def years_in(text: str) -> list[str] | None:
    """Give the years in a cell, in order; None when something like a year is no financial year.

    A clipped copy of a year that ran into the cell is not a year.
    """
    years = [read_financial_year(found) for found in YEAR.findall(text)]
    rest = YEAR.sub(" ", text)
    known = [year for year in years if year is not None]
    return None if len(known) < len(years) or YEAR_LIKE.search(rest) else known


# Several pieces together


def read_period(when: When) -> Period | None:
    """Read the quarter or month that the pieces name together; None when one is missing.

    Raises
    ------
    WrongPeriod
        When they contradict one another.

    >>> read_period(When(quarters=(1,), years=("2018-19",))), read_period(When(months=((1, 2018),)))
    (Period(financial_year='2018-19', quarter=1, month=0), Period(financial_year='2017-18', quarter=4, month=1))
    """
    if when.wrong:
        raise WrongPeriod(when.wrong[0])
    if when.numbered and (when.years or not when.calendar):
        raise WrongPeriod(f"names month {when.numbered[0]}, which may be counted from January or from April")
    when = replace(when, months=(*when.months, *((month, 0) for month in when.numbered if 1 <= month <= 12)))
    if len(when.quarters) > 1:
        raise WrongPeriod(f"names several quarters ({', '.join(f'Q{one}' for one in when.quarters)})")
    months = {month for month, _ in when.months} | {month for month, _, _ in when.spans}
    if len(months) > 1 or (when.spans and when.months):
        raise WrongPeriod("names several months")
    quarter = _quarter_of(when)
    month = when.months[0][0] if when.months else 0
    year = _year_of(when, quarter, month)
    if year is None or not (quarter or month):
        return None
    return Period(year, (month - 4) % 12 // 3 + 1, month) if month else Period(year, quarter)


def _quarter_of(when: When) -> int:
    told = when.quarters[0] if when.quarters else 0
    named = [
        (
            f"{short_month(first)} to {short_month(last)}",
            first if (last - first) % 12 == 2 and first % 3 == 1 else 0,
        )
        for first, last, _ in when.spans
    ] + [(short_month(month), month) for month, _ in when.months]
    for words, month in named:
        meant = (month - 4) % 12 // 3 + 1 if month else 0
        if not (told or meant):
            raise WrongPeriod(f"names the months {words}, no quarter of a financial year")
        if told and told != meant:
            first, last = short_month(3 * told % 12 + 1), short_month((3 * told + 2) % 12 + 1)
            raise WrongPeriod(
                f"calls {words} quarter {told}, where it is {first} to {last} of a financial year (is the year a "
                "calendar year?)"
            )
        told = meant
    return told


def _year_of(when: When, quarter: int, month: int) -> str | None:
    years = set(when.years)
    years |= {month_period(year, number).financial_year for number, year in when.months if year}
    years |= {month_period(year, last).financial_year for _, last, year in when.spans if year}
    anchor = month or (when.spans[0][1] if when.spans else 0)
    if when.calendar and not years:
        if not anchor:
            if quarter:
                raise WrongPeriod(f"names {when.calendar[0]}, which may be a calendar year or begin a financial one")
            return None
        years = {month_period(year, anchor).financial_year for year in when.calendar}
    elif when.calendar and anchor:
        told = {month_period(year, anchor).financial_year for year in when.calendar}
        if told != years:
            raise WrongPeriod(f"names {when.calendar[0]} and {' and '.join(sorted(years))}, which don't agree")
    if len(years) > 1:
        raise WrongPeriod(f"names several years ({', '.join(year.replace('-', '/') for year in sorted(years))})")
    return next(iter(years), None)


def days_as_periods(days: Iterable[date], span: str = "") -> dict[date, Period]:
    """Say what the days of a heading or column are about: quarters when all are the first, or all the last, day of one;
    else months when all begin or all end one; else nothing. A `span` (`quarter`, `month`) says which it must be.

    >>> days_as_periods([date(2018, 6, 30), date(2018, 9, 30)])[date(2018, 6, 30)]
    Period(financial_year='2018-19', quarter=1, month=0)
    """
    days = list(days)
    begins = all(day.day == 1 for day in days)
    if not (begins or all((day + timedelta(days=1)).day == 1 for day in days)):
        return {}
    are_quarters = span != "month" and all(day.month % 3 == (1 if begins else 0) for day in days)
    return {day: _period_of(day, are_quarters) for day in days} if are_quarters or span != "quarter" else {}


def _period_of(day: date, is_quarter: bool) -> Period:
    period = month_period(day.year, day.month)
    return Period(period.financial_year, period.quarter) if is_quarter else period


def short_month(month: int) -> str:
    """Name the short name of a month: `Apr`."""
    return MONTHS[month - 1].capitalize()
