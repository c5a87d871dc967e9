"""Verdicts on several figures at once. In: a claim whose readings are a row of figures. Out: a `Judgement`.

`ROW_KINDS` says when a kind is true of its row, or what is worked out from the row and held against the stated amount.
Every figure of a row must be there; a `doubtful` row, which may be meant too, only spares.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.recompute import Result, write_number, write_result
from swp_analysis.audit.verdicts import UNTIED, ClaimContext, Judgement, decide, untied

NOT_ALL = "not every figure that it speaks of is in the tables"
_SAME, _NEARLY_SAME, _CHANGED = 0.02, 2, 8
Row = Sequence[Result]


def judge_row(claim: Claim, context: ClaimContext) -> Judgement:
    """Judge a kind of `ROW_KINDS`."""
    row = _row(claim.readings, claim.kind, context)
    if claim.why_untied or not row:
        return untied(claim.why_untied or NOT_ALL)
    units = {result.is_share for result in row if result.reading.metric == "level"}
    if claim.amount and claim.amount.metric in ("count", "percent") and units:
        units.add(claim.amount.metric == "percent")
    if len(units) > 1:
        return untied(UNTIED)
    (holds, value), words, shown = _test(row, claim), _describe(row, context), ""
    if value is not None:
        shown = f"{value:,.1f}" if claim.kind == "average" else write_number(value, share=row[0].is_share)
        words += f", which is {shown}" if len(row) > 1 or claim.number else ""
    spared = _row(claim.doubtful, claim.kind, context)
    is_other = bool(spared) and bool(_test(spared, claim)[0]) != bool(holds)
    if _is_open(row) or (holds and claim.weak) or (is_other and (not holds or claim.kind == "extreme")):
        holds = None
    return _answer(holds, shown or words, words, claim)


def _test(row: Row, claim: Claim) -> tuple[bool | None, float | None]:
    """Whether a claim is true of a row, and the number that is worked out from it, if one is."""
    found = ROW_KINDS[claim.judged_as or claim.kind](row, claim)
    if not isinstance(found, float):
        return found, None
    goes_on = claim.kind != "compare_gap" or not claim.direction or (found > 0) == (claim.direction == "up")
    return (claim.amount.fits(abs(found)) if claim.amount and goes_on else False), found


def _row(readings: Sequence[FigureMeant], kind: str, context: ClaimContext) -> Row:
    """The figures of readings, or none where one is missing or only bounded; of a movement any one may be meant."""
    results = context.recompute(readings)
    is_all = kind == "movement" or len(results) == len(readings)
    return results if is_all and all(one.certain for one in results) else []


def _is_open(row: Row) -> bool:
    """Whether rounding leaves open which way a figure went."""
    changes = [one for one in row if one.reading.metric in ("change", "points")]
    return any(one.lowest <= 0 <= one.highest and one.lowest < one.highest for one in changes)


def _answer(holds: bool | None, recomputed: str, words: str, claim: Claim) -> Judgement:
    if holds is None:
        return untied(f"the table has {words}, which leaves {claim.stated!r} open to argument", recomputed)
    said = f"{claim.stated} in both" if claim.kind == "same_as" and claim.stated[:1].isdigit() else claim.stated
    words = f"the table has {words}" if holds else f"{said} in the text; {words} in the table"
    return decide(holds, recomputed, words)


def _describe(row: Row, context: ClaimContext) -> str:
    """The figures of a row as an explanation shows them."""
    if len({result.reading.indicator for result in row}) > 1:
        labels = [context.figures.catalogue.indicators[one.reading.indicator].short_label for one in row]
        return " and ".join(f"{label} {write_result(one)}" for label, one in zip(labels, row, strict=True))
    row = sorted(row, key=lambda one: one.reading.span)
    first, last = (row[0].reading.base if row[0].base else None) or row[0].reading.span, row[-1].reading.span
    if all(one.reading.base == before.reading.span for before, one in pairwise(row)):  # each on the one before
        ends = [one for one in (row[0].base, *(one.new for one in row)) if one]
        shown = (write_number(one.value, share=row[0].is_share) for one in ends)
        figures = (" to " if len(row) == 1 else ", ").join(shown)
    else:
        figures = ", ".join(one.pair if one.base else write_number(one.value, share=one.is_share) for one in row)
    return f"{figures} ({first}{f' to {last}' if last != first else ''})"


def _moved(row: Row, claim: Claim) -> list[bool]:
    """Whether each change went the way that is said, or not (`not up`)."""
    ways = [result.value if claim.direction.endswith("up") else -result.value for result in row]
    return [way <= 0 if claim.direction.startswith("not ") else way > 0 for way in ways]


def _have_moved(row: Row, claim: Claim) -> bool:
    """Whether all, or as many as the claim says, went the way that is said."""
    moved = _moved(row, claim)
    return sum(moved) == (claim.number if claim.kind == "moved_in" else len(moved))


def _are_beyond(row: Row, claim: Claim) -> bool:
    """Whether the figures of all, or of as many as the claim says, are what its amount bounds."""
    beyond = [claim.amount.fits(one.value) is not False for one in row if claim.amount]
    return sum(beyond) == (claim.number if claim.kind == "level_in" else len(beyond))


def _has_place(row: Row, claim: Claim) -> bool | None:
    """`The second highest`: the place of the first figure; with equal ones only where all ways of counting agree."""
    own, *_ = values = [result.value for result in row]
    ahead = [value for value in values if (value < own if claim.direction == "down" else value > own)]
    places = {len(ahead) + 1, len(set(ahead)) + 1, len(ahead) + values.count(own)}
    stated = claim.number or 1
    return stated in places if len(places) == 1 or stated not in places else None


def _is_same(row: Row, claim: Claim) -> bool | None:
    (result,) = row
    stated = claim.amount or claim.printed if claim.stated[:1].isdigit() else None
    if result.value == 0:
        return stated is None or result.new.value == stated.size
    near = stated is None and result.base is not None and abs(result.value) <= _SAME * result.base.value
    return None if near else False


def _is_nearly_same(row: Row, claim: Claim) -> bool | None:
    size = abs(row[0].value)
    return None if row[0].is_share or _NEARLY_SAME < size < _CHANGED else size <= _NEARLY_SAME


def _is_range(row: Row, claim: Claim) -> bool | None:
    """`Between 49 and 67`: the least and the greatest; wider ends hold where they are round, but say something else."""
    values, low, high = [result.value for result in row], claim.amount, claim.highest
    if low is None or high is None:
        return None
    missed = [end for end, value in ((low, min(values)), (high, max(values))) if not end.fits(value)]
    is_within = all(low.size <= value <= high.size for value in values)
    return not missed or (None if is_within and not any(end.size % 5 for end in missed) else False)


def _is_faster(row: Row, claim: Claim) -> bool:
    """`Rose faster than gun crime`: both moved that way, and one by more percent."""
    way, pace = claim.direction.split()
    one, other = (result.value if way == "up" else -result.value for result in row)
    return min(one, other) > 0 and (one > other if pace == "up" else one < other)


def _has_gap_moved(row: Row, claim: Claim) -> bool:
    """`The gap widened by 10`: of the two rows before, and of the two now."""
    before, now = (abs(row[place].value - row[place + 1].value) for place in (0, 2))
    moved = now - before if claim.direction == "up" else before - now
    return moved > 0 and (claim.amount is None or claim.amount.fits(moved) is True)


ROW_KINDS: dict[str, Callable[[Row, Claim], bool | float | None]] = {
    "movement": lambda row, claim: any(_moved(row, claim)),
    **dict.fromkeys(("run", "each_quarter", "moved_in", "both_moved"), _have_moved),
    **dict.fromkeys(("every_level", "level_in"), _are_beyond),
    "extreme": _has_place,
    "range": _is_range,
    "same_as": _is_same,
    "nearly_same": _is_nearly_same,
    "compare_levels": lambda row, claim: (row[0].value - row[1].value) * (1 if claim.direction == "up" else -1) > 0,
    "compare_pace": _is_faster,
    "gap_moved": _has_gap_moved,
    "average": lambda row, claim: row[0].value / claim.number,
    "extreme_value": lambda row, claim: (max if claim.direction == "up" else min)(one.value for one in row),
    "compare_times": lambda row, claim: row[0].value / row[1].value if row[1].value else float("inf"),
    "compare_part": lambda row, claim: 100 * row[0].value / row[1].value if row[1].value else float("inf"),
    "compare_gap": lambda row, claim: row[0].value - row[1].value,
    "together": lambda row, claim: float(sum(one.value for one in row)),
}
