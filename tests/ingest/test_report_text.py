"""The text of the whole report, alone in its folder, gives the figures of the shipped tables; damage to it never gives
a wrong one."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from swp_analysis.ingest.formats.text import read_text
from swp_analysis.ingest.read_year import read_year
from tests.ingest.reading import PERIOD, YEAR, baselines_of, figures_of, read_alone

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixtures" / "report_text" / "report.txt"
REPORT = ROOT.parent / "shared" / "sources" / "annual_report_2017-18.txt"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return FIXTURE.read_text(encoding="utf-8").split("\n")


@pytest.fixture(params=[FIXTURE, REPORT], ids=["fixture", "report"])
def source(request) -> Path:
    if not request.param.exists():
        pytest.skip("the report's own text is not beside this project")
    return request.param


def test_the_report_alone_gives_the_figures_and_baselines_of_the_shipped_tables(source, tmp_path, shipped, catalogue):
    read = read_alone(tmp_path, "report.txt", source.read_bytes(), catalogue)
    pd.testing.assert_frame_equal(figures_of(read.observations), figures_of(shipped.observations))
    pd.testing.assert_frame_equal(baselines_of(read.baselines), baselines_of(shipped.baselines))


def test_what_is_unreadable_in_the_report_is_listed_by_name_with_its_text(source, tmp_path, catalogue):
    read = read_alone(tmp_path, "report.txt", source.read_bytes(), catalogue)
    listed = " ".join(f"{unread.text} {unread.reason}" for unread in read.unread)
    unreadable = read.observations.query("status == 'unreadable'")
    assert len(unreadable) == 10
    assert all(name in listed for name in unreadable["indicator"])
    assert all(text in listed for text in unreadable["raw_value"])


def test_how_each_damaged_heading_was_read_is_said(tmp_path, catalogue):
    notes = read_alone(tmp_path, "report.txt", FIXTURE.read_bytes(), catalogue).notes
    assert sum("the heading is damaged" in note for note in notes) == 8
    assert any("row 645" in note and "read as marac_referrals" in note for note in notes)


def test_each_figure_points_at_the_line_and_cell_that_prints_it(tmp_path, catalogue, lines):
    read = read_alone(tmp_path, "report.txt", FIXTURE.read_bytes(), catalogue)
    plain = read.observations[~read.observations["indicator"].str.startswith("treatment_")]
    for row in plain.itertuples():
        assert lines[row.source_row - 1].split("\t")[ord(row.source_column) - ord("A")] == row.raw_value


# Damage to one row or heading


def damaged(lines: list[str], label: str, change) -> str:
    found = [number for number, line in enumerate(lines) if line.startswith(label)]
    assert len(found) == 1
    return "\n".join([*lines[: found[0]], change(lines[found[0]]), *lines[found[0] + 1 :]])


def quarters_of(read, indicator: str) -> list:
    rows = read.observations[read.observations["indicator"] == indicator].sort_values("period_start")
    return [row.value if row.status == "reported" else row.status for row in rows.itertuples()]


@pytest.mark.parametrize(
    ("label", "indicator", "edits"),
    [
        ("Reduce the number of violent crimes committed where", "knife_violence", [("40\t49", "40 49")]),
        ("Reduce the number of violent crimes committed where", "knife_violence", [("40\t49", "4049")]),
        ("Reduce the number of violent crimes committed where", "knife_violence", [("To reduce\t40", "To reduce 40")]),
        ("Reduce the number of violent crimes committed where", "knife_violence", [("191\tTo reduce", "191To reduce")]),
        ("Reduce the number of violent crimes committed where", "knife_violence", [("\t40", "\t\t40")]),
        (
            "Reduce the number of violent crimes committed where",
            "knife_violence",
            [("191\tTo reduce\t40", "191To reduce 40")],
        ),
        ("No of active gang members", "active_gang_members", [("\t\t31", "\t31")]),
        ("Number of referrals to SARC", "sarc_referrals", [("12\t10", "1210"), ("13\t16", "1316")]),
        ("DIP %", "positive_drug_test_rate", [("54.5%\t\t", "54.5%\t")]),
        ("DIP %", "positive_drug_test_rate", [("69.2%", "6\t9.2%"), ("\t\tword", "\tword")]),
        ("\tTo increase\t156", "marac_referrals", [("\tTo increase\t156\t151", "\t156 151")]),
        ("Number of Prevent referrals", "prevent_referrals", [("To increase\t13", "To increasel3")]),
        (
            "Domestic Abuse* reported to the Police (%",
            "domestic_abuse_recordable_share",
            [("1543 (44.3%)\t1543 (44.9%)", "1543 (44.3)1543 (44.9%)"), ("1522 (45.8%)", "1522 (45\t.8%)")],
        ),
        (
            "Number of Domestic Homicides",
            "domestic_homicides",
            [("Homicides in Quarter 4", "Homicides in Quarter \t4"), ("0 Domestic", "O Domestic")],
        ),
        (
            "Proven Reoffending",
            "proven_reoffending_rate",
            [("25.6%\tTo", "25.6%To"), ("522 reoffended\t\t", "522 reoffended\t\t\t")],
        ),
    ],
)
def test_a_row_whose_cells_have_moved_is_unreadable_and_listed(tmp_path, catalogue, lines, label, indicator, edits):
    def change(line: str) -> str:
        for old, new in edits:
            assert old in line
            line = line.replace(old, new, 1)
        return line

    read = read_alone(tmp_path, "report.txt", damaged(lines, label, change), catalogue)
    assert set(quarters_of(read, indicator)) == {"unreadable"}
    rows = read.observations[read.observations["indicator"] == indicator]["source_row"]
    assert set(rows) <= {one.address.row for one in read.unread}


def test_rows_below_a_heading_with_two_readings_are_unreadable_and_listed(tmp_path, catalogue, lines):
    text = "\n".join(lines).replace(
        "2016/17 2017/18\t\t2016/17 2017/18\t\t2016/17\t2017/18", "2016/17\t\t\t\t2016/17\t", 1
    )
    read = read_alone(tmp_path, "report.txt", text, catalogue)
    assert quarters_of(read, "personal_robbery") == ["unreadable"] * 8
    assert quarters_of(read, "knife_violence")[0] == 40
    listed = [unread for unread in read.unread if "heading in row 624 is damaged" in unread.reason]
    assert [unread.address.row for unread in listed] == [626, 627, 628, 629]
    assert "92 | 72 | 75" in listed[0].text
    assert "personal_robbery" not in set(read.baselines["indicator"])


@pytest.mark.parametrize(
    ("label", "old", "new", "said"),
    [
        (
            "Levels of Personal Robbery",
            "Personal",
            "Presonal",
            "nearest is personal_robbery; if that is meant, add the",
        ),
        ("Levels of Personal Robbery", "\t92\t", "\t9x2\t", "row 626, column C: found '9x2', expected a whole number"),
        ("Reduce Personal Robbery in Wolverhampton where the offender", "", None, "the row has no label"),
    ],
)
def test_a_row_that_is_damaged_beyond_its_places_is_listed_and_the_others_are_read(
    tmp_path, catalogue, lines, label, old, new, said
):
    def change(line: str) -> str:
        return line[line.index("\t") :] if new is None else line.replace(old, new, 1)

    read = read_alone(tmp_path, "report.txt", damaged(lines, label, change), catalogue)
    assert quarters_of(read, "knife_violence")[0] == 40
    row = next(number for number, line in enumerate(lines, start=1) if line.startswith(label))
    (listed,) = [one for one in read.unread if one.address.row == row]
    assert said in listed.reason
    assert " | " in listed.text
    about = read.observations[read.observations["source_row"] == row]
    assert set(about["status"]) <= {"unreadable"}


def test_a_damaged_heading_is_not_two_tables_side_by_side(tmp_path, catalogue, lines):
    """A piece of a quarter behind a blank cell looks like the first heading of a table further right."""
    number = 603
    assert lines[number].startswith("KPI and preferred")
    text = [*lines[:number], lines[number].replace("\tQuar\t", "\t\tQuar\t", 1), *lines[number + 1 :]]
    read = read_alone(tmp_path, "report.txt", "\n".join(text), catalogue)
    assert quarters_of(read, "proven_reoffending_rate")[4] == 33.2


# Random damage


def drop_tab(line: str, dice: random.Random) -> str:
    return _at_a_tab(line, dice, "")


def fuse_cells(line: str, dice: random.Random) -> str:
    return _at_a_tab(line, dice, " ")


def add_tab(line: str, dice: random.Random) -> str:
    return _at_a_tab(line, dice, "\t\t")


def split_cell(line: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(line))
    return f"{line[:place]}\t{line[place:]}"


def swap_neighbours(line: str, dice: random.Random) -> str:
    place = dice.randrange(len(line) - 1)
    return line[:place] + line[place + 1] + line[place] + line[place + 2 :]


def mistype(line: str, dice: random.Random) -> str:
    """A letter for the digit that it looks like, or the other way round."""
    pairs = dict(zip("0158lOISBоеа", "OlSBlOlSBoea", strict=True)) | {"l": "1", "O": "0", "I": "1", "%": "96", "(": "C"}
    places = [place for place, ch in enumerate(line) if ch in pairs]
    place = dice.choice(places)
    return line[:place] + pairs[line[place]] + line[place + 1 :]


def _at_a_tab(line: str, dice: random.Random, instead: str) -> str:
    place = dice.choice([match.start() for match in re.finditer("\t", line)])
    return line[:place] + instead + line[place + 1 :]


def drop_percent(line: str, dice: random.Random) -> str:
    places = [place for place, ch in enumerate(line) if ch == "%"]
    place = dice.choice(places) if places else len(line)
    return line[:place] + line[place + 1 :]


def drop_label(line: str, dice: random.Random) -> str:
    """The label is lost, or lost with its tab, so that the next cell takes its place."""
    return line[line.index("\t") + dice.choice([0, 1]) :]


DAMAGE = [drop_tab, fuse_cells, add_tab, split_cell, swap_neighbours, mistype, drop_percent, drop_label]


@pytest.mark.parametrize(("damages", "trials"), [(1, 160), (2, 200)])
def test_no_damage_gives_a_wrong_figure(tmp_path, shipped, catalogue, lines, damages, trials):
    right = {
        tuple(row[name] for name in PERIOD): (row["status"], row["value"])
        for row in shipped.observations.to_dict("records")
    }
    tabbed = [number for number, line in enumerate(lines) if line.count("\t") > 5]
    (tmp_path / "report.txt").write_text("\n".join(lines), encoding="utf-8", newline="")
    usual = {(unread.address, unread.reason) for unread in read_year(tmp_path, YEAR, catalogue).unread}
    outcomes = {"right": 0, "listed": 0}
    for seed in range(trials):
        dice = random.Random(seed)
        number = dice.choice(tabbed)
        states = [lines[number]]
        for change in dice.choices(DAMAGE, k=damages):
            states.append(change(states[-1], dice))
        if any(is_another_number(*pair) for pair in [*pairwise(states), (states[0], states[-1])]):
            continue
        text = "\n".join([*lines[:number], states[-1], *lines[number + 1 :]])
        outcomes[outcome(tmp_path, text, catalogue, right, usual, f"seed {seed}: {states[-1]!r}")] += 1
    assert min(outcomes.values()) > 5, outcomes


def is_another_number(before: str, after: str) -> bool:
    """Whether the damage turned figures into other figures, or moved one into a blank cell: no reader can see that."""
    old, new = before.split("\t"), after.split("\t")
    filled = [[cell.strip() for cell in cells if cell.strip()] for cells in (old, new)]
    if len(old) == len(new) and filled[0] == filled[1]:
        return True
    changed = [pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]]
    return len(old) == len(new) and all(shape(a) == shape(b) or {shape(a), shape(b)} == {"9", ""} for a, b in changed)


def shape(cell: str) -> str:
    return re.sub(r"\d+(\.\d+)?", "9", cell).strip()


def outcome(raw: Path, text: str, catalogue, right: dict, usual: set, what: str) -> str:
    """Right or listed: each figure that isn't read is listed with its row; `usual` is listed without damage."""
    (raw / "report.txt").write_text(text, encoding="utf-8", newline="")
    reading = read_year(raw, YEAR, catalogue)
    listed = {unread.address.row for unread in reading.unread}
    lost = len(right.keys() - {tuple(row[name] for name in PERIOD) for row in reading.observations})
    assert not lost or {(unread.address, unread.reason) for unread in reading.unread} - usual, (
        f"{what}: {lost} figures are gone and no row is listed for them"
    )
    for row in reading.observations:
        status, value = right[tuple(row[name] for name in PERIOD)]
        if row["status"] == "unreadable" != status:
            lost += 1
            assert row["source_row"] in listed, f"{what}: {row['indicator']} is lost and not listed"
        else:
            same = row["status"] == status and (row["value"] == value or value != value)
            assert same, f"{what}: {row['indicator']} {row['period_start']} read as {row['status']} {row['value']}"
    return "listed" if lost else "right"


@pytest.mark.parametrize(
    ("lines", "is_prose"),
    [
        (["Visits came to 2,050, 150 more than last year.", "With £6,400 carried over, it came to £46,000."], True),
        (["Violence, offender aged 10 to 24,120,130,140,150", "Violence, victim aged 10 to 24,220,230,240,250"], False),
        (["Violence in all public places of the city,96,130", "Violence with a knife or a sharp blade,20,31"], False),
    ],
)
def test_a_comma_inside_a_figure_of_a_sentence_makes_no_table(lines, is_prose):
    found = read_text("report.txt", "".join(f"{line}\n" for line in lines).encode(), [])
    assert (bool(found.paragraphs), bool(found.grids)) == (is_prose, not is_prose)
