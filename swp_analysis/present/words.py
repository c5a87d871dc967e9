"""Findings and last quarters in words. In: findings, series. Out: plain English that claims no more than the data do.

No cause is ever claimed; a rise in reports of an under-reported crime is never called good or bad; what the figures
cannot say is said. Here it is decided what is said; `phrases.yml` has the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

from swp_analysis.analysis.evidence import EARLY_SIGN
from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, previous_year
from swp_analysis.present.phrases import list_variants, lower_first, say, write_points
from swp_analysis.present.series import Series, find_last_two

NO_CHANGE = "No clear change"
UNKNOWN = "Not enough data to say"
UNJUDGED = "Changed, neither better nor worse"
ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
CLEAR_GROUPS = ("Worse", "Better", UNJUDGED)
# From this percentage on a change has a name; the first that is reached counts.
RISES = ((105, "more than doubled"), (95, "doubled"), (80, "nearly doubled"))
FALLS = ((-55, "fell by more than half"), (-45, "halved"))
MOST_WORDS = 15


def is_clear(finding: Finding) -> bool:
    """Tell whether chance is an unlikely explanation of a change, looked at alone."""
    return finding.verdict.direction in ("up", "down")


def group_by_verdict(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Sort each finding once into what is worse, better, changed, not clearly changed, and not known."""
    grouped: dict[str, list[Finding]] = {name: [] for name in (*CLEAR_GROUPS, NO_CHANGE, UNKNOWN)}
    for finding in findings:
        verdict = finding.verdict
        unjudged = UNJUDGED if is_clear(finding) else NO_CHANGE if verdict.direction == "no clear change" else UNKNOWN
        grouped[{"worse": "Worse", "better": "Better"}.get(verdict.polarity, unjudged)].append(finding)
    return grouped


def name_situation(finding: Finding) -> str:
    """Name what there is to say, as `phrases.yml` has it by situation."""
    if finding.withheld:
        return "withheld"
    if not is_clear(finding):
        return "no change" if finding.verdict.direction == "no clear change" else "unknown"
    if finding.verdict.polarity != "no judgement":
        return finding.verdict.polarity
    return "reports" if speaks_of_reports(finding.indicator) else "moved"


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Give every figure and word that a phrase about a finding may ask for, None or "" where there is none."""
    indicator, evidence, label = finding.indicator, finding.verdict.evidence, finding.indicator.label
    part = "" if finding.quarters in ((), QUARTERS) else quarters_in_words(finding.quarters)
    quarter, latest = finding.latest or (None, None)
    figures = {"before": finding.before, "now": finding.after, "baseline": finding.baseline, "latest": latest}
    judged = {"judged": "" if finding.verdict.polarity == "no judgement" else finding.verdict.polarity}
    return {
        "label": label,
        "subject": f"{label}," if "," in label else label,
        "name": indicator.name,
        "unit": indicator.unit,
        "year": finding.financial_year,
        "year_before": finding.compared_with,
        "part": part,
        "quarter": quarter,
        "up": finding.verdict.direction == "up" if is_clear(finding) else (finding.change or 0) > 0,
        "size": _write_size(finding),
        "percent": None if finding.change_pct is None else abs(finding.change_pct),
        "move": _name_move(finding),
        "strength": write_strength(finding),
        "scatters": evidence.scatters,
        "reasons": "; ".join(evidence.warnings),
        "warnings": "" if evidence.lower is None else " ".join(f"Note: {warning}." for warning in evidence.warnings),
        **figures,
        **judged,
    }


def _write_size(finding: Finding) -> str:
    """How large a change is, without its sign: `30`, `0.6 percentage points`."""
    if finding.before is None or finding.after is None:
        return ""
    if finding.indicator.unit == "percent":
        return write_points(finding.before, finding.after)
    return f"{abs(finding.after - finding.before):,.0f}"


def _name_move(finding: Finding) -> str:
    percent, up = finding.change_pct, finding.verdict.direction == "up"
    named = RISES if up else FALLS
    reached = [name for edge, name in named if percent is not None and (percent >= edge if up else percent <= edge)]
    return reached[0] if reached else "rose" if up else "fell"


def write_strength(finding: Finding) -> str:
    """Write how far a clear change is to be believed: well supported, or an early sign; "" without a clear change."""
    return finding.verdict.evidence.strength or EARLY_SIGN if is_clear(finding) else ""


def write_verdict(finding: Finding) -> str:
    """Write the verdict in a few words, the same in every table and chart."""
    return say(f"verdict.{name_situation(finding)}", **describe_finding(finding))


def name_compared(finding: Finding) -> str:
    """Write an indicator's name, with the quarters that were compared where they are not the whole year."""
    return say("compared", **describe_finding(finding))


def write_headline(finding: Finding) -> str:
    """Write what happened to an indicator, from its verdict: `Firearm violence nearly doubled: 63, up from 33`."""
    situation = "clear" if is_clear(finding) else name_situation(finding)
    if finding.change is None and situation != "withheld":
        situation = "without both"
    return say(f"headline.{situation}", **describe_finding(finding))


def write_sentence(finding: Finding) -> str:
    """Write what changed, by how much, compared with what, how sure, and what the figures cannot say."""
    figures = describe_finding(finding)
    if finding.withheld:
        return say("sentence.withheld", **figures)
    if finding.change is None:
        known = "sentence.latest" if finding.latest else "sentence.no figure"
        baseline = "" if finding.baseline is None else "sentence.baseline"
        why = figures | {"reasons": figures["reasons"] or "there are no figures"}
        return say("sentence.not compared", known, baseline, **why)
    moved = "sentence.moved" if finding.change else "sentence.same"
    return say(moved, _choose_certainty(finding), *_choose_remarks(finding), **figures)


def _choose_certainty(finding: Finding) -> str:
    if finding.verdict.evidence.lower is None:
        return "certainty.not tested" if finding.change else "certainty.not tested same"
    return f"certainty.{write_strength(finding) or ('no change' if finding.change else 'same')}"


def _choose_remarks(finding: Finding) -> list[str]:
    """What a change in reports may mean, and what to beware of in a tested change; an untested one has said why."""
    reports = speaks_of_reports(finding.indicator) and is_clear(finding)
    wanted = reports and finding.indicator.good_direction == "higher"
    return ["reports" if reports else "", "reports_wanted" if wanted else "", "warnings"]


def write_remarks(finding: Finding) -> str:
    """Write what a headline has no room for: what a change in reports may mean, and what to beware of."""
    return say(*_choose_remarks(finding), **describe_finding(finding))


def write_corroboration(finding: Finding, findings: Mapping[str, Finding]) -> str:
    """Write what second signs named in the catalogue show of a clear change, without a claim that they prove anything;
    "" where there is none."""
    if not is_clear(finding):
        return ""
    return " ".join(_write_second_sign(findings[name], finding) for name in finding.indicator.corroborated_by)


def _write_second_sign(other: Finding, finding: Finding) -> str:
    direction = "too" if other.verdict.direction == finding.verdict.direction else other.verdict.direction
    return say(f"second_sign.{direction}", label=other.indicator.label, up=finding.verdict.direction == "up")


def write_group_headline(findings: Sequence[Finding]) -> str:
    """Write what several findings show together, as the title of a chart of them; it names one, so that no other chart
    of a page has the same title."""
    groups = group_by_verdict(findings)
    clear = [finding for name in CLEAR_GROUPS for finding in groups[name]]
    compared = [one for one in groups[NO_CHANGE] if one.change is not None]
    about = {"count": len(clear or findings), "kind": _name_kind(clear or findings), "more": len(clear) - 1}
    for way, up in (("rose", True), ("fell", False)):
        about[way] = [lower_first(f.indicator.name) for f in clear if (f.verdict.direction == "up") is up]
    situation = "clear" if clear else "no change" if compared else "unknown"
    most = max(clear or compared or findings[:1], key=_find_size)
    return say_first_that_fits(f"several.{situation}", **describe_finding(most), **about)


def say_first_that_fits(phrase: str, /, **figures: Any) -> str:
    """Say the first of several phrases that is short enough, else the last; with a capital."""
    titles = [say(one, **figures) for one in list_variants(phrase)]
    title = next((one for one in titles if len(one.split()) <= MOST_WORDS), titles[-1])
    return f"{title[0].upper()}{title[1:]}"


def _name_kind(findings: Sequence[Finding]) -> str:
    """Counts or percentages: two charts of a page that have no room for a name differ in this."""
    units = {finding.indicator.unit for finding in findings}
    return {"count": "counts", "percent": "percentages"}.get(units.pop(), "figures") if len(units) == 1 else "figures"


def _find_size(finding: Finding) -> float:
    """How far a figure moved, for counts as a multiple, so that a rise and a fall can be compared."""
    effect = finding.verdict.evidence.effect
    if finding.verdict.evidence.measure == "ratio":
        return abs(log(effect)) if effect else 0.0
    return abs(effect or 0.0) / 100


def name_in_words(text: str, catalogue: Catalogue) -> str:
    """Give the text with indicators' ids, which files and programmes use, replaced by their short labels."""
    known = catalogue.indicators
    return ID.sub(lambda found: known[found[0]].name if found[0] in known else found[0], text)


# The last quarters of one or several lines; of several, the newest that any of them has


# So many quarters with a figure make the highest or lowest of them worth a mention.
LEAST_QUARTERS = 6


def write_quarter_headline(finding: Finding, series: Series) -> str:
    """Write the year's headline, and that the last quarter is the highest or lowest of all where it is."""
    headline, way, known = write_headline(finding), _name_extreme(series), series.current
    if not way or finding.latest is None or known[-1].financial_year != finding.financial_year:
        return headline
    whole = say("with_last_quarter", headline=headline, way=way, now=known[-1].text, count=len(known))
    return whole if len(whole.split()) <= MOST_WORDS else headline


def write_quarters_headline(several: Sequence[Series]) -> str:
    """Write what the last quarters of several indicators show, as the title of a chart of them."""
    told = _keep_told(several)
    ends = {way: [lower_first(one.indicator.name) for one in found] for way, found in _find_extremes(told).items()}
    name = "last_quarters.ends" if any(ends.values()) else "last_quarters.none" if told else "last_quarters.few"
    return say_first_that_fits(name, count=len(told), others=len(several) > len(told) or None, **ends)


def write_quarters(several: Sequence[Series]) -> str:
    """Write which of several indicators were at the highest or lowest of their line in the last quarter, with the
    figure and the one before it; "" where all have too few quarters."""
    told = _keep_told(several)
    ends = {way: list(map(_name_last, found)) for way, found in _find_extremes(told).items()}
    headline = f"{write_quarters_headline(several)}." if told else ""
    return say("since_last_quarter", **ends) if any(ends.values()) else headline


def _name_last(series: Series) -> str:
    """`knife violence (56 to 67)`, without the figure before where there is none."""
    last, before = find_last_two(series)
    return say(
        "last_two", name=series.indicator.name, now=last.text if last else "", before=before.text if before else ""
    )


def _keep_told(several: Sequence[Series]) -> list[Series]:
    """Those with quarters enough and a figure of the newest quarter of which there is any."""
    last = max((one.reported[-1].starts for one in several if one.reported), default=None)
    return [one for one in several if len(one.current) >= LEAST_QUARTERS and one.current[-1].starts == last]


def _find_extremes(told: Sequence[Series]) -> dict[str, list[Series]]:
    """Those whose last figure is the highest, or the lowest, of their line."""
    return {way: [one for one in told if _name_extreme(one) == way] for way in ("highest", "lowest")}


def _name_extreme(series: Series) -> str:
    """`highest` or `lowest`, where no other quarter of its level equals the last with a figure; "" else."""
    known = [point.value for point in series.current]
    if len(known) < LEAST_QUARTERS:
        return ""
    return "highest" if known[-1] > max(known[:-1]) else "lowest" if known[-1] < min(known[:-1]) else ""


def write_latest(series: Series) -> str:
    """Write the last quarter with a figure against the one before it and the same one a year before; "" without one."""
    last, before = find_last_two(series)
    if last is None:
        return ""
    earlier = series.of(previous_year(last.financial_year), last.quarter)
    pairs = {"the quarter before": before, "a year earlier": earlier if earlier in series.current else None}
    against = [
        say("against.same" if last.value == other.value else "against.other", up=last.value > other.value,
            before=other.text, when=when)
        for when, other in pairs.items() if other
    ]  # fmt: skip
    changing = "provisional.latest" if last.provisional else "provisional.some"
    is_said = any(point.provisional for point in series.points)
    return say("latest", changing if is_said else "", period=last.label, now=last.text, against=against)
