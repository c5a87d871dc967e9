"""One run of a project at a time. In: a project and what is about to run. Out: the right to run, or a `RunError` that
says who is running.

The operating system holds the lock, so it ends with the process however that ends, and nobody has to clear it away. The
words in the locked file only say who holds it; they are wiped when the run ends.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from swp_analysis.errors import RunError
from swp_analysis.project import Project

LOCK_FILE = ".running"
# Windows keeps others from reading what is locked, so the byte that is locked lies far behind the words.
LOCKED_BYTE = 1 << 30
LONGEST_RECORD = 4096
HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
# Anti-virus and sync programs (OneDrive) hold a file for a moment, and a run that has just begun has not signed yet.
PATIENCE_SECONDS = 2.0

_ours: dict[Path, dict[str, Any]] = {}


class AnotherRun(RunError):
    """Another run holds the lock: what it is, since when, its process and machine."""


@contextlib.contextmanager
def only_run(project: Project, what: str, say: Callable[[str], None] = print) -> Iterator[bool]:
    """Hold the project's lock inside the `with`. `what`: the run in a few words, shown to whoever comes second.

    Gives whether it is held: on a disk that can't lock (some network shares) the run goes on without, and `say` is
    told.

    Raises
    ------
    AnotherRun
        When another run holds it.
    RunError
        When the lock's file can't be written.
    """
    path = project.reports.resolve() / LOCK_FILE
    if path in _ours:  # opening and closing the file once more would give our own lock back
        raise AnotherRun(_describe(_ours[path]))
    with _open(path) as file:
        held = _take(file, path, say)
        _ours[path] = _sign(file, what)
        try:
            yield held
        finally:
            del _ours[path]
            file.truncate(0)


def read_signature(project: Project) -> str:
    """What the run that holds the project's lock has signed with; the same text in every process that looks."""
    path = project.reports.resolve() / LOCK_FILE
    return json.dumps(_ours.get(path) or _read_record(path))


def _open(path: Path) -> BinaryIO:
    """The file that is locked. No child process gets it, or one that outlives a crashed run would go on holding it."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return os.fdopen(os.open(path, flags, 0o666), "r+b", buffering=0)
        except OSError as error:
            if time.monotonic() > until or not isinstance(error, PermissionError):
                reason = error.strerror or type(error).__name__
                raise RunError(f"No run can start: reports/{LOCK_FILE} can't be written ({reason}).") from error
        time.sleep(0.05)


def _take(file: BinaryIO, path: Path, say: Callable[[str], None]) -> bool:
    try:
        _lock(file)
        return True
    except OSError as error:
        if error.errno in HELD:
            raise AnotherRun(_describe(_read_record(path))) from None
        say("The disk of this project can't lock files: see to it yourself that no second run starts.")
        return False


def _lock(file: BinaryIO) -> None:
    """Lock it or raise `OSError`. On POSIX a record lock, which a forked child does not share."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, LOCKED_BYTE)


def _sign(file: BinaryIO, what: str) -> dict[str, Any]:
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    record = {"what": what, "started": started, "process": os.getpid(), "machine": platform.node()}
    with contextlib.suppress(OSError):  # on a full disk it is held, and nobody is told by whom
        file.truncate(0)
        file.seek(0)
        file.write(json.dumps(record).encode("utf-8"))
    return record


def _read_record(path: Path) -> dict[str, Any]:
    """Who holds the lock; empty when they have not signed within a moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with path.open("rb") as file:
                return dict(json.loads(file.read(LONGEST_RECORD)))
        except (OSError, ValueError):
            time.sleep(0.05)
    return {}


def _describe(record: dict[str, Any]) -> str:
    if not record:
        return "Another run is going on in this project; wait until it has ended."
    started = datetime.fromisoformat(record["started"]).astimezone()
    today = started.date() == datetime.now().astimezone().date()
    return (
        f"{record['what']} has been running since {started:%H:%M}{'' if today else f' on {started:%Y-%m-%d}'} "
        f"(process {record['process']} on {record['machine']}); wait until it has ended, or stop it."
    )
