"""How far counts of a size usually scatter, and two years compared with that in mind. In: matched periods of two years.

Recorded crime scatters more than chance, and three degrees of freedom of its own tell little about how much. So the
dispersion of every comparison is shrunk towards what counts of that size usually have, learned from the open data of
43 police forces (`catalogue/dispersion.yml`), and t has the joint degrees of freedom. There is no pre-test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, nan, sqrt
from pathlib import Path

import numpy as np

from swp_analysis.analysis.change import DifferenceEstimate, RatioEstimate, pair_periods, scatter, scattered_difference
from swp_analysis.analysis.rates import (
    CONFIDENCE,
    NO_PROPORTION,
    Numbers,
    read_counts,
    t_quantile,
    two_sided_p,
    wilson_ends,
)
from swp_analysis.project import read_shipped

Shares = Sequence[Sequence[float]] | np.ndarray
TABLE = Path(__file__).parents[1] / "catalogue" / "dispersion.yml"


@dataclass(frozen=True, repr=False)
class CountComparison(RatioEstimate):
    """Counts of this year against last: the ratio of the sums, its interval and p, and how far the periods scatter.

    `dispersion` is what these counts show on their own, shrunk towards the usual one and at least 1, with the
    `degrees_of_freedom` of both together.
    """

    after: float
    before: float
    dispersion: float
    degrees_of_freedom: float

    def __repr__(self) -> str:
        interval = f"{self.ratio:.3g} ({self.lower:.3g} to {self.upper:.3g})"
        return f"{self.before:g} to {self.after:g}: {interval}, p={self.p:.3g}, dispersion {self.dispersion:.3g}"


@dataclass(frozen=True)
class UsualScatter:
    """Means of a period and the dispersion that counts of that size usually have; the usual one weighs as much as
    `degrees_of_freedom` of a series' own."""

    means: tuple[float, ...]
    dispersions: tuple[float, ...]
    degrees_of_freedom: float

    def at(self, mean: float) -> float:
        """Give the usual dispersion of counts with this mean, on a line between the table's rows (logarithms of both).

        Beyond the table's ends it is that of the end.
        """
        beyond_chance = np.log(np.array(self.dispersions) - 1)
        return 1 + exp(np.interp(log(max(mean, self.means[0])), np.log(self.means), beyond_chance))

    def shrink(self, own: float, freedom: float, mean: float) -> tuple[float, float]:
        """Give a series' own dispersion drawn to the usual one, at least 1, and the joint degrees of freedom."""
        joint = self.degrees_of_freedom + freedom
        known = freedom * own if freedom else 0.0
        return max(1.0, (self.degrees_of_freedom * self.at(mean) + known) / joint), joint


@lru_cache
def usual_scatter() -> UsualScatter:
    """Say what was learned from the open data (`benchmarks/calibrate.py --learn`)."""
    table = read_shipped(TABLE)
    rows = table["usual_dispersion"]
    return UsualScatter(
        tuple(float(row["mean_per_period"]) for row in rows),
        tuple(float(row["dispersion"]) for row in rows),
        float(table["degrees_of_freedom"]),
    )


def compare_counts(
    after: Numbers, before: Numbers, conf: float = CONFIDENCE, usual: UsualScatter | None = None
) -> CountComparison:
    """Compare the counts of matched quarters (or months) of two years.

    Parameters
    ----------
    after, before : a count a period, the same periods in both years; whole and not negative. Periods that are missing
        in either year are left out of both.
    usual : what counts usually do; default `usual_scatter`.

    Returns
    -------
    `CountComparison`. p is below 1 - conf exactly when the interval leaves out 1.

    >>> compare_counts([12, 16, 16, 19], [8, 9, 11, 5])
    33 to 63: 1.91 (1.09 to 3.34), p=0.0304, dispersion 1.05
    """
    pairs = pair_periods(after, before)
    if not len(pairs):
        raise ValueError("no period has a count in both years")
    usual = usual or usual_scatter()
    totals = float(pairs[:, 0].sum()), float(pairs[:, 1].sum())
    tells = (pairs.sum(axis=1) > 0).sum() > 1
    own, freedom = scatter(*pairs.T) if tells else (nan, 0)
    dispersion, joint = usual.shrink(own, freedom, sum(totals) / 2 / len(pairs))
    found = scattered_comparison(*totals, dispersion, joint, conf)
    return CountComparison(
        **vars(found), after=totals[0], before=totals[1], dispersion=dispersion, degrees_of_freedom=joint
    )


def scattered_comparison(
    after: float, before: float, dispersion: float, freedom: float, conf: float = CONFIDENCE
) -> RatioEstimate:
    """Give the ratio of two counts that scatter `dispersion` times chance, known with `freedom` degrees of freedom.

    Given their sum, the first count is a share of it: its score interval (Wilson, with t instead of z and the sum
    divided by the dispersion) is carried over to the ratio. Unlike the interval on the log scale it holds for zeros.
    """
    total = (after + before) / dispersion
    if total == 0:
        return RatioEstimate(nan, 0.0, inf, 1.0)
    share = after / (after + before)
    ends = wilson_ends(share, total, t_quantile(conf, freedom))
    lower, upper = (inf if end >= 1 else end / (1 - end) for end in ends)
    p = float(two_sided_p((share - 0.5) * 2 * sqrt(total), freedom))
    return RatioEstimate(after / before if before else inf, lower, upper, min(1.0, p))


@dataclass(frozen=True, repr=False)
class ShareComparison(DifferenceEstimate):
    """n of N of this year against last, 0-1: difference, interval, p, and how far the periods scatter."""

    dispersion: float
    degrees_of_freedom: float

    def __repr__(self) -> str:
        interval = f"{self.difference:.3g} ({self.lower:.3g} to {self.upper:.3g})"
        return f"{interval}, p={self.p:.3g}, dispersion {self.dispersion:.3g}"


def compare_shares(after: Shares, before: Shares, conf: float = CONFIDENCE) -> ShareComparison:
    """Compare x of n in the matched quarters (or months) of two years; a pair (x, n) a period, or a frame with these
    two columns. Periods that are missing in either year are left out of both.

    Newcombe's interval with the sizes divided by the dispersion and t instead of z. The dispersion is that of the
    periods' differences about a common one, drawn to what counts of the smaller part's size usually have.
    """
    one, other = (_read_shares(pairs) for pairs in (after, before))
    if len(one) != len(other):
        raise ValueError("the two years must have the same periods: write (None, None) for one that is missing")
    known = ~np.isnan(one + other).any(axis=1)
    one, other = one[known], other[known]
    if not (one[:, 1].sum() and other[:, 1].sum()):
        raise ValueError("a year without any case has no share")
    dispersion, freedom = measure_share_scatter(one, other)
    (x1, n1), (x2, n2) = one.sum(axis=0), other.sum(axis=0)
    found = scattered_difference(x1, n1, x2, n2, dispersion, freedom, conf)
    return ShareComparison(**vars(found), dispersion=dispersion, degrees_of_freedom=freedom)


def _read_shares(pairs: Shares) -> np.ndarray:
    line = read_counts(np.asarray(pairs).ravel()).reshape(-1, 2)
    if np.any(line[:, 0] > line[:, 1]):
        raise ValueError(NO_PROPORTION)
    return line


def measure_share_scatter(after: np.ndarray, before: np.ndarray) -> tuple[float, float]:
    """Measure the dispersion of matched shares, drawn to the usual one, and the joint degrees of freedom.

    `after`, `before` : columns x and n, a row a period.
    """
    some = (after[:, 1] > 0) & (before[:, 1] > 0)
    (x1, n1), (x2, n2) = after[some].T, before[some].T
    pooled = (x1 + x2) / (n1 + n2) if some.any() else np.zeros(0)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    told = variance > 0
    parts = np.concatenate([x1 + x2, n1 + n2 - x1 - x2]).reshape(2, -1) / 2
    mean = float(parts.sum(axis=1).min() / max(some.sum(), 1))
    if told.sum() < 2:
        return usual_scatter().shrink(nan, 0, mean)
    differences, weights = (x1 / n1 - x2 / n2)[told], 1 / variance[told]
    common = np.average(differences, weights=weights)
    freedom = int(told.sum()) - 1
    return usual_scatter().shrink(float((weights * (differences - common) ** 2).sum() / freedom), freedom, mean)
