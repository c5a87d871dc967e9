"""What a ranking says in plain English. In: a ranking, findings. Out: sentences that claim no more than it carries."""

from collections.abc import Iterable, Mapping, Sequence

from swp_analysis.analysis.findings import Finding, judged_direction
from swp_analysis.analysis.ledger import BackCast
from swp_analysis.analysis.priorities import TOP, Ranked, Ranking
from swp_analysis.analysis.scoring import Score
from swp_analysis.catalogue.models import Catalogue, DeliveryPriority
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present import read_phrases
from swp_analysis.present.headlines import spell_number, write_headline
from swp_analysis.present.numbers import write_chance
from swp_analysis.present.words import (
    CLEAR_GROUPS,
    EARLY_SIGN,
    NO_CHANGE,
    UNKNOWN,
    group_by_verdict,
    list_words,
    lower_first,
    write_strength,
)

STABILITY_WORDS = read_phrases()["stability"]
NOT_KNOWN, NOT_ASKED = "not known", "–"
# How often weights and figures are varied, in words for the board.
TRIALS = "10,000 trials"
# More indicators than this are summed up in a table's cell.
FEW = 5


def write_range(score: Score) -> str:
    """Write a score as its range; what isn't known says so."""
    if score.status != "known":
        return NOT_KNOWN if score.status == "missing" else NOT_ASKED
    low, high = f"{score.low:.0f}", f"{score.high:.0f}"
    return low if low == high else f"{low}–{high}"


def write_unseen(unmeasured: int, chosen: int, concerns: int, year: str) -> str:
    """Write how many of the priorities chosen for a year, and of residents' concerns, no data speak to."""
    if not chosen:
        return f"No delivery priorities are recorded for {year} yet."
    return (
        f"We have no data on {unmeasured} of the {chosen} priorities recorded for {year}, nor on {concerns} of the "
        "concerns that residents raised."
    )


def write_what_to_do(entry: Ranked, ranking: Ranking, findings: Mapping[str, Finding], chosen, year: str) -> str:
    """Act, find out or watch, and whether a priority of the next year already speaks to it."""
    lead = entry.candidate.lead
    if set(entry.candidate.indicators) & ranking.signals:
        stance = _write_stance(findings[lead])
    elif entry.confidence.level == "poor":
        stance = "Get figures first: these cannot show a change."
    elif judged_direction(findings[lead].indicator) == "neutral":
        stance = _write_open_question(findings[lead])
    else:
        stance = "Keep watch: no clear change this year."
    return f"{stance} {_write_chosen(chosen, year)}"


def _write_open_question(finding: Finding) -> str:
    """What must be known before a change can be called better or worse."""
    if finding.indicator.measures is None:
        return "Decide first whether more of it is better or worse."
    return "Find out whether more happens or more is reported."


def _write_stance(finding: Finding) -> str:
    if finding.verdict.polarity != "worse":
        return _write_open_question(finding)
    if write_strength(finding) == EARLY_SIGN:
        return f"Look into it this quarter: it got worse, which is an {EARLY_SIGN}."
    return f"Act: it got worse, and that is {write_strength(finding)}."


def _write_chosen(chosen: Sequence[DeliveryPriority], year: str) -> str:
    shown = display_year(year)
    if not chosen:
        return f"No priority of {shown} covers it."
    named = "a priority" if len(chosen) == 1 else f"{len(chosen)} priorities"
    return f"Already in {named} of {shown}."


def write_why(
    entry: Ranked, ranking: Ranking, findings: Mapping[str, Finding], catalogue: Catalogue, *, brief: bool = False
) -> str:
    """Write what its first indicator did, and the two criteria of the ranking on which a candidate scores highest;
    `brief` leaves out what got worse, which the first page says above."""
    known = {name: entry.scores[name] for name in ranking.used if entry.scores[name].status == "known"}
    highest = sorted(known, key=lambda name: (-known[name].centre, name))[:2]
    labels = [lower_first(one.short_label) for one in catalogue.criteria.criteria if one.id in highest]
    lead = findings[entry.candidate.lead]
    moved = "" if brief and lead.verdict.polarity == "worse" else f"{write_headline(lead)}. "
    return f"{moved}Main reasons: {list_words(labels)}."


def write_movements(findings: Sequence[Finding]) -> str:
    """Write what several indicators did: each of a few; of many, those that moved clearly, and how many the rest
    are."""
    if len(findings) <= FEW:
        return " ".join(f"{write_headline(finding)}." for finding in findings)
    groups = group_by_verdict(findings)
    clear = [f"{write_headline(finding)}." for name in CLEAR_GROUPS for finding in groups[name]]
    if len(groups[UNKNOWN]) == len(findings):
        return f"None of the {len(findings)} figures can be compared."
    same, unknown = len(groups[NO_CHANGE]), len(groups[UNKNOWN])
    rest = [f"{same} of {len(findings)} figures show no clear change."] if same else []
    rest += [f"For {unknown} we do not have enough data to say."] if unknown else []
    return " ".join([*clear, *rest])


def write_place(entry: Ranked) -> str:
    """Write how firm a place among the first five is, and how good the data are, in a few words."""
    chance = write_chance(entry.chance_top5)
    return f"{STABILITY_WORDS[entry.stability]}, in {chance} of {TRIALS}. Data: {entry.confidence.level}."


def write_how_sure(entry: Ranked) -> str:
    """Write the chance of the first five, what the weights and the figures alone do to it, and confidence in the
    data."""
    against = f", because {list_words(entry.confidence.reasons)}" if entry.confidence.reasons else ""
    return (
        f"{STABILITY_WORDS[entry.stability]}: there in {write_chance(entry.chance_top5)} of trials, in "
        f"{write_chance(entry.chance_by_weights)} when only the weights are varied and in "
        f"{write_chance(entry.chance_by_figures)} when only the figures are. Data: {entry.confidence.level}{against}."
    )


def write_luck(ranking: Ranking) -> str:
    """Write how often luck alone would put a candidate among the first five."""
    return write_chance(TOP / len(ranking.ranked))


def write_pivot(entry: Ranked, catalogue: Catalogue) -> str:
    """Write the criterion that would have to change to move a candidate into the top five or out of it."""
    labels: dict[str, str] = {
        criterion.id: lower_first(criterion.short_label) for criterion in catalogue.criteria.criteria
    }
    inside = entry.rank <= TOP
    lost = [labels[name] for name, rank in entry.without.items() if (rank <= TOP) != inside]
    weights = f"; without {' or '.join(lost)} it would be {'out' if inside else 'in'}" if lost else ""
    if entry.pivot is None:
        return f"Nothing is known that could move it{weights}."
    end = "low" if inside else "high"
    moved = f"With {labels[entry.pivot.criterion]} at the {end} end of its range: place {entry.pivot.rank}"
    verdict = "" if entry.pivot.crosses else f", still {'in' if inside else 'out'}"
    return f"{moved}{verdict}{weights}."


def summarise_ranking(ranking: Ranking, year: str) -> list[str]:
    """Give the page in short: what comes first, and how sure that is."""
    surest = max(ranking.ranked, key=lambda entry: entry.chance_top5)
    how_sure = (
        f"We are surest of {lower_first(surest.candidate.label)}: in the top five in "
        f"{write_chance(surest.chance_top5)} of {TRIALS} ({write_luck(ranking)} by luck)."
    )
    return [write_put_forward(ranking, year), *([how_sure] if ranking.is_choice else [])]


def write_put_forward(ranking: Ranking, year: str) -> str:
    """Write who is put forward for a year, and who could as well be: a group that has no order."""
    firm, known = _names(ranking.put_forward), display_year(ranking.financial_year)
    if not ranking.is_choice:
        return (
            f"With {len(ranking.ranked)} problems measured, a first five would name most of them whatever the figures: "
            f"the figures of {known} put none first. Choose by what you know; each page says what changed."
        )
    if ranking.undecided >= {entry.candidate.lead for entry in ranking.ranked}:
        return f"The figures of {known} put no problem first: what they measure has not been decided."
    named = (
        f"For {display_year(year)} the figures of {known} put forward {firm}: in the top five in most of {TRIALS}, and "
        "chance in the figures would rarely change that."
        if firm
        else f"The figures of {known} put no problem first: no place holds against chance and other weights."
    )
    return " ".join(filter(None, [named, write_group(ranking)]))


def count_group(ranking: Ranking) -> str:
    """Write how many candidates could as well be among the first; nothing when there are none."""
    count = len(ranking.group)
    others = "One other problem" if count == 1 else f"{spell_number(count).capitalize()} other problems"
    return f"{others} could as well be among the first." if count else ""


def write_group(ranking: Ranking) -> str:
    """Write which candidates could as well be among the first, in no order; nothing when there are none."""
    names = _names(ranking.group)
    return f"Less sure, and in no order: {names}." if names else ""


def write_backcast(cast: BackCast) -> str:
    """Write how far the figures of a year and the choice for the next agree, and how little that proves."""
    known, chosen_for = display_year(cast.ranking.financial_year), display_year(cast.chosen_for)
    total = len(cast.rows)
    firm = _names(cast.ranking.put_forward) or "nobody"
    opening = (
        f"The figures of {known} alone would have put forward {firm} for {chosen_for}. "
        f"The partnership named {cast.chosen} of the {total} candidates: {_write_hits(cast)}"
    )
    if cast.kappa is None or cast.kappa_range is None:
        return f"{opening} Agreement beyond chance can't be worked out, because the choice took in all or none."
    low, high = cast.kappa_range
    shown = f"{cast.kappa:.2f} (95% range {low:.2f} to {high:.2f})".replace("-", "−")
    chance = "a range that takes in chance, so this is no evidence of agreement" if low <= 0 else "more than chance"
    return (
        f"{opening} With as many first places as were chosen, Cohen's kappa (0: chance, 1: complete agreement) is "
        f"{shown}: {chance}."
    )


def write_agreement(cast: BackCast) -> str:
    """Write in a sentence whether the figures and the choice of a year agreed more than chance would make them."""
    shown = display_year(cast.chosen_for)
    if cast.kappa is None or cast.kappa_range is None:
        return f"For {shown} nothing can be said about agreement, because the choice took in all candidates or none."
    said = "agreed more than chance would" if cast.kappa_range[0] > 0 else "agreed no more than chance would"
    if cast.kappa > 0 >= cast.kappa_range[0]:
        said = f"agreed, which chance can explain: {cast.chosen} of {len(cast.rows)} candidates were chosen"
    return f"The figures and the board's choices for {shown} {said}."


def _write_hits(cast: BackCast) -> str:
    missed, others = _names(cast.misses), len(cast.without_signal)
    if not cast.ranking.put_forward:
        return ""
    first, hits = len(cast.ranking.put_forward), len(cast.hits)
    told = f"{hits} of the {first} put forward {_was(hits)} chosen" + (f", not {missed}" if missed else "")
    return f"{told}; {others} other{'' if others == 1 else 's'} {_was(others)} chosen too."


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _names(entries: Iterable[Ranked]) -> str:
    names = [lower_first(entry.candidate.label) for entry in entries]
    return list_words(names) if names else ""
