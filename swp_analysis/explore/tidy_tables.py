"""The tidy tables as an analyst wants them: names beside ids, real dates, in time order. In: observations, the
catalogue. Out: frames for pandas, seaborn and the functions of this room.
"""

from __future__ import annotations

import pandas as pd

from swp_analysis.catalogue import Catalogue, load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.present.opening import read_briefing
from swp_analysis.project import find_project
from swp_analysis.quality.processed import read_processed

LONGEST_MONTH_DAYS = 31
PERIODS = ("all", "quarters", "months")
ABOUT = ("label", "short_label", "theme", "unit", "kind", "good_direction", "measures", "owner")


def read_figures(financial_year: str = "", audience: str = "internal", periods: str = "all") -> pd.DataFrame:
    """Read the built figures, all of them or as an audience sees them; see `describe_observations` for the columns.

    Raises
    ------
    InputError
        When nothing was built yet.
    """
    project, catalogue = find_project(), load_catalogue()
    if not (project.processed / "observations.csv").is_file():
        raise InputError("No figures were built yet: run `swp build`, or call load() first, which does it.")
    observations = read_processed(project.processed, "observations")
    year = financial_year or str(observations["financial_year"].max())
    if audience != "internal":
        observations = read_briefing(year, catalogue.identity.area_code, audience).data.observations
    return describe_observations(observations[observations["financial_year"] <= year], catalogue, periods)


def describe_observations(observations: pd.DataFrame, catalogue: Catalogue, periods: str = "all") -> pd.DataFrame:
    """Put names, real dates and the name of the period beside the figures.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`.
    periods : "quarters", "months", or "all": quarters first, then months; never one series.

    Returns
    -------
    DataFrame with the columns of the observations, `period` ("Q1 2017/18", "January 2018"), `period_kind` and those of
    `ABOUT`; by indicator in the catalogue's order, then in time order.
    """
    if periods not in PERIODS:
        raise InputError(f"{periods!r} is none of the periods; choose one of {', '.join(PERIODS)}.")
    rows = observations.copy()
    for name in ("period_start", "period_end"):
        rows[name] = pd.to_datetime(rows[name])
    is_month = (rows["period_end"] - rows["period_start"]).dt.days < LONGEST_MONTH_DAYS
    rows["period_kind"] = is_month.map({True: "month", False: "quarter"})
    quarters = rows["period_start"].map(lambda start: f"Q{(start.month - 4) % 12 // 3 + 1}")
    rows["period"] = (quarters + " " + rows["financial_year"].str.replace("-", "/")).where(
        ~is_month, rows["period_start"].dt.strftime("%B %Y")
    )
    about = indicator_table(catalogue)[list(ABOUT)]
    rows = rows.join(about, on="indicator")
    order = {name: place for place, name in enumerate(catalogue.indicators)}
    places = pd.DataFrame({"month": is_month, "place": rows["indicator"].map(order), "start": rows["period_start"]})
    rows = rows.loc[places.sort_values(["month", "place", "start"], kind="stable").index]
    wanted = rows["period_kind"] == periods.removesuffix("s")
    return (rows if periods == "all" else rows[wanted]).reset_index(drop=True)


def indicator_table(catalogue: Catalogue) -> pd.DataFrame:
    """List the indicators of a catalogue, one a row, by id in the catalogue's order."""
    rows = [
        {
            "id": one.id,
            "label": one.label,
            "short_label": one.short_label,
            "theme": one.theme,
            "theme_title": catalogue.themes[one.theme].title,
            "unit": one.unit,
            "kind": one.kind,
            "good_direction": one.good_direction,
            "measures": one.measures or "",
            "owner": one.owner,
            "part_of": one.subgroup_of or "",
            "topics": ", ".join(one.topics or []),
            "definition": one.definition,
        }
        for one in catalogue.indicators.values()
    ]
    columns = ["id", "label"] if not rows else None
    return pd.DataFrame(rows, columns=columns).set_index("id")
