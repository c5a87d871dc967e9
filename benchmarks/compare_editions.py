"""Compare what two checkouts of the project publish. In: two project folders. Out: what differs, file by file.

Each checkout builds the shipped years and the invented partnership of the tests, and publishes all three editions with
annex, data and log. A change that is meant to leave an edition alone is tried with

    python -m benchmarks.compare_editions OLD_CHECKOUT NEW_CHECKOUT

Exit code 0: byte for byte the same; 1: something differs.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

AUDIENCES = ("internal", "partners", "public")
INVENTED = Path("tests/fixtures/northbridge")
# Every run has its own moment and duration, whatever was published.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:?\d\d|Z)?|\b\d+(\.\d+)? (s|seconds?)\b")
RUN_ONLY = ("seconds", "started", "finished", "code", "packages", "python", "versions", "inputs", "made_from", "seal")
SHOWN_LINES, SHOWN = 12, 300


def main() -> int:
    """Publish with both checkouts and print every difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for what was made, else it is removed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = (arguments.keep or Path(scratch)).resolve()
        made = [publish(checkout.resolve(), place / name) for checkout, name in _named(arguments)]
        differences = list(compare(*made))
    print("\n".join(differences) or "No difference.")
    return bool(differences)


def _named(arguments: argparse.Namespace) -> list[tuple[Path, str]]:
    return [(arguments.old, "old"), (arguments.new, "new")]


def publish(checkout: Path, place: Path) -> Path:
    """Make everything a checkout makes below `place`, which is emptied first; return it."""
    shutil.rmtree(place, ignore_errors=True)
    shipped = _copy_project(checkout, place / "shipped")
    for audience in AUDIENCES:
        _swp(checkout, shipped, "assess", "2017-18", "--audience", audience)
    invented = _copy_project(checkout, place / "invented")
    shutil.rmtree(invented / "data" / "raw" / "2017-18")
    shutil.copytree(checkout / INVENTED / "2018-19", invented / "data" / "raw" / "2018-19")
    _swp(checkout, invented, "build")
    return place


def _copy_project(checkout: Path, folder: Path) -> Path:
    for name in ("data/raw", "notebooks", "partnership"):
        if (checkout / name).is_dir():
            shutil.copytree(checkout / name, folder / name)
    return folder


def _swp(checkout: Path, project: Path, *call: str) -> None:
    """Run a command of a checkout on a project and keep its lines as a log."""
    environment = os.environ | {"SWP_PROJECT": str(project), "PYTHONPATH": str(checkout), "PYTHONUTF8": "1"}
    python = checkout / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ran = subprocess.run(
        [python if python.exists() else sys.executable, "-m", "swp_analysis", *call],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    log = project / f"log_{'_'.join(call)}.txt"
    if ran.returncode:  # or two checkouts that publish nothing would be the same
        print(f"{checkout.name}: swp {' '.join(call)} ended with {ran.returncode}: {ran.stderr.strip()[-SHOWN:]}")
    lines = f"{ran.stdout}{ran.stderr}exit code {ran.returncode}\n"
    without = re.sub(r"\[\d+/", "[", lines).splitlines(keepends=True)
    lines = "".join(sorted(without, key=lambda line: MOMENT.sub("…", line)))  # notebooks end in any order
    log.write_text(lines.replace(str(project), "PROJECT").replace(str(checkout), "CHECKOUT"), encoding="utf-8")


def compare(old: Path, new: Path) -> Iterator[str]:
    """Give a line for each file that only one side has, and the first changed lines of each that differs."""
    names = {path.relative_to(side).as_posix() for side in (old, new) for path in _published(side)}
    for name in sorted(names):
        if not (old / name).exists() or not (new / name).exists():
            yield f"{name}: only in the {'new' if (new / name).exists() else 'old'}"
        elif (before := _read(old / name)) != (after := _read(new / name)):
            changed = difflib.unified_diff(before, after, lineterm="", n=0)
            shown = [line[:300] for line in changed if not line.startswith(("---", "+++", "@@"))]
            yield f"{name}: {len(shown)} lines differ"
            yield from (f"    {line}" for line in shown[:SHOWN_LINES])


def _published(side: Path) -> Iterator[Path]:
    for folder in ("data/processed", "reports"):
        yield from (path for path in side.glob(f"*/{folder}/**/*") if path.is_file() and path.suffix != ".jsonl")
    yield from side.glob("*/log_*.txt")


def _read(path: Path) -> list[str]:
    """The lines of a file, or of each part of a workbook, without what belongs to one run alone."""
    if path.suffix in {".xlsx", ".zip"}:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode("utf-8", "replace") for name in sorted(archive.namelist())}
        return [f"{name}: {line}" for name, text in parts.items() for line in _without_moments(text)]
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.name == "run.json":
        text = json.dumps(_without_run(json.loads(text)), indent=1, ensure_ascii=False)
    return _without_moments(text)


def _without_run(record: object) -> object:
    if isinstance(record, dict):
        return {key: _without_run(value) for key, value in record.items() if key not in RUN_ONLY}
    return [_without_run(one) for one in record] if isinstance(record, list) else record


def _without_moments(text: str) -> list[str]:
    return MOMENT.sub("…", text).replace("><", ">\n<").splitlines()


if __name__ == "__main__":
    sys.exit(main())
