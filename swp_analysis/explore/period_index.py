"""When figures are of, as people type it. In: the index of a Series, texts, days. Out: the figures by month, financial
quarter or year, in time order; a period's name.
"""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pandas as pd

from swp_analysis.analysis.two_years import join_runs
from swp_analysis.catalogue.periods import quarter_bounds
from swp_analysis.errors import InputError
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.timeline import MONTHS, When, WrongPeriod, read_period

QUARTERLY, MONTHLY, YEARLY = "Q-MAR", "M", "Y-MAR"
EARLIEST = 1900
EXAMPLES = "such as Q1 2018/19, 2018-19, 2018-04 or 1 April 2018"


def name_period(period: pd.Period) -> str:
    """Write a period as people do: a financial quarter, a month or a financial year.

    >>> name_period(pd.Period("2018-04", "Q-MAR")), name_period(pd.Period("2018-04", "M"))
    ('Q1 2018/19', 'April 2018')
    """
    if period.freqstr.startswith("M"):
        return f"{period.start_time:%B %Y}"
    return f"Q{period.quarter} {name_year(period)}" if period.freqstr.startswith("Q") else name_year(period)


def name_year(period: pd.Period) -> str:
    """Write the calendar year of a period that is part of one, else the financial year."""
    ends = period.asfreq("Y-MAR").year
    return str(period.year) if period.freqstr.endswith("DEC") else f"{ends - 1}/{ends % 100:02d}"


def name_place(place: str, year: str) -> str:
    """Write a place in a year, as tables of years have them, as a period.

    >>> name_place("Mar", "2023/24"), name_place("Q1", "2023/24"), name_place("", "2023/24")
    ('March 2024', 'Q1 2023/24', '2023/24')
    """
    if place[:3].lower() not in MONTHS:
        return f"{place} {year}".strip()
    number = MONTHS.index(place[:3].lower()) + 1
    return f"{date(int(year[:4]) + (number < 4), number, 1):%B %Y}"


def name_places(places: Sequence[str], order: Sequence[str], year: str) -> str:
    """Write a year, and where only some of its periods are meant, which.

    >>> quarters = ["Q1", "Q2", "Q3", "Q4"]
    >>> name_places(quarters, quarters, "2023/24"), name_places(["Q1", "Q2", "Q4"], quarters, "2023/24")
    ('2023/24', 'Q1–Q2 and Q4 2023/24')
    """
    if len(places) >= len(order):
        return year
    return f"{join_runs([order.index(place) for place in places], order)} {year}"


def join_year(place: str, year: str, kind: str) -> str:
    """Write a quarter or month whose year stands in a column of its own; one that says its year stays as it is.

    >>> join_year("1", "2023/24", "quarter"), join_year("11", "2023.0", "month"), join_year("2023-11", "2023", "month")
    ('Q1 2023/24', 'Nov 2023', '2023-11')
    """
    place, year = (text.strip().removesuffix(".0") for text in (place, year))
    if kind == "quarter" and re.fullmatch(r"[Qq]?[1-4]", place):
        return f"Q{place[-1]} {year}"
    number = int(place) if place.isdigit() else 0
    if kind == "month" and (place.isalpha() or 1 <= number <= 12):
        return f"{MONTHS[number - 1].capitalize() if number else place} {year}"
    return place


def put_in_order(values: pd.Series, freq: str | None = None) -> pd.Series:
    """Give the figures by period, gaps filled with NaN.

    Raises
    ------
    InputError
        When the index, or one row of it, does not say when, or a period stands twice.
    """
    index = read_periods(values.index, freq)
    numbers = pd.Series(read_numbers_typed(values), index=index, name=values.name)
    if index.hasnans:
        raise InputError(f"{values.name or 'The series'}: a row does not say when; write {EXAMPLES}, or leave it out.")
    if index.has_duplicates:
        twice = name_period(index[index.duplicated()][0])
        raise InputError(
            f"{values.name or 'The series'}: {twice} stands twice; choose one area or group, or add them up."
        )
    return numbers.reindex(pd.period_range(index.min(), index.max(), freq=index.freq))


def read_numbers_typed(values: pd.Series) -> Any:
    """Read figures as numbers, blanks as NaN; raise InputError for a text that is no number.

    >>> read_numbers_typed(pd.Series(["1,200", "", None]))
    array([1200.,   nan,   nan])
    """
    if not (pd.api.types.is_numeric_dtype(values) or values.isna().all()):
        texts = values.astype("string").str.strip().str.replace(r"(?<=\d),(?=\d{3})", "", regex=True)
        numbers = pd.to_numeric(texts, errors="coerce")
        wrong = values[numbers.isna() & texts.notna() & texts.ne("")]
        if len(wrong):
            raise InputError(f"{wrong.iloc[0]!r} is no number; write the figure alone, or leave it blank.")
        values = numbers
    figures = pd.to_numeric(values).to_numpy(dtype=float, na_value=math.nan)
    if any(map(math.isinf, figures)):
        raise InputError("A figure without end is no number; leave it blank where there is none.")
    return figures


def read_periods(index: pd.Index, freq: str | None) -> pd.PeriodIndex:
    """Read periods as people type them; days are taken as periods of `freq`, or as their steps say.

    Raises
    ------
    InputError
        For a text that is no period.
    """
    if isinstance(index, pd.PeriodIndex):
        return index.asfreq(QUARTERLY) if index.freqstr == "Q-DEC" else index  # the same days, named as elsewhere
    if isinstance(index, pd.DatetimeIndex):
        return index.tz_localize(None).to_period(freq or _spacing(index))
    texts = [str(one).strip() for one in index]
    if all(re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", text) for text in texts):
        return pd.PeriodIndex([text[:4] for text in texts], freq="Y")
    found = [_read_period(text) for text in texts]
    # The month 2011-12 is written like a year: with others that are none, all are months.
    kind = found[0][1] if len({kind for _, kind in found}) == 1 else "?"
    dates = _read_days(texts) if kind == "?" else pd.DatetimeIndex([day for day, _ in found])
    return dates.to_period(kind.strip("?") or freq or _spacing(dates))


def _read_period(text: str) -> tuple[date, str]:
    """The first day of a period as people write it, with its kind: nothing for a day, `?` for what is none."""
    when, rest = read_when(text)
    try:
        if not rest and (period := read_period(when)):
            return period.days[0], MONTHLY if period.month else QUARTERLY
    except WrongPeriod as problem:
        if when.quarters:
            raise InputError(f"{text!r} {problem}; write {EXAMPLES}.") from None
    if not rest and when == When(years=when.years[:1]) and when.years:
        return quarter_bounds(when.years[0], 1)[0], YEARLY
    return (when.days[0], "") if not rest and when.days else (date.min, "?")


def _read_days(texts: list[str]) -> pd.DatetimeIndex:
    """Days as computers write them."""
    with suppress(ValueError, TypeError):
        dates = pd.DatetimeIndex(pd.to_datetime(texts, format="mixed", dayfirst=not re.match(r"\d{4}-", texts[0])))
        if not (dates.isna().any() or (dates.year < EARLIEST).any()):
            return dates
    wrong = next((text for text in texts if _read_period(text)[1] == "?"), texts[0])
    raise InputError(f"{wrong!r} is not a period; write {EXAMPLES}.")


def _spacing(dates: pd.DatetimeIndex) -> str:
    """Months, quarters or years, by the shortest step between two dates."""
    steps = dates.unique().sort_values().to_series().diff().dt.days.dropna()
    shortest = steps.min() if len(steps) else 31
    return MONTHLY if shortest < 80 else QUARTERLY if shortest < 300 else YEARLY
