"""What other readers will not see, and why: for analysts only. In: unprotected data. Out: a table for the page on data
quality.
"""

from __future__ import annotations

import pandas as pd

from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.disclosure import Protected, protect
from swp_analysis.present.prose import Paragraph, Shown
from swp_analysis.present.tables import Table

COLUMNS = ["Indicator", "Financial year", "Figure", "Hidden from", "Why"]


def tabulate_suppression(data: Protected, audience: Audience, catalogue: Catalogue) -> Shown:
    """Every figure that an audience with small numbers hidden does not get; nothing but a sentence for such an audience
    itself, since even the list of reasons would tell it more than the pages do."""
    if audience.suppress_below:
        return Paragraph("Which figures are hidden, and why, is listed for the partnership's own analysts only.")
    hidden: dict[tuple[str, ...], list[str]] = {}
    logs: dict[int, pd.DataFrame] = {}
    for other in catalogue.audiences.values():
        if other.suppress_below:
            log = logs.setdefault(other.suppress_below, _log(data, catalogue, other.suppress_below))
            for row in log.itertuples(index=False):
                hidden.setdefault(tuple(row), []).append(other.label)
    rows = [
        [catalogue.indicators[name].label, display_year(year), _figure(quarter), " and ".join(readers), why]
        for (name, year, quarter, why), readers in hidden.items()
    ]
    if not rows:
        return Paragraph("No figure is hidden from anybody.")
    return Table("Figures that other readers don't see", COLUMNS, rows, frozenset(COLUMNS))


def _log(data: Protected, catalogue: Catalogue, threshold: int) -> pd.DataFrame:
    return protect(data.observations, data.baselines, data.totals, catalogue.indicators, threshold=threshold).log


def _figure(quarter: str) -> str:
    return f"Q{quarter}" if quarter.isdecimal() else {"year": "whole year"}.get(quarter, quarter)
