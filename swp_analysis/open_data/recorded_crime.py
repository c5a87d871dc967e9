"""Home Office recorded crime, one row an area, quarter and offence code. In: a published file. Out: a CSV a force.

Rows are written as they are read, in the order of the file. A force or partnership that is missing from a quarter in
which the others stand gets a row `not_supplied`, so that its gap is never taken for a zero.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from swp_analysis.catalogue.periods import financial_year_id, quarter_bounds
from swp_analysis.errors import InputError
from swp_analysis.open_data.gazetteer import BODIES, Gazetteer
from swp_analysis.open_data.layouts import NOT_READ, Header, clean, find_header, load_layouts
from swp_analysis.open_data.offences import known_names
from swp_analysis.open_data.sheets import PublishedSheet, read_sheets, split_lines

COLUMNS = (
    "area_code period_start period_end financial_year quarter offence_group offence_subgroup offence_code count status "
    "source edition source_row"
).split()
REPORTED, NOT_SUPPLIED, PARTIAL = "reported", "not_supplied", "partial"
YEAR = re.compile(r"(\d{4})\s*[-/_]\s*(\d{2}|\d{4})")
QUARTER = re.compile(r"(?:Q(?:uarter)?\s*)?([1-4])(?:\.0+)?", re.IGNORECASE)
NUMBER = re.compile(r"-?[\d,]+(?:\.0+)?")
ROWS_AT_ONCE, OFTEN, MOST = 50_000, 1_000, 10**9
NO_START = b"\0"  # begins no line
PLACE_AND_QUARTER, OFFENCE = "financial_year quarter force csp", "group subgroup code"


@dataclass
class ForceTables:
    """The CSV of each force in a folder, appended to as rows come in."""

    folder: Path
    lines: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def flush(self) -> None:
        """Append what waits to the files."""
        for force, lines in self.lines.items():
            if lines:
                with (self.folder / f"{force}.csv").open("ab") as file:
                    file.write(b"".join(lines))
            lines.clear()  # the lists stay, since a reading holds on to them


Block = tuple[bytes, Callable[[bytes], None]]


@dataclass
class _Reading:
    """What is known of one sheet's rows: texts made once for each place and quarter, offence and count.

    `blocks`: how the lines of a place and quarter begin, and what appends them; only those that have a figure.
    """

    header: Header
    where: str
    book: Gazetteer
    tables: ForceTables
    tail: str
    encoding: str
    blocks: dict[tuple, Block] = field(default_factory=dict)
    offences: dict[tuple, bytes] = field(default_factory=dict)
    counts: dict[object, bytes] = field(default_factory=dict)

    def columns(self, names: str) -> list[int]:
        return [self.header.columns[name] for name in names.split() if name in self.header.columns]


def read_recorded_crime(path: Path, book: Gazetteer, edition: str, folder: Path, own: Path | None = None) -> None:
    """Write the rows of a file into a CSV a force in `folder`.

    Parameters
    ----------
    own : the folder with the user's `layouts.yml`.

    Raises
    ------
    InputError
        For a sheet whose header is unknown, a year, quarter or count that can't be read, or a force that nobody knows.
    """
    tables, source = ForceTables(folder), ""
    seen: dict[str, set] = defaultdict(set)
    for sheet in read_sheets(path):
        header = find_header(sheet, own)
        if header is None:
            refuse_unless_notes(sheet)
            continue
        if header.kind == NOT_READ:
            continue
        source = header.source
        reading = _Reading(header, sheet.where, book, tables, f",{source},{edition},", sheet.encoding)
        _read_rows(reading, sheet)
        _note_quarters(reading, seen)
    for force, line in _list_gaps(seen, book, f",{source},{edition},\n"):
        tables.lines[force].append(line.encode())
    tables.flush()


def _note_quarters(reading: _Reading, seen: dict[str, set]) -> None:
    """Note the quarters that a sheet has of each area; raise an InputError where an earlier sheet has them, too."""
    for area, _, _, year, quarter, _ in {tuple(begins.decode().split(",")) for begins, _ in reading.blocks.values()}:
        if (year, int(quarter)) in seen[area]:
            twice = f"Q{quarter} {year} of {reading.book.areas[area].name}"
            raise InputError(f"{reading.where}: {twice} stands on an earlier sheet, too; delete one of the two.")
        seen[area].add((year, int(quarter)))


def refuse_unless_notes(sheet: PublishedSheet) -> None:
    """Raise an InputError for a sheet without a header that is neither empty nor one of notes."""
    if re.search(load_layouts()["skipped_sheets"], sheet.name, re.IGNORECASE):
        return
    if sum(any(clean(cell) for cell in cells) for cells in sheet.rows) > 0 and YEAR.search(sheet.name):
        raise InputError(
            f"{sheet.where}: no header of a known table stands in its first rows; look at the sheet, and add new "
            "names of columns to data/raw/open/layouts.yml."
        )


def _read_rows(reading: _Reading, sheet: PublishedSheet) -> None:
    first, places = reading.header.row + 1, reading.columns(PLACE_AND_QUARTER)
    if sheet.lines and places == [*range(len(places))]:
        first = _write_lines(reading, sheet.lines, first)
    rows = enumerate(sheet.rows, start=first)
    while _write_rows(reading, islice(rows, ROWS_AT_ONCE)):
        reading.tables.flush()


def _write_rows(reading: _Reading, rows: Iterator[tuple[int, Sequence]]) -> int:
    """Append a line for each row; the loop of three million turns, so it does no more than look up. The last number."""
    of_block, of_offence = (itemgetter(*reading.columns(names)) for names in (PLACE_AND_QUARTER, OFFENCE))
    at, number = reading.header.columns["count"], 0
    blocks, offences, counts = reading.blocks, reading.offences, reading.counts
    for number, cells in rows:
        try:
            begins, append = blocks[of_block(cells)]
            append(b"%b%b%b%d\n" % (begins, offences[of_offence(cells)], counts[cells[at]], number))
        except (KeyError, IndexError):
            _write_new(reading, number, cells)
    return number


def _write_lines(reading: _Reading, lines: Iterator[bytes], first: int) -> int:
    """Append a line for each of a CSV that begins with place and quarter: what follows them in one that begins as the
    line before is looked up whole. The number of the row that comes next; lines are left when places change often."""
    start, (begins, append), ends = NO_START, _no_block(), dict[bytes, bytes]()
    places, number = 0, first - 1
    for number, line in enumerate(lines, start=first):
        if line.startswith(start):
            if end := ends.get(line[len(start) :]):
                append(b"%b%b%d\n" % (begins, end, number))
                continue
        else:
            places += 1
            if not places % OFTEN:
                reading.tables.flush()
        cells = next(split_lines(chain([line], lines), reading.encoding))
        _write_new(reading, number, cells)
        start, (begins, append) = _learn_line(reading, line, cells, ends)
        if places > OFTEN and places > (number - first) / 8:
            break
    return number + 1


def _no_block() -> Block:
    unused: list[bytes] = []
    return b"", unused.append


def _learn_line(reading: _Reading, line: bytes, cells: Sequence[str], ends: dict[bytes, bytes]) -> tuple[bytes, Block]:
    """How lines of the same place and quarter begin, and what is written for them; enters what follows in this one."""
    place, at = tuple(cells[: len(reading.columns(PLACE_AND_QUARTER))]), reading.header.columns["count"]
    start = "".join(f"{quote(cell)}," for cell in place).encode(reading.encoding)
    is_plain = line.startswith(start) and len(cells) == at + 1 and line.count(b'"') % 2 == 0
    if not is_plain or place not in reading.blocks or cells[at] not in reading.counts:
        return NO_START, _no_block()
    offence = reading.offences[tuple(cells[column] for column in reading.columns(OFFENCE))]
    ends[line[len(start) :]] = offence + reading.counts[cells[at]]
    return start, reading.blocks[place]


def _write_new(reading: _Reading, number: int, cells: Sequence) -> None:
    """Write a row with something that wasn't met before; padding and rows without a figure come here each time."""
    try:
        _enter_row(reading, number, cells)
    except InputError as error:
        raise InputError(f"{reading.where}, row {number}: {error}") from None


def _enter_row(reading: _Reading, number: int, cells: Sequence) -> None:
    when, offence = reading.columns(PLACE_AND_QUARTER), reading.columns(OFFENCE)
    at = reading.header.columns["count"]
    if len(cells) <= max(*when, *offence, at) or not cells[when[0]]:
        if any(map(clean, cells)):
            raise InputError(
                "the row has no year or too few columns, as in a file that was cut off; fetch it again with swp fetch "
                "crime, or mend the row."
            )
        return
    place, crime = tuple(cells[column] for column in when), tuple(cells[column] for column in offence)
    begins, append = block = reading.blocks.get(place) or _make_block(reading, place)
    text = reading.offences[crime] = ",".join(map(quote, _spell_offence(reading, crime))).encode()
    count = read_count(cells[at])
    counted = f",,{NOT_SUPPLIED}{reading.tail}" if count is None else f",{count},{REPORTED}{reading.tail}"
    append(b"%b%b%b%d\n" % (begins, text, counted.encode(), number))
    if count is not None:
        reading.blocks[place], reading.counts[cells[at]] = block, counted.encode()


def _spell_offence(reading: _Reading, crime: tuple) -> list[str]:
    """Group and subgroup as `offences.yml` writes them, and the code; a name that nobody knows is remarked."""
    names, spelled = [clean(cell) for cell in crime], []
    for kind, known, name in zip(("group", "subgroup"), known_names(), names, strict=False):
        spelled.append(known.get(name.casefold().replace("–", "-"), name))
        if spelled[-1] not in known.values() and "fraud" not in names[0].casefold():
            reading.book.remarks.append(
                f"{reading.where}: “{name}” ({names[0]}) is no known {kind} of offences, so what it may be part of has "
                "no whole figure where it stands; add it to swp_analysis/open_data/offences.yml."
            )
    return [*spelled, *names[2:]]


def _make_block(reading: _Reading, key: tuple) -> Block:
    """How the lines of an area and quarter begin; `key`: year, quarter, force and, in a table by partnership, its
    name."""
    force = reading.book.force_named(clean(key[2]))
    area = reading.book.partnership_named(clean(key[3]), force) if len(key) > 3 else force
    year, quarter = _find_quarter(key)
    starts, ends = quarter_bounds(year, quarter)
    table = BODIES if reading.book.areas[force].kind == "body" else force
    return f"{area},{starts},{ends},{year},{quarter},".encode(), reading.tables.lines[table].append


def _find_quarter(key: tuple) -> tuple[str, int]:
    year, quarter = YEAR.fullmatch(clean(key[0])), QUARTER.fullmatch(clean(key[1]))
    if not year or not quarter:
        raise InputError(
            f"“{clean(key[0])}”, “{clean(key[1])}” is no financial year and quarter; write them like 2017/18 and 1."
        )
    return financial_year_id(int(year[1])), int(quarter[1])


def quote(text: str) -> str:
    """Give a text as a cell of a CSV."""
    needed = any(mark in text for mark in ',"\n')
    return '"' + text.replace('"', '""') + '"' if needed else text


def read_count(cell: object, where: str = "") -> int | None:
    """Give a count, or None for a cell that says that there is none; `where` is named in the error.

    >>> [read_count(cell) for cell in (" 66776 ", "27,222 ", "-00", -3.0, "[x]", "")]
    [66776, 27222, 0, -3, None, None]

    Raises
    ------
    InputError
        For anything else, so that a mark that nobody knows is never taken for a figure.
    """
    text = clean(cell)
    if NUMBER.fullmatch(text) and abs(float(text.replace(",", ""))) <= MOST:
        return int(float(text.replace(",", "")))
    if text in load_layouts()["missing_marks"]:
        return None
    place = f"{where}: " if where else ""
    raise InputError(f"{place}“{text}” is no count; correct it, or leave the cell empty if the figure is missing.")


def _list_gaps(seen: dict[str, set], book: Gazetteer, tail: str) -> Iterator[tuple[str, str]]:
    """A row `not_supplied` for each quarter in which a force, or a partnership between two of its quarters, is
    absent."""
    everywhere = sorted(set().union(*seen.values())) if seen else []
    by_force: dict[str, set] = defaultdict(set)
    for area, quarters in seen.items():
        by_force[book.areas[area].force_code or area] |= quarters
    for area, quarters in sorted(seen.items()):
        force = book.areas[area].force_code
        if book.areas[area].kind == "body":
            continue
        within = [quarter for quarter in everywhere if min(quarters) <= quarter <= max(quarters)]
        absent = {quarter for quarter in everywhere if quarter not in by_force[force]}
        for year, quarter in sorted((absent | set(within)) - quarters):
            starts, ends = quarter_bounds(year, quarter)
            yield force, f"{area},{starts},{ends},{year},{quarter},,,,,{NOT_SUPPLIED}{tail}"
