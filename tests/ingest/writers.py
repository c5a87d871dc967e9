"""Every way in which a partner may save the same table. In: rows of text. Out: a file's name and its bytes."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable

Rows = list[list[str]]


def write_csv(rows: Rows, encoding: str, delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def write_xlsx(rows: Rows) -> bytes:
    """Whole numbers typed as numbers, percentages as fractions with a percent format, headings merged."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        percent = book.add_format({"num_format": "0.0%"})
        book.add_worksheet("Notes").write_string(0, 0, "What this workbook is, 2018")
        sheet = book.add_worksheet("KPI 1")
        sheet.merge_range(0, 0, 0, 10, "Performance report 2017-2018")
        for r, row in enumerate(rows, start=2):
            for c, text in enumerate(row):
                if text.isdigit() and r > 3:
                    sheet.write_number(r, c, int(text))
                elif text.endswith("%") and r > 3 and c:
                    sheet.write_number(r, c, float(text[:-1]) / 100, percent)
                else:
                    sheet.write_string(r, c, text)
        sheet.write_string(len(rows) + 3, 0, "* as recorded on 31 March 2018")
    return content.getvalue()


def write_ods(rows: Rows) -> bytes:
    from odfdo import Cell, Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    table = Table("KPI 1")
    for row in rows:
        line = Row()
        for text in row:
            line.append_cell(Cell(int(text) if text.isdigit() else text) if text else Cell())
        table.append_row(line)
    document.body.append(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def write_docx(rows: Rows) -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("Performance report 2017-2018")
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    for column in range(2, 10, 2):
        table.cell(0, column).merge(table.cell(0, column + 1))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def write_html(rows: Rows) -> bytes:
    """The quarters span two columns each, as a saved page has them."""
    quarters = "".join(f'<th colspan="2">{html.escape(text)}</th>' for text in rows[0][2:10:2])
    first = "".join(f"<th>{html.escape(text)}</th>" for text in rows[0][:2])
    heading = f"<tr>{first}{quarters}<th>{html.escape(rows[0][10])}</th></tr>"
    body = "".join("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows[1:])
    page = f"<!DOCTYPE html><title>KPI</title><p>Report 2018</p><table>{heading}{body}</table><script>1 < 2</script>"
    return page.encode("utf-8")


def write_pdf(rows: Rows) -> bytes:
    from fpdf import FPDF

    pdf = FPDF(orientation="landscape", format="A3")
    pdf.add_page()
    pdf.set_font("Helvetica", size=7)
    pdf.cell(text="Performance report 2017-2018", new_x="LMARGIN", new_y="NEXT")
    with pdf.table(col_widths=(6, 2, *[2] * 8, 2), first_row_as_headings=False) as table:
        for row in rows:
            line = table.row()
            for text in row:
                line.cell(text)
    return bytes(pdf.output())


def write_pdf_without_lines(rows: Rows) -> bytes:
    """Columns kept apart by white space alone, quarters in the middle over their two years, prose around the table."""
    from fpdf import FPDF

    prose = "The figures of Quarter 1 and Quarter 2, 118 in all, may change until the end of the year, as others did."
    pdf = FPDF(orientation="landscape", format="A3")
    pdf.add_page()
    pdf.set_font("Helvetica", size=6)
    edges = [8, 120, *range(142, 142 + 8 * 30, 30), 385]
    for text in ("Performance report 2017-2018", prose):
        pdf.cell(text=text, new_x="LMARGIN", new_y="NEXT")
    for number, row in enumerate(rows):
        top = pdf.get_y() + 2
        for column, text in enumerate(row):
            if not text:
                continue
            spans = number == 0 and 2 <= column < 10
            pdf.set_xy(edges[column], top)
            pdf.cell(w=58 if spans else 28, text=text, align="C" if 2 <= column < 10 else "L")
        pdf.ln(4)
    pdf.ln(4)
    pdf.cell(text=prose)
    return bytes(pdf.output())


WRITERS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "csv, UTF-8": ("kpi.csv", lambda rows: write_csv(rows, "utf-8", ",")),
    "csv, UTF-8 with mark": ("kpi.csv", lambda rows: write_csv(rows, "utf-8-sig", ";")),
    "tsv, UTF-16": ("kpi.tsv", lambda rows: write_csv(rows, "utf-16", "\t")),
    "csv, Windows-1252": ("kpi.txt", lambda rows: write_csv(rows, "cp1252", "|")),
    "xlsx": ("kpi.xlsx", write_xlsx),
    "ods": ("kpi.ods", write_ods),
    "docx": ("kpi.docx", write_docx),
    "html": ("kpi.html", write_html),
    "pdf": ("kpi.pdf", write_pdf),
    "pdf, no ruled lines": ("kpi.pdf", write_pdf_without_lines),
    "xlsx under another name": ("kpi.csv", write_xlsx),
}
