"""What a sentence states. In: its words, what was said before, the tables. Out: `Claim`s with readings.

A clause that isn't understood to its last word gives claims without readings, which are not judged.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from swp_analysis.audit.claims import Claim, FigureMeant, Metric, make_claim
from swp_analysis.audit.figure_claims import claims_of_phrase, plain_kind
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.grammar import Clause, Grammar, split_clauses
from swp_analysis.audit.lexing import Lexer, Subject, Word, normalise
from swp_analysis.audit.mentions import Amount
from swp_analysis.audit.row_claims import WHOLE_CLAUSE, claim_of_row
from swp_analysis.audit.scenes import UNREAD, SaidBefore, Scene, SceneMaker
from swp_analysis.audit.spans_meant import (
    BOTH_YEARS,
    RELATIVE,
    Clock,
    mentions_of,
    pairs_of_change,
    spans_of_level,
    year_before,
)
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.periods import QUARTERS


class StatementReader:
    """Reads the claims of sentences, for one set of tables and year."""

    def __init__(self, rules: ClaimRules, figures: TableFigures, this_year: str) -> None:
        self._lexer, self._grammar = Lexer(figures.catalogue, rules, this_year), Grammar(rules)
        self.rules, self._figures, self.year = rules, figures, this_year
        self._elsewhere = re.compile(rf"\b(?:{'|'.join(rules.elsewhere)})\b", re.IGNORECASE)
        titles = " ".join(theme.title for theme in figures.catalogue.themes.values())
        labels = (f"{one.label} {one.short_label}" for one in figures.catalogue.indicators.values())
        plain = " ".join((*rules.heading_words, *rules.frame_words, titles, *labels)).lower()
        self._heading_words = set(re.findall(r"[a-z]+", plain))
        self._scenes = SceneMaker(figures, this_year, tuple(rules.units))
        self.catalogue, self._indicators = figures.catalogue, figures.catalogue.indicators

    def read(self, text: str, before: SaidBefore) -> list[Claim]:
        """Read the claims of one normalised sentence; `before` then holds what the next sentence may refer to."""
        words = self._lexer.read(text)
        claims = list(self._claims(text, words, before))
        self._remember(text, words, before)
        return claims

    def read_heading(self, heading: str) -> SaidBefore:
        """Read what a heading says of the lines below it: the indicator, the period, or that they are about
        elsewhere."""
        words = self._lexer.read(heading) if heading else []
        named = [word.meaning for word in words if word.kind == "SUBJECT"]
        periods = [word.meaning for word in words if word.kind == "PERIOD" and word.meaning.kind == "span"]
        one = named[0] if len({subject.name for subject in named}) == 1 and named[0].name else None
        away = bool(self._elsewhere.search(heading)) or bool(self._names_in(heading, words))
        return SaidBefore(last=one, context=periods[0] if len(periods) == 1 else None, is_elsewhere=away)

    def names_what(self, text: str) -> bool:
        """Tell whether the words over a column or before a row name an indicator, a period or a change."""
        return any(word.kind in ("SUBJECT", "PERIOD", "change_of") for word in self._lexer.read(normalise(text)))

    def _names_in(self, text: str, words: list[Word]) -> list[str]:
        """The capitalised words that no list knows: a town's, a ward's or a person's name."""
        unknown = [text[word.start : word.end] for word in words if word.kind == "unknown"]
        named = [one for one in unknown if one[:1].isupper() and one.lower().split("'")[0] not in self._heading_words]
        return [one for one in named if not re.fullmatch(r"[A-Z]{1,4}\d*", one) or len(unknown) == len(words)]

    def _claims(self, text: str, words: list[Word], before: SaidBefore) -> Iterator[Claim]:
        if text.rstrip().endswith("?") and not text.lower().startswith("did you know"):
            return
        kind = "" if before.is_elsewhere else self._grammar.sentence_kind(words)
        if kind:
            clause, clocks = Clause(self._grammar.cover(words)), self._clocks(words, before)
            found = list(claims_of_sentence(kind, words, clause, clocks))
            # Of one indicator in two periods, the clauses may say which ones.
            if len(clocks) > 1 or not any(claim.why_untied for claim in found):
                yield from (replace(claim, words=_text_of(text, words)) for claim in found)
                return
        words = [word for word in words if word.kind != "total"]
        clauses = split_clauses(self._grammar.cover(words))
        earlier: list[Claim] = []
        open_ended = False
        for place, clause in enumerate(clauses):
            if clause.opener is not None and clause.opener.kind == "hard":
                open_ended = False
            scene = UNREAD if open_ended else self._scenes.make(clauses, place, before, earlier)
            found = list(self._of_clause(scene, clause))
            # What isn't understood and states no figure of its own may narrow down what follows.
            open_ended |= not clause.count("AMOUNT") and any(claim.why_untied for claim in found)
            earlier += found if not isinstance(scene, str) else []
            yield from (replace(claim, words=claim.words or _text_of(text, clause.words)) for claim in found)

    def _clocks(self, words: list[Word], before: SaidBefore) -> dict[Subject, Clock | None]:
        subjects = dict.fromkeys(word.meaning for word in words if word.kind == "SUBJECT")
        known = {one: self._indicators.get(one.name) for one in subjects}
        return {
            one: Clock(self.year, self._figures, indicator, before.context) if indicator else None
            for one, indicator in known.items()
        }

    def _of_clause(self, scene: Scene | str, clause: Clause) -> Iterator[Claim]:
        of_row = claim_of_row(scene) if not isinstance(scene, str) else None
        if of_row is not None:
            yield of_row
            scene = of_row.why_untied or scene
        if isinstance(scene, str):
            amounts = [word.meaning for word in clause.words if word.kind == "AMOUNT"]
            yield from (make_claim(plain_kind(one), one.text, why=scene) for one in amounts)
            if not amounts and clause.has("movement", "extreme", "same", "run"):
                yield make_claim("movement", "statement", why=scene)
        elif of_row is None or of_row.kind not in WHOLE_CLAUSE:
            for phrase in clause.phrases:
                if of_row is None or phrase.of("AMOUNT") or phrase.kind == "none_of":
                    yield from claims_of_phrase(phrase, scene)

    def _remember(self, text: str, words: list[Word], before: SaidBefore) -> None:
        named = [word.meaning for word in words if word.kind == "SUBJECT"]
        if named:
            before.last = named[-1] if len({one.name for one in named}) == 1 else Subject("")
        elif any(word.kind == "unknown" for word in words) and not before.row:
            before.last = None
        periods = [word.meaning for word in words if word.kind == "PERIOD" and word.meaning.kind == "span"]
        if len(periods) == 1:
            before.context = periods[0]
        # "Turning to Walsall, …" and what stands below it; "our city" brings the reader back.
        place = self._elsewhere.search(text)
        opens = bool(place and place.start() < 30) or self._opens_with_a_name(text, words)
        if (place or self._names_in(text, words)) and (opens or not any(word.kind == "AMOUNT" for word in words)):
            before.is_elsewhere = True
        elif any(word.kind == "place" for word in words):
            before.is_elsewhere = False

    def _opens_with_a_name(self, text: str, words: list[Word]) -> bool:
        first = [word for word in words[:3] if word.kind == "unknown"]
        return bool(
            re.match(r"(?:In|At|Across|Over in|For|Turning to|Within|Around) ", text) and self._names_in(text, first)
        )


def _text_of(text: str, words: list[Word]) -> str:
    return text[words[0].start : words[-1].end][:90] if words else ""


# Whole sentences: what each kind of `claims.yml` compares, a figure or how it moved.
SENTENCES: dict[str, Metric] = {
    **dict.fromkeys(("compare_levels", "compare_gap", "compare_times", "together", "in_turn", "corrected"), "level"),
    "compare_pace": "percent",
    "both_moved": "change",
}
_WAYS = dict.fromkeys(("more", "up", "faster", "outnumbered"), "up")
_WAYS |= dict.fromkeys(("less", "down", "slower", "outnumbered_by"), "down")


def claims_of_sentence(
    kind: str, words: list[Word], clause: Clause, clocks: Mapping[Subject, Clock | None]
) -> Iterator[Claim]:
    """Give the comparison or sum that a whole sentence of `claims.yml` states, and the figures that stand in it."""
    amounts: list[Amount] = [word.meaning for word in words if word.kind == "AMOUNT"]
    readings = _readings(kind, clause, clocks)
    if kind == "corrected" and readings:  # the figure that isn't withdrawn
        yield make_claim("level", amounts[-1 if any(word.kind == "corrected" for word in words) else 0], readings)
        return
    if len(readings) < 2 or (kind == "in_turn" and len(readings) != len(amounts)):
        why = "which figures belong together can't be told from the tables"
        yield make_claim(kind, amounts[0].text if amounts else "statement", why=why)
        return
    if kind != "in_turn":
        yield _of_sentence(kind, readings, amounts, words)
    if kind in ("in_turn", "compare_levels"):
        pairs = zip(amounts, readings, strict=False)
        yield from (make_claim("level", amount, [reading]) for amount, reading in pairs)


def _of_sentence(kind: str, readings: list[FigureMeant], amounts: list[Amount], words: list[Word]) -> Claim:
    ways = [_WAYS[word.kind] for word in words if word.kind in _WAYS]
    amount = amounts[0] if amounts and kind != "compare_levels" else None
    if amount is not None and kind == "compare_times":
        share = amount.metric == "percent"  # "half as many"
        amount = replace(amount, rough=True, size=amount.size / 100 if share else amount.size)
    direction = " ".join([*ways[:1], *(ways[-1:] if kind == "compare_pace" else [])])
    direction = f"not {direction}" if any(word.kind == "not" for word in words) else direction
    return make_claim(kind, amount or direction, readings, direction=direction)


def _readings(kind: str, clause: Clause, clocks: Mapping[Subject, Clock | None]) -> list[FigureMeant]:
    """A figure for each indicator in the one period, or for each period of the one indicator."""
    metric, is_one = SENTENCES[kind], len(clocks) > 1 or kind == "corrected"
    found: list[FigureMeant] = []
    for subject, clock in clocks.items():
        if clock is None:
            return []
        if metric == "level":
            meant = spans_of_level(clause, [], clock) if is_one else None
            spans = meant.sure[:1] if meant else [] if is_one else _spans(clause, clock, in_turn=kind == "in_turn")
            found += [FigureMeant(subject.name, "level", span, measure=subject.measure) for span in spans]
            continue
        pairs = pairs_of_change(clause, clock)
        # Of a quarter alone it isn't said what it is compared with.
        ends = pairs.sure if pairs and len(pairs.sure) == 1 else []
        found += [FigureMeant(subject.name, metric, now, base, subject.measure) for base, now in ends]
    return found if len(clocks) == 1 or len(found) == len(clocks) else []


def _spans(clause: Clause, clock: Clock, *, in_turn: bool) -> list[YearSpan]:
    """Each period that is named, both years, or the quarters of a year."""
    named = mentions_of(clause.phrases)
    years = {one.year for one in named if one.year}
    year = years.pop() if len(years) == 1 else ""
    found: list[YearSpan | None] = []
    for one in named:
        if one.kind in BOTH_YEARS:
            found += [year_before(clock.this_year), clock.this_year]
        elif one.kind in ("each", "every_quarter"):
            found += [YearSpan(one.year or year or clock.year, (quarter,)) for quarter in one.quarters or QUARTERS]
        else:
            found.append(clock.span_of([replace(one, year=one.year or year) if one.kind == "span" else one]))
    if None in found or len(set(found)) < len(found) or {one.kind for one in named} & RELATIVE:
        return []
    spans = [one for one in found if one]
    if in_turn and len(spans) == 1 and spans[0].is_year:  # "by quarter, 2016/17: …"
        return [YearSpan(spans[0].year, (quarter,)) for quarter in QUARTERS]
    return spans
