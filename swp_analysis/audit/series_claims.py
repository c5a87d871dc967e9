"""Statements about several quarters at once. In: a clause's scene. Out: `Claim`s with the quarters they speak of.

Highest and lowest, runs, each quarter, averages, no change: each needs every one of its quarters to be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.scenes import Scene
from swp_analysis.audit.spans_meant import (
    changes_in_a_row,
    mentions_of,
    pairs_of_change,
    quarter_before,
    spans_of_level,
    whens,
)
from swp_analysis.catalogue.periods import QUARTERS, previous_year

WHOLE_CLAUSE = ("range", "average", "every_level", "extreme_value", "same_as")
BOUNDED = ("over", "under", "at_least", "at_most", "just_over", "just_under")
NO_QUARTER = "the quarter can't be told with certainty"


def claims_of_series(scene: Scene) -> Iterator[Claim]:
    """Give the claims of a clause that are about a row of quarters; none for most clauses."""
    clause, kinds = scene.clause, {one.kind for one in mentions_of(scene.clause.phrases)}
    amounts = [word.meaning for word in clause.words if word.kind == "AMOUNT"]
    every = "every_quarter" in kinds
    if clause.has("range"):
        yield from _range(scene, every)
    elif clause.has("average", "per_quarter", "per_month"):
        yield from (_average(amount, scene) for amount in amounts[:1])
    elif len(amounts) == 1 and (every or ("each" in kinds and amounts[0].bound in BOUNDED)):
        yield _every_level(amounts[0], scene)
    elif amounts and every:
        yield _claim("every_level", amounts[0].text.strip(), scene, (), "which amount each quarter has isn't said")
    elif amounts and "two_years" in kinds and not clause.has("extreme"):
        yield _claim("every_level", amounts[0].text.strip(), scene, (), "whether each year or both together isn't said")
    elif len(amounts) == 1 and "both_years" in kinds and not clause.has("extreme"):
        yield _both_years(amounts[0], scene)
    elif clause.has("run"):
        yield _run(scene)
    elif clause.has("extreme") or (kinds & {"every_quarter", "both_years", "two_years"} and _beats(scene)):
        yield from _extreme(scene, kinds, amounts)
    elif clause.has("same", "nearly_same") and not (amounts and amounts[0].bound != "exactly"):
        yield _same(scene, amounts)
    if every and clause.has("movement", "not_moved") and not amounts and not _beats(scene):
        yield _each_quarter(scene, kinds)


def _beats(scene: Scene) -> bool:
    """Whether it is compared with every other quarter, not moved in every quarter."""
    words = scene.clause.words
    return any(word.kind in ("more", "less") for word in words) and any(word.kind == "than" for word in words)


def _claim(kind: str, stated: str, scene: Scene, readings: tuple[FigureMeant, ...], why: str, **more) -> Claim:
    name = scene.indicator.id if readings else ""
    return Claim("", "", name, kind, stated, readings=readings, why_untied="" if readings else why, **more)


def _measure(scene: Scene) -> str:
    return scene.subject.measure


def _years(scene: Scene) -> YearSpan | None:
    """The whole year that a clause is about."""
    named = [one for one in mentions_of(scene.clause.phrases) if one.year]
    years = {one.year for one in named}
    return None if len(years) > 1 else YearSpan(years.pop() if years else scene.clock.year)


def _range(scene: Scene, every: bool) -> Iterator[Claim]:
    """`Between 49 and 67 a quarter`: the least and the greatest of the year's quarters."""
    phrase = next(one for one in scene.clause.phrases if one.kind == "range")
    low, high = (word.meaning for word in phrase.of("AMOUNT"))
    year, plain = _years(scene), low.metric == high.metric == scene.indicator.unit
    quarterly = every or scene.clause.has("per_quarter")
    spans = [YearSpan(year.year, (quarter,)) for quarter in QUARTERS] if year and plain and quarterly else []
    readings = tuple(FigureMeant(scene.indicator.id, "level", span) for span in spans)
    stated = f"{low.text.strip()} to {high.text.strip()}"
    yield _claim("range", stated, scene, readings, "it is a range", amount=low, highest=high)


def _average(amount, scene: Scene) -> Claim:
    meant = spans_of_level(scene.clause, [], scene.clock)
    parts = 4 if scene.clause.has("per_quarter") else 12 if scene.clause.has("per_month") else 0
    spans = [span for span in meant.sure if span.is_year] if meant else []
    if scene.indicator.unit != "count" or scene.indicator.kind == "stock" or not parts:
        spans = []
    readings = tuple(FigureMeant(scene.indicator.id, "level", span) for span in spans[:1])
    return _claim(
        "average", amount.text.strip(), scene, readings, "what is averaged can't be told", amount=amount, number=parts
    )


def _every_level(amount, scene: Scene) -> Claim:
    mentions = [one for one in mentions_of(scene.clause.phrases) if one.kind in ("each", "every_quarter")]
    year = _years(scene)
    quarters = next((one.quarters for one in mentions if one.kind == "each"), QUARTERS)
    plain = amount.metric == "count" or (amount.metric == "percent" and scene.indicator.unit == "percent")
    measure = "number" if amount.metric == "count" and scene.indicator.unit == "percent" else "value"
    spans = [YearSpan(year.year, (quarter,)) for quarter in quarters] if year and plain else []
    readings = tuple(FigureMeant(scene.indicator.id, "level", span, measure=measure) for span in spans)
    return _claim("every_level", amount.text.strip(), scene, readings, NO_QUARTER, amount=amount)


def _both_years(amount, scene: Scene) -> Claim:
    """`Topped 6,000 in both years`: the amount holds in each of them."""
    spans = [YearSpan(previous_year(scene.clock.year)), YearSpan(scene.clock.year)]
    plain = scene.indicator.kind != "stock" and (amount.metric == "percent") == (scene.indicator.unit == "percent")
    readings = tuple(FigureMeant(scene.indicator.id, "level", span) for span in spans if plain)
    why = "what both years have in common can't be told"
    return _claim("every_level", amount.text.strip(), scene, readings, why, amount=amount)


def _run(scene: Scene) -> Claim:
    word = next(word for word in scene.clause.words if word.kind == "run")
    named = whens(scene.clause)
    span = scene.clock.span_of(named) if named else scene.clock.latest
    last = scene.clock.latest if span is None or (span.is_year and span.year == scene.clock.year) else span
    moved = next((one for one in scene.clause.phrases if one.kind in ("movement", "not_moved")), None)
    direction = f"not {scene.direction}" if moved is not None and moved.kind == "not_moved" else scene.direction
    ends = changes_in_a_row(last, word.meaning) if scene.direction and len(last.quarters) == 1 and moved else []
    readings = tuple(FigureMeant(scene.indicator.id, "change", after, base, _measure(scene)) for base, after in ends)
    return _claim("run", f"{direction} for {word.meaning} quarters", scene, readings, NO_QUARTER, direction=direction)


def _extreme(scene: Scene, kinds: set[str], amounts: list) -> Iterator[Claim]:
    clause = scene.clause
    way = "up" if any(word.kind in ("highest", "more", "up") for word in clause.words) else "down"
    place = next((word.meaning for word in clause.words if word.kind == "ordinal"), 1)
    span, is_named = _quarter_meant(scene)
    scope = _scope(scene, span, bool(kinds & {"both_years", "two_years"}))
    unclear = bool({"other", "month"} & kinds) or (is_named and span is None)
    if scene.clause.has("against_period", "before", "before_from"):  # "the highest since Q1"
        scope = _quarters_since(scene, span, way)
        scope, unclear = scope or _scope(scene, span, both=False), unclear or not scope
    whole = FigureMeant(scene.indicator.id, "level", scope[0], measure=_measure(scene))
    if amounts and not unclear and (span is None or span.is_year) and place == 1:
        text = amounts[0].text.strip()
        yield _claim("extreme_value", text, scene, (whole,), "", amount=amounts[0], scope=scope, direction=way)
        return
    stated = f"{['', '', 'second ', 'third ', 'fourth '][place]}{'highest' if way == 'up' else 'lowest'}"
    is_quarter = span is not None and len(span.quarters) == 1 and not unclear
    readings = (replace(whole, span=span),) if span is not None and is_quarter else ()
    yield _claim("extreme", stated, scene, readings, NO_QUARTER, scope=scope, number=place, direction=way)


def _quarter_meant(scene: Scene) -> tuple[YearSpan | None, bool]:
    """The quarter that a clause is about, with that of the words before it, and whether one is named."""
    context = [scene.clock.context] if scene.clock.context is not None else []
    named = whens(scene.clause) or context
    span = scene.clock.span_of(named) if named else None
    if span is not None and span.is_year and context:
        span = scene.clock.span_of([*named, *context]) or span
    return span, bool(named)


def _scope(scene: Scene, span: YearSpan | None, both: bool) -> tuple[YearSpan, ...]:
    """The quarters that one is compared with: those of its year, or of both years."""
    year = span.year if span is not None else scene.clock.year
    years = [previous_year(scene.clock.year), scene.clock.year] if both else [year]
    return tuple(YearSpan(one, (quarter,)) for one in years for quarter in QUARTERS)


def _quarters_since(scene: Scene, span: YearSpan | None, way: str) -> tuple[YearSpan, ...]:
    """The quarters after the one named, to the one spoken of; none where that can't be told, is only the next, or the
    one named was not ahead itself."""
    since = scene.clock.span_of(mentions_of(one for one in scene.clause.phrases if one.kind == "against_period"))
    if span is None or since is None or len(span.quarters) != 1 or len(since.quarters) != 1 or since >= span:
        return ()
    between = [span]
    while (earlier := quarter_before(between[0])) > since:
        between.insert(0, earlier)
    then, now = (scene.clock.figures.get(scene.indicator.id, one, _measure(scene)) for one in (since, span))
    is_ahead = then and now and (then.lowest >= now.highest if way == "up" else then.highest <= now.lowest)
    return tuple(between) if len(between) > 1 and is_ahead else ()


def _same(scene: Scene, amounts: list) -> Claim:
    pairs = pairs_of_change(scene.clause, scene.clock)
    measure = "number" if scene.companion is not None and scene.companion.measure == "number" else _measure(scene)
    readings = tuple(
        FigureMeant(scene.indicator.id, "level", after, base, measure) for base, after in (pairs.sure if pairs else [])
    )
    amount = amounts[0] if amounts and not scene.clause.has("nearly_same") else None
    kind = "nearly_same" if scene.clause.has("nearly_same") else "same_as"
    return _claim(kind, amount.text.strip() if amount else "the same", scene, readings, NO_QUARTER, amount=amount)


def _each_quarter(scene: Scene, kinds: set[str]) -> Claim:
    year = _years(scene)
    against = 1 if kinds & {"same_quarter", "last_year", "year_on_year"} else 2 * ("previous_quarter" in kinds)
    moved = next(one for one in scene.clause.phrases if one.kind in ("movement", "not_moved"))
    spans = [YearSpan(year.year, (quarter,)) for quarter in QUARTERS] if year else []
    readings = tuple(FigureMeant(scene.indicator.id, "change", span, measure=_measure(scene)) for span in spans)
    stated = f"{'not ' if moved.kind == 'not_moved' else ''}{scene.direction} in each quarter"
    direction = stated.removesuffix(" in each quarter")
    return _claim("each_quarter", stated, scene, readings, NO_QUARTER, direction=direction, number=against)
