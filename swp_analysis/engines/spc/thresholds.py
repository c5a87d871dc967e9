"""Every number that decides what a chart says, named and with its source, and the ladder: what may be drawn and
claimed with so many points. In: a number of points. Out: a `Rung`, printed on every chart.

The rest of the engine takes its constants from here only; `thresholds_table` in `signal.py` prints them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Self

RUN_CHART_POINTS = 5
TRIAL_POINTS = 8
RULES_POINTS = 12
ROBUST_POINTS = 20

MDC_FACTOR = 2.66
SHEWHART_FACTOR = 3 / 1.128
MEDIAN_FACTOR = 3.145
RANGE_FACTOR = 3.267
RANGE_TO_SIGMA = 1.128
SIGMAS = 3
NEAR_LIMIT = 2 / 3

RUN_LENGTH = 7
TREND_LENGTH = 7
NEAR_WINDOW = 3
NEAR_COUNT = 2

LONGEST_RUN_EXTRA = 3
CROSSINGS_TAIL = 0.05

JUDGED_POINTS = 4
# Share of a long level's points that break a rule, from which on the level itself is said to drift.
DRIFTING_SHARE = 1 / 3
RARE_MEAN = 5.0
RARE_ZERO_SHARE = 0.25
T_EXPONENT = 3.6
MIN_GAPS = 8

SEASON_YEARS = 3
SEASON_P = 0.05


class Rung(IntEnum):
    """The rungs of the ladder, each with the least points that it takes; `label` is what the chart prints."""

    label: str

    def __new__(cls, least_points: int, label: str) -> Self:
        rung = int.__new__(cls, least_points)
        rung._value_, rung.label = least_points, label
        return rung

    table = 0, "Table only: under 5 points"
    run_chart = RUN_CHART_POINTS, "Run chart: 5 to 7 points, no limits"
    trial_limits = TRIAL_POINTS, "Control chart with trial limits: 8 to 11 points"
    rules = RULES_POINTS, "Control chart, Making Data Count rules: 12 to 19 points"
    robust_limits = ROBUST_POINTS, "Control chart, Making Data Count rules, robust limits: 20 points or more"


def ladder(points: int) -> Rung:
    """Give the rung for a number of points that aren't missing.

    >>> ladder(8).name
    'trial_limits'
    """
    return max(rung for rung in Rung if rung <= max(points, 0))


@dataclass(frozen=True)
class Rebase:
    """A decision that a new level starts: at the 0-based position of its first point, or on a date (the first point to
    start on that day or later); when, why and by whom entered."""

    position: int | date
    entered: date
    reason: str
    name: str

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.name.strip():
            raise ValueError("A rebase needs a reason and the name of the person who decided it.")

    def place(self, starts: Sequence[date] | None) -> int:
        """Give the position of the new level's first point among points that start on these days.

        Raises
        ------
        ValueError
            When it is given by a date and the points' days are not known.
        """
        if not isinstance(self.position, date):
            return self.position
        if starts is None:
            raise ValueError("A rebase by date needs the day on which each point starts: give them as first_quarter.")
        return sum(start < self.position for start in starts)
