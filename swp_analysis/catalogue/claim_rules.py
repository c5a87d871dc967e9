"""What `claims.yml` may say: the language of reports. Out: `ClaimRules`, for the audit.

Kept beside the catalogue and loaded like it: a misspelt key or an indicator that doesn't exist is refused by line.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from swp_analysis.catalogue.loader import CATALOGUE_FOLDER
from swp_analysis.catalogue.models import Entry
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.errors import InputError


class SubjectWords(Entry):
    """Further words for an indicator; without one they name something that the tables don't have."""

    indicator: str | None = None
    words: list[str]
    measure: Literal["value", "number"] = "value"


class CountedUnit(Entry):
    """What a figure counts, and parts of the labels of the indicators that count it."""

    words: list[str]
    of: list[str]


class ClaimRules(Entry):
    """`claims.yml`: words, phrases and the sentences about two indicators."""

    placeholders: dict[str, str]
    subjects: list[SubjectWords]
    wider: list[SubjectWords]
    companions: list[SubjectWords]
    units: list[CountedUnit]
    bounds: dict[str, list[str]]
    multiples: dict[float, list[str]]
    ordinals: dict[str, int]
    periods: dict[str, list[str]]
    noise: list[str]
    frame_words: list[str]
    words: dict[str, list[str]]
    own_area: list[str]
    skip: list[str]
    macros: dict[str, str]
    phrases: dict[str, list[str]]
    pairs: dict[str, list[str]]
    elsewhere: list[str]
    measures_met: str
    part_of_whole: str
    money_totals: list[str]
    money_links: list[str]


@lru_cache(maxsize=4)
def load_claim_rules(indicators: frozenset[str], folder: Path = CATALOGUE_FOLDER) -> ClaimRules:
    """Read `claims.yml` and check the indicators that it names.

    Raises
    ------
    InputError
        For an unknown key, a value of the wrong kind or an unknown indicator, with file and line.
    """
    document = Document(folder / "claims.yml")
    rules = document.parse(ClaimRules)
    for name, line in document.references({"indicator"}):
        if name not in indicators:
            raise InputError(f"claims.yml line {line}: no indicator has the id {name!r}.")
    return rules
