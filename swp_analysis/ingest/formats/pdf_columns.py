"""Tables without ruled lines. In: the `Line`s of a page. Out: `Row`s, one a line, with a cell for each column.

The words of a heading tell where the columns are, and where the walls between them may stand: what is printed under one
heading alone pushes the walls away.
A figure under no heading belongs to the one on its left, or on its right, in all lines alike, since a table aligns its
columns in one way; a line that neither way explains, or that the two ways explain differently, comes out `adrift`, as
does one with a word that crosses a wall. A row that was printed on several lines comes out as several rows;
`align.lines` puts them together.
"""

from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from math import inf

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.formats.pdf_lines import (
    Chunk,
    Line,
    PageHeading,
    find_headings,
    group_columns,
    join_chunks,
    read_pieces,
)

MOST_LINES_OF_A_FOOTER = 2
# The lines of one row stand closer together than rows do.
CLOSER_THAN_ROWS = 0.8
Part = tuple[list[Row], int]
# From where to where each column reaches, in points.
Walls = list[tuple[float, float]]


@dataclass(frozen=True)
class Layout:
    """The columns of a table, `first` to `last` of them with figures, and the ways to set walls between them."""

    columns: list[Chunk]
    first: int
    last: int
    ways: list[Walls]

    @property
    def span(self) -> Chunk:
        return join_chunks(self.columns[self.first : self.last + 1])

    def row(self, line: Line) -> Row:
        """Give a line as a row; when nobody can say where its figures stand, in the order of print."""
        found = [self.cells(line, walls) for walls in self.ways]
        if found[0] is not None and all(cells == found[0] for cells in found):
            return Row(line.number, found[0], touches_above=line.touches_above)
        labels = [""] * self.first
        beside = [chunk for chunk in line.chunks if chunk.x0 < self.columns[self.first].x0]
        for chunk in beside:
            place = max((n for n in range(self.first) if self.columns[n].x0 < chunk.x1), default=0)
            labels[place : place + 1] = [f"{labels[place]} {chunk.text}".strip()] if labels else []
        rest = [chunk.text for chunk in line.chunks if chunk not in beside or not labels]
        return Row(line.number, (*labels, *rest), adrift=True, touches_above=line.touches_above)

    def cells(self, line: Line, walls: Walls) -> tuple[str, ...] | None:
        """Give the texts between some walls; nothing when a word crosses one, or two figures meet between two."""
        cells: list[list[Chunk]] = [[] for _ in self.columns]
        for piece in read_pieces(line):
            for part in [piece] if _column_of(piece, walls) is not None else piece.parts or [piece]:
                column = _column_of(part, walls)
                if column is None:
                    return None
                cells[column].append(part)
        among = cells[self.first : self.last + 1]
        if any(sum(part.is_figure for part in cell) > 1 for cell in among):
            return None
        return tuple(" ".join(part.text for part in cell) for cell in cells)


def read_rows(lines: list[Line], label_headings: list[str], before: Layout | None) -> tuple[list[Part], Layout | None]:
    """Read the rows of each table of a page with the number of its last line, and the columns in which the next page
    may go on.

    `before` are the columns in which a table of the page before ended; lines above the first heading are read in them.
    """
    headings = list(find_headings(lines, tuple(word.casefold() for word in label_headings)))
    top = lines[: headings[0].begin if headings else len(lines)]
    goes_on = before is not None and any(_is_row_of(line, before) for line in top)
    layout = before if goes_on else None
    parts: list[Part] = []
    if layout:
        body = _body(top, layout.span)
        parts.append((_join_lines(body, layout), body[-1].number))
    for heading, end in zip_longest(headings, [one.begin for one in headings[1:]]):
        body = _body(lines[heading.end + 1 : end], heading.span, is_under_heading=True)
        layout = _lay_out(heading, body)
        rows = [_heading_row(heading, lines[heading.begin].number, layout), *_join_lines(body, layout)]
        parts.append((rows, [*lines[: heading.end + 1], *body][-1].number))
    goes_to_the_end = bool(parts) and lines[-1].number - parts[-1][1] <= MOST_LINES_OF_A_FOOTER
    return parts, layout if goes_to_the_end else None


def _join_lines(lines: list[Line], layout: Layout) -> list[Row]:
    """The rows of a table's lines: a line without figures that stands closer below another than those with figures do
    to what is above them goes on with its row."""
    rows = [layout.row(line) for line in lines]
    gaps = [line.bottom - above.bottom for above, line in pairwise(lines)]
    least = min((gap for gap, row in zip(gaps, rows[1:], strict=False) if _has_figures(row, layout)), default=0.0)
    joined = rows[:1]
    for gap, row in zip(gaps, rows[1:], strict=False):
        if gap < CLOSER_THAN_ROWS * least and not (row.adrift or joined[-1].adrift or _has_figures(row, layout)):
            cells = (" ".join(filter(None, pair)) for pair in zip(joined[-1].cells, row.cells, strict=True))
            joined[-1] = replace(joined[-1], cells=tuple(cells))
        else:
            joined.append(row)
    return joined


def _has_figures(row: Row, layout: Layout) -> bool:
    return any(row.cells[layout.first : layout.last + 1])


def is_wrapped(rows: list[Row]) -> bool:
    """Tell whether any row may be a part of another: it has a label alone, none, or cells in no column in
    particular."""
    begin = next((n for n, row in enumerate(rows) if any(map(LONE_FIGURE.fullmatch, row.cells))), len(rows))
    return any(row.adrift or not row.cells[0] or not any(row.cells[1:]) for row in rows[begin:]) or begin == len(rows)


def _heading_row(heading: PageHeading, number: int, layout: Layout) -> Row:
    """The heading as one row. Where columns can't be told all of it stands in one cell, so that nobody takes it for one
    that can be read."""
    cells = [column.text if column in heading.columns else "" for column in layout.columns]
    if heading.is_doubtful:
        among = slice(layout.first, layout.last + 1)
        cells[among] = [" ".join(cells[among]), *[""] * (layout.last - layout.first)]
    return Row(number, tuple(cells))


# Where a table ends


def _is_row_of(line: Line, layout: Layout) -> bool:
    """Whether a line on the next page can be a row of the table: a label, and figures in its columns."""
    row = layout.row(line)
    among = row.cells[layout.first : layout.last + 1]
    has_figures = sum(map(bool, map(LONE_FIGURE.match, among))) >= min(2, len(among))
    return not row.adrift and any(row.cells[: layout.first]) and has_figures


def _body(lines: list[Line], span: Chunk, is_under_heading: bool = False) -> list[Line]:
    """The lines of a table, from the first that is no prose to the next that is: one that runs on, or one without
    figures, or apart, when none with figures follows.

    Under a heading a first line with a digit is a row, however close its label stands to its figures; one piece of text
    without a digit goes on with the heading (`YTD` below one quarter).
    """
    is_row = is_under_heading and bool(lines) and any(chunk.has_digit for chunk in lines[0].chunks)
    is_over = [line.runs_over(span) or (not is_under_heading and _is_prose(line, span)) for line in lines]
    begin = 0 if is_row else next((n for n, over in enumerate(is_over) if not over), len(lines))
    rows = lines[begin:]
    ends = [line.runs_over(span) and not (is_row and n == 0) for n, line in enumerate(rows)]
    last = max((n for n, line in enumerate(rows) if not ends[n] and _has_digits_beside_labels(line, span)), default=-1)
    for n, line in enumerate(rows):
        is_apart = n > last >= 0 and not line.is_close_to(rows[n - 1])
        if ends[n] or is_apart or (n > last and _is_prose(line, span)):
            return rows[:n]
    return rows


def _has_digits_beside_labels(line: Line, span: Chunk) -> bool:
    return any(chunk.has_digit and chunk.x1 > span.x0 for chunk in line.chunks)


def _is_prose(line: Line, span: Chunk) -> bool:
    """Whether words run on from the labels into the figures, or one piece of text without a digit stands among them."""
    among = [chunk for chunk in line.chunks if chunk.overlaps(span)]
    is_alone = len(among) == 1 and not line.touches_above
    return line.runs_over(span) or (is_alone and bool(WORDS.search(among[0].text)) and not among[0].has_digit)


# Columns and walls


def _lay_out(heading: PageHeading, body: list[Line]) -> Layout:
    """The columns under a heading and the ways to set walls between them that explain every line with figures; both
    when neither does. Words beside the figures that stand under no heading have columns of their own."""
    rows = [line for line in body if any(piece.is_figure for piece in read_pieces(line))]
    pieces = [one for line in body for one in read_pieces(line) if line in rows or not one.overlaps(heading.span)]
    reaches = _reaches(heading.columns, pieces)
    strays = (one for one in pieces if not one.is_figure and not any(map(one.overlaps, [heading.span, *reaches])))
    reaches = sorted([*reaches, *group_columns(strays)], key=lambda one: one.x0)
    columns = [next((one for one in heading.columns if one in reach.parts), reach) for reach in reaches]
    first, last = (columns.index(heading.columns[n]) for n in (heading.first, heading.last))
    layout = Layout(columns, first, last, _ways(reaches, first, last))
    fitting = [walls for walls in layout.ways if all(layout.cells(line, walls) is not None for line in rows)]
    return replace(layout, ways=fitting or layout.ways)


def _reaches(columns: list[Chunk], pieces: list[Chunk]) -> list[Chunk]:
    """The columns, each with what is printed under it alone."""
    own = [[column] for column in columns]
    for piece in pieces:
        over = [n for n, column in enumerate(columns) if piece.overlaps(column)]
        if len(over) == 1:
            own[over[0]].append(piece)
    return [join_chunks(chunks) for chunks in own]


def _ways(reaches: list[Chunk], first: int, last: int) -> list[Walls]:
    """The walls when a figure under no heading belongs to the one on its left, and to the one on its right."""
    begins, ends = [one.x0 for one in reaches], [one.x1 for one in reaches]
    middles = [-inf, *((end + begin) / 2 for end, begin in zip(ends, begins[1:], strict=False)), inf]
    beside = list(pairwise(middles))
    before, after = beside[:first], beside[last + 1 :]
    if before:
        before[-1] = (before[-1][0], ends[first - 1])
    if after:
        after[0] = (begins[last + 1], after[0][1])
    among = range(first, last + 1)
    on_left = [(begins[n], [*begins, inf][n + 1]) for n in among]
    on_right = [([-inf, *ends][n], ends[n]) for n in among]
    return [[*before, *on_left, *after], [*before, *on_right, *after]]


def _column_of(piece: Chunk, walls: Walls) -> int | None:
    """The one column in which a piece stands, or none when it crosses a wall."""
    return next((n for n, (left, right) in enumerate(walls) if left <= piece.x0 and piece.x1 <= right), None)
