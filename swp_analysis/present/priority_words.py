"""What a ranking says in plain English. In: a ranking, findings. Out: sentences that claim no more than it carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from swp_analysis.analysis.agreement import BackCast
from swp_analysis.analysis.findings import Finding, judged_direction
from swp_analysis.analysis.priorities import TOP, Ranked, Ranking
from swp_analysis.analysis.scales import Score
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import write_chance, write_value
from swp_analysis.present.words import (
    CLEAR_GROUPS,
    UNKNOWN,
    group_by_verdict,
    is_lead_only,
    list_words,
    lower_first,
    write_part_of_year,
    write_verdict,
)

STABILITY_WORDS = {
    "stable": "Holds, with a signal of its own",
    "standing": "Holds by size and harm, no new signal",
    "likely": "More in than out",
    "open": "Turns on the weights",
    "unlikely": "More out than in",
}
NOT_KNOWN, NOT_ASKED = "not known", "–"
# More indicators than this are summed up in a table's cell.
FEW = 5


def write_range(score: Score) -> str:
    """A score as its range; what isn't known says so."""
    if score.status != "known":
        return NOT_KNOWN if score.status == "missing" else NOT_ASKED
    low, high = f"{score.low:.0f}", f"{score.high:.0f}"
    return low if low == high else f"{low}–{high}"


def write_what_to_do(entry: Ranked, ranking: Ranking, findings: Mapping[str, Finding], chosen, year: str) -> str:
    """Act, find out or watch, and whether a priority of the next year already speaks to it."""
    lead = entry.candidate.lead
    if set(entry.candidate.indicators) & ranking.signals:
        stance = _write_stance(findings[lead])
    elif entry.confidence.level == "poor":
        stance = "Get figures first: these can't show a change."
    elif judged_direction(findings[lead].indicator) == "neutral":
        stance = "Find out whether there is more harm or more reporting."
    else:
        stance = "Keep watch: no clear change this year."
    return f"{stance} {_write_chosen(chosen, year)}"


def _write_stance(finding: Finding) -> str:
    if finding.verdict.polarity != "worse":
        return "Find out."
    if is_lead_only(finding):
        return "Act on the lead: the figures got worse, which is an early sign."
    return "Act: the figures got clearly worse."


def _write_chosen(chosen: Sequence[DeliveryPriority], year: str) -> str:
    shown = display_year(year)
    if not chosen:
        return f"No priority recorded for {shown} names it: decide whether one should."
    if len(chosen) == 1:
        return f"Chosen for {shown}: {lower_first(chosen[0].text)}."
    return f"{len(chosen)} priorities of {shown} name it, the first: {lower_first(chosen[0].text)}."


def write_why(entry: Ranked, findings: Mapping[str, Finding], catalogue: Catalogue) -> str:
    """What its first indicator did, and the two criteria on which a candidate scores highest."""
    known = {name: score for name, score in entry.scores.items() if score.status == "known"}
    highest = sorted(known, key=lambda name: (-known[name].centre, name))[:2]
    labels = [lower_first(criterion.label) for criterion in catalogue.criteria.criteria if criterion.id in highest]
    return f"{write_movement(findings[entry.candidate.lead])} Speaks most for it: {list_words(labels)}."


def write_movement(finding: Finding) -> str:
    """Both years and the verdict in a few words: `Firearm violence: 33 to 63, clear rise: worse.`"""
    label, verdict = finding.indicator.short_label, lower_first(write_verdict(finding))
    if finding.before is None or finding.after is None:
        return f"{label}: {verdict}."
    unit = finding.indicator.unit
    after = f"{write_value(finding.after, unit)}{write_part_of_year(finding)}"
    return f"{label}: {write_value(finding.before, unit)} to {after}, {verdict}."


def write_movements(findings: Sequence[Finding]) -> str:
    """What several indicators did: each of a few; of many, those that moved clearly, and how many the rest are."""
    if len(findings) <= FEW:
        return " ".join(map(write_movement, findings))
    groups = group_by_verdict(findings)
    clear = [write_movement(finding) for name in CLEAR_GROUPS for finding in groups[name]]
    rest = [
        f"{len(groups[name])} {words}"
        for name, words in (("No clear change", "show no clear change"), (UNKNOWN, "can't be told"))
        if groups[name]
    ]
    return " ".join([*clear, *([f"Of {len(findings)} figures, {list_words(rest)}."] if rest else [])])


def write_how_sure(entry: Ranked) -> str:
    """The chance of the first five, the range of places, and confidence in the data."""
    against = f", because {list_words(entry.confidence.reasons)}" if entry.confidence.reasons else ""
    return (
        f"{STABILITY_WORDS[entry.stability]}: in the top five in {write_chance(entry.chance_top5)} of weightings "
        f"(places {entry.rank_low} to {entry.rank_high}). Data: {entry.confidence.level}{against}."
    )


def write_pivot(entry: Ranked, catalogue: Catalogue) -> str:
    """The criterion that would have to change to move a candidate into the top five or out of it."""
    labels = {criterion.id: lower_first(criterion.short_label) for criterion in catalogue.criteria.criteria}
    inside = entry.rank <= TOP
    lost = [labels[name] for name, rank in entry.without.items() if (rank <= TOP) != inside]
    weights = f"; without {' or '.join(lost)} it would be {'out' if inside else 'in'}" if lost else ""
    if entry.pivot is None:
        return f"Nothing is known that could move it{weights}."
    end = "low" if inside else "high"
    moved = f"With {labels[entry.pivot.criterion]} at the {end} end of its range: place {entry.pivot.rank}"
    verdict = "" if entry.pivot.crosses else f", still {'in' if inside else 'out'}"
    return f"{moved}{verdict}{weights}."


def summarise_ranking(ranking: Ranking, findings: Mapping[str, Finding], year: str) -> list[str]:
    """The page in three sentences: what comes first, how sure that is, what changed for the worse."""
    first = [lower_first(entry.candidate.label) for entry in ranking.top]
    surest = max(ranking.top, key=lambda entry: entry.chance_top5)
    chance = write_chance(TOP / len(ranking.ranked))
    firm = [lower_first(entry.candidate.label) for entry in ranking.ranked if entry.stability in ("stable", "standing")]
    holds = f"Only {list_words(firm)} would stay whatever the weights" if firm else "No place is beyond doubt"
    return [
        f"The figures of {display_year(ranking.financial_year)} put these first for {display_year(year)}: "
        f"{list_words(first)}.",
        f"{holds}. The surest is {lower_first(surest.candidate.label)}: in the top five in "
        f"{write_chance(surest.chance_top5)} of weightings. A name drawn from a hat would be there {chance} of the "
        "time.",
        _write_signals(ranking, findings),
    ]


def _write_signals(ranking: Ranking, findings: Mapping[str, Finding]) -> str:
    tested = sum(finding.verdict.evidence.p is not None for finding in findings.values())
    moved = [findings[name] for name in findings if name in ranking.signals]
    worse = [lower_first(each.indicator.label) for each in moved if each.verdict.polarity == "worse"]
    unclear = [lower_first(each.indicator.label) for each in moved if each.verdict.polarity != "worse"]
    first = f"{len(worse)} moved clearly for the worse: {list_words(worse)}" if worse else "none got clearly worse"
    if worse and all(is_lead_only(each) for each in moved if each.verdict.polarity == "worse"):
        first += " (an early sign)"
    second = f" Clear, but neither good nor bad on its own: {list_words(unclear)}." if unclear else ""
    return f"Of {tested} figures tested together, {first}.{second}"


def write_backcast(cast: BackCast) -> str:
    """How far the figures of a year and the choice for the next agree, and how little that proves."""
    known, chosen_for = display_year(cast.ranking.financial_year), display_year(cast.chosen_for)
    total = len(cast.rows)
    opening = (
        f"With the figures of {known} alone, the first five for {chosen_for} would have been "
        f"{list_words([lower_first(entry.candidate.label) for entry in cast.ranking.top])}. "
        f"The partnership named {cast.chosen} of the {total} candidates: {_write_hits(cast)}"
    )
    if cast.kappa is None:
        return f"{opening} Agreement beyond chance can't be worked out, because the choice took in all or none."
    low, high = cast.kappa_range
    shown = f"{cast.kappa:.2f} (95% range {low:.2f} to {high:.2f})".replace("-", "−")
    return (
        f"{opening} As many first places as were chosen share {cast.overlap} with the choice, where chance alone gives "
        f"{cast.expected:.1f}. Agreement beyond chance (Cohen's kappa; 1 is complete, 0 is chance): {shown}. It turns "
        f"on the {total - cast.chosen} not chosen."
    )


def _write_hits(cast: BackCast) -> str:
    missed = _names(cast.misses)
    return (
        f"{len(cast.hits)} of the first five were chosen"
        + (f", not {missed}" if missed else "")
        + f"; {len(cast.without_signal)} were chosen that are not among them."
    )


def _names(entries: Iterable[Ranked]) -> str:
    names = [lower_first(entry.candidate.label) for entry in entries]
    return list_words(names) if names else ""


HOW_LITTLE = (
    "Two years prove very little. One agreement could be chance, and where nearly every candidate is chosen almost any "
    "order agrees. This says how far choice and figures agree, never that the figures were right: the board knows more "
    "than these tables hold. The weights were written down before the back-cast was run, but by people who could have "
    "read both lists. The quarters of the earlier year are those that the later report prints."
)
