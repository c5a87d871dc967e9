"""Which figures an amount may mean. In: an amount, its phrase and scene. Out: a `Claim` with its readings, or why none.

A change has two ends, `from 33 to 63`; a level a span; a percentage beside a count is a part of its group or year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.claims import OF_FORCE, Claim, FigureMeant, Metric, make_claim
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.scenes import NO_PART, NO_PERIOD, Scene, find_part_of_year
from swp_analysis.audit.spans_meant import Meant, ends_of, mentions_of, pairs_of_change, spans_of_level, whens
from swp_analysis.catalogue.periods import previous_year

NO_SHARE = "the row has no such share"
CHANGE_KINDS: dict[str, tuple[str, Metric]] = {
    "count": ("change_abs", "change"),
    "percent": ("change_pct", "percent"),
    "points": ("change_points", "points"),
    "ratio": ("change_times", "ratio"),
}


def read_change(amount: Amount, scene: Scene) -> Claim:
    """Read a change: its ends, and the way it went, as the words or the claim before say."""
    kind, metric = CHANGE_KINDS[amount.metric]
    pairs = pairs_of_ends(next((one for one in scene.clause.phrases if one.kind == "from_to"), None), scene)
    direction = amount.direction or scene.direction or (scene.earlier[-1].direction if scene.earlier else "")
    if pairs is None or not direction:
        return make_claim(kind, amount, why=NO_PERIOD if pairs is None else "which way it went isn't said")
    name, measure = scene.indicator.id, measure_of(amount, scene)
    sure, doubtful = (
        [FigureMeant(name, metric, after, before, measure) for before, after in ends]
        for ends in (pairs.sure, pairs.doubtful)
    )
    return _tied(kind, amount, scene, sure, doubtful, direction)


def read_level(kind: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """Read a level in the span that the words in and around its phrase name; or a share, beside a count."""
    meant = spans_of_level(scene.clause, mentions_of([phrase]), scene.clock)
    if amount.metric == "points" or (amount.metric == "percent" and scene.indicator.unit != "percent"):
        return _share(amount, meant, phrase, scene)
    if meant is None:
        return make_claim(kind, amount, why=NO_PERIOD)
    if scene.part_of_earlier and any(one.kind.startswith("change") for one in scene.earlier):  # "12 of them"
        pairs, claim = pairs_of_change(scene.clause, scene.clock), level_of(kind, amount, meant, scene)
        ends = pairs.sure if pairs else []
        changes = (FigureMeant(scene.indicator.id, "change", after, base) for base, after in ends)
        return replace(claim, readings=(*claim.readings, *changes))
    if amount.metric == "percent" and not scene.is_row:
        meant = _one_of(meant)
    is_year = bool(meant.sure) and meant.sure[0].is_year
    return level_of(kind, amount, meant, scene, YearSpan(previous_year(scene.clock.year)) if is_year else None)


def level_of(kind: str, amount: Amount, meant: Meant | None, scene: Scene, base: YearSpan | None = None) -> Claim:
    """Give the level of the spans that are meant; `base`: the year by which the way it went is checked."""
    if meant is None or amount.metric == "points":
        return make_claim(kind, amount, why=NO_PERIOD if meant is None else "points are a change")
    name, measure = scene.indicator.id, measure_of(amount, scene)
    if amount.metric == "percent" and name.endswith(OF_FORCE):  # "9.2% of the crime of the force"
        return _part(amount, scene, meant.sure[0], meant.sure[0], name.removesuffix(OF_FORCE))
    if amount.metric == "percent" and scene.indicator.unit != "percent":
        return make_claim(kind, amount, why=NO_SHARE)
    sure, doubtful = (
        [FigureMeant(name, "level", span, base if span.is_year else None, measure) for span in ends]
        for ends in (meant.sure, meant.doubtful)
    )
    if amount.total is not None and amount.metric == "count":
        return _part_of_total(amount, scene, sure)
    return _tied(kind, amount, scene, sure, doubtful, scene.direction if kind in ("level", "baseline_new") else "")


def _part(amount: Amount, scene: Scene, span: YearSpan, of_span: YearSpan, name: str = "", whole: str = "") -> Claim:
    own = scene.indicator.id
    return _tied("share", amount, scene, [FigureMeant(name or own, "part", span, of_span, whole=whole or own)])


def _share(amount: Amount, meant: Meant | None, phrase: Phrase, scene: Scene) -> Claim:
    """A percentage beside a count: the part of its group, or of its year, that it is."""
    name, clause, group = scene.indicator.id, scene.clause, scene.indicator.subgroup_of
    named = find_part_of_year(clause)  # "61% of them in 2017/18 came in the second half"
    span = scene.clock.span_of(named) if named else meant.sure[0] if meant and meant.sure else None
    if span is None or meant is None or amount.metric == "points":
        return make_claim("share", amount, why=NO_PERIOD)
    if named:
        return _part(amount, scene, span, YearSpan(span.year))
    accounts = clause.has("accounted")
    share = scene.clock.figures.catalogue.indicators.get(scene.indicator.companion_share or "")
    if name.endswith(OF_FORCE) or (share is not None and share.numerator == name and not accounts):
        return level_of("share", amount, _one_of(meant), replace(scene, indicator=share or scene.indicator))
    of_subject = accounts or any(one.kind == "subject" and one.has("of") for one in clause.phrases)
    of_subject = of_subject or [one.kind for one in clause.phrases[:2]] == [phrase.kind, "subject"]
    if group and not accounts and (of_subject or scene.companion is not None or clause.phrases[0] is phrase):
        return _part(amount, scene, span, span, whole=group)
    if not span.is_year and len(meant.sure) == 1 and (of_subject or scene.part_of_earlier):
        return _part(amount, scene, span, YearSpan(span.year))
    return make_claim("share", amount, why=NO_SHARE)


def _part_of_total(amount: Amount, scene: Scene, readings: list[FigureMeant]) -> Claim:
    """`7 of 46`: the number behind a share, or a part of its group, or a quarter of its year."""
    group, span = scene.indicator.subgroup_of, readings[0].span
    if scene.indicator.unit != "percent":
        if scene.indicator.kind == "stock" or (span.is_year and not (scene.companion and group)):
            return make_claim("share", amount, why=NO_PART)
        whole, base = (group or "", span) if span.is_year else (scene.indicator.id, YearSpan(span.year))
        readings = [replace(readings[0], whole=whole, base=base)]
    return _tied("number_behind", amount, scene, readings)


def pairs_of_ends(phrase: Phrase | None, scene: Scene) -> Meant | None:
    """Give the pairs of a change, with the periods inside the phrase `from … to …` before those around it."""
    meant = None if scene.clause.has("run") else pairs_of_change(scene.clause, scene.clock)
    if phrase is None or phrase.kind != "from_to":
        return meant
    middle = next((one.start for one in phrase.words if one.kind == "to"), phrase.words[0].start)
    named = [[one.meaning for one in phrase.of("PERIOD") if (one.start < middle) == first] for first in (True, False)]
    if not any(named):
        return _with_quarters(meant, phrase, scene)
    if named[1] and named[1][0].kind == "each" and len(named[1][0].quarters) == 2:  # "between Q3 and Q4"
        return Meant([ends_of(named[1][0], scene.clock)])
    before, after = (scene.clock.span_of(one) if one else None for one in named)
    if meant is None or (named[0] and before is None) or (named[1] and after is None):
        return None
    if before is None and after is not None and not after.is_year:
        return pairs_of_change(scene.clause, scene.clock, after)
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
    of_number = amount.metric == "count" or (amount.metric == "ratio" and scene.subject.measure == "number")
    return "number" if scene.indicator.unit == "percent" and of_number else "value"


def find_unit_mismatch(amount: Amount, scene: Scene) -> str:
    """Say that the row doesn't count what the amount does (`12 arrests`), or give an empty text."""
    counts = (one for one in scene.units for word in one.words if re.fullmatch(word, amount.unit, re.IGNORECASE))
    unit = next(counts, None) if amount.unit and amount.metric == "count" else None
    names = f"{scene.indicator.label} {scene.indicator.short_label} {scene.indicator.id.replace('_', ' ')}".lower()
    return f"the row doesn't count {amount.unit}" if unit and not any(stem in names for stem in unit.of) else ""


def _one_of(meant: Meant) -> Meant:
    """A share without a period is the year's; the latest quarter's is only spared."""
    return Meant(meant.sure[:1], [*meant.sure[1:], *meant.doubtful])


def _tied(
    kind: str,
    amount: Amount,
    scene: Scene,
    readings: Sequence[FigureMeant],
    doubtful: Sequence[FigureMeant] = (),
    direction: str = "",
) -> Claim:
    more = {"direction": direction, "doubtful": tuple(doubtful), "wider": bool(scene.subject.wider_than)}
    return make_claim(kind, amount, readings, NO_PERIOD, **more)
