"""PDF. In: a document's bytes. Out: a `Grid` a ruled table (`page 3, table 1`), one for the tables without ruled lines
of a page (`page 3`, whose rows are its printed lines), and the paragraphs around them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, Paragraph, Place, RawFile, Row, is_lone_figure, join_blocks
from swp_analysis.ingest.formats.package import said
from swp_analysis.ingest.formats.pdf_guard import refuse_bomb, refuse_long_work
from swp_analysis.ingest.formats.pdf_lines import NEXT_LINE, SAME_LINE, Line, drop_running_lines, read_lines, read_words
from swp_analysis.ingest.formats.pdf_plain import Layout, is_wrapped, may_hold_a_row, read_prose, read_rows
from swp_analysis.ingest.formats.workbook import Sheet

MOST_PAGES = 200
# Looking for the cells of a table takes time with the square of the places where lines cross.
MOST_CROSSINGS, MOST_CROSSINGS_OF_FILE = 2_500, 25_000
# NOTE: with the library's default of 3 points the lines of two tables on a page pull at each other.
_SETTINGS = {"snap_tolerance": 1}
_LOSS = "Data-loss"
Box = tuple[float, float, float, float]


def read_pdf(name: str, content: bytes, label_headings: list[str]) -> RawFile:
    """Read the tables and paragraphs of a PDF that holds text; `label_headings` are the words that begin a heading row.

    Raises
    ------
    InputError
        For a PDF that is locked, damaged, cut off, a mere picture, or far larger than a report.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    refuse_bomb(name, content)
    try:
        with _no_loss(name), pdfplumber.open(io.BytesIO(content)) as pdf:
            return join_blocks(list(_blocks(name, pdf, label_headings)))
    except InputError:
        raise
    except (Exception, RecursionError) as error:  # NOTE: on a damaged file pdfminer raises almost anything
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise InputError(f"{name}: the file is protected with a password; save it without one.") from None
        raise InputError(
            f"{name}: the PDF is damaged and can't be opened ({said(error)}); save it again where it was made."
        ) from None


@contextmanager
def _no_loss(name: str) -> Iterator[None]:
    """Raise an `InputError` at the end when the library has only warned that a part was lost."""
    lost: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if _LOSS in record.getMessage():
                lost.append(record.getMessage())

    logger, listener = logging.getLogger("pdfminer"), Listener(logging.WARNING)
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)
    if lost:
        raise InputError(f"{name}: a part of the PDF is damaged and lost; save it again where it was made.")


def _blocks(name: str, pdf: Any, label_headings: list[str]) -> Iterator[Grid | Paragraph]:
    _refuse_odd_pages(name, pdf)
    pages = list(_read_pages(name, pdf))
    if not any(page.has_text for page in pages):
        raise InputError(f"{name}: the PDF holds pictures of pages and no text; send the workbook or a PDF with text.")
    layout: Layout | None = None
    follows_table = has_table = False
    printed = drop_running_lines([page.lines for page in pages])
    for number, (page, lines) in enumerate(zip(pages, printed, strict=True), start=1):
        parts, layout = read_rows(lines, label_headings, layout)
        if follows_table and not parts and may_hold_a_row(lines):
            parts = [read_prose(lines)]  # so that it is said which page was passed over
        follows_table = bool(page.ruled or parts)
        has_table |= follows_table
        outside = {row.number for rows in parts for row in rows if len(row.cells) == 1}
        yield from _in_order(name, number, page, [line for line in lines if not parts or line.number in outside])
        for rows in parts:
            yield Grid(name, f"page {number}", tuple(rows), wraps=is_wrapped(rows))
    if not has_table and any(map(may_hold_a_row, printed)):
        raise InputError(
            f"{name}: no table was found in this PDF, though there are figures apart from words; expected a heading "
            f"row that begins with {label_headings[0]!r} and names Quarter 1 to Quarter 4; send the workbook instead."
        )


def _refuse_odd_pages(name: str, pdf: Any) -> None:
    """Raise an `InputError` when pages are too many, lost, or would take too long to draw."""
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import resolve1

    count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), MOST_PAGES + 1))
    if count > MOST_PAGES:
        raise InputError(f"{name}: more than {MOST_PAGES} pages; send the pages with the KPI tables alone.")
    if count != resolve1(resolve1(pdf.doc.catalog["Pages"])["Count"]):
        raise InputError(f"{name}: pages of the PDF are damaged and lost; save it again where it was made.")
    refuse_long_work(name, pdf.pages)


def _in_order(name: str, number: int, page: _Page, lines: list[Line]) -> Iterator[Grid | Paragraph]:
    """The ruled tables of a page and the paragraphs of its other lines, from top to bottom."""
    tables = enumerate(page.ruled, start=1)
    blocks: list[tuple[float, Grid | Paragraph]] = [
        (table.box[1], table.to_grid(name, f"page {number}, table {n}")) for n, table in tables
    ]
    blocks += _paragraphs(name, number, lines)
    yield from (block for _, block in sorted(blocks, key=lambda one: one[0]))


def _paragraphs(name: str, page: int, lines: list[Line]) -> Iterator[tuple[float, Paragraph]]:
    """The paragraphs of a page's lines, each with its place from the top: lines that follow one another closely."""
    groups: list[list[Line]] = []
    for before, line in pairwise([None, *lines]):
        if line is None:
            continue
        is_next = before is not None and 0 < line.bottom - before.bottom < NEXT_LINE * line.size
        if not is_next or not groups:
            groups.append([])
        groups[-1].append(line)
    for group in groups:
        text = " ".join(line.text for line in group)
        yield group[0].bottom, Paragraph(name, f"page {page}, line {group[0].number}", text)


# Pages


@dataclass(frozen=True)
class _Page:
    """The ruled tables of a page, its other lines, and whether it has any text."""

    ruled: list[_RuledTable]
    lines: list[Line]
    has_text: bool


def _read_pages(name: str, pdf: Any) -> Iterator[_Page]:
    before, crossings = None, 0
    for page in pdf.pages:
        words = read_words(page)
        found = _crossings(page)
        crossings += found if found <= MOST_CROSSINGS else 0
        if crossings > MOST_CROSSINGS_OF_FILE or (found > MOST_CROSSINGS and words):
            raise InputError(
                f"{name}, page {page.page_number}: far more lines than those of a KPI table; send the pages with the "
                "KPI tables alone."
            )
        ruled = list(_find_ruled(page, words, before)) if found <= MOST_CROSSINGS else []
        lines = read_lines([word for word in words if not any(_stands_in(word, table.box) for table in ruled)])
        page.close()
        before = ruled[-1] if ruled else None
        yield _Page(ruled, lines, bool(words))


def _crossings(page: Any) -> int:
    """At how many places the lines of a page may cross."""
    across = {round(edge["x0"]) for edge in page.edges if edge["orientation"] == "v"}
    down = {round(edge["top"]) for edge in page.edges if edge["orientation"] == "h"}
    return len(across) * len(down)


# Ruled tables


@dataclass(frozen=True)
class _RuledTable:
    """Where a table stands, its left edges of columns in whole points, its rows, and what spans several columns."""

    box: Box
    columns: tuple[int, ...]
    rows: list[Row]
    spans: dict[Place, Place]

    def to_grid(self, name: str, sheet: str) -> Grid:
        """Give the table; a figure in a cell that spans several is doubtful."""
        table = Sheet(name, sheet, spans=self.spans, width=max(len(row.cells) for row in self.rows))
        for row in self.rows:
            for column in row.columns:
                table.put((row.number, column), row.printed(column))
        return table.to_grid()


def _find_ruled(page: Any, words: list[dict[str, Any]], before: _RuledTable | None) -> Iterator[_RuledTable]:
    """The tables of a page in which lines part every cell: not a frame around a table, nor one with lines between its
    columns alone. `before`: the last one of the page before, of which a single row may have been left.

    A word goes whole into the cell in which most of it stands: taken letter by letter, as the library does, the first
    digit of a figure that touches a line would fall into the cell beside it.
    """
    for table in page.find_tables(_SETTINGS):
        cells = [[_texts(cell, words) for cell in row.cells] for row in table.rows]
        columns = tuple(sorted({round(cell[0]) for cell in table.cells}))
        goes_on = before is not None and columns == before.columns
        columns_of_figures = any(sum(_is_column(lines) for lines in row) > 1 for row in cells)
        if (len(cells) > 1 or goes_on) and len(cells[0]) > 1 and not columns_of_figures:
            rows = [Row(number, tuple(" ".join(lines) for lines in row)) for number, row in enumerate(cells, start=1)]
            yield _RuledTable(table.bbox, columns, rows, _spans(table))


def _spans(table: Any) -> dict[Place, Place]:
    """The cells that reach over the beginning of other columns or rows."""
    lefts = sorted({cell[0] for cell in table.cells})
    tops = [row.bbox[1] for row in table.rows]
    spans = {}
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row.cells, start=1):
            if cell is not None:
                width = sum(cell[0] <= left < cell[2] - 1 for left in lefts)
                height = sum(cell[1] <= top < cell[3] - 1 for top in tops)
                if max(width, height) > 1:
                    spans[number, column] = (max(1, height), max(1, width))
    return spans


def _texts(cell: Box | None, words: list[dict[str, Any]]) -> list[str]:
    """The lines of text in a cell."""
    inside = [word for word in words if cell and _stands_in(word, cell)]
    inside.sort(key=lambda one: (one["bottom"], one["x0"]))
    lines: list[list[dict[str, Any]]] = []
    for word in inside:
        if not lines or word["bottom"] - lines[-1][0]["bottom"] > SAME_LINE * word["size"]:
            lines.append([])
        lines[-1].append(word)
    return [" ".join(word["text"] for word in sorted(line, key=lambda one: one["x0"])) for line in lines]


def _stands_in(word: dict[str, Any], box: Box) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= across < box[2] and box[1] <= down < box[3]


def _is_column(lines: list[str]) -> bool:
    """Whether a cell holds figures of several rows."""
    return len(lines) > 1 and all(is_lone_figure(line) for line in lines)
