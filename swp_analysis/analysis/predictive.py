"""What a year may still bring. In: events so far, the share of the year they stand for. Out: a `Predictive`.

The rate has a Jeffreys gamma posterior, so events to come are negative binomial. Where the share of the year is itself
estimated (last year's quarters), it has a Jeffreys beta posterior, and the mixture is beta negative binomial. Wider
than chance it is a negative binomial with the mean and variance asked for.
"""

from dataclasses import dataclass

import numpy as np

# Prior count for a Poisson mean and for a share (Jeffreys 1961; Brown, Cai and DasGupta 2001).
JEFFREYS = 0.5
TAIL = 1e-10
MOST_CELLS = 2**22
LOST = 1e-3
TOO_MANY = (
    "So many events, or so long a tail, can't be listed one by one: give thousands, or a longer part of the year."
)
# Scatter below this is chance, and the gamma functions of its precision would cancel each other out.
LEAST_SCATTER = 1.001


@dataclass(frozen=True)
class Predictive:
    """A distribution over whole numbers: `known` for certain plus `first`, `first` + 1, ... with the probabilities in
    `chances`; `first` is 0 but for so many that fewer have no chance. `expected` is the mean of what is to come."""

    known: int
    chances: np.ndarray
    expected: float | None = None
    first: int = 0

    @property
    def mean(self) -> float:
        to_come = self.first + np.arange(len(self.chances)) @ self.chances if self.expected is None else self.expected
        return float(self.known + to_come)

    def quantile(self, p: float) -> int:
        """Give the least total whose cumulative chance is `p` or more."""
        return self._start + int(np.searchsorted(np.cumsum(self.chances), p * (1 - 1e-12)))

    def chance_at_most(self, total: float) -> float:
        return min(1.0, float(self.chances[: max(int(np.floor(total)) - self._start + 1, 0)].sum()))

    def chance_at_least(self, total: float) -> float:
        return min(1.0, float(self.chances[max(int(np.ceil(total)) - self._start, 0) :].sum()))

    @property
    def _start(self) -> int:
        return self.known + self.first


def predict_total(known: int, share: float) -> Predictive:
    """Give the year's total after `known` events in a known `share` of the year (0-1], e.g. 3/4; nothing but chance
    between.

    Raises
    ------
    ValueError
        `known` is negative or broken, `share` isn't in (0, 1].
    """
    _check(known)
    if not 0 < share <= 1:
        raise ValueError("The share of the year that has passed must be over 0 and at most 1.")
    if share == 1:
        return Predictive(int(known), np.ones(1))
    return _list_chances(known, known + JEFFREYS, share)


def predict_total_from_last_year(known: int, elapsed_last_year: float, rest_last_year: float) -> Predictive:
    """Give the year's total when the share of the year comes from last year's events in the same periods and in the
    rest, nothing but chance between.

    Raises
    ------
    ValueError
        `known` is negative or broken, or last year had less than one event in the same periods.
    """
    _check(known)
    if not elapsed_last_year >= 1 or not rest_last_year >= 0:
        raise ValueError("Last year's season can't be used: nothing happened in the quarters that have passed.")
    size, passed, rest = known + JEFFREYS, elapsed_last_year + JEFFREYS, rest_last_year + JEFFREYS
    # NOTE: with few events last year the tail is so long that the mean of what is listed would be too small.
    chances, cells = np.zeros(0), 256
    while chances.sum() < 1 - TAIL and cells <= MOST_CELLS:
        chances, cells = np.exp(_log_beta_negative_binomial(np.arange(cells), size, passed, rest)), 4 * cells
    if chances.sum() < 1 - LOST:
        raise ValueError(TOO_MANY)
    return Predictive(int(known), chances, size * rest / (passed - 1))


def predict_events(known: int, mean: float, variance: float) -> Predictive:
    """Predict `known` events and those to come: negative binomial with mean and variance, as good as Poisson where no
    wider.

    Raises
    ------
    ValueError
        `known` is negative or broken, or the mean is negative.
    """
    _check(known)
    if not mean >= 0:
        raise ValueError("The mean of the events to come must be zero or more.")
    if mean == 0:
        return Predictive(int(known), np.ones(1))
    scatter = max(variance / mean, LEAST_SCATTER)
    return _list_chances(known, mean / (scatter - 1), 1 / scatter)


def predict_share(x: int, n: int, still_to_come: int, dispersion: float = 1.0) -> Predictive:
    """Give the year's numerator after x of n, when `still_to_come` more cases are expected: beta-binomial, Jeffreys
    prior.

    A `dispersion` over 1 multiplies the variance, up to what cases that all go the same way would give.

    Raises
    ------
    ValueError
        x, n or `still_to_come` is negative or broken, or x is more than n.
    """
    _check(x, n, still_to_come)
    if x > n:
        raise ValueError("A share needs x of n with x not more than n.")
    from scipy.special import betaln

    a, b = x + JEFFREYS, n - x + JEFFREYS
    if dispersion > LEAST_SCATTER and still_to_come > 1:
        inflated = dispersion * (1 + (still_to_come - 1) / (a + b + 1))
        likeness = min((inflated - 1) / (still_to_come - 1), 1 - TAIL)
        total = 1 / likeness - 1
        a, b = a / (a + b) * total, b / (a + b) * total
    k = np.arange(still_to_come + 1)
    ways = -betaln(still_to_come - k + 1, k + 1) - np.log(still_to_come + 1)
    return Predictive(int(x), np.exp(ways + betaln(k + a, still_to_come - k + b) - betaln(a, b)))


def _log_beta_negative_binomial(k: np.ndarray, size: float, passed: float, rest: float) -> np.ndarray:
    from scipy.special import betaln, gammaln

    ways = gammaln(size + k) - gammaln(k + 1) - gammaln(size)
    return ways + betaln(passed + size, rest + k) - betaln(passed, rest)


def _list_chances(known: float, size: float, share: float) -> Predictive:
    """List the chances of a negative binomial, from 0 or, where those are too many, from where they begin.

    NOTE: from SciPy's special functions, since `scipy.stats` takes longer to import than an edition's projections.
    """
    from scipy.special import betainc, nbdtrik

    first, last = np.ceil(nbdtrik([TAIL, 1 - TAIL], size, share)).astype(int)
    first = first if last >= MOST_CELLS else 0
    if last - first >= MOST_CELLS:
        raise ValueError(TOO_MANY)
    at_most = betainc(size, np.arange(first, last + 1) + 1, share)
    return Predictive(int(known), np.diff(at_most, prepend=0), size * (1 - share) / share, int(first))


def _check(*counts: float) -> None:
    if any(not count >= 0 or count != int(count) for count in counts):
        raise ValueError("Counts must be whole numbers that are zero or more.")
