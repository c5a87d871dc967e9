"""Which indicators speak of the same problem, and what to think of its place. In: the catalogue, quarters, scores.

Out: candidates, each indicator in one; confidence in the data and what a place rests on, in words with reasons. A
candidate is scored by its first indicator alone, so that sub-groups, shares beside a count, numerators and rows that
repeat another row never count a second time. Neither confidence nor stability changes a score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.scoring import Score
from swp_analysis.catalogue.books import Candidate
from swp_analysis.catalogue.models import Catalogue, Indicator

# Fewer quarters than this can be equal by chance.
LEAST_EQUAL_QUARTERS = 4
# A place that holds under nine weightings out of ten, under most, under fewer than one in ten.
HOLDS, MOSTLY, HARDLY = 0.90, 0.50, 0.10
SMALL_NUMBER = 20
Stability = Literal["stable", "standing", "likely", "open", "unlikely"]


def list_candidates(catalogue: Catalogue, observations: pd.DataFrame) -> list[Candidate]:
    """List the declared candidates with everything that belongs to them, then those that were not declared."""
    owners = {name: entry.id for entry in catalogue.criteria.candidates for name in entry.indicators}
    twins = _find_twins(observations)
    extra: dict[str, list[str]] = {entry.id: [] for entry in catalogue.criteria.candidates}
    own: list[Candidate] = []
    for name, indicator in catalogue.indicators.items():
        if name in owners:
            continue
        family = [other for other in _relatives(indicator, catalogue.indicators, twins) if other in owners]
        owners[name] = owners[family[0]] if family else name
        if family:
            extra[owners[name]].append(name)
        else:
            extra[name] = []
            own.append(_own_candidate(indicator))
    everyone = [*catalogue.criteria.candidates, *own]
    return [entry.model_copy(update={"indicators": [*entry.indicators, *extra[entry.id]]}) for entry in everyone]


def _relatives(indicator: Indicator, indicators: Mapping[str, Indicator], twins: Mapping[str, set[str]]) -> list[str]:
    """Indicators that are about the same cases: named by this one, naming it, or with the same figures."""
    named = _links(indicator)
    naming = [other.id for other in indicators.values() if indicator.id in _links(other)]
    return [*named, *naming, *sorted(twins.get(indicator.id, set()))]


def _links(indicator: Indicator) -> list[str]:
    links = (indicator.subgroup_of, indicator.companion_share, indicator.numerator, indicator.denominator)
    return [name for name in links if name]


def _find_twins(observations: pd.DataFrame) -> dict[str, set[str]]:
    """Indicators whose reported quarters are the same throughout, where that can't be chance."""
    reported = observations[observations["status"] == "reported"].sort_values(["financial_year", "quarter"])
    groups: dict[tuple, set[str]] = {}
    for name, series in reported.groupby("indicator"):
        figures = tuple(series[["financial_year", "quarter", "value"]].itertuples(index=False, name=None))
        if len(figures) >= LEAST_EQUAL_QUARTERS and series["value"].nunique() > 1:
            groups.setdefault(figures, set()).add(str(name))
    return {name: group - {name} for group in groups.values() for name in group if len(group) > 1}


def _own_candidate(indicator: Indicator) -> Candidate:
    return Candidate(
        id=indicator.id,
        label=indicator.label,
        indicators=[indicator.id],
        counts_cases=indicator.measures in ("harm", "reporting"),
        blind_spot="",
    )


@dataclass(frozen=True)
class Confidence:
    """How far the data behind a score can be trusted, with every reason against it."""

    level: Literal["good", "fair", "poor"]
    reasons: tuple[str, ...]


def judge_confidence(finding: Finding, scores: Mapping[str, Score]) -> Confidence:
    """Say "poor" when the years can't be compared, "fair" when a reason speaks against it, else "good"."""
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
        "they count reports only": speaks_of_reports(finding.indicator) or finding.indicator.measures == "reporting",
        "figures like these vary more than chance": evidence.scatters,
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
