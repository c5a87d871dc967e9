"""Where the tables of a grid are. In: a `Grid`. Out: `RawTable`s, whose columns know their quarter and year.

Titles, sheets' names, captions and notes are words about every figure of a table: they may bar all of it. A row of
figures outside every table is refused, so that nothing is dropped without a word.
"""

from dataclasses import replace

from swp_analysis.catalogue.models import Layouts
from swp_analysis.errors import InputError
from swp_analysis.ingest.align.headings import holds_damage, repair_heading
from swp_analysis.ingest.columns import IN_ROWS, Heading, NoPeriod
from swp_analysis.ingest.formats.grid import LONE_FIGURE, NOTE_STARTS, Grid, Row, is_sheet
from swp_analysis.ingest.headings import heading_rows, is_figure
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.notes import (
    FEWEST_WORDS_OF_A_NOTE,
    bar_table,
    is_told,
    problem_of_titles,
    without_told_columns,
)
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import drop_repeat, fold_look_alikes, letters, pattern
from swp_analysis.ingest.table import LABEL_ROLES, TIME_ROLES, HeadedColumn, RawTable
from swp_analysis.ingest.timeline import LONGEST_HEADING, Period, When, quarters_told, read_period
from swp_analysis.ingest.titles import explain_titles, notes_on_titles, period_of_titles
from swp_analysis.ingest.words import Vocabulary

Rows = tuple[Row, ...]
# So many cells tell whether a column is that of the labels.
MOST_LABELS = 20
NO_HEADING = "figures stand under no heading row"


def find_tables(grid: Grid, words: Vocabulary) -> list[RawTable]:
    """Find the tables of a grid, top to bottom; none when no row is a heading.

    Raises
    ------
    InputError
        When a heading can't be read, or a row of figures stands under no heading.
    """
    rows = grid.rows
    starts = [index for index, row in enumerate(rows) if _label_column(row, grid, words)]
    starts = [index for index in starts if index - 1 not in starts or not _goes_on(rows[index - 1], rows[index])]
    tables: list[RawTable] = []
    outside: list[Row] = []
    over: set[int] = set()
    sheet: Rows = ()
    section: Rows = ()
    end = 0
    for start, limit in zip(starts, [*starts[1:], 0], strict=False):
        titles = tuple(row for row in rows[end:start] if not (end and _begins_a_note(row)))
        outside += rows[end:start]
        over |= {row.number for row in titles[-2:]}
        # Of several lines over the first table all but the last are about the sheet; a table without a title goes on
        # with the section of the one above.
        named = tuple(row for row in titles if len(row.filled) == 1)
        reach = (*sheet, *(() if named else section)) if tables else ()
        sheet, section = sheet if tables else named[:-1], named[-1:] or section
        end = _end_of_table(grid, start, limit)
        notes = [row for row in rows[end : limit or None] if row.filled and not is_told(grid, row)]
        notes = [row for row in notes if not limit or _begins_a_note(row)]
        said = [*(row.in_one_line for row in notes), *_notes_beside(rows[start:end])]
        tables.append(_read_table(grid, rows[start:end], titles, reach, said, words))
    return [*tables, *_without_heading(grid, [*outside, *rows[end:]], over)] if tables else []


def continue_table(grid: Grid, before: RawTable) -> RawTable | None:
    """Give a grid without heading as the rest of the table before it, when it has as many columns; or None. A sheet of
    a workbook is a whole of its own."""
    width = max((len(row.cells) for row in before.rows), default=0)
    if not grid.rows or is_sheet(grid) or max(len(row.cells) for row in grid.rows) != width:
        return None
    rows = grid.rows
    if width > 1:
        begin = next(i for i, row in enumerate(rows) if len(row.cells) > 1)
        rows = rows[begin : _end_of_table(grid, begin, 0)]
    return replace(before, grid=grid, rows=tuple(row for row in rows if row.filled), notes=())


def _label_column(row: Row, grid: Grid, words: Vocabulary) -> int | None:
    """The column of the labels in a row that is a heading: the one with most labels below it, else the one that is
    called so, or the first filled one."""
    filled = row.filled
    if len(filled) < 2:
        return None
    names = tuple(word.casefold() for word in words.layouts.label_headings)
    texts = {column: fold_look_alikes(row.text(column)).casefold() for column in filled}
    has_figures = any(is_figure(row.text(column)) for column in filled[1:])
    telling = [column for column in filled if quarters_told([row.text(column)]) or _tells_time(row, column, grid)]
    is_all_words = all(c in telling or not LONE_FIGURE.fullmatch(row.text(c)) for c in filled)
    exact = next((c for c in filled if texts[c] in names and (is_all_words or c == filled[0])), None)
    is_called = bool(telling) and is_all_words and grid.has_cells and words.role_of(texts[filled[0]]) in LABEL_ROLES
    is_named = exact or is_called or (texts[filled[0]].startswith(names) and not has_figures)
    is_list = is_all_words and _heads_list(row, grid, words)
    # Two periods' names are a heading, whatever its first cell is called, and a row of a list beside typed figures.
    is_listed = has_figures and grid.has_cells
    is_heading = len(telling) > 1 and not is_listed and (len(quarters_told(row.cells)) > 1 or is_all_words)
    if not (is_named or is_list or is_heading):
        return None
    # A year in the corner is that of all columns, whatever else stands there.
    corner = read_when(texts[filled[0]])[0]
    is_corner = filled[0] == 1 and corner.has_year and not corner.is_part_of_year
    behind = filled[1:] if is_corner or _names_year_alone(texts[filled[0]]) else filled
    first = next((column for column in behind if column in telling or read_when(texts[column])[0]), 0)
    before = [column for column in filled if is_named or is_list or column < first]
    labels = {c: _count_labels(grid, row, c, words) for c in before if grid.has_cells}
    if any(labels.values()):
        return max(labels, key=lambda column: (labels[column], column == exact))
    if is_named:
        return exact or filled[0]
    return _called_label(row, before, is_list, words) if before else first - 1 or None


def _called_label(row: Row, columns: list[int], is_list: bool, words: Vocabulary) -> int | None:
    """The column whose heading comes nearest to one of labels."""
    roles = {column: words.role_of(row.text(column)) for column in columns}
    # Where no heading says so, one of which nothing is known goes before that of the units, and both before a `Ref`.
    order = LABEL_ROLES if is_list else (*LABEL_ROLES[:2], "", *LABEL_ROLES[2:])
    named = (column for role in order for column in columns if roles[column] == role)
    return next(named, 0 if is_list else columns[0]) or None


def _heads_list(row: Row, grid: Grid, words: Vocabulary) -> bool:
    """Whether a row is the heading of an exported list: columns such as Quarter, Measure and Value."""
    roles = {c: words.role_of(row.text(c)) for c in row.filled}
    said = {c: words.explain(row.text(c)) for c in row.filled}
    values = {c for c, role in roles.items() if role == "value" or row.text(c).casefold().endswith(" value")}
    plain = {c for c, one in said.items() if one.is_plain and roles[c] in ("", "ignored") and not one.when}
    times = {c for c, role in roles.items() if role in TIME_ROLES}
    if not grid.has_cells or not (values or times or plain):
        return False
    before = {c for c in row.filled if c < max(values | plain, default=0)} - times
    return bool(values and times) or any(_count_labels(grid, row, c, words) for c in before)


def _names_year_alone(text: str) -> bool:
    when, rest = read_when(text)
    return len(when.years) == 1 and not (when.is_part_of_year or rest)


def _count_labels(grid: Grid, heading: Row, column: int, words: Vocabulary) -> int:
    """How many of the next cells below a heading are indicators' labels."""
    below = [row for row in grid.rows if row.number > heading.number][:MOST_LABELS]
    return sum(bool(words.labels.of(row.text(column))) for row in below)


def _tells_time(row: Row, column: int, grid: Grid) -> bool:
    text = row.text(column)
    if grid.is_copied or len(text) > LONGEST_HEADING:
        return False
    return read_when(text)[0].is_part_of_year


def _goes_on(heading: Row, below: Row) -> bool:
    """Whether a row of quarters is the second row of the heading above it: that has no quarters, and the label."""
    single = [cell for cell in heading.cells if not read_when(cell[: LONGEST_HEADING + 1])[0].uneven]
    if not any(read_when(cell[: LONGEST_HEADING + 1])[0] for cell in below.cells):
        return bool(quarters_told(heading.cells))
    return not below.text(heading.filled[0]) and not (quarters_told(single) and quarters_told(below.cells))


def _end_of_table(grid: Grid, start: int, limit: int) -> int:
    """Up to the next heading and the lines of words over it, or to the first line of prose: a row of one cell only."""
    rows, end = grid.rows, limit or len(grid.rows)
    while limit and grid.has_cells and end > start + 1 and len(rows[end - 1].filled) < 2:
        end -= 1
    return next((i for i in range(start + 1, end) if len(rows[i].cells) == 1 and rows[i].filled), end)


def _begins_a_note(row: Row) -> bool:
    return row.in_one_line.casefold().startswith(NOTE_STARTS)


# One table


def _notes_beside(rows: Rows) -> list[str]:
    """Headings of no figures that are notes on the table: what they say of figures (`Counts = victims`), and sentences
    with nothing below them."""
    below = {column: [text for row in rows[1:] if (text := row.text(column))] for column in rows[0].filled}
    texts = {rows[0].text(c): texts for c, texts in below.items() if not any(map(LONE_FIGURE.fullmatch, texts))}
    is_long = {text: len(text.split()) >= FEWEST_WORDS_OF_A_NOTE for text in texts}
    return [text for text in texts if pattern("said").search(text) or (is_long[text] and not texts[text])]


def _read_table(grid: Grid, rows: Rows, titles: Rows, reach: Rows, notes: list[str], words: Vocabulary) -> RawTable:
    label_column = _label_column(rows[0], grid, words) or 1
    snapshot = _snapshot(grid, rows, label_column, words.layouts)
    if snapshot:
        return snapshot
    over, count = heading_rows(rows, titles, label_column, grid.has_cells, words)
    over = _with_years_named(over, rows[count:], label_column, words)
    titles = titles[: len(titles) - (len(over) - count)]  # what stands over single columns is part of the heading
    labels = " ".join(row.text(label_column) for row in over[: len(over) - count + 1]).strip()
    above = explain_titles(grid, titles, reach, words) | _said_of_labels(labels, words)
    year = above.when.years[0] if len(above.when.years) == 1 and not above.when.wrong else ""
    year = IN_ROWS if grid.has_cells and _rows_name_years(rows[count:], label_column) else year
    period = period_of_titles(grid, (*titles, Row(0, (labels,))), over, words)
    year = year or (named.financial_year if (named := read_period(period)) else "")
    try:
        table = Heading(grid, over, year, words, label_column, period).read()
    except InputError as problem:
        is_whole = not (grid.is_copied or holds_damage(over, label_column, words, problem))
        why = str(problem) if is_whole and isinstance(problem, NoPeriod) else ""
        if why := problem_of_titles(grid, rows[0].number, above) or why:
            return RawTable(grid, label_column=label_column, heading=rows[0].number, barred=why)
        # A heading whose pieces are damaged is repaired when one reading alone fits it.
        if is_whole:
            raise
        table = repair_heading(grid, rows, label_column, words)
        table = table if table.doubt else replace(table, heading=max(table.heading, over[-1].number))
    table = replace(table, notes=(*table.notes, *notes_on_titles(grid, titles, words)))
    return without_told_columns(bar_table(_with_rows(table, rows), above, notes, words), words)


def _said_of_labels(labels: str, words: Vocabulary) -> Meaning:
    """What the heading of the labels says of every row: `KPI (cumulative)`, `Performance 2017/18`; `Area` or `Ward` is
    what the rows are."""
    title = words.explain(labels, "title")
    said = title | words.explain(labels, "note")
    said = Meaning() if words.role_of(labels) == "area" else said
    of_labels = title.is_plain or _names_year_alone(labels) or words.role_of(read_when(labels)[1]) == "label"
    return replace(said, when=When(years=said.when.years) if of_labels else When(), left=())


def _with_years_named(over: list[Row], rows: Rows, label_column: int, words: Vocabulary) -> list[Row]:
    """The heading of quarters without a year with `Year` over the one column whose cells are years, or words that are
    understood: `2017/18`, `Target 2018/19`, `% change`."""
    told = [words.explain(row.text(c)).when for row in over for c in row.filled]
    if any(when.has_year for when in told) or not any(when.is_part_of_year for when in told):
        return over
    cells = {
        c: [text for row in rows if (text := row.text(c))] for row in rows for c in row.filled if c != label_column
    }
    years = [c for c, texts in cells.items() if any(map(_names_year_alone, texts))]
    if len(years) != 1 or any(words.explain(text).left for text in cells[years[0]]):
        return over
    cut = years[0] - 1
    return [*over[:-1], replace(over[-1], cells=(*over[-1].cells[:cut], "Year", *over[-1].cells[cut + 1 :]))]


def _rows_name_years(rows: Rows, label_column: int) -> bool:
    """Whether a line over rows names the year of their figures, or each row's own label does."""
    texts = [(len(row.filled) > 1, row.text(label_column)[: 3 * LONGEST_HEADING]) for row in rows]
    names = [(is_row, len(read_when(text)[0].years) == 1) for is_row, text in texts if text]
    return (False, True) in names or ((True, True) in names and (True, False) not in names)


def _with_rows(table: RawTable, rows: tuple[Row, ...]) -> RawTable:
    """The table with the rows below its heading, without the columns that are hidden."""
    shown = table.without(set(table.grid.hidden))
    periods = any(isinstance(found, Period) for found in table.figures.values())
    if table.label_column in table.grid.hidden or (periods and not shown.figures):
        what = "every column of figures" if table.figures and not shown.figures else "the column of labels"
        where = table.grid.address(rows[0], table.label_column)
        raise InputError(f"{where}: {what} of this table is hidden; show it again.")
    below = tuple(row for row in rows if row.number > table.heading and row.filled)
    # Of several columns of values one may be of words: `Performance`, with `Below target`.
    values = {c for c in shown.called("value") if any(LONE_FIGURE.fullmatch(row.text(c)) for row in below)}
    wordy = {c: replace(shown.columns[c], role="prose") for c in shown.called("value") - values if values}
    return replace(shown.without({*wordy}), rows=below, columns=shown.columns | wordy)


def _snapshot(grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts) -> RawTable | None:
    """A table that shows one month, by the heading that `layouts.yml` gives it."""
    names = {c: drop_repeat(fold_look_alikes(rows[0].text(c))) for c in rows[0].filled}
    spelt = {c: letters(name) for c, name in names.items()}
    snapshots = {c: s for c, name in spelt.items() for s in layouts.snapshots if name == letters(s.heading)}
    if not snapshots:
        return None
    return RawTable(
        grid,
        tuple(row for row in rows[1:] if row.filled),
        label_column,
        rows[0].number,
        {c: HeadedColumn(c, (name,)) for c, name in names.items()},
        snapshots=snapshots,
        unnamed={c: u for c, name in spelt.items() for u in layouts.unnamed_columns if name == letters(u.heading)},
    )


def _without_heading(grid: Grid, rows: list[Row], over: set[int]) -> list[RawTable]:
    """Rows of figures outside every table: refused, or of copied text a table that can't be read."""
    lost = [row for row in rows if sum(bool(LONE_FIGURE.fullmatch(row.text(c))) for c in row.columns) > 1]
    lost = [row for row in lost if row.number not in over or any(map(is_figure, map(row.text, row.columns)))]
    if not lost:
        return []
    where = grid.address(lost[0], next(c for c in lost[0].columns if LONE_FIGURE.fullmatch(lost[0].text(c))))
    if grid.is_copied:
        return [RawTable(grid, tuple(lost), notes=(f"{where}: {NO_HEADING}.",), doubt=NO_HEADING)]
    raise InputError(
        f"{where}: {NO_HEADING}; expected one above them that begins with a word like KPI and names Quarter 1 to "
        "Quarter 4."
    )
