"""Which period does a figure mean? In: the phrases of a clause. Out: the spans it may mean.

No answer is better than a wrong one: a period that the tables can't hold (two years, one month of a flow) gives none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.grammar import Clause, Phrase
from swp_analysis.audit.mentions import PeriodMention
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year

BOTH_YEARS = {"both_years", "each_year", "two_years", "together"}
RELATIVE = {"last_year", "previous_quarter", "same_quarter", "quarter_on_quarter", "year_on_year"}
_SCOPES = {*BOTH_YEARS, "every_quarter", "some_quarters"}
_AGAINST = ("against_period", "before", "before_from", "same")
Pair = tuple[YearSpan, YearSpan]


@dataclass
class Meant:
    """Spans, or pairs of them, that a figure may mean; by a `doubtful` one a claim is not accused, only spared."""

    sure: list = field(default_factory=list)
    doubtful: list = field(default_factory=list)

    @property
    def befores(self) -> Meant:
        """The earlier ends of pairs."""
        return Meant([before for before, _ in self.sure], [before for before, _ in self.doubtful])


@dataclass(frozen=True)
class Clock:
    """What `this year` and `this quarter` are for an indicator; `context` is the period that a heading sets."""

    year: str
    figures: TableFigures
    indicator: Indicator
    context: PeriodMention | None = None

    @property
    def is_stock(self) -> bool:
        return self.indicator.kind == "stock"

    @property
    def this_year(self) -> YearSpan:
        return YearSpan(self.year)

    @property
    def latest(self) -> YearSpan:
        return YearSpan(self.year, (self.figures.latest(self.indicator.id, self.year) or 4,))

    @property
    def in_context(self) -> YearSpan | None:
        """The span that the words before or a heading set."""
        return self.span_of([self.context]) if self.context is not None else None

    def span_of(self, mentions: list[PeriodMention]) -> YearSpan | None:
        """Give the span that mentions name together; None where they disagree or name what no table has."""
        kinds = {one.kind for one in mentions}
        years = {one.year for one in mentions if one.year}
        not_there = {"other", "quarter_on_quarter", "year_on_year", *(() if self.is_stock else ("month", "count_day"))}
        if kinds & not_there or ("count_day" in kinds and years - {self.year}):
            return None
        if kinds & {"latest", "count_day"} or ("year_end" in kinds and self.is_stock):
            return self.latest
        if "previous_quarter" in kinds:
            return quarter_before(self.latest)
        if kinds & {"last_year", "same_quarter"}:
            named = next((one.year for one in mentions if one.kind == "same_quarter"), "")
            years = {named or previous_year(self.year)}
        parts = {one.quarters for one in mentions if one.quarters and one.quarters != QUARTERS}
        if "same_quarter" in kinds and not parts:
            if self.context is None or self.context.quarters in ((), QUARTERS):
                return None
            parts = {self.context.quarters}
        if len(years) > 1 or len(parts) > 1:
            return None
        if "to_date" in kinds:
            parts = {tuple(range(1, last[-1] + 1)) for last in parts}
        return YearSpan(years.pop() if years else self.year, parts.pop() if parts else QUARTERS)


def quarter_before(span: YearSpan) -> YearSpan:
    """Give the quarter before a quarter.

    >>> str(quarter_before(YearSpan("2017-18", (1,))))
    'Q4 2016/17'
    """
    (quarter,) = span.quarters
    return YearSpan(span.year, (quarter - 1,)) if quarter > 1 else YearSpan(previous_year(span.year), (4,))


def year_before(span: YearSpan) -> YearSpan:
    """Give the same part of the year before."""
    return YearSpan(previous_year(span.year), span.quarters)


def mentions_of(phrases: Iterable[Phrase]) -> list[PeriodMention]:
    """Give the periods that phrases name."""
    return [word.meaning for phrase in phrases for word in phrase.of("PERIOD")]


def whens(clause: Clause) -> list[PeriodMention]:
    """Give the periods that a clause is about, not those it compares with."""
    # The period beside one of several figures is that figure's alone.
    left_out = (*_AGAINST, "from_to", "between_periods", *(["level_in"] if clause.count("AMOUNT") > 1 else []))
    named = mentions_of(one for one in clause.phrases if one.kind not in left_out)
    compares = clause.has("change", "movement", "not_moved", "same", "nearly_same") or clause.has(*_AGAINST)
    return [one for one in named if one.kind not in _SCOPES and not (compares and one.kind in RELATIVE)]


def spans_of_level(clause: Clause, own: list[PeriodMention], clock: Clock) -> Meant | None:
    """Give the spans of a level; `own`: periods inside its phrase. None where the period can't be told."""
    around = whens(clause)
    if own and all(one.kind == "span" and one.quarters == QUARTERS for one in own):  # "to the end of Q3 2017/18"
        around = [one for one in around if one not in own and not one.year]
    elif any(one.year or one.kind in RELATIVE for one in own):
        around = []
    mentions = [one for one in (*own, *around) if one.kind not in _SCOPES]
    unsure = any(one.kind in RELATIVE for one in mentions_of(one for one in clause.phrases if one.kind == "when"))
    if not own and unsure and clause.has("movement", "not_moved", "change"):
        return None
    usual = [clock.latest] if clock.is_stock else [clock.this_year, clock.latest]
    if not mentions and clock.context is None:
        return Meant(usual)
    span = clock.span_of(mentions) if mentions else clock.in_context
    if span is None or any(one.kind == "each" for one in mentions):
        return None
    if not mentions:
        return Meant([span], [] if span == clock.this_year else [clock.this_year, clock.latest])
    if any(one.kind == "last_year" for one in mentions) and span.is_year:
        return _a_year_earlier(span, clause, clock)
    doubtful = [quarter_before(clock.latest)] if any(one.kind == "latest" for one in mentions) else []
    if span.is_year:  # "67 in Q4 2017/18 (2016/17: 51)"
        others = [*mentions_of(clause.phrases), *([clock.context] if clock.context else [])]
        doubtful += [YearSpan(span.year, one.quarters) for one in others if one.quarters and one.quarters != QUARTERS]
    return Meant([span], [*doubtful, *_alike(span, clock)])


def _alike(span: YearSpan, clock: Clock) -> list[YearSpan]:
    """`49 in the first two quarters` may mean each of them, where they have the same figure."""
    quarters = [] if span.is_year or len(span.quarters) == 1 else [YearSpan(span.year, (one,)) for one in span.quarters]
    values = {clock.figures.get(clock.indicator.id, one) for one in quarters}
    return quarters[:1] if len(values) == 1 else []


def _a_year_earlier(year: YearSpan, clause: Clause, clock: Clock) -> Meant:
    """`375 a year earlier`: the year before, or the same part of it as the words around it speak of."""
    around = [one for one in whens(clause) if one.kind == "span"]
    now = clock.span_of(around) if around else clock.in_context
    part = YearSpan(year.year, now.quarters) if now is not None else year
    return Meant([part], [year, YearSpan(year.year, clock.latest.quarters)])


def pairs_of_change(clause: Clause, clock: Clock, current: YearSpan | None = None) -> Meant | None:
    """Give the pairs (before, after) that a change may be between, `current` where its later end is known; None where
    that can't be told."""
    between = [phrase for phrase in clause.phrases if phrase.kind == "between_periods"]
    if between:
        first, second = (clock.span_of([one]) for one in mentions_of(between))
        return Meant([(first, second)]) if first and second and first != second else None
    named = whens(clause)
    relative = [one for one in mentions_of(clause.phrases) if one.kind in RELATIVE]
    against = [*mentions_of(one for one in clause.phrases if one.kind in _AGAINST), *relative]
    against = [one for one in against if one.kind not in _SCOPES]
    joined = [one for one in named if one.kind == "each" and len(one.quarters) == 2]
    joined += [one for one in named if one.kind == "span" and one.number == 2]
    if joined:
        compared = against or clause.has(*_AGAINST[:-1])  # "the same in Q2 and Q3" is between the two
        return None if compared else Meant([ends_of(joined[0], clock)])
    if any(one.kind in ("other", "month") for one in against):
        return None
    if not named and clock.context is not None and not current:
        return _pairs_in_context(against, clock)
    current = current or (clock.span_of(named) if named else None)
    return None if named and current is None else _pairs(against, current, clock)


def ends_of(named: PeriodMention, clock: Clock) -> Pair:
    """Give the first and the last quarter that are named."""
    year = named.year or clock.year
    return YearSpan(year, named.quarters[:1]), YearSpan(year, named.quarters[-1:])


def _pairs_in_context(against: list[PeriodMention], clock: Clock) -> Meant | None:
    """A change whose later end is that of the words before; or none of it, by which it is only spared."""
    span = clock.in_context
    there, alone = (_pairs(against, span, clock) if span else None), _pairs(against, None, clock)
    if there is None:
        return alone if against else None
    if alone is None or (span == clock.this_year and not against):
        return there
    return Meant(there.sure, [*there.doubtful, *alone.sure, *alone.doubtful])


def pairs_of_part(span: YearSpan) -> list[Pair]:
    """Give the changes that a span may be about: on the part before, and on a year earlier."""
    pairs = [(year_before(span), span)]
    if len(span.quarters) == 1:
        return [(quarter_before(span), span), *pairs]
    earlier = tuple(quarter - len(span.quarters) for quarter in span.quarters)
    return [*pairs, (YearSpan(span.year, earlier), span)] if earlier[0] >= 1 else pairs


def _pairs(against: list[PeriodMention], current: YearSpan | None, clock: Clock) -> Meant | None:
    """The pairs of a change on what it is compared with, if anything, at `current` or when it is usual."""
    kinds, usual = {one.kind for one in against}, clock.latest if clock.is_stock else clock.this_year
    if not against:
        if current is None and clock.is_stock:
            return Meant()
        return Meant(pairs_of_part(current or usual), [] if current else pairs_of_part(clock.latest))
    if kinds & {"previous_quarter", "quarter_on_quarter", "same_quarter"}:
        return _quarterly_pairs(against, current or clock.latest)
    if kinds & {"last_year", "year_on_year"}:
        now = current or usual
        return Meant([(year_before(now), now)], [] if current else [(year_before(clock.latest), clock.latest)])
    base = clock.span_of(against)
    return None if base is None else _pair_with(base, against, current, clock)


def _quarterly_pairs(against: list[PeriodMention], now: YearSpan) -> Meant | None:
    kinds, pairs = {one.kind for one in against}, []
    if kinds & {"previous_quarter", "quarter_on_quarter"} and len(now.quarters) == 1:
        pairs.append((quarter_before(now), now))
    if kinds & {"same_quarter", "quarter_on_quarter"} and not now.is_year:
        named = next((one.year for one in against if one.year), previous_year(now.year))
        pairs.append((YearSpan(named, now.quarters), now))
    return Meant(pairs) if pairs else None


def _pair_with(base: YearSpan, against: list[PeriodMention], current: YearSpan | None, clock: Clock) -> Meant | None:
    named_year = any(one.year for one in against)
    if base.is_year:
        now = current or clock.this_year
        if base.year == now.year:  # "a reduction from 2017/18": the year itself
            base = year_before(now)
        return Meant([(YearSpan(base.year, now.quarters), now)])
    now = current or clock.latest
    if now.is_year or (current is None and base == clock.latest):
        now = YearSpan(clock.year, base.quarters) if named_year and base.year != clock.year else clock.latest
    if not named_year:
        base = YearSpan(now.year if base.quarters < now.quarters else previous_year(now.year), base.quarters)
    return None if base == now else Meant([(base, now)])


def changes_in_a_row(last: YearSpan, number: int) -> list[Pair]:
    """Give the last `number` changes from quarter to quarter that end with a quarter, the newest last."""
    quarters = [last]
    for _ in range(number):
        quarters.insert(0, quarter_before(quarters[0]))
    return list(pairwise(quarters))
