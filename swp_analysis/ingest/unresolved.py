"""Headings that can't be read in one way. In: the pieces of a heading. Out: `Columns` without quarters, or None.

Where the line runs: a heading is **wrong** when each of its cells names one thing (a quarter, a year, a date, a word)
and one of them can't be: no financial year, a year later than the folder, a quarter twice, no year at all. A person
can mend that in a minute, so the build stops and says where (in text that was copied out of a report nobody typed it,
and it counts as damaged). A heading is **damaged** when its pieces don't fit: cells
broken or run together, a year under no quarter, a quarter with no year while others have one. Then nobody can say what
a column is about, the rows of the table are `unreadable` and listed, and the build goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Grid, Row
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import (
    LONGEST_HEADING,
    YEAR,
    YEAR_LIKE,
    Columns,
    quarters_told,
    read_quarter,
    years_in,
)

NUMBERED_QUARTER = re.compile(r"(?:quarter|qtr|q)\.?\s*\d+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|[A-Za-z]* ?(?:19|20)\d\d")


class Misfit(InputError):
    """Years and quarters of a heading that don't fit together: damage, not a slip of the pen."""


def doubt_heading(grid: Grid, rows: tuple[Row, ...], label_column: int, problem: InputError) -> Columns | None:
    """The years that a damaged heading names, and that no column is known; None when the heading is clear, and
    `problem` therefore for a person."""
    headings = rows[: 2 if len(rows) > 1 and _is_heading(rows[1], label_column) else 1]
    cells = [cell for row in headings for cell in _cells(row, label_column)]
    is_fused = any(len(YEAR.findall(cell)) > 1 for row in headings for cell in row.cells)
    is_clear = not isinstance(problem, Misfit) and not is_fused and all(_names_one_thing(cell) for cell in cells)
    if is_clear and not grid.is_copied:
        return None
    where = grid.address(rows[0], label_column)
    return Columns(
        {},
        len(headings),
        f"{where}: the heading is damaged and can't be read in one way; the rows below it are unreadable.",
        f"the heading in row {where.row} is damaged, so nobody can say what its columns are about",
        tuple(sorted({year for cell in cells for year in years_in(cell) or []})),
    )


def _is_heading(row: Row, label_column: int) -> bool:
    """Whether a second row goes on with the heading; sentences of commentary name years and quarters too."""
    cells = list(_cells(row, label_column))
    return bool(quarters_told(cells)) or any(YEAR.match(cell) for cell in cells)


def _cells(row: Row, label_column: int) -> Iterator[str]:
    texts = (fold_look_alikes(row.text(column)) for column in row.columns if column > label_column)
    return (text for text in texts if text and len(text) <= LONGEST_HEADING)


def _names_one_thing(text: str) -> bool:
    """A quarter, something like a year, both, a date, or words; not a piece of one, nor two of them.

    >>> [_names_one_thing(text) for text in ("2016/18", "Q1 2017/18", "Quarter 5", "Trend", "Qua", "2016/17 2017/18")]
    [True, True, True, True, False, False]
    """
    rest = YEAR_LIKE.sub("", text, count=1).strip(" -–:,()")
    if not rest or read_quarter(rest) or NUMBERED_QUARTER.fullmatch(rest) or _DATE.fullmatch(text):
        return True
    return not any(ch.isdigit() for ch in rest) and not rest.casefold().startswith("q")
