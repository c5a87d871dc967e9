"""Reads the catalogue's YAML. In: `catalogue/*.yml`, which holds for all, and a `partnership/`. Out: a `Catalogue`, or
one sentence with file and line of what is wrong.

Line numbers come from the YAML node tree: pydantic says which key is wrong, the node says where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.completion import complete
from swp_analysis.catalogue.models import (
    Audience,
    Catalogue,
    Identity,
    Indicator,
    Layouts,
    RebaseEntry,
    RecordingBreak,
    StrategyBook,
    Theme,
    Topic,
)
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.catalogue.weighing import CoverageAddition, CoverageSection, CriteriaBook, CriterionChange
from swp_analysis.errors import InputError
from swp_analysis.project import find_project

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
    "also",
}
BOOKS = ("topics", "recording_breaks", "criteria", "audiences", "layouts", "requirements")
# Files that a partnership may leave out, with what they then say.
OPTIONAL_FILES: dict[str, Any] = {
    "strategy": {},
    "criteria": [],
    "coverage": [],
    "layouts": {},
    "recording_breaks": [],
    "rebases": [],
}
TOPIC_KEYS = {"topics", "gap_closed_by"}
PRIORITY_KEYS = {"strategic_priority", "printed_under"}


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read and cross-check what is known about the data: the package's own part and that of a partnership.

    `folder` is the partnership's, default that of the project the call belongs to.

    Raises
    ------
    InputError
        For an unknown key, a value of the wrong kind or an id that nothing defines, with file and line; or when there
        is no partnership.
    """
    return _load((folder or find_project().partnership).resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Catalogue:
    own = PartnershipFiles.open(folder)
    topics, breaks, criteria, audiences, layouts, requirements = (
        Document(CATALOGUE_FOLDER / f"{name}.yml") for name in BOOKS
    )
    indicators = _read_indicators(own.themes)
    catalogue = Catalogue(
        identity=own.identity.parse(Identity),
        topics={topic.id: topic for topic in topics.parse(list[Topic])},
        themes={theme.id: theme for theme in map(_read_theme, own.themes)},
        indicators=indicators,
        strategy=own.strategy.parse(StrategyBook),
        criteria=_read_criteria(criteria, own.criteria),
        coverage=_read_coverage(requirements, own.coverage),
        layouts=_read_layouts(layouts, own.layouts),
        recording_breaks=breaks.parse(list[RecordingBreak]) + own.recording_breaks.parse(list[RecordingBreak]),
        rebases=own.rebases.parse(list[RebaseEntry]),
        audiences={audience.id: audience for audience in audiences.parse(list[Audience])},
    )
    _check_references([*own.documents(), breaks, requirements], catalogue)
    _check_candidates(own.themes)
    return complete(catalogue, folder.parent / "notebooks")


@dataclass(frozen=True)
class PartnershipFiles:
    """The files of a partnership; only `identity.yml` and one file in `indicators/` must be there."""

    identity: Document
    themes: list[Document]
    strategy: Document
    criteria: Document
    coverage: Document
    layouts: Document
    recording_breaks: Document
    rebases: Document

    @classmethod
    def open(cls, folder: Path) -> PartnershipFiles:
        """Read them all; raise InputError where there is no partnership."""
        if not (folder / "identity.yml").is_file():
            raise InputError(
                f"There is no {folder.name}/identity.yml in {folder.parent}: `swp init FOLDER --name … --area …` makes "
                "a partnership's files, or copy partnership/ from where the project was."
            )
        optional = [Document(folder / f"{name}.yml", empty=empty) for name, empty in OPTIONAL_FILES.items()]
        themes = [Document(path) for path in sorted((folder / "indicators").glob("*.yml"))]
        return cls(Document(folder / "identity.yml"), themes, *optional)

    def documents(self) -> list[Document]:
        """All of them that may name an id."""
        others = [self.strategy, self.criteria, self.coverage, self.layouts, self.recording_breaks, self.rebases]
        return [*self.themes, *others]


def _read_criteria(shared: Document, own: Document) -> CriteriaBook:
    """The criteria of all, with the weights, reasons and sources that a partnership gives instead."""
    book = shared.parse(CriteriaBook)
    changes = {change.id: change for change in own.parse(list[CriterionChange])}
    criteria = [
        entry.model_copy(update=changes[entry.id].model_dump(exclude_none=True)) if entry.id in changes else entry
        for entry in book.criteria
    ]
    return book.model_copy(update={"criteria": criteria})


def _read_coverage(shared: Document, own: Document) -> list[CoverageSection]:
    sections = {section.id: section for section in shared.parse(list[CoverageSection])}
    for position, more in enumerate(own.parse(list[CoverageAddition])):
        if more.id not in sections:
            raise InputError(
                f"{own.path.name} line {own.line((position, 'id'))}: no requirement has the id {more.id!r}; "
                f"it is one of {', '.join(sections)}."
            )
        section = sections[more.id]
        sections[more.id] = section.model_copy(update=more.model_dump(exclude_defaults=True))
    return list(sections.values())


def _read_layouts(shared: Document, own: Document) -> Layouts:
    """The layouts of all, with a partnership's own entries behind them."""
    base, more = shared.parse(Layouts), own.parse(Layouts)
    given = more.model_dump(exclude_unset=True)
    lists = {name: [*getattr(base, name), *getattr(more, name)] for name in given if isinstance(given[name], list)}
    return base.model_copy(update={**{name: getattr(more, name) for name in given}, **lists})


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
        _refuse_unknown(document, TOPIC_KEYS, set(catalogue.topics), "topic")


def _check_candidates(themes: list[Document]) -> None:
    """Refuse a candidate, or an indicator of one, that stands twice: it would count twice."""
    seen: set[str] = set()
    names: set[str] = set()
    for document in themes:
        for position, entry in enumerate(document.values.get("indicators") or []):
            candidate = entry.get("candidate") or {}
            place = ("indicators", position, "candidate")
            members = [entry["id"], *candidate.get("also", [])] if candidate else []
            for name, known, noun in [
                *((candidate[key], names, "candidate") for key in ("id",) if candidate),
                *((member, seen, "indicator of a candidate") for member in members),
            ]:
                if name in known:
                    line = document.line(place)
                    raise InputError(f"{document.path.name} line {line}: the {noun} {name!r} stands twice.")
                known.add(name)


def _refuse_unknown(document: Document, keys: set[str], known: set[str], noun: str) -> None:
    from difflib import get_close_matches

    for name, line in document.references(keys):
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise InputError(f"{document.path.name} line {line}: no {noun} has the id {name!r}{hint}")
