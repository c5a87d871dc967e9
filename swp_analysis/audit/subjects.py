"""By which names a text speaks of an indicator. In: the catalogue and the rules. Out: forms with their `Subject`s."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from swp_analysis.audit.mentions import compile_form
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.catalogue.models import Catalogue

# Where a note is referred to: no part of a name.
MARKS = r"[*†‡¹²³⁰⁴-⁹]"


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
        " ".join(re.sub(rf"{MARKS}|[.]", "", name).split()): Subject(one.id)
        for one in catalogue.indicators.values()
        for name in (one.label, one.short_label, *one.aliases)
    }
    counted = "|".join(word for unit in rules.units for word in unit.words)
    units, taken = compile_form(rf"(?:{counted})(?!\w)", re.IGNORECASE), {name.casefold() for name in named}
    for name, subject in named.items():
        others = (form for form in _other_forms(name, units) if form.casefold() not in taken)
        for form in (name, *others) if len(name) > 5 and " " in name else ():
            yield _spaced(form), "SUBJECT", subject
    tied = [(one, "SUBJECT", Subject(one.indicator, one.measure)) for one in rules.subjects if one.indicator]
    wider = [(one, "SUBJECT", Subject("", wider_than=one.indicator or "")) for one in rules.wider]
    untied = [(one, "SUBJECT", Subject("")) for one in rules.subjects if not one.indicator]
    companions = [(one, "COMPANION", Subject(one.indicator or "", one.measure)) for one in rules.companions]
    for entry, kind, subject in (*tied, *wider, *untied, *companions):
        yield from ((rules.fill(words), kind, subject) for words in entry.words)
    for short, subject in _shorter_names(named, compile_form(rules.counted, re.IGNORECASE)):  # what is said above wins
        for form in (short, *(one for one in _other_forms(short, units) if one.casefold() not in taken)):
            yield rf"{_spaced(form)}(?! (?:{counted})\b)", "SUBJECT", subject


def _spaced(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))


def _shorter_names(named: dict[str, Subject], counted: re.Pattern) -> Iterator[tuple[str, Subject]]:
    """`Hate crime` for `Hate crime recorded`: without a last word that only says that it was counted; `First time
    entrants` without what they enter; where no other row has that name or one that begins with it."""
    for name, subject in named.items():
        whole, _, last = name.rpartition(" ")
        for short in (whole if counted.fullmatch(last) else "", name.partition(" to ")[0]):
            own = short.casefold()
            rivals = (one for other, one in named.items() if f"{other.casefold()} ".startswith(f"{own} "))
            if " " in short and short != name and all(one == subject for one in rivals):
                yield short, subject


def _other_forms(name: str, units: re.Pattern) -> Iterator[str]:
    """A label in the other number, and with what it counts in front: `residential burglaries`, `incidents of arson`."""
    *rest, last = name.split()
    other = re.sub("ies$", "y", last) if last.endswith("ies") else last[:-1] if re.search("[^s]s$", last) else ""
    other = other or (re.sub("([^aeiou])y$", r"\1ie", last) + "s")
    yield " ".join((*rest, other))
    if rest and rest[-1].islower() and units.fullmatch(last):  # never `referrals of MARAC`
        yield from (" ".join((unit, "of", *rest)) for unit in (last, other))
