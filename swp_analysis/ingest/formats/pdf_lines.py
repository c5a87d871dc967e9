"""The printed lines of a PDF's page. In: words with their places on the page. Out: `Line`s of `Chunk`s, top to bottom.

A chunk is a run of words with single spaces between them; what stands further apart was set in another column.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from swp_analysis.ingest.timeline import YEAR, quarters_told

# In units of the letters' size. A space is 0.25 to 0.35 wide, and 0.6 in a typewriter's face, where all letters are.
NARROWEST_GAP, WIDEST_SPACE, WIDEST_TYPED_SPACE = 0.3, 0.45, 0.7
# A gap between columns is at least so much wider than the spaces of its page.
WIDER_THAN_A_SPACE = 1.3
TYPED_LETTER = 0.6
WIDEST_JUSTIFIED_SPACE = 0.9
# Lines of one cell are a whole size apart or more; what is nearer stands half-way beside two lines of another cell.
SAME_LINE, SAME_ROW = 0.3, 0.85
# Lines of one paragraph are at most so many letters' sizes apart.
NEXT_LINE = 1.7
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
# Lines at the top and at the bottom of a page in which every page may say the same.
RUNNING_LINES = 2


@dataclass(frozen=True)
class Chunk:
    """Words that belong together, and where they stand across the page, in points."""

    text: str
    x0: float
    x1: float
    parts: tuple[Chunk, ...] = ()

    def overlaps(self, other: Chunk) -> bool:
        return min(self.x1, other.x1) > max(self.x0, other.x0)

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Line:
    """A printed line; `number` counts from 1 at the top of the page. `opening` is what it begins with, up to a gap that
    no line of prose has; one that `touches_above` stands so near the line above that both are of one row."""

    number: int
    chunks: tuple[Chunk, ...]
    opening: Chunk
    bottom: float
    size: float = 0.0
    touches_above: bool = False

    @property
    def text(self) -> str:
        return " ".join(chunk.text for chunk in self.chunks)


def read_words(page: Any) -> list[dict[str, Any]]:
    """Read the words of a pdfplumber page with `text`, `size` and their box in points."""
    return page.extract_words(x_tolerance_ratio=0.15, extra_attrs=["size"])


def read_lines(words: list[dict[str, Any]]) -> list[Line]:
    """Read the lines of a page from its words, or from those of them that stand in no ruled table."""
    groups: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda one: (one["bottom"], one["x0"])):
        if groups and word["bottom"] - groups[-1][0]["bottom"] <= SAME_LINE * word["size"]:
            groups[-1].append(word)
        else:
            groups.append([word])
    above, widest = [[], *groups], _widest_space(groups)
    return [
        Line(
            number,
            _chunks(group, widest),
            _chunks(group, WIDEST_JUSTIFIED_SPACE)[0],
            group[0]["bottom"],
            group[0]["size"],
            _touch(up, group),
        )
        for number, (up, group) in enumerate(zip(above, groups, strict=False), start=1)
    ]


def drop_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Give the pages without their numbers, and without what stands at the same place of several of them; the heading
    of a table that goes on stays."""
    edges = Counter(place for lines in pages for place in {_place(line) for line in _edge(lines)})
    return [[line for line in lines if line not in _edge(lines) or not _is_running(line, edges)] for lines in pages]


def _is_running(line: Line, edges: Counter) -> bool:
    is_heading = any(quarters_told([chunk.text]) or YEAR.fullmatch(chunk.text) for chunk in line.chunks)
    is_number = _PAGE_NUMBER.fullmatch(line.text) and not YEAR.fullmatch(line.text)
    return bool(is_number) or (edges[_place(line)] > 1 and not is_heading)


def _edge(lines: list[Line]) -> list[Line]:
    return [*lines[:RUNNING_LINES], *lines[-RUNNING_LINES:]]


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.bottom)


def join_chunks(parts: list[Chunk]) -> Chunk:
    """Give several chunks as one."""
    text = " ".join(part.text for part in parts)
    return Chunk(text, min(part.x0 for part in parts), max(part.x1 for part in parts), tuple(parts))


def _touch(above: list[dict[str, Any]], line: list[dict[str, Any]]) -> bool:
    return bool(above) and line[0]["bottom"] - above[0]["bottom"] < SAME_ROW * min(line[0]["size"], above[0]["size"])


def _widest_space(lines: list[list[dict[str, Any]]]) -> float:
    """The widest gap on a page that is a space between words and not one between columns."""
    words = [word for line in lines for word in line]
    widths = [(word["x1"] - word["x0"]) / len(word["text"]) / word["size"] for word in words]
    if all(abs(width - TYPED_LETTER) < 0.03 for width in widths):
        return WIDEST_TYPED_SPACE
    in_order = (sorted(line, key=lambda one: one["x0"]) for line in lines)
    gaps = [(b["x0"] - a["x1"]) / b["size"] for line in in_order for a, b in pairwise(line)]
    spaces = sorted(gap for gap in gaps if 0 < gap < WIDEST_TYPED_SPACE) or [WIDEST_SPACE]
    return min(WIDEST_SPACE, max(NARROWEST_GAP, WIDER_THAN_A_SPACE * spaces[len(spaces) // 4]))


def _chunks(words: list[dict[str, Any]], widest: float) -> tuple[Chunk, ...]:
    words = sorted(words, key=lambda one: one["x0"])
    runs = [[words[0]]]
    for before, word in pairwise(words):
        if word["x0"] - before["x1"] > widest * word["size"]:
            runs.append([])
        runs[-1].append(word)
    return tuple(join_chunks([Chunk(word["text"], word["x0"], word["x1"]) for word in run]) for run in runs)
