"""An edition's notebooks, run two at a time, and their kernels. In: a project; committed notebooks, their parameters.
Out: a warm process that has imported what they import, the engine under whose name papermill runs a notebook on one of
its kernels; a `NotebookResult` each, as they end.

papermill only warns about a parameter that a notebook doesn't know, and then shows the default: `check_parameters`
refuses it before anything runs.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.errors import InputError, did_you_mean
from swp_analysis.project import PROJECT_VARIABLE, RUN_VARIABLE, Project, find_project
from swp_analysis.publish.execution import Execution, NotebookResult, import_jupyter, read_notebook
from swp_analysis.publish.records import CELL_TIMEOUT, NOTEBOOK_TIMEOUT

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from swp_analysis.engines.warm_kernels.kernels import NotebookKernel

NOTEBOOK_IMPORTS = (
    *("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib.pyplot"),
    *("scipy.special", "swp_analysis.present.opening", "swp_analysis.explore.profile"),
    "swp_analysis.methods",
)


def start_kernels(project: Project, *, forked: bool = True) -> WarmProcess:
    """Start the process that a run's kernels are forked from; with `forked` false each will be started afresh."""
    kernels = WarmProcess(
        project.notebooks,
        imports=NOTEBOOK_IMPORTS,
        variables={PROJECT_VARIABLE: str(project.root)},
        folder_variable=RUN_VARIABLE,
        wanted=forked,
    )
    import_jupyter()  # while the warm process imports, too
    return kernels


class NotebookEngine:
    """papermill's own engine, but for the kernel: `papermill --engine swp-warm IN OUT` works from any shell.

    NOTE: papermill loads the engines that it knows by name while it is imported itself. So it is imported here only
    when a notebook runs, and its engine is called instead of inherited from.
    """

    @staticmethod
    def execute_notebook(
        nb: NotebookNode, kernel_name: str, km: NotebookKernel | None = None, **settings: Any
    ) -> NotebookNode:
        """Run all cells on `km`, or on a kernel for the project around the call that ends with the run."""
        from papermill.engines import NBClientEngine

        from swp_analysis.engines.warm_kernels.kernels import NotebookKernel

        if km is not None:
            return NBClientEngine.execute_notebook(nb, kernel_name, km=km, **settings)
        with start_kernels(find_project()) as warm:
            kernel = NotebookKernel(warm.folder, warm)
            try:
                return NBClientEngine.execute_notebook(nb, kernel_name, km=kernel, **settings)
            finally:
                kernel.stop(politely=True)

    @staticmethod
    def nb_kernel_name(nb: NotebookNode, name: str | None = None) -> str:
        """Give the kernel that is asked for, or else the notebook's own."""
        from papermill.utils import nb_kernel_name

        return nb_kernel_name(nb, name)

    @staticmethod
    def nb_language(nb: NotebookNode, language: str | None = None) -> str:
        """Give the language that is asked for, or else the notebook's own."""
        from papermill.utils import nb_language

        return nb_language(nb, language)


WORKERS = 2
PARAMETERS_TAG = "parameters"


def check_parameters(path: Path, parameters: Iterable[str]) -> None:
    """Refuse parameters that the notebook doesn't declare in a code cell tagged `parameters`.

    Raises
    ------
    InputError
        Naming the notebook, the parameter, the nearest spelling and the parameters that it knows.
    """
    import papermill

    notebook = read_notebook(path)
    if not any(cell.cell_type == "code" and PARAMETERS_TAG in cell.metadata.tags for cell in notebook.cells):
        raise InputError(f'Notebook {path.name} has no code cell tagged "parameters", so it can\'t be given any.')
    known = list(papermill.inspect_notebook(notebook))
    for name in parameters:
        # NOTE: papermill pastes the name into the notebook as it is, code and all.
        if not name.isidentifier() or keyword.iskeyword(name):
            raise InputError(f"Notebook {path.name}: {name!r} can't be the name of a parameter.")
        if name not in known:
            hint = did_you_mean(name, known, f"it knows {', '.join(known) or 'none'}")
            raise InputError(f"Notebook {path.name} has no parameter {name}{hint}")


@contextmanager
def run_notebooks(
    paths: Sequence[Path],
    parameters: Mapping[str, Any],
    project: Project,
    *,
    cell_timeout: int = CELL_TIMEOUT,
    notebook_timeout: int = NOTEBOOK_TIMEOUT,
    kernels: WarmProcess | None = None,
) -> Iterator[Iterator[NotebookResult]]:
    """Run several notebooks, which know all `parameters`, while the `with` block does something else, and give each
    result as it ends.

    One that fails doesn't stop the others; leaving the block ends those that still run. The deadlines are seconds,
    `cell_timeout` for one cell and `notebook_timeout` for one whole notebook. Kernels are forked from `kernels` where
    that can be done; without it all are started afresh.
    """
    # NOTE: threads do: papermill is given the working directory through its kernel, never by changing ours.
    with (
        nullcontext(kernels) if kernels else start_kernels(project, forked=False) as warm,
        ThreadPoolExecutor(WORKERS, thread_name_prefix="notebook") as pool,
    ):
        executions = [Execution(path, parameters, project, cell_timeout, notebook_timeout, warm) for path in paths]
        futures = [pool.submit(_run_in_own_loop, execution) for execution in executions]
        try:
            yield (future.result() for future in as_completed(futures))
        finally:  # Ctrl-C too: leaving the pool waits for its threads, and those wait for their kernels
            pool.shutdown(wait=False, cancel_futures=True)
            for execution, future in zip(executions, futures, strict=True):
                if not future.done():
                    execution.kill()


def _run_in_own_loop(execution: Execution) -> NotebookResult:
    """Run it on this thread's own event loop; that is closed afterwards, or it would keep its files open."""
    import asyncio

    from jupyter_core.utils import ensure_event_loop

    try:
        return execution.run()
    finally:
        loop = ensure_event_loop()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
