"""By which names a text speaks of an indicator. In: the catalogue and the rules. Out: forms with their `Subject`s."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swp_analysis.audit.mentions import compile_form
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue

# Where a note is referred to: no part of a name, as little as the unit in brackets behind one.
MARKS = r"[*†‡¹²³⁰⁴-⁹]"
_NO_PART_OF_NAME = re.compile(rf"{MARKS}|[.]|\s*\((?:\W*|number|percentage|per ?cent|count)\)$", re.IGNORECASE)
_SHARE_OF = r"(?:share|proportion|percentage|rate) of (?:the )?"
_ARTICLES = ("a", "an", "the")


@dataclass(frozen=True)
class Subject:
    """An indicator that is named: its id (empty when it has no table), `value` or the `number` behind a share, and
    the indicator that it is only a wider relation of."""

    name: str
    measure: str = "value"
    wider_than: str = ""


def name_subjects(catalogue: Catalogue, rules: ClaimRules) -> Iterator[tuple[str, str, Subject]]:
    """Give the form of each name, whether it names a row or one beside another, and what it means."""
    named = {
        " ".join(_NO_PART_OF_NAME.sub("", name).split()): Subject(one.id)
        for one in catalogue.indicators.values()
        for name in (one.label, one.short_label, *one.aliases)
    }
    counted = "|".join(word for unit in rules.units for word in unit.words)
    units = compile_form(rf"(?:{counted})(?!\w)", re.IGNORECASE)
    names = [(name, subject) for name, subject in named.items() if len(name) > 2 and not units.fullmatch(name)]
    yield from ((re.escape(name), "SUBJECT", subject) for name, subject in names)
    yield from ((form, "SUBJECT", subject) for name, subject in names for form in _other_forms(name, units))
    shares = [(name, one) for name, one in names if catalogue.indicators[one.name].unit == "percent"]
    yield from ((f"{_SHARE_OF}{form}", "SUBJECT", one) for name, one in shares for form in _other_forms(name, units))
    tied = [(one, "SUBJECT", Subject(one.indicator, one.measure)) for one in rules.subjects if one.indicator]
    wider = [(one, "SUBJECT", Subject("", wider_than=one.indicator or "")) for one in rules.wider]
    untied = [(one, "SUBJECT", Subject("")) for one in rules.subjects if not one.indicator]
    companions = [(one, "COMPANION", Subject(one.indicator or "", one.measure)) for one in rules.companions]
    for entry, kind, subject in (*tied, *wider, *companions):
        yield from ((rules.fill(words), kind, subject) for words in entry.words)
    of_many = {word for line in rules.heading_words for word in line.split()}
    for short, subject in _shorter_names(named, rules.counted):
        if short.casefold() not in of_many and not units.fullmatch(short):  # what is said above wins
            yield from ((rf"{form}(?! (?:{counted})\b)", "SUBJECT", subject) for form in _other_forms(short, units))
    for entry, kind, subject in untied:  # what no table of ours has
        yield from ((rules.fill(words), kind, subject) for words in entry.words)


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


def _other_forms(name: str, units: re.Pattern) -> Iterator[str]:
    """A name in either number, with articles or without, and with what it counts in front: `residential burglaries`,
    `thefts from motor vehicles`, `incidents of arson`."""
    *rest, last = name.split()
    yield _join([*rest, last])
    if rest and rest[-1].islower() and units.fullmatch(last):  # never `referrals of MARAC`
        yield _join([last, "of", *rest])


def _join(words: list[str]) -> str:
    plain = [_in_either_number(word) for word in words if word not in _ARTICLES]
    return rf"\s+(?:(?:{'|'.join(_ARTICLES)})\s+)?".join(plain)


def _in_either_number(word: str) -> str:
    """The form of a word and its other number; a short one, or one in capitals, has none."""
    if len(word) < 3 or not word[1:].islower():
        return re.escape(word)
    if ends_in_y := re.fullmatch(r"(.*[^aeiou])(?:y|ies)", word):
        return rf"{re.escape(ends_in_y[1])}(?:y|ies?)"
    return re.escape(re.sub("(?<=[^su])s$", "", word)) + "s?"
