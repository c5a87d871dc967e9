"""Rates per 1,000 residents of one area or many. In: `OpenData`. Out: rows with exact intervals.

Every rate names its population, with mid-year and edition; one comparison uses one period, one mid-year and one edition
for all areas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from swp_analysis.analysis.areas.series import latest_year, require_area
from swp_analysis.analysis.rates import rate
from swp_analysis.errors import InputError
from swp_analysis.open_data.breaks import OpenBreak, load_breaks
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import OpenData

PER = 1_000
TOO_FEW_ASSIGNED = 1 / 3  # of the median rate, in a force that leaves much of its crime unassigned
MUCH_UNASSIGNED = 0.1
OLDEST_POPULATION = 3  # years before the period's own mid-year


def rate_row(
    data: OpenData, area: Area, group_id: str, year: str = "", mid_year: int | None = None, edition: str = ""
) -> dict:
    """Give one area's rate per 1,000 residents with its exact interval, and what it is made of.

    Raises
    ------
    InputError
        When count or population is missing, or the area's crimes are known to stand elsewhere.
    """
    require_area(area)
    found = latest_year(data, area, group_id, year)
    refuse_unassigned(area, found)
    people = (
        find_population(data, area, mid_year, edition)
        if mid_year
        else population_for(data, area, found["period_end"], edition)
    )
    count = int(found["count"])
    if count < 0:
        raise InputError(f"{area.name}: the year's count is {count}, below zero after corrections, so it has no rate.")
    value = rate(np.array([count]), people.residents, per=PER, method="exact").frame.iloc[0]
    named = {"area_code": area.area_code, "name": area.name, "count": count, "population": people.residents}
    ends = {"rate": float(value["value"]), "lower": float(value["lower"]), "upper": float(value["upper"])}
    when = {name: found[name] for name in ("period_start", "period_end", "source", "edition")}
    return {**named, **ends, **when, "mid_year": people.mid_year, "population_edition": people.edition}


def find_unassigned(area: Area, source: str, period_end: str) -> OpenBreak | None:
    """Find the change by which the area's crimes of a period stand under the force's unassigned ones, if there is
    one."""
    for change in load_breaks():
        concerned = area.area_code in change.areas and source in change.applies_to and change.draw == "gap"
        if concerned and change.date_from and str(change.date_from) <= period_end:
            return change
    return None


def refuse_unassigned(area: Area, found: pd.Series) -> None:
    """Raise an InputError when the area's crimes of the period are known to stand under the force's unassigned ones."""
    if why := _why_unassigned(area, found):
        raise InputError(why)


def _why_unassigned(area: Area, found: Mapping | pd.Series) -> str:
    change = find_unassigned(area, found["source"], found["period_end"])
    return f"No rate of {area.name}: {change.what_changed} ({change.source})" if change else ""


def compare_areas(
    data: OpenData, areas: Sequence[Area], group_id: str, basis: Mapping
) -> tuple[pd.DataFrame, list[str]]:
    """Give a row an area with its rate and exact interval, all of one period and population; and why others have none.

    Parameters
    ----------
    basis : a `rate_row` whose period, mid-year and edition of the population hold for all.

    Raises
    ------
    InputError
        When none of the areas has a figure.
    """
    counts = _counts_of(data, [area for area in areas if area.usable], group_id, str(basis["period_end"]))
    known = data.population
    known = known[(known["mid_year"] == basis["mid_year"]) & (known["edition"] == basis["population_edition"])]
    frame = counts.merge(known.drop(columns="edition"), on="area_code", how="left")
    frame = frame.assign(population_edition=basis["population_edition"], mid_year=basis["mid_year"])
    rows = frame.set_index("area_code").to_dict("index")
    why_not = [_why_no_rate(data, area, rows.get(area.area_code), basis) for area in areas]
    usable = frame[(frame["count"] >= 0) & frame["population"].notna() & ~frame["refused"]].drop(columns="refused")
    if usable.empty:
        raise InputError(
            next(
                filter(None, why_not),
                f"{basis['name']} has no other area to be compared with here; see peers.groups().",
            )
        )
    usable = usable.astype({"count": int, "population": int}).reset_index(drop=True)
    interval = rate(usable["count"], usable["population"], per=PER, method="exact").frame
    usable = usable.join(interval.rename(columns={"value": "rate"}))
    return _drop_unassigned(data, usable, list(filter(None, why_not)))


def _counts_of(data: OpenData, areas: Sequence[Area], group_id: str, period_end: str) -> pd.DataFrame:
    """The counts of twelve months: from tables that print them for every area, the others one by one."""
    printed = data.printed_years
    printed = printed[(printed["offence_group"] == group_id) & (printed["period_end"] == period_end)]
    printed = printed[printed["area_code"].isin([area.area_code for area in areas])]
    rows = printed.drop_duplicates("area_code").set_index("area_code").to_dict("index")
    found = []
    for area in areas:
        try:
            row = rows.get(area.area_code) or latest_year(data, area, group_id, period_end).to_dict()
        except InputError:
            continue
        named = {name: row[name] for name in ("count", "period_start", "period_end", "source", "edition")}
        refused = find_unassigned(area, row["source"], row["period_end"]) is not None
        found.append({"area_code": area.area_code, "name": area.name, **named, "refused": refused})
    columns = "area_code name count period_start period_end source edition refused".split()
    return pd.DataFrame(found, columns=columns).astype({"refused": bool})


def _why_no_rate(data: OpenData, area: Area, own: Mapping | None, basis: Mapping) -> str:
    if own is None:
        missing = f"{area.name}: no table here has its figure of the twelve months to {basis['period_end']}."
        return missing if area.usable else area.why_not
    if own["refused"]:
        return _why_unassigned(area, own)
    if pd.isna(own["population"]):
        return _shares_authority(data, area) or f"{area.name}: no population of mid-{basis['mid_year']} is here."
    return "" if own["count"] >= 0 else f"{area.name}: its count is below zero or missing."


def _shares_authority(data: OpenData, area: Area) -> str:
    shared = set(area.la_codes) & data.book.shared_authorities()
    why = f"{area.name}: it shares an authority with another partnership, so it has no population."
    return why if shared else ""


def require_one_basis(frame: pd.DataFrame) -> None:
    """Raise an InputError when rates of different periods or populations stand in one table."""
    for column, what in (
        ("period_end", "periods"),
        ("mid_year", "mid-years"),
        ("population_edition", "editions of the population"),
    ):
        values = sorted({str(value) for value in frame[column]})
        if len(values) > 1:
            odd = frame.loc[frame[column].astype(str) == values[0], "name"].iloc[0]
            raise InputError(
                f"The rates are of different {what} ({', '.join(values)}; {odd} has {values[0]}), so they are not "
                "compared; "
                "give year= or mid_year= and edition= for all."
            )


def _drop_unassigned(data: OpenData, frame: pd.DataFrame, why_not: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Leave out areas whose rate is implausibly low in a force that leaves much of its crime unassigned."""
    low = frame["rate"] < TOO_FEW_ASSIGNED * frame["rate"].median() if len(frame) > 2 else frame["rate"].isna()
    suspects = [data.book.areas[str(code)] for code in frame.loc[low, "area_code"]]
    shares = {
        force: unassigned_share(data, force, str(frame["period_end"].iloc[0]))
        for force in {area.force_code for area in suspects if area.kind == "csp"}
    }
    out = {area.area_code: area for area in suspects if shares.get(area.force_code, 0) > MUCH_UNASSIGNED}
    why_not += [
        f"No rate of {area.name}: its force leaves {shares[area.force_code]:.0%} of its crime unassigned, and "
        f"{area.name} has too little."
        for area in out.values()
    ]
    return frame[~frame["area_code"].isin(list(out))].reset_index(drop=True), why_not


def unassigned_share(data: OpenData, force: str, period_end: str) -> float:
    """Give the share of the force's crime of a year that stands under no partnership; NaN when that isn't known."""
    whole = _counts_of(data, [data.book.areas[force]], "total", period_end)["count"].sum()
    return 1 - count_assigned(data, force, "total", period_end) / whole if whole else float("nan")


def count_assigned(data: OpenData, force: str, group_id: str, period_end: str) -> float:
    """Count what the partnerships of a force have together in a year, the unassigned left out."""
    members = [
        replace(area, usable=True)
        for area in data.book.areas.values()
        if area.kind == "csp" and area.force_code == force
    ]
    return float(_counts_of(data, members, group_id, period_end)["count"].sum())


@dataclass(frozen=True)
class Population:
    """Residents at a mid-year, and the edition that says so."""

    residents: int
    mid_year: int
    edition: str

    @property
    def name(self) -> str:
        """The population as a page names it."""
        base = {"census-2021": "rebased on Census 2021", "census-2011": "on the Census 2011 base"}
        return f"ONS mid-{self.mid_year}, {base.get(self.edition, self.edition)}"


def find_population(data: OpenData, area: Area, mid_year: int | None = None, edition: str = "") -> Population:
    """Find the residents of an area at a mid-year; default the newest there is.

    Raises
    ------
    InputError
        When there is none, also for a partnership that shares its authority with another.
    """
    known = data.population
    own = known[(known["area_code"] == area.area_code) & known["edition"].str.startswith(edition)]
    own = own[own["mid_year"] == mid_year] if mid_year else own
    if own.empty:
        when = f"{f' at mid-{mid_year}' if mid_year else ''}{f' in {edition}' if edition else ''}"
        raise InputError(
            _shares_authority(data, area)
            or f"There is no population of {area.name}{when}: no table here has it; swp fetch population brings "
            "the ONS estimates."
        )
    best = own.sort_values(["mid_year", "edition"]).iloc[-1]
    return Population(int(best["population"]), int(best["mid_year"]), str(best["edition"]))


def population_for(data: OpenData, area: Area, period_end: str, edition: str = "") -> Population:
    """Give the population of the last mid-year (30 June) within a period, or the newest before it, up to three
    years."""
    end = date.fromisoformat(period_end)
    within = end.year if (end.month, end.day) >= (6, 30) else end.year - 1
    known = data.population
    years = known[
        (known["area_code"] == area.area_code)
        & (known["mid_year"] <= within)
        & known["edition"].str.startswith(edition)
    ]
    if years.empty:
        find_population(data, area, None, edition)  # raises, with the reason, where there is none of any year
    newest = int(years["mid_year"].max()) if len(years) else 0
    if within - newest > OLDEST_POPULATION:
        found = f"the newest is that of mid-{newest}" if newest else "every one is later"
        raise InputError(
            f"{area.name} has no population of the three years before {end:%B %Y}: {found}; swp fetch population "
            "brings the ONS estimates."
        )
    return find_population(data, area, newest, edition)
