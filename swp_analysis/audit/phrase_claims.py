"""What a phrase states. In: a phrase with its scene. Out: `Claim`s, one an amount; of a movement, or in brackets, too.

The table `states` of `claims.yml` says what each amount of a phrase states, and in which span.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.claims import Claim, make_claim
from swp_analysis.audit.figure_claims import (
    NO_PERIOD,
    claim_of_amount,
    level_of,
    of_row,
    plain_kind,
    read_change,
    read_level,
)
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.mentions import Amount, PeriodMention
from swp_analysis.audit.scenes import Scene
from swp_analysis.audit.spans_meant import Meant, pairs_of_change, spans_of_level
from swp_analysis.catalogue.periods import previous_year

OF_BEFORE = ("before", "before_from", "base_level")


def claims_of_phrase(phrase: Phrase, scene: Scene) -> Iterator[Claim]:
    """Give the claims of one phrase, by its kind."""
    amounts = [Amount(0, text="no")] if phrase.kind == "none_of" else phrase.amounts
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


def _is_afterthought(phrase: Phrase, scene: Scene) -> bool:
    """`…, 29.3%` after a movement: the movement's size."""
    alone = scene.clause.phrases == [phrase] and phrase.kind == "level" and phrase.amounts[0].metric != "count"
    return alone and not phrase.has("at") and bool(scene.earlier) and bool(scene.earlier[-1].direction)


def _in_brackets(amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
    """A figure in brackets says the figure before it in another unit."""
    clause, last = scene.clause, scene.earlier[-1] if scene.earlier else None
    before = next((one.kind for one, other in pairwise(clause.phrases) if other is phrase), "")
    follows = clause.has("change", "movement", "from_to", "before_from") or (
        last is not None and (last.kind.startswith("change") or bool(last.direction))
    )
    if amount.total is not None and last is not None and last.readings and last.readings[0].metric == "part":
        return make_claim("number_behind", amount, last.readings)  # "one in five came in Q1 (12 of 63)"
    counts, percent, alone = amount.metric == "count", amount.metric == "percent", Phrase("level", ())
    of_share = (scene.companion is not None and percent) or (amount.total and scene.is_share)
    is_change = amount.direction or (not counts and amount.metric != "ratio" and follows)
    names = before == "when" and clause.only(("subject", "extreme", "when", "bracket"))
    only_named = names or before in ("subject", "none_of", "extreme")
    of_subject = counts and only_named and amount.total is None and not is_change
    if before == "against_period" and not amount.direction and (counts or (percent and scene.is_share)):
        return _of_base(amount, scene)
    if of_share or of_subject:
        return _spared_by_change(read_level("level", amount, alone, scene), amount, scene)
    if is_change:
        return read_change(amount, scene)
    in_words = last is not None and last.amount is not None and last.amount.rough  # "one in three (34%)"
    row = scene.indicator if scene.is_share and in_words else scene.share
    if percent and last is not None and last.kind in ("level", "share") and row is not None:
        return read_level("level", amount, alone, of_row(scene, row.id))
    if scene.brackets and not follows and (counts or scene.is_share):
        return _of_legend(amount, phrase, scene, scene.brackets)
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
    more = {"doubtful": scene.changes(ends, measure="number") if scene.is_share else (),
            "weak": "always" if scene.clause.has("degree") else "", "direction": stated}  # fmt: skip
    return make_claim("movement", stated, scene.changes(ends, measure="value"), NO_PERIOD, **more)
