"""What every page of every edition must keep to, measured in a browser. In: a page. Out: figures, or faults in words.

The reading age is the Flesch-Kincaid grade (Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59)
plus five, over what is written in sentences: paragraphs, list items and the titles of charts. Tables, headings and
names of pages are left out, and what is folded is read too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PROSE = "main p:not(.subtitle):not(.on-paper), main li, main figcaption"
FEWEST_WORDS = 5  # in a sentence: fewer are a label
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$")


def count_syllables(word: str) -> int:
    """Count the groups of vowels in a word, without a silent ending.

    >>> [count_syllables(word) for word in ("police", "reported", "domestic", "knife", "table", "changes", "rise")]
    [2, 3, 3, 1, 2, 2, 1]
    """
    plain = word.lower()
    if plain.endswith(("ches", "shes", "ges", "ses", "ces", "zes", "xes")):
        return len(_VOWELS.findall(plain))
    return max(1, len(_VOWELS.findall(_SILENT.sub(lambda found: found[0][0], plain))))


def read_sentences(texts: Sequence[str]) -> list[str]:
    """The sentences of some texts, without labels."""
    found = [part for text in texts for part in _SENTENCE.split(" ".join(text.split()))]
    return [one for one in found if len(_WORD.findall(one)) >= FEWEST_WORDS]


def find_reading_age(texts: Sequence[str]) -> float:
    """The age at which a child at school in England reads this, by Flesch and Kincaid."""
    sentences = read_sentences(texts)
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    syllables = sum(map(count_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5
