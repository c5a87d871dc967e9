"""Verdicts on several figures at once: rows of quarters, and pairs of indicators. In: a claim. Out: a `Judgement`.

Every quarter that a claim speaks of must have a figure; where words leave open what is compared, all ways are tried.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.recompute import Result, recompute, write_number
from swp_analysis.audit.spans_meant import quarter_before
from swp_analysis.audit.verdicts import UNTIED, ClaimContext, Judgement, sentence, untied
from swp_analysis.catalogue.periods import QUARTERS, previous_year

NOT_ALL = "not every quarter has a figure"


def _values(readings: list[FigureMeant], evidence: ClaimContext) -> list[float]:
    """The figures of readings, or none where one is missing or only bounded."""
    results = [recompute(reading, evidence.figures) for reading in readings]
    return [one.value for one in results if one] if all(one and one.certain for one in results) else []


def _answer(holds: bool | None, recomputed: str, words: str, claim: Claim) -> Judgement:
    if holds is None:
        return untied(f"{words}, which leaves {claim.stated!r} open to argument", recomputed)
    if holds:
        return Judgement("confirmed", recomputed, sentence(words))
    return Judgement("contradicted", recomputed, sentence(f"the text says {claim.stated}, but {words}"))


def _list(values: list[float]) -> str:
    return ", ".join(write_number(value) for value in values)


def judge_extreme(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`The second highest of the year`: the place of a quarter among those it is compared with."""
    if not claim.readings:
        return untied(claim.why_untied or UNTIED)
    reading, stated = claim.readings[0], claim.stated.lower()
    if "each quarter" in stated or "every quarter" in stated:  # typed in claims.csv
        return judge_each_quarter(replace(claim, direction=claim.direction or "up"), evidence)
    if reading.span.is_year or not ("lowest" in stated or "highest" in stated) or stated.startswith("one of"):
        return untied("the tables have no other years or areas to compare with")
    scope = claim.scope or tuple(YearSpan(reading.span.year, (quarter,)) for quarter in QUARTERS)
    values = _values([replace(reading, span=span) for span in scope], evidence)
    if not values:
        return untied(NOT_ALL)
    own = values[scope.index(reading.span)] if reading.span in scope else None
    if own is None:
        return untied(UNTIED)
    best = (min if "lowest" in stated else max)(values)
    words = f"the quarters are {_list(values)}, and {reading.span} has {write_number(own)}"
    quarter = scope[values.index(best)].quarters[0]
    return _answer(_has_place(own, values, claim), f"{write_number(best)} (Q{quarter})", words, claim)


def _has_place(own: float, values: list[float], claim: Claim) -> bool | None:
    """Whether a figure has the stated place; with equal figures only where every way of counting them agrees."""
    ahead = [value for value in values if (value < own if "lowest" in claim.stated.lower() else value > own)]
    places = {len(ahead) + 1, len(set(ahead)) + 1, len(ahead) + values.count(own)}
    stated = claim.number or 1
    return stated in places if len(places) == 1 or stated not in places else None


def judge_extreme_value(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Peaked at 12`: the highest of the year, or of both."""
    values = (
        _values([replace(claim.readings[0], span=span) for span in claim.scope], evidence) if claim.readings else []
    )
    if not values or claim.amount is None:
        return untied(NOT_ALL)
    best = (max if claim.direction == "up" else min)(values)
    return _answer(claim.amount.fits(best), write_number(best), f"the quarters are {_list(values)}", claim)


def judge_run(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Has fallen for three quarters`: each of the last changes."""
    moves = _values(list(claim.readings), evidence)
    if not moves:
        return untied(claim.why_untied or NOT_ALL)
    words = f"the changes were {', '.join(f'{move:+g}' for move in moves)}"
    return _answer(_all_move(moves, claim.direction), words.removeprefix("the changes were "), words, claim)


def _all_move(moves: list[float], direction: str) -> bool:
    sign = -1 if direction.endswith("down") else 1
    if direction.startswith("not "):
        return all(sign * move <= 0 for move in moves)
    return all(sign * move > 0 for move in moves)


def judge_each_quarter(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Rose in each quarter`: within the year; on the same quarter of the year before (`number` 1); or on the quarter
    before, the first one's too (2)."""
    if not claim.readings:
        return untied(claim.why_untied or UNTIED)
    first = replace(claim.readings[0], metric="level")
    spans = [YearSpan(first.span.year, (quarter,)) for quarter in QUARTERS]
    lead = [quarter_before(spans[0])] if claim.number == 2 else []
    is_share = evidence.figures.catalogue.indicators[first.indicator].unit == "percent"
    candidates = [first, replace(first, measure="number")] if is_share else [first]
    ways = []
    for one in candidates:
        values = _values([replace(one, span=span) for span in (*lead, *spans)], evidence)
        ways += [[b - a for a, b in pairwise(values)]] if values and claim.number != 1 else []
        values = values[len(lead) :]
        for base in (previous_year(first.span.year),):
            before = _values([replace(one, span=YearSpan(base, span.quarters)) for span in spans], evidence)
            if values and before:
                ways.append([b - a for a, b in zip(before, values, strict=True)])
    if not ways:
        return untied("not every quarter of the year has a figure")
    held = [_all_move(moves, claim.direction) for moves in ways]
    shown = _list(_values([replace(first, span=span) for span in spans], evidence))
    holds = held[0] or (None if any(held) else False)  # first what is said, the year's own quarters
    return _answer(holds, shown, f"the quarters of {spans[0].year.replace('-', '/')} are {shown}", claim)


def judge_every_level(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Below 100 in Q3 and Q4`, `never under 78 in any quarter`: the amount holds in each."""
    values = _values(list(claim.readings), evidence)
    if not values or claim.amount is None:
        return untied(claim.why_untied or NOT_ALL)
    answers = [_beyond(claim.amount, value) for value in values]
    parts = "years" if claim.readings[0].span.is_year else "quarters"
    return _answer(all(answers), _list(values), f"the {parts} are {_list(values)}", claim)


def _beyond(amount: Amount, value: float) -> bool:
    size = amount.size
    tests = {"over": value > size, "under": value < size, "at_least": value >= size, "at_most": value <= size}
    return tests.get(amount.bound, amount.fits(value) is not False)


def judge_range(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Between 49 and 67 a quarter`: the least and the greatest; wider ends would hold, but say something else."""
    values = _values(list(claim.readings), evidence)
    if not values or claim.amount is None or claim.highest is None:
        return untied(claim.why_untied or NOT_ALL)
    low, high = claim.amount, claim.highest
    within = all(low.size <= value <= high.size for value in values)
    meets = low.fits(min(values)) is True and high.fits(max(values)) is True
    holds = True if meets else None if within else False
    return _answer(holds, _list(values), f"the quarters are {_list(values)}", claim)


def judge_average(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`An average of 55 a quarter`: the year, divided."""
    values = _values(list(claim.readings), evidence)
    if not values or claim.amount is None:
        return untied(claim.why_untied or NOT_ALL)
    mean = values[0] / claim.number
    part = "quarter" if claim.number == 4 else "month"
    words = f"{write_number(values[0])} in {claim.readings[0].span} is {mean:,.1f} a {part}"
    return _answer(claim.amount.fits(mean), f"{mean:,.1f}", words, claim)


def _pair(claim: Claim, evidence: ClaimContext) -> list[Result]:
    found = [recompute(reading, evidence.figures) for reading in claim.readings]
    return [one for one in found if one] if len(found) == 2 and all(one and one.certain for one in found) else []


def _two(claim: Claim, evidence: ClaimContext, write) -> str:
    results = _pair(claim, evidence)
    labels = [evidence.figures.catalogue.indicators[one.reading.indicator].short_label for one in results]
    return " and ".join(f"{label} {write(one)}" for label, one in zip(labels, results, strict=True))


def _is_comparable(results: list[Result]) -> bool:
    return len(results) == 2 and results[0].is_share == results[1].is_share


def judge_levels(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`More robberies than knife crimes`."""
    results = _pair(claim, evidence)
    if not _is_comparable(results):
        return untied(claim.why_untied or UNTIED)
    one, other = (result.value for result in results)
    shown = _two(claim, evidence, lambda result: write_number(result.value, share=result.is_share))
    return _answer(one > other if claim.direction == "up" else one < other, shown, f"the table has {shown}", claim)


def judge_times(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Five times as common as gun crime`."""
    results = _pair(claim, evidence)
    if not _is_comparable(results) or claim.amount is None or not results[1].value:
        return untied(claim.why_untied or UNTIED)
    ratio = results[0].value / results[1].value
    shown = _two(claim, evidence, lambda result: write_number(result.value, share=result.is_share))
    amount = replace(claim.amount, rough=True)
    return _answer(amount.fits(ratio), f"{ratio:.1f}", f"the table has {shown}, {ratio:.1f} times", claim)


def judge_gap(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`158 more knife crimes than gun crimes`."""
    results = _pair(claim, evidence)
    if not _is_comparable(results) or claim.amount is None or claim.amount.metric != "count":
        return untied(claim.why_untied or UNTIED)
    gap = results[0].value - results[1].value
    holds = claim.amount.fits(abs(gap)) if (gap > 0) == (claim.direction == "up") else False
    shown = _two(claim, evidence, lambda result: write_number(result.value, share=result.is_share))
    return _answer(holds, write_number(abs(gap)), f"the table has {shown}, {write_number(abs(gap))} apart", claim)


def _write_percent(result: Result) -> str:
    return f"{result.value:+.1f}%"


def judge_pace(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Rose faster than gun crime`: both moved that way, and one by more percent."""
    results = _pair(claim, evidence)
    if len(results) != 2:
        return untied(claim.why_untied or UNTIED)
    way, pace = claim.direction.split()
    sign = 1 if way == "up" else -1
    one, other = (sign * result.value for result in results)
    holds = min(one, other) > 0 and (one > other if pace == "up" else one < other)
    shown = _two(claim, evidence, _write_percent)
    return _answer(holds, shown, f"the table has {shown}", claim)


def judge_moves(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`Both rose`."""
    results = _pair(claim, evidence)
    if len(results) != 2:
        return untied(claim.why_untied or UNTIED)
    shown = _two(claim, evidence, _write_percent)
    return _answer(_all_move([one.value for one in results], claim.direction), shown, f"the table has {shown}", claim)
