"""The environment variables of a kernel. In: ours, the project, a scratch folder. Out: what the kernel sees."""

from __future__ import annotations

import os
from pathlib import Path

import swp_analysis
from swp_analysis.project import PROJECT_VARIABLE, RUN_VARIABLE, Project

NOT_HANDED_ON = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONEXECUTABLE")
# Kernels share the cores between them, and a process with helper threads can't be forked.
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def kernel_environment(project: Project, run_folder: Path) -> dict[str, str]:
    """The environment variables of all kernels of a run: the caller's, with the project named and personal settings
    shut out. Taken once, at the start: some packages set variables when they are imported."""
    package_home = str(Path(swp_analysis.__path__[0]).resolve().parent)
    python_path = [package_home, *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    return (
        ONE_THREAD
        | kept
        | {
            PROJECT_VARIABLE: str(project.root),
            RUN_VARIABLE: str(run_folder),
            "PYTHONPATH": os.pathsep.join(python_path),
            "PYTHONHASHSEED": "0",  # the order of a set must not change from run to run: same inputs, same bytes
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
    )


def own_variables(scratch: Path) -> dict[str, str]:
    """Those that differ from kernel to kernel: nobody's IPython profile, nobody's matplotlib settings."""
    (scratch / "matplotlibrc").touch()
    return {"IPYTHONDIR": str(scratch / "ipython"), "MATPLOTLIBRC": str(scratch / "matplotlibrc")}
