"""A text becomes sentences in which indicators and periods are recognised. In: text and the rules. Out: `Sentence`s.

What is recognised is masked, character by character, so that a number inside it (10 to 24, 2016/17) is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from swp_analysis.audit.figures import Span
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, read_financial_year

SUBJECT, COMPANION, PERIOD, NOISE = "●", "◐", "◆", "○"
_MONTHS = "January February March April May June July August September October November December".split()
_YEAR = r"(?:(?:financial year|year|FY) )?(?P<year>20\d\d ?[-–/] ?(?:20)?\d\d|(?<![\d/])\d\d/\d\d(?![\d/]))"
_SPLIT = re.compile(r"(?<=[.!?*])\s+(?=[A-Z0-9“\"'(])|(?<=\.\.)\s+")


@dataclass(frozen=True)
class Mention:
    """Something recognised in a sentence: an indicator (its id, or empty when it has no table) or a period."""

    start: int
    end: int
    kind: str
    name: str = ""
    span: Span | None = None
    quarter: int | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence, its masked twin of the same length, and what was recognised in it."""

    text: str
    masked: str
    subjects: list[Mention]
    periods: list[Mention]
    breaks: list[int] = field(default_factory=list)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause, or clauses, that a stretch of the sentence lies in."""
        before = [place for place in self.breaks if place <= start]
        after = [place for place in self.breaks if place >= end]
        return (before[-1] if before else 0), (after[0] if after else len(self.text))


def normalise(text: str) -> str:
    """A line as the extractor reads it: one space between words, marks of print gone, `698offence` in two words.

    >>> normalise("an 80- offence  **increase**, 698offence")
    'an 80 offence increase, 698 offence'
    """
    text = re.sub(
        r"[*\u200b\u00ad]", "", text.replace("•", " ").replace("\u00a0", " ").replace("’", "'").replace("‐", "-")
    )
    text = re.sub(r"(?<=\d)-\s+(?=[a-z])", " ", text)
    text = re.sub(r"(?<=\d)(?=[a-z]{4,})", " ", text)
    text = re.sub(r"\b(\w+)( \1\b)+", r"\1", text)
    return " ".join(text.split())


def split_sentences(text: str) -> list[str]:
    """The sentences of a line; a full stop inside a figure or an abbreviation ends none."""
    return [part for part in _SPLIT.split(text) if part]


class Reader:
    """Recognises indicators and periods by the rules; built once for a catalogue and year."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules) -> None:
        self.rules = rules
        self._subjects = list(_subject_patterns(catalogue, rules))
        self._companions = [(_word(words, rules), one.measure) for one in rules.companions for words in one.words]
        self._periods = list(_period_patterns(rules))
        self._noise = [re.compile(words, re.IGNORECASE) for words in rules.noise]
        self._breaks = re.compile("|".join(rules.clause_breaks), re.IGNORECASE)

    def read(self, text: str) -> Sentence:
        """Recognise everything in one normalised sentence."""
        masked, periods, subjects = text, [], []
        found = [
            Mention(*match.span(), kind, name)
            for pattern, name, kind in self._subjects
            for match in pattern.finditer(masked)
        ]
        for mention in _longest_first(found):
            subjects.append(mention)
            masked = _mask(masked, mention, SUBJECT)
        for pattern, measure in self._companions:
            for match in pattern.finditer(masked):
                mention = Mention(*match.span(), "companion", measure)
                subjects.append(mention)
                masked = _mask(masked, mention, COMPANION)
        for pattern, kind in self._periods:
            for match in pattern.finditer(masked):
                mention = _period_mention(match, kind, self.rules)
                if mention is not None:
                    periods.append(mention)
                    masked = _mask(masked, mention, PERIOD)
        for pattern in self._noise:
            for match in pattern.finditer(masked):
                masked = _mask(masked, Mention(*match.span(), "noise"), NOISE)
        breaks = sorted({match.end() for match in self._breaks.finditer(masked)})
        ordered = [sorted(mentions, key=lambda mention: mention.start) for mentions in (subjects, periods)]
        return Sentence(text, masked, *ordered, breaks)


def _mask(text: str, mention: Mention, mark: str) -> str:
    return text[: mention.start] + mark * (mention.end - mention.start) + text[mention.end :]


def _longest_first(mentions: Iterable[Mention]) -> Iterator[Mention]:
    taken: list[Mention] = []
    # Of two equal stretches the one that names an indicator goes first.
    for mention in sorted(mentions, key=lambda one: (one.start - one.end, not one.name)):
        if all(mention.end <= other.start or mention.start >= other.end for other in taken):
            taken.append(mention)
            yield mention


def _subject_patterns(catalogue: Catalogue, rules: ClaimRules) -> Iterator[tuple[re.Pattern, str, str]]:
    for indicator in catalogue.indicators.values():
        for name in dict.fromkeys((indicator.label, indicator.short_label, *indicator.aliases)):
            plain = re.sub(r"[*.]", "", name).strip()
            if len(plain) > 5 and " " in plain:
                yield _word(r"\s+".join(map(re.escape, plain.split())), rules), indicator.id, "value"
    for subject in rules.subjects:
        for words in subject.words:
            yield _word(words, rules), subject.indicator or "", subject.measure


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)


def _word(words: str, rules: ClaimRules) -> re.Pattern:
    for _ in range(3):
        for name, value in rules.placeholders.items():
            words = words.replace(f"{{{name}}}", value)
    return _compiled(words)


def _period_patterns(rules: ClaimRules) -> Iterator[tuple[re.Pattern, str]]:
    ordinal = "|".join(rules.ordinals)
    quarter = (
        rf"(?:Q(?P<digit>[1-4])|quarter (?P<named>[1-4]|one|two|three|four)|(?:the )?(?P<ordinal>{ordinal}) quarter)"
    )
    words = rules.periods
    last, this = ("|".join(one) for one in (words.last_year, words.this_year))
    several = r"(?:the )?(?:same four quarters|Q(?P<first>[1-4])(?:(?:–| and )Q(?P<last>[1-4]))?) of each year"
    yield re.compile(several, re.IGNORECASE), "each_year"
    yield re.compile(rf"\(?\b{quarter},? ?(?:of |in |for |from )?(?:the )?\(?{_YEAR}\)?", re.IGNORECASE), "quarter"
    yield re.compile(rf"\b{quarter},? (?:of |in )?(?:the )?(?P<past>{last})", re.IGNORECASE), "quarter"
    yield re.compile(rf"20\d\d ?[-–/] ?20\d\d(?! ?[-–/])|{_YEAR}", re.IGNORECASE), "year"
    yield re.compile(rf"\b(?P<month>{'|'.join(_MONTHS)}) (?P<calendar>20\d\d)", re.IGNORECASE), "month"
    same = chain.from_iterable([words.same_quarter])
    for kind, phrases in {
        "same_quarter": same,
        "quarter_on_quarter": words.quarter_on_quarter,
        "previous_quarter": words.previous_quarter,
        "this_quarter": words.this_quarter,
    }.items():
        yield re.compile(rf"\b(?:{'|'.join(phrases)})", re.IGNORECASE), kind
    yield (
        re.compile(rf"\b{quarter}(?: of the year| of {'(?:' + this + ')'})?(?! (?:on|of) quarter)", re.IGNORECASE),
        "quarter",
    )
    for kind, phrases in {"this_year": this, "last_year": last, "other": "|".join(words.other)}.items():
        yield re.compile(rf"\b(?:{phrases})(?!\w)", re.IGNORECASE), kind


def _period_mention(match: re.Match, kind: str, rules: ClaimRules) -> Mention | None:
    parts = match.groupdict()
    start, end = match.span()
    if kind == "each_year":
        first = int(parts["first"] or 1)
        last = int(parts["last"] or parts["first"] or 4)
        inner = tuple(range(first, last + 1)) if "–" in match[0] or not parts["last"] else (first, last)
        return Mention(start, end, kind, span=Span("", inner if parts["first"] else QUARTERS))
    if kind == "month":
        month = _MONTHS.index(parts["month"].capitalize()) + 1
        quarter, year = (month - 4) // 3 % 4 + 1, int(parts["calendar"]) - (month < 4)
        return Mention(start, end, kind, span=Span(f"{year}-{(year + 1) % 100:02d}", (quarter,)))
    if kind not in ("quarter", "year"):
        return Mention(start, end, kind)
    year = _read_year(parts.get("year") or (match[0] if kind == "year" else ""))
    if kind == "year":
        return Mention(start, end, "span" if year else "other", span=Span(year) if year else None)
    named = parts["digit"] or parts["named"] or parts["ordinal"]
    quarter = int(named) if named.isdigit() else rules.ordinals.get(named.lower()) or rules.number_words[named.lower()]
    if parts.get("year") and year is None:
        return Mention(start, end, "other")
    if year is not None:
        return Mention(start, end, "span", span=Span(year, (quarter,)))
    return Mention(start, end, "past_quarter" if parts.get("past") else "quarter", quarter=quarter)


def _read_year(text: str) -> str | None:
    """`17/18`, `2017 - 2018` or `FY 2017/18` as a year's id; None when it spans more than a year."""
    plain = re.sub(r"[^\d/–-]", "", text)
    return read_financial_year(plain if len(plain) > 5 else f"20{plain}")
