"""What an old .xls says beside its values. In: the file. Out: `SheetMarks` by sheet name.

calamine gives the values; hidden rows and columns and the percent formats come from xlrd.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.workbook_marks import NOT_AVAILABLE, SheetMarks, shows_percent


def read_xls_marks(path: Path) -> dict[str, SheetMarks]:
    """Marks of each sheet of an old workbook.

    Raises
    ------
    InputError
        For a locked or damaged workbook.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(str(path), logfile=io.StringIO(), formatting_info=True, ragged_rows=True)
        return {sheet.name: _marks_of(book, sheet) for sheet in book.sheets()}
    except Exception as error:  # NOTE: on damaged bytes xlrd raises almost anything
        if "encrypted" in str(error):
            raise InputError(f"{path.name}: the file is protected with a password; save it without one.") from None
        said = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path.name}: the workbook is damaged and can't be opened ({said}).") from None


def _marks_of(book: Any, sheet: Any) -> SheetMarks:
    import xlrd

    percents = {
        n for n, style in enumerate(book.xf_list) if shows_percent(book.format_map[style.format_key].format_str)
    }
    marks = SheetMarks(
        hidden_rows={n + 1 for n, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0},
        hidden_columns={n + 1 for n, column in sheet.colinfo_map.items() if column.hidden or column.width == 0},
    )
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percents:
                marks.percents.add((row + 1, column + 1))
            elif kind == xlrd.XL_CELL_ERROR:
                text = xlrd.error_text_from_code[sheet.cell_value(row, column)]
                marks.shown |= {(row + 1, column + 1): text} if text != NOT_AVAILABLE else {}
    return marks
