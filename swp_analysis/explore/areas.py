"""Areas by name or code, their populations, and the open data that are there. In: names. Out: `AreaResult`s.

Wherever an area is asked for, a name, a code (an authority's is translated) or what `find` gave will do; wherever a
population, a mid-year (2023), an edition ("census-2021") or what `population` gave.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from swp_analysis.analysis.areas.rates import Population, find_population
from swp_analysis.errors import require_number
from swp_analysis.open_data.gazetteer import AREA_COLUMNS, Area, Gazetteer
from swp_analysis.open_data.reader import OpenData, open_data
from swp_analysis.present.area_charts import draw_bars
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.phrases import list_words
from swp_analysis.project import find_project


@dataclass(frozen=True, repr=False)
class NamedArea(AreaResult):
    """One area: what the look-up knows of it (code, name, kind, force …) beside what every result has."""

    area: Area = field(default_factory=lambda: Area("", "", ""))

    def __getattr__(self, name: str) -> Any:
        if name not in AREA_COLUMNS:
            raise AttributeError(f"A NamedArea has no {name}")
        return getattr(self.area, name)


def here() -> OpenData:
    """Give the open data of this project, brought up to date."""
    return open_data(find_project())


def choose_area(wanted: Any) -> Area:
    """Choose the area that is meant by a name, a code, or a result of `find`; an authority gives its partnership.

    Raises
    ------
    InputError
        When there is none of that name, or more than one.
    """
    return wanted.area if isinstance(wanted, NamedArea) else here().find(str(getattr(wanted, "area_code", wanted)))


def as_list(given: Any) -> list[Any]:
    """List what may be given alone or as several."""
    return [*given] if isinstance(given, Iterable) and not isinstance(given, str) else [given]


def choose_population(population: Any, edition: str) -> tuple[int | None, str]:
    """Choose mid-year and edition that are meant by a mid-year, an edition, or a result of `population`."""
    if isinstance(population, AreaResult):
        newest = population.frame.iloc[-1]
        return int(newest["mid_year"]), str(newest["edition"])
    if isinstance(population, str) and not population.isdigit():
        return None, population
    return (int(population) if population else None), edition


def count_residents(residents: Any, year: int) -> tuple[float, str]:
    """Give how many residents are meant by a number or a result of `population`, of whose mid-years the one nearest to
    a year is taken; and words that say of when."""
    people, when = residents, ""
    if hasattr(residents, "frame"):
        known = residents.frame.reindex(columns=["population", "mid_year", "edition"]).dropna().to_dict("records")
        row = min(known, key=lambda one: abs(one["mid_year"] - year), default={"population": None})
        people, when = row["population"], f" ({Population(*row.values()).name})" if known else ""
    require_number("number of residents; give one above zero, or a result of areas.population", people, above=0)
    return people, f"{people:,} residents{when}"


def find(name: str) -> NamedArea:
    """Find the area of a name or code; an authority gives its partnership.

    Raises
    ------
    InputError
        When there is none of that name, or more than one.
    """
    return _present(choose_area(name))


def get(code: str) -> NamedArea:
    """Give the area of a code, as it stands: an authority stays one."""
    return _present(here().book.areas.get(code) or choose_area(code))


def _present(area: Area) -> NamedArea:
    force = here().book.areas.get(area.force_code)
    within = f", in the police force of {force.name}" if force and area.kind != "force" else ""
    made_of = name_authorities(area)
    more = [f"It is made of {list_words(made_of)}." if made_of else "", area.why_not]
    sentence = " ".join(filter(None, [f"{area.name} ({area.area_code}){within}.", *more]))
    return NamedArea(area.name, sentence, pd.DataFrame([asdict(area)]), area=area)


def name_authorities(area: Area) -> list[str]:
    """Name the authorities that a partnership of another name is made of."""
    names = [found.name for code in area.la_codes if (found := here().book.areas.get(code))]
    return names if names != [area.name] else []


def lookup() -> AreaResult:
    """Give every area: code, name, kind, force, authorities, from when to when, and why one can't be used."""
    book: Gazetteer = here().book
    frame = book.frame()
    current = ((frame["kind"] == "csp") & (frame["valid_to"] == "")).sum()
    return AreaResult("Areas", f"{current} partnerships of today are known; swp fetch areas brings every one.", frame)


def population(area: str, mid_year: int | None = None, edition: str = "") -> AreaResult:
    """Give residents of an area at a mid-year, with the edition that says so.

    Parameters
    ----------
    mid_year : default every one of the edition, the newest last. edition : "census-2021" or "census-2011"; default the
        newest.
    """
    data, place = here(), choose_area(area)
    mid_year, edition = choose_population(mid_year, edition)
    found = find_population(data, place, mid_year, edition)
    known = data.population
    frame = known[(known["area_code"] == place.area_code) & (known["edition"] == found.edition)]
    frame = frame[frame["mid_year"] == mid_year] if mid_year else frame
    texts = [f"{residents:,}" for residents in frame["population"]]
    return AreaResult(
        f"{place.name}: residents",
        f"{place.name} had {found.residents:,} residents ({found.name}).",
        frame.reset_index(drop=True),
        [f"Populations of another edition differ; this one is {found.edition}."],
        "ONS mid-year population estimates",
        found.edition,
        draw=partial(draw_bars, frame["mid_year"].astype(str), frame["population"], texts, "Residents at mid-year"),
    )
