"""The editions that lie in reports/: the current ones, and the figures of those that were replaced. In: that folder.
Out: which of them hide something, and below which count.

Imports nothing heavy: an edition that needs no work must be recognised in less time than pandas takes to import.
"""

import contextlib
import json
import os
import platform
import secrets
import time
from functools import partial
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError

RUN_FILE = "run.json"
DATA = "data"
SUPERSEDED = "superseded"
DIGEST_KEY = "digest.key"
KEY_BYTES = 32
_PLACES = (f"[!.]*/[!.]*/{RUN_FILE}", f"{SUPERSEDED}/*/*/[!.]*/{RUN_FILE}")


def list_hiding(reports: Path) -> dict[Path, int]:
    """List the folders of all editions that hide something, whatever their year and audience, in the order of their
    names; each with the count below which it hides.

    Raises
    ------
    InputError
        When the record of one can't be read.
    """
    folders = sorted(record.parent for place in _PLACES for record in reports.glob(place))
    thresholds = {folder: read_threshold(folder) for folder in folders if (folder / DATA).is_dir()}
    return {folder: threshold for folder, threshold in thresholds.items() if threshold}


def read_digest_key(cache: Path) -> bytes:
    """Give the key that raw files are hashed with, made in `cache` when it is first needed.

    It never leaves the machine: whoever has an edition and its run.json, but not the key, can't test a guess at what a
    raw file holds. Without it the editions count as changed, and are made again.
    """
    path = cache / DIGEST_KEY
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError), open(path, "xb", opener=partial(os.open, mode=0o600)) as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    for _ in range(100):
        if len(key := path.read_bytes()) == KEY_BYTES:
            return key
        time.sleep(0.02)  # another run is writing it just now
    raise InputError(f"data/cache/{DIGEST_KEY} is damaged; delete it, and the editions are made again.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also for somebody on another machine."""
    temporary = path.with_name(f".{path.name}.{platform.node()}-{os.getpid()}.new")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read_record(folder: Path) -> dict[str, Any] | None:
    """Read the run.json of an edition; None when there is none that can be read."""
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def read_threshold(folder: Path) -> int:
    """Read the count below which an edition hides; 0 when it hides nothing.

    Raises
    ------
    InputError
        When its record can't be read: what its readers hold is then not known.
    """
    try:
        return int((read_record(folder) or {})["suppression"].get("suppress_below") or 0)
    except (TypeError, ValueError, KeyError, AttributeError):
        place = f"{folder.parent.name}/{folder.name}"
        raise InputError(
            f"{place}/{RUN_FILE} in reports can't be read, so it is not known which figures that edition withholds: "
            "put the file right, or, if the edition was never shared, move its folder away."
        ) from None
