"""Workers for many editions at once. In: what the call says of them. Out: `Workers`, an `Executor` of
`concurrent.futures`: a process pool on this machine, or the workers of a Dask cluster.

A process pool of the standard library gives all its jobs up when one process dies. Here each process is a pool of its
own, so its death costs one job; who handed that out tries it again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
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
    from distributed import Client, Security

CONNECT_SECONDS = 10
# A job that killed so many workers is given up.
MOST_DEATHS = 3
NEEDS_DASK = "--scheduler needs Dask; install it with: pip install swp-analysis[fanout]"


class Workers(Executor):
    """An executor that knows how many jobs it does at once."""

    def count(self) -> int:
        """Count the workers that are there now."""
        return 1

    def deaths(self, error: BaseException | None) -> int:
        """Count the workers that died of a job which ended with `error`."""
        return int(isinstance(error, BrokenExecutor))


class LocalWorkers(Workers):
    """Processes on this machine. They start when there are jobs, and end with this process, however that ends."""

    def __init__(self, number: int) -> None:
        self._number, self._processes = number, list[_WorkerProcess]()

    def count(self) -> int:
        return self._number

    def submit(self, function: Callable, /, *arguments: Any, **named: Any) -> Future:
        """Give a job to a process that has none, or to a new one."""
        self._processes = [process for process in self._processes if not process.is_broken()]
        free = next((process for process in self._processes if process.is_free()), None)
        if free:
            with suppress(BrokenExecutor):  # it died while it had nothing to do
                return free.submit(function, *arguments, **named)
        self._processes.append(_WorkerProcess())
        return self._processes[-1].submit(function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes at once, whatever they are doing."""
        while self._processes:
            self._processes.pop().end()


class _WorkerProcess:
    """A pool of one process, and the job that it has."""

    def __init__(self) -> None:
        # A forked child would keep the pipes of its siblings open, and Windows has no fork.
        context = multiprocessing.get_context("spawn")
        theirs, self._ours = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(1, context, initializer=_begin_life, initargs=(theirs,))
        self._theirs: Connection | None = theirs
        self._job: Future | None = None

    def submit(self, function: Callable, /, *arguments: Any, **named: Any) -> Future:
        self._job = self._pool.submit(function, *arguments, **named)
        if self._theirs:  # the process has begun, and has its own copy
            self._theirs.close()
            self._theirs = None
        return self._job

    def is_free(self) -> bool:
        return self._job is None or self._job.done()

    def is_broken(self) -> bool:
        done = self._job is not None and self._job.done() and not self._job.cancelled()
        return done and isinstance(self._job and self._job.exception(), BrokenExecutor)

    def end(self) -> None:
        self._ours.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _begin_life(parent: Connection) -> None:
    """In a worker process: leave Ctrl-C to the sender of the jobs, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Connection) -> None:
    with suppress(EOFError, OSError):
        parent.recv()  # never comes: the pipe ends with the sender
    os._exit(1)


@dataclass(frozen=True)
class Tls:
    """The files of an encrypted connection: the authority's certificate, our own certificate and its key."""

    ca_file: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def __bool__(self) -> bool:
        return any((self.ca_file, self.cert, self.key))

    def as_security(self) -> Security | None:
        """Say it in Dask's terms; None leaves it to Dask's own configuration."""
        from distributed import Security

        if not self:
            return None
        given = {"tls_ca_file": self.ca_file, "tls_client_cert": self.cert, "tls_client_key": self.key}
        return Security(require_encryption=True, **{name: str(path) for name, path in given.items() if path})


@dataclass
class DaskWorkers(Workers):
    """The workers of a scheduler that somebody else has started; connected to when there are jobs.

    Dask itself gives the job of a worker that died to another one, and gives it up when several died of it.
    """

    address: str
    tls: Tls = field(default_factory=Tls)

    @cached_property
    def _client(self) -> Client:
        try:
            from distributed import Client
        except ImportError:
            raise InputError(NEEDS_DASK) from None
        try:
            return Client(self.address, timeout=CONNECT_SECONDS, security=self.tls.as_security(), set_as_default=False)
        except (ValueError, TypeError, RuntimeError) as error:
            raise InputError(f"--scheduler {self.address} can't be used: {first_line(error)}.") from error
        except OSError as error:
            raise RunError(f"No Dask scheduler answers at {self.address}: {first_line(error)}.") from error

    @cached_property
    def _executor(self) -> Executor:
        return self._client.get_executor(pure=False)

    def count(self) -> int:
        try:
            return len(self._client.nthreads())
        except OSError:  # the scheduler doesn't answer
            return 0

    def submit(self, function: Callable, /, *arguments: Any, **named: Any) -> Future:
        return self._executor.submit(function, *arguments, **named)

    def deaths(self, error: BaseException | None) -> int:
        from distributed.scheduler import KilledWorker

        # It may only have waited behind the job that killed its workers: it is tried once more.
        return MOST_DEATHS - 1 if isinstance(error, KilledWorker) else 0

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler; what its workers still make is taken by nobody."""
        if "_client" in self.__dict__:
            with suppress(OSError, TimeoutError):
                self._client.close(timeout=CONNECT_SECONDS)


def choose_workers(number: int | None, scheduler: str | None, tls: Tls) -> Workers:
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
