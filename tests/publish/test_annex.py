"""The annex: every table as a workbook that says only what the pages say, and in which text stays text."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.present.annex_tables import make_annex_tables
from swp_analysis.present.table import Column, Table
from swp_analysis.publish.annex import plain_cell, write_annex
from swp_analysis.publish.pages import Overview

OVERVIEW = Overview(
    title="Strategic assessment 2017/18",
    partnership="Safer Wolverhampton Partnership",
    summary=[],
    facts=[],
    sections=[],
    sources=[],
    data_to="31 March 2018",
)
COVER = (OVERVIEW, load_catalogue().audiences["partners"], date(2018, 3, 31))
HOSTILE = [
    '=HYPERLINK("http://evil.example","click")',
    "{=1+1}",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "http://evil.example",
    "internal:Cover!A1",
    "[click](http://evil.example)",
    "$$note$$ and $$another$$",
    "<img src=x onerror=alert(1)>",
    "knife\N{RIGHT-TO-LEFT OVERRIDE}evil\N{ZERO WIDTH SPACE}",
    "\x00\x07 bell",
    "_x0041_",
    "–",
    "",
    "   ",
    "long " * 20_000,
    "007",
]


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as workbook:
        return {name: workbook.read(name).decode("utf-8") for name in workbook.namelist()}


def texts_of(path: Path) -> list[str]:
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    shared = ElementTree.fromstring(parts_of(path)["xl/sharedStrings.xml"])
    return ["".join(text.text or "" for text in entry.iter(f"{space}t")) for entry in shared]


@pytest.fixture(scope="module")
def annex(tmp_path_factory, partners) -> Path:
    path = tmp_path_factory.mktemp("annex") / "annex.xlsx"
    write_annex(path, *COVER, make_annex_tables(partners))
    return path


def test_it_has_a_cover_contents_notes_and_a_sheet_a_table(annex, partners):
    import openpyxl

    workbook = openpyxl.load_workbook(annex)
    assert workbook.sheetnames == ["Cover", "Contents", *make_annex_tables(partners)]
    assert all(sheet.tables for sheet in workbook if sheet.title != "Cover")
    assert all(any(row[0] == "OFFICIAL" for row in sheet.values) for sheet in workbook if sheet.title != "Contents")
    assert all("OFFICIAL" in str(sheet.oddHeader.center.text) for sheet in workbook)


def test_figures_are_numbers_and_hidden_ones_are_words(annex):
    import openpyxl

    rows = list(openpyxl.load_workbook(annex)["Figures"].values)
    figures = {(row[0], row[2], row[3]): row[4] for row in rows[5:]}
    assert figures["Violent crimes with a knife or sharp blade", "2016/17", "Q1"] == 40
    marriages = [figure for (name, *_), figure in figures.items() if name.startswith("Forced marriage incidents")]
    assert "<5" in marriages
    assert not {1, 2, 3, 4} & set(marriages)


def test_every_wrapped_text_has_room_and_each_printed_sheet_its_headings(annex, text_without_room):
    import openpyxl

    tables = [sheet for sheet in openpyxl.load_workbook(annex) if sheet.title not in ("Cover", "Contents")]
    assert not [cell for sheet in tables for cell in text_without_room(sheet)]
    for sheet in tables:
        heading = next(iter(sheet.tables.values())).ref.split(":")[0].removeprefix("A")
        assert sheet.print_title_rows == f"${heading}:${heading}"
        assert sheet.freeze_panes == f"B{int(heading) + 1}"  # headings and names stay in view
        columns = sheet.column_dimensions.values()
        # One page wide: at more than three times the width of a landscape A4 nobody could read it.
        assert sum(one.width * (one.max - one.min + 1) for one in columns) < 3 * 130, sheet.title


def test_properties_name_the_partnership_and_no_user(annex):
    properties = parts_of(annex)["docProps/core.xml"]
    assert "Strategic assessment 2017/18" in properties
    assert properties.count("Safer Wolverhampton Partnership") == 2  # author, and last modified by
    assert "2018-03-31T00:00:00Z" in properties


def test_the_same_tables_give_the_same_bytes(annex, tmp_path, partners):
    write_annex(tmp_path / "again.xlsx", *COVER, make_annex_tables(partners))
    assert (tmp_path / "again.xlsx").read_bytes() == annex.read_bytes()


def test_text_stays_text(tmp_path):
    rows = [[text, text, 3] for text in HOSTILE]
    path = tmp_path / "hostile.xlsx"
    write_annex(
        path, *COVER, {"Hostile": Table(HOSTILE[0], ["Label", "=Text", Column("Number", "number")], rows, HOSTILE[7])}
    )
    parts, texts = parts_of(path), texts_of(path)
    for name, text in parts.items():
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in text
            assert "<f " not in text
            assert "evil.example" not in text
    assert not any("evil.example" in text for name, text in parts.items() if name.endswith(".rels"))
    assert HOSTILE[0] in texts
    assert "knife[U+202E]evil[U+200B]" in texts
    assert "$ $note$ $ and $ $another$ $" in texts
    assert "007" in texts
    assert max(map(len, texts)) <= 32_767


def test_a_table_without_rows_is_a_sheet_that_says_so(tmp_path):
    write_annex(tmp_path / "empty.xlsx", *COVER, {"Empty": Table("Nothing", ["A", "B"], [])})
    assert "none" in texts_of(tmp_path / "empty.xlsx")


@pytest.mark.parametrize("number", [0, 3, 4.5, -1.25])
def test_numbers_are_left_alone(number):
    assert plain_cell(number) is number
