"""Areas by name or code, their populations, and the open data that are there. In: names. Out: `Area`, frames."""

from __future__ import annotations

import pandas as pd

from swp_analysis.analysis.areas.residents import find_population
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import OpenData, open_data
from swp_analysis.present.area_result import AreaResult
from swp_analysis.project import find_project


def here() -> OpenData:
    """The open data of this project, brought up to date."""
    return open_data(find_project())


def find(name: str) -> Area:
    """The area of a name or code; an authority gives its partnership.

    Raises
    ------
    InputError
        When there is none of that name, or more than one.
    """
    return here().find(name)


def get(code: str) -> Area:
    """The area of a code, as it stands: an authority stays one."""
    areas = here().book.areas
    return areas[code] if code in areas else find(code)


def lookup() -> pd.DataFrame:
    """Every area: code, name, kind, force, authorities, from when to when, and why one can't be used."""
    return here().book.frame()


def population(area: str, mid_year: int | None = None, edition: str = "") -> AreaResult:
    """Residents of an area at a mid-year, with the edition that says so.

    Parameters
    ----------
    mid_year : default the newest there is. edition : "census-2021" or "census-2011"; default the newest.
    """
    data, place = here(), find(area)
    found = find_population(data, place, mid_year, edition)
    known = data.population
    frame = known[(known["area_code"] == place.area_code) & (known["edition"] == found.edition)]
    sentence = f"{place.name} had {found.residents:,} residents ({found.name})."
    drawn = {
        "names": [str(year) for year in frame["mid_year"]],
        "values": frame["population"].tolist(),
        "texts": [f"{n:,}" for n in frame["population"]],
        "axis": "Residents at mid-year",
    }
    caveats = [f"Populations of another edition differ; this one is {found.edition}."]
    return AreaResult(
        f"{place.name}: residents",
        sentence,
        frame.reset_index(drop=True),
        caveats,
        "ONS mid-year population estimates",
        found.edition,
        chart="bars",
        drawn=drawn,
    )
