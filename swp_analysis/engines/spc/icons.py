"""The two Making Data Count icons, and what a direction means. In: rule labels, limits, what is good. Out: names."""

from __future__ import annotations

import math
from typing import Literal

from swp_analysis.engines.spc.run_rules import COMMON_CAUSE

GoodDirection = Literal["lower", "higher", "neutral"]
Direction = Literal["up", "down", "no clear change", "can't tell"]
Polarity = Literal["better", "worse", "no judgement"]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]
VARIATION_ICONS = (
    "not_enough_points",
    "too_few_events",
    "undecided",
    "trial_limits",
    "cannot_judge",
    "level_drifts",
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
)


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
    if label == COMMON_CAUSE:
        return "no clear change"
    return "up" if "Above" in label or "Increasing" in label else "down"


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
    if lower <= target <= upper:
        return "inconsistent"
    return "consistent_fail" if (target > upper) == (good_direction == "higher") else "consistent_pass"
