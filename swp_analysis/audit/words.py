"""The words of a sentence. In: a row of `Word`s. Out: one in which comparisons stand where multiples did, and a period
is known by the one before it.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from swp_analysis.audit.mentions import RELATIVE, PeriodMention
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.periods import QUARTERS, following_year

_BRACKETS = {"brackets", "parentheses"}
_OF_LEGEND = {"PERIOD", "SUBJECT", "pronoun", "in", "of", "at", "and", "comma", "hard", "colon", "open", "close"}
EXTREME = ("highest", "lowest", "worst", "best")
_TIMES = re.compile(r"(times_as_many )?((?:as |of |in |pronoun )*)PERIOD(?: in PERIOD)?(?= |$)")
_SINGLE = [(one,) for one in QUARTERS]


@dataclass(frozen=True)
class Subject:
    """An indicator that is named: its id (empty when it has no table), `value` or the `number` behind a share, and
    the indicator that it is only a wider relation of."""

    name: str
    measure: str = "value"
    wider_than: str = ""


@dataclass(frozen=True)
class Word:
    """A stretch of a sentence with its type; `meaning` is its `Subject`, `PeriodMention` or `Amount`, or a number."""

    kind: str
    start: int
    end: int
    meaning: Any = None


def write_plainly(words: list[Word]) -> list[Word]:
    """Write dashes around what isn't known as commas, multiples as changes, and the figures of a chain one by one."""
    return _with_chains(_with_bases(_with_multiples(_without_dashes(words))))


def _with_bases(words: list[Word]) -> list[Word]:
    """`Up from 231 in Q3 and 210 a year ago`: compared with both, as if `from` stood before each."""
    kinds = " ".join(word.kind for word in words)
    found = re.search(
        r"\b(from|compare|than) AMOUNT (?:in )?PERIOD (and) AMOUNT (?:in )?PERIOD(?= comma| hard|$)", kinds
    )
    if not found:
        return words
    led, place = (kinds[: found.start(one)].count(" ") for one in (1, 2))
    return [*words[: place + 1], replace(words[led], start=words[place].end, end=words[place].end), *words[place + 1 :]]


def _with_chains(words: list[Word]) -> list[Word]:
    """`Then fell to 702 and 655`: each figure of a chain came next, as if `then to` stood before it."""
    kinds = " ".join(word.kind for word in words)
    found = re.search(r"\bthen\b.*?\bto AMOUNT (?:comma )?(and)(?: to)? AMOUNT(?= comma| hard| dash| then|$)", kinds)
    if not found:
        return words
    place = kinds[: found.start(1)].count(" ")
    joint = [replace(words[place], kind="then"), replace(words[place], kind="to", start=words[place].end)]
    return _with_chains([*words[:place], *joint[: 2 - (words[place + 1].kind == "to")], *words[place + 1 :]])


def resolve_period(word: Word, before: list[Word]) -> Word:
    """Read `the following quarter`, `a year later`, `than in the first`, `2016/17: Q1 …`: by the one before."""
    if word.kind == "PERIOD" and word.meaning.kind == "span" and word.meaning.is_part and not word.meaning.year:
        plain = [one for one in before if one.kind != "close"]
        led = [one.meaning for one, mark in pairwise(plain) if mark.kind == "colon" and one.kind == "PERIOD"]
        is_year = bool(led) and not led[-1].is_part
        return replace(word, meaning=replace(word.meaning, year=led[-1].year)) if is_year else word
    if word.kind != "PERIOD" or word.meaning.kind not in ("next_quarter", "year_later", "nth"):
        return word
    spans = [one.meaning for one in before if one.kind == "PERIOD" and one.meaning.kind == "span"]
    named, found = (spans[-1] if spans else PeriodMention("other")), PeriodMention("other")
    if word.meaning.kind == "next_quarter" and named.quarters in _SINGLE:
        quarter, year = named.quarters[0] % 4 + 1, named.year
        if quarter > 1 or year:
            found = replace(named, quarters=(quarter,), year=year if quarter > 1 else following_year(year))
    elif word.meaning.kind == "year_later" and named.year:
        found = replace(named, year=following_year(named.year))
    elif word.meaning.kind == "nth" and named.quarters in (QUARTERS[:2], QUARTERS[2:]):
        found = replace(named, quarters=QUARTERS[2:] if named.quarters == QUARTERS[:2] else QUARTERS[:2])
    elif word.meaning.kind == "nth" and (named.quarters in _SINGLE or any(one.kind in EXTREME for one in before)):
        found = PeriodMention("span", named.year, word.meaning.quarters)  # "the busiest quarter was the second"
    return replace(word, meaning=found)


def _without_dashes(words: list[Word]) -> list[Word]:
    """`Knife crime – women only – rose`: two dashes around what isn't known are commas, and it narrows all down."""
    words, dashes = [*words], [place for place, word in enumerate(words) if word.kind == "dash"]
    for first, last in pairwise(dashes):
        if {word.kind for word in words[first:last]} & {"unknown", "away"}:
            words[first], words[last] = (replace(words[place], kind="comma") for place in (first, last))
    return words


def _with_multiples(words: list[Word]) -> list[Word]:
    """`Four times the Q4 figure for 2016/17`, `twice as high as in Q1`: a change on that period."""
    kinds = [word.kind for word in words]
    for place, word in enumerate(words):
        found = _TIMES.match(" ".join(kinds[place + 1 :])) if word.kind == "AMOUNT" else None
        if not found or word.meaning.size == 1 or (found[2] == "in " and word.meaning.text.endswith("d")):
            continue  # "halved in Q4"
        if not (found[1] or (found[2] and word.meaning.metric == "ratio")):
            continue
        behind = place + 1 + len(found[0].split())
        periods = [one for one in words[place:behind] if one.kind == "PERIOD"]
        year = next((one.meaning.year for one in periods if one.meaning.year), "")
        base = replace(periods[0], meaning=replace(periods[0].meaning, year=year), end=periods[-1].end)
        size = word.meaning.size / (100 if word.meaning.metric == "percent" else 1)  # "half the number in Q4"
        way = "up" if size > 1 else "down"
        is_near = size < 1 and word.meaning.bound.startswith("just")  # "almost half the number": from either side
        bound = "about" if is_near else word.meaning.bound
        amount = replace(word.meaning, metric="ratio", rough=True, size=size, direction=way, bound=bound)
        than = Word("than", word.end, word.end)
        return [*words[:place], replace(word, meaning=amount), than, base, *words[behind:]]
    return words


def may_count_all(words: list[Word], rules: ClaimRules) -> bool:
    """Tell whether a sentence counts what may be more than the row named before: `there were 6,412 crimes`."""
    units = [word.meaning.unit for word in words if word.kind == "AMOUNT"]
    return any(map(rules.counts_all, units)) and all(word.kind not in ("SUBJECT", "pronoun") for word in words)


def find_legend(text: str, words: list[Word]) -> Word | None:
    """Find the period that figures in brackets are said to be of, if a text says so: `(2016/17 in brackets)`."""
    said = [one for one in words if one.kind == "PERIOD" and one.meaning.kind in ("span", *RELATIVE)]
    rest = [text[one.start : one.end] if one.kind == "unknown" else one.kind for one in words]
    is_legend = {one.lower() for one in rest} & _BRACKETS and {*rest} <= _BRACKETS | _OF_LEGEND
    place = next((words[number].start for number, one in enumerate(rest) if one.lower() in _BRACKETS), 0)
    nearest = sorted(said, key=lambda one: (one.start > place, abs(one.start - place)))
    return nearest[0] if is_legend and nearest else None
