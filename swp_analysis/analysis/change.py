"""How much two years differ, and how sure we can be. In: counts, or n and N. Out: estimates with exact or score
intervals.

Knows nothing of indicators or drawing; `findings` turns these estimates into verdicts.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from math import ceil, exp, floor, inf, log, nan, sqrt

import numpy as np
import pandas as pd

from swp_analysis.analysis.rates import (
    CONFIDENCE,
    Effect,
    Numbers,
    read_counts,
    read_parts,
    read_sizes,
    shape_as,
    t_quantile,
    two_sided_p,
    wilson_ends,
)
from swp_analysis.engines.spc.seasons import fit_year_quarter

# How many standard errors about the mean the E-test adds up, and what is as far apart but for the last digits.
REACH, NEAR = 12, 1e-9


@dataclass(frozen=True, repr=False)
class RatioEstimate(Effect):
    """A ratio of two rates with its interval and two-sided p value; a Series each where several were asked about."""

    ratio: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True, repr=False)
class DifferenceEstimate(Effect):
    """A difference of two proportions (0-1) with its interval and the p value that belongs to it; a Series each where
    several were asked about."""

    difference: float
    lower: float
    upper: float
    p: float


def rate_ratio(
    after: Numbers,
    before: Numbers,
    *,
    after_exposure: Numbers = 1,
    before_exposure: Numbers = 1,
    conf: float = CONFIDENCE,
) -> RatioEstimate:
    """Give the exact conditional ratio of two Poisson rates, `(after/after_exposure) / (before/before_exposure)`.

    Given the sum, `after` is binomial; its Clopper-Pearson interval is carried over to the ratio. The p value is
    twice the smaller tail, so that p < 1 - conf exactly when the interval leaves out 1 (R's `poisson.test` uses
    another p).

    Parameters
    ----------
    after, before : counts, whole and not negative.
    after_exposure, before_exposure : how long or how many each count refers to; in the same unit.

    Raises
    ------
    ValueError
        For a negative or broken count, or an exposure that isn't positive.

    Source: Przyborowski & Wilenski 1940; Garwood 1936; central p as in Fay 2010, R Journal 2(1).
    """
    from scipy.special import betainc, betaincinv

    a, b = read_counts(after), read_counts(before)
    size, other = (read_sizes(each, "an exposure") for each in (after_exposure, before_exposure))
    total, tail, expected = a + b, (1 - conf) / 2, size / (size + other)
    low = np.where(a > 0, betaincinv(np.maximum(a, 1), b + 1, tail), 0 * total)
    high = np.where(b > 0, betaincinv(a + 1, np.maximum(b, 1), 1 - tail), 1 + 0 * total)
    at_least = np.where(a > 0, betainc(np.maximum(a, 1), b + 1, expected), 1 + 0 * total)
    at_most = np.where(b > 0, betainc(np.maximum(b, 1), a + 1, 1 - expected), 1 + 0 * total)
    p = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [other / size * each for each in (a / b, low / (1 - low), high / (1 - high))]
    return RatioEstimate(*shape_as(after, *ends, p))


def compare_rate_with_value(count: Numbers, exposure: Numbers, value: Numbers) -> float | pd.Series:
    """Give the exact two-sided p of one rate, `count` over `exposure`, against `value`: twice the smaller tail.

    >>> round(compare_rate_with_value(15, 400, 0.05), 6)
    0.313026
    """
    from scipy.stats import poisson

    x, mean = read_counts(count), read_sizes(exposure, "an exposure") * read_sizes(value, "a value")
    return shape_as(count, np.minimum(1.0, 2 * np.minimum(poisson.cdf(x, mean), poisson.sf(x - 1, mean))))[0]


def quasi_poisson_ratio(after: Numbers, before: Numbers, conf: float = CONFIDENCE) -> tuple[RatioEstimate, float]:
    """Give the ratio of the sums of two years' matched quarters when the quarters scatter more than Poisson, and the
    dispersion.

    The model is log-linear in quarter and year. Its year effect is the ratio of the sums, its dispersion the Pearson
    statistic over its degrees of freedom (quarters - 1), floored at 1; the interval uses t, not z.

    Raises
    ------
    ValueError
        With fewer than two quarters, unequal lengths, or a year that sums to zero.

    Source: McCullagh & Nelder 1989, section 6.2.3.
    """
    dispersion, df = scatter(after, before)
    a, b = pair_periods(after, before).sum(axis=0)
    return scattered_ratio(float(a), float(b), dispersion, df, conf), dispersion


def scattered_ratio(after: float, before: float, dispersion: float, df: int, conf: float = CONFIDENCE) -> RatioEstimate:
    """Give the ratio of two counts whose scatter, `dispersion` times chance, was estimated with `df` degrees of
    freedom.

    Raises
    ------
    ValueError
        When a count is zero.
    """
    if after == 0 or before == 0:
        raise ValueError("a count of zero has no ratio on the log scale")
    error = sqrt(max(1.0, dispersion) * (1 / after + 1 / before))
    width = t_quantile(conf, df) * error
    log_ratio = log(after / before)
    lower, upper = (exp(end) if end < 700 else inf for end in (log_ratio - width, log_ratio + width))
    return RatioEstimate(after / before, lower, upper, float(two_sided_p(log_ratio / error, df)))


def pair_periods(after: Numbers, before: Numbers) -> np.ndarray:
    """Give matched counts of two years, a row a period; a period that is missing in either year is left out."""
    one, other = np.atleast_1d(read_counts(after)), np.atleast_1d(read_counts(before))
    if one.shape != other.shape:
        raise ValueError("the two years must have the same periods: write None for one that is missing")
    pairs = np.column_stack([one, other])
    return pairs[~np.isnan(pairs).any(axis=1)]


def scatter(after: Numbers, before: Numbers) -> tuple[float, int]:
    """Give the Pearson dispersion of matched quarters around a quarter + year model, and its degrees of freedom.

    1 is what chance alone gives; quarters that are zero in both years carry no information and are left out.
    """
    pairs = pair_periods(after, before)
    pairs = pairs[pairs.sum(axis=1) > 0]
    if len(pairs) < 2:
        raise ValueError("scatter needs at least two quarters that are not zero")
    fit = fit_year_quarter(pairs.T)
    return fit.dispersion, fit.degrees_of_freedom


def newcombe_difference(
    x1: Numbers, n1: Numbers, x2: Numbers, n2: Numbers, conf: float = CONFIDENCE
) -> DifferenceEstimate:
    """Give the difference x1/n1 - x2/n2 with the interval built from the two Wilson intervals (Newcombe 1998, method
    10).

    The p value is one less the confidence at which that interval just touches zero, so that the two never disagree.
    """
    read_parts(x1, n1), read_parts(x2, n2)

    def difference(a: float, n: float, b: float, m: float) -> tuple[float, ...]:
        return astuple(scattered_difference(a, n, b, m, 1.0, inf, conf))

    return DifferenceEstimate(*_one_by_one(difference, x1, n1, x2, n2))


def scattered_difference(
    x1: float, n1: float, x2: float, n2: float, dispersion: float, freedom: float, conf: float = CONFIDENCE
) -> DifferenceEstimate:
    """Work out `newcombe_difference` of shares that scatter `dispersion` times chance (known with `freedom` degrees):
    both sizes are divided by the dispersion, and t takes the place of z."""
    shares = x1 / n1, n1 / dispersion, x2 / n2, n2 / dispersion
    lower, upper = _newcombe_ends(*shares, t_quantile(conf, freedom))
    return DifferenceEstimate(x1 / n1 - x2 / n2, lower, upper, _newcombe_p(*shares, freedom))


def e_test(
    after: Numbers, before: Numbers, *, after_exposure: Numbers = 1, before_exposure: Numbers = 1
) -> float | pd.Series:
    """Give the two-sided p of the E-test for two Poisson rates (Krishnamoorthy and Thomson 2004).

    Stronger than the exact test with few cases; it has no interval of its own, so headlines don't use it.

    >>> round(e_test(6, 2), 4)
    0.1749
    """
    return _one_by_one(_test_rates, after, after_exposure, before, before_exposure)[0]


def _test_rates(a: float, size: float, b: float, other: float) -> tuple[float]:
    """The chance of all pairs of counts whose rates are as many standard errors apart as these, or more: for each
    count of the first, both tails of the second.

    NOTE: SciPy's `poisson_means_test` adds up every pair one by one: 5 seconds for 100,000 events, and at ten million
    the memory is not enough.
    """
    from scipy.stats import poisson

    if a * other == b * size:
        return (1.0,)
    mean = (a + b) / (size + other)
    apart = (a / size - b / other) ** 2 / (a / size**2 + b / other**2)
    reach = REACH * (sqrt(mean * size) + REACH)
    counts = np.arange(max(0, floor(mean * size - reach)), ceil(mean * size + reach))
    rates, step = counts / size, apart / other
    middle, half = rates + step / 2, np.sqrt(step * rates + step**2 / 4 + apart * rates / size)
    low, high = (other * (middle - half) * (1 + NEAR), other * (middle + half) * (1 - NEAR))
    below = poisson.cdf(np.where(counts > 0, np.floor(low + NEAR), -1), mean * other)
    return (float(poisson.pmf(counts, mean * size) @ (below + poisson.sf(np.ceil(high - NEAR) - 1, mean * other))),)


def fisher_test(x1: Numbers, n1: Numbers, x2: Numbers, n2: Numbers) -> float | pd.Series:
    """Give Fisher's exact two-sided p for two proportions x1/n1 and x2/n2.

    >>> round(fisher_test(7, 46, 3, 43), 6)
    0.317545
    """
    from scipy.stats import fisher_exact

    read_parts(x1, n1), read_parts(x2, n2)

    def p_value(a: float, n: float, b: float, m: float) -> tuple[float]:
        return (fisher_exact(np.array([[a, n - a], [b, m - b]], dtype=int)).pvalue,)

    return _one_by_one(p_value, x1, n1, x2, n2)[0]


def _one_by_one(method: Callable[..., tuple[float, ...]], *lines: Numbers) -> tuple:
    """What a method of single numbers gives for a number each, or for each place of several lines; NaN for a gap."""
    rows = np.broadcast_arrays(*(read_counts(line) if at % 2 == 0 else read_sizes(line, "a size") for at, line in
                                 enumerate(lines)))  # fmt: skip
    known, found = ~np.isnan(np.sum(rows, axis=0)), [np.full(rows[0].shape, nan) for _ in fields(DifferenceEstimate)]
    answers = [method(*row) for row in zip(*(line[known].tolist() for line in rows), strict=True)]
    for line, values in zip(found, zip(*answers, strict=True), strict=False):
        line[known] = values
    return shape_as(lines[0], *found)


def _newcombe_ends(p1: float, n1: float, p2: float, n2: float, z: float) -> tuple[float, float]:
    (low1, high1), (low2, high2) = wilson_ends(p1, n1, z), wilson_ends(p2, n2, z)
    below, above = sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2), sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return p1 - p2 - below, p1 - p2 + above


def _newcombe_p(p1: float, n1: float, p2: float, n2: float, freedom: float) -> float:
    if abs(p1 - p2) < 1e-12:
        return 1.0
    from scipy.optimize import brentq

    near_end = 0 if p1 > p2 else 1

    def end_at(z: float) -> float:
        return _newcombe_ends(p1, n1, p2, n2, z)[near_end]

    least, most = 1e-6, 1e6
    touches = end_at(least) * end_at(most) <= 0
    return float(two_sided_p(brentq(end_at, least, most) if touches else most, freedom))
