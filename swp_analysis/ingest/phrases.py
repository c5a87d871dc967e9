"""Known phrases in a text, the longest first, and what a note says of a table's figures. In: phrases with what they
are, and a text. Out: each phrase that is found, and each word that is none; the words that are said of figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?k?\b|[^\W\d_]+(?:['’]s?\b)?|\d+[a-z]+|%|£[km0]*|\+/-|\+", re.IGNORECASE)
# Names of areas that are words too: only as a whole text, or behind `in`, `for` or `of`.
_LIKE_WORDS = set(
    "reading bury bath hart eden deal rugby boston craven rother wells lewes durham swale dover arun poole york "
    "london".split()
)


Tokens = tuple[tuple[str, tuple[int, int]], ...]


class Phrases:
    """Phrases by their first word; the longest one that fits is taken."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}

    def add(self, phrase: str, what: str, name: str) -> None:
        tokens = tuple(token for token, _ in read_tokens(phrase))
        if tokens:
            entries = self._by_first.setdefault(tokens[0], [])
            entries.append((tokens, what, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: str) -> Iterator[tuple[str, str, str]]:
        """For each phrase of a text: what it is, the name it has there, the words as printed."""
        tokens = read_tokens(text)
        index = 0
        while index < len(tokens):
            length, what, name = self._at(tokens, index, text)
            printed = " ".join(token for token, _ in tokens[index : index + length])
            yield what, name, printed if what != "left" else text[tokens[index][1][0] : tokens[index][1][1]]
            index += length

    def blank(self, text: str) -> str:
        """Give the text without the phrases of this list; an area's own name stays whole."""
        tokens, index = read_tokens(text), 0
        while index < len(tokens):
            length, what, _ = self._at(tokens, index, text)
            if what == "nothing":
                begin, end = tokens[index][1][0], tokens[index + length - 1][1][1]
                text = text[:begin] + " " * (end - begin) + text[end:]
            index += length
        return text

    def _at(self, tokens: Tokens, index: int, text: str) -> tuple[int, str, str]:
        words = [token for token, _ in tokens[index : index + 8]]
        for phrase, what, name in self._by_first.get(words[0], ()):
            if tuple(words[: len(phrase)]) == phrase and not (
                what == "area" and self._is_word(phrase, tokens, index, text)
            ):
                return len(phrase), what, name
        return 1, "left", ""

    @staticmethod
    def _is_word(phrase: tuple[str, ...], tokens: Tokens, index: int, text: str) -> bool:
        """Whether what is an area's name too is a word here (`reading`)."""
        if len(phrase) > 1 or phrase[0] not in _LIKE_WORDS:
            return False
        begin = tokens[index][1][0]
        before = tokens[index - 1][0] if index else ""
        return not text[begin].isupper() or (len(tokens) > 1 and before not in ("in", "for", "of", "and"))


@lru_cache(maxsize=1 << 13)
def read_tokens(text: str) -> Tokens:
    """Read the words, numbers and signs of a text, each with its span."""
    return tuple(
        (match[0].casefold().replace("’", "'").replace(",", "").removesuffix("'s").removesuffix("'"), match.span())
        for match in _TOKEN.finditer(text)
    )


# What a note says of the figures of its table

_OPENING = re.compile(
    r"\s*(?:(?P<mark>[*†‡¹²³#^]+|[\[(](?:notes? )?\w{1,2}[\])])|(?:please )?note that|please note|n\.?b\b\.?|"
    r"notes?\b(?: \w{1,2}(?=\W))?|caveats?\b)\s*[:.–-]?\s*",
    re.IGNORECASE,
)
_FIGURES = r"figures?|data|numbers?|counts?|values?|totals|columns?|rows?|tables?|quarters?|q[1-4]|results|outturns?"
_CASES = r"offences|crimes?|incidents|referrals|cases|victims|offenders|visits|checks"
_COVERS = r"(?:are|is|were) (?:for|from|those|counted|shown|given)|relates? to|covers?|refers? to"
_IS = (
    r"is|are|was|were|be|been|shows?|shown|represents?|reflects?|includes?|contains?|runs?|gives?|uses?|adds?|=|"
    rf"{_COVERS}"
)
# Something is said of figures: `The data shown for Q2 are …`, `These are …`, `Referrals cover …`.
_SAID = re.compile(
    rf"\b(?:{_FIGURES})\b[^.:]{{0,40}}?(?:\b(?:{_IS})\b|=|:)|"
    rf"\b(?:(?:these|they|all|each|both|the above|the following)\b[^.]{{0,12}}?|(?:this|it) )\b(?:{_IS})\b|"
    rf"\b(?:{_CASES})\b[^.]{{0,30}}?\b(?:{_COVERS})\b",
    re.IGNORECASE,
)
# A sentence about something else, and the part of one that compares.
_OF_OTHERS = re.compile(
    r"(?:an?|the|we|i|our|there|if|when|please|see|for|next|contact|further|by)\b|.*(?:@|www\.|\btel\b|\bcontact\b)",
    re.I,
)
# It gives a figure of its own: `Forecast outturn: 395`.
_OTHER_FIGURE = re.compile(r":\s*[<£]?\d[\d,.]*%?$")
_CLAUSES = re.compile(r"[.;](?=\s|$)|, (?=(?:and|but|which|while|so|where)\b)")
_COMPARED = re.compile(
    r"\b(?:higher|lower|more|less|fewer|better|worse) than\b|\bcompar(?:ed|es?|ison)\b|\bin line with\b|"
    r"\b(?:above|below|against|towards) (?:the|an?)\b|\b(?:likely|expected|due|set|going) to\b|"
    r"\b(?:may|might|will|could|because|owing to|following|once|as a result)\b",
    re.IGNORECASE,
)
SHORT_NOTE, LONGEST_FRAGMENT = 6, 20


def said_of_figures(text: str, are_fragments: bool = True) -> str:
    """Give the words of a note that say something of its table's figures: a whole fragment (`* cumulative`), and a
    clause about figures, up to a comparison or reason; a comment has no fragments.

    >>> said_of_figures("* Q2 is cumulative"), said_of_figures("Note: the scheme has a cumulative effect over years")
    ('Q2 is cumulative', '')
    """
    opening = _OPENING.match(text)
    body = text[opening.end() :] if opening else text
    longest = 0 if not are_fragments else LONGEST_FRAGMENT if opening and opening["mark"] else SHORT_NOTE
    return " ".join(filter(None, (_said(one.strip(), longest) for one in _CLAUSES.split(body))))


def _said(sentence: str, longest: int) -> str:
    sentence = "" if _OTHER_FIGURE.search(sentence) else _COMPARED.split(sentence)[0]
    if _SAID.search(sentence) and not re.match(r"(?:an?|if|we)\b", sentence, re.IGNORECASE):
        return sentence
    is_fragment = len(sentence.split()) <= longest
    return sentence if is_fragment and not _OF_OTHERS.match(sentence) else ""


def names_figures(text: str) -> bool:
    """Tell whether a text speaks of figures at all."""
    return bool(re.search(rf"\b(?:{_FIGURES})\b", text, re.IGNORECASE))


def mark_of(text: str) -> str:
    """Give the mark with which a note begins, as it stands behind what it is about; or nothing."""
    opening = _OPENING.match(text)
    return (opening["mark"] or "") if opening else ""
