"""Cuts the files of an edition into passages. In: a folder. Out: `Passage`s: a row of a table, a paragraph, a
description, the words of a drawing, each with the words that say what it is about.

Written for `scan`, which looks for hidden numbers in each of them.
"""

from __future__ import annotations

import base64
import csv
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Comment, Tag

BLOCKS = [
    "p",
    "li",
    "dd",
    "dt",
    "summary",
    "figcaption",
    "caption",
    "pre",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "title",
]
DESCRIPTIONS = ("alt", "title", "aria-label", "content")
# Columns that count, place or weigh figures and hold none.
COUNTING_COLUMNS = {
    *("Effect", "Lower 95%", "Upper 95%", "p", "p, Holm"),
    *("Published", "Not published", "Withheld", "Unreadable", "Quarters used", "Figures", "Period", "Quarter"),
    *("quarter", "quarters", "source_row", "lower", "upper"),
}
_DRAWING = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_AXIS = re.compile("^[xy]tick_")
_TAG = re.compile("<[^>]*>")
_SVG = "{http://www.w3.org/2000/svg}"
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Passage(NamedTuple):
    """`about`: texts that name what it speaks of, the nearest first; `texts`: where its numbers stand; `typed`: whether
    a person wrote it for this edition."""

    about: tuple[str, ...]
    texts: Sequence[str]
    typed: bool = False


def read_passages(path: Path) -> Iterator[Passage]:
    """The passages of one file, by its kind; a kind that isn't known is read as lines of text.

    A PDF is printed from pages that lie beside it, and has none of its own.
    """
    if path.suffix == ".pdf":
        return
    if path.suffix == ".html":
        yield from read_page(path.read_text(encoding="utf-8"))
    elif path.suffix == ".xlsx":
        yield from _read_workbook(path)
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            yield from _read_rows("", list(csv.reader(lines)))
    elif path.suffix == ".json":
        yield from (Passage((text,), [text]) for text in _strings(json.loads(path.read_text(encoding="utf-8"))))
    else:
        yield from (Passage((line,), [line]) for line in path.read_text(encoding="utf-8").splitlines())


def read_page(html: str) -> Iterator[Passage]:
    """Paragraphs, rows, descriptions, comments and drawings; each is also about the heading of its section."""
    soup = BeautifulSoup(html, "html.parser")
    around_blocks = {id(parent) for block in soup.find_all(BLOCKS) for parent in block.parents}
    section = ""
    for node in soup.descendants:
        if isinstance(node, Comment):
            yield Passage((str(node), section), [str(node)])
        if not isinstance(node, Tag):
            continue
        if node.name in ("h1", "h2", "h3"):
            section = _words(node)
        if node.name == "table":
            yield from _read_table(node, section)
        elif (node.name in BLOCKS and id(node) not in around_blocks) or _is_stray_row(node):
            yield Passage((_words(node), section), [_words(node)], typed=bool(node.find_parent(class_="remark")))
        yield from _read_attributes(node, section)


def _is_stray_row(node: Tag) -> bool:
    return node.name == "tr" and not node.find_parent("table")


def _read_table(table: Tag, section: str) -> Iterator[Passage]:
    caption = table.find("caption")
    title = _words(caption) if caption else ""
    rows = [[_words(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    for texts in filter(None, rows[1:]):
        yield Passage((texts[0], title, section), list(_figures(rows[0], texts)))


def _figures(heads: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    """The cells after the first that are in no counting column."""
    for place, text in enumerate(texts):
        if place and not (place < len(heads) and heads[place] in COUNTING_COLUMNS):
            yield text


def _read_attributes(node: Tag, section: str) -> Iterator[Passage]:
    named = [str(node[name]) for name in DESCRIPTIONS if node.get(name)]
    for text in named:
        yield Passage((text, section), [text])
    for encoded in chain.from_iterable(_DRAWING.findall(str(value)) for value in node.attrs.values()):
        for words in _read_drawing(base64.b64decode(encoded).decode("utf-8")):
            yield Passage((*named, section), [words])


def _read_drawing(svg: str) -> Iterator[str]:
    """Texts and comments of a drawing, those of each panel together; an axis only counts, its numbers are left out."""
    try:
        drawing = ElementTree.fromstring(
            _PROLOGUE.sub("", svg), ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
        )
    except ElementTree.ParseError:
        yield " · ".join(_TAG.split(svg))
        return
    panels = [group for group in drawing.iter(f"{_SVG}g") if group.get("id", "").startswith("axes_")]
    for panel in panels or [drawing]:
        yield " · ".join(filter(None, map(str.strip, _texts(panel))))


def _texts(node: ElementTree.Element) -> Iterator[str]:
    """All texts below a node but those of styles and axes."""
    yield node.text or ""
    for part in node:
        if part.tag != f"{_SVG}style" and not _AXIS.match(part.get("id", "")):
            yield from _texts(part)
        yield part.tail or ""


def _words(node: Tag) -> str:
    return " ".join(node.get_text(" ").split())


def _read_workbook(path: Path) -> Iterator[Passage]:
    with zipfile.ZipFile(path) as parts:
        shared = [
            "".join(text.text or "" for text in entry.iter(f"{_SPREADSHEET}t"))
            for entry in _parse(parts, "xl/sharedStrings.xml")
        ]
        for name in sorted(parts.namelist()):
            if name.startswith("xl/worksheets/sheet"):
                rows = [_row_of(row, shared) for row in _parse(parts, name).iter(f"{_SPREADSHEET}row")]
                yield from _read_rows(" ".join(rows[0]) if rows else "", rows)
            elif name.endswith(".xml"):
                text = " ".join(" ".join(_parse(parts, name).itertext()).split())
                if not name.startswith(("xl/sharedStrings", "xl/styles", "xl/theme")):
                    yield Passage((text,), [text])


def _parse(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(name))  # a file that we wrote ourselves a moment ago


def _row_of(row: ElementTree.Element, shared: list[str]) -> list[str]:
    texts = []
    for cell in row.iter(f"{_SPREADSHEET}c"):
        value = cell.findtext(f"{_SPREADSHEET}v") or "".join(cell.itertext())
        texts.append(shared[int(value)] if cell.get("t") == "s" else value)
    return texts


def _read_rows(title: str, rows: list[list[str]]) -> Iterator[Passage]:
    """Rows below headings: the headings are the first row that is as wide as the widest."""
    widest = max(map(len, rows), default=0)
    start = next((place for place, row in enumerate(rows) if len(row) == widest), 0)
    for row in rows[:start]:
        yield Passage((" ".join(row), title), row)
    for row in rows[start + 1 :]:
        yield Passage((" | ".join(row[:2]), title), list(_figures(rows[start], ["", *row[1:]])))


def _strings(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from chain.from_iterable(_strings(f"{key}: {value}" if not isinstance(value, dict | list) else value)
                                       for key, value in content.items())  # fmt: skip
    elif isinstance(content, list):
        yield from chain.from_iterable(map(_strings, content))
    else:
        yield str(content)
