"""papermill's engine for forked kernels. In: a notebook that papermill manages. Out: it, executed on a forked kernel.

`papermill --engine swp-warm IN OUT` works from any shell; whoever has a warm process brings its kernel along as `km`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.engines.warm_kernels.process import WarmProcess

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from swp_analysis.engines.warm_kernels.kernels import NotebookKernel


class WarmEngine:
    """papermill's own engine, but for the kernel.

    NOTE: papermill loads the engines that it knows by name while it is imported itself. So it is imported here only
    when a notebook runs, and its engine is called instead of inherited from.
    """

    @classmethod
    def start_process(cls) -> WarmProcess:
        """Start the process for a notebook that brings no kernel along; a subclass says what it imports."""
        return WarmProcess(Path.cwd())

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, km: NotebookKernel | None = None, **settings: Any
    ) -> NotebookNode:
        """Run all cells on `km`, or on a kernel of its own that ends with the run."""
        from papermill.engines import NBClientEngine

        if km is not None:
            return NBClientEngine.execute_notebook(nb, kernel_name, km=km, **settings)
        from swp_analysis.engines.warm_kernels.kernels import NotebookKernel

        with cls.start_process() as warm:
            kernel = NotebookKernel(warm.folder, warm)
            try:
                return NBClientEngine.execute_notebook(nb, kernel_name, km=kernel, **settings)
            finally:
                kernel.stop(politely=True)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Give the kernel that is asked for, or else the notebook's own."""
        from papermill.utils import nb_kernel_name

        return nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Give the language that is asked for, or else the notebook's own."""
        from papermill.utils import nb_language

        return nb_language(nb, language)
