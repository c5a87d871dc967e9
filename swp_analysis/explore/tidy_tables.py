"""The tidy tables as an analyst wants them, all or as an audience sees them. In: what was built. Out: a frame."""

from __future__ import annotations

import pandas as pd

from swp_analysis.catalogue import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.present.frames import describe_observations
from swp_analysis.present.opening import read_briefing, read_observations
from swp_analysis.project import find_project


def read_figure_table(financial_year: str = "", audience: str = "internal", periods: str = "all") -> pd.DataFrame:
    """Read the built figures, all of them or as an audience sees them; see `describe_observations` for the columns.

    Raises
    ------
    InputError
        When nothing was built yet.
    """
    project, catalogue = find_project(), load_catalogue()
    if not (project.processed / "observations.csv").is_file():
        raise InputError("No figures were built yet: run `swp build`, or call load() first, which does it.")
    observations = read_observations(project)
    year = financial_year or str(observations["financial_year"].max())
    if audience != "internal":
        observations = read_briefing(year, catalogue.identity.area_code, audience).data.observations
    return describe_observations(observations[observations["financial_year"] <= year], catalogue, periods)
