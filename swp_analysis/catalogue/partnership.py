"""Reads the files of one partnership. In: its folder. Out: what each of them says, and everything that is wrong with
them, a sentence each with file, line and the way out.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from swp_analysis.catalogue import books
from swp_analysis.catalogue.identity import Identity, known_areas, same_force
from swp_analysis.catalogue.models import Indicator, Layouts, PeerGroup, RebaseEntry, RecordingBreak, Theme
from swp_analysis.catalogue.safe_yaml import Document, FinancialYear, Refers
from swp_analysis.errors import Problems, did_you_mean
from swp_analysis.project import is_of_desktop

# Files that a partnership may leave out: the shape of each, and what one that is not there says.
OPTIONAL_FILES: dict[str, tuple[Any, Any]] = {
    "strategy": (books.StrategyBook, {}),
    "delivery": (dict[FinancialYear, books.DeliveryYear], {}),
    "criteria": (list[books.CriterionChange], []),
    "coverage": (list[books.CoverageAddition], []),
    "layouts": (Layouts, {}),
    "recording_breaks": (list[RecordingBreak], []),
    "rebases": (list[RebaseEntry], []),
    "peers": (list[PeerGroup], []),
}
AREA_CODE = re.compile(r"[EWSN]\d{8}")
_WRITTEN = re.compile(r"(?m)^\s*(?:- )?(?:\w+:)?\s*[\"']?(.*?)[\"']?\s*$")
SHORTEST_NAME = 5
INDICATOR = Refers("indicator")
UNKNOWN = Identity.model_construct(name="?", short_name="?", area_name="?", area_code="")


class AreaNames(frozenset):
    """The names of areas; a code, and a force by another of its names, is known too."""

    def __contains__(self, name: object) -> bool:
        text = str(name).replace(" & ", " and ")
        return (
            super().__contains__(text) or bool(AREA_CODE.fullmatch(text)) or any(same_force(text, one) for one in self)
        )


class PartnershipFiles:
    """The files in a partnership's folder; `problems` grows by a sentence for each thing that is wrong, and `faulty` by
    the names of an indicator whose entry can't be read."""

    def __init__(self, folder: Path, known: Mapping[str, set[str]]) -> None:
        self.folder = folder
        names = {area.name for area in known_areas()}
        forces = {area.name for area in known_areas() if area.kind == "force"}
        self.known: dict[str, Any] = {**known, "area": AreaNames(names | forces), "force": AreaNames(forces)}
        self.problems = Problems()
        self.faulty: set[str] = set()

    def read(self) -> dict[str, Any] | None:
        """Read all that can be read and add what is wrong to `problems`; None without an identity.

        Gives `identity`, `themes`, `indicators`, and what each of `OPTIONAL_FILES` says.
        """
        if not (self.folder / "identity.yml").is_file():
            self.problems.append(
                f"There is no {self.folder.name}/identity.yml in {self.folder.parent.name}: make a partnership's files "
                "with `swp init FOLDER --name … --area …`, or copy partnership/ from where the project was."
            )
            return None
        themes = list(self._open_themes())
        optional = {name: self._open(name, empty=empty) for name, (_, empty) in OPTIONAL_FILES.items()}
        strategy = optional["strategy"].values if optional["strategy"] else {}
        self._learn_ids(themes, strategy)
        read: dict[str, Any] = {
            "identity": self._read_identity(self._open("identity")),
            "themes": self._read_themes(themes),
            "indicators": self._read_indicators(themes),
            **{name: self._parse_optional(name, document) for name, document in optional.items()},
        }
        self._check_candidates(themes)
        years = strategy.get("delivery_priorities") if isinstance(strategy, dict) else {}
        chosen = {year: {one.get("id") for one in _list_in(years, year)} for year in read["delivery"]}
        for place, problem in books.find_wrong_priorities(read["delivery"], chosen):
            self._add(optional["delivery"], place, problem)
        self._check_names()
        return self._leave_out_faulty(read) if self.faulty else read

    def _leave_out_faulty(self, read: dict[str, Any]) -> dict[str, Any]:
        """What was read without indicators that have a mistake, or lack another's name, and without what names them."""
        found = read["indicators"]
        whole = {name: one for name, one in found.items() if _leave_out(one, found) == one}
        self.faulty |= {text for name, one in found.items() if name not in whole for text in (name, one.label)}
        return _leave_out(read | {"indicators": whole}, whole)

    def _learn_ids(self, themes: list[Document], strategy: Any) -> None:
        """What may be named: also what an entry defines that has a mistake itself, for one mistake is said once."""
        books = _list_in(strategy, "strategies")
        ids = {
            "indicator": {str(entry.get("id")) for _, _, entry in _entries(themes)},
            "theme": {str(one.values.get("theme")) for one in themes if isinstance(one.values, dict)},
            "strategic priority": {str(one.get("id")) for book in books for one in _list_in(book, "priorities")},
        }
        self.known |= {noun: found | self.faulty for noun, found in ids.items()}

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
        """Read what is at a place; where its only fault is to name something unknown, note that and read it."""
        for known in (self.known, None):
            problems = self.problems if known else Problems()
            with problems.noting():
                return document.parse(shape, place, values, known) if document else None
        return None

    def _read_identity(self, document: Document | None) -> Identity:
        """Which partnership it is, also where a key has a misspelt name."""
        identity = self._parse(document, Identity)
        values = document.values if document and isinstance(document.values, dict) else {}
        with suppress(ValidationError):
            known = {key: values[key] for key in values if key in Identity.model_fields}
            return identity or Identity.model_validate(known)
        return UNKNOWN

    def _parse_optional(self, name: str, document: Document | None) -> Any:
        """What a file says; what an empty one says where it can't be read."""
        shape, empty = OPTIONAL_FILES[name]
        read = self._parse(document, shape)
        if read is None:
            self._keep_names(self.folder / f"{name}.yml")
        return TypeAdapter(shape).validate_python(empty) if read is None else read

    def _check_names(self) -> None:
        """Report a file or folder under another name: it would not be read, and that would go unnoticed."""
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
            if not is_of_desktop(path):
                where = path.relative_to(self.folder.parent).as_posix()
                hint = did_you_mean(path.name, known, "move it away, or name a theme's file like theme.yml")
                self.problems.append(f"{where} is not read, as no file is called so{hint}")

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
        names: dict[str, str] = {}
        for document, position, entry in _entries(documents):
            place = ("indicators", position)
            values = {"theme": document.values.get("theme", ""), **entry}
            indicator = self._parse(document, Indicator, *place, values=values)
            wrong = list(_find_doubles(indicator, indicators, names)) if indicator else []
            for key, problem in wrong:
                self._add(document, (*place, key), problem)
            if indicator and indicator.id not in indicators:
                indicators[indicator.id] = indicator
            if wrong or not indicator:
                named = [entry.get("id"), entry.get("label"), *(entry.get("aliases") or [])]
                self.faulty |= {str(name) for name in named if name}
        return indicators

    def _check_candidates(self, themes: list[Document]) -> None:
        """Refuse a candidate, or an indicator of one, that is there twice: it would count twice."""
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

    def _add(self, document: Document | None, place: tuple[Any, ...], problem: str) -> None:
        if document:
            self.problems.append(f"{document.path.name} line {document.line(place)}: {problem}")


def _find_doubles(
    indicator: Indicator, others: Mapping[str, Indicator], names: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """What an indicator shares with another, with the key where it stands; its own names are added to `names`."""
    if indicator.id in others:
        yield "id", f"the indicator {indicator.id!r} is already defined; give one of the two another id."
    if indicator.subgroup_of == indicator.id:
        yield "subgroup_of", "an indicator is no part of itself; name the whole, or take the line out."
    written = [("short_label", indicator.short_label)] if "…" not in indicator.short_label else []
    for key, name in [("label", indicator.label), *written, *(("aliases", one) for one in indicator.aliases)]:
        owner = names.setdefault(" ".join(name.casefold().split()), indicator.id)
        if owner != indicator.id:
            yield key, f"{name!r} is a name of {owner} too; take it out of one of the two."


def _list_in(values: Any, key: str) -> list[dict[str, Any]]:
    """The entries of a list, whatever a person has typed instead."""
    listed = values.get(key) if isinstance(values, dict) else None
    return [entry for entry in (listed if isinstance(listed, list) else []) if isinstance(entry, dict)]


def _entries(documents: list[Document]) -> Iterator[tuple[Document, int, dict[str, Any]]]:
    """Every indicator's entry in the files of themes, with its place."""
    for document in documents:
        listed = document.values.get("indicators") if "theme" in (document.values or ()) else None
        for position, entry in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(entry, dict):
                yield document, position, entry


def _leave_out(value: Any, known: Collection[str], is_name: bool = False) -> Any:
    """What was read without what names an indicator that is not `known`; None for what can't be without that name."""
    if is_name and isinstance(value, str):
        return value if value in known else None
    if isinstance(value, list):
        return [kept for one in value if (kept := _leave_out(one, known, is_name)) is not None]
    if isinstance(value, dict):
        return {name: _leave_out(one, known) for name, one in value.items()}
    if not isinstance(value, BaseModel):
        return value
    fields = {name: type(value).model_fields[name] for name in value.model_fields_set}
    kept = {
        name: _leave_out(getattr(value, name), known, _names_indicators(one.annotation, one.metadata))
        for name, one in fields.items()
    }
    lost = [name for name, one in fields.items() if kept[name] is None and one.is_required()]
    return None if lost else value.model_copy(update=kept)


def _names_indicators(annotation: Any, marks: Iterable[Any] = ()) -> bool:
    """Whether a field, or what it is a list of, is the id of an indicator."""
    inner = ((one, getattr(one, "__metadata__", ())) for one in get_args(annotation))
    return INDICATOR in marks or any(_names_indicators(*one) for one in inner)
