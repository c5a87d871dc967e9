"""Statements about several figures at once. In: a clause's scene. Out: `Claim`s with their rows.

Highest and lowest, runs, each quarter, averages, no change.
"""

from collections.abc import Sequence

from swp_analysis.audit.claims import Claim, FigureMeant, make_claim
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.mentions import Amount
from swp_analysis.audit.scenes import Scene
from swp_analysis.audit.spans_meant import (
    BOTH_YEARS,
    RELATIVE,
    changes_in_a_row,
    mentions_of,
    pairs_of_change,
    quarter_before,
    spans_of_level,
    whens,
    year_before,
)
from swp_analysis.catalogue.periods import QUARTERS

WHOLE_CLAUSE = ("range", "together", "average", "every_level", "level_in", "extreme_value", "same_as")
BOUNDED = ("over", "under", "at_least", "at_most", "just_over", "just_under")
NO_QUARTER = "the quarter can't be told with certainty"
_PER = {"per_quarter": 4, "per_month": 12, "each_month": 12, "per_week": 52, "each_week": 52}
_SAME_QUARTER = {"same_quarter", "last_year", "year_on_year"}
_AGAINST = ("against_period", "before", "before_from")


def claim_of_row(scene: Scene) -> Claim | None:
    """Give the claim of a clause that is about a row of figures; none for most clauses."""
    clause, kinds = scene.clause, scene.periods
    amounts: list[Amount] = [word.meaning for word in clause.words if word.kind == "AMOUNT"]
    every, one = "every_quarter" in kinds, len(amounts) == 1
    if clause.has("range"):
        return _range(scene, every)
    if amounts and clause.has("average", *_PER):
        return _average(amounts[0], scene, every=every)
    if one and (every or (kinds & {"each", "some_quarters"} and amounts[0].bound in BOUNDED)):
        return _every_level(amounts[0], scene)
    if amounts and every:
        return _row("every_level", amounts[0], scene, (), "which amount each quarter has isn't said")
    if amounts and kinds & BOTH_YEARS and not clause.has("extreme"):
        return _both_years(amounts[0], scene, kinds if one else set())
    if clause.has("run"):
        return _run(scene)
    if clause.has("extreme") or _beats_all(scene):
        return _extreme(scene, amounts)
    if clause.has("same", "nearly_same") and not (amounts and amounts[0].bound != "exactly"):
        return _same(scene, amounts)
    if kinds & {"every_quarter", "some_quarters"} and clause.has("movement", "not_moved") and not amounts:
        return _each_quarter(scene)
    return None


def _row(kind: str, stated: str | Amount, scene: Scene, readings: Sequence[FigureMeant], why: str, **more) -> Claim:
    return make_claim(kind, stated, () if scene.periods & {"other", "month"} else readings, why, **more)


def _beats_all(scene: Scene) -> bool:
    """Whether it is compared with every other quarter, not moved in every quarter."""
    words = {word.kind for word in scene.clause.words}
    is_of_all = scene.periods & {"every_quarter", *BOTH_YEARS} and not scene.periods & _SAME_QUARTER
    return bool(is_of_all and words & {"more", "less"} and "than" in words)


def _quarters(scene: Scene) -> list[YearSpan]:
    """The quarters that a clause names one by one, or those of the year that it is about; none where it names two."""
    named = mentions_of(scene.clause.phrases)
    years = {one.year for one in named if one.year and one.kind not in RELATIVE}
    quarters = next((one.quarters for one in named if one.kind in ("each", "every_quarter") and one.quarters), QUARTERS)
    year = next(iter(years), scene.clock.year)
    return [] if len(years) > 1 else [YearSpan(year, (quarter,)) for quarter in quarters]


def _number_of_quarters(scene: Scene) -> int:
    return next((one.number for one in mentions_of(scene.clause.phrases) if one.kind == "some_quarters"), 0)


def _range(scene: Scene, every: bool) -> Claim:
    phrase = next(one for one in scene.clause.phrases if one.kind == "range")
    low, high = (word.meaning for word in phrase.of("AMOUNT"))
    plain = low.metric == high.metric == scene.indicator.unit and (every or scene.clause.has("per_quarter"))
    readings = scene.levels(_quarters(scene)) if plain else ()
    return _row("range", f"{low.text} to {high.text}", scene, readings, "it is a range", amount=low, highest=high)


def _average(amount: Amount, scene: Scene, *, every: bool) -> Claim:
    meant = spans_of_level(scene.clause, [], scene.clock)
    parts = next((number for kind, number in _PER.items() if scene.clause.has(kind)), 4 if every else 0)
    of_each = amount.bound in BOUNDED or scene.clause.has("each_month", "each_week")
    # "Topped 30 every month" is about each of them.
    is_mean = parts and (scene.clause.has("average") or not of_each) and not scene.clause.has("from_to")
    is_flow = scene.indicator.unit == "count" and not scene.clock.is_stock
    spans = [span for span in meant.sure if span.is_year] if meant and is_mean and is_flow else []
    return _row("average", amount, scene, scene.levels(spans[:1]), "what is averaged can't be told", number=parts)


def _every_level(amount: Amount, scene: Scene) -> Claim:
    share = scene.indicator.unit == "percent"
    measure = "number" if amount.metric == "count" and share else "value"
    spans = _quarters(scene) if amount.metric == "count" or (amount.metric == "percent" and share) else []
    kind = "level_in" if "some_quarters" in scene.periods else "every_level"
    readings = scene.levels(spans, measure)
    return _row(kind, amount, scene, readings, NO_QUARTER, number=_number_of_quarters(scene))


def _both_years(amount: Amount, scene: Scene, kinds: set[str]) -> Claim:
    """`Topped 6,000 in both years`: the amount holds in each of them, or is that of both together."""
    parts = {one.quarters for one in whens(scene.clause)} or {QUARTERS}  # "in Q2 of both years"
    spans = [YearSpan(scene.clock.year, part) for part in parts] if len(parts) == 1 else []
    plain = not scene.clock.is_stock and (amount.metric == "percent") == (scene.indicator.unit == "percent")
    is_sum = "together" in kinds and scene.indicator.unit == "count"
    is_said = plain and (is_sum or kinds & {"both_years", "each_year"})
    readings = scene.levels([*map(year_before, spans), *spans], "value") if is_said else ()
    kind = "together" if is_sum else "every_level"
    return _row(kind, amount, scene, readings, "whether each year or both together isn't said")


def _moved_phrase(scene: Scene) -> str:
    """The direction that is said, `not down` where the clause says so, or an empty text."""
    moved = next((one for one in scene.clause.phrases if one.kind in ("movement", "not_moved")), None)
    if moved is None or not scene.direction:
        return ""
    return f"not {scene.direction}" if moved.kind == "not_moved" else scene.direction


def _run(scene: Scene) -> Claim:
    number = next(word.meaning for word in scene.clause.words if word.kind == "run")
    named, way = whens(scene.clause), _moved_phrase(scene)
    span = scene.clock.span_of(named) if named else None
    last = scene.clock.latest if span is None or span == scene.clock.this_year else span
    if len(last.quarters) == number:  # "for three consecutive quarters, from Q2 to Q4"
        last = YearSpan(last.year, last.quarters[-1:])
    readings = scene.changes(changes_in_a_row(last, number)) if way and len(last.quarters) == 1 else ()
    return _row("run", f"{way} for {number} quarters", scene, readings, NO_QUARTER, direction=way)


def _each_quarter(scene: Scene) -> Claim:
    """Each quarter, or some of them: on the quarter before, on the same one of last year, or within the year."""
    spans, way, number = _quarters(scene), _moved_phrase(scene), _number_of_quarters(scene)
    on_year = [(year_before(span), span) for span in spans]
    in_turn = [(quarter_before(span), span) for span in spans]
    said = on_year if scene.periods & _SAME_QUARTER else in_turn if "previous_quarter" in scene.periods else []
    if "some_quarters" in scene.periods:
        stated, readings = f"{way} in {number} quarters", scene.changes(said)
        return _row("moved_in", stated, scene, readings, NO_QUARTER, direction=way, number=number)
    doubtful = () if said else scene.changes(on_year)
    readings = scene.changes(said or (in_turn[1:] if len(spans) == len(QUARTERS) else in_turn))
    return _row("each_quarter", f"{way} in each quarter", scene, readings, NO_QUARTER, direction=way, doubtful=doubtful)


def _extreme(scene: Scene, amounts: list[Amount]) -> Claim:
    way = _way_of_extreme(scene)
    place = next((word.meaning for word in scene.clause.words if word.kind == "ordinal"), 1)
    span, is_named = _quarter_meant(scene)
    scope, unclear = _scope(scene, span), not way or (is_named and span is None)
    if scene.clause.has(*_AGAINST):  # "the highest since Q1"
        scope = _quarters_since(scene, span, way)
        unclear = unclear or not scope
    if amounts and not unclear and (span is None or span.is_year) and place == 1:
        return _row("extreme_value", amounts[0], scene, scene.levels(scope), "", direction=way)
    stated = f"{['', '', 'second ', 'third ', 'fourth '][place]}{'highest' if way == 'up' else 'lowest'}"
    is_quarter = span is not None and len(span.quarters) == 1 and not unclear and span in scope
    readings = scene.levels([span, *(one for one in scope if one != span)]) if span and is_quarter else ()
    return _row("extreme", stated, scene, readings, NO_QUARTER, number=place, direction=way)


def _way_of_extreme(scene: Scene) -> str:
    """Whether the highest or the lowest is meant; `worst` goes by what the indicator should do."""
    kinds = {word.kind for word in scene.clause.words}
    if kinds & {"worst", "best"}:  # of a number that should grow, either may be meant
        wants, share = scene.indicator.good_direction, scene.indicator.unit == "percent"
        bad = "up" if wants == "lower" else "down" if wants == "higher" and share else ""
        return bad if "worst" in kinds or not bad else {"up": "down", "down": "up"}[bad]
    return "up" if kinds & {"highest", "more", "up"} else "down"


def _quarter_meant(scene: Scene) -> tuple[YearSpan | None, bool]:
    """The quarter that a clause is about, with that of the words before it, and whether one is named."""
    context = [scene.clock.context] if scene.clock.context is not None else []
    named = whens(scene.clause) or context
    span = scene.clock.span_of(named) if named else None
    if span is not None and span.is_year and context:
        span = scene.clock.span_of([*named, *context]) or span
    return span, bool(named)


def _scope(scene: Scene, span: YearSpan | None) -> list[YearSpan]:
    """The quarters that one is compared with: those of its year, or of both years."""
    this = YearSpan(span.year) if span is not None else scene.clock.this_year
    years = [year_before(scene.clock.this_year), scene.clock.this_year] if scene.periods & BOTH_YEARS else [this]
    return [YearSpan(one.year, (quarter,)) for one in years for quarter in QUARTERS]


def _quarters_since(scene: Scene, span: YearSpan | None, way: str) -> list[YearSpan]:
    """The quarters after the one named, to the one spoken of; none where that can't be told, is only the next, or the
    one named was not ahead itself, which is open to argument unless it is the first of all or another one was ahead."""
    since = scene.clock.span_of(mentions_of(one for one in scene.clause.phrases if one.kind == "against_period"))
    if span is None or since is None or len(span.quarters) != 1 or len(since.quarters) != 1 or since >= span:
        return []
    between = [span]
    while (earlier := quarter_before(between[0])) > since:
        between.insert(0, earlier)
    get, name = scene.clock.figures.get, scene.indicator.id
    found = [get(name, one, scene.subject.measure) for one in (since, *between)]
    values = [one.value if way == "up" else -one.value for one in found if one and one.certain]
    if len(values) < len(found) or len(between) == 1:
        return []
    is_first = since == min(scene.clock.figures.spans(name))
    return between if is_first or max(values[1:-1]) > values[-1] or values[0] >= values[-1] else []


def _same(scene: Scene, amounts: list[Amount]) -> Claim:
    pairs, nearly = pairs_of_change(scene.clause, scene.clock), scene.clause.has("nearly_same")
    counted = scene.companion is not None and scene.companion.measure == "number"
    ends = pairs.sure[:1] if pairs else []
    readings = scene.changes(ends, "percent" if nearly else "change", "number" if counted else "")
    stated = amounts[0] if amounts and not nearly else "the same"
    return _row("nearly_same" if nearly else "same_as", stated, scene, readings, NO_QUARTER)
