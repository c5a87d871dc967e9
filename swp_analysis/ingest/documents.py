"""DOCX and PDF. In: a document with tables. Out: a `Grid` a table, named by its place: `table 2`, `page 3, table 1`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Address, Grid, Row
from swp_analysis.ingest.merged import refuse_merged_figure

MOST_PAGES = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(path: Path) -> Iterator[Grid]:
    """The tables of a Word document, in their order; changes that are tracked count as accepted.

    Raises
    ------
    InputError
        For a damaged document, or one without a table.
    """
    import docx

    try:
        tables = docx.Document(str(path)).tables
    except Exception as error:  # NOTE: a damaged package makes python-docx and lxml raise almost anything
        raise InputError(f"{path.name}: the document is damaged and can't be opened ({_said(error)}).") from None
    if not tables:
        raise InputError(f"{path.name}: this document holds no table; expected a KPI table.")
    for place, table in enumerate(tables, start=1):
        sheet = f"table {place}"
        rows = (_docx_row(path.name, sheet, n, row) for n, row in enumerate(table._tbl.tr_lst, start=1))
        yield Grid(path.name, sheet, tuple(rows))


def _docx_row(file: str, sheet: str, number: int, row: Any) -> Row:
    """A row cell by cell: a cell that spans columns has its text in the first of them."""
    cells: list[str] = [""] * row.grid_before
    for cell in row.tc_lst:
        text = "" if cell.vMerge == "continue" else _docx_text(cell)
        if cell.grid_span > 1 or cell.vMerge == "restart":
            refuse_merged_figure(Address(file, sheet, number, len(cells) + 1), text)
        cells += [text, *[""] * (cell.grid_span - 1)]
    return Row(number, tuple(cells))


def _docx_text(cell: Any) -> str:
    paragraphs = []
    for paragraph in cell.iter(f"{_W}p"):
        runs = [text for text in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br") if not _was_moved_away(text)]
        paragraphs.append("".join(run.text or "" if run.tag == f"{_W}t" else " " for run in runs))
    return " ".join(filter(None, paragraphs))


def _was_moved_away(text: Any) -> bool:
    return next(text.iterancestors(f"{_W}moveFrom"), None) is not None


def read_pdf(path: Path) -> Iterator[Grid]:
    """The ruled tables of a PDF that holds text.

    Raises
    ------
    InputError
        For a PDF that is locked, damaged, a mere picture, or without a table.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with pdfplumber.open(path) as pdf:
            grids = list(_pdf_grids(path, pdf))
    except InputError:
        raise
    except Exception as error:  # NOTE: on a damaged file pdfminer raises almost anything
        causes = (error, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise InputError(f"{path.name}: the file is protected with a password; save it without one.") from None
        raise InputError(f"{path.name}: the PDF is damaged and can't be opened ({_said(error)}).") from None
    if not grids:
        raise InputError(f"{path.name}: no table with ruled lines was found in this PDF; send the workbook behind it.")
    yield from grids


def _pdf_grids(path: Path, pdf: Any) -> Iterator[Grid]:
    if len(pdf.pages) > MOST_PAGES:
        raise InputError(f"{path.name}: {len(pdf.pages)} pages; send the pages with the KPI tables alone.")
    has_text = False
    for number, page in enumerate(pdf.pages, start=1):
        has_text = has_text or bool(page.chars)
        for place, table in enumerate(page.extract_tables(), start=1):
            rows = (Row(n, tuple(_pdf_text(cell) for cell in cells)) for n, cells in enumerate(table, start=1))
            yield Grid(path.name, f"page {number}, table {place}", tuple(rows))
        page.close()
    if not has_text:
        raise InputError(
            f"{path.name}: the PDF holds pictures of pages and no text; send the workbook or a PDF with text."
        )


def _pdf_text(cell: str | None) -> str:
    return " ".join((cell or "").split())


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
