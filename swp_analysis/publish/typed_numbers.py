"""Numbers in what people typed, in digits or in words. In: a passage. Out: its numbers, each with whom it may be about.

A number is a count ("3"), a share ("25%") or a multiple ("3x"). What states one is decided by kind: cardinals and Roman
numerals, names of small groups, "both" and "one" where they count somebody, parts of a whole, multiples. Dates, lengths
of time, ages, money, laws and the numbers of chapters state none.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from text_to_num import text2num

from swp_analysis.catalogue.models import Indicator
from swp_analysis.disclosure import DEFAULT_THRESHOLD
from swp_analysis.publish.checks import make_visible

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIMES = "quarters?|years?|months?|weeks?|days?|hours?|minutes?"
_PEOPLE = "children|girls|boys|pupils|people|persons|adults|women|men|females|males|victims|offenders|anyone|those"
_CHAPTERS = (
    "section|part|page|chapter|article|schedule|phase|tier|level|class|grade|annex|appendix|volume|type|stage|step|war"
)
# Numbers that are no figures.
_NO_FIGURE = re.compile(
    r"\b(?:19|20)\d\d(?:\s?[/–-]\s?(?:20)?\d\d)?\b|\bq[1-4](?:\s?[–-]\s?q?[1-4])?\b"
    rf"|\b\d+(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b|\b(?:{_MONTHS}) \d+\b"
    rf"|\b\d+(?:\s?(?:to|and|or|[–-])\s?\d+)?(?:[ -]| of )(?:{_TIMES})\b|\b\d+ indicators?\b"
    rf"|\b(?:(?:{_PEOPLE}) (?:aged? )?(?:under|over|between|from|of)|aged?|ages|aged (?:under|over|between|from))"
    r" \d+(?:\s?(?:to|and|[–-])\s?\d+)?s?\b|\b(?:under|over)[ -]\d+s\b|\b\d+(?:\s?[–-]\s?\d+)?-year"
    rf"|£\s?\d[\d,.]*|\b(?:{_CHAPTERS}) \d+\w?\b|<\s*{DEFAULT_THRESHOLD}\b|\b95%",
)
_CARDINALS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
_WORDS = re.compile(rf"(?<![\w-])(?:{_CARDINALS})(?:[ -](?:and )?(?:one|{_CARDINALS}))*(?![\w-])")
_COUNTED = (
    r"(?:(?:young|female|male|new|more|other|further|such|adult|known|small|recorded|reported|confirmed) )*(?:person|"
    r"people|victim|case|incident|offen[cd]\w+|girl|boy|woman|women|man|men|child|death|crime|client|marriage|referral)"
    r"(?:s|ren)?\b"
)
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_PARTS = {"half": 2, "halves": 2} | {
    f"{'quarter' if n == 4 else name}{s}": n for n, name in enumerate(_ORDINALS[1:], start=3) for s in ("", "s")
}
# Of a year or an hour a part is a length of time, and "quarter" and "half" without a whole are too.
_WHOLE = r"of (?!the year|a year|an? |this year|last year|\d{4})"
_FRACTION = re.compile(rf"\b(?:(an?|\d+)[ -])?({'|'.join(_PARTS)}) {_WHOLE}")
_ONE_IN = re.compile(r"\b(\d+|one) (?:in|out of)(?: every)? (\d+)\b(?! (?:january|q\d))")
# A Roman numeral counts before what it counts or, unless it is one letter, at the end of what is said.
_ROMAN = re.compile(
    rf"(?<![\w(.-])(?=[ivx])(x{{0,3}})(ix|iv|v?i{{0,4}})(?: (?={_COUNTED})"
    r"|(?<=\w\w)(?=[.,;:!?]|$| (?:and|or|to|in|of|this|last|were)\b))"
)
_ROMAN_VALUES = {"": 0, "ix": 9, "iv": 4} | {f"{v}{'i' * n}": 5 * len(v) + n for v in ("", "v") for n in range(5)}
_SAID_OTHERWISE = [
    (re.compile(pattern), digits)
    for pattern, digits in [
        (r"\bper ?cent\b", "%"),
        (r"\b(?:doubl(?:ed|es|ing)|halv(?:ed|es|ing)|(?:two|2)-?fold|by half)\b", "2x"),
        (rf"\b(?:double|half|twice)(?= (?:the|that|last|what|as (?:many|much|high))\b(?! (?:{_TIMES})))", "2x"),
        (r"\btr(?:eb|ip)l(?:ed|es|ing|e(?= (?:the|that|last|what)))\b", "3x"),
        (r"\bquadrupl(?:ed|es|ing|e(?= (?:the|that|last|what)))\b", "4x"),
        (r"\b(\d+)(?:[ -]?fold| times (?:as|more|higher|the|last|that))\b", r"\1x"),
        (r"\bhalf[ -]a[ -]dozen\b", "6"),
        (r"\bdozen\b", "12"),
        (r"\b(?:pair|brace|twins|duo|twice)\b|\b(?<!as )a couple(?= of| more|\W|$)(?! (?!of|more)\w)", "2"),
        (r"\b(?:thrice|trio|threesome|triplets)\b", "3"),
        (r"\b(?:quartet|foursome|quadruplets)\b", "4"),
        (r"\bnil\b", "0"),
        (r"\b(?:only|just|happened|recorded|seen|reported) once\b", "1"),
        (rf"\bboth(?= (?:(?:of )?(?:the |these )?|were |are ){_COUNTED}| of (?:them|whom|these|those)\b)", "2"),
        (rf"\b(?:one|single|sole|lone|(?<=the )only)(?= {_COUNTED})", "1"),
        *((rf"\b{name}(?= {_COUNTED})", str(n)) for n, name in enumerate(_ORDINALS, start=2)),
    ]
]
# How an invisible character is shown.
_INVISIBLE = re.compile(r"\[U\+[0-9A-F]+\]")
# Signs don't take anything back: "+6", "x6" and "the 6th" tell 6.
_NUMBER = re.compile(r"(?:(?<![\w.,])|(?<=\bx))\d[\d,]*(?:\.\d+)?(?:\s?%|x\b)?")


# In texts that stay from year to year words like "one or two cases move the share" are no figures unless they are told.
_TOLD = re.compile(
    r"\b(?:there (?:was|were|had been)|recorded|counted|(?:rose|fell|dropped|down|up|went|increased|decreased)"
    rf" (?:from|to|by)|from \d+ to) (?:only |just |about )?({_NUMBER.pattern})"
)


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
        names = dict.fromkeys(name for text in passage.about for name in self._named(text))
        if names:
            numbers = _NUMBER.findall(self._strip(plain_words(passage.text)))
            if not passage.in_words:
                told = _TOLD.findall(self._strip(plain_words(passage.text)))
                numbers = [*_NUMBER.findall(self._strip(_plain(passage.text))), *told]
            yield from ((name, printed) for printed in numbers for name in names)

    def _strip(self, text: str) -> str:
        """The text without names, and without the numbers that are no figures."""
        return _NO_FIGURE.sub(" ", self._names.sub(" ", text))

    def _named(self, text: str) -> list[str]:
        return [self._ids[name] for name in self._names.findall(plain_words(text))]


def plain_words(text: str) -> str:
    """Give lower case, single spaces, numbers in digits.

    >>> plain_words("Three  cases, then half a dozen, one case by one of us, twenty-three, five and six")
    '3 cases, then 6, 1 case by one of us, 23, 5 and 6'
    >>> plain_words("It tripled: both girls, one in four, IV cases, two thirds of them; both boroughs, half the year")
    'it 3x: 2 girls, 25% (4), 4 cases, 67% (3) of them; both boroughs, half the year'
    """
    plain = _ROMAN.sub(_read_roman, re.sub(r"(?<=\w)fold\b", " fold", _plain(text)))
    plain = _WORDS.sub(lambda words: _in_digits(words[0].replace("-", " ")), plain)
    plain = _FRACTION.sub(lambda found: f"{_share(found[1], _PARTS[found[2]])} of ", plain)
    plain = _ONE_IN.sub(lambda found: _share(found[1], int(found[2])), plain)
    for pattern, digits in _SAID_OTHERWISE:
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
    is_chapter = re.search(rf"\b(?:{_CHAPTERS}) $", found.string[: found.start()])
    return found[0] if is_chapter else f"{10 * len(found[1]) + _ROMAN_VALUES[found[2]]} "
