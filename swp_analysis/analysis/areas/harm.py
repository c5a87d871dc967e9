"""Counts weighed by harm, only with the user's own weights. In: a weights file and recorded crime. Out: `AreaHarm`.

No weights ship: a list such as the Cambridge Crime Harm Index or the ONS severity score is the user's choice, and
dated.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swp_analysis.analysis.areas.series import latest_year, require_area
from swp_analysis.analysis.harm import Severity, severity_score
from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import find_offence
from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.sheets import read_sheets


@dataclass(frozen=True)
class AreaHarm:
    """`frame`: a row an offence group with `count`, `weight` and the share of each; `covered`: the share weighed."""

    frame: pd.DataFrame
    severity: Severity
    covered: float
    weights: str
    period: tuple[str, str]
    source: str
    edition: str


def read_weights(path: Path) -> dict[str, float]:
    """Read the weight by offence code from a CSV or workbook with the columns `offence_code` and `weight`.

    Raises
    ------
    InputError
        When the columns are missing or a weight is no number above zero.
    """
    if not path.is_file():
        raise InputError(f"There is no weights file {path.name}; give a CSV with the columns offence_code and weight.")
    rows = list(next(iter(read_sheets(path))).rows)
    headings = [str(cell).strip().casefold() for cell in rows[0]] if rows else []
    if not {"offence_code", "weight"} <= set(headings):
        raise InputError(
            f"{path.name}, row 1: the columns offence_code and weight are needed; found "
            f"{', '.join(headings) or 'nothing'}."
        )
    code, weight = headings.index("offence_code"), headings.index("weight")
    found = {}
    for number, cells in enumerate(rows[1:], start=2):
        try:
            found[str(cells[code]).strip()] = float(str(cells[weight]).replace(",", ""))
        except (ValueError, IndexError):
            raise InputError(f"{path.name}, row {number}: the weight is no number; write it like 746 or 2.5.") from None
    return found


def weigh_harm(data: OpenData, area: Area, weights: Path, year: str = "") -> AreaHarm:
    """Weigh the crimes of a year by offence code.

    Raises
    ------
    InputError
        When the weights can't be read, or no table has the area's crimes by offence code.
    """
    require_area(area)
    weight_of = read_weights(weights)
    found = latest_year(data, area, "total", year)
    by_code = _count_codes(data, area, found)
    known = by_code[by_code["offence_code"].isin(list(weight_of)) & (by_code["count"] > 0)]
    harm = known["count"] * known["offence_code"].astype(str).map(weight_of).astype(float)
    frame = known.assign(weight=harm).groupby("offence_group", observed=True)[["count", "weight"]].sum()
    shares = frame / frame.sum()
    frame = frame.assign(count_share=shares["count"], harm_share=shares["weight"])
    counts = known.set_index("offence_code")["count"]
    covered = float(counts.sum() / by_code["count"].clip(lower=0).sum())
    severity = severity_score({str(code): float(n) for code, n in counts.items()}, weight_of)
    frame, period = frame.sort_values("harm_share", ascending=False), (found["period_start"], found["period_end"])
    return AreaHarm(frame.reset_index(), severity, covered, weights.name, period, found["source"], found["edition"])


def _count_codes(data: OpenData, area: Area, found: pd.Series) -> pd.DataFrame:
    """The year's crimes by offence code, without fraud."""
    rows = data.recorded_crime(area.force_code)
    own = rows[(rows["area_code"] == area.area_code) & (rows["edition"] == found["edition"])]
    own = own[(own["offence_code"] != "") & find_offence("total").rows_of(own)]
    within = (own["period_start"].astype(str) >= found["period_start"]) & (
        own["period_end"].astype(str) <= found["period_end"]
    )
    if not within.any():
        raise InputError(
            f"Harm needs crimes by offence code, and no table here has them for {area.name}; swp fetch crime brings "
            "them."
        )
    return own[within].groupby(["offence_group", "offence_code"], observed=True)["count"].sum().reset_index()
