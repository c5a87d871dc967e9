"""Statements about two indicators. In: a sentence's words and its kind. Out: `Claim`s that name both.

`There were more robberies than knife crimes`, `knife crime rose faster than gun crime`, `both rose`.
"""

from __future__ import annotations

from collections.abc import Iterator

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import Span
from swp_analysis.audit.lexing import Word
from swp_analysis.audit.spans_meant import Clock
from swp_analysis.catalogue.periods import previous_year

WAYS = {"more": "up", "up": "up", "faster": "up", "outnumbered": "up", "less": "down", "down": "down", "slower": "down"}


def claims_of_pair(kind: str, words: list[Word], clock: Clock | None) -> Iterator[Claim]:
    """The comparison, and the figures that stand in it."""
    subjects = [word.meaning for word in words if word.kind == "SUBJECT"]
    names = [subject.name for subject in subjects]
    span = _span_of(words, clock) if clock is not None else None
    amounts = [word.meaning for word in words if word.kind == "AMOUNT"]
    ways = [WAYS[word.kind] for word in words if word.kind in WAYS]
    if not all(names) or span is None or len(set(names)) < 2 or any(one.measure != "value" for one in subjects):
        yield Claim("", "", "", kind, "two indicators", why_untied="the two can't be compared from the tables")
        return
    moves = kind in ("both_moved", "neither_moved", "compare_pace")
    if moves and not span.is_year:
        yield Claim("", "", "", kind, "two indicators", why_untied="what the quarter is compared with isn't said")
        return
    base = Span(previous_year(span.year), span.quarters) if moves else None
    readings = tuple(FigureMeant(name, "percent" if moves else "level", span, base) for name in names)
    amount = amounts[0] if kind in ("compare_times", "compare_gap") else None
    ways = [f"not {ways[0]}"] if kind == "neither_moved" else ways
    direction = " ".join([*ways[:1], *(ways[-1:] if kind == "compare_pace" else [])])
    stated = amount.text.strip() if amount else " ".join(dict.fromkeys(ways))
    yield Claim("", "", names[0], kind, stated, direction=direction, readings=readings, other=names[1], amount=amount)
    if kind == "compare_levels" and len(amounts) == 2:
        for amount, reading in zip(amounts, readings, strict=True):
            yield Claim("", "", reading.indicator, "level", amount.text.strip(), readings=(reading,), amount=amount)


def _span_of(words: list[Word], clock: Clock) -> Span | None:
    named = [word.meaning for word in words if word.kind == "PERIOD"]
    if not named:
        return Span(clock.year) if clock.context is None else clock.span_of([clock.context])
    return clock.span_of(named)
