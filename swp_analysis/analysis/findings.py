"""What changed, and is it real? In: observations and the catalogue. Out: one `Finding` an indicator, with its verdict.

The verdict is computed here once; charts, tables, sentences and the annex only repeat it. Direction, polarity and
evidence are kept apart, so that "up" never silently means "worse".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import pandas as pd

from swp_analysis.analysis.evidence import (
    NO_NUMBERS,
    Evidence,
    adjust_holm,
    name_strength,
    weigh_counts,
    weigh_shares,
)
from swp_analysis.analysis.two_years import WITHHELD, TwoYears, quarters_in_words, read_two_years
from swp_analysis.catalogue.models import Catalogue, Indicator, RebaseEntry, RecordingBreak
from swp_analysis.catalogue.periods import previous_year, quarter_bounds
from swp_analysis.engines.spc.run_rules import Direction, Polarity, judge_direction
from swp_analysis.quality.totals import annual_totals, list_rows

# A percentage change of a small number says more about the small number than about the change.
SMALLEST_BASE_FOR_PERCENT = 20
# A change of which less than this share is left in the last quarter has gone by then.
FADED = 0.25


@dataclass(frozen=True)
class Verdict:
    """Which way it went, whether that is good, and on what evidence: three fields that are never merged."""

    direction: Direction
    polarity: Polarity
    evidence: Evidence


@dataclass(frozen=True)
class Finding:
    """The comparison of one indicator's year with the year before.

    `before` and `after` are in the indicator's unit and refer to `quarters` of each year, `whole` is the figure of the
    year's four quarters; None when not known.
    """

    indicator: Indicator
    financial_year: str
    compared_with: str
    quarters: tuple[int, ...]
    before: float | None
    after: float | None
    verdict: Verdict
    baseline: float | None = None
    withheld: bool = False
    latest: tuple[int, float] | None = None
    whole: float | None = None

    def __repr__(self) -> str:
        return f"<Finding {self.indicator.id}: {self.verdict.direction}>"

    @property
    def change(self) -> float | None:
        """`after - before`: a number of cases, or percentage points."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def change_pct(self) -> float | None:
        """Percentage change of a count; None for a rate and on a base under 20."""
        change, before = self.change, self.before
        if change is None or before is None or self.indicator.unit == "percent" or before < SMALLEST_BASE_FOR_PERCENT:
            return None
        return 100 * change / before

    def with_evidence(self, **changed: Any) -> Self:
        """Give the same with something else in what its verdict rests on."""
        return replace(self, verdict=replace(self.verdict, evidence=replace(self.verdict.evidence, **changed)))


def compare_years(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    financial_year: str,
    baselines: pd.DataFrame | None = None,
    totals: pd.DataFrame | None = None,
) -> dict[str, Finding]:
    """Compare this year with the last, over the quarters that both years have, for every indicator of the catalogue.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`; only `financial_year` and the year before are
        used. What is suppressed or withheld there has no part in a finding but by a total that is shown.
    baselines : printed baselines; the one of the year before is carried along for display, never used in a test.
    totals : yearly figures as `annual_totals` gives them, protected like the observations; default made from these.

    Returns
    -------
    dict indicator id -> `Finding`, in catalogue order. An indicator without figures has the direction "can't tell".
    """
    years = previous_year(financial_year), financial_year
    totals = annual_totals(observations, catalogue.indicators) if totals is None else totals
    printed: dict[tuple[str, str], float] = {}
    for row in list_rows(baselines.dropna(subset="value")) if baselines is not None else ():
        printed.setdefault((row["indicator"], row["financial_year"]), float(row["value"]))
    is_whole = (totals["quarters"] == "1,2,3,4") & (totals["status"] == "reported")
    whole = totals[is_whole & (totals["financial_year"] == financial_year)].set_index("indicator")["value"].to_dict()
    found = {
        name: replace(
            one := _mark_breaks(_compare(two, catalogue.rebases), catalogue.recording_breaks),
            baseline=printed.get((name, years[0])),
            latest=two.latest(),
            whole=None if one.withheld else whole.get(name),
        )
        for name, two in read_two_years(observations, totals, catalogue.indicators, years).items()
    }
    return adjust_for_many(found, catalogue.indicators)


def adjust_for_many(findings: Mapping[str, Finding], indicators: Mapping[str, Indicator]) -> dict[str, Finding]:
    """Adjust the p value of each finding for all that were looked at together, and say how far it holds.

    An indicator that is part of another is counted with it: it is not a further chance of a false alarm.
    """
    tested = [name for name, finding in findings.items() if finding.verdict.evidence.p is not None]
    p_values = [p for finding in findings.values() if (p := finding.verdict.evidence.p) is not None]
    families = [find_whole(name, indicators) for name in tested]
    adjusted = dict(findings)
    for name, holm in zip(tested, adjust_holm(p_values, families), strict=True):
        strength = name_strength(findings[name].verdict.evidence.p, holm)
        adjusted[name] = findings[name].with_evidence(p_holm=holm, tested=len(set(families)), strength=strength)
    return adjusted


def find_whole(name: str, indicators: Mapping[str, Indicator]) -> str:
    """Find the indicator that this one is part of, or itself: victims, offenders, under 18s, and the share of its
    cases."""
    seen: set[str] = set()
    while name in indicators and name not in seen:
        seen.add(name)
        whole = _wholes(name, indicators)
        if whole is None:
            break
        name = whole
    return name


def _wholes(name: str, indicators: Mapping[str, Indicator]) -> str | None:
    indicator = indicators[name]
    owners = [other.id for other in indicators.values() if other.companion_share == name]
    return next(iter([one for one in (indicator.subgroup_of, *owners, indicator.denominator) if one]), None)


def _compare(two: TwoYears, rebases: Iterable[RebaseEntry]) -> Finding:
    why_not = _find_new_level(two, rebases) if two.quarters else two.why_not()
    if why_not:
        return _not_told(two, Evidence("none", "none", remarks=(why_not,)))
    statuses = {total["status"] for total in two.totals}
    if "not_available" in statuses:
        return _compare_latest(replace(two, quarters=two.quarters[-1:]))
    if WITHHELD in statuses:
        return _withhold(two)
    evidence = weigh_counts(two) if two.indicator.kind == "flow" else weigh_shares(two)
    remarks = (*evidence.remarks, *_partial_year_warning(two.quarters))
    verdict = judge(two.indicator, replace(evidence, points=two.known, remarks=remarks))
    before, after = (float(total["value"]) for total in two.totals)
    return _mark_faded(Finding(two.indicator, *two.years[::-1], two.quarters, before, after, verdict), two)


def _mark_breaks(finding: Finding, breaks: Iterable[RecordingBreak]) -> Finding:
    """The finding, with a word on each change in recording that its clear change spans."""
    if finding.verdict.direction not in ("up", "down"):
        return finding
    start = quarter_bounds(finding.compared_with, finding.quarters[0])[0]
    end = quarter_bounds(finding.financial_year, finding.quarters[-1])[1]
    days = sorted({one.date_from for one in breaks if finding.indicator.id in one.indicators})
    was, now = _write_pair(finding, finding.before, finding.after)
    notes = [f"recording changed from {day.day} {day:%B %Y} on, so {was} and {now} may not be like for like"
             for day in days if start < day <= end]  # fmt: skip
    return finding.with_evidence(remarks=(*notes, *finding.verdict.evidence.remarks))


def _find_new_level(two: TwoYears, rebases: Iterable[RebaseEntry]) -> str:
    """The decision that parts the quarters that would be compared, in words; "" without one."""
    compared = [row for row in two.rows if row["quarter"] in two.quarters]
    first, last = min(row["period_start"] for row in compared), max(row["period_end"] for row in compared)
    own = (one for one in rebases if one.indicator == two.indicator.id)
    return next((one.why_not() for one in own if first < one.date_from.isoformat() <= last), "")


def _mark_faded(finding: Finding, two: TwoYears) -> Finding:
    """The finding, with a word on it when less than a quarter of its change is left in the last quarter, or as much of
    it the other way."""
    before, after = two.values(two.quarters[-1:])
    if finding.verdict.direction not in ("up", "down") or not before:
        return finding
    change, base, is_share = finding.change or 0.0, finding.before or 0.0, finding.indicator.unit == "percent"
    share = before[0] / base if before[0] else 1 / len(two.quarters)
    left = (after[0] - before[0]) / (change if is_share else share * change)
    if left >= FADED:
        return finding
    was, now = _write_pair(finding, before[0], after[0])
    way = "was back at last year's level" if left > -FADED else "went the other way"
    note = f"the last quarter {way}: {now} against {was}"
    return finding.with_evidence(remarks=(*finding.verdict.evidence.remarks, note))


def _write_pair(finding: Finding, *values: float | None) -> list[str]:
    is_share = finding.indicator.unit == "percent"
    return [f"{round(value, 1):g}%" if is_share else f"{value:,.0f}" for value in values if value is not None]


def _compare_latest(two: TwoYears) -> Finding:
    """A stock, a percentage without its numbers or a single month: the latest shared one, without a test."""
    (before, after), indicator = two.values(two.quarters), two.indicator
    if not before:
        return _withhold(two)
    if two.month(two.quarters[0]):
        reason = "a single month of each year can't be tested"
    else:
        reason = "a count on one day can't be added up to a year" if indicator.kind == "stock" else NO_NUMBERS
    measure: Literal["points", "none"] = "points" if indicator.unit == "percent" else "none"
    change = after[0] - before[0] if measure == "points" else None
    evidence = Evidence(measure, "change only", change, remarks=(reason,))
    return replace(_not_told(two, evidence), before=before[0], after=after[0])


def _withhold(two: TwoYears) -> Finding:
    """The finding of an indicator whose figures are too small to be shown, or would give away such a one."""
    return replace(_not_told(two, Evidence("none", WITHHELD)), withheld=True)


def _not_told(two: TwoYears, evidence: Evidence) -> Finding:
    """A finding that can't tell whether anything changed."""
    verdict = Verdict("can't tell", "no judgement", replace(evidence, points=two.known))
    return Finding(two.indicator, *two.years[::-1], two.quarters, None, None, verdict)


def judge(indicator: Indicator, evidence: Evidence) -> Verdict:
    """Give the three fields of a verdict."""
    direction = name_direction(evidence.lower, evidence.upper, 1.0 if evidence.measure == "ratio" else 0.0)
    return Verdict(direction, judge_direction(direction, judged_direction(indicator)), evidence)


def name_direction(lower: float | None, upper: float | None, level: float) -> Direction:
    """Name the direction of an interval that may leave out the level at which nothing changed."""
    if lower is None or upper is None:
        return "can't tell"
    return "up" if lower > level else "down" if upper < level else "no clear change"


def judged_direction(indicator: Indicator) -> Literal["lower", "higher", "neutral"]:
    """Give the way that is good, or "neutral" for what only counts reports (more or fewer say neither on their own),
    and until it is declared what the figure measures."""
    return "neutral" if indicator.measures in (None, "reporting") else indicator.good_direction


def speaks_of_reports(indicator: Indicator) -> bool:
    """Tell whether the figure counts reports of a hidden crime, so that a rise can't be told from more reporting."""
    return indicator.measures == "reporting" and indicator.hidden_crime


def _partial_year_warning(quarters: tuple[int, ...]) -> tuple[str, ...]:
    has = "has" if len(quarters) == 1 else "have"
    return () if len(quarters) == 4 else (f"only {quarters_in_words(quarters)} {has} exact figures in both years",)
