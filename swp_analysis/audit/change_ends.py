"""The two ends of a change, `from 33 to 63`. In: the phrase and its scene. Out: the pairs of spans it may mean."""

from __future__ import annotations

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.grammar import Phrase
from swp_analysis.audit.scenes import Scene
from swp_analysis.audit.spans_meant import Meant, mentions_of, pairs_of_change, whens
from swp_analysis.catalogue.periods import previous_year


def pairs_of_ends(phrase: Phrase, scene: Scene) -> Meant | None:
    """Give the pairs of a change, with the periods inside the phrase before those around it."""
    if phrase.kind != "from_to":
        return pairs_of_change(scene.clause, scene.clock)
    middle = next((one.start for one in phrase.words if one.kind == "to"), phrase.words[0].start)
    named = [[one.meaning for one in phrase.of("PERIOD") if (one.start < middle) == first] for first in (True, False)]
    meant = pairs_of_change(scene.clause, scene.clock)
    if not any(named):
        return _with_quarters(meant, phrase, scene)
    ends = [scene.clock.span_of(one) if one else None for one in named]
    if not named[0] and ends[1] is not None and not ends[1].is_year and meant is not None:
        return pairs_of_change(scene.clause, scene.clock, ends[1])
    if meant is None or any(one and end is None for one, end in zip(named, ends, strict=True)):
        return None
    before, after = ends
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
    if scene.indicator.unit != "percent":
        return "value"
    return "number" if amount.metric == "count" else "value"
