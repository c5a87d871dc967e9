"""Periods in a text. In: a sentence. Out: `PeriodMention`s: a year, quarters, or a word such as `last year`.

Months count as quarters where they are whole ones: `April to September 2017`, `the nine months to December`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.periods import QUARTERS, financial_year_id, read_financial_year

_MONTHS = "January February March April May June July August September October November December".split()
_YEAR = (
    r"(?:(?:financial year|fiscal year|year|FY) ?)?"
    r"(?P<year>20\d\d ?[-–/] ?(?:20)?\d\d(?! ?[-–/] ?\d)|(?<![\d/])\d\d/\d\d(?![\d/]))"
)
_OF_YEAR = (  # in brackets only where these close behind it
    r"(?:,? (?:\((?=[^():]*\)))?(?:(?:of|in|for|from|during) )?"
    rf"(?:the )?(?:{_YEAR}|(?P<past>{{last}})|(?P<now>{{this}})|(?:financial )?year"
    r"|(?P<calendar>20\d\d)(?![-/–\d]))\)?)?"
)
_MONTH = f"(?:{'|'.join(f'{month}|{month[:3]}' for month in _MONTHS)})"
_NUMBERS = {"three": 1, "3": 1, "six": 2, "6": 2, "nine": 3, "9": 3, "twelve": 4, "12": 4}
_SOME = {
    "one": 1,
    "two": 2,
    "three": 3,
    "1": 1,
    "2": 2,
    "3": 3,
    "none": 0,
    "no": 0,
    "not one": 0,
    "not a single": 0,
    "all but one": 3,
}
_ORDINALS = {
    **{"first": 1, "1st": 1, "opening": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4},
    **{"final": 4, "last": 4, "closing": 4, "one": 1, "two": 2, "three": 3, "four": 4},
}
_QUARTER = (
    r"(?:Q ?(?P<digit>[1-4])(?!\d)|quarter (?P<named>[1-4]|one|two|three|four)\b"
    r"|(?:the )?(?P<ordinal>first|second|third|fourth|final|closing|opening|1st|2nd|3rd|4th|last(?= quarter of))"
    r" quarter)"
)
_PARTS = [
    (rf"(?:between |from )?Q ?(?P<first>[1-4]) ?(?P<link>to|-|–|and|&) ?Q? ?(?P<last>[1-4])(?!\d){_OF_YEAR}", "range"),
    (rf"(?:the )?(?P<half>first|second|last|latter|opening|final) (?:half|six months){_OF_YEAR}", "half"),
    (rf"(?:the )?(?P<half>first|last|opening|final) (?P<count>two|three|2|3) quarters{_OF_YEAR}", "quarters"),
    (rf"(?:the )?(?P<half>first|opening|final|closing) (?P<count>three|six|nine|3|6|9) months{_OF_YEAR}", "months"),
    (
        rf"(?:the )?(?:(?P<count>three|six|nine|twelve|3|6|9|12)[- ]months?|(?P<annual>(?:financial )?year))"
        rf" (?:(?:period )?(?:to|ending|ended|up to) )(?:the end of )?(?:3[01] )?"
        rf"(?P<end>{_MONTH})(?: (?P<calendar>20\d\d))?",
        "to_month",
    ),
    (
        rf"(?:between |from )?(?P<begin>{_MONTH})(?: (?P<begun>20\d\d))? ?(?:to|and|-|–) ?"
        rf"(?:the end of )?(?P<end>{_MONTH})"
        rf"(?: (?P<calendar>20\d\d))?(?:{_OF_YEAR.replace('(?P<calendar>20', '(?P<other>20')})",
        "month_range",
    ),
    (
        rf"(?:by|up to|to) (?:the )?end of (?:the )?(?:{_QUARTER}|(?P<end>{_MONTH})(?: (?P<calendar>20\d\d))?)",
        "cumulative",
    ),
    (rf"both (?:of )?(?:Q ?(?P<first>[1-4]) ?(?P<link>and|&) ?Q? ?(?P<last>[1-4])(?!\d)){_OF_YEAR}", "each_range"),
    (rf"both of (?:the )?(?P<half>first|last|opening|final) (?P<count>two) quarters{_OF_YEAR}", "each_quarters"),
    (
        rf"(?:from )?the first (?P<link>to|and) the (?P<last>second|third|fourth|last|final) quarter{_OF_YEAR}",
        "first_to",
    ),
    (
        rf"(?:only )?(?P<some>one|two|three|none|not one|all but one|1|2|3) (?:of (?:the )?(?:four )?)?"
        rf"(?:quarters(?! (?:in a row|running))|(?<=one )quarter|(?<=one of the )quarters){_OF_YEAR}",
        "some",
    ),
    (rf"(?:in )?(?P<some>no|not one|not a single) quarter{_OF_YEAR}", "some"),
    (rf"(?P<count>three|six|nine|3|6|9) months into{_OF_YEAR}", "months"),
    (rf"{_QUARTER}{_OF_YEAR}", "quarter"),
    (rf"\b(?:the )?{_YEAR}", "year"),
    (
        rf"\b(?P<month>{_MONTH}) (?P<calendar>20\d\d)|\b(?P<alone>{'|'.join(m for m in _MONTHS if m != 'May')})\b",
        "month",
    ),
]


@dataclass(frozen=True)
class PeriodMention:
    """What a period's words say: `kind`, and the year and the quarters where they name them; `number`: how many
    quarters, or 2 for a span that may be the ends of a change."""

    kind: str
    year: str = ""
    quarters: tuple[int, ...] = ()
    number: int = 0


class PeriodReader:
    """Finds periods; `this year` is the year that a report is about."""

    def __init__(self, rules: ClaimRules, this_year: str) -> None:
        words = rules.periods
        last, this = ("|".join(words[name]) for name in ("last_year", "this_year"))
        self._this, self._start = this_year, int(this_year[:4])
        self._parts = [
            (re.compile(rf"(?<![\w/-])(?:{form.replace('{last}', last).replace('{this}', this)})(?!\w)", re.I), kind)
            for form, kind in _PARTS
        ]
        self._words = [
            (re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.I), kind) for kind, phrases in words.items()
        ]

    def find(self, text: str) -> Iterator[tuple[int, int, PeriodMention]]:
        """Find every period of a text with its place; they may overlap, and the longest is meant."""
        for form, kind in self._parts:
            for match in form.finditer(text):
                yield *match.span(), self._read(match, kind)
        for form, kind in self._words:
            for match in form.finditer(text):
                named = re.search(_YEAR, match[0])
                year = self._this if kind == "this_year" else _read_year(named["year"]) if named else ""
                yield *match.span(), PeriodMention(kind, year)

    def _read(self, match: re.Match, kind: str) -> PeriodMention:
        parts = match.groupdict()
        if kind == "year":
            named = _read_year(parts["year"])
            return PeriodMention("span", named, QUARTERS) if named else PeriodMention("other")
        if kind == "month":
            return self._month(parts["month"] or parts["alone"], parts["calendar"])
        if parts.get("calendar") and kind not in ("to_month", "month_range", "cumulative"):
            return PeriodMention("other")  # the fourth quarter of 2017 ends in December, or in March
        if kind == "some":
            year = self._year(parts, QUARTERS)
            return PeriodMention("some_quarters", year or "", number=_SOME[parts["some"].lower()])
        is_every, kind = kind.startswith("each_"), kind.removeprefix("each_")
        quarters, joined = self._quarters(parts, kind)
        year = self._year(parts, quarters)
        if not quarters or year is None:
            return PeriodMention("other")
        # "From Q2 to Q3" may be all of it, or the two ends of a change.
        ends = 2 if kind == "range" and not joined and match[0].lower().startswith("from") else 0
        return PeriodMention("every_quarter" if is_every else "each" if joined else "span", year, quarters, ends)

    def _quarters(self, parts: dict, kind: str) -> tuple[tuple[int, ...], bool]:
        if kind == "first_to":
            return (1, _ORDINALS[parts["last"].lower()]), True
        if kind == "range":
            first, last = int(parts["first"]), int(parts["last"])
            joined = parts["link"] in ("and", "&")
            return ((first, last) if joined else tuple(range(first, last + 1))), joined
        if kind in ("half", "quarters", "months"):
            count = 2 if kind == "half" else _NUMBERS[parts["count"].lower()] if kind == "months" else 0
            count = count or {"two": 2, "three": 3, "2": 2, "3": 3}[parts["count"].lower()]
            late = (parts.get("half") or "first").lower() not in ("first", "opening")
            return QUARTERS[-count:] if late else QUARTERS[:count], False
        if kind == "to_month":
            end = _quarter_ending(parts["end"])
            count = 4 if parts["annual"] else _NUMBERS[parts["count"].lower()]
            return tuple(range(end - count + 1, end + 1)) if end and end - count >= 0 else (), False
        if kind == "month_range":
            begin, end = _quarter_beginning(parts["begin"]), _quarter_ending(parts["end"])
            return tuple(range(begin, end + 1)) if begin and end else (), False
        named = (parts["digit"] or parts["named"] or parts["ordinal"] or "").lower()
        quarter = int(named) if named.isdigit() else _ORDINALS.get(named) or _quarter_ending(parts.get("end") or "")
        return (tuple(range(1, quarter + 1)) if kind == "cumulative" else (quarter,)) if quarter else (), False

    def _year(self, parts: dict, quarters: tuple[int, ...]) -> str | None:
        """The year's id, an empty text where none is named, or None where the words can't be one year."""
        if parts.get("year"):
            return _read_year(parts["year"]) or None
        if parts.get("past"):
            return financial_year_id(self._start - 1)
        calendar = parts.get("calendar") or parts.get("begun") or parts.get("other")
        if calendar and quarters:
            ends_in_spring = quarters[-1] == 4 and not (parts.get("begun") and not parts.get("calendar"))
            return financial_year_id(int(calendar) - ends_in_spring)
        return self._this if parts.get("now") else ""

    def _month(self, name: str, calendar: str | None) -> PeriodMention:
        month = _month_number(name)
        quarter = (month - 4) // 3 % 4 + 1
        return PeriodMention("month", financial_year_id(int(calendar) - (month < 4)) if calendar else "", (quarter,))


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if month[:3].lower() == name[:3].lower())


def _quarter_beginning(name: str) -> int:
    month = _month_number(name)
    return (month - 4) // 3 % 4 + 1 if (month - 4) % 3 == 0 else 0


def _quarter_ending(name: str) -> int:
    month = _month_number(name) if name else 0
    return (month - 4) // 3 % 4 + 1 if month and month % 3 == 0 else 0


def _read_year(text: str) -> str:
    """`17/18` or `2017 - 2018` as a year's id; empty when it spans more than a year."""
    plain = re.sub(r"[^\d/–-]", "", text)
    return read_financial_year(plain if len(plain) > 5 else f"20{plain}") or ""
