"""XLSX, XLS and ODS. In: a workbook. Out: a `Grid` a visible sheet, cells as text, rows with the numbers that a person
sees.

Values are those saved in the file: formulas are not worked out, macros not run, links not followed. Hidden sheets
and rows are left out, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Address, Grid, Row
from swp_analysis.ingest.merged import refuse_merged_figure
from swp_analysis.ingest.workbook_marks import SheetMarks, has_part, read_ods_marks, read_xlsx_marks

MOST_SHEETS = 200


def read_workbook(path: Path, kind: str) -> Iterator[Grid]:
    """The visible sheets of a workbook, in their order.

    Raises
    ------
    InputError
        For a locked or damaged workbook, a formula without a saved value, a figure in merged cells.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        marks = read_xlsx_marks(path) if kind == "xlsx" else read_ods_marks(path) if kind == "ods" else {}
        notes = _notes_on_package(path, kind)
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            if len(sheets) > MOST_SHEETS:
                raise InputError(f"{path.name}: {len(sheets)} sheets; a KPI workbook has at most {MOST_SHEETS}.")
            for sheet in sheets:
                own = marks.get(sheet.name, SheetMarks())
                if sheet.visible != SheetVisibleEnum.Visible:
                    hidden = f"{path.name}, sheet {sheet.name!r}: hidden; not read."
                    yield Grid(path.name, sheet.name, (), (*notes, hidden))
                else:
                    yield _read_sheet(path, book.get_sheet_by_name(sheet.name), own, kind, notes)
                notes = ()
    except (CalamineError, ElementTree.ParseError, OSError, EOFError, ValueError, KeyError) as error:
        raise InputError(_why_not(path, error)) from None


def _why_not(path: Path, error: Exception) -> str:
    said = " ".join(str(error).split())
    if "password" in said.casefold():
        return f"{path.name}: the file is protected with a password; save it without one."
    return f"{path.name}: the workbook is damaged and can't be opened ({said})."


def _notes_on_package(path: Path, kind: str) -> tuple[str, ...]:
    if kind == "xls":
        return ()
    told = {
        "xl/vbaProject": "it holds macros; they are ignored.",
        "xl/externalLinks/": "its links to other workbooks are not followed; the values saved in it are used.",
    }
    return tuple(f"{path.name}: {text}" for start, text in told.items() if has_part(path, start))


def _read_sheet(path: Path, sheet: Any, marks: SheetMarks, kind: str, notes: tuple[str, ...]) -> Grid:
    name = sheet.name
    values = sheet.to_python(skip_empty_area=False)
    if marks.unsaved_formulas:
        row, column = marks.unsaved_formulas[0]
        raise InputError(
            f"{Address(path.name, name, row, column)}: a formula whose value was not saved; open the workbook, save it "
            "and send it again."
        )
    if marks.errors:
        row, column, text = marks.errors[0]
        raise InputError(f"{Address(path.name, name, row, column)}: found the error {text!r}, expected a figure.")
    _refuse_merged_figures(path, sheet, name, values)
    rows, left_out = [], list(notes)
    for number, cells in enumerate(values, start=1):
        texts = tuple(_text(cell, (number, c) in marks.percents) for c, cell in enumerate(cells, start=1))
        row = Row(number, texts)
        if number in marks.hidden_rows and not row.is_blank:
            left_out.append(f"{Address(path.name, name, number, 1)}: the row is hidden; not read: {texts[0]!r}.")
        else:
            _refuse_fractions(path, name, row, cells, kind)
            rows.append(row)
    return Grid(path.name, name, tuple(rows), tuple(left_out))


def _text(value: Any, is_percent: bool) -> str:
    """A cell as a person reads it; a fraction shown as percent keeps at most two decimals, as printed tables do.

    >>> _text(40.0, False), _text(0.436, True), _text(True, False)
    ('40', '43.6%', 'TRUE')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return f"{_number(100 * value if is_percent else value, trim=is_percent)}{'%' if is_percent else ''}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value


def _number(value: float, trim: bool) -> str:
    # NOTE: 2.996 must not turn into a whole number, so two decimals stay unless the cell is a percentage.
    if abs(value - round(value)) < 1e-9:
        return str(round(value))
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if trim else text if float(text) != value else f"{value:g}"


def _refuse_fractions(path: Path, name: str, row: Row, cells: list[Any], kind: str) -> None:
    """An old .xls keeps 43.6% as 0.436 and the format out of reach: such a number could be either."""
    if kind != "xls":
        return
    for column, value in enumerate(cells, start=1):
        if isinstance(value, float) and 0 < value < 1:
            raise InputError(
                f"{Address(path.name, name, row.number, column)}: found {value:g}, which an old .xls file may show as "
                "a percentage; save it as .xlsx."
            )


def _refuse_merged_figures(path: Path, sheet: Any, name: str, values: list[list[Any]]) -> None:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        value = values[top][left] if top < len(values) and left < len(values[top]) else ""
        text = _text(value, False).strip()
        if bottom > top or right > left:
            refuse_merged_figure(Address(path.name, name, top + 1, left + 1), text)
