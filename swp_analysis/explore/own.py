"""The partnership's own figures and the open tables that count the same. In: an indicator. Out: `AreaResult`."""

from functools import partial

import pandas as pd

from swp_analysis.analysis.areas.series import read_area_series
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.models import Indicator
from swp_analysis.errors import InputError
from swp_analysis.explore.areas import choose_area, here
from swp_analysis.open_data.offences import OffenceGroup, find_offence
from swp_analysis.present import area_charts, area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.frames import find_indicator
from swp_analysis.present.opening import read_observations
from swp_analysis.present.phrases import say
from swp_analysis.project import find_project

OWN, OPEN = "own figure", "open table"
COLUMNS = ["financial_year", "quarter", "period_start", "value", "status"]


def series(indicator: str, area: str = "") -> AreaResult:
    """Give the quarters of an indicator of the partnership's own tables, as they were reported.

    Raises
    ------
    InputError
        When there is no such indicator, or the tables were not built.
    """
    one = find_indicator(indicator, load_catalogue())
    rows = _own_rows(one, area)
    last = rows[rows["status"] == "reported"].tail(1).to_dict("records")
    figures = {str(name): value for row in last for name, value in row.items()}
    sentence = say("own.newest" if figures else "own.none", label=one.label, **figures)
    return AreaResult(f"{one.label}, own figures", sentence, rows, source="the partnership's own tables")


def _own_rows(indicator: Indicator, area: str = "") -> pd.DataFrame:
    rows, own = read_observations(find_project()), area or load_catalogue().identity.area_code
    chosen = rows[(rows["indicator"] == indicator.id) & (rows["area_code"] == own) & rows["quarter"].notna()]
    if chosen.empty:
        where = f"{indicator.id} for {own} in the partnership's own tables"
        raise InputError(f"There are no quarters of {where}; run swp build.")
    return chosen[COLUMNS].sort_values("period_start").reset_index(drop=True)


def against_open(indicator: str) -> AreaResult:
    """Give the own quarters of an indicator and the open table's: same scope, different scope, and the revision.

    `frame`: a row a quarter with both counts, `difference`, and `agrees`: equal, or not above where the open table
    holds more than the indicator.
    """
    catalogue = load_catalogue()
    own = find_indicator(indicator, catalogue)
    if not (own.open_group or own.within_open_group):
        way_out = "name its group, one of crime.groups(), under `open_group` in partnership/indicators"
        raise InputError(f"No open table counts what {indicator} counts; if one does, {way_out}.")
    group, same = find_offence(own.open_group or own.within_open_group), bool(own.open_group)
    place, label = choose_area(catalogue.identity.area_code), own.label
    published = read_area_series(here(), place, group.id)
    frame = _pair(_own_rows(own), published.reported, same)
    if frame.empty:
        both = f"No quarter of {indicator} is also in the open table of {place.name}"
        raise InputError(f"{both}; swp fetch crime brings older ones.")
    return AreaResult(
        f"{label}: own figures and the open table",
        _say(label, group, frame, same),
        frame,
        source=area_words.TABLES["home_office_prc_csp"],
        edition=published.editions,
        subtitle=f"Offences by quarter; open table: {group.label}",
        draw=partial(area_charts.draw_pair, frame, (OWN, OPEN)),
    )


def _pair(own: pd.DataFrame, published: pd.DataFrame, same: bool) -> pd.DataFrame:
    """The quarters that both have."""
    own = own[own["status"] == "reported"].assign(start=lambda f: f["period_start"].astype(str).str[:10])
    both = own.merge(published, left_on="start", right_on="period_start", suffixes=("", "_open"))
    names = "Q" + both["quarter"].astype(str) + " " + both["financial_year"]
    frame = pd.DataFrame({"period": names, OWN: both["value"], OPEN: both["count"]})
    frame["difference"] = frame[OPEN] - frame[OWN]
    frame["agrees"] = frame["difference"].eq(0) if same else frame["difference"].ge(0)
    return frame


def _say(label: str, group: OffenceGroup, frame: pd.DataFrame, same: bool) -> str:
    agrees, moved = frame["agrees"].all(), frame["difference"]
    situation = ("same" if agrees else "revised") if same else ("wider" if agrees else "contradicts")
    counts = {"own": frame[OWN].sum(), "open": frame[OPEN].sum(), "revision": moved.sum()}
    changed = {"changed": int(moved.ne(0).sum()), "quarters": len(frame)}
    return say(f"own.{situation}", label=label, group=group.label, **counts, **changed)
