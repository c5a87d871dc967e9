"""Strategic assessments for a community safety partnership: KPI tables in, tidy data, honest findings and safe pages
out.

`load` gives an analyst the tidy table in one line; `open_briefing` is what the notebooks call; `describe` makes a chart
of one's own fit for a page. `areas`, `crime`, `peers` and `places` answer questions about any area from open data.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from swp_analysis.errors import explain_calls

if TYPE_CHECKING:
    import pandas as pd

    from swp_analysis.explore import areas, crime, own, peers, places
    from swp_analysis.present.briefing import Briefing
    from swp_analysis.present.frames import describe
    from swp_analysis.project import Project

__version__ = "0.2.0"
__all__ = ["areas", "crime", "describe", "explore", "indicators", "load", "open_briefing", "own", "peers", "places"]
OPEN_DATA = ("areas", "crime", "own", "peers", "places")


def __getattr__(name: str) -> Any:
    """Import what works on open data when it is first asked for, so that a command that needs none stays quick."""
    from importlib import import_module

    if name == "explore":
        return import_module("swp_analysis.explore")
    if name == "describe":
        return explain_calls(import_module("swp_analysis.present.frames")).describe
    if name in OPEN_DATA:
        return explain_calls(import_module(f"swp_analysis.explore.{name}"))
    raise AttributeError(f"swp_analysis has no {name}")


def load(
    financial_year: str | None = None, *, audience: str = "internal", periods: str = "all", area_code: str = ""
) -> pd.DataFrame:
    """Load the tidy figures up to a financial year, built from `data/raw` first where they are missing or out of date.

    Parameters
    ----------
    financial_year : like "2017-18"; default the newest in `data/raw`.
    audience : "internal" for everything; "partners" or "public" for the figures as these readers see them, with small
        numbers and what would give them away withheld.
    periods : "quarters", "months", or "all": quarters first, then months. They are never one series.
    area_code : a GSS code; default all areas that the tables have, for other audiences the partnership's own.

    Returns
    -------
    DataFrame, one row per indicator and period: the columns of `data/processed/observations.csv` with real dates, and
    beside them `period`, `period_kind`, label, theme, unit, kind, owner and good_direction. Suppressed figures keep
    their interval in `lower` and `upper`; the internal table is for analysts only.
    """
    from swp_analysis.errors import require_choice
    from swp_analysis.ingest.formats.raw_files import choose_year
    from swp_analysis.present.opening import list_figures
    from swp_analysis.project import find_project

    project = find_project()
    year = choose_year(project.raw, financial_year)
    _build_if_needed(project, year)
    figures = list_figures(year, audience, periods)
    if area_code:
        require_choice("area of these figures", area_code, figures["area_code"].unique().tolist())
    return figures[figures["area_code"] == area_code].reset_index(drop=True) if area_code else figures


def indicators() -> pd.DataFrame:
    """List the partnership's indicators, one a row by id: label, theme, unit, kind, owner, topics, definition."""
    from swp_analysis.catalogue.loader import load_catalogue
    from swp_analysis.present.frames import indicator_table

    return indicator_table(load_catalogue())


def open_briefing(financial_year: str | None = None, area_code: str = "", audience: str = "partners") -> Briefing:
    """Open the findings, pictures, tables and sentences of one edition, protected for its audience.

    The data are built from `data/raw` first where they are missing or out of date. In a run's notebooks the briefing is
    the one that the run opened for all of them.

    Parameters
    ----------
    financial_year : like "2017-18"; default the newest in `data/raw`.
    area_code : a GSS code; default that of the partnership whose project this is.
    audience : "internal", "partners" or "public".

    Raises
    ------
    InputError
        When there are no figures for the year or the area, or the audience is unknown.
    """
    from swp_analysis.catalogue.loader import load_catalogue
    from swp_analysis.catalogue.periods import require_financial_year
    from swp_analysis.ingest.formats.raw_files import choose_year
    from swp_analysis.present.exhibit import show_marking
    from swp_analysis.present.opening import read_briefing, receive_briefing
    from swp_analysis.project import find_project

    project = find_project()
    year = require_financial_year(financial_year) if financial_year else choose_year(project.raw, None)
    area = area_code or load_catalogue().identity.area_code
    briefing = receive_briefing(year, area, audience)
    if briefing is None:
        _build_if_needed(project, year)
        briefing = read_briefing(year, area, audience)
    identity = briefing.catalogue.identity
    show_marking(f"{identity.name}, {briefing.year_in_words}", briefing.audience)
    return briefing


def _build_if_needed(project: Project, financial_year: str) -> None:
    import os

    from swp_analysis.project import RUN_VARIABLE

    if os.environ.get(RUN_VARIABLE):
        return
    from swp_analysis.build import build_if_needed

    build_if_needed(project, financial_year)


explain_calls(sys.modules[__name__])

if "IPython" in sys.modules:  # a notebook: names in quotes complete with Tab
    from swp_analysis.explore.completion import register_completer

    register_completer()
