"""The Jupyter kernel a notebook runs on. In: a scratch folder, a warm process. Out: a kernel that papermill can drive.

It is always this interpreter, whatever kernels the user's Jupyter knows; nothing of the user's own settings reaches it
(IPython profile and startup files, matplotlibrc, back end, PYTHONSTARTUP); and its child processes end with it.
"""

import asyncio
import contextlib
import os
import signal
import time
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.utils import run_sync

from swp_analysis.engines.warm_kernels.process import KERNEL_COMMAND, WarmProcess, WarmUnavailable, own_variables

# A Unix socket's address holds about 100 characters, among them the "-ipc-1" that jupyter_client appends.
LONGEST_SOCKET_PATH = 90
POLITE_STOP_SECONDS = 2.5  # as long as jupyter_client waits before it sends SIGTERM
SHORT_POLL = 0.01
# The names under which pyproject.toml registers our provisioner and our papermill engine.
WARM_NAME = "swp-warm"
NO_HISTORY = "--HistoryManager.enabled=False"  # a database of inputs that nobody would ask again


class PromptClient(AsyncKernelClient):
    """A client that goes on as soon as the kernel is ready; jupyter_client's listens for silence, 0.2 seconds long."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when a request was answered and its "idle" was heard: both channels then work, and nothing is left on
        them.

        Raises
        ------
        RuntimeError
            When the kernel has died, or `timeout` seconds are over.
        """
        deadline = time.monotonic() + (timeout or float("inf"))
        while not await self._is_heard(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    async def _is_heard(self, request: str) -> bool:
        try:
            await self._next(self.get_shell_msg, request, 1.0, "kernel_info_reply")
            # NOTE: the first answers on this channel are lost when it connected later than the other; then ask again.
            while (await self._next(self.get_iopub_msg, request, 0.1, "status"))["execution_state"] != "idle":
                pass
        except Empty:
            return False
        return True

    @staticmethod
    async def _next(get_message, request: str, seconds: float, kind: str) -> dict:
        """Give the content of the next message of a kind that answers a request; `Empty` when there is none in time."""
        while True:
            message = await get_message(timeout=seconds)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == kind:
                return message["content"]


@cache
def is_registered() -> bool:
    """Tell whether this environment knows our extensions of jupyter_client and papermill."""
    groups = ("jupyter_client.kernel_provisioners", "papermill.engine")
    return all(WARM_NAME in entry_points(group=group).names for group in groups)


class NotebookKernel(AsyncKernelManager):
    """One kernel for one notebook: `stop` it when the notebook has ended, `kill` it when it must not go on."""

    def __init__(self, scratch: Path, warm: WarmProcess):
        connection_file = scratch / "kernel.json"
        # NOTE: TCP ports are picked by the client and taken by the kernel a second later; two kernels that start
        # together can pick the same. Sockets in the scratch folder can't clash. Windows has no such sockets.
        short = len(os.fsencode(connection_file)) < LONGEST_SOCKET_PATH
        transport = "ipc" if os.name == "posix" and short else "tcp"
        super().__init__(kernel_name="python3", transport=transport, connection_file=str(connection_file))
        self.client_factory, self.warm, self.killed = PromptClient, warm, False
        self._settings = {"env": warm.environment | own_variables(scratch), "cwd": str(warm.place)}
        self._log_path = scratch / "kernel.log"
        self._client: AsyncKernelClient | None = None

    @property
    def kernel_spec(self) -> KernelSpec:
        """Say how the kernel is started: never looked up, so no other `python3` of the machine can take its place."""
        return KernelSpec(
            argv=[*KERNEL_COMMAND, "-f", "{connection_file}", NO_HISTORY],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": self.engine or "local-provisioner"}},
        )

    @property
    def engine(self) -> str | None:
        """Give papermill's name of the engine for this kernel; None is its own, for a kernel that is started afresh."""
        return WARM_NAME if not self.warm.unavailable and is_registered() else None

    async def start_kernel(self, **settings) -> None:  # type: ignore[override]
        """Start the process; what it writes past the notebook goes to a log file, not into ours."""
        with self._log_path.open("wb") as log:
            await super().start_kernel(**settings, **self._settings, stdout=log, stderr=log)
        if self.killed:
            self.kill()

    def client(self, **settings):
        """Connect to the kernel, and remember the connection so that `stop` can close it."""
        self._client = super().client(**settings)
        return self._client

    def exit_code(self) -> int | None:
        """Give the code the process ended with (negative: its signal); None while it runs or never did."""
        process = getattr(self.provisioner, "process", None)
        return process.poll() if process else None

    def last_words(self) -> str:
        """Give the last line the process wrote to its own log: what it says when it can't start."""
        if not self._log_path.exists():
            return ""
        lines = self._log_path.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def kill(self) -> None:
        """End the process and its children at once. Safe from any thread, at any time, more than once."""
        self.killed = True
        process, group = (getattr(self.provisioner, name, None) for name in ("process", "pgid"))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(group, signal.SIGKILL)
            elif process:
                process.kill()

    def stop(self, *, politely: bool) -> None:
        """End the kernel; `politely` lets it run its exit hooks for a moment.

        Children, sockets and files go with it.
        """
        run_sync(self._stop)(politely)

    async def _stop(self, politely: bool) -> None:
        if self._client:
            self._client.stop_channels()
        try:
            if self.has_kernel:
                if politely:
                    await self._shut_down()
                await self.shutdown_kernel(now=True)
            else:
                await self.cleanup_resources()
        finally:
            self.kill()

    async def _shut_down(self) -> None:
        """Let the kernel end by itself, exit hooks and all; jupyter_client would look only every 0.1 seconds."""
        await self.request_shutdown()
        deadline = time.monotonic() + POLITE_STOP_SECONDS
        while await self.is_alive() and time.monotonic() < deadline:
            await asyncio.sleep(SHORT_POLL)


class WarmProvisioner(LocalProvisioner):
    """The local provisioner, but for where the process comes from; registered with Jupyter under `WARM_NAME`."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it as the local provisioner does when there is a reason not to."""
        warm: WarmProcess | None = getattr(self.parent, "warm", None)
        try:
            if warm is None:
                raise WarmUnavailable("its manager has no warm process")
            kernel = warm.fork(cmd, settings["env"], settings["cwd"], settings["stdout"])
        except WarmUnavailable as reason:
            self.log.debug("The kernel is not forked: %s", reason)
            return await super().launch_kernel(cmd, **settings)
        self.process = kernel  # type: ignore[assignment]  # it behaves like a `Popen`
        self.pid = self.pgid = kernel.pid
        return self.connection_info
