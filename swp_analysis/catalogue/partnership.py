"""Reads the files of one partnership. In: its folder. Out: `PartnershipEntries`, and everything that is wrong with
them, a sentence each with file, line and the way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.delivery import DeliveryYear, find_wrong_years
from swp_analysis.catalogue.identity import Identity
from swp_analysis.catalogue.models import (
    Indicator,
    Layouts,
    RebaseEntry,
    RecordingBreak,
    StrategyBook,
    Theme,
)
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.catalogue.weighing import CoverageAddition, CriterionChange
from swp_analysis.errors import InputError

# Files that a partnership may leave out: the shape of each, and what one that is not there says.
OPTIONAL_FILES: dict[str, tuple[Any, Any]] = {
    "strategy": (StrategyBook, {}),
    "delivery": (dict[str, DeliveryYear], {}),
    "criteria": (list[CriterionChange], []),
    "coverage": (list[CoverageAddition], []),
    "layouts": (Layouts, {}),
    "recording_breaks": (list[RecordingBreak], []),
    "rebases": (list[RebaseEntry], []),
}
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
PRIORITY_KEYS = {"strategic_priority", "printed_under"}


@dataclass(frozen=True)
class PartnershipEntries:
    """What the files of a partnership say."""

    identity: Identity
    themes: dict[str, Theme]
    indicators: dict[str, Indicator]
    strategy: StrategyBook
    delivery: dict[str, DeliveryYear]
    criteria: list[CriterionChange]
    coverage: list[CoverageAddition]
    layouts: Layouts
    recording_breaks: list[RecordingBreak]
    rebases: list[RebaseEntry]


class PartnershipFiles:
    """The files in a partnership's folder; `problems` grows by a sentence for each thing that is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def read(self, topics: set[str], requirements: set[str]) -> PartnershipEntries | None:
        """Read all files and add what is wrong to `problems`; None when no whole partnership could be read."""
        if not (self.folder / "identity.yml").is_file():
            self.problems.append(
                f"There is no {self.folder.name}/identity.yml in {self.folder.parent.name}: make a partnership's files "
                "with `swp init FOLDER --name … --area …`, or copy partnership/ from where the project was."
            )
            return None
        identity = self._open("identity")
        themes = [found for path in sorted((self.folder / "indicators").glob("*.yml")) if (found := self._open(path))]
        optional = {name: self._open(name, empty=empty) for name, (_, empty) in OPTIONAL_FILES.items()}
        parsed: dict[str, Any] = {
            "identity": self._parse(identity, Identity),
            "themes": self._read_themes(themes),
            "indicators": self._read_indicators(themes),
            **{name: self._parse(document, OPTIONAL_FILES[name][0]) for name, document in optional.items()},
        }
        opened = [*themes, *(document for document in optional.values() if document)]
        self._check_references(opened, parsed["indicators"], topics)
        self._check_candidates(themes)
        self._check_ids(optional["coverage"], requirements, "requirement")
        self._check_delivery(optional["delivery"], parsed["delivery"], parsed["strategy"])
        return None if any(value is None for value in parsed.values()) else PartnershipEntries(**parsed)

    def _open(self, name: str | Path, *, empty: Any = None) -> Document | None:
        path = name if isinstance(name, Path) else self.folder / f"{name}.yml"
        try:
            return Document(path, empty=empty)
        except InputError as error:
            self.problems += error.problems
            return None

    def _parse(self, document: Document | None, shape: Any, *place: Any, values: Any = None) -> Any:
        try:
            return document.parse(shape, place, values) if document else None
        except InputError as error:
            self.problems += error.problems
            return None

    def _read_themes(self, documents: list[Document]) -> dict[str, Theme]:
        themes = {}
        for document in documents:
            if not isinstance(document.values, dict):
                self._add(document, (), "a theme's file begins with `theme: its_id`, `title:` and `question:`.")
                continue
            head = {key: value for key, value in document.values.items() if key != "indicators"}
            values = {"id" if key == "theme" else key: value for key, value in head.items()}
            if theme := self._parse(document, Theme, values=values):
                themes[theme.id] = theme
        return themes

    def _read_indicators(self, documents: list[Document]) -> dict[str, Indicator]:
        indicators: dict[str, Indicator] = {}
        for document, position, entry in _entries(documents):
            place = ("indicators", position)
            values = {"theme": document.values.get("theme", ""), **entry}
            indicator = self._parse(document, Indicator, *place, values=values)
            if indicator and indicator.id in indicators:
                self._add(document, (*place, "id"), f"the indicator {indicator.id!r} is already defined.")
            elif indicator:
                indicators[indicator.id] = indicator
        return indicators

    def _check_references(self, documents: list[Document], read: dict[str, Indicator], topics: set[str]) -> None:
        """An id that a faulty entry has is known all the same: one mistake is said once."""
        indicators = {entry.get("id") for _, _, entry in _entries(documents)} | set(read)
        priorities = {entry.get("id") for document in documents for entry in document.mappings_under("priorities")}
        themes = {document.values.get("theme") for document in documents if isinstance(document.values, dict)}
        for document in documents:
            self._refuse_unknown(document, INDICATOR_KEYS, indicators, "indicator")
            self._refuse_unknown(document, PRIORITY_KEYS, priorities, "strategic priority")
            self._refuse_unknown(document, {"themes"}, themes, "theme")
            self._refuse_unknown(document, {"topics"}, topics, "topic")

    def _refuse_unknown(self, document: Document, keys: set[str], known: set[Any], noun: str) -> None:
        for name, line in document.references(keys):
            if name not in known:
                close = get_close_matches(name, [one for one in known if one], n=1)
                hint = f"; did you mean {close[0]!r}?" if close else "."
                self.problems.append(f"{document.path.name} line {line}: no {noun} has the id {name!r}{hint}")

    def _check_candidates(self, themes: list[Document]) -> None:
        """A candidate, or an indicator of one, that stands twice would count twice."""
        seen: set[tuple[str, str]] = set()
        for document, position, entry in _entries(themes):
            candidate = entry.get("candidate")
            if not isinstance(candidate, dict):
                continue
            members = [entry.get("id"), *(candidate.get("also") or [])]
            named = [("candidate", candidate.get("id")), *(("indicator of a candidate", member) for member in members)]
            for noun, name in named:
                if (noun, str(name)) in seen:
                    self._add(document, ("indicators", position, "candidate"), f"the {noun} {name!r} stands twice.")
                seen.add((noun, str(name)))

    def _check_ids(self, document: Document | None, known: set[str], noun: str) -> None:
        for position, entry in enumerate((document and document.values) or []):
            if isinstance(entry, dict) and entry.get("id") not in known:
                problem = f"no {noun} has the id {entry.get('id')!r}; it is one of {', '.join(sorted(known))}."
                self._add(document, (position, "id"), problem)

    def _check_delivery(
        self, document: Document | None, delivery: dict[str, DeliveryYear] | None, book: StrategyBook | None
    ) -> None:
        """Work was done for priorities of its own year."""
        if delivery is None or book is None:
            return
        chosen = {year: {one.id for one in priorities} for year, priorities in book.delivery_priorities.items()}
        for place, problem in find_wrong_years(delivery, chosen):
            self._add(document, place, problem)

    def _add(self, document: Document | None, place: tuple[Any, ...], problem: str) -> None:
        if document:
            self.problems.append(f"{document.path.name} line {document.line(place)}: {problem}")


def _entries(documents: list[Document]) -> Iterator[tuple[Document, int, dict[str, Any]]]:
    """Every indicator's entry in the files of themes, with its place."""
    for document in documents:
        values = document.values if isinstance(document.values, dict) else {}
        listed = values.get("indicators") if "theme" in values else None
        for position, entry in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(entry, dict):
                yield document, position, entry
