"""A folder to work in, a warm process, and notebooks that are run on its kernels by papermill alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
import pytest

from swp_analysis.engines.warm_kernels import kernels, process
from swp_analysis.engines.warm_kernels.kernels import NotebookKernel
from swp_analysis.engines.warm_kernels.process import WarmProcess

IMPORTS = ("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "seaborn", "scipy.stats")


@pytest.fixture(scope="session", autouse=True)
def unhurried():
    """No kernel is ended by force because the machine is busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "POLITE_STOP_SECONDS", 600)
        patch.setattr(process, "FORK_SECONDS", 600)
        yield


@pytest.fixture(scope="session")
def here(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="session")
def warm(here):
    with WarmProcess(here, imports=IMPORTS, folder_variable="RUN_FOLDER") as started:
        yield started


@pytest.fixture(scope="session")
def stock(here):
    with WarmProcess(here, folder_variable="RUN_FOLDER", wanted=False) as started:
        yield started


@pytest.fixture(scope="session")
def run():
    """Runs cells on a kernel of `process` and gives the outputs of each."""

    def run_cells(process: WarmProcess, *sources: str) -> list:
        import papermill

        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        for cell in notebook.cells:
            cell.metadata["tags"] = []
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        with tempfile.TemporaryDirectory(dir=process.folder) as scratch:
            kernel = NotebookKernel(Path(scratch), process)
            done = None
            try:
                call = {"engine_name": kernel.engine, "kernel_name": "python3", "progress_bar": False}
                done = papermill.execute_notebook(notebook, None, km=kernel, **call)
            finally:
                # One that was started afresh may wait for ever in its own end, for a thread that has gone (ipykernel).
                kernel.stop(politely=done is not None and not process.unavailable)
        return [cell.outputs for cell in done.cells]

    return run_cells
