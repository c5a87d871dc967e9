"""What is due and has not come. In: observations up to a year, the catalogue, a day. Out: the chase list: who owes
which figure, and how late it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import QUARTERS, start_year
from swp_analysis.ingest.cells import says_no_cases
from swp_analysis.ingest.timeline import Period, month_period

if TYPE_CHECKING:
    import pandas as pd

CHASE_COLUMNS = ["owner", "indicator", "financial_year", "quarter", "period_end", "due", "days_late"]


def list_due(observations: pd.DataFrame, catalogue: Catalogue, financial_year: str, today: date) -> pd.DataFrame:
    """List the figures of `financial_year` that should be there on the day `today` and are not.

    A quarter's figures are due `collection_days` (layouts.yml) after its last day. A share that is missing together
    with the count it is printed beside is one figure to ask for, not two.

    Returns
    -------
    DataFrame with `CHASE_COLUMNS`, the latest first, then by owner; `days_late` counts from the day it was due.
    """
    import pandas as pd

    there = _there(observations)
    counts = {indicator.companion_share: name for name, indicator in catalogue.indicators.items()}
    rows: list[dict[str, Any]] = []
    for indicator in catalogue.indicators.values():
        for period in expected_periods(indicator, observations, financial_year):
            due = period.days[1] + timedelta(days=catalogue.layouts.collection_days)
            missing = (indicator.id, period.days) not in there
            asked_with_count = indicator.id in counts and (counts[indicator.id], period.days) not in there
            if missing and not asked_with_count and due < today:
                rows.append(_chased(indicator, period, due, today))
    rows.sort(key=lambda row: (-row["days_late"], row["owner"], row["indicator"]))
    return pd.DataFrame(rows, columns=CHASE_COLUMNS)


def expected_periods(indicator: Indicator, observations: pd.DataFrame, financial_year: str) -> list[Period]:
    """Give the four quarters, or for a figure that is only ever given for single months the same months of this
    year."""
    own = observations[observations["indicator"] == indicator.id]
    rows: Iterable[Any] = own.itertuples()
    months = {month for row in rows if (month := _month_of(row.period_start, row.period_end))}
    if own.empty or len(months) == 0:
        return [Period(financial_year, quarter) for quarter in QUARTERS]
    start = start_year(financial_year)
    return [month_period(start if month >= 4 else start + 1, month) for month in sorted(months)]


def next_due(financial_year: str, collection_days: int, today: date) -> date | None:
    """Give the first day after `today` on which the chase list of a year may grow; None when all of it is due."""
    ends = (month_period(start_year(financial_year) + (month < 4), month).days[1] for month in range(1, 13))
    days = (end + timedelta(days=collection_days + 1) for end in ends)
    return min((day for day in days if day > today), default=None)


def describe_due(due: pd.DataFrame) -> Iterator[str]:
    """Give the chase list as lines of text, one an owner; the table in data/processed has each figure."""
    for owner, rows in due.groupby("owner", sort=False):
        indicators = rows["indicator"].nunique()
        yield (
            f"{owner}: {len(rows)} overdue figure{'s' if len(rows) > 1 else ''} of {indicators} "
            f"indicator{'s' if indicators > 1 else ''}, the oldest {rows['days_late'].max()} days late; see chase.csv."
        )


def _there(observations: pd.DataFrame) -> set[tuple[str, tuple[date, date]]]:
    no_cases = observations["raw_value"].astype(str).str.strip().map(says_no_cases)
    given = observations[(observations["status"] != "not_available") | no_cases]
    rows: Iterable[Any] = given.itertuples()
    return {(row.indicator, (date.fromisoformat(row.period_start), date.fromisoformat(row.period_end))) for row in rows}


def _month_of(first: str, last: str) -> int | None:
    """The month of a period that lies within one, else None."""
    return int(first[5:7]) if first[:7] == last[:7] else None


def _chased(indicator: Indicator, period: Period, due: date, today: date) -> dict[str, object]:
    return {
        "owner": indicator.owner,
        "indicator": indicator.id,
        "financial_year": period.financial_year,
        "quarter": period.quarter,
        "period_end": period.days[1].isoformat(),
        "due": due.isoformat(),
        "days_late": (today - due).days,
    }
