"""One sentence a finding, from its verdict. In: findings. Out: plain English that claims no more than the data carry.

No cause is ever claimed; a rise in reports of a hidden crime is never called good or bad; what can't be told is said.
"""

from __future__ import annotations

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import (
    write_change,
    write_interval,
    write_percent_change,
    write_ratio,
    write_value,
)

WITHHELD = "the figures are too small to publish for this audience without the risk of identifying somebody."
_UNREPORTED = "The figures alone can't show how much goes unreported."
HIDDEN_CRIME = {
    "up": "The figures alone can't show whether this is more offending, more confidence or better recording.",
    "down": "The figures alone can't show whether this is less offending, less confidence or poorer recording.",
    "no clear change": _UNREPORTED,
    "can't tell": _UNREPORTED,
}
VERDICT_WORDS = {
    ("up", "better"): "Clear rise: better",
    ("up", "worse"): "Clear rise: worse",
    ("up", "no judgement"): "Clear rise: no judgement",
    ("down", "better"): "Clear fall: better",
    ("down", "worse"): "Clear fall: worse",
    ("down", "no judgement"): "Clear fall: no judgement",
}


def write_verdict(finding: Finding) -> str:
    """The verdict in a few words, the same in every table and chart."""
    if finding.withheld:
        return "Withheld"
    verdict = finding.verdict
    words = VERDICT_WORDS.get((verdict.direction, verdict.polarity))
    return words or verdict.direction.capitalize()


def write_sentence(finding: Finding) -> str:
    """What changed, by how much, compared with what, how sure, and what the figures can't tell."""
    if finding.withheld:
        return f"{finding.indicator.label}: {WITHHELD}"
    if finding.before is None or finding.after is None:
        return " ".join([_no_comparison(finding), *_baseline_words(finding)])
    sentences = [f"{_what_happened(finding)} {_how_sure(finding)}", *_hidden_crime_words(finding)]
    return " ".join([*sentences, *_warning_words(finding)])


def _what_happened(finding: Finding) -> str:
    unit = finding.indicator.unit
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    when = f"between {display_year(finding.compared_with)} and {display_year(finding.financial_year)} ({finding.basis})"
    if not finding.change:
        return f"{_subject(finding)} stayed at {after} {when}."
    size = [write_change(finding.change, unit)]
    if finding.change_pct is not None:
        size.append(write_percent_change(finding.change_pct))
    verb = {"up": "rose from", "down": "fell from"}.get(finding.verdict.direction, "went from")
    return f"{_subject(finding)} {verb} {before} to {after} ({', '.join(size)}) {when}."


def _subject(finding: Finding) -> str:
    label = finding.indicator.label
    return f"Reports ({_lower_first(label)})" if speaks_of_reports(finding.indicator) else label


def _how_sure(finding: Finding) -> str:
    evidence = finding.verdict.evidence
    if evidence.lower is None:
        return "Whether this is more than chance can't be told."
    interval = write_interval(evidence.lower, evidence.upper, evidence.measure)
    size = (
        f"ratio {write_ratio(evidence.effect)}, {interval}" if evidence.measure == "ratio" else f"95% range {interval}"
    )
    conclusion = {
        "up": "a clear rise",
        "down": "a clear fall",
        "no clear change": "no clear change: chance alone could explain a difference of this size",
    }[finding.verdict.direction]
    judgement = {"better": ", for the better", "worse": ", for the worse", "no judgement": ""}[finding.verdict.polarity]
    return f"This is {conclusion}{judgement} ({size})."


def _hidden_crime_words(finding: Finding) -> list[str]:
    indicator = finding.indicator
    if not speaks_of_reports(indicator):
        return []
    aim = ["The partnership aims to increase reporting."] if indicator.good_direction == "higher" else []
    return [*aim, HIDDEN_CRIME[finding.verdict.direction]]


def _warning_words(finding: Finding) -> list[str]:
    return [f"Note: {warning}." for warning in finding.verdict.evidence.warnings]


def _no_comparison(finding: Finding) -> str:
    year, before = display_year(finding.financial_year), display_year(finding.compared_with)
    reasons = "; ".join(finding.verdict.evidence.warnings) or "no figures"
    opening = f"{finding.indicator.label}: {year} can't be compared with {before}, because {reasons}."
    if finding.latest is None:
        return f"{opening} There is no figure for {year}."
    quarter, value = finding.latest
    return f"{opening} The latest figure is {write_value(value, finding.indicator.unit)} (Q{quarter} {year})."


def _baseline_words(finding: Finding) -> list[str]:
    if finding.baseline is None:
        return []
    printed = write_value(finding.baseline, finding.indicator.unit)
    year = display_year(finding.compared_with)
    return [f"The baseline printed for {year} is {printed}; how it was worked out isn't stated."]


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text
