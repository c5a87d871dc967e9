"""Periods in a text. In: a sentence. Out: `PeriodMention`s: a year, quarters, or a word such as `last year`.

The forms stand in `claims.yml`; the names of their groups say what each part is. Months count as quarters where they
are whole ones: `April to September 2017`, `the nine months to December`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.periods import QUARTERS, financial_year_id, previous_year, read_financial_year
from swp_analysis.ingest.timeline import MONTHS


@dataclass(frozen=True)
class PeriodMention:
    """What a period's words say: `kind`, and the year and the quarters where they name them; `number`: how many
    quarters, or 2 for a span that may be the ends of a change."""

    kind: str
    year: str = ""
    quarters: tuple[int, ...] = ()
    number: int = 0


def groups_of(match: re.Match) -> dict[str, str]:
    """Give the words of the groups that match, by what stands before `_` in their names.

    >>> groups_of(re.match("(?P<part_one>A half)|(?P<part>halves)", "A half"))
    {'part': 'a half'}
    """
    return {name.partition("_")[0]: words.lower() for name, words in match.groupdict().items() if words}


class PeriodReader:
    """Finds periods; `this year` is the year that a report is about."""

    def __init__(self, rules: ClaimRules, this_year: str) -> None:
        self._this, self._numbers = this_year, rules.numbers
        self._year = re.compile(rules.fill("{fy}"), re.IGNORECASE)
        self._forms = [
            re.compile(rf"(?<![\w/-])(?:{rules.fill(form)})(?!\w)", re.IGNORECASE) for form in rules.period_forms
        ]
        self._words = [
            (re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.IGNORECASE), kind)
            for kind, phrases in rules.periods.items()
        ]

    def find(self, text: str) -> Iterator[tuple[int, int, PeriodMention]]:
        """Find every period of a text with its place; they may overlap, and the longest is meant."""
        for form in self._forms:
            for match in form.finditer(text):
                said = groups_of(match)
                yield *match.span(), self._read(said, is_from=match[0].lower().startswith("from"))
        for form, kind in self._words:
            for match in form.finditer(text):
                named = self._year.search(match[0])
                year = self._this if kind == "this_year" else _read_year(named["year"]) if named else ""
                yield *match.span(), PeriodMention(kind, year)

    def _read(self, said: dict[str, str], *, is_from: bool) -> PeriodMention:
        if "month" in said:
            return _month(said["month"], said.get("calendar", ""))
        if "calendar" in said and "end" not in said:
            return PeriodMention("other")  # the fourth quarter of 2017 ends in December, or in March
        joined = said.get("link") in ("and", "&") or "ends" in said
        quarters = self._quarters(said, joined)
        year = self._year_of(said, quarters)
        if "some" in said:
            return PeriodMention("some_quarters", year or "", number=self._numbers[said["some"]])
        if not quarters or year is None:
            return PeriodMention("other")
        # "From Q2 to Q3" may be all of it, or the two ends of a change.
        ends = 2 if "first" in said and not joined and is_from else 0
        return PeriodMention("every_quarter" if "both" in said else "each" if joined else "span", year, quarters, ends)

    def _quarters(self, said: dict[str, str], joined: bool) -> tuple[int, ...]:
        number = {name: self._numbers.get(words, 0) for name, words in said.items()}
        end = number.get("quarter") or _quarter_of(said.get("end", ""), ends=True)
        count = number.get("months", 0) // 3 or number.get("quarters", 0)
        if "first" in said:
            first, last = number["first"], number["last"]
            return (first, last) if joined else tuple(range(first, last + 1))
        if "begin" in said:
            begin = _quarter_of(said["begin"], ends=False)
            return tuple(range(begin, end + 1)) if begin and end else ()
        if count and "end" in said:
            return tuple(range(end - count + 1, end + 1)) if end >= count else ()
        if count or "side" in said:
            count = count or len(QUARTERS) // 2
            is_late = said.get("side", "first") not in ("first", "opening")
            return QUARTERS[-count:] if is_late else QUARTERS[:count]
        if "until" in said:
            return tuple(range(1, end + 1))
        return QUARTERS if said.keys() <= {"year"} else (end,) if end else ()

    def _year_of(self, said: dict[str, str], quarters: tuple[int, ...]) -> str | None:
        """The year's id, an empty text where none is named, or None where the words can't be one year."""
        if "year" in said:
            return _read_year(said["year"]) or None
        if "past" in said:
            return previous_year(self._this)
        calendar = said.get("calendar") or said.get("begun")
        if calendar and quarters:
            ends_in_spring = quarters[-1] == QUARTERS[-1] and "calendar" in said
            return financial_year_id(int(calendar) - ends_in_spring)
        return self._this if "now" in said else ""


def _month(name: str, calendar: str) -> PeriodMention:
    number = _month_number(name)
    year = financial_year_id(int(calendar) - (number < 4)) if calendar else ""
    return PeriodMention("month", year, ((number - 4) // 3 % 4 + 1,))


def _month_number(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


def _quarter_of(month: str, *, ends: bool) -> int:
    """The quarter that a month ends, or begins; 0 where it does neither."""
    number = _month_number(month) if month else 0
    return (number - 4) // 3 % 4 + 1 if number and number % 3 == (0 if ends else 1) else 0


def _read_year(text: str) -> str:
    """`17/18` or `2017 - 2018` as a year's id; empty when it spans more than a year."""
    plain = re.sub(r"[^\d/–-]", "", text)
    return read_financial_year(plain if len(plain) > 5 else f"20{plain}") or ""
