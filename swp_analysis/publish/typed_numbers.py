"""Numbers in what people typed, in digits or in words. In: a passage. Out: its numbers, each with whom it may be about.

A number is a count ("3"), a share ("25%") or a multiple ("3x"). What states one is decided by kind: cardinals and Roman
numerals, names of small groups, "both" and "one" where they count somebody, parts of a whole, multiples. Dates, lengths
of time, ages, money, laws and the numbers of chapters state none. The words are those of `number_words.yml`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from text_to_num import text2num

from swp_analysis.catalogue.models import Indicator
from swp_analysis.disclosure import DEFAULT_THRESHOLD
from swp_analysis.project import read_shipped
from swp_analysis.publish.checks import make_visible

_RULES = read_shipped(Path(__file__).with_name("number_words.yml"))
_LISTS = {f"{{{name}}}": "|".join(words.split()) for name, words in _RULES["lists"].items()}
_LISTS |= {"{threshold}": str(DEFAULT_THRESHOLD)}


def _fill_in(rule: str) -> str:
    for name, words in _LISTS.items():
        rule = rule.replace(name, words)
    return rule


_LISTS["{counted}"] = _fill_in(_RULES["counted"])
_NO_FIGURE = re.compile("|".join(map(_fill_in, _RULES["no_figures"])))
_READINGS = [(re.compile(_fill_in(rule)), digits) for rule, digits in _RULES["readings"].items()]
_WORDS = re.compile(_fill_in(r"(?<![\w-])(?:{cardinals})(?:[ -](?:and )?(?:one|{cardinals}))*(?![\w-])"))
_PARTS = {f"{name}{s}": number for name, number in _RULES["parts"].items() for s in ("", "s")}
# Of a year or an hour a part is a length of time, and "quarter" and "half" without a whole are too.
_WHOLE = r"of (?!the year|a year|an? |this year|last year|\d{4})"
_FRACTION = re.compile(rf"\b(?:(an?|\d+)[ -])?({'|'.join(_PARTS)}) {_WHOLE}")
_ONE_IN = re.compile(r"\b(\d+|one) (?:in|out of)(?: every)? (\d+)\b(?! (?:january|q\d))")
# A Roman numeral counts before what it counts or, unless it is one letter, at the end of what is said.
_ROMAN = re.compile(
    _fill_in(
        r"(?<![\w(.-])(?=[ivx])(x{0,3})(ix|iv|v?i{0,4})(?: (?={counted})"
        r"|(?<=\w\w)(?=[.,;:!?]|$| (?:and|or|to|in|of|this|last|were)\b))"
    )
)
_ROMAN_VALUES = {"": 0, "ix": 9, "iv": 4} | {f"{v}{'i' * n}": 5 * len(v) + n for v in ("", "v") for n in range(5)}
_CHAPTER = re.compile(_fill_in(r"\b(?:{chapters}) $"))
# How an invisible character is shown.
_INVISIBLE = re.compile(r"\[U\+[0-9A-F]+\]")
# Signs don't take anything back: "+6", "x6" and "the 6th" tell 6.
_NUMBER = re.compile(r"(?:(?<![\w.,])|(?<=\bx))\d[\d,]*(?:\.\d+)?(?:\s?%|x\b)?")
_TOLD = re.compile(f"{_RULES['told']}({_NUMBER.pattern})")


class Passage(NamedTuple):
    """`about`: texts that name what it speaks of, the nearest first; `text`: where its numbers are.

    `in_words`: whether each number word in it is a figure, or only those that are told as one ("there were three").
    """

    about: tuple[str, ...]
    text: str
    in_words: bool = True


class IndicatorNames:
    """Finds whose numbers a passage tells: indicators go by id, label or short label."""

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self._ids = {
            plain_words(name): indicator.id
            for indicator in indicators.values()
            for name in (indicator.short_label, indicator.label, indicator.id)
        }
        # Of two names at one place the longer one is meant.
        longest_first = sorted(self._ids, key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def find_numbers(self, passage: Passage) -> Iterator[tuple[str, str]]:
        """Find indicator and printed number: each number belongs to all that its text and what is around it name."""
        about = [name for text in passage.about for name in self._names.findall(plain_words(text))]
        names = dict.fromkeys(self._ids[name] for name in about)
        if names:
            numbers = _NUMBER.findall(self._strip(plain_words(passage.text)))
            if not passage.in_words:
                told = _TOLD.findall(self._strip(plain_words(passage.text)))
                numbers = [*_NUMBER.findall(self._strip(_plain(passage.text))), *told]
            yield from ((name, printed) for printed in numbers for name in names)

    def _strip(self, text: str) -> str:
        """The text without names, and without the numbers that are no figures."""
        return _NO_FIGURE.sub(" ", self._names.sub(" ", text))


@lru_cache(maxsize=1024)  # a section's heading is looked at with each of its passages
def plain_words(text: str) -> str:
    """Give lower case, single spaces, numbers in digits.

    >>> plain_words("Three  cases, then half a dozen, one case by one of us, twenty-three, five and six")
    '3 cases, then 6, 1 case by one of us, 23, 5 and 6'
    >>> plain_words("It tripled: both girls, one in four, IV cases, two thirds of them; both boroughs, half the year")
    'it 3x: 2 girls, 25% (4), 4 cases, 67% (3) of them; both boroughs, half the year'
    """
    plain = _ROMAN.sub(_read_roman, re.sub(r"(?<=\w)-?fold\b", " fold", _plain(text)))
    plain = _WORDS.sub(lambda words: _in_digits(words[0].replace("-", " ")), plain)
    plain = _FRACTION.sub(lambda found: f"{_share(found[1], _PARTS[found[2]])} of ", plain)
    plain = _ONE_IN.sub(lambda found: _share(found[1], int(found[2])), plain)
    for pattern, digits in _READINGS:
        plain = pattern.sub(digits, plain)
    return plain


def _plain(text: str) -> str:
    """Give lower case, single spaces, plain letters and digits for raised or ringed ones, nothing invisible."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", make_visible(text)))
    return " ".join(shown.replace("\u2010", "-").lower().split())


def _in_digits(words: str) -> str:
    try:
        return str(text2num(words, "en"))
    except ValueError:  # several numbers: "two three", "five and six"
        return " ".join(_in_digits(word) if word != "and" else word for word in words.split())


def _share(some: str | None, of: int) -> str:
    """A part of a whole, and the least whole that can have it: half of some are an even number of them."""
    number = int(some) if some and some.isdigit() else 1
    return f"{100 * number / of:.0f}% ({of})" if of else f"{number} {of}"


def _read_roman(found: re.Match[str]) -> str:
    return (
        found[0]
        if _CHAPTER.search(found.string[: found.start()])
        else f"{10 * len(found[1]) + _ROMAN_VALUES[found[2]]} "
    )
