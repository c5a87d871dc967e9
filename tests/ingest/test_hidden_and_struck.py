"""Text that a person does not see, or sees struck out or raised, in documents and pages."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from fpdf import FPDF

from swp_analysis.errors import InputError
from tests.ingest.test_layouts import HATE, NEW, PREVENT, figures, read
from tests.ingest.test_tables_of_others import read_file


def test_hidden_raised_and_struck_text_of_a_document(tmp_path, catalogue):
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for line, row in zip(table.rows, [["KPI", "Q1 2017/18", "Q2 2017/18"], [HATE, "118", "104"]], strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    table.cell(1, 1).paragraphs[0].add_run("5").font.hidden = True
    table.cell(1, 2).paragraphs[0].add_run("1").font.superscript = True
    content = io.BytesIO()
    document.save(content)
    assert figures(read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")) == {(NEW, 1): 118, (NEW, 2): 104}
    table.cell(1, 1).paragraphs[0].add_run("99").font.strike = True
    document.save(content)
    with pytest.raises(InputError, match=r"found '118\[struck out: 99\]'"):
        read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")


BOX = (
    '<w:pict {} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:t>7</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
)


@pytest.mark.parametrize(("is_deleted", "given"), [(False, r"118 7"), (True, None)])
def test_a_text_box_is_no_part_of_the_figure_beside_it(tmp_path, catalogue, is_deleted, given):
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["KPI", "Q1 2017/18", HATE, "118"], strict=True):
        cell.text = text
    run = table.cell(1, 1).paragraphs[0].add_run()._r
    run.append(parse_xml(BOX.format(nsdecls("w"))))
    if is_deleted:
        mark = parse_xml(f"<w:del {nsdecls('w')}/>")
        run.addprevious(mark)
        mark.append(run)
    content = io.BytesIO()
    document.save(content)
    if given is None:
        assert figures(read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")) == {(NEW, 1): 118}
    else:
        with pytest.raises(InputError, match=given):
            read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")


def test_hidden_raised_and_struck_text_of_a_page(tmp_path, catalogue):
    heading = "<table><tr><th>KPI<th>Q1 2017/18<th>Q2 2017/18"
    rows = f"<tr hidden><td>{PREVENT}<td>1<td>2<tr><td>{HATE}<td>118<sup>1</sup><td style='display: none'>7<td>104"
    page = f"{heading}{rows}<span hidden>5</span></table>".encode()
    reading = read(tmp_path / "raw", catalogue, page, "kpi.html")
    assert figures(reading) == {(NEW, 1): 118, (NEW, 2): 104}
    assert figures(reading, "prevent_referrals") == {}
    assert reading.notes == [
        "kpi.html, table 1, row 2, column A: the row is hidden; not read: 'Number of Prevent referrals received'."
    ]
    with pytest.raises(InputError, match="struck out: 99"):
        read(
            tmp_path / "raw",
            catalogue,
            f"{heading}<tr><td>{HATE}<td><del>99</del>118<td>4</table>".encode(),
            "kpi.html",
        )


TABLE = [["KPI", "Q1 2018/19", "Q2 2018/19"], ["Hate Crime", "101", "98"], ["Prevent referrals", "12", "15"]]


def write_pdf(struck: str, path: Path, *, ruled: bool, comment: str = "") -> None:
    """A page with one text that a thin line strikes out, and all of them underlined."""
    page = FPDF(unit="pt")
    page.add_page()
    page.set_font("Helvetica", size=10)
    page.set_line_width(0.7)
    for r, row in enumerate(TABLE):
        for x, text in zip((60, 250, 400), row, strict=True):
            y, end = 100 + 24 * r, x + page.get_string_width(text)
            page.text(x, y, text)
            page.line(x, y + 1.5, end, y + 1.5)
            if text == struck:
                page.line(x, y - 3.2, end, y - 3.2)
        for y in (84 + 24 * r, 108 + 24 * r) if ruled else ():
            page.line(55, y, 520, y)
    for x in (55, 245, 395, 520) if ruled else ():
        page.line(x, 84, x, 156)
    if comment:
        page.text_annotation(500, 120, comment)
    page.output(str(path))


def write_xlsx(struck: str, path: Path, *, ruled: bool, comment: str = "") -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, look = book.add_worksheet("S"), book.add_format({"font_strikeout": True, "border": int(ruled)})
        for r, row in enumerate(TABLE):
            for c, text in enumerate(row):
                sheet.write(r, c, int(text) if text.isdigit() else text, look if text == struck else None)
        if comment:
            sheet.write_comment("B2", comment)


def write_docx(struck: str, path: Path, *, ruled: bool, comment: str = "") -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3, style="Table Grid" if ruled else None)
    for line, row in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.paragraphs[0].add_run(text).font.strike = text == struck
    if comment:
        document.add_comment(table.cell(1, 1).paragraphs[0].runs, comment, author="A")
    document.save(str(path))


WRITERS = [("pdf", write_pdf), ("xlsx", write_xlsx), ("docx", write_docx)]
ALL = {"H:Q1=101", "H:Q2=98", "P:Q1=12", "P:Q2=15"}


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize(("suffix", "write"), WRITERS)
@pytest.mark.parametrize(
    ("struck", "lost"), [("", []), ("98", ["H:Q2=98"]), ("Hate Crime", ["H:Q1=101", "H:Q2=98"]), ("Q1 2018/19", None)]
)
def test_what_a_line_strikes_out_is_not_read(struck, lost, suffix, write, ruled, tmp_path, catalogue):
    path = tmp_path / f"kpi.{suffix}"
    write(struck, path, ruled=ruled)
    figures, said, refusal = read_file(path, catalogue)
    assert not refusal
    assert figures == ALL - set(["H:Q1=101", "P:Q1=12"] if lost is None else lost)
    assert ("struck out" in said) == bool(struck)
    assert "plain_words" not in said


@pytest.mark.parametrize(("suffix", "write"), WRITERS)
@pytest.mark.parametrize(
    ("comment", "word"), [("please check", ""), ("June only", "only"), ("Figures are for the force", "force")]
)
def test_a_comment_on_a_cell_or_page_is_a_note(comment, word, suffix, write, tmp_path, catalogue):
    path = tmp_path / f"kpi.{suffix}"
    write("", path, ruled=True, comment=comment)
    figures, said, refusal = read_file(path, catalogue)
    # A workbook says on which cell: what is partial is that cell alone.
    is_its_own = suffix == "xlsx" and word == "only"
    assert figures == (ALL - {"H:Q1=101"} if is_its_own else set() if word else ALL)
    assert word in (said if is_its_own else refusal)
