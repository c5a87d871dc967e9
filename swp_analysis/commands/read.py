"""`swp read`: how raw files would be read, without building anything. In: paths. Out: lines of text, or rows of
`observations.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import display_year, financial_year_id, read_financial_year
from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.formats.raw_files import raw_tables
from swp_analysis.ingest.read_year import read_files
from swp_analysis.ingest.records import Reading

_WORDS = {"not_available": "not available", "unreadable": "unreadable"}
_MOST_OF_A_ROW = 100
_NOT_READ = re.compile(r"\b(?:not read|passed over)\b", re.IGNORECASE)


@dataclass(frozen=True)
class FileReading:
    """One file: what was read of it, or why it is refused."""

    path: Path
    reading: Reading
    refusal: str = ""


def read_paths(paths: Iterable[Path], year: str | None, catalogue: Catalogue) -> list[FileReading]:
    """Read each file by itself, so that one that is refused hides no other; a folder stands for its tables.

    `year` is the financial year whose folder the files would lie in; default the one of the folder where they lie, or
    today's.
    """
    return [_read_one(path, year or _year_of(path), catalogue) for path in list_files(paths)]


def list_files(paths: Iterable[Path]) -> Iterator[Path]:
    """List files that are given, and the tables of folders among them.

    Raises
    ------
    InputError
        For a folder that holds none.
    """
    for path in paths:
        found = raw_tables(path) if path.is_dir() else [path]
        if not found:
            within = ", ".join(sorted(one.name for one in path.iterdir() if one.is_dir()))
            raise InputError(f"{path} holds no table; name files{f', or folders in it: {within}' if within else ''}.")
        yield from found


def _year_of(path: Path) -> str:
    own = read_financial_year(path.absolute().parent.name)
    today = date.today()
    return own or financial_year_id(today.year if today.month >= 4 else today.year - 1)


def _read_one(path: Path, year: str, catalogue: Catalogue) -> FileReading:
    nothing = Reading(year, catalogue.identity.area_code)
    if not path.exists():
        return FileReading(path, nothing, f"{path}: there is no such file.")
    try:
        reading, refused = read_files([path], year, catalogue)
    except InputError as problem:
        return FileReading(path, nothing, str(problem))
    if refused:
        return FileReading(path, nothing, str(refused[path]))
    return FileReading(path, reading)


def write_figures(files: list[FileReading]) -> str:
    """Write the figures of all files that are read, as `observations.csv` has them."""
    import pandas as pd

    from swp_analysis.quality.processed import csv_text

    return csv_text(pd.concat([file.reading.observation_frame() for file in files], ignore_index=True))


# As text


def describe_files(files: list[FileReading]) -> Iterator[str]:
    """Describe what a person gets to read: for each file its figures with their cells, what is not read, what was
    decided."""
    for number, file in enumerate(files):
        if number:
            yield ""
        refusal = [f"{file.path.name} is refused.", *(f"  {line}" for line in file.refusal.split("\n"))]
        yield from refusal if file.refusal else _read(file)
    refused = sum(bool(file.refusal) for file in files)
    if len(files) > 1:
        yield ""
        stop = f", {refused} would stop the build" if refused else ""
        yield f"{len(files) - refused} of {count_noun(len(files), 'file')} can be read{stop}."


def _read(file: FileReading) -> Iterator[str]:
    reading = file.reading
    read = [row for row in reading.observations if row["status"] in ("reported", "suppressed")]
    names = {row["indicator"] for row in read}
    counts = f"{count_noun(len(read), 'figure')} of {count_noun(len(names), 'indicator')}"
    yield f"{file.path.name} is read as a file of data/raw/{reading.financial_year}: {counts}."
    for heads, rows in ((("Indicator", "Period"), reading.observations), (("Baseline", "Year"), reading.baselines)):
        if rows:
            yield ""
            yield from _table([[*heads, "Figure", "As printed", "Cell"], *map(_line, rows)])
    reasons = [(one, one.reason.removesuffix(".")) for one in reading.unread]
    unread = [f"{one.address}: {one.text[:_MOST_OF_A_ROW]!r}: {reason}." for one, reason in reasons]
    passed = [note for note in reading.notes if _NOT_READ.search(note)]
    yield from _listed("Not read", [*unread, *passed])
    yield from _listed("Decided", [note for note in reading.notes if note not in passed])
    if passages := reading.report.passages:
        comments = sum(bool(one.row) for one in passages)
        yield ""
        prose, said = count_noun(len(passages) - comments, "paragraph"), count_noun(comments, "comment")
        yield f"  {prose} of prose and {said} on rows: sentences that `swp audit` checks."


def _line(row: dict[str, Any]) -> list[str]:
    figure = _WORDS.get(row.get("status", ""), "") or _number(row["value"])
    if row.get("status") == "suppressed":
        figure = f"{row['lower']:g} to {row['upper']:g}"
    elif row.get("denominator") is not None:
        figure += f" ({row['numerator']:g} of {row['denominator']:g})"
    return [row["indicator"], _period(row), figure, " ".join(row["raw_value"].split())[:30], _cell(row)]


def _period(row: dict[str, Any]) -> str:
    year = display_year(row["financial_year"])
    if "quarter" not in row:
        return year
    return f"Q{row['quarter']} {year}" if row["quarter"] else f"{date.fromisoformat(row['period_start']):%B %Y}"


def _cell(row: dict[str, Any]) -> str:
    sheet = f"{row['source_sheet']}: " if row["source_sheet"] else ""
    return f"{sheet}{row['source_column']}{row['source_row']}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _listed(title: str, entries: list[str]) -> Iterator[str]:
    if entries:
        yield ""
        yield f"  {title} ({len(entries)}):"
        yield from (f"  - {entry}" for entry in entries)
