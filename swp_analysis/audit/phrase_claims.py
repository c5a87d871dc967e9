"""What a phrase states, or a whole sentence about several figures. In: it with its scenes. Out: `Claim`s with readings.

The table `states` of `claims.yml` says what each amount of a phrase states, and in which span. A sentence compares two
indicators, or one in two periods, adds them or names them in turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.claims import Claim, FigureMeant, Metric, make_claim
from swp_analysis.audit.figure_claims import (
    CHANGE_KINDS,
    NO_PERIOD,
    claim_of_amount,
    find_unit_mismatch,
    level_of,
    of_row,
    plain_kind,
    read_change,
    read_level,
)
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import AGAINST, Phrase
from swp_analysis.audit.mentions import BOTH_YEARS, RELATIVE, SCOPES, Amount, PeriodMention
from swp_analysis.audit.row_claims import rank_figures
from swp_analysis.audit.scenes import NO_PART, Scene
from swp_analysis.audit.spans_meant import Meant, pairs_of_change, pairs_of_ends, spans_of_level
from swp_analysis.audit.words import Word
from swp_analysis.catalogue.periods import QUARTERS, previous_year

OF_BEFORE = ("before", "before_from", "base_level")
AIMS = {"aim_met": "achieved", "aim_missed": "not_achieved", "aim_passed": "beside_target", "aim_number": ""}
# What each kind of `claims.yml` compares, and the words that say which is more, or moved up.
_KINDS: dict[str, Metric] = {
    **dict.fromkeys(
        ("compare_levels", "compare_gap", "compare_times", "compare_part", "together", "in_turn", "corrected"), "level"
    ),
    **dict.fromkeys(("both_moved", "moved_in_turn", "gap_moved"), "change"),
    "compare_pace": "percent",
}
_NAMING = {"subject", "extreme", "when", "bracket"}
_WAYS = dict.fromkeys(("more", "up", "faster", "outnumbered"), "up")
_WAYS |= dict.fromkeys(("less", "down", "slower", "outnumbered_by"), "down")


def claims_of_phrase(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of one phrase, by its kind."""
    amounts = [Amount(0, text="no")] if phrase.kind == "none_of" else phrase.amounts
    if phrase.kind in ("from_to", "before_from") and phrase.has("highest", "lowest"):
        yield _of_peak(phrase, scene)
    if phrase.kind == "bracket" or _is_afterthought(phrase, scene):
        yield from (_in_brackets(amount, phrase, scene) for amount in amounts)
    else:
        states = scene.rules.states.get(phrase.kind, {})
        for (kind, at), amount in zip(states.items(), amounts, strict=False):
            yield claim_of_amount(kind, at, amount, phrase, scene)
    beats = phrase.has("beats", "misses") and len(scene.clause.periods) == 1  # not "… last year's total by Q3"
    moves = phrase.kind in ("beaten", "before") and (beats or phrase.has("up", "down"))
    told = any(one.amounts and one.kind not in OF_BEFORE for one in scene.clause.phrases)
    if phrase.kind == "baseline_passed" or ((moves or phrase.kind in ("movement", "not_moved")) and not told):
        yield _without_amount(phrase, scene)


def _of_peak(phrase: Phrase, scene: Scene) -> Claim:
    """`From a peak of 118 in Q1`: higher than all other quarters; not wrong where it is higher than those around it."""
    pairs, every = pairs_of_ends(phrase, scene), sorted(scene.figures.spans(scene.indicator.id))
    is_end = phrase.kind == "from_to" and not phrase.words[1].kind.endswith("est")  # "from 356 in Q1 to a peak of 402"
    base = pairs.sure[0][is_end] if pairs and pairs.sure else None
    around = every[max(every.index(base) - 1, 0) : every.index(base) + 2] if base in every else []
    way, stated = ("up", "highest") if phrase.has("highest") else ("down", "lowest")
    readings, doubtful = (rank_figures(base, spans, scene) for spans in (every, around))
    why = "whether that was its highest or lowest can't be told"
    return make_claim("extreme", stated, readings if around else (), why, direction=way, doubtful=doubtful)


def _is_afterthought(phrase: Phrase, scene: Scene) -> bool:
    """`…, 29.3%` after a movement: the movement's size."""
    alone = scene.clause.phrases == [phrase] and phrase.kind == "level" and phrase.amounts[0].metric != "count"
    behind = scene.earlier[-1:] if alone and not (phrase.has("at") or scene.clause.goes_on) else []
    return any(one.direction for one in behind)


def _in_brackets(amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """A figure in brackets says the figure before it in another unit."""
    clause, last = scene.clause, scene.earlier[-1] if scene.earlier else None
    before = next((one.kind for one, other in pairwise(clause.phrases) if other is phrase), "")
    moved = last is not None and (last.kind.startswith("change") or bool(last.direction))
    follows = moved or clause.has("change", "movement", "from_to", "before_from")
    counts, percent, alone = amount.metric == "count", amount.metric == "percent", Phrase("level", ())
    is_part = last is not None and any(one.metric == "part" for one in last.readings)
    if last is not None and is_part and (percent or amount.total is not None):  # "one in five came in Q1 (12 of 63)"
        return make_claim("share" if percent else "number_behind", amount, last.readings)
    of_share = (scene.companion is not None and percent) or (amount.total and scene.is_share)
    is_change = amount.direction or (not counts and amount.metric != "ratio" and follows)
    names = before == "when" and {one.kind for one in clause.phrases[: clause.phrases.index(phrase)]} <= _NAMING
    only_named = names or before in ("subject", "none_of", "extreme")
    of_subject = counts and only_named and amount.total is None and not is_change
    if before == "against_period" and not amount.direction and (counts or (percent and scene.is_share)):
        return _of_base(amount, scene)
    if of_share or of_subject:
        return _spared_by_change(read_level("level", amount, alone, scene), amount, scene)
    if is_change or (percent and before == "level" and scene.of_earlier):  # "Of the 516, 158 (31%) came in Q2"
        return read_change(amount, scene) if is_change else read_level("share", amount, phrase, scene)
    in_words = last is not None and last.amount is not None and last.amount.rough  # "one in three (34%)"
    row = scene.indicator if scene.is_share and in_words else scene.share
    if percent and last is not None and last.kind in ("level", "share") and row is not None:
        return read_level("level", amount, alone, of_row(scene, row.id))
    if scene.before.brackets and not follows and (counts or scene.is_share):
        return _of_legend(amount, phrase, scene, scene.before.brackets)
    if counts and follows:
        return replace(read_change(amount, scene), weak="" if amount.unit else "always")
    return make_claim(plain_kind(amount), amount, why="what stands in brackets can't be tied to a figure")


def _of_base(amount: Amount, scene: Scene) -> Claim:
    """`Higher than in Q1 (29%)`: the figure of that time, or the change since."""
    pairs, change = pairs_of_change(scene), read_change(amount, scene)
    level = level_of("previous_level", amount, pairs.befores if pairs else None, scene)
    return replace(level, readings=(*level.readings, *change.readings), weak=change.weak)


def _of_legend(amount: Amount, phrase: Phrase, scene: Scene, said: PeriodMention) -> Claim:
    """`Figures in brackets are for 2016/17`: the same part of that year, or the quarter before."""
    now = spans_of_level(scene, [one for other in scene.clause.phrases if other is not phrase for one in other.periods])
    year = said.year if said.kind == "span" else previous_year(scene.year)
    is_of_part = said.is_part or said.kind == "previous_quarter"
    spans = []
    for part in [one.quarters for one in now.sure] if now else []:
        around = replace(scene, context=PeriodMention("span", scene.year, part))
        spans.append(around.span_of([said]) if is_of_part else YearSpan(year, part))
    spans = [one for one in spans if one]
    return level_of("previous_level", amount, Meant(spans[:1], spans[1:]) if spans else None, scene)


def _spared_by_change(level: Claim, amount: Amount, scene: Scene) -> Claim:
    """`Fell in Q1 (15), Q2 (131)`: what stands in brackets behind a movement may be its size."""
    moved = [one for one in scene.earlier if one.direction]
    spared = read_change(amount, replace(scene, earlier=moved)).readings if moved else ()
    return replace(level, doubtful=(*level.doubtful, *spared))


def _without_amount(phrase: Phrase, scene: Scene) -> Claim:
    """A movement that is said without a figure but that of the time before."""
    pairs = pairs_of_change(scene)
    way = "up" if phrase.kind == "baseline_passed" else phrase.way or scene.direction
    stated, ends = f"not {way}" if phrase.kind == "not_moved" else way, pairs.sure if pairs else []
    # "After a peak of 118 in Q1, it has fallen"
    told = None if scene.clause.periods or scene.clause.has(*AGAINST) else scene.in_context
    since = scene.changes([(told, scene.latest)] if told and not told.is_year and told != scene.latest else [])
    more = {"doubtful": (*since, *(scene.changes(ends, measure="number") if scene.is_share else ())),
            "weak": "always" if since or scene.clause.has("degree") else "", "direction": stated}  # fmt: skip
    return make_claim("movement", stated, scene.changes(ends, measure="value"), NO_PERIOD, **more)


def claims_of_aim(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of a phrase about an aim: how the year's figure lies to it, the target itself, and the gap."""
    pairs, targets = pairs_of_change(scene), [word.meaning for word in _targets_in(phrase)]
    is_other = any(one.metric != ("percent" if scene.is_share else "count") for one in targets)  # a fall of 5%
    is_part = is_other or scene.subject.wider_than or scene.subject.measure == "number"
    ends = [] if is_part else [pair for pair in (pairs.sure if pairs else []) if pair[1].is_year]
    readings, why = scene.changes(ends, measure="value"), NO_PART if is_part else NO_PERIOD
    of_quarter = [] if is_part else scene.changes(pairs.sure if pairs else [], measure="value")
    if kind := AIMS[phrase.kind]:
        is_beyond, way = phrase.has("beyond_aim"), "down" if phrase.has("less") else "up"
        said = f"{'above' if way == 'up' else 'below'} target" if kind == "beside_target" else kind.replace("_", " ")
        beside, weak = (targets[0] if len(targets) == 1 else None), "always" if is_beyond else ""
        yield make_claim(kind, said, readings or of_quarter[:1], why, direction=way, weak=weak, highest=beside)
    for amount in phrase.amounts:
        mismatch = find_unit_mismatch(amount, scene)
        named = "target" if amount in targets else "target_gap"
        # From a target that the text itself gives, that of a share can be worked out, in a quarter too.
        of_share = named == "target_gap" and len(targets) == 1 and scene.is_share
        held, beside = (of_quarter[:1], targets[0]) if of_share else ((), None)
        yield make_claim(named, amount, () if mismatch else readings or held, mismatch or why, highest=beside)


def _targets_in(phrase: Phrase) -> Iterator[Word]:
    """The amounts that stand as the target: `a target of 200`, `the 200 target`."""
    around = [None, *phrase.words, None]
    for before, word, after in zip(around, phrase.words, around[2:], strict=False):
        leads = before is not None and before.kind in ("of", "aim", "colon", "open")
        if word.kind == "AMOUNT" and (leads or (after is not None and after.kind == "aim")):
            yield word


def claims_of_sentence(kind: str, words: list[Word], scenes: Sequence[Scene]) -> Iterator[Claim]:
    """Give the comparison or sum that a whole sentence of `claims.yml` states, and the figures that stand in it."""
    amounts: list[Amount] = [word.meaning for word in words if word.kind == "AMOUNT"]
    kinds = [word.kind for word in words]
    is_turned = kinds[0] == "for_each"  # "for each gun crime there were 3 knife crimes"
    readings = _readings(kind, scenes[::-1] if is_turned else scenes)
    if kind == "moved_in_turn" and len(amounts) == 1 and "respectively" not in kinds:
        amounts *= len(readings)  # "both rose by 30", "were up by 30 each"
    total = amounts.pop() if kind == "in_turn" and len(amounts) == len(readings) + 1 and "total" in kinds else None
    is_number = kind == "compare_part" and amounts[0].metric != "percent"  # "rapes made up 140 of sexual offences"
    if kind == "corrected" and readings:  # the figure that isn't withdrawn
        yield make_claim("level", amounts[-1 if "corrected" in kinds else 0], readings)
    elif len(readings) < 2 or (kind.endswith("in_turn") and len(readings) != len(amounts)) or is_number:
        why = "which figures belong together can't be told from the tables"
        yield make_claim(kind, amounts[0].text if amounts else "statement", why=why)
    elif kind == "gap_moved":
        yield from _of_gap(readings, amounts, words)
    else:
        if not kind.endswith("in_turn"):
            yield _of_sentence(kind, readings, amounts, words)
        elif total is not None:
            yield make_claim("together", total, readings)
        own = [] if kind in ("compare_times", "compare_part") else amounts[kind == "compare_gap" :]
        if kind.startswith("compare") or kind.endswith("in_turn"):  # "outnumbered gun crime by 158 (221 to 63)"
            yield from _in_turn(readings, own, words)


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
    both = [one for pair in pairs for one in pair]
    yield _of_sentence("gap_moved", both, amounts if len(amounts) == 1 else [], words)


def _ways_of(words: list[Word]) -> list[str]:
    return [_WAYS[word.kind] for word in words if word.kind in _WAYS]


def _of_sentence(kind: str, readings: list[FigureMeant], amounts: list[Amount], words: list[Word]) -> Claim:
    ways, amount = _ways_of(words), amounts[0] if amounts and kind != "compare_levels" else None
    if amount is not None and kind == "compare_times":
        of = amounts[1].size if len(amounts) > 1 else 100 if amount.metric == "percent" else 1  # "ten to one", "half"
        amount = replace(amount, rough=True, metric="ratio", size=amount.size / (of or 1))
    if amount is not None and kind == "compare_part":
        amount = replace(amount, metric="ratio")
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
    same = len(named) == 2 and len({one.quarters for one in named}) == 1  # "more in Q2 than in Q2 of last year"
    year = years.pop() if len(years) == 1 and not same else ""
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
