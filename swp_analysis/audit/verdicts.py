"""Is a number right? In: a claim, the claims around it and the tables. Out: a `Judgement` in one sentence.

Certain or silent: a claim is contradicted only when the table gives its very figure and says something else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from swp_analysis.audit.causes import find_cause, follows_from_text, stated_pair
from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.recompute import Result, agrees, recompute, write_result, write_with_pair
from swp_analysis.catalogue.claim_rules import OPEN
from swp_analysis.engines.small_numbers.rounding import is_print_of

_REVISED = 0.02
UNTIED = "the statement can't be tied to one figure of the tables"
Verdict = Literal["confirmed", "contradicted", "different_scope", "no_table"]


@dataclass(frozen=True)
class Judgement:
    """The verdict on a claim, what the tables give, and why, in one sentence."""

    verdict: Verdict
    recomputed: str
    explanation: str


@dataclass(frozen=True)
class ClaimContext:
    """What claims are judged by: the tables, all claims of the report, and the printed direction of each row."""

    figures: TableFigures
    claims: list[Claim] = field(default_factory=list)
    directions: Mapping[str, str] = field(default_factory=dict)

    def recompute(self, readings: Iterable[FigureMeant]) -> list[Result]:
        """Work out the readings that the tables have figures for."""
        return [result for reading in readings if (result := recompute(reading, self.figures)) is not None]

    def group_of(self, claim: Claim) -> list[Claim]:
        """Give the claims about the same row in the same place."""
        return [one for one in self.claims if (one.group, one.indicator) == (claim.group, claim.indicator)]


def untied(why: str, recomputed: str = "") -> Judgement:
    """Give the verdict on a claim that nothing in the tables can judge."""
    return Judgement("no_table", recomputed, sentence(why))


def decide(holds: bool, recomputed: str, words: str) -> Judgement:
    """Give the verdict on what holds, or doesn't."""
    return Judgement("confirmed" if holds else "contradicted", recomputed, sentence(words))


def sentence(text: str) -> str:
    """Give one sentence with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text


def judge_number(claim: Claim, context: ClaimContext) -> Judgement:
    """Judge a level or a change: the stated number against the recomputed one."""
    if claim.printed is None or not claim.readings:
        return untied(claim.why_untied or UNTIED)
    results = context.recompute(claim.readings)
    confirming = [one for one in results if one.certain and agrees(claim, one)]
    if confirming:
        goes_on = next((one for one in confirming if not _judge_way(claim, one, context)), confirming[0])
        return _confirm(claim, goes_on, context)
    if why := _why_open(claim, results, context):
        return untied(why)
    if not results:
        return _not_in_tables(claim, context)
    return _wider_scope(claim, results[0], context) if claim.wider else _contradict(claim, results[0], context)


def _why_open(claim: Claim, results: list[Result], context: ClaimContext) -> str:
    """Why a number that no figure confirms is not accused either, or an empty text."""
    fits = [(agrees(claim, one), one.certain) for one in results]
    if any(fit is not False and not certain for fit, certain in fits):
        return "the tables only bound this figure"
    if any(fit is None for fit, _ in fits):
        return "near enough to be meant so, and not near enough to be sure"
    # "More than doubled" fits nearly every rise, so that another period spares only a figure that is meant closely.
    is_bound = claim.amount is not None and claim.amount.bound in ("over", "under", "at_least", "at_most")
    if not is_bound and any(agrees(claim, one) is not False for one in context.recompute(claim.doubtful)):
        return "it is right for another period that may be meant"
    if results and claim.indicator.startswith(OPEN) and _may_be_revised(claim, results[0]):
        return f"the open table gives {write_result(results[0], claim.printed)}, as near as a revision may be"
    if results and (claim.weak == "always" or (claim.weak == "far" and not _is_near_miss(claim, results[0]))):
        return "what the figure counts can't be told with certainty"
    return ""


def _may_be_revised(claim: Claim, result: Result) -> bool:
    """Published figures are revised for years: a level by some percent, a change by as many of its base."""
    metric, off = result.reading.metric, abs(claim.printed.size - abs(result.value)) if claim.printed else 0
    if metric == "part":  # of which both figures are revised alike
        return off <= _REVISED / 2 * result.value
    base = 100 if metric == "percent" else (result.base or result).value
    return off <= _REVISED * max(base, 1)


def _is_near_miss(claim: Claim, result: Result) -> bool:
    """Within 2%: a slip of the same figure rather than another one."""
    return claim.printed is not None and result.value > 0 and abs(claim.printed.size / result.value - 1) <= 0.02


def _wider_scope(claim: Claim, result: Result, context: ClaimContext) -> Judgement:
    """A figure of something wider than the row beside it."""
    label = context.figures.catalogue.indicators[claim.indicator].label
    gives = f"which gives {write_with_pair(result, claim.printed)}"
    words = f"{claim.stated} in the text is about more than the row {label!r}, {gives}"
    return Judgement("different_scope", write_result(result, claim.printed), sentence(words))


def _confirm(claim: Claim, result: Result, context: ClaimContext) -> Judgement:
    shown, printed = write_result(result, claim.printed), claim.printed
    is_off = printed is not None and abs(abs(result.value) - printed.size) > printed.unit / 2 + 1e-9
    if claim.wider:
        return untied("it is about more than the row that gives the same figure")
    if printed and is_off and claim.is_exact and printed.unit > printed.size / 4:  # `2%` for 2.7%
        return untied(f"{claim.stated} is {shown} cut off, which is a large part of it", shown)
    if judged := _judge_way(claim, result, context):
        return judged
    words = f"the table gives {write_with_pair(result, printed)} for {_span_words(result.reading)}"
    if printed and is_off and printed.decimals < 3:
        cut = is_print_of(printed, result.value)
        words += f"; {claim.stated} is {f'{shown} cut off instead of rounded' if cut else 'near enough to it'}"
    return Judgement("confirmed", shown, sentence(words))


def _judge_way(claim: Claim, result: Result, context: ClaimContext) -> Judgement | None:
    """Judge the way that a right level is said to have gone; None where none is said, or a figure before it agrees.

    Without a base of its own it may have gone that way from the quarter before, or from a year earlier; `fell below 60`
    then says only that it was.
    """
    reading, shown = result.reading, write_result(result, claim.printed)
    if not claim.direction or claim.kind not in ("level", "baseline_new") or not (reading.base or claim.is_exact):
        return None
    bases = [reading.base] if reading.base else [base for base, _ in reading.span.changes]
    changes = context.recompute(replace(reading, metric="change", base=base) for base in bases)
    against = [one for one in changes if (one.highest <= 0 if claim.direction == "up" else one.lowest >= 0)]
    if len(against) < len(changes):
        return None
    if len(against) < len(bases):
        return untied(f"{claim.stated} is right, but the tables don't show whether it went {claim.direction}", shown)
    other = "down" if claim.direction == "up" else "up"
    went = f"{f'went {other}' if against[0].value else 'did not move'}, {against[0].pair}"
    wrong = f"{claim.stated} is right, but the table {went}, and the text says {claim.direction}"
    # "98 knife crimes fell in the first half of the year"
    is_open = not reading.base or any(one.span == reading.span and not one.base for one in claim.doubtful)
    return untied(wrong, shown) if is_open else Judgement("contradicted", shown, sentence(wrong))


def _span_words(reading: FigureMeant) -> str:
    is_change = reading.base and reading.metric not in ("level", "part")
    return f"{reading.base} to {reading.span}" if is_change else str(reading.span)


def _not_in_tables(claim: Claim, context: ClaimContext) -> Judgement:
    """A figure that the tables don't have: it may still be one that they have for something else."""
    reading, figures = claim.readings[0], context.figures
    spans = [(one.indicator, span) for one in claim.readings for span in (one.span, one.base) if span]
    if any(figures.is_hidden(*one) for one in spans):
        return untied("the figure is hidden")
    cause = None if reading.span.is_month else find_cause(claim, context.group_of(claim), figures)
    is_stock = figures.catalogue.indicators[reading.indicator].kind == "stock"
    # "31 members over the year" may be those of its last day.
    if cause is None or not cause.other_scope or (is_stock and cause.telling):
        return untied(f"the tables give no figure for {_span_words(reading)}")
    why = "a head count has no yearly figure" if is_stock else f"there is no figure for {reading.span}"
    return Judgement("different_scope", "", sentence(f"{claim.stated} in the text: {cause.words}; {why}"))


def _contradict(claim: Claim, result: Result, context: ClaimContext) -> Judgement:
    """The table against the text, with the likeliest cause."""
    group = context.group_of(claim)
    cause = find_cause(claim, group, context.figures)
    texts = [_table_against_text(claim, result, group, context)]
    if cause is not None:
        texts.append(cause.words)
    elif claim.fits(result.lowest, result.highest):
        texts.append(f"the size is right, but the table went {'up' if result.value > 0 else 'down'}")
    elif "gives" not in texts[0]:
        texts.append("no other figure of this row or its group gives it")
    verdict: Verdict = "different_scope" if cause is not None and cause.other_scope else "contradicted"
    return Judgement(verdict, write_result(result, claim.printed), sentence("; ".join(texts)))


def _table_against_text(claim: Claim, result: Result, group: list[Claim], context: ClaimContext) -> str:
    pair, shown = stated_pair(group), write_with_pair(result, claim.printed)
    ends = context.recompute(one.readings[0] for one in pair if one.readings) if pair else []
    if pair and len(ends) == 2 and claim.kind in ("previous_level", "level", "baseline_new"):
        table = " to ".join(write_result(end, claim.printed) for end in ends)
        return f"{table} in the table; {pair[0].stated} to {pair[1].stated} in the text"
    if result.base is None:
        span = "the year" if result.reading.span.is_year else str(result.reading.span)
        return f"{claim.stated} in the text; {span} is {shown} in the table"
    text = f"{claim.stated} in the text; {shown} in the table"
    if result.is_share and result.reading.metric == "percent":
        others = replace(result.reading, metric="points"), replace(result.reading, measure="number")
        names = ("which is {}", "{} in number")
        found = (context.recompute([one]) for one in others)
        text += "".join(f", {name.format(write_result(one[0]))}" for one, name in zip(found, names, strict=True) if one)
    if pair and follows_from_text(claim, group):
        text += f"; the text's own {pair[0].stated} to {pair[1].stated} gives {claim.stated}"
    return text
