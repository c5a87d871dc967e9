"""What a figure in a sentence states. In: an amount with its phrase and scene. Out: a `Claim` with readings.

A change has two ends, `from 33 to 63`; a level a span; a percentage beside a count is a part of its group or year.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from swp_analysis.audit.claims import Claim, FigureMeant, Metric, make_claim
from swp_analysis.audit.clause_shapes import find_part_of_year, is_part_of_whole, is_range, is_size_of_movement
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import AGAINST, IN_A_YEAR, Phrase
from swp_analysis.audit.mentions import Amount
from swp_analysis.audit.names import counts_such
from swp_analysis.audit.scenes import NO_PART, Pair, Scene
from swp_analysis.audit.spans_meant import Meant, pairs_of_change, pairs_of_ends, spans_of_level
from swp_analysis.catalogue.claim_rules import OF_FORCE

CHANGE_KINDS: dict[str, tuple[str, Metric]] = {"count": ("change_abs", "change"), "percent": ("change_pct", "percent")}
CHANGE_KINDS |= {"points": ("change_points", "points"), "ratio": ("change_times", "ratio")}
NO_SHARE = "the row has no such share"
NO_PERIOD = "the period can't be told with certainty"
# What a clause without a word of its own for how it went is made of: "robbery rose by 26, gun crime 30".
_BARE = ("subject", "companion", "when", "level", "level_in", "degree")


def claim_of_amount(kind: str, at: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """Read what an amount of a phrase states, in the span or at the end of a change that `claims.yml` names."""
    way = scene.direction or next((one.direction for one in scene.earlier[::-1] if one.direction), "")
    why = find_unit_mismatch(amount, scene) or ("it may be a range" if is_range(scene.clause, way) else "")
    why = why or ("it is a part of a whole, or the whole" if is_part_of_whole(phrase, scene.clause) else "")
    if at != "before" and any(one.kind == "average" for one in scene.earlier):
        why = "it may be an average too"
    if phrase.has("by") and not phrase.way and _may_be_of_aim(scene):  # "missed its target, 200, by 21"
        why = "it may be how far off a target is"
    if why:
        return make_claim(kind, amount, why=why)
    crosses = re.match(scene.rules.thresholds, amount.text, re.IGNORECASE) and amount.metric == "count"
    is_size = kind == "level" and (bool(amount.direction) or is_size_of_movement(phrase, scene.clause))
    if amount.metric in ("ratio", "points") or is_size or (at == "change" and not crosses):
        change = read_change(amount, scene)
        may_be = read_level(kind, amount, phrase, scene).readings if is_size and amount.metric == "count" else ()
        return replace(change, doubtful=(*change.doubtful, *may_be))  # "221 up on 191"
    if at in ("now", "change"):
        return _of_own_verb("level" if at == "change" else kind, amount, phrase, scene)
    return _at_end_of_change(kind, at, amount, phrase, scene)


def _at_end_of_change(kind: str, at: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """The figure that something went from or to, or that it is compared with; or the baseline of a year."""
    year, averages = scene.this_year, [one for one in scene.earlier if one.kind == "average"]
    meant: Meant | None = Meant([year]) if at == "year" else Meant([year.year_before], [year])
    if at == "base" and {one.year for one in scene.clause.whens} - {"", year.year, year.year_before.year}:
        meant = None  # "the 2018/19 baseline is 230"
    changes: list[Pair] = []
    if at in ("before", "after") and not phrase.has("beats", "misses"):
        pairs = pairs_of_ends(phrase, scene)
        meant = pairs.befores if pairs and at == "before" else pairs
        moves = scene.clause.has("change") or phrase.has("of", "upon") or _moves_before(scene)
        if pairs and at == "before" and moves:  # "rose by 16, against 5", "an increase on Q3 of 11"
            changes = [one for pair in pairs.sure for end in pair if end for one in end.changes]
    parts = [number for kind, number in IN_A_YEAR.items() if phrase.has(kind)] or [one.number for one in averages]
    if parts or phrase.has("average"):  # "averaged 55 a quarter, up from 48"
        years = [one for one in meant.sure if one.is_year][:1] if meant and parts else []
        of_year = () if scene.is_share or scene.is_stock else scene.levels(years)
        return make_claim("average", amount, of_year, NO_PERIOD, number=parts[-1] if parts else 0)
    level = level_of(kind, amount, meant, scene)
    return replace(level, doubtful=(*level.doubtful, *scene.changes(changes)))


def _moves_before(scene: Scene) -> list[Claim]:
    return [one for one in scene.earlier if one.kind.startswith("change")]


def _of_own_verb(kind: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """`Robbery rose by 26, gun crime 30`, `by 78 in Q1, 56 in Q2`: what has no verb of its own is a change too."""
    clause, moves, level = scene.clause, _moves_before(scene), read_level(kind, amount, phrase, scene)
    before = [*(clause.opener.words if clause.opener else ()), *clause.words]
    figure = next(iter(phrase.of("AMOUNT")), phrase.words[0])
    last = before[before.index(figure) - 1]  # of "reached 63" the verb is passed over
    counts = phrase.has("at", "upon") or (clause.phrases[0] is phrase and bool(clause.subjects))  # "and 63 gun crimes"
    if counts or not moves or not clause.only(_BARE) or last.end + 1 < figure.start:
        return level
    change = read_change(amount, replace(scene, earlier=moves))
    return replace(change, doubtful=(*change.doubtful, *level.readings))


def plain_kind(amount: Amount) -> str:
    """Give the kind of claim that an amount alone makes."""
    return "share" if amount.metric == "percent" else "level"


def read_change(amount: Amount, scene: Scene) -> Claim:
    """Read a change: its ends, and the way it went, as the words or the claim before say."""
    kind, metric = CHANGE_KINDS[amount.metric]
    is_plain = any(word.kind == "change_of" for word in scene.clause.words)
    in_column = scene.before.row or is_plain
    if amount.total is not None:  # "54 of the 80 additional offences"
        return make_claim(kind, amount, why=NO_PART)
    if in_column and scene.is_share and amount.metric == "count" and scene.companion is None and not amount.unit:
        return make_claim(kind, amount, why="whether it is in points or in number isn't said")
    pairs = pairs_of_ends(next((one for one in scene.clause.phrases if one.kind == "from_to"), None), scene)
    direction = amount.direction or scene.direction or (scene.earlier[-1].direction if scene.earlier else "")
    if pairs is None or not (direction or is_plain):
        return make_claim(kind, amount, why=NO_PERIOD if pairs is None else "which way it went isn't said")
    compared = any(one.kind == "before" and one.has("compare") for one in scene.clause.phrases)
    usual = [one for _, now in pairs.sure for one in now.changes] if compared else []  # "by 14 in Q4 against 5 in Q3"
    measure = _measure_of(amount, scene)
    sure, doubtful = (scene.changes(ends, metric, measure) for ends in (pairs.sure, [*pairs.doubtful, *usual]))
    return _tied(kind, amount, scene, sure, doubtful, direction)


def read_level(kind: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """Read a level in the span that the words in and around its phrase name; or a share, beside a count."""
    meant = spans_of_level(scene, phrase.periods)
    if amount.metric == "points" or (amount.metric == "percent" and not scene.is_share):
        return _share(amount, meant, phrase, scene)
    has_base = scene.clause.goes_on or scene.clause.has(*AGAINST)
    pairs = pairs_of_change(scene) if meant and scene.direction and has_base else None
    if meant and pairs and len(pairs.sure) == 1:  # "fell to 85 in Q4 from 118 in Q1"
        others = [one for one in meant.doubtful if one not in meant.sure]
        may_be = [*meant.sure, *others] if _only_compares(scene) else others
        meant = Meant([pairs.sure[0] if one == pairs.sure[0][1] else one for one in meant.sure], may_be)
    of_part = scene.of_earlier and (scene.clause.has("change") or _moves_before(scene))  # "12 of them"
    if amount.metric == "percent" and not scene.before.row and not of_part:
        meant = _one_of(meant)
    claim = level_of(kind, amount, meant, scene)
    pairs = pairs_of_change(scene) if meant and of_part else None
    return replace(claim, readings=(*claim.readings, *scene.changes(pairs.sure, measure="value"))) if pairs else claim


def _only_compares(scene: Scene) -> bool:
    """`Rose to 85 in Q4, against 97 a year earlier`, `against 104 in Q2 and 78 in Q3`: it may have risen since Q3."""
    compares = any(one.kind == "before" and one.has("compare") for one in scene.clause.phrases)
    is_plain = all(one.kind == "span" and not one.year for one in scene.clause.periods_in("before"))
    return compares and not (scene.is_last and is_plain)


def level_of(kind: str, amount: Amount, meant: Meant | None, scene: Scene) -> Claim:
    """The level of the spans, or of the later ones of the pairs, that are meant."""
    if meant is None or amount.metric == "points":
        return make_claim(kind, amount, why=NO_PERIOD if meant is None else "points are a change")
    if _may_be_of_each(amount, meant, scene):
        return make_claim(kind, amount, why="whether the whole or each quarter is meant isn't said")
    name = scene.indicator.id
    sure, doubtful = (scene.levels(ends, _measure_of(amount, scene)) for ends in (meant.sure, meant.doubtful))
    if amount.metric == "percent" and name.endswith(OF_FORCE):  # "9.2% of the crime of the force"
        part = FigureMeant(name.removesuffix(OF_FORCE), "part", sure[0].span, sure[0].span, whole=name)
        return _tied("share", amount, scene, [part])
    if amount.metric == "percent" and not scene.is_share:
        return make_claim(kind, amount, why=NO_SHARE)
    if amount.total is not None and amount.metric == "count":
        return _part_of_total(amount, scene, sure)
    return _tied(kind, amount, scene, sure, doubtful, scene.direction if kind in ("level", "baseline_new") else "")


def _may_be_of_each(amount: Amount, meant: Meant, scene: Scene) -> bool:
    """`Never exceeded 35%`, `stayed above 60`: may be said of the whole of a time, or of each of its quarters."""
    is_never = re.match(r"never\b|\w+ ?n[o']t\b", amount.text, re.IGNORECASE) is not None
    lasts = is_never or (amount.bound != "exactly" and scene.clause.has("same"))
    quarters = [one for span in meant.sure if lasts and len(span.quarters) > 1 for one in span.each]
    found = [one.value for quarter in quarters if (one := scene.figures.get(scene.indicator.id, quarter))]
    # Of a number, a limit that the year keeps is kept by its quarters.
    is_least = scene.is_share or amount.bound in ("over", "just_over", "at_least")
    return bool(found) and (is_least or amount.fits(max(found)) is True)


def _share(amount: Amount, meant: Meant | None, phrase: Phrase, scene: Scene) -> Claim:
    """A percentage beside a count: the part of its group, or of its year, that it is."""
    name, clause, group, share = scene.indicator.id, scene.clause, scene.indicator.subgroup_of, scene.share
    named = find_part_of_year(clause)  # "61% of them in 2017/18 came in the second half"
    if phrase.has("of") and phrase.periods and scene.context and scene.context.is_part:
        named = [scene.context]  # "In Q2 there were 158, 31% of the year's total"
    span = scene.span_of(named) if named else meant.sure[0] if meant and meant.sure else None
    if span is None or meant is None or amount.metric == "points":
        return make_claim("share", amount, why=NO_PERIOD)
    accounts = clause.has("accounted")
    if not named and (name.endswith(OF_FORCE) or (share is not None and share.numerator == name and not accounts)):
        return level_of("share", amount, _one_of(meant), of_row(scene, share.id) if share else scene)
    of_subject = accounts or any(one.kind == "subject" and one.has("of") for one in clause.phrases)
    of_subject = of_subject or [one.kind for one in clause.phrases[:2]] == [phrase.kind, "subject"]
    of_group = of_subject or scene.companion is not None or clause.phrases[0] is phrase
    if group and not named and not accounts and of_group:
        base, whole = span, group
    elif named or (not span.is_year and len(meant.sure) == 1 and (of_subject or scene.of_earlier)):
        base, whole = YearSpan(span.year), name
    else:
        return make_claim("share", amount, why=NO_SHARE)
    return _tied("share", amount, scene, [FigureMeant(name, "part", span, base, whole=whole)])


def _part_of_total(amount: Amount, scene: Scene, readings: Sequence[FigureMeant]) -> Claim:
    """`7 of 46`: the number behind a share, or a part of its group, or a quarter of its year."""
    group, span = scene.indicator.subgroup_of, readings[0].span
    if not scene.is_share:
        of_group = [replace(readings[0], whole=group, base=span)] if group else []
        if scene.is_stock or (span.is_year and not (scene.companion and group)):
            return make_claim("share", amount, why=NO_PART)
        of_year = [] if span.is_year else [replace(readings[0], whole=scene.indicator.id, base=YearSpan(span.year))]
        readings = [*of_group, *of_year]
    return _tied("number_behind", amount, scene, readings)


def of_row(scene: Scene, name: str) -> Scene:
    return replace(scene, subject=replace(scene.subject, name=name))


def _measure_of(amount: Amount, scene: Scene) -> str:
    """A count beside a share is the number behind it."""
    of_number = amount.metric == "count" or (amount.metric == "ratio" and scene.subject.measure == "number")
    return "number" if scene.is_share and of_number else "value"


def find_unit_mismatch(amount: Amount, scene: Scene) -> str:
    """Say that the row doesn't count what the amount does (`12 arrests`), or give an empty text."""
    unit = amount.unit if amount.metric == "count" else ""
    return f"the row doesn't count {unit}" if counts_such(scene.indicator, unit, scene.rules.units) is False else ""


def _one_of(meant: Meant | None) -> Meant | None:
    """A share without a period is the year's; the latest quarter's is only spared."""
    return Meant(meant.sure[:1], [*meant.sure[1:], *meant.doubtful]) if meant else None


def _tied(
    kind: str,
    amount: Amount,
    scene: Scene,
    readings: Sequence[FigureMeant],
    doubtful: Sequence[FigureMeant] = (),
    direction: str = "",
) -> Claim:
    more = {"direction": direction, "doubtful": tuple(doubtful), "wider": bool(scene.subject.wider_than)}
    # `12,480 crimes` behind a sentence on hate crime may be all that there were.
    of_all = scene.before.counts_all and kind == "level" and scene.rules.counts_all(amount.unit)
    weak = "always" if of_all or scene.clause.has("actor") or _may_be_of_aim(scene) else ""
    return make_claim(kind, amount, readings, NO_PERIOD, weak=weak, **more)


def _may_be_of_aim(scene: Scene) -> bool:
    """Whether an aim is spoken of whose number is not: a number behind it may be the target."""
    aims = {one.kind for one in scene.earlier} & {"achieved", "not_achieved", "beside_target", "target"}
    return "target" not in aims and (bool(aims) or scene.clause.has("aim_met", "aim_missed", "aim_passed"))
