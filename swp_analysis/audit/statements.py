"""Claims that are more than one number: extremes, movements, aims, sums, money. In: a claim and the evidence. Out: a
`Judgement`; `judge` picks the right one for a kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.aims import judge_aim, judge_aim_count
from swp_analysis.audit.claims import Claim
from swp_analysis.audit.own_numbers import judge_dispersion, judge_interval, judge_printed_baseline, judge_tested
from swp_analysis.audit.recompute import recompute, write_number, write_pair
from swp_analysis.audit.verdicts import Evidence, Judgement, judge_number, quarters_of, sentence, untied
from swp_analysis.catalogue.periods import display_year
from swp_analysis.engines.small_numbers.rounding import is_print_of, read_printed

TOTAL_WORDS = re.compile(r"\b(?:total|sum|altogether|budget of)\b", re.IGNORECASE)
_MONEY = re.compile(r"£\s*(\d[\d,]*(?:\.\d+)?)(?![\d.]*\s*[kKmM])")


def judge(claim: Claim, evidence: Evidence) -> Judgement:
    """The verdict on any claim."""
    if claim.why_untied and claim.kind not in ("budget", "achieved", "level", "sum", "share"):
        return untied(claim.why_untied)
    return JUDGES.get(claim.kind, judge_number)(claim, evidence)


def _judge_level(claim: Claim, evidence: Evidence) -> Judgement:
    if claim.unit == "measures":
        return judge_aim_count(claim, evidence)
    return judge_number(claim, evidence)


def _judge_share(claim: Claim, evidence: Evidence) -> Judgement:
    parts = re.search(r"(\d[\d,]*) (?:out )?of (\d[\d,]*)", f"{claim.location} {claim.words}")
    if claim.readings or parts is None:
        return judge_number(claim, evidence)
    n, whole = (float(part.replace(",", "")) for part in parts.groups())
    if not whole or claim.printed is None:
        return untied(claim.why_untied)
    words = f"{parts[1]} of {parts[2]} is {100 * n / whole:.1f}%"
    if "%" in claim.stated and not is_print_of(claim.printed, 100 * n / whole):
        return Judgement("contradicted", f"{100 * n / whole:.1f}%", sentence(f"{words}, not {claim.stated}"))
    return untied(f"{words}, but the tables don't have this part")


def _judge_extreme(claim: Claim, evidence: Evidence) -> Judgement:
    if not claim.readings:
        return untied(claim.why_untied or "the statement can't be tied to one figure of the tables")
    reading, stated = claim.readings[0], claim.stated.lower()
    candidates = [reading, replace(reading, measure="number")]
    series = [values for one in candidates if (values := quarters_of(one, evidence.figures))]
    if not series:
        return untied("not every quarter of the year has a figure")
    shown = ", ".join(write_number(value) for value in series[0])
    if "each quarter" in stated or "every quarter" in stated:
        steady = any(_moves_steadily(values, claim.direction) for values in series)
        return _yes_or_no(steady, shown, f"the quarters of {display_year(reading.span.year)} are {shown}", claim)
    if stated not in ("lowest", "highest") or reading.span.is_year:
        return untied("the tables have no other years or areas to compare with")
    best = min if stated == "lowest" else max
    quarter = reading.span.quarters[0]
    values = series[0]
    holds = values[quarter - 1] == best(values)
    at = values.index(best(values)) + 1
    found = write_number(best(values))
    words = f"the quarters of {display_year(reading.span.year)} are {shown}, and the {stated} is {found}"
    return _yes_or_no(holds, f"{found} (Q{at})", words, claim)


def _moves_steadily(values: list[float], direction: str) -> bool:
    return all(b > a if direction == "up" else b < a for a, b in pairwise(values))


def _yes_or_no(holds: bool, recomputed: str, words: str, claim: Claim) -> Judgement:
    if holds:
        return Judgement("confirmed", recomputed, sentence(words))
    return Judgement("contradicted", recomputed, sentence(f"the text says {claim.stated}, but {words}"))


def _judge_same(claim: Claim, evidence: Evidence) -> Judgement:
    if not claim.readings:
        return untied(claim.why_untied or "the statement can't be tied to one figure of the tables")
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
    return Judgement("contradicted", pair, sentence(words))


def _judge_movement(claim: Claim, evidence: Evidence) -> Judgement:
    """A bare `increased` or `not increased`, without a number."""
    results = [one for r in claim.readings if (one := recompute(replace(r, metric="change"), evidence.figures))]
    if not results or not all(result.certain for result in results):
        return untied(claim.why_untied or "the tables don't give both figures")
    wanted = claim.direction.removeprefix("not ")
    negated = claim.direction.startswith("not ")
    for result in results:
        moved = result.lowest > 0 if wanted == "up" else result.highest < 0
        if moved != negated:
            return Judgement("confirmed", write_pair(result), sentence(_movement_words(result, "the table has")))
    if any(result.lowest <= 0 <= result.highest for result in results):
        return untied(f"{_movement_words(results[0], 'the table has')}, which is not clearly {claim.direction}")
    words = f"the text says {claim.direction}; {_movement_words(results[0], 'the table has')}"
    return Judgement("contradicted", write_pair(results[0]), sentence(words))


def _movement_words(result, lead: str) -> str:
    return f"{lead} {write_pair(result)} ({result.reading.base} to {result.reading.span})"


def _judge_sum(claim: Claim, evidence: Evidence) -> Judgement:
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
    verdict = "contradicted" if claim.unit != "some parts" or sum(numbers) > whole else "different_scope"
    return Judgement(verdict, write_number(whole), sentence(words))


def _judge_budget(claim: Claim, evidence: Evidence) -> Judgement:
    """Money: a stated total against the parts stated in the same place."""
    money = [one for one in evidence.claims if one.kind == "budget" and one.group == claim.group]
    totals = [one for one in money if TOTAL_WORDS.search(one.location.partition(":")[2] + " " + one.unit)]
    parts = [_pounds(one) for one in money if one not in totals]
    if totals != [claim] or len(parts) < 2 or None in parts or (stated := _pounds(claim)) is None:
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


def _judge_rank(claim: Claim, evidence: Evidence) -> Judgement:
    return untied("the tables have no other areas to rank")


JUDGES: dict[str, Callable[[Claim, Evidence], Judgement]] = {
    "level": _judge_level,
    "share": _judge_share,
    "extreme": _judge_extreme,
    "same_as": _judge_same,
    "movement": _judge_movement,
    "sum": _judge_sum,
    "budget": _judge_budget,
    "rank": _judge_rank,
    "achieved": judge_aim,
    "not_achieved": judge_aim,
    "interval": judge_interval,
    "dispersion": judge_dispersion,
    "baseline": judge_printed_baseline,
    "tested": judge_tested,
}
