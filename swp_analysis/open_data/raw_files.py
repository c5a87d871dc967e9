"""What lies in `data/raw/open`, and where a file is put. In: the folder, files that were fetched. Out: `OpenFile`.

A file is known by its header, not by its name or place, so any folder of published files can be pointed at. What was
found is kept by hash: a file of 50 MB is opened once. A file that is filed lies in `<source>/<edition>/`, with its
address, date, checksum and licence in `fetched.json`.
"""

import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from swp_analysis.errors import InputError
from swp_analysis.open_data.downloads import BY_HAND, digest_of
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.layouts import NOT_READ, OWN_LAYOUTS, find_header, load_layouts
from swp_analysis.open_data.recorded_crime import refuse_unless_notes
from swp_analysis.open_data.sheets import MAPS, READABLE, read_sheets
from swp_analysis.open_data.street import NAMED, OF_POLICE
from swp_analysis.project import Project, is_of_desktop, read_shipped, refuse_links_out

FOLDER_VARIABLE = "SWP_OPEN_DATA"
FETCHED = "fetched.json"
UNDATED = "undated"
BOUNDARIES = "boundaries"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DATES = [
    (re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)"), lambda m: f"20{m[3]}-{m[2]}-{m[1]}"),  # 230726
    (
        re.compile(rf"ye_?-?({'|'.join(MONTHS)})[a-z]*[_-]?(\d{{4}}|\d{{2}})", re.IGNORECASE),
        lambda m: f"{int(m[2]) % 100 + 2000}-{MONTHS.index(m[1].title()) + 1:02d}",
    ),
    (re.compile(r"(?<!\d)20\d\d-(\d\d)(?=_as_published)"), lambda m: f"to-20{int(m[1]) - 1}-{m[1]}"),
    (re.compile(r"_to_20\d\d-(\d\d)(?!\d)"), lambda m: f"to-20{int(m[1]) - 1}-{m[1]}"),
    (re.compile(r"(?<!\d)(20\d\d-(?:0[1-9]|1[0-2]))(?!\d)"), lambda m: m[1]),
]
OWN_PUBLISHERS = "publishers.yml"


@dataclass(frozen=True)
class OpenFile:
    """A published file: `kind` as in `layouts.yml`, boundaries or `NOT_READ`, `source` and `edition`."""

    path: str  # below the folder, with slashes
    kind: str
    source: str
    edition: str
    size: int
    modified: int
    sha256: str


def open_folder(project: Project) -> Path:
    """Say where published files lie: the folder that `SWP_OPEN_DATA` names, else `data/raw/open`.

    Raises
    ------
    InputError
        When that is a link that leads out of `data/raw`.
    """
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    refuse_links_out([project.raw / "open"], project.raw)
    return project.raw / "open"


def list_raw_files(folder: Path) -> Iterator[Path]:
    """List every file that could be a published table, in a fixed order; raise for a link that leads out."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in READABLE and path.name != FETCHED)
    files = sorted(path for path in found if path.is_file() and not is_of_desktop(path))
    refuse_links_out((path for path in files if path.is_symlink()), folder)
    return iter(files)


def look_at(path: Path, folder: Path, known: Mapping[str, OpenFile]) -> OpenFile:
    """Say what a file is, from what is known of it if it hasn't changed.

    Raises
    ------
    InputError
        For a table whose columns are unknown.
    """
    name, stat = path.relative_to(folder).as_posix(), path.stat()
    before = known.get(name)
    if before and (before.size, before.modified) == (stat.st_size, stat.st_mtime_ns):
        return before
    digest = digest_of(path)
    same = before if before and before.sha256 == digest else None
    kind, source = (same.kind, same.source) if same else find_kind(path, folder)
    return OpenFile(name, kind, source, find_edition(path, folder), stat.st_size, stat.st_mtime_ns, digest)


def find_kind(path: Path, folder: Path | None = None) -> tuple[str, str]:
    """Find the kind and source of a file from its header; `NOT_READ` for one without a table that is needed.

    Raises
    ------
    InputError
        For a header that is nearly one that is known.
    """
    if path.suffix.lower() in MAPS:
        return (BOUNDARIES, BOUNDARIES) if path.suffix.lower() == ".geojson" else (NOT_READ, NOT_READ)
    for sheet in read_sheets(path):
        if re.search(load_layouts()["skipped_sheets"], sheet.name, re.IGNORECASE):
            continue
        header = find_header(sheet, folder)
        if header and header.kind != NOT_READ:
            return header.kind, header.source
        if not header:
            refuse_unless_notes(sheet)
    return NOT_READ, NOT_READ


def find_edition(path: Path, folder: Path) -> str:
    """Find the edition of a file: from `fetched.json` beside it, else its folder's name, else a date in its own
    name."""
    if named := _read_entries(path.parent).get(path.name, {}).get("edition"):
        return str(named)
    parts = path.relative_to(folder).parts
    if len(parts) == 3:  # <source>/<edition>/file
        return parts[1]
    return date_in_name(path.stem)


def date_in_name(stem: str) -> str:
    """Give the date of an edition in a file's name, as year, month and perhaps day.

    >>> [date_in_name(name) for name in ("prc-pfa-mar2013-onwards-tables-230726", "ons_csp_table_c2_ye_june_2025", "x")]
    ['2026-07-23', '2025-06', 'undated']
    """
    return next((write(match) for pattern, write in DATES if (match := pattern.search(stem))), UNDATED)


def open_tables(project: Project) -> Path:
    """Open the folder of the tables: one for all editions of a project, since open data don't depend on them."""
    return project.root / "data" / "processed" / "open"


def write_list(files: list[OpenFile], path: Path, extra: Mapping[str, object]) -> None:
    """Keep what was found for the next build."""
    path.write_text(json.dumps({"files": [asdict(file) for file in files], **extra}, indent=1), encoding="utf-8")
    lines = [f"{file.sha256} {file.edition} {file.path}\n" for file in files]
    path.with_name("contents.txt").write_text("".join(lines), encoding="utf-8")


def read_list(path: Path) -> dict:
    """Read what the last build kept; empty when there was none or it can't be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {**kept, "files": {entry["path"]: OpenFile(**entry) for entry in kept["files"]}}
    except (OSError, ValueError, KeyError, TypeError):
        return {"files": {}}


def describe_layouts(folder: Path) -> str:
    """Hash of the user's own layouts, since other names can make another reading."""
    own = folder / OWN_LAYOUTS
    return digest_of(own) if own.is_file() else ""


@dataclass
class Filing:
    """Where files go, and what is said of each as it comes."""

    folder: Path
    publishers: dict[str, Any]
    say: Callable[[str], None]
    filed: list[Path] = field(default_factory=list)

    def licence(self, publisher: str) -> str:
        return str(self.publishers["licences"][self.publishers[publisher]["licence"]]).strip()

    def place(self, source: str, edition: str, name: str) -> Path:
        return self.folder / source / edition / name

    def has(self, path: Path) -> bool:
        """Tell whether a file is there as it was fetched; said, since nothing is then done."""
        entry = _read_entries(path.parent).get(path.name)
        there = entry is not None and path.is_file() and digest_of(path) == entry["sha256"]
        if there:
            self.say(f"{path.relative_to(self.folder).as_posix()} is already there.")
        return there

    def note(self, path: Path, url: str, licence: str, sha256: str = "") -> None:
        """Write down where a file is from, in `fetched.json` beside it."""
        entries = _read_entries(path.parent)
        entry = {"name": path.name, "url": url, "date": str(date.today()), "sha256": sha256 or digest_of(path)}
        entries[path.name] = {**entry, "edition": path.parent.name, "licence": licence}
        text = json.dumps({"files": list(entries.values())}, indent=1)
        (path.parent / FETCHED).write_text(text, encoding="utf-8")
        self.filed.append(path)
        self.say(f"{path.relative_to(self.folder).as_posix()}: {path.stat().st_size:,} bytes. {licence}")


def _read_entries(folder: Path) -> dict[str, dict]:
    path = folder / FETCHED
    if not path.is_file():
        return {}
    try:
        return {entry["name"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))["files"]}
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{folder.name}/{FETCHED} is damaged; delete it and run swp fetch again.") from None


def open_filing(folder: Path, say: Callable[[str], None]) -> Filing:
    """Open the addresses of publishers, with what the project's own `publishers.yml` puts right."""
    known = read_shipped(Path(__file__).with_name("publishers.yml"))
    own = folder / OWN_PUBLISHERS
    for publisher, entry in (yaml.safe_load(own.read_text(encoding="utf-8")) or {} if own.is_file() else {}).items():
        known[publisher] = {**known.get(publisher, {}), **entry}
    return Filing(folder, known, say)


def members_of(archive: zipfile.ZipFile, force: Area | None) -> Iterator[zipfile.ZipInfo]:
    """Give the street files of a force, or of all, in an archive of data.police.uk."""
    for member in archive.infolist():
        named = NAMED.fullmatch(Path(member.filename).name)
        if named and (force is None or _slug(force) == named["force"]):
            yield member


def _slug(force: Area) -> str:
    return OF_POLICE.sub("", force.name).strip().casefold().replace(" ", "-")


def extract_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    """Write one member of an archive; a damaged one is not kept.

    Raises
    ------
    InputError
        When its checksum is wrong.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with archive.open(member) as content, part.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
    except (zipfile.BadZipFile, zlib.error) as error:
        part.unlink(missing_ok=True)
        raise InputError(f"{path.name} came damaged ({error}); run the command again, or {BY_HAND}.") from None
    part.replace(path)


def file_folder(filing: Filing, folder: Path, edition: str = "") -> list[Path]:
    """Copy published files from a folder to their places, known by their headers; the files that are new.

    Raises
    ------
    InputError
        When the folder holds none, or one whose columns are unknown.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}; give the one that holds the downloaded files.")
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in members_of(archive, None):
                target = filing.place("street", edition or path.stem, Path(member.filename).name)
                extract_member(archive, member, target)
                filing.note(target, path.name, filing.licence("police_uk"))
    for path in list_raw_files(folder):
        _file_one(filing, path, edition)
    if not filing.filed:
        raise InputError(
            f"{folder.name} holds no published table that is new here; docs/open_data.md lists what can be read."
        )
    return filing.filed


def _file_one(filing: Filing, path: Path, edition: str) -> None:
    kind, source = find_kind(path, filing.folder)
    if kind == NOT_READ:
        return
    entry = _read_entries(path.parent).get(path.name, {})
    named = edition or entry.get("edition") or date_in_name(path.stem)
    target = filing.place(source, named, path.name)
    if not (target.is_file() and digest_of(target) == digest_of(path)):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        licence = entry.get("licence") or filing.licence("boundaries" if kind == "boundaries" else "home_office")
        filing.note(target, entry.get("url", f"from the folder {path.parent.name}"), licence)
