"""Tables without ruled lines. In: the `Line`s of a page. Out: `Row`s, one a line, with a cell for each column.

Columns are where the heading's words stand, widened by what is printed below them. A figure goes into the one column
that it stands in; a line with figures of which that can't be said comes out `adrift`. Lines of prose have one cell. A
row that was printed on several lines comes out as several rows; `wrapped_rows` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, zip_longest

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.formats.pdf_columns import Layout, lay_out
from swp_analysis.ingest.formats.pdf_headings import PrintedHeading, find_headings, spread
from swp_analysis.ingest.formats.pdf_lines import Chunk, Line

# A line that reaches from the labels over the figures is prose when it has so many words.
LEAST_WORDS_OF_PROSE = 4


def read_rows(
    lines: list[Line], label_headings: list[str], before: Layout | None
) -> tuple[list[list[Row]], Layout | None]:
    """The rows of each table of a page with the prose around it, and the columns in which the next page may go on.

    `before` are the columns in which a table of the page before ended; lines above the first heading are read in them.
    """
    headings = find_headings(lines, label_headings)
    starts = [heading.first for heading in headings]
    top = lines[: starts[0] if starts else len(lines)]
    parts: list[list[Row]] = []
    layout: Layout | None = None
    if before is not None and any(_is_row_of(line, before) for line in top):
        parts, layout = [_body(top, before)], before
    goes_on = bool(parts)
    for heading, end in zip_longest(headings, starts[1:]):
        body = lines[heading.last + 1 : end]
        # A first line with a digit is a row, however close its label stands to its figures.
        first = 1 if body and _digit(body[0].text) else 0
        layout = lay_out(heading, body[: first + _end(body[first:], heading.span)])
        rows = [*(_row(line, layout) for line in body[:first]), *_body(body[first:], layout)]
        parts.append([*_heading_rows(heading, lines, layout), *rows])
    if parts and not goes_on:
        parts[0] = [*read_prose(top), *parts[0]]
    return parts, layout if parts and len(parts[-1][-1].cells) > 1 else None


def _is_row_of(line: Line, layout: Layout) -> bool:
    """Whether a line on the next page can be a row of the table: a label, and figures in its columns."""
    columns = [layout.column_of(chunk) for chunk in line.chunks]
    figures = [n for n, chunk in zip(columns, line.chunks, strict=True) if LONE_FIGURE.match(chunk.text)]
    inside = [n for n in figures if n is not None and layout.first <= n <= layout.last]
    enough = min(2, layout.last - layout.first + 1)
    known = [n for n in columns if n is not None]
    return len(known) == len(columns) and min(known) < layout.first and len(inside) >= enough


def read_prose(lines: list[Line]) -> list[Row]:
    """Lines of one cell, but for those with several figures apart: they look like a row that has lost its table."""
    lost = [_figures_apart(line) > 1 for line in lines]
    return [
        Row(line.number, tuple(chunk.text for chunk in line.chunks) if is_lost else (line.text,))
        for line, is_lost in zip(lines, lost, strict=True)
    ]


def may_hold_a_row(lines: list[Line]) -> bool:
    """Whether a figure stands apart from other words in any of the lines."""
    return any(_figures_apart(line) and len(line.chunks) > 1 for line in lines)


def _figures_apart(line: Line) -> int:
    return sum(bool(LONE_FIGURE.fullmatch(chunk.text)) for chunk in line.chunks)


def _body(lines: list[Line], layout: Layout) -> list[Row]:
    """The rows below a heading; lines from the first one of prose on have one cell."""
    begin = next((n for n, line in enumerate(lines) if not _is_prose(line, layout.span)), len(lines))
    end = begin + _end(lines[begin:], layout.span)
    return [*read_prose(lines[:begin]), *(_row(line, layout) for line in lines[begin:end]), *read_prose(lines[end:])]


def _end(lines: list[Line], span: Chunk) -> int:
    """The first line of prose: one that runs on, or one without figures when none with figures follows."""
    last = max((n for n, line in enumerate(lines) if _figures_in(line, span)), default=-1)
    return next(
        (n for n, line in enumerate(lines) if _runs_on(line, span) or (n > last and _is_prose(line, span))),
        len(lines),
    )


def _is_prose(line: Line, span: Chunk) -> bool:
    """Whether words run on from the labels into the figures, or one piece of text without a digit stands among them."""
    among = [chunk.text for chunk in line.chunks if chunk.overlaps(span)]
    stands_alone = len(among) == 1 and not line.touches_above
    return _runs_on(line, span) or (stands_alone and bool(WORDS.search(among[0])) and not _digit(among[0]))


def _runs_on(line: Line, span: Chunk) -> bool:
    """Whether a line begins with words that reach over the figures; one with figures side by side is a row."""
    first = line.opening
    lone = [bool(LONE_FIGURE.fullmatch(part.text)) for part in first.parts]
    is_row = any(a and b for a, b in pairwise(lone))
    reaches = first.x0 < span.x0 and first.overlaps(span)
    return reaches and not is_row and len(WORDS.findall(first.text)) >= LEAST_WORDS_OF_PROSE


def _figures_in(line: Line, span: Chunk) -> bool:
    return not _runs_on(line, span) and any(c.overlaps(span) and _digit(c.text) for c in line.chunks)


def _digit(text: str) -> bool:
    return any(ch.isdigit() for ch in text)


# Cells


def _heading_rows(heading: PrintedHeading, lines: list[Line], layout: Layout) -> list[Row]:
    """One row, or two when years and quarters stand in lines of their own.

    A heading whose columns can't be told comes out with its quarters in one cell and its years in another, so that
    nobody takes it for one that can be read.
    """
    upper, others = spread(heading), {layout.column_of(chunk) or 0: chunk.text for chunk in heading.others}
    lower = {layout.first + place: low.text for place, low in enumerate(heading.lower)}
    tops = dict(zip(lower, upper, strict=False))
    if layout.is_doubtful or not upper:
        lower = {layout.first: " ".join(lower.values())}
        tops = {layout.first: " ".join(chunk.text for chunk in heading.upper)}
    width, number = len(layout.columns), lines[heading.first].number
    if not heading.upper:
        return [_filled(number, width, others | lower)]
    below = lines[heading.last].number
    return [_filled(number, width, others | tops), _filled(below, width, lower)]


def _filled(number: int, width: int, cells: dict[int, str]) -> Row:
    return Row(number, tuple(cells.get(column, "") for column in range(width)))


def _row(line: Line, layout: Layout) -> Row:
    """A line's chunks in their columns; those that reach into several are shared out word by word, and when a figure's
    column can't be told even so, the cells come in the order of print."""
    for pieces in (line.chunks, tuple(_words(line, layout))):
        columns = [layout.column_of(piece) for piece in pieces]
        if None not in columns:
            cells: dict[int, str] = {}
            for column, piece in zip(columns, pieces, strict=True):
                place = column or 0
                cells[place] = f"{cells.get(place, '')} {piece.text}".strip()
            return replace(_filled(line.number, len(layout.columns), cells), touches_above=line.touches_above)
    return Row(line.number, tuple(_in_order_of_print(line, layout)), adrift=True, touches_above=line.touches_above)


def _words(line: Line, layout: Layout) -> Iterator[Chunk]:
    """The chunks of a line, those that reach into figures and into another column taken apart."""
    for chunk in line.chunks:
        yield from chunk.parts if layout.column_of(chunk) is None else (chunk,)


def _in_order_of_print(line: Line, layout: Layout) -> Iterator[str]:
    """What stands before the figures in its columns, then one cell a chunk."""
    before = [chunk for chunk in line.chunks if chunk.x0 < layout.columns[layout.first].x0]
    cells: dict[int, str] = {}
    for chunk in before:
        column = min(layout.first - 1, max(0, layout.column_of(chunk) or 0))
        cells[column] = f"{cells.get(column, '')} {chunk.text}".strip()
    yield from (cells.get(column, "") for column in range(layout.first))
    yield from (chunk.text for chunk in line.chunks if chunk not in before)
