"""One run of a project at a time. In: a project and what is about to run. Out: the right to run, or a `RunError` that
says who is running.

filelock holds the lock in the operating system, so it ends with the process however that ends, and no forked child
keeps it. The words in the second file only say who holds it.
"""

import contextlib
import json
import os
import platform
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from swp_analysis.errors import RunError
from swp_analysis.project import Project, Say

LOCK_FILE, WORDS_FILE = ".lock", ".running"
LONGEST_RECORD = 4096
# Anti-virus and sync programs (OneDrive) hold a file for a moment, and a run that has just begun has not signed yet.
PATIENCE_SECONDS = 2.0


class AnotherRun(RunError):
    """Another run holds the lock: what it is, since when, its process and machine."""


@contextlib.contextmanager
def only_run(project: Project, what: str, say: Say = print) -> Iterator[bool]:
    """Hold the project's lock inside the `with`. `what`: the run in a few words, shown to whoever comes second.

    Gives whether it is held: on a disk that can't lock (some network shares) the run goes on without, and says so.

    Raises
    ------
    AnotherRun
        When another run holds it.
    RunError
        When the lock's file can't be written.
    """
    folder = project.reports.resolve()
    _make_file(folder / LOCK_FILE)
    lock = FileLock(folder / LOCK_FILE, timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except (Timeout, RuntimeError):  # by another process; by this one
        raise AnotherRun(_describe(_read_record(folder))) from None
    except OSError:
        say("The disk of this project can't lock files: see to it yourself that no second run starts.")
    try:
        _sign(folder, what)
        yield lock.is_locked
    finally:
        (folder / WORDS_FILE).unlink(missing_ok=True)
        lock.release()


def read_signature(project: Project) -> str:
    """Give what the run that holds the project's lock has signed with; the same in every process that looks."""
    return json.dumps(_read_record(project.reports.resolve()))


def _make_file(path: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.touch()
        except OSError as error:
            if time.monotonic() > until or not isinstance(error, PermissionError):
                reason = error.strerror or type(error).__name__
                raise RunError(f"No run can start: reports/{path.name} can't be written ({reason}).") from error
        time.sleep(0.05)


def _sign(folder: Path, what: str) -> None:
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    record = {"what": what, "started": started, "process": os.getpid(), "machine": platform.node()}
    with contextlib.suppress(OSError):  # on a full disk the lock is held, and does not say by whom
        (folder / WORDS_FILE).write_text(json.dumps(record), encoding="utf-8")


def _read_record(folder: Path) -> dict[str, Any]:
    """Read who holds the lock; empty when they have not signed within a moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with (folder / WORDS_FILE).open("rb") as file:
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
