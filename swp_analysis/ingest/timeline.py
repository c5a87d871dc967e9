"""The periods that columns are about, and the words for them. In: text of a heading. Out: `Period`s and `Columns`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from swp_analysis.catalogue.periods import financial_year_id, quarter_bounds, read_financial_year
from swp_analysis.ingest.spelling import fold_look_alikes

YEAR = re.compile(r"(?:19|20)\d\d\s*[-/–]\s*(?:\d{4}|\d{2})(?!\d)")
# A piece of a quarter's heading, such as `rter 1` or `Q2`, wherever it stands.
QUARTER_PIECES = re.compile(r"(?:ter|qtr|\bq)\.?\s*([1-4])\b", re.IGNORECASE)
LONGEST_HEADING = 40
YEAR_LIKE = re.compile(r"\d{2,4}\s*[-/–]\s*\d{2,4}")
_QUARTER = re.compile(
    r"(?:(?:quarter|qtr|q)\.?\s*([1-4])|([1-4])(?:st|nd|rd|th) (?:quarter|qtr))"
    # The months that a quarter covers, as many write behind it: "Q1 (Apr-Jun)".
    r"(?:\s*[:(,]?\s*[a-z]{3,9}\s*(?:-|–|to)\s*[a-z]{3,9}\)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of a financial year, or with `month` (1 to 12) that month of it alone."""

    financial_year: str
    quarter: int
    month: int = 0

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        first, last = quarter_bounds(self.financial_year, self.quarter)
        if not self.month:
            return first, last
        first = first.replace(month=self.month)
        return first, first.replace(day=monthrange(first.year, first.month)[1])


def month_period(year: int, month: int) -> Period:
    """The period of a calendar month."""
    start = year if month >= 4 else year - 1
    return Period(financial_year_id(start), (month - 4) % 12 // 3 + 1, month)


def read_quarter(text: str) -> int | None:
    """The quarter that a heading names, or None when the text isn't exactly one."""
    match = _QUARTER.fullmatch(fold_look_alikes(text))
    return int(match[1] or match[2]) if match else None


def quarters_told(cells: Iterable[str]) -> set[int]:
    """The quarters that a row's short cells name or hold a piece of; a sentence tells none."""
    short = (fold_look_alikes(cell) for cell in cells if len(cell) <= LONGEST_HEADING)
    return {int(number) for cell in short for number in QUARTER_PIECES.findall(cell)}


def is_period(text: str) -> bool:
    """Whether a text names a quarter or a year."""
    return bool(quarters_told([text]) or YEAR.search(text))


def years_in(text: str) -> list[str] | None:
    """The years in a cell, in order; None when something like a year is no financial year.

    A clipped copy of a year that ran into the cell is not a year.
    """
    years = [read_financial_year(found) for found in YEAR.findall(text)]
    rest = YEAR.sub(" ", text)
    return None if None in years or YEAR_LIKE.search(rest) else years
