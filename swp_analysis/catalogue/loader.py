"""Reads the catalogue's YAML. In: `catalogue/*.yml`. Out: a `Catalogue`, or one sentence with file and line of what
is wrong.

Line numbers come from the YAML node tree: pydantic says which key is wrong, the node says where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

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
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document:
    """One YAML file: its values, and for each of them the line where it stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise InputError(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from None
        self._refuse_repeated_keys()
        self.values: Any = _construct(self.node)

    def parse(self, shape: Any, place: tuple[str | int, ...] = (), values: Any = None) -> Any:
        """The values at `place` as `shape` (a type), or an `InputError` with the line of the first thing that is
        wrong."""
        if values is None:
            values = self.values
            for step in place:
                values = values[step]
        try:
            return TypeAdapter(shape).validate_python(values)
        except ValidationError as error:
            # A misspelt key is also a missing one; the misspelling is what a person has to find.
            first = min(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
            where = (*place, *first["loc"])
            raise InputError(f"{self.path.name} line {self.line(where)}: {_explain(first)}") from None

    def line(self, place: tuple[str | int, ...]) -> int:
        """The line of the deepest part of `place` that exists."""
        node, line = self.node, self.node.start_mark.line + 1
        for step in place:
            child = _child(node, step)
            if child is None:
                break
            line, node = child
        return line

    def references(self, keys: set[str]) -> Iterator[tuple[str, int]]:
        """Every id named under one of `keys`, with its line."""
        for key, value in _walk_pairs(self.node):
            if key.value in keys:
                items = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for item in items:
                    if isinstance(item, yaml.ScalarNode) and item.tag != "tag:yaml.org,2002:null":
                        yield item.value, item.start_mark.line + 1

    def _refuse_repeated_keys(self) -> None:
        for mapping in _walk_mappings(self.node):
            seen: set[str] = set()
            for key, _ in mapping.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise InputError(f"{self.path.name} line {line}: the key {key.value!r} stands twice in one entry.")
                seen.add(key.value)


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


def _explain(error: dict[str, Any]) -> str:
    key = error["loc"][-1] if error["loc"] else "the file"
    if error["type"] == "extra_forbidden":
        return f"unknown key {key!r}."
    if error["type"] == "missing":
        return f"the key {key!r} is missing."
    return f"{key!r} is {error['input']!r}: {error['msg'][0].lower()}{error['msg'][1:]}."


def _construct(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def _walk_mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _walk_mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk_mappings(item)


def _walk_pairs(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    for mapping in _walk_mappings(node):
        yield from mapping.value
