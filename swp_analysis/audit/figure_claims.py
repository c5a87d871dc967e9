"""What a figure in a sentence states. In: a phrase with its amounts and scene. Out: `Claim`s with readings.

Each kind of phrase is a line of `PARTS`: what it states, of which amount, in which span.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figure_readings import (
    find_unit_mismatch,
    level_of,
    pairs_of_ends,
    read_change,
    read_level,
    untied_amount,
)
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.scenes import NO_PERIOD, Scene, find_way, is_part_of_whole, is_range, is_size_of_movement
from swp_analysis.audit.spans_meant import Meant, pairs_of_change
from swp_analysis.catalogue.periods import previous_year

At = Literal["now", "before", "change", "year", "base"]


@dataclass(frozen=True)
class Part:
    """What one amount of a phrase states: the kind of claim, and the span that it is about."""

    kind: str
    amount: int
    at: At


PARTS: dict[str, tuple[Part, ...]] = {
    "from_to": (Part("previous_level", 0, "before"), Part("level", 1, "now")),
    "now_before": (Part("level", 0, "now"), Part("previous_level", 1, "before")),
    "before": (Part("previous_level", 0, "before"),),
    "before_from": (Part("previous_level", 0, "before"),),
    "base_level": (Part("previous_level", 0, "base"),),
    "new_base": (Part("baseline_new", 0, "year"),),
    "change": (Part("change", 0, "change"),),
    "to_level": (Part("level", 0, "now"),),
    "level": (Part("level", 0, "now"),),
    "level_in": (Part("level", 0, "now"),),
    "none_of": (Part("level", 0, "now"),),
}
THRESHOLDS = ("above", "over", "below", "under", "exceed", "topped", "passed", "surpassed", "in excess", "well")


def claims_of_phrase(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of one phrase, by its kind."""
    amounts = [word.meaning for word in phrase.of("AMOUNT")]
    if phrase.kind == "none_of":
        amounts = [Amount(0, text="no")]
    if phrase.kind == "range":
        yield from (untied_amount("level", amount, "it is a range") for amount in amounts)
    elif phrase.kind == "bracket" or _is_afterthought(phrase, amounts, scene):
        yield from _in_brackets(amounts, phrase, scene)
    elif phrase.kind in PARTS:
        for part in PARTS[phrase.kind]:
            yield _of_part(part, amounts[part.amount], phrase, scene)
    elif phrase.kind in ("movement", "not_moved", "aim_met", "aim_missed", "baseline_passed"):
        yield from _without_amount(phrase, scene)


def _is_afterthought(phrase: Phrase, amounts: list[Amount], scene: Scene) -> bool:
    """`…, 29.3%` after a movement: the movement's size."""
    alone = scene.clause.phrases == [phrase] and phrase.kind == "level" and amounts[0].metric != "count"
    return alone and bool(scene.earlier) and bool(scene.earlier[-1].direction)


def _of_part(part: Part, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    why = find_unit_mismatch(amount, scene)
    why = why or ("it may be a range" if is_range(scene.clause) else "")
    if why or is_part_of_whole(phrase, scene.clause):
        return untied_amount(part.kind, amount, why or "it is a part of a whole, or the whole")
    crosses = amount.bound != "exactly" and amount.metric == "count" and amount.text.lower().startswith(THRESHOLDS)
    is_size = part.kind == "level" and (bool(amount.direction) or is_size_of_movement(phrase, scene.clause))
    if amount.metric == "ratio" or is_size or (part.at == "change" and not crosses):
        return read_change(amount, scene)
    this, last = YearSpan(scene.clock.year), YearSpan(previous_year(scene.clock.year))
    if part.at == "base":
        return level_of("previous_level", amount, Meant([last], [this]), scene)
    if part.at == "year":
        return level_of(part.kind, amount, Meant([this]), scene, last)
    if part.at == "before" or phrase.kind == "from_to":
        pairs, end = pairs_of_ends(phrase, scene), 0 if part.at == "before" else 1
        spans = Meant([pair[end] for pair in pairs.sure], [pair[end] for pair in pairs.doubtful]) if pairs else None
        return level_of(part.kind, amount, spans, scene)
    return read_level("level" if part.at == "change" else part.kind, amount, phrase, scene)


def _in_brackets(amounts: list[Amount], phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """A figure in brackets says the figure before it in another unit."""
    last = scene.earlier[-1] if scene.earlier else None
    before = next((one.kind for one, other in pairwise(scene.clause.phrases) if other is phrase), "")
    alone, follows = Phrase("level", ()), _follows_change(scene, last)
    share = scene.clock.figures.catalogue.indicators.get(scene.indicator.companion_share or "")
    for amount in amounts:
        counts, percent = amount.metric == "count", amount.metric == "percent"
        of_share = (scene.companion is not None and percent) or (amount.total and scene.indicator.unit == "percent")
        if of_share:
            yield read_level("level", amount, alone, scene)
        elif amount.direction or (not counts and amount.metric != "ratio" and follows):
            yield read_change(amount, scene)
        elif percent and last is not None and last.kind == "level" and share is not None:
            yield read_level("level", amount, alone, replace(scene, indicator=share))
        elif counts and before in ("subject", "none_of") and amount.total is None:
            yield read_level("level", amount, alone, scene)
        elif counts and follows:
            yield replace(read_change(amount, scene), weak="" if amount.unit else "always")
        else:
            yield untied_amount(plain_kind(amount), amount, "what stands in brackets can't be tied to a figure")


def _follows_change(scene: Scene, last: Claim | None) -> bool:
    inside = scene.clause.has("change", "movement", "from_to", "before_from")
    return inside or (last is not None and (last.kind.startswith("change") or bool(last.direction)))


def _without_amount(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """A movement, or an aim, that is said without a figure."""
    if phrase.kind in ("movement", "not_moved") and scene.clause.count("AMOUNT"):
        return
    pairs = pairs_of_change(scene.clause, scene.clock)
    kind = {"aim_met": "achieved", "aim_missed": "not_achieved"}.get(phrase.kind, "movement")
    way = "up" if phrase.kind == "baseline_passed" else find_way(phrase)
    stated = kind.replace("_", " ") if kind != "movement" else f"not {way}" if phrase.kind == "not_moved" else way
    ends = pairs.sure if pairs else []
    if kind != "movement":
        ends = [pair for pair in ends if pair[1].is_year]

    def readings_of(measure: str) -> tuple[FigureMeant, ...]:
        return tuple(FigureMeant(scene.indicator.id, "change", after, before, measure) for before, after in ends)

    readings, by_number = readings_of("value"), scene.indicator.unit == "percent" and kind == "movement"
    if not readings:
        yield Claim("", "", "", kind, stated, why_untied=NO_PERIOD)
        return
    claim = Claim("", "", scene.indicator.id, kind, stated, direction=stated, readings=readings)
    doubtful = readings_of("number") if by_number else ()
    yield replace(claim, doubtful=doubtful, weak="always" if scene.clause.has("degree") else "")


def plain_kind(amount: Amount | None) -> str:
    return "movement" if amount is None else "share" if amount.metric == "percent" else "level"
