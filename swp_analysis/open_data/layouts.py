"""Which table of which publisher a sheet is. In: a published file. Out: `Header`, a column for each field; frames.

The names are data (`layouts.yml`), so that a renamed column is an edit there, or in a project's own
`data/raw/open/layouts.yml`, never code.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from swp_analysis.errors import InputError
from swp_analysis.open_data.offences import ons_headings
from swp_analysis.open_data.sheets import HEADER_WITHIN, PublishedSheet, read_sheets
from swp_analysis.project import read_shipped

YEAR_ENDING = re.compile(r"year ending ([a-z]+ \d{4})", re.IGNORECASE)
OWN_LAYOUTS = "layouts.yml"
NOT_READ = "not_read"
NOTE_MARK = re.compile(r"\[note[^\]]*\]", re.IGNORECASE)


@dataclass(frozen=True)
class Header:
    """Where a table's fields stand: columns by field, by offence group and by year; `row` counts from 1.

    `above`: the text of each row over the header."""

    kind: str
    source: str
    title: str
    row: int
    columns: dict[str, int]
    offences: dict[str, int] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    vintage: str = ""
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedTable:
    """A sheet that is a known table. `frame`: its rows with their number (`row`) and the clean text of each field,
    offence group and year, empty for what the table lacks. `short`: the rows that end before the last field."""

    header: Header
    where: str
    frame: pd.DataFrame
    short: tuple[int, ...] = ()


def clean(cell: Any) -> str:
    """Give a cell's text with single spaces and without note marks.

    >>> clean("Humberside\\xa0 [note 4]"), clean(2016.0), clean(None)
    ('Humberside', '2016', '')
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    if "[" in text:
        text = NOTE_MARK.sub("", text)
    return " ".join(text.split())


def load_layouts(folder: Path | None = None) -> dict[str, Any]:
    """Load the shipped layouts, with the names that `folder/layouts.yml` adds to them."""
    own = folder / OWN_LAYOUTS if folder else None
    return _load_layouts(own, own.stat().st_mtime_ns) if own and own.is_file() else _load_layouts(None, 0)


@lru_cache(maxsize=8)
def _load_layouts(own: Path | None, changed: int) -> dict[str, Any]:
    book = read_shipped(Path(__file__).with_name("layouts.yml"))
    for kind, entry in (_read_own(own, book) if own else {}).items():
        for name, headings in entry.get("names", {}).items():
            book[kind]["names"][name] = [*book[kind]["names"].get(name, []), *headings]
        book[kind]["ignored"] = [*book[kind].get("ignored", []), *entry.get("ignored", [])]
    return book


def _read_own(path: Path, book: Mapping[str, Any]) -> dict[str, Any]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    unknown = sorted(set(entries) - {kind for kind in book if _is_layout(book[kind])})
    if unknown:
        raise InputError(
            f"{path.name} names a table {unknown[0]} that nobody reads; see docs/open_data.md for the names."
        )
    return entries


def _is_layout(entry: Any) -> bool:
    return isinstance(entry, dict) and "names" in entry


def find_header(sheet: PublishedSheet, folder: Path | None = None) -> Header | None:
    """Find the first row of up to `HEADER_WITHIN` that is a header of a known table, or None when no row comes near
    one; its kind is `NOT_READ` for a table whose figures are not needed.

    The rows of the sheet are used up to the header and no further, so reading goes on below it.

    Raises
    ------
    InputError
        For a row that is nearly such a header: a column that is unknown, or one that is missing.
    """
    book = load_layouts(folder)
    layouts = {kind: entry for kind, entry in book.items() if _is_layout(entry)}
    above: list[str] = []
    for number, cells in zip(range(1, HEADER_WITHIN + 1), sheet.rows, strict=False):
        headings = [clean(cell) for cell in cells]
        while headings and not headings[-1]:
            headings.pop()
        tried = [_match(kind, layouts[kind], headings, number) for kind in layouts]
        fitting = [header for header, missing, unknown in tried if not missing and not unknown]
        if fitting:
            header = max(fitting, key=lambda header: len(header.columns))
            return replace(header, kind=_kind_by_title(header, layouts, above), above=tuple(above))
        near = [trial for trial in tried if _comes_near(trial, headings)]
        if near:
            header, missing, unknown = max(near, key=lambda trial: (not trial[1], len(trial[0].columns)))
            if any(is_one_of(heading, book[NOT_READ]) for heading in unknown):
                return Header(NOT_READ, NOT_READ, "", number, {})
            raise InputError(_refuse(header, missing, unknown, sheet.where))
        above.append(" ".join(headings))
    return None


def _kind_by_title(header: Header, layouts: Mapping[str, Any], above: Iterable[str]) -> str:
    """The kind of a header, unless the title over it, the line that names its time, is that of another table."""
    other, titles = layouts[header.kind].get("not_titles"), [line for line in above if YEAR_ENDING.search(line)]
    is_other = other and any(re.search(other, YEAR_ENDING.sub("", line), re.IGNORECASE) for line in titles)
    return NOT_READ if is_other else header.kind


def read_tables(path: Path, kinds: Collection[str], folder: Path | None = None) -> Iterator[PublishedTable]:
    """Read every sheet of a file that is a table of these kinds.

    Raises
    ------
    InputError
        As `find_header`, and for a file that can't be read.
    """
    for sheet in read_sheets(path):
        header = find_header(sheet, folder)
        if header and header.kind in kinds:
            yield _read_rows(header, sheet)


def read_table(path: Path, kinds: Sequence[str], folder: Path | None = None) -> PublishedTable:
    """Read the first sheet of a file that is a table of these kinds; also raises an InputError when none is."""
    for table in read_tables(path, kinds, folder):
        return table
    entry = load_layouts()[kinds[0]]
    raise InputError(f"{path.name}: no sheet holds {entry['title']}; fetch it again with swp fetch {entry['fetched']}.")


def _read_rows(header: Header, sheet: PublishedSheet) -> PublishedTable:
    columns = {**header.columns, **header.offences, **header.years}
    numbered = [(number, *cells) for number, cells in enumerate(sheet.rows, start=header.row + 1) if any(cells)]
    cells = dict(enumerate(zip_longest(*numbered)))
    found: dict[str, Any] = {"row": cells.get(0, ())}
    for name, column in columns.items():
        own = cells.get(column + 1, (None,) * len(numbered))
        texts = {cell: clean(cell) for cell in set(own) if cell is not None}
        found[name] = [texts.get(cell) for cell in own]
    frame = pd.DataFrame(found, dtype=object)
    absent = [name for name in load_layouts()[header.kind]["names"] if name not in columns]
    short = tuple(frame["row"][frame.isna().any(axis=1)])
    whole = _leave_out_parts(frame.fillna(""), header, sheet.where)
    return PublishedTable(header, sheet.where, whole.assign(**dict.fromkeys(absent, "")), short)


def _leave_out_parts(frame: pd.DataFrame, header: Header, where: str) -> pd.DataFrame:
    """The rows that are of everyone, where others are of one sex or age."""
    for name, texts in load_layouts()[header.kind].get("only", {}).items():
        if name in header.columns and len(frame):
            frame = frame[frame[name].str.casefold().isin([text.casefold() for text in texts])]
            if frame.empty:
                raise InputError(f"{where}: no row has {' or '.join(texts)} as its {name}; fetch the table with these.")
    return frame


def _comes_near(trial: tuple[Header, list[str], list[str]], headings: list[str]) -> bool:
    header, missing, _ = trial
    known = len(header.columns)
    return (known >= 3 or known >= max(2, len(missing))) and len([heading for heading in headings if heading]) >= 3


def _match(kind: str, layout: Mapping[str, Any], headings: list[str], row: int) -> tuple[Header, list[str], list[str]]:
    """The header as far as it fits, the fields that are missing and the headings that are unknown."""
    columns: dict[str, int] = {}
    offences: dict[str, int] = {}
    years: dict[str, int] = {}
    unknown: list[str] = []
    groups = ons_headings() if layout.get("offences") else {}
    for column, heading in enumerate(headings):
        name = next((name for name, names in layout["names"].items() if is_one_of(heading, names)), None)
        if name and name not in columns:
            columns[name] = column
        elif heading.casefold() in groups:
            offences[groups[heading.casefold()]] = column
        elif layout.get("years") and (found := re.fullmatch(layout["years"], heading, re.IGNORECASE)):
            years[found["year"]] = column
        elif heading and not is_one_of(heading, layout.get("ignored", [])):
            unknown.append(heading)
    missing = [name for name in layout["names"] if name not in columns and name not in layout.get("optional", [])]
    missing += ["offences"] * bool(layout.get("offences") and not offences)
    missing += ["years"] * bool(layout.get("years") and not years)
    vintage, called = _find_vintage(layout, headings), layout.get("source_with", {})
    source = next((called[name] for name in called if name in columns), layout.get("source", kind))
    return (
        Header(kind, source, layout["title"], row, columns, offences, years, vintage),
        missing,
        unknown,
    )


def is_one_of(heading: str, names: Iterable[str]) -> bool:
    """Tell whether a heading is one of the names, which may be patterns.

    >>> is_one_of("LAD24CD", [r"LAD\\d\\dCD"]), is_one_of("Offence Count", ["Count"])
    (True, False)
    """
    plain = heading.casefold()
    return any(plain == name.casefold() or _pattern(name).fullmatch(heading) is not None for name in names)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(name if "\\" in name or ".*" in name else re.escape(name), re.IGNORECASE)


def _find_vintage(layout: Mapping[str, Any], headings: list[str]) -> str:
    if "vintage" not in layout:
        return ""
    found = filter(None, (re.match(layout["vintage"], heading, re.IGNORECASE) for heading in headings))
    return next((f"20{match['year']}" for match in found), "")


def _refuse(header: Header, missing: list[str], unknown: list[str], where: str) -> str:
    what = f"{where}, row {header.row}"
    named = f"the column “{unknown[0]}” is not known" if unknown else "a column is missing"
    lacks = f" and nothing stands for {', '.join(missing)}" if missing else ""
    return (
        f"{what}: {named} in {header.title}{lacks}; if it is a new name of a column, add it under {header.kind} in "
        f"data/raw/open/{OWN_LAYOUTS} (names: for one that is needed, ignored: for one that is not)."
    )
