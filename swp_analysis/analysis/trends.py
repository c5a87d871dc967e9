"""Does a longer line trend, or change its level? In: values in time order. Out: a trend with a test, breaks, a season.

A chart starts a new level only where a person has decided it; `find_change_points` says where to look.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swp_analysis.analysis.rates import Numbers, read_counts, read_numbers, read_parts

# Three standard deviations, two sided, on one degree of freedom (OHID's Fingertips).
FINGERTIPS_LIMIT = 9.549535706
FINGERTIPS_POINTS = 5
WIDTH_IN_ERRORS = 3.92
MOST_POINTS = 5000
Polarity = Literal["high_good", "low_good", "no_judgement"]
MOVES = {True: "Increasing", False: "Decreasing"}
ENDINGS = {"high_good": ("AndGettingBetter", "AndGettingWorse"), "low_good": ("AndGettingWorse", "AndGettingBetter")}


@dataclass(frozen=True)
class Trend:
    """A slope a step, its chi-squared on one degree of freedom, its p; `marker` in Fingertips' words."""

    slope: float
    chi2: float
    p: float
    marker: str = ""

    def __repr__(self) -> str:
        return f"Trend({self.slope:.4g} a step, p={self.p:.3g}{', ' + self.marker if self.marker else ''})"


@dataclass(frozen=True)
class ChangePoints:
    """Where a line's mean changes: `breaks` counts the points before each new level and ends with the number of points;
    `means` is one a level."""

    breaks: tuple[int, ...]
    means: tuple[float, ...]

    def __repr__(self) -> str:
        return f"ChangePoints(new levels after {list(self.breaks[:-1])}; means {[round(m, 3) for m in self.means]})"


@dataclass(frozen=True)
class Decomposition:
    """A line taken apart into `trend`, `seasonal` and `rest`, which add up to it."""

    trend: np.ndarray
    seasonal: np.ndarray
    rest: np.ndarray

    def __repr__(self) -> str:
        return f"Decomposition({len(self.trend)} points, season {self.seasonal.min():.3g} to {self.seasonal.max():.3g})"


def trend_of_shares(x: Numbers, n: Numbers) -> Trend:
    """Give Chi-squared test for a trend in shares x of n over equal steps (Cochran 1954, Armitage 1955).

    >>> trend_of_shares([8, 10, 5, 3, 2, 4, 6, 7], [49, 38, 42, 43, 52, 53, 50, 46])
    Trend(-0.01047 a step, p=0.156)
    """
    from scipy.special import chdtrc

    whole = read_counts(n)
    part, whole = read_parts(x, np.where(whole == 0, np.nan, whole))
    known = ~np.isnan(part + whole)
    steps = np.arange(1, len(part) + 1)[known]
    part, whole = part[known], whole[known]
    common = part.sum() / whole.sum()
    centred = steps - (whole * steps).sum() / whole.sum()
    spread = (whole * centred**2).sum()
    slope = (centred * part).sum() / spread
    chi2 = slope**2 * spread / (common * (1 - common))
    return Trend(float(slope), float(chi2), float(chdtrc(1, chi2)))


def recent_trend(value: Numbers, lower: Numbers, upper: Numbers, polarity: Polarity = "no_judgement") -> Trend:
    """Give Fingertips' recent trend: the slope of the last five yearly figures, weighted by their 95% ranges.

    A trend is called when its chi-squared is over 9.55 and its sign stays with any one point left out. `polarity` is
    "high_good", "low_good" or "no_judgement". With fewer than five figures it can't be calculated.
    """
    from scipy.special import chdtrc

    y, low, high = (read_numbers(line)[-FINGERTIPS_POINTS:] for line in (value, lower, upper))
    error = (high - low) / WIDTH_IN_ERRORS
    if len(y) < FINGERTIPS_POINTS or np.isnan(y + error).any() or np.any(error <= 0):
        return Trend(float("nan"), float("nan"), float("nan"), "CannotBeCalculated")
    steps = np.arange(len(y), dtype=float)
    slope, spread = _weighted_slope(steps, y, error)
    left_out = [_weighted_slope(*(np.delete(line, i) for line in (steps, y, error)))[0] for i in range(len(y))]
    chi2 = slope**2 * spread
    called = chi2 > FINGERTIPS_LIMIT and len({np.sign(each) for each in (slope, *left_out)}) == 1
    return Trend(slope, chi2, float(chdtrc(1, chi2)), mark_trend(slope if called else 0.0, polarity))


def mark_trend(slope: float, polarity: Polarity) -> str:
    """Give Fingertips' marker of a slope that was called; zero is "NoChange".

    >>> mark_trend(-0.7, "high_good"), mark_trend(1, "no_judgement"), mark_trend(0, "low_good")
    ('DecreasingAndGettingWorse', 'Increasing', 'NoChange')
    """
    if slope == 0:
        return "NoChange"
    return MOVES[slope > 0] + ENDINGS.get(polarity, ("", ""))[0 if slope > 0 else 1]


def _weighted_slope(steps: np.ndarray, y: np.ndarray, error: np.ndarray) -> tuple[float, float]:
    weight = 1 / error**2
    centred = steps - np.average(steps, weights=weight)
    spread = float((weight * centred**2).sum())
    return float((weight * centred * y).sum() / spread), spread


def find_change_points(
    values: Numbers,
    breaks: int | None = None,
    penalty: float | None = None,
    *,
    least_points: int = 2,
    step: int = 1,
) -> ChangePoints:
    """Split a line where its mean changes, exactly (optimal partitioning on squared errors).

    Parameters
    ----------
    values : in time order, none missing.
    breaks : how many changes to place; default as many as pay for themselves.
    penalty : what a change must save in squared errors; default 2 log(n) times the variance (Killick et al. 2012).
    least_points, step : shortest level, and the grid on which changes may lie.

    >>> find_change_points([1, 2, 1, 2, 8, 9, 8, 9])
    ChangePoints(new levels after [4]; means [1.5, 8.5])
    """
    y = read_numbers(values)
    if np.isnan(y).any() or not 2 * least_points <= len(y) <= MOST_POINTS:
        needed = f"at least {2 * least_points} and at most {MOST_POINTS:,} points"
        raise ValueError(f"a search for changes needs {needed}, none of them missing")
    cost = _segment_costs(y)
    pays = 2 * np.log(len(y)) * y.var() if penalty is None else penalty
    found = _partition(cost, least_points, step, None if breaks is None else breaks + 1, pays)
    edges = [0, *found]
    means = tuple(float(y[a:b].mean()) for a, b in zip(edges, found, strict=False))
    return ChangePoints(tuple(found), means)


def _segment_costs(y: np.ndarray) -> np.ndarray:
    """Squared errors of `y[a:b]` about its mean, at [a, b]."""
    sums, squares = (np.concatenate([[0.0], np.cumsum(line)]) for line in (y, y**2))
    start, end = np.arange(len(y) + 1)[:, None], np.arange(len(y) + 1)[None, :]
    size = np.maximum(end - start, 1)
    return np.maximum(0, squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / size)


def _places(end: int, points: int, least: int, step: int) -> list[int]:
    inner = [at for at in range(0, end - least + 1) if at == 0 or (at >= least and at % step == 0)]
    return inner if end == points or end % step == 0 else []


def _partition(cost: np.ndarray, least: int, step: int, levels: int | None, penalty: float) -> list[int]:
    """The ends of the levels: so many of them, or as many as save more than the penalty each."""
    points, level, pays = len(cost) - 1, levels or 0, 0.0 if levels else penalty
    best, last = np.full((level + 1, points + 1), np.inf), np.zeros((level + 1, points + 1), dtype=int)
    best[0, 0], up = -pays, 1 if levels else 0
    for end in range(least, points + 1):
        if places := _places(end, points, least, step):
            totals = best[: len(best) - up, places] + cost[places, end] + pays
            best[up:, end], last[up:, end] = totals.min(axis=1), np.array(places)[totals.argmin(axis=1)]
    if not np.isfinite(best[level, points]):
        raise ValueError(f"{points} points can't be split into {level} levels")
    found = [points]
    while start := int(last[level, found[0]]):
        found.insert(0, start)
        level -= up
    return found


def decompose(values: Numbers, period: int = 4, window: int = 7, *, passes: int = 2) -> Decomposition:
    """Take a line apart by STL, as R's `stl(s.window=window)` (Cleveland et al. 1990); none of its points is missing.

    Needs two whole periods. Take logarithms first when the season grows with the level.
    """
    y = read_numbers(values)
    if np.isnan(y).any() or len(y) < 2 * period:
        raise ValueError(f"a season of {period} needs at least {2 * period} points, none of them missing")
    trend, seasonal = np.zeros(len(y)), np.zeros(len(y))
    trend_window = _next_odd(np.ceil(1.5 * period / (1 - 1.5 / window)))
    for _ in range(passes):
        cycles = _smooth_cycles(y - trend, period, window)
        lower = cycles
        for width in (period, period, 3):
            lower = np.convolve(lower, np.ones(width) / width, mode="valid")
        seasonal = cycles[period : len(y) + period] - _loess(lower, _next_odd(period), 1)
        trend = _loess(y - seasonal, trend_window, 1)
    return Decomposition(trend, seasonal, y - trend - seasonal)


def _smooth_cycles(y: np.ndarray, period: int, window: int) -> np.ndarray:
    """Each quarter (or month) smoothed over the years, carried one year beyond either end."""
    smooth = np.zeros(len(y) + 2 * period)
    for start in range(period):
        line = y[start::period]
        smooth[start::period] = _loess(line, window, 0, at=np.arange(-1, len(line) + 1))
    return smooth


def _loess(y: np.ndarray, window: int, degree: int, at: np.ndarray | None = None) -> np.ndarray:
    """The line smoothed at its own places or others: the nearest points weigh most, and all lie on a level or slope."""
    x = (np.arange(len(y)) if at is None else at)[:, None]
    width = min(window, len(y))
    near = np.clip(x - width // 2, 0, len(y) - width) + np.arange(width)
    distance = np.abs(near - x)
    reach = distance.max(axis=1, keepdims=True) + max(0, window - len(y)) // 2
    weight = np.where(distance < 0.999 * reach, (1 - (distance / np.maximum(reach, 1e-12)) ** 3) ** 3, 0.0)
    weight[distance <= 0.001 * reach] = 1.0
    weight /= weight.sum(axis=1, keepdims=True)
    if degree:
        middle = (weight * near).sum(axis=1, keepdims=True)
        spread = (weight * (near - middle) ** 2).sum(axis=1, keepdims=True)
        steep = np.sqrt(spread) > 0.001 * (len(y) - 1)
        weight *= 1 + np.where(steep, (x - middle) / np.where(steep, spread, 1), 0) * (near - middle)
    return (weight * y[near]).sum(axis=1)


def _next_odd(number: float) -> int:
    whole = round(number)
    return whole if whole % 2 else whole + 1
