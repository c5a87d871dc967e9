"""The briefing that a run opens once for all its notebooks. In: a `Briefing`. Out: the same one in each notebook.

It lies in the run's own folder, which nobody else can read and which goes when the run ends.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

from swp_analysis.project import RUN_VARIABLE

if TYPE_CHECKING:
    from swp_analysis.present.briefing import Briefing


def hand_over(briefing: Briefing, area_code: str, folder: Path) -> None:
    """Put a briefing into the folder of a run."""
    path = _place(folder, briefing.financial_year, area_code, briefing.audience.id)
    path.write_bytes(pickle.dumps(briefing, pickle.HIGHEST_PROTOCOL))


def receive_briefing(financial_year: str, area_code: str, audience: str) -> Briefing | None:
    """The briefing that the run around this process has put there; None outside a run, or for another edition."""
    folder = os.environ.get(RUN_VARIABLE)
    path = _place(Path(folder), financial_year, area_code, audience) if folder else None
    return pickle.loads(path.read_bytes()) if path and path.is_file() else None


def _place(folder: Path, financial_year: str, area_code: str, audience: str) -> Path:
    name = "_".join((financial_year, area_code, audience))
    return folder / f"{name.encode('utf-8').hex()}.briefing"  # a parameter may hold anything, path tricks too
