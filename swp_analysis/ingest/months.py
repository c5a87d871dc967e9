"""Months beside quarters. In: a `Reading`. Out: the same, with the quarters that three months give, and a note for each
printed quarter that they contradict.

A month is never a quarter: the latest one alone stays a month, and is compared with none.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.ingest.records import Reading
from swp_analysis.ingest.timeline import Period, month_period

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]
MONTHS_OF_A_QUARTER = 3


def derive_quarters(reading: Reading, catalogue: Catalogue) -> None:
    """Add to `reading` each quarter that its three months give, or note where a printed one is another."""
    printed = {(row["indicator"], row["period_start"]): row for row in reading.observations if row["quarter"]}
    for (name, period), months in _by_quarter(reading.observations).items():
        if len(months) != MONTHS_OF_A_QUARTER or any(row["status"] != "reported" for row in months):
            continue
        made = _add_up(months, catalogue.indicators[name])
        if made is None:
            continue
        first, last = period.days
        record = {**made, "quarter": period.quarter, "period_start": first.isoformat(), "period_end": last.isoformat()}
        own = printed.get((name, record["period_start"]))
        if own is None or own["status"] == "not_available":
            reading.observations = [row for row in reading.observations if row is not own]
            reading.observations.append(record)
            reading.notes.append(
                f"{_place(months[0])}: Q{period.quarter} {period.financial_year} of {name} is made from its "
                "three months."
            )
        elif own["status"] == "reported" and abs(own["value"] - record["value"]) > _tolerance(
            catalogue.indicators[name]
        ):
            reading.notes.append(
                f"{_place(own)}: the figure printed for Q{period.quarter} {period.financial_year} of {name} is not "
                f"what its three months give (from {_place(months[0])} on); the printed one is kept."
            )


def _by_quarter(observations: list[Record]) -> dict[tuple[str, Period], list[Record]]:
    """The months of each indicator and quarter, in order."""
    groups: dict[tuple[str, Period], list[Record]] = defaultdict(list)
    for row in sorted(observations, key=lambda one: one["period_start"]):
        if not row["quarter"]:
            year, month = map(int, row["period_start"].split("-")[:2])
            period = month_period(year, month)
            groups[row["indicator"], Period(period.financial_year, period.quarter)].append(row)
    return groups


def _add_up(months: list[Record], indicator: Indicator) -> Record | None:
    """A record of the quarter: a flow's sum, a rate's n over N, a stock's last count; None when it can't be known."""
    shown = " + ".join(row["raw_value"].strip() for row in months)
    if indicator.kind == "stock":
        return {**months[-1], "raw_value": months[-1]["raw_value"]}
    if indicator.kind == "flow" and indicator.unit != "percent":
        return {**months[0], "value": sum(row["value"] for row in months), "raw_value": shown}
    parts = [(row["numerator"], row["denominator"]) for row in months]
    if any(part is None for pair in parts for part in pair) or not sum(total for _, total in parts):
        return None
    n, total = sum(n for n, _ in parts), sum(total for _, total in parts)
    return {**months[0], "value": 100 * n / total, "numerator": n, "denominator": total, "raw_value": shown}


def _tolerance(indicator: Indicator) -> float:
    return 0.5 if indicator.unit == "percent" else 0.0


def _place(row: Record) -> str:
    return f"{row['source_file']}, row {row['source_row']}, column {row['source_column']}"


def latest_months(observations: pd.DataFrame) -> pd.DataFrame:
    """Give the newest month of each indicator that has quarters, when it is later than all of them: shown apart,
    compared with none."""
    figures = observations[observations["status"].isin(["reported", "suppressed"])]
    quarters = figures[figures["quarter"].notna()].groupby("indicator")["period_end"].max()
    newest = figures[figures["quarter"].isna()].sort_values("period_start", kind="stable")
    newest = newest.drop_duplicates(["indicator", "area_code"], keep="last")
    is_later = [row.period_end > quarters.get(row.indicator, row.period_end) for row in newest.itertuples()]
    return newest[is_later]


def without_months(observations: pd.DataFrame) -> pd.DataFrame:
    """Give the observations that are compared quarter by quarter; `quarter` is a whole number in every row.

    Months of an indicator that has quarters are left out. One that has only ever months keeps the latest of each
    quarter, under that quarter's number, with the days of the month.
    """
    import pandas as pd

    is_month = observations["quarter"].isna()
    has_quarters = observations["indicator"].isin(set(observations.loc[~is_month, "indicator"]))
    kept = observations[~is_month | ~has_quarters]
    starts = pd.to_datetime(kept["period_start"])
    frame = kept.assign(quarter=kept["quarter"].fillna((starts.dt.month - 4) % 12 // 3 + 1).astype("int64"))
    key = ["indicator", "area_code", "financial_year", "quarter"]
    latest = frame.sort_values("period_start", kind="stable").drop_duplicates(key, keep="last")
    return frame.loc[latest.index.sort_values()].reset_index(drop=True)
