"""Headings that are broken over cells, run together or moved. In: a table's heading rows. Out: a `RawTable`.

A reading counts only when it is the one that agrees with the number of columns, the order of the quarters and the years
that are printed. Where the line runs: a heading is **wrong** when each of its cells names one thing (a quarter, a year,
a date, a word) and one of them can't be, or a whole word is left over: a person can mend that in a minute, so the build
stops and says where. It is **damaged** when its pieces don't fit: cells broken, run together, a year under no quarter.
Then nobody can say what a column is about, the rows are `unreadable` and listed, and the build goes on. In text that
was copied out of a report nobody typed the heading, and it counts as damaged.
"""

from collections.abc import Iterator
from itertools import permutations, product

from swp_analysis.catalogue.models import Layouts
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.columns import Misfit
from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.headings import explain_columns
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.table import HeadedColumn, RawTable
from swp_analysis.ingest.timeline import LONGEST_HEADING, QUARTER_PIECES, YEAR, Period, When, quarters_told, years_in
from swp_analysis.ingest.words import Vocabulary

# Pieces of these words are damage; any other word that is left over is somebody's word.
_BREAKABLE = ("quarter", "qtr", "dataowner", "commentary")

_FIGURES = Meaning(When(quarters=QUARTERS))
# A report shows this many years at most; the readings to be compared grow with its factorial.
MOST_YEARS = 3


def repair_heading(grid: Grid, rows: tuple[Row, ...], label_column: int, words: Vocabulary) -> RawTable:
    """Give the columns of a damaged heading, when one reading alone fits; else a doubt."""
    return _read(grid, rows, label_column, words) or _doubt(grid, rows, label_column)


def holds_damage(rows: list[Row], label_column: int, words: Vocabulary, problem: InputError) -> bool:
    """Tell whether a heading that somebody typed is damaged, not wrong: its pieces don't fit, are broken or ran
    together, and no whole word is left over."""
    texts = (row.text(column) for row in rows for column in row.filled if column > label_column)
    meanings = [words.explain(text) for text in texts if not words.role_of(text)]
    left = [word.casefold() for meaning in meanings for word in meaning.left]
    if any(meaning.kinds or meaning.other_areas for meaning in meanings) or not all(map(_is_piece, left)):
        return False
    is_fused = any(len(meaning.when.years) > 1 for meaning in meanings)
    return bool(left) or is_fused or isinstance(problem, Misfit)


def _is_piece(word: str) -> bool:
    return word.isdigit() or any(word in whole for whole in _BREAKABLE)


def _read(grid: Grid, rows: tuple[Row, ...], label_column: int, words: Vocabulary) -> RawTable | None:
    heading, span = rows[0], _figure_span(rows[0], label_column, words.layouts)
    quarters = [int(n) for n in QUARTER_PIECES.findall(fold_look_alikes(" ".join(heading.cells[label_column:])))]
    if len(rows) < 2 or not span or not quarters or quarters != sorted(set(quarters)):
        return None
    printed = [years_in(rows[1].text(c)) for c in range(1, max(len(rows[1].cells), span[-1]) + 1)]
    cells = [cell for cell in printed if cell is not None]
    if len(cells) < len(printed):
        return None
    years = sorted({year for cell in cells for year in cell})
    if not 1 <= len(years) <= MOST_YEARS or len(years) * len(quarters) != len(span):
        return None
    found = _year_sequence(cells, span, years)
    if found is None:
        return None
    each = len(years)
    figures = {c: Period(year, quarters[i // each]) for i, (c, year) in enumerate(zip(span, found, strict=True))}
    first, last = grid.address(heading, span[0]).column_letter, grid.address(heading, span[-1]).column_letter
    note = (
        f"{grid.address(heading, label_column)}: the heading is damaged; columns {first} to {last} are read as "
        f"quarters {quarters[0]} to {quarters[-1]} of {' and '.join(years)}, the only "
        f"reading that fits its {count_noun(len(span), 'column')}."
    )
    columns = {c: one for c, one in explain_columns([*rows[:2]], label_column, words).items() if one.role}
    columns |= {c: HeadedColumn(c, meaning=_FIGURES) for c in span}
    return RawTable(
        grid, label_column=label_column, heading=rows[1].number, columns=columns, figures={**figures}, notes=(note,)
    )


def _figure_span(heading: Row, label_column: int, layouts: Layouts) -> list[int]:
    """The columns from the first piece of a quarter's heading to the last before commentary or owner."""
    words = tuple(word.casefold() for word in (*layouts.text_headings, *layouts.owner_headings))
    first = last = 0
    for column in range(label_column + 1, len(heading.cells) + 1):
        text = fold_look_alikes(heading.text(column)).casefold()
        if not first and text.startswith("q"):
            first = column
        if first and text and (text in words or any(word.startswith(f"{text} ") for word in words)):
            return list(range(first, column))
        last = column if text else last
    return list(range(first, last + 1)) if first else []


def _year_sequence(printed: list[list[str]], span: list[int], years: list[str]) -> tuple[str, ...] | None:
    """The year of each column of `span`: each quarter has each year once, and the print decides the order.

    Tried in turn: all years in the order of print; as few cells as can be out of order, because the other columns leave
    them no choice.
    """
    groups = [list(permutations(years))] * (len(span) // len(years))
    sequences = [tuple(year for group in chosen for year in group) for chosen in product(*groups)]
    in_print = tuple(year for cell in printed for year in cell)
    if in_print in sequences:
        return in_print
    cells = [(column, cell) for column, cell in enumerate(printed, start=1) if cell]
    swaps = {one: count for one in sequences if (count := _swaps(one, cells, span[0])) is not None}
    least = [one for one, count in swaps.items() if count == min(swaps.values())]
    return least[0] if len(least) == 1 else None


def _swaps(sequence: tuple[str, ...], cells: list[tuple[int, list[str]]], first: int) -> int | None:
    """How many cells name their years in another order than a sequence; None when one names others, or does not stand
    over the columns that it is for."""
    count, place = 0, first
    for column, cell in cells:
        own = list(sequence[place - first : place - first + len(cell)])
        if column != place or sorted(own) != sorted(cell):
            return None
        count, place = count + (own != cell), place + len(cell)
    return count if place == first + len(sequence) else None


# Headings that nobody can read


def _doubt(grid: Grid, rows: tuple[Row, ...], label_column: int) -> RawTable:
    """The years that a damaged heading names, and that no column is known."""
    headings = rows[: 2 if len(rows) > 1 and _is_heading(rows[1], label_column) else 1]
    cells = [cell for row in headings for cell in _cells(row, label_column)]
    where = grid.address(rows[0], label_column)
    return RawTable(
        grid,
        label_column=label_column,
        heading=headings[-1].number,
        notes=(
            f"{where}: the heading is damaged and can't be read in one way; the rows below it are unreadable; type one "
            "quarter and its year over each column, such as `Q1 2018/19`.",
        ),
        doubt=f"the heading in row {where.row} is damaged, so nobody can say what its columns are about",
        years=tuple(sorted({year for cell in cells for year in years_in(cell) or []})),
    )


def _is_heading(row: Row, label_column: int) -> bool:
    """Whether a second row goes on with the heading; sentences of commentary name years and quarters too."""
    cells = list(_cells(row, label_column))
    return bool(quarters_told(cells)) or any(YEAR.match(cell) for cell in cells)


def _cells(row: Row, label_column: int) -> Iterator[str]:
    texts = (fold_look_alikes(row.text(column)) for column in row.columns if column > label_column)
    return (text for text in texts if text and len(text) <= LONGEST_HEADING)
