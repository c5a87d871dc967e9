"""What a year adds up to. In: observations and the catalogue. Out: one row per indicator and year.

Only flows are summed. A rate's year is the sum of n over the sum of N, or not known; a stock has no yearly figure at
all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import nan
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.engines.small_numbers.rounding import agrees_with_fraction, find_printed, possible_counts

Row = dict[Any, Any]  # of a table, by column
Counts = Mapping[tuple[str | None, str], float]

SHORTEST_QUARTER_DAYS = 80
WHOLE_YEAR = "1,2,3,4"
PARTS = ["numerator", "denominator", "numerator_low", "numerator_high", "numerator_likely"]
TOTAL_COLUMNS = ["indicator", "financial_year", "quarters", "value", "numerator", "denominator", "status"]


def annual_totals(
    observations: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    quarters: Mapping[str, tuple[int, ...]] | None = None,
) -> pd.DataFrame:
    """Give yearly figures over the reported quarters of each year.

    Parameters
    ----------
    observations : one row per indicator and quarter, columns of `data/processed/observations.csv`.
    indicators : the catalogue's indicators by id.
    quarters : indicator id -> the only quarters to add up (to compare like with like); default all that are reported.

    Returns
    -------
    DataFrame with `TOTAL_COLUMNS`: `quarters` as "1,2,3,4"; `value` in the indicator's unit; `numerator` and
    `denominator` for a rate; `status` `reported` or `not_available`.
    """
    usable = observations[span_quarters(observations)]
    counts, years = count_reported(usable), dict[tuple[str, str], list[Row]]()
    for row in list_rows(usable):
        years.setdefault((row["indicator"], row["financial_year"]), []).append(row)
    rows = [
        {"indicator": name, "financial_year": year, **_total(indicators[name], of_year, counts, quarters)}
        for (name, year), of_year in years.items()
    ]
    return pd.DataFrame(rows, columns=TOTAL_COLUMNS)


def list_rows(frame: pd.DataFrame) -> list[Row]:
    """Read the rows of a frame, each by the names of its columns."""
    return frame.to_dict("records")


def count_reported(observations: pd.DataFrame) -> Counts:
    """Give every reported figure by its indicator and the day on which its period starts."""
    rows = observations.loc[observations["status"] == "reported", ["indicator", "period_start", "value"]]
    return {(name, start): value for name, start, value in rows.itertuples(index=False)}


def quarter_parts(indicator: Indicator, series: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Give the reported quarters of a rate with the n and N behind each; `fill_parts` says which columns are added."""
    parts = series[series["status"] == "reported"].copy()
    counts = count_reported(observations)
    filled = [parts_of(row, indicator, counts) for row in list_rows(parts)]
    parts[PARTS] = pd.DataFrame(filled, columns=PARTS, index=parts.index, dtype=float)
    return parts


def fill_parts(rows: Iterable[Row], indicator: Indicator, counts: Counts) -> list[Row]:
    """Give the reported rows among some, each with what `parts_of` adds."""
    return [{**row, **parts_of(row, indicator, counts)} for row in rows if row["status"] == "reported"]


def parts_of(row: Row, indicator: Indicator, counts: Counts) -> dict[str, float]:
    """Give the n and N behind a quarter of a rate: printed beside it, or the indicators it is made of.

    Rows that contradict the printed percentage don't make it known. A percentage of a known N leaves few numerators
    possible: from `numerator_low` to `numerator_high`, with `numerator_likely` in the middle of the rounding; where it
    is only one, that one is the numerator.
    """
    start, value = row["period_start"], row["value"]
    n = _printed(row["numerator"], counts.get((indicator.numerator, start), nan))
    total = _printed(row["denominator"], counts.get((indicator.denominator, start), nan))
    if n == n and total > 0 and not agrees_with_fraction(f"{value:g}", n, total):
        n = total = nan
    low, high = _possible_ends(value, n, total, row["raw_value"])
    n, middle = low if low == high else n, value * total / 100
    likely = n if n == n else min(max(middle, low), high) if low == low else middle
    return dict(zip(PARTS, (n, total, low, high, likely), strict=True))


def _printed(value: Any, otherwise: float) -> float:
    return otherwise if value is None or pd.isna(value) else float(value)


def _possible_ends(value: float, n: float, total: float, raw: object) -> tuple[float, float]:
    if n == n or total != total or total != int(total):
        return n, n
    fits = possible_counts(int(total), find_printed(value, str(raw)), rounded=False)
    return (float(fits[0]), float(fits[-1])) if len(fits) else (nan, nan)


def name_only_month(rows: Iterable[Row]) -> str:
    """Give the name of the month that all rows are about, or an empty text when they are about quarters.

    >>> name_only_month([{"period_start": "2018-01-01", "period_end": "2018-01-31"}])
    'January'
    """
    days = {date.fromisoformat(row[end]) for row in rows for end in ("period_start", "period_end")}
    names = {f"{day:%B}" for day in days}
    return names.pop() if len(names) == 1 else ""


def span_quarters(observations: pd.DataFrame) -> pd.Series:
    """Tell which rows are about a whole quarter; a month, and so a one-month snapshot of a quarter, is not."""
    length = pd.to_datetime(observations["period_end"]) - pd.to_datetime(observations["period_start"])
    return length.dt.days >= SHORTEST_QUARTER_DAYS


def _total(
    indicator: Indicator, rows: Sequence[Row], counts: Counts, quarters: Mapping[str, tuple[int, ...]] | None
) -> Row:
    wanted = (quarters or {}).get(indicator.id)
    known = [row for row in rows if row["status"] == "reported" and (wanted is None or row["quarter"] in wanted)]
    reported = sorted(known, key=lambda row: row["quarter"])
    nothing = {"quarters": "", "value": nan, "numerator": None, "denominator": None, "status": "not_available"}
    if indicator.kind == "stock" or not reported:
        return nothing
    listed = nothing | {"quarters": ",".join(str(row["quarter"]) for row in reported), "status": "reported"}
    if indicator.kind == "flow":
        return listed | {"value": float(sum(row["value"] for row in reported))}
    parts = fill_parts(reported, indicator, counts)
    total = float(sum(part["denominator"] for part in parts))
    if not total > 0:
        return nothing
    exact = all(part["numerator"] == part["numerator"] for part in parts)
    n = float(sum(part["numerator" if exact else "numerator_likely"] for part in parts))
    return listed | {"value": 100 * n / total, "denominator": total, **({"numerator": n} if exact else {})}
