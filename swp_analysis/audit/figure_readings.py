"""Which figures an amount may mean. In: an amount, its phrase and scene. Out: a `Claim` with its readings, or why none.

A change has two ends, `from 33 to 63`; a level a span; a percentage beside a count is a part of its group or year.
"""

from __future__ import annotations

import re
from dataclasses import replace

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.scenes import NO_PART, NO_PERIOD, Scene, find_part_of_year
from swp_analysis.audit.spans_meant import Meant, mentions_of, pairs_of_change, spans_of_level, whens
from swp_analysis.catalogue.periods import previous_year

CHANGE_KINDS: dict[str, tuple[str, Metric]] = {
    "count": ("change_abs", "change"),
    "percent": ("change_pct", "percent"),
    "points": ("change_points", "points"),
    "ratio": ("change_times", "ratio"),
}


def read_change(amount: Amount, scene: Scene) -> Claim:
    kind, metric = CHANGE_KINDS[amount.metric]
    ends = next((one for one in scene.clause.phrases if one.kind == "from_to"), None)
    pairs = pairs_of_ends(ends, scene) if ends else pairs_of_change(scene.clause, scene.clock)
    direction = amount.direction or scene.direction or ("down" if amount.negative else "")
    if not direction and scene.earlier:
        direction = scene.earlier[-1].direction
    if pairs is None or not direction:
        return untied_amount(kind, amount, NO_PERIOD if pairs is None else "which way it went isn't said")
    measure = measure_of(amount, scene) if metric == "change" else scene.subject.measure
    if metric in ("percent", "points") and scene.indicator.unit == "percent":
        measure = "value"

    def readings(ends: list) -> tuple[FigureMeant, ...]:
        return tuple(FigureMeant(scene.indicator.id, metric, after, before, measure) for before, after in ends)

    return _tied(kind, amount, scene, readings(pairs.sure), readings(pairs.doubtful), direction)


def read_level(kind: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    meant = spans_of_level(scene.clause, mentions_of([phrase]), scene.clock)
    if amount.metric == "points" or (amount.metric == "percent" and scene.indicator.unit != "percent"):
        return _share(amount, meant, phrase, scene)
    if meant is not None and scene.part_of_earlier and any(one.kind.startswith("change") for one in scene.earlier):
        pairs = pairs_of_change(scene.clause, scene.clock)
        changes = (
            [FigureMeant(scene.indicator.id, "change", after, base) for base, after in pairs.sure] if pairs else []
        )
        claim = level_of(kind, amount, meant, scene)
        return replace(claim, readings=(*claim.readings, *changes))
    if meant is not None and scene.indicator.unit == "percent" and amount.metric == "percent" and not scene.is_row:
        meant = _one_of(meant)
    base = YearSpan(previous_year(scene.clock.year)) if meant and len(meant.sure) and meant.sure[0].is_year else None
    return level_of(kind, amount, meant, scene, base)


def level_of(kind: str, amount: Amount, meant: Meant | None, scene: Scene, base: YearSpan | None = None) -> Claim:
    if meant is None:
        return untied_amount(kind, amount, NO_PERIOD)
    if amount.metric in ("percent", "points") and scene.indicator.unit != "percent":
        return untied_amount(kind, amount, "the row has no such share")
    if amount.metric == "points":
        return untied_amount(kind, amount, "points are a change")
    measure = measure_of(amount, scene)
    sure, doubtful = (
        tuple(FigureMeant(scene.indicator.id, "level", span, base if span.is_year else None, measure) for span in ends)
        for ends in (meant.sure, meant.doubtful)
    )
    if amount.total is not None and amount.metric == "count":
        return _part_of_total(amount, scene, sure)
    return _tied(kind, amount, scene, sure, doubtful, scene.direction if kind in ("level", "baseline_new") else "")


def read_base(amount: Amount, scene: Scene) -> Claim:
    spans = [YearSpan(previous_year(scene.clock.year)), YearSpan(scene.clock.year)]
    return level_of("previous_level", amount, Meant(spans[:1], spans[1:]), scene)


def _share(amount: Amount, meant: Meant | None, phrase: Phrase, scene: Scene) -> Claim:
    """A percentage beside a count: the part of its group, or of its year, that it is."""
    if meant is None or amount.metric == "points":
        return untied_amount("share", amount, NO_PERIOD)
    name, clause = scene.indicator.id, scene.clause
    span = meant.sure[0] if meant.sure else None
    if named := find_part_of_year(clause):  # "61% of them in 2017/18 came in the second half"
        span = scene.clock.span_of(named)
        if span is None:
            return untied_amount("share", amount, NO_PERIOD)
        part = FigureMeant(name, "part", span, YearSpan(span.year), whole=name)
        return _tied("share", amount, scene, (part,), (), "")
    share = scene.clock.figures.catalogue.indicators.get(scene.indicator.companion_share or "")
    if share is not None and share.numerator == name and not clause.has("accounted"):
        return level_of("share", amount, _one_of(meant), replace(scene, indicator=share))
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
        return untied_amount("share", amount, "the row has no such share")
    return _tied("share", amount, scene, (reading,), (), "")


def _part_of_total(amount: Amount, scene: Scene, readings: tuple[FigureMeant, ...]) -> Claim:
    """`7 of 46`: the number behind a share, or a part of its group, or a quarter of its year."""
    group, span = scene.indicator.subgroup_of or "", readings[0].span
    if scene.indicator.unit != "percent":
        wholes = [(group, span)] if scene.companion and group else []
        wholes = [(scene.indicator.id, YearSpan(span.year))] if not span.is_year else wholes
        readings = tuple(replace(readings[0], whole=name, base=base) for name, base in wholes)
        if len(readings) != 1 or scene.indicator.kind == "stock":
            return untied_amount("share", amount, NO_PART)
    return replace(_tied("number_behind", amount, scene, readings, (), ""), weak="")


def pairs_of_ends(phrase: Phrase, scene: Scene) -> Meant | None:
    """Give the pairs of a change, with the periods inside the phrase before those around it."""
    if phrase.kind != "from_to":
        return pairs_of_change(scene.clause, scene.clock)
    middle = next((one.start for one in phrase.words if one.kind == "to"), phrase.words[0].start)
    named = [[one.meaning for one in phrase.of("PERIOD") if (one.start < middle) == first] for first in (True, False)]
    meant = pairs_of_change(scene.clause, scene.clock)
    if not any(named):
        return _with_quarters(meant, phrase, scene)
    ends = [scene.clock.span_of(one) if one else None for one in named]
    if not named[0] and ends[1] is not None and not ends[1].is_year and meant is not None:
        return pairs_of_change(scene.clause, scene.clock, ends[1])
    if meant is None or any(one and end is None for one, end in zip(named, ends, strict=True)):
        return None
    before, after = ends
    if after is None and before is not None:
        around = whens(scene.clause)
        after = scene.clock.span_of(around) if around else YearSpan(scene.clock.year, before.quarters)
    if after is None or after == before:
        return None
    return Meant([(before or YearSpan(previous_year(after.year), after.quarters), after)])


def _with_quarters(meant: Meant | None, phrase: Phrase, scene: Scene) -> Meant | None:
    """A bare `from 5 to 16` may mean two quarters, where they have just these figures."""
    if meant is None or mentions_of(scene.clause.phrases):
        return meant
    spans = sorted(scene.clock.figures.spans(scene.indicator.id))
    first, second = (word.meaning for word in phrase.of("AMOUNT"))
    fitting = [
        (one, other)
        for i, one in enumerate(spans)
        for other in spans[i + 1 :]
        if _is(first, one, scene) and _is(second, other, scene)
    ]
    return Meant(meant.sure, [*meant.doubtful, *fitting])


def _is(amount: Amount, span: YearSpan, scene: Scene) -> bool:
    found = scene.clock.figures.get(scene.indicator.id, span, measure_of(amount, scene))
    return found is not None and amount.fits(found.lowest, found.highest) is True


def measure_of(amount: Amount, scene: Scene) -> str:
    """A count beside a share is the number behind it."""
    if scene.indicator.unit != "percent":
        return "value"
    return "number" if amount.metric == "count" else "value"


def find_unit_mismatch(amount: Amount, scene: Scene) -> str:
    if not amount.unit or amount.metric != "count":
        return ""
    for unit in scene.units:
        if any(_matches(word, amount.unit) for word in unit.words):
            names = scene.indicator.label, scene.indicator.short_label, scene.indicator.id.replace("_", " ")
            counted = " ".join(names).lower()
            return "" if any(stem in counted for stem in unit.of) else f"the row doesn't count {amount.unit}"
    return ""


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.IGNORECASE) is not None


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


def untied_amount(kind: str, amount: Amount, why: str) -> Claim:
    return Claim("", "", "", kind, amount.text.strip(), why_untied=why, amount=amount)
