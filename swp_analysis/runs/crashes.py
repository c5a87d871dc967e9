"""What a run that was killed has left, whichever edition it was making. In: a project whose lock is held. Out: nothing
of that is left: no folder half filled, no edition moved aside, no copy of figures.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from swp_analysis.engines.warm_kernels.private_folder import remove_abandoned
from swp_analysis.project import Project
from swp_analysis.publish.staging import clean_up_all


def clean_up_after_crashes(project: Project) -> None:
    """Only for who holds the lock: what another run is using looks just the same."""
    remove_abandoned()
    clean_up_all(project.reports)
    shutil.rmtree(fan_out_scratch(project), ignore_errors=True)


def fan_out_scratch(project: Project) -> Path:
    """The folder of a run of many editions, where workers on other machines see it, too."""
    return project.cache / "fan_out"
