"""Financial years and quarters, in the words the field uses. In: text from a person or a heading. Out: ids and
dates."""

import re
from datetime import date, timedelta

from swp_analysis.errors import InputError

QUARTERS = (1, 2, 3, 4)
_YEAR = re.compile(r"(?P<start>(?:19|20)\d\d)\s*[-/–]\s*(?P<end>\d{4}|\d{2})")


def read_financial_year(text: str) -> str | None:
    """Read the id of a financial year written any usual way, or None when `text` isn't exactly one.

    >>> read_financial_year("2016/17"), read_financial_year("2017-2018"), read_financial_year("2017-19")
    ('2016-17', '2017-18', None)
    """
    match = _YEAR.fullmatch(str(text).strip())  # somebody may type load(2017)
    if not match:
        return None
    start, end = int(match["start"]), match["end"]
    follows = int(end) == start + 1 if len(end) == 4 else int(end) == (start + 1) % 100
    return financial_year_id(start) if follows else None


def require_financial_year(text: str) -> str:
    """Run `read_financial_year`, or raise an `InputError` that shows how a year is written."""
    year = read_financial_year(text)
    if year is None:
        raise InputError(f"{text!r} is not a financial year; write it like 2017-18.")
    return year


def financial_year_id(start: int) -> str:
    """Write `2017` -> `2017-18`."""
    return f"{start}-{(start + 1) % 100:02d}"


def start_year(financial_year: str) -> int:
    """`2017-18` -> `2017`."""
    return int(financial_year[:4])


def previous_year(financial_year: str) -> str:
    """`2017-18` -> `2016-17`."""
    return financial_year_id(start_year(financial_year) - 1)


def following_year(financial_year: str) -> str:
    """`2017-18` -> `2018-19`."""
    return financial_year_id(start_year(financial_year) + 1)


def quarter_bounds(financial_year: str, quarter: int) -> tuple[date, date]:
    """Give first and last day of a quarter; Q1 is April to June.

    >>> quarter_bounds("2017-18", 4)
    (datetime.date(2018, 1, 1), datetime.date(2018, 3, 31))
    """
    first = _quarter_start(financial_year, quarter)
    after = _quarter_start(financial_year, quarter + 1) if quarter < 4 else date(start_year(financial_year) + 1, 4, 1)
    return first, after - timedelta(days=1)


def _quarter_start(financial_year: str, quarter: int) -> date:
    year = start_year(financial_year)
    return date(year + 1, 1, 1) if quarter == 4 else date(year, 1 + 3 * quarter, 1)


def display_year(financial_year: str) -> str:
    """Say how a page writes a financial year: `2017-18` -> `2017/18`."""
    return financial_year.replace("-", "/")
