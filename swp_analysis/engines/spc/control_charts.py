"""Limits of control charts. In: numbers in time order with NaN gaps. Out: a `Limits`, a row of limits a point, or a
`LineReading`.

XmR for any measure; c, u and p for counts, rates and shares, with Laney's u' and p' when they scatter more than chance;
t and g for rare events. Limits are as computed, so a lower one may be negative: clip it when drawing, not when judging.
A line is read level by level: each has its own limits and starts the ladder again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from swp_analysis.engines.spc import thresholds
from swp_analysis.engines.spc.run_rules import COMMON_CAUSE, ROUNDING, as_line, as_lines, label_outside, label_points
from swp_analysis.engines.spc.seasons import NO_SEASON, Season, find_season, number_quarters
from swp_analysis.engines.spc.thresholds import Rung

RangeMethod = Literal["screened", "unscreened", "median", "none"]


@dataclass(frozen=True)
class Limits:
    """A centre line with process limits, in the unit of the values; NaN where the values have none."""

    centre: float
    lower: float
    upper: float
    typical_range: float
    range_limit: float
    method: RangeMethod


def find_moving_ranges(values) -> np.ndarray:
    """Find steps between neighbours, without sign; none across a gap."""
    steps = np.abs(np.diff(as_line(values)))
    return steps[~np.isnan(steps)]


def xmr(values, *, screen: bool = True, factor: float = thresholds.MDC_FACTOR) -> Limits:
    """Give limits at the mean plus and minus `factor` mean moving ranges (2.66 as Making Data Count, 3/1.128 as
    Montgomery).

    Screening leaves out, once, moving ranges of 3.267 times their mean or more (Nelson 1982). Where that would leave a
    zero-width band (a flat line with one jump) the unscreened mean is used; a line without any movement has no limits.
    """
    ranges = find_moving_ranges(values)
    mean_range = _mean(ranges)
    method: RangeMethod = "unscreened"
    if screen:
        screened = _mean(ranges[ranges < thresholds.RANGE_FACTOR * mean_range])
        if screened > 0:
            mean_range, method = screened, "screened"
    return _make_limits(_known(values), mean_range, factor, method)


def robust_xmr(values) -> Limits:
    """Give limits from the median moving range (x 3.145, Wheeler), which a few wild steps can't widen.

    Falls back to `xmr` when half of the moving ranges or more are zero.
    """
    ranges = find_moving_ranges(values)
    median_range = float(np.median(ranges)) if ranges.size else 0.0
    if median_range > 0:
        return _make_limits(_known(values), median_range, thresholds.MEDIAN_FACTOR, "median")
    return xmr(values)


def _make_limits(known: np.ndarray, typical_range: float, factor: float, method: RangeMethod) -> Limits:
    centre = _mean(known)
    half_width = factor * typical_range
    # NOTE: steps between equal decimals can differ from zero in the last bit; that must not become a limit.
    if not half_width > ROUNDING * np.abs(known).max(initial=0.0):
        return Limits(centre, np.nan, np.nan, typical_range, np.nan, "none")
    return Limits(
        centre, centre - half_width, centre + half_width, typical_range, thresholds.RANGE_FACTOR * typical_range, method
    )


def c_chart(counts) -> pd.DataFrame:
    """Give counts over equal periods, with limits 3 roots of the mean away (Montgomery 7.17). Columns as `u_chart`."""
    return u_chart(counts, np.ones(len(as_line(counts))))


def u_chart(counts, sizes, *, exclude=()) -> pd.DataFrame:
    """Give counts per unit of `sizes` (Montgomery 7.19).

    Points at the 0-based positions in `exclude` don't help to set the centre. A missing count or a zero size is a gap.
    Returns columns `value`, `centre`, `lower`, `upper`, `label`, one row a point.
    """
    value, size, centre = _read_ratio(counts, sizes, exclude)
    return _frame_chart(value, centre, np.sqrt(centre / size))


def p_chart(counts, sizes, *, exclude=()) -> pd.DataFrame:
    """Give shares of `sizes`, from 0 to 1 (Montgomery 7.7). Arguments and columns as `u_chart`."""
    value, size, centre = _read_ratio(counts, sizes, exclude)
    if np.any(value > 1):
        raise ValueError("a share needs x of n with x not more than n")
    return _frame_chart(value, centre, np.sqrt(np.maximum(centre * (1 - centre), 0) / size))


def laney_u_chart(counts, sizes, *, exclude=(), least_scatter: float = 0.0) -> pd.DataFrame:
    """Widen a `u_chart` by the scatter between neighbours (Laney 2002), at least by `least_scatter`."""
    return _widen(u_chart(counts, sizes, exclude=exclude), exclude, least_scatter)


def laney_p_chart(counts, sizes, *, exclude=(), least_scatter: float = 0.0) -> pd.DataFrame:
    """Widen a `p_chart` by the scatter between neighbours (Laney 2002), at least by `least_scatter`."""
    return _widen(p_chart(counts, sizes, exclude=exclude), exclude, least_scatter)


def _read_ratio(counts, sizes, exclude) -> tuple[np.ndarray, np.ndarray, float]:
    count, size = _read_counts(counts), as_line(np.broadcast_to(sizes, np.shape(counts)))
    size = np.where(size > 0, size, np.nan)
    value = count / size
    used = ~np.isnan(value)
    used[list(exclude)] = False
    centre = count[used].sum() / size[used].sum() if used.any() else np.nan
    return value, size, float(centre)


def _frame_chart(value: np.ndarray, centre: float, sigma: np.ndarray) -> pd.DataFrame:
    reach = thresholds.SIGMAS * np.where(sigma > 0, sigma, np.nan)
    return _frame_limits(value, centre, centre - reach, centre + reach)


def _frame_limits(value: np.ndarray, centre: float, lower: Any, upper: Any) -> pd.DataFrame:
    labels = label_outside(value, lower, upper)
    return pd.DataFrame({"value": value, "centre": centre, "lower": lower, "upper": upper, "label": labels})


def _widen(chart: pd.DataFrame, exclude, least_scatter: float) -> pd.DataFrame:
    sigma = ((chart["upper"] - chart["centre"]) / thresholds.SIGMAS).to_numpy()
    scores = ((chart["value"] - chart["centre"]) / sigma).to_numpy(copy=True)
    scores[list(exclude)] = np.nan
    scatter = max(_mean(find_moving_ranges(scores)) / thresholds.RANGE_TO_SIGMA, least_scatter)
    return _frame_chart(chart["value"].to_numpy(), chart["centre"].iloc[0] if len(chart) else np.nan, scatter * sigma)


def is_rare(values) -> bool:
    """Give counts too small for limits: under 5 a quarter on average, or more than a quarter of them zero."""
    known = _known(values)
    few = known.size and (known.mean() < thresholds.RARE_MEAN or (known == 0).mean() > thresholds.RARE_ZERO_SHARE)
    return bool(few)


def t_chart(dates: list[date]) -> pd.DataFrame:
    """Give days between one event and the next, with limits from the 3.6th root (Nelson 1994).

    `dates` are the days of the events in any order; two on one day are half a day apart. Under 8 gaps the limits are
    NaN, which makes the frame a plain list. Columns `date` (of the later event) and those of `u_chart`, in days.
    """
    days = sorted(pd.Series(list(dates), dtype=object).dropna())
    gaps = np.array([max((b - a).days, 0.5) for a, b in pairwise(days)], dtype=float)
    limits = xmr(gaps ** (1 / thresholds.T_EXPONENT), screen=False)
    back = [max(end, 0.0) ** thresholds.T_EXPONENT for end in (limits.centre, limits.lower, limits.upper)]
    return pd.DataFrame({"date": days[1:]}).join(_frame_gaps(gaps, *back))


def g_chart(between) -> pd.DataFrame:
    """Give cases or periods between rare events (Benneyan 2001). Columns as `u_chart`; limits are NaN under 8 gaps."""
    gaps = _read_counts(between)
    mean = _mean(_known(gaps))
    spread = thresholds.SIGMAS * np.sqrt(mean * (mean + 1))
    return _frame_gaps(gaps, mean, mean - spread, mean + spread)


def _frame_gaps(gaps: np.ndarray, centre: float, lower: float, upper: float) -> pd.DataFrame:
    if np.count_nonzero(~np.isnan(gaps)) < thresholds.MIN_GAPS:
        centre = lower = upper = np.nan
    return _frame_limits(gaps, centre, lower, upper)


def _read_counts(values) -> np.ndarray:
    line = as_line(values)
    if np.any(line < 0):
        raise ValueError("a count must not be negative")
    return line


def _known(values) -> np.ndarray:
    line = as_line(values)
    return line[~np.isnan(line)]


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else np.nan


# Level by level


@dataclass(frozen=True)
class Level:
    """A stretch of the line: where it is, its rung, and which of its points don't help to set the limits."""

    where: slice
    rung: Rung
    held_back: np.ndarray


@dataclass(frozen=True)
class LineReading:
    """One number, or the label of a rule, a point; filled in level by level."""

    centre: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    labels: np.ndarray
    season: Season = NO_SEASON


def find_ends(values: Sequence, lower: Sequence | None = None, upper: Sequence | None = None) -> list[np.ndarray]:
    """Find the lines that suppressed points allow: all low, all high, and the two zigzags, whose moving ranges are
    widest.

    With one or two suppressed points that is every combination of ends. Without any, the line itself.
    """
    line, low, high = as_lines(values, *([None] * len(values) if end is None else end for end in (lower, upper)))
    if np.any(low > high):
        raise ValueError("the least that a suppressed point can be must not be above the most")
    hidden = np.flatnonzero(np.isnan(line) & ~np.isnan(low) & ~np.isnan(high))
    odd = np.arange(len(hidden)) % 2 == 1
    choices = (np.zeros_like(odd), np.ones_like(odd), odd, ~odd)
    ends = [line.copy() for _ in choices[: {0: 1, 1: 2}.get(len(hidden), 4)]]
    for end, use_high in zip(ends, choices, strict=False):
        end[hidden] = np.where(use_high, high[hidden], low[hidden])
    return ends


def find_levels(line: np.ndarray, starts: Sequence[int], judged_points: int) -> list[Level]:
    """Split at `starts`; of each level the last `judged_points` are held back if 8 or more remain to set the limits."""
    if any(not 0 <= start <= len(line) for start in starts):
        raise ValueError(f"a new level must start within the line, at 0 to {len(line)}")
    inside = sorted({start for start in starts if 0 < start < len(line)})
    levels = []
    for first, end in zip([0, *inside], [*inside, len(line)], strict=True):
        known = np.flatnonzero(~np.isnan(line[first:end]))
        fixed = judged_points > 0 and len(known) - judged_points >= thresholds.TRIAL_POINTS
        held_back = known[-judged_points:] if fixed else known[:0]
        levels.append(Level(slice(first, end), thresholds.ladder(len(known)), held_back))
    return levels


def read_nothing(points: int) -> LineReading:
    """Read a reading without limits or signals, for lines that may only be listed."""
    centre, lower, upper = (np.full(points, np.nan) for _ in range(3))
    return LineReading(centre, lower, upper, np.full(points, COMMON_CAUSE, dtype=object))


def read_line(line: np.ndarray, levels: list[Level], first_quarter: int | None) -> LineReading:
    """Read XmR limits and rules, with the season of all levels taken out where there is one."""
    season = find_season(line, first_quarter, [level.where.start for level in levels[1:]])
    index = season.index_of(number_quarters(len(line), first_quarter or 1))
    reading = replace(read_nothing(len(line)), season=season)
    for level in levels:
        part, factors = (line / index)[level.where], index[level.where]
        centre, lower, upper = _find_limits(part, level, season.widening)
        _fill(reading, level, part, [np.full(len(part), limit) for limit in (centre, lower, upper)], factors)
    return reading


def read_shares(line: np.ndarray, sizes: np.ndarray, levels: list[Level], per: float) -> LineReading:
    """Read limits of Laney's p' chart, never narrower than those of the p chart, and rules; shares `per` so many."""
    reading = read_nothing(len(line))
    for level in levels:
        chart = laney_p_chart(line[level.where], sizes[level.where], exclude=level.held_back, least_scatter=1.0)
        limits = [chart[name].to_numpy() for name in ("centre", "lower", "upper")]
        _fill(reading, level, chart["value"].to_numpy(), limits, factors=np.full(len(chart), per))
    return reading


def _find_limits(part: np.ndarray, level: Level, widening: float) -> tuple[float, float, float]:
    base = part.copy()
    base[level.held_back] = np.nan
    if level.rung < Rung.trial_limits:
        return float(np.median(base[~np.isnan(base)])) if level.rung >= Rung.run_chart else np.nan, np.nan, np.nan
    find = robust_xmr if level.rung >= Rung.robust_limits else xmr
    limits = find(base)
    if limits.method == "none" and level.held_back.size:
        # Nothing moved before the last points: how far the line moves is known with them alone.
        whole = find(part)
        return limits.centre, limits.centre - (whole.upper - whole.centre), limits.centre + whole.upper - whole.centre
    half_width = widening * (limits.upper - limits.centre)
    return limits.centre, limits.centre - half_width, limits.centre + half_width


def _fill(reading: LineReading, level: Level, part: np.ndarray, limits: list[np.ndarray], factors: np.ndarray) -> None:
    centre, lower, upper = limits
    if level.rung >= Rung.run_chart:
        reading.centre[level.where] = centre * factors
    if level.rung >= Rung.trial_limits:
        reading.lower[level.where], reading.upper[level.where] = lower * factors, upper * factors
        judge = label_points(part, *limits) if level.rung >= Rung.rules else label_outside(part, lower, upper)
        reading.labels[level.where] = judge
