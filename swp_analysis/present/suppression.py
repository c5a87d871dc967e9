"""What other readers will not see, and why: for analysts only. In: unprotected data. Out: a table for the page on data
quality.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.catalogue.periods import display_year
from swp_analysis.disclosure import Protected, protect
from swp_analysis.errors import RunError
from swp_analysis.present.exhibit import Table
from swp_analysis.present.prose import Fold, Paragraph, Shown, Stack

COLUMNS = ["Indicator", "Financial year", "Figure", "Withheld from", "Why"]
FOR_ANALYSTS = "Which figures are withheld, and why, is listed for the partnership's own analysts only."


def tabulate_suppression(
    data: Protected, audience: Audience, catalogue: Catalogue, earlier: Sequence[Protected] = ()
) -> Shown:
    """Every figure that an audience with small numbers hidden does not get beside the `earlier` editions; nothing but a
    sentence for such an audience itself, since even the list of reasons would tell it more than the pages do."""
    if audience.suppress_below:
        return Paragraph(FOR_ANALYSTS)
    readers: dict[int, list[str]] = {}
    for other in catalogue.audiences.values():
        if other.suppress_below:
            readers.setdefault(other.suppress_below, []).append(other.label)
    parts = [_tabulate(data, least, " and ".join(labels), catalogue, earlier) for least, labels in readers.items()]
    return parts[0] if len(parts) == 1 else Stack(parts)


def _tabulate(
    data: Protected, threshold: int, readers: str, catalogue: Catalogue, earlier: Sequence[Protected]
) -> Shown:
    try:
        hidden = protect(*data.frames, catalogue.indicators, threshold=threshold, earlier=earlier)
    except RunError as error:
        return Paragraph(f"{readers}: no edition can be made from these tables. {error}", "cannot-tell")
    if hidden.log.empty:
        return Paragraph(f"{readers}: no figure is withheld.")
    rows = [_row(row, readers, catalogue) for row in hidden.log.itertuples(index=False)]
    note = f"{readers}: {hidden.loss}."
    title = f"Figures withheld from other readers: {readers}"
    return Fold(f"{title} ({len(rows)})", Table(title, COLUMNS, rows, note))


def _row(row, readers: str, catalogue: Catalogue) -> list[str]:
    label = catalogue.indicators[row.indicator].label
    return [label, display_year(row.financial_year), _figure(row.quarter), readers, row.why]


def _figure(quarter: str) -> str:
    if quarter.isdecimal():
        return f"Q{quarter}"
    if quarter[:4].isdecimal():
        return f"{date.fromisoformat(quarter):%B %Y}"
    return {"year": "whole year"}.get(quarter, quarter)
