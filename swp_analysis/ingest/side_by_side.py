"""Tables that stand beside one another. In: a `Grid`. Out: one `Grid` for each of them, cells at their own addresses.

A heading that begins in the middle of a row, behind a blank column or behind the whole heading of another table,
begins a table of its own. Titles above both belong to both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from swp_analysis.catalogue.models import Layouts
from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import is_period


def part_tables(grid: Grid, layouts: Layouts) -> list[Grid]:
    """The grid itself when no tables stand beside one another in it; else its parts, top to bottom, left to right."""
    if grid.wraps or grid.is_copied:
        return [grid]
    words = tuple(word.casefold() for word in layouts.label_headings)
    starts = {index: found for index, row in enumerate(grid.rows) if (found := list(_headings_in(row, words)))}
    if len({column for found in starts.values() for column in found}) < 2:
        return [grid]
    parts = [part for band in _bands(grid, starts) for part in _cut(replace(grid, rows=band, notes=()), words)]
    return [replace(parts[0], notes=grid.notes), *parts[1:]]


def _headings_in(row: Row, words: tuple[str, ...]) -> Iterator[int]:
    """The columns in which a heading begins: a word for labels, with quarters or years behind it; or any other text
    behind a blank cell, when a quarter follows at once and a heading stands before it."""
    begun = False
    for column in row.columns:
        text, follows = fold_look_alikes(row.text(column)).casefold(), [row.text(column + 1), row.text(column + 2)]
        is_word = text.startswith(words)
        is_other = begun and text and not row.text(column - 1) and not is_period(text) and is_period(follows[0])
        if (is_word and any(map(is_period, follows))) or is_other:
            begun = True
            yield column


def _bands(grid: Grid, starts: dict[int, list[int]]) -> Iterator[tuple[Row, ...]]:
    """The rows from one heading at the left edge to the next; titles below a blank row go with the heading that they
    stand over."""
    left = min(column for found in starts.values() for column in found)
    edges = [0]
    for before, index in pairwise([index for index, found in starts.items() if left in found]):
        blank = [n for n in range(before, index) if grid.rows[n].is_blank]
        edges.append(blank[-1] + 1 if blank else index)
    for begin, end in pairwise([*edges, len(grid.rows)]):
        yield grid.rows[begin:end]


def _cut(grid: Grid, words: tuple[str, ...]) -> Iterator[Grid]:
    """A band's tables: cut before each heading that begins behind a blank column, or in one row with another."""
    starts = [(index, column) for index, row in enumerate(grid.rows) for column in _headings_in(row, words)]
    top = min((index for index, _ in starts), default=0)
    left = min((column for _, column in starts), default=1)
    cuts = sorted({column for index, column in starts if column > left and _is_apart(grid.rows, index, column, starts)})
    for begin, end in pairwise([1, *cuts, 1 + max(len(row.cells) for row in grid.rows)]):
        rows = (row if n < top else _only(row, begin, end) for n, row in enumerate(grid.rows))
        yield replace(grid, rows=tuple(rows))


def _is_apart(rows: tuple[Row, ...], index: int, column: int, starts: list[tuple[int, int]]) -> bool:
    beside = any(other < column for row, other in starts if row == index)
    return beside or all(not row.text(column - 1) for row in rows[index:])


def _only(row: Row, begin: int, end: int) -> Row:
    """The row with blanks for what stands left and right of some columns."""
    return replace(row, cells=("",) * (begin - 1) + row.cells[begin - 1 : end - 1])
