"""Damage files of every format at random and read them: what is lost must be said, what is read must be right.

In: how many files in all, a seed. Out: a line a format, written to results/mutations.md; exit 1 when any file gave a
traceback, a wrong figure in an untouched cell, lost a row without a word, or took over 20 s or 1 GB.

    .venv/bin/python -m benchmarks.mutate_files --files 10000

A bit is flipped, the end cut off, bytes put in or taken out: of the file, or (`inside`) of the text of a part of a
packed one, which is then packed again with its checksum right. The whole table lies in last year's folder, as it does
in a real project, so that an indicator that this year's lacks is named.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import name_absent, read_year
from swp_analysis.ingest.records import Reading
from tests.ingest.writers import WRITERS, Rows

YEAR = "2017-18"
RESULTS = Path(__file__).resolve().parent / "results" / "mutations.md"
ROWS: Rows = [
    ["KPI", "", *[word for n in "1234" for word in (f"Quarter {n}", "")], "Data Owner"],
    ["", "", *("2016/17", "2017/18") * 4, ""],
    ["Hate Crime - number of recorded crimes", "To increase", *map(str, range(211, 219)), "SWP Analyst"],
    ["Number of Prevent referrals received", "To increase", *map(str, range(311, 319)), "WMP CTU"],
    ["Home safety checks carried out by the fire service", "To increase", *map(str, range(411, 419)), "WMFS"],
]
# The formats, and the parts of packed ones whose text is damaged too.
FORMATS = {
    "csv, UTF-8": (),
    "xlsx": ("xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"),
    "ods": ("content.xml",),
    "docx": ("word/document.xml",),
    "html": (),
    "pdf": (),
    "pdf, no ruled lines": (),
}
# In these a changed byte may be a changed digit of a cell; in the others a checksum tells.
PLAIN = ("csv, UTF-8", "html")
MOST_SECONDS, MOST_BYTES = 20.0, 1024**3
Figures = dict[tuple[str, str, int], float | None]


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Flip a bit, cut the end off, put bytes in, or take bytes out."""
    place = chance.randrange(len(content))
    kind = chance.choice(["flip", "cut", "insert", "drop"])
    if kind == "flip":
        return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
    if kind == "cut":
        return content[:place]
    if kind == "insert":
        return content[:place] + chance.randbytes(chance.randint(1, 4)) + content[place:]
    return content[:place] + content[place + chance.randint(1, 8) :]


def mutate_inside(content: bytes, part: str, chance: random.Random) -> bytes:
    """Damage the text of one part of a packed file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as other:
        for name in whole.namelist():
            data = whole.read(name)
            other.writestr(name, mutate(data, chance) if name == part else data)
    return packed.getvalue()


@lru_cache
def _known(writer: str) -> tuple[Catalogue, bytes, Reading]:
    """What every file of a format is compared with: the catalogue, the whole file, its reading."""
    catalogue = load_catalogue()
    content = WRITERS[writer][1](ROWS)
    return catalogue, content, read(WRITERS[writer][0], content, catalogue)


def read(name: str, content: bytes, catalogue: Catalogue) -> Reading:
    """The reading of one file alone in its folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        return read_year(Path(folder), YEAR, catalogue)


def figures_of(reading: Reading) -> Figures:
    """The value of each figure; None where it isn't reported."""
    return {
        (row["indicator"], row["financial_year"], row["quarter"]): row["value"] if row["status"] == "reported" else None
        for row in reading.observations
    }


def try_one(writer: str, number: int, seed: int) -> tuple[str, float, bytes]:
    """What became of the damaged file of a number, its processor seconds, and its content."""
    whole = _known(writer)[1]
    chance = random.Random(f"{seed} {writer} {number}")
    parts = FORMATS[writer]
    is_inside = bool(parts) and chance.random() < 0.5
    content = mutate_inside(whole, chance.choice(parts), chance) if is_inside else mutate(whole, chance)
    start = time.process_time()
    what = judge(writer, content, is_inside or writer in PLAIN)
    seconds = time.process_time() - start
    return what if seconds <= MOST_SECONDS else "over 20 s", seconds, content


def judge(writer: str, content: bytes, may_change_a_cell: bool) -> str:
    """What became of one damaged file: `read`, `listed`, `refused`, or what is wrong."""
    catalogue, _, before = _known(writer)
    whole = figures_of(before)
    try:
        reading = read(WRITERS[writer][0], content, catalogue)
    except InputError as problem:
        text = str(problem)
        if "not enough memory" in text:
            return "over 1 GB"
        return "refused" if text.endswith(".") and "\n" not in text else f"not a sentence: {text}"
    except Exception as error:
        return f"traceback: {error!r}"
    figures = figures_of(reading)
    said = [*reading.notes, *(f"{one.address} {one.text} {one.reason}" for one in reading.unread)]
    wrong = {key for key, value in figures.items() if value is not None and whole.get(key) != value}
    lost = {key[0] for key in whole} - {key[0] for key in figures}
    if len({key[0] for key in wrong}) > may_change_a_cell or len(wrong) > 8 * may_change_a_cell:
        return f"wrong: {sorted(wrong)[:3]}"
    if lost and not (said or len(name_absent([before, reading], catalogue)) >= len(lost)):
        return f"lost without a word: {sorted(lost)}"
    return "read" if figures == whole else "listed" if said or lost else "changed"


def limit_memory() -> None:
    """Let a process take a gigabyte more than it has when its libraries are loaded."""
    import resource  # not on Windows

    for writer in FORMATS:
        _known(writer)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    taken = pages * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_BYTES, resource.RLIM_INFINITY))


def run(files: int, seed: int, workers: int, keep: Path | None = None) -> dict[str, tuple[Counter[str], float]]:
    """Outcomes of each format, and the longest time that one file took; faulty files are kept in a folder."""
    found: dict[str, tuple[Counter[str], float]] = {}
    with ProcessPoolExecutor(workers, initializer=limit_memory) as pool:
        for place, writer in enumerate(FORMATS):
            count = files // len(FORMATS) + (place < files % len(FORMATS))
            tried = list(pool.map(try_one, repeat(writer, count), range(count), repeat(seed), chunksize=50))
            found[writer] = Counter(what for what, _, _ in tried), max(seconds for _, seconds, _ in tried)
            for number, (what, _, content) in enumerate(tried):
                if keep and what not in ("read", "listed", "refused", "changed"):
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{place}_{number}_{WRITERS[writer][0]}").write_bytes(content)
    return found


def report(found: dict[str, tuple[Counter[str], float]], seed: int, minutes: float) -> str:
    """The page of results."""
    outcomes = ("read", "listed", "refused", "changed")
    total = sum(counts.total() for counts, _ in found.values())
    faults = {f"{writer}: {what}": n for writer, (counts, _) in found.items() for what, n in counts.items()}
    faults = {what: n for what, n in faults.items() if what.rpartition(": ")[2] not in outcomes}
    lines = [
        "# Damaged files",
        "",
        f"{total:,} files damaged at random (seed {seed}), read in {minutes:.1f} minutes: "
        f"**{sum(faults.values())} faults** (a traceback, a wrong figure in an untouched cell, a row lost without a "
        "word, over 20 s or 1 GB). `changed` is a figure of the damaged cell itself.",
        "",
        "| format | files | " + " | ".join(outcomes) + " | slowest (s) |",
        "| --- |" + " ---: |" * (len(outcomes) + 2),
    ]
    for writer, (counts, slowest) in found.items():
        cells = [f"{counts[what]:,}" for what in outcomes]
        lines.append(f"| {writer} | {counts.total():,} | {' | '.join(cells)} | {slowest:.2f} |")
    return "\n".join([*lines, *(f"- {what} ({n})" for what, n in faults.items())]) + "\n"


def main() -> int:
    """Write what became of the files of each format."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=10_000, help="files in all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--keep", type=Path, help="a folder for faulty files")
    chosen = options.parse_args()
    start = time.monotonic()
    found = run(chosen.files, chosen.seed, chosen.workers, chosen.keep)
    text = report(found, chosen.seed, (time.monotonic() - start) / 60)
    RESULTS.write_text(text, encoding="utf-8", newline="\n")
    print(text)
    return int("**0 faults**" not in text)


if __name__ == "__main__":
    sys.exit(main())
