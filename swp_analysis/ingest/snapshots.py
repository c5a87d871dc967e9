"""Tables that show one month instead of quarters, with several figures to a cell.

In: a row of such a table and its layout. Out: monthly observations; a damaged cell gives `unreadable` ones and is
listed.
"""

from __future__ import annotations

import re

from swp_analysis.catalogue.models import Catalogue, Snapshot, SnapshotRow
from swp_analysis.errors import InputError
from swp_analysis.ingest.cells import UNREADABLE, Figure, read_at, shape_of
from swp_analysis.ingest.formats.grid import Address, Row
from swp_analysis.ingest.records import Reading, Unread
from swp_analysis.ingest.spelling import letters
from swp_analysis.ingest.table import Table
from swp_analysis.ingest.timeline import month_period

UNKNOWN = "not among the rows of this snapshot in layouts.yml"
# What tells a figure from commentary that ran into the column of an area that nobody names.
_COUNT_WITH_SHARE = re.compile(r"\d\s*\(\d")


def read_snapshot_row(table: Table, row: Row, reading: Reading, catalogue: Catalogue) -> None:
    """Add the figures of one row of a snapshot table; columns whose area nobody names are listed, not read."""
    for column, unnamed in table.unnamed.items():
        if _COUNT_WITH_SHARE.search(table.joined(row, column)):
            reading.unread.append(Unread(table.grid.address(row, column), table.joined(row, column), unnamed.reason))
    for column, snapshot in table.snapshots.items():
        address, printed = table.grid.address(row, column), table.joined(row, column)
        entry = _entry_of(table, row, snapshot)
        if entry is None:
            reading.unread.append(Unread(table.grid.address(row, table.label_column), row.in_one_line, UNKNOWN))
            continue
        period = month_period(*map(int, snapshot.month.split("-")))
        for indicator, figure in _read_cell(" ".join(printed.split()), entry, address, reading, catalogue).items():
            reading.add_observation(indicator, period, figure, address, printed)


def _entry_of(table: Table, row: Row, snapshot: Snapshot) -> SnapshotRow | None:
    """What the layout says of a row; None for one that is listed, as nothing tells what it is about."""
    label = row.text(table.label_column)
    for entry in snapshot.rows:
        if letters(entry.label) == letters(label):
            return entry
    if label and not table.grid.is_copied:
        where = table.grid.address(row, table.label_column)
        raise InputError(f"{where}: the label {label!r} is {UNKNOWN}.")
    return None


def _read_cell(
    text: str, entry: SnapshotRow, address: Address, reading: Reading, catalogue: Catalogue
) -> dict[str, Figure]:
    shapes = {part.group: shape_of(catalogue.indicators[part.indicator]) for part in entry.figures}
    pattern = r"\s+".join(rf"{re.escape(group)}\s+(\S+\s*\([^)]*\))" for group in shapes)
    match = re.fullmatch(pattern, text)
    if match:
        parts = zip(shapes.values(), match.groups(), strict=True)
        return {name: figure for shape, part in parts for name, figure in read_at(address, part, shape).items()}
    figures = {name: UNREADABLE for shape in shapes.values() for name in shape.indicators}
    for hand in catalogue.layouts.hand_readings:
        if text in (hand.printed, *hand.also_printed) and hand.indicator in figures:
            figures |= read_at(address, hand.reads, shape_of(catalogue.indicators[hand.indicator]))
            reading.notes.append(f"{address}: read by hand as {hand.reads} for {hand.indicator}. {hand.reason}")
    left = [name for name, figure in figures.items() if figure.status == "unreadable"]
    if left:
        reading.unread.append(Unread(address, text, f"the cell is damaged in the source; not read: {', '.join(left)}"))
    return figures
