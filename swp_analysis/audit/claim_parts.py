"""Small parts that claims from text are made of. In: readings, spans, words. Out: claims, for `building`."""

from __future__ import annotations

from dataclasses import replace

from swp_analysis.audit.binding import Bound
from swp_analysis.audit.claims import Claim, Reading
from swp_analysis.audit.figures import Span
from swp_analysis.audit.periods_meant import Clock
from swp_analysis.audit.sentences import Sentence

NO_PERIOD = "the period can't be told with certainty"


def spans_of_year(clock: Clock, year: str = "") -> list:
    """The whole year of a clock, or another one."""
    return [Span(year or clock.year)]


def only_years(pairs: list) -> list:
    """The pairs that compare whole years."""
    return [pair for pair in pairs if pair[1].is_year] or []


def pair_readings(metric: str, bound: Bound, pairs: list, measures: tuple[str, ...] = ()) -> tuple[Reading, ...]:
    """A reading for every pair of spans and every measure."""
    return tuple(
        Reading(bound.indicator, metric, span, base, measure)
        for base, span in pairs
        for measure in measures or (bound.measure,)
    )


def make_claim(
    kind: str,
    stated: str,
    bound: Bound,
    readings: tuple[Reading, ...] = (),
    *,
    unit: str = "",
    way: str = "",
    weak: str = "",
) -> Claim:
    """A claim; without readings it says why it can't be tied."""
    untied = bound.why or ("" if readings else NO_PERIOD)
    name = bound.indicator if readings else ""
    return Claim("", "", name, kind, stated, unit, way, readings, why_untied=untied, weak=weak)


def plain_kind(kind: str) -> str:
    """The kind under which an untied match is listed."""
    known = {"change_abs", "change_pct", "change_points", "baseline_new", "previous_level", "sum"}
    return kind if kind in known else "share" if kind in ("share_level", "part_of") else "level"


def weaken(claim: Claim, how: str = "always") -> Claim:
    """The claim, not to be accused unless it is a near miss (`far`) or never (`always`)."""
    return replace(claim, weak=claim.weak or how)


def direct(claim: Claim, way: str) -> Claim:
    """The claim with a direction."""
    return replace(claim, direction=way)


def sign_of(text: str) -> str:
    """The direction that a printed sign gives."""
    return "up" if text[:1] == "+" else "down" if text[:1] in "−-" else ""


def clear_or_not(sentence: Sentence) -> str:
    """What one of our own sentences concludes beside its range."""
    text = sentence.masked.lower()
    return "no clear change" if "no clear change" in text else "clear" if "a clear" in text else ""
