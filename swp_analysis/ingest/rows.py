"""One row of a table. In: the row, its label, its indicator and the periods of its columns. Out: observations
and a baseline, added to a `Reading`.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from swp_analysis.catalogue.models import Catalogue, Indicator, Snapshot, SnapshotRow
from swp_analysis.catalogue.periods import QUARTERS, previous_year
from swp_analysis.errors import InputError, Problems
from swp_analysis.ingest.align.cells import PlacedRow
from swp_analysis.ingest.align.lines import QUARTER_IN_WORDS
from swp_analysis.ingest.cells import (
    NOT_AVAILABLE,
    UNREADABLE,
    CellShape,
    Figure,
    is_mark,
    is_provisional,
    read_at,
    shape_of,
)
from swp_analysis.ingest.formats.grid import Address, Row
from swp_analysis.ingest.headings import baseline_year
from swp_analysis.ingest.labels import Label
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.notes import WORDS_BEHIND, read_as_meant
from swp_analysis.ingest.records import NOT_FINAL, Reading, Unread
from swp_analysis.ingest.spelling import letters, pattern
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import Period, month_period
from swp_analysis.ingest.words import Vocabulary

# Such a sentence without the quarter's number, which may stand among the figures.
_CUT_OFF = re.compile(r"\bin Quarter$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+")  # `1 573`, which in print may be two cells run together
_IS_STRUCK_OUT = "the figure is struck out; type the one that counts, or take the line through it away"
_IF_OWN = "if these are the partnership's own figures of each period, take the words out of the row"


@dataclass(frozen=True)
class ToldRow:
    """A row with its label, the indicator that it is about, all that is said of its figures, and why they are others
    than those that are read, or nothing."""

    row: Row
    label: Label
    indicator: Indicator
    meaning: Meaning
    why_not: str = ""


@dataclass(frozen=True)
class RowReader:
    """Reads one row; `periods` are those of its columns of figures, `own_rows` the indicators with a row of their own
    in the table, and `key` says what marks stand for."""

    table: RawTable
    told: ToldRow
    periods: dict[int, Period]
    reading: Reading
    words: Vocabulary
    own_rows: frozenset[str]
    key: dict[str, str]

    def read(self) -> None:
        """Add what the row says.

        Raises
        ------
        InputError
            For a cell that is no figure in a row whose cells are in place.
        """
        if self.told.why_not:
            self._add_refused()
            return
        if why := self._why_unreadable():
            self._add_unreadable(why)
            return
        try:
            self._read_figures()
        except InputError as problem:
            if not self.table.grid.is_copied:
                raise
            self._add_unreadable(str(problem).removesuffix("."))

    @cached_property
    def _row(self) -> Row:
        """The row, with marks in its figures as the key explains them, and figures without what they count."""
        row = self.told.row
        texts = {c: read_as_meant(row.text(c), self.key, self.told.indicator, self.words) for c in self.periods}
        if self._is_typed:
            texts |= {c: text.replace(" ", "") for c, text in texts.items() if _THOUSANDS.fullmatch(text)}
        return replace(row, cells=tuple(texts.get(c, row.printed(c)) for c in row.columns))

    @property
    def _is_typed(self) -> bool:
        return self.table.grid.has_cells and not self.table.grid.sheet.startswith("page ")

    @cached_property
    def _shape(self) -> CellShape:
        """What the row's cells hold; a share that has its own row is not printed beside its count."""
        shape = shape_of(self.told.indicator)
        return CellShape(count=shape.count) if shape.count and shape.percent in self.own_rows else shape

    def _why_unreadable(self) -> str:
        """Why nothing of the row can be read, or nothing."""
        if self.told.label.swallowed:
            return "its label and its figures have run together"
        if self.table.grid.is_copied and any(_CUT_OFF.search(self._row.text(c)) for c in self._row.columns):
            return "the sentence with its figure is cut off"
        return self.table.grid.doubts.get((self._row.number, 0), "").removesuffix(".")

    def _read_figures(self) -> None:
        sound, sum_due = self._list_doubts(), self._read_baseline()
        if in_words := self._in_words():
            self._add_in_words(sound, *in_words)
        elif doubt := PlacedRow(self.table, self._row, self._shape, sound, sum_due, self.words).find_doubt():
            self._add_unreadable(doubt, sound)
        else:
            self._read_quarters(sound)

    def _list_doubts(self) -> dict[int, Period]:
        """List the cells that can't be taken as they are: struck out, or where nobody can mend them; give the other
        columns. A typed cell is refused."""
        table, row = self.table, self._row
        given = {c: table.grid.doubts.get((row.number, c), "").removesuffix(".") for c in self.periods}
        told = {c: why for c in self.periods if (why := self._why_no_figure(c))}
        doubts = told | {c: doubt for c, doubt in given.items() if doubt}
        for column, doubt in doubts.items():
            address = table.grid.address(row, column)
            if self._is_typed and column not in told:
                raise InputError(f"{address}: {doubt}.")
            self._list(address, row.printed(column), doubt)
        self._add_as(UNREADABLE, {c: self.periods[c] for c in doubts})
        return {c: period for c, period in self.periods.items() if c not in doubts}

    def _why_no_figure(self, column: int) -> str:
        """Why a cell is known to be no figure of its period: struck out, by a note or its own words; or nothing."""
        text = self._row.text(column)
        if pattern("struck").fullmatch(text):
            return _IS_STRUCK_OUT
        taken, ends = self.table.taken_on, self.periods[column].days[1]
        if taken and taken < ends and not is_mark(text, self.words.marks | {""}):
            return f"the figures were taken on {taken:%d/%m/%Y}, and the period ends on {ends:%d/%m/%Y}"
        words = WORDS_BEHIND.fullmatch(text)
        meaning = self.words.explain(words["words"]) if words else Meaning()
        why = "" if meaning.left else meaning.without_kinds("share").described
        return self.table.told_cells.get((self._row.number, column), why)

    def _read_quarters(self, periods: dict[int, Period]) -> None:
        figures, problems = [], Problems()
        for column, period in periods.items():
            address, text, found = self.table.grid.address(self._row, column), self._row.text(column), {}
            with problems.noting():
                # Nothing says that a share which somebody left out was lost; in a printed page it may have been.
                shape = self._shape.printed_alone(text) if self.table.grid.has_cells else self._shape
                found = dict.fromkeys(self._shape.indicators, NOT_AVAILABLE)
                found |= read_at(address, text, shape, self.words.marks)
            if is_provisional(text):
                self.reading.notes.append(f"{address}: the figure is provisional; read, and {NOT_FINAL}.")
            told = self.told.row.printed(column), self._may_change(column)
            figures += [(name, period, figure, address, *told) for name, figure in found.items()]
        problems.refuse()
        for figure in figures:
            self.reading.add_observation(*figure)

    def _may_change(self, column: int) -> bool:
        """Whether the table, its heading, the row, the cell or a note on one of them calls a figure provisional."""
        row, heading = self._row.number, self.table.columns.get(column)
        is_called = self.table.called_provisional & {(0, 0), (0, column), (row, 0), (row, column)}
        by_words = self.told.meaning.is_provisional or (heading is not None and heading.meaning.is_provisional)
        return bool(is_called or by_words or is_provisional(self._row.text(column)))

    def _add_unreadable(self, reason: str, periods: dict[int, Period] | None = None) -> None:
        self._list(self.table.grid.address(self._row, self.table.label_column), self._row.in_one_line, reason)
        self._add_as(UNREADABLE, self.periods if periods is None else periods)

    def _add_refused(self) -> None:
        """List the row as given and not read."""
        indicator, address = self.told.indicator, self.table.grid.address(self._row, self.table.label_column)
        why, periods = f"{indicator.label}: {self.told.why_not}; {_IF_OWN}", tuple(self.periods.values())
        self.reading.unread.append(Unread(address, self._row.in_one_line, why, indicator.id, periods))

    def _list(self, address: Address, text: str, reason: str) -> None:
        self.reading.unread.append(Unread(address, text, f"{self.told.indicator.label}: {reason}"))

    def _add_as(self, figure: Figure, periods: dict[int, Period]) -> None:
        for column, period in periods.items():
            address, printed = self.table.grid.address(self._row, column), self.told.row.printed(column)
            for name in self._shape.indicators:
                self.reading.add_observation(name, period, figure, address, printed)

    def _in_words(self) -> tuple[int, Period, Figure] | None:
        """A row whose only figure is a sentence that names its quarter, such as `0 … in Quarter 4`: one of the newest
        year."""
        beside = {*self.table.called("prose", "owner"), self.table.label_column}
        filled = [column for column in self._row.filled if column not in beside]
        match = QUARTER_IN_WORDS.fullmatch(self._row.text(filled[0])) if len(filled) == 1 else None
        if match is None:
            return None
        figure = Figure("reported", value=float(match["figure"]))
        return filled[0], Period(max(self._years), int(match["quarter"])), figure

    @property
    def _years(self) -> set[str]:
        return {period.financial_year for period in self.periods.values()} or {self.table.title_year}

    def _add_in_words(self, periods: dict[int, Period], column: int, named: Period, figure: Figure) -> None:
        for own_column, period in periods.items():
            address = self.table.grid.address(self._row, column if period == named else own_column)
            what = figure if period == named else NOT_AVAILABLE
            printed = self.told.row.printed(address.column)
            self.reading.add_observation(self.told.indicator.id, period, what, address, printed)

    def _read_baseline(self) -> float | None:
        """Keep the baseline of the label or of its own column; what it says last year's quarters add up to, or None."""
        label, columns = self.told.label, self.table.called("baseline")
        column = self.table.label_column if label.baseline else min(columns, default=0)
        printed = label.baseline or (self._row.text(column) if column else "")
        if not printed or not any(self._years) or is_mark(printed, self.words.marks):
            return None
        called = (label.called,) if label.baseline else self.table.columns[column].texts
        of_year = baseline_year(called, self._years, self.words)
        address = self.table.grid.address(self._row, column)
        figures = read_at(address, printed, self._shape.printed_alone(printed), self.words.marks)
        for name, figure in figures.items() if of_year else ():
            self.reading.add_baseline(name, of_year, figure, address, printed)
        if not of_year:
            self.reading.notes.append(f"{address}: the baseline {printed!r} is not read (it may be of any time).")
        is_sum = of_year == previous_year(max(self._years)) and self.told.indicator.kind == "flow"
        return figures[self._shape.count].value if self._shape.count and is_sum else None


def list_row(table: RawTable, row: Row, indicator: Indicator | None, reading: Reading) -> None:
    """Keep a row's text; each period that the table is about is `unreadable` for what the row measures, if known."""
    where, text = table.grid.address(row, table.label_column), row.in_one_line
    name = f"{indicator.label}: " if indicator else ""
    reading.unread.append(Unread(where, text, f"{name}{table.doubt}"))
    # The quarters of the folder's year, and of the earlier ones that the heading names.
    years = sorted({year for year in table.years if year < reading.financial_year} | {reading.financial_year})
    for period in (Period(year, quarter) for year in years for quarter in QUARTERS):
        for measured in shape_of(indicator).indicators if indicator else ():
            reading.add_observation(measured, period, UNREADABLE, where, text)


# Tables that show one month instead of quarters, with several figures to a cell

UNKNOWN = "not among the rows of this snapshot in layouts.yml"
# What tells a figure from commentary that ran into the column of an area that nobody names.
_COUNT_WITH_SHARE = re.compile(r"\d\s*\(\d")


def read_snapshot_row(table: RawTable, row: Row, reading: Reading, catalogue: Catalogue) -> None:
    """Add the figures of one row of a snapshot table; columns whose area nobody names are listed, not read."""
    for column, unnamed in table.unnamed.items():
        if _COUNT_WITH_SHARE.search(table.joined(row, column)):
            reading.unread.append(Unread(table.grid.address(row, column), table.joined(row, column), unnamed.reason))
    for column, snapshot in table.snapshots.items():
        address, printed = table.grid.address(row, column), table.joined(row, column)
        entry = _entry_of(table, row, snapshot)
        if entry is None:
            reading.unread.append(Unread(table.grid.address(row, table.label_column), row.in_one_line, UNKNOWN))
            continue
        period = month_period(*map(int, snapshot.month.split("-")))
        for indicator, figure in _read_cell(" ".join(printed.split()), entry, address, reading, catalogue).items():
            reading.add_observation(indicator, period, figure, address, printed)


def _entry_of(table: RawTable, row: Row, snapshot: Snapshot) -> SnapshotRow | None:
    """What the layout says of a row; None for one that is listed, as nothing tells what it is about."""
    label = row.text(table.label_column)
    for entry in snapshot.rows:
        if letters(entry.label) == letters(label):
            return entry
    if label and not table.grid.is_copied:
        where = table.grid.address(row, table.label_column)
        raise InputError(f"{where}: the label {label!r} is {UNKNOWN}.")
    return None


def _read_cell(
    text: str, entry: SnapshotRow, address: Address, reading: Reading, catalogue: Catalogue
) -> dict[str, Figure]:
    shapes = {part.group: shape_of(catalogue.indicators[part.indicator]) for part in entry.figures}
    pattern = r"\s+".join(rf"{re.escape(group)}\s+(\S+\s*\([^)]*\))" for group in shapes)
    match = re.fullmatch(pattern, text)
    if match:
        parts = zip(shapes.values(), match.groups(), strict=True)
        return {name: figure for shape, part in parts for name, figure in read_at(address, part, shape).items()}
    figures = {name: UNREADABLE for shape in shapes.values() for name in shape.indicators}
    for hand in catalogue.layouts.hand_readings:
        if text in (hand.printed, *hand.also_printed) and hand.indicator in figures:
            figures |= read_at(address, hand.reads, shape_of(catalogue.indicators[hand.indicator]))
            reading.notes.append(f"{address}: read by hand as {hand.reads} for {hand.indicator}. {hand.reason}")
    left = [name for name, figure in figures.items() if figure.status == "unreadable"]
    if left:
        reading.unread.append(Unread(address, text, f"the cell is damaged in the source; not read: {', '.join(left)}"))
    return figures
