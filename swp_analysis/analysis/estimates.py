"""What a method gives back. In: numbers or arrays with their ranges. Out: an `Estimate`, which has a frame.

Every method of this room takes plain numbers, lists, Series or columns of a frame; a Series' index is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

CONFIDENCE = 0.95
# A number, or anything that pandas and numpy read as a line of numbers.
Numbers = float | Sequence[float] | np.ndarray | pd.Series


class Effect:
    """What every estimate has: its figures as a frame, and a short repr; each figure is a Series where several were
    asked about."""

    @property
    def frame(self) -> pd.DataFrame:
        """A row an estimate."""
        values = {name: value for name, value in vars(self).items() if name != "method"}
        several = isinstance(next(iter(values.values())), pd.Series)
        return pd.DataFrame(values if several else [values])

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        rows = [self._show(*row) for row in self.frame.itertuples(index=False)]
        return rows[0] if len(rows) == 1 else f"<{len(rows)} of them, the first {rows[0]}>" if rows else "<none>"

    def _show(self, value: float, lower: float, upper: float, p: float) -> str:
        return f"{value:.4g} ({lower:.4g} to {upper:.4g}), p={p:.3g}"


@dataclass(frozen=True, repr=False)
class Estimate(Effect):
    """A figure with its interval at the confidence asked for, NaN where an end can't be given; a Series each where
    several were asked about."""

    value: float
    lower: float
    upper: float
    method: str = ""

    def _show(self, value: float, lower: float, upper: float, p: float = 0) -> str:
        return f"{value:.6g} ({lower:.6g} to {upper:.6g}; {self.method})"


def read_counts(numbers: Numbers, what: str = "a count") -> np.ndarray:
    """Read numbers as an array of whole numbers that are zero or more; None and NaN stay NaN.

    Raises
    ------
    ValueError
        For a negative or broken number.
    """
    line = read_numbers(numbers)
    known = line[~np.isnan(line)]
    if np.any(known < 0) or np.any(known != np.floor(known)):
        raise ValueError(f"{what} must be a whole number and not negative")
    return line


def read_sizes(numbers: Numbers, what: str) -> np.ndarray:
    """Read numbers as an array, each over zero: populations, exposures, expected cases."""
    line = read_numbers(numbers)
    if np.isnan(line).all():
        raise ValueError(f"{what} is needed: there are no numbers")
    if np.any(line[~np.isnan(line)] <= 0):
        raise ValueError(f"{what} must be greater than zero")
    return line


def read_numbers(numbers: Numbers) -> np.ndarray:
    """Read any numbers as a float array; None and pandas' NA become NaN."""
    if isinstance(numbers, pd.Series):
        return numbers.astype("float64").to_numpy(dtype=float, na_value=np.nan)
    return np.array(pd.to_numeric(np.asarray(numbers, dtype=object).ravel(), errors="raise"), dtype=float).reshape(
        np.shape(np.asarray(numbers, dtype=object))
    )


def estimate(asked: Any, value: Any, lower: Any, upper: Any, method: str) -> Estimate:
    """Give an `Estimate`: floats when a single number was `asked` about, else Series with the index of a Series."""
    figure, least, most = shape_as(asked, value, lower, upper)
    return Estimate(figure, least, most, method)


def shape_as(asked: Any, *values: Any) -> tuple:
    """Give floats when a single number was `asked` about, else a Series each, with the index of a Series."""
    lines = np.broadcast_arrays(*values)
    if lines[0].ndim == 0:
        return tuple(float(line) for line in lines)
    return tuple(pd.Series(line, index=index_of(asked)) for line in lines)


def index_of(asked: Any) -> pd.Index | None:
    """Give the index of a Series, so that a result can be joined to it; None for a list."""
    return asked.index if isinstance(asked, pd.Series) else None


def normal_quantile(conf: float) -> float:
    """Say how many standard errors a two-sided interval reaches: 1.96 for 0.95."""
    from scipy.stats import norm

    if not 0 < conf < 1:
        raise ValueError("a confidence lies between 0 and 1, such as 0.95")
    return float(norm.ppf(0.5 + conf / 2))
