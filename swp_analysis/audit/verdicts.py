"""Is a number right? In: a claim, the claims around it and the tables. Out: a `Judgement` in one sentence.

Certain or silent: a claim is contradicted only when the table gives its very figure and says something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from swp_analysis.audit.causes import find_cause, follows_from_text, stated_pair
from swp_analysis.audit.claims import OPEN, Claim, FigureMeant
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.recompute import Result, agrees, recompute, write_number, write_pair, write_result
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

    def group_of(self, claim: Claim) -> list[Claim]:
        """Give the claims about the same row in the same place."""
        return [one for one in self.claims if (one.group, one.indicator) == (claim.group, claim.indicator)]


def untied(why: str, recomputed: str = "") -> Judgement:
    """Give the verdict on a claim that nothing in the tables can judge."""
    return Judgement("no_table", recomputed, sentence(why))


def sentence(text: str) -> str:
    """Give one sentence with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text


def judge_number(claim: Claim, evidence: ClaimContext) -> Judgement:
    """Judge a level or a change: the stated number against the recomputed one."""
    if claim.printed is None or not claim.readings:
        return untied(claim.why_untied or UNTIED)
    results = _results(claim.readings, evidence)
    answers = [agrees(claim, result) for result in results]
    for result, fits in zip(results, answers, strict=True):
        if fits and result.certain:
            return _confirm(claim, result, evidence)
    # "More than doubled" fits nearly every rise, so that another period spares only a figure that is meant closely.
    is_bound = claim.amount is not None and claim.amount.bound in ("over", "under", "at_least", "at_most")
    spared_by = () if is_bound and claim.readings else claim.doubtful
    doubtful = [agrees(claim, result) for result in _results(spared_by, evidence)]
    if not results and not any(fits is not False for fits in doubtful):
        return _not_in_tables(claim, evidence)
    if any(fits is not False and not result.certain for result, fits in zip(results, answers, strict=True)):
        return untied("the tables only bound this figure")
    if None in answers:
        return untied("near enough to be meant so, and not near enough to be sure")
    if any(fits is not False for fits in doubtful):
        return untied("it is right for another period that may be meant")
    if claim.wider:
        return _wider_scope(claim, results[0], evidence)
    if claim.indicator.startswith(OPEN) and _may_be_revised(claim, results[0]):
        return untied(f"the open table gives {write_result(results[0], claim.printed)}, as near as a revision may be")
    if claim.weak == "always" or (claim.weak == "far" and not _is_near_miss(claim, results[0])):
        return untied("what the figure counts can't be told with certainty")
    return _contradict(claim, results[0], evidence)


def _results(readings: tuple[FigureMeant, ...], evidence: ClaimContext) -> list[Result]:
    return [result for reading in readings if (result := recompute(reading, evidence.figures)) is not None]


def _wider_scope(claim: Claim, result: Result, evidence: ClaimContext) -> Judgement:
    """A figure of something wider than the row beside it."""
    label = evidence.figures.catalogue.indicators[claim.indicator].label
    shown = write_result(result, claim.printed)
    pair = f" ({write_pair(result)})" if result.base is not None else ""
    words = f"{claim.stated} in the text is about more than the row {label!r}, which gives {shown}{pair}"
    return Judgement("different_scope", shown, sentence(words))


def _may_be_revised(claim: Claim, result: Result) -> bool:
    """Published figures are revised for years: a level by some percent, a change by as many of its base."""
    metric, off = result.reading.metric, abs(claim.printed.size - abs(result.value)) if claim.printed else 0
    if metric == "part":  # of which both figures are revised alike
        return off <= _REVISED / 2 * result.value
    base = 100 if metric == "percent" else result.base.value if result.base else result.value
    return off <= _REVISED * max(base, 1)


def _is_near_miss(claim: Claim, result: Result) -> bool:
    """Within 2%: a slip of the same figure rather than another one."""
    return claim.printed is not None and result.value > 0 and abs(claim.printed.size / result.value - 1) <= 0.02


def _confirm(claim: Claim, result: Result, evidence: ClaimContext) -> Judgement:
    shown = write_result(result, claim.printed)
    if claim.wider:
        return untied("it is about more than the row that gives the same figure")
    if _is_coarse_cut(claim, result):
        return untied(f"{claim.stated} is {shown} cut off, which is a large part of it", shown)
    if claim.kind in ("level", "baseline_new") and claim.direction and result.reading.span.is_year:
        wrong = _wrong_way(claim, result, evidence)
        if wrong:
            return Judgement("contradicted", shown, sentence(wrong))
    pair = f" ({write_pair(result)})" if result.base is not None else ""
    words = f"the table gives {shown}{pair} for {_span_words(result.reading)}"
    printed = claim.printed
    if printed and printed.decimals < 3 and abs(abs(result.value) - printed.size) > printed.unit / 2 + 1e-9:
        cut = is_print_of(printed, result.value)
        words += f"; {claim.stated} is {f'{shown} cut off instead of rounded' if cut else 'near enough to it'}"
    return Judgement("confirmed", shown, sentence(words))


def _is_coarse_cut(claim: Claim, result: Result) -> bool:
    """`2%` for 2.7%: too much is cut off for the figure to be called right, or wrong."""
    printed = claim.printed if claim.amount is None or claim.amount.is_exact else None
    off = abs(abs(result.value) - printed.size) if printed else 0
    return printed is not None and off > printed.unit / 2 + 1e-9 and printed.unit > printed.size / 4


def _wrong_way(claim: Claim, result: Result, evidence: ClaimContext) -> str:
    reading = result.reading
    before = evidence.figures.get(claim.indicator, reading.base, reading.measure) if reading.base else None
    if before is None:
        return ""
    moved = "up" if result.lowest > before.highest else "down" if result.highest < before.lowest else claim.direction
    pair = " to ".join(write_number(value, share=result.is_share) for value in (before.value, result.value))
    words = f"{claim.stated} is right, but the table went {moved}, {pair}, and the text says {claim.direction}"
    return "" if moved == claim.direction else words


def _span_words(reading: FigureMeant) -> str:
    is_change = reading.base and reading.metric not in ("level", "part")
    return f"{reading.base} to {reading.span}" if is_change else str(reading.span)


def _not_in_tables(claim: Claim, evidence: ClaimContext) -> Judgement:
    reading, figures = claim.readings[0], evidence.figures
    spans = [(one.indicator, span) for one in claim.readings for span in (one.span, one.base) if span]
    if any(figures.is_hidden(*one) for one in spans):
        return untied("the figure is hidden")
    cause = find_cause(claim, evidence.group_of(claim), figures)
    if cause is not None and cause.other_scope:
        is_stock = figures.catalogue.indicators[reading.indicator].kind == "stock"
        why = "a head count has no yearly figure" if is_stock else f"there is no figure for {reading.span}"
        return Judgement("different_scope", "", sentence(f"{claim.stated} in the text: {cause.words}; {why}"))
    snapshot = next((row for (name, *_), row in figures.snapshots.items() if name == reading.indicator), None)
    month = snapshot if snapshot is not None and snapshot.value == snapshot.value else None
    if month is not None and claim.printed and is_print_of(claim.printed, month.value):
        shown = write_number(month.value, share=True)
        words = f"{shown} is printed for one month only ({month.period_start[:7]})"
        return Judgement("different_scope", shown, sentence(words))
    return untied(f"the tables give no figure for {_span_words(reading)}")


def _contradict(claim: Claim, result: Result, evidence: ClaimContext) -> Judgement:
    group = evidence.group_of(claim)
    shown = write_result(result, claim.printed)
    cause = find_cause(claim, group, evidence.figures)
    texts = [_table_against_text(claim, result, group, evidence)]
    if cause is not None:
        texts.append(cause.words)
    elif claim.fits(result.lowest, result.highest):
        texts.append(f"the size is right, but the table went {'up' if result.value > 0 else 'down'}")
    texts += _said_elsewhere(claim, evidence)
    if len(texts) == 1 and "gives" not in texts[0]:
        texts.append("no other figure of this row or its group gives it")
    verdict: Verdict = "different_scope" if cause is not None and cause.other_scope else "contradicted"
    return Judgement(verdict, shown, sentence("; ".join(texts)))


def _table_against_text(claim: Claim, result: Result, group: list[Claim], evidence: ClaimContext) -> str:
    pair = stated_pair(group)
    before, after = (result.base, result.new) if result.base else (None, None)
    if pair is not None and claim.kind in ("previous_level", "level", "baseline_new"):
        ends = [recompute(one.readings[0], evidence.figures) for one in pair if one.readings]
        if len(ends) == 2 and all(ends):
            table = " to ".join(write_result(end, claim.printed) for end in ends if end)
            return f"{table} in the table; {pair[0].stated} to {pair[1].stated} in the text"
    shown = write_result(result, claim.printed)
    if before is None or after is None:
        span = "the year" if result.reading.span.is_year else str(result.reading.span)
        return f"{claim.stated} in the text; {span} is {shown} in the table"
    text = f"{claim.stated} in the text; {shown} ({write_pair(result)}) in the table"
    if result.is_share and result.reading.metric == "percent":
        text += _other_measures(result, evidence)
    if pair is not None and follows_from_text(claim, group):
        text += f"; the text's own {pair[0].stated} to {pair[1].stated} gives {claim.stated}"
    return text


def _other_measures(result: Result, evidence: ClaimContext) -> str:
    points = recompute(replace(result.reading, metric="points"), evidence.figures)
    number = recompute(replace(result.reading, measure="number"), evidence.figures)
    counted = f", {write_result(number)} in number" if number is not None else ""
    return f", which is {write_result(points)}{counted}" if points is not None else counted


def _said_elsewhere(claim: Claim, evidence: ClaimContext) -> list[str]:
    """Another statement of the same figure that the table confirms."""
    for other in evidence.claims:
        same = other.readings[:1] == claim.readings[:1] and other.claim_id != claim.claim_id
        if not same or other.printed is None or (claim.printed and other.printed.value == claim.printed.value):
            continue
        result = recompute(other.readings[0], evidence.figures)
        if result is not None and agrees(other, result):
            return [f"elsewhere the report itself says {other.stated}"]
    return []
