"""Is there a season, and how strong? In: quarters in time order. Out: four indices whose mean is 1, or none.

The model is quasi-Poisson, year x quarter without interaction; for complete years its estimates are row and column
totals, so nothing is fitted by iteration (McCullagh and Nelder 1989).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from swp_analysis.engines.spc.run_rules import as_line
from swp_analysis.engines.spc.thresholds import SEASON_P, SEASON_YEARS

QUARTERS_A_YEAR = 4


@dataclass(frozen=True)
class YearQuarterFit:
    """The model log(mean) = year + quarter on complete years, and how far the values scatter about it."""

    fitted: np.ndarray
    deviance: float
    pearson: float
    degrees_of_freedom: int
    quarter_p: float

    @property
    def dispersion(self) -> float:
        """Pearson's chi-squared per degree of freedom: 1 for Poisson counts, more if they scatter more; not floored."""
        return self.pearson / self.degrees_of_freedom if self.degrees_of_freedom else float("nan")

    @property
    def indices(self) -> np.ndarray:
        """Each quarter's share of the year, times 4."""
        return QUARTERS_A_YEAR * self.fitted.sum(axis=0) / self.fitted.sum()

    @property
    def year_totals(self) -> np.ndarray:
        return self.fitted.sum(axis=1)


@dataclass(frozen=True)
class Season:
    """Four quarterly indices, the complete years and the p value behind them; `applied` says whether it is used."""

    indices: tuple[float, float, float, float]
    complete_years: int
    p: float
    applied: bool

    def index_of(self, quarters: np.ndarray) -> np.ndarray:
        """Give the index of each quarter number 1-4; 1 everywhere when no season is applied."""
        return np.array(self.indices)[quarters - 1] if self.applied else np.ones(len(quarters))

    @property
    def widening(self) -> float:
        """What limits are multiplied by: indices made from Y years take 1/Y of the scatter with them."""
        return float(np.sqrt(self.complete_years / (self.complete_years - 1))) if self.applied else 1.0


NO_SEASON = Season((1.0, 1.0, 1.0, 1.0), 0, float("nan"), applied=False)


def fit_year_quarter(table) -> YearQuarterFit:
    """Fit year x quarter to a complete table of values >= 0, one row a year, one column a quarter.

    Raises
    ------
    ValueError
        A value is missing or negative, or all are zero.
    """
    values = np.asarray(table, dtype=float)
    if values.ndim != 2 or not values.size or not np.all(values >= 0) or values.sum() == 0:
        raise ValueError("A year x quarter table needs whole years of figures that are zero or more, not all zero.")
    from scipy.special import xlogy

    fitted = np.outer(values.sum(axis=1), values.sum(axis=0) / values.sum())
    pearson = float(np.sum((values - fitted) ** 2 / np.where(fitted > 0, fitted, 1)))
    deviance = float(2 * np.sum(xlogy(values, values) - xlogy(values, np.where(fitted > 0, fitted, 1))))
    freedom = (values.shape[0] - 1) * (values.shape[1] - 1)
    return YearQuarterFit(fitted, deviance, pearson, freedom, _test_quarters(values.sum(axis=0), pearson, freedom))


def _test_quarters(totals: np.ndarray, pearson: float, freedom: int) -> float:
    between = len(totals) - 1
    if not freedom or not between:
        return float("nan")
    explained = float(np.sum((totals - totals.mean()) ** 2) / totals.mean()) / between
    if pearson / freedom <= np.finfo(float).eps * totals.sum():
        return 0.0 if explained > np.finfo(float).eps * totals.sum() else 1.0
    from scipy.special import fdtrc

    return float(fdtrc(between, freedom, explained / (pearson / freedom)))


def find_season(values, first_quarter: int | None = 1, starts: Sequence[int] = ()) -> Season:
    """Find the season of quarters in time order, the first being `first_quarter` (1-4; None: not quarterly).

    Applied only from three complete years (Q1 to Q4 all present), when the quarters differ at p < 0.05. A year in which
    a new level starts (positions `starts`) says nothing of the season; years of different levels do.
    """
    line = as_line(values)
    for start in starts:
        if first_quarter is not None and (start + first_quarter - 1) % QUARTERS_A_YEAR:
            line[start] = np.nan
    years = collect_years(line, first_quarter)
    if len(years) < SEASON_YEARS or np.any(years < 0) or years.sum() == 0:
        return NO_SEASON
    fit = fit_year_quarter(years)
    applied = bool(fit.quarter_p < SEASON_P and np.all(fit.indices > 0))
    return Season(tuple(fit.indices), len(years), fit.quarter_p, applied)


def number_quarters(count: int, first_quarter: int) -> np.ndarray:
    """Give quarter numbers 1-4 of `count` points in a row.

    >>> number_quarters(5, 3).tolist()
    [3, 4, 1, 2, 3]
    """
    return (np.arange(count) + first_quarter - 1) % QUARTERS_A_YEAR + 1


def number_quarter(start: date) -> int:
    """Give the quarter of the financial year (April first) that starts on a day.

    >>> number_quarter(date(2018, 1, 1))
    4
    """
    return (start.month - 4) // 3 % QUARTERS_A_YEAR + 1


def collect_years(values, first_quarter: int | None) -> np.ndarray:
    """Collect the complete years among the values, one row a year."""
    if first_quarter is None:
        return np.zeros((0, QUARTERS_A_YEAR))
    line = as_line(values)[(1 - first_quarter) % QUARTERS_A_YEAR :]
    table = line[: len(line) // QUARTERS_A_YEAR * QUARTERS_A_YEAR].reshape(-1, QUARTERS_A_YEAR)
    return table[~np.isnan(table).any(axis=1)]
