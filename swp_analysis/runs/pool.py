"""Jobs in processes of our own, where Dask isn't installed. In: a function, jobs. Out: each job once, with its result
or `Lost`.

concurrent.futures gives all jobs up when one process dies, and doesn't say which job that had. Here a process has one
job at a time, so its death costs that one, and a fresh process tries it again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from swp_analysis.runs.jobs import Job, Lost

MOST_TRIES = 3
LAST_BREATH_SECONDS = 5.0


class Pool:
    """So many workers. They end with the `with`, and with this process, however that ends."""

    def __init__(self, workers: int, say: Callable[[str], None] = print) -> None:
        self._number, self._say = workers, say
        self._idle, self._busy = list[_Worker](), dict[Connection, _Worker]()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in (*self._idle, *self._busy.values()):
            worker.end()

    def run(self, function: Callable[[Job], Any], jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
        """Run `function`, which other processes can import, on each job.

        A job whose worker dies is given to another one, `MOST_TRIES` times in all.
        """
        waiting = deque((job, 1) for job in jobs)
        while waiting or self._busy:
            while waiting and len(self._busy) < self._number:
                self._give(function, *waiting.popleft())
            for connection in wait(list(self._busy)):
                worker = self._busy.pop(connection)
                result = worker.take()
                if not worker.died:
                    self._idle.append(worker)
                elif worker.tries < MOST_TRIES:
                    self._say(f"{worker.job.edition}: its worker died{worker.manner_of_death()}; it is tried again.")
                    waiting.append((worker.job, worker.tries + 1))
                    continue
                yield worker.job, result

    def _give(self, function: Callable[[Job], Any], job: Job, tries: int) -> None:
        worker = self._idle.pop() if self._idle else _Worker()
        worker.give(function, job, tries)
        self._busy[worker.connection] = worker


class _Worker:
    """One process and the job that it has."""

    def __init__(self) -> None:
        # A forked child would keep the pipes of its siblings open, and Windows has no fork.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.died = False

    def give(self, function: Callable[[Job], Any], job: Job, tries: int) -> None:
        self.job, self.tries = job, tries
        with contextlib.suppress(OSError):  # it died while it had nothing to do: `take` will see
            self.connection.send((function, job))

    def take(self) -> Any:
        """The result; `Lost` when the process has died."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            self.died = True
            self._process.join(LAST_BREATH_SECONDS)
            self.end()
            return Lost(f"its worker died{self.manner_of_death()}, {self.tries} times.")

    def manner_of_death(self) -> str:
        """How the process ended, in a few words."""
        code = self._process.exitcode
        if code is not None and code == -getattr(signal, "SIGKILL", 0):
            return " (stopped by signal 9, which often means that memory ran out)"
        return f" (exit code {code})"

    def end(self) -> None:
        """End the process at once."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def _serve(connection: Connection) -> None:
    """A worker's life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all, and the sender of the jobs deals with it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            function, job = connection.recv()
        except EOFError:
            return
        try:
            result = function(job)
        except Exception as error:
            result = Lost(f"{type(error).__name__}: {error}")
        connection.send(result)


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
