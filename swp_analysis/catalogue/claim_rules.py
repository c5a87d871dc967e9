"""What `claims.yml` may say: the language of reports. Out: `ClaimRules`, for the audit.

It is loaded like the catalogue: a misspelt key is refused with its line.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from swp_analysis.catalogue.loader import CATALOGUE_FOLDER
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.safe_yaml import Document, Entry

# What the ids of rows of open tables begin with, and end with where they are those of the force.
OPEN, OF_FORCE = "open_", "_of_the_force"


class SubjectWords(Entry):
    """Further words for an indicator, or for a `group` of open tables or the row of ours that goes by one of them;
    without one they name something that no table has."""

    indicator: str | None = None
    group: str = ""
    words: list[str]
    measure: Literal["value", "number"] = "value"


class CountedUnit(Entry):
    """What a figure counts, and parts of the labels of the indicators that count it."""

    words: list[str]
    of: list[str]


class SizeWords(Entry):
    """Words that call a change large or slight, and the percent that it then is at least or at most."""

    words: str
    least: float = 0
    most: float = 1e9


class ClaimRules(Entry):
    """`claims.yml`: words, phrases and the sentences about several figures; subjects come from the indicators too."""

    placeholders: dict[str, str]
    subjects: list[SubjectWords]
    wider: list[SubjectWords] = []
    companions: list[SubjectWords]
    units: list[CountedUnit]
    counted: str
    of_all: str
    same_words: dict[str, str]
    bounds: dict[str, list[str]]
    multiples: dict[float, list[str]]
    amounts: dict[str, str]
    parts: dict[str, int]
    numbers: dict[str, int]
    ordinal: str
    runs: list[str]
    periods: dict[str, list[str]]
    period_forms: list[str]
    noise: list[str]
    numbering: str
    frames: list[str]
    aside: str
    tail: str
    frame_names: str
    frame_words: list[str]
    marks: dict[str, str]
    skipped_marks: str
    words: dict[str, list[str]]
    own_area: list[str]
    sizes: list[SizeWords]
    skip: list[str]
    macros: dict[str, str]
    phrases: dict[str, list[str]]
    sentences: dict[str, list[str]]
    states: dict[str, dict[str, str]]
    thresholds: str
    elsewhere: list[str]
    heading_words: list[str]
    measures_met: str
    part_of_whole: str
    money_totals: list[str]
    money_links: list[str]

    def counts_all(self, noun: str) -> bool:
        """Tell whether a noun may count more than the row that is spoken of."""
        return re.fullmatch(self.of_all, noun, re.IGNORECASE) is not None

    def fill(self, form: str) -> str:
        """Give a form with its placeholders, which may hold others, replaced; a period's kind is one as well."""
        periods = {kind: "|".join(phrases) for kind, phrases in self.periods.items()}
        for _ in range(4):
            for name, value in (*self.placeholders.items(), *periods.items()):
                form = form.replace(f"{{{name}}}", value)
        return form


def load_claim_rules(catalogue: Catalogue, folder: Path = CATALOGUE_FOLDER) -> ClaimRules:
    """Read `claims.yml` and add the phrases of the indicators.

    Raises
    ------
    InputError
        For an unknown key or a value of the wrong kind, with file and line.
    """
    rules = _read_rules(folder)
    subjects = [replaced for one in rules.subjects for replaced in _of_open_tables(one, catalogue)]

    def words_of(key: str, measure: Literal["value", "number"] = "value") -> list[SubjectWords]:
        named = {one.id: getattr(one, key) for one in catalogue.indicators.values()}
        return [SubjectWords(indicator=name, words=words, measure=measure) for name, words in named.items() if words]

    return rules.model_copy(
        update={
            "subjects": [*words_of("number_phrases", "number"), *words_of("phrases"), *subjects],
            "wider": words_of("wider_phrases"),
            "companions": [*rules.companions, *words_of("member_phrases")],
        }
    )


def _of_open_tables(entry: SubjectWords, catalogue: Catalogue) -> Iterator[SubjectWords]:
    """The words of the one row of ours that goes by any of them; else of an open row that is there, for the area and,
    with its name behind them, for its force."""
    row, words = f"{OPEN}{entry.group}", "|".join(entry.words)
    every = [one for one in catalogue.indicators.values() if not one.id.startswith(OPEN)]
    own = [one.id for one in every if entry.group and re.fullmatch(words, one.label, re.IGNORECASE)]
    known = own if len(own) == 1 else [row] if row in catalogue.indicators else [None]
    yield entry.model_copy(update={"indicator": known[0]})
    force = re.sub(r"(?i)\s*\b(?:police(?: service)?|constabulary|heddlu)\b\s*", "", catalogue.identity.force)
    if entry.group and force and f"{row}{OF_FORCE}" in catalogue.indicators:
        where = rf" (?:in|of|across|for) (?:the )?{re.escape(force)}(?: police)?(?: force)?(?: area)?"
        yield SubjectWords(indicator=f"{row}{OF_FORCE}", words=[f"(?:{words}){where}"])


@lru_cache(maxsize=4)
def _read_rules(folder: Path) -> ClaimRules:
    return Document(folder / "claims.yml").parse(ClaimRules)
