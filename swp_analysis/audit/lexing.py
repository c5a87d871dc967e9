"""A text becomes sentences, and a sentence a row of words of known types. In: text and the rules. Out: `Word`s.

At each place the longest of all known phrases is taken; what is in no list is a word of type `unknown`.
"""

import re
from dataclasses import replace
from typing import Any, NamedTuple

from swp_analysis.audit.mentions import RELATIVE, AmountReader, PeriodReader, compile_form
from swp_analysis.audit.name_pieces import NamePieces
from swp_analysis.audit.names import MARKS, NameForm, name_subjects, sort_by_first_letter
from swp_analysis.audit.words import Word, resolve_period, write_plainly
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.identity import known_areas
from swp_analysis.catalogue.models import Catalogue

_TAKEN_BACK = r"(?i:no|sorry|correction|or rather|i mean)(?:[,:;]| (?=it |they ))"
_SPLIT = re.compile(
    r"(?<=[.!?*])(?<!\b[Ff]ig\.)(?<!\bNo\.)(?<!\b[a-z]\.)(?<!\bapprox\.)\s+(?=[A-Z0-9“\"'(•-])|(?<=\.\.)\s+"
    rf"|(?<=[\w%)])(?: ?[–—-]|[,;:]) (?={_TAKEN_BACK})"
)
_NUMBER, _OPENS = re.compile(r"\W*[\d.]{1,8}\.|\W*[a-z]\."), re.compile(r"\W*(?:[QA]|Yes|No)[.!]")
_NEXT = re.compile(r"\s*(?:(?P<word>[A-Za-z][A-Za-z'’]*|[\d.,/]*\d)|(?P<mark>\S))")
_HALVED = re.compile(r"([A-Za-z]+)(?=(?:, [A-Za-z]+)*,? (?:and|&) [A-Za-z]+ ([a-z]+\b))")
_BEGINS_NAME = re.compile(r"(?<![\w-])(?<!\bonly )(?<!\bonly the )", re.I)  # "only gun crime rose" is of all others
_BREAKS = ("comma", "colon", "dash", "open", "hard", "and")
_OF_OTHERS = re.compile(r"\b(?:declined|(?:that|those) of(?: the)?) $", re.IGNORECASE)
_SHORT = ("up", "down", "same", "gap", "aim", "pronoun")  # words that may be short for something: DIP, RISE, IT
_ABOVE = re.compile(r"(?i)(?:above|below) (?:(?:the|its|their|our) )?((?:\w+ )?(?:level|figure|total|rate|number)s? )?")
_ACTORS = re.compile(r"police|officers|firefighters|fire|service|crews", re.IGNORECASE)
_JOINED = re.compile(r"(?:-[A-Za-z]+)+")
_PRINTED = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u2009": " ", "‐": "-", "‑": "-", "•": " "})


def normalise(text: str) -> str:
    """Give a line as it is read: one space between words, marks of print gone, `698offence` in two words.

    >>> normalise("an 80- offence  **increase**, 698offence")
    'an 80 offence increase, 698 offence'
    """
    text = text.translate(_PRINTED).replace("->", "→")
    text = re.sub(r"(?i)\b(that|it|there|here)'s\b", r"\1 is", text)
    text = re.sub(rf"{MARKS}|[\u200b\u00ad_]", "", text)
    text = re.sub(r"\s?\[\d{1,3}\]", "", text)  # where a note is referred to, or begins
    text = re.sub(r"(?<=\d)-\s+(?=[a-z])", " ", text)
    text = re.sub(r"\ban? (?:two|2)-year (low|high)\b", r"its \1est in the last eight quarters", text)
    text = re.sub(r"(?<=\d)(?=[a-z]{4,})", " ", text)
    text = re.sub(r"\b([A-Za-z]+)( \1\b)+", r"\1", text)
    text = re.sub(r" / (?=Q\d\b|20\d\d[/-]\d\d)", "; ", text)
    text = re.sub(r"\d[\d,]*(?: / \d[\d,]*){2,}", lambda row: row[0].replace(" /", ","), text)
    return " ".join(text.split())


def split_sentences(text: str) -> list[str]:
    """Give the sentences of a line; a full stop inside a figure or an abbreviation ends none."""
    parts = [part for part in _SPLIT.split(text) if part.strip()]
    found: list[str] = []
    for part in parts:  # "3.4 …", "Q. …", "Yes. It rose …"
        goes_on = found and (_OPENS.fullmatch(found[-1]) or (len(found) == 1 and _NUMBER.fullmatch(found[0])))
        found[-1:] = [f"{found[-1]} {part}"] if goes_on else [*found[-1:], part]
    return found


def is_taken_back(after: str) -> bool:
    """Tell whether a sentence takes back what stands before it: `No, it rose`, `sorry, by 30`."""
    return re.match(_TAKEN_BACK, after) is not None


class Form(NamedTuple):
    """A phrase of the rules: its type and what it means."""

    pattern: re.Pattern
    kind: str
    meaning: Any = None


class Lexer:
    """Cuts sentences into words by the rules, for one catalogue and year."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules, this_year: str, *, has_months: bool = False) -> None:
        self._rules, self._amounts = rules, AmountReader(rules)
        self._periods, self.pieces = PeriodReader(rules, this_year, has_months=has_months), NamePieces(catalogue, rules)
        self._names_by_letter = sort_by_first_letter([NameForm(*one) for one in name_subjects(catalogue, rules)])
        self._shares = {one.id for one in catalogue.indicators.values() if one.unit == "percent"}
        place = {catalogue.identity.area_name, catalogue.identity.name, catalogue.identity.short_name, *rules.own_area}
        own = "|".join(re.escape(one) for one in sorted(place, key=len, reverse=True))
        others = "|".join(re.escape(area.name) for area in known_areas() if area.name != catalogue.identity.area_name)
        skipped = "|".join(sorted({w for line in rules.skip for w in line.split()}, key=len, reverse=True))
        types = {kind: "|".join(f"(?:{rules.fill(one)})" for one in words) for kind, words in rules.words.items()}
        self._words = [
            *(Form(_compile(one, whole=False), "noise") for one in rules.noise),
            *(Form(_compile(one), "run") for one in rules.runs),
            Form(_compile(rules.ordinal), "ordinal"),
            *(Form(_compile(form), kind) for kind, form in types.items()),
            Form(_compile(rf"(?:{own})(?:'s)?"), "place"),
            Form(compile_form(rf"(?:{others})(?:'s)?(?!\w)"), "away"),
            Form(_compile(skipped), "skip"),
        ]
        self._numbering, self._names = compile_form(rules.numbering), compile_form(rules.frame_names)
        self._frames, self._aside = [compile_form(one) for one in rules.frames], compile_form(rules.aside)
        self._tail = compile_form(rules.tail)
        self._frame_words = {word for line in rules.frame_words for word in line.lower().split()}

    def read(self, text: str) -> list[Word]:
        """Read the words of one normalised sentence, the frame of a report (`Members are advised that`) left out."""
        periods = [Word("PERIOD", *found) for found in self._periods.find(text)]
        words: list[Word] = []
        place, end = self._frame_end(text), self._frame_start(text)
        while (match := _NEXT.match(text, place)) and match.start() < end:
            word = self._longest(text, match, periods)
            place = word.end
            if word.kind in _BREAKS:
                place = self._aside_end(text, place)
            if _may_be_a_figure(word, text) or _narrows(word, text, words):
                word = replace(word, kind="unknown", meaning=None)
            word = resolve_period(word, words)
            if word.kind == "SUBJECT" and words and _is_part_of_name(words[-1], text[: word.start]):
                words[-1] = replace(words[-1], kind="unknown")
            if _is_above(word, text, words):
                words.append(Word("than", word.start, word.start))
            if word.kind != "skip" and not _means_occurred(word, text, words):
                words.append(_per_quarter(word, text, words))
        return self._whole_behind(write_plainly(self.pieces.join(words, text)))

    def _longest(self, text: str, match: re.Match, periods: list[Word]) -> Word:
        start = match.start("word") if match["word"] else match.start("mark")
        found = [*self._named_at(text, start), *(word for word in periods if word.start == start)]
        amount, joined = self._amounts.read(text, start), None
        # In "higher than 2016-17" the year is no figure.
        if amount is not None and not any(word.start < amount[0] < word.end for word in periods):
            joined = _JOINED.match(text, amount[0])
            found.append(Word("AMOUNT", start, *amount))
        for form in self._words:
            if (phrase := form.pattern.match(text, start)) and phrase.end() > start:
                is_number = form.kind in ("run", "ordinal")
                meaning = self._rules.numbers[phrase["number"].lower()] if is_number else phrase[0].lower()
                found.append(Word(form.kind, start, phrase.end(), meaning))
        if joined:  # a "two-year high", unless a list has it
            found.append(Word("unknown", start, joined.end()))
        if found:
            return max(found, key=lambda word: word.end)
        end = hyphened.end() if match["word"] and (hyphened := _JOINED.match(text, match.end())) else match.end()
        skipped = "skip" if match["mark"] and match["mark"] in self._rules.skipped_marks else "unknown"
        return Word(self._rules.marks.get(match["mark"] or "", skipped), start, end)

    def _named_at(self, text: str, start: int) -> list[Word]:
        begins = text[start:].lower() if _BEGINS_NAME.match(text, start) else ""
        forms = self._names_by_letter.get(begins[:1], self._names_by_letter[""])
        forms = [form for form in forms if begins and begins.startswith(form.starts)]
        found = [(form, match.end()) for form in forms if (match := form.pattern.match(text, start))]
        halved = None if found else _HALVED.match(text, start)
        if halved:  # "knife and gun crime"
            whole = f"{halved[1]} {halved[2]}"
            found = [(form, halved.end(1)) for form in forms if form.pattern.fullmatch(whole)]
        return [Word(form.kind, start, end, form.meaning) for form, end in found]

    def _whole_behind(self, words: list[Word]) -> list[Word]:
        """`Of 46 disposals in Q4, 7 were custodial`: 7 of 46 in Q4, where a row of shares is named behind it."""
        kinds = [word.kind for word in words]
        start = kinds.index("colon") + 1 if "colon" in kinds else 0
        end = kinds.index("comma", start) if "comma" in kinds[start:] else start
        plain = kinds[start : start + 2] == ["of", "AMOUNT"] and set(kinds[start + 2 : end]) <= {"in", "PERIOD"}
        named = [word.meaning.name for word in words[end:] if word.kind in ("SUBJECT", "COMPANION")]
        if not plain or kinds[end + 1 : end + 2] != ["AMOUNT"] or not self._shares.intersection(named):
            return words
        whole, part = words[start + 1].meaning, words[end + 1].meaning
        if not (whole.metric == part.metric == "count" and part.size < whole.size and part.total is None):
            return words
        joined = replace(part, total=whole.size, text=f"{part.text} of {whole.text}")
        return [*words[:start], *words[start + 2 : end], replace(words[end + 1], meaning=joined), *words[end + 2 :]]

    def _frame_end(self, text: str) -> int:
        """Where the statement begins after words that only introduce it."""
        numbered = self._numbering.match(text)
        end = numbered.end() if numbered else 0
        for form in (*self._frames, *self._frames):
            match = form.match(text, end)
            if match and self._is_frame(match[0]):
                end = match.end()
        return end

    def _aside_end(self, text: str, start: int) -> int:
        """Where the statement goes on behind a break, and words that only introduce it or say how it is seen."""
        aside = self._aside.match(text, start)
        return aside.end() if aside and self._is_frame(aside[0]) else start

    def _frame_start(self, text: str) -> int:
        """Where words that only say who states it begin behind the statement: `…, as Appendix C shows`."""
        tail = self._tail.search(text)
        return tail.start() if tail and self._is_frame(tail[0]) else len(text)

    def _is_frame(self, lead: str) -> bool:
        words = re.findall(r"[A-Za-z']+", self._names.sub("", lead))
        plain = (word.lower() in self._frame_words or self._is_initials(word) for word in words)
        return bool(words) and "May" not in words and all(plain)

    def _is_initials(self, word: str) -> bool:
        is_name = word.lower() in self._rules.same_words or bool(self._named_at(word, 0))
        return not is_name and re.fullmatch("[A-Z]{2,3}", word) is not None


def _compile(words: str, *, whole: bool = True) -> re.Pattern:
    return compile_form(rf"(?:{words})(?!\w)" if whole else words, re.IGNORECASE)


def _may_be_a_figure(word: Word, text: str) -> bool:
    """`2024 in Q4`: a bare number may be a year or a figure, but for `since 2016` and the like."""
    form = r"(?:.*(?:Q ?\d|quarter)(?: \w+)?,? )?\d{4}"
    bare = word.kind == "PERIOD" and word.meaning.kind == "other" and re.fullmatch(form, text[word.start : word.end])
    dated = re.search(r"\b(?:in|since|during|throughout|until|before|after|calendar year) $", text[: word.start], re.I)
    counts = re.match(r" (?:in|for|at|by|over|during) (?:the )?(?:Q\d|quarter|20\d\d)", text[word.end :], re.I)
    return bool(bare) and (not dated or counts is not None)


def _is_part_of_name(word: Word, before: str) -> bool:
    """`Major knife crime`, `declined referrals`, `DIP tests`: a word before a name that says which of them; `those of
    hate crime` are of another row."""
    said = before[word.start : word.end]
    is_short_for = word.kind in _SHORT and said.isupper() and len(said) > 1 and not before.isupper()
    return word.kind == "degree" or is_short_for or _OF_OTHERS.search(before) is not None


def _narrows(word: Word, text: str, before: list[Word]) -> bool:
    """`Referrals leading to arrest` are some of them, `knife crime officers` none: a reason stands behind a comma, or
    behind what it is of."""
    if not before or word.kind not in ("skip", "remark"):
        return False
    said, last = text[word.start : word.end], before[-1]
    if word.kind == "skip":
        return last.kind == "SUBJECT" and last.end + 1 >= word.start and _ACTORS.fullmatch(said) is not None
    is_participle = re.match(r"(?!owing)\w+ing\b", said, re.IGNORECASE) is not None
    return last.kind == "SUBJECT" or (is_participle and last.kind not in _BREAKS)


def _is_above(word: Word, text: str, before: list[Word]) -> bool:
    """`31% above Q4 of last year`, `7 below its level in Q1`, `33 below that in Q3`: more or less than then."""
    dated = word.kind == "PERIOD" and (word.meaning.year or word.meaning.is_part or word.meaning.kind in RELATIVE)
    led = _ABOVE.fullmatch(text[before[-1].start : word.start]) if before else None
    return led is not None and bool((led[1] and word.kind == "in") or dated or text[word.start : word.end] == "that")


def _means_occurred(word: Word, text: str, before: list[Word]) -> bool:
    """`Of these, 67 fell in Q4` says when they happened."""
    counted = before and before[-1].kind == "AMOUNT" and before[-1].meaning.metric == "count"
    return bool(counted and text[word.start : word.end].lower() == "fell")


def _per_quarter(word: Word, text: str, before: list[Word]) -> Word:
    """`55 a quarter` counts by the quarter; `fell by a quarter` is a size."""
    counts = before and before[-1].kind in ("AMOUNT", "SUBJECT") and text[word.start : word.end].lower() == "a quarter"
    return Word("per_quarter", word.start, word.end) if counts else word
