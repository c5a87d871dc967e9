"""The partnership's own figures and the open tables that count the same. In: an indicator. Out: `AreaResult`."""

from dataclasses import replace

import pandas as pd

from swp_analysis.analysis.areas.series import read_area_series
from swp_analysis.catalogue import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.explore.areas import choose_area, here
from swp_analysis.open_data.offences import OffenceGroup, load_offences
from swp_analysis.present import area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.opening import read_observations
from swp_analysis.project import find_project

OWN, OPEN = "own figure", "open table"


def series(indicator: str, area: str = "") -> AreaResult:
    """Give the quarters of an indicator of the partnership's own tables, as they were reported.

    Raises
    ------
    InputError
        When there is no such indicator, or the tables were not built.
    """
    rows = _own_rows(indicator, area)
    label = load_catalogue().indicators[indicator].label
    sentence = f"{label}: no quarter is shown."
    for last in rows[rows["status"] == "reported"].tail(1).to_dict("records"):
        year = str(last["financial_year"]).replace("-", "/")
        sentence = f"{label}: {last['value']:,.0f} in Q{last['quarter']} {year}."
    return AreaResult(f"{label}, own figures", sentence, rows, source="the partnership's own tables")


def _own_rows(indicator: str, area: str) -> pd.DataFrame:
    catalogue = load_catalogue()
    if indicator not in catalogue.indicators:
        raise InputError(f"There is no indicator {indicator}; known are {', '.join(catalogue.indicators)}.")
    rows = read_observations(find_project())
    own = area or catalogue.identity.area_code
    chosen = rows[(rows["indicator"] == indicator) & (rows["area_code"] == own) & rows["quarter"].notna()]
    if chosen.empty:
        raise InputError(
            f"There are no quarters of {indicator} for {own} in the partnership's own tables; run swp build."
        )
    columns = ["financial_year", "quarter", "period_start", "value", "status"]
    return chosen[columns].sort_values("period_start").reset_index(drop=True)


def matching_group(indicator: str) -> tuple[OffenceGroup, bool] | None:
    """Give the open group that counts what an indicator counts (True) or holds at least as much (False)."""
    for group in load_offences().values():
        if indicator in (group.kpi, group.at_least_kpi):
            return group, group.kpi == indicator
    return None


def against_open(indicator: str) -> AreaResult:
    """Give the own quarters of an indicator and the open table's: same scope, different scope, and the revision.

    `frame`: a row a quarter with both counts, `difference`, and `agrees`: equal, or not above where the open table
    holds more than the indicator.
    """
    match = matching_group(indicator)
    if match is None:
        raise InputError(
            f"No open table counts what {indicator} counts; open_data/offences.yml lists those that are known."
        )
    group, same = match
    catalogue = load_catalogue()
    place, label = choose_area(catalogue.identity.area_code), catalogue.indicators[indicator].label
    published = read_area_series(here(), place, group.id)
    frame = _pair(_own_rows(indicator, ""), published.reported, same)
    if frame.empty:
        raise InputError(
            f"No quarter of {indicator} is also in the open table of {place.name}; swp fetch crime brings older ones."
        )
    sentence, source = _say(label, group, same, frame), area_words.TABLES["home_office_prc_csp"]
    result = AreaResult(f"{label}: own figures and the open table", sentence, frame, [], source, published.editions)
    subtitle = f"Offences by quarter; open table: {group.label}"
    return replace(result, subtitle=subtitle, drawing="pair", drawn={"frame": frame, "names": (OWN, OPEN)})


def _pair(own: pd.DataFrame, published: pd.DataFrame, same: bool) -> pd.DataFrame:
    """The quarters that both have."""
    own = own[own["status"] == "reported"].assign(start=lambda f: f["period_start"].astype(str).str[:10])
    both = own.merge(published, left_on="start", right_on="period_start", suffixes=("", "_open"))
    names = "Q" + both["quarter"].astype(str) + " " + both["financial_year"]
    frame = pd.DataFrame({"period": names, OWN: both["value"], OPEN: both["count"]})
    frame["difference"] = frame[OPEN] - frame[OWN]
    frame["agrees"] = frame["difference"].eq(0) if same else frame["difference"].ge(0)
    return frame


def _say(label: str, group: OffenceGroup, same: bool, frame: pd.DataFrame) -> str:
    own, found = frame[OWN].sum(), frame[OPEN].sum()
    text = f"{label}: own {own:,.0f}, open {found:,.0f} ({group.label})"
    if not same:
        fits = "as it must be" if frame["agrees"].all() else "which cannot be: the open table holds more than these"
        return (
            f"{text}: different scope; the open figure is {'not below' if frame['agrees'].all() else 'below'} the "
            f"own one, {fits}."
        )
    if not frame["difference"].any():
        return f"{text}: same scope, no revision."
    changed = int((frame["difference"] != 0).sum())
    return f"{text}: same scope, revision {found - own:+,.0f} ({changed} of {len(frame)} quarters differ)."
