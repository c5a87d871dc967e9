"""What a report says beside its figures. In: the raw folder of a year. Out: passages of prose and commentary, and the
direction that the table prints for each row.

Prose comes from text files, a line a passage. Commentary comes from the rows of tables, in text files (cells between
tabs) as in every other format that ingest reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from swp_analysis.audit.passages import ReportPassage
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.ingest.cells import UnreadCell, read_cell, shape_of
from swp_analysis.ingest.formats.raw_files import raw_tables, read_grids
from swp_analysis.ingest.formats.text import decode
from swp_analysis.ingest.labels import LabelBook

TEXT_FILES = {".txt", ".md"}
NOTES = {"readme.txt", "readme.md"}
FEWEST_WORDS = 4
_DIRECTION = re.compile(r"\s*to (?P<up>increase)|\s*to (?P<down>reduce|decrease)", re.IGNORECASE)


@dataclass
class ReportText:
    """Passages in the order of the files, and the printed direction (`up` or `down`) by indicator."""

    passages: list[ReportPassage] = field(default_factory=list)
    directions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    """The cells of a table row with their place."""

    file: str
    number: int
    cells: tuple[str, ...]


def read_report_text(folder: Path, catalogue: Catalogue) -> ReportText:
    """Everything in words among the raw files of a year.

    Raises
    ------
    InputError
        When a text file holds no text.
    """
    book, report = LabelBook(catalogue), ReportText()
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in TEXT_FILES and path.name.lower() not in NOTES
    )
    for position, path in enumerate(files):
        prefix = "x" if not position else f"x{position + 1}-"
        lines = _lines(path)
        rows = [_Row(path.name, n, tuple(line.split("\t"))) for n, line in enumerate(lines, start=1) if "\t" in line]
        report.passages += _prose(path.name, prefix, lines)
        _read_rows(rows, prefix, report, book, catalogue)
    for path in raw_tables(folder):
        if path not in files:
            for grid in read_grids(path, catalogue.layouts.label_headings):
                rows = [_Row(path.name, row.number, tuple(row.cells)) for row in grid.rows]
                _read_rows(rows, f"x-{path.stem}-", report, book, catalogue)
    return report


def _lines(path: Path) -> list[str]:
    return decode(path.name, path.read_bytes()).splitlines()


def _prose(name: str, prefix: str, lines: list[str]) -> Iterator[ReportPassage]:
    heading = ""
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("-•* ")
        if not text or "\t" in line:
            continue
        if len(text) < 60 and not re.search(r"[.\d]", text):
            heading = text
        place = f"{name}, line {number}" + (f", under {heading!r}" if heading and heading != text else "")
        yield ReportPassage(place, f"{prefix}{number}", text, heading=heading)


def _read_rows(rows: list[_Row], prefix: str, report: ReportText, book: LabelBook, catalogue: Catalogue) -> None:
    for row, below in zip_longest(rows, rows[1:]):
        indicator = _indicator_of(row, below, book)
        if indicator is None:
            continue
        for position, cell in enumerate(row.cells[1:], start=2):
            match = _DIRECTION.match(cell)
            if match:
                report.directions[indicator.id] = "up" if match["up"] else "down"
            elif _is_commentary(cell, indicator, catalogue):
                place = f"{row.file}, row {row.number}, commentary of {indicator.id}"
                report.passages.append(
                    ReportPassage(place, f"{prefix}{row.number}c{position}", cell.strip(), indicator.id)
                )


def _indicator_of(row: _Row, below: _Row | None, book: LabelBook) -> Indicator | None:
    name = book.split(" ".join(row.cells[0].split())).name
    if name:
        return book.find(name)
    rule = book.unlabelled_before(book.split(" ".join(below.cells[0].split())).name) if below else None
    return book.indicator(rule.indicator) if rule and any(cell.strip() for cell in row.cells) else None


def _is_commentary(cell: str, indicator: Indicator, catalogue: Catalogue) -> bool:
    """Words, rather than a figure, an owner or a direction."""
    text = " ".join(cell.split())
    if len(text.split()) < FEWEST_WORDS:
        return False
    try:
        read_cell(text, shape_of(indicator), frozenset(catalogue.layouts.missing_marks))
    except UnreadCell:
        return not re.match(r"\d+ [\w ]+ in Quarter \d$", text)
    return False
