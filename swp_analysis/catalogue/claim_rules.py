"""What `claims.yml` may say: how reports word their figures. Out: `ClaimRules`, for the audit's extractor.

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


class Subject(Entry):
    """Further words for an indicator; none means something that the tables don't have."""

    indicator: str | None = None
    words: list[str]
    measure: Literal["value", "number"] = "value"


class Pattern(Entry):
    """One way of wording a claim: its kind and a regular expression with placeholders in braces."""

    kind: str
    match: str
    direction: Literal["", "up", "down", "not up", "not down"] = ""
    stated: str = ""
    weak: bool = False


class PeriodWords(Entry):
    """Words for periods that are not written as a year or quarter."""

    this_year: list[str]
    last_year: list[str]
    this_quarter: list[str]
    previous_quarter: list[str]
    same_quarter: list[str]
    quarter_on_quarter: list[str]
    other: list[str]


class ClaimRules(Entry):
    """`claims.yml`: words, placeholders and patterns of the extractor."""

    number_words: dict[str, int]
    ordinals: dict[str, int]
    placeholders: dict[str, str]
    subjects: list[Subject]
    companions: list[Subject]
    units: list[str]
    role_units: list[str]
    rises: list[str]
    falls: list[str]
    rise_nouns: list[str]
    fall_nouns: list[str]
    more: list[str]
    less: list[str]
    periods: PeriodWords
    hedges: list[str]
    negations: list[str]
    plans: list[str]
    elsewhere: list[str]
    joins: list[str]
    second_figure: list[str]
    money_totals: list[str]
    money_links: list[str]
    clause_breaks: list[str]
    noise: list[str]
    vocabulary: list[str]
    patterns: list[Pattern]


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
