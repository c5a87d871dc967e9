"""Which of a row's cells belongs to which column. In: a row of a `Table`. Out: `Placed` cells, or why there are none.

A row that agrees with its headings is taken as it stands. In a row whose cells have moved (a blank dropped, two
cells run together, one split) every way to put them back is tried; only when one alone respects the headings, the
count of cells, what the row's cells hold and the printed baseline are they placed, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

from swp_analysis.catalogue.models import Indicator, Layouts
from swp_analysis.errors import InputError
from swp_analysis.ingest.cells import CellShape, UnreadCell, read_cell, shape_of
from swp_analysis.ingest.grids import Row
from swp_analysis.ingest.headings import Table

_WORDS = re.compile(r"[A-Za-z]{2,}")
# "1739 offenders of which 578 reoffended" has four; with more it is a sentence.
MOST_WORDS_IN_A_FIGURE = 4
# A digit that ran into the word behind it; not `4th`.
_SWALLOWED = re.compile(r"\d+(?!st\b|nd\b|rd\b|th\b)[A-Za-z]")
# More places to cut a cell than this would be a sentence, not figures that ran together.
MOST_CUTS = 12
MOST_WORDS_OF_AN_OWNER = 4
_FIGURES_END = re.compile(r"(?<=\))(?=\S)|(?<=%)(?=\d)|\s+")
_LONE_FIGURE = re.compile(r"<?\d[\d,.]*\s*%?(?:\s*\([^()]*\d[^()]*\))?")


class Piece(NamedTuple):
    """The text of a cell, or of a part of one, and the column where it is printed (0 for a blank that was put
    back)."""

    text: str
    column: int


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


@dataclass(frozen=True)
class Expectation:
    """What the cells of a row may hold, and the sum that its older year must have (None when nothing says)."""

    shape: CellShape
    marks: frozenset[str]
    older_columns: tuple[int, ...] = ()
    baseline: float | None = None

    def is_figure(self, text: str) -> bool:
        """Whether a cell can be read as a figure of this row; a blank is not one."""
        return bool(text) and text not in self.marks and self._reads(text)

    def is_figure_or_blank(self, text: str) -> bool:
        return not text or text in self.marks or self._reads(text)

    def _reads(self, text: str) -> bool:
        try:
            read_cell(text, self.shape, self.marks)
        except UnreadCell:
            return False
        return True


def expect(table: Table, indicator: Indicator, baseline: float | None, layouts: Layouts) -> Expectation:
    """What the row of an indicator may hold. Only a flow's quarters add up to its baseline."""
    older = min((period.financial_year for period in table.quarters.values()), default="")
    columns = tuple(c for c, period in table.quarters.items() if period.financial_year == older)
    adds_up = indicator.kind == "flow" and len(columns) == 4 and len(table.quarters) > 4
    return Expectation(shape_of(indicator), frozenset(layouts.missing_marks), columns, baseline if adds_up else None)


def owners_of(table: Table) -> frozenset[str]:
    """The names in a table's owner column; they tell an owner that has moved from commentary."""
    texts = (row.text(c) for row in table.rows for c in table.owner_columns)
    return frozenset(text for text in texts if text and len(text.split()) <= MOST_WORDS_OF_AN_OWNER)


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
    if not _has_moved(table, row, own, expected, owners, layouts):
        _refuse_unexplained(table, row, layouts)
        return Placed({column: Piece(text, column) for column, text in own.items()})
    text = " | ".join(filter(None, (row.text(c) for c in row.columns if c not in table.text_columns)))
    run = _find_run(table, row, expected, owners, layouts)
    if run is None:
        return Unplaced(text, "its cells have moved, and nothing says where the figures begin and end")
    found = _readings(*run, len(own), expected, list(own))
    if len(found) != 1:
        how = "more than one way" if found else "no way"
        return Unplaced(text, f"its cells have moved, and {how} to put them under the headings fits")
    cells = {c: Piece(piece.text, piece.column or c) for c, piece in zip(own, found[0], strict=True)}
    return Placed(cells, "the cells of this row had moved; this is the only way in which they fit the headings")


# Has the row moved?


def _has_moved(
    table: Table, row: Row, own: dict[int, str], expected: Expectation, owners: frozenset[str], layouts: Layouts
) -> bool:
    odd = [text for text in own.values() if not expected.is_figure_or_blank(text)]
    if any(_came_from_elsewhere(text, owners, layouts) or len(_split(text, expected)) > 1 for text in odd):
        return True
    elsewhere = {c: row.text(c) for c in row.columns if c not in own and c != table.label_column}
    if any(_direction_with_figure(text, layouts) for text in elsewhere.values()):
        return True
    headed = {c: text for c, text in elsewhere.items() if c in _explained(table)}
    if any(_LONE_FIGURE.fullmatch(text) or _SWALLOWED.match(text) for text in headed.values()):
        return True
    if any(text in owners and c not in table.owner_columns for c, text in elsewhere.items()):
        return True
    return _ends_elsewhere(table, row)


def _ends_elsewhere(table: Table, row: Row) -> bool:
    """Whether the last filled cell stands neither under the owner nor under the commentary, where rows end."""
    last = max((c for c in row.columns if row.text(c)), default=0)
    ends = {*table.owner_columns, *table.quarters, min(table.text_columns, default=0)}
    is_words = bool(last) and bool(_WORDS.search(row.text(last)))
    return bool(table.owner_columns) and is_words and last > max(table.quarters) and last not in ends


def _came_from_elsewhere(text: str, owners: frozenset[str], layouts: Layouts) -> bool:
    """Whether a text in a figure column is a direction, an owner or commentary, not a mistyped figure."""
    words = len(_WORDS.findall(text))
    return text in owners or bool(_direction_of(text, layouts)) or words > MOST_WORDS_IN_A_FIGURE


def _explained(table: Table) -> set[int]:
    """The columns beside the figures: from the label to the first of them, commentary and owner."""
    before = range(table.label_column + 1, min(table.quarters))
    return {*before, *table.text_columns, *table.owner_columns}


def _refuse_unexplained(table: Table, row: Row, layouts: Layouts) -> None:
    known = {*table.quarters, *table.text_columns, *table.owner_columns, table.label_column}
    for column in row.columns:
        text = row.text(column)
        if column not in known and any(ch.isdigit() for ch in text) and not _direction_of(text, layouts):
            where = table.grid.address(row, column)
            raise InputError(f"{where}: found {text!r} in a column that no heading explains.")


def _direction_of(text: str, layouts: Layouts) -> str:
    """The words with which a cell says which way the figure should go ("To reduce …"), or nothing."""
    return next((word for word in layouts.direction_words if text.casefold().startswith(word.casefold())), "")


def _direction_with_figure(text: str, layouts: Layouts) -> str:
    """The figure that has run into a direction cell (`To reduce 40`), or nothing."""
    word = _direction_of(text, layouts)
    rest = text[len(word) :].strip() if word else ""
    return rest if _LONE_FIGURE.match(rest) else ""


# The run of cells that holds the figures


def _find_run(
    table: Table, row: Row, expected: Expectation, owners: frozenset[str], layouts: Layouts
) -> tuple[list[list[Piece]], list[int]] | None:
    """The cells between direction and commentary, taken apart where they ran together, and how many there should be.

    Commentary that begins with a figure may have swallowed the last cell, so that there are two runs to try.
    """
    cells = [Piece(row.text(c), c) for c in range(table.label_column + 1, len(row.cells) + 1)]
    cells = _after_direction(cells, min(table.quarters) - table.label_column - 1, layouts)
    end = next((i for i, cell in enumerate(cells) if _is_prose(cell.text, expected)), len(cells))
    run = [Piece(text, cell.column) for cell in cells[:end] for text in _split(cell.text, expected)]
    if not all(expected.is_figure_or_blank(cell.text) for cell in run):
        return None
    last = max(table.quarters)
    to_owner = min((c for c in table.owner_columns if c > last), default=last + 1) - last - 1
    behind = [cell.text for cell in cells[end:]]
    names_owner, has_commentary = bool(behind) and behind[0] in owners, any(behind[1:])
    gaps = {to_owner} if names_owner else {0} if has_commentary else {0, to_owner}
    swallowed = _LONE_FIGURE.match(behind[0]) if behind else None
    runs = [run, [*run, Piece(swallowed[0].strip(), cells[end].column)]] if swallowed else [run]
    return runs, [len(table.quarters) + gap for gap in sorted(gaps)]


def _after_direction(cells: list[Piece], columns_before: int, layouts: Layouts) -> list[Piece]:
    for index, cell in enumerate(cells[: columns_before + 1]):
        if _direction_of(cell.text, layouts):
            fused = _direction_with_figure(cell.text, layouts)
            return [Piece(fused, cell.column), *cells[index + 1 :]] if fused else cells[index + 1 :]
    blank = 0
    while blank < min(columns_before, len(cells)) and not cells[blank].text:
        blank += 1
    return cells[blank:]


def _is_prose(text: str, expected: Expectation) -> bool:
    if not _WORDS.search(text) or text in expected.marks:
        return False
    return not all(expected.is_figure(piece) for piece in _split(text, expected))


def _split(text: str, expected: Expectation) -> list[str]:
    """The figures of a cell in which several ran together, when they can be told apart in one way; else the cell."""
    if expected.is_figure_or_blank(text):
        return [text]
    cuts = [match.span() for match in _FIGURES_END.finditer(text)]
    ways = list(_ways(text, 0, cuts, expected)) if len(cuts) <= MOST_CUTS else []
    return ways[0] if len(ways) == 1 else [text]


def _ways(text: str, start: int, cuts: list[tuple[int, int]], expected: Expectation) -> Iterator[list[str]]:
    if expected.is_figure(text[start:]):
        yield [text[start:]]
    for index, (left, right) in enumerate(cuts):
        if left > start and expected.is_figure(text[start:left]):
            for rest in _ways(text, right, cuts[index + 1 :], expected):
                yield [text[start:left], *rest]


# Every way to put the cells back


def _readings(
    runs: list[list[Piece]], lengths: list[int], count: int, expected: Expectation, columns: list[int]
) -> list[list[Piece]]:
    """The different ways in which the runs of cells can fill `count` columns."""
    found: dict[tuple[str, ...], list[Piece]] = {}
    for run, length in product(runs, lengths):
        for one in _repaired(run, length, expected):
            if not any(cell.text for cell in one[count:]):
                found.setdefault(tuple(cell.text for cell in one[:count]), one[:count])
    return [one for texts, one in found.items() if _adds_up(dict(zip(columns, texts, strict=True)), expected)]


def _repaired(run: list[Piece], length: int, expected: Expectation) -> Iterator[list[Piece]]:
    """The run itself, or with one cell put back or taken out; more damage than that is not undone."""
    if len(run) == length:
        yield run
    elif len(run) == length - 1:
        yield from _with_one_more(run, expected)
    elif len(run) == length + 1:
        yield from _with_one_less(run, expected)


def _with_one_more(run: list[Piece], expected: Expectation) -> Iterator[list[Piece]]:
    for index in range(len(run) + 1):
        yield [*run[:index], Piece("", 0), *run[index:]]
    for index, (text, column) in enumerate(run):
        for cut in range(1, len(text)):
            pieces = [Piece(text[:cut].strip(), column), Piece(text[cut:].strip(), column)]
            if all(expected.is_figure(piece.text) for piece in pieces):
                yield [*run[:index], *pieces, *run[index + 1 :]]


def _with_one_less(run: list[Piece], expected: Expectation) -> Iterator[list[Piece]]:
    for index, cell in enumerate(run):
        if not cell.text:
            yield [*run[:index], *run[index + 1 :]]
    for index, (left, right) in enumerate(pairwise(run)):
        whole = Piece(left.text + right.text, left.column)
        if left.text and right.text and expected.is_figure(whole.text):
            yield [*run[:index], whole, *run[index + 2 :]]


def _adds_up(cells: dict[int, str], expected: Expectation) -> bool:
    """Whether the older year's quarters give the printed baseline, where one is printed that they must give."""
    if expected.baseline is None:
        return True
    figures = [_value(cells[column], expected) for column in expected.older_columns]
    return None not in figures and sum(figures) == expected.baseline


def _value(text: str, expected: Expectation) -> float | None:
    if not expected.is_figure(text):
        return None
    return read_cell(text, expected.shape, expected.marks)[expected.shape.count].value
