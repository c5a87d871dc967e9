"""The protected figures of an edition, for machines. In: `Protected`. Out: data/*.csv with CSVW beside the pages, and
back again.

They are what a reader sees anyway; the next edition is tested together with those that already lie in reports/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from swp_analysis.disclosure import Protected, attack
from swp_analysis.errors import RunError
from swp_analysis.project import Project
from swp_analysis.publish.records import RUN_FILE
from swp_analysis.publish.visible import make_visible
from swp_analysis.quality.processed import read_processed, write_processed

DATA = "data"
FRAMES = ("observations", "baselines", "totals")
# What a spreadsheet takes for a formula when it opens a CSV; an apostrophe in front makes it text.
_FORMULA = re.compile(r"^(?=['=+\-@\t\r\n])")


def write_snapshot(folder: Path, data: Protected) -> None:
    """Write the three frames into `folder`/data; text that looks like a formula gets an apostrophe in front."""
    write_processed(folder / DATA, {name: _as_text(getattr(data, name)) for name in FRAMES})


def read_snapshot(folder: Path, threshold: int) -> Protected:
    """The three frames again; the log is for internal eyes and isn't kept."""
    frames = [_as_meant(read_processed(folder / DATA, name)) for name in FRAMES]
    return Protected(*frames, pd.DataFrame(), threshold)


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda entry: _FORMULA.sub("'", make_visible(entry)) if isinstance(entry, str) else entry)


def _as_meant(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda entry: entry.removeprefix("'") if isinstance(entry, str) else entry)


def refuse_if_narrowed(folder: Path, target: Path, data: Protected, project: Project, indicators: Mapping) -> None:
    """Attack the edition in `folder` together with all others in reports/ that hide something.

    Raises
    ------
    RunError
        Naming the indicators and the other editions, never a value, when a hidden count could be narrowed down.
    """
    if not data.threshold:
        return
    others = dict(_published(project, target))
    found = attack([read_snapshot(folder, data.threshold), *others.values()], indicators)
    lost = found[~found["safe"]]
    if lost.empty:
        return
    names = ", ".join(dict.fromkeys(lost["indicator"]))
    beside = f" together with {' and '.join(others)}" if others else ""
    raise RunError(
        f"The edition was not published: read{beside}, it gives away {len(lost)} hidden counts ({names}). "
        "Take the other editions back, or have the figures checked."
    )


def _published(project: Project, target: Path) -> Iterator[tuple[str, Protected]]:
    """Every other edition in reports/ that hides something, by its place."""
    for record in sorted(project.reports.glob(f"[!.]*/[!.]*/{RUN_FILE}")):
        folder = record.parent
        threshold = json.loads(record.read_text(encoding="utf-8")).get("suppression", {}).get("suppress_below", 0)
        if folder != target and threshold and (folder / DATA).is_dir():
            yield folder.relative_to(project.reports).as_posix(), read_snapshot(folder, threshold)
