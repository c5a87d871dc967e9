"""What to think of a candidate's place: confidence in its data, and what its place rests on. In: scores and chances.

Out: words with reasons. Neither changes a score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.scales import Score

# A place that holds under nine weightings out of ten, under most, under fewer than one in ten.
HOLDS, MOSTLY, HARDLY = 0.90, 0.50, 0.10
SMALL_NUMBER = 20

Stability = Literal["stable", "standing", "likely", "open", "unlikely"]


@dataclass(frozen=True)
class Confidence:
    """How far the data behind a score can be trusted, with every reason against it."""

    level: Literal["good", "fair", "poor"]
    reasons: tuple[str, ...]


def judge_confidence(finding: Finding, scores: Mapping[str, Score]) -> Confidence:
    """Say "Poor" when the years can't be compared, fair when something stands against the comparison, else good."""
    reasons = [text for text, true in _reasons(finding).items() if true]
    unknown = sum(score.status == "missing" for name, score in scores.items() if name != "peers")
    if unknown > 1:
        reasons.append(f"{unknown} criteria are not known")
    if finding.withheld or finding.verdict.direction == "can't tell":
        return Confidence("poor", tuple(reasons))
    return Confidence("fair" if reasons else "good", tuple(reasons))


def _reasons(finding: Finding) -> dict[str, bool]:
    evidence = finding.verdict.evidence
    return {
        "the numbers are too small to share": finding.withheld,
        "the years can't be compared": not finding.withheld and finding.verdict.direction == "can't tell",
        "it counts reports only": speaks_of_reports(finding.indicator) or finding.indicator.measures == "reporting",
        "the quarters vary more than chance": evidence.scatters,
        "the numbers are small": finding.before is not None and 0 <= finding.before < SMALL_NUMBER,
    }


def judge_stability(chance: float, without: Mapping[str, int], has_signal: bool, top: int) -> Stability:
    """Say what holds a candidate among the first.

    "stable": in the top under nine weightings out of ten, with any one criterion left out, and the year's figures carry
    a signal of their own. "standing": the same without a signal, so size and harm hold it there. "likely": in the top
    under most weightings. "open": it turns on the weights. "unlikely": fewer than one weighting in ten.
    """
    holds = chance >= HOLDS and all(rank <= top for rank in without.values())
    if holds:
        return "stable" if has_signal else "standing"
    if chance >= MOSTLY:
        return "likely"
    return "unlikely" if chance < HARDLY else "open"
