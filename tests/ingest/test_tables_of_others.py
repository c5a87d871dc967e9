"""Small tables of other people's making, in `tables_of_others.yml`: right, listed or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from swp_analysis.ingest.read_year import read_files

CASES = yaml.safe_load(Path(__file__).with_name("tables_of_others.yml").read_text(encoding="utf-8"))
TABLE = "KPI,Q1 2018/19,Q2 2018/19\nHate Crime,101,98\nPrevent referrals,12,15\n"
NAMES = {
    "hate_crime": "H",
    "prevent_referrals": "P",
    "marac_referrals": "M",
    "marac_repeat_share": "R",
    "youth_justice_first_time_entrants": "Y",
}


def read(text: str, folder: Path, catalogue) -> tuple[set[str], str, str]:
    """The figures of a table, what is said of it, and why it is refused."""
    path = folder / "kpi.csv"
    path.write_text(text + "\n", encoding="utf-8")
    return read_file(path, catalogue)


def read_file(path: Path, catalogue) -> tuple[set[str], str, str]:
    """The same of a file."""
    reading, refused = read_files([path], "2018-19", catalogue)
    if refused:
        return set(), "", "\n".join(map(str, refused.values()))
    rows = [row for row in reading.observations if row["status"] in ("reported", "suppressed")]
    said = [*reading.notes, *(one.reason for one in reading.unread)]
    return set(map(_figure, rows)), "\n".join(said), ""


def _figure(row) -> str:
    year = "" if row["financial_year"] == "2018-19" else f"/{row['financial_year'][2:4]}"
    when = f"Q{row['quarter']}{year}" if row["quarter"] else row["period_start"][:7]
    value = "<" if row["status"] == "suppressed" else f"{row['value']:g}"
    return f"{NAMES.get(row['indicator'], row['indicator'])}:{when}={value}"


@pytest.mark.parametrize("note", CASES["told"])
def test_a_note_that_changes_nothing_leaves_the_figures(note, tmp_path, catalogue):
    figures, _, refusal = read(TABLE + note, tmp_path, catalogue)
    assert not refusal
    assert figures == {"H:Q1=101", "H:Q2=98", "P:Q1=12", "P:Q2=15"}


@pytest.mark.parametrize(("note", "word"), CASES["refusing"].items())
def test_a_note_that_makes_them_others_refuses_them(note, word, tmp_path, catalogue):
    figures, _, refusal = read(TABLE + note, tmp_path, catalogue)
    assert not figures
    assert word.casefold() in refusal.casefold()


@pytest.mark.parametrize("case", CASES["tables"], ids=range(len(CASES["tables"])))
def test_a_table_says_what_it_means(case, tmp_path, catalogue):
    figures, said, refusal = read(case["table"], tmp_path, catalogue)
    meant, _, word = case["meant"].partition("|")
    if meant.startswith("!"):
        assert not figures
        assert meant[1:] in refusal
    else:
        assert not refusal
        assert figures == set(meant.split())
        assert word.casefold() in said.casefold()
