"""How good would the projection have been? In: past quarters or months. Out: a row a forecast, a summary a method.

Rolling origin: every complete year that follows a complete one is forecast after each period but its last from what was
known then. Two simple forecasts are scored with it: the run rate (quarters so far, scaled up) and last year's.
"""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from swp_analysis.analysis.predictive import Predictive
from swp_analysis.analysis.projection import Projection, project_count
from swp_analysis.analysis.rates import wilson_interval
from swp_analysis.catalogue.periods import previous_year

BACKTEST_COLUMNS = (
    "indicator financial_year after_quarter method actual point lower80 upper80 lower95 upper95 score80 score95 crps"
).split()
SUMMARY_COLUMNS = (
    "method forecasts coverage80 coverage80_lower coverage80_upper coverage95 coverage95_lower coverage95_upper "
    "score80 score95 crps"
).split()
LEVELS = {"80": 0.2, "95": 0.05}
PERIODS = {"quarter": 4, "month": 12}
METHODS = ("projection", "run rate", "last year's total")


def score_interval(lower: float, upper: float, observed: float, alpha: float) -> float:
    """Give the width plus 2/alpha times the distance by which it was missed; lower is better (Gneiting and Raftery
    2007).

    >>> score_interval(187, 236, 240, 0.05)
    209.0
    """
    if lower > upper:
        raise ValueError("the lower end must not be above the upper one")
    missed = max(lower - observed, observed - upper, 0.0)
    return float(upper - lower + 2 / alpha * missed)


def score_crps(predictive: Predictive, observed: int) -> float:
    """Give the continuous ranked probability score of a distribution over whole numbers; lower is better (Gneiting and
    Raftery).

    Parameters
    ----------
    predictive : a forecast, such as `predict_total` gives.
    observed : what came.
    """
    start = predictive.known + predictive.first
    totals = start + np.arange(max(len(predictive.chances), observed - start + 1))
    cumulative = np.cumsum(predictive.chances)
    cumulative = np.append(cumulative, np.ones(len(totals) - len(cumulative)))
    below = max(start - observed, 0)
    return float(np.sum((cumulative - (totals >= observed)) ** 2) + below)


def score_quantile(forecast: float, observed: float, level: float) -> float:
    """Give the pinball loss of a forecast quantile; lower is better (Koenker and Bassett 1978).

    >>> score_quantile(10, 14, 0.9)
    3.6
    """
    return float(max(level * (observed - forecast), (level - 1) * (observed - forecast)))


def backtest(figures: pd.DataFrame, *, history: int | None = None) -> pd.DataFrame:
    """Forecast the past.

    Parameters
    ----------
    figures
        Flows only: `indicator`, `financial_year` like 2016-17, `quarter` (1-4) or `month` (1-12, April first), `value`
        (NaN where not known); other columns are ignored.
    history
        How many earlier years a forecast may use; default all.

    Returns
    -------
    DataFrame with `BACKTEST_COLUMNS`, three rows a forecast, one a method; empty when no two complete years follow.
    `after_quarter` is the number of the last period known.

    Raises
    ------
    ValueError
        For a financial year that is written in another way, or without quarters and months.
    """
    period = next((name for name in ("quarter", "month") if name in figures.columns), None)
    if period is None:
        raise ValueError("A back-test needs a column quarter (1-4) or month (1-12, April first).")
    _check_years(figures["financial_year"])
    rows = [
        {"indicator": indicator, **row}
        for indicator, series in figures.groupby("indicator", sort=False)
        for row in _forecast_series(series, period, history)
    ]
    return pd.DataFrame(rows, columns=BACKTEST_COLUMNS)


def _check_years(years: pd.Series) -> None:
    """Refuse a year that isn't written as everywhere else, for nothing would follow anything."""
    for year in years.unique():
        if not re.fullmatch(r"\d{4}-\d{2}", str(year)) or int(str(year)[5:]) != (int(str(year)[:4]) + 1) % 100:
            raise ValueError(f'The financial year "{year}" can\'t be read: write it like 2016-17.')


def summarise_backtest(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Give a row a method: share of totals inside the ranges with its Wilson interval (0-1), mean scores.

    Scores are divided by the root of the total, so that a large indicator doesn't drown the others: 1 is about the
    error that chance alone makes. Coverage is NaN for methods without a range.
    """
    rows = [_summarise(method, forecasts[forecasts["method"] == method]) for method in METHODS]
    return pd.DataFrame([row for row in rows if row], columns=SUMMARY_COLUMNS)


def _forecast_series(series: pd.DataFrame, period: str, history: int | None) -> Iterator[dict]:
    periods = PERIODS[period]
    years = series.pivot_table(index="financial_year", columns=period, values="value", aggfunc="first")
    complete = years.reindex(columns=list(range(1, periods + 1))).dropna().sort_index()
    for year, actual in complete.iterrows():
        if previous_year(str(year)) not in complete.index:
            continue
        earlier = complete.loc[: previous_year(str(year))].to_numpy()
        earlier = earlier if history is None else earlier[-history:]
        for after in range(1, periods):
            known, total = actual.to_numpy()[:after], actual.sum()
            where = {"financial_year": year, "after_quarter": after, "actual": total}
            yield {**where, "method": METHODS[0], **_score(project_count(known, earlier, periods=periods), total)}
            yield {**where, "method": METHODS[1], **_score_point(known.mean() * periods, total)}
            yield {**where, "method": METHODS[2], **_score_point(earlier[-1].sum(), total)}


def _score(projection: Projection, actual: float) -> dict:
    assert projection.predictive is not None  # a quarter of the year is always known here
    ranges = {name: getattr(projection, name) for name in ("lower80", "upper80", "lower95", "upper95")}
    return {
        "point": projection.mean,
        **ranges,
        "score80": score_interval(projection.lower80, projection.upper80, actual, LEVELS["80"]),
        "score95": score_interval(projection.lower95, projection.upper95, actual, LEVELS["95"]),
        "crps": score_crps(projection.predictive, int(actual)),
    }


def _score_point(point: float, actual: float) -> dict:
    """A single number is a range without width, and its CRPS is its absolute error."""
    scores = {f"score{level}": score_interval(point, point, actual, alpha) for level, alpha in LEVELS.items()}
    return {"point": point, **scores, "crps": abs(point - actual)}


def _summarise(method: str, forecasts: pd.DataFrame) -> dict | None:
    if forecasts.empty:
        return None
    row = {"method": method, "forecasts": len(forecasts)}
    for level in LEVELS:
        row |= _cover(forecasts["lower" + level], forecasts["upper" + level], forecasts["actual"], "coverage" + level)
    unit = np.sqrt(forecasts["actual"].clip(lower=1))
    return row | {name: float((forecasts[name] / unit).mean()) for name in ("score80", "score95", "crps")}


def _cover(lower: pd.Series, upper: pd.Series, actual: pd.Series, name: str) -> dict:
    if lower.isna().any():
        return {}
    hits = int(((lower <= actual) & (actual <= upper)).sum())
    low, high = wilson_interval(hits, len(actual))
    return {name: hits / len(actual), f"{name}_lower": low, f"{name}_upper": high}
