"""The other editions that an edition was attacked with. In: reports/. Out: a hash for each of them, and whether the
proof still covers all that lies there now.

A proof over several editions holds for fewer of them, too: whoever has less can work out less.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from swp_analysis.project import Project
from swp_analysis.publish.made_from import RUN_FILE, digest_of, files_below, hash_files, read_record

DATA = "data"


def hiding_editions(project: Project, but: Path | None = None) -> dict[str, str]:
    """Every edition in reports/ that hides something, by its place, with one hash over what it gives away.

    `but`: the folder of one that is left out.
    """
    found = sorted(project.reports.glob(f"[!.]*/[!.]*/{RUN_FILE}"))
    folders = [path.parent for path in found if path.parent != but]
    records = {folder: read_record(folder) or {} for folder in folders}
    return {
        folder.relative_to(project.reports).as_posix(): digest_of([threshold, _hash_data(folder)])
        for folder, record in records.items()
        if (threshold := record.get("suppression", {}).get("suppress_below", 0)) and (folder / DATA).is_dir()
    }


def is_still_proven(project: Project, folder: Path, code: str) -> bool:
    """Whether one attack, by the code of today, covered the edition in `folder` and all others as they are now."""
    now = hiding_editions(project)
    if folder.relative_to(project.reports).as_posix() not in now:
        return True
    return any(_covers(project.reports / place, place, now, code) for place in now)


def _covers(folder: Path, place: str, now: Mapping[str, str], code: str) -> bool:
    record: dict[str, Any] = read_record(folder) or {}
    made_from = record.get("made_from", {})
    published = {name: digest for name, digest in record.get("outputs", {}).items() if name.startswith(f"{DATA}/")}
    covered = {**record.get("beside", {}), place: now[place]}
    return (
        made_from.get("code") == code
        and _hash_data(folder) == published
        and all(covered.get(other) == digest for other, digest in now.items())
    )


def _hash_data(folder: Path) -> dict[str, str]:
    return hash_files({path.relative_to(folder).as_posix(): path for path in files_below(folder / DATA)})
