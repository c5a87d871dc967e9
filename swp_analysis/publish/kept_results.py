"""Results of notebooks, kept for the next run. In: an executed notebook and the hash of all that it was made from. Out:
the same result again, when that hash comes back: after a change elsewhere, or after a run that was interrupted.

They lie in data/cache, never in reports/: results of an internal edition show what others must not see. Whatever is
wrong with an entry, the notebook is simply run.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from swp_analysis.project import Project
from swp_analysis.publish.execution import COMPLETED, NotebookResult
from swp_analysis.publish.made_from import MadeFrom, is_as_surveyed

MOST_BYTES = 200_000_000
# Another worker may be writing its own just now.
LEFT_BY_A_CRASH_SECONDS = 3600
SUFFIX = ".json.gz"


class KeptResults:
    """The results of earlier runs, and of this one, which is made from `made_from` with `parameters`."""

    def __init__(self, project: Project, made_from: MadeFrom, parameters: Mapping[str, Any]) -> None:
        self._project, self._made_from, self._parameters = project, made_from, parameters

    def find(self, notebook: str) -> NotebookResult | None:
        """The result of a notebook, when one made from the same is known."""
        path = self._path(notebook)
        try:
            words, text = gzip.decompress(path.read_bytes()).decode("utf-8").split("\n", maxsplit=1)
            entry = json.loads(words)
            if entry["sha256"] != _hash(text):
                return None
            os.utime(path)  # the oldest are thrown away first
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None
        import nbformat

        return NotebookResult(notebook, COMPLETED, entry["seconds"], executed=nbformat.from_dict(json.loads(text)))

    def keep(self, result: NotebookResult) -> None:
        """Keep a completed result, unless something that it was made from has changed while it ran."""
        if not is_as_surveyed(self._made_from, self._project):
            return
        text = json.dumps(result.executed)
        entry = json.dumps({"name": result.name, "seconds": result.seconds, "sha256": _hash(text)})
        content = gzip.compress(f"{entry}\n{text}".encode(), compresslevel=1, mtime=0)
        with contextlib.suppress(OSError):  # a full disk costs the entry, not the run
            self._project.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_whole(self._path(result.name), content)

    def forget(self, notebook: str) -> None:
        """Throw a result away, if there is one, so that the notebook is run again."""
        self._path(notebook).unlink(missing_ok=True)

    def tidy(self, most_bytes: int = MOST_BYTES) -> None:
        """Throw away what a crash left half written, and the results that were not used for longest, down to
        `most_bytes`."""
        long_ago = time.time() - LEFT_BY_A_CRASH_SECONDS
        with contextlib.suppress(OSError):  # somebody else tidies, too
            for left in self._project.cache.glob(".*.new"):
                if left.stat().st_mtime < long_ago:
                    left.unlink()
            newest_first = sorted(self._project.cache.glob(f"*{SUFFIX}"), key=lambda path: -path.stat().st_mtime)
            kept = 0
            for path in newest_first:
                kept += path.stat().st_size
                if kept > most_bytes:
                    path.unlink(missing_ok=True)

    def _path(self, notebook: str) -> Path:
        return self._project.cache / f"{self._made_from.key_of(notebook, self._parameters)}{SUFFIX}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
