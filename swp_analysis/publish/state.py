"""What an edition is made from, which results of notebooks are kept for the next one, and whether the proof of it still
covers all that lies in reports/. In: a project and what was asked for. Out: hashes, and what has changed since.

Imports nothing heavy: an edition that needs no work is recognised in less time than pandas takes to import.
"""

import contextlib
import gzip
import hashlib
import hmac
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import swp_analysis
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.project import Project, is_of_desktop
from swp_analysis.publish.execution import COMPLETED, NotebookResult
from swp_analysis.published import DATA, RUN_FILE, list_hiding, read_digest_key, read_record, write_whole

SEAL = "seal"
SUFFIX = ".json.gz"
MOST_KEPT_BYTES = 200_000_000
# Another worker may be writing its own just now.
LEFT_BY_A_CRASH_SECONDS = 3600
PACKAGE = Path(swp_analysis.__path__[0])
GLOSSARY = PACKAGE / "catalogue" / "glossary.md"
NOTEBOOK_NAMES = "[0-9][0-9]_*.ipynb"
NEEDED_BY = {"35_harm": "partnership/harm_weights.csv"}
CODE_SUFFIXES = {".py", ".csv", ".yml", ".yaml", ".j2", ".css", ".html", ".json"}
ENDS_OF_PACKAGES = (".dist-info", ".egg-info")
READ_BY_NOTEBOOKS = ("data/raw/", "data/processed/open/", "notebooks/", "partnership/")


@dataclass(frozen=True)
class MadeFrom:
    """Everything that decides what an edition says.

    `inputs`: keyed hash of raw data up to its year, catalogue, notebooks and what else was given, by name. `code`: one
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
        """Give what run.json keeps beside its own `inputs`."""
        return {name: value for name, value in asdict(self).items() if name != "inputs"}

    def key_of(self, notebook: str, parameters: Mapping[str, Any]) -> str:
        """Hash what a notebook reads, but not other notebooks or what is put around its result."""
        own = {name for name in self.inputs if not name.endswith(".ipynb") or Path(name).stem == notebook}
        read = {name: self.inputs[name] for name in self.inputs if name in own and name.startswith(READ_BY_NOTEBOOKS)}
        return hash_content([notebook, read, self.code, self.environment, dict(parameters), self.due_again, self.shown])


def survey(
    project: Project, financial_year: str, commentary: Path | None = None, parameters: Mapping[str, Any] | None = None
) -> MadeFrom:
    """Hash everything that an edition of a year is made from, as it is now, an analyst's `commentary` included."""
    files = input_files(project, financial_year)
    files |= {f"commentary{commentary.suffix}": commentary} if commentary else {}
    environment = hash_content([sys.platform, platform.python_version(), *sorted(set(_installed()))])
    inputs = hash_files(files, read_digest_key(project.cache))
    return MadeFrom(inputs, _hash_code(), environment, dict(parameters or {}))


def is_as_surveyed(then: MadeFrom, project: Project) -> bool:
    """Tell whether data, notebooks and code are still as they were; if not, what ran meanwhile may have read others."""
    now = hash_files(_read_by_notebooks(then, project), read_digest_key(project.cache))
    return then.code == _hash_code() and all(then.inputs[name] == one for name, one in now.items())


def _read_by_notebooks(then: MadeFrom, project: Project) -> dict[str, Path]:
    return {name: project.root / name for name in then.inputs if name.startswith(READ_BY_NOTEBOOKS)}


def input_files(project: Project, financial_year: str) -> dict[str, Path]:
    """List every file that decides what an edition of a year says, by its relative name.

    These are raw data up to the year, the partnership's files, the catalogue, the notebooks and what lies with them,
    and the glossary.
    """
    years = [folder for folder in sorted(project.raw.iterdir()) if _reaches(folder, financial_year)]
    beside = [path for path in sorted(project.notebooks.glob("*")) if path.is_file() and path.suffix != ".ipynb"]
    raw = [path for year in years for path in files_below(year)]
    raw += (project.root / "data" / "processed" / "open").glob("contents.txt")  # as `open_data` writes it
    of_project = [*files_below(project.partnership), *raw, *beside, *notebook_files(project)]
    catalogue = [path for path in files_below(PACKAGE / "catalogue") if path.suffix in (".yml", ".yaml", ".md")]
    return {path.relative_to(project.root).as_posix(): path for path in of_project if not is_of_desktop(path)} | {
        f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}": path for path in catalogue
    }


def notebook_files(project: Project) -> list[Path]:
    """List the notebooks of an edition by number, but for those whose data the project lacks."""
    lacking = {name for name, needed in NEEDED_BY.items() if not (project.root / needed).exists()}
    return [path for path in sorted(project.notebooks.glob(NOTEBOOK_NAMES)) if path.stem not in lacking]


def find_changes(folder: Path, now: MadeFrom, today: date | None = None) -> list[str]:
    """List what is not as it was when the edition in `folder` was published, a few words each.

    `now.due_again` is not looked at: `today` (default the clock's) tells whether the recorded day has come.
    """
    record = read_record(folder)
    if record is None:
        return ["there is no edition yet"]
    before = record.get("made_from", {})
    changes = [f"{name} changed" for name in _differences(record.get("inputs", {}), now.inputs)]
    rest = ("code", "environment", "parameters")
    changes += [f"{name} changed" for name in rest if before.get(name) != getattr(now, name)]
    due_again = before.get("due_again", "")
    if due_again and due_again <= (today or date.today()).isoformat():
        changes.append("another figure is due")
    changes += [f"{name} is not as published" for name in _differences(record.get("outputs", {}), hash_folder(folder))]
    if record.get(SEAL) != seal(record):
        changes.append(f"{RUN_FILE} is not as published")
    return changes


def hash_folder(folder: Path) -> dict[str, str]:
    """Hash the files of an edition, by relative name; its run.json, which holds the hashes, is left out."""
    files = [path for path in files_below(folder) if not is_of_desktop(path)]
    return hash_files({path.relative_to(folder).as_posix(): path for path in files if path != folder / RUN_FILE})


def seal(record: Mapping[str, Any]) -> str:
    """Hash all that run.json says, so that a change by hand shows."""
    return hash_content({name: value for name, value in record.items() if name != SEAL})


def files_below(folder: Path) -> list[Path]:
    """List all files in a folder and below, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def hash_files(files: Mapping[str, Path], key: bytes = b"") -> dict[str, str]:
    """Hash each file by SHA-256, with a `key` so that only its holder can; an unreadable one gets an empty text."""
    return {name: _hash_file(path, key) for name, path in files.items()}


def _hash_file(path: Path, key: bytes) -> str:
    try:
        content = path.read_bytes()
        return (hmac.new(key, content, "sha256") if key else hashlib.sha256(content)).hexdigest()
    except OSError:
        return ""


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*before, *now}) if not now.get(name) or before.get(name) != now[name]]


def hash_content(content: Any) -> str:
    """Hash anything that JSON can hold, by SHA-256."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()


def _hash_code() -> str:
    files = [path for path in files_below(PACKAGE) if path.suffix in CODE_SUFFIXES]
    return hash_content(hash_files({path.relative_to(PACKAGE).as_posix(): path for path in files}))


def _installed() -> Iterator[str]:
    """Name and version of each installed package, from the names of their folders: reading them takes longer."""
    for place in sys.path:
        names: Sequence[str] = os.listdir(place) if os.path.isdir(place) else ()
        yield from (name for name in names if name.endswith(ENDS_OF_PACKAGES) and not name.startswith(PACKAGE.name))


def _reaches(folder: Path, financial_year: str) -> bool:
    year = read_financial_year(folder.name) if folder.is_dir() else None
    return year is not None and year <= financial_year


class KeptResults:
    """The results of earlier runs, and of this one, which is made from `made_from` with `parameters`.

    They lie in data/cache, never in reports/: results of an internal edition show what others must not see. What else
    lies there, such as the key of the hashes, is never touched: theirs are the files that end in `SUFFIX`. Whatever is
    wrong with an entry, the notebook is simply run.
    """

    def __init__(self, project: Project, made_from: MadeFrom, parameters: Mapping[str, Any]) -> None:
        self._project, self._made_from, self._parameters = project, made_from, parameters
        self._proven: list[tuple[int, int, int]] = []  # the files when they were last found as surveyed

    def find(self, notebook: str) -> NotebookResult | None:
        """Give the result of a notebook, if one made from the same is known."""
        path = self._path(notebook)
        try:
            words, text = gzip.decompress(path.read_bytes()).decode("utf-8").split("\n", maxsplit=1)
            entry = json.loads(words)
            if entry["sha256"] != hash_content(text):
                return None
            os.utime(path)  # the oldest are thrown away first
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None
        import nbformat

        return NotebookResult(notebook, COMPLETED, entry["seconds"], executed=nbformat.from_dict(json.loads(text)))

    def keep(self, result: NotebookResult) -> None:
        """Keep a completed result, unless something that it was made from has changed while it ran."""
        if not self._is_as_surveyed():
            return
        text = json.dumps(result.executed)
        entry = json.dumps({"name": result.name, "seconds": result.seconds, "sha256": hash_content(text)})
        content = gzip.compress(f"{entry}\n{text}".encode(), compresslevel=1, mtime=0)
        with contextlib.suppress(OSError):  # a full disk costs the entry, not the run
            self._project.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path(result.name), content)

    def _is_as_surveyed(self) -> bool:
        """Whether nothing has changed; hashed again only after a file was written."""
        files = [*_read_by_notebooks(self._made_from, self._project).values(), *files_below(PACKAGE)]
        found = map(os.stat, filter(os.path.exists, files))
        written = [(one.st_size, one.st_mtime_ns, one.st_ctime_ns) for one in found]
        if written != self._proven and is_as_surveyed(self._made_from, self._project):
            self._proven = written
        return written == self._proven

    def forget(self, notebook: str) -> None:
        """Delete a result, if there is one, so that the notebook is run again."""
        self._path(notebook).unlink(missing_ok=True)

    def tidy(self, most_bytes: int = MOST_KEPT_BYTES) -> None:
        """Delete what a crash left half written, and the results unused for longest, down to `most_bytes`."""
        long_ago = time.time() - LEFT_BY_A_CRASH_SECONDS
        with contextlib.suppress(OSError):  # somebody else tidies, too
            for left in self._project.cache.glob(".*.new"):
                if left.stat().st_mtime < long_ago:
                    left.unlink()
            newest_first = sorted(self._project.cache.glob(f"*{SUFFIX}"), key=lambda path: -path.stat().st_mtime)
            kept = 0
            for path in newest_first:
                kept += path.stat().st_size
                if kept > most_bytes:
                    path.unlink(missing_ok=True)

    def _path(self, notebook: str) -> Path:
        return self._project.cache / f"{self._made_from.key_of(notebook, self._parameters)}{SUFFIX}"


def hash_shown(project: Project) -> dict[Path, str]:
    """Hash what each edition in reports/ that withholds something gives away, by its folder."""
    hiding = list_hiding(project.reports)
    return {folder: hash_content([threshold, _hash_data(folder)]) for folder, threshold in hiding.items()}


def is_still_proven(project: Project, folder: Path, code: str) -> bool:
    """Tell whether one proof, by the code of today, covered the edition in `folder` and all others as they are now.

    A proof over several editions holds for fewer of them, too: whoever has less can work out less. An edition that
    withholds nothing lists what others withhold, so for that one they must be just the same.
    """
    shown = hash_shown(project)
    now = set(shown.values())
    if folder not in shown:
        return set((read_record(folder) or {}).get("beside", [])) == now
    return any(now <= _covered(place, digest, code) for place, digest in shown.items())


def _covered(folder: Path, digest: str, code: str) -> set[str]:
    """Give the editions that the one in `folder` was proven with, and itself; none if it is not as it was then."""
    record = read_record(folder) or {}
    published = {name: digest for name, digest in record.get("outputs", {}).items() if name.startswith(f"{DATA}/")}
    if record.get("made_from", {}).get("code") != code or _hash_data(folder) != published:
        return set()
    return {digest, *record.get("beside", [])}


def _hash_data(folder: Path) -> dict[str, str]:
    return hash_files({path.relative_to(folder).as_posix(): path for path in files_below(folder / DATA)})
