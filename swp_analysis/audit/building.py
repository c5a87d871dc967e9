"""A bound match becomes claims. In: the match, what it is about and its sentence. Out: claims with their readings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.audit.binding import Bound
from swp_analysis.audit.claim_parts import (
    clear_or_not,
    direct,
    make_claim,
    only_years,
    pair_readings,
    plain_kind,
    sign_of,
    spans_of_year,
    weaken,
)
from swp_analysis.audit.claims import Claim, Reading, find_theme
from swp_analysis.audit.figures import Figures, Span
from swp_analysis.audit.matching import Match, way_of
from swp_analysis.audit.periods_meant import Clock, spans_of_change, spans_of_level
from swp_analysis.audit.sentences import Sentence
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, previous_year

SILENT = {"movement", "achieved", "not_achieved", "extreme", "same_as"}


class Builder:
    """Makes claims for one year and set of tables."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules, figures: Figures, financial_year: str) -> None:
        self._catalogue, self._rules, self._figures, self._year = catalogue, rules, figures, financial_year

    def build(self, match: Match, bound: Bound, sentence: Sentence) -> Iterator[Claim]:
        """The claims of a match; a statement without a figure that can't be tied says nothing and gives none."""
        if match.kind == "aims":
            theme = find_theme(sentence.text, self._catalogue)
            for kind, name in (("achieved", "n"), ("level", "n2")):
                claim = make_claim(
                    kind, self._number(match, name), Bound(why="the measures are not named"), unit="measures"
                )
                yield replace(claim, theme=theme)
        elif match.kind == "tested":
            yield Claim("", "", "", "tested", match.parts["tested"], unit=self._year)
        elif bound.why and match.kind in SILENT and "n" not in match.parts:
            return
        elif match.kind in ("rank",):
            yield make_claim("rank", match.parts["rank"], bound)
        elif bound.why and not re.search(r"\d", "".join(match.parts.values())):
            return  # "one of" and "two of" say nothing that could be looked up
        elif bound.why:
            yield from (
                make_claim(plain_kind(match.kind), stated, Bound(why=bound.why)) for stated in self._stated(match)
            )
        else:
            clock = Clock(self._year, self._figures, self._catalogue.indicators[bound.indicator])
            yield from getattr(self, f"_{match.kind}")(match, bound, sentence, clock)

    def _stated(self, match: Match) -> list[str]:
        numbers = [self._number(match, name) for name in ("n", "n2") if name in match.parts]
        return numbers + [f"{match.parts[name]}%" for name in ("pct", "pct2") if name in match.parts]

    def _number(self, match: Match, name: str) -> str:
        text = match.parts[name]
        return str(self._rules.number_words.get(text.lower(), text))

    # Levels

    def _level_claim(
        self, kind: str, stated: str, match: Match, bound: Bound, sentence: Sentence, clock: Clock
    ) -> Claim:
        spans, certain = spans_of_level(sentence, match.start, match.end, clock)
        if kind == "baseline_new":
            spans, certain = [span for span in spans if span.is_year] or spans_of_year(clock), True
        elif stated.endswith("%"):
            spans = spans[:1]
        readings = tuple(
            Reading(bound.indicator, "level", span, measure=self._measure(bound, stated)) for span in spans
        )
        return make_claim(
            kind, stated, bound, readings, way="", weak="" if certain and self._sure(bound, stated) else "always"
        )

    def _measure(self, bound: Bound, stated: str) -> str:
        share = self._catalogue.indicators[bound.indicator].unit == "percent"
        return "number" if share and not stated.endswith("%") else "value"

    def _sure(self, bound: Bound, stated: str) -> bool:
        """A number of people beside a share of them is sure only where words name it as such."""
        share = self._catalogue.indicators[bound.indicator].unit == "percent"
        return not share or stated.endswith("%") or bound.measure == "number"

    def _level(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        yield self._level_claim("level", self._number(match, "n"), match, bound, sentence, clock)

    def _latest(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        for stated in self._stated(match):
            yield self._level_claim("level", stated, match, bound, sentence, clock)

    def _none_of(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        yield self._level_claim("level", "0", match, bound, sentence, clock)

    def _baseline_new(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        yield self._level_claim("baseline_new", self._number(match, "n"), match, bound, sentence, clock)

    def _baseline_any(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        """`the baseline of 156` is last year's figure, or this year's where it is called new further on."""
        spans = (Span(previous_year(clock.year)), Span(clock.year))
        readings = tuple(Reading(bound.indicator, "level", span) for span in spans)
        yield make_claim("previous_level", self._number(match, "n"), bound, readings)

    def _baseline(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        for stated in self._stated(match):
            spans, _ = spans_of_level(sentence, match.start, match.start + 1, clock)
            yield make_claim(
                "baseline", stated, bound, tuple(Reading(bound.indicator, "level", span) for span in spans)
            )

    def _share_level(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        stated, indicator = f"{match.parts['pct']}%", self._catalogue.indicators[bound.indicator]
        if indicator.unit == "percent":
            yield self._level_claim("level", stated, match, bound, sentence, clock)
        elif indicator.companion_share:
            share = Bound(indicator.companion_share, named=True)
            claim = self._level_claim("level", stated, match, share, sentence, clock)
            beside = sentence.masked[match.end : match.end + 2].strip()[:1] in ("●", "◐")
            yield claim if beside else weaken(claim)
        else:
            yield make_claim("share", stated, Bound(why="the tables have no such share of this indicator"))

    def _previous_level(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        for stated in self._stated(match):
            pairs = spans_of_change(sentence, match.start, match.end, clock)
            readings = tuple(
                Reading(bound.indicator, "level", base, measure=self._measure(bound, stated)) for base, _ in pairs
            )
            yield make_claim("previous_level", stated, bound, readings, weak="" if len(pairs) == 1 else "always")

    _previous_share = _previous_level

    def _from_to(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        pairs = spans_of_change(sentence, match.start, match.end, clock)
        stated = self._stated(match)
        if (
            self._catalogue.indicators[bound.indicator].unit == "percent"
            and not stated[0].endswith("%")
            and bound.measure == "value"
        ):
            bound = Bound(bound.indicator, "number", named=bound.named)
        for kind, text, side in (("previous_level", stated[0], 0), ("level", stated[1], 1)):
            readings = tuple(
                Reading(bound.indicator, "level", pair[side], measure=self._measure(bound, text)) for pair in pairs
            )
            yield make_claim(kind, text, bound, readings, way=way_of(match) if side else "")

    def _from_to_percent(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        indicator = self._catalogue.indicators[bound.indicator]
        if indicator.unit != "percent" and not indicator.companion_share:
            return
        share = bound if indicator.unit == "percent" else Bound(indicator.companion_share, named=True)
        yield from self._from_to(match, share, sentence, clock)

    # Changes

    def _changes(self, metric: str, stated: str, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Claim:
        pairs = spans_of_change(sentence, match.start, match.end, clock)
        share = self._catalogue.indicators[bound.indicator].unit == "percent"
        measures = (
            ["number"]
            if share and metric == "change"
            else ["value", "number"]
            if share and metric == "percent"
            else ["value"]
        )
        readings = tuple(
            Reading(bound.indicator, metric, span, base, measure) for base, span in pairs for measure in measures
        )
        weak = "always" if match.pattern.weak or (share and metric == "change" and bound.measure != "number") else ""
        kind = {"change": "change_abs", "percent": "change_pct", "points": "change_points"}[metric]
        return make_claim(kind, stated, bound, readings, way=way_of(match), weak=weak)

    def _change_abs(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        yield self._changes("change", self._number(match, "n"), match, bound, sentence, clock)

    def _change_pct(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        yield self._changes("percent", f"{match.parts['pct']}%", match, bound, sentence, clock)

    def _change_points(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        if self._catalogue.indicators[bound.indicator].unit == "percent":
            yield self._changes("points", f"{match.parts['pct']} points", match, bound, sentence, clock)

    def _own_change(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        for name, metric in (("change", "change"), ("change_pct", "percent")):
            if name in match.parts:
                stated = match.parts[name]
                claim = self._changes(metric, stated, match, bound, sentence, clock)
                yield direct(claim, sign_of(stated))

    def _own_points(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        claim = self._changes("points", match.parts["change"], match, bound, sentence, clock)
        yield direct(claim, sign_of(match.parts["change"]))

    def _ratio(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        readings = pair_readings("ratio", bound, self._own_pairs(clock))
        yield make_claim("ratio", match.parts["ratio"], bound, readings)
        interval = match.parts["interval"].replace("no upper limit", "999999")
        yield make_claim("interval", interval.replace("–", " to "), bound, readings, way=clear_or_not(sentence))

    def _interval(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        readings = pair_readings("points", bound, self._own_pairs(clock))
        yield make_claim("interval", match.parts["interval"], bound, readings, way=clear_or_not(sentence))

    def _dispersion(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        yield make_claim(
            "dispersion", match.parts["times"], bound, pair_readings("level", bound, self._own_pairs(clock))
        )

    def _own_pairs(self, clock: Clock) -> list:
        """Both years over the quarters that both have: what our own sentences compare."""
        before = previous_year(clock.year)
        spans = set(self._figures.spans(clock.indicator.id))
        shared = tuple(q for q in QUARTERS if Span(before, (q,)) in spans and Span(clock.year, (q,)) in spans)
        whole = [(Span(before), Span(clock.year))]
        return whole if shared in (QUARTERS, ()) else [(Span(before, shared), Span(clock.year, shared)), *whole]

    # Statements in words

    def _movement(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        pairs = spans_of_change(sentence, match.start, match.end, clock)
        direction = way_of(match)
        share = self._catalogue.indicators[bound.indicator].unit == "percent"
        readings = pair_readings("change", bound, pairs, ("value", "number") if share else ("value",))
        if readings:
            yield make_claim("movement", direction, bound, readings, way=direction)

    def _aim(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        readings = pair_readings("change", bound, only_years(spans_of_change(sentence, match.start, match.end, clock)))
        if readings:
            yield make_claim(match.kind, match.pattern.stated, bound, readings)

    _achieved = _not_achieved = _aim

    def _extreme(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        if match.pattern.stated:
            years = [span.year for one in sentence.periods if (span := clock.span_of(one)) is not None]
            span = spans_of_year(clock, years[0] if len(set(years)) == 1 else "")[0]
            yield make_claim(
                "extreme", match.pattern.stated, bound, (Reading(bound.indicator, "level", span),), way=way_of(match)
            )
            return
        spans = [span for one in sentence.periods if (span := clock.span_of(one)) is not None]
        quarter = [span for span in spans if not span.is_year]
        year = [span for span in spans if span.is_year]
        if quarter and year and quarter[0].year == year[0].year:
            readings = (Reading(bound.indicator, "level", quarter[0], measure=bound.measure),)
            yield make_claim("extreme", match.parts["extreme"].lower(), bound, readings)

    def _same_as(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        pairs = spans_of_change(sentence, match.start, match.end, clock)
        stated = self._number(match, "n") if "n" in match.parts else "the same"
        measure = self._measure(bound, stated) if "n" in match.parts else bound.measure
        if len(pairs) == 1:
            yield make_claim("same_as", stated, bound, pair_readings("level", bound, pairs, (measure,)))

    def _sum(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        text = match.parts.get("parts", "") or sentence.masked[match.start : match.end]
        stated = " + ".join(re.findall(r"\d[\d,]*", text)) if "parts" in match.parts else text
        spans, certain = spans_of_level(sentence, match.start, match.end, clock)
        readings = tuple(Reading(bound.indicator, "level", span) for span in spans) if certain else ()
        yield make_claim("sum", stated, bound, readings, unit="some parts")

    def _part_of(self, match: Match, bound: Bound, sentence: Sentence, clock: Clock) -> Iterator[Claim]:
        part, whole = self._number(match, "n"), self._number(match, "n2")
        percent = f"{match.parts['pct']}%" if "pct" in match.parts else f"{part} of {whole}"
        yield make_claim("share", percent, Bound(why="the tables don't have this part"))
        if self._catalogue.indicators[bound.indicator].unit == "count":
            claim = self._level_claim("level", whole, match, bound, sentence, clock)
            yield weaken(claim, "far")
