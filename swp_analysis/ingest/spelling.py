"""The words of a text. In: the text of a heading, label or note. Out: the same as it was meant, where damage leaves no
doubt (look-alike letters, text repeated inside itself); its known phrases, the longest first; what a note says.

Figures never pass through here: in a number a look-alike is a fault, and is refused.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

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


# The words and patterns of `words.yml`


@cache
def word_book() -> dict[str, Any]:
    """Load the words that are known, and the patterns of what is said of figures."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"), Loader=loader)


def _word_list(name: str) -> str:
    return str(word_book()["word_lists"][name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Give a pattern by its name."""
    return compile_pattern(word_book()["patterns"][name])


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern of `words.yml`, with the lists of words that it names filled in, and those that these name."""
    for name in (*word_book()["word_lists"], "month"):
        text = text.replace(f"{{{name}}}", _word_list(name))
    return re.compile(text, re.IGNORECASE)


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


# Names of places

SHORTEST_PLACE = 3


def gives_figures(area: str, text: str) -> bool:
    """Tell whether an area's name stands for those who give the figures: `Anytown Police`."""
    rest = r"\b(?!.*\b(?:area|region|force|wide|total))"
    return bool(re.search(rf"\b{re.escape(area)}\s+(?:{_word_list('bodies')}){rest}", text, re.IGNORECASE))


def stands_as_place(word: str, text: str) -> bool:
    """Tell whether a word that nobody knows stands where a place would: `for Mercia`, `Bilston area`."""
    name = re.escape(word)
    if len(word) < SHORTEST_PLACE or not word[0].isupper() or word.isupper():
        return False
    behind = rf"\b(?:in|across|within|throughout)\s+(?:the\s+)?{name}\b"
    before = rf"\b{name}\s+(?:{_word_list('places')})\b"
    about = rf"\b(?:{_word_list('cases')}|figures|data|numbers|performance|results)\s+for\s+(?:the\s+)?{name}\b"
    return bool(re.search(f"{behind}|{about}|{before}", text, re.IGNORECASE))


# What a note says of the figures of its table

SHORT_NOTE, LONGEST_FRAGMENT = 6, 20


def said_of_figures(text: str, are_fragments: bool = True) -> str:
    """Give the words of a note that say something of its table's figures: a whole fragment (`* cumulative`), and a
    clause about figures, up to a comparison or reason; a comment has no fragments.

    >>> said_of_figures("* Q2 is cumulative"), said_of_figures("Note: the scheme has a cumulative effect over years")
    ('Q2 is cumulative', '')
    """
    opening = pattern("opening").match(text)
    body = text[opening.end() :] if opening else text
    longest = 0 if not are_fragments else LONGEST_FRAGMENT if opening and opening["mark"] else SHORT_NOTE
    return " ".join(filter(None, (_said(one.strip(), longest) for one in pattern("clauses").split(body))))


def _said(sentence: str, longest: int) -> str:
    sentence = "" if pattern("other_figure").search(sentence) else pattern("compared").split(sentence)[0]
    if pattern("said").search(sentence) and not re.match(r"(?:an?|if|we)\b", sentence, re.IGNORECASE):
        return sentence
    is_fragment = len(sentence.split()) <= longest
    return sentence if is_fragment and not pattern("of_others").match(sentence) else ""


def mark_of(text: str) -> str:
    """Give the mark with which a note begins, as it stands behind what it is about; or nothing."""
    opening = pattern("opening").match(text)
    return (opening["mark"] or "") if opening else ""
