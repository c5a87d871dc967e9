"""What a text says: the model `Meaning`, and the phrases of a text. In: a text, and the phrases that are known. Out:
those that it has, the longest first, and the words that are in none; what a note says of figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from swp_analysis.ingest.spelling import compile_pattern, pattern, word_book
from swp_analysis.ingest.timeline import When

Kinds = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Meaning:
    """What a text says: its `when`, the kinds of figure that its words name (with the words), other areas and those
    `around` the partnership's own, whether it names that one, whether it calls the figures provisional, and the words
    that are `left`; whether it names what is counted."""

    when: When = field(default_factory=When)
    kinds: Kinds = ()
    areas: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    is_own: bool = False
    is_provisional: bool = False
    left: tuple[str, ...] = ()
    names_things: bool = False

    def __or__(self, other: Meaning) -> Meaning:
        both: dict[str, Any] = {}
        for name, mine in vars(self).items():
            its = getattr(other, name)
            both[name] = unique(mine + its) if isinstance(mine, tuple) else mine | its
        return Meaning(**both)

    @property
    def other_areas(self) -> tuple[str, ...]:
        """The areas that the figures are of, when they are not the partnership's own: a region around it says nothing
        beside its name."""
        return self.areas + (() if self.is_own else self.around)

    @property
    def kind_names(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.kinds)

    @property
    def is_plain(self) -> bool:
        """Whether the words leave the figures as counted in this area and period."""
        return not (self.kinds or self.other_areas or self.left)

    @property
    def described(self) -> str:
        """Why figures are not the ones that are read, in words; nothing when they are."""
        if self.other_areas:
            return f"{' and '.join(self.other_areas)}: another area's figures"
        if self.kinds:
            return "; ".join(f"{word!r}: {word_book()['kinds'][kind]['means']}" for kind, word in self.kinds)
        return f"{' '.join(self.left)!r}, and nothing says what that makes of the figures" if self.left else ""

    def with_kinds(self, *wanted: str) -> Meaning:
        """Give the same with some kinds of figure alone."""
        return replace(self, kinds=tuple(one for one in self.kinds if one[0] in wanted))

    def without_kinds(self, *unwanted: str) -> Meaning:
        """Give the same without some kinds of figure."""
        return replace(self, kinds=tuple(one for one in self.kinds if one[0] not in unwanted))

    def without_areas(self) -> Meaning:
        """Give the same without the areas that it names."""
        return replace(self, areas=(), around=())


def unique(items: Iterable[Any]) -> tuple[Any, ...]:
    """Give each item once, in the order of their first places."""
    return tuple(dict.fromkeys(items))


# Phrases

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?k?\b|[^\W\d_]+(?:['’]s?\b)?|\d+[a-z]+|%|£[km0]*|\+/-|\+", re.IGNORECASE)
_LONGEST = 8
Tokens = tuple[tuple[str, tuple[int, int]], ...]
# What a phrase is, the name that it has there, the words as printed, and their span.
Found = tuple[str, str, str, tuple[int, int]]


@lru_cache(maxsize=1 << 13)
def read_tokens(text: str) -> Tokens:
    """Read the words, numbers and signs of a text, each with its span."""
    return tuple(
        (match[0].casefold().replace("’", "'").replace(",", "").removesuffix("'s").removesuffix("'"), match.span())
        for match in _TOKEN.finditer(text)
    )


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text as phrases compare them."""
    return tuple(token for token, _ in read_tokens(text))


class Phrases:
    """Known phrases, each with what it is and a name; of a phrase that is added twice the first meaning counts."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[str, str]] = {}

    def add(self, phrases: Iterable[str], what: str, name: str = "") -> None:
        """Add phrases that are all the same."""
        for phrase in phrases:
            self._known.setdefault(words_of(phrase), (what, name))

    def find(self, text: str) -> Iterator[Found]:
        """Find what each phrase of a text is, the longest first; `left` for a word that stands in none."""
        tokens, index = read_tokens(text), 0
        while index < len(tokens):
            length, what, name = self._at(tokens, index, text)
            begin, end = tokens[index][1][0], tokens[index + length - 1][1][1]
            printed = " ".join(token for token, _ in tokens[index : index + length])
            yield what, name, text[begin:end] if what == "left" else printed, (begin, end)
            index += length

    def _at(self, tokens: Tokens, index: int, text: str) -> tuple[int, str, str]:
        words = tuple(token for token, _ in tokens[index : index + _LONGEST])
        for length in range(len(words), 0, -1):
            what, name = self._known.get(words[:length], ("", ""))
            if what and not (what == "area" and length == 1 and _is_word(tokens, index, text)):
                return length, what, name
        return 1, "left", ""


def _is_word(tokens: Tokens, index: int, text: str) -> bool:
    """Whether what is an area's name too is a word here (`reading`)."""
    word, (begin, _) = tokens[index]
    before = tokens[index - 1][0] if index else ""
    is_named = text[begin].isupper() and (len(tokens) == 1 or before in ("in", "for", "of", "and"))
    return word in word_book()["like_words"].split() and not is_named


# Names of places

SHORTEST_PLACE = 3


def gives_figures(area: str, text: str) -> bool:
    """Tell whether an area's name stands for those who give the figures: `Anytown Police`."""
    rest = r"\b(?!.*\b(?:area|region|force|wide|total))"
    return bool(compile_pattern(rf"\b{re.escape(area)}\s+(?:{{bodies}}){rest}").search(text))


# What a note says of the figures of its table

_SHORT_NOTE, _LONGEST_FRAGMENT = 6, 20
IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_NUMBERED = re.compile(r"\s*(\d{1,2})(?:[.):]\s|\s(?=[A-Z]))")
_MARK_BEHIND = re.compile(r"(?:[*†‡#^]+|[¹²³⁰⁴-⁹]+|[\[(](?:notes? )?\w{1,2}[\])])$", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")


def said_of_figures(text: str, are_fragments: bool = True) -> str:
    """Give the words of a note that say something of its table's figures: a whole fragment (`* cumulative`), and a
    clause about figures, up to a comparison or reason; a comment has no fragments.

    >>> said_of_figures("* Q2 is cumulative"), said_of_figures("Note: the scheme has a cumulative effect over years")
    ('Q2 is cumulative', '')
    """
    opening = pattern("opening").match(text)
    body = text[opening.end() :] if opening else text
    longest = 0 if not are_fragments else _LONGEST_FRAGMENT if opening and opening["mark"] else _SHORT_NOTE
    return ". ".join(filter(None, (_said(one.strip(), longest) for one in pattern("clauses").split(body))))


def _said(sentence: str, longest: int) -> str:
    sentence = "" if pattern("other_figure").search(sentence) else pattern("compared").split(sentence)[0]
    if pattern("said").search(sentence) and not re.match(r"(?:an?|if|we)\b", sentence, re.IGNORECASE):
        return sentence
    is_fragment = len(IN_BRACKETS.sub("", sentence).split()) <= longest and not pattern("happens").search(sentence)
    return sentence if is_fragment and not pattern("of_others").match(sentence) else ""


def mark_of(text: str) -> str:
    """Give the mark with which a note begins, as `mark_behind` gives that of what it is about; or nothing.

    >>> mark_of("[note 2] Revised"), mark_of("2 Revised"), mark_of("** Revised"), mark_of("2 of 3")
    ('2', '2', '**', '')
    """
    opening = pattern("opening").match(text)
    numbered = _NUMBERED.match(text)
    return _bare((opening["mark"] or "") if opening else numbered[1] if numbered else "")


def mark_behind(text: str) -> str:
    """Give the mark that points at a note from behind a label, heading or figure; or nothing.

    >>> mark_behind("Hate crime²"), mark_behind("98 [note 2]"), mark_behind("98**"), mark_behind("98")
    ('2', '2', '**', '')
    """
    found = _MARK_BEHIND.search(text)
    return _bare(found[0]) if found else ""


def _bare(mark: str) -> str:
    return re.sub(r"[\s()\[\]]|notes?", "", mark.casefold().translate(_SUPERSCRIPTS))
