"""Known phrases in a text, the longest first. In: phrases with what they are, and a text. Out: each phrase that is
found, and each word that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?k?\b|[^\W\d_]+(?:['’]s?\b)?|\d+[a-z]+|%|£[km0]*|\+/-|\+", re.IGNORECASE)
# Names of areas that are words too: only as a whole text, or behind `in`, `for` or `of`.
_LIKE_WORDS = set(
    "reading bury bath hart eden deal rugby boston craven rother wells lewes durham swale dover arun poole york "
    "london".split()
)


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
        tokens = list(read_tokens(text))
        index = 0
        while index < len(tokens):
            length, what, name = self._at(tokens, index, text)
            printed = " ".join(token for token, _ in tokens[index : index + length])
            yield what, name, printed if what != "left" else text[tokens[index][1][0] : tokens[index][1][1]]
            index += length

    def blank(self, text: str) -> str:
        """Give the text without the phrases of this list."""
        tokens, index = list(read_tokens(text)), 0
        while index < len(tokens):
            length, what, _ = self._at(tokens, index, text)
            if what != "left":
                begin, end = tokens[index][1][0], tokens[index + length - 1][1][1]
                text = text[:begin] + " " * (end - begin) + text[end:]
            index += length
        return text

    def _at(self, tokens: list[tuple[str, tuple[int, int]]], index: int, text: str) -> tuple[int, str, str]:
        words = [token for token, _ in tokens[index : index + 8]]
        for phrase, what, name in self._by_first.get(words[0], ()):
            if tuple(words[: len(phrase)]) == phrase and not (
                what == "area" and self._is_word(phrase, tokens, index, text)
            ):
                return len(phrase), what, name
        return 1, "left", ""

    @staticmethod
    def _is_word(phrase: tuple[str, ...], tokens: list[tuple[str, tuple[int, int]]], index: int, text: str) -> bool:
        """Whether what is an area's name too is a word here (`reading`)."""
        if len(phrase) > 1 or phrase[0] not in _LIKE_WORDS:
            return False
        begin = tokens[index][1][0]
        before = tokens[index - 1][0] if index else ""
        return not text[begin].isupper() or (len(tokens) > 1 and before not in ("in", "for", "of", "and"))


def read_tokens(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for match in _TOKEN.finditer(text):
        yield match[0].casefold().replace("’", "'").replace(",", "").removesuffix("'s").removesuffix("'"), match.span()
