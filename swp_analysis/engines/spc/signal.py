"""Does a line of quarters say that something changed? In: figures in time order, with gaps and suppressed points.

Out: a `Signal`: the rung of the ladder, a row a point with limits and broken rules, both icons; nothing is drawn here.
Limits come from the points before the last four, so that a new level is judged by the old one and never the other way
round (docs/methods.md, "Signals over time").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd
import yaml

from swp_analysis.engines.spc import thresholds
from swp_analysis.engines.spc.control_charts import (
    Level,
    LineReading,
    find_ends,
    find_levels,
    is_rare,
    read_line,
    read_nothing,
    read_shares,
)
from swp_analysis.engines.spc.run_rules import (
    COMMON_CAUSE,
    GoodDirection,
    RunsAnalysis,
    analyse_runs,
    as_lines,
    pick_assurance_icon,
    pick_variation_icon,
)
from swp_analysis.engines.spc.seasons import Season, number_quarter
from swp_analysis.engines.spc.thresholds import DRIFTING_SHARE, JUDGED_POINTS, Rebase, Rung

Unit = Literal["count", "percent", "other"]
RANGE_OF_UNIT = {"count": (0.0, np.inf), "percent": (0.0, 100.0), "other": (-np.inf, np.inf)}
PERCENT = 100


@dataclass(frozen=True)
class Signal:
    """What a line says.

    `points` has one row a point: `value`; `low` and `high`, which differ where a point is suppressed; `level` 0, 1...;
    `centre`, `lower`, `upper` as judged (the outermost over the ends of suppressed points); `lower_shown` and
    `upper_shown`, clipped to what the unit can be; `label`, the rule broken; `undecided`, where those ends disagree;
    `judged`, the latest point and those held back when the limits were made: only they can be better or worse; `icon`.

    `variation` is the icon of the latest point: none under 12 points of the current
    level ("trial_limits"), "cannot_judge" where nothing moved, "level_drifts" where so many points of a long line break
    a rule that single ones say nothing. `flagged` is the share of the current level's points, but those judged, that
    break one. `assurance` is None without a target or limits, and "undecided" where suppressed points decide it.
    `rare` means counts too small for limits: show the list. `rung` is that of the latest level.
    """

    rung: Rung
    points: pd.DataFrame
    runs: RunsAnalysis
    season: Season
    rare: bool
    variation: str
    flagged: float
    assurance: str | None
    latest: int | None

    @property
    def drifts(self) -> bool:
        """Whether the level moves on so much that flags on single points say nothing."""
        return self.variation == "level_drifts"

    def __repr__(self) -> str:
        return f"Signal({len(self.points)} points, {self.rung.name}; latest: {self.variation})"


def read_signal(
    values: Sequence,
    *,
    suppressed: tuple[Sequence, Sequence] | None = None,
    unit: Unit = "count",
    good_direction: GoodDirection = "neutral",
    target: float | None = None,
    rebases: Sequence[Rebase] = (),
    first_quarter: int | Sequence[date] | None = 1,
) -> Signal:
    """Read a line of figures, one a quarter; a missing quarter is None or NaN, never left out and never zero.

    Parameters
    ----------
    values
        In time order, in any unit; `unit` says what the limits shown are clipped to, and small counts get no limits.
    suppressed
        The least and the most that each suppressed point can be; its value is missing. A signal counts only if every
        end of it agrees.
    target, good_direction
        For the icons; the target is in the unit of the values.
    rebases
        Where a new level was declared; each level has its own limits and starts the ladder again.
    first_quarter
        Quarter (1-4) of the first value, for the season, or the day on which each quarter starts, so that a rebase can
        be given by its date; None when the points aren't quarters.
    """
    ends = find_ends(values, *(suppressed or (None, None)))
    starts = first_quarter if isinstance(first_quarter, Sequence) else None
    if starts is not None and len(starts) != len(ends[0]):
        raise ValueError("first_quarter needs a day for each value")
    first = number_quarter(starts[0]) if starts else None if isinstance(first_quarter, Sequence) else first_quarter
    if first not in (None, 1, 2, 3, 4):
        raise ValueError("quarters are 1 to 4")
    levels = find_levels(ends[0], [rebase.place(starts) for rebase in rebases], JUDGED_POINTS)
    rare = unit == "count" and any(is_rare(end) for end in ends)
    readings = [read_nothing(len(end)) if rare else read_line(end, levels, first) for end in ends]
    points = _frame_points(ends, readings, levels, unit, good_direction)
    return _conclude(points, readings, levels, rare, target, good_direction)


def read_share_signal(
    numerators: Sequence,
    denominators: Sequence,
    *,
    good_direction: GoodDirection = "neutral",
    target: float | None = None,
    rebases: Sequence[Rebase] = (),
) -> Signal:
    """Run `read_signal` for n out of N, in percent: Laney's p' chart, never narrower than the p chart; no season.

    `target` is a percent. A suppressed share is missing: what its number can be is no range of percentages.
    """
    line, sizes = as_lines(numerators, denominators)
    line = np.where(sizes > 0, line, np.nan)
    if np.any(line > sizes):
        raise ValueError("a share needs x of n with x not more than n")
    levels = find_levels(line, [rebase.place(None) for rebase in rebases], JUDGED_POINTS)
    rare = is_rare(line)
    readings = [read_nothing(len(line)) if rare else read_shares(line, sizes, levels, PERCENT)]
    percents = [PERCENT * line / np.where(sizes > 0, sizes, np.nan)]
    points = _frame_points(percents, readings, levels, "percent", good_direction)
    return _conclude(points, readings, levels, rare, target, good_direction)


def _frame_points(
    ends: list[np.ndarray], readings: list[LineReading], levels: list[Level], unit: Unit, good_direction: GoodDirection
) -> pd.DataFrame:
    choices = {"unit": (unit, RANGE_OF_UNIT), "good_direction": (good_direction, get_args(GoodDirection))}
    for name, (given, known) in choices.items():
        if given not in known:
            raise ValueError(f"{name} must be one of {', '.join(known)}, found {given!r}")
    low, high = np.min(ends, axis=0), np.max(ends, axis=0)
    frame = pd.DataFrame({"value": np.where(low == high, low, np.nan), "low": low, "high": high})
    frame["level"] = np.repeat(np.arange(len(levels)), [level.where.stop - level.where.start for level in levels])
    frame["centre"] = np.mean([reading.centre for reading in readings], axis=0)
    frame["lower"] = np.min([reading.lower for reading in readings], axis=0)
    frame["upper"] = np.max([reading.upper for reading in readings], axis=0)
    least, most = RANGE_OF_UNIT[unit]
    if np.any(low < least):
        raise ValueError("a count or percentage is not below zero; its unit is 'other'")
    frame["lower_shown"], frame["upper_shown"] = frame["lower"].clip(lower=least), frame["upper"].clip(upper=most)
    labels = np.array([reading.labels for reading in readings], dtype=object)
    frame["undecided"] = (labels != labels[0]).any(axis=0)
    frame["label"] = np.where(frame["undecided"], COMMON_CAUSE, labels[0])
    frame["judged"] = _mark_judged(frame["low"].notna().to_numpy(), levels)
    directions = np.where(frame["judged"], good_direction, "neutral")
    icons = [pick_variation_icon(*pair) for pair in zip(frame["label"], directions, strict=True)]
    frame["icon"] = np.where(frame["undecided"], "undecided", icons)
    return frame


def _mark_judged(known: np.ndarray, levels: list[Level]) -> np.ndarray:
    judged = np.zeros(len(known), dtype=bool)
    for level in levels:
        judged[level.where.start + level.held_back] = True
    judged[np.flatnonzero(known)[-1:]] = True
    return judged


def _conclude(
    points: pd.DataFrame,
    readings: list[LineReading],
    levels: list[Level],
    rare: bool,
    target: float | None,
    good_direction: GoodDirection,
) -> Signal:
    known = np.flatnonzero(points["low"].notna())
    latest = int(known[-1]) if known.size else None
    rung, level = levels[-1].rung, levels[-1].where
    flagged = _share_flagged(points.iloc[level], readings)
    if rung >= Rung.robust_limits and levels[-1].held_back.size and flagged > DRIFTING_SHARE:
        points.loc[points.index[level], ["label", "icon"]] = [COMMON_CAUSE, "level_drifts"]
    return Signal(
        rung=rung,
        points=points,
        runs=analyse_runs(points["value"].iloc[level]),
        season=readings[0].season,
        rare=rare,
        variation=_name_variation(points, latest, rung, rare),
        flagged=flagged,
        assurance=_name_assurance(readings, latest, target, good_direction),
        latest=latest,
    )


def _share_flagged(level: pd.DataFrame, readings: list[LineReading]) -> float:
    """The share of settled points that break a rule, at the worst end of the suppressed ones: a level that drifts at
    one end is not judged at the others either."""
    settled = level.index[level["low"].notna() & ~level["judged"]].to_numpy()
    shares = [float((reading.labels[settled] != COMMON_CAUSE).mean()) for reading in readings if settled.size]
    return max(shares, default=0.0)


def _name_variation(points: pd.DataFrame, latest: int | None, rung: Rung, rare: bool) -> str:
    if rare:
        return "too_few_events"
    if latest is None or rung < Rung.trial_limits:
        return "not_enough_points"
    if np.isnan(points["upper"].iloc[latest]):
        return "cannot_judge"
    return points["icon"].iloc[latest] if rung >= Rung.rules else "trial_limits"


def _name_assurance(
    readings: list[LineReading], latest: int | None, target: float | None, good_direction: GoodDirection
) -> str | None:
    if latest is None:
        return None
    icons = {pick_assurance_icon(end.lower[latest], end.upper[latest], target, good_direction) for end in readings}
    return icons.pop() if len(icons) == 1 else "undecided"


def thresholds_table() -> pd.DataFrame:
    """Give all rules, constants and thresholds: columns `what`, `value`, `meaning`, `source`."""
    book = yaml.safe_load(Path(__file__).with_name("thresholds.yml").read_text(encoding="utf-8"))["thresholds"]
    known = vars(thresholds)
    rows = [(what, known[name], means.format_map(known), source) for name, (what, means, source) in book.items()]
    return pd.DataFrame(rows, columns=["what", "value", "meaning", "source"])
