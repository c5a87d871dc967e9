"""How indicators are named. In: the catalogue and the rules. Out: the forms of their names, by what they begin with."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from swp_analysis.audit.mentions import compile_form
from swp_analysis.audit.words import Subject
from swp_analysis.catalogue.claim_rules import ClaimRules, CountedUnit
from swp_analysis.catalogue.models import Catalogue, Indicator

# Where a note is referred to: no part of a name, as little as the unit in brackets behind one.
MARKS = r"[*†‡¹²³⁰⁴-⁹]"
_NO_PART_OF_NAME = re.compile(
    rf"{MARKS}|[.]|^(?:(?:the|total) )*(?:number|no|count|volume|percentage|proportion|share|%|per ?cent) of (?:the )?"
    r"|\s*\((?:\W*|number|percentage|per ?cent|count|offences|incidents|crimes|cases|people)\)$"
    r"| (?:counted )?(?:at|in|on|per|each|this|by) (?:the )?(?:(?:end|last day) of (?:the )?)?"
    r"(?:quarter|year|period)(?:[ -]end)?$",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"(.+?) \(([A-Z][\w&-]*)\)( .*)?")
_ARTICLES = ("a", "an", "the")
# What may stand between two words of a name.
_GAP = r"(?:\s+(?:(?:an?|the|our|who|that|which|are|is|was|were|ha[ds]|have|been)\s+)*|-)"
FEWEST_INITIALS = 3
_LETTERS, _GROUP = re.compile(r"[A-Za-z]*(?![?*+{])"), re.compile(r"\(\?(?:-i)?:")
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]])+\]|.", re.DOTALL)


def name_subjects(catalogue: Catalogue, rules: ClaimRules) -> Iterator[tuple[str, str, Subject]]:
    """Give the form of each name, whether it names a row or one beside another, and what it means."""
    named = find_written_names(catalogue)
    counted = "|".join(word for unit in rules.units for word in unit.words)
    units = compile_form(rf"(?:{counted})(?!\w)", re.IGNORECASE)
    names = [(name, subject) for name, subject in named.items() if len(name) > 2 and not units.fullmatch(name)]
    yield from ((_join(name.split()), "SUBJECT", subject) for name, subject in names)
    tied = [(one, "SUBJECT", Subject(one.indicator, one.measure)) for one in rules.subjects if one.indicator]
    wider = [(one, "SUBJECT", Subject("", wider_than=one.indicator or "")) for one in rules.wider]
    untied = [(one, "SUBJECT", Subject("")) for one in rules.subjects if not one.indicator]
    companions = [(one, "COMPANION", Subject(one.indicator or "", one.measure)) for one in rules.companions]
    for entry, kind, subject in (*tied, *wider, *companions):
        yield from ((rules.fill(words), kind, subject) for words in entry.words)
    of_many = {word for line in rules.heading_words for word in line.split()}
    shorter = list(find_shorter_names(named, rules.counted))
    letters = _add_own({}, [(one, subject) for short, subject in shorter for one in _initials(short)])
    letters.pop(catalogue.identity.short_name, None)  # ours, not a row's
    yield from ((rf"(?-i:{one}s?)(?: (?:{counted})\b)?", "SUBJECT", subject) for one, subject in letters.items())
    for short, subject in shorter:
        if short.casefold() not in of_many and not units.fullmatch(short):  # what is said above wins
            yield rf"{_join(short.split())}(?! (?:{counted})\b)", "SUBJECT", subject
    for entry, kind, subject in untied:  # what no table of ours has
        yield from ((rules.fill(words), kind, subject) for words in entry.words)


def counts_such(row: Indicator, noun: str, units: Sequence[CountedUnit]) -> bool | None:
    """Tell whether a row counts what a noun says; None for one that is in no list."""
    known = next((unit for unit in units if any(re.fullmatch(word, noun, re.IGNORECASE) for word in unit.words)), None)
    name = f"{row.label} {row.short_label} {row.id.replace('_', ' ')}".lower()
    return any(stem in name for stem in known.of) if known else None


def find_written_names(catalogue: Catalogue) -> dict[str, Subject]:
    """Find the names that each row goes by: as they are written, and without marks and unit, with an abbreviation that
    they explain or without, where no other row goes by it."""
    rows = catalogue.indicators.values()
    written = {name: Subject(one.id) for one in rows for name in (one.label, one.short_label, *one.aliases)}
    return _add_own(written, [(other, row) for name, row in written.items() for other in leave_unit(name)])


def _add_own(names: dict[str, Subject], others: Sequence[tuple[str, Subject]]) -> dict[str, Subject]:
    """Names, and of the others those that no second row goes by."""
    every, rows = [*others, *names.items()], dict[str, set[Subject]]()
    for name, row in every:
        rows.setdefault(name.casefold(), set()).add(row)
    return {name: row for name, row in every if name in names or len(rows[name.casefold()]) == 1}


def leave_unit(name: str) -> Iterator[str]:
    """Give a name without marks and unit, and with an abbreviation that it explains or without."""
    plain = " ".join(_NO_PART_OF_NAME.sub("", name).split())
    yield plain
    if found := _ABBREVIATED.fullmatch(plain):
        long, short, rest = found[1], found[2], found[3] or ""
        letters = iter("".join(word[0] for word in re.split(r"[\s-]+", long)).upper())
        if all(letter in letters for letter in re.sub("s$", "", short).upper()):
            yield from (f"{long}{rest}", f"{short}{rest}")


def find_shorter_names(named: dict[str, Subject], counted: str) -> Iterator[tuple[str, Subject]]:
    """Find `hate crime` for `Hate crime recorded`: without last words that only say that it was counted; `First time
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


def _join(words: list[str]) -> str:
    parts = [part for word in words if word not in _ARTICLES for part in word.split("-")]
    return _GAP.join(map(_in_either_form, parts))


def _in_either_form(word: str) -> str:
    """The form of a word and its other number, or a verb's participle; a short one, or one in capitals, has none."""
    if len(word) < 3 or not word[1:].islower():
        return re.escape(word)
    if ends_in_y := re.fullmatch(r"(.*[^aeiou])(?:y|ies)", word):
        return rf"{re.escape(ends_in_y[1])}(?:y|ies?)"
    return re.escape(re.sub("(?<=[^su])s$", "", word)) + "s?"


@dataclass(frozen=True)
class NameForm:
    """A form of a name, compiled when a text has what it begins with: of hundreds of names a text has few."""

    words: str
    kind: str
    meaning: Subject

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """What it can begin with, as `find_starts` has it."""
        return tuple(find_starts(self.words))

    @cached_property
    def pattern(self) -> re.Pattern:
        return compile_form(rf"(?:(?:{self.words})(?:'s|(?<=s)')?)(?!\w)", re.IGNORECASE)


@cache
def find_starts(form: str) -> set[str]:
    """Find the letters by which what a form matches begins, in lower case; an empty text where it may be anything.

    >>> sorted(find_starts("(?:share|rate) of theft|(?:bur|robb)eries|(?:the )?knives?|[Gg]uns?"))
    ['', 'bur', 'knive', 'rate', 'robb', 'share', 'the']
    """
    cuts = [-1, *_find_outside(form, "|"), len(form)]
    return set().union(*(_starts_of(form[before + 1 : end]) for before, end in pairwise(cuts)))


def _starts_of(choice: str) -> set[str]:
    group = _GROUP.match(choice)
    if not group:
        letters = _LETTERS.match(choice)
        return {letters[0].lower() if letters else ""}
    end = next(_find_outside(choice, ")"))
    starts = find_starts(choice[group.end() : end])
    return starts | _starts_of(choice[end + 2 :]) if choice.startswith(("?", "*", "{"), end + 1) else starts


def _find_outside(form: str, mark: str) -> Iterator[int]:
    """Where a mark stands in no group, or ends one."""
    depth = 0
    for token in _TOKEN.finditer(form):
        depth += (token[0] == "(") - (token[0] == ")")
        if not depth and token[0] == mark:
            yield token.start()


def sort_by_first_letter(forms: Sequence[NameForm]) -> dict[str, list[NameForm]]:
    """Give the forms that can match where a letter stands, in their order."""
    letters = [{start[:1] for start in form.starts} for form in forms]
    known = list(zip(forms, letters, strict=True))
    return {one: [form for form, own in known if {"", one} & own] for one in {""}.union(*letters)}
