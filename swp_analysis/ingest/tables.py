"""Where the tables of a grid are. In: a `Grid`. Out: `RawTable`s, whose columns know their quarter and year.

Titles, sheets' names, captions and notes are words about every figure of a table: they may bar all of it. A row of
figures outside every table is refused, so that nothing is dropped without a word.
"""

from dataclasses import replace

from swp_analysis.catalogue.models import Layouts
from swp_analysis.errors import InputError
from swp_analysis.ingest.align.headings import holds_damage, repair_heading
from swp_analysis.ingest.columns import IN_ROWS, ColumnReader
from swp_analysis.ingest.formats.grid import LONE_FIGURE, Grid, Row
from swp_analysis.ingest.headings import heading_rows, is_figure, read_headings
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import drop_repeat, fold_look_alikes, letters
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import LONGEST_HEADING, When, quarters_told
from swp_analysis.ingest.titles import bar_table, explain_titles
from swp_analysis.ingest.words import Meaning, Vocabulary

NO_HEADING = "figures stand under no heading row"
_NOTE_STARTS = ("*", "†", "‡", "¹", "²", "[", "note", "nb", "n.b", "source", "(", "#", "^", "p =", "p=")


def find_tables(grid: Grid, words: Vocabulary) -> list[RawTable]:
    """Find the tables of a grid, top to bottom; none when no row is a heading.

    Raises
    ------
    InputError
        When a heading can't be read, or a row of figures stands under no heading.
    """
    starts = [index for index, row in enumerate(grid.rows) if _label_column(row, grid, words)]
    starts = [
        index for index in starts if index - 1 not in starts or not _goes_on(grid.rows[index - 1], grid.rows[index])
    ]
    ends = [_end_of_table(grid, start, limit) for start, limit in zip(starts, [*starts[1:], None], strict=False)]
    above = [grid.rows[end:start] for end, start in zip([0, *ends[:-1]], starts, strict=True)] if starts else []
    above = above[:1] + [tuple(row for row in rows if not _begins_a_note(row)) for rows in above[1:]]
    below = [grid.rows[end:start] for end, start in zip(ends, [*starts[1:], None], strict=False)]
    tables = [
        _read_table(grid, grid.rows[start:end], titles, _notes_of(notes, end == ends[-1]), words)
        for start, end, titles, notes in zip(starts, ends, above, below, strict=True)
    ]
    inside = {index for start, end in zip(starts, ends, strict=True) for index in range(start, end)}
    outside = [row for index, row in enumerate(grid.rows) if index not in inside]
    over = {row.number for titles in above for row in titles[-2:]}
    return [*tables, *_without_heading(grid, outside, over)] if tables else []


def continue_table(grid: Grid, before: RawTable) -> RawTable | None:
    """Give a grid without heading as the rest of the table before it, when it has as many columns; or None."""
    width = max((len(row.cells) for row in before.rows), default=0)
    if not grid.rows or max(len(row.cells) for row in grid.rows) != width:
        return None
    rows = grid.rows
    if width > 1:
        begin = next(i for i, row in enumerate(rows) if len(row.cells) > 1)
        rows = rows[begin : _end_of_table(grid, begin, None)]
    return replace(before, grid=grid, rows=tuple(row for row in rows if not row.is_blank), notes=())


def _label_column(row: Row, grid: Grid, words: Vocabulary) -> int | None:
    """The column of the labels in a row that is a heading: the one that is called so, or its first filled cell."""
    filled = [column for column in row.columns if row.text(column)]
    if len(filled) < 2:
        return None
    names = tuple(word.casefold() for word in words.layouts.label_headings)
    texts = {column: fold_look_alikes(row.text(column)).casefold() for column in filled}
    if texts[filled[0]].startswith(names):
        return filled[0]
    exact = next((column for column in filled if texts[column] in names), None)
    if exact and _is_all_words(row, filled):
        return exact
    telling = [column for column in filled if quarters_told([row.text(column)]) or _tells_time(row, column, grid)]
    if len(telling) < 2 or (len(quarters_told(row.cells)) < 2 and not _is_all_words(row, filled)):
        return None
    # Two periods' names are a heading, whatever its first cell is called.
    before = [column for column in filled if column < telling[0]]
    roles = {column: words.role_of(row.text(column)) for column in before}
    named = (column for role in ("label", "definition") for column in before if roles[column] == role)
    return next(named, before[0]) if before else telling[0] - 1 or None


def _tells_time(row: Row, column: int, grid: Grid) -> bool:
    text = row.text(column)
    if grid.is_copied or len(text) > LONGEST_HEADING or text.isdigit():
        return False
    return read_when(text)[0].is_part_of_year


def _is_all_words(row: Row, filled: list[int]) -> bool:
    return not any(LONE_FIGURE.fullmatch(row.text(column)) for column in filled)


def _goes_on(heading: Row, below: Row) -> bool:
    """Whether a row of quarters is the second row of the heading above it: that has no quarters, and the label."""
    first = next(column for column in heading.columns if heading.text(column))
    single = [cell for cell in heading.cells if not read_when(cell[: LONGEST_HEADING + 1])[0].uneven]
    return not below.text(first) and not (quarters_told(single) and quarters_told(below.cells))


def _end_of_table(grid: Grid, start: int, limit: int | None) -> int:
    """Up to the next heading and the lines of words over it, or to the first line of prose: a row of one cell only."""
    rows, end = grid.rows, limit or len(grid.rows)
    while (
        limit
        and grid.has_cells
        and end > start + 1
        and sum(map(bool, map(rows[end - 1].text, rows[end - 1].columns))) < 2
    ):
        end -= 1
    return next((i for i in range(start + 1, end) if len(rows[i].cells) == 1 and not rows[i].is_blank), end)


def _begins_a_note(row: Row) -> bool:
    return row.in_one_line.casefold().startswith(_NOTE_STARTS)


def _notes_of(rows: tuple[Row, ...], is_last: bool) -> list[str]:
    """The lines below a table that are notes on it, and no titles of the next."""
    return [row.in_one_line for row in rows if not row.is_blank and (is_last or _begins_a_note(row))]


# One table


def _read_table(
    grid: Grid, rows: tuple[Row, ...], titles: tuple[Row, ...], notes: list[str], words: Vocabulary
) -> RawTable:
    label_column = _label_column(rows[0], grid, words) or 1
    snapshot = _snapshot(grid, rows, label_column, words.layouts)
    if snapshot:
        return snapshot
    over, count = heading_rows(rows, titles, label_column, grid.has_cells, words)
    labels = " ".join(row.text(label_column) for row in over[: len(over) - count + 1])
    titles = titles[: len(titles) - (len(over) - count)]  # what stands over single columns is part of the heading
    above = explain_titles(grid, titles, words) | _label_heading(labels.strip(), words)
    year = above.when.years[0] if len(above.when.years) == 1 and not above.when.wrong else ""
    year = IN_ROWS if grid.has_cells and any(_names_year(row, label_column) for row in rows[count:]) else year
    headings = read_headings(tuple(over), label_column, words)
    try:
        table = ColumnReader(grid, tuple(over), label_column, headings, year, words).read()
    except InputError as problem:
        # A heading whose pieces are damaged is repaired when one reading alone fits it.
        if not (grid.is_copied or holds_damage(tuple(over), label_column, words, problem)):
            raise
        table = repair_heading(grid, rows, label_column, words)
        table = table if table.doubt else replace(table, heading=max(table.heading, over[-1].number))
    return bar_table(_with_rows(table, rows), above, notes, words)


def _names_year(row: Row, label_column: int) -> bool:
    """Whether a line over rows names the year of their figures."""
    text = row.text(label_column)
    is_alone = bool(text) and not any(row.text(c) for c in row.columns if c != label_column)
    return is_alone and len(text) <= LONGEST_HEADING and len(read_when(text)[0].years) == 1


def _label_heading(text: str, words: Vocabulary) -> Meaning:
    """What the heading of the labels says of every row: `KPI (cumulative)`."""
    return replace(words.explain_title(text), when=When(), left=())


def _with_rows(table: RawTable, rows: tuple[Row, ...]) -> RawTable:
    """The table with the rows below its heading, without the columns that are hidden."""
    hidden, first = table.grid.hidden, rows[0]
    quarters = {c: period for c, period in table.quarters.items() if c not in hidden}
    if table.label_column in hidden or (table.quarters and not quarters):
        what = "the column of labels" if quarters else "every column of figures"
        where = table.grid.address(first, table.label_column)
        raise InputError(f"{where}: {what} of this table is hidden; show it again.")
    return replace(
        table,
        quarters=quarters,
        partial={c: when for c, when in table.partial.items() if c not in hidden},
        rows=tuple(row for row in rows if row.number > table.heading and not row.is_blank),
        headed=tuple(sorted({c for c in first.columns if first.text(c)} | set(table.roles))),
    )


def _snapshot(grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts) -> RawTable | None:
    """A table that shows one month, by the heading that `layouts.yml` gives it."""
    names = {c: drop_repeat(fold_look_alikes(rows[0].text(c))) for c in rows[0].columns if rows[0].text(c)}
    spelt = {c: letters(name) for c, name in names.items()}
    snapshots = {c: s for c, name in spelt.items() for s in layouts.snapshots if name == letters(s.heading)}
    unnamed = {c: u for c, name in spelt.items() for u in layouts.unnamed_columns if name == letters(u.heading)}
    body = tuple(row for row in rows[1:] if not row.is_blank)
    headed, number = tuple(sorted(names)), rows[0].number
    return (
        RawTable(grid, {}, body, snapshots, unnamed, label_column, headed=headed, heading=number) if snapshots else None
    )


def _without_heading(grid: Grid, rows: list[Row], over: set[int]) -> list[RawTable]:
    """Rows of figures outside every table: refused, or of copied text a table that can't be read."""
    lost = [row for row in rows if sum(bool(LONE_FIGURE.fullmatch(row.text(c))) for c in row.columns) > 1]
    lost = [row for row in lost if row.number not in over or any(map(is_figure, map(row.text, row.columns)))]
    if not lost:
        return []
    where = grid.address(lost[0], next(c for c in lost[0].columns if LONE_FIGURE.fullmatch(lost[0].text(c))))
    if grid.is_copied:
        return [RawTable(grid, {}, tuple(lost), notes=(f"{where}: {NO_HEADING}.",), doubt=NO_HEADING)]
    raise InputError(
        f"{where}: {NO_HEADING}; expected one above them that begins with a word like KPI and names Quarter 1 to "
        "Quarter 4."
    )
