"""First step of ingest: which years and raw files there are, and each read as what its content is. In: `data/raw`,
paths. Out: ids of years, `RawFile`s.

Imports nothing heavy: an unchanged edition is recognised without reading a single table.
"""

import re
from dataclasses import replace
from importlib import import_module
from itertools import chain
from pathlib import Path
from statistics import median

from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, Paragraph, RawFile, locked
from swp_analysis.ingest.formats.package import Package
from swp_analysis.ingest.period_words import read_when
from swp_analysis.project import is_of_desktop, refuse_links_out

# Each kind has a function `read_<kind>` in the module of its name, or in this one.
_MODULES = {"xlsx": "excel", "xls": "excel"}
_BY_HEADINGS = ("text", "pdf")  # these need the words that begin a heading row

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MANIFEST, _OPEN_DOCUMENT = "META-INF/manifest.xml", b"application/vnd.oasis.opendocument."
# By a part of a packed file, or a stream of an old Office file: its kind, or why that is not read.
_PARTS = {
    "xl/workbook.xml": "xlsx",
    "word/document.xml": "docx",
    "xl/workbook.bin": "a binary workbook (.xlsb) is not read; save it as .xlsx.",
}
_STREAMS = {
    "WordDocument": "an old Word document (.doc) is not read; save it as .docx.",
    "Workbook": "xls",
    "Book": "xls",
}
_NO_TABLE = "this is {}, whatever its name says; expected a KPI table."
_HTML_START = re.compile(rb"<[a-z!?]", re.IGNORECASE)
_OTHERS = {
    "a picture": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    "a rich-text document": (b"{\\rtf",),
    "a compressed archive": (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"),
    "a program": (b"MZ", b"\x7fELF"),
}
# Files of a year's folder that hold no KPI table: typed claims, the board's own scores, notes for people.
NOT_TABLES, WORKSHOP = {"claims.csv", "readme.md", "readme.txt"}, "workshop"
# A row of hardly any cases says nothing about the size of its figures.
FEWEST_OF_A_ROW = 10
# Python itself makes no number of more than 4,300 digits.
MOST_DIGITS = 1_000
_ENDLESS = re.compile(rf"(?:\d,?){{{MOST_DIGITS}}}")
FIGURE_ALONE, FEWEST_FIGURES = re.compile(r"(?<!\S)<?\d[\d,.]*%?(?!\S)"), 4
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


def raw_tables(folder: Path) -> list[Path]:
    """Give the files of a year's folder that should hold KPI tables, in a fixed order.

    Raises
    ------
    InputError
        For a link that leads out of the folder of raw data.
    """
    files = [path for path in folder.iterdir() if path.is_file() and not is_of_desktop(path)]
    refuse_links_out(sorted(files), folder.absolute().parent)
    tables = (one for one in files if one.name.lower() not in NOT_TABLES and one.stem.lower() != WORKSHOP)
    return sorted(tables, key=lambda path: path.name)


def workshop_forms(folder: Path) -> list[Path]:
    """Give the board's form of a year's folder, in whatever format it came; none where nothing came."""
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in files if path.is_file() and path.stem.lower() == WORKSHOP)


def read_raw_file(path: Path, label_headings: list[str]) -> RawFile:
    """Read the tables of one raw file and the words outside them, read as what its content is, whatever its name says.

    `label_headings` are the words that begin a heading row; they tell a text file's delimiter.

    Raises
    ------
    InputError
        For a file that is empty, too large, locked, damaged or of a kind that isn't read.
    """
    content = read_content(path)
    try:
        found = _read(path.name, content, label_headings)
    except MemoryError:
        raise InputError(f"{path.name}: there is not enough memory to read it; send the KPI tables alone.") from None
    _refuse_endless(found)
    if not found.grids and any(map(_looks_like_a_row, found.paragraphs)):
        raise InputError(
            f"{path.name}: no table was found, though there are rows of figures; expected a heading row that begins "
            f"with {label_headings[0]!r} and names Quarter 1 to Quarter 4; send the workbook, or a table with lines."
        )
    return replace(found, grids=tuple(_with_doubtful_days(grid) for grid in found.grids))


def _refuse_endless(found: RawFile) -> None:
    """Raise an `InputError` for a number that goes on and on."""
    cells = ((grid.address(row, c), row.printed(c)) for grid in found.grids for row in grid.rows for c in row.columns)
    for place, text in chain(cells, ((one, one.text) for one in found.paragraphs)):
        if len(text) >= MOST_DIGITS and _ENDLESS.search(text):
            raise InputError(f"{place}: a number of over {MOST_DIGITS:,} digits; type the figure again or delete it.")


def _looks_like_a_row(paragraph: Paragraph) -> bool:
    """Whether a paragraph has more figures than words, as rows of a table have that was not found."""
    figures = FIGURE_ALONE.findall(paragraph.text)
    return len(figures) >= FEWEST_FIGURES and 2 * len(figures) > len(paragraph.text.split())


def _read(name: str, content: bytes, label_headings: list[str]) -> RawFile:
    """Each reader is imported when a file needs it: a year of CSV files is read without any library."""
    kind = kind_of(name, content)
    reader = getattr(import_module(f"swp_analysis.ingest.formats.{_MODULES.get(kind, kind)}"), f"read_{kind}")
    return reader(name, content, label_headings) if kind in _BY_HEADINGS else reader(name, content)


def _with_doubtful_days(grid: Grid) -> Grid:
    """The grid with a doubt for each number that is far larger than its row and is how a day is stored."""
    doubts = dict(grid.doubts)
    for row in grid.rows:
        numbers = {c: int(text.replace(",", "")) for c in row.columns if _WHOLE.fullmatch(text := row.text(c))}
        days = {c: wrong[0] for c in numbers if (wrong := read_when(row.text(c))[0].wrong)}
        others = [n for c, n in numbers.items() if c not in days]
        if days and others and median(others) >= FEWEST_OF_A_ROW and 10 * max(others) < min(numbers[c] for c in days):
            way_out = "type the figure, or write {:,} with a comma if it is one"
            doubts |= {(row.number, c): f"{n} {days[c]}; {way_out.format(n)}" for c, n in numbers.items() if c in days}
    return replace(grid, doubts=doubts)


def read_content(path: Path) -> bytes:
    """Read the bytes of a raw file.

    Raises
    ------
    InputError
        One sentence for a file that is empty or too large.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InputError(
            f"{path.name}: the file has {size // MEGABYTE} MB; a KPI table has at most {LARGEST_FILE // MEGABYTE} MB, "
            "so it was not opened; send the pages or sheets with the KPI tables alone."
        )
    content = path.read_bytes()
    if not content[:8192].strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputError(f"{path.name}: the file is empty; expected a KPI table.")
    return content


def kind_of(name: str, content: bytes) -> str:
    """Give the kind of a file: `text`, `xlsx`, `xls`, `ods`, `docx`, `pdf` or `html`.

    Raises
    ------
    InputError
        One sentence for a file that is encrypted, packed too tightly, or nothing that is read.
    """
    start = content[:8192]
    if start.startswith(b"PK"):
        kind = _kind_of_package(name, content)
    elif start.startswith(_OLE):
        if _ENCRYPTED in content:
            raise locked(name)
        streams = (kind for stream, kind in _STREAMS.items() if f"{stream}\0".encode("utf-16-le") in content)
        kind = next(streams, _NO_TABLE.format("an old Office file without a workbook"))
    elif b"%PDF-" in start[:1024]:
        return "pdf"
    elif found := next((what for what, magic in _OTHERS.items() if start.startswith(magic)), ""):
        kind = _NO_TABLE.format(found)
    else:
        return "html" if _HTML_START.match(start.lstrip(b"\xef\xbb\xbf \t\r\n")) else "text"
    if " " in kind:
        raise InputError(f"{name}: {kind}")
    return kind


def _kind_of_package(name: str, content: bytes) -> str:
    package = Package(name, content)
    if b"encryption-data" in package.read(_MANIFEST):
        raise locked(name)
    if (content_type := package.read("mimetype")).startswith(_OPEN_DOCUMENT):
        is_sheet = content_type.startswith(_OPEN_DOCUMENT + b"spreadsheet")
        return "ods" if is_sheet else "an OpenDocument text (.odt) or slide is not read; save it as .docx."
    nothing = _NO_TABLE.format("a packed file that is no workbook and no document")
    return next((kind for part, kind in _PARTS.items() if part in package.names), nothing)


# The financial years that have a folder


def raw_years(raw: Path) -> list[str]:
    """Give the financial years that have a folder in `data/raw`, oldest first."""
    return sorted(folder.name for folder in raw.iterdir() if _is_of_year(folder))


def list_overlooked(raw: Path) -> list[str]:
    """Say of everything in `data/raw` that no year reads why it isn't read, and the way out."""
    found = []
    for path in sorted(path for path in raw.iterdir() if not is_of_desktop(path)):
        if _is_of_year(path):
            inner = sorted(one.name for one in path.iterdir() if one.is_dir() and not is_of_desktop(one))
            reason = "a folder in the folder of a year; move its tables up, or it out of data/raw."
            found += [f"data/raw/{path.name}/{name}: {reason}" for name in inner]
        elif path.is_dir() and path.name != "open":
            year = read_financial_year(path.name) or "2024-25"
            found.append(f"data/raw/{path.name}: not named like a financial year; rename it, for example to {year}.")
        elif path.is_file() and path.suffix.lower() not in (".md", ""):
            found.append(
                f"data/raw/{path.name}: lies in no year; move it into data/raw/<financial year>, like 2024-25."
            )
    return found


def _is_of_year(path: Path) -> bool:
    return path.is_dir() and read_financial_year(path.name) == path.name


def choose_year(raw: Path, wanted: str | None) -> str:
    """Choose the year asked for, or the newest; an `InputError` names the years that exist."""
    years = raw_years(raw)
    if not years:
        raise InputError("data/raw holds no folder of a financial year such as 2017-18.")
    if wanted is None:
        return years[-1]
    year = read_financial_year(wanted)
    if year is None:
        raise InputError(f"{wanted!r} is not a financial year; write it like {years[-1]}.")
    if year not in years:
        raise InputError(f"There is no folder data/raw/{year}; the years with data are {', '.join(years)}.")
    return year
