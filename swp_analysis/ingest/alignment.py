"""Which of a row's cells belongs to which column. In: a row of a `Table`. Out: `Placed` cells, or why there are none.

A row that agrees with its headings is taken as it stands. In a row whose cells have moved (a blank dropped, two
cells run together, one split) every way to put them back is tried; only when one alone respects the headings, the
count of cells, what the row's cells hold and the printed baseline are they placed, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from swp_analysis.catalogue.models import Layouts
from swp_analysis.errors import InputError
from swp_analysis.ingest.displaced import SWALLOWED, adds_up, find_runs, find_ways, has_split_percentage
from swp_analysis.ingest.expectation import (
    TWO_NUMBERS,
    Expectation,
    Piece,
    direction_of,
    direction_with_figure,
    ends_with_direction,
    split_fused,
)
from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.table import Table

# "1739 offenders of which 578 reoffended" has four; with more it is a sentence.
MOST_WORDS_IN_A_FIGURE = 4


@dataclass(frozen=True)
class Placed:
    """For each figure column of a row its cell; `note` says why, when cells had to be moved."""

    cells: dict[int, Piece]
    note: str = ""


@dataclass(frozen=True)
class Unplaced:
    """A row whose cells can't be placed with certainty."""

    text: str
    reason: str


def place_cells(
    table: Table, row: Row, expected: Expectation, owners: frozenset[str], layouts: Layouts
) -> Placed | Unplaced:
    """The cells of a row under their columns.

    `owners` comes from `owners_of`.

    Raises
    ------
    InputError
        When a figure stands in a column that no heading explains.
    """
    own = {column: row.text(column) for column in table.quarters}
    if table.grid.has_cells and _is_typed_beside(table, row, own, expected):
        return Unplaced(row.in_one_line, "a figure stands in a column of words, so that its cells may have moved")
    if not _has_moved(table, row, own, expected, owners, layouts):
        _refuse_unexplained(table, row, layouts)
        return Placed({column: Piece(text, column) for column, text in own.items()})
    text = " | ".join(filter(None, (row.text(c) for c in row.columns if c not in table.text_columns)))
    run = find_runs(table, row, expected, owners, layouts)
    if run is None:
        return Unplaced(text, "its cells have moved, and nothing says where the figures begin and end")
    found = find_ways(*run, len(own), expected, list(own))
    if len(found) != 1:
        how = "more than one way" if found else "no way"
        return Unplaced(text, f"its cells have moved, and {how} to put them under the headings fits")
    cells = {c: Piece(piece.text, piece.column or c) for c, piece in zip(own, found[0], strict=True)}
    return Placed(cells, "the cells of this row had moved; this is the only way in which they fit the headings")


# Has the row moved?


def _has_moved(
    table: Table, row: Row, own: dict[int, str], expected: Expectation, owners: frozenset[str], layouts: Layouts
) -> bool:
    if row.adrift or _took_in_direction(table, row, layouts):
        return True
    odd = [text for text in own.values() if not expected.is_figure_or_blank(text)]
    if any(_came_from_elsewhere(text, owners, layouts) or len(split_fused(text, expected)) > 1 for text in odd):
        return True
    elsewhere = {c: row.text(c) for c in row.columns if c not in {*own, *table.passed_over, table.label_column}}
    if any(direction_with_figure(text, layouts) for text in elsewhere.values()):
        return True
    headed = {c: text for c, text in elsewhere.items() if c in _explained(table)}
    is_text = not table.grid.has_cells
    if is_text and any(LONE_FIGURE.fullmatch(text) or SWALLOWED.match(text) for text in headed.values()):
        return True
    if any(text in owners and c not in table.owner_columns for c, text in elsewhere.items()):
        return True
    if is_text and has_split_percentage(list(own.values()), expected):
        return True
    return _ends_elsewhere(table, row) or (is_text and _ends_with_a_figure(table, row, own, expected))


def _is_typed_beside(table: Table, row: Row, own: dict[int, str], expected: Expectation) -> bool:
    """Whether a figure of this row's kind was typed under commentary or owner. Commentary that begins with a number is
    commentary: nothing runs together where each cell was typed."""
    beside = [row.text(c) for c in (*table.text_columns, *table.owner_columns) if c > min(own)]
    is_proven = expected.baseline is not None and adds_up(own, expected)
    return not is_proven and any(LONE_FIGURE.fullmatch(text) and expected.is_figure(text) for text in beside)


def _took_in_direction(table: Table, row: Row, layouts: Layouts) -> bool:
    """Whether the label took in the cell behind it, so that all others stand one column to the left."""
    has_column = min(table.quarters) > table.label_column + 1
    return has_column and ends_with_direction(row.text(table.label_column), layouts)


def _ends_elsewhere(table: Table, row: Row) -> bool:
    """Whether the last filled cell stands neither under the owner nor under the commentary, where rows end."""
    last = max((c for c in row.columns if row.text(c)), default=0)
    commentary = min((c for c in table.text_columns if c > max(table.quarters)), default=0)
    ends = {*table.owner_columns, *table.quarters, *table.passed_over, commentary}
    is_words = bool(last) and any(ch.isalpha() for ch in row.text(last))
    return bool(table.owner_columns) and is_words and last > max(table.quarters) and last not in ends


def _ends_with_a_figure(table: Table, row: Row, own: dict[int, str], expected: Expectation) -> bool:
    """Whether the words behind the figures begin with one more: at once, or where the row could do with one.

    Commentary may begin with a number; the row could do with it when a quarter is blank or the baseline isn't met.
    """
    after = (row.text(c) for c in row.columns if c > max(own) and c not in table.passed_over and row.text(c))
    text = next(after, "")
    lacks_one = not all(own.values()) or not adds_up(own, expected)
    figure = LONE_FIGURE.match(text)
    if figure is None or figure[0] == text or not expected.is_figure(figure[0].strip()):
        return lacks_one and bool(TWO_NUMBERS.match(text))
    return lacks_one or (text[figure.end()].isalpha() and not figure[0].endswith(" "))


def _came_from_elsewhere(text: str, owners: frozenset[str], layouts: Layouts) -> bool:
    """Whether a text in a figure column is a direction, an owner or commentary, not a mistyped figure."""
    words = len(WORDS.findall(text))
    return text in owners or bool(direction_of(text, layouts)) or words > MOST_WORDS_IN_A_FIGURE


def _explained(table: Table) -> set[int]:
    """The columns beside the figures in which no figure may stand: directions before them, commentary and owner."""
    first = min(table.quarters)
    beside = {*range(table.label_column + 1, first), *table.text_columns, *table.owner_columns}
    return beside - {table.baseline_column, *table.passed_over} - {c for c in table.text_columns if c < first}


def _refuse_unexplained(table: Table, row: Row, layouts: Layouts) -> None:
    known = {*table.quarters, *table.text_columns, *table.owner_columns, table.label_column}
    known |= {table.baseline_column, *table.passed_over}
    for column in row.columns:
        text = row.text(column)
        if column not in known and any(ch.isdigit() for ch in text) and not direction_of(text, layouts):
            where = table.grid.address(row, column)
            if column in table.headed and table.grid.has_cells:
                raise InputError(
                    f"{where}: found {text!r} in a column whose heading names no quarter; if it is none, add its "
                    "heading to ignored_headings in layouts.yml."
                )
            raise InputError(f"{where}: found {text!r} in a column that no heading explains.")
