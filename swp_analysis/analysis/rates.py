"""Counts, rates and shares with their intervals. In: numbers, lists or Series. Out: an `Estimate`, which has a frame.

Byar's and the exact interval as the Office for Health Improvement and Disparities uses them for public health
indicators. Every method of this room takes plain numbers, lists, Series or columns; a Series' index is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

import numpy as np
import pandas as pd

CONFIDENCE = 0.95
PER = 100_000
EXACT_UNDER = 10
NO_PROPORTION = "a proportion needs x of n with 0 <= x <= n and n > 0"
ONE_EACH = "counts, populations and the standard or reference population need one number an age band"
RateMethod = Literal["exact", "byar", "phe", "score"]
StandardMethod = Literal["dobson", "fay-feuer"]
Ends = tuple[np.ndarray, np.ndarray]
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


def read_parts(x: Numbers, n: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Read numbers x of n; a `ValueError` where x is more than n, or n is zero."""
    part, whole = read_counts(x), read_counts(n)
    if np.any(whole == 0) or np.any(part > whole):
        raise ValueError(NO_PROPORTION)
    return part, whole


def read_numbers(numbers: Numbers) -> np.ndarray:
    """Read any numbers as a float array; None and pandas' NA become NaN."""
    if isinstance(numbers, pd.Series):
        return numbers.astype("float64").to_numpy(dtype=float, na_value=np.nan)
    given = np.asarray(numbers, dtype=object)
    return np.array(pd.to_numeric(given.ravel(), errors="raise"), dtype=float).reshape(given.shape)


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


def t_quantile(conf: float, freedom: float = inf) -> float:
    """Say how many standard errors a two-sided interval reaches: 1.96 for 0.95, more with few degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + conf / 2))


def two_sided_p(score: Any, freedom: float = inf) -> Any:
    """Give the chance of a score so many standard errors from 0 or further, on either side: 0.05 for 1.96."""
    from scipy.special import stdtr

    return 2 * stdtr(freedom, -np.abs(score))


def count_interval(count: Numbers, method: RateMethod = "exact", conf: float = CONFIDENCE) -> Estimate:
    """Estimate the mean behind Poisson counts.

    Parameters
    ----------
    count : whole numbers, zero or more.
    method : "exact" (Garwood 1936), "byar" (Breslow and Day 1987), "phe" (exact under 10 and Byar from 10, as OHID),
        or "score".

    Returns
    -------
    `Estimate`. A lower end of Byar's that falls below zero is NaN.

    >>> count_interval(10)
    10 (4.79539 to 18.3904; exact)
    """
    x = read_counts(count)
    lower, upper = _count_ends(x, method, conf)
    return estimate(count, x, lower, upper, method)


def rate(
    count: Numbers, population: Numbers, per: float = PER, method: RateMethod = "phe", conf: float = CONFIDENCE
) -> Estimate:
    """Estimate a crude rate, `per` so many people, households or days; arguments as `count_interval`.

    >>> rate(65, 100, per=1, method="byar")
    0.65 (0.501632 to 0.828491; byar, per 1)
    """
    x, size = read_counts(count), read_sizes(population, "a population")
    lower, upper = _count_ends(x, method, conf)
    return estimate(count, per * x / size, per * lower / size, per * upper / size, f"{method}, per {per:,}")


def share(x: Numbers, n: Numbers, per: float = 1, conf: float = CONFIDENCE) -> Estimate:
    """Estimate a proportion x of n with Wilson's interval (1927); `per=100` gives percent.

    >>> share(8, 49, per=100)
    16.3265 (8.5127 to 29.0363; Wilson)
    """
    part, whole = read_parts(x, n)
    lower, upper = wilson_ends(part / whole, whole, t_quantile(conf))
    return estimate(x, per * (part / whole), per * lower, per * upper, "Wilson")


def wilson_ends(p: Any, n: Any, z: float) -> tuple[Any, Any]:
    """Give the ends of Wilson's interval of shares p (0-1) of n, `z` standard errors wide; numbers or arrays."""
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - half) * (p > 0) + 0.0, 1 - (1 - middle - half) * (p < 1)


def poisson_interval(count: Numbers, conf: float = CONFIDENCE) -> tuple:
    """Give both ends of the exact interval of a Poisson count (Garwood 1936)."""
    found = count_interval(count, "exact", conf)
    return found.lower, found.upper


def wilson_interval(x: Numbers, n: Numbers, conf: float = CONFIDENCE) -> tuple:
    """Give both ends of the score interval of a proportion x/n, without continuity correction (Wilson 1927)."""
    found = share(x, n, conf=conf)
    return found.lower, found.upper


def directly_standardised_rate(
    counts: Numbers,
    populations: Numbers,
    standard: Numbers,
    per: float = PER,
    method: StandardMethod = "dobson",
    conf: float = CONFIDENCE,
) -> Estimate:
    """Estimate the rate that an area would have with the ages of a standard population.

    Parameters
    ----------
    counts, populations, standard : a number an age band, in the same order.
    method : "dobson" (Dobson et al. 1991, with the interval that OHID uses for the sum of the counts), or "fay-feuer"
        (gamma, 1997). OHID publishes none for fewer than 10 cases.

    Raises
    ------
    ValueError
        When the bands don't match, or a population isn't over zero.
    """
    x, size = read_counts(counts), read_sizes(populations, "a population")
    weight = read_sizes(standard, "a standard population")
    if not x.shape == size.shape == weight.shape or x.ndim != 1:
        raise ValueError(ONE_EACH)
    weight = weight / weight.sum()
    value, variance = float((weight * x / size).sum()), float((weight**2 * x / size**2).sum())
    ends = _fay_feuer if method == "fay-feuer" else _dobson
    lower, upper = ends(value, variance, float(x.sum()), float((weight / size).max()), conf)
    return Estimate(per * value, per * lower, per * upper, f"{method}, per {per:,}")


def standardised_ratio(observed: Numbers, expected: Numbers, per: float = 1, conf: float = CONFIDENCE) -> Estimate:
    """Estimate observed over expected cases (indirect standardisation): exact under 10 cases, Byar from 10.

    `expected` comes from `expected_cases`; `per=100` gives an SMR.
    """
    x, cases = read_counts(observed), read_sizes(expected, "expected cases")
    lower, upper = _count_ends(x, "phe", conf)
    return estimate(observed, per * x / cases, per * lower / cases, per * upper / cases, "observed over expected")


def expected_cases(populations: Numbers, reference_counts: Numbers, reference_populations: Numbers) -> float:
    """Give cases that an area would have at the reference's rates, a number an age band each.

    >>> expected_cases([100, 200], [10, 40], [1000, 1000])
    9.0
    """
    size, cases = read_sizes(populations, "a population"), read_counts(reference_counts)
    reference = read_sizes(reference_populations, "a reference population")
    if not size.shape == cases.shape == reference.shape:
        raise ValueError(ONE_EACH)
    return float((size * cases / reference).sum())


def _count_ends(x: np.ndarray, method: RateMethod, conf: float) -> Ends:
    ways: dict[str, Callable[[np.ndarray, float], Ends]] = {"exact": _exact, "byar": _byar, "score": _score}
    if method == "phe":
        few, many = _exact(x, conf), _byar(x, conf)
        return np.where(x < EXACT_UNDER, few[0], many[0]), np.where(x < EXACT_UNDER, few[1], many[1])
    return ways[method](x, conf)


def _exact(x: np.ndarray, conf: float) -> Ends:
    from scipy.special import gammaincinv

    tail = (1 - conf) / 2
    return np.where(x == 0, 0.0, gammaincinv(np.maximum(x, 1), tail)), gammaincinv(x + 1, 1 - tail)


def _byar(x: np.ndarray, conf: float) -> Ends:
    z, more = t_quantile(conf), x + 1
    some = np.where(x == 0, 1, x)
    lower = np.where(x == 0, 0.0, some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3)
    return np.where(lower < 0, np.nan, lower), more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def _score(x: np.ndarray, conf: float) -> Ends:
    z = t_quantile(conf)
    reach = z * np.sqrt(x + z * z / 4)
    return np.maximum(0, x + z * z / 2 - reach), x + z * z / 2 + reach


def _dobson(value: float, variance: float, cases: float, _: float, conf: float) -> tuple[float, float]:
    lower, upper = _count_ends(np.asarray(cases), "phe", conf)
    scale = np.sqrt(variance / cases) if cases else np.nan
    return float(value + scale * (lower - cases)), float(value + scale * (upper - cases))


def _fay_feuer(value: float, variance: float, _: float, largest: float, conf: float) -> tuple[float, float]:
    from scipy.special import gammaincinv

    tail = (1 - conf) / 2
    lower = gammaincinv(value**2 / variance, tail) * variance / value if value else 0.0
    wider = variance + largest**2
    upper = gammaincinv((value + largest) ** 2 / wider, 1 - tail) * wider / (value + largest)
    return float(lower), float(upper)
