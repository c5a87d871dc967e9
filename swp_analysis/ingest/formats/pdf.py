"""PDF. In: a document's bytes. Out: a `Grid` a ruled table (`page 3, table 1`), one for the tables without ruled lines
of a page (`page 3`, whose rows are its printed lines), and the paragraphs around them."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, takewhile
from logging.handlers import BufferingHandler
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import (
    LONGEST_TITLE,
    Grid,
    Paragraph,
    RawFile,
    Row,
    damaged,
    is_lone_figure,
    join_blocks,
    locked,
    too_much,
)
from swp_analysis.ingest.formats.pdf_columns import Layout, is_wrapped, read_rows
from swp_analysis.ingest.formats.pdf_guard import refuse_bomb, refuse_long_work, refuse_many_objects
from swp_analysis.ingest.formats.pdf_lines import Line, Word, group_words, read_lines
from swp_analysis.ingest.formats.workbook import Sheet, marked
from swp_analysis.ingest.timeline import YEAR

MOST_PAGES, MOST_WARNINGS = 200, 1_000_000
# A thicker line strikes nothing out.
THICKEST_LINE = 2.0
# Looking for the cells of a table takes time with the square of the places where lines cross.
MOST_CROSSINGS, MOST_CROSSINGS_OF_FILE = 2_500, 25_000
# NOTE: with the library's default of 3 points the lines of two tables on a page pull at each other.
_SETTINGS = {"snap_tolerance": 1}
_LOSS = "Data-loss"
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
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
            _refuse_odd_pages(name, pdf)
            found = join_blocks(list(_blocks(name, list(_read_pages(name, pdf)), label_headings)))
            return replace(found, grids=tuple(_carry_titles(found.grids)))
    except InputError:
        raise
    except (Exception, RecursionError) as error:  # NOTE: on a damaged file pdfminer raises almost anything
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise locked(name) from None
        raise damaged(name, "PDF", error) from None


@contextmanager
def _no_loss(name: str) -> Iterator[None]:
    """Raise an `InputError` at the end when the library has only warned that a part was lost."""
    logger, listener = logging.getLogger("pdfminer"), BufferingHandler(MOST_WARNINGS)
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)
    if any(_LOSS in record.getMessage() for record in listener.buffer):
        raise damaged(name, "PDF", "a part of it is lost")


def _refuse_odd_pages(name: str, pdf: Any) -> None:
    """Raise an `InputError` when pages are too many, lost, or would take too long to draw."""
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import resolve1

    refuse_many_objects(name, pdf.doc)
    count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), MOST_PAGES + 1))
    if count > MOST_PAGES:
        raise too_much(name, f"more than {MOST_PAGES} pages")
    if count != resolve1(resolve1(pdf.doc.catalog["Pages"])["Count"]):
        raise damaged(name, "PDF", "pages of it are lost")
    refuse_long_work(name, pdf.pages)


def _carry_titles(grids: tuple[Grid, ...]) -> Iterator[Grid]:
    """Give the tables; one that repeats the heading of the table before it, and has no words above it but those of that
    one, goes on with it, name and all."""
    before = Grid("", "", ())
    for grid in grids:
        headings = [[row.cells for row in one.rows[:1]] for one in (before, grid)]
        known, own = ({words.text for words in one.above} for one in (before, grid))
        before = replace(grid, above=before.above) if headings[0] == headings[1] and own <= known else grid
        yield before


def _blocks(name: str, pages: list[_Page], label_headings: list[str]) -> Iterator[Grid | Paragraph]:
    if not any(page.has_text for page in pages):
        raise InputError(f"{name}: the PDF holds pictures of pages and no text; send the workbook or a PDF with text.")
    layout: Layout | None = None
    follows_table = has_table = False
    printed = [_without_number(page.lines) for page in pages]
    for number, (page, lines) in enumerate(zip(pages, printed, strict=True), start=1):
        parts, layout = read_rows(lines, label_headings, layout)
        place = f"page {number}"
        if follows_table and not parts and _may_hold_a_row(lines):
            parts = [([_row_without_table(line) for line in lines], lines[-1].number)]
        follows_table = bool(page.ruled or parts)
        has_table |= follows_table
        bottoms = {line.number: line.bottom for line in lines}
        inside = {number for rows, last in parts for number in range(rows[0].number, last + 1)}
        # A label alone, just above a heading, may be the end of a row as well as the name of the table below it.
        over = [rows for (rows, last), (below, _) in pairwise(parts) if last + 1 == below[0].number]
        inside -= {row.number for rows in over for row in takewhile(_is_label, reversed(rows))}
        yield from _in_order(
            ((table.box[1], table.sheet.to_grid()) for table in page.ruled),
            ((bottoms[rows[0].number], Grid(name, place, tuple(rows), wraps=is_wrapped(rows))) for rows, _ in parts),
            _paragraphs(name, number, [line for line in lines if line.number not in inside], follows_table),
            page.notes,
        )
    if not has_table and any(map(_may_hold_a_row, printed)):
        raise InputError(
            f"{name}: no table was found in this PDF, though there are figures apart from words; expected a heading "
            f"row that begins with {label_headings[0]!r} and names Quarter 1 to Quarter 4; send the workbook instead."
        )


def _is_label(row: Row) -> bool:
    return not any(row.cells[1:])


def _may_hold_a_row(lines: list[Line]) -> bool:
    """Whether a figure stands apart from other words in any of the lines."""
    return any(line.has_figure and len(line.chunks) > 1 for line in lines)


def _row_without_table(line: Line) -> Row:
    """A line of a page after a table: several figures apart look like a row that has lost its table."""
    has_several = sum(chunk.is_figure for chunk in line.chunks) > 1
    texts = [chunk.text for chunk in line.chunks] if has_several else [line.text]
    return Row(line.number, tuple(texts))


def _in_order(*blocks: Iterable[tuple[float, Grid | Paragraph]]) -> Iterator[Grid | Paragraph]:
    """The blocks of a page by their place from the top."""
    return (block for _, block in sorted(chain.from_iterable(blocks), key=lambda one: one[0]))


def _paragraphs(name: str, page: int, lines: list[Line], has_table: bool) -> Iterator[tuple[float, Grid | Paragraph]]:
    """The paragraphs of a page's lines, each with its place from the top; beside a table a short line is a title."""
    groups = [lines[:1]]
    for before, line in pairwise(lines):
        if not line.is_close_to(before) or (has_table and _is_title(before, line)):
            groups.append([])
        groups[-1].append(line)
    for group in filter(None, groups):
        text = " ".join(line.text for line in group)
        yield group[0].bottom, Paragraph(name, f"page {page}, line {group[0].number}", text)


def _is_title(before: Line, line: Line) -> bool:
    """Whether a line may be a title of its own: the one above it is short, and it begins with a capital."""
    return line.text[0].isupper() and len(before.text.split()) <= LONGEST_TITLE


def _without_number(lines: list[Line]) -> list[Line]:
    """The lines of a page without its number, at the top or at the bottom."""
    edges = [*lines[:1], *lines[-1:]]
    numbers = [one for one in edges if _PAGE_NUMBER.fullmatch(one.text) and not YEAR.fullmatch(one.text)]
    return [line for line in lines if line not in numbers]


# Pages and their ruled tables


@dataclass(frozen=True)
class _RuledTable:
    """A table with lines around every cell: where it stands, and its left edges of columns in whole points."""

    box: Box
    columns: tuple[int, ...]
    sheet: Sheet


@dataclass(frozen=True)
class _Page:
    """The ruled tables of a page, its other lines, the notes that somebody has put on it, and whether it has any
    text."""

    ruled: list[_RuledTable]
    lines: list[Line]
    notes: list[tuple[float, Paragraph]]
    has_text: bool


def _read_pages(name: str, pdf: Any) -> Iterator[_Page]:
    before, crossings = None, 0
    for page in pdf.pages:
        words = _read_words(page)
        found = _crossings(page)
        crossings += found if found <= MOST_CROSSINGS else 0
        if crossings > MOST_CROSSINGS_OF_FILE or (found > MOST_CROSSINGS and words):
            raise too_much(f"{name}, page {page.page_number}", "very many lines")
        ruled = list(_find_ruled(name, page, words, before)) if found <= MOST_CROSSINGS else []
        lines = read_lines([word for word in words if not any(_stands_in(word, table.box) for table in ruled)])
        texts = ((one["bottom"], " ".join((one["contents"] or "").split())) for one in page.annots)
        place = f"comment on page {page.page_number}"
        notes = [(bottom, Paragraph(name, place, text, "note")) for bottom, text in texts if text]
        page.close()
        before = ruled[-1] if ruled else None
        yield _Page(ruled, lines, notes, bool(words))


def _read_words(page: Any) -> list[Word]:
    """The words of a page with `text`, `size` and their box in points; one with a line through it is marked."""
    lines = [one for one in (*page.lines, *page.rects) if one["height"] < THICKEST_LINE < one["width"]]
    lines += [one for one in page.annots if getattr(one["data"].get("Subtype"), "name", "") == "StrikeOut"]
    words = page.extract_words(x_tolerance_ratio=0.15, extra_attrs=["size"])
    return [{**word, "text": marked(word["text"], _is_struck(word, lines), False).strip()} for word in words]


def _is_struck(word: Word, lines: list[dict[str, Any]]) -> bool:
    """Whether one of some lines runs through the middle of a word, and not over or under it."""
    top, height = word["top"], word["bottom"] - word["top"]
    through = [one for one in lines if 0.3 < ((one["top"] + one["bottom"]) / 2 - top) / height < 0.8]
    least = (word["x1"] - word["x0"]) / 2
    return any(min(one["x1"], word["x1"]) - max(one["x0"], word["x0"]) > least for one in through)


def _crossings(page: Any) -> int:
    """At how many places the lines of a page may cross."""
    across = {round(edge["x0"]) for edge in page.edges if edge["orientation"] == "v"}
    down = {round(edge["top"]) for edge in page.edges if edge["orientation"] == "h"}
    return len(across) * len(down)


def _find_ruled(name: str, page: Any, words: list[Word], before: _RuledTable | None) -> Iterator[_RuledTable]:
    """The tables of a page in which lines part every cell: not a frame around a table, nor one with lines between its
    columns alone. `before`: the last one of the page before, of which a single row may have been left.

    A word goes whole into the cell in which most of it stands: taken letter by letter, as the library does, the first
    digit of a figure that touches a line would fall into the cell beside it.
    """
    number = 0
    for table in page.find_tables(_SETTINGS):
        texts = {cell: _texts(cell, words) for cell in table.cells}
        lefts, tops = (sorted({cell[side] for cell in texts}) for side in (0, 1))
        columns = tuple(sorted(set(map(round, lefts))))
        is_rest = before is not None and columns == before.columns
        most_columns = max(Counter(cell[1] for cell, lines in texts.items() if _is_column(lines)).values(), default=0)
        if len(lefts) < 2 or most_columns > 1 or (len(tops) == 1 and not is_rest):
            continue
        number += 1
        sheet = Sheet(name, f"page {page.page_number}, table {number}", width=len(lefts))
        for (left, top, right, bottom), lines in texts.items():
            # How many columns and rows begin inside the cell: a figure in one of several is doubtful.
            rows, across = (
                sum(a <= one < b - 1 for one in of) for a, b, of in ((top, bottom, tops), (left, right, lefts))
            )
            sheet.put((tops.index(top) + 1, lefts.index(left) + 1), " ".join(lines), rows, across)
        yield _RuledTable(table.bbox, columns, sheet)


def _texts(cell: Box, words: list[Word]) -> list[str]:
    """The lines of text in a cell."""
    inside = [word for word in words if _stands_in(word, cell)]
    return [" ".join(word["text"] for word in line) for line in group_words(inside)]


def _stands_in(word: Word, box: Box) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= across < box[2] and box[1] <= down < box[3]


def _is_column(lines: list[str]) -> bool:
    """Whether a cell holds figures of several rows."""
    return len(lines) > 1 and all(is_lone_figure(line) for line in lines)
