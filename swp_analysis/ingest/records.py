"""The rows and passages that ingest hands on. In: a figure, its period and its cell; a `RawFile`. Out: records with
the columns of DESIGN section 3; passages of prose and commentary, which the audit judges, and the direction that tables
print for each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.ingest.cells import Figure, can_be_read, shape_of
from swp_analysis.ingest.formats.grid import Address, Grid, Paragraph, RawFile, Row
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.timeline import Period

if TYPE_CHECKING:
    import pandas as pd

SOURCE_COLUMNS = ["source_file", "source_sheet", "source_row", "source_column", "raw_value"]
OBSERVATION_COLUMNS = [
    *("indicator", "area_code", "financial_year", "quarter", "period_start", "period_end"),
    *("value", "lower", "upper", "numerator", "denominator", "status", *SOURCE_COLUMNS),
]
PROVISIONAL = "provisional"  # whether the table calls a figure so
NOT_FINAL = "may still change"  # how every note on provisional figures ends
PROVISIONAL_COLUMNS = ["indicator", "area_code", "financial_year", "quarter", "period_start", "period_end"]
BASELINE_COLUMNS = ["indicator", "financial_year", "value", "raw_value", *SOURCE_COLUMNS[:-1]]


@dataclass(frozen=True)
class Unread:
    """A cell that is kept as printed but not turned into a figure, with the reason; or the row of an `indicator`,
    which its words keep from being read, with its `periods`."""

    address: Address
    text: str
    reason: str
    indicator: str = ""
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True)
class ReportPassage:
    """A stretch of text with its place: a line of prose under a heading, or the commentary of a table row."""

    place: str
    key: str
    text: str
    row: str = ""
    heading: str = ""


@dataclass
class ReportText:
    """Passages in the order of the files, and the printed direction (`up` or `down`) by indicator."""

    passages: list[ReportPassage] = field(default_factory=list)
    directions: dict[str, str] = field(default_factory=dict)

    def add(self, other: ReportText) -> None:
        """Take over the passages and directions of another file."""
        self.passages += other.passages
        self.directions |= other.directions


@dataclass
class Reading:
    """What a year's folder says: observations, baselines, the cells that could not be read, and what was decided on
    the way."""

    financial_year: str
    area_code: str
    files: list[str] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    baselines: list[dict[str, Any]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    report: ReportText = field(default_factory=ReportText)

    def add(self, other: Reading) -> None:
        """Take over all that another reading holds."""
        self.observations += other.observations
        self.baselines += other.baselines
        self.unread += other.unread
        self.notes += other.notes
        self.report.add(other.report)

    def add_observation(
        self, indicator: str, period: Period, figure: Figure, address: Address, printed: str, provisional: bool = False
    ) -> None:
        """Keep a figure with its cell, and whether its table calls it provisional."""
        first, last = period.days
        self.observations.append(
            {
                "indicator": indicator,
                "area_code": self.area_code,
                "financial_year": period.financial_year,
                "quarter": None if period.month else period.quarter,
                "period_start": first.isoformat(),
                "period_end": last.isoformat(),
                **vars(figure),
                **source_of(address, printed),
                PROVISIONAL: provisional,
            }
        )

    def add_baseline(self, indicator: str, financial_year: str, figure: Figure, address: Address, printed: str) -> None:
        """Keep a printed baseline: the figure of the year before the newest one in the table."""
        record = {"indicator": indicator, "financial_year": financial_year, "value": figure.value}
        self.baselines.append(record | source_of(address, printed))

    def observation_frame(self, *more: str) -> pd.DataFrame:
        """Give one row per indicator and period, columns of `data/processed/observations.csv` and `more`."""
        return _frame(self.observations, [*OBSERVATION_COLUMNS, *more])

    def baseline_frame(self) -> pd.DataFrame:
        """Give one row per printed baseline."""
        return _frame(self.baselines, BASELINE_COLUMNS)


def source_of(address: Address, printed: str) -> dict[str, Any]:
    """Give a cell's address and its text, as columns."""
    return {
        "source_file": address.file,
        "source_sheet": address.sheet,
        "source_row": address.row,
        "source_column": address.column_letter,
        "raw_value": printed,
    }


def _frame(records: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(records, columns=columns)
    numbers = [name for name in ("value", "lower", "upper", "numerator", "denominator") if name in columns]
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    return frame.astype({"quarter": "Int64"}) if "quarter" in columns else frame


# What a file says beside its figures


TEXT_FILES = {".txt", ".md"}
FEWEST_WORDS = 4
_DIRECTION = re.compile(r"\s*to (?P<up>increase)|\s*to (?P<down>reduce|decrease)", re.IGNORECASE)
_LINE = re.compile(r"line (\d+)")
# Columns of our own form that say what is asked for: no statements.
_ASKED = {"data owner", "definition", "what to enter"}
LABEL_IN_FIRST = 3  # columns: a number or a theme may stand before the label


def name_passages(paths: list[Path]) -> dict[Path, str]:
    """Say for each file what the keys of its passages begin with; reports, which are texts, come before tables."""
    texts = [path for path in paths if path.suffix.lower() in TEXT_FILES]
    prefixes = {path: "x" if n == 1 else f"x{n}-" for n, path in enumerate(texts, start=1)}
    return prefixes | {path: f"x-{path.stem}-" for path in paths if path not in prefixes}


def add_file(raw: RawFile, prefix: str, report: ReportText, book: LabelBook) -> None:
    """Append a file's passages and directions to `report`; `prefix` begins the keys of its passages."""
    report.passages += (_of_paragraph(one, prefix, place) for place, one in enumerate(raw.paragraphs, start=1))
    for number, grid in enumerate(raw.grids):
        for indicator, row, column, cell in _cells_of_rows(grid, book):
            match = _DIRECTION.match(cell)
            if match:
                report.directions[indicator.id] = "up" if match["up"] else "down"
            elif _is_commentary(cell, indicator, book.catalogue):
                place = f"{grid.name}, row {row.number}, commentary of {indicator.id}"
                key = f"{prefix}{f't{number}-' if number else ''}{row.number}c{column}"
                report.passages.append(ReportPassage(place, key, cell.strip(), indicator.id))


def _of_paragraph(one: Paragraph, prefix: str, place: int) -> ReportPassage:
    line = _LINE.fullmatch(one.place)
    under = f", under {one.heading!r}" if one.heading else ""
    heading = one.text if one.kind == "heading" else one.heading
    return ReportPassage(f"{one}{under}", f"{prefix}{line[1] if line else f'p{place}'}", one.text, heading=heading)


def _cells_of_rows(grid: Grid, book: LabelBook) -> Iterator[tuple[Indicator, Row, int, str]]:
    asked: set[int] = set()
    for row, below in zip_longest(grid.rows, grid.rows[1:]):
        for at in [] if row.is_blank else row.columns[:LABEL_IN_FIRST]:
            if indicator := book.of_row(row.text(at), below.text(at) if below else ""):
                columns = [column for column in row.columns if column > at and column not in asked]
                yield from ((indicator, row, column, row.printed(column)) for column in columns)
                break
        else:
            asked = {column for column in row.columns if row.text(column).casefold() in _ASKED} or asked


def _is_commentary(cell: str, indicator: Indicator, catalogue: Catalogue) -> bool:
    """Words, rather than a figure, an owner or a direction."""
    text = " ".join(cell.split())
    is_figure = can_be_read(text, shape_of(indicator), frozenset(catalogue.layouts.missing_marks))
    is_said = not is_figure and len(text.split()) >= FEWEST_WORDS and text != indicator.owner
    return is_said and not re.match(r"\d+ [\w ]+ in Quarter \d$", text)
