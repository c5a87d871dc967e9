"""How many residents a rate is per. In: `OpenData`. Out: `Population`, which names its mid-year and edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import OpenData

OLDEST_POPULATION = 3  # years before the period's own mid-year


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
        shared = set(area.la_codes) & data.book.shared_authorities()
        why = "it shares an authority with another partnership" if shared else "no table here has it"
        raise InputError(
            "There is no population of "
            f"{area.name}{f' at mid-{mid_year}' if mid_year else ''}{f' in {edition}' if edition else ''}: "
            f"{why}; swp fetch population brings the ONS estimates."
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
