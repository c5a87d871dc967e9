"""Where each figure stands and what was said of it while it was read, as tables. In: the processed tables. Out: a
`ReadingRecord`, with nothing in it that an audience may not see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.exhibit import ABSENT, Bullets, Fold, Prose, Showable
from swp_analysis.present.phrases import say
from swp_analysis.present.table import Table


@dataclass(frozen=True)
class ReadingRecord:
    """Where each figure stands, what was decided on the way, what is due and has not come, and the indicator, year and
    quarter of each figure that its table calls provisional."""

    provenance: Fold
    decisions: Showable
    chase: Showable
    provisional: frozenset[tuple[str, str, int]] = frozenset()


def record_reading(tables: Mapping[str, pd.DataFrame], catalogue: Catalogue, *, show_text: bool) -> ReadingRecord:
    """Give the record of a build, by its `observations`, `decisions`, `provisional` figures and what is to `chase`;
    `show_text` where small numbers may be shown."""
    told = tables["provisional"].dropna(subset="quarter")
    own: Iterable[Any] = told[told["area_code"].isin(tables["observations"]["area_code"])].itertuples()
    return ReadingRecord(
        Fold("The cell of each figure", tabulate_provenance(tables["observations"], catalogue)),
        _list_decisions(tables, show_text=show_text),
        tabulate_chase(tables["chase"], catalogue),
        frozenset((row.indicator, row.financial_year, int(row.quarter)) for row in own),
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


def _list_decisions(tables: Mapping[str, pd.DataFrame], *, show_text: bool) -> Showable:
    if show_text:
        made = Bullets("", list(tables["decisions"]["decision"]), when_empty="No decision was needed.")
        return Fold(say("folded.decisions", count=len(made.items)), made) if made.items else made
    return Prose(say("provisional.tables" if len(tables["provisional"]) else "", "for_analysts"), ABSENT)
