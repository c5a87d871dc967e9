"""The words of a sentence, and names of indicators among them. In: the catalogue, or a row of `Word`s. Out: forms of
names; a row in which comparisons stand where multiples did, and a period is known by the one before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from swp_analysis.audit.mentions import RELATIVE, PeriodMention, compile_form
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, following_year

_BRACKETS = {"brackets", "parentheses"}
_OF_LEGEND = {"PERIOD", "SUBJECT", "pronoun", "in", "of", "at", "and", "comma", "hard", "colon", "open", "close"}
EXTREME = ("highest", "lowest", "worst", "best")
_TIMES = re.compile(r"(times_as_many )?((?:as |of |in |pronoun )*)PERIOD(?: in PERIOD)?(?= |$)")
# Where a note is referred to: no part of a name, as little as the unit in brackets behind one.
MARKS = r"[*†‡¹²³⁰⁴-⁹]"
_NO_PART_OF_NAME = re.compile(
    rf"{MARKS}|[.]|^(?:(?:the|total) )*(?:number|no|count|volume|percentage|proportion|share|%|per ?cent) of (?:the )?"
    r"|\s*\((?:\W*|number|percentage|per ?cent|count|offences|incidents|crimes|cases|people)\)$"
    r"| (?:at|in|per|each|this|by) (?:the )?(?:end of (?:the )?)?(?:quarter|year|period)(?:[ -]end)?$",
    re.IGNORECASE,
)
_IRREGULAR = {"feel": "felt", "find": "found", "hold": "held", "leav": "left", "sleep": "slept", "driv": "drove|driven"}
_QUALIFIED = re.compile(r"^(\w[\w\s-]*?)(?: [-–] |, |: | \()([a-z][a-z-]+(?: [a-z]+)?)\)?$")
_OF_WHAT = re.compile(
    r"^([\w-]+(?: [\w-]+)?) (?:of|to|on|for|due to|involving) (?:the |an? )?([\w-]+(?: [\w-]+){0,2})$"
)
_ABBREVIATED = re.compile(r"(.+?) \(([A-Z][\w&-]*)\)( .*)?")
_SHARE_OF = r"(?:share|proportion|percentage|rate) of (?:the )?"
_OFFENCE = re.compile(r"\b(?:crime|theft|thefts|burglar\w+|robber\w+|shoplifting|arson)$", re.IGNORECASE)
_SINGLE = [(one,) for one in QUARTERS]
_ARTICLES = ("a", "an", "the")
# What may stand between two words of a name; and more where the second is a verb, or says where.
_GAP, _LONG_GAP = (
    r"(?:\s+(?:(?:an?|the|our)\s+)?|-)",
    r"(?:\s+(?:(?:an?|the|our|who|that|which|are|is|was|were|ha[ds]|have|been)\s+)*|-)",
)
_VERB, _WHERE = re.compile(r"(.{4,})(?:ing|ed)"), {"in", "on", "at", "to", "under", "not", *_IRREGULAR.values()}
FEWEST_INITIALS = 3


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
    return _with_chains(_with_multiples(_without_dashes(words)))


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
        amount = replace(word.meaning, metric="ratio", rough=True, direction="up" if word.meaning.size > 1 else "down")
        than = Word("than", word.end, word.end)
        return [*words[:place], replace(word, meaning=amount), than, base, *words[behind:]]
    return words


def find_legend(text: str, words: list[Word]) -> Word | None:
    """Find the period that figures in brackets are said to be of, if a text says so: `(2016/17 in brackets)`."""
    said = [one for one in words if one.kind == "PERIOD" and one.meaning.kind in ("span", *RELATIVE)]
    rest = [text[one.start : one.end] if one.kind == "unknown" else one.kind for one in words]
    is_legend = {one.lower() for one in rest} & _BRACKETS and {*rest} <= _BRACKETS | _OF_LEGEND
    place = next((words[number].start for number, one in enumerate(rest) if one.lower() in _BRACKETS), 0)
    nearest = sorted(said, key=lambda one: (one.start > place, abs(one.start - place)))
    return nearest[0] if is_legend and nearest else None


def name_subjects(catalogue: Catalogue, rules: ClaimRules) -> Iterator[tuple[str, str, Subject]]:
    """Give the form of each name, whether it names a row or one beside another, and what it means."""
    named = _written_names(catalogue)
    counted = "|".join(word for unit in rules.units for word in unit.words)
    units = compile_form(rf"(?:{counted})(?!\w)", re.IGNORECASE)
    turned = [(other, row) for name, row in named.items() for other in _turn_round(name)]
    known = _add_own(named, turned).items()
    names = [(name, subject) for name, subject in known if len(name) > 2 and not units.fullmatch(name)]
    for name, subject in names:
        lead = rf"(?:{_SHARE_OF})?" if catalogue.indicators[subject.name].unit == "percent" else ""
        behind = r"(?: offences?)?" if _OFFENCE.search(name) else ""
        yield from ((f"{lead}{form}{behind}", "SUBJECT", subject) for form in _other_forms(name, units))
    tied = [(one, "SUBJECT", Subject(one.indicator, one.measure)) for one in rules.subjects if one.indicator]
    wider = [(one, "SUBJECT", Subject("", wider_than=one.indicator or "")) for one in rules.wider]
    untied = [(one, "SUBJECT", Subject("")) for one in rules.subjects if not one.indicator]
    companions = [(one, "COMPANION", Subject(one.indicator or "", one.measure)) for one in rules.companions]
    for entry, kind, subject in (*tied, *wider, *companions):
        yield from ((rules.fill(words), kind, subject) for words in entry.words)
    of_many = {word for line in rules.heading_words for word in line.split()}
    shorter = list(_shorter_names(named, rules.counted))
    letters = _add_own({}, [(one, subject) for short, subject in shorter for one in _initials(short)])
    letters.pop(catalogue.identity.short_name, None)  # ours, not a row's
    yield from ((rf"(?-i:{one}s?)(?: (?:{counted})\b)?", "SUBJECT", subject) for one, subject in letters.items())
    for short, subject in shorter:
        if short.casefold() not in of_many and not units.fullmatch(short):  # what is said above wins
            yield from ((rf"{form}(?! (?:{counted})\b)", "SUBJECT", subject) for form in _other_forms(short, units))
    for entry, kind, subject in untied:  # what no table of ours has
        yield from ((rules.fill(words), kind, subject) for words in entry.words)


def _written_names(catalogue: Catalogue) -> dict[str, Subject]:
    """The names that each row goes by: as they are written, and without marks and unit, with an abbreviation that they
    explain or without, where no other row goes by it."""
    rows = catalogue.indicators.values()
    written = {name: Subject(one.id) for one in rows for name in (one.label, one.short_label, *one.aliases)}
    return _add_own(written, [(other, row) for name, row in written.items() for other in _without_unit(name)])


def _add_own(names: dict[str, Subject], others: Sequence[tuple[str, Subject]]) -> dict[str, Subject]:
    """Names, and of the others those that no second row goes by."""
    every, rows = [*others, *names.items()], dict[str, set[Subject]]()
    for name, row in every:
        rows.setdefault(name.casefold(), set()).add(row)
    return {name: row for name, row in every if name in names or len(rows[name.casefold()]) == 1}


def _without_unit(name: str) -> Iterator[str]:
    plain = " ".join(_NO_PART_OF_NAME.sub("", name).split())
    yield plain
    if found := _ABBREVIATED.fullmatch(plain):
        long, short, rest = found[1], found[2], found[3] or ""
        letters = iter("".join(word[0] for word in re.split(r"[\s-]+", long)).upper())
        if all(letter in letters for letter in re.sub("s$", "", short).upper()):
            yield from (f"{long}{rest}", f"{short}{rest}")


def _turn_round(name: str) -> Iterator[str]:
    """`Burglary - residential` is residential burglary, `Admissions to hospital` are hospital admissions."""
    forms = (_QUALIFIED, r"\2 \1"), (_OF_WHAT, r"\2 \1"), (_OF_WHAT, r"\2-related \1")
    yield from (form.sub(turned, name) for form, turned in forms if form.match(name))


def _shorter_names(named: dict[str, Subject], counted: str) -> Iterator[tuple[str, Subject]]:
    """`Hate crime` for `Hate crime recorded`: without last words that only say that it was counted; `First time
    entrants` without what they enter; where no other row has that name or one that begins with it."""
    form = compile_form(rf"(.+) (?:{counted})|(\S+ .+?) to .*", re.IGNORECASE)
    for name, subject in named.items():
        short = name
        while found := form.fullmatch(short):
            short = found[1] or found[2]
            own = short.casefold()
            rivals = (one for other, one in named.items() if f"{other.casefold()} ".startswith(f"{own} "))
            if all(one == subject for one in rivals):
                yield short, subject


def _initials(name: str) -> Iterator[str]:
    """`ASB` for anti-social behaviour: the first letters of three words or more, none of them a small one."""
    words = re.split(r"[\s-]+", name)
    if len(words) >= FEWEST_INITIALS and all(len(word) > 3 and word.isalpha() for word in words):
        yield "".join(word[0] for word in words).upper()


def _other_forms(name: str, units: re.Pattern) -> Iterator[str]:
    """A name in either number, with articles or without, and with what it counts in front: `residential burglaries`,
    `thefts from motor vehicles`, `incidents of arson`."""
    *rest, last = name.split()
    yield _join([*rest, last])
    if rest and rest[-1].islower() and units.fullmatch(last):  # never `referrals of MARAC`
        yield _join([last, "of", *rest])


def _join(words: list[str]) -> str:
    parts = [part for word in words if word not in _ARTICLES for part in word.split("-")]
    gaps = [_LONG_GAP if part in _WHERE or _VERB.fullmatch(part) else _GAP for part in parts[1:]]
    return "".join(f"{gap}{_in_either_form(part)}" for gap, part in zip(["", *gaps], parts, strict=True))


def _in_either_form(word: str) -> str:
    """The form of a word and its other number, or of a verb its other participle; a short one, or one in capitals, has
    none."""
    if len(word) < 3 or not word[1:].islower():
        return re.escape(word)
    if verb := _VERB.fullmatch(word):
        other = rf"|{_IRREGULAR[verb[1]]}" if verb[1] in _IRREGULAR else ""
        return rf"(?:{re.escape(verb[1])}(?:ings?|ed|s)?{other})"
    if ends_in_y := re.fullmatch(r"(.*[^aeiou])(?:y|ies)", word):
        return rf"{re.escape(ends_in_y[1])}(?:y|ies?)"
    return re.escape(re.sub("(?<=[^su])s$", "", word)) + "s?"
