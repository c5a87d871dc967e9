"""Rows of open tables that a report may speak of: all recorded crime, burglary, … In: the partnership's tables and the
open data. Out: the tables with a row for each such group, of the area and of its force.

The groups and their words stand in `claims.yml`. A group that the area has no figure of in these years is left out, so
that nothing is judged by it; all recorded crime stays, since a report may state its share of the force.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from swp_analysis.catalogue.claim_rules import OF_FORCE, OPEN, load_claim_rules
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year
from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.group_sums import choose_editions, printed_years, sum_quarters, sum_years
from swp_analysis.open_data.offences import TOTAL, load_offences
from swp_analysis.open_data.reader import OpenData
from swp_analysis.open_data.recorded_crime import REPORTED


class AuditTables(NamedTuple):
    """What `TableFigures` is made of but for the baselines."""

    observations: pd.DataFrame
    totals: pd.DataFrame
    catalogue: Catalogue


def add_open_rows(tables: AuditTables, data: OpenData, financial_year: str) -> AuditTables:
    """Add the open figures of a year and the year before; the tables as they are where the area is unknown."""
    try:
        area = data.find(tables.catalogue.identity.area_code)
    except InputError:
        return tables
    found = pd.DataFrame(_figures(tables.catalogue, data, area, financial_year))
    if found.empty:
        return tables
    force, names = data.book.areas[area.force_code].name, set(found["indicator"])
    names |= {OPEN + TOTAL} if OPEN + TOTAL + OF_FORCE in names else set()
    rows = {name: _make_row(name, tables.catalogue, force) for name in sorted(names)}
    catalogue = tables.catalogue.model_copy(update={"indicators": {**tables.catalogue.indicators, **rows}})
    quarterly = found[found["quarter"] > 0].drop(columns="quarters")
    yearly = found[found["quarter"] == 0].drop(columns=["quarter", "period_start", "period_end", "raw_value"])
    return AuditTables(_joined(tables.observations, quarterly), _joined(tables.totals, yearly), catalogue)


def _joined(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table.astype(object), rows.astype(object)], ignore_index=True) if len(rows) else table


def _make_row(name: str, catalogue: Catalogue, force: str) -> Indicator:
    group = name.removeprefix(OPEN).removesuffix(OF_FORCE)
    label = load_offences()[group].label if group in load_offences() else group.replace("_", " ")
    # The force's row is named only with the force's name behind the words, see `load_claim_rules`.
    named = [one for one in load_claim_rules(catalogue).subjects if one.group == group and not name.endswith(OF_FORCE)]
    return Indicator(
        id=name, label=f"{label} of {force}" if name.endswith(OF_FORCE) else label,
        theme=next(iter(catalogue.themes)), unit="count", kind="flow", good_direction="neutral",
        owner="open data", definition=label, phrases=[word for one in named for word in one.words],
    )  # fmt: skip


def _figures(catalogue: Catalogue, data: OpenData, area: Area, year: str) -> Iterator[dict[str, Any]]:
    years = [previous_year(year), year]
    crime = data.recorded_crime(area.force_code)
    crime = crime[crime["financial_year"].isin(years)]
    groups = {one.group for one in load_claim_rules(catalogue).subjects if one.group}
    for code, ending in {area.force_code: OF_FORCE, area.area_code: ""}.items():
        rows = crime[crime["area_code"] == code]
        for group in sorted(groups) if len(rows) else ():
            for of_group in _of_group(rows, group):
                for row in of_group.to_dict("records"):
                    yield _figure(f"{OPEN}{group}{ending}", {str(key): value for key, value in row.items()})


def _of_group(rows: pd.DataFrame, group: str) -> Iterator[pd.DataFrame]:
    """The quarters of a group and its years, printed or added up, each from the best edition."""
    known, years = load_offences().get(group), printed_years(rows, group)
    if known and (rows["quarter"] != "").any():
        yield (quarters := choose_editions(sum_quarters(rows, known)))
        years = pd.concat([sum_years(quarters), years])
    yield choose_editions(years)


def _figure(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row as `observations.csv` and the totals have it; `quarter` is 0 for a year."""
    is_known = row["status"] == REPORTED
    value = float(row["count"]) if is_known else float("nan")
    quarter = int(row["quarter"]) if row["quarter"] else 0
    none = dict.fromkeys(("lower", "upper", "numerator", "denominator"), float("nan"))
    return {
        "indicator": name, "financial_year": row["financial_year"], "quarter": quarter, "value": value, **none,
        "period_start": row.get("period_start"), "period_end": row.get("period_end"), "raw_value": str(row["count"]),
        "status": "reported" if is_known else "not_available", "quarters": ",".join(map(str, QUARTERS)),
    }  # fmt: skip
