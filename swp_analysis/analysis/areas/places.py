"""Where in an area: counts by ward or LSOA from data.police.uk. In: `OpenData`. Out: a frame a unit; nothing of
streets.

A month or type that was not supplied is left out of every unit and said, so that the units stay comparable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from swp_analysis.analysis.areas.series import read_month
from swp_analysis.errors import InputError, require_choice
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED, REPORTED
from swp_analysis.open_data.small_areas import Outline
from swp_analysis.open_data.street import STREET_KINDS

UNITS = ("ward", "lsoa", "month", "area")
NO_WARD = "in more than one ward"


@dataclass(frozen=True)
class PlaceCounts:
    """`frame`: a row a unit with `code, name, count`; `missing`: months and types that were not supplied."""

    area: Area
    unit: str
    frame: pd.DataFrame
    missing: pd.DataFrame
    months: tuple[str, str]
    types: tuple[str, ...]
    source: str
    edition: str
    vintage: str

    @property
    def total(self) -> int:
        return int(self.frame["count"].sum())

    @property
    def half(self) -> int:
        """How many units, the fullest first, hold half of the total."""
        rising = self.frame["count"].sort_values(ascending=False).cumsum()
        return int((rising < self.total / 2).sum()) + 1 if self.total else 0


def count_places(
    data: OpenData,
    area: Area,
    unit: str = "ward",
    months: tuple[str, str] = ("", ""),
    types: Sequence[str] = (),
    kind: str = "street",
) -> PlaceCounts:
    """Count crimes of an area, or of a whole force, by unit.

    Parameters
    ----------
    unit : "ward", "lsoa", "month" (by month and type) or "area".
    months : first and last, like "2018-01"; empty for the first or last there is.
    types : crime types, as data.police.uk writes them; default all.
    kind : "street", "outcomes" or "stop_and_search".

    Raises
    ------
    InputError
        When no files are here, or none of these months or types.
    """
    require_choice("unit of places", unit, UNITS)
    require_choice("kind of street file", kind, STREET_KINDS)
    sent = data.street(area.area_code, kind)
    spelled = {name.casefold(): name for name in sent["crime_type"].unique()}
    types = [spelled.get(name.casefold(), name) for name in types]
    rows = _choose(sent, months, types, area)
    supplied = rows[rows["status"] == REPORTED]
    if unit in ("ward", "lsoa") and (supplied["unit_code"] == "").all():
        raise InputError(f'{area.name} is a whole force here; ask for one of its partnerships, or unit="month".')
    missing = rows.loc[rows["status"] == NOT_SUPPLIED, ["month", "crime_type"]].reset_index(drop=True)
    span = (rows["month"].min(), rows["month"].max())
    count = {"ward": _by_ward, "lsoa": _by_unit, "month": _by_month, "area": _by_type}[unit]
    frame = count(data, area, supplied, missing)
    vintages = "/".join(sorted(filter(None, supplied["vintage"].unique())))
    return PlaceCounts(area, unit, frame, missing, span, tuple(types), kind, str(rows["edition"].max()), vintages)


def _choose(rows: pd.DataFrame, months: tuple[str, str], types: Sequence[str], area: Area) -> pd.DataFrame:
    ends = months[0] or rows["month"].min(), months[1] or rows["month"].max()
    first, last = (read_month(str(month)) for month in ends)
    if not (first and last):
        raise InputError(f"{ends[bool(first)]!r} is no month; write it like 2025-06 or June 2025.")
    unknown = sorted(set(types) - set(rows["crime_type"]))
    if unknown:
        there = ", ".join(sorted(set(rows["crime_type"]) - {""}))
        raise InputError(f"{area.name} has no crime type {unknown[0]}; there are {there}.")
    chosen = rows[(rows["month"] >= first) & (rows["month"] <= last)]
    chosen = chosen[chosen["crime_type"].isin([*types, ""])] if types else chosen
    if not (chosen["status"] == REPORTED).any():
        raise InputError(
            f"No month from {first} to {last} is here for {area.name}; the months are {rows['month'].min()} to "
            f"{rows['month'].max()}."
        )
    return chosen


def _by_unit(data: OpenData, area: Area, rows: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    """A row for each unit of the area, also one without a crime."""
    counts = rows.groupby("unit_code")["count"].sum()
    every = data.units.loc[data.units["la_code"].isin(area.la_codes), "unit_code"].unique()
    counts = counts.reindex(counts.index.union(pd.Index(every))).fillna(0).astype(int)
    return counts.rename_axis("code").reset_index().assign(name=lambda f: f["code"])[["code", "name", "count"]]


def _by_ward(data: OpenData, area: Area, rows: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    own = data.units[data.units["la_code"].isin(area.la_codes)]
    wards = own.loc[own["ward_code"] != "", ["ward_code", "ward"]]
    if wards.empty:
        raise InputError(
            f'No look-up says which ward of {area.name} an LSOA is in; swp fetch areas brings it, or use unit="lsoa".'
        )
    names = wards.drop_duplicates().set_index("ward_code")["ward"].to_dict()
    counts = rows.groupby("ward_code")["count"].sum().to_dict()
    found = [(code, name, int(counts.get(code, 0))) for code, name in names.items()]
    rest = [("", NO_WARD, int(counts[""]))] if counts.get("", 0) else []  # stands last, since it is no place
    return pd.DataFrame([*sorted(found, key=lambda row: -row[2]), *rest], columns=["code", "name", "count"])


def _by_month(data: OpenData, area: Area, rows: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    """Counts by month and type; not supplied stays empty, and what a supplied month lacks is zero."""
    months = [str(month) for month in pd.period_range(rows["month"].min(), rows["month"].max(), freq="M")]
    grid = rows.pivot_table(index="month", columns="crime_type", values="count", aggfunc="sum").reindex(months)
    grid = grid.astype("Float64").fillna(0)
    for month, kind in missing.itertuples(index=False):
        grid.loc[month, kind if kind else grid.columns] = pd.NA
    tall = grid.astype("Int64").reset_index().melt("month", value_name="count", var_name="crime_type")
    tall = tall.sort_values(["month", "crime_type"], ignore_index=True)
    return tall.assign(code=tall["month"], name=tall["crime_type"])[["code", "name", "month", "crime_type", "count"]]


def _by_type(data: OpenData, area: Area, rows: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    counts = rows.groupby("crime_type")["count"].sum().astype(int).sort_values(ascending=False)
    return counts.rename_axis("name").reset_index().assign(code=area.area_code)[["code", "name", "count"]]


def outlines_for(data: OpenData, codes: set[str], unit: Literal["ward", "LSOA"]) -> list[Outline]:
    """Give the outlines of the units with these codes, of the same vintage.

    Raises
    ------
    InputError
        When outlines are missing, or are of another vintage, since codes of two vintages are never joined.
    """
    kind = "WD" if unit == "ward" else "LSOA"
    drawn = [outline for outline in data.outlines if outline.vintage.startswith(kind)]
    if kind == "LSOA":
        keys = zip(data.units["vintage"], data.units["lsoa_code"], strict=True)
        units = dict(zip(keys, data.units["unit_code"].astype(str), strict=True))
        drawn = [replace(one, code=units.get((one.vintage[4:], one.code), one.code)) for one in drawn]
    fitting = [outline for outline in drawn if outline.code in codes]
    if absent := codes - {outline.code for outline in fitting} - {""}:
        others = ", ".join(sorted({outline.vintage for outline in drawn}))
        have = f"; the outlines here are of {others}, and codes of two vintages are not joined" if others else ""
        raise InputError(
            f"{len(absent)} of {len(codes)} {unit}s have no outline{have}; swp fetch areas --area CODE brings them."
        )
    return fitting
