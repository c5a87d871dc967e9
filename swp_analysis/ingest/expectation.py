"""What the cells of one row may hold. In: a table, an indicator, the baseline printed in the row. Out: an
`Expectation`, and the small questions about a cell's text that placing a row asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from swp_analysis.catalogue.models import Indicator, Layouts
from swp_analysis.ingest.cells import CellShape, UnreadCell, is_mark, read_cell
from swp_analysis.ingest.formats.grid import LONE_FIGURE
from swp_analysis.ingest.table import Table

# How a count with its share, or a share with its count, begins, even if it is broken further on.
TWO_NUMBERS = re.compile(r"<?\d[\d,.]*\s*%?\s*\(\s*\d")
_FIGURES_END = re.compile(r"(?<=\))(?=\S)|(?<=%)(?=\d)|\s+")
# More places to cut a cell than this would be a sentence, not figures that ran together.
MOST_CUTS = 12
MOST_WORDS_OF_AN_OWNER = 4


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
        """Whether a cell can be read as a figure of this row; a blank is not one."""
        return bool(text) and not is_mark(text, self.marks) and self._reads(text)

    def is_figure_or_blank(self, text: str) -> bool:
        return not text or is_mark(text, self.marks) or self._reads(text)

    def _reads(self, text: str) -> bool:
        try:
            read_cell(text, self.shape, self.marks)
        except UnreadCell:
            return False
        return True


def expect(
    table: Table, indicator: Indicator, shape: CellShape, baseline: float | None, layouts: Layouts
) -> Expectation:
    """What the row of an indicator may hold. Only a flow's quarters add up to its baseline."""
    older = min((period.financial_year for period in table.quarters.values()), default="")
    columns = tuple(c for c, period in table.quarters.items() if period.financial_year == older)
    adds_up = indicator.kind == "flow" and len(columns) == 4 and len(table.quarters) > 4
    return Expectation(shape, frozenset(layouts.missing_marks), columns, baseline if adds_up else None)


def owners_of(table: Table) -> frozenset[str]:
    """The names in a table's owner column; they tell an owner that has moved from commentary."""
    texts = (row.text(c) for row in table.rows for c in table.owner_columns)
    return frozenset(text for text in texts if text and len(text.split()) <= MOST_WORDS_OF_AN_OWNER)


def direction_of(text: str, layouts: Layouts) -> str:
    """The words with which a cell says which way the figure should go ("To reduce …"), or nothing."""
    return next((word for word in layouts.direction_words if text.casefold().startswith(word.casefold())), "")


def ends_with_direction(label: str, layouts: Layouts) -> bool:
    """Whether the words of a direction cell stand at the end of a label: the two cells ran together."""
    return any(label.casefold().endswith(word.casefold()) for word in layouts.direction_words)


def direction_with_figure(text: str, layouts: Layouts) -> str:
    """The figure that has run into a direction cell (`To reduce 40`), or nothing."""
    word = direction_of(text, layouts)
    rest = text[len(word) :].strip() if word else ""
    return rest if LONE_FIGURE.match(rest) else ""


def split_fused(text: str, expected: Expectation) -> list[str]:
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
