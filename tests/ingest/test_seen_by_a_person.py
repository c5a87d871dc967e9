"""What a person sees in a file is what is read: number formats, merges, struck and hidden cells, controls, boxes."""

from __future__ import annotations

import io
import zipfile

import pytest

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, RawFile
from swp_analysis.ingest.formats.raw_files import raw_tables, read_raw_file

HEADING = ["KPI", "Q1 2018/19", "Q2 2018/19"]


def read(folder, name: str, content: bytes) -> RawFile:
    (folder / name).write_bytes(content)
    return read_raw_file(folder / name, ["KPI"])


def only(raw: RawFile) -> Grid:
    (grid,) = raw.grids
    return grid


def xlsx(cells: dict[tuple[int, int], tuple[object, dict]], merges: tuple[str, ...] = ()) -> bytes:
    """A workbook with each value in its format."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPI")
        sheet.write_row(0, 0, HEADING)
        for (row, column), (value, look) in cells.items():
            sheet.write(row, column, value, book.add_format(look))
        for merge in merges:
            sheet.merge_range(merge, "")
        for (row, column), (value, look) in cells.items() if merges else ():
            sheet.write(row, column, value, book.add_format(look))
    return content.getvalue()


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (3, '[<5]"<5";0', "<5"),
        (98, '[<5]"<5";0', "98"),
        (5, '[<5]"<5";0', "5"),
        (3, "[Red][<5]\\<\\5;[>=1000]#,##0;0", "<5"),
        (4, '0;-0;"N/A"', "4"),
        (0, '0;-0;"N/A"', "N/A"),
        (0, '"N/A"', "N/A"),
        (17, ";;;", ""),
        (0, "0;;", ""),
        (101_234, "0,", "101234 [shown in a way that is not read: 0,]"),
        (101_234, '#,##0.0,"k"', '101234 [shown in a way that is not read: #,##0.0,"k"]'),
        (0.436, "0%", "43.6%"),
        (0.0123, "0.0‰", "0.0‰"),
        (-3, "0;(0)", "(3)"),
        (118, '0" cases"', "118 cases"),
        (118, "£0", "£118"),
        (2.996, "0", "2.996"),
        (0.5, "# ?/?", "0.5 [shown in a way that is not read: # ?/?]"),
        ("note", ";;;", ""),
        ("five", '0;0;0;"about "@', "about five"),
    ],
)
def test_a_number_format_decides_what_a_cell_says(tmp_path, value, code, seen):
    grid = only(read(tmp_path, "kpi.xlsx", xlsx({(1, 1): (value, {"num_format": code}), (1, 2): (7, {})})))
    assert grid.rows[1].cells == ("", seen, "7")


@pytest.mark.parametrize(
    ("code", "seen"), [("mmm-yy", "Jan-18"), ("dd/mm/yyyy", "01/01/2018"), ("d mmmm yyyy", "1 January 2018")]
)
def test_a_date_is_read_as_it_is_shown(tmp_path, code, seen):
    grid = only(read(tmp_path, "kpi.xlsx", xlsx({(0, 1): (43101, {"num_format": code})})))
    assert grid.rows[0].cells[1] == seen


def test_a_struck_cell_and_figures_in_and_under_a_merge_are_doubtful(tmp_path):
    cells = {(1, 1): (101, {"font_strikeout": True}), (2, 1): (11, {}), (2, 2): (12, {}), (3, 1): ("words", {})}
    grid = only(read(tmp_path, "kpi.xlsx", xlsx(cells, ("B3:C3", "B4:C4"))))
    assert grid.rows[1].text(2) == "[struck out: 101]"
    assert set(grid.doubts) == {(3, 2), (3, 3)}
    assert "lies hidden under merged cells; split them" in grid.doubts[3, 3]
    assert grid.rows[2].cells == ("", "11", "")


def ods(cells: str, styles: str = "") -> bytes:
    spaces = "".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" '
        for name in ("office", "table", "text", "style")
    )
    heading = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in HEADING
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            '<office:body><office:spreadsheet><table:table table:name="KPI">'
            f"<table:table-row>{heading}</table:table-row><table:table-row><table:table-cell/>{cells}</table:table-row></table:table></office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    return content.getvalue()


def test_a_cell_of_an_ods_says_its_own_paragraph(tmp_path):
    shown = '<table:table-cell office:value-type="float" office:value="3"><text:p>&lt;5</text:p></table:table-cell>'
    rounded = (
        '<table:table-cell office:value-type="percentage" office:value="0.4361"><text:p>44%</text:p></table:table-cell>'
    )
    grid = only(read(tmp_path, "kpi.ods", ods(shown + rounded)))
    assert grid.rows[1].cells == ("", "<5", "43.61%")


def test_a_number_that_an_ods_shows_as_nothing_is_nothing(tmp_path):
    """A format such as `;;;`: an empty paragraph. A cell that has none at all was written by a program."""
    cell = '<table:table-cell office:value-type="float" office:value="17">{}</table:table-cell>'
    grid = only(read(tmp_path, "kpi.ods", ods(cell.format("<text:p/>") + cell.format(""))))
    assert grid.rows[1].cells == ("", "", "17")


def test_a_struck_style_and_a_covered_figure_of_an_ods(tmp_path):
    style = (
        '<style:style style:name="s" style:family="table-cell">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    cells = (
        '<table:table-cell table:style-name="s" table:number-columns-spanned="2" office:value-type="float" '
        'office:value="9"><text:p>9</text:p></table:table-cell><table:covered-table-cell office:value-type="float" '
        'office:value="8"><text:p>8</text:p></table:covered-table-cell>'
    )
    grid = only(read(tmp_path, "kpi.ods", ods(cells, style)))
    assert grid.rows[1].text(2) == "[struck out: 9]"
    assert "'8' lies hidden" in grid.doubts[2, 3]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return content.getvalue()


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def cell(inner: str, look: str = "") -> str:
    return f"<w:tc><w:tcPr>{look}</w:tcPr><w:p>{inner}</w:p></w:tc>"


def control(inner: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def field(text: str) -> str:
    return f'<w:fldSimple w:instr="=1+1">{run(text)}</w:fldSimple>'


@pytest.mark.parametrize(
    "row",
    [
        f"<w:tr>{cell(run('Hate'))}{control(cell(run('101')))}{cell(run('98'))}</w:tr>",
        control(f"<w:tr>{cell(run('Hate'))}{cell(control(run('101')))}{cell(run('98'))}</w:tr>"),
        f"<w:tr>{cell(run('Hate'))}{cell(field('101'))}{cell('<w:hyperlink>' + run('98') + '</w:hyperlink>')}</w:tr>",
        f"<w:tr>{cell(run('Hate'))}{cell('<w:ins>' + run('101') + '</w:ins><w:del>' + run('7') + '</w:del>')}"
        f"{control(control(cell(run('98') + run('5', '<w:vanish/>'))))}</w:tr>",
    ],
)
def test_whatever_wraps_a_cell_or_row_of_a_document_nothing_moves(tmp_path, row):
    table = f"<w:tbl><w:tr>{''.join(cell(run(text)) for text in HEADING)}</w:tr>{row}</w:tbl>"
    for body in (table, control(table)):
        grid = only(read(tmp_path, "kpi.docx", docx(f"<w:p>{run('Walsall')}</w:p>{body}<w:p>{run('* to date')}</w:p>")))
        assert [row.cells for row in grid.rows] == [tuple(HEADING), ("Hate", "101", "98")]
        assert [one.text for one in (*grid.above, *grid.below)] == ["Walsall", "* to date"]


def test_instructions_of_fields_and_deleted_rows_are_left_out_and_boxes_read(tmp_path):
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin, separate, end = (mark.format(kind) for kind in ("begin", "separate", "end"))
    nested = f"{begin}{begin}{separate}{run('99')}{end}{separate}{run('101')}{end}"
    deleted = f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell(run("Guns"))}{cell(run("1"))}{cell(run("2"))}</w:tr>'
    table = f"<w:tbl><w:tr>{cell(run('Hate'))}{cell(nested)}{cell(run('98'))}</w:tr>{deleted}</w:tbl>"
    box = f"<w:p><w:r><w:pict><w:txbxContent>{table}</w:txbxContent></w:pict></w:r></w:p>"
    for body in (table, box):
        grid = only(read(tmp_path, "kpi.docx", docx(body)))
        assert [row.cells for row in grid.rows] == [("Hate", "101", "98")]
        assert grid.notes == ("kpi.docx, table 1, row 2, column A: the row is hidden; not read: 'Guns'.",)


def test_what_stands_at_the_top_and_bottom_of_a_documents_pages_is_said_of_every_table(tmp_path):
    table = f"<w:tbl><w:tr>{cell(run('Hate'))}{cell(run('101'))}</w:tr></w:tbl><w:p>{run('In between.')}</w:p>"
    (tmp_path / "kpi.docx").write_bytes(docx(table * 2))
    with zipfile.ZipFile(tmp_path / "kpi.docx", "a") as package:
        for part, words in (("header1", "Walsall Council"), ("header2", "Walsall Council"), ("footer1", "Page 1")):
            package.writestr(f"word/{part}.xml", f"<w:hdr {W}><w:p>{run(words)}</w:p></w:hdr>")
    raw = read_raw_file(tmp_path / "kpi.docx", ["KPI"])
    assert [(grid.above[0].place, grid.above[0].text) for grid in raw.grids] == [("page header", "Walsall Council")] * 2
    assert [grid.below[-1].text for grid in raw.grids] == ["Page 1"] * 2


def test_a_format_that_is_not_read_and_a_figure_struck_out_beside_another_are_doubtful(tmp_path):
    grid = only(read(tmp_path, "kpi.xlsx", xlsx({(1, 1): (0.5, {"num_format": "# ?/?"}), (1, 2): (7, {})})))
    assert set(grid.doubts) == {(2, 2)}
    assert "its number format is not read; choose another" in grid.doubts[2, 2]
    page = b"<table><tr><td>Hate<td><del>99</del> <ins>118</ins><td><del>7</del></table>"
    grid = only(read(tmp_path, "kpi.html", page))
    assert set(grid.doubts) == {(1, 2)}
    assert "a part of the cell is struck out; delete that part" in grid.doubts[1, 2]


def test_a_figure_that_a_document_hides_under_a_merge_is_doubtful(tmp_path):
    merged, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        f"<w:tr>{cell(run('a'), merged)}{cell(run('1'))}</w:tr><w:tr>{cell(run('9'), goes_on)}{cell(run('2'))}</w:tr>"
    )
    grid = only(read(tmp_path, "kpi.docx", docx(f"<w:tbl>{rows}</w:tbl>")))
    assert [row.cells for row in grid.rows] == [("a", "1"), ("", "2")]
    assert set(grid.doubts) == {(2, 1)}


def test_a_page_is_read_as_its_stylesheet_and_boxes_show_it(tmp_path):
    page = """<style>.gone {display: none} tr.x td:nth-child(2) {visibility: hidden} .gone.back {display: table-row}
        @media print {.p {display: none}} td.old {text-decoration: line-through}</style><h2>Walsall</h2>
        <table><caption>Cumulative</caption><tr><td>KPI<td>Q1<td>Q2<tr class=gone><td>H<td>1<td>2
        <tr class="gone back p"><td>K<td>3<td>4<tr class=x><td>L<td>5<td class=old>6
        <tr><td>M<td><input value=7><td><select><option>1<option selected>8</select></table><p>* to date"""
    grid = only(read(tmp_path, "kpi.html", page.encode()))
    assert [row.cells for row in grid.rows] == [
        ("KPI", "Q1", "Q2"),
        ("K", "3", "4"),
        ("L", "", "[struck out: 6]"),
        ("M", "7", "8"),
    ]
    assert grid.notes == ("kpi.html, table 1, row 2, column A: the row is hidden; not read: 'H'.",)
    assert [one.text for one in (*grid.above, *grid.below)] == ["Walsall", "Cumulative", "* to date"]


@pytest.mark.parametrize(
    "rule",
    [
        "tr:nth-child(even) { display: none }",
        "tbody > tr:not(.kept) { visibility: collapse }",
        '[data-state="old"] { display: none !important }',
        ".kept ~ tr { opacity: 0 }",
        "@media screen { tr.old { display: none } }",
        "/* tr { */ .old, .never:hover { display: none }",
    ],
)
def test_a_row_is_hidden_by_whatever_selector_hides_it(tmp_path, rule):
    rows = "<tr class=kept><td>Hate<td>92<td>78</tr><tr class=old data-state=old><td>Guns<td>1<td>2</tr>"
    grid = only(read(tmp_path, "kpi.html", f"<style>{rule}</style><table>{rows}</table>".encode()))
    assert [row.cells for row in grid.rows] == [("Hate", "92", "78")]


def test_a_page_shows_what_its_stylesheet_adds_and_not_what_it_clips(tmp_path):
    rules = '.low::before { content: "<" } .seen-by-none { position: absolute; clip: rect(0 0 0 0) }'
    row = "<tr><td>Hate<td class=low>5<td>78<span class=seen-by-none> fell</span></tr>"
    grid = only(read(tmp_path, "kpi.html", f"<style>{rules}</style><table>{row}</table>".encode()))
    assert grid.rows[0].cells == ("Hate", "<5", "78")


def test_a_figure_over_two_columns_of_a_ruled_pdf_is_doubtful_under_both(tmp_path):
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=8)
    with pdf.table(first_row_as_headings=False) as table:
        for texts in (HEADING, ["Hate", "", ""], ["Knife", "55", "61"]):
            row = table.row()
            row.cell(texts[0])
            if texts[0] == "Hate":
                row.cell("101", colspan=2)
            else:
                row.cell(texts[1])
                row.cell(texts[2])
    grid = only(read(tmp_path, "kpi.pdf", bytes(pdf.output())))
    assert set(grid.doubts) == {(2, 2), (2, 3)}
    assert grid.rows[2].cells == ("Knife", "55", "61")


def test_prose_without_a_table_is_paragraphs_and_no_error(tmp_path):
    raw = read(tmp_path, "report.txt", b"Annual report\n\nHate crime rose from 90 to 101, which is 12%.\n- It rose.\n")
    assert raw.grids == ()
    assert [(str(one), one.kind, one.heading) for one in raw.paragraphs] == [
        ("report.txt, line 1", "heading", ""),
        ("report.txt, line 3", "text", "Annual report"),
        ("report.txt, line 4", "item", "Annual report"),
    ]


def test_how_a_spreadsheet_stores_a_date_is_no_count(tmp_path):
    text = b"KPI,Q1 2018/19,Q2 2018/19,Q3 2018/19\nHate,101,43191,98\nKnife,41000,43191,39000\n"
    grid = only(read(tmp_path, "kpi.csv", text))
    assert set(grid.doubts) == {(2, 3)}
    assert "the date 01/04/2018" in grid.doubts[2, 3]


def test_a_link_that_leads_out_of_the_raw_data_is_refused(tmp_path):
    folder = tmp_path / "raw" / "2018-19"
    folder.mkdir(parents=True)
    (tmp_path / "kpi.csv").write_text("KPI,Q1 2018/19\nHate,1\n", encoding="utf-8")
    (folder / "mine.csv").write_text("KPI,Q1 2018/19\nHate,1\n", encoding="utf-8")
    assert [path.name for path in raw_tables(folder)] == ["mine.csv"]
    try:
        (folder / "kpi.csv").symlink_to(tmp_path / "kpi.csv")
    except OSError:
        pytest.skip("this system lets no user make a link")
    with pytest.raises(InputError, match=r"kpi\.csv: a link that leads out .* copy the file itself"):
        raw_tables(folder)


def test_a_merged_figure_of_a_printed_page_is_listed_and_the_others_of_its_row_are_read(tmp_path, catalogue):
    from fpdf import FPDF

    from swp_analysis.ingest.read_year import read_year

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=8)
    with pdf.table(first_row_as_headings=False) as table:
        table.row(["KPI", "Q1 2018/19", "Q2 2018/19", "Q3 2018/19"])
        row = table.row()
        row.cell("Hate Crime")
        row.cell("101", colspan=2)
        row.cell("120")
    (tmp_path / "kpi.pdf").write_bytes(bytes(pdf.output()))
    reading = read_year(tmp_path, "2018-19", catalogue)
    assert {row["quarter"]: row["status"] for row in reading.observations} == {
        1: "unreadable",
        2: "unreadable",
        3: "reported",
    }
    assert all("stands in merged cells; split them" in one.reason for one in reading.unread)


def test_the_words_of_a_text_box_are_a_note_on_its_sheet(tmp_path):
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPI")
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ["Hate Crime", 101, 98])
        sheet.insert_textbox(4, 0, "All figures are\ncumulative from April")
    grid = only(read(tmp_path, "kpi.xlsx", content.getvalue()))
    assert [(one.place, one.text, one.kind) for one in grid.below] == [
        ("a text box", "All figures are cumulative from April", "note")
    ]


def test_notes_as_long_as_a_book_are_refused_at_once(tmp_path):
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPI")
        sheet.write_row(0, 0, HEADING)
        for row in range(5):
            sheet.write_comment(row, 0, " ".join(f"w{row}{number}" for number in range(4_000)))
    with pytest.raises(InputError, match="letters of notes, far more than a KPI table needs"):
        read(tmp_path, "kpi.xlsx", content.getvalue())
