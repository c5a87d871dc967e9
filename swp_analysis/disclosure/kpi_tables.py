"""KPI tables as the plain ones of `engines/small_numbers`, and back. In: the three frames. Out: `Tables`.

The engine knows series and periods; that a quarter has three months, which indicator is a share of which, and which is
a head count that nobody adds up, is said here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.engines.small_numbers.cells import CELL_COLUMNS, SUM_COLUMNS, Links, Tables
from swp_analysis.quality.totals import SHORTEST_QUARTER_DAYS

Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]

_NAMES = {"indicator": "series", "area_code": "area", "financial_year": "year", "raw_value": "printed"}


def link_indicators(indicators: Mapping[str, Any] | Iterable[Any], years: Iterable[str] = ()) -> Links:
    """Read the links from the catalogue's indicators, or anything with the same attributes, and from the calendar."""
    entries = list(indicators.values() if isinstance(indicators, Mapping) else indicators)
    companions = {entry.companion_share: entry.id for entry in entries if entry.companion_share}
    shares = [entry for entry in entries if entry.unit == "percent"]
    guessed = {share.id for share in shares if share.id in companions and not (share.numerator or share.denominator)}
    parts = {}
    for share in shares:
        whole = companions[share.id] if share.id in guessed else share.denominator
        parts[share.id] = share.numerator or f"{share.id}: numerator", whole or f"{share.id}: denominator"
    return Links(
        parts=parts,
        wholes={entry.id: entry.subgroup_of for entry in entries if entry.subgroup_of},
        guessed=frozenset(guessed),
        inside={place: months for year in sorted(set(years)) for place, months in _months_of(year).items()},
        stocks=frozenset(entry.id for entry in entries if entry.kind == "stock"),
    )


def _months_of(year: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The quarters of a financial year, each with the first days of its months.

    >>> _months_of("2017-18")["2017-18", "4"]
    ('2018-01-01', '2018-02-01', '2018-03-01')
    """
    months = [f"{month}-01" for month in pd.period_range(f"{year[:4]}-04", periods=12, freq="M")]
    return {(year, str(quarter)): tuple(months[3 * quarter - 3 : 3 * quarter]) for quarter in QUARTERS}


def to_plain(frames: Frames) -> Tables:
    """Give observations, baselines and totals as plain tables; rows keep their order, baselines come after totals."""
    observations, baselines, totals = frames
    area = _home_area(observations)
    sums = [_plain_sums(totals, area, quoted=False), _plain_sums(baselines, area, quoted=True)]
    return Tables(_plain_cells(observations), pd.concat(sums, ignore_index=True))


def _plain_cells(observations: pd.DataFrame) -> pd.DataFrame:
    periods = [_period_of(row) for row in observations.to_dict("records")]
    named = observations.rename(columns=_NAMES).assign(period=periods)
    named = named.reindex(columns=CELL_COLUMNS).reset_index(drop=True)
    return named.assign(**named[["area", "printed"]].astype(object).fillna(""))


def _period_of(row: Mapping[Any, Any]) -> str:
    """The row's quarter, or the first day of its period when that is shorter than a quarter."""
    first, last = row.get("period_start") or "", row.get("period_end") or ""
    if first and last and (pd.Timestamp(last) - pd.Timestamp(first)).days < SHORTEST_QUARTER_DAYS:
        return str(first)
    return str(int(row["quarter"]))


def _plain_sums(frame: pd.DataFrame, area: str, quoted: bool) -> pd.DataFrame:
    named = state_status(frame).rename(columns={**_NAMES, "quarters": "periods"})
    named = named.assign(quoted=quoted).reindex(columns=SUM_COLUMNS)
    texts = named[["area", "periods", "printed"]].astype(object).fillna("")
    numbers = named[["value", "numerator", "denominator"]].astype(float)
    named = named.assign(**texts, **numbers)
    return named.assign(area=named["area"].where(named["area"] != "", area))


def from_plain(tables: Tables, frames: Frames) -> Frames:
    """Give the frames with the figures of `tables`, which were made from them, in the same rows."""
    observations, baselines, totals = frames
    quoted = tables.sums["quoted"].astype(bool)
    return (
        _with_figures(observations, tables.cells),
        _with_figures(state_status(baselines), tables.sums[quoted]),
        _with_figures(totals, tables.sums[~quoted]),
    )


def _with_figures(frame: pd.DataFrame, plain: pd.DataFrame) -> pd.DataFrame:
    changing = ["value", "lower", "upper", "numerator", "denominator", "status", "raw_value"]
    columns = {name: plain[_NAMES.get(name, name)].to_numpy() for name in changing if name in frame}
    return frame.assign(**columns).astype(frame.dtypes.to_dict())


def state_status(years: pd.DataFrame) -> pd.DataFrame:
    """Give baselines or totals with a `status`; the ones of baselines are `reported` and `not_available`."""
    if "status" in years:
        return years
    return years.assign(status=["reported" if known else "not_available" for known in years["value"].notna()])


def _home_area(observations: pd.DataFrame) -> str:
    """The area that totals and baselines speak about when they don't say: the one with the most observations."""
    return str(next(iter(observations.get("area_code", pd.Series(dtype=str)).mode()), ""))
