"""Counts explained by season, trend and a dated change. In: counts in time order. Out: a `PoissonFit`.

A Poisson regression on the log scale; its errors are given as chance alone would have them, and widened by how much
the counts really scatter about the fit (quasi-Poisson).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swp_analysis.analysis.rates import Numbers, read_counts, two_sided_p

STEPS = 100
CLOSE_ENOUGH = 1e-12
NO_CASE = 1e-9


@dataclass(frozen=True)
class PoissonFit:
    """A fit: `frame` has a row a term with `coef`, `se`, `quasi_se`, `ratio` (exp of coef) and two-sided `p` (z) and
    `quasi_p` (t); `phi` is Pearson's chi-squared over its degrees of freedom."""

    frame: pd.DataFrame
    deviance: float
    pearson: float
    degrees_of_freedom: int
    fitted: np.ndarray

    @property
    def phi(self) -> float:
        return self.pearson / self.degrees_of_freedom if self.degrees_of_freedom else float("nan")

    def __repr__(self) -> str:
        return f"PoissonFit({len(self.frame)} terms, {len(self.fitted)} counts, phi={self.phi:.3g})"


def fit_seasonal_counts(
    counts: Numbers, period: int = 4, *, first: int = 1, trend: bool = False, change_at: int | None = None
) -> PoissonFit:
    """Fit counts in time order by season and trend, or by season and a change of level.

    Parameters
    ----------
    period, first : 4 for quarters or 12 for months, and the season (from 1) of the first count.
    trend : whether to fit a step on the log scale from each count to the next.
    change_at : 0-based position of the first count after a dated change; None for none.

    Returns
    -------
    `PoissonFit` with the terms `level`, `season 2` ..., `trend`, `change`.
    """
    places = np.arange(len(read_counts(counts)))
    season = (places + first - 1) % period
    design = {"level": np.ones(len(places))}
    design |= {f"season {each + 1}": (season == each).astype(float) for each in range(1, period)}
    if trend:
        design["trend"] = places.astype(float)
    if change_at is not None:
        design["change"] = (places >= change_at).astype(float)
    return fit_poisson(counts, pd.DataFrame(design))


def fit_poisson(counts: Numbers, design: pd.DataFrame) -> PoissonFit:
    """Fit a log-linear Poisson model, one column of `design` a term (McCullagh and Nelder 1989).

    A count that is missing is left out.

    Raises
    ------
    ValueError
        For terms that can't be told apart, or more terms than counts.
    """
    y, matrix = read_counts(counts), design.to_numpy(dtype=float)
    known = ~np.isnan(y)
    y, matrix = y[known], matrix[known]
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise ValueError("these terms can't be told apart: leave one out")
    mean = y + 0.5
    for _ in range(STEPS):
        before = mean
        root = np.sqrt(mean)
        working = np.log(mean) + (y - mean) / mean
        coef, *_ = np.linalg.lstsq(matrix * root[:, None], working * root, rcond=None)
        mean = np.exp(matrix @ coef)
        if np.min(mean) < NO_CASE:
            raise ValueError("a term has no case at all, so its size can't be told: leave out those counts")
        if np.max(np.abs(mean - before) / mean) < CLOSE_ENOUGH:
            break
    return _describe_fit(y, mean, coef, matrix, list(design.columns))


def _describe_fit(y: np.ndarray, mean: np.ndarray, coef: np.ndarray, matrix: np.ndarray, terms: list) -> PoissonFit:
    from scipy.special import xlogy

    freedom = len(y) - matrix.shape[1]
    pearson = float(((y - mean) ** 2 / mean).sum())
    phi = pearson / freedom if freedom else float("nan")
    error = np.sqrt(np.diag(np.linalg.inv(matrix.T @ (matrix * mean[:, None]))))
    quasi = error * np.sqrt(phi)
    columns = {
        "coef": coef,
        "se": error,
        "quasi_se": quasi,
        "ratio": np.exp(coef),
        "p": two_sided_p(coef / error),
        "quasi_p": two_sided_p(coef / quasi, freedom) if freedom else np.nan,
    }
    deviance = float(2 * (xlogy(y, y) - xlogy(y, mean) - (y - mean)).sum())
    return PoissonFit(pd.DataFrame(columns, index=terms), deviance, pearson, freedom, mean)
