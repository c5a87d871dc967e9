"""Jobs on Dask distributed, an optional extra. In: a scheduler's address, or how many workers to start here. Out: each
job once, with its result or `Lost`.

Dask itself gives the jobs of a worker that died to another one; a job of which several workers died it gives up.
"""

from __future__ import annotations

import contextlib
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.errors import InputError, RunError
from swp_analysis.runs.jobs import Job, Lost, why_not_here

if TYPE_CHECKING:
    from distributed import Client, Future, Security

CONNECT_SECONDS = 10
# How long to wait for a worker when there is none: the nanny of one that died has started the next one by then.
NO_WORKER_SECONDS = 60
NO_WORKER = f"The Dask scheduler has no worker; none came within {NO_WORKER_SECONDS} seconds."
LOOK_AGAIN_SECONDS = 1.0
LOCAL_DEATHS_ALLOWED = 1


@dataclass(frozen=True)
class Tls:
    """The files of an encrypted connection: the authority's certificate, our own certificate and its key."""

    ca_file: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def __bool__(self) -> bool:
        return any((self.ca_file, self.cert, self.key))

    def as_security(self) -> Security | None:
        """In Dask's terms; None leaves it to Dask's own configuration."""
        from distributed import Security

        if not self:
            return None
        given = {"tls_ca_file": self.ca_file, "tls_client_cert": self.cert, "tls_client_key": self.key}
        return Security(require_encryption=True, **{name: str(path) for name, path in given.items() if path})


def is_installed() -> bool:
    """Whether Dask distributed seems to be there; it is not imported."""
    with contextlib.suppress(ImportError, ValueError):  # blocked by an import hook, or half taken away
        return find_spec("distributed") is not None
    return False


def is_usable() -> bool:
    """Whether Dask distributed can be imported."""
    with contextlib.suppress(ImportError):
        import_module("distributed")
        return True
    return False


@contextmanager
def on_scheduler(address: str, tls: Tls) -> Iterator[Client]:
    """A connection to a scheduler that somebody else has started.

    Raises
    ------
    InputError
        When the address is none, or the files of `tls` don't fit.
    RunError
        When no scheduler answers there.
    """
    from distributed import Client

    with _quiet():
        try:
            client = Client(address, timeout=CONNECT_SECONDS, security=tls.as_security(), set_as_default=False)
        except (ValueError, TypeError, RuntimeError) as error:
            raise InputError(f"--scheduler {address} can't be used: {_first_line(error)}.") from error
        except OSError as error:
            raise RunError(f"No Dask scheduler answers at {address}: {_first_line(error)}.") from error
        with client:
            yield client


@contextmanager
def on_local_workers(number: int) -> Iterator[Client]:
    """Workers of one thread each on this machine; only this run can talk to them."""
    import dask
    from distributed import Client, LocalCluster

    settings = {"distributed.scheduler.allowed-failures": LOCAL_DEATHS_ALLOWED}
    with (
        _quiet(),
        dask.config.set(settings),
        LocalCluster(
            n_workers=number,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            security=True,
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _quiet() -> Iterator[None]:
    """What is worth knowing of Dask's log is said in our own sentences."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def run_on_cluster(client: Client, function: Callable[[Job], Any], jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
    """Run `function`, which the workers can import, on each job.

    There are never more jobs out than workers, so that a worker's death costs hardly more than the job that it had. One
    that Dask gives up is tried once more, by itself: it may only have waited behind the one that killed its workers.

    Raises
    ------
    RunError
        When there are no workers, or one of them sees other files than this process.
    """
    _refuse_strangers(client, jobs[0])
    suspects = list[Job]()
    for job, result in _run_window(client, function, jobs):
        if result is None:
            suspects.append(job)
        else:
            yield job, result
    for suspect in suspects:
        for job, result in _run_window(client, function, [suspect]):
            yield job, result or Lost("its workers died each time it was tried.")


def _refuse_strangers(client: Client, job: Job) -> None:
    until = time.monotonic() + NO_WORKER_SECONDS
    while not (answers := _ask_workers(client, job)):
        if time.monotonic() > until:
            raise RunError(NO_WORKER)
        time.sleep(LOOK_AGAIN_SECONDS)
    for address, answer in answers.items():
        if isinstance(answer, Exception):
            raise RunError(f"The worker {address} can't do the jobs: {type(answer).__name__}: {_first_line(answer)}.")
        if answer:
            raise RunError(answer)


def _ask_workers(client: Client, job: Job) -> dict[str, Any]:
    """What each worker says to the job, by its address; one that died while it was asked says nothing."""
    from distributed import TimeoutError
    from distributed.comm import CommClosedError

    try:
        client.wait_for_workers(1, timeout=NO_WORKER_SECONDS)
        answers = client.run(why_not_here, job, on_error="return")
    except TimeoutError:
        raise RunError(NO_WORKER) from None
    except OSError as error:
        raise RunError(f"The Dask scheduler doesn't answer any more: {_first_line(error)}.") from error
    return {address: answer for address, answer in answers.items() if not isinstance(answer, CommClosedError)}


def _run_window(client: Client, function: Callable, jobs: Sequence[Job]) -> Iterator[tuple[Job, Any]]:
    """Each job with its result, `Lost`, or None when its workers died."""
    waiting = deque(jobs)
    out: dict[Future, Job] = {}
    last_seen = time.monotonic()
    try:
        while waiting or out:
            if workers := _count_workers(client):
                last_seen = time.monotonic()
            while waiting and len(out) < workers:
                job = waiting.popleft()
                out[client.submit(function, job, key=f"swp-{uuid.uuid4()}", pure=False)] = job
            for future in _wait_for_some(client, list(out)):
                yield out.pop(future), _outcome(future)
            if time.monotonic() - last_seen > NO_WORKER_SECONDS:
                for job in (*waiting, *out.values()):
                    yield job, Lost(f"there has been no worker for {NO_WORKER_SECONDS} seconds.")
                return
    finally:
        with contextlib.suppress(OSError):  # a scheduler that has gone has nothing to cancel
            client.cancel(list(out), force=True)


def _wait_for_some(client: Client, futures: list[Future]) -> Iterable[Future]:
    from distributed import CancelledError, TimeoutError, wait

    if not futures:
        time.sleep(LOOK_AGAIN_SECONDS)
        return ()
    try:
        with client.as_current():
            return wait(futures, timeout=LOOK_AGAIN_SECONDS, return_when="FIRST_COMPLETED").done
    except TimeoutError:
        return ()
    except CancelledError:
        return [future for future in futures if future.cancelled()]


def _count_workers(client: Client) -> int:
    try:
        return len(client.nthreads())
    except OSError:  # the scheduler doesn't answer
        return 0


def _outcome(future: Future) -> Any:
    from distributed.scheduler import KilledWorker

    if future.status == "finished":
        return future.result()
    if future.cancelled():
        return Lost("the Dask scheduler has gone.")
    error = future.exception()
    if isinstance(error, KilledWorker):
        return None
    return Lost(f"the worker could not run it: {type(error).__name__}: {_first_line(error)}.")


def _first_line(error: BaseException) -> str:
    return next((line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()), type(error).__name__)
