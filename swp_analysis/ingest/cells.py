"""What a KPI cell says. In: the text of one cell and what its row measures. Out: a `Figure` for each indicator of
the row.

The published tables write figures in several ways; each is one pattern below. Text that fits none is refused with its
address, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from swp_analysis.catalogue.models import Indicator
from swp_analysis.engines.small_numbers.rounding import agrees_with_fraction
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Address
from swp_analysis.ingest.spelling import pattern, word_book

Status = Literal["reported", "suppressed", "not_available", "unreadable"]

SUPPRESSED_LOWER = 1
# More than this is no count of a partnership's.
LARGEST_COUNT = 1_000_000_000


@dataclass(frozen=True)
class Figure:
    """One published figure: a number, an interval (`<5` is 1 to 4), or the reason why there is none."""

    status: Status
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class CellShape:
    """What a row's cells hold: a count, a percent, or both (`1495 (43.6%)` or `75% (176 cases)`)."""

    count: str | None = None
    percent: str | None = None

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(name for name in (self.count, self.percent) if name)

    def printed_alone(self, text: str) -> CellShape:
        """Give the shape of a cell that may leave out the share beside its count."""
        return self if "(" in text or not self.count else CellShape(count=self.count)

    @property
    def expected(self) -> str:
        """The shape in words, for a message."""
        if self.count and self.percent:
            return "a count with a percentage, such as 46 (29%) or 75% (176 cases)"
        if self.percent:
            return "a percentage, such as 12%, 12% (6/50) or 6 of 50"
        return "a whole number or <5"


NOT_AVAILABLE = Figure("not_available")
UNREADABLE = Figure("unreadable")

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+"
# Programs that know only decimal numbers write 40 as 40.0 or 40.00.
_BELOW = r"(?:<|(?i:(?:less|fewer) than|under|below)\b)\s*(?P<below>\d+)|1\s*(?:[-–]|(?i:to))\s*(?P<most>[2-9])"
_COUNT = rf"(?P<count>{_NUMBER})(?:\.0{{1,2}})?|{_BELOW}"
# No leading zero and no third decimal: `096` and `43.696` are percent signs read as 96.
_PERCENT = r"(?P<percent>(?:0|[1-9]\d*)(?:[.,]\d{1,2})?)\s*(?P<sign>(?:%|(?i:per ?cent))?)"
_FRACTION = rf"(?:n ?= ?)?(?P<n>{_NUMBER})\s*(?:/|(?:out )?of)\s*(?P<N>{_NUMBER})"
_WITH_PERCENT = rf"\(\s*{_PERCENT}\s*\)"
# By whether a row's cells hold a count and a percentage, how they may be written.
_SHAPES = {
    shape: [re.compile(text, re.ASCII) for text in texts]
    for shape, texts in {
        (True, False): [rf"(?:{_COUNT})"],
        (True, True): [rf"(?:{_COUNT})\s*{_WITH_PERCENT}", rf"{_PERCENT}\s*\(\s*(?:{_COUNT})\s*cases\s*\)"],
        (False, True): [
            _PERCENT,
            rf"{_PERCENT}\s*\(\s*{_FRACTION}\s*\)",
            rf"{_FRACTION}\s*{_WITH_PERCENT}",
            rf"{_PERCENT}\s+(?P<N>{_NUMBER})\s+\w+ of which (?P<n>{_NUMBER})\s+\w+",
            _FRACTION,
        ],
    }.items()
}
# No cases at all: there is no percentage of nothing, and it isn't 0.
_NO_CASES = re.compile(r"(?:(?:0(?:\.0{1,2})?\s*%?|[-–]|n/a)\s*)?\(?\s*0\s*/\s*0\s*\)?", re.ASCII)
# An asterisk or dagger behind a figure, or a mark in brackets, points at a note; an arrow says which way it went.
# `[e]` and `[u]` are none: they call the figure an estimate, or of little worth.
_NOTE_MARKS = re.compile(
    r"(?:\s*(?:[*†‡¹²³⁰⁴-⁹▲▼△▽↑↓→←↔↗↘⬆⬇]|\[(?:note )?(?![eu]\])\w{1,2}\]|\([pr]\)))+$", re.IGNORECASE
)
_PROVISIONAL = re.compile(r"[\[(]p[\])]", re.IGNORECASE)
LONGEST_MARK = 30


class UnreadCell(ValueError):
    """A cell's text fits no pattern, or contradicts itself; the message says what is wrong, the caller adds where."""


@lru_cache(maxsize=1 << 12)
def read_cell(text: str, shape: CellShape, missing_marks: frozenset[str] = frozenset()) -> dict[str, Figure]:
    """Read the figure of each indicator of `shape` in one cell.

    Raises
    ------
    UnreadCell
        When the text fits no known pattern, or a percentage contradicts its own n/N.

    >>> read_cell("1578 (49.8)", CellShape("incidents", "share"))["share"].value
    49.8
    >>> read_cell("<5", CellShape("completions"))["completions"].upper
    4.0
    >>> read_cell("12 of 60", CellShape(percent="share"))["share"].value
    20.0
    """
    text = _NOTE_MARKS.sub("", text).removeprefix("'") or text  # how a spreadsheet marks a number as text
    if not text or is_mark(text, missing_marks):
        return dict.fromkeys(shape.indicators, NOT_AVAILABLE)
    if not shape.count and says_no_cases(text):
        return dict.fromkeys(shape.indicators, NOT_AVAILABLE)
    for form in _SHAPES[bool(shape.count), bool(shape.percent)]:
        if match := form.fullmatch(text):
            return dict(_figures(match.groupdict(), shape))
    way_out = _say("ways_out", text) if len(text) <= LONGEST_MARK else ""
    raise UnreadCell(f"found {_say('wrong_cells', text)}, expected {shape.expected}{way_out}")


def is_mark(text: str, marks: frozenset[str]) -> bool:
    """Tell whether a cell says that there is no figure: by a mark of the catalogue, or in words, in any case.

    >>> is_mark("Tbc", frozenset({"TBC"})), is_mark("", frozenset({"TBC"})), is_mark("Data not yet due", frozenset())
    (True, False, True)
    """
    return text.casefold() in _folded(marks) or bool(pattern("no_figure").fullmatch(text))


@cache
def _folded(marks: frozenset[str]) -> frozenset[str]:
    return frozenset(mark.casefold() for mark in marks)


def is_provisional(text: str) -> bool:
    """Tell whether a cell calls its figure provisional: `118 (p)`."""
    return bool(_PROVISIONAL.search(text))


def _say(what: str, text: str) -> str:
    """Say what is wrong with a cell (`wrong_cells`), or what to do about it (`ways_out`), in the words of `words.yml`.

    >>> _say("ways_out", "1-4"), _say("ways_out", "1 573")
    ('; write a small number as <5', '; write 1573 if it is one number')
    """
    for found, sentence in word_book()[what].items():
        if match := re.search(found, text, re.IGNORECASE):
            parts = {"most": "0", "number": ""} | match.groupdict()
            joined, following = text.replace(" ", ""), int(parts["most"]) + 1
            return str(sentence).format(
                text=text, quoted=repr(text), joined=joined, next=following, number=parts["number"]
            )
    return ""


def says_no_cases(text: str) -> bool:
    """Tell whether a cell of a percentage says that there was nothing to take a part of.

    >>> says_no_cases("0% (0/0)"), says_no_cases("0/0"), says_no_cases("0% (0/5)")
    (True, True, False)
    """
    return bool(_NO_CASES.fullmatch(text))


def shape_of(indicator: Indicator) -> CellShape:
    """Say what the cells of an indicator's row hold."""
    if indicator.unit == "percent":
        return CellShape(percent=indicator.id)
    return CellShape(count=indicator.id, percent=indicator.companion_share)


def read_at(address: Address, text: str, shape: CellShape, marks: frozenset[str] = frozenset()) -> dict[str, Figure]:
    """Run `read_cell`, with the cell's address in front of what is wrong (`InputError`)."""
    try:
        return read_cell(text, shape, marks)
    except UnreadCell as problem:
        raise InputError(f"{address}: {problem}.") from None


def can_be_read(text: str, shape: CellShape, marks: frozenset[str]) -> bool:
    """Tell whether a cell is a figure of a row with this shape, or says that there is none."""
    try:
        return bool(read_cell(text, shape, marks))
    except UnreadCell:
        return False


def _figures(parts: dict[str, str | Any], shape: CellShape) -> Iterator[tuple[str, Figure]]:
    if shape.count:
        yield shape.count, _count_figure(parts)
    if shape.percent:
        yield shape.percent, _percent_figure(parts)


def _count_figure(parts: dict[str, str | Any]) -> Figure:
    if parts.get("below") or parts.get("most"):
        below = _number(parts["below"]) if parts["below"] else _number(parts["most"]) + 1
        if below <= SUPPRESSED_LOWER:
            raise UnreadCell(f"found '<{below:g}', which leaves no number that could be meant")
        return Figure("suppressed", lower=float(SUPPRESSED_LOWER), upper=below - 1)
    return Figure("reported", value=_number(parts["count"]))


def _percent_figure(parts: dict[str, str | Any]) -> Figure:
    if "percent" not in parts:
        n, total = _part_of(parts)
        return Figure("reported", value=round(100 * n / total, 1), numerator=n, denominator=total)
    printed = parts["percent"].replace(",", ".")
    percent = float(printed)
    if percent > 100:
        raise UnreadCell(f"found {parts['percent'][:LONGEST_MARK]}%, expected a percentage of at most 100")
    if not parts.get("N") and 0 < percent < 1 and not parts["sign"]:
        raise UnreadCell(
            f"found {parts['percent']} without a percent sign, which may be {percent:g}% or {100 * percent:g}%"
        )
    count = _number(parts["count"]) if parts.get("count") else 0.0
    if not parts["sign"] and 0 < percent <= count and percent == int(percent):
        raise UnreadCell(
            f"found {parts['count']} ({parts['percent']}), where {parts['percent']} may be a percentage or a count; "
            f"write {parts['count']} ({parts['percent']}%) if it is the percentage"
        )
    if not parts.get("N"):
        return Figure("reported", value=percent)
    n, total = _part_of(parts)
    if not agrees_with_fraction(printed, n, total):
        raise UnreadCell(f"found {parts['percent']}% beside {n:g}/{total:g}, which is {100 * n / total:.2f}%")
    return Figure("reported", value=percent, numerator=n, denominator=total)


def _part_of(parts: dict[str, str | Any]) -> tuple[float, float]:
    n, total = _number(parts["n"]), _number(parts["N"])
    if n > total or total == 0:
        wrong = "a part larger than its whole" if total else "a part of nothing"
        raise UnreadCell(f"found '{parts['n']}/{parts['N']}', {wrong}; expected a part of a whole")
    return n, total


def _number(text: str) -> float:
    count = float(text.replace(",", ""))
    if count > LARGEST_COUNT:
        raise UnreadCell(
            f"found {text[:LONGEST_MARK]}, more than a partnership can count; it may be a date, a reference or two "
            "cells run together: type the count, or write `n/a` where there is none"
        )
    return count
