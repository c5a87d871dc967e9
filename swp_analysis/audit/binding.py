"""What a match is about. In: a match, its sentence, what was said before. Out: an indicator and measure, or why not.

Closed world: a clause that holds a word from none of the lists of `claims.yml` is not judged. That costs some claims
and keeps the audit from accusing a true sentence about something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, pairwise

from swp_analysis.audit.matching import Match
from swp_analysis.audit.sentences import NOISE, Mention, Sentence
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue, Indicator

_CARRIES_ON = re.compile(
    r"(?:this|it|these|those|that|there|the (?:new |latest |overall |total )?"
    r"(?:baseline|figure|number|total|indicator|level|change|rise|fall|%|percentage)|"
    r"whether|note|most|overall|compared|quarter|in|at|over|by|with|during|●|◆|◐|up|down|an?|\d)",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"[\s,()]*(?:(?:or |which is )?[-\d.]+%?[\s,()]*)?(?:in|of|for|to)(?: the)?(?: number of| total| level of)?\s*",
    re.IGNORECASE,
)
_NARROWS = re.compile(
    r"(?:in|at|within|across|among|amongst|for|of|by|near|outside|mainly|mostly|nationally|regionally)\b", re.IGNORECASE
)
_LIST = re.compile(r"\d[\d,]*%?(?:, \d[\d,.]*%?)+,? (?:and|then) \d[\d,]*%?")
_PART_KINDS = {"part_of", "sum", "aims"}
# Forms that only our own sentences have: the whole form is known, so no word around it can change its meaning.
_OWN_KINDS = {"ratio", "interval", "dispersion", "baseline", "own_change", "own_points", "latest", "tested"}
_SAYS_NOT = {"not_achieved", "none_of"}


@dataclass(frozen=True)
class Bound:
    """The indicator and measure that a match is about; `why` says why there is none."""

    indicator: str = ""
    measure: str = "value"
    why: str = ""
    named: bool = False


@dataclass
class Memory:
    """What a passage is about so far: the row of its table, and the indicator that was named last."""

    row: str = ""
    last: Mention | None = None
    first_sentence: bool = True
    elsewhere: bool = False


class Binder:
    """Ties matches to indicators by the rules."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules) -> None:
        self._indicators = catalogue.indicators
        self._rules = rules
        words = chain.from_iterable(line.split() for line in rules.vocabulary)
        place = f"{catalogue.identity.area_name} {catalogue.identity.name}".lower().split()
        self._vocabulary = {word.lower() for word in words} | {*rules.number_words, *rules.ordinals, *place}
        parts = [
            *rules.rises,
            *rules.falls,
            *rules.rise_nouns,
            *rules.fall_nouns,
            *rules.more,
            *rules.less,
            *rules.units,
        ]
        self._known = re.compile("|".join(f"(?:{part})" for part in [*parts, *rules.role_units]), re.IGNORECASE)
        self._unit_words = {"recorded", "reported", "more", "such", "young", "no", *rules.negations}
        self._negations, self._plans, self._joins = (
            re.compile(rf"(?<!\w)(?:{'|'.join(one)})(?!\w)", re.IGNORECASE)
            for one in (rules.negations, rules.plans, rules.joins)
        )
        self._elsewhere = re.compile(rf"\b(?:{'|'.join(rules.elsewhere)})\b", re.IGNORECASE)
        self._hedges = re.compile(rf"(?<!\w)(?:{'|'.join(rules.hedges)}) *[(+−-]?$", re.IGNORECASE)

    def bind(self, match: Match, sentence: Sentence, memory: Memory) -> Bound:
        """Which indicator a match is about, or why that can't be told."""
        start, end = sentence.clause(match.start, match.end)
        mentions = [one for one in sentence.subjects if start <= one.start < end]
        why = self._why_not(match, sentence, (start, end), mentions)
        if memory.elsewhere and not memory.row:
            why = why or "the sentence before speaks of another area"
        if why:
            return Bound(why=why)
        subject, named = self._subject(match, sentence, memory, [one for one in mentions if one.kind != "companion"])
        if isinstance(subject, str):
            return Bound(why=subject)
        companions = [one for one in mentions if one.kind == "companion"]
        if subject.name == "" and subject.kind != "row":
            return Bound(why="the report has no table of this")
        if companions:
            return self._companion(subject.name, companions[0].name)
        measure = "number" if subject.kind == "number" else "value"
        return self._checked_role(match, sentence, Bound(subject.name, measure, named=named))

    def remember(self, sentence: Sentence, memory: Memory) -> None:
        """Keep what the next sentence of the passage may refer to."""
        named = [one for one in sentence.subjects if one.kind != "companion"]
        memory.last = named[-1] if named else memory.last
        memory.elsewhere = bool(self._elsewhere.search(sentence.masked)) and not re.search(r"\d", sentence.masked)
        memory.first_sentence = False

    def _why_not(self, match: Match, sentence: Sentence, clause: tuple[int, int], mentions: list[Mention]) -> str:
        text = sentence.masked[slice(*clause)]
        if match.kind in _OWN_KINDS:
            return ""
        unknown = [] if match.kind in _PART_KINDS else self._unknown_words(text + " " + _around(sentence, clause))
        if unknown:
            return f"the words around it ({', '.join(unknown[:3])}) may change what is counted"
        says_not = match.kind in _SAYS_NOT or match.direction.startswith("not ")
        if not says_not and self._negations.search(text):
            return "the statement is a negative one"
        lead = re.search(
            rf"(?:{self._plans.pattern}) (?:was|is|of|were)\b", sentence.masked[: match.start], re.IGNORECASE
        )
        if (self._plans.search(text) or lead) and match.kind not in ("not_achieved", "achieved"):
            return "it is an aim or an expectation"
        if NOISE in text:
            return "the figure may be of an age group or another part"
        if any(one.start() < match.end and one.end() > match.start for one in _LIST.finditer(sentence.masked)):
            return "it is one of a list of figures"
        if self._joins.search(sentence.masked):
            return "several figures are shared between several subjects"
        if self._hedges.search(sentence.masked[: _first_figure(match, sentence)]):
            return "the figure is given as approximate"
        names = {one.name for one in mentions if one.kind != "companion"}
        return "two indicators are named" if len(names) > 1 else ""

    def _unknown_words(self, text: str) -> list[str]:
        words = re.findall(r"[A-Za-z][A-Za-z'’-]*", text.replace("'s", ""))
        return [word for word in words if not self._knows(word.lower().strip("'-"))]

    def _knows(self, word: str) -> bool:
        if word in self._vocabulary or word in self._unit_words or self._known.fullmatch(word):
            return True
        parts = word.split("-")
        return len(parts) > 1 and all(self._knows(part) for part in parts if part)

    def _subject(
        self, match: Match, sentence: Sentence, memory: Memory, mentions: list[Mention]
    ) -> tuple[Mention | str, bool]:
        if mentions:
            return mentions[0], True
        before = [one for one in sentence.subjects if one.end <= match.start and one.kind != "companion"]
        if before:
            return self._inherit(before, sentence, match), True
        if memory.row or memory.last is not None:
            edges = [0, *(place for place in sentence.breaks if place <= match.start)]
            earlier = [sentence.masked[start:end] for start, end in pairwise(edges)]
            if match.kind not in _OWN_KINDS and any(
                re.search(r"\d", one) and self._unknown_words(one) for one in earlier
            ):
                return "the figure may belong to what is counted before it", False
        if memory.row:
            return Mention(0, 0, "value", memory.row), False
        after = [one for one in sentence.subjects if one.start >= match.end and one.kind != "companion"]
        if (
            after
            and len({one.name for one in after}) == 1
            and _LEADS_ON.fullmatch(sentence.masked[match.end : after[0].start])
        ):
            return after[0], True
        carries_on = not memory.first_sentence and _CARRIES_ON.match(sentence.masked)
        if memory.last is not None and carries_on:
            return memory.last, True
        return "no indicator is named", False

    def _inherit(self, before: list[Mention], sentence: Sentence, match: Match) -> Mention | str:
        """The last indicator named before, unless it shares its figure with another one (`A and B rose by 3 and 4`)."""
        last = before[-1]
        clause = sentence.clause(last.start, last.end)
        if match.kind not in _OWN_KINDS and self._unknown_words(sentence.masked[slice(*clause)]):
            return "the words around the indicator may change what is counted"
        for one, other in pairwise(before):
            between = sentence.masked[one.end : other.start].strip().lower()
            if one.name != other.name and between in ("and", ",", "or", "and the", ", and", "&"):
                return "two indicators share a sentence"
        return last

    def _companion(self, name: str, measure: str) -> Bound:
        indicator: Indicator = self._indicators[name]
        if indicator.unit == "percent":
            return Bound(name, measure, named=True)
        if indicator.companion_share is None:
            return Bound(why="the row has no such share")
        return Bound(indicator.companion_share, measure, named=True)

    def _checked_role(self, match: Match, sentence: Sentence, bound: Bound) -> Bound:
        """Victims are counted only in rows of victims, offenders only in rows of offenders."""
        label = self._indicators[bound.indicator].label.lower()
        for unit in self._rules.role_units:
            found = re.search(rf"\b(?:{unit})\b", sentence.masked[match.start : match.end], re.IGNORECASE)
            if found and found[0].lower().split()[-1][:5] not in label and bound.measure == "value":
                if self._indicators[bound.indicator].unit == "percent" and "custod" in label:
                    return Bound(bound.indicator, "number", named=bound.named)
                return Bound(why=f"the row doesn't count {found[0].lower()}")
        return bound


def _around(sentence: Sentence, clause: tuple[int, int]) -> str:
    """The clauses beside it that may narrow a figure down: `Nationally, …` before, `…, in the Eastgate ward` after."""
    edges = [0, *sentence.breaks, len(sentence.masked)]
    clauses = [sentence.masked[start:end] for start, end in pairwise(edges)]
    before = [text for text, end in zip(clauses, edges[1:], strict=True) if end <= clause[0]]
    opening = before[0] if before and not re.search(r"[●\d]", before[0]) else ""
    after = sentence.masked[clause[1] :]
    following = re.split(r"[.,;:)]", after, maxsplit=1)[0] if _NARROWS.match(after) else ""
    return f"{opening} {following if not re.search('[●0-9]', following) else ''}"


def _first_figure(match: Match, sentence: Sentence) -> int:
    """Where the first figure of a match stands."""
    found = re.search(r"[-−+]?\d", sentence.masked[match.start : match.end])
    return match.start + found.start() if found else match.start
