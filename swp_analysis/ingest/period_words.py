"""What a text says about time. In: words of a heading, a title or a cell. Out: a `When`, and the words that are left.

A quarter, a year, a month, a span of months and a day are each one pattern; nothing is guessed: what is no period, or
several, is kept as what is `wrong` with the text.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache

from swp_analysis.catalogue.periods import financial_year_id, read_financial_year
from swp_analysis.ingest.spelling import compile_pattern, pattern, word_book
from swp_analysis.ingest.timeline import MONTHS, When, short_month

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}


_ISO_MONTH = re.compile(r"(?P<year>\d{4})[-/](?P<month>0[1-9]|1[0-2])")


@lru_cache(maxsize=4096)
def read_when(text: str) -> tuple[When, str]:
    """Read what a text says about time, and the rest of it.

    >>> read_when("Q1 (Apr - Jun) 2018")
    (When(quarters=(1,), years=(), calendar=(2018,), months=(), spans=((4, 6, 0),), days=(), numbered=(), wrong=()), '')
    >>> read_when("Hate crime FY2018/19")[1]
    'Hate crime'
    >>> read_when("2022-04")[0].months, read_when("2022-23")[0].years
    (((4, 2022),), ('2022-23',))
    """
    found, rest = When(), pattern("years_parted").sub("/", text.casefold()).replace("_", " ")
    rest = pattern("month_in_numbers").sub(lambda match: f"{MONTHS[int(match[1]) - 1]} {match[2]}", rest)
    for piece, meaning in _patterns():
        for match in [*piece.finditer(rest)]:
            if when := meaning(match):
                found |= when
                rest = f"{rest[: match.start()]}{' ' * len(match[0])}{rest[match.end() :]}"
    if found.quarters and not found.has_year and (short := pattern("short_year").search(rest)):
        year, printed = int(short["year"]), short[0].strip(" -")
        wrong = f"gives the year as {printed!r}, which may be 20{year - 1:02d}/{year} or 20{year}/{year + 1:02d}"
        rest, found = rest.replace(short[0], " " * len(short[0]), 1), found | When(wrong=(wrong,))
    if found.quarters and found.years and spans_year(text):
        found |= When(wrong=("calls April to March a quarter",))
    if found.quarters and len(found.months) == 1 and not found.spans:
        found |= When(wrong=(f"names a quarter and the month {short_month(found.months[0][0])}",))
    kept = _restored(text, rest)
    return found, kept


def spans_year(text: str) -> bool:
    """Tell whether a text names the months from April to March, and not the year alone."""
    return bool(re.search(r"\bapr.*\bmar", text, re.IGNORECASE))


def _restored(text: str, rest: str) -> str:
    """The words of `text` that are not blanked out in `rest`, without brackets around nothing."""
    same = len(text) == len(rest)
    kept = "".join(a if b != " " else " " for a, b in zip(text, rest, strict=False)) if same else rest
    return " ".join(re.sub(r"[(\[]\s*[)\]]", " ", kept).split()).strip(" -–—:,;()/.")


# The patterns, in the order in which they are looked for


def _month_number(text: str) -> int:
    return MONTHS.index(text[:3]) + 1


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


def _month(match: re.Match[str]) -> When:
    return When(months=((_month_number(match["month"]), _calendar_year(match["year"])),))


def _counted_month(match: re.Match[str]) -> When:
    """`M1 Apr 2018`: the month's number in the financial year, or in the calendar's."""
    month, number = _month_number(match["month"]), int(match["number"])
    if number not in (month, (month - 4) % 12 + 1):
        return When(wrong=(f"calls {short_month(month)} month {number}",))
    return _month(match)


def _month_in_digits(match: re.Match[str]) -> When:
    """`201804`; `201112` may be December 2011 or the year 2011/12, and `201819` is a year."""
    year, last = int(match["year"]), int(match["last"])
    is_month, is_year = 1 <= last <= 12, last == (year + 1) % 100
    if is_month and is_year:
        return When(wrong=(f"names {match[0]}, which may be a month or a financial year",))
    return When(months=((last, year),)) if is_month else When(years=(financial_year_id(year),)) if is_year else When()


def _numbered_month(match: re.Match[str]) -> When:
    return When(numbered=(int(match[1]),))


def _financial_year(match: re.Match[str]) -> When:
    year = read_financial_year(match["year"])
    if not year and (month := _ISO_MONTH.fullmatch(match["year"])):
        return When(months=((int(month["month"]), int(month["year"])),))
    return When(years=(year,)) if year else When(wrong=(f"names {match['year']!r}, which is no financial year",))


def _two_years(match: re.Match[str]) -> When:
    """`2017 to 2018`, `17/18`; years further apart are no financial year."""
    start, stop = (_calendar_year(match[name]) for name in ("start", "stop"))
    return When(years=(financial_year_id(start),)) if stop == start + 1 else When()


def _several_quarters(match: re.Match[str]) -> When:
    first, *_, last = (int(one) if one.isdigit() else _NUMBERS[one] for one in _NUMBER.findall(match[0]))
    if not 1 <= first < last <= 4:
        return When(wrong=(f"names several quarters ({' '.join(match[0].split()).upper()})",))
    return When(spans=((3 * first + 1, (3 * last + 2) % 12 + 1, 0),))


def _quarter(match: re.Match[str]) -> When:
    text = next(filter(None, match.groups()))
    number = _NUMBERS.get(text) or (int(text) if text.isdigit() else {"l": 1, "i": 1, "ii": 2, "iii": 3, "iv": 4}[text])
    return (
        When(quarters=(number,))
        if 1 <= number <= 4
        else When(wrong=(f"names quarter {number}, of which a year has four",))
    )


def _bare_year(match: re.Match[str]) -> When:
    return When(calendar=(int(match[0]),))


def _two_days(match: re.Match[str]) -> When:
    """The months from the first day of one to the last of another; other days are no period."""
    last = _day(match)
    if last is None or int(match["day"]) != 1 or (last + timedelta(days=1)).day != 1:
        return When()
    month = match["begins"]
    return When(spans=((int(month) if month.isdigit() else _month_number(month), last.month, last.year),))


def _serial(match: re.Match[str]) -> When:
    day = date(1899, 12, 30) + timedelta(days=int(match[0]))
    return When(wrong=(f"is how a spreadsheet stores the date {day:%d/%m/%Y}",))


_NUMBER = re.compile(r"\d|\b(?:one|two|three|four)\b")


@cache
def _patterns() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], When]]]:
    """Each pattern of `words.yml` with the function that it names there."""
    return [(compile_pattern(text), globals()[f"_{meaning}"]) for meaning, text in word_book()["periods"]]
