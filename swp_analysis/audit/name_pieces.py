"""Names whose words stand apart, and nouns that refer back to one. In: a row of `Word`s. Out: one in which `MARAC
discussed 104 cases` names a row, and `admissions` is the row that is spoken of.
"""

import re
from dataclasses import replace
from itertools import pairwise

from swp_analysis.audit.mentions import compile_form
from swp_analysis.audit.names import counts_such, find_shorter_names, find_written_names, leave_unit
from swp_analysis.audit.words import Subject, Word
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue

_ENDS = re.compile(r"(?<=\w{3})(?:(?<=ful)ly|(?:al|ion|ing|e)?s|al|ion|ing|ed|e)$")
_SMALL = {*"a an the of to at in on for with by and who that which our its their related".split(),
          *"is are was were be been has have had".split()}  # fmt: skip
_BREAKS = ("comma", "hard", "dash", "open", "close")
_NOUN = re.compile(r"(?i)(?!(?:the (?:\w+ )?)?(?:figure|number|total|level)s|this)([a-z]+(?:s|ed))(?: \w+ed)?")
_LINKS = ("of", "in", "at", "upon", "to", "with", "by", "from", "and", "between")
_PIECES = ("unknown", "pronoun", "SUBJECT", "after", "actor", "degree", "or", "says_more")
_RATES = {"rat", "percentag", "proport", "share"}
_ASIDE = ["open", "AMOUNT", "close"]


class NamePieces:
    """Reads names whose words stand apart or in another order: each word of one row's name, and no other."""

    def __init__(self, catalogue: Catalogue, rules: ClaimRules) -> None:
        self._same, self._units = rules.same_words, rules.units
        counts = compile_form(rf"(?:{rules.counted}|crime|cases?)", re.IGNORECASE)
        named = find_written_names(catalogue)
        self.rows = catalogue.indicators
        names: list[tuple[Subject, set[str], set[str]]] = []
        for name, row in [*named.items(), *find_shorter_names(named, rules.counted)]:
            every = [word for word in next(leave_unit(name)).split() if word not in _SMALL]
            rates = _RATES if self.rows[row.name].unit == "percent" else set()
            less = [word for word in every if not counts.fullmatch(word)]
            for plain in [every, *([less] if less != every else [])]:
                if len(plain) > 1 and not re.search(r"[\d…]", name):
                    names.append((row, self.stems_of(" ".join(plain)) - rates, self.stems_of(name) | rates))
        # Without its last words a name may be another row's too.
        rivals = [any(row != one[0] and needed <= one[2] for one in names) for row, needed, _ in names]
        self._names = [
            one for one, is_open in zip(names, rivals, strict=True) if not is_open or one[1] >= one[2] - _RATES
        ]

    def stems_of(self, text: str) -> set[str]:
        """Give the stems of a text's words without small ones, abbreviations written out."""
        words = re.findall(r"[a-z]+", text.lower())
        full = " ".join(self._same.get(re.sub("s$", "", word), self._same.get(word, word)) for word in words)
        plain = (re.sub(r"(?<=\w{3})(?:ies|(?<!l)y)$", "i", word) for word in full.split() if word not in _SMALL)
        return {_ENDS.sub("", word) for word in plain}

    def join(self, words: list[Word], text: str) -> list[Word]:
        """Put names together that stand in pieces, between breaks: `MARAC discussed 104 cases`; a lone figure in
        brackets is none."""
        found: list[Word] = []
        part: list[Word] = []
        kinds = [word.kind for word in words]
        for place, word in enumerate(words):
            part.append(word)
            is_aside = _ASIDE in (kinds[place : place + 3], kinds[max(place - 2, 0) : place + 1])
            if word.kind in _BREAKS and not is_aside:
                found, part = [*found, *self._join_part(part, text)], []
        return [*found, *self._join_part(part, text)]

    def refer_back(self, words: list[Word], text: str, row: str) -> list[Word]:
        """Read `admissions`, `the offences` as the row that is spoken of, where it counts such; else as unknown."""
        shares = [word for word in words if word.kind == "AMOUNT" and word.meaning.metric != "count"]
        found: list[Word] = []
        for word in words:
            row = (word.meaning.name or word.meaning.wider_than) if word.kind == "SUBJECT" else row
            said, is_share = text[word.start : word.end], bool(row) and self.rows[row].unit == "percent"
            if row and word.kind in ("unknown", "pronoun") and (noun := _NOUN.fullmatch(said)):
                refers = self._counts(noun[1], row) and not (is_share and not shares)
                if refers and said.endswith("ed"):
                    continue  # "the 1,345 tested in 2023/24"
                word = replace(word, kind="pronoun" if refers else "unknown")
            elif word.kind == "pronoun" and self.stems_of(said) & _RATES and not is_share:
                word = replace(word, kind="unknown")
            found.append(word)
        return found

    def _counts(self, said: str, row: str) -> bool:
        """Whether a row counts what a noun says: it is a word of its name, or its kind is known for it."""
        own = self.rows[row]
        named = self.stems_of(said) <= self.stems_of(f"{own.label} {own.short_label}")
        return named or counts_such(own, said, self._units) is True

    def _join_part(self, part: list[Word], text: str) -> list[Word]:
        said = [set() if word.kind == "PERIOD" else self._stems_said(word, text) for word in part]
        named = {word.meaning for word in part if word.kind == "SUBJECT"} - {Subject("")}
        strange = set().union(*(own for own, word in zip(said, part, strict=True) if _is_strange(word)))
        of_other = bool(named) and any(word.kind == "SUBJECT" and _is_strange(word) for word in part)
        if not strange or of_other or any(word.kind in ("noise", "COMPANION", "away") for word in part):
            return part
        nouns = [(own, word) for own, word in zip(said, part, strict=True) if _is_noun(word, text)]
        skipped = self.stems_of(" ".join(text[one.end : other.start] for one, other in pairwise(part)))
        every = skipped.union(*said)
        # "Repeat cases made up 30% of MARAC cases", not "476 hate crimes and 40 arrests for hate crime"
        counts = [word for word in part if word.kind == "AMOUNT" and word.meaning.metric == "count"]
        is_one = len(counts) < 2 and all(word.kind != "and" for word in part)
        rows = [one for one in self._names if one[1] <= every and strange <= one[2] and (is_one or named <= {one[0]})]
        rows = [one for one in rows if all(own <= one[2] or self._may_be(word, one[0]) for own, word in nouns)]
        most = {one[0]: one[2] for one in rows if len(one[1]) == max(len(other[1]) for other in rows)}
        if len(most) != 1:
            return part
        ((row, known),) = most.items()
        is_rate = bool(every & _RATES or re.search("%|per ?cent", text))
        pieces = [word.kind in _PIECES and bool(own) and own <= known for word, own in zip(part, said, strict=True)]
        if (self.rows[row.name].unit == "percent" and not is_rate) or _is_torn(part, pieces, text):
            return part
        units = [
            replace(word, meaning=replace(word.meaning, unit="")) if word.kind == "AMOUNT" and own <= known else word
            for word, own in zip(part, said, strict=True)
        ]
        return _absorb(units, pieces, row, text)

    def _may_be(self, word: Word, row: Subject) -> bool:
        """`29 young people entered …`: a row of entrants counts them; a name may be the row's in other words."""
        if word.kind == "SUBJECT":
            return word.meaning in (Subject(""), row)
        unit = word.meaning.unit if word.kind == "AMOUNT" else ""
        return unit.endswith("people") and self._counts(unit, row.name)

    def _stems_said(self, word: Word, text: str) -> set[str]:
        return self.stems_of(word.meaning.unit if word.kind == "AMOUNT" else text[word.start : word.end])


def _is_strange(word: Word) -> bool:
    """Whether it is in no list, or names what no table has."""
    return word.kind == "unknown" or (word.kind == "SUBJECT" and word.meaning == Subject(""))


def _is_noun(word: Word, text: str) -> bool:
    """Whether it says what is counted: `cases`, `30 cases`, `MARAC cases`."""
    refers = word.kind == "pronoun" and _NOUN.fullmatch(text[word.start : word.end]) is not None
    return refers or word.kind == "SUBJECT" or (word.kind == "AMOUNT" and bool(word.meaning.unit))


def _is_torn(part: list[Word], pieces: list[bool], text: str) -> bool:
    """Whether the pieces may be of something else: `damage to 57 cars`, `only gun crime`, `cases of MARAC`."""
    named = [word for word, piece in zip(part, pieces, strict=True) if piece]
    bodies = (word for word in named if word.kind == "unknown" and text[word.start : word.end].isupper())
    torn = any(text[: word.start].endswith(" of ") for word in bodies)
    torn |= any(re.search(r"(?i)\bonly (?:the )?$", text[: word.start]) for word in named)
    torn |= any(re.match(r" (?:of|to|from) \d", text[word.end :]) for word in named[:-1])
    return torn or any(one.kind == "degree" and piece for one, piece in zip(part, pieces[1:], strict=False))


def _absorb(part: list[Word], pieces: list[bool], row: Subject, text: str) -> list[Word]:
    """Words in which a name stands once, where its first piece did, without the small words before its pieces."""
    kept: list[Word] = []
    follows = 0  # where a piece begins, or a small word before it
    for word, is_piece in zip(part[::-1], pieces[::-1], strict=True):
        leads = word.kind in _LINKS and re.fullmatch(r"(?i) (?:the |an? |our )?", text[word.end : follows]) is not None
        if is_piece or leads:
            follows = word.start
        else:
            kept.append(word)
    first = part[pieces.index(True)]
    receives = any(re.match(r" (?:has |have |had |also )*received\b", text[word.end :]) for word in part)
    kept += [Word("actor", first.end, first.end)] if receives else []  # a body may serve other areas too
    return sorted([*kept, replace(first, kind="SUBJECT", meaning=row)], key=lambda word: word.start)
