"""What each column of a table is about. In: the heading rows of a table and the titles over it. Out: a `RawTable`
without rows, or a sentence that says what is wrong.

Every word of every heading cell is explained. A column whose words say that it is no figure of this area and period is
not read, and that is said; a word that nothing explains refuses a typed table. Only a heading whose pieces are broken,
run together or moved is repaired, by `align.headings`.
"""

from dataclasses import dataclass
from datetime import date

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.headings import Heading, is_barred
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.table import TIME_ROLES, RawTable
from swp_analysis.ingest.timeline import YEAR, Period, When, WrongPeriod, days_as_periods, read_period
from swp_analysis.ingest.words import Vocabulary

HOW_TO_WRITE = "write one quarter and its financial year, such as `Q1 2018/19`, or one month, such as `April 2018`"
# The `title_year` of a table in which lines over the rows name the years.
IN_ROWS = "in rows"
NO_EDGE = "a day that neither begins nor ends a quarter or month like the others"


class Misfit(InputError):
    """Years and quarters of a heading that don't fit together: damage, not a slip of the pen."""


@dataclass(frozen=True)
class ColumnReader:
    """Explains the columns of one table by their `headings`; `title_year` is the one year that the titles name."""

    grid: Grid
    rows: tuple[Row, ...]
    label_column: int
    headings: list[Heading]
    title_year: str
    words: Vocabulary

    def read(self) -> RawTable:
        """Return the table with its columns, without rows.

        Raises
        ------
        InputError
            When a heading contradicts itself, or has a word that nothing explains.
        """
        told = _by_months({h.column: found for h in self.headings if (found := self._period_of(h)) is not None})
        named = {h.column: h for h in self.headings}
        barred = [named[c] for c in told if is_barred(named[c].meaning)]
        kept = {c: found for c, found in told.items() if named[c] not in barred}
        for column in kept:
            self._refuse_unknown(named[column])
        quarters = {c: found for c, found in kept.items() if isinstance(found, Period)}
        partial = {c: found for c, found in kept.items() if isinstance(found, When)}
        if kept or not barred:
            self._refuse_incomplete(quarters, partial)
        shares = frozenset(c for c in kept if "share" in named[c].meaning.kind_names)
        self._refuse_repeats(quarters, shares)
        others = [h for h in self.headings if h.column not in kept and _is_other(h)]
        for heading in others:
            self._refuse_stray_year(heading, quarters)
        passed = frozenset(c for c, role in self._roles.items() if role in ("ignored", "value") and c not in kept)
        return RawTable(
            self.grid,
            quarters,
            label_column=self.label_column,
            notes=tuple(self._notes([named[c] for c in kept], others)),
            partial=partial,
            roles=self._roles,
            ignored=passed | {h.column for h in others},
            shares=shares,
            barred="" if kept or not barred else self._why_barred(barred[0]),
            heading=self.rows[-1].number,
            title_year="" if self.title_year == IN_ROWS else self.title_year,
        )

    @property
    def _year_above(self) -> When:
        return When(years=(self.title_year,)) if self.title_year not in ("", IN_ROWS) else When()

    @property
    def _roles(self) -> dict[int, str]:
        return {h.column: h.role for h in self.headings if h.role}

    def _period_of(self, heading: Heading) -> Period | When | None:
        """The period of a column of figures, or the part of it that its heading tells; None for a column of anything
        else."""
        self._refuse_wrong(heading)
        when, roles = heading.meaning.when, set(self._roles.values())
        if heading.role == "value" and roles & TIME_ROLES:
            return when
        if heading.role or not (when.is_part_of_year or (when.has_year and roles & {"quarter", "month"})):
            return None
        if is_barred(heading.meaning):
            return when
        if when.days:
            when = self._dated(heading)
        try:
            period = read_period(when if when.has_year or roles & {"year", "period"} else when | self._year_above)
        except WrongPeriod as problem:
            raise InputError(self._says(heading, heading.text, str(problem))) from None
        return period or when

    def _dated(self, heading: Heading) -> When:
        """What a heading says whose day is the first or last of a period, like those of the other headings."""
        found = heading.meaning.when.dated(days_as_periods(self._days))
        if found is None:
            raise InputError(f"{self._place(heading)}: found {heading.text!r}, {NO_EDGE}; {HOW_TO_WRITE}.")
        return found

    @property
    def _days(self) -> list[date]:
        read = (h.meaning for h in self.headings if not h.role and not is_barred(h.meaning))
        return [day for meaning in read for day in meaning.when.days]

    # What is said

    def _place(self, heading: Heading) -> str:
        row = next(row for row in reversed(self.rows) if row.text(heading.column) or row is self.rows[0])
        return str(self.grid.address(row, heading.column))

    def _says(self, heading: Heading, text: str, problem: str) -> str:
        return f"{self._place(heading)}: found {text!r}, which {problem}; {HOW_TO_WRITE}."

    def _notes(self, kept: list[Heading], others: list[Heading]) -> list[str]:
        notes = [
            f"{self._place(h)}: {h.text!r} is provisional; read, and may still change."
            for h in kept
            if h.meaning.is_provisional
        ]
        dated = any(h.meaning.when.has_year for h in kept if not h.role)
        if self._year_above and not dated and any(h.meaning.when for h in kept):
            notes.append(
                f"{self.grid.address(self.rows[-1], 1)}: the heading names no year; it is read as {self.title_year}, "
                "the only one in the title above."
            )
        passed = [h for h in self.headings if h.role in ("ignored", "value") and h not in kept]
        for heading in [*others, *passed] if kept else []:
            why = self.words.describe(heading.meaning) or "no quarter and no month"
            notes.append(f"{self._place(heading)}: the column {heading.text!r} is not read ({why}).")
        return notes

    def _why_barred(self, heading: Heading) -> str:
        return (
            f"{self._place(heading)}: found {heading.text!r}, which is not the figure of a quarter "
            f"({self.words.describe(heading.meaning)}), and no other column is; give what was counted in each quarter "
            "in this area, under headings such as `Q1 2018/19`."
        )

    # What is refused

    def _refuse_wrong(self, heading: Heading) -> None:
        if not heading.meaning.when.wrong or is_barred(heading.meaning) or heading.role == "prose":
            return
        text, problem = heading.wrong
        expected = ""
        if problem.startswith("found quarter"):
            expected = "Quarter 1 to Quarter 4"
        elif "no financial year" in problem:
            is_both = bool(read_when(text)[0].quarters)
            expected = (
                "a quarter and a financial year such as Q1 2016/17" if is_both else "a financial year such as 2016/17"
            )
        if expected:
            raise InputError(f"{self._place(heading)}: found {text!r}, expected {expected}.")
        raise InputError(self._says(heading, text, problem))

    def _refuse_unknown(self, heading: Heading) -> None:
        if heading.meaning.left:
            unknown = " ".join(heading.meaning.left)
            raise InputError(
                f"{self._place(heading)}: found {heading.text!r}, and nothing says what {unknown!r} makes of the "
                "figures below; if it changes nothing, add it to plain_words in layouts.yml, and if the column is not "
                "the quarter's own figure, add its heading to ignored_headings there."
            )

    def _refuse_incomplete(self, quarters: dict[int, Period], partial: dict[int, When]) -> None:
        """Refuse quarters without a year, and years without a quarter, where no row tells the rest."""
        if (quarters and not partial) or (partial and set(self._roles.values()) & TIME_ROLES):
            return
        if partial and self.title_year == IN_ROWS and any(when.is_part_of_year for when in partial.values()):
            return
        if quarters or any(when.has_year for when in partial.values()):
            column, when = next(iter(partial.items()))
            heading = next(h for h in self.headings if h.column == column)
            what = "a quarter" if when.has_year else "a financial year"
            raise Misfit(f"{self._place(heading)}: expected {what} with {heading.text!r}; {HOW_TO_WRITE}.")
        whole = next((h for h in self.headings if _is_other(h) or h.meaning.when.years), None) if not partial else None
        if whole:
            what = self.words.describe(whole.meaning) or "a whole year, whose figure is made from its quarters"
            raise InputError(
                f"{self._place(whole)}: found {whole.text!r} ({what}), and no column is of a quarter or month; "
                f"{HOW_TO_WRITE}."
            )
        raise InputError(
            f"{self.grid.address(self.rows[0], self.label_column)}: expected a row of financial years below this "
            "heading, or one year in the title; write headings such as `Q1 2018/19`."
        )

    def _refuse_stray_year(self, heading: Heading, quarters: dict[int, Period]) -> None:
        """Refuse a year with a word that nothing explains, and one below no quarter where the others stand "
        "below one."""
        if is_barred(heading.meaning) or not heading.meaning.when:
            return
        self._refuse_unknown(heading)
        has_years_below = any(YEAR.search(self.rows[-1].text(c)) for c in quarters)
        if len(self.rows) > 1 and len(heading.texts) == 1 and heading.meaning.when.years and has_years_below:
            raise Misfit(
                f"{self._place(heading)}: the year {heading.text!r} stands under no heading such as 'Quarter 1'."
            )

    def _refuse_repeats(self, columns: dict[int, Period], shares: frozenset[int]) -> None:
        first: dict[tuple[Period, bool], int] = {}
        for column, period in columns.items():
            key = period, column in shares
            if key in first:
                name = f"{period.days[0]:%B}" if period.month else f"quarter {period.quarter}"
                letter = self.grid.address(self.rows[-1], first[key]).column_letter
                raise InputError(
                    f"{self.grid.address(self.rows[-1], column)}: {name} of {period.financial_year} already stands in "
                    f"column {letter}; expected each period once: take the older column out, or add its heading to "
                    "ignored_headings in layouts.yml."
                )
            first[key] = column


def _by_months(told: dict[int, Period | When]) -> dict[int, Period | When]:
    """The periods of columns; a quarter without a year that stands beside its own months is of their year."""
    months = {
        (period.quarter, period.financial_year)
        for period in told.values()
        if isinstance(period, Period) and period.month
    }
    years = {quarter: year for quarter, year in months if sum(one == quarter for one, _ in months) == 1}
    return {
        column: Period(years[found.quarters[0]], found.quarters[0])
        if isinstance(found, When) and not found.has_year and found.quarters and found.quarters[0] in years
        else found
        for column, found in told.items()
    }


def _is_other(heading: Heading) -> bool:
    """Whether a column is known to hold other figures: targets, changes, another area's, a whole year's."""
    return not heading.role and bool(is_barred(heading.meaning) or heading.meaning.kinds or heading.meaning.when)
