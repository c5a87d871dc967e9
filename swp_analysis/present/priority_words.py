"""What a ranking says in plain English. In: a ranking, findings. Out: sentences that claim no more than it carries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from swp_analysis.analysis.evidence import EARLY_SIGN
from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.ledger import BackCast, CandidateRow, has_signal
from swp_analysis.analysis.priorities import TOP, Ranked, Ranking
from swp_analysis.analysis.scoring import Score
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.present import words
from swp_analysis.present.phrases import lower_first, read_phrases, say

STABILITY_WORDS = read_phrases()["stability"]
NOT_KNOWN, NOT_ASKED = "not known", "–"
# More indicators than this are summed up in a table's cell.
FEW = 5
# The middle of every scale: from here on a score is a reason to act.
NEITHER_WAY = 50


def write_range(score: Score) -> str:
    """Write a score as its range; what isn't known says so."""
    if score.status != "known":
        return NOT_KNOWN if score.status == "missing" else NOT_ASKED
    low, high = f"{score.low:.0f}", f"{score.high:.0f}"
    return low if low == high else f"{low}–{high}"


def write_what_to_do(row: CandidateRow, findings: Mapping[str, Finding], year: str, *, is_planned: bool) -> str:
    """Act, find out or watch, and whether a priority of the next year already speaks to it; nothing of that in a year
    whose priorities are not recorded yet, which is not `is_planned`."""
    lead, chosen = findings[row.candidate.candidate.lead], row.priorities
    worse = [findings[name] for name in row.signals if _got(findings[name], "worse")]
    covered = "covered.by" if chosen else "covered.by none" if is_planned else ""
    stance = _choose_stance(row, lead, worse)
    strength = max(map(words.write_strength, worse)) if stance == "part" else words.write_strength(lead)
    names = [lower_first(one.indicator.name) for one in worse]
    went = {findings[name].verdict.direction for name in row.signals}
    ways = [word for way, word in (("up", "more"), ("down", "less")) if way in went]
    about = {"strength": strength, "early": int(strength == EARLY_SIGN), "worse": names, "ways": ways}
    return say(f"stance.{stance}", covered, year=year, chosen=chosen, count=len(chosen), **about)


def _choose_stance(row: CandidateRow, lead: Finding, worse: Sequence[Finding]) -> str:
    """The name of what to do about a candidate whose first indicator is `lead` and of which these got worse."""
    if _got(lead, "better"):
        return "better"
    question = "undecided" if lead.indicator.measures is None else "find out"
    if _got(lead, "worse"):
        return "look into it" if words.write_strength(lead) == EARLY_SIGN else "act"
    if row.signals:
        return "part" if worse else question
    if row.candidate.confidence.level == "poor":
        return "no figures"
    return question if question == "undecided" else "watch"


def _got(finding: Finding, polarity: str) -> bool:
    return finding.verdict.polarity == polarity


def write_why(
    entry: Ranked, ranking: Ranking, findings: Mapping[str, Finding], catalogue: Catalogue, *, brief: bool = False
) -> str:
    """Write what its first indicator did, and the criterion of the ranking on which a candidate scores highest, with a
    second one that is a reason to act; `brief` leaves out what got worse, which the first page says above."""
    known = {name: entry.scores[name] for name in ranking.used if entry.scores[name].status == "known"}
    if not has_signal(entry, ranking):
        known.pop("change", None)  # one that chance explains is no reason
    first, *others = sorted(known, key=lambda name: (-known[name].centre, name)) or [""]
    highest = [first, *(name for name in others[:1] if known[name].centre > NEITHER_WAY)]
    labels = [lower_first(one.short_label) for one in catalogue.criteria.criteria if one.id in highest]
    lead = findings[entry.candidate.lead]
    moved = "" if brief and lead.verdict.polarity == "worse" else words.write_headline(lead)
    return say("why", moved=moved, reasons=labels)


def write_movements(findings: Sequence[Finding]) -> str:
    """Write what several indicators did: each of a few; of many, those that moved clearly, and how many the rest
    are."""
    groups = words.group_by_verdict(findings)
    told = findings if len(findings) <= FEW else [one for name in words.CLEAR_GROUPS for one in groups[name]]
    said = " ".join(f"{words.write_headline(finding)}." for finding in told)
    if len(findings) <= FEW:
        return said
    counts = {"same": len(groups[words.NO_CHANGE]), "unknown": len(groups[words.UNKNOWN]), "count": len(findings)}
    if counts["unknown"] == counts["count"]:
        return say("movements.none", **counts)
    rest = "movements.same" if counts["same"] else "", "movements.unknown" if counts["unknown"] else ""
    return " ".join(filter(None, [said, say(*rest, **counts)]))


def describe_place(entry: Ranked) -> dict[str, Any]:
    """Give how firm a place among the first five is, and how good the data are, for the phrases on it."""
    chances = {"top": entry.chance_top5, "by_weights": entry.chance_by_weights, "by_figures": entry.chance_by_figures}
    data = {"level": entry.confidence.level, "reasons": entry.confidence.reasons}
    return {"stability": STABILITY_WORDS[entry.stability], **chances, **data}


def write_pivot(entry: Ranked, catalogue: Catalogue) -> str:
    """Write the criterion that would have to change to move a candidate into the top five or out of it."""
    labels: dict[str, str] = {one.id: lower_first(one.short_label) for one in catalogue.criteria.criteria}
    inside = entry.rank <= TOP
    lost = [labels[name] for name, rank in entry.without.items() if (rank <= TOP) != inside]
    if entry.pivot is None:
        return say("pivot.none", inside=inside, lost=lost)
    stays = "" if entry.pivot.crosses else "in" if inside else "out"
    moved = {"criterion": labels[entry.pivot.criterion], "place": entry.pivot.rank}
    return say("pivot.known", inside=inside, lost=lost, stays=stays, **moved)


def summarise_ranking(ranking: Ranking, year: str) -> list[str]:
    """Give the page in short: what comes first, and how sure that is."""
    if not ranking.put_forward:
        return [write_put_forward(ranking, year)]
    surest = max(ranking.put_forward, key=lambda entry: entry.chance_top5)
    chances = {"chance": surest.chance_top5, "luck": count_luck(ranking)}
    how_sure = say("surest", name=surest.candidate.label, **chances)
    return [write_put_forward(ranking, year), how_sure]


def count_luck(ranking: Ranking) -> float:
    """Give the chance, 0-1, that luck alone would put a candidate among the first five."""
    return TOP / len(ranking.ranked)


def write_put_forward(ranking: Ranking, year: str) -> str:
    """Write who is put forward for a year, and who could as well be: a group that has no order."""
    about = {"known": ranking.financial_year, "year": year, "count": len(ranking.ranked)}
    firm, group = name_candidates(ranking.put_forward), name_candidates(ranking.group)
    if not ranking.is_choice:
        return say("put_forward.no choice", **about | {"count": ranking.told_alike})
    if not ranking.has_order:
        return say("put_forward.undecided", **about)
    named = "put_forward.firm" if firm else "put_forward.none"
    return say(named, "put_forward.group" if group else "", firm=firm, group=group, **about)


def write_backcast(cast: BackCast) -> list[str]:
    """Write what the figures of a year alone would have put forward for the next, and how far the choice agrees."""
    put_forward, hits = len(cast.ranking.put_forward), len(cast.hits)
    counts = {"hits": hits, "first": put_forward, "others": len(cast.without_signal) or None}
    outcome = say("backcast.hits" if hits else "backcast.no hits", missed=name_candidates(cast.misses), **counts)
    figures = {
        "known": cast.ranking.financial_year,
        "year": cast.chosen_for,
        "firm": name_candidates(cast.ranking.put_forward) or "none",
        "chosen": cast.chosen,
        "total": len(cast.rows),
        "outcome": outcome if put_forward else None,
    }
    return [say("backcast.named", **figures), _write_agreement(cast)]


def _write_agreement(cast: BackCast) -> str:
    """Whether the figures and the choice of a year agreed more than chance would make them."""
    if cast.kappa is None or cast.kappa_range is None:
        return say("agreement.unknown")
    if not cast.ranking.put_forward:
        return say("agreement.none forward")
    kappa, low, high = (f"{value:.2f}".replace("-", "−") for value in (cast.kappa, *cast.kappa_range))
    situation = "more" if cast.kappa_range[0] > 0 else "perhaps" if cast.kappa > 0 else "no more"
    return say(f"agreement.{situation}", "agreement.measured", kappa=kappa, low=low, high=high)


def name_candidates(entries: Iterable[Ranked]) -> list[str]:
    """List the names of candidates as a sentence has them."""
    return [lower_first(entry.candidate.label) for entry in entries]
