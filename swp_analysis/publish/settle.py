"""The last step of an edition, one at a time in a project. In: a finished folder. Out: the edition in its place; or a
`RunError`, and the previous edition untouched.

Whoever settles editions holds the project's lock: two that were settled at once could each miss what the other gives
away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from swp_analysis.catalogue import load_catalogue
from swp_analysis.disclosure.published_figures import keep_superseded
from swp_analysis.errors import RunError
from swp_analysis.project import Project
from swp_analysis.publish.made_from import SEAL, hash_folder, seal
from swp_analysis.publish.neighbours import hash_shown
from swp_analysis.publish.records import write_json
from swp_analysis.publish.snapshot import refuse_if_narrowed
from swp_analysis.publish.staging import clean_up, staged, swap_in
from swp_analysis.published import DATA, RUN_FILE, read_record


@contextmanager
def settled(project: Project, target: Path) -> Iterator[Path]:
    """An empty folder, to be filled inside the `with`; it becomes the edition at `target` if it stands the attack.

    Raises
    ------
    RunError
        When it doesn't, or the folders can't be swapped.
    """
    with staged(target) as staging:
        yield staging
        _prove_beside_others(project, staging, target)


def settle(project: Project, staging: Path, target: Path) -> None:
    """Publish an edition that somebody else, perhaps on another machine, has finished in `staging`.

    Raises
    ------
    RunError
        When it is not whole, does not stand the attack, or can't take its place.
    """
    try:
        _refuse_if_not_whole(staging)
        _prove_beside_others(project, staging, target)
        swap_in(staging, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RunError(f"The {target.name} edition could not be published: {reason}.") from error
    finally:
        clean_up(target)


def _prove_beside_others(project: Project, folder: Path, target: Path) -> None:
    """Attack the edition in `folder` together with all that readers hold, write down in its run.json what that was, and
    keep the figures of the edition that it replaces."""
    record = read_record(folder) or {}
    record["beside"] = sorted(set(hash_shown(project).values()))
    if (folder / DATA).is_dir():
        refuse_if_narrowed(folder, project, load_catalogue().indicators)
        keep_superseded(project.reports, target, folder)
    write_json(folder / RUN_FILE, record | {SEAL: seal(record)})


def _refuse_if_not_whole(staging: Path) -> None:
    """Every file is there as it was when the edition was finished: a shared disk may show half of it, or older."""
    record = read_record(staging)
    if record is None or record.get(SEAL) != seal(record) or record["outputs"] != hash_folder(staging):
        raise RunError("The finished edition did not arrive whole from the worker that made it; run it again.")
