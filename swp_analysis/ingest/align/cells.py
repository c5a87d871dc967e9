"""Whether the cells of a row stand under their own headings. In: a row of a table, and what it measures. Out: why its
figures can't be taken as they stand, or nothing.

Nobody puts moved cells back: where a blank was dropped, two cells ran together or one was split, the row is listed as
it is printed.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from swp_analysis.errors import InputError
from swp_analysis.ingest.cells import CellShape, can_be_read, is_mark, read_cell
from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.notes import FEWEST_WORDS_OF_A_NOTE
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import Period
from swp_analysis.ingest.words import Vocabulary

# "1739 offenders of which 578 reoffended" has four; with more it is a sentence.
MOST_WORDS_IN_A_FIGURE, MOST_WORDS_OF_AN_OWNER = 4, 4
BESIDE = "a figure stands in a column of words, so that its cells may have moved"
MOVED = "its cells have moved, and nobody can say which figure stands under which heading"
# A digit that ran into the word behind it; not `4th`.
_SWALLOWED = re.compile(r"\d+(?!st\b|nd\b|rd\b|th\b)[A-Za-z]")
# How a count with its share, or a share with its count, begins, even if it is broken further on.
_TWO_NUMBERS = re.compile(r"<?\d[\d,.]*\s*%?\s*\(\s*\d")


@dataclass(frozen=True)
class PlacedRow:
    """A row with what tells whether its cells are in place: the periods of its columns, and the `baseline` that its
    older year's quarters must add up to, None when nothing says."""

    table: RawTable
    row: Row
    shape: CellShape
    periods: dict[int, Period]
    baseline: float | None
    words: Vocabulary

    def find_doubt(self) -> str:
        """Say why the row's figures can't be taken as they stand, or nothing.

        Raises
        ------
        InputError
            When a figure stands in a column that no heading explains.
        """
        if not self._own:
            return ""
        if self.table.grid.has_cells and self._has_figure_beside():
            return BESIDE
        if self._has_moved():
            return MOVED
        self._refuse_unexplained()
        return ""

    # What stands where

    @cached_property
    def _own(self) -> dict[int, str]:
        return {column: self.row.text(column) for column in self.periods}

    @cached_property
    def _elsewhere(self) -> dict[int, str]:
        """The texts beside the label, the figures, and what is passed over."""
        known = {*self.table.figures, *self.table.passed_over, self.table.label_column}
        return {c: self.row.text(c) for c in self.row.filled if c not in known}

    @cached_property
    def _owners(self) -> frozenset[str]:
        """The names in the table's owner column; they tell an owner that has moved from commentary."""
        texts = (row.text(c) for row in self.table.rows for c in self.table.called("owner"))
        return frozenset(text for text in texts if text and len(text.split()) <= MOST_WORDS_OF_AN_OWNER)

    @property
    def _last(self) -> int:
        return max(self.periods)

    def _is_figure(self, text: str) -> bool:
        return bool(text) and not is_mark(text, self.words.marks) and can_be_read(text, self.shape, self.words.marks)

    # Has the row moved?

    def _has_figure_beside(self) -> bool:
        """Whether a figure of this row's kind was typed under commentary or owner. Commentary that begins with a number
        is commentary: nothing runs together where each cell was typed."""
        columns = self.table.called("prose", "owner")
        beside = [self.row.text(c) for c in columns if c > min(self._own)]
        is_proven = self.baseline is not None and self._adds_up()
        return not is_proven and any(LONE_FIGURE.fullmatch(text) and self._is_figure(text) for text in beside)

    def _has_moved(self) -> bool:
        return (
            self.row.adrift
            or self._label_ends_with_direction()
            or any(self._came_from_elsewhere(text) for text in self._own.values())
            or any(self._holds_a_direction_and_figure(text) for text in self._elsewhere.values())
            or any(text in self._owners and c not in self.table.called("owner") for c, text in self._elsewhere.items())
            or (not self.table.grid.has_cells and (self._ends_elsewhere() or self._ran_together()))
        )

    def _label_ends_with_direction(self) -> bool:
        """Whether the label took in the direction behind it, so that all others stand one column to the left."""
        label = self.row.text(self.table.label_column).casefold()
        has_column = min(self._own) > self.table.label_column + 1
        return has_column and label.endswith(tuple(word.casefold() for word in self.words.layouts.direction_words))

    def _came_from_elsewhere(self, text: str) -> bool:
        """Whether a text in a figure column is an owner, a direction or commentary: no mistyped figure."""
        if can_be_read(text, self.shape, self.words.marks):
            return False
        is_words = text in self._owners or len(WORDS.findall(text)) > MOST_WORDS_IN_A_FIGURE
        return is_words or bool(self.words.labels.direction_of(text))

    def _holds_a_direction_and_figure(self, text: str) -> bool:
        """Whether a figure has run into a direction (`To reduce 40`)."""
        word = self.words.labels.direction_of(text)
        return bool(word) and LONE_FIGURE.match(text[len(word) :].strip()) is not None

    def _ends_elsewhere(self) -> bool:
        """Whether the last filled cell stands neither under the owner nor under the commentary, where rows end."""
        table, row = self.table, self.row
        last, owners = max(row.filled, default=0), table.called("owner")
        commentary = min((c for c in table.called("prose") if c > self._last), default=0)
        ends = {*owners, *table.figures, *table.passed_over, commentary}
        is_words = last > self._last and any(ch.isalpha() for ch in row.text(last))
        return bool(owners) and is_words and last not in ends

    def _ran_together(self) -> bool:
        """Whether words took in a figure, or a percentage lost its sign, in a row that nobody typed."""
        first, prose = min(self._own), self.table.called("prose", "owner")
        words = (text for c, text in self._elsewhere.items() if c in prose or c < first)
        if any(LONE_FIGURE.fullmatch(text) or _SWALLOWED.match(text) for text in words):
            return True
        return self._may_be_halves() or self._ends_with_a_figure()

    def _may_be_halves(self) -> bool:
        """Whether two cells may be the halves of one percentage (`6` and `9.2%`): the first alone has no sign."""
        pairs = [pair for pair in pairwise(self._own.values()) if pair[0].isdigit() and "%" in pair[1]]
        return not self.shape.count and any(self._is_figure("".join(pair)) for pair in pairs)

    def _ends_with_a_figure(self) -> bool:
        """Whether the words behind the figures begin with one more: at once, or where the row could do with one.

        Commentary may begin with a number; the row could do with it when a quarter is blank or the baseline isn't met.
        """
        columns = (c for c in self.row.columns if c > self._last and c not in self.table.passed_over)
        text = next(filter(None, map(self.row.text, columns)), "")
        lacks_one = not all(self._own.values()) or not self._adds_up()
        figure = LONE_FIGURE.match(text)
        if figure is None or figure[0] == text or not self._is_figure(figure[0].strip()):
            return lacks_one and bool(_TWO_NUMBERS.match(text))
        return lacks_one or (text[figure.end()].isalpha() and not figure[0].endswith(" "))

    def _adds_up(self) -> bool:
        """Whether the older year's quarters give the printed baseline, where one is printed that they must give."""
        periods, count = self.periods, self.shape.count
        older = min((period.financial_year for period in periods.values()), default="")
        texts = [text for c, text in self._own.items() if periods[c].financial_year == older]
        if self.baseline is None or len(texts) != 4 or len(periods) == 4:
            return True
        if not count or not all(map(self._is_figure, texts)):
            return False
        return sum(read_cell(text, self.shape, self.words.marks)[count].value or 0 for text in texts) == self.baseline

    def _refuse_unexplained(self) -> None:
        table = self.table
        known = table.called("prose", "owner", "baseline")
        for column, text in self._elsewhere.items():
            is_left = column not in known and not (column > self._last and len(text.split()) >= FEWEST_WORDS_OF_A_NOTE)
            if is_left and any(ch.isdigit() for ch in text) and not self.words.labels.direction_of(text):
                found = f"{table.grid.address(self.row, column)}: found {text!r}"
                if column in table.columns and table.grid.has_cells:
                    raise InputError(
                        f"{found} under {table.columns[column].text!r}, which names no quarter; write its quarter and "
                        "year there, or add the heading to ignored_headings in layouts.yml."
                    )
                raise InputError(f"{found} in a column that no heading explains; write one over it, or take it out.")
