"""What a year adds up to. In: observations and the catalogue. Out: one row per indicator and year.

Only flows are summed. A rate's year is the sum of n over the sum of N, or not known; a stock has no yearly figure at
all.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.engines.small_numbers.rounding import agrees_with_fraction, find_printed, possible_numerators

WHOLE_YEAR = "1,2,3,4"
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
    usable = _quarterly(observations)
    rows = []
    for (name, year), series in usable.groupby(["indicator", "financial_year"], sort=False):
        indicator = indicators[str(name)]
        wanted = quarters.get(str(name)) if quarters is not None else None
        if wanted is not None:
            series = series[series["quarter"].isin(wanted)]
        rows.append({"indicator": name, "financial_year": year, **_total(indicator, series, usable)})
    return pd.DataFrame(rows, columns=TOTAL_COLUMNS)


def quarter_parts(indicator: Indicator, series: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Give the n and N behind each reported quarter of a rate: printed beside it, or the indicators it is made of.

    Returns `series` (reported quarters only) with `numerator` and `denominator` filled where they are known. Rows that
    contradict the printed percentage don't make it known. A percentage of a known N leaves few numerators possible:
    from `numerator_low` to `numerator_high`, with `numerator_likely` in the middle of the rounding; where it is only
    one, that one is filled in.
    """
    parts = series[series["status"] == "reported"].copy()
    for column, source in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
        if source:
            counts = observations[(observations["indicator"] == source) & (observations["status"] == "reported")]
            lookup = counts.set_index("period_start")["value"]
            parts[column] = parts[column].fillna(parts["period_start"].map(lookup))
    contradicted = [_contradicts(*row) for row in parts[["value", "numerator", "denominator"]].to_numpy()]
    parts.loc[contradicted, ["numerator", "denominator"]] = float("nan")
    return _recover_numerators(parts)


def _recover_numerators(parts: pd.DataFrame) -> pd.DataFrame:
    ends = [_possible_ends(*row) for row in parts[["value", "numerator", "denominator", "raw_value"]].to_numpy()]
    parts["numerator_low"] = [low for low, _ in ends]
    parts["numerator_high"] = [high for _, high in ends]
    known = parts["numerator_low"] == parts["numerator_high"]
    parts["numerator"] = parts["numerator"].where(~known, parts["numerator_low"])
    middle = (parts["value"] * parts["denominator"] / 100).clip(parts["numerator_low"], parts["numerator_high"])
    parts["numerator_likely"] = parts["numerator"].fillna(middle)
    return parts


def _possible_ends(value: float, n: float, total: float, raw: object) -> tuple[float, float]:
    nothing = float("nan"), float("nan")
    if pd.notna(n) or pd.isna(total) or total != int(total):
        return (n, n) if pd.notna(n) else nothing
    fits = possible_numerators(find_printed(value, str(raw)), int(total))
    return (float(fits[0]), float(fits[-1])) if len(fits) else nothing


def _contradicts(value: float, n: float, total: float) -> bool:
    known = n == n and total == total and total > 0
    return known and not agrees_with_fraction(f"{value:g}", n, total)


def single_month(series: pd.DataFrame) -> str:
    """Give the name of the month that all figures of a series are about, or an empty text when they are about quarters.

    >>> single_month(pd.DataFrame({"period_start": ["2018-01-01"], "period_end": ["2018-01-31"]}))
    'January'
    """
    starts, ends = pd.to_datetime(series["period_start"]), pd.to_datetime(series["period_end"])
    names = set(starts.dt.month_name()) | set(ends.dt.month_name())
    return names.pop() if len(names) == 1 else ""


def _quarterly(observations: pd.DataFrame) -> pd.DataFrame:
    """Observations of whole quarters; a one-month snapshot is part of no year."""
    length = pd.to_datetime(observations["period_end"]) - pd.to_datetime(observations["period_start"])
    return observations[length.dt.days > 80]


def _total(indicator: Indicator, series: pd.DataFrame, observations: pd.DataFrame) -> dict[str, object]:
    reported = series[series["status"] == "reported"].sort_values("quarter")
    nothing = {"quarters": "", "value": float("nan"), "numerator": None, "denominator": None, "status": "not_available"}
    if indicator.kind == "stock" or reported.empty:
        return nothing
    listed = {"quarters": ",".join(str(quarter) for quarter in reported["quarter"]), "status": "reported"}
    if indicator.kind == "flow":
        return nothing | listed | {"value": float(reported["value"].sum())}
    parts = quarter_parts(indicator, reported, observations)
    if parts["denominator"].isna().any() or parts["denominator"].sum() == 0:
        return nothing
    if parts["numerator"].notna().all():
        n, total = parts["numerator"].sum(), parts["denominator"].sum()
        return nothing | listed | {"value": 100 * n / total, "numerator": float(n), "denominator": float(total)}
    n, total = parts["numerator_likely"].sum(), parts["denominator"].sum()
    return nothing | listed | {"value": float(100 * n / total), "denominator": float(total)}
