"""Folders for what nobody else may read while a run goes on. In: nothing. Out: a folder in the machine's temporary one,
for this account only, gone at the end; one whose run was killed is taken away by the next run.

Its owner holds a lock on a file in it. The operating system ends that with the owner, however that ends, so it tells a
folder in use from one that was left behind, also while the workers of one call run side by side.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from swp_analysis.lock import HELD

PREFIX = "swp-"
OWNER = ".owner"


class PrivateFolder:
    """One such folder, at `path`, until `close`."""

    def __init__(self) -> None:
        take_away_abandoned()
        self.path, self._owner = _make_own()

    def close(self) -> None:
        """Take it away, as far as that can be done: a file that is still open elsewhere may stay for the next run."""
        self._owner.close()
        _take_away(self.path)


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """Such a folder inside the `with`."""
    folder = PrivateFolder()
    try:
        yield folder.path
    finally:
        folder.close()


def take_away_abandoned() -> None:
    """Take away the folders of this account, of whatever project, whose owner has ended without doing so."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        with contextlib.suppress(OSError):  # in use, or somebody else is taking it away just now
            if _is_ours(owner.parent):
                with owner.open("rb") as file:
                    _lock(file)
                    _take_away(owner.parent)
                _take_away(owner.parent)  # what is left on Windows, which deletes no open file


def _make_own() -> tuple[Path, IO[bytes]]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        file = (folder / OWNER).open("wb")
        # NOTE: until it is locked, a run that begins at the same moment takes it for abandoned.
        if not _is_locked_by_others(file) and (folder / OWNER).exists():
            return folder, file
        file.close()


def _is_locked_by_others(file: IO[bytes]) -> bool:
    try:
        _lock(file)
    except OSError as error:  # another one means a disk that can't lock: then nobody takes anything away there, either
        return error.errno in HELD
    return False


def _lock(file: IO[bytes]) -> None:
    """Lock a file or raise `OSError`. One that is open twice in the same process counts as two, unlike in
    `swp_analysis.lock`: workers may be threads."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_ours(folder: Path) -> bool:
    return not hasattr(os, "geteuid") or folder.lstat().st_uid == os.geteuid()


def _take_away(folder: Path) -> None:
    """Delete a folder, its owner's file last: as long as anything is left, the next run finds it by that."""
    with contextlib.suppress(OSError):
        for inner in folder.iterdir():
            if inner.is_dir() and not inner.is_symlink():
                shutil.rmtree(inner)
            elif inner.name != OWNER:
                inner.unlink()
        shutil.rmtree(folder)
