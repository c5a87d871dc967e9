"""Every indicator on every criterion, 0-100. In: figures that the audience may see, the catalogue. Out: a `Score` each.

The scales are declared in `catalogue/criteria.yml`; docs/methods.md, "Priorities", says why they are as they are. What
isn't known says why; it is never drawn, and worse evidence never improves a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log2, log10, nan
from typing import Literal

import pandas as pd

from swp_analysis.analysis.findings import Finding, judged_direction
from swp_analysis.analysis.rates import poisson_interval, wilson_interval
from swp_analysis.catalogue.books import Candidate
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.errors import count_noun
from swp_analysis.quality.totals import WHOLE_YEAR, Row, list_rows

QUARTERS_OF_A_YEAR = 4
TOO_SMALL = "the figures are too small to share"
BAD_WAY = {"lower": 1, "higher": -1, "neutral": 0}
LEAST, MIDDLE, MOST = 0.0, 50.0, 100.0
# A step on the scale of size is ten times as many cases: four steps from 1 to 10,000.
POINTS_PER_TENFOLD = 25.0
POINTS_PER_DOUBLING = 50.0
Shape = Literal["likely", "even"]
Status = Literal["known", "missing", "not applicable"]


@dataclass(frozen=True)
class Figures:
    """What is known at the end of a year: findings, yearly totals and quarters, already safe for their readers."""

    findings: Mapping[str, Finding]
    totals: pd.DataFrame
    observations: pd.DataFrame
    financial_year: str

    @cached_property
    def _shown_totals(self) -> dict[str, Row]:
        shown = (self.totals["status"] == "reported") & (self.totals["financial_year"] == self.financial_year)
        return {row["indicator"]: row for row in list_rows(self.totals[shown])[::-1]}

    @cached_property
    def _by_quarter(self) -> dict[tuple[str, str], dict[int, Row]]:
        found: dict[tuple[str, str], dict[int, Row]] = {}
        for row in list_rows(self.observations):
            found.setdefault((row["indicator"], row["financial_year"]), {}).setdefault(row["quarter"], row)
        return found

    def total(self, name: str) -> Row | None:
        """Give the year's total of an indicator, if it is shown."""
        return self._shown_totals.get(name)

    def quarters(self, name: str, year: str) -> dict[int, Row]:
        """Give the quarters of an indicator in a year."""
        return self._by_quarter.get((name, year), {})


def score_indicator(name: str, candidate: Candidate, figures: Figures, catalogue: Catalogue) -> dict[str, Score]:
    """Give an indicator on every criterion of `criteria.yml`, by criterion id."""
    return {
        "harm": _score_harm(name, candidate, catalogue),
        "size": _score_size(name, candidate, figures),
        "change": _score_change(figures.findings[name]),
        "persistence": _score_persistence(figures.findings[name], figures),
        "distance": _score_distance(name, candidate, figures),
        "vulnerable": _score_vulnerable(name, candidate, figures, catalogue),
        "peers": missing("no figures of similar areas"),
        "community": _score_community(candidate, catalogue),
    }


def _score_harm(name: str, candidate: Candidate, catalogue: Catalogue) -> Score:
    known = catalogue.criteria.harm
    entry = known.get(name) or known.get(candidate.lead)
    if entry is None:
        return missing("no harm band is declared")
    return score_band(entry.low, entry.high, entry.reason)


def _score_size(name: str, candidate: Candidate, figures: Figures) -> Score:
    if not candidate.counts_cases:
        return missing("the figure doesn't count people who were harmed")
    total = figures.total(name)
    if total is None:
        return _score_hidden_size(figures.quarters(name, figures.financial_year))
    cases = total["value"] if figures.findings[name].indicator.unit == "count" else total["numerator"]
    if pd.isna(cases):
        return missing("a percentage without its numbers")
    known = str(total["quarters"]).count(",") + 1
    score = score_count(float(cases), known / QUARTERS_OF_A_YEAR)
    if not candidate.overlapping_quarters:
        return score
    return score_band(size_points(float(cases) / known), score.high, "the same person can stand in several quarters")


def _score_hidden_size(quarters: Mapping[int, Row]) -> Score:
    """A year with suppressed quarters lies between the sums of their ends, which every reader can work out."""
    statuses = {row["status"] for row in quarters.values()}
    if len(quarters) < QUARTERS_OF_A_YEAR or not statuses <= {"reported", "suppressed"}:
        return missing("no figure for the year that can be shown" if quarters else "no figures")
    if "suppressed" not in statuses:
        return missing("quarters can't be added up")
    low, high = (
        float(sum(row["value" if row["status"] == "reported" else end] for row in quarters.values()))
        for end in ("lower", "upper")
    )
    return score_band(score_count(low).low, score_count(high).high, TOO_SMALL)


def _score_change(finding: Finding) -> Score:
    evidence = finding.verdict.evidence
    if finding.withheld:
        return missing(TOO_SMALL)
    if evidence.lower is None or evidence.upper is None or not finding.before:
        return missing("the years can't be compared")
    before, ratio, low, high = finding.before, evidence.effect, evidence.lower, evidence.upper
    if evidence.measure != "ratio":
        ratio, low, high = ((before + end) / before for end in (finding.change, low, high) if end is not None)
    assert ratio is not None  # what has an interval has an effect
    return score_ratio(ratio, low, high, bad_way(finding.indicator))


def bad_way(indicator: Indicator) -> int:
    """Give +1 when more is worse, -1 when less is worse, 0 when both can be."""
    return BAD_WAY[judged_direction(indicator)]


def _score_persistence(finding: Finding, figures: Figures) -> Score:
    before, after = (
        {quarter: row["value"] for quarter, row in figures.quarters(finding.indicator.id, year).items()}
        for year in (finding.compared_with, finding.financial_year)
    )
    changes = [value - before.get(quarter, nan) for quarter, value in after.items()]
    known = [change for change in changes if change == change]
    if finding.before is None or not known:
        return missing(TOO_SMALL if finding.withheld else "the years can't be compared")
    worse = sum((bad_way(finding.indicator) or 1) * change > 0 for change in known)
    score = score_share(worse, len(known), f"{worse} of {count_noun(len(known), 'quarter')}")
    return score if bad_way(finding.indicator) else both_readings(score)


def _score_distance(name: str, candidate: Candidate, figures: Figures) -> Score:
    finding, total = figures.findings[name], figures.total(name)
    indicator = finding.indicator
    target = indicator.target.get(finding.financial_year)
    if target is None and finding.before is None and indicator.kind != "stock":
        target = finding.baseline
    if target is None:
        return not_applicable("no target; a baseline that repeats last year's figure is scored under change")
    if candidate.overlapping_quarters:
        return not_applicable("quarters that can hold the same people make no year to hold against a target")
    if total is None or not target or pd.isna(total["value"]):
        return missing("no figure for the year to hold against the target")
    if indicator.kind == "flow" and total["quarters"] != WHOLE_YEAR:
        return missing("the year is not over: its quarters so far can't be held against a whole one")
    if indicator.unit == "percent" and pd.isna(total["numerator"]):
        return missing("the number behind the percentage is not published, so its range is not known")
    low, high = _range_of_total(total)
    return score_ratio(total["value"] / target, low / target, high / target, bad_way(indicator))


def _range_of_total(total: Row) -> tuple[float, float]:
    if pd.isna(total["numerator"]):
        return poisson_interval(float(total["value"]), 0.95)
    low, high = wilson_interval(float(total["numerator"]), float(total["denominator"]), 0.95)
    return 100 * low, 100 * high


def _score_vulnerable(name: str, candidate: Candidate, figures: Figures, catalogue: Catalogue) -> Score:
    known = catalogue.criteria.at_risk
    declared = next((one for one in (name, candidate.lead) if one in known), None)
    if declared is None:
        return missing("no ages are published, and no band is declared")
    entry = known[declared]
    if entry.low is not None and entry.high is not None:
        return score_band(entry.low, entry.high, entry.reason)
    assert entry.measured_by is not None  # an entry has a band or is measured
    part, whole = figures.total(entry.measured_by), figures.total(declared)
    if part is None or whole is None or not whole["value"] or not part["value"] <= whole["value"]:
        return missing(TOO_SMALL)
    return score_share(float(part["value"]), float(whole["value"]), entry.reason)


def _score_community(candidate: Candidate, catalogue: Catalogue) -> Score:
    own = set(candidate.indicators)
    named = next((concern for concern in catalogue.strategy.concerns if own & set(concern.indicators)), None)
    bands = catalogue.criteria.community_bands
    if named:
        return score_band(bands.named.low, bands.named.high, f"residents named: {named.text}")
    if catalogue.indicators[candidate.lead].hidden_crime:
        return missing("an under-reported crime is not raised in meetings")
    return score_band(bands.not_named.low, bands.not_named.high, "not among the themes that residents named")


@dataclass(frozen=True)
class Score:
    """One candidate on one criterion, 0-100.

    `shape` says how draws fall: "likely" around the centre with 95% between the ends, "even" anywhere between them.
    A missing score is never drawn; one that is not applicable takes no part in the sum.
    """

    low: float
    centre: float
    high: float
    shape: Shape = "even"
    status: Status = "known"
    why: str = ""


def missing(why: str) -> Score:
    """Score what is not known and never drawn: a judgement is left out, a figure adds nothing (`priorities`)."""
    return Score(LEAST, LEAST, LEAST, "even", "missing", why)


def not_applicable(why: str) -> Score:
    """Score what takes no part: the other criteria carry its weight."""
    return Score(LEAST, MIDDLE, MOST, "even", "not applicable", why)


def score_band(low: float, high: float, why: str = "") -> Score:
    """Give a band of judgement: any point of it is as good as another."""
    return Score(low, (low + high) / 2, high, "even", "known", why)


def score_count(count: float, share_of_year: float = 1.0) -> Score:
    """Give a year's count with its exact 95% Poisson range; a part of a year is stretched to the whole.

    >>> score_count(100).centre, score_count(0).centre
    (50.0, 0.0)
    """
    low, high = poisson_interval(count, 0.95)
    bottom, centre, top = (size_points(end / share_of_year) for end in (low, count, high))
    return Score(bottom, centre, top, "likely")


def size_points(cases: float) -> float:
    """Give 0 for one case or none, 25 more for each tenfold, at most 100."""
    return _clip(POINTS_PER_TENFOLD * log10(max(cases, 1.0)))


def score_ratio(ratio: float, low: float, high: float, bad_way: int) -> Score:
    """Give this year over last: 50 is no change, 100 twice as bad. `bad_way` is +1 when more is worse, -1 when less is,
    0 when both can be: then the range covers both readings and no reading is more likely."""
    points = [_doublings(end) for end in (low, ratio, high)]
    if bad_way == 0:
        reach = max(abs(points[0]), abs(points[2]))
        return Score(_clip(MIDDLE - reach), MIDDLE, _clip(MIDDLE + reach), "even")
    bottom, centre, top = sorted(_clip(MIDDLE + bad_way * point) for point in points)
    return Score(bottom, centre, top, "likely")


def score_share(part: float, whole: float, why: str = "") -> Score:
    """Give a share in percent with Wilson's 95% range."""
    low, high = wilson_interval(part, whole, 0.95)
    return Score(MOST * low, MOST * part / whole, MOST * high, "likely", "known", why)


def both_readings(score: Score) -> Score:
    """Give a score whose direction can't be judged: it, and its mirror image."""
    low, high = min(score.low, MOST - score.high), max(score.high, MOST - score.low)
    return Score(low, MIDDLE, high, "even", score.status, score.why)


def grid_cell(impact: int, likelihood: int) -> int:
    """Give a cell of the 4 x 4 grid that Scottish partnerships use: impact times likelihood, 1 to 16.

    Source: Fife community safety partnership, strategic assessment.

    >>> grid_cell(3, 4)
    12
    """
    if not (1 <= impact <= 4 and 1 <= likelihood <= 4):
        raise ValueError("impact and likelihood are levels from 1 to 4")
    return impact * likelihood


def grid_range(harm: Score, size: Score) -> tuple[int, int]:
    """Give the least and the greatest cell of the grid that the ranges of harm and size allow."""
    return grid_cell(_level(harm.low), _level(size.low)), grid_cell(_level(harm.high), _level(size.high))


def _level(points: float) -> int:
    """A quarter of the scale: 0-24 is level 1, 75-100 level 4."""
    return min(4, 1 + int(points // 25))


def _doublings(ratio: float) -> float:
    return max(-MOST, min(MOST, POINTS_PER_DOUBLING * log2(ratio))) if ratio > 0 else -MOST


def _clip(points: float) -> float:
    return max(LEAST, min(MOST, points))
