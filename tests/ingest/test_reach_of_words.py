"""How far words reach: a heading holds for every table up to the next one of its level, a cover for the whole file."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment

from swp_analysis.ingest.read_year import read_files

YEAR = "2018-19"
ROWS = [["KPI", "Q1 2018/19", "Q2 2018/19"], ["Hate Crime", "101", "98"]]
MORE = [ROWS[0], ["Knife crime", "40", "33"]]


def html(*blocks: str | list) -> bytes:
    """A page of headings and paragraphs as they are given, and tables."""
    rows = ["".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in b) for b in blocks if b[0] != "<"]
    tables = iter(f"<table>{one}</table>" for one in rows)
    return f"<html>{''.join(b if b[0] == '<' else next(tables) for b in blocks)}</html>".encode()


def docx(*blocks: tuple[int, str] | list) -> bytes:
    """A document of headings, each with its level, and tables."""
    document, file = Document(), io.BytesIO()
    for block in blocks:
        if isinstance(block, tuple):
            document.add_heading(block[1], block[0])
            continue
        table = document.add_table(len(block), len(block[0]))
        for row, texts in zip(table.rows, block, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(file)
    return file.getvalue()


def workbook(header: str = "", comment: str = "", **sheets: list[list[str]]) -> bytes:
    """Sheets of a workbook; the first with a header for print, and a comment on its cell C2."""
    book, file = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.worksheets[0].oddHeader.center.text = header or None
    if comment:
        book.worksheets[0]["C2"].comment = Comment(comment, "somebody")
    book.save(file)
    return file.getvalue()


SOMEBODY_ELSE_S = {
    "a header for print.xlsx": (workbook(header="Walsall Community Safety", Data=ROWS), "Walsall"),
    "a comment.xlsx": (
        workbook(comment="Cumulative", Data=[[one[0], "", *one[1:]] for one in ROWS]),
        "row 2, column C says 'cumulative'",
    ),
    "a higher heading.docx": (docx((1, "Walsall"), (2, "Vulnerability"), ROWS, (2, "Gangs"), MORE), "Walsall"),
    "a title.docx": (docx((0, "Targets for 2018/19"), (1, "Vulnerability"), ROWS), "targets"),
    "a higher heading.html": (html("<h1>Walsall</h1>", "<h3>Vulnerability</h3>", ROWS), "Walsall"),
    "a second table.html": (html("<h2>Walsall</h2>", ROWS, MORE), "Walsall"),
    "a line, and a second table.html": (html("<p>Walsall</p>", ROWS, MORE), "Walsall"),
    "the page's name.html": (html("<title>Walsall Council - KPIs</title>", ROWS), "Walsall"),
    "a cover.xlsx": (workbook(Cover=[["Walsall Community Safety Partnership"]], Data=ROWS), "Walsall"),
    "notes.xlsx": (
        workbook(Data=ROWS, Notes=[["Ask the analyst. All figures in this workbook are cumulative."]]),
        "of sheet 'Notes' says 'cumulative'",
    ),
    "a note beside.xlsx": (
        workbook(Data=[[*ROWS[0], None, "Note: quarter figures are rolling 12 month totals"], ROWS[1]]),
        "rolling",
    ),
}
BOTH = "Both tables show cumulative figures."
SOMEBODY_ELSE_S |= {
    "both tables.html": (
        html("<h2>Hate</h2>", ROWS, "<h2>Gangs</h2>", MORE, "<p>Notes</p>", f"<p>{BOTH}</p>"),
        "'Both tables show cumulative figures.' of the file says 'cumulative'",
    ),
    "both tables.docx": (docx((2, BOTH), (2, "Vulnerability"), ROWS, (2, "Gangs"), MORE), "cumulative"),
    "both tables.xlsx": (workbook(Data=[[BOTH], ["Hate"], *ROWS, [], ["Gangs"], *MORE]), "cumulative"),
    "all sheets.xlsx": (
        workbook(Hate=[*ROWS, [], ["All sheets are for the West Midlands"]], Gangs=MORE),
        "West Midlands",
    ),
}
OURS = {
    "both tables.html": html("<p>Both tables show figures for Wolverhampton.</p>", ROWS),
    "columns.txt": (
        b"Hate crime return\n\nKPI           Q1 2018/19   Q2 2018/19\n"
        b"Hate Crime           101           98\n\nCompleted by A Khan\n"
    ),
    "a header and a comment.xlsx": workbook(header="Community safety scorecard", comment="Checked", Data=ROWS),
    "a lower heading.docx": docx((1, "Vulnerability"), (2, "Walsall"), MORE, (1, "Wolverhampton"), ROWS),
    "the next of its level.html": html("<h1>Walsall</h1>", MORE, "<h1>Wolverhampton</h1>", ROWS),
    "guidance.xlsx": workbook(Data=ROWS, Guide=[["Leave a cell empty. An empty cell does not mean nought."]]),
    "contents.xlsx": workbook(Contents=[["Contents"], ["Targets"], ["Walsall"]], Data=ROWS),
}


@pytest.mark.parametrize("name", SOMEBODY_ELSE_S)
def test_words_further_away_refuse_what_they_are_about(name, tmp_path, catalogue):
    content, word = SOMEBODY_ELSE_S[name]
    (tmp_path / name).write_bytes(content)
    _, refused = read_files([tmp_path / name], YEAR, catalogue)
    assert word in str(refused[tmp_path / name])


@pytest.mark.parametrize("name", OURS)
def test_words_of_another_section_say_nothing_here(name, tmp_path, catalogue):
    (tmp_path / name).write_bytes(OURS[name])
    reading, refused = read_files([tmp_path / name], YEAR, catalogue)
    assert not refused
    assert [row["value"] for row in reading.observations] == [101, 98]


def test_a_comment_on_a_later_figure_is_about_that_one(tmp_path, catalogue):
    (tmp_path / "kpi.xlsx").write_bytes(workbook(comment="Cumulative", Data=ROWS))
    reading, refused = read_files([tmp_path / "kpi.xlsx"], YEAR, catalogue)
    assert not refused
    assert [row["value"] for row in reading.observations if row["status"] == "reported"] == [101]
    assert "column C says 'cumulative'" in reading.unread[0].reason


@pytest.mark.parametrize(
    "comment", ["Actual 45 in Q2", "Monthly figure", "J Smith:\nestimate, real figure to follow", "Should be 97"]
)
def test_a_comment_that_gives_or_calls_the_figure_another_keeps_it_out(tmp_path, catalogue, comment):
    (tmp_path / "kpi.xlsx").write_bytes(workbook(comment=comment, Data=ROWS))
    reading, refused = read_files([tmp_path / "kpi.xlsx"], YEAR, catalogue)
    assert not refused
    assert [row["value"] for row in reading.observations if row["status"] == "reported"] == [101]


def test_sheets_called_by_months_in_a_row_hold_their_months(tmp_path, catalogue):
    sheets = {name: [["KPI", "Number"], ["Hate Crime", n]] for name, n in (("Apr 18", 31), ("May 18", 35))}
    (tmp_path / "months.xlsx").write_bytes(workbook(**sheets))
    reading, refused = read_files([tmp_path / "months.xlsx"], YEAR, catalogue)
    assert not refused
    assert [(row["period_end"], row["value"]) for row in reading.observations] == [
        ("2018-04-30", 31),
        ("2018-05-31", 35),
    ]
    # One alone may be called by the day of a report.
    (tmp_path / "month.xlsx").write_bytes(workbook(**{"Jul 18": [["KPI", "Number"], ["Hate Crime", 101]]}))
    assert read_files([tmp_path / "month.xlsx"], YEAR, catalogue)[1]
