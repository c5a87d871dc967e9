"""The last gate: does anything that was typed tell a hidden number? In: words and pages. Out: nothing, or a `RunError`.

An edition's own tables, charts and sentences are made from protected figures and can tell nothing that these don't. So
only what came in by another way is looked at: comments, the partnership's files, Markdown, what a notebook prints. A
number beside an indicator's name that lies where a hidden figure could lie is refused, whether it is the true one or
not: a refusal tells nothing. It is a count, a share or a multiple; dates, times, ages, money and laws are none.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from text_to_num import text2num

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.disclosure import DEFAULT_THRESHOLD, Protected, Unsaid, find_unsaid
from swp_analysis.errors import RunError
from swp_analysis.project import read_shipped
from swp_analysis.publish.checks import make_visible, parse_page

_RULES = read_shipped(Path(__file__).with_name("number_words.yml"))
_LISTS = {f"{{{name}}}": "|".join(words.split()) for name, words in _RULES["lists"].items()}
_LISTS |= {"{threshold}": str(DEFAULT_THRESHOLD)}


def _fill_in(rule: str) -> str:
    for name, words in _LISTS.items():
        rule = rule.replace(name, words)
    return rule


_LISTS["{counted}"] = _fill_in(_RULES["counted"])
_NO_FIGURE = re.compile("|".join(map(_fill_in, _RULES["no_figures"])))
_READINGS = [(re.compile(_fill_in(rule)), digits) for rule, digits in _RULES["readings"].items()]
_WORDS = re.compile(_fill_in(r"(?<![\w-])(?:{cardinals})(?:[ -](?:and )?(?:one|{cardinals}))*(?![\w-])"))
_PARTS = {f"{name}{s}": number for name, number in _RULES["parts"].items() for s in ("", "s")}
# Of a year or an hour a part is a length of time, and "quarter" and "half" without a whole are too.
_WHOLE = r"of (?!the year|a year|an? |this year|last year|\d{4})"
_FRACTION = re.compile(rf"\b(?:(an?|\d+)[ -])?({'|'.join(_PARTS)}) {_WHOLE}")
_ONE_IN = re.compile(r"\b(\d+|one) (?:in|out of)(?: every)? (\d+)\b(?! (?:january|q\d))")
# A Roman numeral counts before what it counts or, unless it is one letter, at the end of what is said.
_ROMAN = re.compile(
    _fill_in(
        r"(?<![\w(.-])(?=[ivx])(x{0,3})(ix|iv|v?i{0,4})(?: (?={counted})"
        r"|(?<=\w\w)(?=[.,;:!?]|$| (?:and|or|to|in|of|this|last|were)\b))"
    )
)
_ROMAN_VALUES = {"": 0, "ix": 9, "iv": 4} | {f"{v}{'i' * n}": 5 * len(v) + n for v in ("", "v") for n in range(5)}
_CHAPTER = re.compile(_fill_in(r"\b(?:{chapters}) $"))
# How an invisible character is shown.
_INVISIBLE = re.compile(r"\[U\+[0-9A-F]+\]")
# Signs don't take anything back: "+6", "x6" and "the 6th" tell 6.
_NUMBER = re.compile(r"(?:(?<![\w.,])|(?<=\bx))\d[\d,]*(?:\.\d+)?(?:\s?%|x\b)?")
_TOLD = re.compile(f"{_RULES['told']}({_NUMBER.pattern})")


class Passage(NamedTuple):
    """`about`: texts that name what it speaks of, the nearest first; `text`: where its numbers are.

    `in_words`: whether each number word in it is a figure, or only those that are told as one ("there were three").
    """

    about: tuple[str, ...]
    text: str
    in_words: bool = True


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
            numbers = _NUMBER.findall(self._strip(plain_words(passage.text)))
            if not passage.in_words:
                told = _TOLD.findall(self._strip(plain_words(passage.text)))
                numbers = [*_NUMBER.findall(self._strip(_plain(passage.text))), *told]
            yield from ((name, printed) for printed in numbers for name in names)

    def _strip(self, text: str) -> str:
        """The text without names, and without the numbers that are no figures."""
        return _NO_FIGURE.sub(" ", self._names.sub(" ", text))

    def _named(self, text: str) -> list[str]:
        return [self._ids[name] for name in self._names.findall(plain_words(text))]


@lru_cache(maxsize=1024)  # a section's heading is looked at with each of its passages
def plain_words(text: str) -> str:
    """Give lower case, single spaces, numbers in digits.

    >>> plain_words("Three  cases, then half a dozen, one case by one of us, twenty-three, five and six")
    '3 cases, then 6, 1 case by one of us, 23, 5 and 6'
    >>> plain_words("It tripled: both girls, one in four, IV cases, two thirds of them; both boroughs, half the year")
    'it 3x: 2 girls, 25% (4), 4 cases, 67% (3) of them; both boroughs, half the year'
    """
    plain = _ROMAN.sub(_read_roman, re.sub(r"(?<=\w)fold\b", " fold", _plain(text)))
    plain = _WORDS.sub(lambda words: _in_digits(words[0].replace("-", " ")), plain)
    plain = _FRACTION.sub(lambda found: f"{_share(found[1], _PARTS[found[2]])} of ", plain)
    plain = _ONE_IN.sub(lambda found: _share(found[1], int(found[2])), plain)
    for pattern, digits in _READINGS:
        plain = pattern.sub(digits, plain)
    return plain


def _plain(text: str) -> str:
    """Give lower case, single spaces, plain letters and digits for raised or ringed ones, nothing invisible."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", make_visible(text)))
    return " ".join(shown.replace("\u2010", "-").lower().split())


def _in_digits(words: str) -> str:
    try:
        return str(text2num(words, "en"))
    except ValueError:  # several numbers: "two three", "five and six"
        return " ".join(_in_digits(word) if word != "and" else word for word in words.split())


def _share(some: str | None, of: int) -> str:
    """A part of a whole, and the least whole that can have it: half of some are an even number of them."""
    number = int(some) if some and some.isdigit() else 1
    return f"{100 * number / of:.0f}% ({of})" if of else f"{number} {of}"


def _read_roman(found: re.Match[str]) -> str:
    is_chapter = _CHAPTER.search(found.string[: found.start()])
    return found[0] if is_chapter else f"{10 * len(found[1]) + _ROMAN_VALUES[found[2]]} "


BY_AUTHOR = {"data-by": "author"}
SELECTOR = "[data-by=author], h1, title, .remark"
DESCRIPTIONS = ("alt", "title", "aria-label", "content")
_DRAWING = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_AXIS = re.compile("^[xy]tick_")
_SVG = "{http://www.w3.org/2000/svg}"


def mark_author(html: str) -> str:
    """Mark the outermost elements of some HTML as typed, or as printed by somebody's own code."""
    soup = BeautifulSoup(html, "html.parser")
    for node in soup.find_all(True, recursive=False):
        node.attrs |= BY_AUTHOR
    return str(soup)


def read_typed(html: str) -> Iterator[Passage]:
    """Read what is marked in a page, with the heading of its section."""
    for node in parse_page(html).select(SELECTOR):
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


# What the partnership's files say in words and pages show.
WORDS_OF_INDICATOR = {"definition", "why_it_matters", "caveats", "harm", "at_risk", "candidate"}
BOOKS = {"identity", "strategy", "delivery", "criteria", "coverage", "recording_breaks"}
WAY_OUT = "could be one that is hidden from the readers of this edition; say it without the number"


class Scanner:
    """Holds what was typed for one edition against its protected figures."""

    def __init__(self, indicators: Mapping[str, Indicator], unsaid: Mapping[str, Unsaid]) -> None:
        self._indicators, self._unsaid, self._names = indicators, unsaid, IndicatorNames(indicators)

    @classmethod
    def of(cls, data: Protected, indicators: Mapping[str, Indicator]) -> Scanner:
        """Give the scanner of an edition; where nothing is hidden it finds nothing."""
        return cls(indicators, find_unsaid(data, indicators) if data.threshold else {})

    def judge_page(self, page: str, html: str) -> None:
        """Look through a finished page.

        Raises
        ------
        RunError
            Naming the page and the indicators beside which a number stands that could be a hidden one.
        """
        found = {self._indicators[name].short_label: None for name in self._find(read_typed(html))}
        if found:
            raise RunError(
                f"Page {page} was not published: a number that was typed, or printed by a notebook's own code, beside "
                f"{', '.join(found)} {WAY_OUT}."
            )

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

    def _find(self, passages: Iterable[Passage]) -> Iterator[str]:
        """The ids of indicators of which a passage could tell a hidden number."""
        for passage in passages if self._unsaid else ():
            for name, printed in self._names.find_numbers(passage):
                if name in self._unsaid and self._unsaid[name].holds(printed):
                    yield name


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
