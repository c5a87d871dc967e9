"""What in a page did not come out of protected figures. In: HTML. Out: `Passage`s, each with what it is about.

An edition is made from protected figures, so its tables, charts and sentences are safe as they are made. What a person
typed, and what a cell of a notebook printed by itself, is marked `data-by="author"` when the page is written, and is
read here for `scan`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag

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
