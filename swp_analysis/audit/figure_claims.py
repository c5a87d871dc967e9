"""What a figure in a sentence states. In: a phrase with its amounts and scene. Out: `Claim`s with readings.

Each kind of phrase is a line of `PARTS`: what it states, of which amount, in which span. A change has two ends, `from
33 to 63`; a level a span; a percentage beside a count is a part of its group or year.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.claims import OF_FORCE, Claim, FigureMeant, Metric, make_claim
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.mentions import Amount
from swp_analysis.audit.scenes import (
    NO_PART,
    NO_PERIOD,
    Scene,
    find_part_of_year,
    find_way,
    is_part_of_whole,
    is_range,
    is_size_of_movement,
)
from swp_analysis.audit.spans_meant import (
    Meant,
    ends_of,
    mentions_of,
    pairs_of_change,
    spans_of_level,
    whens,
    year_before,
)

# What each amount of a phrase states: the kind of claim, and the span that it is about.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "from_to": (("previous_level", "before"), ("level", "after")),
    "now_before": (("level", "now"), ("previous_level", "before")),
    "before": (("previous_level", "before"),),
    "before_from": (("previous_level", "before"),),
    "base_level": (("previous_level", "base"),),
    "new_base": (("baseline_new", "year"),),
    "change": (("change", "change"),),
    **dict.fromkeys(("to_level", "level", "level_in", "none_of"), (("level", "now"),)),
}
CHANGE_KINDS: dict[str, tuple[str, Metric]] = {
    "count": ("change_abs", "change"),
    "percent": ("change_pct", "percent"),
    "points": ("change_points", "points"),
    "ratio": ("change_times", "ratio"),
}
THRESHOLDS = ("above", "over", "below", "under", "exceed", "topped", "passed", "surpassed", "in excess", "well")
NO_SHARE = "the row has no such share"
_OF_BEFORE = ("before", "before_from", "base_level")


def claims_of_phrase(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of one phrase, by its kind."""
    amounts = [word.meaning for word in phrase.of("AMOUNT")]
    if phrase.kind == "none_of":
        amounts = [Amount(0, text="no")]
    if phrase.kind == "bracket" or _is_afterthought(phrase, amounts, scene):
        yield from _in_brackets(amounts, phrase, scene)
    elif phrase.kind in PARTS:
        for (kind, at), amount in zip(PARTS[phrase.kind], amounts, strict=False):
            yield _of_part(kind, at, amount, phrase, scene)
    moves = phrase.kind == "before" and phrase.has("up", "down")  # "down on the 191 of last year"
    if moves or phrase.kind in ("movement", "not_moved", "aim_met", "aim_missed", "baseline_passed"):
        yield from _without_amount(phrase, scene)


def _is_afterthought(phrase: Phrase, amounts: list[Amount], scene: Scene) -> bool:
    """`…, 29.3%` after a movement: the movement's size."""
    alone = scene.clause.phrases == [phrase] and phrase.kind == "level" and amounts[0].metric != "count"
    return alone and bool(scene.earlier) and bool(scene.earlier[-1].direction)


def _of_part(kind: str, at: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    why = find_unit_mismatch(amount, scene) or ("it may be a range" if is_range(scene.clause) else "")
    why = why or ("it is a part of a whole, or the whole" if is_part_of_whole(phrase, scene.clause) else "")
    if why:
        return make_claim(kind, amount, why=why)
    crosses = amount.bound != "exactly" and amount.metric == "count" and amount.text.lower().startswith(THRESHOLDS)
    is_size = kind == "level" and (bool(amount.direction) or is_size_of_movement(phrase, scene.clause))
    if amount.metric == "ratio" or is_size or (at == "change" and not crosses):
        return read_change(amount, scene)
    year = scene.clock.this_year
    if at == "base":
        return level_of(kind, amount, Meant([year_before(year)], [year]), scene)
    if at == "year":
        return level_of(kind, amount, Meant([year]), scene)
    if at in ("before", "after"):
        pairs = pairs_of_ends(phrase, scene)
        return level_of(kind, amount, pairs.befores if pairs and at == "before" else pairs, scene)
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
        of_subject = counts and before in ("subject", "none_of") and amount.total is None
        is_change = amount.direction or (not counts and amount.metric != "ratio" and follows)
        if of_share or (of_subject and not is_change):
            yield read_level("level", amount, alone, scene)
        elif is_change:
            yield read_change(amount, scene)
        elif percent and last is not None and last.kind == "level" and share is not None:
            yield read_level("level", amount, alone, replace(scene, indicator=share))
        elif counts and follows:
            yield replace(read_change(amount, scene), weak="" if amount.unit else "always")
        else:
            yield make_claim(plain_kind(amount), amount, why="what stands in brackets can't be tied to a figure")


def _follows_change(scene: Scene, last: Claim | None) -> bool:
    inside = scene.clause.has("change", "movement", "from_to", "before_from")
    return inside or (last is not None and (last.kind.startswith("change") or bool(last.direction)))


def _without_amount(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """A movement, or an aim, that is said without a figure but that of the time before."""
    told = any(one.of("AMOUNT") and one.kind not in _OF_BEFORE for one in scene.clause.phrases)
    if phrase.kind in ("movement", "not_moved", "before") and told:
        return
    pairs = pairs_of_change(scene.clause, scene.clock)
    kind = {"aim_met": "achieved", "aim_missed": "not_achieved"}.get(phrase.kind, "movement")
    way = "up" if phrase.kind == "baseline_passed" else find_way(phrase)
    stated = kind.replace("_", " ") if kind != "movement" else f"not {way}" if phrase.kind == "not_moved" else way
    ends = [pair for pair in (pairs.sure if pairs else []) if kind == "movement" or pair[1].is_year]
    counted = scene.indicator.unit == "percent" and kind == "movement"
    doubtful = scene.changes(ends, measure="number") if counted else ()
    weak = "always" if scene.clause.has("degree") else ""
    readings = scene.changes(ends, measure="value")
    yield make_claim(kind, stated, readings, NO_PERIOD, direction=stated, doubtful=doubtful, weak=weak)


def plain_kind(amount: Amount) -> str:
    """Give the kind of claim that an amount alone makes."""
    return "share" if amount.metric == "percent" else "level"


def read_change(amount: Amount, scene: Scene) -> Claim:
    """Read a change: its ends, and the way it went, as the words or the claim before say."""
    kind, metric = CHANGE_KINDS[amount.metric]
    pairs = pairs_of_ends(next((one for one in scene.clause.phrases if one.kind == "from_to"), None), scene)
    direction = amount.direction or scene.direction or (scene.earlier[-1].direction if scene.earlier else "")
    if pairs is None or not direction:
        return make_claim(kind, amount, why=NO_PERIOD if pairs is None else "which way it went isn't said")
    sure, doubtful = (scene.changes(ends, metric, measure_of(amount, scene)) for ends in (pairs.sure, pairs.doubtful))
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
        changes = scene.changes(pairs.sure if pairs else [], measure="value")
        return replace(claim, readings=(*claim.readings, *changes))
    if amount.metric == "percent" and not scene.is_row:
        meant = _one_of(meant)
    return level_of(kind, amount, meant, scene)


def level_of(kind: str, amount: Amount, meant: Meant | None, scene: Scene) -> Claim:
    """Give the level of the spans, or of the later ones of the pairs, that are meant."""
    if meant is None or amount.metric == "points":
        return make_claim(kind, amount, why=NO_PERIOD if meant is None else "points are a change")
    name = scene.indicator.id
    sure, doubtful = (scene.levels(ends, measure_of(amount, scene)) for ends in (meant.sure, meant.doubtful))
    if amount.metric == "percent" and name.endswith(OF_FORCE):  # "9.2% of the crime of the force"
        return _part(amount, scene, sure[0].span, sure[0].span, name.removesuffix(OF_FORCE))
    if amount.metric == "percent" and scene.indicator.unit != "percent":
        return make_claim(kind, amount, why=NO_SHARE)
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


def _part_of_total(amount: Amount, scene: Scene, readings: Sequence[FigureMeant]) -> Claim:
    """`7 of 46`: the number behind a share, or a part of its group, or a quarter of its year."""
    group, span = scene.indicator.subgroup_of, readings[0].span
    if scene.indicator.unit != "percent":
        if scene.clock.is_stock or (span.is_year and not (scene.companion and group)):
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
    return None if after is None or after == before else Meant([(before or year_before(after), after)])


def _with_quarters(meant: Meant | None, phrase: Phrase, scene: Scene) -> Meant | None:
    """A bare `from 5 to 16` may mean two quarters, where they have just these figures."""
    if meant is None or mentions_of(scene.clause.phrases):
        return meant
    amounts = [word.meaning for word in phrase.of("AMOUNT")]
    first, second = (
        [span for span in sorted(scene.clock.figures.spans(scene.indicator.id)) if _is(amount, span, scene)]
        for amount in amounts
    )
    return Meant(meant.sure, [*meant.doubtful, *((one, other) for one in first for other in second if one < other)])


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
    weak = "always" if scene.clause.has("actor") else ""
    return make_claim(kind, amount, readings, NO_PERIOD, weak=weak, **more)
