"""Grids that hold tables otherwise than with labels down and periods across. In: a `Grid`. Out: the grids of the tables
that stand beside one another in it, each with its periods in columns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, pairwise, takewhile
from typing import Literal

from swp_analysis.ingest.formats.grid import LONE_FIGURE, Grid, Paragraph, Row
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.row_words import find_in_label
from swp_analysis.ingest.spelling import fold_look_alikes, pattern
from swp_analysis.ingest.table import LABEL_ROLES, ROW_ROLES, TIME_ROLES, with_its_heading
from swp_analysis.ingest.timeline import LONGEST_HEADING, is_period
from swp_analysis.ingest.words import Vocabulary


def part_tables(grid: Grid, words: Vocabulary) -> list[Grid]:
    """Give the grid itself when no tables stand beside one another in it; else its parts, top to bottom, left to
    right."""
    if not grid.has_cells:
        return [grid]
    names = tuple(word.casefold() for word in words.layouts.label_headings)
    starts = {index: found for index, row in enumerate(grid.rows) if (found := list(_headings_in(row, names)))}
    if len({column for found in starts.values() for column in found}) < 2:
        return [grid]
    parts = [part for band in _bands(grid, starts) for part in _cut(replace(grid, rows=band, notes=()), names)]
    return [replace(parts[0], notes=grid.notes), *parts[1:]]


def _headings_in(row: Row, words: tuple[str, ...]) -> Iterator[int]:
    """The columns in which a heading begins: a word for labels, with quarters or years behind it; or any other text
    behind a blank cell, when a quarter follows at once and a heading stands before it."""
    begun, has_period = False, True
    for column in row.columns:
        text, follows = fold_look_alikes(row.text(column)).casefold(), [row.text(column + 1), row.text(column + 2)]
        is_word = text.startswith(words) or text in ("year", "financial year")
        is_other = begun and text and not row.text(column - 1) and not is_period(text) and is_period(follows[0])
        if has_period and ((is_word and any(map(is_period, follows))) or is_other):
            begun, has_period = True, False
            yield column
        has_period = has_period or is_period(text)


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
        rows = (row if n < top and len(row.filled) < 2 else _only(row, begin, end) for n, row in enumerate(grid.rows))
        yield replace(grid, rows=tuple(rows))


def _is_apart(rows: tuple[Row, ...], index: int, column: int, starts: list[tuple[int, int]]) -> bool:
    beside = any(other < column for row, other in starts if row == index)
    return beside or all(not row.text(column - 1) for row in rows[index:])


def _only(row: Row, begin: int, end: int) -> Row:
    """The row with blanks for what stands left and right of some columns."""
    return replace(row, cells=("",) * (begin - 1) + row.cells[begin - 1 : end - 1])


def turn_table(grid: Grid, words: Vocabulary) -> Grid:
    """Give the grid turned, when its first heading names indicators over rows of periods."""
    start = next((index for index in range(len(grid.rows) - 1) if _is_turned(grid.rows, index, words)), None)
    if start is None or not grid.has_cells or grid.places:
        return grid
    heading, rest = grid.rows[start], grid.rows[start + 1 :]
    lines = [heading, *(row for row in rest if len(row.filled) > 1 and _tells(row))]
    if _parts_heading(heading, rest[0], words):
        # What parts each indicator's columns stands, turned, beside its label.
        told = [read_when(rest[0].text(c))[0] for c in rest[0].filled]
        is_quarter = all(when.is_part_of_year for when in told)
        role = "Quarter" if is_quarter else "Year" if all(when.years for when in told) else "Measure"
        own = replace(rest[0], cells=(role, *rest[0].cells[1:]))
        if words.role_of(heading.text(2)) not in TIME_ROLES:
            heading = replace(heading, cells=("KPI", *heading.cells[1:]))
        lines = [heading, own, *(row for row in lines[1:] if row is not rest[0])]
    notes = [row for row in rest if row.number not in {line.number for line in lines}]
    joined = _join_periods(lines, words)
    width = max(len(row.cells) for row in lines)
    rows = (Row(c, tuple(row.printed(c) for row in joined)) for c in range(1, width + 1) if c not in grid.hidden)
    places = {row.number: position for position, row in enumerate(lines, start=1)}
    return replace(
        grid,
        rows=tuple(row for row in rows if not row.is_blank),
        hidden=frozenset(),
        above=(*grid.above, *_paragraphs(grid.file, grid.rows[:start], "caption")),
        below=(*_paragraphs(grid.file, notes, "note"), *grid.below),
        doubts={(c, places[r]): doubt for (r, c), doubt in grid.doubts.items() if r in places and c},
        places={(c, place): (number, c) for number, place in places.items() for c in range(1, width + 1)},
    )


def name_subject(grid: Grid, words: Vocabulary) -> Grid:
    """Give the grid with a label in each row of years, quarters, areas or measures, when the indicator stands in the
    corner of their heading or in the line over it."""
    if not grid.has_cells:
        return grid
    labels: dict[int, tuple[str, ...]] = {}
    totals = {word.casefold() for word in words.layouts.total_labels}
    over = [*(one.text for one in reversed(grid.above) if one.kind in ("caption", "heading")), grid.sheet]
    for index, row in enumerate(grid.rows):
        subjects = _subjects_below(grid.rows, index, over, words)
        if not subjects:
            continue
        first = next(line for line in grid.rows if subjects.get(line.number))
        corner = first.filled[0]
        heading = _heading_of(row.text(corner), first.text(corner), words)
        labels[row.number] = ("KPI", *row.cells[: corner - 1], heading, *row.cells[corner:])
        for line in (line for line in grid.rows if line.number in subjects and line.filled[0] == corner):
            subject = line.text(corner) if line.text(corner).casefold() in totals else subjects[line.number]
            labels[line.number] = (subject, *line.cells) if subject else ()
    if not labels:
        return grid
    unmoved = frozenset(row.number for row in grid.rows if row.number not in labels and row.filled in ([], [1]))
    cells = {row.number: row.cells if row.number in unmoved else ("", *row.cells) for row in grid.rows} | labels
    return replace(
        grid,
        rows=tuple(replace(row, cells=cells[row.number]) for row in grid.rows),
        hidden=frozenset(column + 1 for column in grid.hidden),
        doubts={(r, c and c + 1): doubt for (r, c), doubt in grid.doubts.items()},
        places={
            (r, c): (r, max(1, c - 1)) for r, row in cells.items() if r not in unmoved for c in range(1, len(row) + 1)
        },
    )


def _subjects_below(rows: tuple[Row, ...], index: int, over: list[str], words: Vocabulary) -> dict[int, str]:
    """The indicator of each row of years, quarters, areas or measures below a heading of periods, by the row's number:
    that of the last line over the row, else of the heading's first cell or of a line `over` it; of such a line none."""
    first = next((line for line in _rows_below(rows, index) if len(line.filled) > 1), Row(0, ()))
    heading, begin = rows[index], first.filled[0] if first.filled else 1
    own, behind = heading.text(begin), [heading.text(c) for c in heading.filled if c > begin]
    if not (_names_periods(heading) or _heads_one(own, behind, first, words)) or heading.filled[0] < begin:
        return {}
    lines = [*_rows_below(rows, index)]
    titles = [one.in_one_line for one in takewhile(lambda one: len(one.filled) < 2, rows[:index][::-1]) if one.filled]
    line = next(iter((*titles, *over)))
    line = line if _names_indicator(line, words) else line.rpartition(":")[2].strip()
    subject = own if own and not words.role_of(own) else line
    found: dict[int, str] = {}
    starts = [-1, *(n for n, line in enumerate(lines) if len(line.filled) < 2), len(lines)]
    for start, end in pairwise(starts):
        subject = subject if start < 0 else lines[start].in_one_line
        texts = [line.text(line.filled[0]) for line in lines[start + 1 : end]]
        has_figures = any(map(_has_count, lines[start + 1 : end]))
        is_one = has_figures and _names_indicator(subject, words) and not any(map(words.labels.of, texts))
        unknown = [text for text in texts if words.explain(with_its_heading(text, words.role_of(own))).left]
        if is_one and 2 * len(unknown) <= len(texts):
            found |= {line.number: subject for line in lines[start + 1 : end]}
            found |= {lines[start].number: ""} if start >= 0 else {}
    return found


def _rows_below(rows: tuple[Row, ...], index: int) -> Iterator[Row]:
    """The rows below one, as far as they are asked for, up to the next that names periods."""
    return takewhile(lambda one: not _names_periods(one), (row for row in islice(rows, index + 1, None) if row.filled))


def _names_periods(row: Row) -> bool:
    """Whether a row names periods over columns, and no figures are beside them."""
    texts = map(row.text, row.filled[1:])
    return not _has_count(row) and any(is_period(text) or _is_period_alone(text) for text in texts)


def _heading_of(own: str, below: str, words: Vocabulary) -> str:
    """What the column of years, quarters or measures is called, by its heading or the first of its cells."""
    if words.role_of(own) in (TIME_ROLES | {"area"}) - {"period"}:
        return own
    when = read_when(below)[0]
    # Not `Month`, which somebody would have to write: `Jun` and `Sep` may be quarters.
    return "Year" if when.has_year else "Mth" if when.months else "Quarter" if when else "Measure"


def _is_turned(rows: tuple[Row, ...], index: int, words: Vocabulary) -> bool:
    """Whether a row names indicators behind its first cells, and the row below begins with a period."""
    row, below = rows[index], rows[index + 1]
    below = rows[index + 2] if _parts_heading(row, below, words) and len(rows) > index + 2 else below
    if len(row.filled) < 2 or words.labels.of(row.text(1)) or _has_count(row):
        return False
    known = [c for c in row.filled if _names_indicator(row.text(c), words)]
    return bool(known) and any(_is_period_alone(below.text(c)) for c in range(1, known[0]))


def _heads_one(own: str, behind: list[str], below: Row, words: Vocabulary) -> bool:
    """Whether a heading such as `Quarter, Actual, Target` stands over the periods of one indicator, named elsewhere, or
    `Burglary, Number` over those of its own."""
    begins = bool(below.filled) and _is_period_alone(below.text(below.filled[0]))
    if not (words.role_of(own) in TIME_ROLES or (begins and (not own or _names_indicator(own, words)))):
        return False
    roles = {"value" if words.explain(text).kinds else words.role_of(text) for text in behind}
    named = any(_names_indicator(text, words) for text in behind) or any(words.labels.of(t) for t in below.cells)
    return "value" in roles and not (named or roles & {*LABEL_ROLES})


def _parts_heading(heading: Row, below: Row, words: Vocabulary) -> bool:
    """Whether a row parts the columns of the heading above it: words or years behind a first cell that is blank or, as
    `Unit`, says what they are."""
    has_more = len(below.filled) >= sum(column > 1 for column in heading.filled) > 0
    is_apart = has_more and (below.filled[0] > 1 or words.role_of(below.text(1)) == "qualifier")
    return is_apart and not _has_count(below)


def _names_indicator(text: str, words: Vocabulary) -> bool:
    """Whether a heading is an indicator's label; for a new partnership, one of more than words about figures."""
    if words.catalogue.indicators:
        return bool(words.labels.of(text) or (len(text) <= 3 * LONGEST_HEADING and find_in_label(text, words)))
    return not words.role_of(text) and bool(words.explain(text).left)


def _join_periods(lines: list[Row], words: Vocabulary) -> list[Row]:
    """The lines with year, quarter, area or measure, where several have a column of their own, in the first of them:
    `2018/19 Q1`, `Anytown April 2018`."""
    roles = {c: words.role_of(lines[0].text(c)) for c in lines[0].filled}
    columns = [c for c, role in roles.items() if role in ROW_ROLES]
    if len(columns) < 2:
        return lines
    joined = []
    for line in lines:
        texts = (with_its_heading(line.text(c), roles[c]) for c in columns)
        both = "Period" if line is lines[0] else " ".join(filter(None, texts))
        cells = {c: "" for c in columns[1:]} | {columns[0]: both}
        joined.append(replace(line, cells=tuple(cells.get(c, line.printed(c)) for c in line.columns)))
    return joined


def _is_period_alone(text: str) -> bool:
    if len(text) > LONGEST_HEADING:
        return False
    when, rest = read_when(text)
    return bool(when.is_part_of_year if text.isdigit() else when) and not rest


def _tells(row: Row) -> bool:
    """Whether a line holds a period or a figure, and not only the words of a note."""
    return _has_count(row) or any(_is_period_alone(row.text(c)) for c in row.filled)


def _has_count(row: Row) -> bool:
    return any(LONE_FIGURE.fullmatch(row.text(c)) and not _is_period_alone(row.text(c)) for c in row.filled)


def _paragraphs(file: str, rows: Iterable[Row], kind: Literal["caption", "note"]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(file, "", " ".join(map(row.text, row.filled)), kind) for row in rows if row.filled)


# Ditto marks


def fill_dittos(grid: Grid) -> Grid:
    """Give the grid with the words of the cell above in place of each ditto mark; no figure is repeated so."""
    rows, ditto = list[Row](), pattern("ditto")
    for row in grid.rows if grid.has_cells else ():
        above = [rows[-1].printed(c) if rows else "" for c in row.columns]
        words = ["" if LONE_FIGURE.fullmatch(cell.strip()) else cell for cell in above]
        pairs = zip(row.cells, words, strict=True)
        cells = (over if over and ditto.fullmatch(cell.strip()) else cell for cell, over in pairs)
        rows.append(replace(row, cells=tuple(cells)))
    return replace(grid, rows=tuple(rows)) if rows else grid
