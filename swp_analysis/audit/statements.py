"""What a sentence states. In: its words, what was said before, the tables. Out: `Claim`s with readings.

Each kind of phrase is a line of `PARTS`: what it states, of which amount, in which span. A clause that isn't understood
to its last word gives claims without readings, which are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from swp_analysis.audit.amounts import Amount
from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.figures import Span, TableFigures
from swp_analysis.audit.grammar import Clause, Grammar, Phrase, split_clauses
from swp_analysis.audit.lexing import Lexer, Subject, Word
from swp_analysis.audit.pair_claims import claims_of_pair
from swp_analysis.audit.period_words import PeriodMention
from swp_analysis.audit.series_claims import WHOLE_CLAUSE, claims_of_series
from swp_analysis.audit.spans_meant import Clock, Meant, mentions_of, pairs_of_change, pairs_of_part, spans_of_level, whens
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year

NO_PERIOD = "the period can't be told with certainty"
UNREAD = "not every word around it is understood"
At = Literal["now", "before", "change", "year", "base"]


@dataclass(frozen=True)
class Part:
    """What one amount of a phrase states: the kind of claim, and the span that it is about."""

    kind: str
    amount: int
    at: At


PARTS: dict[str, tuple[Part, ...]] = {
    "from_to": (Part("previous_level", 0, "before"), Part("level", 1, "now")),
    "before": (Part("previous_level", 0, "before"),),
    "before_from": (Part("previous_level", 0, "before"),),
    "base_level": (Part("previous_level", 0, "base"),),
    "new_base": (Part("baseline_new", 0, "year"),),
    "change": (Part("change", 0, "change"),),
    "to_level": (Part("level", 0, "now"),),
    "level": (Part("level", 0, "now"),),
    "level_in": (Part("level", 0, "now"),),
    "none_of": (Part("level", 0, "now"),),
}
CHANGE_KINDS: dict[str, tuple[str, Metric]] = {
    "count": ("change_abs", "change"),
    "percent": ("change_pct", "percent"),
    "points": ("change_points", "points"),
    "ratio": ("change_times", "ratio"),
}
THRESHOLDS = ("above", "over", "below", "under", "exceed", "topped", "passed", "surpassed", "in excess", "well")


@dataclass
class SaidBefore:
    """What a passage is about so far: its row, the indicator named last, the period that its heading sets."""

    row: str = ""
    last: Subject | None = None
    context: PeriodMention | None = None
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Scene:
    """What all phrases of a clause share: its indicator, clock and direction, and the claim before."""

    clause: Clause
    indicator: Indicator
    subject: Subject
    clock: Clock
    direction: str
    earlier: list[Claim] = field(default_factory=list)
    companion: Subject | None = None
    part_of_earlier: bool = False


class StatementReader:
    """Reads the claims of sentences, for one set of tables and year."""

    def __init__(self, rules: ClaimRules, figures: TableFigures, this_year: str) -> None:
        self._lexer, self._grammar = Lexer(figures.catalogue, rules, this_year), Grammar(rules)
        self.rules, self._figures, self._year = rules, figures, this_year
        self._elsewhere = re.compile(rf"\b(?:{'|'.join(rules.elsewhere)})\b", re.IGNORECASE)
        self._indicators = figures.catalogue.indicators

    def read(self, text: str, before: SaidBefore) -> list[Claim]:
        """The claims of one normalised sentence; `before` then holds what the next sentence may refer to."""
        words = self._lexer.read(text)
        claims = list(self._claims(text, words, before))
        self._remember(text, words, before)
        return claims

    def read_heading(self, heading: str) -> SaidBefore:
        """What a heading says of the lines below it: the indicator, the period, or that they are about elsewhere."""
        words = self._lexer.read(heading) if heading else []
        named = [word.meaning for word in words if word.kind == "SUBJECT"]
        periods = [word.meaning for word in words if word.kind == "PERIOD" and word.meaning.kind == "span"]
        one = named[0] if len({subject.name for subject in named}) == 1 and named[0].name else None
        away = bool(self._elsewhere.search(heading))
        return SaidBefore(last=one, context=periods[0] if len(periods) == 1 else None, is_elsewhere=away)

    def _claims(self, text: str, words: list[Word], before: SaidBefore) -> Iterator[Claim]:
        if text.rstrip().endswith("?") and not text.lower().startswith("did you know"):
            return
        pair = "" if before.is_elsewhere else self._grammar.pair_kind(words)
        if pair:
            for claim in claims_of_pair(pair, words, self._clock_for(words, before)):
                yield replace(claim, words=_text_of(text, words))
            return
        clauses = split_clauses(self._grammar.cover(words))
        earlier: list[Claim] = []
        for place, clause in enumerate(clauses):
            scene = self._scene(clauses, place, before, earlier)
            found = list(self._of_clause(scene, clause))
            earlier += found if not isinstance(scene, str) else []
            yield from (replace(claim, words=claim.words or _text_of(text, clause.words)) for claim in found)

    def _clock_for(self, words: list[Word], before: SaidBefore) -> Clock:
        subject = next(word.meaning for word in words if word.kind == "SUBJECT")
        indicator = self._indicators.get(subject.name)
        return Clock(self._year, self._figures, indicator, before.context) if indicator else None

    def _of_clause(self, scene: Scene | str, clause: Clause) -> Iterator[Claim]:
        if isinstance(scene, str):
            if clause.count("AMOUNT") or clause.has("movement", "extreme", "same", "run"):
                amounts = [word.meaning for word in clause.words if word.kind == "AMOUNT"] or [None]
                yield from (Claim("", "", "", _plain_kind(one), one.text if one else "statement", why_untied=scene)
                            for one in amounts)  # fmt: skip
            return
        series = list(claims_of_series(scene))
        yield from series
        untied = next((claim.why_untied for claim in series if claim.why_untied), "")
        if untied:
            yield from self._of_clause(untied, clause)
            return
        if any(claim.kind in WHOLE_CLAUSE for claim in series):
            return
        for phrase in clause.phrases:
            yield from self._of_phrase(phrase, scene, series)

    def _of_phrase(self, phrase: Phrase, scene: Scene, series: list[Claim]) -> Iterator[Claim]:
        amounts = [word.meaning for word in phrase.of("AMOUNT")]
        if phrase.kind == "none_of":
            amounts = [Amount(0, text="no")]
        if phrase.kind == "bracket":
            yield from self._in_brackets(amounts, scene)
        elif phrase.kind in PARTS:
            for part in PARTS[phrase.kind]:
                yield self._of_part(part, amounts[part.amount], phrase, scene)
        elif phrase.kind in ("movement", "not_moved", "aim_met", "aim_missed", "baseline_passed") and not series:
            yield from self._without_amount(phrase, scene)

    def _of_part(self, part: Part, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
        why = self._unit_mismatch(amount, scene)
        if why:
            return _untied(part.kind, amount, why)
        crosses = amount.bound != "exactly" and amount.metric == "count" and amount.text.lower().startswith(THRESHOLDS)
        if amount.metric == "ratio" or (part.at == "change" and not crosses):
            return self._change(amount, scene)
        kind = "level" if part.at == "change" else part.kind
        if part.at == "base":
            return self._base(amount, scene)
        if part.at == "year":
            year = scene.clock.year
            return self._level(kind, amount, Meant([Span(year)]), scene, Span(previous_year(year)))
        if part.at == "before":
            meant = self._pairs(phrase, scene)
            return self._level(kind, amount, meant and Meant([b for b, _ in meant.sure], [b for b, _ in meant.doubtful]), scene)
        if phrase.kind == "from_to":
            meant = self._pairs(phrase, scene)
            return self._level(kind, amount, meant and Meant([a for _, a in meant.sure], [a for _, a in meant.doubtful]), scene)
        return self._level_now(kind, amount, phrase, scene)

    def _pairs(self, phrase: Phrase, scene: Scene) -> Meant | None:
        """The pairs of a change, with the periods inside the phrase before those around it."""
        if phrase.kind != "from_to":
            return pairs_of_change(scene.clause, scene.clock)
        middle = next((one.start for one in phrase.words if one.kind == "to"), phrase.words[0].start)
        named = [[one.meaning for one in phrase.of("PERIOD") if (one.start < middle) == first] for first in (True, False)]
        meant = pairs_of_change(scene.clause, scene.clock)
        if not any(named):
            return self._with_quarters(meant, phrase, scene)
        ends = [scene.clock.span_of(one) if one else None for one in named]
        if not named[0] and ends[1] is not None and not ends[1].is_year and meant is not None:
            return Meant(pairs_of_part(ends[1]))
        if meant is None or any(one and end is None for one, end in zip(named, ends, strict=True)):
            return None
        before, after = ends
        if after is None:
            after = scene.clock.span_of(whens(scene.clause)) if whens(scene.clause) else Span(scene.clock.year, before.quarters)
        return Meant([(before or Span(previous_year(after.year), after.quarters), after)])

    def _with_quarters(self, meant: Meant | None, phrase: Phrase, scene: Scene) -> Meant | None:
        """A bare `from 5 to 16` may mean two quarters, where they have just these figures."""
        if meant is None or mentions_of(scene.clause.phrases):
            return meant
        spans = sorted(self._figures.spans(scene.indicator.id))
        first, second = (word.meaning for word in phrase.of("AMOUNT"))
        fitting = [
            (one, other)
            for i, one in enumerate(spans)
            for other in spans[i + 1 :]
            if self._is(first, one, scene) and self._is(second, other, scene)
        ]
        return Meant(meant.sure, [*meant.doubtful, *fitting])

    def _is(self, amount: Amount, span: Span, scene: Scene) -> bool:
        found = self._figures.get(scene.indicator.id, span, _measure(amount, scene))
        return found is not None and amount.fits(found.lowest, found.highest) is True

    def _change(self, amount: Amount, scene: Scene) -> Claim:
        kind, metric = CHANGE_KINDS[amount.metric]
        ends = next((one for one in scene.clause.phrases if one.kind == "from_to"), None)
        pairs = self._pairs(ends, scene) if ends else pairs_of_change(scene.clause, scene.clock)
        direction = amount.direction or scene.direction or ("down" if amount.negative else "")
        if not direction and scene.earlier:
            direction = scene.earlier[-1].direction
        if pairs is None or not direction:
            return _untied(kind, amount, NO_PERIOD if pairs is None else "which way it went isn't said")
        measure = _measure(amount, scene) if metric == "change" else scene.subject.measure
        if metric in ("percent", "points") and scene.indicator.unit == "percent":
            measure = "value"

        def readings(ends: list) -> tuple[FigureMeant, ...]:
            return tuple(FigureMeant(scene.indicator.id, metric, after, before, measure) for before, after in ends)

        return _tied(kind, amount, scene, readings(pairs.sure), readings(pairs.doubtful), direction)

    def _level_now(self, kind: str, amount: Amount, phrase: Phrase, scene: Scene) -> Claim:
        meant = spans_of_level(scene.clause, mentions_of([phrase]), scene.clock)
        if amount.metric == "points" or (amount.metric == "percent" and scene.indicator.unit != "percent"):
            return self._share(amount, meant, phrase, scene)
        if meant is not None and scene.part_of_earlier and any(one.kind.startswith("change") for one in scene.earlier):
            pairs = pairs_of_change(scene.clause, scene.clock)
            changes = [FigureMeant(scene.indicator.id, "change", after, base) for base, after in pairs.sure] if pairs else []
            claim = self._level(kind, amount, meant, scene)
            return replace(claim, readings=(*claim.readings, *changes))
        base = Span(previous_year(scene.clock.year)) if meant and len(meant.sure) and meant.sure[0].is_year else None
        return self._level(kind, amount, meant, scene, base)

    def _level(self, kind: str, amount: Amount, meant: Meant | None, scene: Scene, base: Span | None = None) -> Claim:
        if meant is None:
            return _untied(kind, amount, NO_PERIOD)
        if amount.metric in ("percent", "points") and scene.indicator.unit != "percent":
            return _untied(kind, amount, "the row has no such share")
        if amount.metric == "points":
            return _untied(kind, amount, "points are a change")
        measure = _measure(amount, scene)
        sure, doubtful = (
            tuple(FigureMeant(scene.indicator.id, "level", span, base if span.is_year else None, measure) for span in ends)
            for ends in (meant.sure, meant.doubtful)
        )
        if amount.total is not None and amount.metric == "count":
            return self._part_of_total(amount, scene, sure)
        return _tied(kind, amount, scene, sure, doubtful, scene.direction if kind in ("level", "baseline_new") else "")

    def _base(self, amount: Amount, scene: Scene) -> Claim:
        spans = [Span(previous_year(scene.clock.year)), Span(scene.clock.year)]
        return self._level("previous_level", amount, Meant(spans[:1], spans[1:]), scene)

    def _share(self, amount: Amount, meant: Meant | None, phrase: Phrase, scene: Scene) -> Claim:
        """A percentage beside a count: the part of its group, or of its year, that it is."""
        if meant is None or amount.metric == "points":
            return _untied("share", amount, NO_PERIOD)
        name, clause = scene.indicator.id, scene.clause
        of_subject = any(one.kind == "subject" and one.has("of") for one in clause.phrases) or clause.has("accounted")
        span = meant.sure[0] if meant.sure else None
        if scene.indicator.subgroup_of and not clause.has("accounted") and span is not None and (
            of_subject or clause.phrases[0] is phrase
        ):
            reading = FigureMeant(name, "part", span, span, whole=scene.indicator.subgroup_of)
        elif span is not None and not span.is_year and len(meant.sure) == 1 and (of_subject or scene.part_of_earlier):
            reading = FigureMeant(name, "part", span, Span(span.year), whole=name)
        else:
            return _untied("share", amount, "the row has no such share")
        return _tied("share", amount, scene, (reading,), (), "")

    def _part_of_total(self, amount: Amount, scene: Scene, readings: tuple[FigureMeant, ...]) -> Claim:
        """`7 of 46`: the number behind a share."""
        if scene.indicator.unit != "percent":
            return _untied("share", amount, "the tables don't have this part")
        return replace(_tied("number_behind", amount, scene, readings, (), ""), weak="")

    def _in_brackets(self, amounts: list[Amount], scene: Scene) -> Iterator[Claim]:
        """A figure in brackets says the figure before it in another unit."""
        last = scene.earlier[-1] if scene.earlier else None
        for amount in amounts:
            if scene.companion is not None and amount.metric == "percent":
                yield self._level_now("level", amount, Phrase("level", ()), scene)
            elif amount.total is not None and scene.indicator.unit == "percent":
                yield self._level_now("level", amount, Phrase("level", ()), scene)
            elif amount.metric in ("percent", "points") and self._follows_change(scene, last):
                yield self._change(amount, scene)
            elif amount.metric == "percent" and last is not None and last.kind == "level" and scene.indicator.companion_share:
                share = self._indicators[scene.indicator.companion_share]
                yield self._level_now("level", amount, Phrase("level", ()), replace(scene, indicator=share))
            elif amount.metric == "count" and self._follows_change(scene, last):
                yield replace(self._change(amount, scene), weak="" if amount.unit else "always")
            else:
                yield _untied(_plain_kind(amount), amount, "what stands in brackets can't be tied to a figure")

    def _follows_change(self, scene: Scene, last: Claim | None) -> bool:
        inside = scene.clause.has("change", "movement", "from_to", "before_from")
        return inside or (last is not None and (last.kind.startswith("change") or bool(last.direction)))

    def _without_amount(self, phrase: Phrase, scene: Scene) -> Iterator[Claim]:
        """A movement, or an aim, that is said without a figure."""
        if phrase.kind in ("movement", "not_moved") and scene.clause.count("AMOUNT"):
            return
        pairs = pairs_of_change(scene.clause, scene.clock)
        kind = {"aim_met": "achieved", "aim_missed": "not_achieved"}.get(phrase.kind, "movement")
        way = "up" if phrase.kind == "baseline_passed" else _direction(phrase)
        stated = kind.replace("_", " ") if kind != "movement" else f"not {way}" if phrase.kind == "not_moved" else way
        ends = pairs.sure if pairs else []
        if kind != "movement":
            ends = [pair for pair in ends if pair[1].is_year]
        measures = ("value", "number") if scene.indicator.unit == "percent" and kind == "movement" else ("value",)
        readings = tuple(
            FigureMeant(scene.indicator.id, "change", after, before, measure)
            for before, after in ends
            for measure in measures
        )
        if not readings:
            yield Claim("", "", "", kind, stated, why_untied=NO_PERIOD)
            return
        claim = Claim("", "", scene.indicator.id, kind, stated, direction=stated, readings=readings)
        yield replace(claim, weak="always" if scene.clause.has("degree") else "")

    def _unit_mismatch(self, amount: Amount, scene: Scene) -> str:
        if not amount.unit or amount.metric != "count":
            return ""
        for unit in self.rules.units:
            if any(_matches(word, amount.unit) for word in unit.words):
                names = scene.indicator.label, scene.indicator.short_label, scene.indicator.id.replace("_", " ")
                counted = " ".join(names).lower()
                return "" if any(stem in counted for stem in unit.of) else f"the row doesn't count {amount.unit}"
        return ""

    def _scene(self, clauses: list[Clause], place: int, before: SaidBefore, earlier: list[Claim]) -> Scene | str:
        """The indicator and clock of a clause, or why it isn't judged."""
        clause = clauses[place]
        if not clause.is_read:
            return UNREAD
        if before.is_elsewhere and not before.row:
            return "what stands before it speaks of another area or time"
        subject = self._subject(clauses, place, before)
        if isinstance(subject, str):
            return subject
        name = subject.name or subject.wider_than
        companion = next((word.meaning for word in clause.words if word.kind == "COMPANION"), None)
        if companion is not None:
            share = companion.name or (self._indicators[name].companion_share or "")
            if self._indicators[name].unit == "percent" and not companion.name:
                share = name
            if not share:
                return "the row has no such share"
            subject = Subject(share, companion.measure if not companion.name else "value")
            name = share
        indicator = self._indicators[name]
        of_earlier = clause.has("of_them") or (place > 0 and clauses[place - 1].phrases[0].has("of", "of_them"))
        clock = Clock(self._year, self._figures, indicator, self._context(clauses, place, before))
        direction = next((_direction(one) for one in clause.phrases if _direction(one)), "")
        return Scene(clause, indicator, subject, clock, direction, earlier, companion, of_earlier)

    def _context(self, clauses: list[Clause], place: int, before: SaidBefore) -> PeriodMention | None:
        """The period of the clause before in the sentence, or else of the heading."""
        for clause in reversed(clauses[:place]):
            named = whens(clause)
            span = [one for one in named if one.kind in ("span", "this_year", "last_year", "latest", "year_end")]
            if span:
                years = {one.year for one in span if one.year}
                parts = {one.quarters for one in span if one.quarters and one.quarters != QUARTERS}
                if len(years) <= 1 and len(parts) <= 1 and all(one.kind == "span" or one.kind == "this_year" for one in span):
                    return PeriodMention("span", years.pop() if years else "", parts.pop() if parts else QUARTERS)
                return span[-1]
        return before.context

    def _subject(self, clauses: list[Clause], place: int, before: SaidBefore) -> Subject | str:
        own = _subjects(clauses[place])
        if len({(one.name, one.wider_than) for one in own}) > 1:
            return "two indicators are named"
        if own:
            return own[0] if own[0].name or own[0].wider_than else "the report has no table of this"
        for clause in reversed(clauses[:place]):
            named = _subjects(clause)
            if named and not clause.is_read:
                return UNREAD
            if len({one.name for one in named}) > 1:
                return "two indicators are named"
            if named:
                return named[0] if named[0].name or named[0].wider_than else "the report has no table of this"
        if any(not clause.is_read and clause.count("AMOUNT") for clause in clauses[:place]):
            return "the figure may belong to what is counted before it"
        after = [one for clause in clauses[place + 1 :] for one in _subjects(clause)]
        if before.row:
            return Subject(before.row)
        if before.last is not None and (before.last.name or before.last.wider_than):
            return before.last
        if len({one.name for one in after}) == 1 and after[0].name:
            return after[0]
        return "no indicator is named"

    def _remember(self, text: str, words: list[Word], before: SaidBefore) -> None:
        named = [word.meaning for word in words if word.kind == "SUBJECT"]
        if named:
            before.last = named[-1] if len({one.name for one in named}) == 1 else Subject("")
        elif any(word.kind == "unknown" for word in words) and not before.row:
            before.last = None
        periods = [word.meaning for word in words if word.kind == "PERIOD" and word.meaning.kind == "span"]
        if len(periods) == 1:
            before.context = periods[0]
        if self._elsewhere.search(text) and not any(word.kind == "AMOUNT" for word in words):
            before.is_elsewhere = True


def _subjects(clause: Clause) -> list[Subject]:
    return [word.meaning for word in clause.words if word.kind == "SUBJECT"]


def _direction(phrase: Phrase) -> str:
    if phrase.has("up", "more"):
        return "up"
    return "down" if phrase.has("down", "less") else next(
        (word.meaning.direction for word in phrase.of("AMOUNT") if word.meaning.direction), ""
    )


def _measure(amount: Amount, scene: Scene) -> str:
    if scene.indicator.unit != "percent":
        return "value"
    return "number" if amount.metric == "count" else "value"


def _tied(
    kind: str,
    amount: Amount,
    scene: Scene,
    readings: tuple[FigureMeant, ...],
    doubtful: tuple[FigureMeant, ...],
    direction: str,
) -> Claim:
    claim = Claim("", "", scene.indicator.id, kind, amount.text.strip(), direction=direction, readings=readings)
    claim = replace(claim, doubtful=doubtful, amount=amount, other=scene.subject.wider_than)
    return claim if readings else replace(claim, indicator="", why_untied=NO_PERIOD)


def _untied(kind: str, amount: Amount, why: str) -> Claim:
    return Claim("", "", "", kind, amount.text.strip(), why_untied=why, amount=amount)


def _plain_kind(amount: Amount | None) -> str:
    return "movement" if amount is None else "share" if amount.metric == "percent" else "level"


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.IGNORECASE) is not None


def _text_of(text: str, words: list[Word]) -> str:
    return text[words[0].start : words[-1].end][:90] if words else ""
