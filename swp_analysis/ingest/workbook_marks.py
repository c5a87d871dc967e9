"""What a workbook says beside its values: hidden rows and columns, percent formats, errors, formulas that were never
worked out.

In: an xlsx or ods package; `xls_marks` does the same for an old .xls. Out: `SheetMarks` by sheet name. The XML
is read as a stream, and a sheet whose cells span an absurd area is refused before a reader would lay it out in memory.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from swp_analysis.errors import InputError
from swp_analysis.ingest.marked_text import raised, struck

MOST_CELLS = 5_000_000
_OFFICE_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.')
# The one error value that says what a blank says.
NOT_AVAILABLE = "#N/A"
_PERCENT_FORMATS = {9, 10}
# OpenDocument's words for rows and columns that were hidden by hand or by a filter.
_HIDDEN = ("collapse", "filter")
MOST_COLUMNS = 16_384
_SPACES = ("line-break", "s", "tab")


@dataclass
class SheetMarks:
    """Rows and (row, column) pairs count from 1; `shown` is what a person sees where the value does not say it: an
    error, a raised mark of a note, something struck out."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    unsaved_formulas: list[tuple[int, int]] = field(default_factory=list)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def read_xlsx_marks(path: Path) -> dict[str, SheetMarks]:
    """Marks of each sheet of an xlsx workbook."""
    with zipfile.ZipFile(path) as package:
        percents, marked = _percent_styles(package), _marked_strings(package)
        return {name: _xlsx_sheet(path, package, part, percents, marked) for name, part in _xlsx_parts(package) if part}


def read_ods_marks(path: Path) -> dict[str, SheetMarks]:
    """Marks of each sheet of an OpenDocument workbook."""
    found: dict[str, SheetMarks] = {}
    with zipfile.ZipFile(path) as package:
        marks, columns = SheetMarks(), 0
        looks: dict[str, Callable[[str], str]] = {}
        for event, element in _stream(package, "content.xml", ("start", "end")):
            tag = _local(element.tag)
            if event == "start" and tag == "table":
                marks, columns = found.setdefault(_attribute(element, "name"), SheetMarks()), 0
            elif event == "start" and tag == "table-column":
                columns = _ods_columns(element, marks, columns)
            elif event == "end" and tag == "style":
                looks |= _ods_looks(element)
            elif event == "end" and tag == "table-row":
                _ods_row(path, element, marks, looks)
                element.clear()
    return found


def has_part(path: Path, start: str) -> bool:
    """Whether a package holds a part whose name begins so."""
    with zipfile.ZipFile(path) as package:
        return any(name.startswith(start) for name in package.namelist())


def shows_percent(number_format: str) -> bool:
    """Whether a number format shows 0.5 as 50%.

    >>> shows_percent("0.0%"), shows_percent('0"%"')
    (True, False)
    """
    return "%" in _QUOTED.sub("", number_format)


# xlsx


def _xlsx_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {
        element.get("Id"): posixpath.normpath(posixpath.join("xl", element.get("Target", "").removeprefix("/xl/")))
        for _, element in _stream(package, "xl/_rels/workbook.xml.rels", ("end",))
        if _local(element.tag) == "Relationship" and element.get("Type", "").endswith("/worksheet")
    }
    for _, element in _stream(package, "xl/workbook.xml", ("end",)):
        if _local(element.tag) == "sheet":
            yield element.get("name", ""), targets.get(element.get(_OFFICE_RELATION), "")


def _percent_styles(package: zipfile.ZipFile) -> set[int]:
    """The cell styles that show a fraction as a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return set()
    codes, styles, inside = set(_PERCENT_FORMATS), [], False
    for event, element in _stream(package, "xl/styles.xml", ("start", "end")):
        tag = _local(element.tag)
        if tag == "cellXfs":
            inside = event == "start"
        elif event == "start" and tag == "numFmt" and shows_percent(element.get("formatCode", "")):
            codes.add(int(element.get("numFmtId", "0")))
        elif event == "start" and tag == "xf" and inside:
            styles.append(int(element.get("numFmtId", "0")))
    return {index for index, code in enumerate(styles) if code in codes}


def _marked_strings(package: zipfile.ZipFile) -> dict[str, str]:
    """The shared texts with raised or struck pieces, by their number."""
    if "xl/sharedStrings.xml" not in package.namelist():
        return {}
    found, number = {}, 0
    for _, element in _stream(package, "xl/sharedStrings.xml", ("end",)):
        if _local(element.tag) == "si":
            pieces = [(_look_of(run), _text_in(run)) for run in element if _local(run.tag) == "r"]
            if any(look for look, _ in pieces):
                found[str(number)] = "".join(look(text) if look else text for look, text in pieces)
            number += 1
            element.clear()
    return found


def _look_of(run: ElementTree.Element) -> Callable[[str], str] | None:
    """What to do with a run of text that is raised or struck out."""
    looks = {_local(one.tag): one.get("val", "1") for part in run for one in part}
    if looks.get("strike", "0") not in ("0", "false"):
        return struck
    return raised if looks.get("vertAlign") == "superscript" else None


def _xlsx_sheet(
    path: Path, package: zipfile.ZipFile, part: str, percent_styles: set[int], marked: dict[str, str]
) -> SheetMarks:
    marks, row = SheetMarks(), 0
    for event, element in _stream(package, part, ("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            row = int(element.get("r") or row + 1)
            if _is_hidden(element, "ht"):
                marks.hidden_rows.add(row)
        elif event == "start" and tag == "col" and _is_hidden(element, "width"):
            marks.hidden_columns.update(range(int(element.get("min", "1")), int(element.get("max", "0")) + 1))
        elif event == "end" and tag == "row":
            for index, cell in enumerate(element, start=1):
                _xlsx_cell(cell, (row, index), marks, percent_styles, marked)
            _refuse_vast(path, marks)
            element.clear()
    return marks


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    """Whether a row or column is hidden, or has no height or width, which looks the same."""
    return element.get("hidden") in ("1", "true") or float(element.get(size, "1")) == 0


def _xlsx_cell(
    cell: ElementTree.Element,
    place: tuple[int, int],
    marks: SheetMarks,
    percent_styles: set[int],
    marked: dict[str, str],
) -> None:
    match = _REFERENCE.fullmatch(cell.get("r", ""))
    row, column = (int(match[2]), _column_number(match[1])) if match else place
    parts = {_local(part.tag): part for part in cell}
    if not parts:
        return
    marks.last_row, marks.last_column = max(marks.last_row, row), max(marks.last_column, column)
    if "f" in parts and not (parts["v"].text if "v" in parts else "") and "is" not in parts and cell.get("t") != "str":
        marks.unsaved_formulas.append((row, column))
    if cell.get("t") == "e" and "v" in parts and parts["v"].text not in (None, NOT_AVAILABLE):
        marks.shown[row, column] = parts["v"].text
    if marked and cell.get("t") == "s" and "v" in parts and parts["v"].text in marked:
        marks.shown[row, column] = marked[parts["v"].text]
    if cell.get("t", "n") == "n" and int(cell.get("s", "0")) in percent_styles:
        marks.percents.add((row, column))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


# ods


def _ods_columns(element: ElementTree.Element, marks: SheetMarks, before: int) -> int:
    """Mark the columns that an element stands for if they are hidden; how many there are with those `before`."""
    last = before + int(_attribute(element, "number-columns-repeated") or 1)
    if _attribute(element, "visibility") in _HIDDEN:
        marks.hidden_columns.update(range(before + 1, min(last, MOST_COLUMNS) + 1))
    return last


def _ods_looks(style: ElementTree.Element) -> dict[str, Callable[[str], str]]:
    """What to do with text in a style that raises it or strikes it out."""
    for properties in style:
        if _attribute(properties, "text-position").startswith("super"):
            return {_attribute(style, "name"): raised}
        if _attribute(properties, "text-line-through-style") not in ("", "none"):
            return {_attribute(style, "name"): struck}
    return {}


def _ods_row(
    path: Path, element: ElementTree.Element, marks: SheetMarks, looks: dict[str, Callable[[str], str]]
) -> None:
    cells = [cell for cell in element if _local(cell.tag) in ("table-cell", "covered-table-cell")]
    repeated = int(_attribute(element, "number-rows-repeated") or 1)
    row, column = marks.last_row + 1, 0
    hidden = _attribute(element, "visibility") in _HIDDEN
    filled = 0
    for cell in cells:
        width = int(_attribute(cell, "number-columns-repeated") or 1)
        kind, formula = _attribute(cell, "value-type"), _attribute(cell, "formula")
        if kind or formula:
            filled = column + width
            _refuse_vast(path, SheetMarks(last_row=row + repeated - 1, last_column=filled))
            places = [(row + i, column + 1 + j) for i in range(repeated) for j in range(width)]
            marks.percents.update(places if kind == "percentage" else [])
            marks.unsaved_formulas += places if formula and not kind else []
            if "error" in [value for key, value in cell.items() if _local(key) == "value-type"]:
                text = _text_in(cell).strip()
                marks.shown.update(dict.fromkeys(places, text) if text != NOT_AVAILABLE else {})
            marks.shown.update(dict.fromkeys(places, _ods_text(cell, looks)) if _looks_otherwise(cell, looks) else {})
        column += width
    if hidden and filled:
        marks.hidden_rows.update(range(row, row + repeated))
    # Rows at the end of a sheet repeat a million times without a value; they are counted, not laid out.
    marks.last_row += repeated
    marks.last_column = max(marks.last_column, filled)


def _looks_otherwise(cell: ElementTree.Element, looks: dict[str, Callable[[str], str]]) -> bool:
    inside = [one for part in cell if _local(part.tag) == "p" for one in part.iter()]
    return any(_local(one.tag) in _SPACES or _attribute(one, "style-name") in looks for one in inside)


def _ods_text(cell: ElementTree.Element, looks: dict[str, Callable[[str], str]]) -> str:
    """The text of a cell without its comments, raised and struck pieces marked, a space for every kind of space."""
    paragraphs = [part for part in cell if _local(part.tag) == "p"]
    for one in (one for part in paragraphs for one in part.iter()):
        look = looks.get(_attribute(one, "style-name"))
        one.text = " " if _local(one.tag) in _SPACES else look(one.text or "") if look else one.text
    return " ".join(map(_text_in, paragraphs))


def _text_in(cell: ElementTree.Element) -> str:
    return "".join(cell.itertext())


# Both


def _refuse_vast(path: Path, marks: SheetMarks) -> None:
    if marks.last_row * marks.last_column > MOST_CELLS:
        raise InputError(
            f"{path.name}: a sheet spans {marks.last_row} rows and {marks.last_column} columns, far more than a KPI "
            "table needs, so it was not opened."
        )


def _stream(package: zipfile.ZipFile, part: str, events: tuple[str, ...]) -> Iterator[tuple[str, ElementTree.Element]]:
    if part not in package.namelist():
        return
    with package.open(part) as start:
        if b"<!DOCTYPE" in start.read(4096):
            raise InputError(
                f"{Path(package.filename or '').name}: the workbook defines its own XML entities; refused."
            )
    with package.open(part) as stream:
        yield from ElementTree.iterparse(stream, events)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.items() if _local(key) == name), "")
