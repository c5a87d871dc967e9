"""Every way to put the cells of a row back under its headings. In: a row whose cells have moved. Out: the ways that
respect the headings, the count of cells, what the cells hold and the printed baseline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, product

from swp_analysis.catalogue.models import Layouts
from swp_analysis.ingest.cells import is_mark, read_cell
from swp_analysis.ingest.expectation import (
    Expectation,
    Piece,
    direction_of,
    direction_with_figure,
    ends_with_direction,
    split_fused,
)
from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Row
from swp_analysis.ingest.table import Table

# More damage than this in one row is not undone. A cell that was split leaves two pieces.
MOST_DAMAGES = 2

# A digit that ran into the word behind it; not `4th`.
SWALLOWED = re.compile(r"\d+(?!st\b|nd\b|rd\b|th\b)[A-Za-z]")

# The run of cells that holds the figures


def find_runs(
    table: Table, row: Row, expected: Expectation, owners: frozenset[str], layouts: Layouts
) -> tuple[list[list[Piece]], list[int]] | None:
    """The cells between direction and commentary, taken apart where they ran together, and how many there should be.

    Commentary that begins with figures may have swallowed the last cells, and the first may be a piece of the label,
    so that there are several runs to try.
    """
    cells = [Piece(row.text(c), c) for c in range(table.label_column + 1, len(row.cells) + 1)]
    if not ends_with_direction(row.text(table.label_column), layouts):
        cells = _after_direction(cells, min(table.quarters) - table.label_column - 1, layouts)
    end = next((i for i, cell in enumerate(cells) if _is_prose(cell.text, expected)), len(cells))
    run = [Piece(text, cell.column) for cell in cells[:end] for text in split_fused(cell.text, expected)]
    if sum(not expected.is_figure_or_blank(cell.text) for cell in run) > 2 * MOST_DAMAGES:
        return None
    last = max(table.quarters)
    to_owner = min((c for c in table.owner_columns if c > last), default=last + 1) - last - 1
    behind = [cell.text for cell in cells[end:]]
    names_owner, has_commentary = bool(behind) and behind[0] in owners, any(behind[1:])
    gaps = {to_owner} if names_owner else {0} if has_commentary else {0, to_owner}
    if _is_broken_direction(table, row, layouts) or has_split_percentage([cell.text for cell in run], expected):
        return None
    if behind and _is_broken_figure(behind[0], expected):
        return None
    swallowed = _swallowed(behind[0], cells[end].column) if behind and not table.grid.has_cells else []
    # A word that a digit ran into has taken in a piece of the last figure at least.
    least = 1 if swallowed and SWALLOWED.match(behind[0]) else 0
    runs = [[*run, *swallowed[:count]] for count in range(least, len(swallowed) + 1)]
    if run and _goes_on(table, row, run[0]):
        runs += [one[1:] for one in runs]
    return runs, [len(table.quarters) + gap for gap in sorted(gaps)]


def _after_direction(cells: list[Piece], columns_before: int, layouts: Layouts) -> list[Piece]:
    for index, cell in enumerate(cells[: columns_before + 1]):
        if direction_of(cell.text, layouts):
            fused = direction_with_figure(cell.text, layouts)
            return [Piece(fused, cell.column), *cells[index + 1 :]] if fused else cells[index + 1 :]
    blank = 0
    while blank < min(columns_before, len(cells)) and not cells[blank].text:
        blank += 1
    return cells[blank:]


def _swallowed(text: str, column: int) -> list[Piece]:
    """The figures with which the words behind a row's figures begin."""
    found: list[Piece] = []
    while (figure := LONE_FIGURE.match(text)) and len(found) < MOST_DAMAGES:
        found.append(Piece(figure[0].strip(), column))
        text = text[figure.end() :].lstrip()
    return found


def _goes_on(table: Table, row: Row, first: Piece) -> bool:
    """Whether the first figure may be the rest of a baseline that was split off from the label (`Baseline 6`, `3%`)."""
    return row.text(table.label_column)[-1:].isdigit() and first.column == table.label_column + 1


def _is_broken_figure(text: str, expected: Expectation) -> bool:
    """Whether what follows the figures begins with something like one that can't be read (`l557 (50.8%)`)."""
    first, figure = text.split(maxsplit=1)[:1], LONE_FIGURE.match(text)
    if figure:
        return not expected.is_figure(figure[0].strip())
    return bool(first) and any(ch.isdigit() for ch in first[0])


def _is_broken_direction(table: Table, row: Row, layouts: Layouts) -> bool:
    """Whether something like a figure that can't be read ran into a direction (`To increasel3`)."""
    texts = (row.text(column) for column in range(table.label_column + 1, min(table.quarters)))
    rests = (text[len(word) :].split() for text in texts if (word := direction_of(text, layouts)))
    return any(rest and any(ch.isdigit() for ch in rest[0]) and not LONE_FIGURE.match(rest[0]) for rest in rests)


def has_split_percentage(texts: list[str], expected: Expectation) -> bool:
    """Whether two cells may be the halves of one percentage (`6` and `9.2%`): the first alone has no sign."""
    pairs = [pair for pair in pairwise(texts) if pair[0].isdigit() and "%" in pair[1]]
    return not expected.shape.count and any(expected.is_figure("".join(pair)) for pair in pairs)


def _is_prose(text: str, expected: Expectation) -> bool:
    if not WORDS.search(text) or is_mark(text, expected.marks):
        return False
    return not all(expected.is_figure(piece) for piece in split_fused(text, expected))


# Every way to put the cells back


def find_ways(
    runs: list[list[Piece]], lengths: list[int], count: int, expected: Expectation, columns: list[int]
) -> list[list[Piece]]:
    """The different ways in which the runs of cells can fill `count` columns, with as little damage as can be."""
    for repair in (_repaired, _moved_within):
        found: dict[tuple[str, ...], list[Piece]] = {}
        for run, length in product(runs, lengths):
            for one in repair(run, length, expected):
                if not any(cell.text for cell in one[count:]):
                    found.setdefault(tuple(cell.text for cell in one[:count]), one[:count])
        fitting = [one for texts, one in found.items() if _fits(dict(zip(columns, texts, strict=True)), expected)]
        if fitting:
            return [] if len(fitting) == 1 and _may_lack_a_blank(fitting[0], runs, expected) else fitting
    return []


def _may_lack_a_blank(cells: list[Piece], runs: list[list[Piece]], expected: Expectation) -> bool:
    """Whether halves were joined in a row with blanks, of which the second may have stood in the place of one; a
    baseline would tell."""
    printed = {cell.text for run in runs for cell in run}
    is_joined = any(cell.text and all(cell.text not in (text, *text.split()) for text in printed) for cell in cells)
    return expected.baseline is None and is_joined and not all(cell.text for cell in cells)


def _repaired(run: list[Piece], length: int, expected: Expectation) -> Iterator[list[Piece]]:
    """The run with as many cells put back or taken out as it has too few or too many."""
    missing = length - len(run)
    if missing == 0:
        yield run
    elif abs(missing) <= MOST_DAMAGES:
        for one in _with_one_more(run, expected) if missing > 0 else _with_one_less(run, expected):
            yield from _repaired(one, length, expected)


def _moved_within(run: list[Piece], length: int, expected: Expectation) -> Iterator[list[Piece]]:
    """The run with one cell put back and another taken out."""
    if len(run) == length and expected.baseline is not None:
        for one in _with_one_more(run, expected):
            yield from _with_one_less(one, expected)


def _with_one_more(run: list[Piece], expected: Expectation) -> Iterator[list[Piece]]:
    for index in range(len(run) + 1):
        yield [*run[:index], Piece("", 0), *run[index:]]
    for index, (text, column) in enumerate(run):
        for cut in range(1, len(text)):
            pieces = [Piece(text[:cut].strip(), column), Piece(text[cut:].strip(), column)]
            if all(expected.is_figure(piece.text) for piece in pieces):
                yield [*run[:index], *pieces, *run[index + 1 :]]


def _with_one_less(run: list[Piece], expected: Expectation) -> Iterator[list[Piece]]:
    for index, cell in enumerate(run):
        if not cell.text:
            yield [*run[:index], *run[index + 1 :]]
    for index, (left, right) in enumerate(pairwise(run)):
        whole = Piece(left.text + right.text, left.column)
        if left.text and right.text and expected.is_figure(whole.text):
            yield [*run[:index], whole, *run[index + 2 :]]


def _fits(cells: dict[int, str], expected: Expectation) -> bool:
    """Whether each cell can be read, and the older year's quarters give the printed baseline, where one is printed that
    they must give."""
    return all(expected.is_figure_or_blank(text) for text in cells.values()) and adds_up(cells, expected)


def adds_up(cells: dict[int, str], expected: Expectation) -> bool:
    """Whether the older year's quarters give the printed baseline, where one is printed that they must give."""
    if expected.baseline is None:
        return True
    figures = [_value(cells[column], expected) for column in expected.older_columns]
    return None not in figures and sum(figures) == expected.baseline


def _value(text: str, expected: Expectation) -> float | None:
    if not expected.is_figure(text):
        return None
    return read_cell(text, expected.shape, expected.marks)[expected.shape.count].value
