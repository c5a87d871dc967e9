"""Sentences by the name of what they say, figures as text. In: a name in `phrases.yml`, figures. Out: plain English.

Which finding is said is decided in Python; how it is said stands in the YAML: one template for each situation. In it

    {now:unit}              writes a figure in the unit that is handed over as `unit`; other kinds stand in `WRITERS`
    {names}                 lists several words: a, b and c
    {count:was|were}        chooses by a number, a list or a yes: the first for one, the second for more or none
    {count:#figure}         writes a number with its noun: 1 figure, 3 figures
    [, up from {before}]    is left out where a figure in it is missing: None, or without a letter
    {now:?}                 writes nothing: its part is left out where that figure is missing
"""

import re
from collections.abc import Callable, Sequence, Sized
from datetime import date
from decimal import Decimal
from functools import cache
from math import floor, isinf, isnan, log10
from pathlib import Path
from string import Formatter
from typing import Any

from swp_analysis.catalogue.identity import known_areas
from swp_analysis.catalogue.periods import display_year
from swp_analysis.errors import count_noun
from swp_analysis.project import read_shipped

MINUS = "−"
NOTHING = "–"
NUMBER_WORDS = tuple("none one two three four five six seven eight nine ten eleven twelve".split())
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@cache
def read_own_yaml(name: str) -> dict[str, Any]:
    """Read a YAML file of this room."""
    return read_shipped(Path(__file__).with_name(name))


def read_phrases() -> dict[str, Any]:
    """Read all words of pages by the name of their use: a text, or texts by what they stand for."""
    return read_own_yaml("phrases.yml")


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
        if format_spec.startswith("#"):
            return count_noun(value, format_spec[1:])
        if format_spec == "unit":
            return write_value(value, self._unit)
        if format_spec in WRITERS:
            return WRITERS[format_spec](value)
        return list_words(value) if isinstance(value, list | tuple) else format(value, format_spec)


def list_words(words: Sequence[str]) -> str:
    """Write `["a", "b", "c"]` -> `a, b and c`; entries with a comma of their own are kept apart by semicolons.

    >>> list_words(["Fires", "children missing, episodes", "noise"])
    'Fires; children missing, episodes; and noise'
    """
    gap = "; " if any(", " in word for word in words) else ", "
    return f"{gap.strip(', ')} and ".join([gap.join(words[:-1]), words[-1]] if len(words) > 1 else words)


def lower_first(text: str) -> str:
    """Give a label inside a sentence: `Knife violence` -> `knife violence`, but `MARAC referrals` stays, and so does
    what begins with the name of an area or a programme: `Prevent referrals`."""
    words = text.split()
    is_name = any(" ".join(words[:length]) in _proper_names() for length in range(1, len(words) + 1))
    return text[0].lower() + text[1:] if text[1:2].islower() and not is_name else text


@cache
def _proper_names() -> frozenset[str]:
    return frozenset([*read_phrases()["proper_names"], *(area.name for area in known_areas())])


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


def write_value(value: float | None, unit: str) -> str:
    """Write a count with thousands separators, or a percentage to one decimal; one printed without stays so.

    >>> write_value(6251, "count"), write_value(33.947, "percent"), write_value(78.0, "percent")
    ('6,251', '33.9%', '78%')
    """
    if value is None or isnan(value):
        return NOTHING
    return f"{value:,.0f}" if unit == "count" else f"{value:.{int(value != round(value))}f}%"


def write_change(before: float, after: float, unit: str) -> str:
    """Write a signed change: cases, or percentage points. Where the two printed percentages would give another last
    digit, it says that the points were worked out first and rounded last.

    >>> write_change(15.1163, 9.4595, "percent"), write_change(34.5092, 33.9478, "percent")
    ('−5.7 percentage points before rounding', '−0.6 percentage points')
    """
    change = after - before
    if unit == "percent":
        return f"{_write_signed(change, 1)} percentage points{_before_rounding(before, after)}"
    return _write_signed(change, 0)


def write_points(before: float, after: float) -> str:
    """Write the size of a change of a percentage, without its sign; "" where the two printed percentages would give
    another last digit, which a sentence has no room to explain.

    >>> write_points(34.5092, 33.9478), write_points(15.1163, 9.4595)
    ('0.6 percentage points', '')
    """
    size = f"{abs(after - before):.1f}"
    points = f"{size} percentage point{'' if size == '1.0' else 's'}"
    return "" if _before_rounding(before, after) else points


def _before_rounding(before: float, after: float) -> str:
    printed = Decimal(f"{after:.1f}") - Decimal(f"{before:.1f}")
    return " before rounding" if printed != Decimal(f"{after - before:.1f}") else ""


def write_percent_change(change_pct: float) -> str:
    """Write a signed percentage change to one decimal: `+15.7%`."""
    return f"{_write_signed(change_pct, 1)}%"


def write_day(iso_date: str) -> str:
    """Write a day as people write it.

    >>> write_day("2017-07-30")
    '30 July 2017'
    """
    day = date.fromisoformat(iso_date)
    return f"{day.day} {day:%B %Y}"


def write_new_level(since: str, reason: str, name: str, entered: date) -> str:
    """Write that a line starts a new level, why, and who decided it when."""
    return say("line.new_level", since=since, reason=reason.rstrip("."), name=name, entered=entered.isoformat())


def write_chance(share: float) -> str:
    """Write a chance of 0-1 in whole percent; never 0% or 100% for what can still happen.

    >>> write_chance(0.919), write_chance(0.9999), write_chance(0.0)
    ('92%', 'over 99%', 'under 1%')
    """
    if share < 0.005:
        return "under 1%"
    return "over 99%" if share > 0.995 else f"{100 * share:.0f}%"


def write_ratio(ratio: float) -> str:
    """Write a ratio to two decimals, or to as many as it takes not to print 1.00 for a ratio that isn't 1.

    >>> write_ratio(1.0003), write_ratio(1.157)
    ('1.0003', '1.16')
    """
    if isinf(ratio):
        return "no upper limit"
    decimals = 2
    if ratio != 1 and round(ratio, 2) == 1:
        decimals = min(6, -floor(log10(abs(ratio - 1))))
    return f"{ratio:.{decimals}f}"


def write_interval(lower: float, upper: float, measure: str) -> str:
    """Write the two ends of a 95% range."""
    if measure == "ratio":
        return f"{write_ratio(lower)}–{write_ratio(upper)}"
    return f"{_write_signed(lower, 1)} to {_write_signed(upper, 1)} points"


def _write_signed(value: float, decimals: int) -> str:
    """A number with its sign, but for one that is printed as nought."""
    text = f"{value:+,.{decimals}f}".replace("-", MINUS)
    return text if text.strip(f"+{MINUS}0.") else text[1:]


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
