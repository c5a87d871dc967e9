"""The verdict on any claim. In: claims and their context. Out: a `Judgement` each; `KINDS` is the table of kinds.

Numbers are judged in `verdicts`, rows of figures in `row_verdicts`, targets in `aims`; here what is judged by the
report's own parts.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from swp_analysis.audit.aims import judge_aim, wanted_direction
from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.recompute import agrees, recompute, write_number
from swp_analysis.audit.row_verdicts import ROW_KINDS, judge_row
from swp_analysis.audit.scenes import NO_PART, NO_TABLE
from swp_analysis.audit.verdicts import ClaimContext, Judgement, decide, judge_number, sentence, untied
from swp_analysis.catalogue.claim_rules import OF_FORCE, OPEN
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.engines.small_numbers.rounding import is_print_of, read_printed
from swp_analysis.errors import count_noun

TOTAL_WORDS = re.compile(r"\b(?:total|sum|altogether|budget of)\b", re.IGNORECASE)
_MONEY = re.compile(r"£\s*(\d[\d,]*(?:\.\d+)?)(?![\d.]*\s*[kKmM])")
_PART = re.compile(r"(?<![\w,.])(\d[\d,]*) (?:out )?of (\d[\d,]*)(?![\d/–-])")
MOVES = ("change", "percent", "points", "ratio")
PARTLY = "what it says of the tables holds, but not every part of the sentence can be judged"


def judge_claims(claims: Sequence[Claim], context: ClaimContext) -> list[Judgement]:
    """Give a verdict for each claim; none is confirmed where another part of its sentence can't be judged, and none
    accused where its sentence gives two numbers for one figure."""
    judged = [judge_claim(claim, context) for claim in claims]
    for _, group in groupby(range(len(claims)), key=lambda place: (claims[place].group, claims[place].sentence)):
        places = [place for place in group if claims[place].words]
        for place in places:
            is_rival = any(_is_rival(claims[place], claims[other], context) for other in places)
            if judged[place].verdict == "contradicted" and is_rival:
                judged[place] = untied("the sentence gives two numbers for one figure", judged[place].recomputed)
        if any(judged[place].verdict == "no_table" and _leaves_doubt(claims[place]) for place in places):
            for place in places:
                if judged[place].verdict == "confirmed":
                    judged[place] = untied(PARTLY, judged[place].recomputed)
    return judged


def _is_rival(claim: Claim, other: Claim, context: ClaimContext) -> bool:
    """`We had 33 last year; we had 63 this time`: another number for the very figure, so one is of another time."""
    (own, *_), (its, *_) = (one.readings or (None,) for one in (claim, other))
    its = next((one.reading for one in context.recompute(other.readings) if agrees(other, one)), its)
    kinds, may_be_either = {claim.kind, other.kind}, claim.kind == "previous_level" and len(claim.readings) > 1
    if may_be_either or own is None or its is None or not kinds <= {"level", "previous_level", "share"}:
        return False  # "… in Q4 (79 to 97)"
    is_same = (own.indicator, own.span, own.metric, own.measure) == (its.indicator, its.span, its.metric, its.measure)
    return is_same and claim.is_exact and other.is_exact and claim.stated != other.stated


def _leaves_doubt(claim: Claim) -> bool:
    """Money, or something that the tables don't have, says nothing about the rest of its sentence."""
    apart = claim.kind == "budget" or claim.indicator.startswith(OPEN)
    return not apart and claim.why_untied not in (NO_TABLE, NO_PART)


def judge_claim(claim: Claim, context: ClaimContext) -> Judgement:
    """Give the verdict on any claim."""
    kind = claim.judged_as or claim.kind
    if claim.why_untied and kind not in BY_OWN_PARTS:
        return untied(claim.why_untied)
    judged = (BY_OWN_PARTS | KINDS).get(kind, judge_number)(claim, context)
    new_level = _find_new_level(claim, context) if judged.verdict == "confirmed" else ""
    return untied(new_level, judged.recomputed) if new_level else judged


def _find_new_level(claim: Claim, context: ClaimContext) -> str:
    """The partnership's decision that parts the two spans of a change, in words; or nothing."""
    for one in context.figures.catalogue.rebases:
        own = [found for found in claim.readings if found.indicator == one.indicator and found.metric in MOVES]
        days = [(found.base.days[0], found.span.days[1]) for found in own if found.base]
        if any(first < one.date_from <= last for first, last in days):
            return one.why_not()
    return ""


def _judge_share(claim: Claim, context: ClaimContext) -> Judgement:
    if claim.readings and claim.readings[0].whole.endswith(OF_FORCE):
        has_table = recompute(claim.readings[0], context.figures) is not None
        return judge_number(claim, context) if has_table else _implied(claim, context)
    parts = _PART.search(claim.words) if claim.words else _PART.search(claim.location)
    if claim.readings or parts is None:
        return judge_number(claim, context)
    n, whole = (float(part.replace(",", "")) for part in parts.groups())
    if not whole or claim.printed is None:
        return untied(claim.why_untied)
    words = f"{parts[1]} of {parts[2]} is {100 * n / whole:.1f}%"
    if "%" in claim.stated and not is_print_of(claim.printed, 100 * n / whole):
        return Judgement("contradicted", f"{100 * n / whole:.1f}%", sentence(f"{words}, not {claim.stated}"))
    return untied(f"{words}, but the tables don't have this part")


def _implied(claim: Claim, context: ClaimContext) -> Judgement:
    """A share of the force without a table of the area: what the report's own change in number and percent gives."""
    (reading,), figures = claim.readings, context.figures
    whole = figures.get(reading.whole, reading.span)
    own = [one for one in context.claims if one.readings and one.readings[0].indicator == reading.indicator]
    stated = {one.readings[0].metric: one for one in reversed(own) if one.printed}
    change, percent = stated.get("change"), stated.get("percent")
    if whole is None or change is None or percent is None or not (claim.printed and change.printed and percent.printed):
        return untied("no open table here has both figures; swp fetch crime brings them")
    size, share, half = change.printed.size, percent.printed.size, percent.printed.unit / 2
    before = [100 * size / (share + half), 100 * size / (share - half)]
    now = change.readings[0]
    added = 0 if reading.span == now.base else -size if change.direction == "down" else size
    if reading.span not in (now.base, now.span) or share <= half:
        return untied("no open table here has both figures; swp fetch crime brings them")
    least, most = (100 * (one + added) / whole.value for one in before)
    shown = f"{least:.2f}–{most:.2f}%"
    words = f"the report's own {change.stated} and {percent.stated} make {shown} of the {whole.value:,.0f} of the force"
    if is_print_of(claim.printed, least, most):
        return untied(f"{words}, which agrees, but no table of the area is here", shown)
    return Judgement("different_scope", shown, sentence(f"{claim.stated} in the text; {words} in {reading.span}"))


def _judge_number_behind(claim: Claim, context: ClaimContext) -> Judgement:
    """`7 of 46` beside a share, or of a group: both numbers are in the tables."""
    pairs = [pair for reading in claim.readings if (pair := _numbers_behind(reading, context))]
    if not pairs or claim.amount is None:
        return untied("the tables don't give the numbers behind this share")
    shown = " or ".join(f"{n:,g} of {whole:,g}" for n, whole in pairs)
    stated = (claim.amount.size, claim.amount.total)
    if not any(one == other for pair in pairs for one, other in zip(stated, pair, strict=True)):
        return untied(f"{claim.stated} may be of others: the tables have {shown}", shown)
    return decide(stated in pairs, shown, f"{claim.stated} in the text; {shown} in the table")


def _numbers_behind(reading: FigureMeant, context: ClaimContext) -> tuple[float, float] | None:
    """n and N of a share, printed beside it or the rows that it is made of; or of a part and its whole."""
    figures = context.figures
    share = figures.get(reading.indicator, reading.span)
    if share is not None and share.numerator is not None and share.denominator is not None:
        return share.numerator, share.denominator
    whole = figures.get(reading.whole, reading.base or reading.span) if reading.whole else None
    return (share.value, whole.value) if share and whole and share.certain and whole.certain else None


def _judge_sum(claim: Claim, context: ClaimContext) -> Judgement:
    numbers = [printed.value for part in re.split(r"[+=]", claim.stated) if (printed := read_printed(part))]
    stated_total = numbers.pop() if "=" in claim.stated and len(numbers) > 1 else None
    added, total = " + ".join(write_number(n) for n in numbers), sum(numbers)
    words = f"{added} = {write_number(total)}"
    if stated_total is not None and stated_total != total:
        return Judgement("contradicted", write_number(total), sentence(f"{words}, not {write_number(stated_total)}"))
    results = [one for r in claim.readings if (one := recompute(replace(r, metric="level"), context.figures))]
    if not results or not results[0].certain:
        return untied(claim.why_untied or "the parts have no table of their own", write_number(total))
    whole = results[0].value
    words = f"{words}; the table has {write_number(whole)} for {results[0].reading.span}"
    return decide(total == whole, write_number(whole), words)


def _judge_budget(claim: Claim, context: ClaimContext) -> Judgement:
    """Money: a stated total against the parts stated in the same place."""
    money = [one for one in context.claims if one.kind == "budget" and one.group == claim.group]
    totals = [one for one in money if TOTAL_WORDS.search(one.location.partition(":")[2] + " " + one.unit)]
    pounds = [_pounds(one) for one in money if one not in totals]
    parts = [part for part in pounds if part is not None]
    if totals != [claim] or len(parts) < 2 or None in pounds or (stated := _pounds(claim)) is None:
        return untied("the tables hold no money")
    difference, shown = stated - sum(parts), f"£{sum(parts):,.0f}"
    words = f"{' + '.join(f'£{part:,.0f}' for part in parts)} is {shown}"
    if difference:
        words += f", not £{stated:,.0f}: £{abs(difference):,.0f} {'less' if difference < 0 else 'more'} than its parts"
    return decide(not difference, shown, words)


def _pounds(claim: Claim) -> float | None:
    match = _MONEY.fullmatch(claim.stated.strip())
    return float(match[1].replace(",", "")) if match else None


def _judge_measures(claim: Claim, context: ClaimContext) -> Judgement:
    """Give a number of measures in all, or of those that met their aim, in the theme that the claim names."""
    printed = claim.printed
    if not claim.theme or printed is None:
        return untied(claim.why_untied or "the measures are not named")
    members = context.figures.catalogue.of_theme(claim.theme)
    rows = [one for one in members if one.id not in {member.companion_share for member in members}]
    if claim.kind != "achieved":
        words = f"{claim.stated} in the text; the table has {count_noun(len(rows), 'row')}"
        return decide(printed.value == len(rows), str(len(rows)), words)
    outcomes = [_outcome(row, context) for row in rows]
    met, open_ = outcomes.count("met"), outcomes.count("open")
    missed, every = outcomes.count("missed"), count_noun(len(rows), "row")
    counted = f"of {every} {met} moved as asked, {missed} didn't and {open_} can't be judged"
    recomputed = f"{met} to {met + open_}" if open_ else str(met)
    if open_ and met <= printed.value <= met + open_:
        words = f"{counted}; {claim.stated} is reached only by counting some of those as successes"
        return Judgement("different_scope", recomputed, sentence(words))
    return decide(printed.value == met, recomputed, f"{claim.stated} in the text; {counted}")


def _outcome(indicator: Indicator, context: ClaimContext) -> str:
    """`met`, `missed` or `open`; a row that stood still, or whose share moved the other way, is open."""
    year = context.figures.years[-1]
    wanted, _ = wanted_direction(indicator, context)
    reading = FigureMeant(indicator.id, "change", YearSpan(year), YearSpan(previous_year(year)))
    result = recompute(reading, context.figures)
    if not wanted or result is None or not result.certain or result.value == 0 or indicator.good_direction == "neutral":
        return "open"
    return "met" if (result.value > 0) == (wanted == "up") else "missed"


# How each kind of claim is judged; those of the first table may be judged without a figure of the tables.
BY_OWN_PARTS: dict[str, Callable[[Claim, ClaimContext], Judgement]] = {
    "measures": _judge_measures,
    "share": _judge_share,
    "sum": _judge_sum,
    "budget": _judge_budget,
}
KINDS: dict[str, Callable[[Claim, ClaimContext], Judgement]] = {
    **dict.fromkeys(ROW_KINDS, judge_row),
    "number_behind": _judge_number_behind,
    **dict.fromkeys(("achieved", "not_achieved", "beside_target", "target", "target_gap"), judge_aim),
    "rank": lambda claim, context: untied("the tables have no other areas to rank"),
}
