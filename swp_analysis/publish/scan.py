"""The last gate: does anything that was typed tell a hidden number? In: words and pages. Out: nothing, or a `RunError`.

An edition's own tables, charts and sentences are made from protected figures and can tell nothing that these don't. So
only what came in by another way is looked at: comments, the texts of the partnership's files, a notebook's Markdown and
what its cells print by themselves. They are held against the protected figures alone: a number beside the name of an
indicator that lies where a hidden figure could lie is refused, whether it is the true one or not. That an edition was
refused, or published, therefore tells nothing about what is hidden.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from text_to_num import text2num

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.disclosure import DEFAULT_THRESHOLD, Protected, Unsaid, find_unsaid
from swp_analysis.errors import RunError
from swp_analysis.publish.checks import make_visible

BY_AUTHOR = {"data-by": "author"}
SELECTOR = "[data-by=author], h1, title, .remark"
DESCRIPTIONS = ("alt", "title", "aria-label", "content")
_DRAWING = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_AXIS = re.compile("^[xy]tick_")
_SVG = "{http://www.w3.org/2000/svg}"


class Passage(NamedTuple):
    """`about`: texts that name what it speaks of, the nearest first; `text`: where its numbers are, `in_words` too."""

    about: tuple[str, ...]
    text: str
    in_words: bool = True


def mark_author(html: str) -> str:
    """Mark the outermost elements of some HTML as typed, or as printed by somebody's own code."""
    soup = BeautifulSoup(html, "html.parser")
    for node in soup.find_all(True, recursive=False):
        node.attrs |= BY_AUTHOR
    return str(soup)


def read_typed(html: str) -> Iterator[Passage]:
    """Read what is marked in a page, with the heading of its section."""
    soup = BeautifulSoup(html, "html.parser")
    for node in soup.select(SELECTOR):
        heading = node.find_previous(["h1", "h2", "h3"])
        section = _words(heading) if heading else ""
        if node.name == "table" or node.find("table"):
            yield from _read_rows(node, section)
        else:
            yield Passage((_words(node), section), _words(node))
        for part in [node, *node.find_all(True)]:
            yield from _read_attributes(part, section)


def _read_rows(node: Tag, section: str) -> Iterator[Passage]:
    """Each row, about the table's headings and caption too."""
    rows = [_words(row) for row in node.find_all("tr")]
    caption = node.find("caption")
    heads = (rows[0] if rows else "", _words(caption) if caption else "", section)
    outside = " ".join(str(text) for text in node.find_all(string=True) if not text.find_parent("tr"))
    for text in [*rows[1:], outside]:
        yield Passage((text, *heads), text)


def _read_attributes(node: Tag, section: str) -> Iterator[Passage]:
    named = [str(node[name]) for name in DESCRIPTIONS if node.get(name)]
    for text in named:
        yield Passage((text, section), text)
    for encoded in chain.from_iterable(_DRAWING.findall(str(value)) for value in node.attrs.values()):
        words = _read_drawing(base64.b64decode(encoded).decode("utf-8"))
        yield Passage((*named, words, section), words)


def _read_drawing(svg: str) -> str:
    """The texts of a drawing; an axis only counts, its numbers are left out."""
    try:
        drawing = ElementTree.fromstring(_PROLOGUE.sub("", svg))
    except ElementTree.ParseError:
        return " · ".join(_TAG.split(svg))
    return " · ".join(filter(None, map(str.strip, _texts(drawing))))


def _texts(node: ElementTree.Element) -> Iterator[str]:
    yield node.text or ""
    for part in node:
        if part.tag != f"{_SVG}style" and not _AXIS.match(part.get("id", "")):
            yield from _texts(part)
        yield part.tail or ""


def _words(node: Tag) -> str:
    return " ".join(node.get_text(" ").split())


MOST_FINDINGS = 5
# What the partnership's files say in words and pages show.
WORDS_OF_INDICATOR = {"definition", "why_it_matters", "caveats", "harm", "at_risk", "candidate"}
BOOKS = {"identity", "strategy", "delivery", "criteria", "coverage", "recording_breaks"}
WAY_OUT = "could be one that is hidden from the readers of this edition; say it without the number"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIMES = "quarters?|years?|months?|weeks?|days?|hours?|minutes?"
_PEOPLE = "children|girls|boys|pupils|people|persons|adults|women|men|females|males|victims|offenders|anyone|those"
# Numbers that are no figures: dates, lengths of time, ages, money, laws, limits, confidence.
_NO_FIGURE = re.compile(
    r"\b(?:19|20)\d\d(?:\s?[/–-]\s?(?:20)?\d\d)?\b|\bq[1-4](?:\s?[–-]\s?q?[1-4])?\b"
    rf"|\b\d+(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b|\b(?:{_MONTHS}) \d+\b"
    rf"|\b\d+(?:\s?(?:to|and|or|[–-])\s?\d+)?[ -](?:{_TIMES})\b|\b\d+ indicators?\b"
    rf"|\b(?:(?:{_PEOPLE}) (?:aged? )?(?:under|over|between|from|of)|aged?|ages|aged (?:under|over|between|from))"
    r" \d+(?:\s?(?:to|and|[–-])\s?\d+)?s?\b|\b(?:under|over)[ -]\d+s\b|\b\d+(?:\s?[–-]\s?\d+)?-year"
    r"|£\s?\d[\d,.]*|\b(?:section|part|page|chapter|article|schedule|phase|tier|level|class|grade) \d+\w?\b"
    rf"|<\s*{DEFAULT_THRESHOLD}\b|\b95%",
    re.IGNORECASE,
)
_SAID_OTHERWISE = {
    "half[ -]a[ -]dozen": "6", "dozen": "12", "pair|couple|brace|twice": "2", "thrice|trio": "3", "nil": "0",
}  # fmt: skip
_CARDINALS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
_WORDS = re.compile(rf"(?<![\w-])(?:{_CARDINALS})(?:[ -](?:and )?(?:one|{_CARDINALS}))*(?![\w-])")
# How an invisible character is shown.
_INVISIBLE = re.compile(r"\[U\+[0-9A-F]+\]")
# "One" is a number where it counts somebody or something, and else a pronoun.
_COUNTED = r"person|victim|case|incident|offen[cd]\w+|girl|boy|woman|man|child\w*|death|report|crime|client"
_ONE = re.compile(rf"\b(?:one|single)(?= (?:young |female |male |new |more |other )*(?:{_COUNTED})\b)")
# Signs don't take anything back: "+6", "6x" and "the 6th" tell 6.
_NUMBER = re.compile(r"(?:(?<![\w.,])|(?<=\bx))\d[\d,]*(?:\.\d+)?(?:\s?%)?")


class Scanner:
    """Holds what was typed for one edition against its protected figures.

    A page can be read as soon as it is made, while others are still being made; in the finished folder it is then known
    by its hash.
    """

    def __init__(self, indicators: Mapping[str, Indicator], unsaid: Mapping[str, Unsaid]) -> None:
        self._indicators, self._unsaid, self._names = indicators, unsaid, IndicatorNames(indicators)
        self._clean: set[str] = set()

    @classmethod
    def of(cls, data: Protected, indicators: Mapping[str, Indicator]) -> Scanner:
        """Give the scanner of an edition; where nothing is hidden it finds nothing."""
        return cls(indicators, find_unsaid(data, indicators) if data.threshold else {})

    def read_ahead(self, html: str) -> None:
        """Read a page, and remember it when nothing in it could tell."""
        if not any(self._find(read_typed(html))):
            self._clean.add(_hash(html.encode("utf-8")))

    def tells(self, name: str, words: str) -> bool:
        """Tell whether what a person typed about an indicator could tell one of its hidden numbers."""
        passage = Passage((words, self._indicators[name].label), words)
        return any(self._find([passage]))

    def require_silent(self, catalogue: Catalogue) -> None:
        """Look through what people wrote in the partnership's files.

        Raises
        ------
        RunError
            Naming the first indicator beside which a number stands that could be a hidden one.
        """
        for about, text in _texts_of(catalogue):
            for name in self._find([Passage((text, about), text, in_words=False)]):
                raise RunError(
                    f"The edition was not published: the text “{text[:80]}” in the partnership's files has a number "
                    f"beside {self._indicators[name].short_label} that {WAY_OUT}."
                )

    def scan_folder(self, folder: Path) -> None:
        """Look through the pages of an edition.

        Raises
        ------
        RunError
            With up to five places where a number stands that could be a hidden one.
        """
        found = [
            f"{path.relative_to(folder).as_posix()} ({self._indicators[name].short_label})"
            for path in sorted(folder.rglob("*.html"))
            if self._unsaid and _hash(path.read_bytes()) not in self._clean
            for name in dict.fromkeys(self._find(read_typed(path.read_text(encoding="utf-8"))))
        ]
        if found:
            more = f" and {len(found) - MOST_FINDINGS} more places" if len(found) > MOST_FINDINGS else ""
            raise RunError(
                f"The edition was not published: a number that was typed, or printed by a notebook's own code, in "
                f"{', '.join(found[:MOST_FINDINGS])}{more} {WAY_OUT}."
            )

    def _find(self, passages: Iterable[Passage]) -> Iterator[str]:
        """The ids of indicators of which a passage could tell a hidden number."""
        for passage in passages if self._unsaid else ():
            for name, printed in self._names.find_numbers(passage):
                if name in self._unsaid and self._unsaid[name].holds(printed):
                    yield name


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _texts_of(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """What people typed in the partnership's files and pages show: whom it is about, and the words."""
    for indicator in catalogue.indicators.values():
        for text in _strings(indicator.model_dump(include=WORDS_OF_INDICATOR)):
            yield indicator.label, text
    for rebase in catalogue.rebases:
        yield catalogue.indicators[rebase.indicator].label, rebase.reason
    for text in _strings(catalogue.model_dump(include=BOOKS)):
        yield "", text
    for work in (work for year in catalogue.delivery.values() for work in year.work):
        for one in work.progress:
            yield work.text, f"{one.label}: {', '.join(f'{value:g}' for value in one.values.values())}"


def _strings(content: Any) -> Iterator[str]:
    if isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _strings(part)
    elif isinstance(content, str):
        yield content


class IndicatorNames:
    """Finds whose numbers a passage tells: indicators go by id, label or short label."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self._ids = {
            plain_words(name): indicator.id
            for indicator in indicators.values()
            for name in (indicator.short_label, indicator.label, indicator.id)
        }
        # Of two names at one place the longer one is meant.
        longest_first = sorted(self._ids, key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def find_numbers(self, passage: Passage) -> Iterator[tuple[str, str]]:
        """Find indicator and printed number: each number belongs to all that its text and what is around it name."""
        names = dict.fromkeys(name for text in passage.about for name in self._named(text))
        if names:
            text = plain_words(passage.text) if passage.in_words else _plain(passage.text)
            bare = _NO_FIGURE.sub(" ", self._names.sub(" ", text))
            yield from ((name, printed) for printed in _NUMBER.findall(bare) for name in names)

    def _named(self, text: str) -> list[str]:
        return [self._ids[name] for name in self._names.findall(plain_words(text))]


def plain_words(text: str) -> str:
    """Give lower case, single spaces, numbers in digits.

    >>> plain_words("Three  cases, then half a dozen, one case by one of us, twenty-three, five and six")
    '3 cases, then 6, 1 case by one of us, 23, 5 and 6'
    """
    plain = _ONE.sub("1", _plain(text))
    for words, digits in _SAID_OTHERWISE.items():
        plain = re.sub(rf"\b(?:{words})\b", digits, plain)
    return _WORDS.sub(lambda words: _in_digits(words[0].replace("-", " ")), plain)


def _plain(text: str) -> str:
    """Give lower case, single spaces, plain letters and digits for raised or ringed ones, nothing invisible."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", make_visible(text)))
    return " ".join(shown.replace("\u2010", "-").lower().split())


def _in_digits(words: str) -> str:
    try:
        return str(text2num(words, "en"))
    except ValueError:  # several numbers: "two three", "five and six"
        return " ".join(_in_digits(word) if word != "and" else word for word in words.split())
