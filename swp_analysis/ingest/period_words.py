"""What a text says about time. In: words of a heading, a title or a cell. Out: `When`, the words that are left, and the
`Period` that several `When`s name together.

A quarter, a year, a month, a span of months and a day are each one pattern; nothing is guessed: what contradicts itself
is a `WrongPeriod`, whose message says what was found and how to write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from swp_analysis.catalogue.periods import financial_year_id, read_financial_year
from swp_analysis.ingest.timeline import Period, month_period

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_TO = r"\s*(?:-|–|—|/|\bto\b|\buntil\b|\bthrough\b|\band\b|&)\s*"
_ENDS = r"(?:ended|ending|ends|to|up to|end)"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
_CENTURY = r"(?:19|20)\d\d"
_DAY = (
    rf"(?:(?P<iso>{_CENTURY}-\d\d-\d\d)(?:[ t]00:00(?::00)?(?:\.0+)?)?"
    rf"|(?P<d1>\d{{1,2}})[/.](?P<m1>\d{{1,2}})[/.](?P<y1>{_CENTURY}|\d\d)(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -](?P<m2>{_MONTH})[ ,-]*(?P<y2>{_CENTURY}|\d\d)(?!\d))"
)
_YEAR = rf"(?:{_CENTURY}|['’]?\d\d)(?!\d|\s*[-/–]\s*\d\d(?!\d))"


class WrongPeriod(ValueError):
    """What a heading says about time can't be; the message says what was found and how to write it."""


@dataclass(frozen=True)
class When:
    """The pieces of a period: quarters, financial years, calendar years, months (with their year, or 0), spans of
    months, days, and what is wrong with them."""

    quarters: tuple[int, ...] = ()
    years: tuple[str, ...] = ()
    calendar: tuple[int, ...] = ()
    months: tuple[tuple[int, int], ...] = ()
    spans: tuple[tuple[int, int, int], ...] = ()
    days: tuple[date, ...] = ()
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
        return bool(self.quarters or self.months or self.spans or self.days)

    def __bool__(self) -> bool:
        return self.has_year or self.is_part_of_year or bool(self.wrong)


def read_when(text: str) -> tuple[When, str]:
    """What a text says about time, and the rest of it.

    >>> read_when("Q1 (Apr - Jun) 2018")
    (When(quarters=(1,), years=(), calendar=(2018,), months=(), spans=((4, 6, 0),), days=(), wrong=()), '')
    >>> read_when("Hate crime FY2018/19")[1]
    'Hate crime'
    """
    found, rest = When(), text.casefold().replace("_", " ")
    for pattern, meaning in _PATTERNS:
        rest, when = _take(pattern, meaning, rest)
        found |= when
    if found.quarters and len(found.months) == 1 and not found.spans:
        found |= When(wrong=(f"names a quarter and the month {_name(found.months[0][0])}",))
    kept = _restored(text, rest)
    return found, kept


def _take(pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], When], text: str) -> tuple[str, When]:
    found = When()

    def note(match: re.Match[str]) -> str:
        nonlocal found
        when = meaning(match)
        found |= when
        return " " * len(match[0]) if when else match[0]

    return pattern.sub(note, text), found


def _restored(text: str, rest: str) -> str:
    """The words of `text` that are not blanked out in `rest`, without brackets around nothing."""
    same = len(text) == len(rest)
    kept = "".join(a if b != " " else " " for a, b in zip(text, rest, strict=False)) if same else rest
    return " ".join(re.sub(r"[(\[]\s*[)\]]", " ", kept).split()).strip(" -–—:,;()/.")


# The patterns, in the order in which they are looked for


def _month_number(text: str) -> int:
    return _MONTHS.index(text[:3]) + 1


def _calendar_year(text: str | None) -> int:
    digits = (text or "").strip("'’ ")
    return 0 if not digits else int(digits) + (2000 if len(digits) == 2 else 0)


def _day(match: re.Match[str]) -> date | None:
    if match["iso"]:
        parts = [int(part) for part in match["iso"].split("-")]
    elif match["d1"]:
        parts = [_calendar_year(match["y1"]), int(match["m1"]), int(match["d1"])]
    else:
        parts = [_calendar_year(match["y2"]), _month_number(match["m2"]), int(match["d2"])]
    try:
        return date(*parts)
    except ValueError:
        return None


def _on_day(match: re.Match[str]) -> When:
    day = _day(match)
    return When(days=(day,)) if day else When(wrong=(f"names the day {match[0].strip()!r}, which is none",))


def _quarter_to_day(match: re.Match[str]) -> When:
    day = _day(match)
    if day is None or (day + timedelta(days=1)).day != 1:
        return When(wrong=(f"names a quarter that ends on {match[0].split()[-1]!r}, no last day of a month",))
    return When(spans=(((day.month - 3) % 12 + 1, day.month, day.year),))


def _quarter_to_month(match: re.Match[str]) -> When:
    month = _month_number(match["month"])
    return When(spans=(((month - 3) % 12 + 1, month, _calendar_year(match["year"])),))


def _span(match: re.Match[str]) -> When:
    first, last = _month_number(match["first"]), _month_number(match["last"])
    begins, ends = _calendar_year(match["begins"]), _calendar_year(match["ends"])
    if begins and ends and (ends, last) < (begins, first):
        return When(wrong=("names a span of months that ends before it begins",))
    months = (last - first) % 12 + 1
    if begins and ends and (ends - begins) * 12 + last - first + 1 != months:
        return When(wrong=("names a span of more than a year",))
    if months == 12 and first == 4 and (begins or ends):
        return When(years=(financial_year_id(begins or ends - 1),))
    year = ends or (begins and begins + (last < first))
    return When(spans=((first, last, year),))


def _three_months(match: re.Match[str]) -> When:
    months = [_month_number(match[name]) for name in ("first", "second", "third")]
    if (months[1] - months[0]) % 12 != 1 or (months[2] - months[1]) % 12 != 1:
        return When(wrong=("names months that don't follow one another",))
    return When(spans=((months[0], months[2], _calendar_year(match["year"])),))


def _month(match: re.Match[str]) -> When:
    return When(months=((_month_number(match["month"]), _calendar_year(match["year"])),))


def _financial_year(match: re.Match[str]) -> When:
    year = read_financial_year(match["year"])
    return When(years=(year,)) if year else When(wrong=(f"found {match['year']!r}, no financial year",))


def _short_year(match: re.Match[str]) -> When:
    first, last = int(match["start"]), int(match["stop"])
    return When(years=(financial_year_id(2000 + first),)) if last == (first + 1) % 100 else When()


def _several_quarters(match: re.Match[str]) -> When:
    return When(wrong=(f"names several quarters ({' '.join(match[0].split()).upper()})",))


def _quarter(match: re.Match[str]) -> When:
    text = next(filter(None, match.groups()))
    number = _NUMBERS.get(text) or (int(text) if text.isdigit() else {"i": 1, "ii": 2, "iii": 3, "iv": 4}[text])
    return When(quarters=(number,)) if 1 <= number <= 4 else When(wrong=(f"found quarter {number}",))


def _bare_year(match: re.Match[str]) -> When:
    return When(calendar=(int(match[0]),))


_Q = r"(?:quarters?|qtrs?|qrtr|qu|q)\.?"
_COUNTED = "one|two|three|four"
_PATTERNS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], When]]] = [
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (rf"\b(?:{_Q}|3 months|three months)\s+{_ENDS}\s+(?:the\s+)?{_DAY}", _quarter_to_day),
        (
            rf"\b(?:{_Q}|3 months|three months)\s+{_ENDS}\s+(?:end (?:of )?)?(?P<month>{_MONTH})[ -]*(?P<year>{_YEAR})?",
            _quarter_to_month,
        ),
        (rf"(?<![\w/.-]){_DAY}", _on_day),
        (
            rf"\b(?P<first>{_MONTH})\s*[/,]\s*(?P<second>{_MONTH})\s*(?:[/,&]|,?\s*\band\b)\s*(?P<third>{_MONTH})"
            rf"[ -]*(?P<year>{_YEAR})?",
            _three_months,
        ),
        (
            rf"\b(?P<first>{_MONTH})[ -]*(?P<begins>{_YEAR})?{_TO}(?P<last>{_MONTH})[ -]*(?P<ends>{_YEAR})?",
            _span,
        ),
        (rf"\b(?P<month>{_MONTH})[ -]*(?P<year>{_YEAR})", _month),
        (rf"\b(?:f\.?y\.?\s*)?(?P<year>{_CENTURY}\s*[-/–—]\s*(?:\d{{4}}|\d\d))(?!\d)", _financial_year),
        (rf"\b(?:f\.?y\.?\s*)?(?P<year>\d{{4}}\s*[-/–]\s*\d{{2,4}})(?!\d)", _financial_year),
        (r"(?<![\d/.,])(?<!\d-)(?:\bf\.?y\.?\s*)?(?P<start>\d\d)\s*[-/–]\s*(?P<stop>\d\d)(?![\d/-])", _short_year),
        (rf"\b{_Q}\s*\d\s*(?:-|–|—|/|\bto\b|\band\b|&|\+|,)+\s*(?:{_Q}\s*)?\d\b", _several_quarters),
        (rf"\b{_Q}\s*(?:\d|{_COUNTED})\s+(?:to|and)\s+(?:{_Q}\s*)?(?:\d|{_COUNTED})\b", _several_quarters),
        (rf"\b{_Q}\s*(?:no\.?|number)?\s*[-:#]?\s*(\d+)\b|\b{_Q}\s+({_COUNTED})\b|\bq(iv|i{{1,3}})\b", _quarter),
        (rf"\b([1-4])(?:st|nd|rd|th)\s+(?:{_Q})|\b(first|second|third|fourth|final)\s+{_Q}|\b([1-4])q\b", _quarter),
        (rf"\b(?P<month>{_MONTH})(?P<year>)", _month),
        (rf"(?<![\d,.]){_CENTURY}(?![\d,.]\d|\d)", _bare_year),
    )
]


# Several pieces together


def read_period(when: When) -> Period | None:
    """The quarter or month that the pieces name together; None when one is missing.

    Raises
    ------
    WrongPeriod
        When they contradict one another.

    >>> read_period(read_when("Qtr 1 18/19")[0]), read_period(read_when("Jan-18")[0])
    (Period(financial_year='2018-19', quarter=1, month=0), Period(financial_year='2017-18', quarter=4, month=1))
    """
    if when.wrong:
        raise WrongPeriod(when.wrong[0])
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
    for first, last, _ in when.spans:
        if (last - first) % 12 != 2 or first % 3 != 1:
            words = f"{_name(first)} to {_name(last)}"
            if told:
                own = 3 * told + 1
                raise WrongPeriod(
                    f"calls {words} quarter {told}, where it is {_name((own - 1) % 12 + 1)} to {_name((own + 1) % 12 + 1)} "
                    "of a financial year; is the year a calendar year?"
                )
            raise WrongPeriod(f"names the months {words}, no quarter of a financial year")
        meant = (first - 4) % 12 // 3 + 1
        if told and told != meant:
            raise WrongPeriod(
                f"calls {_name(first)} to {_name(last)} quarter {told}, where it is quarter {meant} of a financial "
                "year; is the year a calendar year?"
            )
        told = meant
    for month, _ in when.months:
        meant = (month - 4) % 12 // 3 + 1
        if told and told != meant:
            raise WrongPeriod(
                f"puts {_name(month)} in quarter {told}, where it is in quarter {meant} of a financial year; is the "
                "year a calendar year?"
            )
    return told


def _year_of(when: When, quarter: int, month: int) -> str | None:
    years = set(when.years)
    years |= {month_period(year, number).financial_year for number, year in when.months if year}
    years |= {month_period(year, last).financial_year for _, last, year in when.spans if year}
    anchor = month or (when.spans[0][1] if when.spans else 0)
    if when.calendar and not years:
        if not anchor:
            if quarter:
                raise WrongPeriod(f"names the year {when.calendar[0]}, which may be a calendar year")
            return None
        years = {month_period(year, anchor).financial_year for year in when.calendar}
    elif when.calendar and anchor:
        told = {month_period(year, anchor).financial_year for year in when.calendar}
        if told != years:
            raise WrongPeriod(f"names {when.calendar[0]} and {' and '.join(sorted(years))}, which don't agree")
    if len(years) > 1:
        raise WrongPeriod(f"names several years ({', '.join(year.replace('-', '/') for year in sorted(years))})")
    return next(iter(years), None)


def days_as_periods(days: Iterable[date]) -> dict[date, Period]:
    """What the days of a heading are about: quarters when all are the first, or all the last, day of one; else months
    when all begin or all end one; else nothing.

    >>> days_as_periods([date(2018, 6, 30), date(2018, 9, 30)])[date(2018, 6, 30)]
    Period(financial_year='2018-19', quarter=1, month=0)
    """
    days = list(days)
    begins = all(day.day == 1 for day in days)
    if not (begins or all((day + timedelta(days=1)).day == 1 for day in days)):
        return {}
    are_quarters = all(day.month % 3 == (1 if begins else 0) for day in days)
    return {day: _period_of(day, are_quarters) for day in days}


def _period_of(day: date, is_quarter: bool) -> Period:
    period = month_period(day.year, day.month)
    return Period(period.financial_year, period.quarter) if is_quarter else period


def _name(month: int) -> str:
    return _MONTHS[month - 1].capitalize()
