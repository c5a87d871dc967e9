"""What `swp init` drafts for a label: what it counts by, and what a person is asked first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.models import NO_DEFINITION, Indicator
from swp_analysis.commands.check import check_project
from swp_analysis.commands.init import init_project
from swp_analysis.ingest.read_year import read_files
from swp_analysis.project import Project
from tests.product.test_init import AREA, NAME, QUARTERS

STOCKS = [  # the label, its figures, what stands beside them, and what is drafted: sure or to be decided first
    ("Households housed at quarter end", "212 180 231 205 251 206 271 238", "", "stock"),
    ("Young people known to the service", "212 180 231 205 251 206 271 238", "snapshot on the last day", "stock"),
    ("Rough sleepers (head count)", "12 9 14 8 7 15 9 11", "", "stock"),
    ("Households in temporary accommodation", "212 180 231 205 251 206 271 238", "", "stock?"),
    ("Families that we know", "212 220 221 227 231 236 241 243", "", "stock?"),  # steadier than chance
    ("Burglaries", "212 180 231 205 251 206 271 238", "figures as at 12 April", "flow"),
    ("Hare coursing", "1 2 3 4 5 6 7 8", "", "flow"),
    ("Young people working at end of order", "12 9 14 8 7 15 9 11", "", "flow"),
]

ANY = "12 15 11 16 17 13 14 18"


def draft(place: Path, figures: dict[str, str], title: str = "") -> list[Indicator]:
    """Draft a partnership from one table, whose rows are labels and what stands in their quarters."""
    rows = [",".join([label, *row.split(" ")]) for label, row in figures.items()]
    lines = [*filter(None, [title]), ",".join(["Indicator", *QUARTERS]), *rows]
    (place / "counts.csv").write_text("\n".join(lines), encoding="utf-8")
    init_project(place / "own", NAME, AREA, [place / "counts.csv"])
    return list(load_catalogue(place / "own" / "partnership").indicators.values())


def test_a_count_on_a_day_is_not_drafted_as_one_that_adds_up(tmp_path):
    table = tmp_path / "counts.csv"
    rows = [",".join([label, *figures.split(), note]) for label, figures, note, _ in STOCKS]
    table.write_text("\n".join([",".join(["Indicator", *QUARTERS, "Comments"]), *rows]), encoding="utf-8")
    decide = init_project(tmp_path / "own", NAME, AREA, [table])
    first = " ".join(line for line in decide if "counted on a day (stock), or does it add up (flow)?" in line)
    drafted = load_catalogue(tmp_path / "own" / "partnership").indicators
    found = {one.label: one.kind + ("?" if f" {one.id} " in first else "") for one in drafted.values()}
    assert found == {label: kind for label, _, _, kind in STOCKS}


def test_a_row_of_which_is_asked_about_as_part_of_the_row_above(tmp_path):
    table = tmp_path / "monthly.csv"
    rows = [f"KPI,{','.join(QUARTERS)}"]
    rows += ["Nuisance calls,120,131,145,138,101,99,117,96", "Of which: about young people,20,31,45,38,21,19,17,26"]
    rows += ["o/w at night,10,11,15,18,11,9,7,6", "Including repeat callers,1,2,3,4,5,6,7,9"]
    table.write_text("\n".join(rows), encoding="utf-8")
    first = [line for line in init_project(tmp_path / "own", NAME, AREA, [table]) if "counted there too" in line]
    assert [re.search(r"of (\w+) counted", line)[1] for line in first] == [
        "about_young_people",
        "at_night",
        "repeat_callers",
    ]
    drafted = load_catalogue(tmp_path / "own" / "partnership")
    assert [theme.title for theme in drafted.themes.values()] == ["Key figures"]  # a file called after its months
    written = (tmp_path / "own" / "partnership" / "indicators" / "key_figures.yml").read_text(encoding="utf-8")
    assert written.count("# subgroup_of: nuisance_calls ") == 3


def test_a_theme_called_after_several_years_ends_with_a_word_of_its_own(tmp_path):
    table = tmp_path / "Fire service return 2023-24 and 2024-25.csv"
    table.write_text(f"KPI,{','.join(QUARTERS)}\nArson,1,2,3,4,5,6,7,8\n", encoding="utf-8")
    init_project(tmp_path / "own", NAME, AREA, [table])
    themes = load_catalogue(tmp_path / "own" / "partnership").themes
    assert [theme.title for theme in themes.values()] == ["Fire service return"]


def test_a_definition_that_is_not_written_down_is_the_one_that_pages_leave_out(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text(f"KPI,{','.join(QUARTERS)}\nArson,1,2,3,4,5,6,7,8\n", encoding="utf-8")
    init_project(tmp_path / "own", NAME, AREA, [table])
    assert load_catalogue(tmp_path / "own" / "partnership").indicators["arson"].definition == NO_DEFINITION


SHARES = [  # figures of an indicator without a word on its unit, and the unit that is drafted
    ("Residents who feel safe", "61% n/a 63% n/a 58% n/a 57% n/a", "percent"),
    ("Cases that came back", "12% not\u00a0yet\u00a0available - - - - - -", "percent"),
    ("Drivers over the limit", "12/50 awaited awaited awaited awaited awaited awaited awaited", "percent"),
    ("Fires at night", "61 n/a 63 n/a 58 n/a 57% n/a", "count"),
]


def test_a_unit_is_drafted_from_the_cells_that_hold_a_figure(tmp_path):
    drafted = draft(tmp_path, {label: figures for label, figures, _ in SHARES})
    assert {one.label: one.unit for one in drafted} == {label: unit for label, _, unit in SHARES}


def test_a_label_is_drafted_without_its_unit_unless_a_count_has_the_same(tmp_path):
    drafted = draft(
        tmp_path, dict.fromkeys(["Repeat cases (%)", "Late reviews %", "Court cases", "Court cases (%)"], ANY)
    )
    assert {one.label for one in drafted} == {"Repeat cases", "Late reviews", "Court cases", "Court cases (%)"}
    assert check_project(Project(tmp_path / "own")).mistakes == []


def test_labels_stand_below_what_no_heading_explains_before_units_and_both_before_a_number(tmp_path):
    for heading, cells in (
        ("Ref,Measure,Owner", "1.1,Fly-tipping,Council"),
        ("Ref,Of what,Measure", "1.1,Fly-tipping,Number"),
    ):
        table = tmp_path / "counts.csv"
        table.write_text(f"{heading},{','.join(QUARTERS)}\n{cells},4,5,6,7,4,5,6,7\n", encoding="utf-8")
        init_project(tmp_path / heading, NAME, AREA, [table])
        drafted = load_catalogue(tmp_path / heading / "partnership").indicators
        assert [one.label for one in drafted.values()] == ["Fly-tipping"]


def test_a_label_made_of_known_words_does_not_make_the_title_the_subject_of_the_rest(tmp_path):
    labels = ["Adults who offended again", "First time entrants to youth justice", "Open cases at quarter end"]
    drafted = draft(tmp_path, dict.fromkeys(labels, ANY), "Reoffending")
    assert [one.label for one in drafted] == labels


def test_what_is_there_on_a_day_is_drafted_as_such(tmp_path):
    kinds = {"Referrals": "flow", "Open cases": "stock", "Waiting list": "stock", "Backlog of reviews": "stock"}
    assert {one.label: one.kind for one in draft(tmp_path, dict.fromkeys(kinds, ANY))} == kinds


OTHERS = [  # rows beside `Robbery` that are about other figures, and what is said of them
    ("Robbery target", "target"),
    ("Robbery last year", "last year"),
    ("Robbery - Essex", "Essex"),
    ("Burglary (cumulative)", "cumulative"),
    ("Burglary rolling 12 months", "12 months"),
    ("YTD burglary", "ytd"),
    ("Average monthly calls", "average"),
    ("Returns (data lagged by 2 years)", "lagged"),
    ("National average", "national average"),
    ("Visits (000s)", "000s"),
]
OWN = ["Target hardening visits", "Children running away from care", "Weekly drop-in sessions", "Positive outcomes"]


def test_a_row_that_is_called_after_other_figures_is_not_drafted_and_not_read(tmp_path):
    drafted = draft(tmp_path, dict.fromkeys(["Robbery", *OWN, *(label for label, _ in OTHERS)], ANY))
    assert {one.label for one in drafted} == {"Robbery", *OWN}
    catalogue = load_catalogue(tmp_path / "own" / "partnership")
    reading, refused = read_files([tmp_path / "counts.csv"], "2024-25", catalogue)
    assert not refused
    for label, word in OTHERS:
        assert any(repr(label) in note and "not read" in note and word in note for note in reading.notes), label


@pytest.mark.parametrize("rows", ["Burglary (YTD){}", "Cumulative figures\nBurglary{}", "Year to date,,\nBurglary{}"])
def test_words_that_bar_figures_become_no_name_that_makes_them_harmless(rows, tmp_path):
    table = tmp_path / "counts.csv"
    title, _, label = rows.rpartition("\n")
    lines = [title, f"KPI,{','.join(QUARTERS)}", label.format(",1,2,3,4,5,6,7,8")]
    table.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")
    init_project(tmp_path / "own", NAME, AREA, [table])
    reading, refused = read_files([table], "2024-25", load_catalogue(tmp_path / "own" / "partnership"))
    assert not reading.observations
    assert "a figure that adds up several periods" in str(refused[table])


@pytest.mark.parametrize("rows", ["Arson 2023/24,1,2\nArson 2024/25,3,4", "Arson,,\n2023/24,1,2\n2024/25,3,4"])
def test_a_year_in_a_label_is_no_part_of_the_name(rows, tmp_path):
    table = tmp_path / "counts.csv"
    table.write_text(f"KPI,Q1,Q2\n{rows}\n", encoding="utf-8")
    init_project(tmp_path / "own", NAME, AREA, [table])
    catalogue = load_catalogue(tmp_path / "own" / "partnership")
    assert [one.label for one in catalogue.indicators.values()] == ["Arson"]
    reading, _ = read_files([table], "2024-25", catalogue)
    told = {(row["financial_year"], row["quarter"]): row["value"] for row in reading.observations}
    assert told == {("2023-24", 1): 1, ("2023-24", 2): 2, ("2024-25", 1): 3, ("2024-25", 2): 4}


def test_a_key_of_colours_below_a_table_is_no_table_of_a_new_partnership(tmp_path):
    table = tmp_path / "counts.csv"
    table.write_text(
        "Indicator,Q1 2024/25,Q2 2024/25\nArson,1,2\nKey,,\nGreen,On target,\nRed,Off target,\n", encoding="utf-8"
    )
    init_project(tmp_path / "own", NAME, AREA, [table])
    reading, refused = read_files([table], "2024-25", load_catalogue(tmp_path / "own" / "partnership"))
    assert not refused
    assert [row["value"] for row in reading.observations] == [1, 2]
