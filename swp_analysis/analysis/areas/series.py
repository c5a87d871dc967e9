"""A long series of recorded crime of one area. In: `OpenData`. Out: `AreaSeries`, a row a period.

Each quarter comes from the edition that reaches furthest among those that have it. A quarter that no edition has is a
gap in the frame, and a year is summed only when its four quarters are there.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

import pandas as pd

from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError, require_choice
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.timeline import When
from swp_analysis.open_data.breaks import OpenBreak, breaks_for
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.group_sums import choose_editions, printed_years, sum_quarters, sum_years
from swp_analysis.open_data.offences import OffenceGroup, find_offence
from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED, REPORTED

By = Literal["quarter", "year"]
DAY_OR_YEAR = re.compile(r"\d{4}(?:-\d\d-\d\d)?")
_YEAR_TO = re.compile(r"(?:(?:the )?(?:year|12 months|twelve months) (?:to|ending|ended) )?(?:the end of )?(.*)", re.I)
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
MOST_NAMED = 3
COLUMNS = "period_start period_end financial_year quarter count status source edition".split()


@dataclass(frozen=True)
class AreaSeries:
    """`frame` has a row a period, oldest first, with `COLUMNS`; `breaks` are the recorded changes within it."""

    area: Area
    group: OffenceGroup
    by: str
    frame: pd.DataFrame
    breaks: tuple[OpenBreak, ...]

    @property
    def reported(self) -> pd.DataFrame:
        """The periods with a whole figure."""
        return self.frame[self.frame["status"] == REPORTED]

    @property
    def editions(self) -> str:
        """Which editions of which tables the figures are from."""
        pairs = self.reported[["source", "edition"]].drop_duplicates()
        return "; ".join(f"{source} {edition}" for source, edition in pairs.itertuples(index=False))


@lru_cache(maxsize=256)  # a profile asks for the same few series by turns
def read_area_series(data: OpenData, area: Area, group_id: str, by: By = "quarter", edition: str = "") -> AreaSeries:
    """Read the series of an area and group of offences.

    Parameters
    ----------
    edition : only this edition, such as the first one that was published; default the newest of each quarter.

    Raises
    ------
    InputError
        When the area is none, or no table has the group for it.
    """
    require_choice("period of a series", by, get_args(By))
    group = find_offence(group_id)
    require_area(area)
    rows = data.crime_of(area)
    rows = rows[rows["edition"] == edition] if edition else rows
    frame = choose_editions(sum_quarters(rows, group))
    if by == "year":
        printed = printed_years(rows, group.id)
        frame = choose_editions(pd.concat([sum_years(frame), printed[printed["financial_year"] != ""]]))
    if not (frame["status"] != NOT_SUPPLIED).any():
        raise InputError(
            f"No table here has {group.label} of {area.name} by {by}; swp fetch crime --force {area.force_code} "
            "brings them."
        )
    if not (frame["status"] == REPORTED).any():
        raise InputError(
            f"No {by} of {group.label} of {area.name} has a whole figure: in each some counts are withheld or stand "
            "under a name that is not known; swp open says which."
        )
    return AreaSeries(area, group, by, frame[COLUMNS].reset_index(drop=True), _breaks_within(frame, group, area))


def require_area(area: Area) -> None:
    """Raise an InputError with the reason when rows that are no area are asked for as one."""
    if not area.usable:
        raise InputError(f"{area.name} is not an area that can be described: {area.why_not}")


def _breaks_within(frame: pd.DataFrame, group: OffenceGroup, area: Area) -> tuple[OpenBreak, ...]:
    first, last = date.fromisoformat(frame["period_start"].min()), date.fromisoformat(frame["period_end"].max())
    seen = {change.id: change for source in frame["source"].unique() for change in breaks_for(group, area, source)}
    within = [change for change in seen.values() if change.date_from and first < change.date_from <= last]
    return tuple(sorted(within, key=lambda change: change.date_from or date.min))


def list_revisions(data: OpenData, area: Area, group_id: str) -> pd.DataFrame:
    """List what each edition says of each financial year that more than one has: `financial_year`, a column an
    edition."""
    require_area(area)
    rows = data.crime_of(area)
    rows = rows[~rows["shipped"]] if not rows["shipped"].all() else rows
    group, tables = find_offence(group_id), []
    for (source, edition), own in rows.groupby(["source", "edition"], observed=True):
        years = pd.concat([sum_years(sum_quarters(own, group)), printed_years(own, group.id)])
        whole = years[(years["status"] == REPORTED) & (years["financial_year"] != "")].drop_duplicates("financial_year")
        tables.append(whole.set_index("financial_year")["count"].rename(f"{source} {edition}"))
    together = pd.concat(tables, axis=1).sort_index() if tables else pd.DataFrame()
    return together[together.notna().sum(axis=1) > 1].dropna(axis=1, how="all").reset_index()


@lru_cache(maxsize=256)
def latest_year(data: OpenData, area: Area, group_id: str, year: str = "") -> pd.Series:
    """Give the twelve months that a rate or share is about, as a row with `COLUMNS`.

    Parameters
    ----------
    year : a financial year like "2017-18", or the month it ends like "2025-06" or "June 2025"; default the newest.

    Raises
    ------
    InputError
        When there is no whole year, or none of that name, or no year is named.
    """
    found = list_reported(data, area, group_id, "year"), _rolling(data, area, group_id)
    years = pd.concat([frame for frame in found if len(frame)] or [found[0]])
    years = years.drop_duplicates("period_end", keep="first").sort_values("period_end")
    known, wanted = years["period_end"].tail(MOST_NAMED).tolist(), _read_end(str(year))
    if wanted:
        years = years[(years["financial_year"] == wanted) | years["period_end"].str.startswith(wanted)]
    if years.empty:
        missing = f"No table here has a whole year of {find_offence(group_id).label} of {area.name}"
        is_end = wanted[4:] and not read_financial_year(wanted)
        when = f"to {name_month(wanted)}" if is_end else f"for {wanted}" if wanted else "yet"
        there = f"there is the year to {' and '.join(map(name_month, known))}" if known else "see swp open"
        raise InputError(f"{missing} {when}; {there}.")
    return years.iloc[-1]


def _read_end(year: str) -> str:
    """The financial year that is meant, or the year, month or day that the twelve months end in."""
    text = _YEAR_TO.sub(r"\1", year.strip())
    wanted = text if DAY_OR_YEAR.fullmatch(text) or not text else read_financial_year(text) or read_month(text)
    if text and not wanted:
        raise InputError(
            f"{year!r} is no year; write a financial year like 2024-25, or the last month, like June 2025."
        )
    return wanted


def name_month(text: object) -> str:
    """Write the month of a day, or a month as tables have it: `2025-06` -> `June 2025`."""
    return f"{date.fromisoformat(f'{text:.7}-01'):%B %Y}"


def read_month(text: str) -> str:
    """Read a month as people write it, or the one that a day is in, as tables have it; "" for what is none.

    >>> read_month("June 2025"), read_month("30 June 2025"), read_month("2011-12"), read_month("2025")
    ('2025-06', '2025-06', '2011-12', '')
    """
    when, left = read_when(text)
    alone = not left and When(months=when.months[:1], days=when.days[:1]) == when
    months = [*when.months, *((day.month, day.year) for day in when.days)] if alone else []
    named = [f"{year}-{month:02d}" for month, year in months if year]
    return text if MONTH.fullmatch(text) else named[0] if len(named) == 1 else ""


def list_reported(data: OpenData, area: Area, group_id: str, by: By) -> pd.DataFrame:
    """List the periods with a whole figure; none where no table has them."""
    try:
        return read_area_series(data, area, group_id, by).reported
    except InputError:
        return pd.DataFrame(columns=COLUMNS)


def is_year(quarters: pd.DataFrame) -> bool:
    """Tell whether four quarters follow one another."""
    first, last = quarters["period_start"].iloc[0], quarters["period_end"].iloc[-1]
    return bool(pd.Period(first, "M") + 11 == pd.Period(last, "M"))


def _rolling(data: OpenData, area: Area, group_id: str) -> pd.DataFrame:
    """Printed twelve months that are no financial year, such as a year to June, and the last four quarters."""
    own = printed_years(data.crime_of(area), group_id)
    own = own[(own["financial_year"] == "") & (own["status"] == REPORTED)]
    printed, last = own.sort_values("order", ascending=False), list_reported(data, area, group_id, "quarter").tail(4)
    if len(last) < 4 or not is_year(last) or last["quarter"].iloc[-1] == "4":
        return printed
    named = {"period_start": last["period_start"].iloc[0], "count": last["count"].sum()}
    return pd.concat([printed, last.iloc[[-1]].assign(**named, quarter="", financial_year="")])
