"""Which of a row's cells belongs to which column. In: a row of a table. Out: `Placed` cells, or why there are none.

A row that agrees with its headings is taken as it stands. In a row whose cells have moved (a blank dropped, two
cells run together, one split) every way to put them back is tried; only when one alone respects the headings, the
count of cells, what the row's cells hold and the printed baseline are they placed, with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from swp_analysis.catalogue.models import Layouts
from swp_analysis.errors import InputError
from swp_analysis.ingest.align.expected import MOST_DAMAGES, Expectation, Piece, move_within, repair_run
from swp_analysis.ingest.cells import is_mark
from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.table import RawTable

# "1739 offenders of which 578 reoffended" has four; with more it is a sentence.
MOST_WORDS_IN_A_FIGURE, MOST_WORDS_OF_AN_OWNER = 4, 4
# A digit that ran into the word behind it; not `4th`.
_SWALLOWED = re.compile(r"\d+(?!st\b|nd\b|rd\b|th\b)[A-Za-z]")
# A figure whose last digit may be the letter behind it: `16Safer`, where 16 or 165 was meant.
_LOOKS_LIKE_A_DIGIT = re.compile(r"<?\d[\d,.]*[OoQIlSBZ]")
# How a count with its share, or a share with its count, begins, even if it is broken further on.
_TWO_NUMBERS = re.compile(r"<?\d[\d,.]*\s*%?\s*\(\s*\d")


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
class RowAligner:
    """Puts the cells of one row under their columns."""

    table: RawTable
    row: Row
    expected: Expectation
    layouts: Layouts

    def place(self) -> Placed | Unplaced:
        """Return the cells by column, or why they can't be placed.

        Raises
        ------
        InputError
            When a figure stands in a column that no heading explains.
        """
        if self._is_typed and self._has_figure_beside():
            return Unplaced(
                self.row.in_one_line, "a figure stands in a column of words, so that its cells may have moved"
            )
        if not self._has_moved():
            self._refuse_unexplained()
            return Placed({column: Piece(text, column) for column, text in self._own.items()})
        if len(found := self._ways()) == 1:
            cells = {c: Piece(piece.text, piece.column or c) for c, piece in zip(self._own, found[0], strict=True)}
            return Placed(cells, "the cells of this row had moved; this is the only way in which they fit the headings")
        prose = self.table.text_columns
        text = " | ".join(filter(None, (self.row.text(c) for c in self.row.columns if c not in prose)))
        how = "more than one way" if found else "no way"
        return Unplaced(text, f"its cells have moved, and {how} to put them under the headings fits")

    # What stands where

    @cached_property
    def _own(self) -> dict[int, str]:
        return {column: self.row.text(column) for column in self.table.quarters}

    @cached_property
    def _owners(self) -> frozenset[str]:
        """The names in the table's owner column; they tell an owner that has moved from commentary."""
        texts = (row.text(c) for row in self.table.rows for c in self.table.owner_columns)
        return frozenset(text for text in texts if text and len(text.split()) <= MOST_WORDS_OF_AN_OWNER)

    @property
    def _is_typed(self) -> bool:
        return self.table.grid.has_cells

    @property
    def _last(self) -> int:
        return max(self.table.quarters)

    @cached_property
    def _known(self) -> set[int]:
        """The columns that hold the label, the figures, or what is passed over."""
        return {*self.table.quarters, *self.table.passed_over, self.table.label_column}

    @cached_property
    def _of_words(self) -> set[int]:
        """The columns in which no figure may stand: directions before the figures, commentary and owner."""
        table, first = self.table, min(self.table.quarters)
        prose = {c for c in table.text_columns if c > first}
        before = {*range(table.label_column + 1, first)} - table.text_columns
        return (before | prose | table.owner_columns) - {*self._known, table.baseline_column}

    def _direction_of(self, text: str) -> str:
        """The words with which a cell says which way the figure should go ("To reduce …"), or nothing."""
        words = self.layouts.direction_words
        return next((word for word in words if text.casefold().startswith(word.casefold())), "")

    def _label_ends_with_direction(self) -> bool:
        label = self.row.text(self.table.label_column).casefold()
        return label.endswith(tuple(word.casefold() for word in self.layouts.direction_words))

    def _behind_direction(self, text: str) -> str:
        """The figure that has run into a direction cell (`To reduce 40`), or nothing."""
        word = self._direction_of(text)
        rest = text[len(word) :].strip() if word else ""
        return rest if LONE_FIGURE.match(rest) else ""

    # Has the row moved?

    def _has_figure_beside(self) -> bool:
        """Whether a figure of this row's kind was typed under commentary or owner. Commentary that begins with a number
        is commentary: nothing runs together where each cell was typed."""
        columns = (*self.table.text_columns, *self.table.owner_columns)
        beside = [self.row.text(c) for c in columns if c > min(self._own)]
        is_proven = self.expected.baseline is not None and self.expected.adds_up(self._own)
        return not is_proven and any(LONE_FIGURE.fullmatch(text) and self.expected.is_figure(text) for text in beside)

    def _has_moved(self) -> bool:
        row, own = self.row, self._own
        elsewhere = {c: text for c in row.columns if c not in self._known and (text := row.text(c))}
        return (
            row.adrift
            # The label took in the direction behind it, so that all others stand one column to the left.
            or (min(own) > self.table.label_column + 1 and self._label_ends_with_direction())
            or any(self._came_from_elsewhere(text) for text in own.values())
            or any(self._behind_direction(text) for text in elsewhere.values())
            or any(text in self._owners and c not in self.table.owner_columns for c, text in elsewhere.items())
            or (not self._is_typed and (self._ends_elsewhere() or self._ran_together(elsewhere)))
        )

    def _came_from_elsewhere(self, text: str) -> bool:
        """Whether a text in a figure column is a direction, owner, commentary, or several figures: no mistyped one."""
        if self.expected.is_figure_or_blank(text):
            return False
        is_words = text in self._owners or len(WORDS.findall(text)) > MOST_WORDS_IN_A_FIGURE
        return is_words or bool(self._direction_of(text)) or len(self.expected.split(text)) > 1

    def _ends_elsewhere(self) -> bool:
        """Whether the last filled cell stands neither under the owner nor under the commentary, where rows end."""
        table, row = self.table, self.row
        last = max((c for c in row.columns if row.text(c)), default=0)
        commentary = min((c for c in table.text_columns if c > self._last), default=0)
        ends = {*table.owner_columns, *table.quarters, *table.passed_over, commentary}
        is_words = last > self._last and any(ch.isalpha() for ch in row.text(last))
        return bool(table.owner_columns) and is_words and last not in ends

    def _ran_together(self, elsewhere: dict[int, str]) -> bool:
        """Whether words took in a figure, or a percentage lost its sign, in a row that nobody typed."""
        texts = [text for c, text in elsewhere.items() if c in self._of_words]
        if any(LONE_FIGURE.fullmatch(text) or _SWALLOWED.match(text) for text in texts):
            return True
        return self.expected.may_be_halves(list(self._own.values())) or self._ends_with_a_figure()

    def _ends_with_a_figure(self) -> bool:
        """Whether the words behind the figures begin with one more: at once, or where the row could do with one.

        Commentary may begin with a number; the row could do with it when a quarter is blank or the baseline isn't met.
        """
        columns = (c for c in self.row.columns if c > self._last and c not in self.table.passed_over)
        text = next(filter(None, map(self.row.text, columns)), "")
        lacks_one = not all(self._own.values()) or not self.expected.adds_up(self._own)
        figure = LONE_FIGURE.match(text)
        if figure is None or figure[0] == text or not self.expected.is_figure(figure[0].strip()):
            return lacks_one and bool(_TWO_NUMBERS.match(text))
        return lacks_one or (text[figure.end()].isalpha() and not figure[0].endswith(" "))

    def _refuse_unexplained(self) -> None:
        table = self.table
        known = {*self._known, *table.text_columns, *table.owner_columns, table.baseline_column}
        for column in self.row.columns:
            text = self.row.text(column)
            if column not in known and any(ch.isdigit() for ch in text) and not self._direction_of(text):
                where = table.grid.address(self.row, column)
                if column in table.headed and table.grid.has_cells:
                    raise InputError(
                        f"{where}: found {text!r} in a column whose heading names no quarter; if it is none, add its "
                        "heading to ignored_headings in layouts.yml."
                    )
                raise InputError(
                    f"{where}: found {text!r} in a column that no heading explains; write a heading over it, or take "
                    "the column out."
                )

    # Every way to put the cells back

    def _ways(self) -> list[list[Piece]]:
        """The different ways in which the row's cells can fill its columns, with as little damage as can be."""
        runs, lengths = self._runs()
        count = len(self._own)
        for repair in (repair_run, move_within):
            found: dict[tuple[str, ...], list[Piece]] = {}
            for run, length in product(runs, lengths):
                for one in repair(run, length, self.expected):
                    if not any(cell.text for cell in one[count:]):
                        found.setdefault(tuple(cell.text for cell in one[:count]), one[:count])
            fitting = [
                one for texts, one in found.items() if self.expected.fits(dict(zip(self._own, texts, strict=True)))
            ]
            if fitting:
                return [] if len(fitting) == 1 and self._may_lack_a_blank(fitting[0], runs) else fitting
        return []

    def _runs(self) -> tuple[list[list[Piece]], list[int]]:
        """The cells between direction and commentary, taken apart where they ran together, and how many there should
        be; nothing when their begin or end can't be told.

        Commentary that begins with figures may have swallowed the last cells, and the first may be a piece of the
        label, so that there are several runs to try.
        """
        cells = self._after_direction()
        end = next((i for i, cell in enumerate(cells) if self._is_prose(cell.text)), len(cells))
        run = [Piece(text, cell.column) for cell in cells[:end] for text in self.expected.split(cell.text)]
        behind = cells[end].text if end < len(cells) else ""
        odd = sum(not self.expected.is_figure_or_blank(cell.text) for cell in run)
        if odd > 2 * MOST_DAMAGES or self._is_broken(behind) or self._has_broken_direction():
            return [], []
        if self.expected.may_be_halves([cell.text for cell in run]):
            return [], []
        swallowed = [] if self._is_typed or not behind else _figures_before(behind, cells[end].column)
        # A word that a digit ran into has taken in a piece of the last figure at least.
        least = 1 if swallowed and _SWALLOWED.match(behind) else 0
        runs = [[*run, *swallowed[:count]] for count in range(least, len(swallowed) + 1)]
        # The first figure may be the rest of a baseline that was split off from the label (`Baseline 6`, `3%`).
        label = self.table.label_column
        if run and self.row.text(label)[-1:].isdigit() and run[0].column == label + 1:
            runs += [one[1:] for one in runs]
        return runs, self._lengths([cell.text for cell in cells[end:]])

    def _lengths(self, behind: list[str]) -> list[int]:
        """How many cells stand between direction and the words behind the figures."""
        to_owner = min((c for c in self.table.owner_columns if c > self._last), default=self._last + 1) - self._last - 1
        names_owner, has_commentary = behind[:1] and behind[0] in self._owners, any(behind[1:])
        gaps = {to_owner} if names_owner else {0} if has_commentary else {0, to_owner}
        return [len(self._own) + gap for gap in sorted(gaps)]

    def _after_direction(self) -> list[Piece]:
        label, row = self.table.label_column, self.row
        cells = [Piece(row.text(c), c) for c in range(label + 1, len(row.cells) + 1)]
        columns_before = min(self.table.quarters) - label - 1
        if self._label_ends_with_direction():
            return cells
        for index, cell in enumerate(cells[: columns_before + 1]):
            if self._direction_of(cell.text):
                fused = self._behind_direction(cell.text)
                return [Piece(fused, cell.column), *cells[index + 1 :]] if fused else cells[index + 1 :]
        blank = next((n for n, cell in enumerate(cells[:columns_before]) if cell.text), columns_before)
        return cells[blank:]

    def _is_prose(self, text: str) -> bool:
        if not WORDS.search(text) or is_mark(text, self.expected.marks):
            return False
        return not all(self.expected.is_figure(piece) for piece in self.expected.split(text))

    def _is_broken(self, text: str) -> bool:
        """Whether what follows the figures begins with something like one that can't be read (`l557 (50.8%)`)."""
        if figure := LONE_FIGURE.match(text):
            return not self.expected.is_figure(figure[0].strip()) or bool(_LOOKS_LIKE_A_DIGIT.match(text))
        return any(ch.isdigit() for ch in text.split(maxsplit=1)[0]) if text else False

    def _has_broken_direction(self) -> bool:
        """Whether something like a figure that can't be read ran into a direction (`To increasel3`)."""
        texts = map(self.row.text, range(self.table.label_column + 1, min(self.table.quarters)))
        rests = (text[len(word) :].split() for text in texts if (word := self._direction_of(text)))
        return any(rest and any(ch.isdigit() for ch in rest[0]) and not LONE_FIGURE.match(rest[0]) for rest in rests)

    def _may_lack_a_blank(self, cells: list[Piece], runs: list[list[Piece]]) -> bool:
        """Whether halves were joined in a row with blanks, of which the second may have stood in the place of one; a
        baseline would tell."""
        printed = {cell.text for run in runs for cell in run}
        is_joined = any(cell.text and all(cell.text not in (text, *text.split()) for text in printed) for cell in cells)
        return self.expected.baseline is None and is_joined and not all(cell.text for cell in cells)


def _figures_before(text: str, column: int) -> list[Piece]:
    """The figures with which the words behind a row's figures begin."""
    found: list[Piece] = []
    while (figure := LONE_FIGURE.match(text)) and len(found) < MOST_DAMAGES:
        found.append(Piece(figure[0].strip(), column))
        text = text[figure.end() :].lstrip()
    return found
