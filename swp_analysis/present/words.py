"""One sentence a finding, from its verdict. In: findings. Out: plain English that claims no more than the data carry.

No cause is ever claimed; a rise in reports of a hidden crime is never called good or bad; what can't be told is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from swp_analysis.analysis.evidence import EARLY_SIGN, WELL_SUPPORTED
from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.audit.claims import FigureMeant
from swp_analysis.audit.figures import Span
from swp_analysis.audit.own_text import OwnFigures
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, display_year
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


UNKNOWN = "Can't be told"
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?%?")
ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
GROUPS = {
    "Better": lambda finding: finding.verdict.polarity == "better",
    "Worse": lambda finding: finding.verdict.polarity == "worse",
    "Clear change, no judgement": lambda finding: finding.verdict.direction in ("up", "down"),
    "No clear change": lambda finding: finding.verdict.direction == "no clear change",
    UNKNOWN: lambda finding: True,
}
CLEAR_GROUPS = ("Worse", "Better", "Clear change, no judgement")


def group_by_verdict(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Each finding once, in the first of `GROUPS` that it fits."""
    grouped: dict[str, list[Finding]] = {name: [] for name in GROUPS}
    for finding in findings:
        grouped[next(name for name, belongs in GROUPS.items() if belongs(finding))].append(finding)
    return grouped


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
    sentences = [
        f"{_what_happened(finding)} {_how_sure(finding)}",
        *_among_many(finding),
        *_hidden_crime_words(finding),
    ]
    return " ".join([*sentences, *_warning_words(finding)])


def write_corroboration(finding: Finding, findings: Mapping[str, Finding]) -> str:
    """What the second signs named in the catalogue show, without a claim that they prove anything; "" when none is
    named."""
    said = [_second_sign(findings[name], finding) for name in finding.indicator.corroborated_by]
    return " ".join(said)


def _second_sign(other: Finding, finding: Finding) -> str:
    label, direction = lower_first(other.indicator.label), other.verdict.direction
    if direction not in ("up", "down", "no clear change"):
        return f"A second sign, {label}, can't be told."
    shows = {"up": "a clear rise too", "down": "a clear fall", "no clear change": "no clear change"}[direction]
    if direction == finding.verdict.direction == "up":
        return f"A second sign, {label}, shows {shows}; that fits more confidence to report, and doesn't prove it."
    return f"A second sign, {label}, shows {shows.removesuffix(' too')}, so it doesn't show why."


def write_theme_paragraph(findings: Sequence[Finding]) -> str:
    """A theme or several in a few sentences: what got better and worse, and whether something can't be told."""
    groups = group_by_verdict(findings)
    changes = [f"{name}: {list_changes(groups[name])}." for name in CLEAR_GROUPS if groups[name]]
    if not changes:
        return f"No figure here shows a clear change. {_rest_in_words(groups, 'Some')}".strip()
    return " ".join([*changes, _rest_in_words(groups, "Some others")]).strip()


def _rest_in_words(groups: Mapping[str, list[Finding]], some: str) -> str:
    """Whether anything of a theme can't be told; without numbers, so that every number in the text is of an
    indicator."""
    return f"{some} can't be told." if groups[UNKNOWN] else ""


def lower_first(text: str) -> str:
    """A label inside a sentence: `Knife violence` -> `knife violence`, but `MARAC referrals` stays."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def list_words(words: Sequence[str]) -> str:
    """`["a", "b", "c"]` -> `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def list_changes(findings: Sequence[Finding]) -> str:
    """Findings by name with both figures: `a (1 to 2); b (3 to 4)`."""
    return "; ".join(
        f"{lower_first(f.indicator.label)} ({write_value(f.before, f.indicator.unit)} to "
        f"{write_value(f.after, f.indicator.unit)}){write_part_of_year(f)}"
        for f in findings
    )


def write_part_of_year(finding: Finding) -> str:
    """Which part of each year is compared, when it isn't the whole: ` (Q1–Q2 of each year)`."""
    return "" if finding.quarters == QUARTERS else f" ({finding.basis})"


def _what_happened(finding: Finding) -> str:
    unit = finding.indicator.unit
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    when = f"between {display_year(finding.compared_with)} and {display_year(finding.financial_year)} ({finding.basis})"
    if not finding.change:
        return f"{_subject(finding)} stayed at {after} {when}."
    size = [write_change(finding.before, finding.after, unit)]
    if finding.change_pct is not None:
        size.append(write_percent_change(finding.change_pct))
    verb = {"up": "rose from", "down": "fell from"}.get(finding.verdict.direction, "went from")
    return f"{_subject(finding)} {verb} {before} to {after} ({', '.join(size)}) {when}."


def _subject(finding: Finding) -> str:
    label = finding.indicator.label
    return f"Reports ({lower_first(label)})" if speaks_of_reports(finding.indicator) else label


def _how_sure(finding: Finding) -> str:
    evidence = finding.verdict.evidence
    if evidence.lower is None:
        return f"Whether this is more than chance can't be told: {'; '.join(evidence.warnings)}."
    interval = write_interval(evidence.lower, evidence.upper, evidence.measure)
    size = (
        f"ratio {write_ratio(evidence.effect)}, {interval}" if evidence.measure == "ratio" else f"95% range {interval}"
    )
    same = "no clear change: chance alone could explain a difference of this size"
    conclusion = {
        "up": "a clear rise",
        "down": "a clear fall",
        "no clear change": same if finding.change else "no clear change",
    }[finding.verdict.direction]
    judgement = {"better": ", for the better", "worse": ", for the worse", "no judgement": ""}[finding.verdict.polarity]
    return f"This is {conclusion}{judgement} ({size})."


def _among_many(finding: Finding) -> list[str]:
    """Whether a clear change is well supported or an early sign."""
    evidence = finding.verdict.evidence
    if evidence.strength == WELL_SUPPORTED:
        return [f"It is well supported: it holds when all {evidence.tested} tested indicators are looked at together."]
    return ["It is an early sign and needs another year to confirm."] if evidence.strength == EARLY_SIGN else []


def is_lead_only(finding: Finding) -> bool:
    """Whether a clear change is an early sign only."""
    return finding.verdict.evidence.strength == EARLY_SIGN


def write_clear_together(findings: Iterable[Finding]) -> str:
    """Which of the clear changes are well supported and which are early signs; "" without any."""
    clear = [each for each in findings if each.verdict.direction in ("up", "down") and each.verdict.evidence.tested]
    if not clear:
        return ""
    claims = [each for each in clear if each.verdict.evidence.strength == WELL_SUPPORTED]
    leads = [each for each in clear if is_lead_only(each)]
    said = [f"what is well supported is {_name(claims)}" if claims else "nothing is well supported"]
    if leads:
        said.append(f"an early sign is {_name(leads)}")
    return f"When all {clear[0].verdict.evidence.tested} tested indicators are looked at together, {'; '.join(said)}."


def _name(findings: Sequence[Finding]) -> str:
    return list_words([lower_first(each.indicator.label) for each in findings])


def _hidden_crime_words(finding: Finding) -> list[str]:
    indicator = finding.indicator
    if not speaks_of_reports(indicator):
        return []
    aim = ["The partnership aims to increase reporting."] if indicator.good_direction == "higher" else []
    return [*aim, HIDDEN_CRIME[finding.verdict.direction]]


def _warning_words(finding: Finding) -> list[str]:
    """What to beware of in a tested change; an untested one has said why already."""
    evidence = finding.verdict.evidence
    return [f"Note: {warning}." for warning in evidence.warnings if evidence.lower is not None]


def _no_comparison(finding: Finding) -> str:
    year, before = display_year(finding.financial_year), display_year(finding.compared_with)
    reasons = "; ".join(finding.verdict.evidence.warnings) or "no figures"
    opening = f"{finding.indicator.label}: {year} can't be compared with {before}, because {reasons}."
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


def name_in_words(text: str, catalogue: Catalogue) -> str:
    """The text with indicators' ids, which files and programmes use, replaced by their short labels."""
    known = catalogue.indicators
    return ID.sub(lambda found: known[found[0]].short_label if found[0] in known else found[0], text)


def hand_over_figures(finding: Finding) -> OwnFigures:
    """The figures that a text about a finding may state, for the audit to look up in the tables."""
    name, evidence = finding.indicator.id, finding.verdict.evidence
    before, after = (Span(year, finding.quarters) for year in (finding.compared_with, finding.financial_year))
    changes = [FigureMeant(name, metric, after, before) for metric in ("change", "percent", "points", "ratio")]
    levels = [FigureMeant(name, "level", span) for span in (before, after, Span(before.year), Span(after.year))]
    quarters = [FigureMeant(name, "level", Span(one.year, (q,))) for one in (before, after) for q in QUARTERS]
    given = {str(evidence.tested), "95%", *NUMBER.findall(" ".join(evidence.warnings))}
    if evidence.lower is not None:
        given |= set(NUMBER.findall(write_interval(evidence.lower, evidence.upper, evidence.measure)))
    names = (finding.indicator.label, lower_first(finding.indicator.label), finding.indicator.short_label)
    return OwnFigures((*names, lower_first(names[2])), (*levels, *changes, *quarters), frozenset(given))
