"""The warm process: imports what notebooks import, computes nothing, and forks an ordinary ipykernel on each request.

In: requests on a socket, each with a channel of its own: for a kernel, with its log file, or for the exit code of one
that has ended. Out: on that channel its process id, or the code. Linux only; `process` starts it and speaks to it,
`python -m` runs it.

A kernel made here differs from one started afresh in nothing that a notebook can see: its own process, session,
environment, working directory, random state, arguments and exit hooks. It never outlives this process, nor this process
the one that started it, but for tidying up: it removes the run's folder, which a killed run can't.
"""

import atexit
import ctypes
import gc
import json
import os
import random
import shutil
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# NOTE: matplotlib_inline is missing on purpose. Imported before a shell exists it never hooks itself into one, and the
# notebook then shows no charts and no error.
KERNEL_MODULES = (
    *("ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger"),
    # What these import only while a kernel starts.
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "faulthandler", "sqlite3", "tornado.platform.asyncio"),
)
INLINE_BACKEND = "matplotlib_inline.backend_inline"
LONGEST_REQUEST = 1 << 16
READY = b"ready"
PR_SET_PDEATHSIG = 1
PARENT_HAS_DIED = getattr(signal, "SIGUSR1", signal.SIGTERM)  # Windows has none, and only imports this module
LAST_FLUSH_SECONDS = 10.0  # who asked for the end waits less long, and then kills


@dataclass
class Nursery:
    """The kernels that live, by process id. The sender of a request has the answer on a channel that comes with it."""

    control: socket.socket
    folder: str
    kernels: set[int] = field(default_factory=set)

    def serve(self) -> dict[str, Any] | None:
        """Answer each request. Returns once in every child with what its kernel is to be, and in the warm process None,
        as soon as the process that asks has gone."""
        while True:
            message, descriptors = self._receive()
            if not message:
                return None
            asked = json.loads(message)
            with socket.socket(fileno=descriptors[0]) as channel:
                if "ended" in asked:
                    _answer(channel, str(self._reap(asked["ended"])))
                elif kernel := self._fork(channel, asked | {"log": descriptors[1]}):
                    return kernel

    def _receive(self) -> tuple[bytes, list[int]]:
        """The next request and what came with it; nothing when the process that asks has ended, however it did."""
        try:
            return socket.recv_fds(self.control, LONGEST_REQUEST, 2)[:2]
        except OSError:
            return b"", []

    def _fork(self, channel: socket.socket, kernel: dict[str, Any]) -> dict[str, Any] | None:
        if reason := why_not_fork():
            _answer(channel, reason)
        elif pid := os.fork():
            self.kernels.add(pid)
            _answer(channel, str(pid))
        else:
            self.control.close()
            return kernel
        os.close(kernel["log"])
        return None

    def _reap(self, pid: int) -> int:
        """Give the exit code of a kernel that has ended; until then its process id is no other's."""
        _, status = os.waitpid(pid, 0)
        self.kernels.discard(pid)
        return os.waitstatus_to_exitcode(status)

    def kill_all(self) -> None:
        """End every kernel and wait until it has ended."""
        for pid in self.kernels:
            for end in (os.killpg, os.kill):  # one that was forked just now leads no group yet
                with suppress(ProcessLookupError):
                    end(pid, signal.SIGKILL)
            with suppress(ChildProcessError):  # this came between its end and the note of it
                os.waitpid(pid, 0)

    def end_with(self, parent: int) -> None:
        """End as soon as `parent` has ended, however that ends and whatever this process is doing then: importing takes
        seconds, on a busy machine many."""

        def end(*_: object) -> None:
            if os.getppid() != parent:  # else only the thread has ended that started this process
                self.tidy_up()
                os._exit(1)

        signal.signal(PARENT_HAS_DIED, end)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, PARENT_HAS_DIED)
        end()

    def tidy_up(self) -> None:
        """Leave nothing behind: no kernel, no folder."""
        self.kill_all()
        shutil.rmtree(self.folder, ignore_errors=True)


def _answer(channel: socket.socket, words: str) -> None:
    with suppress(OSError):  # the process that asks may have ended
        channel.send(words.encode())


def why_not_fork() -> str:
    """Say what makes a fork unsafe now; empty when nothing does."""
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        return f"the warm process has {threads} threads; a fork copies only one of them"
    if INLINE_BACKEND in sys.modules:
        return f"{INLINE_BACKEND} was imported before there is a shell"
    return ""


def import_all(modules: Sequence[str]) -> str:
    """Import everything; why that is no good, or nothing. A warning at import would be missing from the notebooks."""
    said: list[str] = []
    show, warnings.showwarning = warnings.showwarning, lambda message, *_: said.append(str(message))
    gc.disable()  # modules stay: looking through them again and again for garbage is a tenth of the imports
    try:
        for name in (*KERNEL_MODULES, *modules):
            import_module(name)
    except Exception as error:
        return f"{type(error).__name__} while it imported: {error}"
    finally:
        warnings.showwarning = show  # NOTE: catch_warnings would also take away the filters that modules set up
    gc.collect()
    gc.enable()
    gc.freeze()  # the collector would otherwise touch, and so copy, every page that the kernels share
    return f"a warning while it imported: {said[0]}" if said else why_not_fork()


def die_with_parent(parent: int) -> None:
    """Ask the system to kill this process when the one that made it ends, also when that is already so."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def become_kernel(parent: int, arguments: list[str], variables: dict[str, str], log: int) -> None:
    """Turn this child into the kernel that `python -m ipykernel_launcher` would be; returns when it was shut down.

    `arguments` are those of `ipykernel_launcher`, `variables` the kernel's own, `log` the descriptor of its log file.
    """
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(PARENT_HAS_DIED, signal.SIG_DFL)
    die_with_parent(parent)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    os.environ.update(variables, JPY_PARENT_PID=str(parent))
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *arguments]
    # NOTE: ipykernel reads the parent's id from the environment when it is imported, which was before the fork.
    kernel = IPKernelApp.instance(parent_handle=parent)
    kernel.initialize(arguments)
    kernel.start()
    # NOTE: ipykernel ends the thread that prints while the one that answered the shutdown may still flush what it
    # printed; that one then waits 10 seconds for nothing (1 kernel in 30).
    kernel.control_thread.join(LAST_FLUSH_SECONDS)
    leave()


def leave() -> None:
    """End this process as the interpreter would, but without taking every imported module apart, which costs more than
    the whole life of a small notebook: threads are waited for, exit hooks run, open files are written out."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        stream.flush()
    os._exit(0)


def serve_kernels() -> None:
    """Import, say whether that went well, and serve."""
    if Path(sys.path[0] or ".").resolve() == Path.cwd():
        del sys.path[0]  # as ipykernel_launcher does; the shell puts it back
    descriptor, folder, parent, *modules = sys.argv[1:]
    control = socket.socket(fileno=int(descriptor))
    os.set_inheritable(control.fileno(), False)
    warm, nursery = os.getpid(), Nursery(control, folder)
    nursery.end_with(int(parent))
    _answer(control, import_all(modules) or READY.decode())
    try:
        wanted = nursery.serve()
    finally:
        if os.getpid() == warm:
            nursery.tidy_up()
    if wanted:
        become_kernel(warm, **wanted)


if __name__ == "__main__":
    serve_kernels()
