"""The old XLS. In: a workbook's bytes. Out: a `Grid` a visible sheet, each cell as its number format shows it."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, Place, RawFile
from swp_analysis.ingest.formats.number_formats import Shown, show_number, show_text
from swp_analysis.ingest.formats.package import locked, said
from swp_analysis.ingest.formats.workbook import (
    NOT_AVAILABLE,
    Sheet,
    hidden_sheet,
    join_sheets,
    marked,
    refuse_many_sheets,
)

SUPERSCRIPT = 1


def read_xls(name: str, content: bytes) -> RawFile:
    """Read the sheets of an old workbook, in their order; a hidden one is an empty grid that says so.

    Raises
    ------
    InputError
        For a workbook that is locked, damaged or far larger than a KPI table.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), formatting_info=True, ragged_rows=True, on_demand=True
        )
        refuse_many_sheets(name, book.nsheets)
        return join_sheets(name, (_read_sheet(name, book, number) for number in range(book.nsheets)))
    except InputError:
        raise
    except Exception as error:  # NOTE: on damaged bytes xlrd raises almost anything
        if "encrypted" in str(error):
            raise locked(name) from None
        raise InputError(
            f"{name}: the workbook is damaged and can't be opened ({said(error)}); save it again where it was made."
        ) from None


def _read_sheet(name: str, book: Any, number: int) -> Grid:
    found = book.sheet_by_index(number)
    if found.visibility:
        return hidden_sheet(name, found.name)
    sheet = Sheet(name, found.name)
    sheet.hidden_rows = {n + 1 for n, row in found.rowinfo_map.items() if row.hidden or row.height == 0}
    sheet.hidden_columns = {n + 1 for n, column in found.colinfo_map.items() if column.hidden or column.width == 0}
    for row in range(found.nrows):
        for column in range(found.row_len(row)):
            shown = _shown(book, found, (row, column))
            sheet.put((row + 1, column + 1), shown.text, shown.day)
    for top, bottom, left, right in found.merged_cells:
        sheet.spans[top + 1, left + 1] = (bottom - top, right - left)
    book.unload_sheet(number)
    return sheet.to_grid()


def _shown(book: Any, sheet: Any, place: Place) -> Shown:
    import xlrd

    kind, value = sheet.cell_type(*place), sheet.cell_value(*place)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return Shown("")
    style = book.xf_list[sheet.cell_xf_index(*place)]
    code, is_struck = book.format_map[style.format_key].format_str, book.font_list[style.font_index].struck_out
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        first_day = date(1904, 1, 1) if book.datemode else date(1899, 12, 30)
        shown = show_number(value, code, first_day)
    elif kind == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(value, "#ERROR")
        shown = Shown("" if text == NOT_AVAILABLE else text)
    elif kind == xlrd.XL_CELL_BOOLEAN:
        shown = Shown("TRUE" if value else "FALSE")
    else:
        runs = sheet.rich_text_runlist_map.get(place)
        shown = Shown(show_text(_rich_text(book, value, runs) if runs else value, code))
    return Shown(marked(shown.text, bool(is_struck), is_raised=False), shown.day)


def _rich_text(book: Any, text: str, runs: list[tuple[int, int]]) -> str:
    """A text whose font changes at some places, raised and struck pieces marked."""
    pieces = [text[: runs[0][0]]]
    for (start, font), (end, _) in pairwise([*runs, (len(text), 0)]):
        look = book.font_list[font]
        pieces.append(marked(text[start:end], bool(look.struck_out), look.escapement == SUPERSCRIPT))
    return "".join(pieces)
