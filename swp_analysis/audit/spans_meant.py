"""Which period does a figure mean? In: the scene of a clause. Out: the spans it may mean.

No answer is better than a wrong one: a period that the tables can't hold (two years, a month) gives none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from swp_analysis.audit.clause_shapes import find_own_period, has_open_base, has_two_ends
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import AGAINST, Phrase
from swp_analysis.audit.mentions import RELATIVE, SCOPES, PeriodMention
from swp_analysis.audit.scenes import Pair, Scene
from swp_analysis.catalogue.periods import QUARTERS, previous_year


@dataclass
class Meant:
    """Spans, or pairs of them, that a figure may mean; by a `doubtful` one a claim is not accused, only spared."""

    sure: Sequence = ()
    doubtful: Sequence = ()

    @property
    def befores(self) -> "Meant":
        """The earlier ends of pairs."""
        return Meant([before for before, _ in self.sure], [before for before, _ in self.doubtful])


def spans_of_level(scene: Scene, own: Sequence[PeriodMention] = ()) -> Meant | None:
    """Give the spans of a level; `own`: periods inside its phrase. None where the period can't be told."""
    clause, around = scene.clause, _periods_around(scene.clause.whens, own)
    if around is None:
        return None
    mentions = [one for one in (*own, *around) if one.kind not in SCOPES]
    if not mentions and (scene.context is None or clause.has("run")):
        after = [one for one in clause.periods_in(*AGAINST) if one.is_part]  # "after 104 in Q2, it fell to 78"
        first = [] if scene.is_stock else [scene.this_year]
        return Meant([*first, scene.latest], scene.this_year.each if after else [])
    context = [scene.context] if scene.context else []
    span, kinds = scene.span_of(mentions) if mentions else scene.in_context, {one.kind for one in mentions or context}
    if span is None or "each" in kinds:
        return None
    if until := _until(span, mentions, kinds, scene):
        return until
    if not mentions:
        later = [one for one in span.peers if one > span] if clause.goes_on else []
        may_be = [*later, YearSpan(span.year), scene.this_year, scene.latest]
        return Meant([span], [] if kinds == {"span"} and span == scene.this_year else may_be)
    if "last_year" in kinds and span.is_year:
        return _a_year_earlier(span, scene)
    doubtful = [scene.latest.quarter_before] if "latest" in kinds else []
    doubtful += [scene.latest if span.year == scene.year else span.each[-1]] if "year_end" in kinds else []
    if span.is_year:  # "67 in Q4 2017/18 (2016/17: 51)"
        doubtful += [YearSpan(span.year, one.quarters) for one in (*clause.periods, *context) if one.is_part]
    before = scene.context
    if before and before.year not in ("", span.year) and not any(one.year for one in mentions):
        return _of_year_before(span, before)
    return Meant([span], [*doubtful, *_alike(span, scene)])


def _until(span: YearSpan, mentions: list[PeriodMention], kinds: set[str], scene: Scene) -> Meant | None:
    """`Year to date`, to the end of which quarter?; `78 by Q3`: then, or until then."""
    if kinds == {"to_date"} and span.is_year:
        return Meant([span], [YearSpan(span.year, QUARTERS[:end]) for end in QUARTERS[:3]])
    if scene.is_stock or not any(one.number == 3 for one in mentions):
        return None
    so_far = YearSpan(span.year, QUARTERS[: span.quarters[-1]])
    return Meant([span], [so_far]) if scene.direction else Meant([so_far], [span])


def _periods_around(around: list[PeriodMention], own: Sequence[PeriodMention]) -> list[PeriodMention] | None:
    """Those of the periods around a figure that say when it is of, beside its own; None where they can't both be."""
    if own and all(one.kind == "span" and one.quarters and not one.is_part for one in own):
        return [one for one in around if one not in own and not one.year]
    if any(one.kind == "same_quarter" for one in own) and any(one.year and not one.is_part for one in around):
        return None  # "In 2017/18 there were 9 in the same quarter"
    in_part = any(one.is_part for one in own)  # "In Q4 there were 97 (Q2: 98)"
    return [one for one in around if not (in_part and one.is_part)]


def _of_year_before(span: YearSpan, before: PeriodMention) -> Meant:
    """`In 2016/17 it fell. In Q2 it was 49`: of that year; `51 in Q4 of 2016/17 and 49 in Q1`: of the next."""
    there = YearSpan(before.year, span.quarters)
    goes_on = before.is_part and span.quarters <= before.quarters
    return Meant([span if goes_on else there], [there if goes_on else span])


def _alike(span: YearSpan, scene: Scene) -> list[YearSpan]:
    """`49 in the first two quarters` may mean each of them, where they have the same figure."""
    quarters = [] if span.is_year or len(span.quarters) == 1 else span.each
    values = {scene.figures.get(scene.indicator.id, one) for one in quarters}
    return quarters[:1] if len(values) == 1 else []


def _a_year_earlier(year: YearSpan, scene: Scene) -> Meant:
    """`375 a year earlier`: the year before, or the same part of it as the words around it speak of."""
    around = [one for one in scene.clause.whens if one.kind == "span"]
    now = scene.span_of(around) if around else scene.in_context
    part = YearSpan(year.year, now.quarters) if now is not None else year
    just_ended = [scene.this_year, scene.latest] if any(one.number for one in scene.clause.periods) else []
    return Meant([part], [year, YearSpan(year.year, scene.latest.quarters), *just_ended])


def pairs_of_change(scene: Scene, current: YearSpan | None = None) -> Meant | None:
    """Give the pairs (before, after) of a change, `current` where its later end is known; None if that is open."""
    clause, named = scene.clause, scene.clause.whens or find_own_period(scene.clause)
    if clause.has("between_periods"):
        first, second = (scene.span_of([one]) for one in clause.periods_in("between_periods"))
        return Meant([(first, second)]) if first and second and first != second else None
    relative = [one for one in clause.periods if one.kind in RELATIVE]
    bases = [one for one in clause.phrases if one.kind in AGAINST]  # not of "up 16%, against 31% in Q4"
    bases = [one for one in bases if scene.is_share or all(amount.metric == "count" for amount in one.amounts)]
    against = [one for one in (*(p for base in bases for p in base.periods), *relative) if one.kind not in SCOPES]
    joined = [one for one in named if has_two_ends(one) or (one.kind == "each" and clause.has("same", "nearly_same"))]
    is_open = not against and any(one.kind == "span" and one.number == 3 for one in named)  # "had risen by 14 by Q3"
    if scene.kinds & SCOPES or is_open or (joined and sum(one.is_part for one in named) > 1):
        return None  # "rose in both years", "the same in Q1, Q2 and Q3"
    if joined:
        compared = against or clause.has(*AGAINST[:-1])  # "the same in Q2 and Q3" is between the two
        return None if compared else Meant([ends_of(joined[0], scene)])
    is_unclear = any(one.kind in ("other", "month") for one in against) or any(one.kind == "each" for one in named)
    if is_unclear or has_open_base(clause):
        return None
    if not clause.periods and not clause.goes_on and (said := _pairs_before(scene)):
        usual = _pairs([], None, scene) or Meant()
        may_be = [(one.base, one.span) for one in scene.earlier[-1].doubtful if one.base]
        return Meant(said, may_be if said == usual.sure else [*may_be, *usual.sure, *usual.doubtful])
    if named or current:
        current = current or scene.span_of(named)
        return _pairs(against, current, scene) if current else None
    alone = _pairs(against, None, scene)
    return _in_context(alone, against, scene) if scene.context else alone


def _pairs_before(scene: Scene) -> list[Pair]:
    """The ends of the change just spoken of: `18 more than in Q1, a rise of 37%`, `63 (2016/17: 33), up by 30`."""
    last = scene.earlier[-1] if scene.earlier else None
    told = [one for one in scene.earlier if one.kind == "level" and one.readings]
    ends = [[reading.span for reading in (one.readings[0], *one.doubtful)] for one in told]
    if len({spans[0] for spans in ends}) > 1:
        either = [*product(ends[0], ends[-1]), *product(ends[-2], ends[-1])]
        own = scene.in_context.changes[::-1] if scene.clause.has("before_from") and scene.in_context else []
        return [*own, *((min(one), max(one)) for one in dict.fromkeys(either) if one[0] != one[1])]
    return [(one.base, one.span) for one in last.readings if one.base] if last and last.kind != "previous_level" else []


def ends_of(named: PeriodMention, scene: Scene) -> Pair:
    """Give the first and the last quarter that are named."""
    year = named.year or scene.year
    return YearSpan(year, named.quarters[:1]), YearSpan(year, named.quarters[-1:])


def _in_context(alone: Meant | None, against: list[PeriodMention], scene: Scene) -> Meant | None:
    """A change whose later end is that of the words before; or none of it, by which it is only spared."""
    span = scene.in_context
    there = _pairs(against, span, scene) if span else None
    if there is None:
        return alone if against else None
    alone = alone or Meant()
    return Meant(there.sure, [*there.doubtful, *alone.sure, *alone.doubtful])


def _pairs(against: list[PeriodMention], current: YearSpan | None, scene: Scene) -> Meant | None:
    """The pairs of a change on what it is compared with, if anything, at `current` or when it is usual."""
    kinds = {one.kind for one in against}
    now = current or (scene.latest if scene.is_stock else scene.this_year)
    if not against:
        return _usual_pairs(now, current, scene)
    if kinds & {"previous_quarter", "previous_month", "quarter_on_quarter", "same_quarter"}:
        return _quarterly_pairs(against, current, scene)
    if kinds & {"last_year", "year_on_year"}:
        return Meant([(now.year_before, now)], [] if current else [(scene.latest.year_before, scene.latest)])
    base = scene.span_of(against)
    return _pair_with(base, any(one.year for one in against), current, scene) if base else None


def _usual_pairs(now: YearSpan, current: YearSpan | None, scene: Scene) -> Meant | None:
    """The pairs of a change that isn't compared with anything, or with what the one before it is."""
    if current is None and scene.is_stock:
        return Meant()
    if scene.clause.goes_on and len(now.quarters) == 1:  # "rose to 56 in Q3, then fell to 51"
        return Meant([(now.quarter_before, now)], [(now.quarter_before, one) for one in now.peers if one > now])
    told, usual = _told_before(now, scene), [*now.changes]
    if told is None:
        return None
    told = told or [*(usual[:1] if "the_quarter" in scene.kinds else ())]  # "up by 3 points in the quarter"
    rest = [pair for pair in usual if told and pair not in told]
    return Meant(told or usual, rest if current else [*rest, *scene.latest.changes])


def _told_before(now: YearSpan, scene: Scene) -> list[Pair] | None:
    """`Fell by 2 on Q2 of last year, while robberies rose by 3`: compared with the same; None if that is open."""
    before = [one.readings for one in scene.earlier if one.kind.startswith("change")]
    if before and not before[-1] and not now.is_year:
        return None
    last = before[-1][0] if before and len(before[-1]) == 1 else None
    if last is None or last.span.is_year or last.base is None:
        return []
    on_year = last.base == last.span.year_before
    alike: list[Pair] = [pair for pair in now.changes if (pair[0] == now.year_before) == on_year]
    return [(last.base, now)] if last.span == now else alike


def _quarterly_pairs(against: list[PeriodMention], current: YearSpan | None, scene: Scene) -> Meant | None:
    """On the quarter before, or the same one of another year; which that is, may be said above."""
    now, kinds = current or scene.latest, {one.kind for one in against}
    of_last = {"previous_month"} if now.is_month else {"previous_quarter", "quarter_on_quarter"}
    pairs = [(now.quarter_before, now)] if kinds & of_last and len(now.quarters) == 1 else []
    is_none = now.is_year and any(one.kind == "same_quarter" and one.number for one in against)
    if ("same_quarter" not in kinds or is_none) and ("quarter_on_quarter" not in kinds or now.is_year):
        return Meant(pairs) if pairs else None
    year = next((one.year for one in against if one.year), previous_year(now.year))
    spared = [] if current else [(YearSpan(year, one.quarters), one) for one in now.peers if one != now]
    return Meant([*pairs, (YearSpan(year, now.quarters), now)], spared)


def _pair_with(base: YearSpan, names_year: bool, current: YearSpan | None, scene: Scene) -> Meant | None:
    if base.is_year:
        now = current or scene.this_year
        year = previous_year(now.year) if base.year == now.year else base.year  # "a reduction from 2017/18"
        return Meant([(YearSpan(year, now.quarters), now)])
    now, until_now = current or scene.latest, "since" in [one.meaning for one in scene.clause.words]
    if now.is_year or (current is None and base == scene.latest):
        is_then = names_year and base.year != scene.year and not until_now
        now = YearSpan(scene.year, base.quarters) if is_then else scene.latest
    if now.is_month != base.is_month:
        return None
    if names_year:  # that of a year earlier, where none is named
        same = now if current and not until_now else YearSpan(scene.year, base.quarters)
        ends = list(dict.fromkeys((base, one) for one in ((now, same) if until_now else (same, now)) if one != base))
        return None if base == now or (base == same and not until_now) else Meant(ends[:1], ends[1:])
    same, last = (YearSpan(year, base.quarters) for year in (now.year, previous_year(now.year)))
    is_next = len(now.quarters) == 1 and now.quarter_before == last  # "in Q1 compared with Q4"
    if base.quarters < now.quarters:
        return Meant([(same, now)])
    return Meant([(last if is_next or same == now else same, now)], [(same if is_next else last, now)])


def pairs_of_ends(phrase: Phrase | None, scene: Scene) -> Meant | None:
    """Give the pairs of a change, with the periods inside the phrase `from … to …` before those around it."""
    meant = None if scene.clause.has("run") else pairs_of_change(scene)
    if phrase is None or phrase.kind != "from_to":
        return meant
    middle = next((one.start for one in phrase.words if one.kind in ("to", "and")), phrase.words[0].start)
    periods = [one for one in phrase.of("PERIOD") if one.meaning.kind != "this_year"]  # "within the year"
    named = [[one.meaning for one in periods if (one.start < middle) == first] for first in (True, False)]
    if not any(named):
        return _unnamed_ends(meant, phrase, scene)
    if named[1] and has_two_ends(named[1][0]):  # "between Q3 and Q4"
        return Meant([ends_of(named[1][0], scene)])
    before, after = map(scene.span_of, named)
    around = scene.span_of(scene.clause.whens) if scene.clause.whens else scene.in_context
    of_years = all(one.is_year for one in (before, after) if one)
    if of_years and around and around.year == scene.year:  # "have halved in Q4, from 18 last year to 9"
        before, after = (replace(one, quarters=around.quarters) if one else None for one in (before, after or around))
    if before and after and not any(one.year for one in named[0]) and not before.is_year:
        # "from 13 in Q1 to 10 in Q4 of 2016/17"
        in_year = before.quarters < after.quarters
        before = replace(before, year=after.year if in_year else previous_year(after.year))
    if (meant is None and not (before and after)) or (named[0] and before is None) or (named[1] and after is None):
        return None
    if before is None and after is not None and not after.is_year:
        return pairs_of_change(scene, after)
    return _between(before, after, scene, names_year=any(one.year for one in named[1]))


def _between(before: YearSpan | None, after: YearSpan | None, scene: Scene, *, names_year: bool) -> Meant | None:
    """The pair of both ends; what has no year or period may be of another time: `from 51 in Q3 2016/17 to 51 in Q4`."""
    if before is None:
        return Meant([(after.year_before, after)]) if after else None
    ends = [YearSpan(scene.year, before.quarters), scene.latest]
    if after is not None:
        later = [] if names_year or after.quarters <= before.quarters else [YearSpan(before.year, after.quarters)]
        ends = [after, *later]
    elif scene.clause.whens:
        ends = [one for one in [scene.span_of(scene.clause.whens)] if one]
    pairs = [(before, one) for one in ends if one != before and one.is_year == before.is_year]
    return Meant(pairs[:1], pairs[1:]) if pairs and pairs[0][1] == ends[0] else None


def _unnamed_ends(meant: Meant | None, phrase: Phrase, scene: Scene) -> Meant | None:
    """The ends of a year whose every quarter moved, or of a run of quarters; else those that the figures fit."""
    if scene.kinds == {"every_quarter"}:
        year = YearSpan(next((one.year for one in scene.clause.periods if one.year), scene.year))
        return Meant([(year.each[0], year.each[-1])], year.changes)
    run = next((one.meaning for one in scene.clause.words if one.kind == "run"), 0)
    every = sorted(scene.figures.spans(scene.indicator.id))[-1 - run :]
    if run and len(every) > run and not scene.clause.periods:  # "for four quarters in a row, from 88 to 112"
        return Meant([(every[0], every[-1])], [(every[1], every[-1])])
    # A bare "from 5 to 16", or one "within the year", may mean two quarters, where they have just these figures.
    if meant is None or scene.kinds - {"this_year"}:
        return meant
    name, quarters = scene.indicator.id, sorted(scene.figures.spans(scene.indicator.id))
    ends = []
    for amount in phrase.amounts:
        measure = "number" if scene.is_share and amount.metric == "count" else "value"
        found = ((span, scene.figures.get(name, span, measure)) for span in quarters)
        ends.append([span for span, one in found if one and amount.fits(one.lowest, one.highest)])
    return Meant(meant.sure, [*meant.doubtful, *((one, other) for one in ends[0] for other in ends[1] if one < other)])
