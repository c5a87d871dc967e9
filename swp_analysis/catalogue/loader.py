"""Reads the catalogue's YAML. In: `catalogue/*.yml`. Out: a `Catalogue`, or one sentence with file and line of what
is wrong.

Line numbers come from the YAML node tree: pydantic says which key is wrong, the node says where it stands.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from swp_analysis.catalogue.models import (
    Audience,
    Catalogue,
    Indicator,
    Layouts,
    RebaseEntry,
    RecordingBreak,
    StrategyBook,
    Theme,
)
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.catalogue.weighing import CoverageSection, CriteriaBook
from swp_analysis.errors import InputError

CATALOGUE_FOLDER = Path(__file__).parent
INDICATOR_KEYS = {
    "indicator",
    "indicators",
    "companion_share",
    "numerator",
    "denominator",
    "subgroup_of",
    "corroborated_by",
    "measured_by",
}
BOOKS = ("strategy", "layouts", "recording_breaks", "rebases", "audiences", "criteria", "coverage")
PRIORITY_KEYS = {"strategic_priority", "printed_under"}


@lru_cache(maxsize=4)
def load_catalogue(folder: Path = CATALOGUE_FOLDER) -> Catalogue:
    """Read and cross-check the whole catalogue.

    Raises
    ------
    InputError
        For an unknown key, a value of the wrong kind or an id that nothing defines, with file and line.
    """
    theme_files = [Document(path) for path in sorted((folder / "indicators").glob("*.yml"))]
    strategy, layouts, breaks, rebases, audiences, criteria, coverage = (
        Document(folder / f"{name}.yml") for name in BOOKS
    )
    catalogue = Catalogue(
        themes={theme.id: theme for theme in map(_read_theme, theme_files)},
        indicators=_read_indicators(theme_files),
        strategy=strategy.parse(StrategyBook),
        criteria=criteria.parse(CriteriaBook),
        coverage=coverage.parse(list[CoverageSection]),
        layouts=layouts.parse(Layouts),
        recording_breaks=breaks.parse(list[RecordingBreak]),
        rebases=rebases.parse(list[RebaseEntry]),
        audiences={audience.id: audience for audience in audiences.parse(list[Audience])},
    )
    _check_references([*theme_files, strategy, layouts, breaks, rebases, criteria], catalogue)
    _check_candidates(criteria)
    return catalogue


def require_audience(name: str) -> Audience:
    """The audience with an id, or an `InputError` that names those that exist."""
    audiences = load_catalogue().audiences
    if name not in audiences:
        raise InputError(f"{name!r} is not an audience; choose one of {', '.join(audiences)}.")
    return audiences[name]


def _read_theme(document: Document) -> Theme:
    head = {key: value for key, value in document.values.items() if key != "indicators"}
    return document.parse(Theme, values={"id" if key == "theme" else key: value for key, value in head.items()})


def _read_indicators(documents: list[Document]) -> dict[str, Indicator]:
    indicators: dict[str, Indicator] = {}
    for document in documents:
        for position, entry in enumerate(document.values.get("indicators") or []):
            place = ("indicators", position)
            values = {"theme": document.values["theme"], **entry}
            indicator = document.parse(Indicator, place, values)
            if indicator.id in indicators:
                line = document.line((*place, "id"))
                raise InputError(
                    f"{document.path.name} line {line}: the indicator {indicator.id!r} is already defined."
                )
            indicators[indicator.id] = indicator
    return indicators


def _check_references(documents: list[Document], catalogue: Catalogue) -> None:
    indicators = set(catalogue.indicators)
    priorities = {entry.id for strategy in catalogue.strategy.strategies for entry in strategy.priorities}
    for document in documents:
        _refuse_unknown(document, INDICATOR_KEYS, indicators, "indicator")
        _refuse_unknown(document, PRIORITY_KEYS, priorities, "strategic priority")


def _check_candidates(criteria: Document) -> None:
    """No indicator, criterion or candidate stands twice: what stands twice would count twice."""
    for part, key in (
        ("criteria", "id"),
        ("candidates", "id"),
        ("harm_bands", "indicators"),
        ("candidates", "indicators"),
    ):
        seen: set[str] = set()
        for position, entry in enumerate(criteria.values[part]):
            for name in [entry[key]] if key == "id" else entry[key]:
                if name in seen:
                    line = criteria.line((part, position, key))
                    raise InputError(f"{criteria.path.name} line {line}: {name!r} stands twice under {part}.")
                seen.add(name)


def _refuse_unknown(document: Document, keys: set[str], known: set[str], noun: str) -> None:
    from difflib import get_close_matches

    for name, line in document.references(keys):
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise InputError(f"{document.path.name} line {line}: no {noun} has the id {name!r}{hint}")
