"""What readers already hold: the protected figures of all editions in reports/. In: that folder. Out: `Protected`s.

An edition that was sent can't be taken back by publishing another one in its place, so its figures are kept in
reports/superseded/ when it is replaced, and every new edition is made and attacked together with all of them.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from swp_analysis.disclosure.protect import LOG_COLUMNS, Protected
from swp_analysis.published import DATA, RUN_FILE, SUPERSEDED, list_hiding, read_record, read_threshold
from swp_analysis.quality.processed import read_processed

FRAMES = ("observations", "baselines", "totals")
ID_LENGTH = 12
# Of run.json, for the next edition to say what changed.
KEPT_OF_RECORD = ("verdicts", "finished")


def read_shown(reports: Path) -> dict[str, Protected]:
    """Read every edition that hides something, whatever its year and audience, also those replaced since; by its
    place."""
    return {folder.relative_to(reports).as_posix(): read_edition(folder) for folder in list_hiding(reports)}


def read_edition(folder: Path) -> Protected:
    """Read the protected figures of one edition; the log is for internal eyes and isn't kept."""
    observations, baselines, totals = (read_processed(folder / DATA, name) for name in FRAMES)
    log = pd.DataFrame(columns=LOG_COLUMNS)
    return Protected(observations, baselines, totals, log, read_threshold(folder))


def keep_superseded(reports: Path, target: Path, successor: Path) -> None:
    """Keep the figures of the edition in `target` before the one in `successor` replaces it, if they differ."""
    threshold, digest = list_hiding(reports).get(target), _digest(target)
    if not threshold or digest == _digest(successor):
        return
    kept = reports / SUPERSEDED / target.relative_to(reports) / digest[:ID_LENGTH]
    if kept.exists():
        return
    unfinished = kept.with_name(f".{kept.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    _copy_figures(target, unfinished, threshold)
    os.replace(unfinished, kept)


def copy_shown(reports: Path, to: Path) -> None:
    """Give a copy of what `read_shown` reads in `reports`, which stays as it is when editions are replaced."""
    for folder, threshold in list_hiding(reports).items():
        _copy_figures(folder, to / folder.relative_to(reports), threshold)


def _copy_figures(edition: Path, to: Path, threshold: int) -> None:
    shutil.copytree(edition / DATA, to / DATA)
    known = read_record(edition) or {}
    record = {"suppression": {"suppress_below": threshold}} | {k: known[k] for k in KEPT_OF_RECORD if k in known}
    (to / RUN_FILE).write_text(json.dumps(record) + "\n", encoding="utf-8", newline="\n")


def _digest(folder: Path) -> str:
    """One SHA-256 over the protected figures of an edition."""
    return hashlib.sha256(b"\0".join(_contents(folder))).hexdigest()


def _contents(folder: Path) -> Iterator[bytes]:
    for path in (folder / DATA / f"{name}.csv" for name in FRAMES):
        yield path.read_bytes() if path.is_file() else b""
