"""Rates per 1,000 residents of one area or many, and an area among others. In: `OpenData`. Out: rows with exact ranges.

Every rate names its population, with mid-year and edition; one comparison uses one period, one mid-year and one edition
for all areas: those of the area that is compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from swp_analysis.analysis.areas.series import latest_year, name_month, require_area
from swp_analysis.analysis.change import rate_ratio
from swp_analysis.analysis.rates import rate
from swp_analysis.errors import InputError
from swp_analysis.open_data.breaks import load_breaks
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import OpenData

PER = 1_000
TOO_FEW_ASSIGNED = 1 / 3  # of the median rate, in a force that leaves much of its crime unassigned
MUCH_UNASSIGNED = 0.1
MOST_NAMED = 3  # areas that are left out for the same reason
OLDEST_POPULATION = 3  # years before the period's own mid-year
COUNTED = "count period_start period_end source edition".split()
COLUMNS = [*"area_code name count population rate lower upper".split(), *COUNTED[1:], "mid_year", "population_edition"]


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


def rate_row(
    data: OpenData, area: Area, group_id: str, year: str = "", mid_year: int | None = None, edition: str = ""
) -> dict:
    """Give one area's rate per 1,000 residents with its exact interval, and what it is made of, as `COLUMNS`.

    Raises
    ------
    InputError
        When count or population is missing, or the area's crimes are known to stand elsewhere.
    """
    require_area(area)
    found = latest_year(data, area, group_id, year)
    if why := why_unassigned(area, found):
        raise InputError(why)
    end = "" if mid_year else str(found["period_end"])
    people = find_population(data, area, mid_year, edition, end)
    if found["count"] < 0:
        count = f"{area.name}: the year's count is {found['count']:.0f}"
        raise InputError(f"{count}, below zero after corrections, so it has no rate.")
    row = _add_rates([_make_row(area, found, people.residents, people.mid_year, people.edition)]).iloc[0]
    return {str(name): row[name] for name in COLUMNS}


def _make_row(area: Area, found: Mapping | pd.Series, residents: int, mid_year: int, edition: str) -> dict:
    named = {"area_code": area.area_code, "name": area.name, **{name: found[name] for name in COUNTED}}
    people = {"population": int(residents), "mid_year": int(mid_year), "population_edition": edition}
    return {**named, "count": int(found["count"]), **people}


def _add_rates(rows: Sequence[Mapping]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    interval = rate(frame["count"], frame["population"], per=PER, method="exact").frame
    return frame.join(interval.rename(columns={"value": "rate"}))[COLUMNS]


def why_unassigned(area: Area, found: Mapping | pd.Series) -> str:
    """Say why an area has no rate of a period when its crimes are known to stand under the force's unassigned ones."""
    for change in load_breaks():
        concerned = area.area_code in change.areas and found["source"] in change.applies_to and change.draw == "gap"
        if concerned and change.date_from and str(change.date_from) <= found["period_end"]:
            return f"No rate of {area.name}: {change.what_changed} ({change.source})"
    return ""


def compare_areas(data: OpenData, own: Mapping, group_id: str, peers: Sequence[Area]) -> tuple[pd.DataFrame, list[str]]:
    """Give a row an area with its rate, all of one period and population, the own one first; and why others have none.

    Parameters
    ----------
    own : the `rate_row` of the area that is compared; its period, mid-year and population edition hold for all.

    Raises
    ------
    InputError
        When none of the other areas has a figure.
    """
    known = data.population
    known = known[(known["mid_year"] == own["mid_year"]) & (known["edition"] == own["population_edition"])]
    residents = known.set_index("area_code")["population"].to_dict()
    rows, left_out = [], list[str]()
    for area, found in find_counts(data, peers, group_id, str(own["period_end"])):
        people = residents.get(area.area_code)
        if why := _why_no_rate(data, area, found, people, own):
            left_out.append(why)
        elif found is not None and people:
            rows.append(_make_row(area, found, people, own["mid_year"], own["population_edition"]))
    if not rows:
        alone = f"{own['name']} has no other area to be compared with here; see peers.groups()."
        raise InputError(left_out[0] if left_out else alone)
    frame = _drop_unassigned(data, _add_rates(rows), left_out)
    return pd.concat([pd.DataFrame([own]), frame], ignore_index=True), list(_join_reasons(left_out))


def _join_reasons(left_out: list[str]) -> Iterator[str]:
    """One line for many areas that are left out for the same reason, with the first of them."""
    names: dict[str, list[str]] = defaultdict(list)
    for line in left_out:
        name, _, why = line.partition(": ")
        names[why].append(name)
    for why, own in names.items():
        several = why and len(own) > MOST_NAMED
        listed = [f"{own[0]} and {len(own) - 1} others"] if several else own
        yield from (f"{name}: {why}" if why else name for name in listed)


def find_counts(
    data: OpenData, areas: Sequence[Area], group_id: str, period_end: str
) -> Iterator[tuple[Area, Mapping | None]]:
    """Find the count of twelve months of each area: in tables that print it for every area, else in its own series."""
    printed = data.printed_years
    printed = printed[(printed["offence_group"] == group_id) & (printed["period_end"] == period_end)]
    rows = printed.drop_duplicates("area_code").set_index("area_code").to_dict("index")
    for area in areas:
        try:
            yield area, rows.get(area.area_code) or latest_year(data, area, group_id, period_end).to_dict()
        except InputError:
            yield area, None


def _why_no_rate(data: OpenData, area: Area, found: Mapping | None, people: int | None, own: Mapping) -> str:
    if not area.usable:
        return area.why_not
    if found is None:
        return f"{area.name}: no table here has its figure of the year to {name_month(own['period_end'])}."
    if why := why_unassigned(area, found):
        return why
    if not people:
        return _shares_authority(data, area) or f"{area.name}: no population of mid-{own['mid_year']} is here."
    return "" if found["count"] >= 0 else f"{area.name}: its count is below zero or missing."


def _shares_authority(data: OpenData, area: Area) -> str:
    shared = set(area.la_codes) & data.book.shared_authorities()
    why = f"{area.name}: it shares an authority with another partnership, so it has no population."
    return why if shared else ""


def _drop_unassigned(data: OpenData, frame: pd.DataFrame, left_out: list[str]) -> pd.DataFrame:
    """Leave out, and add to `left_out`, areas whose rate is implausibly low in a force that leaves much unassigned."""
    low = frame["rate"] < TOO_FEW_ASSIGNED * frame["rate"].median() if len(frame) > 2 else frame["rate"].isna()
    suspects, out = [data.book.areas[str(code)] for code in frame.loc[low, "area_code"]], []
    for area in (one for one in suspects if one.kind == "csp"):
        whole, assigned = count_assigned(data, area.force_code, "total", str(frame["period_end"].iloc[0]))
        if whole and 1 - assigned / whole > MUCH_UNASSIGNED:
            why = f"its force leaves {1 - assigned / whole:.0%} of its crime unassigned, and {area.name} has too little"
            left_out.append(f"No rate of {area.name}: {why}.")
            out.append(area.area_code)
    return frame[~frame["area_code"].isin(out)].reset_index(drop=True)


def count_assigned(data: OpenData, force: str, group_id: str, period_end: str) -> tuple[float, float]:
    """Count the crimes of a force in a year, and what its partnerships have of them, the unassigned left out."""
    members = [area for area in data.book.areas.values() if area.kind == "csp" and area.force_code == force]
    found = [find_counts(data, areas, group_id, period_end) for areas in ([data.book.areas[force]], members)]
    whole, assigned = (sum(row["count"] for _, row in one if row is not None) for one in found)
    return float(whole), float(assigned)


def share_of_force(
    data: OpenData, area: Area, group_id: str = "total", year: str = ""
) -> tuple[pd.DataFrame, pd.Series, Population]:
    """Say what part of its force's crime and residents an area has.

    Returns
    -------
    A row a share (`of`, `part`, `whole`, `share` 0-1): of all crime, of what is assigned to an area, of the residents;
    the row of the area's year; and its population.

    Raises
    ------
    InputError
        When the force's figure of the same twelve months, or a population, is missing.
    """
    own = latest_year(data, area, group_id, year)
    if why := why_unassigned(area, own):
        raise InputError(why)
    force = data.book.areas[area.force_code]
    whole = latest_year(data, force, group_id, own["period_end"])
    people = find_population(data, area, period_end=own["period_end"])
    everyone = find_population(data, force, people.mid_year, people.edition)
    _, assigned = count_assigned(data, area.force_code, group_id, own["period_end"])
    rows = [
        ("all recorded crime of the force", own["count"], whole["count"]),
        ("crime assigned to an area", own["count"], assigned),
        ("residents", people.residents, everyone.residents),
    ]
    frame = pd.DataFrame(rows, columns=["of", "part", "whole"])
    return frame.assign(share=frame["part"] / frame["whole"]), own, people


def compare_with_rest(frame: pd.DataFrame) -> pd.DataFrame:
    """Give each area's rate over that of all others together (`pooled_rate`), with the exact conditional interval."""
    own = frame[["count", "population"]]
    others = own.sum() - own
    found = rate_ratio(
        own["count"], others["count"], after_exposure=own["population"], before_exposure=others["population"]
    ).frame
    found = found[["ratio", "lower", "upper"]].rename(columns={"lower": "ratio_lower", "upper": "ratio_upper"})
    found.insert(0, "pooled_rate", PER * others["count"] / others["population"])
    return found


def find_population(
    data: OpenData, area: Area, mid_year: int | None = None, edition: str = "", period_end: str = ""
) -> Population:
    """Find the residents of an area at a mid-year; default the newest there is.

    Parameters
    ----------
    period_end : of twelve months; gives the last mid-year (30 June) within them, or the newest of the three before.

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
        none = f"There is no population of {area.name}{when}: no table here has it; swp fetch population brings "
        raise InputError(_shares_authority(data, area) or f"{none}the ONS estimates.")
    own = _until(own, area, date.fromisoformat(period_end)) if period_end else own
    best = own.sort_values(["mid_year", "edition"]).iloc[-1]
    return Population(int(best["population"]), int(best["mid_year"]), str(best["edition"]))


def _until(known: pd.DataFrame, area: Area, end: date) -> pd.DataFrame:
    """The populations that are not later than the last mid-year before a day, nor much older."""
    within = end.year if (end.month, end.day) >= (6, 30) else end.year - 1
    years = known[known["mid_year"] <= within]
    if years.empty or within - years["mid_year"].max() > OLDEST_POPULATION:
        found = f"the newest is that of mid-{years['mid_year'].max()}" if len(years) else "every one is later"
        raise InputError(
            f"{area.name} has no population of the three years before {end:%B %Y}: {found}; swp fetch population "
            "brings the ONS estimates."
        )
    return years
