"""The editions that an edition was attacked with. In: reports/. Out: a hash for each of them, and whether the proof
still covers all that lies there now.

A proof over several editions holds for fewer of them, too: whoever has less can work out less.
"""

from __future__ import annotations

from pathlib import Path

from swp_analysis.project import Project
from swp_analysis.publish.made_from import digest_of, files_below, hash_files
from swp_analysis.published import DATA, list_hiding, read_record


def hash_shown(project: Project) -> dict[Path, str]:
    """One hash over what each edition in reports/ that hides something gives away, by its folder."""
    return {
        folder: digest_of([threshold, _hash_data(folder)]) for folder, threshold in list_hiding(project.reports).items()
    }


def is_still_proven(project: Project, folder: Path, code: str) -> bool:
    """Whether one attack, by the code of today, covered the edition in `folder` and all others as they are now.

    An edition that hides nothing says what is hidden from others, so for that one they must be just the same.
    """
    shown = hash_shown(project)
    now = set(shown.values())
    if folder not in shown:
        return set((read_record(folder) or {}).get("beside", [])) == now
    return any(now <= _covered(place, digest, code) for place, digest in shown.items())


def _covered(folder: Path, digest: str, code: str) -> set[str]:
    """The editions that the one in `folder` was attacked with, and itself; none if it is not as it was then."""
    record = read_record(folder) or {}
    published = {name: digest for name, digest in record.get("outputs", {}).items() if name.startswith(f"{DATA}/")}
    if record.get("made_from", {}).get("code") != code or _hash_data(folder) != published:
        return set()
    return {digest, *record.get("beside", [])}


def _hash_data(folder: Path) -> dict[str, str]:
    return hash_files({path.relative_to(folder).as_posix(): path for path in files_below(folder / DATA)})
