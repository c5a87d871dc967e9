"""One notebook, run once by papermill, and the verdict on it. In: a committed notebook and parameters. Out: a
`NotebookResult` with the executed notebook in memory; nothing is written to disk.

papermill's own verdict can't be trusted: a dead kernel leaves every cell "completed", and `sys.exit(0)` looks like
success. Here a notebook counts as completed when nothing was raised, no code cell was left out, and a cell that is
appended to the working copy gave back a random token.
"""

from __future__ import annotations

import copy
import logging
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.errors import InputError
from swp_analysis.project import Project
from swp_analysis.publish.checks import hide_private

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from swp_analysis.engines.warm_kernels.kernels import NotebookKernel
    from swp_analysis.engines.warm_kernels.process import WarmProcess

COMPLETED, FAILED, DIED, TIMED_OUT, ENDED_EARLY = "completed", "failed", "died", "timed_out", "ended_early"

START_TIMEOUT = 60
OUTPUT_TIMEOUT = 60  # a large figure on a busy machine takes longer to arrive than nbclient's 4 seconds
LONGEST_MESSAGE = 300
OF_ANOTHER_VERSION = "; `swp init` in a new folder makes the notebooks of this version, to copy from"

NUMBER_KEY = "swp_cell_number"
ADDRESS_GRAMMAR = "rfc3987_syntax"
KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}

# Without a handler, Python prints papermill's warnings to the screen; our sentences say the same, once.
logging.getLogger("papermill").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class NotebookResult:
    """How one notebook went.

    `status` is completed, failed (a cell raised), died (its kernel did), timed_out or ended_early; `cell` counts the
    code cells of the committed notebook from 1; `error` is one sentence without paths or names; `executed` is the
    notebook with its outputs, there when completed.
    """

    name: str
    status: str
    seconds: float
    cell: int | None = None
    error: str = ""
    executed: NotebookNode | None = field(default=None, repr=False, compare=False)

    @property
    def completed(self) -> bool:
        return self.status == COMPLETED


def import_jupyter() -> None:
    """Import nbformat, faster than by itself.

    In an environment with JupyterLab, jsonschema finds `rfc3987_syntax`, and that package works out a grammar of
    international addresses for a second when it is imported. A notebook's schema has no such address to check.
    """
    if ADDRESS_GRAMMAR in sys.modules or "jsonschema" in sys.modules:
        return
    sys.modules[ADDRESS_GRAMMAR] = None  # type: ignore[assignment]  # for the import system: there is no such module
    try:
        import_module("nbformat")
    finally:
        del sys.modules[ADDRESS_GRAMMAR]


def read_notebook(path: Path) -> NotebookNode:
    """Read the notebook in a file, upgraded to the current format, whatever kernel it was last saved with.

    Raises
    ------
    InputError
        When the file can't be read as a notebook.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, nbformat.ValidationError) as error:
        raise InputError(f"Notebook {path.name} can't be read: it is missing or is not a Jupyter notebook.") from error
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    notebook.metadata["kernelspec"] = dict(KERNELSPEC)
    return notebook


class Execution:
    """One run of one notebook, which another thread can `kill`."""

    def __init__(
        self,
        path: Path,
        parameters: Mapping[str, Any],
        project: Project,
        cell_timeout: int,
        run_timeout: int,
        warm: WarmProcess,
    ) -> None:
        self.path, self.parameters, self.project, self.warm = path, dict(parameters), project, warm
        self.cell_timeout, self.run_timeout = cell_timeout, run_timeout
        self.kernel: NotebookKernel | None = None
        self._token = secrets.token_hex(16)
        self._cell: int | None = None
        self._stopped, self._overdue = threading.Event(), threading.Event()
        self._exit_code: int | None = None
        self._last_words = ""

    def run(self) -> NotebookResult:
        """Run it and judge it. Whatever the notebook does, this returns; only a defect of ours raises."""
        working_copy = _working_copy(read_notebook(self.path), self._token)
        started = time.monotonic()
        executed = None
        try:
            executed = self._execute_with_retry(working_copy)
            status, reason = self._judge(executed)
        except Exception as error:
            status, reason = self._explain(error)
        seconds = round(time.monotonic() - started, 2)
        if executed is not None and status == COMPLETED:
            clean = _without_traces(executed, self.project.root)
            return NotebookResult(self.path.stem, status, seconds, executed=clean)
        return NotebookResult(self.path.stem, status, seconds, self._cell, self._sentence(reason))

    def kill(self) -> None:
        """Stop at once, from any thread, even before it has begun; `run` then returns with the status died."""
        self._stopped.set()
        if self.kernel:
            self.kernel.kill()

    def _execute_with_retry(self, working_copy: NotebookNode) -> NotebookNode:
        """The executed notebook.

        A kernel that dies before its first cell, so not of the notebook, gets one more try; so does one that dies with
        the warm process, and then it is started afresh.
        """
        try:
            return self._execute(copy.deepcopy(working_copy))
        except Exception:
            if self._stopped.is_set() or (self._cell is not None and not self.warm.has_died()):
                raise
            self._cell = None
            return self._execute(working_copy)

    def _execute(self, working_copy: NotebookNode) -> NotebookNode:
        from swp_analysis.engines.warm_kernels.kernels import NotebookKernel

        with tempfile.TemporaryDirectory(dir=self.warm.folder, ignore_cleanup_errors=True) as scratch:
            self.kernel = NotebookKernel(Path(scratch), self.warm)
            deadline = threading.Timer(self.run_timeout, self._expire)
            deadline.daemon = True
            deadline.start()
            if self._stopped.is_set():
                self.kernel.kill()
            executed = None
            try:
                executed = self._drive(working_copy, self.kernel)
            finally:
                deadline.cancel()
                self._exit_code, self._last_words = self.kernel.exit_code(), self.kernel.last_words()
                self.kernel.stop(politely=executed is not None)
            return executed

    def _drive(self, working_copy: NotebookNode, kernel: NotebookKernel) -> NotebookNode:
        """Do papermill's part. It gets a notebook, not a path: in a path it would replace what stands in braces."""
        import papermill

        return papermill.execute_notebook(
            working_copy,
            None,
            self.parameters,
            engine_name=kernel.engine,
            kernel_name=KERNELSPEC["name"],
            km=kernel,
            progress_bar=False,
            start_timeout=START_TIMEOUT,
            execution_timeout=self.cell_timeout,
            iopub_timeout=OUTPUT_TIMEOUT,
            shell_timeout_interval=1,
            force_raise_errors=True,
            record_timing=False,
            on_cell_execute=self._note_cell,
        )

    def _expire(self) -> None:
        self._overdue.set()
        self.kill()

    def _note_cell(self, cell: NotebookNode, cell_index: int) -> None:
        """Called by nbclient before each cell. Cells that papermill or we added belong to the one before them."""
        self._cell = cell.metadata.get(NUMBER_KEY, self._cell)

    def _judge(self, executed: NotebookNode) -> tuple[str, str]:
        """Status and reason of a run that raised nothing."""
        *cells, sentinel = executed.cells
        if self._token not in str(sentinel.outputs):
            return ENDED_EARLY, "the notebook ended here, before its last cell"
        for cell in cells:
            if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
                self._cell = cell.metadata.get(NUMBER_KEY)
                return ENDED_EARLY, "this cell was left out; take its skip-execution tag away"
        return COMPLETED, ""

    def _explain(self, error: Exception) -> tuple[str, str]:
        """Status and reason of a run that raised."""
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.exceptions import PapermillExecutionError

        if self._overdue.is_set():
            return TIMED_OUT, f"the notebook was still running after {self.run_timeout} seconds and was stopped"
        if isinstance(error, CellTimeoutError):
            return TIMED_OUT, f"no answer within {self.cell_timeout} seconds, so the notebook was stopped"
        if self._cell is None:
            return DIED, f"its kernel did not start: {self._last_words or _first_line(error)}"
        if isinstance(error, DeadKernelError):
            return DIED, f"its kernel died{_manner_of_death(self._exit_code)}"
        if not isinstance(error, PapermillExecutionError):
            return FAILED, f"{type(error).__name__}: {_first_line(error)}"
        if error.ename == "SystemExit":
            return ENDED_EARLY, f"the notebook ended here, before its last cell (exit code {error.evalue or 0})"
        is_old = error.ename == "AttributeError" and "Briefing' object" in error.evalue
        return FAILED, f"{error.ename}: {_first_line(error.evalue)}{OF_ANOTHER_VERSION if is_old else ''}"

    def _sentence(self, reason: str) -> str:
        place = self.path.stem if self._cell is None else f"{self.path.stem}, cell {self._cell}"
        sentence = hide_private(f"{place}: {reason}", self.project.root).rstrip(": ")
        if len(sentence) > LONGEST_MESSAGE:
            sentence = sentence[:LONGEST_MESSAGE] + "…"
        return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _working_copy(notebook: NotebookNode, token: str) -> NotebookNode:
    """The notebook with its code cells numbered, and a last cell that shows the token.

    The token is a bare string, not a `print`: that name can be overwritten, and stdout redirected.
    """
    import nbformat

    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code_cells, start=1):
        cell.metadata[NUMBER_KEY] = number
    notebook.cells.append(nbformat.v4.new_code_cell(repr(token)))
    return notebook


def _without_traces(executed: NotebookNode, project_root: Path) -> NotebookNode:
    """The executed notebook as if nobody in particular had run it.

    No sentinel, no paths, times or names around the cells.
    """
    executed.cells.pop()
    for part in (executed, *executed.cells):
        for key in ("papermill", "widgets", NUMBER_KEY):
            part.metadata.pop(key, None)
        for output in part.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                output["text"] = hide_private(output.text, project_root)
    return executed


def _first_line(error: Exception | str) -> str:
    from nbconvert.filters import strip_ansi

    return next((line.strip() for line in strip_ansi(str(error)).splitlines() if line.strip()), "")


def _manner_of_death(exit_code: int | None) -> str:
    if exit_code is None:
        return ""
    if exit_code < 0:
        return f" (stopped by signal {-exit_code}; signal 9 often means that memory ran out)"
    return f" (exit code {exit_code})"
