"""What each column of a table is about. In: the rows of a table's heading, and the year in its titles. Out: a
`RawTable` with its `HeadedColumn`s, or a sentence that says what is wrong.

Every word of every heading cell is explained. A column whose words say that it is no figure of this area and period is
not read, and that is said; a word that nothing explains refuses a typed table. Only a heading whose pieces are broken,
run together or moved is repaired, by `align.headings`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.headings import explain_columns
from swp_analysis.ingest.meaning import Kinds, Meaning
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.records import NOT_FINAL
from swp_analysis.ingest.table import TIME_ROLES, HeadedColumn, RawTable
from swp_analysis.ingest.timeline import YEAR, Period, When, WrongPeriod, days_as_periods, read_period
from swp_analysis.ingest.words import Vocabulary

HOW_TO_WRITE = "write one quarter and its financial year, such as `Q1 2018/19`, or one month, such as `April 2018`"
# The `title_year` of a table in which lines over the rows name the years.
IN_ROWS = "in rows"
NO_EDGE = "a day that neither begins nor ends a quarter or month like the others"


class Misfit(InputError):
    """Years and quarters of a heading that don't fit together: damage, not a slip of the pen."""


class NoPeriod(InputError):
    """A heading of which no column is of a quarter or month: the table is about something else."""


@dataclass(frozen=True)
class Heading:
    """Reads the rows of a heading; `title_year` is the one year that the titles name, `period` the one period."""

    grid: Grid
    rows: list[Row]
    title_year: str
    words: Vocabulary
    label_column: int
    period: When

    def read(self) -> RawTable:
        """Return the table with its columns, without rows.

        Raises
        ------
        InputError
            When a heading contradicts itself, or has a word that nothing explains.
        """
        for column in self.columns.values():
            self._refuse_wrong(column)
        told = [column for column in self.columns.values() if self._tells_figures(column)]
        kept = [column for column in told if not column.is_barred]
        figures = _by_months({column.number: self._period_of(column) for column in kept})
        for column in kept:
            self._refuse_unknown(column)
        if kept or not told:
            self._refuse_open(figures)
        others = [column for column in self.columns.values() if column.is_other and column not in kept]
        for column in others:
            self._refuse_stray_year(column, figures)
        self._refuse_repeats(figures)
        self._refuse_disorder(figures)
        return RawTable(
            self.grid,
            label_column=self.label_column,
            heading=self.rows[-1].number,
            columns=self.columns,
            figures=figures,
            title_year="" if self.title_year == IN_ROWS else self.title_year,
            notes=tuple(self._notes(kept, others)) if kept else (),
            barred="" if kept or not told else self._why_barred(told[0]),
        )

    @cached_property
    def columns(self) -> dict[int, HeadedColumn]:
        found = explain_columns(self.rows, self.label_column, self.words)
        roles = {one.role for one in found.values()}
        # Beside the title `April 2018` and no column of values, `Month` is the one of that month's figures.
        unit = "" if "value" in roles else self.period.unit
        if any(one.meaning.when for one in found.values()) or roles & TIME_ROLES - {unit}:
            return self._with_values(found)
        # Where no column names a period, that of the title is the one of the plain figures: `Actual`, `This quarter`.
        own = {c: one for c, one in found.items() if one.role == "value" or one.meaning.is_plain}
        own = {c: one for c, one in own.items() if self.period and one.role in ("", "value", unit)}
        return found | {c: replace(one, meaning=one.meaning | Meaning(self.period), role="") for c, one in own.items()}

    def _with_values(self, found: dict[int, HeadedColumn]) -> dict[int, HeadedColumn]:
        """Where rows tell the period and no column is called after its figures, the plain ones hold them: `Local`, a
        lone `Total`."""
        if any(one.role == "value" or (one.meaning.when and not one.role) for one in found.values()):
            return found
        return found | {
            c: replace(one, role="value")
            for c, one in found.items()
            if one.meaning.is_plain and one.role in ("", "ignored")
        }

    @cached_property
    def _time_roles(self) -> set[str]:
        return {column.role for column in self.columns.values()} & TIME_ROLES

    @property
    def _year_above(self) -> When:
        return When(years=(self.title_year,)) if self.title_year not in ("", IN_ROWS) else When()

    def _tells_figures(self, column: HeadedColumn) -> bool:
        """Whether a column holds the figures of a period, which its heading tells, or a part of it."""
        when = column.meaning.when
        if column.role:
            return column.role == "value" and bool(self._time_roles)
        return when.is_part_of_year or (when.has_year and bool(self._time_roles & {"quarter", "month"}))

    def _period_of(self, column: HeadedColumn) -> Period | When:
        when = column.meaning.when
        if column.role:
            return when
        if when.days:
            when = self._dated(column)
        try:
            has_year = when.has_year or self._time_roles & {"year", "period"}
            return read_period(when if has_year else when | self._year_above) or when
        except WrongPeriod as problem:
            raise InputError(self._says(column, column.text, str(problem))) from None

    def _dated(self, column: HeadedColumn) -> When:
        """What a heading says whose day is the first or last of a period, like those of the other headings."""
        others = [one.meaning.when for one in self.columns.values() if not (one.role or one.is_barred)]
        days = [day for when in others for day in when.days]
        found = column.meaning.when.dated(days_as_periods(days))
        if found is None:
            raise InputError(f"{self._place(column)}: found {column.text!r}, {NO_EDGE}; {HOW_TO_WRITE}.")
        return found

    # What is said

    def _place(self, column: HeadedColumn) -> str:
        row = next(row for row in reversed(self.rows) if row.text(column.number) or row is self.rows[0])
        return str(self.grid.address(row, column.number))

    def _says(self, column: HeadedColumn, text: str, problem: str) -> str:
        return f"{self._place(column)}: found {text!r}, which {problem}; {HOW_TO_WRITE}."

    def _notes(self, kept: list[HeadedColumn], others: list[HeadedColumn]) -> list[str]:
        notes = [
            f"{self._place(column)}: {column.text!r} is provisional; read, and {NOT_FINAL}."
            for column in kept
            if column.meaning.is_provisional
        ]
        own = [column.meaning.when for column in kept]
        if self._year_above and any(own) and not any(when.has_year for when in own):
            where = self.grid.address(self.rows[-1], 1)
            notes.append(
                f"{where}: the heading names no year; it is read as {self.title_year}, the only one in the title above."
            )
        passed = [one for one in self.columns.values() if one.role in ("ignored", "value") and one not in kept]
        for column in [*others, *passed]:
            why = column.meaning.described or "no quarter and no month"
            notes.append(f"{self._place(column)}: the column {column.text!r} is not read ({why}).")
        return notes

    def _why_barred(self, column: HeadedColumn) -> str:
        return (
            f"{self._place(column)}: found {column.text!r}, which is not the figure of a quarter "
            f"({column.meaning.described}), and no other column is; give what was counted in each quarter "
            "in this area, under headings such as `Q1 2018/19`."
        )

    # What is refused

    def _refuse_wrong(self, column: HeadedColumn) -> None:
        if column.meaning.when.wrong and not column.is_barred and column.role != "prose":
            pairs = ((text, read_when(text)[0].wrong) for text in column.texts)
            text, problem = next((pair for pair in pairs if pair[1]), (column.text, column.meaning.when.wrong))
            raise InputError(self._says(column, text, problem[0]))

    def _refuse_unknown(self, column: HeadedColumn) -> None:
        if column.meaning.left:
            raise InputError(
                f"{self._place(column)}: found {column.text!r}, and nothing says what "
                f"{' '.join(column.meaning.left)!r} makes of the figures below; if it changes nothing, add it to "
                "plain_words in layouts.yml, and if the column is not the quarter's own figure, add its heading to "
                "ignored_headings there."
            )

    def _refuse_open(self, figures: dict[int, Period | When]) -> None:
        """Refuse quarters without a year, and years without a quarter, where no row tells the rest."""
        left = {c: found for c, found in figures.items() if isinstance(found, When)}
        in_rows = self.title_year == IN_ROWS and any(when.is_part_of_year for when in left.values())
        if figures and (not left or self._time_roles or in_rows):
            return
        for number, when in left.items():
            what = "a quarter" if when.has_year else "a financial year"
            is_misfit = len(left) < len(figures) or any(one.has_year for one in left.values())
            raise (Misfit if is_misfit else InputError)(
                f"{self._place(self.columns[number])}: expected {what} with {self.columns[number].text!r}, or one year "
                f"in the title; {HOW_TO_WRITE}."
            )
        whole = [one for one in self.columns.values() if one.is_other or one.meaning.when.years]
        column = whole[0] if whole else HeadedColumn(self.label_column, (self.rows[0].text(self.label_column),))
        what = "a whole year, whose figure is made from its quarters" if whole else "which names no period"
        raise NoPeriod(
            f"{self._place(column)}: found {column.text!r} ({column.meaning.described or what}), and no "
            f"column is of a quarter or month; {HOW_TO_WRITE}."
        )

    def _refuse_stray_year(self, column: HeadedColumn, figures: dict[int, Period | When]) -> None:
        """Refuse a year with a word that nothing explains, and one below no quarter where the others stand below
        one."""
        if column.is_barred or not column.meaning.when:
            return
        self._refuse_unknown(column)
        has_years_below = any(YEAR.search(self.rows[-1].text(c)) for c in figures)
        if len(self.rows) > 1 and len(column.texts) == 1 and column.meaning.when.years and has_years_below:
            raise Misfit(
                f"{self._place(column)}: the year {column.text!r} stands under no heading such as 'Quarter 1'."
            )

    def _refuse_repeats(self, figures: dict[int, Period | When]) -> None:
        first: dict[tuple[Period | When, Kinds], int] = {}
        for column, period in figures.items():
            key = period, self.columns[column].meaning.kinds
            if isinstance(period, Period) and first.setdefault(key, column) != column:
                name = f"{period.days[0]:%B}" if period.month else f"quarter {period.quarter}"
                letter = self.grid.address(self.rows[-1], first[key]).column_letter
                raise InputError(
                    f"{self.grid.address(self.rows[-1], column)}: {name} of {period.financial_year} already stands in "
                    f"column {letter}; expected each period once: take the older column out, or add its heading to "
                    "ignored_headings in layouts.yml."
                )

    def _refuse_disorder(self, figures: dict[int, Period | When]) -> None:
        """Refuse years in a row of their own that seem to stand over the middle or the end of their quarters."""
        quarters: dict[tuple[str, Kinds], list[int]] = defaultdict(list)
        for column, found in figures.items():
            if isinstance(found, Period) and not found.month and len(self.rows) > 1:
                quarters[found.financial_year, self.columns[column].meaning.kinds].append(found.quarter)
        orders = [sorted(numbers) for numbers in quarters.values()]
        if list(quarters.values()) not in (orders, [order[::-1] for order in orders]):
            told = "; ".join(f"{year} in the order {', '.join(map(str, one))}" for (year, _), one in quarters.items())
            raise InputError(
                f"{self.grid.address(self.rows[-1], min(figures))}: the quarters come of {told}, so that a year may "
                "stand over the wrong columns; type the year over each quarter."
            )


def _by_months(told: dict[int, Period | When]) -> dict[int, Period | When]:
    """The periods of columns; a quarter without a year that stands beside its own months is of their year."""
    months = {(one.quarter, one.financial_year) for one in told.values() if isinstance(one, Period) and one.month}
    counts = Counter(quarter for quarter, _ in months)
    years = {quarter: year for quarter, year in months if counts[quarter] == 1}
    return {
        column: Period(years[found.quarters[0]], found.quarters[0])
        if isinstance(found, When) and not found.has_year and years.keys() & {*found.quarters[:1]}
        else found
        for column, found in told.items()
    }
