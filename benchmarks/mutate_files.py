"""Damage files of every format at random and read them: what is lost must be said, what is read must be right.

In: how many files of each format, a seed. Out: one line a format; exit 1 when any file gave a traceback, a wrong
figure, or lost a row without a word.

    .venv/bin/python benchmarks/mutate_files.py --files 1500
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from swp_analysis.catalogue import load_catalogue  # noqa: E402
from swp_analysis.errors import InputError  # noqa: E402
from swp_analysis.ingest.read_year import read_year  # noqa: E402
from tests.ingest.writers import WRITERS, Rows  # noqa: E402

YEAR = "2017-18"
ROWS: Rows = [
    ["KPI", "", *[word for n in "1234" for word in (f"Quarter {n}", "")], "Data Owner"],
    ["", "", *("2016/17", "2017/18") * 4, ""],
    ["Hate Crime - number of recorded crimes", "To increase", *map(str, range(211, 219)), "SWP Analyst"],
    ["Number of Prevent referrals received", "To increase", *map(str, range(311, 319)), "WMP CTU"],
    ["Home safety checks carried out by the fire service", "To increase", *map(str, range(411, 419)), "WMFS"],
]
FORMATS = ("csv, UTF-8", "xlsx", "ods", "docx", "html", "pdf", "pdf, no ruled lines")
# In these a changed byte may be a changed digit of a cell; in the others a checksum tells.
PLAIN = ("csv, UTF-8", "html")
Figures = dict[tuple[str, str, int], float | None]


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Flip a bit, cut the end off, put bytes in, or take bytes out.

    No text is cut right behind the end of a line: nothing could tell it from a shorter one.
    """
    place = chance.randrange(len(content))
    place -= 2 if content[:place].endswith((b"\n", b"\r")) else 0
    kind = chance.choice(["flip", "cut", "insert", "drop"])
    if kind == "flip":
        return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
    if kind == "cut":
        return content[:place]
    if kind == "insert":
        return content[:place] + chance.randbytes(chance.randint(1, 4)) + content[place:]
    return content[:place] + content[place + chance.randint(1, 8) :]


def read(name: str, content: bytes, catalogue) -> tuple[Figures, list[str]]:
    """The figures of one file, and everything that was said of it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        reading = read_year(Path(folder), YEAR, catalogue)
    figures = {
        (row["indicator"], row["financial_year"], row["quarter"]): row["value"] if row["status"] == "reported" else None
        for row in reading.observations
    }
    return figures, [*reading.notes, *(f"{one.address} {one.text} {one.reason}" for one in reading.unread)]


def judge(name: str, content: bytes, whole: Figures, is_plain: bool, catalogue) -> str:
    """What became of one damaged file: `read`, `listed`, `refused`, or what is wrong."""
    try:
        figures, said = read(name, content, catalogue)
    except InputError as problem:
        return "refused" if str(problem).endswith(".") and "\n" not in str(problem) else f"not a sentence: {problem}"
    except Exception as error:
        return f"traceback: {error!r}"
    wrong = {key for key, value in figures.items() if value is not None and whole.get(key) != value}
    lost = {key[0] for key in whole} - {key[0] for key in figures}
    if len({key[0] for key in wrong}) > is_plain or len(wrong) > 8 * is_plain:
        return f"wrong: {sorted(wrong)[:3]}"
    if lost and not said:
        return f"lost without a word: {sorted(lost)}"
    return "read" if figures == whole else "listed" if said else "changed"


def main() -> int:
    """Print what became of the files of each format."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=1500, help="files of each format")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    catalogue, bad = load_catalogue(), 0
    for writer in FORMATS:
        name, write = WRITERS[writer]
        content, chance = write(ROWS), random.Random(f"{chosen.seed} {writer}")
        whole, _ = read(name, content, catalogue)
        found: Counter[str] = Counter()
        for _ in range(chosen.files):
            found[judge(name, mutate(content, chance), whole, writer in PLAIN, catalogue)] += 1
        faults = {what: n for what, n in found.items() if what not in ("read", "listed", "refused", "changed")}
        bad += sum(faults.values())
        print(f"{writer}: {dict(found - Counter(faults))}", *faults.items(), sep="\n  ", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
