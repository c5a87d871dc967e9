"""Messy in, tidy out: each folder of `messy_to_tidy` holds a table as it was sent and what is read of it.

`tidy.csv` has every figure, a suppressed one as `<5` and a missing one as a blank; `said.txt` has words of what is said
of the rest, a line each. Where there is no `tidy.csv` the table is refused in these words. To add a case, add a folder.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from swp_analysis.ingest.read_year import read_files

YEAR = "2018-19"
FOLDERS = sorted(path for path in Path(__file__).with_name("messy_to_tidy").iterdir() if path.is_dir())
FIGURELESS = {"suppressed": "<5", "not_available": ""}
OURS = ("tidy.csv", "said.txt")


def read(messy: list[Path], catalogue) -> tuple[list[dict[str, str]], str]:
    """The figures that are read of some files, and all that is said of the rest."""
    reading, refused = read_files(messy, YEAR, catalogue)
    said = [*reading.notes, *(one.reason for one in reading.unread), *map(str, refused.values())]
    return sorted(map(tidy, reading.observations), key=lambda row: tuple(row.values())), "\n".join(said)


def tidy(row) -> dict[str, str]:
    figure = f"{row['value']:g}" if row["status"] == "reported" else FIGURELESS[row["status"]]
    return {
        "indicator": row["indicator"],
        "from": str(row["period_start"]),
        "to": str(row["period_end"]),
        "figure": figure,
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_messy_table_gives_the_tidy_one_and_words_for_the_rest(folder, catalogue):
    messy = [path for path in folder.iterdir() if path.name not in OURS]
    assert len(messy) == 1
    figures, said = read(messy, catalogue)
    expected = []
    if (folder / "tidy.csv").exists():
        with (folder / "tidy.csv").open(encoding="utf-8", newline="") as lines:
            expected = list(csv.DictReader(lines))
    assert figures == sorted(expected, key=lambda row: tuple(row.values()))
    words = folder / "said.txt"
    assert words.exists() or expected
    for line in words.read_text(encoding="utf-8").splitlines() if words.exists() else ():
        assert line in said
