"""Workers for many jobs at once. In: what the call says of them. Out: `Workers`, an `Executor` of `concurrent.futures`:
processes on this machine, or the workers of a Dask cluster.

A process pool of the standard library gives all its jobs up when one process dies. Here each process is a pool of its
own, so its death costs one job; who handed that out tries it again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.errors import InputError, RunError

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10
# A job that killed so many workers is given up.
MOST_DEATHS = 3
NEEDS_DASK = "--scheduler needs Dask; install it with: pip install swp-analysis[fanout]"


class Workers(Executor):
    """An executor that knows how many jobs it does at once."""

    def count(self) -> int:
        """Count the workers that are there now."""
        return 1

    def deaths(self, error: BaseException) -> int:
        """Count the workers that died of a job which ended with `error`."""
        return int(isinstance(error, BrokenExecutor))


class LocalWorkers(Workers):
    """Processes on this machine. They start when there are jobs, and end with this process, however that ends."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._jobs: dict[ProcessPoolExecutor, Future] = {}  # of each pool of one process its newest
        # A forked child would keep the pipes of its siblings open, and Windows has no fork.
        self._context = multiprocessing.get_context("spawn")
        self._theirs, self._ours = self._context.Pipe(duplex=False)

    def count(self) -> int:
        return self._number

    def submit(self, function: Callable, /, *arguments: Any, **named: Any) -> Future:
        """Give a job to a process that has none, or to a new one."""
        for pool in [pool for pool, job in self._jobs.items() if job.done()]:
            with suppress(BrokenExecutor):
                self._jobs[pool] = pool.submit(function, *arguments, **named)
                return self._jobs[pool]
            del self._jobs[pool]  # it died of its job, or while it had none
        pool = ProcessPoolExecutor(1, self._context, initializer=_end_with, initargs=(self._theirs,))
        self._jobs[pool] = pool.submit(function, *arguments, **named)
        return self._jobs[pool]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes at once, whatever they are doing."""
        self._ours.close()
        while self._jobs:
            self._jobs.popitem()[0].shutdown(cancel_futures=True)


def _end_with(sender: Connection) -> None:
    """In a worker process: leave Ctrl-C to the sender of the jobs, and end with it."""

    def wait_for_its_end() -> None:
        with suppress(EOFError, OSError):
            sender.recv()  # never comes: the pipe ends with the sender
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=wait_for_its_end, daemon=True).start()


@dataclass
class DaskWorkers(Workers):
    """The workers of a scheduler that is running already; connected to when there are jobs. `tls`: the files of an
    encrypted connection, by Dask's names for them; without any, Dask's own configuration says.

    Dask itself gives the job of a worker that died to another one, and gives it up when several died of it.
    """

    address: str
    tls: Mapping[str, Path] = field(default_factory=dict)

    @cached_property
    def _client(self) -> Client:
        try:
            from distributed import Client, Security
        except ImportError:
            raise InputError(NEEDS_DASK) from None
        files = {name: str(path) for name, path in self.tls.items()}
        try:
            security = Security(require_encryption=True, **files) if files else None
            return Client(self.address, timeout=CONNECT_SECONDS, security=security, set_as_default=False)
        except (ValueError, TypeError, RuntimeError) as error:
            raise InputError(f"--scheduler {self.address} can't be used: {first_line(error)}.") from error
        except OSError as error:
            raise RunError(f"No Dask scheduler answers at {self.address}: {first_line(error)}.") from error

    def count(self) -> int:
        with suppress(OSError):  # the scheduler doesn't answer
            return len(self._client.nthreads())
        return 0

    def submit(self, function: Callable, /, *arguments: Any, **named: Any) -> Future:
        return self._client.get_executor(pure=False).submit(function, *arguments, **named)

    def deaths(self, error: BaseException) -> int:
        from distributed.scheduler import KilledWorker

        # It may only have waited behind the job that killed its workers: it is tried once more.
        return MOST_DEATHS - 1 if isinstance(error, KilledWorker) else 0

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler; what its workers still make is not fetched."""
        if "_client" in self.__dict__:
            with suppress(OSError, TimeoutError):
                self._client.close(timeout=CONNECT_SECONDS)


def choose_workers(number: int | None, scheduler: str | None, tls: Mapping[str, Path]) -> Workers:
    """Choose between processes here and a Dask cluster; nothing is started yet.

    Raises
    ------
    InputError
        For options that don't go together, or that need Dask where there is none.
    """
    if scheduler and number:
        raise InputError("Give --scheduler or --workers, not both: a scheduler has its own workers.")
    if tls and not scheduler:
        raise InputError("--tls-ca-file, --tls-cert and --tls-key are for a --scheduler; none was given.")
    if not scheduler:
        return LocalWorkers(number or 1)
    with suppress(ImportError, ValueError):  # blocked by an import hook, or half taken away
        if find_spec("distributed"):
            return DaskWorkers(scheduler, tls)
    raise InputError(NEEDS_DASK)


def first_line(error: BaseException) -> str:
    """Give the first line of an error's text, without its full stop; its name when there is no text."""
    return next((line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()), type(error).__name__)
