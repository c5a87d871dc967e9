"""XLSX, and the old XLS. In: a workbook's bytes. Out: a `Grid` a visible sheet, each cell as its format shows it.

The parts of an XLSX are those of ECMA-376: workbook, styles, shared strings, one part a sheet.
"""

import io
import posixpath
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import (
    MOST_COLUMNS,
    Grid,
    Paragraph,
    Place,
    RawFile,
    damaged,
    locked,
)
from swp_analysis.ingest.formats.number_formats import BUILT_IN, show_number, show_text
from swp_analysis.ingest.formats.package import Package, attribute
from swp_analysis.ingest.formats.workbook import NOT_AVAILABLE, NOT_SAVED, Sheet, hidden_sheet, join_sheets, marked

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_IN_CELL, _IN_ROW = {"f", "v", "is", "extLst"}, {"c", "extLst"}
_NO = ("0", "false", "none")
_CODE_OF_HEADER = re.compile(r'&(?:"[^"]*"|K[0-9A-F+-]{6,}|\d+|[A-Z])')
_FIRST_DAY, _FIRST_DAY_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SUPERSCRIPT = 1  # of an XLS
_TOLD = {
    "xl/vbaProject": "it holds macros; they are ignored.",
    "xl/externalLinks/": "its links to other workbooks are not followed; the values saved in it are used.",
}


def read_xlsx(name: str, content: bytes) -> RawFile:
    """Read the sheets of a workbook, in their order; a hidden one is an empty grid that says so.

    Raises
    ------
    InputError
        For a workbook that is damaged or far larger than a KPI table.
    """
    package = Package(name, content)
    with package.parsing("workbook"):
        return join_sheets(name, _grids(package))


def _grids(package: Package) -> Iterator[Grid]:
    book = package.tree("xl/workbook.xml")
    parts, looks = _parts(package), _Looks(package, book)
    notes = [
        f"{package.name}: {text}" for start, text in _TOLD.items() if any(n.startswith(start) for n in package.names)
    ]
    sheets = [sheet for sheet in book.findall("sheets/sheet") if attribute(sheet, "id") in parts]
    if book.tag != "workbook" or not book.findall("sheets/sheet"):
        raise ValueError("it names no sheets")
    for number, sheet in enumerate(sheets):
        own, name = notes if number == 0 else [], sheet.get("name", "")
        if sheet.get("state", "visible") != "visible":
            yield hidden_sheet(package.name, name, own)
        else:
            yield _read_sheet(package, parts[attribute(sheet, "id")], name, looks).to_grid(own)


def _parts(package: Package) -> dict[str, str]:
    """The part of each worksheet, by the id of its relation; sheets of charts have none."""
    parts = {}
    for relation in package.tree("xl/_rels/workbook.xml.rels"):
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            parts[relation.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    missing = set(parts.values()) - package.names
    if missing:
        raise ValueError(f"it has no part {min(missing)!r}")
    return parts


class _Looks:
    """What styles and shared texts say: the number format of each style, whether it strikes out, the texts."""

    def __init__(self, package: Package, book: Any) -> None:
        styles = package.tree("xl/styles.xml")
        codes = {int(one.get("numFmtId")): one.get("formatCode", "") for one in styles.findall("numFmts/numFmt")}
        fonts = [_is_on(font, "strike") for font in styles.findall("fonts/font")]
        self.formats, self.struck = ["General"], [False]
        found = styles.findall("cellXfs/xf")
        if found:
            ids = [int(one.get("numFmtId", "0")) for one in found]
            self.formats = [codes.get(number, BUILT_IN.get(number, "General")) for number in ids]
            self.struck = [any(fonts[n : n + 1]) for n in (int(one.get("fontId", "0")) for one in found)]
        self.texts = [_rich_text(one) for one in package.tree("xl/sharedStrings.xml").findall("si")]
        is_1904 = any(_is_set(one.get("date1904")) for one in book.findall("workbookPr"))
        self.first_day = _FIRST_DAY_OF_1904 if is_1904 else _FIRST_DAY


def _is_on(font: Any, tag: str) -> bool:
    return any(_is_set(one.get("val", "1")) for one in font.iterchildren(tag))


def _is_set(value: str | None) -> bool:
    return value is not None and value not in _NO


def _rich_text(item: Any) -> str:
    """The text of a cell, raised and struck pieces marked; how it is pronounced is left out."""
    pieces = []
    for one in item.iterchildren("t", "r"):
        if one.tag == "t":
            pieces.append(one.text or "")
        else:
            text, looks = one.findtext("t") or "", one.find("rPr")
            is_raised = looks is not None and looks.find("vertAlign[@val='superscript']") is not None
            pieces.append(marked(text, looks is not None and _is_on(looks, "strike"), is_raised))
    return "".join(pieces)


def _read_sheet(package: Package, part: str, name: str, looks: _Looks) -> Sheet:
    root, sheet = package.tree(part), Sheet(package.name, name)
    if root.tag != "worksheet" or root.find("sheetData") is None:
        raise ValueError(f"the part {part!r} is no sheet")
    for column in root.iterfind("cols/col"):
        if _is_hidden(column, "width"):
            last = min(int(column.get("max", "0")), MOST_COLUMNS)
            sheet.hidden_columns.update(range(int(column.get("min", "1")), last + 1))
    hides_rows = any(_is_set(one.get("zeroHeight")) for one in root.iterfind("sheetFormatPr"))
    number = 0
    for row in root.find("sheetData"):
        before, number = number, int(row.get("r") or number + 1)
        if row.tag != "row" or number <= before:
            raise ValueError(f"a row stands out of place after row {before}")
        if _is_hidden(row, "ht") or (hides_rows and not _is_set(row.get("customHeight"))):
            sheet.hidden_rows.add(number)
        for place, cell in _places(row, number):
            _read_cell(cell, place, sheet, looks)
    for merge in root.iterfind("mergeCells/mergeCell"):
        first, _, last = merge.get("ref", "").partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        sheet.put((top, left), "", bottom - top + 1, right - left + 1)
    _read_words_around(package, part, root, sheet)
    return sheet


def _read_words_around(package: Package, part: str, root: Any, sheet: Sheet) -> None:
    """Keep the header of a sheet's printed pages, the words of its text boxes, and the comments on its cells."""
    header = _CODE_OF_HEADER.sub(" ", root.findtext("headerFooter/oddHeader") or "").split()
    sheet.above += [Paragraph(package.name, "page header", " ".join(header), "section")] if header else []
    folder, file = posixpath.split(part)
    for relation in package.tree(f"{folder}/_rels/{file}.rels"):
        kind = relation.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        for comment in package.tree(target).iterfind("commentList/comment") if kind == "comments" else ():
            sheet.remark(_place(comment.get("ref", "")), "".join(comment.itertext()))
        for box in package.tree(target).iterfind(".//txBody") if kind == "drawing" else ():
            sheet.add_note("a text box", " ".join("".join(line.itertext()) for line in box.iterfind("p")))


def _is_hidden(element: Any, size: str) -> bool:
    """Whether a row or column is hidden, or has no height or width, which looks the same."""
    return _is_set(element.get("hidden")) or float(element.get(size, "1")) == 0


def _places(row: Any, number: int) -> Iterator[tuple[Place, Any]]:
    """The cells of a row with their places, which all of them name, or none."""
    before = 0
    for cell in row:
        reference = cell.get("r")
        place = _place(reference) if reference else (number, before + 1)
        if cell.tag not in _IN_ROW or place[0] != number or place[1] <= before:
            raise ValueError(f"a cell stands out of place in row {number}")
        if cell.tag == "c":
            yield place, cell
            before = place[1]


def _place(reference: str) -> Place:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"{reference!r} is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _read_cell(cell: Any, place: Place, sheet: Sheet, looks: _Looks) -> None:
    parts = {part.tag: part for part in cell}
    if not parts:
        return
    if not parts.keys() <= _IN_CELL:
        raise ValueError(f"an unknown part in a cell of row {place[0]}")
    kind, value = cell.get("t", "n"), (parts["v"].text or "" if "v" in parts else "")
    if "f" in parts and not value and "is" not in parts and kind != "str":
        sheet.doubts[place] = NOT_SAVED
        return
    style = int(cell.get("s", "0"))
    shown = _shown(kind, value, parts.get("is"), looks, looks.formats[style])
    sheet.put(place, marked(shown, looks.struck[style], is_raised=False))


def _shown(kind: str, value: str, inline: Any, looks: _Looks, code: str) -> str:
    if kind == "n":
        return show_number(float(value), code, looks.first_day) if value else ""
    if kind == "b":
        return "FALSE" if value == "0" else "TRUE"
    if kind == "e":
        return "" if value == NOT_AVAILABLE else value
    if kind == "d":
        return value
    if kind not in ("s", "str", "inlineStr"):
        raise ValueError(f"a cell of an unknown kind {kind!r}")
    text = looks.texts[int(value)] if kind == "s" else value if kind == "str" else _rich_text(inline)
    return show_text(text, code)


# The old XLS


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
        return join_sheets(name, (_read_old_sheet(name, book, number) for number in range(book.nsheets)))
    except InputError:
        raise
    except Exception as error:  # NOTE: on damaged bytes xlrd raises almost anything
        if "encrypted" in str(error):
            raise locked(name) from None
        raise damaged(name, "workbook", error) from None


def _read_old_sheet(name: str, book: Any, number: int) -> Grid:
    found = book.sheet_by_index(number)
    if found.visibility:
        return hidden_sheet(name, found.name)
    sheet = Sheet(name, found.name)
    sheet.hidden_rows = {n + 1 for n, row in found.rowinfo_map.items() if row.hidden or row.height == 0}
    sheet.hidden_columns = {n + 1 for n, column in found.colinfo_map.items() if column.hidden or column.width == 0}
    for row in range(found.nrows):
        for column in range(found.row_len(row)):
            sheet.put((row + 1, column + 1), _shown_in_old(book, found, (row, column)))
    for top, bottom, left, right in found.merged_cells:
        sheet.put((top + 1, left + 1), "", bottom - top, right - left)
    book.unload_sheet(number)
    return sheet.to_grid()


def _shown_in_old(book: Any, sheet: Any, place: Place) -> str:
    import xlrd

    kind, value = sheet.cell_type(*place), sheet.cell_value(*place)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    style = book.xf_list[sheet.cell_xf_index(*place)]
    code, is_struck = book.format_map[style.format_key].format_str, book.font_list[style.font_index].struck_out
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        first_day = _FIRST_DAY_OF_1904 if book.datemode else _FIRST_DAY
        shown = show_number(value, code, first_day)
    elif kind == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(value, "#ERROR")
        shown = "" if text == NOT_AVAILABLE else text
    elif kind == xlrd.XL_CELL_BOOLEAN:
        shown = "TRUE" if value else "FALSE"
    else:
        runs = sheet.rich_text_runlist_map.get(place)
        shown = show_text(_old_rich_text(book, value, runs) if runs else value, code)
    return marked(shown, bool(is_struck), is_raised=False)


def _old_rich_text(book: Any, text: str, runs: list[tuple[int, int]]) -> str:
    """A text whose font changes at some places, raised and struck pieces marked."""
    pieces = [text[: runs[0][0]]]
    for (start, font), (end, _) in pairwise([*runs, (len(text), 0)]):
        look = book.font_list[font]
        pieces.append(marked(text[start:end], bool(look.struck_out), look.escapement == _SUPERSCRIPT))
    return "".join(pieces)
