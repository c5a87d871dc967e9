"""Do the printed baselines agree with their own quarters? In: observations and baselines. Out: one row a baseline.

Differences are reported with their likeliest cause and never repaired.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue, Indicator

RECONCILED_COLUMNS = ["indicator", "financial_year", "printed", "recomputed", "difference", "verdict", "explanation"]


def reconcile_baselines(
    observations: pd.DataFrame, baselines: pd.DataFrame, totals: pd.DataFrame, catalogue: Catalogue
) -> pd.DataFrame:
    """Compare each printed baseline with what its year's quarters give.

    Returns
    -------
    DataFrame with `RECONCILED_COLUMNS`; `verdict` is `agrees`, `differs` or `not comparable`.
    """
    years = totals.set_index(["indicator", "financial_year"])
    rows = []
    baseline: Any
    for baseline in baselines.itertuples(index=False):
        indicator = catalogue.indicators[baseline.indicator]
        quarters = _reported(observations, baseline.indicator, baseline.financial_year)
        key = (baseline.indicator, baseline.financial_year)
        total = years.loc[key] if key in years.index else None
        rows.append(_reconcile(indicator, baseline, quarters, total))
    return pd.DataFrame(rows, columns=RECONCILED_COLUMNS)


def _reconcile(indicator: Indicator, baseline, quarters: pd.Series, total: pd.Series | None) -> dict[str, object]:
    row = {
        "indicator": indicator.id,
        "financial_year": baseline.financial_year,
        "printed": baseline.value,
        "recomputed": math.nan,
        "difference": math.nan,
        "verdict": "not comparable",
    }
    if total is None or total["status"] != "reported" or total["quarters"] != "1,2,3,4":
        return row | {"explanation": _why_not(indicator, baseline.value, quarters)}
    recomputed = float(total["value"])
    same = _agrees(baseline.value, recomputed, indicator)
    explanation = "" if same else _likely_cause(baseline.value, recomputed, quarters)
    return row | {
        "recomputed": recomputed,
        "difference": baseline.value - recomputed,
        "verdict": "agrees" if same else "differs",
        "explanation": explanation,
    }


def _agrees(printed: float, recomputed: float, indicator: Indicator) -> bool:
    if indicator.unit == "count":
        return printed == recomputed
    # A printed percentage may be rounded or cut off at its one printed decimal.
    return abs(printed - recomputed) <= 0.05 + 1e-9 or 0 <= recomputed - printed < 0.1


def _why_not(indicator: Indicator, printed: float, quarters: pd.Series) -> str:
    if quarters.empty:
        return "the quarters of that year are not published"
    if indicator.kind == "stock" and printed == quarters.sum():
        return (
            f"{printed:g} is {' + '.join(f'{value:g}' for value in quarters)}: head counts of different days added up, "
            "which counts the same people again"
        )
    if indicator.kind == "stock":
        return "a head count has no yearly total"
    if indicator.unit == "percent":
        return "the numbers behind the quarterly percentages are not published"
    return "not every quarter of that year has a figure"


def _likely_cause(printed: float, recomputed: float, quarters: pd.Series) -> str:
    same_quarter = [quarter for quarter, value in quarters.items() if value == printed]
    if same_quarter:
        return f"{printed:g} is Q{same_quarter[0]} alone; the year is {recomputed:.4g}"
    return f"the quarters give {recomputed:.4g}; no cause found in the table"


def _reported(observations: pd.DataFrame, name: str, year: str) -> pd.Series:
    rows = observations[
        (observations["indicator"] == name)
        & (observations["financial_year"] == year)
        & (observations["status"] == "reported")
    ]
    return rows.set_index("quarter")["value"]
