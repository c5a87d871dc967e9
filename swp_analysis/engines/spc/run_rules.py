"""Which points of a line break a run rule, and which way that points. In: numbers in time order with NaN gaps. Out:
labels, a runs analysis, and the names of the two Making Data Count icons.

A gap breaks the line: no run, trend or crossing is counted across it. A point on the centre line is on neither side.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from swp_analysis.engines.spc import thresholds

COMMON_CAUSE = "Common Cause"
ABOVE_LIMIT, BELOW_LIMIT = "Above UCL", "Below LCL"
ROUNDING = 1e-9

GoodDirection = Literal["lower", "higher", "neutral"]
Direction = Literal["up", "down", "no clear change", "can't tell"]
POINTS_TO: dict[str, Direction] = {"above": "up", "increasing": "up", "below": "down", "decreasing": "down"}
Polarity = Literal["better", "worse", "no judgement"]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]


@dataclass(frozen=True)
class RunsAnalysis:
    """A run chart's two counts; `signal` if a run is too long or crossings are too few for chance."""

    longest_run: int
    crossings: int
    signal: bool


def as_line(values) -> np.ndarray:
    """Give any sequence of numbers, None and NaN as a float line; a gap is NaN, never zero."""
    line = np.array([np.nan if value is None or value is pd.NA else value for value in values], dtype=float)
    if line.ndim != 1 or np.isinf(line).any():
        raise ValueError("a line needs a number each, finite, or None for a gap")
    return line


def as_lines(*given) -> list[np.ndarray]:
    """Give several sequences as lines of the same length."""
    lines = [as_line(one) for one in given]
    if len({len(line) for line in lines}) > 1:
        raise ValueError(f"each line needs a figure for each point: they have {', '.join(str(len(x)) for x in lines)}")
    return lines


def find_sides(values, centre) -> np.ndarray:
    """Give 1 above the centre, -1 below, 0 on it (within rounding) or missing."""
    line = as_line(values)
    distance = line - centre
    on_centre = np.abs(distance) <= ROUNDING * np.maximum(np.abs(line), np.abs(centre))
    return np.nan_to_num(np.where(on_centre, 0, np.sign(distance))).astype(int)


def find_run_ends(sides, length: int = thresholds.RUN_LENGTH) -> np.ndarray:
    """Give 1 where a point and the `length - 1` before it are all on the same side, else 0."""
    ways = np.sign(np.asarray(sides, dtype=int))
    ends = np.zeros(len(ways), dtype=int)
    if len(ways) >= length:
        ends[length - 1 :] = np.abs(np.convolve(ways, np.ones(length, dtype=int), "valid")) == length
    return ends


def find_limits_of_runs(points: int) -> tuple[int, int]:
    """Find the longest run allowed and fewest crossings needed among `points` points off the median (Anhøj and Olesen
    2014).

    >>> find_limits_of_runs(24)
    (8, 8)
    """
    if points < 1:
        return 0, 0
    from scipy.special import bdtr

    chances = bdtr(np.arange(points), points - 1, 0.5)  # of so many crossings or fewer
    fewest = int(np.searchsorted(chances, thresholds.CROSSINGS_TAIL))
    return round(math.log2(points)) + thresholds.LONGEST_RUN_EXTRA, fewest


def analyse_runs(values) -> RunsAnalysis:
    """Give runs about the median. Points on the median are passed over; a gap ends a run and is no crossing."""
    line = as_line(values)
    known = line[~np.isnan(line)]
    sides = find_sides(line, np.median(known)) if known.size else np.zeros(0, dtype=int)
    longest, crossings = 0, 0
    for stretch in _split_at_gaps(line, sides):
        flips = [i for i, (a, b) in enumerate(pairwise(stretch), start=1) if a != b]
        crossings += len(flips)
        longest = max([longest, *np.diff([0, *flips, len(stretch)])])
    allowed, needed = find_limits_of_runs(int(np.count_nonzero(sides)))
    return RunsAnalysis(int(longest), crossings, bool(longest > allowed or crossings < needed))


def _split_at_gaps(line: np.ndarray, sides: np.ndarray) -> list[np.ndarray]:
    pieces = np.split(np.arange(len(sides)), np.flatnonzero(np.isnan(line[: len(sides)])))
    return [sides[piece][sides[piece] != 0] for piece in pieces if np.any(sides[piece])]


def label_points(values, centre, lower, upper) -> list[str]:
    """Give the Making Data Count rule each point breaks, or "Common Cause".

    `centre`, `lower`, `upper` are numbers or a number a point; NaN limits break no limit rule. Outside the limits comes
    before a trend of 7, that before two in three near a limit, that before a run of 7 on one side.
    """
    line, (centre, lower, upper) = as_line(values), (np.asarray(limit, dtype=float) for limit in (centre, lower, upper))
    if np.any(lower > upper):
        raise ValueError("the lower limit must not be above the upper one")
    sides = find_sides(line, centre)
    labels = np.full(len(line), COMMON_CAUSE, dtype=object)
    named_side = np.where(sides > 0, "Above CL", "Below CL")
    run = _mark_back(find_run_ends(sides), thresholds.RUN_LENGTH)
    labels[run] = [f"{thresholds.RUN_LENGTH} Points {side}" for side in named_side[run]]
    near = _find_near_points(line, sides, centre, lower, upper)
    labels[near] = [f"{thresholds.NEAR_COUNT} in {thresholds.NEAR_WINDOW} {side}" for side in named_side[near]]
    for i, step in _find_trend_points(line):
        labels[i] = f"{thresholds.TREND_LENGTH} Point Trend ({'Increasing' if step > 0 else 'Decreasing'})"
    outside = label_outside(line, lower, upper)
    return [out if out != COMMON_CAUSE else label for out, label in zip(outside, labels, strict=True)]


def label_outside(values, lower, upper) -> list[str]:
    """Give only the limits: "Above UCL", "Below LCL" or "Common Cause" a point."""
    line = as_line(values)
    above, below = find_sides(line, upper) > 0, find_sides(line, lower) < 0
    return np.where(above, ABOVE_LIMIT, np.where(below, BELOW_LIMIT, COMMON_CAUSE)).tolist()


def _mark_back(ends: np.ndarray, length: int) -> np.ndarray:
    marked = np.zeros(len(ends), dtype=bool)
    for end in np.flatnonzero(ends):
        marked[end - length + 1 : end + 1] = True
    return marked


def _find_trend_points(line: np.ndarray) -> list[tuple[int, int]]:
    """Points of every trend with the trend's step; where two trends meet, the later one comes last and so wins."""
    steps = find_sides(line[1:], line[:-1])
    ends = np.flatnonzero(find_run_ends(steps, thresholds.TREND_LENGTH - 1))
    return [(i, steps[end]) for end in ends for i in range(end - thresholds.TREND_LENGTH + 2, end + 2)]


def _find_near_points(line: np.ndarray, sides: np.ndarray, centre, lower, upper) -> np.ndarray:
    above = find_sides(line, centre + thresholds.NEAR_LIMIT * (upper - centre)) > 0
    below = find_sides(line, centre - thresholds.NEAR_LIMIT * (centre - lower)) < 0
    near = (above & (find_sides(line, upper) <= 0)) | (below & (find_sides(line, lower) >= 0))
    marked = np.zeros(len(line), dtype=bool)
    for end in np.flatnonzero(find_run_ends(sides, thresholds.NEAR_WINDOW)):
        window = slice(end - thresholds.NEAR_WINDOW + 1, end + 1)
        if near[window].sum() >= thresholds.NEAR_COUNT:
            marked[window] |= near[window]
    return marked


# Icons


def judge_direction(direction: Direction, good_direction: GoodDirection) -> Polarity:
    """Give better or worse, or no judgement where nothing moved or neither way is good.

    >>> judge_direction("up", "lower"), judge_direction("no clear change", "lower")
    ('worse', 'no judgement')
    """
    if direction not in ("up", "down") or good_direction == "neutral":
        return "no judgement"
    return "better" if (direction == "up") == (good_direction == "higher") else "worse"


def find_direction(label: str) -> Direction:
    """Find which way a broken rule points: "up" above the mean or rising, "down" below it or falling."""
    if label.casefold() == COMMON_CAUSE.casefold():
        return "no clear change"
    found = {direction for word, direction in POINTS_TO.items() if word in label.casefold()}
    if len(found) != 1:
        raise ValueError(f"{label!r} is no label of a rule, such as {ABOVE_LIMIT} or {COMMON_CAUSE}")
    return found.pop()


def pick_variation_icon(label: str, good_direction: GoodDirection) -> str:
    """Give the icon of a rule label: common cause, or improvement, concern or neutral, each high or low.

    >>> pick_variation_icon("Above UCL", "lower")
    'concern_high'
    """
    direction = find_direction(label)
    if direction == "no clear change":
        return "common_cause"
    kind = {"better": "improvement", "worse": "concern", "no judgement": "neutral"}
    return f"{kind[judge_direction(direction, good_direction)]}_{'high' if direction == 'up' else 'low'}"


def pick_assurance_icon(
    lower: float, upper: float, target: float | None, good_direction: GoodDirection
) -> Assurance | None:
    """Tell whether a process within these limits will pass its target always, never, or now and then.

    None without a target, without limits, or where neither direction is good.
    """
    if target is None or good_direction == "neutral" or any(map(math.isnan, (lower, upper, target))):
        return None
    if lower > upper:
        raise ValueError("the lower limit must not be above the upper one")
    if lower <= target <= upper:
        return "inconsistent"
    return "consistent_fail" if (target > upper) == (good_direction == "higher") else "consistent_pass"
