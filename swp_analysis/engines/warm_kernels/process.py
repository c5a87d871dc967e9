"""Our side of the warm process: start it early, ask it for kernels, end it. In: a folder to work in, what to import.
Out: `ForkedKernel`s, or a `WarmUnavailable` with the reason, and the caller starts its kernel the ordinary way.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from swp_analysis.engines.warm_kernels.private_folder import private_folder
from swp_analysis.engines.warm_kernels.server import READY

KERNEL_COMMAND = (sys.executable, "-m", "ipykernel_launcher")
# Variables that differ from kernel to kernel and are read only after the fork.
OWN_VARIABLES = frozenset({"IPYTHONDIR", "MATPLOTLIBRC", "JPY_PARENT_PID", "JPY_SESSION_NAME"})
NOT_HANDED_ON = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONEXECUTABLE")
# Kernels share the cores between them, and a process with helper threads can't be forked.
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
PACKAGES = Path(__file__).resolve().parents[3]  # where kernels find this package, whatever folder they work in
SERVER = "swp_analysis.engines.warm_kernels.server"
START_SECONDS, FORK_SECONDS = 60.0, 10.0
LONGEST_ANSWER = 1 << 12


def kernel_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Give the environment variables of all kernels: the caller's, `variables`, and personal settings shut out.

    Taken once, at the start: some packages set variables when they are imported.
    """
    kept = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    python_path = [str(PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
    ours = {
        "PYTHONPATH": os.pathsep.join(python_path),
        "PYTHONHASHSEED": "0",  # the order of a set must not change from run to run: same inputs, same bytes
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    return {**ONE_THREAD, **kept, **variables, **ours}


def own_variables(scratch: Path) -> dict[str, str]:
    """Give those that differ from kernel to kernel: an empty IPython profile, no matplotlib settings."""
    (scratch / "matplotlibrc").touch()
    return {"IPYTHONDIR": str(scratch / "ipython"), "MATPLOTLIBRC": str(scratch / "matplotlibrc")}


class WarmUnavailable(Exception):
    """No kernel can be forked, and why."""


class ForkedKernel:
    """A kernel that the warm process forked, that behaves like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, warm: WarmProcess) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._warm, self._lock = warm, threading.Lock()
        self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Give the exit code (negative: the signal), None while it runs. When the warm process died, it was killed
        too."""
        with self._lock:
            if self.returncode is None and _has_news(self._end, 0):
                self.returncode = self._warm.find_exit_code(self.pid)
                os.close(self._end)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Block until it has ended."""
        while (code := self.poll()) is None:
            if not _has_news(self._end, timeout):
                raise subprocess.TimeoutExpired(KERNEL_COMMAND, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Give the signal the process, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class WarmProcess(contextlib.ExitStack):
    """The process that a run's kernels are forked from, and what all its kernels share, forked or not.

    It imports while the caller goes on; `close`, or the end of its `with`, ends it and its kernels. `folder` is private
    and goes with it, `place` is the working folder of all kernels, `environment` holds their variables. `unavailable`
    is why none can be forked, once that is known.
    """

    def __init__(
        self,
        place: Path,
        *,
        imports: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        folder_variable: str = "",
        wanted: bool = True,
    ) -> None:
        """Start the process.

        Parameters
        ----------
        place : the kernels' working folder
        imports : modules to import before the first fork
        variables : environment variables of the kernels, beyond the caller's own
        folder_variable : name of one more variable, which holds the path of `folder`
        wanted : False for no process: every kernel is then started afresh
        """
        super().__init__()
        self.folder, self.place = self.enter_context(private_folder()), place
        named = {folder_variable: str(self.folder)} if folder_variable else {}
        self.environment = kernel_environment({**(variables or {}), **named})
        self.unavailable = "" if wanted else "ordinary kernels were asked for"
        self._ready, self._lock = False, threading.Lock()
        self._process: subprocess.Popen | None = None
        if sys.platform != "linux":
            self.unavailable = "forking is safe on Linux only"
        self.callback(self._end)
        if self.unavailable:
            return
        try:
            self._start(imports)
        except OSError as error:
            self.unavailable = f"the warm process could not be started ({error.strerror})"
        except BaseException:  # a run that is interrupted here has no one else who could end the process
            self.close()
            raise

    def _start(self, imports: Sequence[str]) -> None:
        self._control, theirs = _make_channel()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", SERVER, str(theirs.fileno()), str(self.folder), str(os.getpid()), *imports],
                env=self.environment | own_variables(self.folder),
                cwd=self.place,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us; we end it
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    @property
    def pid(self) -> int | None:
        """Give its process id, None where there is none."""
        return self._process.pid if self._process else None

    def has_died(self) -> bool:
        """Tell whether it was there and has ended, so that its kernels have ended with it."""
        return self._process is not None and self._process.poll() is not None

    def fork(self, command: Sequence[str], variables: Mapping[str, str], cwd: str, log: IO[bytes]) -> ForkedKernel:
        """Give a running kernel that is what `command` would have started.

        Raises
        ------
        WarmUnavailable
            When the warm process can't be used at all, or the kernel would not be the same.
        """
        self._refuse_a_stranger(command, variables, cwd)
        own = {name: value for name, value in variables.items() if name in OWN_VARIABLES}
        request = {"arguments": list(command[len(KERNEL_COMMAND) :]), "variables": own}
        self._wait_until_ready()
        answer = self._ask(request, log.fileno())
        try:
            return ForkedKernel(int(answer), self)
        except (ValueError, ProcessLookupError):
            self._give_up(answer or "the warm process gives no answer")

    def find_exit_code(self, pid: int) -> int:
        """Find the exit code of a kernel that has ended (negative: its signal)."""
        return int(self._ask({"ended": pid}) or -signal.SIGKILL)

    def _ask(self, request: Mapping[str, Any], *descriptors: int) -> str:
        """The answer to a request; nothing where the warm process has died, or gives none in time."""
        channel, theirs = _make_channel()
        with channel:
            with theirs, contextlib.suppress(OSError):
                message = json.dumps(request).encode("utf-8")
                socket.send_fds(self._control, [message], [theirs.fileno(), *descriptors])
            return _receive(channel, FORK_SECONDS)

    def _refuse_a_stranger(self, command: Sequence[str], variables: Mapping[str, str], cwd: str) -> None:
        if self.unavailable:
            raise WarmUnavailable(self.unavailable)
        if tuple(command[: len(KERNEL_COMMAND)]) != KERNEL_COMMAND or Path(cwd) != self.place:
            raise WarmUnavailable("it imported for other kernels than this one")
        names = (set(variables) | set(self.environment)) - OWN_VARIABLES
        if changed := sorted(name for name in names if variables.get(name) != self.environment.get(name)):
            raise WarmUnavailable(f"it imported with another value of the environment variable {changed[0]}")

    def _wait_until_ready(self) -> None:
        with self._lock:
            if self.unavailable:  # another notebook found out while this one waited for its turn
                raise WarmUnavailable(self.unavailable)
            if not self._ready and (answer := _receive(self._control, START_SECONDS)) != READY.decode():
                self._give_up(answer or "the warm process did not start")
            self._ready = True

    def _give_up(self, reason: str) -> NoReturn:
        self.unavailable = reason
        raise WarmUnavailable(reason)

    def _end(self) -> None:
        """End the warm process, and with it every kernel that still runs."""
        if self._process is not None:
            self._control.close()
            try:
                self._process.wait(FORK_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process, self.unavailable = None, "it was closed"


def _make_channel() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _has_news(channel: socket.socket | int, seconds: float | None) -> bool:
    return bool(select.select([channel], [], [], seconds)[0])


def _receive(channel: socket.socket, seconds: float) -> str:
    """The next message; nothing when none comes in time, or the other end has gone."""
    try:
        return channel.recv(LONGEST_ANSWER).decode("utf-8", "replace") if _has_news(channel, seconds) else ""
    except OSError:
        return ""
