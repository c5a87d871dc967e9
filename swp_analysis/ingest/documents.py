"""DOCX. In: a document with tables. Out: a `Grid` a table, named by its place: `table 2`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Address, Grid, Row
from swp_analysis.ingest.marked_text import raised, struck
from swp_analysis.ingest.merged import refuse_merged_figure

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(path: Path) -> Iterator[Grid]:
    """The tables of a Word document, in their order; changes that are tracked count as accepted. A table inside a cell
    is a table of its own.

    Raises
    ------
    InputError
        For a damaged document, or one without a table.
    """
    import docx

    try:
        tables = list(docx.Document(str(path)).element.body.iter(f"{_W}tbl"))
    except Exception as error:  # NOTE: a damaged package makes python-docx and lxml raise almost anything
        raise InputError(f"{path.name}: the document is damaged and can't be opened ({what_it_said(error)}).") from None
    if not tables:
        raise InputError(f"{path.name}: this document holds no table; expected a KPI table.")
    for place, table in enumerate(tables, start=1):
        sheet = f"table {place}"
        rows = (_docx_row(path.name, sheet, n, row) for n, row in enumerate(table.tr_lst, start=1))
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
        if next(paragraph.iterancestors(f"{_W}tc")) is not cell:
            continue
        runs = [text for text in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br") if not _was_moved_away(text)]
        paragraphs.append("".join(_as_shown(run) if run.tag == f"{_W}t" else " " for run in runs))
    return " ".join(filter(None, paragraphs))


def _as_shown(text: Any) -> str:
    """A run's text: nothing of a hidden one, raised and struck ones marked."""
    properties = text.getparent().find(f"{_W}rPr")
    found = {one.tag.removeprefix(_W): one.get(f"{_W}val", "1") for one in (() if properties is None else properties)}
    is_on = {name for name, value in found.items() if value not in ("0", "false", "none")}
    if "vanish" in is_on:
        return ""
    if is_on & {"strike", "dstrike"}:
        return struck(text.text or "")
    return raised(text.text or "") if found.get("vertAlign") == "superscript" else text.text or ""


def _was_moved_away(text: Any) -> bool:
    return next(text.iterancestors(f"{_W}moveFrom"), None) is not None


def what_it_said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
