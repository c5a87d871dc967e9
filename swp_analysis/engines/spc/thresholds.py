"""Every number that decides what a chart says, named and with its source, and the ladder: what may be drawn and
claimed with so many points. In: a number of points. Out: a `Rung`, printed on every chart.

The rest of the engine takes its constants from here only; `thresholds_table` prints them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

MDC = "NHS England, Making Data Count: Strengthening your decisions (2019)"
WHEELER = "Wheeler, Understanding Variation (2000), and Advanced Topics in SPC (1995)"
MONTGOMERY = "Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7"
PROJECT = "this project's choice; docs/methods.md says why and shows the simulation"

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

_TABLE = [
    ("Run chart from", RUN_CHART_POINTS, "points; below, a table", PROJECT),
    ("Trial limits from", TRIAL_POINTS, "points; only a point outside the limits is a signal", PROJECT),
    ("Making Data Count rules from", RULES_POINTS, "points", MDC),
    ("Robust limits from", ROBUST_POINTS, "points: median moving range instead of the mean", WHEELER),
    ("Limits, mean moving range", MDC_FACTOR, "x mean moving range either side of the mean", f"{WHEELER}; {MDC}"),
    ("The same, unrounded", SHEWHART_FACTOR, "3 / 1.128", MONTGOMERY),
    ("Limits, median moving range", MEDIAN_FACTOR, "x median moving range (3 / 0.954)", WHEELER),
    ("Screening of moving ranges", RANGE_FACTOR, "x mean moving range: ranges from there on are left out, once",
     "Nelson, Journal of Quality Technology 14 (1982) 172-173"),
    ("Limits, c, u and p charts", SIGMAS, "standard errors either side of the mean", MONTGOMERY),
    ("Moving range to standard deviation", RANGE_TO_SIGMA, "for Laney's p' and u' charts",
     "Laney, Quality Engineering 14 (2002) 531-537"),
    ("Run on one side", RUN_LENGTH, "points in a row on one side of the mean", MDC),
    ("Trend", TREND_LENGTH, "points in a row, each above (or each below) the one before", MDC),
    ("Near a limit", NEAR_LIMIT, "of the way from the mean to the limit, or further, but within it", MDC),
    ("Two in three near a limit", NEAR_COUNT, f"of {NEAR_WINDOW} points in a row, all {NEAR_WINDOW} on one side", MDC),
    ("Longest run allowed", LONGEST_RUN_EXTRA, "+ log2(points off the median), rounded; longer is a signal",
     "Anhøj and Olesen, PLoS ONE 9 (2014) e113825; Schilling 2012"),
    ("Fewest crossings allowed", CROSSINGS_TAIL, "lower tail of Binomial(points - 1, 1/2); fewer is a signal",
     "Anhøj and Olesen, PLoS ONE 9 (2014) e113825; Chen 2010"),
    ("Points judged", JUDGED_POINTS, "last points held against limits made from those before", PROJECT),
    ("A level drifts", DRIFTING_SHARE, "of 20 points or more break a rule: then no single one is flagged", PROJECT),
    ("Rare events, mean", RARE_MEAN, "a quarter; below, a plain list without limits", PROJECT),
    ("Rare events, zeros", RARE_ZERO_SHARE, "of the quarters; above, a plain list without limits",
     "Provost and Murray, The Health Care Data Guide (2011)"),
    ("t chart", T_EXPONENT, "power that makes waiting times nearly normal",
     "Nelson, Journal of Quality Technology 26 (1994) 239-240"),
    ("Gaps between rare events", MIN_GAPS, "needed for t or g limits; below, a plain list", PROJECT),
    ("Seasonal adjustment from", SEASON_YEARS, "complete years", PROJECT),
    ("Seasonal adjustment only if p below", SEASON_P, "F test of the quarters in a quasi-Poisson model",
     "McCullagh and Nelder, Generalized Linear Models (1989), 6.2"),
]  # fmt: skip


def thresholds_table() -> pd.DataFrame:
    """Give all rules, constants and thresholds: columns `what`, `value`, `meaning`, `source`."""
    return pd.DataFrame(_TABLE, columns=["what", "value", "meaning", "source"])


@dataclass(frozen=True)
class Rung:
    """A rung of the ladder; `label` is what the chart prints."""

    name: Literal["table", "run_chart", "trial_limits", "rules", "robust_limits"]
    least_points: int
    label: str

    @property
    def has_centre(self) -> bool:
        return self.least_points >= RUN_CHART_POINTS

    @property
    def has_limits(self) -> bool:
        return self.least_points >= TRIAL_POINTS

    @property
    def has_rules(self) -> bool:
        return self.least_points >= RULES_POINTS

    @property
    def has_robust_limits(self) -> bool:
        return self.least_points >= ROBUST_POINTS


RUNGS = (
    Rung("table", 0, "Table only: under 5 points"),
    Rung("run_chart", RUN_CHART_POINTS, "Run chart: 5 to 7 points, no limits"),
    Rung("trial_limits", TRIAL_POINTS, "Control chart with trial limits: 8 to 11 points"),
    Rung("rules", RULES_POINTS, "Control chart, Making Data Count rules: 12 to 19 points"),
    Rung("robust_limits", ROBUST_POINTS, "Control chart, Making Data Count rules, robust limits: 20 points or more"),
)


def ladder(points: int) -> Rung:
    """Give the rung for a number of points that aren't missing.

    >>> ladder(8).name
    'trial_limits'
    """
    return [rung for rung in RUNGS if max(points, 0) >= rung.least_points][-1]


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
