"""First step of ingest: the raw files of a year, each read as what its content is. In: paths. Out: `RawFile`s."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from swp_analysis.ingest.formats.grid import Grid, RawFile

# Files of a year's folder that hold no KPI table: typed claims, the board's own scores, notes for people.
NOT_TABLES = {"claims.csv", "workshop.csv", "readme.md", "readme.txt"}


def raw_tables(folder: Path) -> list[Path]:
    """The files of a year's folder that should hold KPI tables, in a fixed order; hidden and office lock files are
    not."""
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))]
    return sorted((path for path in files if path.name.lower() not in NOT_TABLES), key=lambda path: path.name)


def read_raw_file(path: Path, label_headings: list[str]) -> RawFile:
    """The grids of one raw file and the words outside them; `read_grids` says what is raised."""
    return RawFile(tuple(read_grids(path, label_headings)))


def read_grids(path: Path, label_headings: list[str]) -> Iterator[Grid]:
    """The grids of one raw file, read as what its content is, whatever its name says.

    `label_headings` are the words that begin a heading row; they tell a text file's delimiter.

    Raises
    ------
    InputError
        For a file that is empty, too large, locked, damaged or of a kind that isn't read.
    """
    from swp_analysis.ingest.kinds import kind_of

    kind = kind_of(path)
    if kind == "text":
        from swp_analysis.ingest.text_files import read_text_grid

        yield read_text_grid(path, label_headings)
    elif kind in ("xlsx", "xls", "ods"):
        from swp_analysis.ingest.workbooks import read_workbook

        yield from read_workbook(path, kind)
    elif kind == "html":
        from swp_analysis.ingest.web_pages import read_html

        yield from read_html(path)
    elif kind == "docx":
        from swp_analysis.ingest.documents import read_docx

        yield from read_docx(path)
    else:
        from swp_analysis.ingest.pdf_pages import read_pdf

        yield from read_pdf(path, label_headings)
