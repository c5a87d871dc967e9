"""The kernels of this project's notebooks. In: a project. Out: a warm process that has imported what they import, and
the engine under whose name papermill runs a notebook on one of its kernels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.project import PROJECT_VARIABLE, RUN_VARIABLE, Project, find_project

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from swp_analysis.engines.warm_kernels.kernels import NotebookKernel

NOTEBOOK_IMPORTS = (
    *("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib.pyplot"),
    *("scipy.stats", "scipy.optimize", "swp_analysis.present.opening", "swp_analysis.explore.profile"),
    "swp_analysis.methods",
)


def start_kernels(project: Project, *, forked: bool = True) -> WarmProcess:
    """Start the process that a run's kernels are forked from; with `forked` false each will be started afresh."""
    return WarmProcess(
        project.notebooks,
        imports=NOTEBOOK_IMPORTS,
        variables={PROJECT_VARIABLE: str(project.root)},
        folder_variable=RUN_VARIABLE,
        wanted=forked,
    )


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
