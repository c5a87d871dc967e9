"""The rows of one table become observations and baselines. In: a `RawTable`. Out: figures, added to a `Reading`, or why
nothing of the table is read.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import zip_longest

from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.errors import InputError, Problems
from swp_analysis.ingest.align.lines import LineJoiner
from swp_analysis.ingest.cells import UNREADABLE, shape_of
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.headings import ROW_ROLES
from swp_analysis.ingest.labels import Label, LabelBook
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.row_words import explain_row, find_in_label, periods_of
from swp_analysis.ingest.rows import RowReader, read_snapshot_row
from swp_analysis.ingest.spelling import plain
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import Period, When
from swp_analysis.ingest.titles import is_note
from swp_analysis.ingest.words import Meaning, Vocabulary

_SECTION = Row(0, ())

# A longer text is no label, and taking it apart word by word would take for ever.
LONGEST_LABEL = 400


@dataclass(frozen=True)
class TableReader:
    """Reads tables with a partnership's words."""

    words: Vocabulary

    def read(self, table: RawTable, reading: Reading) -> str:
        """Add the figures of a table; return why nothing of it is read, or nothing."""
        if table.barred:
            return table.barred
        _refuse_later(table, Row(table.heading, ()), table.quarters, reading.financial_year)
        if table.grid.wraps and not table.doubt:
            table = LineJoiner(table, self.words).join_lines()
        reading.notes += table.notes
        if not (table.snapshots or table.doubt):
            return self._read_rows(table, reading)
        for row, below in zip_longest(table.rows, table.rows[1:]):
            if _is_note(table, row, reading, self.words):
                continue
            if table.snapshots:
                read_snapshot_row(table, row, reading, self.words.catalogue)
            else:
                label, next_label = row.text(table.label_column), _label_of(below, table)
                list_row(table, row, self.words.labels.of_row(label, next_label), reading)
        return ""

    def _read_rows(self, table: RawTable, reading: Reading) -> str:
        problems = Problems()
        labelled, skipped = self._labelled(table, reading, problems)
        reader = RowReader(table, reading, self.words, frozenset(indicator.id for _, _, indicator, _ in labelled))
        beside: dict[tuple[int, ...], list[Row]] = defaultdict(list)
        for row, label, indicator, meaning in labelled:
            with problems.noting():
                periods = periods_of(table, row, meaning.when)
                _refuse_later(table, row, periods, reading.financial_year)
                own = self._own_columns(table, indicator, periods)
                if others := tuple(sorted(periods.keys() - own.keys())):
                    beside[others].append(row)
                reader.read(row, label, indicator, own)
        problems.refuse()
        skipped += [_passed_beside(table, columns, rows) for columns, rows in beside.items()]
        if skipped and not labelled:
            return (
                f"{skipped[0].removesuffix('.')}, and no other row of the table is read either; give the "
                "partnership's own figures of each quarter, or, if these are, take the words out."
            )
        reading.notes += skipped
        return ""

    def _labelled(
        self, table: RawTable, reading: Reading, problems: Problems
    ) -> tuple[list[tuple[Row, Label, Indicator, Meaning]], list[str]]:
        """The rows whose figures are the indicator's own, with label and meaning; and why the others are not read."""
        labelled: list[tuple[Row, Label, Indicator, Meaning]] = []
        skipped: list[str] = []
        unknown: list[tuple[str, InputError]] = []
        section, last = table.said, ""
        for row, below in self._rows_and_sections(table, reading):
            if below is _SECTION:
                told = self._section(table, row)
                section = table.said | (told if told.when else replace(told, when=section.when))
                continue
            text = row.text(table.label_column) or (last if last and _tells_itself(table, row) else "")
            last = text or last
            found: str | tuple[Indicator, Meaning] | None = None
            try:
                found = self._explain(table, row, below, text, section, reading)
            except InputError as problem:
                unknown.append((plain(text), problem))
            if isinstance(found, str):
                where = table.grid.address(row, table.label_column)
                skipped.append(f"{where}: the row {text[:80]!r} is not read ({found}).")
            elif found:
                labelled.append((row, self.words.labels.split(text), *found))
        # A row of a group or place that nobody knows is a part, where another row has the whole.
        names = {plain(label.name) for _, label, _, _ in labelled}
        skipped += [f"{problem} The row is not read." for name, problem in unknown if name in names]
        problems += [one for name, problem in unknown if name not in names for one in problem.problems]
        return labelled, skipped

    def _explain(
        self, table: RawTable, row: Row, below: Row | None, text: str, section: Meaning, reading: Reading
    ) -> tuple[Indicator, Meaning] | str | None:
        """What a row is about, and all that is said of it; or why it is not read; None for a row that is listed."""
        label = self.words.labels.split(text)
        meaning = section | explain_row(table, row, self.words)
        if why := self._is_no_indicator(table, label):
            return why
        found = self._indicator_of(table, row, label, below, reading)
        if found is None:
            return None
        indicator, meaning = found[0], meaning | found[1]
        if why := self._why_not(table, row, meaning, indicator):
            return why
        if meaning.is_provisional:
            where = table.grid.address(row, table.label_column)
            reading.notes.append(f"{where}: the row is called provisional; read, and may still change.")
        return indicator, meaning

    def _rows_and_sections(self, table: RawTable, reading: Reading):
        """The rows with figures, each with the row below it; a line of words over rows comes with `_SECTION`."""
        last = next((n for n in reversed(range(len(table.rows))) if not is_note(table, table.rows[n])), -1)
        for n, (row, below) in enumerate(zip_longest(table.rows, table.rows[1:])):
            if (
                n < last
                and not table.grid.is_copied
                and is_note(table, row)
                and not self.words.labels.of(row.text(table.label_column))
            ):
                yield row, _SECTION
            if not _is_note(table, row, reading, self.words):
                yield row, below

    def _section(self, table: RawTable, row: Row) -> Meaning:
        """What a line of words says of the rows below it."""
        text = row.text(table.label_column)
        found = self.words.explain_title(text)
        found = replace(found, when=When(years=found.when.years if len(found.when.years) == 1 else ()))
        begins, colon, _ = text.partition(":")
        names_aside = bool(colon) and self.words.role_of(begins) == "asides"
        return replace(found, left=()) if names_aside or table.grid.wraps else found

    def _is_no_indicator(self, table: RawTable, label: Label) -> str:
        """Why a row with a label such as `Target` or `Walsall` is about no indicator, in words; or nothing."""
        if not table.grid.has_cells or len(label.name) > LONGEST_LABEL or self.words.labels.find(label.name):
            return ""
        meaning = self.words.explain(label.name)
        is_told = (meaning.kinds or meaning.other_areas) and not (meaning.left or meaning.names_things)
        return self.words.describe(meaning) if is_told else ""

    def _why_not(self, table: RawTable, row: Row, meaning: Meaning, indicator: Indicator) -> str:
        """Why a row's figures are not the indicator's own in this area, or nothing."""
        for column in (c for c, role in table.roles.items() if role == "label"):
            other = self.words.labels.of(row.text(column))
            if other and other.id != indicator.id:
                return f"it names {other.label!r} too"
        if indicator.unit != "percent" and table.shares >= {*table.quarters, *table.partial}:
            return "its columns hold percentages or rates, and it is counted"
        own = {"share"} if indicator.unit == "percent" else set()
        own |= {"group"} if "group" in meaning.kind_names and self._is_of_group(indicator) else set()
        kinds = tuple(one for one in meaning.kinds if one[0] not in own)
        return self.words.describe(replace(meaning, kinds=kinds))

    def _is_of_group(self, indicator: Indicator) -> bool:
        """Whether an indicator is itself about a group of people: `offender aged 10 to 24`."""
        names = " ".join((indicator.label, *indicator.aliases, indicator.definition))
        return "group" in self.words.explain(names).kind_names or bool(re.search(r"\baged\b", names, re.IGNORECASE))

    @staticmethod
    def _own_columns(table: RawTable, indicator: Indicator, periods: dict[int, Period]) -> dict[int, Period]:
        """The columns that hold this indicator's figures, where some hold percentages and others counts."""
        if not table.shares:
            return periods
        wants_shares = indicator.unit == "percent" and bool(table.shares)
        own = {c: period for c, period in periods.items() if (c in table.shares) == wants_shares}
        return own or periods

    def _indicator_of(
        self, table: RawTable, row: Row, label: Label, below: Row | None, reading: Reading
    ) -> tuple[Indicator, Meaning] | None:
        """The indicator of a row, with what else its label says; None for a row that is listed."""
        if not label.name:
            indicator = _indicator_without_label(table, row, below, reading, self.words.labels)
            return (indicator, Meaning()) if indicator else None
        name = label.name
        indicator = self.words.labels.find(name) if len(name) <= LONGEST_LABEL else None
        if indicator:
            return indicator, Meaning()
        if table.grid.has_cells and len(name) <= LONGEST_LABEL and (found := find_in_label(name, self.words)):
            return found
        where = table.grid.address(row, table.label_column)
        shown = name if len(name) <= LONGEST_LABEL else f"{name[:LONGEST_LABEL]}…"
        why = f"the label {shown!r} is not in the catalogue; {self.words.labels.suggestion(shown)}"
        if not table.grid.is_copied:
            raise InputError(f"{where}: {why}.")
        reading.unread.append(Unread(where, row.in_one_line, why))
        return None


def _passed_beside(table: RawTable, columns: tuple[int, ...], rows: list[Row]) -> str:
    """Say which columns of percentages rows of counts have beside their figures, or the other way round."""
    what = "percentages beside counts" if set(columns) <= table.shares else "numbers beside percentages"
    letters = [table.grid.address(rows[0], column).column_letter for column in columns]
    where = f"column{'s' if len(columns) > 1 else ''} {', '.join(letters)}"
    numbers = f"row{'s' if len(rows) > 1 else ''} {', '.join(str(row.number) for row in rows)}"
    return f"{table.grid.name}, {where}: {what} in {numbers}; not read."


def _tells_itself(table: RawTable, row: Row) -> bool:
    """Whether a row without label goes on with the one above: a word of its own says what else it is about."""
    return table.grid.has_cells and any(row.text(c) for c, role in table.roles.items() if role in ROW_ROLES)


def _refuse_later(table: RawTable, row: Row, periods: dict[int, Period], financial_year: str) -> None:
    for column, period in periods.items():
        if period.financial_year > financial_year:
            raise InputError(
                f"{table.grid.address(row, column)}: found {period.financial_year}, later than the folder "
                f"data/raw/{financial_year} that the file lies in; put the file into data/raw/{period.financial_year}."
            )


def _is_note(table: RawTable, row: Row, reading: Reading, words: Vocabulary) -> bool:
    """Whether a row is a total, or a line of words that no indicator is called; either is passed over and said."""
    text, where = row.text(table.label_column), table.grid.address(row, table.label_column)
    if text.casefold() in {word.casefold() for word in words.layouts.total_labels}:
        reading.notes.append(f"{where}: {text!r} is a total of other rows; passed over.")
        return True
    in_snapshot = any(text == entry.label for snapshot in table.snapshots.values() for entry in snapshot.rows)
    if not is_note(table, row) or in_snapshot or words.labels.of(text):
        return False
    reading.notes.append(f"{where}: words without figures, passed over: {row.in_one_line[:160]!r}.")
    return True


def _label_of(row: Row | None, table: RawTable) -> str:
    return row.text(table.label_column) if row else ""


def _indicator_without_label(
    table: RawTable, row: Row, below: Row | None, reading: Reading, book: LabelBook
) -> Indicator | None:
    where = table.grid.address(row, table.label_column)
    rule = book.unlabelled_before(book.split(_label_of(below, table)).name)
    if rule is None:
        why = "the row has no label; say under unlabelled_rows in layouts.yml which indicator it is"
        reading.unread.append(Unread(where, row.in_one_line, why))
        return None
    reading.notes.append(f"{where}: the row has no label and is read as {rule.indicator}. {rule.reason}")
    return book.catalogue.indicators[rule.indicator]


def list_row(table: RawTable, row: Row, indicator: Indicator | None, reading: Reading) -> None:
    """Keep a row's text; each period that the table is about is `unreadable` for what the row measures, if known."""
    where = table.grid.address(row, table.label_column)
    text = row.in_one_line
    name = f"{indicator.label}: " if indicator else ""
    reading.unread.append(Unread(where, text, f"{name}{table.doubt}"))
    for period in _periods(table, reading):
        for measured in shape_of(indicator).indicators if indicator else ():
            reading.add_observation(measured, period, UNREADABLE, where, text)


def _periods(table: RawTable, reading: Reading) -> list[Period]:
    """The quarters of the folder's year, and of the earlier ones that the heading names."""
    years = sorted({year for year in table.years if year < reading.financial_year} | {reading.financial_year})
    return [Period(year, quarter) for year in years for quarter in QUARTERS]
