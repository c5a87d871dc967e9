"""Tables without ruled lines. In: the `Line`s of a page. Out: `Row`s, one a line, with a cell for each column.

A heading is lines that name periods, with its label and words above and below. Columns are where its words stand,
widened by what is printed below them. A figure goes into the one column that it stands in; a line with figures of which
that can't be said comes out `adrift`. A row that was printed on several lines comes out
as several rows; `align.lines` puts them together.
"""

from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.formats.pdf_lines import (
    NEXT_LINE,
    Chunk,
    Line,
    PrintedHeading,
    count_figures,
    find_headings,
    group_columns,
    has_digit,
    is_figure_alone,
    join_chunks,
)

# A line that reaches from the labels over the figures is prose when it has so many words.
LEAST_WORDS_OF_PROSE = 4
MOST_LINES_OF_A_FOOTER = 2


@dataclass(frozen=True)
class Layout:
    """Columns from left to right, `first` to `last` of them (indexes) with figures. In a doubtful one figures stand
    between the columns that the heading names."""

    columns: list[Chunk]
    first: int
    last: int
    is_doubtful: bool = False

    @property
    def span(self) -> Chunk:
        """Where the figures stand."""
        return join_chunks(self.columns[self.first : self.last + 1])

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
    """Read the rows of each table of a page, and the columns in which the next page may go on.

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
        layout = _lay_out(heading, body[: first + _end(body[first:], heading.span)])
        rows = [*(_row(line, layout) for line in body[:first]), *_body(body[first:], layout)]
        parts.append([_heading_row(heading, lines[heading.first].number, layout), *rows])
    goes_to_the_end = bool(parts) and lines[-1].number - parts[-1][-1].number <= MOST_LINES_OF_A_FOOTER
    return parts, layout if goes_to_the_end else None


def is_wrapped(rows: list[Row]) -> bool:
    """Tell whether any row may be a part of another: it has a label alone, none, or cells in no column in
    particular."""
    begin = next((n for n, row in enumerate(rows) if any(map(LONE_FIGURE.fullmatch, row.cells))), len(rows))
    return any(row.adrift or not row.cells[0] or not any(row.cells[1:]) for row in rows[begin:]) or begin == len(rows)


def may_hold_a_row(lines: list[Line]) -> bool:
    """Tell whether a figure stands apart from other words in any of the lines."""
    return any(count_figures(line) and len(line.chunks) > 1 for line in lines)


# Columns


def _lay_out(heading: PrintedHeading, body: list[Line]) -> Layout:
    """The columns under a heading: where its words stand, widened by what is printed below one of them alone.

    When a heading has no figures, and there are figures under none, nobody can say what they are of.
    """
    lower, anchors = heading.lower, [*heading.lower, *heading.others]
    chunks = [piece for line in body if any(map(is_figure_alone, line.chunks)) for piece in _pieces(line)]
    label_end = max((one.x1 for one in heading.others if one.x1 < lower[0].x0), default=0.0)
    inside = [one for one in chunks if one.x0 > label_end and not any(map(one.overlaps, heading.others))]
    own = _in_step(lower, inside) or _in_step(lower, list(filter(is_figure_alone, inside)))
    free = [anchor for anchor in anchors if anchor not in own]
    for chunk in chunks:
        over = [anchor for anchor in anchors if chunk.overlaps(anchor)]
        if len(over) == 1 and over[0] in free:
            own.setdefault(over[0], []).append(chunk)
    named = {anchor: join_chunks([anchor, *own.get(anchor, [])]) for anchor in anchors}
    strays = group_columns([one for one in chunks if not any(map(one.overlaps, named.values()))])
    span = join_chunks([named[low] for low in lower])
    columns = sorted([*named.values(), *(one for one in strays if not one.overlaps(span))], key=lambda one: one.x0)
    first, last = columns.index(named[lower[0]]), columns.index(named[lower[-1]])
    has_lost_figures = any(is_figure_alone(part) for stray in strays for part in stray.parts)
    is_lost = has_lost_figures and any(low not in own for low in lower)
    return Layout(columns, first, last, is_lost or last - first + 1 != len(lower))


def _pieces(line: Line) -> list[Chunk]:
    """The chunks of a line, figures that stand close to one another each by itself."""
    return [
        one for chunk in line.chunks for one in (chunk.parts if all(map(is_figure_alone, chunk.parts)) else (chunk,))
    ]


def _in_step(lower: list[Chunk], chunks: list[Chunk]) -> dict[Chunk, list[Chunk]]:
    """What is printed below each heading, when there are as many columns as headings, all on the same side of theirs:
    headings on the left and figures on the right of their columns."""
    groups = group_columns(chunks)
    if len(groups) != len(lower):
        return {}
    pairs = list(zip(lower, groups, strict=True))
    sides = {group.centre > low.centre for low, group in pairs if abs(group.centre - low.centre) > 1}
    alone = all(not group.overlaps(other) for low, group in pairs for other in lower if other is not low)
    return {low: [group] for low, group in pairs} if alone and len(sides) < 2 else {}


# Rows


def _is_row_of(line: Line, layout: Layout) -> bool:
    """Whether a line on the next page can be a row of the table: a label, and figures in its columns."""
    columns = [-1 if (n := layout.column_of(chunk)) is None else n for chunk in line.chunks]
    figures = [n for n, chunk in zip(columns, line.chunks, strict=True) if LONE_FIGURE.match(chunk.text)]
    inside = [n for n in figures if layout.first <= n <= layout.last]
    return 0 <= min(columns) < layout.first and len(inside) >= min(2, layout.last - layout.first + 1)


def _body(lines: list[Line], layout: Layout) -> list[Row]:
    """The rows below a heading, from the first to the next line of prose."""
    begin = next((n for n, line in enumerate(lines) if not _is_prose(line, layout.span)), len(lines))
    return [_row(line, layout) for line in lines[begin : begin + _end(lines[begin:], layout.span)]]


def _end(lines: list[Line], span: Chunk) -> int:
    """The first line of prose: one that runs on, or one without figures, or apart, when none with figures follows."""
    with_figures = [n for n, line in enumerate(lines) if not _runs_on(line, span) and _has_figure(line, span)]
    last = max(with_figures, default=-1)
    for n, line in enumerate(lines):
        is_apart = n > last >= 0 and line.bottom - lines[n - 1].bottom > NEXT_LINE * line.size
        if _runs_on(line, span) or is_apart or (n > last and _is_prose(line, span)):
            return n
    return len(lines)


def _has_figure(line: Line, span: Chunk) -> bool:
    """Whether something with a digit stands where the figures of a table do."""
    return any(chunk.overlaps(span) and has_digit(chunk.text) for chunk in line.chunks)


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


def _heading_row(heading: PrintedHeading, number: int, layout: Layout) -> Row:
    """The heading as one row. Where columns can't be told all of it stands in one cell, so that nobody takes it for one
    that can be read."""
    cells = {layout.column_of(chunk) or 0: chunk.text for chunk in heading.others}
    if heading.is_doubtful or layout.is_doubtful:
        cells[layout.first] = " ".join(chunk.text for chunk in heading.lower)
    else:
        cells |= {layout.first + place: chunk.text for place, chunk in enumerate(heading.lower)}
    return _filled(number, len(layout.columns), cells)


def _filled(number: int, width: int, cells: dict[int, str]) -> Row:
    return Row(number, tuple(cells.get(column, "") for column in range(width)))


def _row(line: Line, layout: Layout) -> Row:
    """A line's chunks in their columns; those that reach into several are shared out word by word, and when a figure's
    column can't be told even so, the cells come in the order of print."""
    apart = [part for c in _pieces(line) for part in (c.parts or (c,) if layout.column_of(c) is None else (c,))]
    columns = [layout.column_of(piece) for piece in apart]
    if None not in columns:
        cells: dict[int, str] = {}
        for column, piece in zip(columns, apart, strict=True):
            cells[column or 0] = f"{cells.get(column or 0, '')} {piece.text}".strip()
        return replace(_filled(line.number, len(layout.columns), cells), touches_above=line.touches_above)
    labels = [chunk for chunk in line.chunks if chunk.x0 < layout.columns[layout.first].x0]
    before = [""] * layout.first
    for chunk in labels:
        place = min(layout.first - 1, max(0, layout.column_of(chunk) or 0))
        before[place] = f"{before[place]} {chunk.text}".strip()
    rest = [chunk.text for chunk in line.chunks if chunk not in labels]
    return Row(line.number, (*before, *rest), adrift=True, touches_above=line.touches_above)
