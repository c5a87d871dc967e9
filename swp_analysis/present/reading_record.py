"""Where each figure stands and what was said of it while it was read, as tables. In: the processed tables. Out: a
`ReadingRecord`, with nothing in it that an audience may not see.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.ingest.formats.grid import name_of
from swp_analysis.ingest.records import MAY_CHANGE
from swp_analysis.present.exhibit import ABSENT, Bullets, Fold, Prose, Showable
from swp_analysis.present.phrases import say
from swp_analysis.present.table import Table

# What a note on provisional figures is about, by how ingest writes it; else the whole table.
A_CELL, A_ROW, A_COLUMN = "the figure", "the row", "'"
TOLD = re.compile(
    rf"(?P<table>.+?)(?:, row (?P<row>\d+), column (?P<column>[A-Z]+))?: (?P<what>{A_CELL}|{A_ROW}|{A_COLUMN}|the )"
)


@dataclass(frozen=True)
class ReadingRecord:
    """Where each figure stands, what was decided on the way, what is due and has not come, and the indicator, year and
    quarter of each figure that its table calls provisional."""

    provenance: Fold
    decisions: Showable
    chase: Showable
    provisional: frozenset[tuple[str, str, int]] = frozenset()


def record_reading(
    observations: pd.DataFrame, decisions: pd.DataFrame, chase: pd.DataFrame, catalogue: Catalogue, *, show_text: bool
) -> ReadingRecord:
    """Give the record of a build; `show_text` where small numbers may be shown."""
    return ReadingRecord(
        Fold("The cell of each figure", tabulate_provenance(observations, catalogue)),
        _list_decisions(decisions, show_text=show_text),
        tabulate_chase(chase, catalogue),
        find_provisional(observations, decisions),
    )


def find_provisional(observations: pd.DataFrame, decisions: pd.DataFrame) -> frozenset[tuple[str, str, int]]:
    """Find the figures that a cell, row, column, title or note of their table calls provisional."""
    told = [found.groupdict() for one in decisions["decision"] if MAY_CHANGE in one and (found := TOLD.match(one))]
    cells: Iterable[Any] = observations.itertuples() if told else ()
    return frozenset(
        (row.indicator, row.financial_year, int(row.quarter))
        for row in cells
        for one in told
        if one["table"] == name_of(row.source_file, row.source_sheet)
        and (one["what"] not in (A_CELL, A_ROW) or one["row"] == str(row.source_row))
        and (one["what"] not in (A_CELL, A_COLUMN) or one["column"] == row.source_column)
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
            label = catalogue.indicators[str(name)].label
            rows.append({"label": label, "year": display_year(str(year)), "place": where, "letters": letters})
    return Table.described("provenance", rows)


def tabulate_chase(chase: pd.DataFrame, catalogue: Catalogue) -> Showable:
    """Tabulate what is due, who gives it, and since when; a number of days would change the page every day."""
    if chase.empty:
        return Prose("No data are overdue.")
    overdue: list[Any] = list(chase.itertuples(index=False))
    labels = [catalogue.indicators[row.indicator].label for row in overdue]
    quarters = [f"Q{row.quarter} {display_year(row.financial_year)}" for row in overdue]
    return Table.described("overdue", overdue, label=labels, quarter=quarters)


def _list_decisions(decisions: pd.DataFrame, *, show_text: bool) -> Showable:
    if show_text:
        made = Bullets("", list(decisions["decision"]), when_empty="No decision was needed.")
        return Fold(say("folded.decisions", count=len(made.items)), made) if made.items else made
    changing = any(MAY_CHANGE in one for one in decisions["decision"])
    return Prose(say("provisional.tables" if changing else "", "for_analysts"), ABSENT)
