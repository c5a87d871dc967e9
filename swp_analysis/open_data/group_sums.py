"""Sums of offence groups, each quarter from the best edition; and what they mean for the partnership's own figures.

In: recorded crime by offence code. Out: a row a quarter; equalities and bounds that hold for own indicators, which the
audit judges by and the proof of disclosure control must reckon with, since readers can look the open figures up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import OffenceGroup, find_offence
from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED, PARTIAL, REPORTED

PERIOD = ["period_start", "period_end", "financial_year", "quarter"]
EDITION = ["source", "edition", "order"]
TEXTS = dict.fromkeys([*PERIOD, *EDITION[:2]], str)


def sum_quarters(rows: pd.DataFrame, group: OffenceGroup) -> pd.DataFrame:
    """Give a row for each quarter and edition that has the group, and one for each quarter that was not supplied.

    A quarter with a count that is withheld, or with offences that may belong to the group, is `partial`.
    """
    keys = [*PERIOD, *EDITION]
    quarterly = rows[rows["quarter"] != ""]
    if quarterly.empty:
        return quarterly[[*keys, "count", "status"]].astype(TEXTS)
    may_be = group.may_hold(quarterly) & (quarterly["offence_code"] != "")
    own = quarterly[may_be | (group.rows_of(quarterly) & (quarterly["offence_code"] != ""))]
    own = own.assign(count=own["count"].where(~may_be), may_be=may_be[own.index])
    named = {name: ("count", name) for name in ("sum", "count", "size")}
    summed = own.groupby(keys, observed=True).agg(**named, may_be=("may_be", "any")).reset_index()
    summed["status"] = REPORTED
    summed.loc[summed["count"] < summed["size"], "status"] = PARTIAL
    summed.loc[(summed["count"] == 0) & ~summed["may_be"], "status"] = NOT_SUPPLIED
    summed["count"] = summed["sum"].where(summed["status"] != NOT_SUPPLIED)
    gaps = quarterly[quarterly["offence_code"] == ""]
    return pd.concat([summed, gaps])[[*keys, "count", "status"]].astype(TEXTS)


def sum_years(quarters: pd.DataFrame) -> pd.DataFrame:
    """Sum financial years from their quarters; `partial` when one is missing."""
    if quarters.empty:
        return quarters
    years = (
        quarters.assign(there=quarters["status"] == REPORTED, known=quarters["status"] != NOT_SUPPLIED)
        .groupby("financial_year")
        .agg(
            period_start=("period_start", "min"),
            period_end=("period_end", "max"),
            there=("there", "sum"),
            known=("known", "any"),
            count=("count", lambda n: n.sum(min_count=1)),
            source=("source", "last"),
            edition=("edition", lambda names: "; ".join(sorted(set(names)))),
            order=("order", "max"),
        )
        .reset_index()
    )
    years["status"] = years["known"].map({True: PARTIAL, False: NOT_SUPPLIED})
    years.loc[years["there"] == 4, "status"] = REPORTED
    return years.assign(quarter="").drop(columns=["there", "known"])


def printed_years(rows: pd.DataFrame, group_id: str) -> pd.DataFrame:
    """Give the twelve months that tables print of a group; `financial_year` is empty when they are none."""
    printed = rows[(rows["quarter"] == "") & (rows["offence_group"] == group_id) & (rows["offence_code"] == "")]
    return printed[[*PERIOD, *EDITION, "count", "status"]].astype(TEXTS)


def choose_editions(found: pd.DataFrame) -> pd.DataFrame:
    """Choose one row a period: the best edition that has it."""
    key = "period_end" if (found["quarter"] != "").any() else "financial_year"
    whole = found["status"].map({REPORTED: 2, PARTIAL: 1}).fillna(0)
    ranked = found.assign(whole=whole).sort_values(["period_start", "whole", "order"])
    return ranked.drop_duplicates(key, keep="last").drop(columns="whole").reset_index(drop=True)


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


def list_constraints(data: OpenData, area: Area, indicators: Mapping[str, Indicator]) -> Iterator[OpenConstraint]:
    """List the equalities and bounds that the open tables of an area give for own indicators, by quarter."""
    rows = data.crime_of(area)
    for name, indicator in indicators.items():
        if group := indicator.open_group or indicator.within_open_group:
            found = choose_editions(sum_quarters(rows, find_offence(group)))
            for row in found[found["status"] == REPORTED].to_dict("records"):
                named = {str(key): str(row[key]) for key in (*PERIOD, "source", "edition")}
                relation: Literal["=", "<="] = "=" if indicator.open_group else "<="
                yield OpenConstraint(name, relation=relation, value=int(row["count"]), **named)
