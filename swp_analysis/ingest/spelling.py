"""The words of a text. In: the text of a heading, label or note. Out: the same as it was meant, where damage leaves no
doubt (look-alike letters, text repeated inside itself); its known phrases, the longest first; what a note says.

Figures never pass through here: in a number a look-alike is a fault, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Cyrillic letters that print like Latin ones; text recognition mixes them up (КРІ for KPI).
_CYRILLIC = "АВЕЗІЈКМНОРСТУХЅаеорсухіјѕԛԝ"
_LATIN = "ABE3IJKMHOPCTYXSaeopcyxijsqw"
_FOLD = str.maketrans(_CYRILLIC, _LATIN) | {0x00A0: " ", 0x00AD: None, 0x200B: None, 0xFEFF: None}


# A label that breaks into lines behind a dash has a space there.
_DASH = re.compile(r"\s*[-–—]\s*")
# What points at a note: `¹`, `†`, `[1]`, `[note 1]`.
_FOOTNOTE = re.compile(r"[¹²³⁰⁴-⁹†‡]|\[(?:note )?\w{1,2}\]")
MOST_WORDS = 100  # of a label; each end is compared with each start


def fold_look_alikes(text: str) -> str:
    """Give Latin letters for Cyrillic ones that print the same, plain spaces for odd ones.

    >>> fold_look_alikes("КРІ")
    'KPI'
    """
    return text.translate(_FOLD)


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """Say how labels are compared: without regard to case, spacing, dashes, footnote marks and look-alike letters.

    >>> plain("aged 10–\u00a024 yrs.") == plain("Aged 10-24 yrs")
    True
    """
    words = _DASH.sub("-", _FOOTNOTE.sub(" ", fold_look_alikes(text)))
    return " ".join(words.replace("*", " ").replace(".", " ").casefold().split())


def letters(text: str) -> str:
    """`plain` without its spaces: in a narrow cell a word breaks anywhere.

    >>> letters("Wolverha mpton") == letters("WOLVERHAMPTON")
    True
    """
    return plain(text).replace(" ", "")


def drop_repeat(text: str) -> str:
    """Give a text that stands behind a copy, or a clipped copy, of itself: the whole one alone.

    >>> drop_repeat("an 2018- Jan 2018-"), drop_repeat("Hate Crime Hate Crime"), drop_repeat("Data Owner")
    ('Jan 2018-', 'Hate Crime', 'Data Owner')
    """
    words = text.split()
    for cut in range(1, len(words) if len(words) <= MOST_WORDS else 0):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        if right.endswith(left) or right.startswith(left):
            return right
    return text


# Known phrases

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
        """Give the text without the phrases of this list."""
        tokens, index = read_tokens(text), 0
        while index < len(tokens):
            length, what, _ = self._at(tokens, index, text)
            if what != "left":
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


# Names of places

SHORTEST_PLACE = 3


def gives_figures(area: str, text: str) -> bool:
    """Tell whether an area's name stands for those who give the figures: `Anytown Police`."""
    bodies = r"police|constabulary|pcc|fire|ambulance|combined authority"
    return bool(
        re.search(rf"\b{re.escape(area)}\s+(?:{bodies})\b(?!.*\b(?:area|region|force|wide|total))", text, re.IGNORECASE)
    )


def stands_as_place(word: str, text: str) -> bool:
    """Tell whether a word that nobody knows stands where a place would: `for Mercia`, `Bilston area`."""
    name = re.escape(word)
    if len(word) < SHORTEST_PLACE or not word[0].isupper() or word.isupper():
        return False
    behind = rf"\b(?:in|across|within|throughout)\s+(?:the\s+)?{name}\b"
    kinds = "area|ward|district|borough|county|council|police|constabulary|region|csp|lpu|force|neighbourhood"
    before = rf"\b{name}\s+(?:{kinds})\b"
    about = rf"\b(?:figures|data|crimes?|offences|numbers|performance|results|incidents)\s+for\s+(?:the\s+)?{name}\b"
    return bool(
        re.search(behind, text) or re.search(about, text, re.IGNORECASE) or re.search(before, text, re.IGNORECASE)
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
COMPARED = re.compile(
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
    sentence = "" if _OTHER_FIGURE.search(sentence) else COMPARED.split(sentence)[0]
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
