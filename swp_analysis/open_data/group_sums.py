"""Sums of offence groups, each quarter from the best edition; and what they mean for the partnership's own figures.

In: recorded crime by offence code. Out: a row a quarter; equalities and bounds that hold for own indicators, which the
audit judges by and the proof of disclosure control must reckon with, since readers can look the open figures up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import OffenceGroup, load_offences
from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED, PARTIAL, REPORTED

UNRANKED = (False, "", "")
PERIOD = ["period_start", "period_end", "financial_year", "quarter"]


def rank_editions(rows: pd.DataFrame) -> dict[tuple[str, str], tuple]:
    """Give editions in order: the user's own before what ships, then how far each reaches, then its name."""
    keys = ["source", "edition", "shipped"]
    ends = rows[[*keys, "period_end"]].drop_duplicates().astype(str).groupby(keys)["period_end"].max()
    found = ends.reset_index().to_dict("records")
    return {
        (row["source"], row["edition"]): (row["shipped"] == "False", row["period_end"], row["edition"]) for row in found
    }


def sum_quarters(rows: pd.DataFrame, group: OffenceGroup) -> pd.DataFrame:
    """Give a row for each quarter and edition that has the group, and one for each quarter that was not supplied."""
    keys = [*PERIOD, "source", "edition"]
    quarterly = rows[rows["quarter"] != ""]
    if quarterly.empty:
        return quarterly[[*keys, "count", "status"]].astype({name: str for name in keys})
    own = quarterly[group.rows_of(quarterly) & (quarterly["offence_code"] != "")]
    summed = own.groupby(keys, observed=True)["count"].agg(["sum", "count", "size"]).reset_index()
    summed["status"] = REPORTED
    summed.loc[summed["count"] < summed["size"], "status"] = PARTIAL
    summed.loc[summed["count"] == 0, "status"] = NOT_SUPPLIED
    summed["count"] = summed["sum"].where(summed["status"] != NOT_SUPPLIED)
    gaps = quarterly[quarterly["offence_code"] == ""][[*keys, "count", "status"]]
    return pd.concat([summed[[*keys, "count", "status"]], gaps]).astype({name: str for name in keys})


def _last(edition: str) -> str:
    """The newest of the editions that a year was summed from."""
    return edition.split("; ")[-1]


def choose_editions(found: pd.DataFrame, rank: dict) -> pd.DataFrame:
    """Choose one row a period: the best edition that has it."""
    if found.empty:
        return found
    order = [
        (
            row["status"] == REPORTED,
            row["status"] == PARTIAL,
            *rank.get((row["source"], _last(row["edition"])), UNRANKED),
        )
        for row in found.to_dict("records")
    ]
    ranked = found.assign(order=pd.Series(order, index=found.index, dtype=object)).sort_values(
        ["period_start", "order"]
    )
    key = "period_end" if (found["quarter"] != "").any() else "financial_year"
    return (
        ranked.drop_duplicates(key, keep="last")
        .drop(columns="order")
        .sort_values("period_start")
        .reset_index(drop=True)
    )


def sum_years(quarters: pd.DataFrame) -> pd.DataFrame:
    """Sum financial years from their quarters; `partial` when one is missing."""
    if quarters.empty:
        return quarters
    whole = quarters.assign(there=quarters["status"] == REPORTED)
    years = (
        whole.groupby("financial_year")
        .agg(
            period_start=("period_start", "min"),
            period_end=("period_end", "max"),
            there=("there", "sum"),
            count=("count", lambda n: n.sum(min_count=1)),
            source=("source", "last"),
            edition=("edition", lambda names: "; ".join(sorted(set(names)))),
        )
        .reset_index()
    )
    years["status"] = years["there"].map(lambda n: REPORTED if n == 4 else PARTIAL if n else NOT_SUPPLIED)
    return years.assign(quarter="").drop(columns="there")


def printed_years(rows: pd.DataFrame, group: OffenceGroup) -> pd.DataFrame:
    """Give what a table prints for a financial year."""
    printed = rows[(rows["quarter"] == "") & (rows["offence_group"] == group.id) & (rows["financial_year"] != "")]
    return printed[[*PERIOD, "count", "status", "source", "edition"]].astype(
        {name: str for name in [*PERIOD, "source", "edition"]}
    )


@dataclass(frozen=True)
class OpenConstraint:
    """What an open table says of an own indicator in a period: it equals `value`, or is at most that."""

    indicator: str
    period_start: str
    period_end: str
    financial_year: str
    quarter: str
    relation: Literal["=", "<="]
    value: int
    source: str
    edition: str


def list_constraints(data: OpenData, area: Area) -> Iterator[OpenConstraint]:
    """List the equalities and bounds that the open tables of an area give for own indicators, by quarter."""
    rows = data.recorded_crime(area.force_code)
    rows = rows[rows["area_code"] == area.area_code]
    rank = rank_editions(rows)
    for group in load_offences().values():
        if indicator := group.kpi or group.at_least_kpi:
            found = choose_editions(sum_quarters(rows, group), rank)
            for row in found[found["status"] == REPORTED].to_dict("records"):
                named = {str(name): str(row[name]) for name in (*PERIOD, "source", "edition")}
                relation: Literal["=", "<="] = "=" if group.kpi else "<="
                yield OpenConstraint(indicator, relation=relation, value=int(row["count"]), **named)
