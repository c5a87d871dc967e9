"""Was a target reached? In: a claim about an aim with its context. Out: a `Judgement`.

A year's figure is held against the catalogue's `target` of its indicator and year, by the direction that is good. Where
there is none, only the direction that the report itself prints for the row says what the aim is.
"""

from dataclasses import replace
from typing import Literal

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.recompute import Result, recompute, write_number
from swp_analysis.audit.verdicts import UNTIED, ClaimContext, Judgement, decide, sentence, untied
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year


def aimed_direction(indicator: Indicator) -> Literal["lower", "higher", "neutral"]:
    """Give the way in which an aim is reached, or "neutral" until it is declared what the figure measures; reports that
    are wanted can reach an aim, though a change of them is not judged."""
    return "neutral" if indicator.measures is None else indicator.good_direction


def measure_distance(value: float, aim: float, *, at_least: bool) -> float:
    """Give what is missing to an aim, as it is printed; nothing or less where it was reached."""
    return round(aim - value if at_least else value - aim, 1)


def judge_aim(claim: Claim, context: ClaimContext) -> Judgement:
    """Judge what a claim says of an aim: that it was reached or not, what the target is, or how far off it is."""
    if not claim.readings:
        return untied(claim.why_untied or UNTIED)
    reading = claim.readings[0]
    indicator = context.figures.catalogue.indicators[reading.indicator]
    target = indicator.target.get(reading.span.year) if reading.span.is_year else None
    result = recompute(replace(reading, metric="level"), context.figures)
    is_statement = claim.kind in ("achieved", "not_achieved")
    if target is None and is_statement and reading.indicator in context.directions:
        return _judge_by_direction(claim, context)
    is_stated = target is None and claim.highest is not None  # only by the text
    target = claim.highest.size if target is None and claim.highest else target
    if target is None:
        return untied(f"the catalogue has no `target:` of this row for {reading.span}")
    is_open = (is_statement or not is_stated) and _may_be_of_another_kind(reading, target, context)
    if result is None or not result.certain or is_open:
        return untied("the tables don't give a figure of the year that can be held against its target")
    of_table, of_target = (write_number(one, share=result.is_share) for one in (result.value, target))
    whose = "the text has a target of" if is_stated else f"the target of {reading.span} is"
    words = f"{whose} {of_target}, and the table has {of_table} for {reading.span}"
    may_be = [result, *(_until(result, target, context) if is_stated else ())]
    held = {_holds(claim, target, one, context) for one in may_be}
    holds = held.pop() if len(held) == 1 else None
    if is_statement and aimed_direction(indicator) == "neutral":
        return untied(f"{words}; set `good_direction:` and `measures:` of the row, and this is judged", of_target)
    if holds is None or (holds and is_stated) or (claim.weak and not holds):
        return untied(f"{words}, which leaves {claim.stated!r} open to argument", of_target)
    return decide(holds, of_target, f"{claim.stated} in the text; {words}")


def _until(result: Result, target: float, context: ClaimContext) -> list[Result]:
    """All of the year until then: a year's target may be missed in Q3, unless it was passed before."""
    last, span = result.reading.span.quarters[-1], result.reading.span
    ends = (replace(span, quarters=QUARTERS[:one]) for one in (last - 1, last) if one)
    so_far = context.recompute(replace(result.reading, span=one) for one in ends)
    return so_far[-1:] if len(so_far) < 2 or so_far[0].value < target else []


def _may_be_of_another_kind(reading: FigureMeant, target: float, context: ClaimContext) -> bool:
    """A target that only repeats a printed baseline, without the quarters behind it, may measure something else."""
    before = previous_year(reading.span.year)
    printed = context.figures.printed_baseline(reading.indicator, before)
    alone = not any(span.year == before for span in context.figures.spans(reading.indicator))
    return alone and printed is not None and printed.value == target


def _has_reached(result: Result, target: float, context: ClaimContext) -> bool | None:
    """Tell whether a figure reached its target, where its rounding and the report's own direction leave no doubt."""
    indicator = context.figures.catalogue.indicators[result.reading.indicator]
    good = aimed_direction(indicator)
    ends = {measure_distance(end, target, at_least=good == "higher") <= 0 for end in (result.lowest, result.highest)}
    if good == "neutral" or len(ends) > 1:
        return None
    wanted, _ = wanted_direction(indicator, context)
    change = recompute(replace(result.reading, metric="change"), context.figures) if wanted else None
    by_direction = (change.value > 0) == (wanted == "up") if change and change.value else None
    (reached,) = ends
    return reached if by_direction in (None, reached) else None


def _holds(claim: Claim, target: float, result: Result, context: ClaimContext) -> bool | None:
    if claim.kind not in ("achieved", "not_achieved"):
        return _fits(claim, target, result)
    reached = _has_reached(result, target, context)
    return not reached if claim.kind == "not_achieved" and reached is not None else reached


def _fits(claim: Claim, target: float, result: Result) -> bool | None:
    """Tell whether the target, the distance to it or the side of it that a claim names is right."""
    amount, distance = claim.amount, abs(result.value - target)
    if amount is None:
        return result.lowest > target if claim.direction == "up" else result.highest < target
    if claim.kind == "target":
        is_same_unit = amount.metric == ("percent" if result.is_share else "count")
        is_plain = is_same_unit and (amount.is_exact or amount.bound in ("at_least", "at_most"))  # "of at most 200"
        return replace(amount, bound="exactly").fits(target) if is_plain else None
    return amount.fits(distance) if amount.metric == ("points" if result.is_share else "count") else None


def wanted_direction(indicator: Indicator, context: ClaimContext) -> tuple[str, str]:
    """Say which way the report itself asks a row to go, `up`, `down` or empty, and the words for it."""
    wanted = context.directions.get(indicator.id, "")
    return wanted, f"the direction column asks for {'an increase' if wanted == 'up' else 'a reduction'}"


def _judge_by_direction(claim: Claim, context: ClaimContext) -> Judgement:
    """`achieved` or `not_achieved` against the movement of the year, where the aim is a direction."""
    wanted, who = wanted_direction(context.figures.catalogue.indicators[claim.indicator], context)
    result = recompute(replace(claim.readings[0], metric="change"), context.figures)
    if result is None or not result.certain:
        return untied("the tables don't give both figures")
    met = result.lowest > 0 if wanted == "up" else result.highest < 0
    pair = result.pair
    words = f"the text says {claim.kind.replace('_', ' ')}; {who}, and the table went {pair}"
    if result.value == 0 and claim.kind == "achieved":
        return Judgement("different_scope", pair, sentence(f"{words}: the figure was kept, not changed"))
    # An aim may ask for more than a direction ("5% lower than 2015/16"), so a met direction proves no failure false.
    if met and claim.kind == "not_achieved":
        return untied(f"{words}; whether a target beyond that was missed isn't in the tables", pair)
    return decide(met == (claim.kind == "achieved"), pair, words)
