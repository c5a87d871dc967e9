"""Figures that can't all be true. In: a `Reading`. Out: nothing, or a refusal that names both cells.

Differences that may have a reason (a baseline that is not its quarters' sum) are reported by the quality room instead.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.engines.small_numbers.rounding import agrees_with_fraction
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import name_of
from swp_analysis.ingest.records import Reading

# The reported figures by indicator and first day of their period.
Figures = dict[tuple[str, str], dict[str, Any]]


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
    figures = _reported(reading)
    for indicator in catalogue.indicators.values():
        if indicator.numerator and indicator.denominator:
            _refuse_larger_parts(figures, indicator.numerator, indicator.denominator)


def drop_unread_future(reading: Reading, today: date) -> None:
    """Take out what a damaged heading left `unreadable` for quarters that have not begun."""
    reading.observations = [
        row for row in reading.observations if row["status"] != "unreadable" or row["period_start"] <= today.isoformat()
    ]


def _refuse_larger_parts(figures: Figures, part: str, whole: str) -> None:
    for (name, start), row in figures.items():
        other = figures.get((whole, start)) if name == part else None
        if other and row["value"] > other["value"]:
            raise InputError(
                f"{_place(row)}: found {row['raw_value']!r} for {part}, more than the {other['raw_value']!r} for "
                f"{whole} in {_place(other)}, of which it is a part."
            )


def note_other_shares(reading: Reading, catalogue: Catalogue) -> None:
    """Note each percentage that its own n and N, in rows of their own, contradict beyond rounding and cutting off.

    Which of the three is wrong can't be told, so all are kept as printed; no year is worked out from them.
    """
    figures = _reported(reading)
    for (name, start), row in figures.items():
        indicator = catalogue.indicators[name]
        named = [(part, start) for part in (indicator.numerator, indicator.denominator) if part]
        parts = [figures[key] for key in named if key in figures]
        if len(parts) < 2 or not parts[1]["value"]:
            continue
        n, total = (part["value"] for part in parts)
        if not agrees_with_fraction(f"{row['value']:g}", n, total):
            reading.notes.append(
                f"{_place(row)}: {row['raw_value']!r} stands beside {n:g} of {total:g} in {_place(parts[0])} and "
                f"{_place(parts[1])}, which is {100 * n / total:.2f}%; no year is worked out from them."
            )


def _reported(reading: Reading) -> Figures:
    return {(row["indicator"], row["period_start"]): row for row in reading.observations if row["status"] == "reported"}


def _place(row: dict[str, Any]) -> str:
    file = name_of(row["source_file"], row["source_sheet"])
    return f"{file}, row {row['source_row']}, column {row['source_column']}"
