"""The protected figures of an edition, for machines. In: `Protected`. Out: data/*.csv with CSVW beside the pages.

They are what a reader sees anyway; the next edition is made and attacked together with those that lie in reports/.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from swp_analysis.disclosure import Protected, attack, know_from_open_tables
from swp_analysis.disclosure.published_figures import DATA, FRAMES, read_edition, read_shown
from swp_analysis.errors import RunError
from swp_analysis.open_data.reader import open_data
from swp_analysis.project import Project
from swp_analysis.publish.checks import make_visible
from swp_analysis.quality.processed import write_processed


def write_snapshot(folder: Path, data: Protected) -> None:
    """Write the three frames into `folder`/data, invisible characters named."""
    write_processed(folder / DATA, {name: _as_seen(getattr(data, name)) for name in FRAMES})


def _as_seen(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda entry: make_visible(entry) if isinstance(entry, str) else entry)


def refuse_if_narrowed(folder: Path, project: Project, indicators: Mapping) -> None:
    """Attack the edition in `folder` together with all that readers hold, including the one that it is to replace.

    Raises
    ------
    RunError
        Naming the indicators and the other editions, never a value, when a hidden count could be narrowed down.
    """
    edition, others = read_edition(folder), read_shown(project.reports)
    if not edition.threshold:
        return
    areas, data = set(edition.observations["area_code"]), open_data(project)
    known = {cell: ends for code in areas for cell, ends in know_from_open_tables(data, str(code)).items()}
    found = attack([edition, *others.values()], indicators, known)
    lost = found[~found["safe"]]
    if lost.empty:
        return
    names = ", ".join(dict.fromkeys(lost["indicator"]))
    beside = f" together with {' and '.join(others)}" if others else ""
    raise RunError(
        f"The edition was not published: read{beside}, it gives away {len(lost)} hidden counts ({names}). "
        "Take the other editions back, or have the figures checked."
    )
