"""The last gate: does a hidden number stand anywhere in the finished files? In: a folder, what is hidden. Out: nothing,
or a `RunError` that names the file and the indicator, never the number.

`attack` proves that nothing can be worked out; this looks for what slipped past it, a number typed into a commentary or
drawn from the wrong table. A number counts only where its indicator is named, and only if the edition doesn't show the
same number for that indicator anyway: a gate that cries wolf is switched off.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.disclosure import Protected
from swp_analysis.disclosure.published_figures import FRAMES
from swp_analysis.errors import RunError
from swp_analysis.publish.passages import Passage, read_page, read_passages
from swp_analysis.publish.state import files_below

MOST_FINDINGS = 5
NUMBERS = ("value", "numerator", "denominator")
# Numbers that are no figures: years, quarters, dates, limits, confidence, counts of periods and of indicators.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_COUNTED = "quarters?|points?|years?|months?|days?|figures?|indicators?|hidden|people|person|times|cells?|things?|ways?"
_DATES = r"\b20\d\d(?:[/–-]\d\d)?\b|\bQ[1-4](?:[–-]Q?[1-4])?\b"
_NO_FIGURE = re.compile(
    rf"{_DATES}|[<>≥≤]\s*\d+|\b9[59](?:\.\d+)?%"
    r"|\b(?:fewer than|under|over|at least|counts of 1 to|from 1 to|1 to) \d+"
    r"|\b\d+ of(?: the)? \d+ (?:quarters|hidden|points|figures|indicators)|\b1 of (?:the|these|those|them|its|our)\b"
    rf"|\b\d+(?: to \d+)?(?: more| hidden| fewer)? (?:{_COUNTED})\b|\b\d+ (?:{_MONTHS})\b"
    r"|\b(?:section|page|row|column|part|note|sheet|table|dispersion|ratio|p)\s*[=:]?\s*\d[\d.]*",
    re.IGNORECASE,
)
# What a person typed may say "6 people" of the figure itself: only dates and lengths of time are no figures there.
_NO_TYPED_FIGURE = re.compile(
    r"\b1 of (?:the|these|those|them|its|our)\b|"
    rf"{_DATES}|<\s*\d+|\b95%|\b\d+ (?:{_MONTHS}|quarters?|years?|months?|weeks?|days?|hours?|indicators?)\b",
    re.IGNORECASE,
)
_TYPED_WORDS = {
    "half a dozen": "6", "a dozen": "12", "single": "1", "a pair": "2", "a couple": "2", "twice": "2", "thrice": "3",
}  # fmt: skip
NUMBER_WORDS = (
    *("nil", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_WORDS = re.compile(rf"(?<![\w-])(?:{'|'.join(NUMBER_WORDS)})(?![\w-])")
_IDIOMS = re.compile(r"\b(?:one or two|one by one|one after another|one another|no one|one way or the other)\b")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(?<![\w.,−+-])\d[\d,]*(?:\.\d+)?(?![\w]|[.,]\d)(?:\s?%)?")
# Signs don't take anything back: "+6", "6x" and "the 6th" tell 6.
_TYPED_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:\s?%)?")


class Hidden(NamedTuple):
    """The numbers of one indicator that an edition hides and doesn't show elsewhere for the same indicator.

    `rounded`: those of percentages as pages print them, to one decimal. `bare`: counts and percentages where neither
    has a sign, as in a CSV; what the edition shows as either is none of them.
    """

    counts: frozenset[float]
    percentages: frozenset[float]
    rounded: frozenset[float]
    bare: frozenset[float]

    def holds(self, printed: str, *, on_page: bool = False, typed: bool = False) -> bool:
        """Whether a printed number is one of these; a count is never printed with decimals, but may be typed so.

        A page prints every percentage with its sign, so a bare whole number there (a score, a rank) is none.
        """
        number = float(printed.rstrip(" %").replace(",", ""))
        if typed:
            return number in self.counts | self.percentages | self.rounded | self.bare
        if "." in printed:
            return number in self.percentages or number in self.rounded
        if printed.endswith("%"):
            return number in self.counts or number in self.percentages
        return number in (self.counts if on_page else self.bare)


def find_hidden(unprotected: Protected, data: Protected, indicators: Mapping[str, Indicator]) -> dict[str, Hidden]:
    """What disclosure control took out of the tables, by indicator."""
    gone: dict[tuple[str, bool], set[float]] = defaultdict(set)
    kept: dict[tuple[str, bool], set[float]] = defaultdict(set)
    for frame in FRAMES:
        before, after = getattr(unprotected, frame), getattr(data, frame)
        for column in (column for column in NUMBERS if column in before):
            for name, old, new in zip(before["indicator"], before[column], after[column], strict=True):
                kind = name, column == "value" and indicators[name].unit == "percent"
                if pd.notna(old):
                    (kept if pd.notna(new) else gone)[kind].add(float(old))
    names = dict.fromkeys(name for name, _ in gone)
    return {name: _distinct(*(sets[name, share] for share in (False, True) for sets in (gone, kept))) for name in names}


def _distinct(gone: set[float], kept: set[float], gone_shares: set[float], kept_shares: set[float]) -> Hidden:
    shares = gone_shares - kept_shares - {0.0}
    rounded = {round(value, 1) for value in shares} - {round(value, 1) for value in kept_shares}
    bare = (gone | gone_shares) - kept - kept_shares - {0.0}
    return Hidden(frozenset(gone - kept - {0.0}), frozenset(shares), frozenset(rounded), frozenset(bare))


class Scanner:
    """Looks for the hidden numbers of one edition in its files.

    A page can be read as soon as it is made, while others are still being made; in the finished folder it is then known
    by its hash.
    """

    def __init__(self, indicators: Mapping[str, Indicator], hidden: Mapping[str, Hidden]) -> None:
        self._indicators, self._hidden, self._speakers = indicators, hidden, Speakers(indicators)
        self._clean: set[str] = set()

    def read_ahead(self, html: str) -> None:
        """Read a page, and remember it when it holds nothing hidden."""
        if not any(find_in_passages(read_page(html), self._speakers, self._hidden, on_page=True)):
            self._clean.add(_hash(html.encode("utf-8")))

    def tells(self, name: str, words: str) -> bool:
        """Whether what a person typed about an indicator holds one of its hidden numbers."""
        passage = Passage((words, self._indicators[name].label), [words], typed=True)
        return any(find_in_passages([passage], self._speakers, self._hidden, on_page=True))

    def scan_folder(self, folder: Path) -> None:
        """Look through every file of an edition.

        Raises
        ------
        RunError
            With up to five places where a hidden number stands beside the name of its indicator.
        """
        found = [
            f"{path.relative_to(folder).as_posix()} ({self._indicators[name].short_label})"
            for path in files_below(folder)
            if _hash(path.read_bytes()) not in self._clean
            for name in dict.fromkeys(self._find(path))
        ]
        if found:
            more = f" and {len(found) - MOST_FINDINGS} more places" if len(found) > MOST_FINDINGS else ""
            raise RunError(
                f"The edition was not published: a number that is hidden from its readers stands in "
                f"{', '.join(found[:MOST_FINDINGS])}{more}."
            )

    def _find(self, path: Path) -> Iterator[str]:
        return find_in_passages(read_passages(path), self._speakers, self._hidden, path.suffix == ".html")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def find_in_passages(
    passages: Iterable[Passage], speakers: Speakers, hidden: Mapping[str, Hidden], on_page: bool = False
) -> Iterator[str]:
    """The ids of indicators of which a passage tells a hidden number."""
    for passage in passages:
        for name, printed in speakers.numbers(passage):
            if name in hidden and hidden[name].holds(printed, on_page=on_page, typed=passage.typed):
                yield name


class Speakers:
    """Finds whose numbers a passage tells: indicators go by id, label or short label."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self._ids = {
            _plain(name): indicator.id
            for indicator in indicators.values()
            for name in (indicator.short_label, indicator.label, indicator.id)
        }
        self._known: dict[str, list[str]] = {}
        # Of two names at one place the longer one is meant.
        longest_first = sorted(self._ids, key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def numbers(self, passage: Passage) -> Iterator[tuple[str, str]]:
        """Indicator and printed number, for every number that is not part of a name, a date or a limit.

        A number belongs to the name before it, the first numbers of a text to the first name; where a text names none,
        to all that the nearest text around it names. A number that a person typed belongs to all that its text and the
        heading of its section name.
        """
        if passage.typed:
            yield from self._typed_numbers(passage)
            return
        texts = [text for text in map(_plain, passage.texts) if _DIGIT.search(text)]
        around = next((named for text in passage.about if (named := self._named(text))), []) if texts else []
        for text in texts:
            found = list(self._names.finditer(text))
            starts = [0, *(name.start() for name in found[1:]), len(text)]
            parts = [text[start:end] for start, end in pairwise(starts)]
            owners = [[self._ids[name[0]]] for name in found] or [around]
            for part, names in zip(parts, owners, strict=True):
                bare = _NO_FIGURE.sub(" ", self._names.sub(" ", part))
                yield from ((name, printed) for printed in _NUMBER.findall(bare) for name in names)

    def _typed_numbers(self, passage: Passage) -> Iterator[tuple[str, str]]:
        names = dict.fromkeys(name for text in passage.about for name in self._named(text))
        for text in passage.texts:
            plain = " ".join(text.lower().split())
            for words, digits in _TYPED_WORDS.items():
                plain = plain.replace(words, digits)
            bare = _NO_TYPED_FIGURE.sub(" ", self._names.sub(" ", _plain(plain)))
            yield from ((name, printed) for printed in _TYPED_NUMBER.findall(bare) for name in names)

    def _named(self, text: str) -> list[str]:
        if text not in self._known:  # headings and captions come back with every row
            self._known[text] = list(dict.fromkeys(self._ids[name] for name in self._names.findall(_plain(text))))
        return self._known[text]


def _plain(text: str) -> str:
    """Lower case, single spaces, numbers in digits: `Three  cases` -> `3 cases`."""
    words = _IDIOMS.sub(" ", " ".join(text.lower().split()))
    return _WORDS.sub(lambda word: str(NUMBER_WORDS.index(word[0])), words)
