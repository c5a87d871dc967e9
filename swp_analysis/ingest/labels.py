"""Which indicator a row is about. In: the printed label. Out: the indicator and its baseline text, or a sentence
that says which alias to add where.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from swp_analysis.catalogue.models import Catalogue, Indicator, Layouts, UnlabelledRow
from swp_analysis.ingest.spelling import drop_repeat, fold_look_alikes, letters, plain
from swp_analysis.ingest.timeline import YEAR

LEAST_LIKENESS = 60


@dataclass(frozen=True)
class Label:
    """A row label taken apart: its name, the baseline printed behind it with what it is called, and cells that ran into
    it behind a direction (empty when there are none)."""

    name: str
    baseline: str
    swallowed: str = field(default="", repr=False)
    called: str = field(default="", repr=False)


def split_label(text: str, layouts: Layouts) -> Label:
    """Separate a label from the baseline that is printed in the same cell.

    >>> from swp_analysis.catalogue.loader import load_catalogue
    >>> split_label("Hate Crime Baseline – 374", load_catalogue().layouts)
    Label(name='Hate Crime', baseline='374')
    >>> split_label("Hate Crime (baseline: 374)", load_catalogue().layouts)
    Label(name='Hate Crime', baseline='374')
    """
    text, swallowed = _before_direction(fold_look_alikes(text), layouts)
    match = _baseline_pattern(layouts.baseline_word).fullmatch(text)
    if match is None:
        return Label(text.strip(), "", swallowed)
    return Label(match["name"].strip(), match["figure"], swallowed, match["called"])


@cache
def _baseline_pattern(word: str) -> re.Pattern[str]:
    """`… Baseline 191`, `… baseline: 191`, `… Baseline – 97`, `… (Baseline 191)`, `… (2016/17 baseline: 191)`."""
    year = rf"\(?{YEAR.pattern}\)?"
    called = rf"(?P<called>(?:{year}\s+)?{re.escape(word)}(?:\s+{year})?)"
    figure = r"(?P<figure>[<\d](?(open)[^()]*(?:\([^()]*\))?|.*))"
    return re.compile(rf"(?P<name>.*?)\s+(?P<open>\()?{called}\s*[-–—:=]?\s*{figure}(?(open)\))", re.IGNORECASE)


def _before_direction(text: str, layouts: Layouts) -> tuple[str, str]:
    """A label without the words of the next cell that ran into it (`… Baseline 191To reduce`) or took its place, and
    the figures that ran in behind them."""
    for word in layouts.direction_words:
        label, found, behind = text.rpartition(word)
        if found and (not behind.strip() or (label.strip() and behind.strip()[0] in "<0123456789")):
            return label.rstrip(), behind.strip()
    return text, ""


def _singular(name: str) -> str:
    """A plain name with every word in the singular, and no colon behind it.

    >>> _singular("Hate crimes:"), _singular("Business")
    ('hate crime', 'business')
    """
    words = plain(name).rstrip(" :;").split()
    return " ".join(word if word.endswith("ss") else word.removesuffix("s") for word in words)


class LabelBook:
    """The catalogue's names, looked up without regard to case, spacing, plurals, a colon behind, and footnote marks."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        indicators = catalogue.indicators.values()
        self._ids = {plain(name): one.id for one in indicators for name in (one.label, *one.aliases)}
        self._ids_by_letters = {letters(name): found for name, found in self._ids.items()}
        loose = defaultdict(set)
        for name, found in (*self._ids.items(), *((one.short_label, one.id) for one in indicators)):
            loose[_singular(name)].add(found)
        self._ids_by_singular = {name: next(iter(ids)) for name, ids in loose.items() if len(ids) == 1}

    def find(self, name: str) -> Indicator | None:
        """Find the indicator that the catalogue gives this name or short label, or None."""
        found = self._ids_by_singular.get(_singular(name), "")
        return self.find_whole(name) or self.catalogue.indicators.get(found)

    def find_whole(self, name: str) -> Indicator | None:
        """Run `find` in lines, where a short label may begin a longer name; a name inside itself counts once."""
        printed = plain(name)
        found = self._ids.get(printed) or self._ids.get(plain(drop_repeat(printed)))
        found = found or self._ids_by_letters.get(letters(printed))
        return self.catalogue.indicators[found] if found else None

    def direction_of(self, text: str) -> str:
        """Give the words with which a text says which way its figure should go ("To reduce …"), or nothing."""
        words = self.catalogue.layouts.direction_words
        return next((word for word in words if text.casefold().startswith(word.casefold())), "")

    def of(self, label: str) -> Indicator | None:
        """Find the indicator of a label as printed, with the baseline behind it."""
        return self.find(self.split(label).name)

    def of_row(self, label: str, below: str) -> Indicator | None:
        """Find the indicator of a row by its label; by the label below when it has none."""
        name = self.split(label).name
        rule = None if name else self.rule_before(below)
        return self.find(name) if name else self.catalogue.indicators[rule.indicator] if rule else None

    def split(self, text: str) -> Label:
        """Run `split_label` with the catalogue's word for a baseline."""
        return split_label(text, self.catalogue.layouts)

    def rule_before(self, below: str) -> UnlabelledRow | None:
        """Give the rule for a row without a label, recognised by the label below it (`layouts.yml`)."""
        name = plain(self.split(below).name)
        rules = self.catalogue.layouts.unlabelled_rows
        return next((rule for rule in rules if name and plain(rule.before) == name), None)

    def suggestion(self, name: str) -> str:
        """Say what a person should add to the catalogue so that `name` is known."""
        from rapidfuzz import fuzz, process

        close = process.extractOne(
            plain(name), self._ids.keys(), scorer=fuzz.token_set_ratio, score_cutoff=LEAST_LIKENESS
        )
        if close is None:
            return "no indicator has a similar label; add one, or an alias, in partnership/indicators"
        indicator = self.catalogue.indicators[self._ids[close[0]]]
        return (
            f"nearest is {indicator.id}; if that is meant, add the label to its aliases in "
            f"partnership/indicators/{indicator.theme}.yml"
        )


# The names of a catalogue, and their words


def names_of(catalogue: Catalogue) -> Iterable[str]:
    """Give the partnership's own names for themes and indicators: a title may say them."""
    for name, theme in catalogue.themes.items():
        yield from (theme.title, name.replace("_", " "))
    for indicator in catalogue.indicators.values():
        yield from (indicator.label, *indicator.aliases)


def words_of_names(catalogue: Catalogue) -> Iterable[str]:
    """Give the words of the partnership's own names: a title of a theme, an indicator or an owner is made of them."""
    own = catalogue.identity.name
    initials = "".join(word[0] for word in own.split() if word[0].isupper())
    names = [*catalogue.themes, *names_of(catalogue), own, initials, initials[1:], catalogue.identity.short_name]
    for indicator in catalogue.indicators.values():
        names += [indicator.id.replace("_", " "), indicator.short_label or "", indicator.owner]
    yield from (token for name in names for token in re.findall(r"[^\W\d_]{3,}", plain(name)))
