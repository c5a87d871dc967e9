"""One sentence a finding, from its verdict. In: findings. Out: plain English that claims no more than the data carry.

No cause is ever claimed; a rise in reports of an under-reported crime is never called good or bad; what the figures
cannot say is said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from swp_analysis.analysis.evidence import EARLY_SIGN, WELL_SUPPORTED
from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.audit.claims import FigureMeant, Metric
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.own_text import OwnFigures
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, display_year, previous_year
from swp_analysis.present.numbers import write_interval, write_percent_change, write_points, write_value

WITHHELD = "Withheld"
NO_CHANGE = "No clear change"
UNKNOWN = "Not enough data to say"
UNJUDGED = "Changed, neither better nor worse"
MORE_OR_LESS = {"up": ("more", "more people"), "down": ("less", "fewer people")}
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?%?")
ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
GROUPS = {
    "Worse": lambda finding: finding.verdict.polarity == "worse",
    "Better": lambda finding: finding.verdict.polarity == "better",
    UNJUDGED: lambda finding: finding.verdict.direction in ("up", "down"),
    NO_CHANGE: lambda finding: finding.verdict.direction == "no clear change",
    UNKNOWN: lambda finding: True,
}
CLEAR_GROUPS = ("Worse", "Better", UNJUDGED)


def group_by_verdict(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Sort each finding once, into the first of `GROUPS` that it fits."""
    grouped: dict[str, list[Finding]] = {name: [] for name in GROUPS}
    for finding in findings:
        grouped[next(name for name, belongs in GROUPS.items() if belongs(finding))].append(finding)
    return grouped


def name_compared(finding: Finding) -> str:
    """Write an indicator's name, with the quarters that were compared where they are not the whole year."""
    part = "" if finding.quarters in ((), QUARTERS) else f", {quarters_in_words(finding.quarters)}"
    return f"{finding.indicator.name}{part}"


def is_clear(finding: Finding) -> bool:
    """Tell whether chance is an unlikely explanation of a change, looked at alone."""
    return finding.verdict.direction in ("up", "down")


def write_strength(finding: Finding) -> str:
    """Write how far a clear change is to be believed: well supported, or an early sign; "" without a clear change."""
    return finding.verdict.evidence.strength or EARLY_SIGN if is_clear(finding) else ""


def write_verdict(finding: Finding) -> str:
    """Write the verdict in a few words, the same in every table and chart."""
    if finding.withheld:
        return WITHHELD
    direction, polarity = finding.verdict.direction, finding.verdict.polarity
    if not is_clear(finding):
        return NO_CHANGE if direction == "no clear change" else UNKNOWN
    if polarity != "no judgement":
        return f"{polarity.capitalize()} ({write_strength(finding)})"
    moved = f"{'Rise' if direction == 'up' else 'Fall'} ({write_strength(finding)})"
    if not speaks_of_reports(finding.indicator):
        return moved
    how = MORE_OR_LESS[direction][0]
    return f"{moved}: could be {how} reporting or {how} harm"


def write_sentence(finding: Finding) -> str:
    """Write what changed, by how much, compared with what, how sure, and what the figures cannot say."""
    if finding.withheld:
        why = "because numbers this small, or what gives them away, could identify a person"
        return f"{finding.indicator.label}: withheld, {why}."
    if finding.before is None or finding.after is None:
        return " ".join([_no_comparison(finding), *_baseline_words(finding)])
    return " ".join(filter(None, [write_movement(finding), _how_sure(finding), write_remarks(finding)]))


def write_remarks(finding: Finding) -> str:
    """Write what a headline has no room for: what a change in reports may mean, and what to beware of."""
    return " ".join(filter(None, [_reporting_words(finding), *_warning_words(finding)]))


def write_movement(finding: Finding) -> str:
    """Write both years and the change of a finding that has them: `… rose from 33 in 2016/17 to 63 in 2017/18 …`."""
    unit, label = finding.indicator.unit, finding.indicator.label
    subject = f"{label}," if "," in label else label
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    when = [f"{_part_of_year(finding)}{display_year(year)}" for year in (finding.compared_with, finding.financial_year)]
    if not finding.change:
        return f"{subject} stayed at {after}, as in {when[0]}."
    verb = "rose" if finding.change > 0 else "fell"
    return f"{subject} {verb} from {before} in {when[0]} to {after} in {when[1]}{_write_size(finding)}."


def _part_of_year(finding: Finding) -> str:
    """Which quarters are compared, where it isn't the whole year."""
    return "" if finding.quarters == QUARTERS else f"{quarters_in_words(finding.quarters)} "


def _write_size(finding: Finding) -> str:
    """`, up 30 (15.7%)`, `, down 0.6 percentage points`."""
    before, after = finding.before, finding.after
    assert before is not None  # a change has both years
    assert after is not None
    way, change = "up" if after > before else "down", abs(after - before)
    if finding.indicator.unit == "percent":
        points = write_points(before, after)
        return f", {way} {points}" if points else ""
    percent = "" if finding.change_pct is None else f" ({write_percent_change(abs(finding.change_pct)).lstrip('+')})"
    return f", {way} {change:,.0f}{percent}"


def _how_sure(finding: Finding) -> str:
    evidence, polarity = finding.verdict.evidence, finding.verdict.polarity
    if evidence.lower is None:
        return f"We cannot say whether this is more than chance: {'; '.join(evidence.warnings)}."
    if not is_clear(finding):
        return "Chance alone could explain a difference of this size." if finding.change else "This is no clear change."
    judged = "" if polarity == "no judgement" else f" for the {polarity}"
    if write_strength(finding) == WELL_SUPPORTED:
        return f"This change{judged} is {WELL_SUPPORTED}."
    return f"This is an {EARLY_SIGN} of a change{judged}; another year is needed to confirm it."


def _reporting_words(finding: Finding) -> str:
    if not speaks_of_reports(finding.indicator) or not is_clear(finding):
        return ""
    crime, people = MORE_OR_LESS[finding.verdict.direction]
    aim = " The partnership aims to increase reporting." if finding.indicator.good_direction == "higher" else ""
    return f"This may be {crime} crime, or {people} coming forward.{aim}"


def _warning_words(finding: Finding) -> list[str]:
    """What to beware of in a tested change; an untested one has said why already."""
    evidence = finding.verdict.evidence
    return [f"Note: {warning}." for warning in evidence.warnings if evidence.lower is not None]


def _no_comparison(finding: Finding) -> str:
    year, before = display_year(finding.financial_year), display_year(finding.compared_with)
    reasons = "; ".join(finding.verdict.evidence.warnings) or "there are no figures"
    opening = f"{finding.indicator.label}: we cannot compare {year} with {before}, because {reasons}."
    if finding.latest is None:
        return f"{opening} No figure of {year} is shown here."
    quarter, value = finding.latest
    return f"{opening} The latest figure is {write_value(value, finding.indicator.unit)} (Q{quarter} {year})."


def _baseline_words(finding: Finding) -> list[str]:
    if finding.baseline is None:
        return []
    printed = write_value(finding.baseline, finding.indicator.unit)
    year = display_year(finding.compared_with)
    return [f"The baseline printed for {year} is {printed}; how it was worked out isn't stated."]


def write_corroboration(finding: Finding, findings: Mapping[str, Finding]) -> str:
    """Write what second signs named in the catalogue show of a clear change, without a claim that they prove anything;
    "" where there is none."""
    if not is_clear(finding):
        return ""
    return " ".join(_second_sign(findings[name], finding) for name in finding.indicator.corroborated_by)


def _second_sign(other: Finding, finding: Finding) -> str:
    label, direction = other.indicator.label, other.verdict.direction
    moved = "rose" if finding.verdict.direction == "up" else "fell"
    if direction == finding.verdict.direction:
        people = MORE_OR_LESS[direction][1]
        return f"{label} {moved} too: that fits {people} coming forward, and does not prove it."
    did = {"up": "rose", "down": "fell", "no clear change": "did not clearly change"}.get(direction)
    if did is None:
        return f"We do not have enough data on {lower_first(label)} to tell why."
    return f"{label} {did}, so we cannot tell why reports {moved}."


def lower_first(text: str) -> str:
    """Give a label inside a sentence: `Knife violence` -> `knife violence`, but `MARAC referrals` stays."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def list_words(words: Sequence[str]) -> str:
    """`["a", "b", "c"]` -> `a, b and c`; entries with a comma of their own are kept apart by semicolons."""
    gap = "; " if any("," in word for word in words) else ", "
    return " and ".join([gap.join(words[:-1]), words[-1]] if len(words) > 1 else words)


def name_in_words(text: str, catalogue: Catalogue) -> str:
    """Give the text with indicators' ids, which files and programmes use, replaced by their short labels."""
    known = catalogue.indicators
    return ID.sub(lambda found: known[found[0]].name if found[0] in known else found[0], text)


def hand_over_figures(finding: Finding) -> OwnFigures:
    """Hand over the figure in each role that a text about a finding may state, for the audit to look up."""
    name, evidence = finding.indicator.id, finding.verdict.evidence
    before, after = (YearSpan(year, finding.quarters) for year in (finding.compared_with, finding.financial_year))
    metrics: dict[str, Metric] = {"change": "change", "percent": "percent", "points": "points", "ratio": "ratio"}
    roles = {role: FigureMeant(name, metric, after, before) for role, metric in metrics.items()}
    roles |= {role: FigureMeant(name, "level", span) for role, span in (("before", before), ("now", after))}
    roles["baseline"] = FigureMeant(name, "level", YearSpan(finding.compared_with))
    if finding.latest is not None:
        year, quarter = finding.financial_year, finding.latest[0]
        earlier = (year, quarter - 1) if quarter > 1 else (previous_year(year), QUARTERS[-1])
        roles["latest"] = FigureMeant(name, "level", YearSpan(year, (quarter,)))
        roles["quarter_before"] = FigureMeant(name, "level", YearSpan(earlier[0], (earlier[1],)))
    given = {str(evidence.tested), "95%", *NUMBER.findall(" ".join(evidence.warnings))}
    if evidence.lower is not None and evidence.upper is not None:
        given |= set(NUMBER.findall(write_interval(evidence.lower, evidence.upper, evidence.measure)))
    names = (finding.indicator.label, lower_first(finding.indicator.label), finding.indicator.short_label)
    return OwnFigures((*names, lower_first(names[2])), roles, frozenset(given))
