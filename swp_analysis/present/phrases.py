"""Sentences by the name of what they say. In: a name in `phrases.yml`, figures. Out: plain English.

Which finding is said is decided in Python; how it is said stands in the YAML: one template for each situation. In it

    {now:unit}              writes a figure in the unit that is handed over as `unit`; other kinds stand in `WRITERS`
    {names}                 lists several words: a, b and c
    {count:was|were}        chooses by a number, a list or a yes: the first for one, the second for more or none
    [, up from {before}]    is left out where a figure in it is missing: None, or without a letter
    {now:?}                 writes nothing: its part is left out where that figure is missing
"""

import re
from collections.abc import Callable, Sequence, Sized
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.numbers import write_chance, write_day, write_value

NUMBER_WORDS = tuple("none one two three four five six seven eight nine ten eleven twelve".split())
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@cache
def read_phrases() -> dict[str, Any]:
    """Read all words of pages by the name of their use: a text, or texts by what they stand for."""
    return yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))


def say(*names: str, **figures: Any) -> str:
    """Write the phrases of these names one after the other; a name of "" says nothing.

    >>> say("aim.missed", left="2.5 points", short=False, aim="25.6%")
    '2.5 points over the aim of 25.6%'

    Raises
    ------
    KeyError
        When there is no phrase of the name, or a figure that it needs was not handed over.
    ValueError
        When such a figure is missing and the phrase has no way to leave it out.
    """
    writer = _Writer(figures.get("unit", "count"))
    said = [writer.vformat(_leave_out(_find(name), figures), (), figures) for name in names if name]
    return " ".join(filter(None, said))


@cache
def _find(name: str) -> Any:
    """The template of a name, as `headline.clear`: an entry of the YAML, and one inside it."""
    found = read_phrases()
    for step in name.split("."):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def list_variants(name: str) -> list[str]:
    """List the names of the phrases that say the same with fewer and fewer words."""
    return [f"{name}.{place}" for place in range(len(_find(name)))]


def _leave_out(template: str, figures: dict[str, Any]) -> str:
    """The template without the optional parts in which a figure is missing, from the inside out."""
    while part := _OPTIONAL.search(template):
        fields = [field for _, field, _, _ in Formatter().parse(part[1]) if field]
        kept = "" if any(_is_missing(figures[field]) for field in fields) else part[1]
        template = template[: part.start()] + kept + template[part.end() :]
    return template


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, Sized) and not len(value))


class _Writer(Formatter):
    """Writes each field of a template by its kind."""

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            raise ValueError(f"a figure is missing that should be written as {format_spec or 'words'!r}")
        one, bar, many = format_spec.partition("|")
        if bar:
            return one if (len(value) if isinstance(value, Sized) else value) == 1 else many
        if format_spec == "?":
            return ""
        if format_spec == "unit":
            return write_value(value, self._unit)
        if format_spec in WRITERS:
            return WRITERS[format_spec](value)
        return list_words(value) if isinstance(value, list | tuple) else format(value, format_spec)


def list_words(words: Sequence[str]) -> str:
    """`["a", "b", "c"]` -> `a, b and c`; entries with a comma of their own are kept apart by semicolons."""
    gap = "; " if any("," in word for word in words) else ", "
    return " and ".join([gap.join(words[:-1]), words[-1]] if len(words) > 1 else words)


def lower_first(text: str) -> str:
    """Give a label inside a sentence: `Knife violence` -> `knife violence`, but `MARAC referrals` stays."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def spell_number(number: int) -> str:
    """Give small numbers as words, larger ones as digits."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)


def ordinal(place: int) -> str:
    """Give a place in words.

    >>> [ordinal(place) for place in (1, 2, 3, 11, 22)]
    ['1st', '2nd', '3rd', '11th', '22nd']
    """
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


WRITERS: dict[str, Callable[[Any], str]] = {
    "year": display_year,
    "day": write_day,
    "chance": write_chance,
    "place": ordinal,
    "spelled": spell_number,
    "Spelled": lambda number: spell_number(number).capitalize(),
    "count": lambda words: spell_number(len(words)),
    "low": lower_first,
    "or": " or ".join,
    "apart": "; ".join,
}
