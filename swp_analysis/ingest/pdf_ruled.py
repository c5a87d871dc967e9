"""Ruled tables of a PDF's page. In: the page and its words. Out: a `RuledTable` each.

A word goes whole into the cell in which most of it stands: taken letter by letter, as libraries do, the first digit of
a figure that touches a line would fall into the cell beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from swp_analysis.ingest.expectation import LONE_FIGURE
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.pdf_lines import SAME_LINE

# NOTE: with the library's default of 3 points the lines of two tables on a page pull at each other.
_SETTINGS = {"snap_tolerance": 1}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class RuledTable:
    """Where a table stands, its left edges of columns in whole points, its rows."""

    box: Box
    columns: tuple[int, ...]
    rows: list[Row]


def find_ruled(page: Any, words: list[dict[str, Any]], before: RuledTable | None) -> Iterator[RuledTable]:
    """The tables of a pdfplumber page in which lines part every cell: not a frame around a table, nor one with lines
    between its columns alone. `before`: the last one of the page before, of which a single row may have been left."""
    for table in page.find_tables(_SETTINGS):
        cells = [[_texts(cell, words) for cell in row.cells] for row in table.rows]
        columns = tuple(sorted({round(cell[0]) for cell in table.cells}))
        goes_on = before is not None and columns == before.columns
        columns_of_figures = any(sum(_is_column(lines) for lines in row) > 1 for row in cells)
        if (len(cells) > 1 or goes_on) and len(cells[0]) > 1 and not columns_of_figures:
            rows = [Row(number, tuple(" ".join(lines) for lines in row)) for number, row in enumerate(cells, start=1)]
            yield RuledTable(table.bbox, columns, rows)


def _texts(cell: Box | None, words: list[dict[str, Any]]) -> list[str]:
    """The lines of text in a cell."""
    inside = [word for word in words if cell and _stands_in(word, cell)]
    inside.sort(key=lambda one: (one["bottom"], one["x0"]))
    lines: list[list[dict[str, Any]]] = []
    for word in inside:
        if not lines or word["bottom"] - lines[-1][0]["bottom"] > SAME_LINE * word["size"]:
            lines.append([])
        lines[-1].append(word)
    return [" ".join(word["text"] for word in sorted(line, key=lambda one: one["x0"])) for line in lines]


def _stands_in(word: dict[str, Any], box: Box) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= across < box[2] and box[1] <= down < box[3]


def is_outside(word: dict[str, Any], boxes: list[Box]) -> bool:
    """Whether a word stands in none of the tables."""
    return not any(_stands_in(word, box) for box in boxes)


def _is_column(lines: list[str]) -> bool:
    """Whether a cell holds figures of several rows."""
    return len(lines) > 1 and all(LONE_FIGURE.fullmatch(line) for line in lines)
