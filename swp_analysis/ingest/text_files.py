"""CSV, TSV and the text of a whole report. In: a text file in any usual encoding, with any delimiter. Out: a `Grid`.

A report's text has tables between its prose, cells apart by tabs; each line is a row there, so that a row is found
again by its line number.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Grid, Row
from swp_analysis.ingest.spelling import fold_look_alikes

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_NEVER_DELIMITERS = set(" \"'.-/()%&<>*–")


def read_text_grid(path: Path, label_headings: list[str]) -> Grid:
    """The one grid of a text file.

    Raises
    ------
    InputError
        When the content is no text, or its quotes don't close.
    """
    text = decode(path.name, path.read_bytes())
    delimiter = _delimiter(text, label_headings)
    is_report = _is_report(text, delimiter)
    rows = _report_rows(text) if is_report else _csv_rows(path.name, text, delimiter)
    return Grid(path.name, "", tuple(rows), is_copied=is_report)


def decode(name: str, content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else UTF-16 without mark, else Windows-1252.

    >>> decode("kpi.csv", "£5".encode("cp1252"))
    '£5'
    """
    encoding = next((found for mark, found in _BOMS if content.startswith(mark)), None) or _guess(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROL.search(text):
        raise InputError(f"{name}: this is not a text file, whatever its name says; expected a KPI table.")
    return text


def _guess(content: bytes) -> str:
    zeros = content[:4096].count(0) / max(1, len(content[:4096]))
    if zeros > 0.3 and len(content) % 2 == 0:
        return "utf-16-le" if content[1] == 0 else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str, label_headings: list[str]) -> str:
    """The character that takes the heading line apart into the most cells; a comma when there is no such line."""
    lines = (fold_look_alikes(line.lstrip('"')) for line in text.splitlines())
    heading = next((line for line in lines if _is_heading(line, label_headings)), "")
    marks = Counter(ch for ch in heading if not ch.isalnum() and ch not in _NEVER_DELIMITERS)
    return max(marks, key=lambda mark: (marks[mark], mark == "\t"), default=",")


def _is_heading(line: str, label_headings: list[str]) -> bool:
    cells = re.split(r"[^\w ]", line.strip(" ,;\t|"), maxsplit=1)
    words = tuple(word.casefold() for word in label_headings)
    return len(cells) > 1 and cells[0].strip().casefold().startswith(words)


def _is_report(text: str, delimiter: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return delimiter == "\t" and 2 * sum("\t" in line for line in lines) < len(lines)


def _report_rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        yield Row(number, tuple(line.split("\t")))


def _csv_rows(name: str, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    starts_at = 1
    try:
        for cells in reader:
            yield Row(starts_at, tuple(cells))
            starts_at = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{name}, row {starts_at}: not readable as CSV ({error}).") from None
