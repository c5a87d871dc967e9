"""The rows of one table become observations and baselines. In: a `RawTable`. Out: figures, added to a `Reading`, or why
nothing of the table is read.

What stands over, beside, above and below a figure is explained word by word and put together: the heading of its
column, the title and notes of its table, the line of words over its row, the row's label and the cells beside it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

from swp_analysis.catalogue.models import Indicator
from swp_analysis.errors import InputError, Problems, count_noun
from swp_analysis.ingest.align.lines import LineJoiner
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.notes import is_note, read_key
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.records import NOT_FINAL, Reading, Unread
from swp_analysis.ingest.row_words import (
    UnknownCell,
    explain_row,
    find_in_label,
    periods_of,
    refuse_other_periods,
    why_no_indicator,
)
from swp_analysis.ingest.rows import RowReader, ToldRow, list_row, read_snapshot_row
from swp_analysis.ingest.spelling import cut, pattern, plain
from swp_analysis.ingest.table import ROW_ROLES, RawTable
from swp_analysis.ingest.timeline import Period, When
from swp_analysis.ingest.titles import NOT_UNDERSTOOD, Sections
from swp_analysis.ingest.whole_years import hold_years
from swp_analysis.ingest.words import OF_SOME_COLUMNS, Vocabulary

# A longer text is no label, and taking it apart word by word would take for ever.
LONGEST_LABEL = 400
MOST_ROWS_NAMED = 5
_PART = "a part of the row above it"


@dataclass(frozen=True)
class TableReader:
    """Reads tables with a partnership's words."""

    words: Vocabulary

    def read(self, table: RawTable, reading: Reading) -> str:
        """Add the figures of a table; return why nothing of it is read, or nothing."""
        if table.barred:
            return table.barred
        _refuse_later(table, Row(table.heading, ()), table.figures, reading.financial_year)
        if table.grid.wraps and not table.doubt:
            table = LineJoiner(table, self.words).join_lines()
        reading.notes += table.notes
        if not (table.snapshots or table.doubt):
            return self._read_rows(table, reading)
        for row, below in zip_longest(table.rows, table.rows[1:]):
            if self._is_passed_over(table, row, reading):
                continue
            if table.snapshots:
                read_snapshot_row(table, row, reading, self.words.catalogue)
            else:
                label, next_label = (one.text(table.label_column) if one else "" for one in (row, below))
                list_row(table, row, self.words.labels.of_row(label, next_label), reading)
        return ""

    def _read_rows(self, table: RawTable, reading: Reading) -> str:
        problems, before = Problems(), len(reading.observations)
        told, skipped = self._tell_rows(table, reading, problems)
        own_rows = frozenset(one.indicator.id for one in told if not one.why_not)
        beside: dict[tuple[int, ...], list[Row]] = defaultdict(list)
        key = read_key(table, self.words)
        for one in told:
            if one.why_not and one.indicator.id in own_rows:
                continue
            # What is refused for its words is not refused again for its periods.
            with (Problems() if one.why_not else problems).noting():
                periods = periods_of(table, one.row, one.meaning.when)
                _refuse_later(table, one.row, periods, reading.financial_year)
                own = self._own_columns(table, one.indicator, periods)
                if (others := tuple(sorted(periods.keys() - own.keys()))) and not one.why_not:
                    beside[others].append(one.row)
                RowReader(table, one, own, reading, self.words, own_rows, key).read()
        with problems.noting():
            skipped += hold_years(table, reading.observations[before:], self.words)
        problems.refuse()
        skipped += [_passed_beside(table, columns, rows) for columns, rows in beside.items()]
        if skipped and not own_rows:
            return (
                f"{skipped[0].removesuffix('.')}, and no other row of the table is read either; give the "
                "partnership's own figures of each quarter, or, if these are, take the words out."
            )
        reading.notes += [*skipped, *_passed_columns(table)]
        return ""

    def _tell_rows(self, table: RawTable, reading: Reading, problems: Problems) -> tuple[list[ToldRow], list[str]]:
        """The rows of indicators, with label and meaning; and why some, or others, are not read."""
        told: list[ToldRow] = []
        passed: dict[str, list[str]] = defaultdict(list)
        unknown: list[tuple[str, InputError]] = []
        sections, last = Sections(table.said), ""
        lines = [is_note(table, row, self.words) for row in table.rows]
        for n, (row, below) in enumerate(zip_longest(table.rows, table.rows[1:])):
            text = row.text(table.label_column)
            if self._is_passed_over(table, row, reading):
                if lines[n] and not all(lines[n:]) and not table.grid.is_copied:
                    line = ": ".join(map(row.text, row.filled))
                    sections.add(line, table.grid, self.words, goes_on=bool(n) and lines[n - 1])
                continue
            text = text or (last if last and _tells_itself(table, row, self.words) else "")
            is_part = last and pattern("part_of_above").match(text) and not self.words.labels.of(text)
            last = text or last
            try:
                found = _PART if is_part else self._tell(table, row, below, text, sections.meaning, reading)
            except InputError as problem:
                unknown.append((plain(text), problem))
                continue
            told += [found] if isinstance(found, ToldRow) else []
            if why := found.why_not if isinstance(found, ToldRow) else found:
                passed[why].append(f"{table.grid.address(row, table.label_column)}: the row {cut(text, 80)!r}")
        # A row of a group or place that nobody knows is a part, where another row has the whole.
        names = {plain(one.label.name) for one in told if not one.why_not}
        skipped = [one for why, rows in passed.items() for one in _say_passed(why, rows)]
        skipped += [f"{one} Not read." for one in _once_a_column(p for name, p in unknown if name in names)]
        problems += _once_a_column(problem for name, problem in unknown if name not in names)
        return told, skipped

    def _is_passed_over(self, table: RawTable, row: Row, reading: Reading) -> bool:
        """Whether a row is a total, or a line of words that no indicator is called; either is passed over and said."""
        text, where = row.text(table.label_column), table.grid.address(row, table.label_column)
        if text.casefold() in {word.casefold() for word in self.words.layouts.total_labels}:
            reading.notes.append(f"{where}: {text!r} is a total of other rows; passed over.")
            return True
        in_snapshot = any(text == entry.label for snapshot in table.snapshots.values() for entry in snapshot.rows)
        if not is_note(table, row, self.words) or in_snapshot or self.words.labels.of(text):
            return False
        if row.number not in table.noted:
            reading.notes.append(f"{where}: words without figures, passed over: {cut(row.in_one_line, 160)!r}.")
        return True

    # One row

    def _tell(
        self, table: RawTable, row: Row, below: Row | None, text: str, section: Meaning, reading: Reading
    ) -> ToldRow | str | None:
        """What a row is about, and all that is said of it; why one of no indicator is not read; None for a row that is
        listed."""
        label = self.words.labels.split(text)
        said = explain_row(table, row, self.words)
        if said.left and table.grid.has_cells:
            told = f"{' '.join(said.left)!r} in what is said of the row"
            reading.notes.append(f"{table.grid.address(row, table.label_column)}: {told} {NOT_UNDERSTOOD}.")
            said = replace(said, left=())
        is_long = len(label.name) > LONGEST_LABEL
        named = None if is_long else self.words.labels.find(label.name)
        found = (named, Meaning()) if named else self._indicator_of(table, row, label.name, below, reading)
        if not isinstance(found, tuple):
            return found
        indicator, said = found[0], said | found[1]
        meaning = section | said
        why_not = self._why_not(table, row, meaning, indicator)
        if table.is_complete and not why_not:
            refuse_other_periods(table, row, said.when)
        if meaning.is_provisional and not why_not:
            where = table.grid.address(row, table.label_column)
            reading.notes.append(f"{where}: the row is called provisional; read, and {NOT_FINAL}.")
        return ToldRow(row, label, indicator, meaning, why_not)

    def _why_not(self, table: RawTable, row: Row, meaning: Meaning, indicator: Indicator) -> str:
        """Why a row's figures are not the indicator's own in this area, or nothing."""
        for column in table.called("label"):
            other = self.words.labels.of(row.text(column))
            if other and other.id != indicator.id:
                return f"it names {other.label!r} too"
        if indicator.unit == "percent" and self._gives_number(table, row):
            return "it gives a number, and the indicator is a percentage; write percentages with their sign"
        own = {"share"} if indicator.unit == "percent" else set()
        own |= {"group"} if "group" in meaning.kind_names and self._is_of_group(indicator) else set()
        said = [table.columns[c].meaning.with_kinds("share", *OF_SOME_COLUMNS) for c in table.figures]
        others = [self.words.not_of(Meaning(kinds=one.kinds), indicator) for one in said]
        if others and all(one.kinds for one in others):
            meaning |= others[0]
        return self.words.not_of(meaning.without_kinds(*own), indicator).described

    def _gives_number(self, table: RawTable, row: Row) -> bool:
        """Whether a line of the file calls figures without a sign numbers, or, where the row has no sign at all, a cell
        before the figures, the label behind its name, or every heading."""
        lines = [] if "%" in "".join(map(row.text, table.figures)) else table.words_around
        is_said = any(map(pattern("counted").fullmatch, lines)) and not any(map(pattern("as_percentages").match, lines))
        if is_said or "%" in row.in_one_line:
            return is_said
        label, first = row.text(table.label_column), min(table.figures, default=0)
        unnamed = {c for c in row.filled if c < first} - {table.label_column, *table.columns}
        told = [row.text(c) for c in (*table.called("qualifier"), *unnamed)]
        told += [] if self.words.labels.of(label) else [label]
        headings = [read_when(table.columns[c].text)[1] for c in table.figures]
        calls_number = pattern("counted").search
        return any(map(calls_number, told)) or (bool(headings) and all(map(calls_number, headings)))

    def _own_columns(self, table: RawTable, indicator: Indicator, periods: dict[int, Period]) -> dict[int, Period]:
        """The columns that hold this indicator's figures, where some hold percentages or count something else."""
        wants_shares = indicator.unit == "percent" and bool(table.shares)
        said = {c: table.columns[c].meaning.with_kinds(*OF_SOME_COLUMNS) for c in periods}
        others = {c for c, meaning in said.items() if self.words.not_of(meaning, indicator).kinds}
        own = {c: period for c, period in periods.items() if c not in others}
        return {c: period for c, period in own.items() if (c in table.shares) == wants_shares} or own

    def _is_of_group(self, indicator: Indicator) -> bool:
        """Whether an indicator is itself about a group of people: `offender aged 10 to 24`."""
        names = " ".join((indicator.label, *indicator.aliases, indicator.definition))
        return "group" in self.words.explain(names).kind_names or bool(re.search(r"\baged\b", names, re.IGNORECASE))

    def _indicator_of(
        self, table: RawTable, row: Row, name: str, below: Row | None, reading: Reading
    ) -> tuple[Indicator, Meaning] | str | None:
        """The indicator of a row whose label is no indicator's, with what else the label says, or why it is about none;
        None for a row that is listed."""
        where = table.grid.address(row, table.label_column)
        if not name:
            rule = self.words.labels.rule_before(below.text(table.label_column) if below else "")
            if rule:
                reading.notes.append(f"{where}: the row has no label and is read as {rule.indicator}. {rule.reason}")
                return self.words.catalogue.indicators[rule.indicator], Meaning()
            why = "the row has no label; say under unlabelled_rows in layouts.yml which indicator it is"
            reading.unread.append(Unread(where, row.in_one_line, why))
            return None
        is_long = len(name) > LONGEST_LABEL
        own = (find_in_label(name, self.words) or why_no_indicator(name, self.words)) if not is_long else None
        if own and table.grid.has_cells:
            return own
        shown = f"{name[:LONGEST_LABEL]}…" if is_long else name
        why = f"the label {shown!r} is not in the catalogue; {self.words.labels.suggestion(shown)}"
        if not table.grid.is_copied:
            raise InputError(f"{where}: {why}.")
        reading.unread.append(Unread(where, row.in_one_line, why))
        return None


def _tells_itself(table: RawTable, row: Row, words: Vocabulary) -> bool:
    """Whether a row without label goes on with the one above: a word of its own says what else it is about."""
    unnamed = {c for c in row.filled if table.label_column < c < min(table.figures)} - table.columns.keys()
    known = {c for c in unnamed if not words.explain(row.text(c)).left}
    return table.grid.has_cells and any(map(row.text, table.called(*ROW_ROLES) | known))


def _refuse_later(table: RawTable, row: Row, periods: dict[int, Period | When] | dict[int, Period], last: str) -> None:
    for column, period in periods.items():
        if isinstance(period, Period) and period.financial_year > last:
            raise InputError(
                f"{table.grid.address(row, column)}: found {period.financial_year}, later than the folder "
                f"data/raw/{last} that the file lies in; put the file into data/raw/{period.financial_year}."
            )


def _once_a_column(problems: Iterable[InputError]) -> list[str]:
    """What is wrong with rows: of the cells of one column the first, with the number of the others."""
    first: dict[int | str, InputError] = {}
    keys = [(one.column if isinstance(one, UnknownCell) else str(one), one) for one in problems]
    more = Counter(key for key, one in keys if first.setdefault(key, one) is not one)
    counted = {key: f" The same holds for {count_noun(more[key], 'more row')}." if more[key] else "" for key in first}
    return [f"{said}{counted[key]}" for key, one in first.items() for said in one.problems]


def _say_passed(why: str, rows: list[str]) -> list[str]:
    """Say of each row, or of many with one reason at once, that it is not read."""
    if len(rows) > MOST_ROWS_NAMED:
        return [f"{rows[0]} and {len(rows) - 1} more below it are not read ({why})."]
    return [f"{row} is not read ({why})." for row in rows]


def _passed_columns(table: RawTable) -> list[str]:
    places = {c: table.grid.address(Row(table.heading, ()), c) for c in sorted(table.counted_beside)}
    why = "is not read (its heading names no period)"
    return [f"{at}: the column {table.columns[c].text!r} {why}." for c, at in places.items()]


def _passed_beside(table: RawTable, columns: tuple[int, ...], rows: list[Row]) -> str:
    """Say which columns of percentages rows of counts have beside their figures, or the other way round."""
    what = "percentages beside counts" if set(columns) <= table.shares else "numbers beside percentages"
    texts = dict.fromkeys(repr(table.columns[column].text) for column in columns)
    what = what if table.shares else f"other numbers ({', '.join(texts)}) beside the figures"
    letters = [table.grid.address(rows[0], column).column_letter for column in columns]
    where = f"column{'s' if len(columns) > 1 else ''} {', '.join(letters)}"
    numbers = f"row{'s' if len(rows) > 1 else ''} {', '.join(str(row.number) for row in rows)}"
    return f"{table.grid.name}, {where}: {what} in {numbers}; not read."
