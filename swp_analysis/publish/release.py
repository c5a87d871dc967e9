"""Put a finished edition in the place of the previous one. In: a folder beside the target, with its figures in data/
(CSV with CSVW). Out: the target, wholly old or wholly new; or a `RunError`, and the previous edition untouched.

Whoever releases editions holds the project's lock: two that were released at once could each miss what the other gives
away. Linux swaps two folders in one step. Elsewhere the old one is moved aside first and deleted last; a run that is
killed in between is put right by `clean_up` at the start of the next one.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.errors import RunError, count_noun, describe_reason
from swp_analysis.project import Project
from swp_analysis.publish.checks import make_visible
from swp_analysis.publish.records import write_json
from swp_analysis.publish.state import SEAL, hash_folder, hash_shown, seal
from swp_analysis.published import DATA, RUN_FILE, read_record

if TYPE_CHECKING:
    from swp_analysis.disclosure import Protected

RENAME_EXCHANGE = 2
AT_WORKING_FOLDER = -100
# As `_aside` and `_staging_prefix` name them.
LEFT_BEHIND = re.compile(r"\.(?P<target>.+)\.(?:previous|staging-\w+)")


@contextmanager
def released(project: Project, target: Path) -> Iterator[Path]:
    """Give an empty folder, to be filled inside the `with`; it becomes the edition at `target` if nothing is raised.

    Raises
    ------
    RunError
        When it does not pass the proof together with the other editions, or the folders can't be swapped; the
        previous edition then stands as it was.
    """
    clean_up(target)
    try:
        with staged(target) as staging:
            yield staging
            _release(project, staging, target)
    finally:
        clean_up(target)


def settle(project: Project, staging: Path, target: Path) -> None:
    """Publish an edition that a worker, perhaps on another machine, has finished in `staging`.

    Raises
    ------
    RunError
        When it is not whole, does not stand the proof, or can't take its place.
    """
    try:
        with _refused_by_disk(target, "published"):
            record = read_record(staging)  # a shared disk may show half of the edition, or an older one
            if record is None or record.get(SEAL) != seal(record) or record["outputs"] != hash_folder(staging):
                raise RunError("The finished edition did not arrive whole from the worker that made it; run it again.")
            _release(project, staging, target)
    finally:
        clean_up(target)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, the caller's own; it is deleted if something is raised inside the `with`.

    Raises
    ------
    RunError
        In place of an `OSError`: the disk is full, or can't be written.
    """
    with _refused_by_disk(target, "written"):
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=_staging_prefix(target), dir=target.parent))
        try:
            yield staging
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


@contextmanager
def _refused_by_disk(target: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunError(f"The {target.name} edition could not be {what}: {describe_reason(error)}") from error


def clean_up(target: Path) -> list[str]:
    """Undo what a killed run left: bring back an edition that was moved aside, delete folders half filled.

    Returns
    -------
    The names of the folders that were there.
    """
    aside = _aside(target)
    left = [*([aside] if aside.exists() else []), *sorted(target.parent.glob(f"{_staging_prefix(target)}*"))]
    if aside.exists() and not target.exists():
        os.replace(aside, target)
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return [folder.name for folder in left]


def clean_up_all(reports: Path) -> list[str]:
    """Do the same for every edition: the next run may be for a different edition from the one that was killed.

    Returns
    -------
    The folders that were there, as paths within `reports`.
    """
    left = [(path.parent, found) for path in reports.glob("[!.]*/.*") if (found := LEFT_BEHIND.fullmatch(path.name))]
    targets = sorted({year / found["target"] for year, found in left})
    return [f"{target.parent.name}/{name}" for target in targets for name in clean_up(target)]


def open_to_readers(staging: Path, target: Path, *, withholds: bool) -> None:
    """Let everybody read an edition that withholds small numbers, whatever the umask of the run.

    Partners read it from a share. One that withholds nothing can be read by those who can read what the run writes
    otherwise.
    """
    if not withholds:
        readers = (staging / RUN_FILE).stat().st_mode & 0o444
        staging.chmod(0o700 | readers | readers >> 2)
        return
    for path in (staging, *staging.rglob("*"), target.parent, target.parents[1]):
        path.chmod(path.stat().st_mode & 0o7777 | (0o555 if path.is_dir() else 0o444))


def _release(project: Project, staging: Path, target: Path) -> None:
    """Prove the edition in `staging` together with all that readers hold, and put it in its place.

    What it was proven with is written down in its run.json; the figures of the edition that it replaces are kept.
    """
    from swp_analysis.catalogue.loader import load_catalogue
    from swp_analysis.disclosure.published_figures import keep_superseded  # heavy: what only tidies up goes without

    record = read_record(staging) or {}
    record["beside"] = sorted(set(hash_shown(project).values()))
    if (staging / DATA).is_dir():
        refuse_if_narrowed(staging, project, load_catalogue().indicators)
        keep_superseded(project.reports, target, staging)
    write_json(staging / RUN_FILE, record | {SEAL: seal(record)})
    open_to_readers(staging, target, withholds=bool(record.get("suppression", {}).get("suppress_below")))
    if not (target.exists() and _exchange(staging, target)):
        _replace(staging, target)


def _exchange(one: Path, other: Path) -> bool:
    """Give two folders each other's name in one step (renameat2); False where system or disk can't."""
    if sys.platform != "linux":
        return False
    import ctypes

    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    names = [argument for path in (one, other) for argument in (AT_WORKING_FOLDER, os.fsencode(path))]
    return exchange is not None and exchange(*names, RENAME_EXCHANGE) == 0


def _replace(staging: Path, target: Path) -> None:
    aside = _aside(target)
    try:
        if target.exists():
            os.replace(target, aside)
        os.replace(staging, target)
    except BaseException as error:  # a signal, too, may fall between the two moves
        if aside.exists() and not target.exists():
            os.replace(aside, target)
        if not isinstance(error, OSError):
            raise
        raise RunError(
            f"The new {target.name} edition could not take the place of the previous one, which still stands: "
            "is one of its files open in another program?"
        ) from error
    shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _staging_prefix(target: Path) -> str:
    return f".{target.name}.staging-"


def write_snapshot(folder: Path, data: Protected) -> None:
    """Write the protected figures, which readers see anyway, into `folder`/data for machines and for later editions;
    invisible characters are named."""
    from swp_analysis.disclosure.published_figures import FRAMES
    from swp_analysis.quality.processed import write_processed

    def show(entry: Any) -> Any:
        return make_visible(entry) if isinstance(entry, str) else entry

    write_processed(folder / DATA, {name: getattr(data, name).map(show) for name in FRAMES})


def refuse_if_narrowed(folder: Path, project: Project, indicators: Mapping) -> None:
    """Attack the edition in `folder` together with all that readers hold, including the one that it is to replace.

    Raises
    ------
    RunError
        Naming the indicators and the other editions, never a value, when a hidden count could be narrowed down.
    """
    from swp_analysis.disclosure import attack, know_from_open_tables
    from swp_analysis.disclosure.published_figures import read_edition, read_shown
    from swp_analysis.open_data.reader import open_data

    edition, others = read_edition(folder), read_shown(project.reports)
    if not edition.threshold:
        return
    areas, data = set(edition.observations["area_code"]), open_data(project)
    known = {cell: ends for code in areas for cell, ends in know_from_open_tables(data, str(code), indicators).items()}
    found = attack([edition, *others.values()], indicators, known)
    lost = found[~found["safe"]]
    if lost.empty:
        return
    names = ", ".join(dict.fromkeys(lost["indicator"]))
    beside = f" together with {' and '.join(others)}" if others else ""
    raise RunError(
        f"Nothing was published: read{beside}, it gives away {count_noun(len(lost), 'hidden count')} ({names}). "
        "Take the other editions back, or have the figures checked."
    )
