"""What all formats with cells share. In: the cells of a sheet or table as its reader finds them. Out: a `Grid`.

Values are those saved in the file: formulas are not worked out, macros not run, links not followed. Hidden sheets,
rows and columns and what lies under a merge are left out, and that is said.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from swp_analysis.ingest.formats.grid import (
    Address,
    Grid,
    Paragraph,
    Place,
    RawFile,
    Row,
    is_lone_figure,
    name_of,
    refuse_vast,
    too_much,
)
from swp_analysis.ingest.timeline import is_period

_ORDINALS = {"st", "nd", "rd", "th"}
MOST_SHEETS = 200
MOST_CELLS = 250_000
MOST_COVERED = 5_000_000
# No spreadsheet lets anyone type a longer cell; a file of KPI tables has a few hundred thousand letters.
LONGEST_CELL, MOST_LETTERS = 32_767, 10_000_000
MOST_LETTERS_OF_NOTES = 100_000  # each word of which is looked up
# The one error value that says what a blank says.
NOT_AVAILABLE = "#N/A"
_AUTHOR = re.compile(r"[^\n:]{2,40}:\s*\n")  # who wrote a comment, in its first line
NOT_SAVED = "a formula whose value was not saved; open the workbook, save it and send it again"
MERGED = "the figure {!r} stands in merged cells; split them so that each has its own"
COVERED = "the figure {!r} lies hidden under merged cells; split them so that each figure can be seen"
# What a cell shows that can't be taken for its figure, and the way out.
_DOUBTFUL = {
    re.compile(r"\[struck out: [^\]]*\] *\S.*|.*\S *\[struck out: .*", re.S): (
        "a part of the cell is struck out; delete that part, so that only what counts is left"
    ),
    re.compile(r".*\[shown (?:in a way that is not read|as a time): .*", re.S): (
        "its number format is not read; choose another for the cell, such as 0, and save the file again"
    ),
}


@dataclass
class Sheet:
    """The cells of a sheet or table while it is read: rows and columns from 1, by place what a person sees there; the
    `width` that it has at least."""

    file: str
    name: str
    texts: dict[Place, str] = field(default_factory=dict)
    doubts: dict[Place, str] = field(default_factory=dict)
    spans: dict[Place, Place] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    above: list[Paragraph] = field(default_factory=list)
    below: list[Paragraph] = field(default_factory=list)
    letters: int = 0
    noted: int = 0
    width: int = 0

    def put(self, place: Place, text: str, rows: int = 1, columns: int = 1) -> None:
        """Keep what a cell shows, and over how many rows and columns it reaches.

        Raises
        ------
        InputError
            When the sheet has more cells than a KPI table.
        """
        if rows > 1 or columns > 1:
            self.spans[place] = (rows, columns)
        if not text.strip():
            return
        refuse_vast(self.file, self.name, *place)
        self.letters += len(text)
        if len(self.texts) >= MOST_CELLS or len(text) > LONGEST_CELL or self.letters > MOST_LETTERS:
            limits = f"{MOST_CELLS:,} filled cells, {LONGEST_CELL:,} letters in a cell or {MOST_LETTERS:,} in all"
            raise too_much(str(self._address(place)), f"more than {limits}")
        self.texts[place] = text
        for shown, doubt in _DOUBTFUL.items():
            if shown.fullmatch(text.strip()):
                self.doubts[place] = f"found {text.strip()!r}: {doubt}"

    def to_grid(self, notes: Iterable[str] = ()) -> Grid:
        """Give the sheet without what is hidden."""
        height, width = (max((place[n] for place in {*self.texts, *self.doubts}), default=0) for n in (0, 1))
        left_out = [*notes, *self._uncover(height, width)]
        width = max(width, self.width)
        rows = []
        for number in range(1, height + 1):
            row = Row(number, tuple(self.texts.get((number, column), "") for column in range(1, width + 1)))
            if number in self.hidden_rows and not row.is_blank:
                found = next(filter(None, row.cells))
                left_out.append(f"{self._address((number, 1))}: the row is hidden; not read: {found!r}.")
            else:
                rows.append(self._without_hidden_cells(row))
        left_out += self._notes_on_columns()
        seen = {place: why for place, why in self.doubts.items() if not self._is_hidden(place)}
        above, below, hidden = tuple(self.above), tuple(self.below), frozenset(self.hidden_columns)
        return Grid(
            self.file, self.name, tuple(rows), tuple(left_out), hidden=hidden, above=above, below=below, doubts=seen
        )

    def remark(self, place: Place, text: str) -> None:
        """Keep the comment that somebody has put on a cell; a person sees its red corner."""
        if not self._is_hidden(place):
            self.add_note(str(self._address(place)), _AUTHOR.sub("", text))

    def add_note(self, where: str, text: str) -> None:
        """Keep the words of a comment or text box; an `InputError` when there are far more than people write."""
        words = " ".join(text.split())
        self.noted += len(words)
        if self.noted > MOST_LETTERS_OF_NOTES:
            raise too_much(name_of(self.file, self.name), f"more than {MOST_LETTERS_OF_NOTES:,} letters of notes")
        self.below += [Paragraph(self.file, where, words, "note")] if words else []

    def _address(self, place: Place) -> Address:
        return Address(self.file, self.name, *place)

    def _is_hidden(self, place: Place) -> bool:
        return place[0] in self.hidden_rows or place[1] in self.hidden_columns

    def _uncover(self, height: int, width: int) -> list[str]:
        """Take away what lies under merged cells, with a doubt for each figure; say which words are left out."""
        said, looked_at = [], 0
        for (top, left), (rows, columns) in self.spans.items():
            text = self.texts.get((top, left), "").strip()
            down = range(top, min(top + rows, height + 1))
            across = range(left, min(left + columns, width + 1))
            looked_at += len(down) * len(across)
            if looked_at > MOST_COVERED:
                raise too_much(name_of(self.file, self.name), "it has very many merged cells")
            for place in product(down, across):
                covered = self.texts.pop(place, "").strip() if place != (top, left) else ""
                if is_lone_figure(text):
                    self.doubts[place] = MERGED.format(text)
                if is_lone_figure(covered):
                    self.doubts[place] = COVERED.format(covered)
                elif covered not in ("", text):
                    said.append(f"{self._address(place)}: hidden under merged cells; not read: {covered!r}.")
        return said

    def _without_hidden_cells(self, row: Row) -> Row:
        """The row with blanks for hidden columns. Quarters and years stay: a heading may reach from a hidden column
        over visible ones; no figure is taken from the column even so."""
        if not self.hidden_columns:
            return row
        kept = (
            "" if column in self.hidden_columns and not is_period(row.text(column)) else row.printed(column)
            for column in row.columns
        )
        return Row(row.number, tuple(kept))

    def _notes_on_columns(self) -> list[str]:
        first: dict[int, str] = {}
        for place in sorted(self.texts):
            if place[1] in self.hidden_columns and place[0] not in self.hidden_rows:
                first.setdefault(place[1], " ".join(self.texts[place].split()))
        where = {column: self._address((1, column)).column_letter for column in first}
        return [
            f"{name_of(self.file, self.name)}, column {where[column]}: the column is hidden; not read: {found!r}."
            for column, found in sorted(first.items())
        ]


def join_sheets(file: str, grids: Iterable[Grid]) -> RawFile:
    """Give the sheets of a workbook as one file.

    Raises
    ------
    InputError
        When they are too many, or hold far more text together than KPI tables.
    """
    kept: list[Grid] = []
    letters = 0
    for grid in grids:
        letters += sum(len(cell) for row in grid.rows for cell in row.cells)
        if letters > MOST_LETTERS or len(kept) >= MOST_SHEETS:
            raise too_much(file, f"more than {MOST_SHEETS} sheets, or {MOST_LETTERS:,} letters in them")
        kept.append(grid)
    return RawFile(tuple(kept))


def hidden_sheet(file: str, name: str, notes: Iterable[str] = ()) -> Grid:
    """Give the empty grid of a sheet that is hidden, which says so."""
    return Grid(file, name, (), (*notes, f"{name_of(file, name)}: hidden; not read."))


def marked(text: str, is_struck: bool, is_raised: bool) -> str:
    """Give a piece of text as its look says: struck out, so that whether it still counts can't be told; raised (`118`
    with a raised 1 behind it is 118 with a note); or as it stands.

    >>> marked("99", True, False), marked("1", False, True), marked("th", False, True)
    ('[struck out: 99] ', '[1]', 'th')
    """
    mark = text.strip()
    if is_struck:
        return f"[struck out: {mark}] " if mark else ""
    return f"[{mark}]" if is_raised and mark.isalnum() and mark not in _ORDINALS else text
