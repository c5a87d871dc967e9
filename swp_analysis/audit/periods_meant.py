"""Which period does a figure mean? In: a sentence's periods and the clause of the figure. Out: the spans it may mean.

No answer is better than a wrong one: a period that the tables can't hold (two years, one month of a flow) gives none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from swp_analysis.audit.causes import quarter_before
from swp_analysis.audit.figures import Figures, Span
from swp_analysis.audit.sentences import Mention, Sentence
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year

_DIGIT = re.compile(r"\d")
_COMPARES = re.compile(r"(?:compared|against|relative|versus|on|since|from)\b", re.IGNORECASE)
_BASE = re.compile(
    r"\b(?:than|on|with|to|against|from|since|over|versus)(?: in| for| the| that of| those of)*\s*$", re.IGNORECASE
)
_COMPARED = re.compile(r"\b(?:against|than|on|compared|from|with|over|since|up|down|versus)\b", re.IGNORECASE)
COMPARATORS = {"previous_quarter", "same_quarter", "quarter_on_quarter"}


@dataclass(frozen=True)
class Clock:
    """What `this year` and `this quarter` are for an indicator."""

    year: str
    figures: Figures
    indicator: Indicator

    @property
    def latest(self) -> Span:
        return Span(self.year, (self.figures.latest(self.indicator.id, self.year) or 4,))

    def span_of(self, mention: Mention) -> Span | None:
        """The span that a mention names by itself; None for a comparison or a period outside the tables."""
        if mention.kind == "month":
            return mention.span if self.indicator.kind == "stock" else None
        if mention.kind in ("quarter", "past_quarter"):
            year = self.year if mention.kind == "quarter" else previous_year(self.year)
            return Span(year, (mention.quarter,))
        named = {"this_year": Span(self.year), "last_year": Span(previous_year(self.year)), "this_quarter": self.latest}
        return mention.span if mention.kind == "span" else named.get(mention.kind)


def spans_of_level(sentence: Sentence, start: int, end: int, clock: Clock) -> tuple[list[Span], bool]:
    """The span of a level that stands from `start` to `end`, and whether it is certain."""
    clause = sentence.clause(start, end)
    near = [one for one in sentence.periods if clause[0] <= one.start < clause[1] and one.kind != "each_year"]
    after = [one for one in near if one.start >= end and not _COMPARED.search(sentence.masked[end : one.start])]
    before = [one for one in near if one.end <= start or start <= one.start < end]
    mentions = after[:1] or before[-1:]
    certain = True
    if not mentions:
        # A period elsewhere in the sentence counts only where it opens it: "In 2016/17, …", not "…, up on last year".
        opening = [
            one
            for one in sentence.periods
            if one.end <= start
            and one.kind not in (*COMPARATORS, "each_year")
            and not _DIGIT.search(sentence.masked[: one.start])
        ]
        mentions = opening[-1:] if not _COMPARES.match(sentence.masked) else []
        certain = len({clock.span_of(one) for one in opening}) <= 1
    if not mentions:
        # "26 entrants" in a quarter's commentary is the quarter's figure; nobody takes it for the year's.
        return [clock.latest] if clock.indicator.kind == "stock" else [Span(clock.year), clock.latest], True
    span = _level_span(mentions[0], sentence, clock)
    parts = [one.span.quarters for one in sentence.periods if one.kind == "each_year"]
    if span is not None and span.is_year and parts:
        span = Span(span.year, parts[0])  # "stayed at 44% between 2017/18 and 2018/19 (Q1–Q2 of each year)"
    return ([span] if span is not None else []), certain


def _level_span(mention: Mention, sentence: Sentence, clock: Clock) -> Span | None:
    current = _current_quarter(sentence, clock)
    if mention.kind == "previous_quarter":
        return quarter_before(current or clock.latest)
    if mention.kind == "same_quarter":
        return Span(previous_year(clock.year), current.quarters) if current else None
    return clock.span_of(mention)


def _current_quarter(sentence: Sentence, clock: Clock, mentions: list[Mention] | None = None) -> Span | None:
    named = [one for one in (sentence.periods if mentions is None else mentions) if not _is_base(one, sentence)]
    spans = [clock.span_of(one) for one in named]
    quarters = [span for span in spans if span is not None and not span.is_year and span.year == clock.year]
    return quarters[-1] if quarters else None


def spans_of_change(sentence: Sentence, start: int, end: int, clock: Clock) -> list[tuple[Span, Span]]:
    """The pairs (before, after) that a change may be between; several where the text leaves it open."""
    clause = sentence.clause(start, end)
    each = [one.span for one in sentence.periods if one.kind == "each_year"]
    near = [one for one in sentence.periods if clause[0] <= one.start < clause[1]]
    if any(one.kind == "other" for one in sentence.periods) or any(
        one.kind == "month" and clock.span_of(one) is None for one in near
    ):
        return []
    if each:
        return [(Span(previous_year(clock.year), each[0].quarters), Span(clock.year, each[0].quarters))]
    mentions = near or [one for one in sentence.periods if one.end <= start or _names_year(one, clock)]
    kinds = {one.kind for one in mentions}
    current = _current_quarter(sentence, clock, near) or _current_quarter(sentence, clock)
    bases = [clock.span_of(one) for one in near if _is_base(one, sentence)]
    against = [span for span in bases if span is not None and not span.is_year and span.year == clock.year]
    if against:
        return [(against[0], current or clock.latest)] if against[0] != (current or clock.latest) else []
    if kinds & COMPARATORS or (current is not None and _is_about_quarter(mentions, clock)):
        return _quarter_pairs(current or clock.latest, mentions, sentence, clock)
    return _year_pairs(mentions, clock)


def _is_base(mention: Mention, sentence: Sentence) -> bool:
    """Whether a period is what something is compared with: `more than in Q2`."""
    return bool(_BASE.search(sentence.masked[: mention.start]))


def _names_year(mention: Mention, clock: Clock) -> bool:
    span = clock.span_of(mention)
    return span is not None and span.is_year


def _is_about_quarter(mentions: list[Mention], clock: Clock) -> bool:
    """Whether a change is within quarters: one in its own clause, or else one that was named before it."""
    spans = [clock.span_of(one) for one in mentions]
    return any(span is not None and not span.is_year for span in spans)


def _quarter_pairs(current: Span, mentions: list[Mention], sentence: Sentence, clock: Clock) -> list[tuple[Span, Span]]:
    kinds = {one.kind for one in mentions} | {one.kind for one in sentence.periods if one.kind in COMPARATORS}
    spans = [clock.span_of(one) for one in sentence.periods]
    year_before = Span(previous_year(current.year), current.quarters)
    earlier = [span for span in spans if span is not None and not span.is_year and span.year < current.year]
    same_year = sorted({s for s in spans if s is not None and not s.is_year and s.year == current.year})
    pairs = []
    if "previous_quarter" in kinds or "quarter_on_quarter" in kinds:
        pairs.append((quarter_before(current), current))
    if kinds & {"same_quarter", "last_year", "quarter_on_quarter"}:
        pairs.append((year_before, current))
    pairs += [(span, current) for span in earlier if (span, current) not in pairs]
    if len(same_year) == 2 and not pairs:
        pairs.append((same_year[0], same_year[1]))
    return pairs or [(quarter_before(current), current), (year_before, current)]


def _year_pairs(mentions: list[Mention], clock: Clock) -> list[tuple[Span, Span]]:
    years = sorted({span.year for one in mentions if (span := clock.span_of(one)) is not None and span.is_year})
    if len(years) > 2 or (years and years[-1] > clock.year):
        return []
    if len(years) == 2:
        return [(Span(years[0]), Span(years[1]))]
    before = years[0] if years and years[0] < clock.year else previous_year(clock.year)
    return [(Span(before, QUARTERS), Span(clock.year, QUARTERS))]
