"""Statements of a clause about several figures at once. In: its scene. Out: a `Claim` with its row.

Highest and lowest, runs, each quarter, averages, no change.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.claims import Claim, FigureMeant, make_claim
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import IN_A_YEAR
from swp_analysis.audit.mentions import BOTH_YEARS, RELATIVE, SCOPES, Amount
from swp_analysis.audit.scenes import Scene
from swp_analysis.audit.spans_meant import pairs_of_change, spans_of_level
from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.errors import count_noun

WHOLE_CLAUSE = ("range", "together", "average", "every_level", "level_in", "extreme_value", "same_as")
BOUNDED = ("over", "under", "at_least", "at_most", "just_over", "just_under")
NO_QUARTER, MAY_BE_MEAN = "the quarter can't be told with certainty", "it may be an average too"
_SAME_QUARTER = {"same_quarter", "last_year", "year_on_year"}


def claim_of_row(scene: Scene) -> Claim | None:
    """Give the claim of a clause that is about a row of figures; none for most clauses."""
    clause, kinds, amounts = scene.clause, scene.kinds, scene.clause.amounts
    every, only = "every_quarter" in kinds, amounts[0] if len(amounts) == 1 else None
    if clause.has("range"):
        return _range(scene, every=every)
    if amounts and clause.has("average", *IN_A_YEAR):
        return _average(amounts[0], scene, every=every)
    ranks = clause.has("extreme") or _beats_all(scene)
    of_each = not ranks and (every or bool(kinds & {"each", "some_quarters"} and only and only.bound in BOUNDED))
    if only and of_each and only.metric in ("count", "percent"):
        may_be_mean = any(one.kind == "average" for one in scene.earlier)
        return _row("every_level", only, scene, (), MAY_BE_MEAN) if may_be_mean else _every_level(only, scene)
    has_ends = every and clause.has("from_to") and clause.has("movement")  # "rose every quarter, from 12 to 19"
    if amounts and kinds & {"every_quarter", "some_quarters"} and not (ranks or has_ends):
        return _row("every_level", amounts[0], scene, (), "which amount each quarter has isn't said")
    if amounts and kinds & BOTH_YEARS and not ranks:
        return _both_years(amounts[0], scene, kinds if only else set())
    if clause.has("run"):
        return _run(scene)
    if ranks:
        return _extreme(scene, amounts)
    is_of_one = not amounts or (only is not None and only.bound == "exactly")  # not "stable (651 compared with 652)"
    if clause.has("same", "nearly_same") and is_of_one:
        return _same(scene, amounts)
    one_by_one = "each" in kinds and not clause.has("between_periods") and not any(one.number for one in clause.periods)
    moves = clause.has("movement", "not_moved") and (has_ends or not amounts)
    if moves and (one_by_one or kinds & {"every_quarter", "some_quarters"}):
        return _each_quarter(scene)
    return None


def _row(
    kind: str, stated: str | Amount, scene: Scene, readings: Sequence[FigureMeant], why: str = NO_QUARTER, **more
) -> Claim:
    return make_claim(kind, stated, () if scene.kinds & {"other", "month"} else readings, why, **more)


def _beats_all(scene: Scene) -> bool:
    """Whether it is compared with every other quarter, not moved in every quarter."""
    words = {word.kind for word in scene.clause.words}
    is_of_all = scene.kinds & {"every_quarter", *BOTH_YEARS} and not scene.kinds & _SAME_QUARTER
    return bool(is_of_all and words & {"more", "less"} and "than" in words)


def _quarters(scene: Scene) -> list[YearSpan]:
    """The quarters that a clause names one by one, or those of the year that it is about; none where it names two."""
    clause = scene.clause
    named = [one for phrase in clause.phrases if phrase.kind != "from_to" for one in phrase.periods]
    years = {one.year for one in named if one.year and one.kind not in RELATIVE}
    quarters = next((one.quarters for one in named if one.kind in ("each", "every_quarter") and one.quarters), QUARTERS)
    # "In Q2, Q3 and Q4", or of "last year", which may be either.
    is_open = any(one.kind == "last_year" and one.number for one in clause.whens)
    is_open |= len(years) > 1 or sum(one.is_part for one in named) > 1
    return [] if is_open else YearSpan(next(iter(years), scene.year), quarters).each


def _number_of_quarters(scene: Scene) -> int:
    return next((one.number for one in scene.clause.periods if one.kind == "some_quarters"), 0)


def _range(scene: Scene, *, every: bool) -> Claim:
    low, high = next(one for one in scene.clause.phrases if one.kind == "range").amounts
    is_of_each = low.metric == high.metric and (every or scene.clause.has("per_quarter"))
    readings, figures = scene.levels(_quarters(scene)), scene.figures
    values = [one.value for span in readings if (one := figures.get(span.indicator, span.span, span.measure))]
    fits = values and low.fits(min(values)) and high.fits(max(values))  # else it may be of months
    readings = readings if is_of_each or fits else ()
    is_open = is_of_each and not any(one.year for one in scene.clause.periods)
    of_both = YearSpan(scene.year).year_before.each if is_open else []
    more = {"amount": low, "highest": high, "doubtful": (*readings, *scene.levels(of_both)) if of_both else ()}
    return _row("range", f"{low.text} to {high.text}", scene, readings, "it is a range", **more)


def _average(amount: Amount, scene: Scene, *, every: bool) -> Claim:
    clause, meant = scene.clause, spans_of_level(scene)
    parts = next((number for kind, number in IN_A_YEAR.items() if clause.has(kind)), 4 if every else 0)
    of_each = amount.bound in BOUNDED or clause.has("each_month", "each_week")
    # "Topped 30 every month" is about each of them.
    moves = clause.has("from_to") or (bool(scene.direction) and not clause.has("average"))
    is_other = moves or clause.has("extreme", "against_period") or "year_end" in scene.kinds  # "30 a month at its peak"
    is_mean = parts and (clause.has("average") or not of_each) and not is_other
    is_flow = not scene.is_share and not scene.is_stock
    spans = [span for span in meant.sure if span.is_year] if meant and is_mean and is_flow else []
    return _row("average", amount, scene, scene.levels(spans[:1]), "what is averaged can't be told", number=parts)


def _every_level(amount: Amount, scene: Scene) -> Claim:
    measure = "number" if amount.metric == "count" and scene.is_share else "value"
    kind = "level_in" if "some_quarters" in scene.kinds else "every_level"
    return _row(kind, amount, scene, scene.levels(_quarters(scene), measure), number=_number_of_quarters(scene))


def _both_years(amount: Amount, scene: Scene, kinds: set[str]) -> Claim:
    """`Topped 6,000 in both years`: the amount holds in each of them, or is that of both together."""
    parts = {one.quarters for one in scene.clause.whens} or {QUARTERS}  # "in Q2 of both years"
    of_each = [scene.figures.get(scene.indicator.id, one) for one in (scene.this_year.year_before, scene.this_year)]
    is_plain = scene.clause.only(("level", "level_in", "subject", "when")) and not scene.kinds - {"two_years"}
    may_be_sum = is_plain and not any(amount.fits(one.value) is not False for one in of_each if one)
    is_sum = ("together" in kinds or ("two_years" in kinds and may_be_sum)) and not scene.is_share
    of_each_too = kinds & {"both_years", "each_year", "eight_quarters"}
    is_said = len(parts) == 1 and not scene.is_stock and (is_sum or of_each_too)
    spans = [YearSpan(scene.year, part) for part in parts] if is_said else []
    spans = [*(one.year_before for one in spans), *spans]
    if "eight_quarters" in kinds:
        spans = [one for span in spans for one in span.each]
    readings = scene.levels(spans, "value")
    why = "whether each year or both together isn't said"
    return _row("together" if is_sum else "every_level", amount, scene, readings, why)


def _moved_phrase(scene: Scene) -> str:
    """The direction that is said, `not down` where the clause says so, or an empty text."""
    moved = next((one for one in scene.clause.phrases if one.kind in ("movement", "not_moved")), None)
    if moved is None or not scene.direction:
        return ""
    return f"not {scene.direction}" if moved.kind == "not_moved" else scene.direction


def _run(scene: Scene) -> Claim:
    number, way = next(word.meaning for word in scene.clause.words if word.kind == "run"), _moved_phrase(scene)
    named = scene.span_of(scene.clause.whens)
    last = named if named and named != scene.this_year else scene.latest
    # "for three consecutive quarters, from Q2 to Q4"
    quarters = last.each[-1:] if len(last.quarters) in (1, number) else []
    for _ in range(number if quarters else 0):
        quarters.insert(0, quarters[0].quarter_before)
    readings = scene.changes(pairwise(quarters)) if way else ()
    return _row("run", f"{way} for {count_noun(number, 'quarter')}", scene, readings, direction=way)


def _each_quarter(scene: Scene) -> Claim:
    """Each quarter, or some of them: on the quarter before, on the same one of last year, or within the year."""
    since = [one for one in scene.clause.periods_in("against_period") if one.is_part]  # "in each quarter since Q2"
    start = scene.span_of(since) if since else None
    spans, way, number = _quarters(scene), _moved_phrase(scene), _number_of_quarters(scene)
    spans = [one for one in spans if start and one > start] if since else spans
    on_year = [(span.year_before, span) for span in spans]
    in_turn = [(span.quarter_before, span) for span in spans]
    said = on_year if scene.kinds & _SAME_QUARTER else in_turn if "previous_quarter" in scene.kinds else []
    if "some_quarters" in scene.kinds:
        stated = f"{way} in {count_noun(number, 'quarter')}"
        return _row("moved_in", stated, scene, scene.changes(said), direction=way, number=number)
    doubtful = () if said else scene.changes(on_year)
    readings = scene.changes(said or (in_turn[1:] if len(spans) == len(QUARTERS) else in_turn))
    return _row("each_quarter", f"{way} in each quarter", scene, readings, direction=way, doubtful=doubtful)


def _extreme(scene: Scene, amounts: list[Amount]) -> Claim:
    """The highest or lowest of the quarters of a year, or of both; of a later start it isn't judged."""
    way, span, named = _way_of_extreme(scene), _quarter_meant(scene), scene.clause.whens
    place = next((word.meaning for word in scene.clause.words if word.kind == "ordinal"), 1)
    years, so_far = [scene.this_year.year_before, scene.this_year], scene.figures.quarters_so_far
    months = span if span and span.is_month else None
    rows = [replace(months, year=one.year).peers if months else so_far(one.year) for one in years]
    of_both, every = years if scene.kinds & BOTH_YEARS else [], [one for row in rows for one in row]
    scope = every if of_both else months.peers if months else so_far(span.year if span else scene.year)
    compared = [one for one in scene.clause.periods_in("against_period") if one.kind not in SCOPES]
    is_clear = bool(way) and span is not None and not (compared or scene.clause.has("before", "before_from"))
    if amounts and is_clear and span and span.is_year and place == 1:
        may_be = scene.levels(of_both if not scene.is_stock else ())  # "its highest in two years (63)"
        return _row("extreme_value", amounts[0], scene, scene.levels(scope), direction=way, doubtful=may_be)
    if of_both and span and span.is_year and not scene.is_stock:  # "at 221, its highest level in two years"
        scope = of_both
    stated = f"{['', '', 'second ', 'third ', 'fourth '][place]}{'highest' if way == 'up' else 'lowest'}"
    readings = rank_figures(span, scope, scene) if is_clear and span in scope else ()
    # "The busiest quarter was Q4 2017/18" may be meant of all that the tables hold.
    is_scoped = scene.kinds & {"every_quarter", "this_year"} or any(not one.is_part for one in scene.clause.periods)
    doubtful = rank_figures(span, every, scene) if readings and not is_scoped else ()
    if scope == of_both:
        doubtful = rank_figures(scene.latest, every, scene)
    is_of_each = of_both and "eight_quarters" not in scene.kinds and not any(one.year for one in named)
    if span and named and is_of_each:  # "in Q4 of both years", in each of them
        doubtful = rank_figures(span.year_before, YearSpan(span.year_before.year).each, scene)
    return _row("extreme", stated, scene, readings, number=place, direction=way, doubtful=doubtful)


def rank_figures(own: YearSpan | None, spans: Sequence[YearSpan], scene: Scene) -> tuple[FigureMeant, ...]:
    """Give the figure that has a place among others, and these."""
    return scene.levels([one for one in (own, *(one for one in spans if one != own)) if one])


def _way_of_extreme(scene: Scene) -> str:
    """Whether the highest or the lowest is meant; `worst` goes by what the indicator should do."""
    kinds = {word.kind for word in scene.clause.words}
    if not kinds & {"worst", "best"}:
        return "up" if kinds & {"highest", "more", "up"} else "down"
    return scene.way_to(better="best" in kinds)


def _quarter_meant(scene: Scene) -> YearSpan | None:
    """The quarter or year that a clause is about, with that of the words before it; None where it can't be told."""
    context = [scene.context] if scene.context else []
    named = scene.clause.whens or context
    span = scene.span_of(named) if named else scene.this_year
    return scene.span_of([*named, *context]) or span if span and span.is_year and context else span


def _same(scene: Scene, amounts: list[Amount]) -> Claim:
    pairs, nearly = pairs_of_change(scene), scene.clause.has("nearly_same")
    counted = scene.companion is not None and scene.companion.measure == "number"
    moved = not scene.clause.subjects and any(one.direction for one in scene.earlier[-1:])
    moves = nearly and (moved or scene.clause.has("movement"))  # "the rise, from 8 to 16, was steady"
    ends = pairs.sure[:1] if pairs and not moves else []
    readings = scene.changes(ends, "percent" if nearly else "change", "number" if counted else "")
    stated = amounts[0] if amounts and not nearly else "the same"
    return _row("nearly_same" if nearly else "same_as", stated, scene, readings)
