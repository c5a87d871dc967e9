"""The verdict on any claim. In: a claim and its context. Out: a `Judgement`; `KINDS` is the table of kinds and judges.

Numbers are judged in `verdicts`, aims in `aims`, rows of quarters and pairs in `series_verdicts`; here the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from swp_analysis.audit.aims import judge_aim, judge_aim_count
from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.recompute import recompute, write_number, write_pair
from swp_analysis.audit.scenes import NO_PART, NO_TABLE
from swp_analysis.audit.series_verdicts import (
    judge_average,
    judge_each_quarter,
    judge_every_level,
    judge_extreme,
    judge_extreme_value,
    judge_gap,
    judge_levels,
    judge_moves,
    judge_pace,
    judge_range,
    judge_run,
    judge_times,
)
from swp_analysis.audit.verdicts import UNTIED, ClaimContext, Judgement, Verdict, judge_number, sentence, untied
from swp_analysis.engines.small_numbers.rounding import is_print_of, read_printed

TOTAL_WORDS = re.compile(r"\b(?:total|sum|altogether|budget of)\b", re.IGNORECASE)
_MONEY = re.compile(r"£\s*(\d[\d,]*(?:\.\d+)?)(?![\d.]*\s*[kKmM])")
PARTLY = "what it says of the tables holds, but not every part of the sentence can be judged"
# Kinds that may be judged without a figure of the tables: by the text's own parts.
_SELF_CONTAINED = ("budget", "achieved", "level", "sum", "share")


def judge_claims(claims: Sequence[Claim], context: ClaimContext) -> list[Judgement]:
    """Give a verdict for each claim; none is confirmed where another part of its sentence can't be judged."""
    judged = [judge_claim(claim, context) for claim in claims]
    for _, group in groupby(range(len(claims)), key=lambda place: (claims[place].group, claims[place].sentence)):
        places = [place for place in group if claims[place].words]
        if any(judged[place].verdict == "no_table" and _leaves_doubt(claims[place]) for place in places):
            for place in places:
                if judged[place].verdict == "confirmed":
                    judged[place] = untied(PARTLY, judged[place].recomputed)
    return judged


def _leaves_doubt(claim: Claim) -> bool:
    """Money, or something that the tables don't have, says nothing about the rest of its sentence."""
    return claim.kind != "budget" and claim.why_untied not in (NO_TABLE, NO_PART)


def judge_claim(claim: Claim, evidence: ClaimContext) -> Judgement:
    """Give the verdict on any claim."""
    if claim.why_untied and claim.kind not in _SELF_CONTAINED:
        return untied(claim.why_untied)
    return KINDS.get(claim.kind, judge_number)(claim, evidence)


def _judge_level(claim: Claim, evidence: ClaimContext) -> Judgement:
    if claim.unit == "measures":
        return judge_aim_count(claim, evidence)
    return judge_number(claim, evidence)


def _judge_share(claim: Claim, evidence: ClaimContext) -> Judgement:
    parts = re.search(r"(?<![\w,.])(\d[\d,]*) (?:out )?of (\d[\d,]*)(?![\d/–-])", f"{claim.location} {claim.words}")
    if claim.readings or parts is None:
        return judge_number(claim, evidence)
    n, whole = (float(part.replace(",", "")) for part in parts.groups())
    if not whole or claim.printed is None:
        return untied(claim.why_untied)
    words = f"{parts[1]} of {parts[2]} is {100 * n / whole:.1f}%"
    if "%" in claim.stated and not is_print_of(claim.printed, 100 * n / whole):
        return Judgement("contradicted", f"{100 * n / whole:.1f}%", sentence(f"{words}, not {claim.stated}"))
    return untied(f"{words}, but the tables don't have this part")


def _judge_number_behind(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`7 of 46` beside a share: both numbers are in the tables."""
    pairs = [pair for reading in claim.readings if (pair := _numbers_behind(reading, evidence))]
    if not pairs or claim.amount is None:
        return untied("the tables don't give the numbers behind this share")
    shown = " or ".join(f"{n:g} of {whole:g}" for n, whole in pairs)
    holds = (claim.amount.size, claim.amount.total) in pairs
    return Judgement(
        "confirmed" if holds else "contradicted", shown, sentence(f"{claim.stated} in the text; {shown} in the table")
    )


def _judge_same(claim: Claim, evidence: ClaimContext) -> Judgement:
    if not claim.readings:
        return untied(claim.why_untied or UNTIED)
    reading = claim.readings[0]
    result = recompute(replace(reading, metric="change"), evidence.figures)
    if result is None or not result.certain:
        return untied("the tables don't give both figures")
    pair, printed = write_pair(result), claim.printed if claim.stated[:1].isdigit() else None
    said = f"{claim.stated} in both" if printed is not None else "the same"
    words = f"{said} in the text; {pair} ({reading.base} to {reading.span}) in the table"
    if result.lowest <= 0 <= result.highest and (
        printed is None or result.new.lowest <= printed.value <= result.new.highest
    ):
        return Judgement("confirmed", pair, sentence(words))
    if printed is None and result.base and abs(result.value) <= 0.02 * result.base.value:
        return untied(f"{words}, which is near enough to be meant so", pair)
    return Judgement("contradicted", pair, sentence(words))


def _judge_nearly_same(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Almost unchanged`: within 2% is, beyond 8% is not."""
    results = [one for r in claim.readings if (one := recompute(replace(r, metric="percent"), evidence.figures))]
    if not results or not results[0].certain or results[0].is_share:
        return untied(claim.why_untied or "the tables don't give both figures")
    size, pair = abs(results[0].value), write_pair(results[0])
    if 2 < size < 8:
        return untied(f"whether {pair} is a change is open to argument", pair)
    words = f"{claim.stated} in the text; {pair} in the table"
    return Judgement("confirmed" if size <= 2 else "contradicted", pair, sentence(words))


def _numbers_behind(reading: FigureMeant, evidence: ClaimContext) -> tuple[float, float] | None:
    """n and N of a share: printed beside it, or the rows that it is made of."""
    indicator = evidence.figures.catalogue.indicators[reading.indicator]
    share = evidence.figures.get(indicator.id, reading.span)
    if share is not None and share.numerator is not None and share.denominator is not None:
        return share.numerator, share.denominator
    if not indicator.numerator or not indicator.denominator:
        return None
    parts = [evidence.figures.get(name, reading.span) for name in (indicator.numerator, indicator.denominator)]
    values = [one.value for one in parts if one and one.certain]
    return (values[0], values[1]) if len(values) == 2 else None


def _judge_movement(claim: Claim, evidence: ClaimContext) -> Judgement:
    """A bare `increased` or `not increased`, without a number."""
    results = [one for r in claim.readings if (one := recompute(replace(r, metric="change"), evidence.figures))]
    if not results or not all(result.certain for result in results):
        return untied(claim.why_untied or "the tables don't give both figures")
    wanted = claim.direction.removeprefix("not ")
    negated = claim.direction.startswith("not ")
    for result in results:
        moved = result.lowest > 0 if wanted == "up" else result.highest < 0
        if moved != negated and claim.weak:
            return untied(f"{_movement_words(result, 'the table has')}; how much that is, is open to argument")
        if moved != negated:
            return Judgement("confirmed", write_pair(result), sentence(_movement_words(result, "the table has")))
    if any(result.lowest <= 0 <= result.highest and result.lowest < result.highest for result in results):
        return untied(f"{_movement_words(results[0], 'the table has')}, which is not clearly {claim.direction}")
    words = f"the text says {claim.direction}; {_movement_words(results[0], 'the table has')}"
    return Judgement("contradicted", write_pair(results[0]), sentence(words))


def _movement_words(result, lead: str) -> str:
    return f"{lead} {write_pair(result)} ({result.reading.base} to {result.reading.span})"


def _judge_sum(claim: Claim, evidence: ClaimContext) -> Judgement:
    numbers = [printed.value for part in re.split(r"[+=]", claim.stated) if (printed := read_printed(part))]
    stated_total = numbers.pop() if "=" in claim.stated and len(numbers) > 1 else None
    added = f"{' + '.join(write_number(n) for n in numbers)} = {write_number(sum(numbers))}"
    if stated_total is not None and stated_total != sum(numbers):
        return Judgement(
            "contradicted", write_number(sum(numbers)), sentence(f"{added}, not {write_number(stated_total)}")
        )
    results = [one for r in claim.readings if (one := recompute(replace(r, metric="level"), evidence.figures))]
    if not results or not results[0].certain:
        return untied(claim.why_untied or "the parts have no table of their own", write_number(sum(numbers)))
    whole = results[0].value
    words = f"{added}; the table has {write_number(whole)} for {results[0].reading.span}"
    if sum(numbers) == whole:
        return Judgement("confirmed", write_number(whole), sentence(words))
    # Parts that stay below the whole may be only the parts worth naming.
    verdict: Verdict = "contradicted" if claim.unit != "some parts" or sum(numbers) > whole else "different_scope"
    return Judgement(verdict, write_number(whole), sentence(words))


def _judge_budget(claim: Claim, evidence: ClaimContext) -> Judgement:
    """Money: a stated total against the parts stated in the same place."""
    money = [one for one in evidence.claims if one.kind == "budget" and one.group == claim.group]
    totals = [one for one in money if TOTAL_WORDS.search(one.location.partition(":")[2] + " " + one.unit)]
    pounds = [_pounds(one) for one in money if one not in totals]
    parts = [part for part in pounds if part is not None]
    if totals != [claim] or len(parts) < 2 or None in pounds or (stated := _pounds(claim)) is None:
        return untied("the tables hold no money")
    added = " + ".join(f"£{part:,.0f}" for part in parts)
    difference = stated - sum(parts)
    words = f"{added} is £{sum(parts):,.0f}"
    if not difference:
        return Judgement("confirmed", f"£{sum(parts):,.0f}", sentence(words))
    words += f", not £{stated:,.0f}: £{abs(difference):,.0f} {'less' if difference < 0 else 'more'} than its parts"
    return Judgement("contradicted", f"£{sum(parts):,.0f}", sentence(words))


def _pounds(claim: Claim) -> float | None:
    match = _MONEY.fullmatch(claim.stated.strip())
    return float(match[1].replace(",", "")) if match else None


KINDS: dict[str, Callable[[Claim, ClaimContext], Judgement]] = {
    "level": _judge_level,
    "share": _judge_share,
    "number_behind": _judge_number_behind,
    "movement": _judge_movement,
    "same_as": _judge_same,
    "nearly_same": _judge_nearly_same,
    "extreme": judge_extreme,
    "extreme_value": judge_extreme_value,
    "run": judge_run,
    "each_quarter": judge_each_quarter,
    "every_level": judge_every_level,
    "average": judge_average,
    "range": judge_range,
    "compare_levels": judge_levels,
    "compare_times": judge_times,
    "compare_pace": judge_pace,
    "both_moved": judge_moves,
    "neither_moved": judge_moves,
    "compare_gap": judge_gap,
    "sum": _judge_sum,
    "budget": _judge_budget,
    "rank": lambda claim, evidence: untied("the tables have no other areas to rank"),
    "achieved": judge_aim,
    "not_achieved": judge_aim,
}
