"""Which financial years there are, and which one is meant. In: `data/raw` and what a person typed. Out: ids of years.

Imports nothing heavy: an unchanged edition is recognised without reading a single table.
"""

from __future__ import annotations

from pathlib import Path

from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError


def raw_years(raw: Path) -> list[str]:
    """Give the financial years that have a folder in `data/raw`, oldest first."""
    return sorted(year for folder in raw.iterdir() if folder.is_dir() and (year := read_financial_year(folder.name)))


def choose_year(raw: Path, wanted: str | None) -> str:
    """Choose the year asked for, or the newest; an `InputError` names the years that exist."""
    years = raw_years(raw)
    if not years:
        raise InputError("data/raw holds no folder of a financial year such as 2017-18.")
    if wanted is None:
        return years[-1]
    year = read_financial_year(wanted)
    if year is None:
        raise InputError(f"{wanted!r} is not a financial year; write it like {years[-1]}.")
    if year not in years:
        raise InputError(f"There is no folder data/raw/{year}; the years with data are {', '.join(years)}.")
    return year
