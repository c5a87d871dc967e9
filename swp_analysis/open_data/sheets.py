"""Rows of a published file, one sheet at a time. In: CSV, XLSX, ODS, parquet or a zip of them. Out: `PublishedSheet`.

Rows are read one after the other and never kept, so that a file of any length fits.
"""

import csv
import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.text import find_delimiter, find_encoding

TEXT, WORKBOOKS, MAPS, COLUMNS = {".csv"}, {".xlsx", ".ods", ".xls", ".xlsb"}, {".geojson", ".json"}, {".parquet"}
HEADER_WITHIN = 40  # rows; ONS tables have seven lines of title
READABLE = TEXT | WORKBOOKS | MAPS | COLUMNS


@dataclass(frozen=True)
class PublishedSheet:
    """The rows of a sheet, from its first one; `name` is empty for a file without sheets.

    `lines`: those of a CSV in its `encoding`, of which `rows` takes one after the other, so that reading can go on with
    either.
    """

    path: Path
    name: str
    rows: Iterator[Sequence[Any]]
    lines: Iterator[bytes] | None = None
    encoding: str = "utf-8"

    @property
    def where(self) -> str:
        """File and sheet, as an error names them."""
        return f"{self.path.name}, sheet {self.name}" if self.name else self.path.name


def read_sheets(path: Path) -> Iterator[PublishedSheet]:
    """Read the sheets of a file in order; each must be read before the next is asked for.

    Raises
    ------
    InputError
        For a file that is damaged, or that is of another type.
    """
    suffix = path.suffix.lower()
    if suffix in TEXT:
        yield from _read_csv(path)
    elif suffix in WORKBOOKS:
        yield from _read_workbook(path)
    elif suffix in COLUMNS:
        yield PublishedSheet(path, "", _read_columns(path))
    else:
        raise InputError(f"{path.name} is no table that can be read; save it as .csv, .xlsx or .ods.")


def _read_csv(path: Path) -> Iterator[PublishedSheet]:
    with path.open("rb") as file:
        head = file.read(1 << 20)
        encoding = find_encoding(head[: head.rfind(b"\n") + 1] or head)
        between = find_delimiter(head.decode(encoding, errors="replace").splitlines()[:HEADER_WITHIN])
        try:
            if between != "," or encoding.startswith("utf-16"):
                with path.open(encoding=encoding, newline="") as text:
                    yield PublishedSheet(path, "", csv.reader(text, delimiter=between))
                return
            file.seek(len(BOM_UTF8) if encoding == "utf-8-sig" else 0)
            encoding = encoding.removesuffix("-sig")
            lines = iter(file) if b"\n" in head else iter(file.read().splitlines(keepends=True))
            yield PublishedSheet(path, "", split_lines(lines, encoding), lines, encoding)
        except UnicodeDecodeError as error:
            raise InputError(f"{path.name} is damaged: {error}; fetch it again with swp fetch.") from None


def split_lines(lines: Iterator[bytes], encoding: str) -> Iterator[list[str]]:
    """Give the cells of each line; a quoted cell may go on over several lines."""
    for line in lines:
        text = line.decode(encoding)
        if '"' in text:
            yield next(csv.reader(chain([text], (more.decode(encoding) for more in lines))))
        else:  # takes half the time of csv.reader
            text = text.rstrip("\r\n")
            yield text.split(",") if text else []


def _read_workbook(path: Path) -> Iterator[PublishedSheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.visible == SheetVisibleEnum.Visible:  # what is hidden, its reader has not seen
                    yield PublishedSheet(path, sheet.name, iter(workbook.get_sheet_by_name(sheet.name).iter_rows()))
    except CalamineError as error:
        raise InputError(f"{path.name} can't be opened: {error}; fetch it again with swp fetch.") from None


def _read_columns(path: Path) -> Iterator[Sequence[Any]]:
    try:
        import duckdb
    except ImportError:
        raise InputError(f"{path.name}: parquet needs duckdb (pip install duckdb), or save the table as CSV.") from None
    found = duckdb.connect().execute("select * from read_parquet(?)", [str(path)])
    yield [column[0] for column in found.description]
    while rows := found.fetchmany(20_000):
        yield from rows


def read_map(path: Path) -> dict[str, Any]:
    """Read a GeoJSON file.

    Raises
    ------
    InputError
        When it isn't one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise InputError(f"{path.name} is damaged: it is no JSON; fetch it again with swp fetch areas.") from None
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise InputError(f"{path.name} is no GeoJSON with features; fetch boundaries with swp fetch areas.")
    return content
