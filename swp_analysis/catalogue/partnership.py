"""Reads the files of one partnership. In: its folder. Out: `PartnershipEntries`, and everything that is wrong with
them, a sentence each with file, line and the way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from swp_analysis.catalogue.delivery import DeliveryYear, find_wrong_years
from swp_analysis.catalogue.identity import Identity, known_areas, same_force
from swp_analysis.catalogue.models import (
    Indicator,
    Layouts,
    PeerGroup,
    RebaseEntry,
    RecordingBreak,
    StrategyBook,
    Theme,
)
from swp_analysis.catalogue.safe_yaml import Document, did_you_mean
from swp_analysis.catalogue.weighing import CoverageAddition, CriterionChange
from swp_analysis.errors import Problems

# Files that a partnership may leave out: the shape of each, and what one that is not there says.
OPTIONAL_FILES: dict[str, tuple[Any, Any]] = {
    "strategy": (StrategyBook, {}),
    "delivery": (dict[str, DeliveryYear], {}),
    "criteria": (list[CriterionChange], []),
    "coverage": (list[CoverageAddition], []),
    "layouts": (Layouts, {}),
    "recording_breaks": (list[RecordingBreak], []),
    "rebases": (list[RebaseEntry], []),
    "peers": (list[PeerGroup], []),
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
AREA_CODE = re.compile(r"[EWSN]\d{8}")
_WRITTEN = re.compile(r"(?m)^\s*(?:- )?(?:\w+:)?\s*[\"']?(.*?)[\"']?\s*$")
SHORTEST_NAME = 5
UNKNOWN = Identity.model_construct(name="?", short_name="?", area_name="?", area_code="")
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
    peers: list[PeerGroup]


class PartnershipFiles:
    """The files in a partnership's folder; `problems` grows by a sentence for each thing that is wrong, and `faulty` by
    the names of an indicator whose entry can't be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems = Problems()
        self.faulty: set[str] = set()

    def read(self, topics: set[str], requirements: set[str]) -> PartnershipEntries | None:
        """Read all that can be read and add what is wrong to `problems`; None without an identity."""
        if not (self.folder / "identity.yml").is_file():
            self.problems.append(
                f"There is no {self.folder.name}/identity.yml in {self.folder.parent.name}: make a partnership's files "
                "with `swp init FOLDER --name … --area …`, or copy partnership/ from where the project was."
            )
            return None
        identity = self._parse(self._open("identity"), Identity) or UNKNOWN
        themes = list(self._open_themes())
        optional = {name: self._open(name, empty=empty) for name, (_, empty) in OPTIONAL_FILES.items()}
        parsed: dict[str, Any] = {
            "identity": identity,
            "themes": self._read_themes(themes),
            "indicators": self._read_indicators(themes),
            **{name: self._parse_optional(name, document) for name, document in optional.items()},
        }
        opened = [*themes, *(document for document in optional.values() if document)]
        self._check_references(opened, parsed["indicators"], topics)
        self._check_candidates(themes)
        self._check_ids(optional["coverage"], requirements, "requirement")
        self._check_delivery(optional["delivery"], parsed["delivery"], parsed["strategy"])
        self._check_areas(optional["peers"], optional["recording_breaks"])
        self._check_names()
        return PartnershipEntries(**parsed)

    def _open(self, name: str | Path, *, empty: Any = None) -> Document | None:
        with self.problems.noting():
            return Document(name if isinstance(name, Path) else self.folder / f"{name}.yml", empty=empty)
        return None

    def _open_themes(self) -> Iterator[Document]:
        """The files of themes; of one that is no YAML the names in it are kept as `faulty`."""
        for path in sorted((self.folder / "indicators").glob("*.yml")):
            if document := self._open(path):
                yield document
            else:
                self._keep_names(path)

    def _keep_names(self, path: Path) -> None:
        """Whatever is written in a file that can't be read may be meant elsewhere."""
        text = path.read_text(encoding="utf-8", errors="replace")
        self.faulty |= {name for name in _WRITTEN.findall(text) if len(name) > SHORTEST_NAME}

    def _parse(self, document: Document | None, shape: Any, *place: Any, values: Any = None) -> Any:
        with self.problems.noting():
            return document.parse(shape, place, values) if document else None
        return None

    def _parse_optional(self, name: str, document: Document | None) -> Any:
        """What a file says; what an empty one says where it can't be read."""
        shape, empty = OPTIONAL_FILES[name]
        read = self._parse(document, shape)
        if read is None:
            self._keep_names(self.folder / f"{name}.yml")
        return TypeAdapter(shape).validate_python(empty) if read is None else read

    def _check_names(self) -> None:
        """A file or folder under another name is never read, which nobody would notice."""
        known = {
            "identity.yml",
            "glossary.md",
            "harm_weights.csv",
            "indicators",
            *(f"{name}.yml" for name in OPTIONAL_FILES),
        }
        paths = [path for path in sorted(self.folder.iterdir()) if path.name not in known]
        paths += [path for path in sorted((self.folder / "indicators").glob("*")) if path.suffix != ".yml"]
        for path in paths:
            if not path.name.startswith("."):
                where = path.relative_to(self.folder.parent).as_posix()
                hint = did_you_mean(path.name, known, "move it away, or name a theme's file like theme.yml")
                self.problems.append(f"{where} is not read, as no file is called so{hint}")

    def _check_areas(self, peers: Document | None, breaks: Document | None) -> None:
        """Names of peers and forces are those of the list of areas; a code is taken as it is."""
        names = {area.name for area in known_areas()}
        forces = {area.name for area in known_areas() if area.kind == "force"}
        for document, key, known in ((peers, "members", names), (breaks, "forces", forces)):
            for name, line in document.references({key}) if document else ():
                is_known = name in known or AREA_CODE.fullmatch(name) or any(same_force(name, one) for one in forces)
                if document and not is_known:
                    hint = did_you_mean(name, known, "write it as the ONS does")
                    self.problems.append(f"{document.path.name} line {line}: no area is called {name!r}{hint}")

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
            else:
                self.faulty.add(str(values.get("id")))
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
            else:
                named = [entry.get("id"), entry.get("label"), *(entry.get("aliases") or [])]
                self.faulty |= {str(name) for name in named if name}
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
            if name not in known | self.faulty:
                hint = did_you_mean(name, known, f"take it out, or add the {noun}")
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
