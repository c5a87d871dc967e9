"""ODS. In: a workbook's bytes. Out: a `Grid` a visible sheet; each cell's own paragraphs are what is shown."""

import re
from collections.abc import Iterator
from typing import Any

from swp_analysis.ingest.formats.grid import MOST_COLUMNS, MOST_ROWS, Grid, Place, RawFile, refuse_vast
from swp_analysis.ingest.formats.number_formats import exact
from swp_analysis.ingest.formats.package import Package, attribute, local
from swp_analysis.ingest.formats.workbook import NOT_AVAILABLE, NOT_SAVED, Sheet, hidden_sheet, join_sheets, marked

# OpenDocument's words for rows and columns that were hidden by hand or by a filter.
_HIDDEN = ("collapse", "filter")
_SPACES = ("line-break", "s", "tab")
# What only wraps the rows and columns of a table.
_GROUPS = "table-row-group table-header-rows table-rows table-column-group table-header-columns table-columns".split()
_NUMBER = re.compile(r"(-?)(\d[\d,]*)(?:\.(\d+))?\s*(%?)")


def read_ods(name: str, content: bytes) -> RawFile:
    """Read the sheets of an OpenDocument workbook, in their order; a hidden one is an empty grid that says so.

    Raises
    ------
    InputError
        For a workbook that is damaged or far larger than a KPI table.
    """
    package = Package(name, content)
    with package.parsing("workbook"):
        return join_sheets(name, _grids(package))


def _grids(package: Package) -> Iterator[Grid]:
    from lxml import etree

    root = package.tree("content.xml")
    etree.strip_tags(root, *_GROUPS)
    book = root.find("body/spreadsheet")
    if book is None:
        raise ValueError("it holds no spreadsheet")
    styles = _Styles(package.tree("styles.xml"), root)
    for table in book.iterchildren("table"):
        name = attribute(table, "name")
        if styles.hides(attribute(table, "style-name")):
            yield hidden_sheet(package.name, name)
        else:
            yield _read_table(table, Sheet(package.name, name), styles).to_grid()


class _Styles:
    """Which styles strike text out, raise it, or hide a sheet; a style has what its parent has."""

    def __init__(self, *roots: Any) -> None:
        found = [style for root in roots for style in root.iter("style")]
        self._styles = {(attribute(one, "family"), attribute(one, "name")): one for one in found}

    def says(self, family: str, name: str, wanted: str) -> str:
        """Give the value of a property in a style, or in the nearest of its parents that has it."""
        for _ in range(20):
            style = self._styles.get((family, name))
            if style is None:
                return ""
            values = [value for one in style for key, value in one.items() if local(key) == wanted]
            if values:
                return values[0]
            name = attribute(style, "parent-style-name")
        return ""

    def hides(self, name: str) -> bool:
        return self.says("table", name, "display") == "false"

    def strikes(self, family: str, name: str) -> bool:
        return self.says(family, name, "text-line-through-style") not in ("", "none")

    def raises(self, name: str) -> bool:
        return self.says("text", name, "text-position").startswith("super")


def _read_table(table: Any, sheet: Sheet, styles: _Styles) -> Sheet:
    column = 0
    defaults: dict[int, str] = {}
    for one in table.iterchildren("table-column"):
        last = min(column + _repeated(one, "columns"), MOST_COLUMNS)
        if attribute(one, "visibility") in _HIDDEN:
            sheet.hidden_columns.update(range(column + 1, last + 1))
        defaults |= dict.fromkeys(range(column + 1, last + 1), attribute(one, "default-cell-style-name"))
        column = last
    number = 0
    for row in table.iterchildren("table-row"):
        repeated = _repeated(row, "rows")
        _read_row(row, range(number + 1, number + repeated + 1), sheet, styles, defaults)
        number += repeated
    return sheet


def _repeated(element: Any, what: str) -> int:
    """How often an element stands for itself."""
    number = int(attribute(element, f"number-{what}-repeated") or 1)
    if number < 1:
        raise ValueError(f"{what} that are repeated {number} times")
    return number


def _read_row(row: Any, numbers: range, sheet: Sheet, styles: _Styles, defaults: dict[int, str]) -> None:
    column, own_style = 1, attribute(row, "default-cell-style-name")
    for cell in row.iterchildren("table-cell", "covered-table-cell"):
        width = _repeated(cell, "columns")
        rows, columns = (int(attribute(cell, f"number-{what}-spanned") or 1) for what in ("rows", "columns"))
        style = attribute(cell, "style-name") or own_style or defaults.get(column, "")
        text, doubt = _shown(cell, styles, styles.strikes("table-cell", style))
        sheet.put((numbers[0], column), "", rows, columns)
        for comment in cell.iterfind("annotation"):
            sheet.remark((numbers[0], column), " ".join("".join(one.itertext()) for one in comment.iterfind("p")))
        if text.strip() or doubt:
            for place in _places(numbers, range(column, column + width), sheet):
                sheet.put(place, text)
                sheet.doubts |= {place: doubt} if doubt else {}
        column += width
    if attribute(row, "visibility") in _HIDDEN:
        sheet.hidden_rows.update(range(numbers[0], min(numbers[-1], MOST_ROWS) + 1))


def _places(rows: range, columns: range, sheet: Sheet) -> Iterator[Place]:
    """The places of a repeated cell, refused at once when they are absurdly many."""
    refuse_vast(sheet.file, sheet.name, rows[-1], columns[-1])
    return ((row, column) for row in rows for column in columns)


def _shown(cell: Any, styles: _Styles, is_struck: bool) -> tuple[str, str]:
    """What a cell shows, and why it can't be taken as it is."""
    kind = attribute(cell, "value-type")
    lines = [_text_of(one, styles) for one in cell.iterchildren("p")]
    text = "\n".join(lines)
    if any(value == "error" for key, value in cell.items() if local(key) == "value-type"):
        return ("" if text.strip() == NOT_AVAILABLE else text), ""
    if attribute(cell, "formula") and not kind:
        return "", NOT_SAVED
    if kind and lines and not text.strip():
        return "", ""  # a format such as `;;;` shows nothing
    if kind in ("float", "percentage", "currency"):
        text = _number(float(attribute(cell, "value")), text.strip(), kind == "percentage")
    shown = text or attribute(cell, "date-value")[:10]
    return marked(shown, is_struck, is_raised=False), ""


def _number(value: float, shown: str, is_percent: bool) -> str:
    """The text of a number: the value to two decimals if the cell shows it rounded, else what is shown."""
    if not shown:
        return exact(value, is_percent)
    match = _NUMBER.fullmatch(shown)
    if match is None:
        return shown
    number = float(f"{match[1]}{match[2].replace(',', '')}.{match[3] or 0}")
    is_percent = bool(match[4])
    half = 0.5000001 * 10.0 ** -len(match[3] or "")
    return exact(value, is_percent) if abs(number - value * (100 if is_percent else 1)) <= half else shown


def _text_of(paragraph: Any, styles: _Styles) -> str:
    """The text of a paragraph without comments, raised and struck pieces marked, a space for every kind of space."""
    pieces = [paragraph.text or ""]
    for one in paragraph:
        if one.tag in _SPACES:
            pieces.append(" ")
        elif one.tag not in ("annotation", "note"):
            style = attribute(one, "style-name") if one.tag == "span" else ""
            inner = _text_of(one, styles)
            pieces.append(marked(inner, styles.strikes("text", style), styles.raises(style)))
        pieces.append(one.tail or "")
    return "".join(pieces)
