"""KPI tables as the plain ones of `engines/small_numbers`, and back. In: the three frames. Out: `Tables`.

The engine knows series and periods; that a quarter has three months, which indicator is a share of which, and which is
a head count that nobody adds up, is said here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.engines.small_numbers.cells import CELL_COLUMNS, SUM_COLUMNS, Links, Tables
from swp_analysis.quality.totals import SHORTEST_QUARTER_DAYS

Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]

LEAST_QUARTERS, MOST_PARTS = 2, 6
_NAMES = {"indicator": "series", "area_code": "area", "financial_year": "year", "raw_value": "printed"}


def link_indicators(indicators: Mapping[str, Any] | Iterable[Any], years: Iterable[str] = ()) -> Links:
    """Read the links from the catalogue's indicators, or anything with the same attributes, and from the calendar."""
    entries = _list_entries(indicators)
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


def _list_entries(indicators: Mapping[str, Any] | Iterable[Any]) -> list[Any]:
    return list(indicators.values() if isinstance(indicators, Mapping) else indicators)


def find_sums(observations: pd.DataFrame, indicators: Mapping[str, Any] | Iterable[Any]) -> dict[str, tuple[str, ...]]:
    """Find the counts that others add up to in every quarter: sub-groups of one group, or rows beside each other.

    Nobody has to have said so: who reads the table sees that women and men make up the victims.
    """
    entries = _list_entries(indicators)
    rows = observations[(observations["status"] == "reported") & observations["quarter"].notna()]
    table = rows.pivot_table(values="value", index=["area_code", "financial_year", "quarter"], columns="indicator")
    counts = {one.id: table[one.id].to_numpy() for one in entries if one.unit == "count" and one.id in table}
    found: dict[str, tuple[str, ...]] = {}
    for whole, parts in _may_add_up([*counts], {entry.id: entry.subgroup_of for entry in entries}):
        over = sum(counts[part] for part in parts) - counts[whole]
        known = ~np.isnan(over)
        is_sum = len(parts) > 1 and sum(known) >= LEAST_QUARTERS and not over[known].any()
        if is_sum and all(counts[part][known].any() for part in parts):
            found.setdefault(whole, tuple(parts))
    return found


def _may_add_up(names: list[str], wholes: Mapping[str, str | None]) -> Iterator[tuple[str, list[str]]]:
    for name in names:
        yield name, [part for part in names if wholes[part] == name]
    for count in range(2, MOST_PARTS + 1):
        for window in (names[start : start + count + 1] for start in range(len(names) - count)):
            yield window[0], window[1:]
            yield window[-1], window[:-1]


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
