"""XLSX, XLS and ODS. In: a workbook. Out: a `Grid` a visible sheet, cells as text, rows with the numbers that a person
sees.

Values are those saved in the file: formulas are not worked out, macros not run, links not followed. Hidden sheets,
rows and columns are left out, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Address, Grid, Row, name_of
from swp_analysis.ingest.merged import refuse_merged_figure
from swp_analysis.ingest.timeline import is_period
from swp_analysis.ingest.workbook_marks import SheetMarks, has_part, read_ods_marks, read_xlsx_marks
from swp_analysis.ingest.xls_marks import read_xls_marks

MOST_SHEETS = 200
_READ_MARKS = {"xlsx": read_xlsx_marks, "ods": read_ods_marks, "xls": read_xls_marks}


def read_workbook(path: Path, kind: str) -> Iterator[Grid]:
    """The visible sheets of a workbook, in their order.

    Raises
    ------
    InputError
        For a locked or damaged workbook, a formula without a saved value, a figure in merged cells.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        marks = _READ_MARKS[kind](path)
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
    _refuse_unsaved_formulas(path, name, marks)
    _refuse_merged_figures(path, sheet, name, values)
    rows, left_out = [], list(notes)
    for number, cells in enumerate(values, start=1):
        places = ((number, column) for column in range(1, len(cells) + 1))
        row = Row(number, tuple(map(_text_at(marks), places, cells)))
        if number in marks.hidden_rows and not row.is_blank:
            found = next(filter(None, row.cells))
            left_out.append(f"{Address(path.name, name, number, 1)}: the row is hidden; not read: {found!r}.")
        else:
            rows.append(row)
    rows, hidden = _without_hidden_columns(rows, marks.hidden_columns)
    for column, found in hidden.items():
        where = Address(path.name, name, 1, column).column_letter
        left_out.append(f"{name_of(path.name, name)}, column {where}: the column is hidden; not read: {found!r}.")
    return Grid(path.name, name, tuple(rows), tuple(left_out), hidden=frozenset(marks.hidden_columns))


def _refuse_unsaved_formulas(path: Path, name: str, marks: SheetMarks) -> None:
    for row, column in marks.unsaved_formulas:
        if row not in marks.hidden_rows and column not in marks.hidden_columns:
            raise InputError(
                f"{Address(path.name, name, row, column)}: a formula whose value was not saved; open the workbook, "
                "save it and send it again."
            )


def _text_at(marks: SheetMarks) -> Callable[[tuple[int, int], Any], str]:
    """What a person reads in a cell, from its place and its value."""
    return lambda place, value: marks.shown.get(place) or _text(value, place in marks.percents)


def _without_hidden_columns(rows: list[Row], hidden: set[int]) -> tuple[list[Row], dict[int, str]]:
    """The rows with blanks for what stands in hidden columns, and the first text of each that had one.

    Quarters and years stay: a heading may reach from a hidden column over visible ones. `headings` takes no figure
    from the column even so.
    """
    first: dict[int, str] = {}
    for row in rows:
        for column in hidden.intersection(row.columns):
            if row.text(column):
                first.setdefault(column, row.text(column))
    kept = [
        replace(
            row, cells=tuple("" if c in first and not is_period(row.text(c)) else row.printed(c) for c in row.columns)
        )
        for row in rows
    ]
    return kept, dict(sorted(first.items()))


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


def _refuse_merged_figures(path: Path, sheet: Any, name: str, values: list[list[Any]]) -> None:
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        value = values[top][left] if top < len(values) and left < len(values[top]) else ""
        text = _text(value, False).strip()
        if bottom > top or right > left:
            refuse_merged_figure(Address(path.name, name, top + 1, left + 1), text)
