"""What is known of one table before its rows are read: the models `HeadedColumn` and `RawTable`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from swp_analysis.catalogue.models import Snapshot, UnnamedColumn
from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Grid, Place, Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import pattern, plain
from swp_analysis.ingest.timeline import Period, When, days_as_periods, month_period
from swp_analysis.ingest.words import OF_SOME_COLUMNS

# The columns that may hold the labels; those in which rows say what period they are of; and what else they are.
LABEL_ROLES = ("label", "definition", "qualifier")
TIME_ROLES = {"year", "quarter", "month", "period"}
ROW_ROLES = {"qualifier", "area", *TIME_ROLES}


@dataclass(frozen=True)
class HeadedColumn:
    """The heading cells of one column, top to bottom, what they mean together, and the role of a column that holds no
    figures of a period: one of `words.yml`, `owner` or `baseline`."""

    number: int
    texts: tuple[str, ...] = ()
    meaning: Meaning = field(default_factory=Meaning)
    role: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def is_barred(self) -> bool:
        """Whether the words say that the figures are others than those of this area and period."""
        return bool(self.meaning.other_areas or self.meaning.kind_names - {"share", *OF_SOME_COLUMNS})

    @property
    def is_other(self) -> bool:
        """Whether the column is known to hold other figures: targets, changes, another area's, a whole year's."""
        return not self.role and bool(self.is_barred or self.meaning.kinds or self.meaning.when)


@dataclass(frozen=True)
class RawTable:
    """Rows of KPI figures under one heading; columns count from 1.

    `figures` are the columns that are read, each with its period, or the part of it that the heading tells. `barred`
    says why nothing of the table is read, though every word is understood. With `doubt` no column is known: its heading
    is damaged, and names the `years`. `told_cells` says by place which figures a note says to be others;
    `called_provisional` are the places that a title or note calls so, 0 for every row or column, and `noted` the rows
    of words of which it is said that they do.
    """

    grid: Grid
    rows: tuple[Row, ...] = ()
    label_column: int = 1
    heading: int = 0
    columns: dict[int, HeadedColumn] = field(default_factory=dict)
    figures: dict[int, Period | When] = field(default_factory=dict)
    title_year: str = ""
    said: Meaning = field(default_factory=Meaning)
    notes: tuple[str, ...] = ()
    barred: str = ""
    doubt: str = ""
    years: tuple[str, ...] = ()
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    unnamed: dict[int, UnnamedColumn] = field(default_factory=dict)
    told_cells: dict[Place, str] = field(default_factory=dict)
    noted: frozenset[int] = frozenset()
    called_provisional: frozenset[Place] = frozenset()

    @cached_property
    def roles(self) -> dict[int, str]:
        """What the columns beside the figures are about."""
        return {number: column.role for number, column in self.columns.items() if column.role}

    def called(self, *roles: str) -> frozenset[int]:
        """Give the columns with one of these roles."""
        return frozenset(number for number, role in self.roles.items() if role in roles)

    @cached_property
    def figure_columns(self) -> list[int]:
        return sorted(self.figures or self.snapshots)

    @cached_property
    def shares(self) -> frozenset[int]:
        """The columns of figures that hold percentages."""
        return frozenset(c for c in self.figures if "share" in self.columns[c].meaning.kind_names)

    @cached_property
    def is_complete(self) -> bool:
        """Whether the heading alone says what period each column is of."""
        return all(isinstance(found, Period) for found in self.figures.values())

    @cached_property
    def words_around(self) -> tuple[str, ...]:
        """The sheet's name, the titles and the notes."""
        lines = (row.in_one_line for row in self.grid.rows if len(row.filled) == 1)
        return (self.grid.sheet, *(one.text for one in (*self.grid.above, *self.grid.below)), *lines)

    @cached_property
    def taken_on(self) -> date | None:
        """The last day on which the words around the table say that its figures were taken, if any do."""
        found = (pattern("taken").search(text) for text in self.words_around if self.grid.has_cells)
        told = [read_when(one["day"])[0] for one in found if one]
        begins = int(self.newest_year[:4] or 0)
        ends = [month_period(y or begins + (m < 4), m).days[1] for one in told for m, y in one.months if y or begins]
        return max((*ends, *(day for when in told for day in when.days)), default=None)

    @cached_property
    def row_days(self) -> dict[date, Period]:
        """The periods that the days in the rows are about."""
        days = [day for row in self.rows for c in self.called(*TIME_ROLES) for day in read_when(row.text(c))[0].days]
        roles = self.roles.values()
        return days_as_periods(days, next((role for role in roles if role in ("month", "quarter")), ""))

    @cached_property
    def rows_above_blanks(self) -> dict[tuple[int, int], Row]:
        """By row number and column, for a blank in a column that tells something of its rows, the row above whose words
        still hold: they were typed once, or stand in merged cells."""
        found: dict[tuple[int, int], Row] = {}
        last: dict[int, Row] = {}
        for row in self.rows if self.grid.has_cells else ():
            last = {} if row.filled == [self.label_column] else last
            for column in self.called(*ROW_ROLES):
                if row.text(column):
                    last[column] = row
                elif column in last:
                    found[row.number, column] = last[column]
        return found

    @property
    def rows_with_figures(self) -> Iterator[tuple[str, Row]]:
        """Give each row of figures with the line of words that it stands under."""
        section = ""
        for row in self.rows:
            if row.filled == [self.label_column]:
                section = row.text(self.label_column)
            elif any(map(row.text, self.figures)):
                yield section, row

    @cached_property
    def areas_named(self) -> frozenset[str]:
        """The texts in columns of areas, each once."""
        return frozenset(row.text(c) for c in self.called("area") for row in self.rows)

    @cached_property
    def parting(self) -> dict[int, set[int]]:
        """By row number, the columns of bodies in which rows of one label and period differ: each has a part of it."""
        alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        label = section = ""
        for row in self.rows if self.grid.has_cells else ():
            section = str(row.number) if row.filled == [self.label_column] else section
            columns = sorted(self.called(*ROW_ROLES))
            label = row.text(self.label_column) or (label if any(map(row.text, columns)) else str(row.number))
            above = (self.rows_above_blanks.get((row.number, c), row).text(c) for c in columns)
            alike[section, plain(label), *above].append(row)
        found: dict[int, set[int]] = {}
        for rows in alike.values():
            texts = {c: [plain(row.text(c)) for row in rows] for c in self.called("body", "owner")}
            parting = {c for c, told in texts.items() if all(told) and len(set(told)) > 1}
            found |= {row.number: parting for row in rows if parting}
        return found

    def without(self, columns: set[int]) -> RawTable:
        """Give the table with some columns passed over."""
        return replace(self, figures={c: found for c, found in self.figures.items() if c not in columns})

    @cached_property
    def passed_over(self) -> frozenset[int]:
        """The columns that are known, and hold no figure that is read and no commentary."""
        known = {c for c, column in self.columns.items() if column.role or column.is_other} | self.counted_beside
        return frozenset(known | self.grid.hidden) - self.called("prose", "owner", "baseline") - self.figures.keys()

    @cached_property
    def counted_beside(self) -> frozenset[int]:
        """The columns that hold nothing but numbers under words that nothing explains and that name no period: they
        count something else, where every column of figures holds some. `Revised` may be the same figures again."""
        texts = {c: [text for row in self.rows if (text := row.text(c))] for c in {*self.columns, *self.figures}}
        wordless = {c for c, found in texts.items() if not any(map(WORDS.search, found))}
        numbers = {c for c in wordless if any(map(LONE_FIGURE.fullmatch, texts[c]))}
        unknown = {c for c, one in self.columns.items() if one.meaning.left and not (one.role or one.is_other)}
        is_whole = all(any(map(LONE_FIGURE.fullmatch, texts[c])) for c in self.figures)
        return frozenset(numbers & unknown - self.figures.keys()) if is_whole and self.grid.has_cells else frozenset()

    @property
    def newest_year(self) -> str:
        periods = [found.financial_year for found in self.figures.values() if isinstance(found, Period)]
        return max(periods, default=self.title_year)

    def joined(self, row: Row, column: int) -> str:
        """Give a cell with the pieces of it that stand in the following columns, up to the next that has a heading."""
        end = min((other for other in self.columns if other > column), default=len(row.cells) + 1)
        return " ".join(printed for c in range(column, end) if (printed := row.printed(c)).strip())


def with_its_heading(text: str, role: str) -> str:
    """Give a cell as its column's heading makes it read: `1` under `Quarter` is Q1, `June 2018` the quarter to June."""
    when = read_when(text)[0]
    is_last_month = role == "quarter" and len(when.months) == 1 and not (when.quarters or when.spans or when.days)
    is_digit = role in ("quarter", "month") and text.isdigit()
    return f"quarter to {text}" if is_last_month else f"{role} {text}" if is_digit else text
