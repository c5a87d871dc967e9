"""The kernels of this project's notebooks. In: a project. Out: a warm process that has imported what they import."""

from __future__ import annotations

from swp_analysis.engines.warm_kernels.engine import WarmEngine
from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.project import PROJECT_VARIABLE, RUN_VARIABLE, Project, find_project

NOTEBOOK_IMPORTS = (
    *("matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "seaborn", "afcharts"),
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


class NotebookEngine(WarmEngine):
    """papermill's engine `swp-warm`, for a notebook of the project around the call."""

    @classmethod
    def start_process(cls) -> WarmProcess:
        """Start the kernels of the project that `find_project` finds."""
        return start_kernels(find_project())
