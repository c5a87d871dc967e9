"""What the cells of one row may hold. In: a table, an indicator, the baseline printed in the row. Out: an
`Expectation`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from swp_analysis.catalogue.models import Indicator, Layouts
from swp_analysis.ingest.cells import CellShape, UnreadCell, is_mark, read_cell
from swp_analysis.ingest.table import RawTable

_FIGURES_END = re.compile(r"(?<=\))(?=\S)|(?<=%)(?=\d)|\s+")
# More damage than this in one row is not undone. A cell that was split leaves two pieces.
MOST_DAMAGES = 2
# More places to cut a cell than this would be a sentence, not figures that ran together.
MOST_CUTS = 12


class Piece(NamedTuple):
    """The text of a cell, or of a part of one, and the column where it is printed (0 for a blank that was put
    back)."""

    text: str
    column: int


@dataclass(frozen=True)
class Expectation:
    """What the cells of a row may hold, and the sum that its older year must have (None when nothing says)."""

    shape: CellShape
    marks: frozenset[str]
    older_columns: tuple[int, ...] = ()
    baseline: float | None = None

    def is_figure(self, text: str) -> bool:
        """Tell whether a cell can be read as a figure of this row; a blank is not one."""
        return bool(text) and not is_mark(text, self.marks) and self._reads(text)

    def is_figure_or_blank(self, text: str) -> bool:
        return not text or is_mark(text, self.marks) or self._reads(text)

    def _reads(self, text: str) -> bool:
        try:
            read_cell(text, self.shape, self.marks)
        except UnreadCell:
            return False
        return True

    def fits(self, cells: dict[int, str]) -> bool:
        """Tell whether each cell can be read, and together they give the baseline, where one is printed that they must
        give."""
        return all(map(self.is_figure_or_blank, cells.values())) and self.adds_up(cells)

    def adds_up(self, cells: dict[int, str]) -> bool:
        """Tell whether the older year's quarters give the printed baseline, where one is printed that they must
        give."""
        if self.baseline is None:
            return True
        texts, count = [cells[column] for column in self.older_columns], self.shape.count
        if not count or not all(map(self.is_figure, texts)):
            return False
        values = [read_cell(text, self.shape, self.marks)[count].value for text in texts]
        return None not in values and sum(value or 0 for value in values) == self.baseline

    def may_be_halves(self, texts: list[str]) -> bool:
        """Tell whether two cells may be the halves of one percentage (`6` and `9.2%`): the first alone has no sign."""
        pairs = [pair for pair in pairwise(texts) if pair[0].isdigit() and "%" in pair[1]]
        return not self.shape.count and any(self.is_figure("".join(pair)) for pair in pairs)

    def split(self, text: str) -> list[str]:
        """Give the figures of a cell in which several ran together, when they can be told apart in one way; else the
        cell."""
        if self.is_figure_or_blank(text):
            return [text]
        cuts = [match.span() for match in _FIGURES_END.finditer(text)]
        ways = list(self._cut(text, 0, cuts)) if len(cuts) <= MOST_CUTS else []
        return ways[0] if len(ways) == 1 else [text]

    def _cut(self, text: str, start: int, cuts: list[tuple[int, int]]) -> Iterator[list[str]]:
        if self.is_figure(text[start:]):
            yield [text[start:]]
        for index, (left, right) in enumerate(cuts):
            if left > start and self.is_figure(text[start:left]):
                for rest in self._cut(text, right, cuts[index + 1 :]):
                    yield [text[start:left], *rest]


def expect(
    table: RawTable, indicator: Indicator, shape: CellShape, baseline: float | None, layouts: Layouts
) -> Expectation:
    """Say what the row of an indicator may hold. Only a flow's quarters add up to its baseline."""
    older = min((period.financial_year for period in table.quarters.values()), default="")
    columns = tuple(c for c, period in table.quarters.items() if period.financial_year == older)
    adds_up = indicator.kind == "flow" and len(columns) == 4 and len(table.quarters) > 4
    return Expectation(shape, frozenset(layouts.missing_marks), columns, baseline if adds_up else None)


# Every way to make a run of cells longer or shorter


def repair_run(run: list[Piece], length: int, expected: Expectation) -> Iterator[list[Piece]]:
    """Put back or take out as many cells as a run has too few or too many, in every way."""
    missing = length - len(run)
    if missing == 0:
        yield run
    elif abs(missing) <= MOST_DAMAGES:
        for one in _with_one_more(run, expected) if missing > 0 else _with_one_less(run, expected):
            yield from repair_run(one, length, expected)


def move_within(run: list[Piece], length: int, expected: Expectation) -> Iterator[list[Piece]]:
    """Put one cell of a run back and take another out, in every way that a baseline can confirm."""
    if len(run) == length and expected.baseline is not None:
        for one in _with_one_more(run, expected):
            yield from _with_one_less(one, expected)


def _with_one_more(run: list[Piece], expected: Expectation) -> Iterator[list[Piece]]:
    for index in range(len(run) + 1):
        yield [*run[:index], Piece("", 0), *run[index:]]
    for index, (text, column) in enumerate(run):
        for cut in range(1, len(text)):
            pieces = [Piece(text[:cut].strip(), column), Piece(text[cut:].strip(), column)]
            if all(expected.is_figure(piece.text) for piece in pieces):
                yield [*run[:index], *pieces, *run[index + 1 :]]


def _with_one_less(run: list[Piece], expected: Expectation) -> Iterator[list[Piece]]:
    yield from ([*run[:index], *run[index + 1 :]] for index, cell in enumerate(run) if not cell.text)
    for index, (left, right) in enumerate(pairwise(run)):
        whole = Piece(left.text + right.text, left.column)
        if left.text and right.text and expected.is_figure(whole.text):
            yield [*run[:index], whole, *run[index + 2 :]]
