"""Damage to words that leaves no doubt: look-alike letters and text repeated inside itself.

In: the text of a heading or a label. Out: the same text as it was meant. Figures never pass through here: in a
number a look-alike is a fault, and is refused.
"""

from __future__ import annotations

import re
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
