"""What may be drawn and claimed with so many points. In: a number of points. Out: a `Rung`, printed on every chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swp_analysis.engines.spc.thresholds import ROBUST_POINTS, RULES_POINTS, RUN_CHART_POINTS, TRIAL_POINTS


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
    """The rung for a number of points that aren't missing.

    >>> ladder(8).name
    'trial_limits'
    """
    return [rung for rung in RUNGS if max(points, 0) >= rung.least_points][-1]


@dataclass(frozen=True)
class Rebase:
    """A decision that a new level starts: the 0-based position of its first point; when, why and by whom entered."""

    position: int
    entered: date
    reason: str
    name: str

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.name.strip():
            raise ValueError("A rebase needs a reason and the name of the person who decided it.")
