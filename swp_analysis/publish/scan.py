"""The last gate: does anything that was typed tell a hidden number? In: words and pages. Out: nothing, or a `RunError`.

An edition's own tables, charts and sentences are made from protected figures and can tell nothing that these don't. So
only what came in by another way is looked at: comments, the texts of the partnership's files, a notebook's Markdown and
what its cells print by themselves. They are held against the protected figures alone: a number beside the name of an
indicator that lies where a hidden figure could lie is refused, whether it is the true one or not. That an edition was
refused, or published, therefore tells nothing about what is hidden.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.disclosure import Protected, find_unsaid
from swp_analysis.errors import RunError
from swp_analysis.publish.checks import parse_page
from swp_analysis.publish.typed_numbers import IndicatorNames, Passage

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

    def __init__(self, data: Protected, indicators: Mapping[str, Indicator]) -> None:
        """Look for what `data` hide; where nothing is hidden nothing is found."""
        self._indicators, self._names = indicators, IndicatorNames(indicators)
        self._unsaid = find_unsaid(data, indicators) if data.threshold else {}

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
