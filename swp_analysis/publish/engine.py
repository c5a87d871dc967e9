"""papermill's engine `swp-warm`. In: a notebook that papermill manages. Out: it, executed on a forked kernel.

`papermill --engine swp-warm IN OUT` works from any shell; an edition's run brings its own kernel along.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager

from swp_analysis.project import find_project
from swp_analysis.publish.kernels import NotebookKernel
from swp_analysis.publish.warm import WarmProcess

ENGINE_NAME = "swp-warm"


class WarmEngine(NBClientEngine):
    """papermill's own engine, but for the kernel."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, km: NotebookKernel | None = None, **settings: Any
    ) -> None:
        """Run all cells on `km`, or on a kernel of its own that ends with the run."""
        if km is not None:
            super().execute_managed_notebook(nb_man, kernel_name, km=km, **settings)
            return
        project = find_project()
        with WarmProcess(project) as warm:
            kernel = NotebookKernel(project, warm.folder, warm)
            try:
                super().execute_managed_notebook(nb_man, kernel_name, km=kernel, **settings)
            finally:
                kernel.stop(politely=True)
