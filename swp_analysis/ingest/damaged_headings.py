"""Headings that are broken over cells, run together or moved. In: the heading rows of a table. Out: `Columns`, or None.

A reading counts only when it is the one that agrees with the number of columns, the order of the quarters and the years
that are printed.
"""

from __future__ import annotations

from itertools import permutations, product

from swp_analysis.catalogue.models import Layouts
from swp_analysis.ingest.grids import Grid, Row
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import QUARTER_PIECES, Columns, Period, years_in

# A report shows this many years at most; the readings to be compared grow with its factorial.
MOST_YEARS = 3


def read_damaged(grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts) -> Columns | None:
    heading, span = rows[0], _figure_span(rows[0], label_column, layouts)
    quarters = [int(n) for n in QUARTER_PIECES.findall(fold_look_alikes(" ".join(heading.cells[label_column:])))]
    if len(rows) < 2 or not span or not quarters or quarters != sorted(set(quarters)):
        return None
    printed = [years_in(rows[1].text(c)) for c in range(1, max(len(rows[1].cells), span[-1]) + 1)]
    if None in printed:
        return None
    years = sorted({year for cell in printed for year in cell})
    if not 1 <= len(years) <= MOST_YEARS or len(years) * len(quarters) != len(span):
        return None
    found = _year_sequence(printed, span, years)
    if found is None:
        return None
    each = len(years)
    columns = {c: Period(year, quarters[i // each]) for i, (c, year) in enumerate(zip(span, found, strict=True))}
    first, last = grid.address(heading, span[0]).column_letter, grid.address(heading, span[-1]).column_letter
    note = (
        f"{grid.address(heading, label_column)}: the heading is damaged; columns {first} to {last} are read as "
        f"quarters {quarters[0]} to {quarters[-1]} of {' and '.join(years)}, the only "
        f"reading that fits its {len(span)} columns."
    )
    return Columns(columns, 2, note)


def _figure_span(heading: Row, label_column: int, layouts: Layouts) -> list[int]:
    """The columns from the first piece of a quarter's heading to the last before commentary or owner."""
    words = tuple(word.casefold() for word in (*layouts.text_headings, *layouts.owner_headings))
    first = last = 0
    for column in range(label_column + 1, len(heading.cells) + 1):
        text = fold_look_alikes(heading.text(column)).casefold()
        if not first and text.startswith("q"):
            first = column
        if first and text and (text in words or any(word.startswith(f"{text} ") for word in words)):
            return list(range(first, column))
        last = column if text else last
    return list(range(first, last + 1)) if first else []


def _year_sequence(printed: list[list[str]], span: list[int], years: list[str]) -> tuple[str, ...] | None:
    """The year of each column of `span`: each quarter has each year once, and the print decides the order.

    Tried in turn: each cell's years fill its own column and the empty ones behind it; all years in the order of
    print; as few cells as can be out of order, because the other columns leave them no choice.
    """
    outside = any(cell for column, cell in enumerate(printed, start=1) if column not in set(span))
    covers = [] if outside else _covers(printed, span)
    groups = [list(permutations(years))] * (len(span) // len(years))
    sequences = [tuple(year for group in chosen for year in group) for chosen in product(*groups)]
    in_place = tuple(year for _, cell in covers for year in cell)
    in_print = tuple(year for cell in printed for year in cell)
    for told in (in_place, in_print):
        if told in sequences:
            return told
    fitting = {one: _out_of_order(one, span, covers) for one in sequences if covers and _fits(one, span, covers)}
    least = [one for one, count in fitting.items() if count == min(fitting.values())]
    return least[0] if len(least) == 1 else None


def _covers(printed: list[list[str]], span: list[int]) -> list[tuple[list[int], list[str]]]:
    """For each cell with years the columns it must stand for; nothing when a cell lacks the empty ones it needs."""
    covers, column = [], span[0]
    while column <= span[-1]:
        cell = printed[column - 1]
        if not cell:
            return []
        own = list(range(column, column + len(cell)))
        if own[-1] > span[-1] or any(printed[c - 1] for c in own[1:]):
            return []
        covers.append((own, cell))
        column = own[-1] + 1
    return covers


def _fits(sequence: tuple[str, ...], span: list[int], covers: list[tuple[list[int], list[str]]]) -> bool:
    return all(sorted(sequence[c - span[0]] for c in own) == sorted(cell) for own, cell in covers)


def _out_of_order(sequence: tuple[str, ...], span: list[int], covers: list[tuple[list[int], list[str]]]) -> int:
    return sum([sequence[c - span[0]] for c in own] != cell for own, cell in covers)
