"""What an edition is made from, in hashes, and whether all that is still so. In: a project, and what was asked for.
Out: `MadeFrom`, which stands in run.json, and the list of what has changed since.

Imports nothing heavy: an edition that needs no work is recognised in less time than pandas takes to import.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import swp_analysis
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.open_data.raw_files import contents_of
from swp_analysis.project import Project
from swp_analysis.published import RUN_FILE, read_record

SEAL = "seal"
PACKAGE = Path(swp_analysis.__path__[0])
GLOSSARY = PACKAGE / "catalogue" / "glossary.md"
NOTEBOOK_NAMES = "[0-9][0-9]_*.ipynb"
NEEDED_BY = {"35_harm": "harm_weights.csv"}  # of partnership/
CODE_SUFFIXES = {".py", ".csv", ".yml", ".yaml", ".j2", ".css", ".html", ".json"}
ENDS_OF_PACKAGES = (".dist-info", ".egg-info")
# The catalogue counts as code. Commentary and glossary are put around a result later.
READ_BY_NOTEBOOKS = ("data/raw/", "data/processed/open/", "notebooks/", "partnership/")
# What desktops leave in a folder that somebody looked at; never part of an edition, and no reason to make it anew.
DESKTOP_FILES = {"thumbs.db", "desktop.ini", "icon\r"}


@dataclass(frozen=True)
class MadeFrom:
    """Everything that decides what an edition says.

    `inputs`: SHA-256 of raw data up to its year, catalogue, notebooks and what else was given, by name. `code`: one
    SHA-256 over the package. `environment`: one over Python and all installed packages. `parameters`: those given
    beyond year and audience. `due_again`: the day on which another figure falls due, and the pages would say so.
    `shown`: one hash over what disclosure control, which knows the other editions in reports/, lets its readers see.
    """

    inputs: Mapping[str, str]
    code: str
    environment: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    due_again: str = ""
    shown: str = ""

    def as_record(self) -> dict[str, Any]:
        """What run.json keeps beside its own `inputs`."""
        return {name: value for name, value in asdict(self).items() if name != "inputs"}

    def key_of(self, notebook: str, parameters: Mapping[str, Any]) -> str:
        """One hash for the result of a notebook: what it reads, but not other notebooks or what is put around it."""
        read = {
            name: digest
            for name, digest in self.inputs.items()
            if name.startswith(READ_BY_NOTEBOOKS) and (not name.endswith(".ipynb") or Path(name).stem == notebook)
        }
        return digest_of([notebook, read, self.code, self.environment, dict(parameters), self.due_again, self.shown])


def survey(
    project: Project,
    financial_year: str,
    notebooks: Iterable[Path],
    *,
    further: Mapping[str, Path] | None = None,
    parameters: Mapping[str, Any] | None = None,
    due_again: date | None = None,
) -> MadeFrom:
    """Hash everything that an edition of a year is made from, as it is now. `further`: other files, by name."""
    files = {**input_files(project, financial_year, notebooks), **(further or {})}
    return MadeFrom(
        hash_files(files),
        digest_of(hash_files(_code_files())),
        digest_of([sys.platform, platform.python_version(), sorted(set(_installed()))]),
        dict(parameters or {}),
        due_again.isoformat() if due_again else "",
    )


def is_as_surveyed(then: MadeFrom, project: Project) -> bool:
    """Whether data, notebooks and code are still as they were: what ran meanwhile may have read something else."""
    own = {name: project.root / name for name in then.inputs if name.startswith(READ_BY_NOTEBOOKS)}
    return then.code == digest_of(hash_files(_code_files())) and all(
        then.inputs[name] == digest for name, digest in hash_files(own).items()
    )


def input_files(project: Project, financial_year: str, notebooks: Iterable[Path]) -> dict[str, Path]:
    """Every file that decides what the figures of a year say, by its relative name.

    Raw data up to the year, catalogue, notebooks and what lies beside them.
    """
    years = [folder for folder in sorted(project.raw.iterdir()) if _reaches(folder, financial_year)]
    beside = [path for path in sorted(project.notebooks.glob("*")) if path.is_file() and path.suffix != ".ipynb"]
    raw = [path for year in years for path in files_below(year)]
    published = [path for path in [contents_of(project)] if path.is_file()]
    of_project = [*files_below(project.partnership), *raw, *published, *beside, *notebooks]
    catalogue = [path for path in files_below(PACKAGE / "catalogue") if path.suffix in (".yml", ".yaml")]
    return {path.relative_to(project.root).as_posix(): path for path in of_project if not _is_of_desktop(path)} | {
        f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}": path for path in catalogue
    }


def notebook_files(project: Project) -> list[Path]:
    """The notebooks that an edition is made of, in the order of their numbers; those in notebooks/explore never are,
    nor is one that needs a file which the partnership doesn't have."""
    found = sorted(project.notebooks.glob(NOTEBOOK_NAMES))
    return [path for path in found if (project.partnership / NEEDED_BY.get(path.stem, "")).exists()]


def further_inputs(commentary: Path | None = None) -> dict[str, Path]:
    """The files beyond data and notebooks that stand in an edition, by name: the glossary, an analyst's words."""
    words = {f"commentary{commentary.suffix}": commentary} if commentary else {}
    return {f"{PACKAGE.name}/catalogue/{GLOSSARY.name}": GLOSSARY} | words


def find_changes(folder: Path, now: MadeFrom, today: date | None = None) -> list[str]:
    """What is not as it was when the edition in `folder` was published, a few words each; empty when all is.

    `now.due_again` is not looked at: `today` (default the clock's) tells whether the recorded day has come.
    """
    record = read_record(folder)
    if record is None:
        return ["there is no edition yet"]
    before = record.get("made_from", {})
    changes = [f"{name} changed" for name in _differences(record.get("inputs", {}), now.inputs)]
    changes += [
        f"{name} changed" for name in ("code", "environment", "parameters") if before.get(name) != getattr(now, name)
    ]
    due_again = before.get("due_again", "")
    if due_again and due_again <= (today or date.today()).isoformat():
        changes.append("another figure is due")
    changes += [f"{name} is not as published" for name in _differences(record.get("outputs", {}), hash_folder(folder))]
    if record.get(SEAL) != seal(record):
        changes.append(f"{RUN_FILE} is not as published")
    return changes


def hash_folder(folder: Path) -> dict[str, str]:
    """SHA-256 of the files of an edition, by relative name; its run.json, which holds them, is left out."""
    files = [path for path in files_below(folder) if not _is_of_desktop(path)]
    return hash_files({path.relative_to(folder).as_posix(): path for path in files if path != folder / RUN_FILE})


def seal(record: Mapping[str, Any]) -> str:
    """One hash over all that run.json says, so that a change by hand shows."""
    return digest_of({name: value for name, value in record.items() if name != SEAL})


def files_below(folder: Path) -> list[Path]:
    """All files in a folder and below, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def hash_files(files: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of each file; of one that can't be read, an empty text."""
    return {name: _hash_file(path) for name, path in files.items()}


def _hash_file(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*before, *now}) if not now.get(name) or before.get(name) != now[name]]


def digest_of(content: Any) -> str:
    """One SHA-256 over anything that JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()


def _code_files() -> dict[str, Path]:
    return {path.relative_to(PACKAGE).as_posix(): path for path in files_below(PACKAGE) if path.suffix in CODE_SUFFIXES}


def _installed() -> Iterator[str]:
    """Name and version of each installed package, from the names of their folders: reading them takes longer."""
    for place in sys.path:
        names: Sequence[str] = os.listdir(place) if os.path.isdir(place) else ()
        yield from (name for name in names if name.endswith(ENDS_OF_PACKAGES) and not name.startswith(PACKAGE.name))


def _reaches(folder: Path, financial_year: str) -> bool:
    year = read_financial_year(folder.name) if folder.is_dir() else None
    return year is not None and year <= financial_year


def _is_of_desktop(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.lower() in DESKTOP_FILES
