"""What is known of one table before its rows are read. In: nothing. Out: the model `Table`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from swp_analysis.catalogue.models import Snapshot, UnnamedColumn
from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.timeline import Period, When, days_as_periods
from swp_analysis.ingest.words import Meaning

# The columns in which rows say what period they are of.
TIME_ROLES = {"year", "quarter", "month", "period"}


@dataclass(frozen=True)
class Table:
    """Rows of KPI figures under one heading; columns count from 1.

    `barred` says why nothing of it is read, though every word is understood. With `doubt` no column is known: its
    heading is damaged, and names the `years`.
    """

    grid: Grid
    quarters: dict[int, Period]
    rows: tuple[Row, ...]
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    unnamed: dict[int, UnnamedColumn] = field(default_factory=dict)
    label_column: int = 1
    ignored: frozenset[int] = frozenset()
    headed: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    doubt: str = ""
    heading: int = 0
    years: tuple[str, ...] = ()
    partial: dict[int, When] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    shares: frozenset[int] = frozenset()
    barred: str = ""
    title_year: str = ""
    said: Meaning = field(default_factory=Meaning)

    @cached_property
    def row_days(self) -> dict[date, Period]:
        """The periods that the days in the rows are about."""
        columns = {column: role for column, role in self.roles.items() if role in TIME_ROLES}
        days = [day for row in self.rows for column in columns for day in read_when(row.text(column))[0].days]
        return days_as_periods(days, next((role for role in columns.values() if role in ("month", "quarter")), ""))

    @property
    def text_columns(self) -> frozenset[int]:
        """The columns of commentary."""
        return self._called("prose")

    @property
    def owner_columns(self) -> frozenset[int]:
        """The columns of data owners."""
        return self._called("owner")

    @property
    def baseline_column(self) -> int:
        """The column of baselines, or 0."""
        return min(self._called("baseline"), default=0)

    def _called(self, role: str) -> frozenset[int]:
        return frozenset(column for column, own in self.roles.items() if own == role)

    @property
    def passed_over(self) -> frozenset[int]:
        """The columns that are known, and hold no figure of this table and no commentary."""
        others = {c for c, role in self.roles.items() if role not in ("prose", "owner", "baseline")}
        return (self.ignored | others | self.shares | set(self.partial) | self.grid.hidden) - set(self.quarters)

    @property
    def newest_year(self) -> str:
        return max((period.financial_year for period in self.quarters.values()), default=self.title_year)

    def joined(self, row: Row, column: int) -> str:
        """Give a cell with the pieces of it that stand in the following columns, up to the next that has a heading."""
        end = min((other for other in self.headed if other > column), default=len(row.cells) + 1)
        return " ".join(printed for c in range(column, end) if (printed := row.printed(c)).strip())
