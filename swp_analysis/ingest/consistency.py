"""Figures that can't all be true. In: a `Reading`. Out: nothing, or a refusal that names both cells.

Differences that may have a reason (a baseline that is not its quarters' sum) are reported by the quality room instead.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import name_of
from swp_analysis.ingest.records import Reading


def refuse_impossible(reading: Reading, catalogue: Catalogue, today: date) -> None:
    """Refuse a figure of the future, and a part that is larger than its whole.

    Raises
    ------
    InputError
        For the first figure that can't be true.
    """
    for row in reading.observations:
        # A blank in a quarter that has not begun is what a form looks like; a figure there is a slip of a column.
        if row["period_start"] > today.isoformat() and row["status"] in ("reported", "suppressed"):
            raise InputError(
                f"{_place(row)}: found {row['raw_value']!r} for quarter {row['quarter']} of {row['financial_year']}, "
                "which lies in the future; expected a blank."
            )
    figures = {
        (row["indicator"], row["period_start"]): row for row in reading.observations if row["status"] == "reported"
    }
    for indicator in catalogue.indicators.values():
        if indicator.numerator and indicator.denominator:
            _refuse_larger_parts(figures, indicator.numerator, indicator.denominator)


def drop_unread_future(reading: Reading, today: date) -> None:
    """Take out what a damaged heading left `unreadable` for quarters that have not begun."""
    reading.observations = [
        row for row in reading.observations if row["status"] != "unreadable" or row["period_start"] <= today.isoformat()
    ]


def _refuse_larger_parts(figures: dict[tuple[str, str], dict[str, Any]], part: str, whole: str) -> None:
    for (name, start), row in figures.items():
        other = figures.get((whole, start)) if name == part else None
        if other and row["value"] > other["value"]:
            raise InputError(
                f"{_place(row)}: found {row['raw_value']!r} for {part}, more than the {other['raw_value']!r} for "
                f"{whole} in {_place(other)}, of which it is a part."
            )


def _place(row: dict[str, Any]) -> str:
    file = name_of(row["source_file"], row["source_sheet"])
    return f"{file}, row {row['source_row']}, column {row['source_column']}"
