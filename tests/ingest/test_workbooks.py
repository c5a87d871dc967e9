"""What a workbook shows and what it keeps: hidden columns, percent formats, errors, in each of its formats."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_year

HATE, DIP = "Hate Crime - number of recorded crimes", "DIP % of positive drug tests"
QUARTERS = [f"Q{number} 2017/18" for number in (1, 2, 3, 4)]
PAIRS = [
    ["KPI", "", "Quarter 1", "", "Quarter 2", ""],
    ["", "", "2016/17", "2017/18", "2016/17", "2017/18"],
    [HATE, "To reduce", 92, 118, 106, 104],
]


def write_xlsx(rows: list[list], hidden: tuple[int, ...] = (), percent: bool = False) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, shown = book.add_worksheet("KPI"), book.add_format({"num_format": "0.0%"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value, shown if percent and isinstance(value, float) else None)
        for column in hidden:
            sheet.set_column(column, column, None, None, {"hidden": True})
    return content.getvalue()


def write_ods(rows: list[list], hidden: tuple[int, ...] = (), percent: bool = False) -> bytes:
    from odfdo import Cell, Column, Document, Row, Table

    document, table = Document("spreadsheet"), Table("KPI")
    document.body.clear()
    for column in range(max(map(len, rows))):
        one = Column()
        if column in hidden:
            one.set_attribute("table:visibility", "collapse")
        table.append(one)
    for values in rows:
        row = Row()
        for value in values:
            kind = "percentage" if percent and isinstance(value, float) else None
            row.append_cell(Cell(value, cell_type=kind) if value != "" else Cell())
        table.append(row)
    document.body.append(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def read(folder, catalogue, name: str, content: bytes):
    (folder / name).write_bytes(content)
    return read_year(folder, "2017-18", catalogue)


def periods_of(reading) -> list[tuple]:
    return [(row["financial_year"], row["quarter"], row["value"]) for row in reading.observations]


WRITERS = pytest.mark.parametrize(("name", "write"), [("kpi.xlsx", write_xlsx), ("kpi.ods", write_ods)])


@WRITERS
@pytest.mark.parametrize(
    ("hidden", "left"),
    [
        ((2, 4), [("2017-18", 1, 118), ("2017-18", 2, 104)]),
        ((3, 4), [("2016-17", 1, 92), ("2017-18", 2, 104)]),
        ((4, 5), [("2016-17", 1, 92), ("2017-18", 1, 118)]),
    ],
)
def test_hidden_columns_are_left_out_whatever_heading_begins_in_them(
    tmp_path, catalogue, name, write: Callable, hidden, left
):
    reading = read(tmp_path, catalogue, name, write(PAIRS, hidden))
    assert periods_of(reading) == left
    letters = ["ABCDEF"[column] for column in hidden]
    assert [note.split("column ")[1][0] for note in reading.notes] == letters
    assert all("the column is hidden; not read" in note for note in reading.notes)


@pytest.mark.parametrize(("hidden", "what"), [((0,), "the column of labels"), ((1, 2), "every column of figures")])
def test_a_table_without_visible_labels_or_figures_is_refused(tmp_path, catalogue, hidden, what):
    rows = [["KPI", *QUARTERS[:2]], [HATE, 118, 104]]
    with pytest.raises(InputError, match=f"row 1, column A: {what} of this table is hidden"):
        read(tmp_path, catalogue, "kpi.xlsx", write_xlsx(rows, hidden))


@WRITERS
def test_a_percent_format_shows_a_hundred_times_the_number(tmp_path, catalogue, name, write: Callable):
    content = write([["KPI", *QUARTERS], [DIP, 0.0, 0.5, 1.0, 0.691]], percent=True)
    assert [row["value"] for row in read(tmp_path, catalogue, name, content).observations] == [0, 50, 100, 69.1]


@WRITERS
def test_a_fraction_without_a_percent_sign_could_be_either_and_is_refused(tmp_path, catalogue, name, write: Callable):
    content = write([["KPI", *QUARTERS], [DIP, 54.5, 0.5, 61, 69.1]])
    with pytest.raises(
        InputError, match=r"row 2, column C: found 0\.5 without a percent sign, which may be 0\.5% or 50%"
    ):
        read(tmp_path, catalogue, name, content)


def write_errors(error: str, column: int) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPI")
        for number, row in enumerate([["KPI", *QUARTERS[:2], "% change"], [HATE, 118, 104]]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, column, "=C2/0", None, error)
    return content.getvalue()


def test_an_error_matters_only_where_a_figure_should_be(tmp_path, catalogue):
    assert periods_of(read(tmp_path, catalogue, "kpi.xlsx", write_errors("#DIV/0!", 3))) == [
        ("2017-18", 1, 118),
        ("2017-18", 2, 104),
    ]
    with pytest.raises(InputError, match="row 2, column C: found the error '#REF!', expected a whole number or <5"):
        read(tmp_path, catalogue, "kpi.xlsx", write_errors("#REF!", 2))


def rich_xlsx(look: str, marked: str) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, special = book.add_worksheet("KPI"), book.add_format({look: 1})
        sheet.write_row(0, 0, ["KPI", *QUARTERS[:2]])
        sheet.write_row(1, 0, [HATE, "", "104"])
        sheet.write_rich_string(1, 1, special, "99", book.add_format(), "118") if marked == "before" else (
            sheet.write_rich_string(1, 1, "118", special, "1")
        )
    return content.getvalue()


def rich_ods(look: str, marked: str) -> bytes:
    from odfdo import Document, Element

    content = io.BytesIO(write_ods([["KPI", *QUARTERS[:2]], [HATE, "118", "104"]]))
    document = Document(content)
    properties = {"font_script": 'text-position="super 58%"', "font_strikeout": 'text-line-through-style="solid"'}
    document.insert_style(
        Element.from_tag(
            '<style:style style:name="Odd" style:family="text">'
            f"<style:text-properties style:{properties[look]}/></style:style>"
        ),
        automatic=True,
    )
    paragraph = document.body.get_elements("descendant::text:p")[4]
    assert paragraph.text == "118"
    odd = Element.from_tag(f'<text:span text:style-name="Odd">{"99" if marked == "before" else "1"}</text:span>')
    if marked == "before":
        paragraph.text, odd.tail = "", "118"
    paragraph.append(odd)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


RICH = pytest.mark.parametrize(("name", "write"), [("kpi.xlsx", rich_xlsx), ("kpi.ods", rich_ods)])


@RICH
def test_a_raised_mark_of_a_note_is_no_digit_of_the_figure(tmp_path, catalogue, name, write: Callable):
    reading = read(tmp_path, catalogue, name, write("font_script", "behind"))
    assert periods_of(reading) == [("2017-18", 1, 118), ("2017-18", 2, 104)]
    assert reading.observations[0]["raw_value"] == "118[1]"


@RICH
def test_what_was_struck_out_is_not_read_as_part_of_a_figure(tmp_path, catalogue, name, write: Callable):
    with pytest.raises(InputError, match=r"row 2, column B: found '\[struck out: 99\] 118'"):
        read(tmp_path, catalogue, name, write("font_strikeout", "before"))


def workbook(**sheets: list[list]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def test_a_list_of_cases_behind_a_pivot_table_is_no_more_of_it(tmp_path, catalogue):
    pivot = [["Row Labels", *QUARTERS[:2], "Grand Total"], [HATE, 118, 104, 222]]
    cases = [["ID", "Offence", "Date recorded", "Ward"], [1, "Hate Crime", "2017-04-03", "Penn"]]
    found = read(tmp_path, catalogue, "kpi.xlsx", workbook(Pivot=pivot, Data=cases))
    assert [(row["quarter"], row["value"]) for row in found.observations] == [(1, 118.0), (2, 104.0)]
    assert any("sheet 'Data': no heading of a KPI table; passed over" in note for note in found.notes)


def test_a_sheet_of_the_year_to_date_bars_no_other_sheet(tmp_path, catalogue):
    now, so_far = [["KPI", "Actual"], [HATE, 104]], [["KPI", "Actual"], [HATE, 222]]
    found = read(tmp_path, catalogue, "kpi.xlsx", workbook(**{"Q2 2017-18": now, "Year to date": so_far}))
    assert [(row["quarter"], row["value"]) for row in found.observations] == [(2, 104.0)]
    assert "year to date" in found.unread[0].reason


@pytest.mark.parametrize("other", [[["Crime type", "Number"], [HATE, 300]], [["KPI", "Target"], [HATE, 90]]])
def test_a_table_without_periods_is_listed_beside_others(tmp_path, catalogue, other):
    found = read(tmp_path, catalogue, "kpi.xlsx", workbook(KPIs=[["KPI", QUARTERS[0]], [HATE, 118]], Other=other))
    assert [(row["quarter"], row["value"]) for row in found.observations] == [(1, 118.0)]
    assert "no column is of a quarter or month" in found.unread[0].reason
