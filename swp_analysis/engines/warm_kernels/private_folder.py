"""Folders that only this account can read, for as long as a run goes on. In: nothing. Out: a folder in the machine's
temporary one, removed at the end; the next run removes that of a run that was killed.

Its owner holds a lock on a file in it. The operating system ends that with the owner, however that ends, so it tells a
folder in use from one that was left behind. A forked child does not keep it: filelock closes it there.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "swp-"
OWNER = ".owner"


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """Have such a folder inside the `with`; a file that is then still open elsewhere may stay for the next run."""
    remove_abandoned()
    folder, owner = _make_own()
    try:
        yield folder
    finally:
        owner.release()
        _remove(folder)


def remove_abandoned() -> None:
    """Remove the folders of this account, of whatever project, whose owner has ended without doing so."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        with contextlib.suppress(OSError, Timeout):  # in use, or another run is removing it just now
            if _is_ours(owner.parent):
                with _lock(owner):
                    _remove(owner.parent)
                if os.name == "nt":  # which deletes no open file, ours until now; it fails if another run locked it
                    owner.unlink(missing_ok=True)
                    owner.parent.rmdir()


def _make_own() -> tuple[Path, FileLock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        owner = _lock(folder / OWNER)
        # NOTE: until it is locked, a run that begins at the same moment takes it for abandoned.
        with contextlib.suppress(FileNotFoundError, Timeout):
            made = folder.stat()
            (folder / OWNER).touch()
            try:
                owner.acquire()
            except Timeout:  # itself an OSError
                continue  # another run is removing it just now
            except OSError:  # a disk that can't lock: then no run removes anything there, either
                pass
            now = folder.stat()
            if (folder / OWNER).exists() and os.path.samestat(now, made) and now.st_mode == made.st_mode:
                return folder, owner
            _remove(folder)  # the lock made it again, not as private, after another run had removed it
        owner.release()


def _lock(owner: Path) -> FileLock:
    """Make the lock of a folder. One that is locked twice in the same process counts as two: workers may be threads."""
    return FileLock(owner, timeout=0, thread_local=False, fallback_to_soft=False)


def _is_ours(folder: Path) -> bool:
    return not hasattr(os, "geteuid") or folder.lstat().st_uid == os.geteuid()


def _remove(folder: Path) -> None:
    """Delete a folder, its owner's file last: as long as anything is left, the next run finds it by that."""
    with contextlib.suppress(OSError):
        for inner in folder.iterdir():
            if inner.is_dir() and not inner.is_symlink():
                shutil.rmtree(inner)
            elif inner.name != OWNER:
                inner.unlink()
        shutil.rmtree(folder)
