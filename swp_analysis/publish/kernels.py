"""The Jupyter kernel a notebook runs on. In: the project and a scratch folder. Out: a kernel that papermill can drive.

It is always this interpreter, whatever kernels the user's Jupyter knows; nothing of the user's own settings reaches it
(IPython profile and startup files, matplotlibrc, back end, PYTHONSTARTUP); and its child processes end with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

import swp_analysis
from swp_analysis.project import DATA_READY_VARIABLE, PROJECT_VARIABLE, Project

# A Unix socket's address holds about 100 characters, among them the "-ipc-1" that jupyter_client appends.
LONGEST_SOCKET_PATH = 90
POLITE_STOP_SECONDS = 4.0
NOT_HANDED_ON = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT")


def kernel_environment(project: Project, scratch: Path) -> dict[str, str]:
    """The environment variables of a kernel: the caller's, with the project named and personal settings shut out."""
    package_home = str(Path(swp_analysis.__path__[0]).resolve().parent)
    python_path = [package_home, *filter(None, [os.environ.get("PYTHONPATH")])]
    (scratch / "matplotlibrc").touch()
    kept = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    return kept | {
        PROJECT_VARIABLE: str(project.root),
        DATA_READY_VARIABLE: "1",
        "PYTHONPATH": os.pathsep.join(python_path),
        "PYTHONHASHSEED": "0",  # the order of a set must not change from run to run: same inputs, same bytes
        "IPYTHONDIR": str(scratch / "ipython"),
        "MATPLOTLIBRC": str(scratch / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


class NotebookKernel(AsyncKernelManager):
    """One kernel for one notebook: `stop` it when the notebook has ended, `kill` it when it must not go on."""

    def __init__(self, project: Project, scratch: Path):
        connection_file = scratch / "kernel.json"
        # NOTE: TCP ports are picked by the client and taken by the kernel a second later; two kernels that start
        # together can pick the same. Sockets in the scratch folder can't clash. Windows has no such sockets.
        short = len(os.fsencode(connection_file)) < LONGEST_SOCKET_PATH
        transport = "ipc" if os.name == "posix" and short else "tcp"
        super().__init__(kernel_name="python3", transport=transport, connection_file=str(connection_file))
        self.shutdown_wait_time = POLITE_STOP_SECONDS
        self.killed = False
        self._settings = {"env": kernel_environment(project, scratch), "cwd": str(project.notebooks)}
        self._log_path = scratch / "kernel.log"
        self._client = None

    @property
    def kernel_spec(self) -> KernelSpec:
        """How the kernel is started: never looked up, so no other `python3` of the machine can take its place."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": "local-provisioner"}},
        )

    async def start_kernel(self, **settings) -> None:
        """Start the process; what it writes past the notebook goes to a log file, not into ours."""
        with self._log_path.open("wb") as log:
            await super().start_kernel(**settings, **self._settings, stdout=log, stderr=log)
        if self.killed:
            self.kill()

    def client(self, **settings):
        """The connection to the kernel, remembered so that `stop` can close it."""
        self._client = super().client(**settings)
        return self._client

    def exit_code(self) -> int | None:
        """The code the process ended with (negative: the signal that ended it); None while it runs or never did."""
        process = getattr(self.provisioner, "process", None)
        return process.poll() if process else None

    def last_words(self) -> str:
        """The last line the process wrote to its own log: what it says when it can't start."""
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
                await self.shutdown_kernel(now=not politely)
            else:
                await self.cleanup_resources()
        finally:
            self.kill()
