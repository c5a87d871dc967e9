"""Swap a finished edition in for the previous one. In: a folder made beside the target. Out: the target, wholly old or
wholly new.

Linux changes two folders over in one step. Elsewhere the old one is moved aside first and deleted last; a run that
crashes in between is put right by `clean_up` at the start of the next one.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from swp_analysis.errors import RunError

RENAME_EXCHANGE = 2
AT_WORKING_FOLDER = -100
# As `_aside` and `_staging_prefix` name them.
LEFT_BEHIND = re.compile(r"\.(?P<target>.+)\.(?:previous|staging-\w+)")


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`, to be filled inside the `with`; it becomes the target if nothing is raised.

    Raises
    ------
    RunError
        When the folders can't be swapped; the previous edition then stands as it was.
    """
    clean_up(target)
    try:
        staging = make_staging(target)
        yield staging
        swap_in(staging, target)
    except OSError as error:
        raise RunError(
            f"The {target.name} edition could not be written: {error.strerror or type(error).__name__}."
        ) from error
    finally:
        clean_up(target)


def make_staging(target: Path) -> Path:
    """An empty folder beside `target`, the caller's own: whatever others are there stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=_staging_prefix(target), dir=target.parent))
    staging.chmod(0o755)  # mkdtemp's own folders are for one user only; partners read this one from a share
    return staging


def clean_up(target: Path) -> None:
    """Undo what a crashed run left: bring back an edition that was moved aside, delete folders half filled."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        os.replace(aside, target)
    shutil.rmtree(aside, ignore_errors=True)
    for left in target.parent.glob(f"{_staging_prefix(target)}*"):
        shutil.rmtree(left, ignore_errors=True)


def clean_up_all(reports: Path) -> None:
    """The same for every edition: the next run may be one of another edition than the one that crashed."""
    for left in reports.glob("*/.*"):
        if named := LEFT_BEHIND.fullmatch(left.name):
            clean_up(left.with_name(named["target"]))


def swap_in(staging: Path, target: Path) -> None:
    """Put a finished folder in the place of `target`.

    Raises
    ------
    RunError
        When it can't be moved; the previous edition then stands as it was.
    """
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
