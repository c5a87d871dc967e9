"""Files that are cut off, damaged, or ask for more than there is: what is lost is said, what is read is right."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from benchmarks.mutate_files import FORMATS, figures_of, try_one
from benchmarks.mutate_files import read as read_alone
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.raw_files import read_raw_file
from swp_analysis.ingest.read_year import name_absent, read_editions

FILES_OF_A_FORMAT = 12


@pytest.mark.parametrize("writer", FORMATS)
def test_a_damaged_file_loses_no_row_without_a_word_and_gives_no_wrong_figure(writer):
    for number in range(FILES_OF_A_FORMAT):
        what, _, _ = try_one(writer, number, seed=5)
        assert what in ("read", "listed", "refused", "changed")


def test_a_table_that_is_cut_anywhere_gives_no_wrong_figure_and_no_silent_loss(project, catalogue):
    content = (project.raw / "2017-18" / "vulnerability.csv").read_bytes()
    before = read_alone("vulnerability.csv", content, catalogue)
    whole = figures_of(before)
    for size in range(1, len(content), 11):
        try:
            reading = read_alone("vulnerability.csv", content[:size], catalogue)
        except InputError:
            continue
        figures = figures_of(reading)
        assert {key for key, value in figures.items() if value is not None and whole[key] != value} == set()
        said = reading.notes or reading.unread or name_absent([before, reading], catalogue)
        assert figures == whole or said, f"cut at {size}"


def test_an_indicator_of_last_years_table_that_this_years_lacks_is_named(tmp_path, catalogue):
    """A file that is cut right behind the end of a line is as whole as a shorter one, but for what it had before."""
    rows = ["KPI,Q1 {}", "Hate Crime,92", "Number of Prevent referrals received,13", ""]
    for year, count in (("2016-17", 4), ("2017-18", 2)):
        (tmp_path / year).mkdir()
        text = "\n".join(rows[:count]).format(year.replace("-", "/"))
        (tmp_path / year / "kpi.csv").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    (note,) = read_editions(tmp_path, "2017-18", catalogue).notes
    label = catalogue.indicators["prevent_referrals"].label
    assert f"no table has a row for {label!r}, which kpi.csv of 2016-17 has" in note


def test_a_row_shorter_than_its_heading_is_doubtful_and_its_neighbours_are_read(tmp_path):
    (tmp_path / "kpi.csv").write_bytes(
        b"KPI,Q1 2018/19,Q2 2018/19,Q3 2018/19,Q4 2018/19\nHate,1,234,98\nKnife,55,61,49,50\nGuns,1,234,98,7,9\n"
    )
    (grid,) = read_raw_file(tmp_path / "kpi.csv", ["KPI"]).grids
    assert set(grid.doubts) == {(2, 0), (4, 0)}
    assert "write thousands without a comma (1234) or in quotation marks" in grid.doubts[2, 0]


# Files that ask for more than there is


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


def docx(body: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return packed(
        word__document_xml=f"<w:document {space}><w:body><w:tbl><w:tr>{body}</w:tr></w:tbl></w:body></w:document>"
    )


def ods(row: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    return packed(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        content_xml=f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table>{row}"
        "</table:table></office:spreadsheet></office:body></office:document-content>",
    )


HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(stream: bytes, pages: int = 1, font: bytes = HELVETICA, table: bytes = b"") -> bytes:
    """`font` may name the stream `table` as 6 0 R."""
    packed_stream = zlib.compress(stream, 9)
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources << /Font << /F1 3 0 R >> >> "
    page += b"/Contents 4 0 R >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        font,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed_stream), packed_stream),
        *[page] * pages,
        *[b"<< /Length %d >>\nstream\n%s\nendstream" % (len(table), table)] * (table != b""),
    ]
    text = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, start=1))
    return text + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n0\n%%%%EOF\n" % (len(objects) + 1)


TEXT = b"BT /F1 8 Tf 10 500 Td (KPI) Tj ET"


def letters(of: bytes) -> bytes:
    """A font of letters that are numbered."""
    within = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
    )
    return b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [%s >> %s >>] %s >>" % (
        within, of, of if b"ToUnicode" in of else b""
    )  # fmt: skip


# Of a font: one line says which letters all of four thousand million numbers are.
ALL_LETTERS = (
    b"begincmap 1 beginbfrange <00000000> <ffffffff> <0000> endbfrange endcmap",
    b"\0\1\0\0" + struct.pack(">4H4s3L", 1, 0, 0, 0, b"cmap", 0, 28, 40)
    + struct.pack(">2H2HL", 0, 1, 3, 10, 12) + struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, 0, 0xFFFFFFFF, 0),
)  # fmt: skip
CELL = (
    '<table:table-cell {} office:value-type="string"><text:p>a<text:s text:c="2000000000"/></text:p></table:table-cell>'
)


def repeated(times: int) -> str:
    return f'table:number-columns-repeated="{times}"'


LINES = b"".join(b"%d 0 m %d 500 l S\n0 %d m 800 %d l S\n" % (n, n, n, n) for n in range(0, 800, 8))
HOSTILE = {
    "span.docx": lambda: docx('<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc>'),
    "before.docx": lambda: docx('<w:trPr><w:gridBefore w:val="2000000000"/></w:trPr><w:tc><w:p/></w:tc>'),
    "nested.docx": lambda: docx(
        '<w:tc><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:tc>'
    ),
    "digits.docx": lambda: docx(f'<w:tc><w:tcPr><w:gridSpan w:val="{"9" * 6_000}"/></w:tcPr><w:p/></w:tc>'),
    "covered.ods": lambda: ods(
        f"<table:table-row>{CELL.format('')}<table:covered-table-cell {repeated(2_000_000_000)}/>"
        f"{CELL.format('')}</table:table-row>"
    ),
    "columns.ods": lambda: ods(f"<table:table-row>{CELL.format(repeated(2_000_000_000))}</table:table-row>"),
    "rows.ods": lambda: ods(
        f'<table:table-row table:number-rows-repeated="2000000000">{CELL.format("")}</table:table-row>'
    ),
    "both.ods": lambda: ods(
        f'<table:table-row table:number-rows-repeated="5000">{CELL.format(repeated(500))}</table:table-row>'
    ),
    "letters.ods": lambda: ods(
        '<table:table-row table:number-rows-repeated="499"><table:table-cell table:number-columns-repeated="499" '
        f'office:value-type="string"><text:p>{"a" * 2_000}</text:p></table:table-cell></table:table-row>'
    ),
    "cell.ods": lambda: ods(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{"a" * 40_000}</text:p>'
        "</table:table-cell></table:table-row>"
    ),
    "endless.ods": lambda: ods(
        '<table:table-row><table:table-cell office:value-type="float" office:value="1e999"/></table:table-row>'
    ),
    "entities.docx": lambda: packed(word__document_xml='<!DOCTYPE a [<!ENTITY a "aa">]><document>&a;</document>'),
    "operators.pdf": lambda: pdf(b"0 g\n" * 1_000_000),
    "stream.pdf": lambda: pdf(b" " * 45_000_000),
    "twice.pdf": lambda: pdf(zlib.compress(b" " * 45_000_000, 9)).replace(
        b"/FlateDecode", b"[/FlateDecode /FlateDecode]"
    ),
    "lines.pdf": lambda: pdf(LINES + TEXT),
    "pages.pdf": lambda: pdf(TEXT, pages=300),
    "run_lengths.pdf": lambda: pdf(b"\x81a" * 8_000_000).replace(b"/FlateDecode", b"[/FlateDecode /Run#4cengthDecode]"),
    "words.pdf": lambda: pdf(TEXT, font=HELVETICA[:-2] + b"/Widths [" + b"1 " * 2_200_000 + b"] >>"),
    "index.pdf": lambda: (
        b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /W [1 2147483647 1] /Index [0 2147483647] /Size 2147483647 /Root 2 0 R "
        b"/Length 0 >>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF"
    ),
    "widths.pdf": lambda: pdf(TEXT, font=letters(b"/W [0 2000000000 500]")),
    "names.pdf": lambda: pdf(TEXT, font=letters(b"/ToUnicode 6 0 R"), table=ALL_LETTERS[0]),
    "shapes.pdf": lambda: pdf(TEXT, font=letters(b"/FontDescriptor << /FontFile2 6 0 R >>"), table=ALL_LETTERS[1]),
    "columns.csv": lambda: b"KPI" + b",Q1 2018/19" * 1_000_000,
    "newlines.csv": lambda: b"KPI,Q1 2018/19\n" + b"\n" * 19_000_000,
    "commas.csv": lambda: b"," * 19_000_000,
    "rows.csv": lambda: b"KPI,Q1 2018/19\n" + b"Hate,1\n" * 5_001,
    "large.csv": lambda: b"KPI,Q1 2018/19\n" + b"a" * 21_000_000,
    "rowspans.html": lambda: b"<table>" + b"<tr><td rowspan=65534>1" * 2_000 + b"</table>",
    "colspan.html": lambda: b"<table><tr><td colspan=1000000000>1</table>",
    "rows.html": lambda: b"<table>" + b"<tr><td>Hate<td>1" * 100_000 + b"</table>",
    "deep.html": lambda: b"<div>" * 5_000 + b"<table><tr><td>1</table>",
    "rules.html": lambda: (
        b"<style>"
        + b"td:nth-child(2):nth-child(2){display:none}" * 1_500
        + b"</style><table>"
        + (b"<tr>" + b"<td>1" * 400) * 400
        + b"</table>"
    ),
    "siblings.html": lambda: (
        b"<style>" + b"* ~ * ~ * ~ * td{display:none}" * 60 + b"</style>" + b"<div></div>" * 3000 + b"<table><tr><td>1"
    ),
    "comments.html": lambda: b"<style>" + b"/*" * 3_000_000 + b"</style><table><tr><td>1</table>",
    "attributes.html": lambda: b"<table " + b" ".join(b"a%d=1" % n for n in range(400_000)) + b"><tr><td>1</table>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_asks_for_too_much_is_refused_in_one_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(HOSTILE[name]())
    with pytest.raises(InputError) as caught:
        read_raw_file(tmp_path / name, ["KPI"])
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("cell", ["Hate " + "9 " * 1_900, '"' + "a\n" * 1_900 + '"', "a" * 9_000])
def test_a_text_that_is_far_too_long_for_a_label_is_none_and_cut_in_the_message(tmp_path, catalogue, cell):
    with pytest.raises(InputError) as caught:
        read_alone("kpi.csv", f"KPI,Q1 2017/18\n{cell},5\n".encode(), catalogue)
    assert len(str(caught.value)) < 800


@pytest.mark.parametrize("number", ["9" * 5_000, ",".join(["999"] * 1_500)])
@pytest.mark.parametrize(
    "table",
    ['KPI,Q1\nHate,"{}"\n', 'KPI,"Q{}"\nHate,5\n', '"{}",Q1 2017/18\nHate,5\n', 'KPI,Q1 2017/18\n"Hate {}",5\n'],
)
def test_a_number_that_goes_on_and_on_is_refused_wherever_it_stands(tmp_path, table, number):
    (tmp_path / "kpi.csv").write_text(table.format(number), encoding="utf-8")
    with pytest.raises(InputError, match=r"^kpi.csv, row \d, column [AB]: a number of over 1,000 digits; type the"):
        read_raw_file(tmp_path / "kpi.csv", ["KPI"])
    (tmp_path / "report.txt").write_text(f"Hate crime rose to {number} in 2017/18.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^report.txt, line 1: a number of over 1,000 digits"):
        read_raw_file(tmp_path / "report.txt", ["KPI"])


def test_a_space_repeated_two_thousand_million_times_is_one_space(tmp_path):
    (tmp_path / "kpi.ods").write_bytes(ods(f"<table:table-row>{CELL.format('')}</table:table-row>"))
    (grid,) = read_raw_file(tmp_path / "kpi.ods", ["KPI"]).grids
    assert grid.rows[0].cells == ("a ",)


def test_hidden_rows_of_a_workbook_take_no_more_memory_than_a_table_has_rows(tmp_path):
    hidden = '<table:table-row table:number-rows-repeated="1000000" table:visibility="collapse"/>'
    (tmp_path / "kpi.ods").write_bytes(ods(hidden * 500 + "<table:table-row/>"))
    (grid,) = read_raw_file(tmp_path / "kpi.ods", ["KPI"]).grids
    assert grid.rows == ()


def test_a_note_of_a_document_is_said_once_however_often_it_is_referred_to(tmp_path):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = f'<w:footnotes {space}><w:footnote w:id="1"><w:p><w:r><w:t>as recorded</w:t></w:r></w:p></w:footnote>'
    cell = "<w:tc><w:p>" + '<w:r><w:footnoteReference w:id="1"/></w:r>' * 3 + "</w:p></w:tc>"
    with zipfile.ZipFile(tmp_path / "kpi.docx", "w") as package:
        body = f"<w:document {space}><w:body><w:tbl><w:tr>{cell}</w:tr></w:tbl></w:body></w:document>"
        package.writestr("word/document.xml", body)
        package.writestr("word/footnotes.xml", note + "</w:footnotes>")
    (grid,) = read_raw_file(tmp_path / "kpi.docx", ["KPI"]).grids
    assert [paragraph.text for paragraph in grid.below] == ["[1] as recorded"]


def test_the_largest_kpi_table_is_read(tmp_path):
    (tmp_path / "kpi.csv").write_bytes(b"KPI,Q1 2018/19\n" + b"Hate,1\n" * 4_999)
    (grid,) = read_raw_file(tmp_path / "kpi.csv", ["KPI"]).grids
    assert len(grid.rows) == 5_000


def test_a_pdf_without_its_end_or_with_a_changed_byte_in_its_text_is_refused(tmp_path):
    whole = pdf(b"BT /F1 8 Tf 10 500 Td (KPI and words) Tj ET")
    place = whole.index(b"stream\n") + 20
    for content in (whole[:-8], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
        (tmp_path / "kpi.pdf").write_bytes(content)
        with pytest.raises(InputError, match="damaged"):
            read_raw_file(tmp_path / "kpi.pdf", ["KPI"])


def test_a_label_that_is_cut_off_is_no_note(catalogue):
    content = b"KPI,Q1 2017/18,Q2 2017/18\nHate Crime,118,104\nNumber of Prev"
    notes = read_alone("kpi.csv", content, catalogue).notes
    assert any("row 3" in note and "cut off" in note for note in notes)
    assert not any("Number of Prev" in note for note in notes)
