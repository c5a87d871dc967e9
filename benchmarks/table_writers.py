"""Every format in which `generated_tables` writes its tables. In: a `Case`. Out: a file's bytes.

Blank cells beside the words of an upper heading row are merged with them in half of the files, as people do it;
figures of workbooks carry random number formats that show them as they are. `OFFICE` lists the formats that only
LibreOffice writes: all cases of one are converted in a single run.
"""

from __future__ import annotations

import csv
import html
import io
import random
import shutil
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

Rows = list[list[str]]
# Formats that show a count of 5 or more as it is.
HARMLESS = [
    *(
        "General",
        "0",
        "#,##0",
        "0_-",
        "#,##0;-#,##0",
        '0;-0;"N/A"',
        "[>999]#,##0;0",
        "[Red][<0]-0;0",
        "@",
        '0;-0;"-";@',
    ),
    *("#,##0_);(#,##0)", '[<5]"<5";0', '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "0;[Red]-0", "###0"),
]
# Formats that show something else, each with a value; what is stored must never come out.
TRAPS = [
    *((3, '[<5]"<5";0'), (0, '0;-0;"N/A"'), (77, ";;;"), (77, '"n/a"'), (0.077, '0.0"‰"'), (4, '[<=4]"low";0')),
    *((7700, '0,"k"'), (0, '"-"'), (77, '"Apr";"Apr"'), (3, '[=3]"*";0'), (77, "0.0E+0"), (43191, "mmm-yy")),
]


def lines_of(case: Any) -> Rows:
    """The rows of a case, of one width, with its title above and its note below."""
    width = max(len(row) for row in case.rows)
    rows = [[*row, *[""] * (width - len(row))] for row in case.rows]
    head = [[case.title, *[""] * (width - 1)]] if case.title else []
    foot = [[""] * width, [case.note, *[""] * (width - 1)]] if case.note else []
    return [*head, *rows, *foot]


def widths_of(case: Any, dice: random.Random) -> dict[tuple[int, int], int]:
    """How many columns each cell of the first row reaches over, by (row, column), where more than one."""
    is_split = len(case.rows) > 1 and not case.rows[1][0] and "" in case.rows[0][1:]
    if not is_split or dice.random() < 0.5:
        return {}
    filled = [c for c, text in enumerate(case.rows[0]) if text]
    ends = [*filled[1:], len(case.rows[0])]
    return {(0, c): end - c for c, end in zip(filled, ends, strict=True) if end - c > 1 and c}


def write_csv(case: Any, dice: random.Random) -> bytes:
    return _text(case, dice.choice(["utf-8", "utf-8-sig"]), dice.choice([",", ",", ";", "|"]))


def write_tsv(case: Any, dice: random.Random) -> bytes:
    return _text(case, dice.choice(["utf-8", "utf-16"]), "\t")


def _text(case: Any, encoding: str, delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(lines_of(case))
    return text.getvalue().encode(encoding)


def write_xlsx(case: Any, dice: random.Random) -> bytes:
    import xlsxwriter

    content, top = io.BytesIO(), bool(case.title)
    spans = widths_of(case, dice)
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(case.sheet)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for (r, c), width in spans.items():
            sheet.merge_range(r + top, c, r + top, c + width - 1, case.rows[r][c])
        for r, row in enumerate(lines_of(case)):
            for c, text in enumerate(row):
                stored = case.stored.get((r - top, c))
                look = book.add_format({"num_format": stored[1] if stored else dice.choice(HARMLESS)})
                if stored:
                    sheet.write_number(r, c, stored[0], look)
                elif text.isdigit():
                    sheet.write_number(r, c, int(text), look)
                elif text and (r - top, c) not in spans:
                    sheet.write_string(r, c, text)
        sheet.autofit()
    return content.getvalue()


def write_ods(case: Any, dice: random.Random) -> bytes:
    from odfdo import Cell, Document, Row, Table

    document, top, spans = Document("spreadsheet"), bool(case.title), widths_of(case, dice)
    document.body.clear()
    table = Table(case.sheet)
    for row in lines_of(case):
        line = Row()
        for text in row:
            line.append_cell(Cell(int(text) if text.isdigit() else text) if text else Cell())
        table.append_row(line)
    for (r, c), width in spans.items():
        table.set_span((c, r + top, c + width - 1, r + top))
    document.body.append(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def write_docx(case: Any, dice: random.Random) -> bytes:
    import docx

    document, spans = docx.Document(), widths_of(case, dice)
    if case.title:
        document.add_heading(case.title)
    width = max(len(row) for row in case.rows)
    page = document.sections[0]
    page.page_width, page.page_height = docx.shared.Mm(420), docx.shared.Mm(297)
    table = document.add_table(len(case.rows), width, dice.choice([None, "Table Grid"]))
    for line, row in zip(table.rows, case.rows, strict=True):
        for cell, text in zip(line.cells, row, strict=False):
            cell.text = text
    for (r, c), wide in spans.items():
        merged = table.cell(r, c).merge(table.cell(r, c + wide - 1))
        merged.text = case.rows[r][c]
    document.add_paragraph(case.note)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def write_html(case: Any, dice: random.Random) -> bytes:
    caption = f"<caption>{html.escape(case.title)}</caption>" if case.title else ""
    spans = widths_of(case, dice)
    lines = []
    for r, row in enumerate(case.rows):
        cells, c = [], 0
        while c < len(row):
            wide = spans.get((r, c), 1)
            cells.append(f"<td colspan={wide}>{html.escape(row[c])}</td>")
            c += wide
        lines.append("<tr>" + "".join(cells) + "</tr>")
    page = f"<!DOCTYPE html><meta charset=utf-8><table>{caption}{''.join(lines)}</table><p>{html.escape(case.note)}</p>"
    return page.encode("utf-8")


def write_pdf(case: Any, dice: random.Random) -> bytes:
    """With a line around every cell."""
    pdf, edges, rows = _new_page(case)
    spans = widths_of(case, dice)
    sizes = tuple(b - a for a, b in pairwise(edges))
    with pdf.table(col_widths=sizes, width=sum(sizes), first_row_as_headings=False, align="L") as table:
        for r, row in enumerate(rows):
            line, c = table.row(), 0
            while c < len(row):
                wide = spans.get((r, c), 1)
                line.cell(row[c], colspan=wide)
                c += wide
    return _with_note(pdf, case)


def write_plain_pdf(case: Any, dice: random.Random) -> bytes:
    """Columns kept apart by white space alone; figures to the left, the middle or the right; labels may break."""
    pdf, edges, rows = _new_page(case)
    align, breaks = dice.choice("LCR"), dice.random() < 0.3
    spans = widths_of(case, dice)
    for r, row in enumerate(rows):
        top, words = pdf.get_y() + 2, row[0].split()
        is_broken = breaks and len(words) > 3 and any(text.isdigit() for text in row)
        label = [" ".join(words[:3]), " ".join(words[3:])] if is_broken else [row[0]]
        for n, text in enumerate(label):
            pdf.set_xy(edges[0], top + 3 * n)
            pdf.cell(text=text or " ")
        for c in range(1, len(row)):
            wide = spans.get((r, c), 1)
            pdf.set_xy(edges[c], top)
            if row[c]:
                pdf.cell(w=edges[c + wide] - edges[c] - 3, text=row[c], align="C" if wide > 1 else align)
        pdf.set_xy(pdf.l_margin, top + 3 * len(label))
    return _with_note(pdf, case)


def _new_page(case: Any) -> tuple[Any, list[float], Rows]:
    """A page wide enough, and the left edges of its columns."""
    from fpdf import FPDF

    rows = [[text.replace("¹", "*").replace("’", "'") for text in row] for row in case.rows]
    width = max(len(row) for row in rows)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    probe = FPDF()
    probe.set_font("Helvetica", size=7)
    edges = [10.0]
    for c in range(width):
        edges.append(edges[-1] + max(probe.get_string_width(row[c]) for row in rows) + 6)
    pdf = FPDF(format=(edges[-1] + 20, 297))
    pdf.add_page()
    pdf.set_font("Helvetica", size=7)
    if case.title:
        pdf.cell(text=case.title, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)
    return pdf, edges, rows


def _with_note(pdf: Any, case: Any) -> bytes:
    if case.note:
        pdf.ln(4)
        pdf.cell(text=case.note)
    return bytes(pdf.output())


WRITERS = {
    **{"csv": write_csv, "tsv": write_tsv, "xlsx": write_xlsx, "ods": write_ods, "docx": write_docx},
    **{"html": write_html, "pdf": write_pdf, "plain.pdf": write_plain_pdf},
}
# Format by the format it is made from.
OFFICE = {"xls": "xlsx", "office.ods": "xlsx", "sheet.pdf": "xlsx", "page.pdf": "docx"}


def convert(files: dict[int, bytes], start: str, end: str) -> dict[int, bytes]:
    """The same files as LibreOffice saves them; none when it is not at hand."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None or not files:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.{start}" for number in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        out = Path(folder) / "out"
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", end, "--outdir", str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=1200)
        return {int(path.stem): path.read_bytes() for path in out.iterdir()}
