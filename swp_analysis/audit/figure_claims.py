"""What a figure in a sentence states. In: a phrase with its amounts and scene. Out: `Claim`s with readings.

Each kind of phrase is a line of `PARTS`: what it states, of which amount, in which span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.change_ends import measure_of, pairs_of_ends
from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.clause_shapes import find_part_of_year, is_part_of_whole, is_range, is_size_of_movement
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.scenes import NO_PART, NO_PERIOD, Scene, find_way
from swp_analysis.audit.spans_meant import (
    Meant,
    mentions_of,
    pairs_of_change,
    spans_of_level,
)
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
CHANGE_KINDS: dict[str, tuple[str, Metric]] = {
    "count": ("change_abs", "change"),
    "percent": ("change_pct", "percent"),
    "points": ("change_points", "points"),
    "ratio": ("change_times", "ratio"),
}
THRESHOLDS = ("above", "over", "below", "under", "exceed", "topped", "passed", "surpassed", "in excess", "well")


def claims_of_phrase(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of one phrase, by its kind."""
    amounts = [word.meaning for word in phrase.of("AMOUNT")]
    if phrase.kind == "none_of":
        amounts = [Amount(0, text="no")]
    if phrase.kind == "range":
        yield from (_untied("level", amount, "it is a range") for amount in amounts)
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
    why = _unit_mismatch(amount, scene)
    if why:
        return _untied(part.kind, amount, why)
    if is_range(scene.clause):
        return _untied(part.kind, amount, "it may be a range")
    if is_part_of_whole(phrase, scene.clause):
        return _untied(part.kind, amount, "it is a part of a whole, or the whole")
    crosses = amount.bound != "exactly" and amount.metric == "count" and amount.text.lower().startswith(THRESHOLDS)
    is_signed = bool(amount.direction) and part.kind == "level"
    is_size = part.kind == "level" and is_size_of_movement(phrase, scene.clause)
    if amount.metric == "ratio" or is_signed or is_size or (part.at == "change" and not crosses):
        return _change(amount, scene)
    kind = "level" if part.at == "change" else part.kind
    if part.at == "base":
        return _base(amount, scene)
    if part.at == "year":
        year = scene.clock.year
        return _level(kind, amount, Meant([YearSpan(year)]), scene, YearSpan(previous_year(year)))
    if part.at == "before":
        meant = pairs_of_ends(phrase, scene)
        return _level(kind, amount, meant and Meant([b for b, _ in meant.sure], [b for b, _ in meant.doubtful]), scene)
    if phrase.kind == "from_to":
        meant = pairs_of_ends(phrase, scene)
        return _level(kind, amount, meant and Meant([a for _, a in meant.sure], [a for _, a in meant.doubtful]), scene)
    return _level_now(kind, amount, phrase, scene)


def _change(amount: Amount, scene: Scene) -> Claim:
    kind, metric = CHANGE_KINDS[amount.metric]
    ends = next((one for one in scene.clause.phrases if one.kind == "from_to"), None)
    pairs = pairs_of_ends(ends, scene) if ends else pairs_of_change(scene.clause, scene.clock)
    direction = amount.direction or scene.direction or ("down" if amount.negative else "")
    if not direction and scene.earlier:
        direction = scene.earlier[-1].direction
    if pairs is None or not direction:
        return _untied(kind, amount, NO_PERIOD if pairs is None else "which way it went isn't said")
    measure = measure_of(amount, scene) if metric == "change" else scene.subject.measure
    if metric in ("percent", "points") and scene.indicator.unit == "percent":
        measure = "value"

    def readings(ends: list) -> tuple[FigureMeant, ...]:
        return tuple(FigureMeant(scene.indicator.id, metric, after, before, measure) for before, after in ends)

    return _tied(kind, amount, scene, readings(pairs.sure), readings(pairs.doubtful), direction)


def _level_now(kind: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    meant = spans_of_level(scene.clause, mentions_of([phrase]), scene.clock)
    if amount.metric == "points" or (amount.metric == "percent" and scene.indicator.unit != "percent"):
        return _share(amount, meant, phrase, scene)
    if meant is not None and scene.part_of_earlier and any(one.kind.startswith("change") for one in scene.earlier):
        pairs = pairs_of_change(scene.clause, scene.clock)
        changes = (
            [FigureMeant(scene.indicator.id, "change", after, base) for base, after in pairs.sure] if pairs else []
        )
        claim = _level(kind, amount, meant, scene)
        return replace(claim, readings=(*claim.readings, *changes))
    if meant is not None and scene.indicator.unit == "percent" and amount.metric == "percent" and not scene.is_row:
        meant = _one_of(meant)
    base = YearSpan(previous_year(scene.clock.year)) if meant and len(meant.sure) and meant.sure[0].is_year else None
    return _level(kind, amount, meant, scene, base)


def _level(kind: str, amount: Amount, meant: Meant | None, scene: Scene, base: YearSpan | None = None) -> Claim:
    if meant is None:
        return _untied(kind, amount, NO_PERIOD)
    if amount.metric in ("percent", "points") and scene.indicator.unit != "percent":
        return _untied(kind, amount, "the row has no such share")
    if amount.metric == "points":
        return _untied(kind, amount, "points are a change")
    measure = measure_of(amount, scene)
    sure, doubtful = (
        tuple(FigureMeant(scene.indicator.id, "level", span, base if span.is_year else None, measure) for span in ends)
        for ends in (meant.sure, meant.doubtful)
    )
    if amount.total is not None and amount.metric == "count":
        return _part_of_total(amount, scene, sure)
    return _tied(kind, amount, scene, sure, doubtful, scene.direction if kind in ("level", "baseline_new") else "")


def _base(amount: Amount, scene: Scene) -> Claim:
    spans = [YearSpan(previous_year(scene.clock.year)), YearSpan(scene.clock.year)]
    return _level("previous_level", amount, Meant(spans[:1], spans[1:]), scene)


def _share(amount: Amount, meant: Meant | None, phrase: Phrase, scene: Scene) -> Claim:
    """A percentage beside a count: the part of its group, or of its year, that it is."""
    if meant is None or amount.metric == "points":
        return _untied("share", amount, NO_PERIOD)
    name, clause = scene.indicator.id, scene.clause
    span = meant.sure[0] if meant.sure else None
    if named := find_part_of_year(clause):  # "61% of them in 2017/18 came in the second half"
        span = scene.clock.span_of(named)
        if span is None:
            return _untied("share", amount, NO_PERIOD)
        part = FigureMeant(name, "part", span, YearSpan(span.year), whole=name)
        return _tied("share", amount, scene, (part,), (), "")
    share = scene.clock.figures.catalogue.indicators.get(scene.indicator.companion_share or "")
    if share is not None and share.numerator == name and not clause.has("accounted"):
        return _level("share", amount, _one_of(meant), replace(scene, indicator=share))
    of_subject = any(one.kind == "subject" and one.has("of") for one in clause.phrases) or clause.has("accounted")
    of_subject = of_subject or [one.kind for one in clause.phrases[:2]] == [phrase.kind, "subject"]
    if (
        scene.indicator.subgroup_of
        and not clause.has("accounted")
        and span is not None
        and (of_subject or scene.companion is not None or clause.phrases[0] is phrase)
    ):
        reading = FigureMeant(name, "part", span, span, whole=scene.indicator.subgroup_of)
    elif span is not None and not span.is_year and len(meant.sure) == 1 and (of_subject or scene.part_of_earlier):
        reading = FigureMeant(name, "part", span, YearSpan(span.year), whole=name)
    else:
        return _untied("share", amount, "the row has no such share")
    return _tied("share", amount, scene, (reading,), (), "")


def _part_of_total(amount: Amount, scene: Scene, readings: tuple[FigureMeant, ...]) -> Claim:
    """`7 of 46`: the number behind a share, or a part of its group, or a quarter of its year."""
    group, span = scene.indicator.subgroup_of or "", readings[0].span
    if scene.indicator.unit != "percent":
        wholes = [(group, span)] if scene.companion and group else []
        wholes = [(scene.indicator.id, YearSpan(span.year))] if not span.is_year else wholes
        readings = tuple(replace(readings[0], whole=name, base=base) for name, base in wholes)
        if len(readings) != 1 or scene.indicator.kind == "stock":
            return _untied("share", amount, NO_PART)
    return replace(_tied("number_behind", amount, scene, readings, (), ""), weak="")


def _in_brackets(amounts: list[Amount], phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """A figure in brackets says the figure before it in another unit."""
    last = scene.earlier[-1] if scene.earlier else None
    before = next((one.kind for one, other in pairwise(scene.clause.phrases) if other is phrase), "")
    for amount in amounts:
        if (scene.companion is not None and amount.metric == "percent") or (
            amount.total is not None and scene.indicator.unit == "percent"
        ):
            yield _level_now("level", amount, Phrase("level", ()), scene)
        elif amount.direction or (amount.metric in ("percent", "points") and _follows_change(scene, last)):
            yield _change(amount, scene)
        elif (
            amount.metric == "percent" and last is not None and last.kind == "level" and scene.indicator.companion_share
        ):
            share = scene.clock.figures.catalogue.indicators[scene.indicator.companion_share]
            yield _level_now("level", amount, Phrase("level", ()), replace(scene, indicator=share))
        elif amount.metric == "count" and before in ("subject", "none_of") and amount.total is None:
            yield _level_now("level", amount, Phrase("level", ()), scene)
        elif amount.metric == "count" and _follows_change(scene, last):
            yield replace(_change(amount, scene), weak="" if amount.unit else "always")
        else:
            yield _untied(plain_kind(amount), amount, "what stands in brackets can't be tied to a figure")


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


def _unit_mismatch(amount: Amount, scene: Scene) -> str:
    if not amount.unit or amount.metric != "count":
        return ""
    for unit in scene.units:
        if any(_matches(word, amount.unit) for word in unit.words):
            names = scene.indicator.label, scene.indicator.short_label, scene.indicator.id.replace("_", " ")
            counted = " ".join(names).lower()
            return "" if any(stem in counted for stem in unit.of) else f"the row doesn't count {amount.unit}"
    return ""


def _one_of(meant: Meant) -> Meant:
    """A share without a period is the year's; the latest quarter's is only spared."""
    return Meant(meant.sure[:1], [*meant.sure[1:], *meant.doubtful])


def _tied(
    kind: str,
    amount: Amount,
    scene: Scene,
    readings: tuple[FigureMeant, ...],
    doubtful: tuple[FigureMeant, ...],
    direction: str,
) -> Claim:
    claim = Claim("", "", scene.indicator.id, kind, amount.text.strip(), direction=direction, readings=readings)
    claim = replace(claim, doubtful=doubtful, amount=amount, wider=bool(scene.subject.wider_than))
    return claim if readings else replace(claim, indicator="", why_untied=NO_PERIOD)


def _untied(kind: str, amount: Amount, why: str) -> Claim:
    return Claim("", "", "", kind, amount.text.strip(), why_untied=why, amount=amount)


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.IGNORECASE) is not None


def plain_kind(amount: Amount | None) -> str:
    return "movement" if amount is None else "share" if amount.metric == "percent" else "level"
