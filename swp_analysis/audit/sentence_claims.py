"""Whole sentences about several figures: two indicators, or one in two periods, compared, added or in turn.

In: the kind of the sentence, its words and scenes. Out: `Claim`s with their rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from swp_analysis.audit.claims import Claim, FigureMeant, Metric, make_claim
from swp_analysis.audit.figure_claims import CHANGE_KINDS
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.mentions import BOTH_YEARS, RELATIVE, SCOPES, Amount
from swp_analysis.audit.scenes import Scene
from swp_analysis.audit.spans_meant import pairs_of_change, spans_of_level
from swp_analysis.audit.words import Word
from swp_analysis.catalogue.periods import QUARTERS

# What each kind of `claims.yml` compares, and the words that say which is more, or moved up.
_KINDS: dict[str, Metric] = {
    **dict.fromkeys(("compare_levels", "compare_gap", "compare_times", "together", "in_turn", "corrected"), "level"),
    **dict.fromkeys(("both_moved", "moved_in_turn", "gap_moved"), "change"),
    "compare_pace": "percent",
}
_WAYS = dict.fromkeys(("more", "up", "faster", "outnumbered"), "up")
_WAYS |= dict.fromkeys(("less", "down", "slower", "outnumbered_by"), "down")


def claims_of_sentence(kind: str, words: list[Word], scenes: Sequence[Scene]) -> Iterator[Claim]:
    """Give the comparison or sum that a whole sentence of `claims.yml` states, and the figures that stand in it."""
    amounts: list[Amount] = [word.meaning for word in words if word.kind == "AMOUNT"]
    kinds = [word.kind for word in words]
    is_turned = kinds[0] == "for_each"  # "for each gun crime there were 3 knife crimes"
    readings = _readings(kind, scenes[::-1] if is_turned else scenes)
    if kind == "moved_in_turn" and len(amounts) == 1 and "respectively" not in kinds:
        amounts *= len(readings)  # "both rose by 30", "were up by 30 each"
    total = amounts.pop() if kind == "in_turn" and len(amounts) == len(readings) + 1 and "total" in kinds else None
    if kind == "corrected" and readings:  # the figure that isn't withdrawn
        yield make_claim("level", amounts[-1 if "corrected" in kinds else 0], readings)
    elif len(readings) < 2 or (kind.endswith("in_turn") and len(readings) != len(amounts)):
        why = "which figures belong together can't be told from the tables"
        yield make_claim(kind, amounts[0].text if amounts else "statement", why=why)
    elif kind == "gap_moved":
        yield from _of_gap(readings, amounts, words)
    else:
        if not kind.endswith("in_turn"):
            yield _of_sentence(kind, readings, amounts, words)
        elif total is not None:
            yield make_claim("together", total, readings)
        if kind == "compare_levels" or kind.endswith("in_turn"):
            yield from _in_turn(readings, amounts, words)


def _in_turn(readings: list[FigureMeant], amounts: list[Amount], words: list[Word]) -> Iterator[Claim]:
    for amount, reading in zip(amounts, readings, strict=False):
        if reading.metric == "level":
            yield make_claim("level", amount, [reading])
        else:
            name, metric = CHANGE_KINDS[amount.metric]
            yield make_claim(name, amount, [replace(reading, metric=metric)], direction=_ways_of(words)[0])


def _of_gap(changes: list[FigureMeant], amounts: list[Amount], words: list[Word]) -> Iterator[Claim]:
    """`The gap widened from 158 to 168`: how far apart they were and are, and whether that is more."""
    pairs = [[replace(one, metric="level", span=span, base=None) for one in changes]
             for span in (changes[0].base, changes[0].span) if span]  # fmt: skip
    if len(amounts) == 2:
        yield from (make_claim("compare_gap", amount, pair) for amount, pair in zip(amounts, pairs, strict=True))
    yield _of_sentence(
        "gap_moved", [one for pair in pairs for one in pair], amounts if len(amounts) == 1 else [], words
    )


def _ways_of(words: list[Word]) -> list[str]:
    return [_WAYS[word.kind] for word in words if word.kind in _WAYS]


def _of_sentence(kind: str, readings: list[FigureMeant], amounts: list[Amount], words: list[Word]) -> Claim:
    ways, amount = _ways_of(words), amounts[0] if amounts and kind != "compare_levels" else None
    if amount is not None and kind == "compare_times":
        of = amounts[1].size if len(amounts) > 1 else 100 if amount.metric == "percent" else 1  # "ten to one", "half"
        amount = replace(amount, rough=True, metric="ratio", size=amount.size / (of or 1))
    direction = " ".join([*ways[:1], *(ways[-1:] if kind == "compare_pace" else [])])
    direction = f"not {direction}" if any(word.kind == "not" for word in words) else direction
    return make_claim(kind, amount or direction, readings, direction=direction)


def _readings(kind: str, scenes: Sequence[Scene]) -> list[FigureMeant]:
    """A figure for each indicator in the one period, or for each period of the one indicator."""
    metric, is_one = _KINDS[kind], len(scenes) > 1 or kind == "corrected"
    if len(scenes) > 1 and any(scene.kinds & SCOPES for scene in scenes):  # "in both years", "in every quarter"
        return []
    found: list[FigureMeant] = []
    for scene in scenes:
        if metric == "level":
            own = [] if scene.clause.whens else scene.clause.periods  # "… at 49 and 12 in Q1"
            meant = spans_of_level(scene, own) if is_one else None
            spans = meant.sure[:1] if meant else [] if is_one else _spans(scene, in_turn=kind == "in_turn")
            found += [FigureMeant(scene.subject.name, "level", span, measure=scene.subject.measure) for span in spans]
        else:
            pairs = pairs_of_change(scene)
            # Of a quarter alone it isn't said what it is compared with.
            found += scene.changes(pairs.sure, metric) if pairs and len(pairs.sure) == 1 else ()
    return found if len(scenes) == 1 or len(found) == len(scenes) else []


def _spans(scene: Scene, *, in_turn: bool) -> list[YearSpan]:
    """Each period that is named, both years, or the quarters of a year."""
    named = scene.clause.periods
    years = {one.year for one in named if one.year}
    if any(one.is_part for one in named):  # "Q3 and Q4 … of the year's"
        named = [one for one in named if one.is_part or one.kind not in ("span", "this_year")]
    year = years.pop() if len(years) == 1 else ""
    found: list[YearSpan | None] = []
    for one in named:
        if one.kind in BOTH_YEARS:
            found += [scene.this_year.year_before, scene.this_year] if one.kind != "eight_quarters" else [None]
        elif one.kind in ("each", "every_quarter"):
            found += YearSpan(one.year or year or scene.year, one.quarters or QUARTERS).each
        else:
            found.append(scene.span_of([replace(one, year=one.year or year) if one.kind == "span" else one]))
    # "More in Q2 than in Q1 2016/17": which year the first is of isn't said.
    is_open = not in_turn and year not in ("", scene.year) and any(one.is_part and not one.year for one in named)
    if is_open or None in found or len(set(found)) < len(found) or scene.kinds & RELATIVE:
        return []
    spans = [one for one in found if one] or ([scene.in_context or scene.this_year] if in_turn else [])
    by_quarter = in_turn and len(spans) == 1 and spans[0].is_year  # "by quarter, 2016/17: …"
    return spans[0].each if by_quarter else spans
