"""How much two years differ, and how sure we can be. In: counts, or n and N. Out: estimates with exact or score
intervals.

Knows nothing of indicators or drawing; `findings` turns these estimates into verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, nan, sqrt

CONFIDENCE = 0.95


@dataclass(frozen=True)
class RatioEstimate:
    """A ratio of two rates with its interval and two-sided p value."""

    ratio: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class DifferenceEstimate:
    """A difference of two proportions (0-1 scale) with its interval and the p value that belongs to it."""

    difference: float
    lower: float
    upper: float
    p: float


def rate_ratio(
    after: int, before: int, after_exposure: float = 1, before_exposure: float = 1, conf: float = CONFIDENCE
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
    _check_counts(after, before)
    if after_exposure <= 0 or before_exposure <= 0:
        raise ValueError("an exposure must be greater than zero")
    from scipy.stats import binom, binomtest

    total = int(after + before)
    scale = before_exposure / after_exposure
    if total == 0:
        return RatioEstimate(nan, 0.0, inf, 1.0)
    expected = after_exposure / (after_exposure + before_exposure)
    p = min(1.0, 2 * min(binom.cdf(after, total, expected), binom.sf(after - 1, total, expected)))
    interval = binomtest(int(after), total).proportion_ci(conf, method="exact")
    ratio = after / before * scale if before else inf
    return RatioEstimate(ratio, _odds(interval.low) * scale, _odds(interval.high) * scale, float(p))


def quasi_poisson_ratio(
    after: list[float], before: list[float], conf: float = CONFIDENCE
) -> tuple[RatioEstimate, float]:
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
    _check_counts(*after, *before)
    dispersion, df = scatter(after, before)
    return scattered_ratio(sum(after), sum(before), dispersion, df, conf), dispersion


def scattered_ratio(after: float, before: float, dispersion: float, df: int, conf: float = CONFIDENCE) -> RatioEstimate:
    """Give the ratio of two counts whose scatter, `dispersion` times chance, was estimated with `df` degrees of
    freedom.

    Raises
    ------
    ValueError
        When a count is zero.
    """
    from scipy.stats import t

    if after == 0 or before == 0:
        raise ValueError("a count of zero has no ratio on the log scale")
    error = sqrt(max(1.0, dispersion) * (1 / after + 1 / before))
    width = t.ppf(0.5 + conf / 2, df) * error
    log_ratio = log(after / before)
    p = 2 * t.sf(abs(log_ratio) / error, df)
    return RatioEstimate(after / before, _safe_exp(log_ratio - width), _safe_exp(log_ratio + width), float(p))


def scatter(after: list[float], before: list[float]) -> tuple[float, int]:
    """Give the Pearson dispersion of matched quarters around a quarter + year model, and its degrees of freedom.

    1 is what chance alone gives; quarters that are zero in both years carry no information and are left out.
    """
    if len(after) != len(before):
        raise ValueError("the two years must have the same quarters")
    pairs = [(a, b) for a, b in zip(after, before, strict=True) if a + b > 0]
    df = len(pairs) - 1
    if df < 1:
        raise ValueError("scatter needs at least two quarters that are not zero")
    share = sum(a for a, _ in pairs) / sum(a + b for a, b in pairs)
    if share in (0.0, 1.0):
        return 0.0, df
    pearson = sum((a - share * (a + b)) ** 2 / ((a + b) * share * (1 - share)) for a, b in pairs)
    return pearson / df, df


def poisson_interval(count: float, conf: float = CONFIDENCE) -> tuple[float, float]:
    """Give the exact interval of a Poisson count (Garwood 1936)."""
    _check_counts(count)
    from scipy.stats import chi2

    tail = (1 - conf) / 2
    lower = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(lower), float(chi2.ppf(1 - tail, 2 * count + 2) / 2)


def wilson_interval(x: float, n: float, conf: float = CONFIDENCE) -> tuple[float, float]:
    """Score interval of a proportion x/n, without continuity correction (Wilson 1927)."""
    _check_parts(x, n)
    from scipy.stats import norm

    return _wilson_ends(x / n, n, float(norm.ppf(0.5 + conf / 2)))


def newcombe_difference(x1: int, n1: int, x2: int, n2: int, conf: float = CONFIDENCE) -> DifferenceEstimate:
    """Give the difference x1/n1 - x2/n2 with the interval built from the two Wilson intervals (Newcombe 1998, method
    10).

    The p value is one less the confidence at which that interval just touches zero, so that the two never disagree.
    """
    _check_parts(x1, n1)
    _check_parts(x2, n2)
    return scattered_difference(x1, n1, x2, n2, 1.0, inf, conf)


def scattered_difference(
    x1: float, n1: float, x2: float, n2: float, dispersion: float, freedom: float, conf: float = CONFIDENCE
) -> DifferenceEstimate:
    """`newcombe_difference` of shares that scatter `dispersion` times chance, known with `freedom` degrees of freedom:
    both sizes are divided by the dispersion, and t takes the place of z."""
    from scipy.stats import t

    shares = x1 / n1, n1 / dispersion, x2 / n2, n2 / dispersion
    lower, upper = _newcombe_ends(*shares, float(t.ppf(0.5 + conf / 2, freedom)))
    return DifferenceEstimate(x1 / n1 - x2 / n2, lower, upper, _newcombe_p(*shares, freedom))


def e_test(after: int, before: int, after_exposure: float = 1, before_exposure: float = 1) -> float:
    """Give the two-sided p of the E-test for two Poisson rates (Krishnamoorthy and Thomson 2004).

    Stronger than the exact test with few cases; it has no interval of its own, so headlines don't use it.

    >>> round(e_test(6, 2), 4)
    0.1749
    """
    _check_counts(after, before)
    from scipy.stats import poisson_means_test

    return float(poisson_means_test(int(after), after_exposure, int(before), before_exposure).pvalue)


def fisher_test(x1: int, n1: int, x2: int, n2: int) -> float:
    """Give Fisher's exact two-sided p for two proportions x1/n1 and x2/n2.

    >>> round(fisher_test(7, 46, 3, 43), 6)
    0.317545
    """
    _check_parts(x1, n1)
    _check_parts(x2, n2)
    import numpy as np
    from scipy.stats import fisher_exact

    return float(fisher_exact(np.array([[x1, n1 - x1], [x2, n2 - x2]])).pvalue)


def _newcombe_ends(p1: float, n1: float, p2: float, n2: float, z: float) -> tuple[float, float]:
    low1, high1 = _wilson_ends(p1, n1, z)
    low2, high2 = _wilson_ends(p2, n2, z)
    below = sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    return p1 - p2 - below, p1 - p2 + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)


def _newcombe_p(p1: float, n1: float, p2: float, n2: float, freedom: float) -> float:
    if abs(p1 - p2) < 1e-12:
        return 1.0
    from scipy.optimize import brentq
    from scipy.stats import t

    near_end = 0 if p1 > p2 else 1

    def end_at(z: float) -> float:
        return _newcombe_ends(p1, n1, p2, n2, z)[near_end]

    least, most = 1e-6, 60.0
    if end_at(least) * end_at(most) > 0:
        return float(2 * t.sf(most, freedom))
    return float(2 * t.sf(brentq(end_at, least, most), freedom))


def _wilson_ends(p: float, n: float, z: float) -> tuple[float, float]:
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (0.0 if p == 0 else max(0.0, middle - half)), (1.0 if p == 1 else min(1.0, middle + half))


def _odds(p: float) -> float:
    return inf if p >= 1 else p / (1 - p)


def _safe_exp(value: float) -> float:
    return exp(value) if value < 700 else inf


def _check_counts(*counts: float) -> None:
    if any(count < 0 or count != int(count) for count in counts):
        raise ValueError("counts must be whole numbers and not negative")


def _check_parts(x: float, n: float) -> None:
    _check_counts(x, n)
    if n == 0 or x > n:
        raise ValueError("a proportion needs x of n with 0 <= x <= n and n > 0")
