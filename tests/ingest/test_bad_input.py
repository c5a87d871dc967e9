"""What a person gets to read when a raw file is wrong: one sentence with file, row, column, what was found and
expected."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date

import pytest

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.ingest.read_year import read_editions
from tests.ingest.reading import read_alone

YEAR = "2017-18"


@pytest.fixture
def table(project):
    """The gangs table as a file that a test may damage."""
    return project.raw / YEAR / "gangs_and_youth_crime.csv"


def complaint(project, catalogue) -> str:
    with pytest.raises(InputError) as caught:
        read_editions(project.raw, YEAR, catalogue)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def replace(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_a_letter_in_a_number(project, catalogue, table):
    replace(table, "To reduce,40,49", "To reduce,4O,49")
    assert complaint(project, catalogue) == (
        "gangs_and_youth_crime.csv, row 3, column C: found '4O', expected a whole number or <5; type the digits."
    )


def test_a_percent_that_contradicts_its_fraction(project, catalogue):
    replace(project.raw / YEAR / "reducing_reoffending.csv", "3.84% (2/52)", "4.84% (2/52)")
    assert "found 4.84% beside 2/52, which is 3.85%" in complaint(project, catalogue)


def test_an_unknown_label_says_which_alias_to_add_where(project, catalogue, table):
    replace(table, "Levels of Personal Robbery offences", "Amount of Personal Robbery offences")
    sentence = complaint(project, catalogue)
    assert "row 8, column A" in sentence
    assert "nearest is personal_robbery;" in sentence
    assert "indicators/gangs_and_youth_crime.yml" in sentence


def test_a_row_without_label_that_no_rule_explains_is_listed_with_its_text(project, catalogue, table):
    replace(table, "No of active gang members, as measured at GODOC Baseline – 97", "")
    read = read_editions(project.raw, YEAR, catalogue)
    assert "active_gang_members" not in set(read.observations["indicator"])
    listed = [one for one in read.unread if one.reason.startswith("the row has no label")]
    assert [(str(one.address), one.text) for one in listed] == [
        ("gangs_and_youth_crime.csv, row 11, column A", "To reduce | 31 | 40 | 31 | 37 | 35 | 31 | 31 | WMP")
    ]


def test_a_wrong_year_heading(project, catalogue, table):
    replace(table, "2016/17,2017/18", "2016/18,2017/18")
    assert "row 2, column C: found '2016/18', which names" in complaint(project, catalogue)


def test_a_year_later_than_its_folder(project, catalogue, table):
    replace(table, "2016/17,2017/18", "2016/17,2018/19")
    assert complaint(project, catalogue) == (
        "gangs_and_youth_crime.csv, row 2, column D: found 2018-19, later than the folder data/raw/2017-18 "
        "that the file lies in; put the file into data/raw/2018-19."
    )


def test_the_same_quarter_twice(project, catalogue, table):
    replace(table, "2016/17,2017/18", "2016/17,2016/17")
    assert "quarter 1 of 2016-17 already stands in column C" in complaint(project, catalogue)


def test_a_figure_under_no_heading(project, catalogue, table):
    replace(table, "67,SWP Analyst", "67,SWP Analyst,12")
    assert "row 3, column L: found '12' in a column that no heading explains" in complaint(project, catalogue)


def test_the_same_row_twice(project, catalogue, table):
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines, lines[2]]) + "\n", encoding="utf-8")
    assert "knife_violence for Q1 2016-17 already stands in gangs_and_youth_crime.csv, row 3" in complaint(
        project, catalogue
    )


def test_no_heading(project, catalogue, table):
    table.write_text("some,other,table\n1,2,3\n", encoding="utf-8")
    assert "no table found" in complaint(project, catalogue)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "the file is empty"), (b"KPI,\xff\xfe\x00\x01", "not a text file"), (b"KPI,a\0b\n", "not a text file")],
)
def test_files_that_are_no_tables(project, catalogue, table, content, said):
    table.write_bytes(content)
    assert said in complaint(project, catalogue)


def test_a_format_that_is_not_read_is_refused_not_skipped(project, catalogue):
    (project.raw / YEAR / "late_figures.pages").write_bytes(b"x")
    assert "late_figures.pages" in complaint(project, catalogue)


def test_an_empty_year(project, catalogue):
    (project.raw / "2018-19").mkdir()
    with pytest.raises(InputError, match="holds no KPI table"):
        read_editions(project.raw, "2018-19", catalogue)


@pytest.mark.parametrize("wanted", ["1999-00", "2017-19", "last year"])
def test_a_year_without_data_names_those_with(project, wanted):
    with pytest.raises(InputError, match="2017-18"):
        choose_year(project.raw, wanted)


@pytest.mark.parametrize("wanted", [None, "2017-18", "2017/18", "2017-2018"])
def test_the_newest_year_is_the_default_and_a_year_may_be_written_any_usual_way(project, wanted):
    assert choose_year(project.raw, wanted) == "2017-18"


def test_a_later_report_that_restates_a_figure_wins_and_is_listed(project, catalogue):
    later = project.raw / "2018-19"
    later.mkdir()
    text = (project.raw / YEAR / "vulnerability.csv").read_text(encoding="utf-8")
    text = text.replace("2016/17,2017/18", "2017/18,2018/19").replace("13,23", "24,20")
    (later / "vulnerability.csv").write_text(text, encoding="utf-8")
    joined = read_editions(project.raw, "2018-19", catalogue)
    quarter = joined.observations.query(
        "indicator == 'prevent_referrals' and financial_year == '2017-18' and quarter == 1"
    )
    assert quarter["value"].tolist() == [24]
    revised = joined.revisions.query("indicator == 'prevent_referrals' and period_start == '2017-04-01'")
    assert revised[["raw_value_before", "raw_value_now"]].to_numpy().tolist() == [["23", "24"]]
    assert set(joined.observations["financial_year"]) == {"2016-17", "2017-18", "2018-19"}


# Files that are not what they say


def complaint_about(project, catalogue, name: str, content: bytes, today: date | None = None) -> str:
    """The sentence about one file that lies in the folder beside the shipped tables."""
    (project.raw / YEAR / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_editions(project.raw, YEAR, catalogue, today)
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def package(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, part in parts.items():
            zipped.writestr(name, part)
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BOMB = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(350 * 1024 * 1024)}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"", "the file is empty"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        ("a.doc", OLE + "WordDocument\0".encode("utf-16-le"), "an old Word document"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "this is a picture"),
        ("a.csv", bytes(range(1, 256)) * 20, "this is not a text file"),
        ("a.csv", b"PK\x03\x04" + b"x" * 100, "the file is damaged"),
        ("a.zip", package({"notes.txt": b"hello"}), "no workbook and no document"),
        ("a.xlsx", package({"xl/workbook.xml": b"<not xml"}), "the workbook is damaged"),
        ("a.pdf", b"%PDF-1.4\nnothing", "the PDF is damaged"),
        ("a.docx", package({"word/document.xml": b"<x/>"}), "the document is damaged"),
        ("a.html", b"<html><p>No table here</p></html>", "holds no table"),
    ],
)
def test_files_that_are_not_what_they_say(project, catalogue, name, content, said):
    assert said in complaint_about(project, catalogue, name, content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(project, catalogue):
    content = package(BOMB)
    BOMB.clear()
    tracemalloc.start()
    assert "unpacked it would have 350 MB" in complaint_about(project, catalogue, "a.xlsx", content)
    assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    tracemalloc.stop()


def test_a_package_that_lies_about_its_sizes_is_damaged(project, catalogue):
    content = bytearray(package({"xl/workbook.xml": b"<workbook/>" + b" " * 5000}))
    central = content.index(b"PK\x01\x02")
    for place in (22, central + 24):
        content[place : place + 4] = (11).to_bytes(4, "little")
    assert "damaged" in complaint_about(project, catalogue, "a.xlsx", bytes(content))


def test_a_file_of_two_gigabytes_is_refused_unopened(project, catalogue):
    huge = project.raw / YEAR / "a.csv"
    with huge.open("wb") as file:
        file.truncate(2 * 1024**3)
    assert "2048 MB" in complaint(project, catalogue)


def test_a_sheet_that_spans_the_whole_grid_is_refused(project, catalogue):
    assert "far more than a KPI table needs" in complaint_about(
        project, catalogue, "a.xlsx", workbook({"A1": "KPI", "XFD1048576": 1})
    )


def workbook(cells: dict[str, object], sheet_name: str = "KPI") -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = sheet_name
    for place, value in cells.items():
        sheet[place] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


HATE = {"A1": "KPI", "B1": "Q1 2017/18", "C1": "Q2 2017/18", "A2": "Hate Crime - number of recorded crimes"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("=SUM(1,2)", "a formula whose value was not saved"),
        (date(2017, 2, 1), "found the date 2017-02-01"),
        (-3, "'-3', a negative number"),
        (3.5, "found '3.5'"),
        (2.996, "found '2.996'"),
        (True, "found 'TRUE'"),
        ("#DIV/0!", "found the error '#DIV/0!'"),
    ],
)
def test_cells_of_a_workbook_that_are_no_figures(project, catalogue, value, said):
    sentence = complaint_about(project, catalogue, "a.xlsx", workbook(HATE | {"B2": value}))
    assert said in sentence
    assert "sheet 'KPI', row 2, column B" in sentence


@pytest.mark.parametrize(
    ("printed", "said"),
    [("8/0", "a part of nothing"), ("57/43", "a part larger than its whole"), ("101%", "at most 100")],
)
def test_fractions_and_percentages_that_can_not_be(project, catalogue, printed, said):
    replace(project.raw / YEAR / "reducing_reoffending.csv", "3.84% (2/52)", printed)
    assert said in complaint(project, catalogue)


def test_a_part_that_is_larger_than_its_whole_in_another_row(project, catalogue):
    replace(project.raw / YEAR / "violence_against_women_and_girls.csv", "46 (29%)", "460 (29%)")
    sentence = complaint(project, catalogue)
    assert "found '460 (29%)' for marac_repeat_cases, more than the '156' for marac_referrals" in sentence


def test_a_share_that_its_own_rows_contradict_is_noted_and_makes_no_year(project, catalogue):
    from swp_analysis.quality.totals import annual_totals

    replace(project.raw / YEAR / "violence_against_women_and_girls.csv", "46 (29%)", "46 (31%)")
    read = read_editions(project.raw, YEAR, catalogue)
    assert any("'46 (31%)' stands beside 46 of 156" in note and "which is 29.49%" in note for note in read.notes)
    totals = annual_totals(read.observations, catalogue.indicators).set_index(["indicator", "financial_year"])
    assert totals.loc[("marac_repeat_share", "2016-17"), "status"] == "not_available"
    assert totals.loc[("marac_repeat_share", YEAR), "status"] == "reported"


def test_each_bad_file_gets_its_sentence(project, catalogue):
    (project.raw / YEAR / "a.csv").write_bytes(b"")
    (project.raw / YEAR / "z.csv").write_bytes(b"\x89PNG\r\n")
    with pytest.raises(InputError) as caught:
        read_editions(project.raw, YEAR, catalogue)
    assert [line.split(":")[0] for line in str(caught.value).split("\n")] == ["a.csv", "z.csv"]


def test_headings_without_rows(tmp_path, catalogue):
    with pytest.raises(InputError, match="headings and no rows"):
        read_alone(tmp_path, "a.csv", "KPI,Q1 2017/18\n", catalogue)


def test_a_figure_in_merged_cells(project, catalogue):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(HATE | {"B2": 5})))
    book.active.merge_cells("B2:C2")
    content = io.BytesIO()
    book.save(content)
    assert "stands in merged cells" in complaint_about(project, catalogue, "a.xlsx", content.getvalue())


def test_a_pdf_of_pictures(project, catalogue):
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50)
    assert "pictures of pages and no text" in complaint_about(project, catalogue, "a.pdf", bytes(pdf.output()))


def test_a_locked_pdf(project, catalogue):
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_encryption(owner_password="a", user_password="b")
    pdf.add_page()
    assert "protected with a password" in complaint_about(project, catalogue, "a.pdf", bytes(pdf.output()))


def test_a_figure_of_a_quarter_that_has_not_begun(project, catalogue):
    with pytest.raises(InputError, match=r"quarter 4 of 2017-18, which lies in the future"):
        read_editions(project.raw, YEAR, catalogue, date(2017, 12, 31))


def test_a_sheet_name_is_only_ever_text(tmp_path, catalogue):
    content = workbook(HATE | {"B2": 5}, "=..Figures")
    read = read_alone(tmp_path, "a.xlsx", content, catalogue)
    assert read.observations["source_sheet"].unique().tolist() == ["=..Figures"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.xlsx"]


def test_hidden_sheets_and_rows_are_left_out_and_that_is_said(tmp_path, catalogue):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(HATE | {"B2": 5, "A3": "Number of Prevent referrals received"})))
    book.active["B3"] = 7
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("old").sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    read = read_alone(tmp_path, "a.xlsx", content.getvalue(), catalogue)
    assert set(read.observations["indicator"]) == {"hate_crime"}
    assert any("row 3" in note and "hidden" in note for note in read.notes)
    assert any("sheet 'old'" in note and "hidden" in note for note in read.notes)


def test_nothing_is_written_when_a_file_is_refused(project):
    from swp_analysis.build import build

    (project.raw / YEAR / "a.csv").write_bytes(b"")
    with pytest.raises(InputError):
        build(project, YEAR)
    assert not project.processed.exists()


def test_a_quarter_with_no_cases_takes_no_part_in_year_and_findings(project, catalogue):
    from swp_analysis.analysis.findings import compare_years
    from swp_analysis.collect.collection import list_due
    from swp_analysis.quality.totals import annual_totals

    replace(project.raw / YEAR / "reducing_reoffending.csv", "3.84% (2/52)", "0% (0/0)")
    read = read_editions(project.raw, YEAR, catalogue)
    totals = annual_totals(read.observations, catalogue.indicators).set_index(["indicator", "financial_year"])
    year = totals.loc[("youth_custody_share", YEAR)]
    assert (year["quarters"], year["numerator"], year["denominator"]) == ("2,3,4", 17, 149)
    due = list_due(read.observations, catalogue, YEAR, date(2019, 1, 1))
    assert "youth_custody_share" not in set(due["indicator"])
    finding = compare_years(read.observations, catalogue, YEAR, read.baselines)["youth_custody_share"]
    assert "0.0%" not in str(finding)
    for old in ("7.54% (4/53)", "12% (6/50)", "15.2% (7/46)"):
        replace(project.raw / YEAR / "reducing_reoffending.csv", old, "0/0")
    read = read_editions(project.raw, YEAR, catalogue)
    totals = annual_totals(read.observations, catalogue.indicators).set_index(["indicator", "financial_year"])
    assert totals.loc[("youth_custody_share", YEAR), "status"] == "not_available"
    assert compare_years(read.observations, catalogue, YEAR, read.baselines)["youth_custody_share"]
