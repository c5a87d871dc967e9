"""Counts weighed by harm, only with the user's own weights. In: a weights file and recorded crime. Out: `AreaHarm`.

No weights ship: a list such as the Cambridge Crime Harm Index or the ONS severity score is the user's choice, and
dated.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swp_analysis.analysis.areas.series import read_area_series, require_area
from swp_analysis.analysis.harm import Severity, severity_score
from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.layouts import read_tables
from swp_analysis.open_data.offences import find_offence
from swp_analysis.open_data.reader import OpenData

KEYS = ["period_end", "source", "edition"]


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
    table = next(read_tables(path, ["harm_weights"]), None)
    if table is None:
        raise InputError(f"{path.name}, row 1: the columns offence_code and weight are needed.")
    frame = table.frame[table.frame["code"] != ""]
    weights = pd.to_numeric(frame["weight"].str.replace(",", ""), errors="coerce")
    if wrong := frame["row"][weights.isna()].tolist():
        raise InputError(f"{path.name}, row {wrong[0]}: the weight is no number; write it like 746 or 2.5.")
    return dict(zip(frame["code"], weights.astype(float), strict=True))


def weigh_harm(data: OpenData, area: Area, weights: Path, year: str = "") -> AreaHarm:
    """Weigh the crimes of a year by offence code.

    Raises
    ------
    InputError
        When the weights can't be read, or no table has the area's crimes by offence code.
    """
    require_area(area)
    weight_of = read_weights(weights)
    quarters = _find_quarters(data, area, year)
    by_code = _count_codes(data, area, quarters)
    known = by_code[by_code["offence_code"].isin(list(weight_of)) & (by_code["count"] > 0)]
    harm = known["count"] * known["offence_code"].astype(str).map(weight_of).astype(float)
    frame = known.assign(weight=harm).groupby("offence_group", observed=True)[["count", "weight"]].sum()
    shares = frame / frame.sum()
    frame = frame.assign(count_share=shares["count"], harm_share=shares["weight"])
    counts = known.set_index("offence_code")["count"]
    covered = float(counts.sum() / by_code["count"].clip(lower=0).sum())
    severity = severity_score({str(code): float(n) for code, n in counts.items()}, weight_of)
    period = quarters["period_start"].iloc[0], quarters["period_end"].iloc[-1]
    source, edition = (str(quarters[name].iloc[-1]) for name in ("source", "edition"))
    frame = frame.sort_values("harm_share", ascending=False).reset_index()
    return AreaHarm(frame, severity, covered, weights.name, period, source, edition)


def _find_quarters(data: OpenData, area: Area, year: str) -> pd.DataFrame:
    """The four quarters of the year, or the newest four, that a table has by offence code."""
    try:
        known = read_area_series(data, area, "total").reported
    except InputError:
        known = pd.DataFrame(columns=["financial_year"])
    quarters = known[known["financial_year"] == year.replace("/", "-")] if year else known.tail(4)
    if len(quarters) < 4:
        raise InputError(
            f"Harm needs crimes by offence code, and no table here has a year of them for {area.name}; swp fetch crime "
            "brings them."
        )
    return quarters


def _count_codes(data: OpenData, area: Area, quarters: pd.DataFrame) -> pd.DataFrame:
    """Crimes of the quarters by offence code, each from its best edition, without fraud."""
    rows = data.recorded_crime(area.force_code)
    own = rows[
        (rows["area_code"] == area.area_code) & (rows["offence_code"] != "") & find_offence("total").rows_of(rows)
    ]
    chosen = own.astype({name: str for name in KEYS}).merge(quarters[KEYS], on=KEYS)
    return chosen.groupby(["offence_group", "offence_code"], observed=True)["count"].sum().reset_index()
