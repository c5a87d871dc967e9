"""Rows of a table whose heading can't be read. In: the `Table` and its rows. Out: `unreadable` observations, and each
row listed with its text.

Their baselines aren't read either: a baseline belongs to the year before the newest one of the heading.
"""

from __future__ import annotations

from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.ingest.cells import UNREADABLE, shape_of
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.table import Table
from swp_analysis.ingest.timeline import Period


def list_row(table: Table, row: Row, indicator: Indicator | None, reading: Reading) -> None:
    """Keep a row's text; each period that the table is about is `unreadable` for what the row measures, if known."""
    where = table.grid.address(row, table.label_column)
    text = row.in_one_line
    name = f"{indicator.label}: " if indicator else ""
    reading.unread.append(Unread(where, text, f"{name}{table.doubt}"))
    for period in _periods(table, reading):
        for measured in shape_of(indicator).indicators if indicator else ():
            reading.add_observation(measured, period, UNREADABLE, where, text)


def _periods(table: Table, reading: Reading) -> list[Period]:
    """The quarters of the folder's year, and of the earlier ones that the heading names."""
    years = sorted({year for year in table.years if year < reading.financial_year} | {reading.financial_year})
    return [Period(year, quarter) for year in years for quarter in QUARTERS]
