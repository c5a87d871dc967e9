"""Where published files lie and what is known of each. In: files that were fetched or downloaded by hand.

Out: `data/raw/open/<source>/<edition>/file` with address, date, checksum and licence in `fetched.json`.
"""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from swp_analysis.errors import InputError
from swp_analysis.open_data.downloads import BY_HAND
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.raw_files import FETCHED, date_in_name, digest_of, find_kind, list_raw_files
from swp_analysis.open_data.street import NAMED, OF_POLICE

OWN_PUBLISHERS = "publishers.yml"


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
    folder.mkdir(parents=True, exist_ok=True)
    known = yaml.safe_load(files(__package__).joinpath("publishers.yml").read_text(encoding="utf-8"))
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
    if not kind:
        return
    entry = _read_entries(path.parent).get(path.name, {})
    named = edition or entry.get("edition") or date_in_name(path.stem)
    target = filing.place(source, named, path.name)
    if not (target.is_file() and digest_of(target) == digest_of(path)):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        licence = entry.get("licence") or filing.licence("boundaries" if kind == "boundaries" else "home_office")
        filing.note(target, entry.get("url", f"from the folder {path.parent.name}"), licence)
