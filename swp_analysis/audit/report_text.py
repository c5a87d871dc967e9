"""What a report says beside its figures. In: raw files as ingest reads them. Out: passages of prose and commentary, and
the direction that the table prints for each row.
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
from swp_analysis.ingest.formats.grid import Grid, Paragraph, RawFile, Row
from swp_analysis.ingest.formats.raw_files import raw_tables, read_raw_file
from swp_analysis.ingest.labels import LabelBook

TEXT_FILES = {".txt", ".md"}
FEWEST_WORDS = 4
_DIRECTION = re.compile(r"\s*to (?P<up>increase)|\s*to (?P<down>reduce|decrease)", re.IGNORECASE)
_LINE = re.compile(r"line (\d+)")


@dataclass
class ReportText:
    """Passages in the order of the files, and the printed direction (`up` or `down`) by indicator."""

    passages: list[ReportPassage] = field(default_factory=list)
    directions: dict[str, str] = field(default_factory=dict)


def read_report_text(folder: Path, catalogue: Catalogue) -> ReportText:
    """Everything in words among the raw files of a year.

    Raises
    ------
    InputError
        When a file can't be read.
    """
    report, texts = ReportText(), 0
    for path in sorted(raw_tables(folder), key=lambda one: (one.suffix.lower() not in TEXT_FILES, one.name)):
        is_text = path.suffix.lower() in TEXT_FILES
        texts += is_text
        prefix = f"x-{path.stem}-" if not is_text else "x" if texts == 1 else f"x{texts}-"
        add_file(read_raw_file(path, catalogue.layouts.label_headings), prefix, report, catalogue)
    return report


def add_file(raw: RawFile, prefix: str, report: ReportText, catalogue: Catalogue) -> None:
    """Append a file's passages and directions to `report`; `prefix` begins the keys of its passages."""
    report.passages += (_of_paragraph(one, prefix, place) for place, one in enumerate(raw.paragraphs, start=1))
    book = LabelBook(catalogue)
    for number, grid in enumerate(raw.grids):
        for indicator, row, column, cell in _cells_of_rows(grid, book):
            match = _DIRECTION.match(cell)
            if match:
                report.directions[indicator.id] = "up" if match["up"] else "down"
            elif _is_commentary(cell, indicator, catalogue):
                place = f"{grid.name}, row {row.number}, commentary of {indicator.id}"
                key = f"{prefix}{f't{number}-' if number else ''}{row.number}c{column}"
                report.passages.append(ReportPassage(place, key, cell.strip(), indicator.id))


def _of_paragraph(one: Paragraph, prefix: str, place: int) -> ReportPassage:
    line = _LINE.fullmatch(one.place)
    under = f", under {one.heading!r}" if one.heading else ""
    heading = one.text if one.kind == "heading" else one.heading
    return ReportPassage(f"{one}{under}", f"{prefix}{line[1] if line else f'p{place}'}", one.text, heading=heading)


def _cells_of_rows(grid: Grid, book: LabelBook) -> Iterator[tuple[Indicator, Row, int, str]]:
    for row, below in zip_longest(grid.rows, grid.rows[1:]):
        indicator = _indicator_of(row, below, book)
        if indicator is not None:
            yield from ((indicator, row, column, row.printed(column)) for column in row.columns[1:])


def _indicator_of(row: Row, below: Row | None, book: LabelBook) -> Indicator | None:
    name = book.split(row.text(1)).name
    if name:
        return book.find(name)
    rule = book.unlabelled_before(book.split(below.text(1)).name) if below else None
    return book.indicator(rule.indicator) if rule and not row.is_blank else None


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
