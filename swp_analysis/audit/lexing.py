"""A text becomes sentences, and a sentence a row of words of known types. In: text and the rules. Out: `Word`s.

At each place the longest of all known phrases is taken; what is in no list is a word of type `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from swp_analysis.audit.amounts import Amount, AmountReader
from swp_analysis.audit.period_words import PeriodMention, PeriodReader
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, following_year

_SPLIT = re.compile(r"(?<=[.!?*])\s+(?=[A-Z0-9“\"'(•-])|(?<=\.\.)\s+")
_NEXT = re.compile(r"\s*(?:(?P<word>[A-Za-z][A-Za-z'’]*|[\d.,/]*\d)|(?P<mark>\S))")
_MARKS = {
    ",": "comma",
    "(": "open",
    ")": "close",
    ":": "colon",
    ";": "hard",
    "–": "dash",
    "-": "dash",
    "—": "dash",
    "→": "arrow",
}
# The words before a statement, and behind it, that may only introduce it.
_FRAMES = [
    re.compile(form)
    for form in (
        r"[^,.;:\d]{0,90}?\bthat(?: |, )",
        r"[^.;:\d]{0,60}?(?: \d{1,2}[a-z]?)?[:.] ",
        r"[^.;:,\d]{0,70}?, (?:and |but )?",
    )
]
# What stands before a statement and is none of its figures: bullets, `3.4`, `(b)`.
_NUMBERING = re.compile(r"[-*•·– ]*(?:\(?(?:\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}[.)]|[a-z]\)|[ivx]+\))\)? +(?=[A-Z]))?")
_TAIL = re.compile(r"(?:,| -| –) [^,.;:\d]{2,60}[.!]?$| (?:btw|fyi)\W*$", re.IGNORECASE)
_QUOTES = "\"“”'‘’.!…|="
_RUN = (
    r"(?:for |in )?(?:the )?(?:(?P<nth>second|third|fourth|2nd|3rd|4th) "
    r"(?:(?:consecutive|successive) quarter|quarter (?:in a row|running))"
    r"|(?P<bare>(?:last |past )?)(?P<n>two|three|four|five|2|3|4|5) "
    r"(?P<straight>(?:consecutive |successive |straight )?)"
    r"quarters(?P<row>(?: in a row| running)?))(?!\w)"
)


@dataclass(frozen=True)
class Subject:
    """An indicator that is named: its id (empty when it has no table), `value` or the `number` behind a share, and
    the indicator that it is only a wider relation of."""

    name: str
    measure: str = "value"
    wider_than: str = ""


@dataclass(frozen=True)
class Word:
    """A stretch of a sentence with its type; `meaning` is its `Subject`, `PeriodMention` or `Amount`, or a number."""

    kind: str
    start: int
    end: int
    meaning: Any = None


def normalise(text: str) -> str:
    """Give a line as it is read: one space between words, marks of print gone, `698offence` in two words.

    >>> normalise("an 80- offence  **increase**, 698offence")
    'an 80 offence increase, 698 offence'
    """
    for odd, plain in (
        ("’", "'"),
        ("‘", "'"),
        ("\u00a0", " "),
        ("\u2009", " "),
        ("‐", "-"),
        ("‑", "-"),
        ("•", " "),
        ("->", "→"),
    ):
        text = text.replace(odd, plain)
    text = re.sub(r"[*\u200b\u00ad_]", "", text)
    text = re.sub(r"(?<=\d)-\s+(?=[a-z])", " ", text)
    text = re.sub(r"(?<=\d)(?=[a-z]{4,})", " ", text)
    text = re.sub(r"\b([A-Za-z]+)( \1\b)+", r"\1", text)
    return " ".join(text.split())


def split_sentences(text: str) -> list[str]:
    """Give the sentences of a line; a full stop inside a figure or an abbreviation ends none."""
    parts = [part for part in _SPLIT.split(text) if part.strip()]
    is_numbered = len(parts) > 1 and re.fullmatch(r"\W*[\d.]{1,8}\.|\W*[a-z]\.", parts[0])
    return [" ".join(parts[:2]), *parts[2:]] if is_numbered else parts


class Lexer:
    """Cuts sentences into words by the rules, for one catalogue and year."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules, this_year: str) -> None:
        self._subjects = list(_subject_phrases(catalogue, rules))
        self._periods, self._amounts = PeriodReader(rules, this_year), AmountReader(rules)
        self._noise = [re.compile(one, re.IGNORECASE) for one in rules.noise]
        self._frame_words = {word for line in rules.frame_words for word in line.lower().split()}
        self._words = [
            (re.compile(rf"(?:{'|'.join(f'(?:{one})' for one in phrases)})(?![\w])", re.IGNORECASE), kind)
            for kind, phrases in rules.words.items()
        ]
        place = {catalogue.identity.area_name, catalogue.identity.name, catalogue.identity.short_name, *rules.own_area}
        own = "|".join(re.escape(one) for one in sorted(place, key=len, reverse=True))
        self._words.append((re.compile(rf"(?:{own})(?:'s)?(?!\w)", re.IGNORECASE), "place"))
        skipped = "|".join(sorted({w for line in rules.skip for w in line.split()}, key=len, reverse=True))
        self._words.append((re.compile(rf"(?:{skipped})(?!\w)", re.IGNORECASE), "skip"))
        ordinals = rules.ordinals
        self._ordinal = re.compile(
            rf"(?:{'|'.join(ordinals)})(?=[ -](?:highest|lowest|best|worst|busiest|quietest|largest|smallest))", re.I
        )
        self._run = re.compile(_RUN, re.IGNORECASE)
        self._ordinals = ordinals

    def read(self, text: str) -> list[Word]:
        """Read the words of one normalised sentence, the frame of a report (`Members are advised that`) left out."""
        known = self._known_phrases(text)
        words: list[Word] = []
        place, end = self._frame_end(text), self._frame_start(text)
        while (match := _NEXT.match(text, place)) and match.start() < end:
            start = match.start("word") if match["word"] else match.start("mark")
            word = self._longest(text, start, match, known)
            place = word.end
            if _may_be_a_figure(word, text):
                word = replace(word, kind="year_or_figure", meaning=None)
            word = _resolved(word, words)
            if words and word.kind == "SUBJECT" and words[-1].kind == "degree":
                words[-1] = replace(words[-1], kind="unknown")  # "major knife crime" is a part of it
            if word.kind != "skip":
                words.append(_per_quarter(word, text, words))
        return words

    def _known_phrases(self, text: str) -> dict[int, list[Word]]:
        found: dict[int, list[Word]] = {}
        for form, subject, kind in self._subjects:
            for match in form.finditer(text):
                found.setdefault(match.start(), []).append(Word(kind, *match.span(), subject))
        for start, end, period in self._periods.find(text):
            found.setdefault(start, []).append(Word("PERIOD", start, end, period))
        for form in self._noise:
            for match in form.finditer(text):
                found.setdefault(match.start(), []).append(Word("noise", *match.span()))
        return found

    def _longest(self, text: str, start: int, match: re.Match, known: dict[int, list[Word]]) -> Word:
        found = list(known.get(start, []))
        amount = self._amounts.read(text, start)
        if amount is not None and not _ends_in_period(amount[0], known):
            found.append(Word("AMOUNT", start, *_without_subject(*amount, known)))
        found += self._runs(text, start)
        for form, kind in self._words:
            phrase = form.match(text, start)
            if phrase and phrase.end() > start:
                found.append(Word(kind, start, phrase.end()))
        if found:
            return max(found, key=lambda word: word.end)
        if match["mark"]:
            kind = _MARKS.get(match["mark"], "skip" if match["mark"] in _QUOTES else "unknown")
            return Word(kind, start, match.end())
        return Word("unknown", start, match.end())

    def _runs(self, text: str, start: int) -> Iterator[Word]:
        ordinal = self._ordinal.match(text, start)
        if ordinal:
            yield Word("ordinal", start, ordinal.end(), self._ordinals[ordinal[0].lower()])
        run = self._run.match(text, start)
        named = (run["n"] or run["nth"] or "").lower() if run else ""
        count = {"two": 2, "three": 3, "four": 4, "five": 5, **self._ordinals}.get(named) or (
            int(named) if named.isdigit() else 0
        )
        bare = (
            run and run["n"] and not (run["bare"] or run["straight"] or run["row"] or run[0].lower().startswith("for"))
        )
        if run and count > 1 and not bare:
            yield Word("run", start, run.end(), count)

    def _frame_end(self, text: str) -> int:
        """Where the statement begins after words that only introduce it."""
        numbered = _NUMBERING.match(text)
        end = numbered.end() if numbered else 0
        for _ in range(2):
            for form in _FRAMES:
                match = form.match(text, end)
                if match and self._is_frame(match[0]):
                    end = match.end()
        return end

    def _frame_start(self, text: str) -> int:
        """Where words that only say who states it begin behind the statement: `…, as Appendix C shows`."""
        tail = _TAIL.search(text)
        return tail.start() if tail and self._is_frame(tail[0]) else len(text)

    def _is_frame(self, lead: str) -> bool:
        words = re.findall(r"[A-Za-z']+", re.sub(r"\b(?:Cllr|Councillor|Supt|DCI|Mrs?|Ms|Dr) [A-Z][a-z]+\b", "", lead))
        return all(word.lower() in self._frame_words or re.fullmatch("[A-Z]{2,3}", word) for word in words)


def _resolved(word: Word, before: list[Word]) -> Word:
    """`The following quarter`, `a year later`, `than in the first`: what the period before it makes of it."""
    if word.kind != "PERIOD" or word.meaning.kind not in ("next_quarter", "year_later", "other_half"):
        return word
    spans = [one.meaning for one in before if one.kind == "PERIOD" and one.meaning.kind == "span"]
    named, found = (spans[-1] if spans else PeriodMention("other")), PeriodMention("other")
    if word.meaning.kind == "next_quarter" and len(named.quarters) == 1:
        quarter = named.quarters[0] % 4 + 1
        found = replace(
            named, quarters=(quarter,), year=following_year(named.year) if named.year and quarter == 1 else named.year
        )
        found = found if quarter > 1 or named.year else PeriodMention("other")
    elif word.meaning.kind == "year_later" and named.year:
        found = replace(named, year=following_year(named.year))
    elif word.meaning.kind == "other_half" and named.quarters in (QUARTERS[:2], QUARTERS[2:]):
        found = replace(named, quarters=QUARTERS[2:] if named.quarters == QUARTERS[:2] else QUARTERS[:2])
    return replace(word, meaning=found)


def _ends_in_period(end: int, known: dict[int, list[Word]]) -> bool:
    """`higher than 2016-17`: the year is no figure."""
    return any(word.kind == "PERIOD" and word.start < end < word.end for words in known.values() for word in words)


def _may_be_a_figure(word: Word, text: str) -> bool:
    """`2024 in Q4`: a bare number may be a year or a figure, but for `since 2016` and the like."""
    form = r"(?:.*(?:Q ?\d|quarter)(?: \w+)?,? )?\d{4}"
    bare = word.kind == "PERIOD" and word.meaning.kind == "other" and re.fullmatch(form, text[word.start : word.end])
    dated = re.search(r"\b(?:in|since|during|throughout|until|before|after|calendar year) $", text[: word.start], re.I)
    counts = re.match(r" (?:in|for|at|by|over|during) (?:the )?(?:Q\d|quarter|20\d\d)", text[word.end :], re.I)
    return bool(bare) and (not dated or counts is not None)


def _without_subject(end: int, amount: Amount, known: dict[int, list[Word]]) -> tuple[int, Amount]:
    """`651 referrals to MARAC`: what is counted belongs to the name that begins with it."""
    begin = end - len(amount.unit)
    if amount.unit and any(word.kind == "SUBJECT" and word.end > end for word in known.get(begin, [])):
        return begin - 1, replace(amount, unit="")
    return end, amount


def _per_quarter(word: Word, text: str, before: list[Word]) -> Word:
    """`55 a quarter` counts by the quarter; `fell by a quarter` is a size."""
    counts = before and before[-1].kind in ("AMOUNT", "SUBJECT") and text[word.start : word.end].lower() == "a quarter"
    return Word("per_quarter", word.start, word.end) if counts else word


def _subject_phrases(catalogue: Catalogue, rules: ClaimRules) -> Iterator[tuple[re.Pattern, Subject, str]]:
    for indicator in catalogue.indicators.values():
        for name in dict.fromkeys((indicator.label, indicator.short_label, *indicator.aliases)):
            plain = re.sub(r"[*.]", "", name).strip()
            if len(plain) > 5 and " " in plain:
                yield _phrase(r"\s+".join(map(re.escape, plain.split())), rules), Subject(indicator.id), "SUBJECT"
    tied = [(one, Subject(one.indicator, one.measure), "SUBJECT") for one in rules.subjects if one.indicator]
    wider = [(one, Subject("", wider_than=one.indicator or ""), "SUBJECT") for one in rules.wider]
    untied = [(one, Subject(""), "SUBJECT") for one in rules.subjects if not one.indicator]
    companions = [(one, Subject(one.indicator or "", one.measure), "COMPANION") for one in rules.companions]
    for entry, subject, kind in (*tied, *wider, *untied, *companions):
        for words in entry.words:
            yield _phrase(words, rules), subject, kind


def _phrase(words: str, rules: ClaimRules) -> re.Pattern:
    for _ in range(4):
        for name, value in rules.placeholders.items():
            words = words.replace(f"{{{name}}}", value)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w])", re.IGNORECASE)
