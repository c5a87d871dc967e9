"""Reads a line level by level: each has its own limits and starts the ladder again. In: a line without hidden points.

Out: a `LineReading`: centre, limits and the broken rule of every point. Where points are suppressed, `signal`
asks for a reading of each line that they allow, and compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swp_analysis.engines.spc.control_charts import laney_p_chart, robust_xmr, xmr
from swp_analysis.engines.spc.run_rules import COMMON_CAUSE, as_line, label_outside, label_points
from swp_analysis.engines.spc.seasons import NO_SEASON, Season, find_season, number_quarters
from swp_analysis.engines.spc.thresholds import TRIAL_POINTS, Rung, ladder


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
    line = as_line(values)
    low, high = (as_line(end) if end is not None else np.full(len(line), np.nan) for end in (lower, upper))
    hidden = np.flatnonzero(np.isnan(line) & ~np.isnan(low) & ~np.isnan(high))
    odd = np.arange(len(hidden)) % 2 == 1
    choices = (np.zeros_like(odd), np.ones_like(odd), odd, ~odd)
    ends = []
    for use_high in choices[: {0: 1, 1: 2}.get(len(hidden), 4)]:
        end = line.copy()
        end[hidden] = np.where(use_high, high[hidden], low[hidden])
        ends.append(end)
    return ends


def find_levels(line: np.ndarray, starts: Sequence[int], judged_points: int) -> list[Level]:
    """Split at `starts`; of each level the last `judged_points` are held back if 8 or more remain to set the limits."""
    inside = sorted({start for start in starts if 0 < start < len(line)})
    levels = []
    for first, end in zip([0, *inside], [*inside, len(line)], strict=True):
        known = np.flatnonzero(~np.isnan(line[first:end]))
        fixed = judged_points > 0 and len(known) - judged_points >= TRIAL_POINTS
        levels.append(Level(slice(first, end), ladder(len(known)), known[-judged_points:] if fixed else known[:0]))
    return levels


def read_nothing(points: int) -> LineReading:
    """Read a reading without limits or signals, for lines that may only be listed."""
    centre, lower, upper = (np.full(points, np.nan) for _ in range(3))
    return LineReading(centre, lower, upper, np.full(points, COMMON_CAUSE, dtype=object))


def read_line(line: np.ndarray, levels: list[Level], first_quarter: int | None) -> LineReading:
    """Read XmR limits and rules, with the season of all levels taken out where there is one."""
    season = find_season(line, first_quarter, [level.where.start for level in levels[1:]])
    index = season.index_of(number_quarters(len(line), first_quarter or 1))
    blank = read_nothing(len(line))
    reading = LineReading(blank.centre, blank.lower, blank.upper, blank.labels, season)
    for level in levels:
        part, factors = (line / index)[level.where], index[level.where]
        centre, lower, upper = _find_limits(part, level, season.widening)
        _fill(reading, level, part, [np.full(len(part), limit) for limit in (centre, lower, upper)], factors)
    return reading


def read_shares(line: np.ndarray, sizes: np.ndarray, levels: list[Level]) -> LineReading:
    """Read limits of Laney's p' chart, never narrower than those of the p chart, and rules; shares from 0 to 1."""
    reading = read_nothing(len(line))
    for level in levels:
        chart = laney_p_chart(line[level.where], sizes[level.where], exclude=level.held_back, least_scatter=1.0)
        limits = [chart[name].to_numpy() for name in ("centre", "lower", "upper")]
        _fill(reading, level, chart["value"].to_numpy(), limits, factors=np.ones(len(chart)))
    return reading


def _find_limits(part: np.ndarray, level: Level, widening: float) -> tuple[float, float, float]:
    base = part.copy()
    base[level.held_back] = np.nan
    if not level.rung.has_limits:
        return float(np.median(base[~np.isnan(base)])) if level.rung.has_centre else np.nan, np.nan, np.nan
    find = robust_xmr if level.rung.has_robust_limits else xmr
    limits = find(base)
    if limits.method == "none" and level.held_back.size:
        # Nothing moved before the last points: how far the line moves is known with them alone.
        whole = find(part)
        return limits.centre, limits.centre - (whole.upper - whole.centre), limits.centre + whole.upper - whole.centre
    half_width = widening * (limits.upper - limits.centre)
    return limits.centre, limits.centre - half_width, limits.centre + half_width


def _fill(reading: LineReading, level: Level, part: np.ndarray, limits: list[np.ndarray], factors: np.ndarray) -> None:
    centre, lower, upper = limits
    if level.rung.has_centre:
        reading.centre[level.where] = centre * factors
    if level.rung.has_limits:
        reading.lower[level.where], reading.upper[level.where] = lower * factors, upper * factors
        judge = label_points(part, centre, lower, upper) if level.rung.has_rules else label_outside(part, lower, upper)
        reading.labels[level.where] = judge
