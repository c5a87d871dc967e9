"""The words of a text. In: the text of a heading, label or note. Out: the same as it was meant, where damage leaves no
doubt (look-alike letters, text repeated inside itself); the words and patterns of `words.yml`.

Figures never pass through here: in a number a look-alike is a fault, and is refused.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from swp_analysis.project import read_shipped

# Cyrillic letters that print like Latin ones; text recognition mixes them up (КРІ for KPI).
_CYRILLIC = "АВЕЗІЈКМНОРСТУХЅаеорсухіјѕԛԝ"
_LATIN = "ABE3IJKMHOPCTYXSaeopcyxijsqw"
_FOLD = str.maketrans(_CYRILLIC + "\u00a0\u2010\u2011", _LATIN + " --", "\u00ad\u200b\ufeff")


# A label that breaks into lines behind a dash has a space there.
_DASH = re.compile(r"\s*[-–—]\s*")
# What points at a note: `¹`, `†`, `[1]`, `[note 1]`.
_FOOTNOTE = re.compile(r"[¹²³⁰⁴-⁹†‡]|\[(?:note )?\w{1,2}\]")
_CAMEL_CASE = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
MOST_WORDS = 100  # of a label; each end is compared with each start


def fold_look_alikes(text: str) -> str:
    """Give Latin letters for Cyrillic ones that print the same, plain spaces and hyphens for odd ones.

    >>> fold_look_alikes("КРІ")
    'KPI'
    """
    return text.translate(_FOLD)


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """Say how labels are compared: without regard to case, spacing, dashes, footnote marks and look-alike letters.

    >>> plain("aged 10–\u00a024 yrs.") == plain("Aged 10-24 yrs"), plain("IndicatorID")
    (True, 'indicator id')
    """
    words = _DASH.sub("-", _FOOTNOTE.sub(" ", _CAMEL_CASE.sub(" ", fold_look_alikes(text))))
    return " ".join(words.replace("*", " ").replace(".", " ").casefold().split())


def letters(text: str) -> str:
    """Give `plain` without its spaces, for in a narrow cell a word breaks anywhere; `&` is `and`.

    >>> letters("Wolverha mpton") == letters("WOLVERHAMPTON"), letters("Drink & drugs") == letters("Drink and drugs")
    (True, True)
    """
    return plain(text).replace("&", "and").replace(" ", "")


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
    return read_shipped(Path(__file__).with_name("words.yml"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Give a pattern by its name."""
    return compile_pattern(word_book()["patterns"][name])


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern of `words.yml`, with the lists of words that it names filled in, and those that these name."""
    lists = word_book()["word_lists"]
    for name in (*lists, "month"):
        text = text.replace(f"{{{name}}}", str(lists[name]))
    return re.compile(text, re.IGNORECASE)


def cut(text: str, most: int) -> str:
    """Cut a text that is longer than `most` letters at the border of a word.

    >>> cut("Burglary is cumulative", 14), cut("Burglary", 14)
    ('Burglary is…', 'Burglary')
    """
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]}…"
