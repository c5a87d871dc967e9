"""How the raw tables were read. In: the processed tables. Out: a `ReadingRecord` for the data-quality page.

Where a figure stands is shown to everyone; what was decided while reading quotes cells, so only analysts see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.exhibit import Cell, Table
from swp_analysis.present.numbers import write_day
from swp_analysis.present.prose import Bullets, Fold, Paragraph, Shown


@dataclass(frozen=True)
class ReadingRecord:
    """Where each figure stands, what was decided on the way, and what is due and has not come."""

    provenance: Fold
    decisions: Shown
    chase: Shown


def record_reading(
    observations: pd.DataFrame, decisions: pd.DataFrame, chase: pd.DataFrame, catalogue: Catalogue, *, show_text: bool
) -> ReadingRecord:
    """The record of a build; `show_text` where small numbers may be shown."""
    return ReadingRecord(
        Fold("The cell of each figure", tabulate_provenance(observations, catalogue)),
        _list_decisions(decisions, show_text=show_text),
        tabulate_chase(chase, catalogue),
    )


def tabulate_provenance(observations: pd.DataFrame, catalogue: Catalogue) -> Table:
    """For each indicator and year the cells that its figures come from, as a person would point at them."""
    place = ["source_file", "source_sheet", "source_row"]
    in_time = observations.sort_values("period_start", kind="stable")
    rows = []
    for (name, year), figures in in_time.groupby(["indicator", "financial_year"], sort=False):
        for (file, sheet, row), cells in figures.groupby(place, sort=False):
            letters = ", ".join(dict.fromkeys(cells["source_column"]))
            where = ", ".join(filter(None, (str(file), str(sheet), f"row {row}")))
            rows.append([catalogue.indicators[str(name)].label, display_year(str(year)), where, letters])
    columns = ["Indicator", "Year", "File and row", "Columns, in order of time"]
    return Table("Source of each figure", columns, rows)


def tabulate_chase(chase: pd.DataFrame, catalogue: Catalogue) -> Shown:
    """Figures that are due and have not come, who gives them, and since when.

    The number of days stands in `chase.csv` and in the build's log: on a page it would change every day.
    """
    if chase.empty:
        return Paragraph("No data are overdue.")
    overdue: Iterable[Any] = chase.itertuples(index=False)
    rows: list[list[Cell]] = [
        [
            row.owner,
            catalogue.indicators[row.indicator].label,
            f"Q{row.quarter} {display_year(row.financial_year)}",
            write_day(row.due),
        ]
        for row in overdue
    ]
    columns = ["Owner", "Indicator", "Quarter", "Due since"]
    return Table("Overdue data", columns, rows)


def _list_decisions(decisions: pd.DataFrame, *, show_text: bool) -> Shown:
    if show_text:
        return Bullets("", list(decisions["decision"]), when_empty="No decision was needed.")
    return Paragraph("What was decided while reading the tables is in the analysts' edition.")
