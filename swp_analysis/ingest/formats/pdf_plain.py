"""Tables without ruled lines. In: the `Line`s of a page. Out: `Row`s, one a line, with a cell for each column.

Columns are where the heading's words stand, widened by what is printed below them. A figure goes into the one column
that it stands in; a line with figures of which that can't be said comes out `adrift`. Lines of prose have one cell. A
row that was printed on several lines comes out as several rows; `align.lines` puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.formats.pdf_headings import (
    PrintedHeading,
    count_figures,
    find_headings,
    group_columns,
    has_digit,
    is_figure_alone,
    spread_over,
)
from swp_analysis.ingest.formats.pdf_lines import NEXT_LINE, Chunk, Line, join_chunks

# A line that reaches from the labels over the figures is prose when it has so many words.
LEAST_WORDS_OF_PROSE = 4


@dataclass(frozen=True)
class Layout:
    """Columns from left to right, `first` to `last` of them (indexes) with figures. In a doubtful one figures stand
    between the columns that the heading names."""

    columns: tuple[Chunk, ...]
    first: int
    last: int
    is_doubtful: bool = False

    @property
    def span(self) -> Chunk:
        """Where the figures stand."""
        return join_chunks(list(self.columns[self.first : self.last + 1]))

    def column_of(self, chunk: Chunk) -> int | None:
        """Give the one column in which a chunk stands. Beside the figures that is the nearest; among them nobody can
        say when it stands in none, or in several."""
        hit = [index for index, column in enumerate(self.columns) if chunk.overlaps(column)]
        if len(hit) == 1 or chunk.overlaps(self.span):
            return hit[0] if len(hit) == 1 else None
        beside = [index for index in hit or range(len(self.columns)) if not self.first <= index <= self.last]
        return min(beside, key=lambda index: abs(self.columns[index].centre - chunk.centre), default=None)


def read_rows(
    lines: list[Line], label_headings: list[str], before: Layout | None
) -> tuple[list[list[Row]], Layout | None]:
    """Read the rows of each table of a page with the prose around it, and the columns in which the next page may go on.

    `before` are the columns in which a table of the page before ended; lines above the first heading are read in them.
    """
    headings = find_headings(lines, tuple(word.casefold() for word in label_headings))
    top = lines[: headings[0].first if headings else len(lines)]
    goes_on = before is not None and any(_is_row_of(line, before) for line in top)
    parts, layout = ([_body(top, before)], before) if before and goes_on else ([], None)
    for heading, end in zip_longest(headings, [one.first for one in headings[1:]]):
        body = lines[heading.last + 1 : end]
        # A first line with a digit is a row, however close its label stands to its figures.
        first = 1 if body and has_digit(body[0].text) else 0
        layout = _lay_out(heading, body[: first + _end(body[first:], join_chunks(list(heading.lower)))])
        rows = [*(_row(line, layout) for line in body[:first]), *_body(body[first:], layout)]
        parts.append([*_heading_rows(heading, lines, layout), *rows])
    if parts and not goes_on:
        parts[0] = [*read_prose(top), *parts[0]]
    return parts, layout if parts and len(parts[-1][-1].cells) > 1 else None


def is_wrapped(rows: list[Row]) -> bool:
    """Tell whether any row may be a part of another: it has a label alone, none, or cells in no column in
    particular."""
    inside = [row for row in rows if len(row.cells) > 1]
    below = [row for row in inside if any(LONE_FIGURE.fullmatch(text.strip()) for text in row.cells)]
    body = inside[inside.index(below[0]) :] if below else []
    return any(row.adrift or not row.cells[0] or not any(row.cells[1:]) for row in body) or not body


def read_prose(lines: list[Line]) -> list[Row]:
    """Read lines of one cell, but for those with several figures apart: they look like a row that has lost its
    table."""
    lost = [count_figures(line) > 1 for line in lines]
    return [
        Row(line.number, tuple(chunk.text for chunk in line.chunks) if is_lost else (line.text,))
        for line, is_lost in zip(lines, lost, strict=True)
    ]


def may_hold_a_row(lines: list[Line]) -> bool:
    """Tell whether a figure stands apart from other words in any of the lines."""
    return any(count_figures(line) and len(line.chunks) > 1 for line in lines)


# Columns


def _lay_out(heading: PrintedHeading, body: list[Line]) -> Layout:
    """The columns under a heading: where its words stand, widened by the chunks below that touch one of them only.

    Lines with figures come first: a line of words alone may be a note that reaches over several columns.
    """
    span = join_chunks(list(heading.lower))
    with_figures = [any(chunk.overlaps(span) and has_digit(chunk.text) for chunk in line.chunks) for line in body]
    figures = [chunk for line, has in zip(body, with_figures, strict=True) if has for chunk in line.chunks]
    others = [chunk for line, has in zip(body, with_figures, strict=True) if not has for chunk in line.chunks]
    columns = _columns(heading, figures).columns
    fitting = [chunk for chunk in others if sum(chunk.overlaps(column) for column in columns) < 2]
    return _columns(heading, [*figures, *fitting])


def _columns(heading: PrintedHeading, chunks: list[Chunk]) -> Layout:
    """The columns in their order, each stray one that has found its heading put together with it.

    A stray column between those of the figures makes the layout doubtful when a heading has nothing below it; else it
    is a figure out of place, and no column.
    """
    anchors = sorted([*heading.lower, *heading.others], key=lambda one: one.x0)
    own = _in_step(heading, chunks)
    named = {one: join_chunks([one, *own.get(one, (c for c in chunks if _only(c, one, anchors)))]) for one in anchors}
    strays = group_columns([chunk for chunk in chunks if not any(chunk.overlaps(column) for column in named.values())])
    pairs = _pairs(heading, [one for one in anchors if not any(chunk.overlaps(one) for chunk in chunks)], strays)
    named |= {anchor: join_chunks([named[anchor], stray]) for anchor, stray in pairs.items()}
    unnamed = [stray for stray in strays if stray not in pairs.values()]
    span = join_chunks([named[low] for low in heading.lower])
    between = [stray for stray in unnamed if stray.overlaps(span)]
    columns = sorted([*named.values(), *(one for one in unnamed if one not in between)], key=lambda one: one.x0)
    first, last = columns.index(named[heading.lower[0]]), columns.index(named[heading.lower[-1]])
    is_empty = any(named[low] == join_chunks([low]) for low in heading.lower)
    is_whole = last - first + 1 == len(heading.lower)
    return Layout(tuple(columns), first, last, not is_whole or (is_empty and bool(between)))


def _in_step(heading: PrintedHeading, chunks: list[Chunk]) -> dict[Chunk, tuple[Chunk, ...]]:
    """The figures of each heading, when there are as many columns of them as headings, all on the same side of theirs:
    headings on the left and figures on the right of their columns."""
    left = heading.lower[0].x0
    lone = [c for c in chunks if is_figure_alone(c) and c.x1 > left and not any(c.overlaps(o) for o in heading.others)]
    groups = group_columns(lone)
    if len(groups) != len(heading.lower):
        return {}
    pairs = list(zip(heading.lower, groups, strict=True))
    sides = {group.centre > low.centre for low, group in pairs if abs(group.centre - low.centre) > 1}
    alone = all(not group.overlaps(other) for low, group in pairs for other in heading.lower if other is not low)
    return {low: group.parts for low, group in pairs} if alone and len(sides) < 2 else {}


def _pairs(heading: PrintedHeading, empty: list[Chunk], strays: list[Chunk]) -> dict[Chunk, Chunk]:
    """Headings with nothing below, each with the column beside it that has no heading."""
    left, right = heading.lower[0].x0, heading.lower[-1].x1
    figures = [stray for stray in strays if any(map(is_figure_alone, stray.parts))]
    words = [stray for stray in strays if stray not in figures]
    pairs = _pair([one for one in empty if one in heading.lower], figures)
    pairs |= _pair([one for one in empty if one.x1 < left], [one for one in words if one.x1 < left][:1])
    return pairs | _pair([one for one in empty if one.x0 > right], [one for one in words if one.x0 > right])


def _pair(empty: list[Chunk], strays: list[Chunk]) -> dict[Chunk, Chunk]:
    """Headings and columns that take turns, as headings on the left and figures on the right of their columns do."""
    both = sorted([*empty, *strays], key=lambda one: one.x0)
    takes_turns = len(empty) == len(strays) and all((a in empty) != (b in empty) for a, b in pairwise(both))
    return dict(zip(empty, strays, strict=True)) if takes_turns else {}


def _only(chunk: Chunk, anchor: Chunk, anchors: list[Chunk]) -> bool:
    return chunk.overlaps(anchor) and sum(chunk.overlaps(other) for other in anchors) == 1


# Rows


def _is_row_of(line: Line, layout: Layout) -> bool:
    """Whether a line on the next page can be a row of the table: a label, and figures in its columns."""
    columns = [layout.column_of(chunk) for chunk in line.chunks]
    figures = [n for n, chunk in zip(columns, line.chunks, strict=True) if LONE_FIGURE.match(chunk.text)]
    inside = [n for n in figures if n is not None and layout.first <= n <= layout.last]
    known = [n for n in columns if n is not None]
    enough = min(2, layout.last - layout.first + 1)
    return len(known) == len(columns) and min(known) < layout.first and len(inside) >= enough


def _body(lines: list[Line], layout: Layout) -> list[Row]:
    """The rows below a heading; lines from the first one of prose on have one cell."""
    begin = next((n for n, line in enumerate(lines) if not _is_prose(line, layout.span)), len(lines))
    end = begin + _end(lines[begin:], layout.span)
    return [*read_prose(lines[:begin]), *(_row(line, layout) for line in lines[begin:end]), *read_prose(lines[end:])]


def _end(lines: list[Line], span: Chunk) -> int:
    """The first line of prose: one that runs on, or one without figures, or apart, when none with figures follows."""
    last = max((n for n, line in enumerate(lines) if _figures_in(line, span)), default=len(lines))
    rest = range(last + 1, len(lines))
    apart = {n for n in rest if lines[n].bottom - lines[n - 1].bottom > NEXT_LINE * lines[n].size}
    ends = (
        n
        for n, line in enumerate(lines)
        if _runs_on(line, span) or n in apart or ((n in rest or last == len(lines)) and _is_prose(line, span))
    )
    return next(ends, len(lines))


def _figures_in(line: Line, span: Chunk) -> bool:
    return not _runs_on(line, span) and any(c.overlaps(span) and has_digit(c.text) for c in line.chunks)


def _is_prose(line: Line, span: Chunk) -> bool:
    """Whether words run on from the labels into the figures, or one piece of text without a digit stands among them."""
    among = [chunk.text for chunk in line.chunks if chunk.overlaps(span)]
    stands_alone = len(among) == 1 and not line.touches_above
    return _runs_on(line, span) or (stands_alone and bool(WORDS.search(among[0])) and not has_digit(among[0]))


def _runs_on(line: Line, span: Chunk) -> bool:
    """Whether a line begins with words that reach over the figures; one with figures side by side is a row."""
    first = line.opening
    is_row = any(is_figure_alone(a) and is_figure_alone(b) for a, b in pairwise(first.parts))
    reaches = first.x0 < span.x0 and first.overlaps(span)
    return reaches and not is_row and len(WORDS.findall(first.text)) >= LEAST_WORDS_OF_PROSE


def _heading_rows(heading: PrintedHeading, lines: list[Line], layout: Layout) -> list[Row]:
    """One row, or two when years and quarters stand in lines of their own.

    A heading whose columns can't be told comes out with its quarters in one cell and its years in another, so that
    nobody takes it for one that can be read.
    """
    upper, others = spread_over(heading), {layout.column_of(chunk) or 0: chunk.text for chunk in heading.others}
    lower = {layout.first + place: low.text for place, low in enumerate(heading.lower)}
    tops = dict(zip(lower, upper, strict=False))
    if layout.is_doubtful or not upper:
        lower = {layout.first: " ".join(lower.values())}
        tops = {layout.first: " ".join(chunk.text for chunk in heading.upper)}
    width, number = len(layout.columns), lines[heading.first].number
    if not heading.upper:
        return [_filled(number, width, others | lower)]
    return [_filled(number, width, others | tops), _filled(lines[heading.last].number, width, lower)]


def _filled(number: int, width: int, cells: dict[int, str]) -> Row:
    return Row(number, tuple(cells.get(column, "") for column in range(width)))


def _row(line: Line, layout: Layout) -> Row:
    """A line's chunks in their columns; those that reach into several are shared out word by word, and when a figure's
    column can't be told even so, the cells come in the order of print."""
    apart = [part for c in line.chunks for part in (c.parts if layout.column_of(c) is None else (c,))]
    for pieces in (line.chunks, apart):
        columns = [layout.column_of(piece) for piece in pieces]
        if None not in columns:
            cells: dict[int, str] = {}
            for column, piece in zip(columns, pieces, strict=True):
                cells[column or 0] = f"{cells.get(column or 0, '')} {piece.text}".strip()
            return replace(_filled(line.number, len(layout.columns), cells), touches_above=line.touches_above)
    return Row(line.number, tuple(_in_order_of_print(line, layout)), adrift=True, touches_above=line.touches_above)


def _in_order_of_print(line: Line, layout: Layout) -> list[str]:
    """What stands before the figures in its columns, then one cell a chunk."""
    before = [chunk for chunk in line.chunks if chunk.x0 < layout.columns[layout.first].x0]
    cells = [""] * layout.first
    for chunk in before:
        column = min(layout.first - 1, max(0, layout.column_of(chunk) or 0))
        cells[column] = f"{cells[column]} {chunk.text}".strip()
    return [*cells, *(chunk.text for chunk in line.chunks if chunk not in before)]
