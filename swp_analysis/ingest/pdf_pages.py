"""PDF. In: a document whose pages hold text. Out: a `Grid` a ruled table (`page 3, table 1`), and one for the tables
without ruled lines of a page (`page 3`, whose rows are its printed lines)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid
from swp_analysis.ingest.formats.package import said as what_it_said
from swp_analysis.ingest.pdf_columns import Layout
from swp_analysis.ingest.pdf_lines import Line, drop_running_lines, read_lines, read_words
from swp_analysis.ingest.pdf_ruled import RuledTable, find_ruled, is_outside
from swp_analysis.ingest.pdf_tables import may_hold_a_row, read_prose, read_rows

MOST_PAGES = 500


def read_pdf(path: Path, label_headings: list[str]) -> Iterator[Grid]:
    """The tables of a PDF that holds text, with and without ruled lines.

    `label_headings` are the words that begin a heading row.

    Raises
    ------
    InputError
        For a PDF that is locked, damaged, a mere picture, or without a table.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with pdfplumber.open(path) as pdf:
            grids = list(_grids(path, pdf, label_headings))
    except InputError:
        raise
    except Exception as error:  # NOTE: on a damaged file pdfminer raises almost anything
        causes = (error, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise InputError(f"{path.name}: the file is protected with a password; save it without one.") from None
        raise InputError(f"{path.name}: the PDF is damaged and can't be opened ({what_it_said(error)}).") from None
    if not grids:
        raise InputError(
            f"{path.name}: no table was found in this PDF; expected a heading row that begins with "
            f"{label_headings[0]!r} and names Quarter 1 to Quarter 4."
        )
    yield from grids


def _grids(path: Path, pdf: Any, label_headings: list[str]) -> Iterator[Grid]:
    if len(pdf.pages) > MOST_PAGES:
        raise InputError(f"{path.name}: {len(pdf.pages)} pages; send the pages with the KPI tables alone.")
    pages = list(_read_pages(pdf))
    if not any(page.has_text for page in pages):
        raise InputError(
            f"{path.name}: the PDF holds pictures of pages and no text; send the workbook or a PDF with text."
        )
    layout: Layout | None = None
    follows_table = False
    printed = drop_running_lines([page.lines for page in pages])
    for number, (page, lines) in enumerate(zip(pages, printed, strict=True), start=1):
        for n, table in enumerate(page.ruled, start=1):
            yield Grid(path.name, f"page {number}, table {n}", tuple(table.rows))
        parts, layout = read_rows(lines, label_headings, layout)
        if follows_table and not parts and may_hold_a_row(lines):
            parts = [read_prose(lines)]  # so that it is said which page was passed over
        follows_table = bool(page.ruled or parts)
        for rows in parts:
            yield Grid(path.name, f"page {number}", tuple(rows), wraps=True)


@dataclass(frozen=True)
class _Page:
    """The ruled tables of a page, its other lines, and whether it has any text."""

    ruled: list[RuledTable]
    lines: list[Line]
    has_text: bool


def _read_pages(pdf: Any) -> Iterator[_Page]:
    before = None
    for page in pdf.pages:
        words = read_words(page)
        ruled = list(find_ruled(page, words, before))
        lines = read_lines([word for word in words if is_outside(word, [table.box for table in ruled])])
        page.close()
        before = ruled[-1] if ruled else None
        yield _Page(ruled, lines, bool(words))
