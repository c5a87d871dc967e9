"""What a figure in a sentence states. In: a phrase with its amounts and scene. Out: `Claim`s with readings.

Each kind of phrase is a line of `PARTS`: what it states, of which amount, in which span.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.claims import Claim, FigureMeant, make_claim
from swp_analysis.audit.figure_readings import (
    find_unit_mismatch,
    level_of,
    pairs_of_ends,
    read_change,
    read_level,
)
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.scenes import NO_PERIOD, Scene, find_way, is_part_of_whole, is_range, is_size_of_movement
from swp_analysis.audit.spans_meant import Meant, pairs_of_change
from swp_analysis.catalogue.periods import previous_year

# What each amount of a phrase states: the kind of claim, and the span that it is about.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "from_to": (("previous_level", "before"), ("level", "now")),
    "now_before": (("level", "now"), ("previous_level", "before")),
    "before": (("previous_level", "before"),),
    "before_from": (("previous_level", "before"),),
    "base_level": (("previous_level", "base"),),
    "new_base": (("baseline_new", "year"),),
    "change": (("change", "change"),),
    **dict.fromkeys(("to_level", "level", "level_in", "none_of"), (("level", "now"),)),
}
THRESHOLDS = ("above", "over", "below", "under", "exceed", "topped", "passed", "surpassed", "in excess", "well")


def claims_of_phrase(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of one phrase, by its kind."""
    amounts = [word.meaning for word in phrase.of("AMOUNT")]
    if phrase.kind == "none_of":
        amounts = [Amount(0, text="no")]
    if phrase.kind == "range":
        yield from (make_claim("level", amount, why="it is a range") for amount in amounts)
    elif phrase.kind == "bracket" or _is_afterthought(phrase, amounts, scene):
        yield from _in_brackets(amounts, phrase, scene)
    elif phrase.kind in PARTS:
        for (kind, at), amount in zip(PARTS[phrase.kind], amounts, strict=False):
            yield _of_part(kind, at, amount, phrase, scene)
    elif phrase.kind in ("movement", "not_moved", "aim_met", "aim_missed", "baseline_passed"):
        yield from _without_amount(phrase, scene)


def _is_afterthought(phrase: Phrase, amounts: list[Amount], scene: Scene) -> bool:
    """`…, 29.3%` after a movement: the movement's size."""
    alone = scene.clause.phrases == [phrase] and phrase.kind == "level" and amounts[0].metric != "count"
    return alone and bool(scene.earlier) and bool(scene.earlier[-1].direction)


def _of_part(kind: str, at: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    why = find_unit_mismatch(amount, scene)
    why = why or ("it may be a range" if is_range(scene.clause) else "")
    if why or is_part_of_whole(phrase, scene.clause):
        return make_claim(kind, amount, why=why or "it is a part of a whole, or the whole")
    crosses = amount.bound != "exactly" and amount.metric == "count" and amount.text.lower().startswith(THRESHOLDS)
    is_size = kind == "level" and (bool(amount.direction) or is_size_of_movement(phrase, scene.clause))
    if amount.metric == "ratio" or is_size or (at == "change" and not crosses):
        return read_change(amount, scene)
    this, last = YearSpan(scene.clock.year), YearSpan(previous_year(scene.clock.year))
    if at == "base":
        return level_of(kind, amount, Meant([last], [this]), scene)
    if at == "year":
        return level_of(kind, amount, Meant([this]), scene, last)
    if at == "before" or phrase.kind == "from_to":
        pairs, end = pairs_of_ends(phrase, scene), 0 if at == "before" else 1
        spans = Meant([pair[end] for pair in pairs.sure], [pair[end] for pair in pairs.doubtful]) if pairs else None
        return level_of(kind, amount, spans, scene)
    return read_level("level" if at == "change" else kind, amount, phrase, scene)


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
            yield make_claim(plain_kind(amount), amount, why="what stands in brackets can't be tied to a figure")


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
    ends = [pair for pair in (pairs.sure if pairs else []) if kind == "movement" or pair[1].is_year]
    by_value, by_number = (
        tuple(FigureMeant(scene.indicator.id, "change", after, before, measure) for before, after in ends)
        for measure in ("value", "number")
    )
    doubtful = by_number if scene.indicator.unit == "percent" and kind == "movement" else ()
    weak = "always" if scene.clause.has("degree") else ""
    yield make_claim(kind, stated, by_value, NO_PERIOD, direction=stated, doubtful=doubtful, weak=weak)


def plain_kind(amount: Amount) -> str:
    return "share" if amount.metric == "percent" else "level"
