"""Writes hidden figures out of the tables. In: the three frames, `Figures`, what to withhold. Out: `Protected`.

Fourth step of the room. A hidden number leaves no trace in its own row, nor in rows that were printed in the same cell.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from math import nan

import pandas as pd

from swp_analysis.disclosure.cells import WITHHELD, Cell, Row, Sum, cells_of, is_known, read_rows
from swp_analysis.disclosure.figures import Figures, sums_of_frame

LOG_COLUMNS = ["indicator", "financial_year", "quarter", "why"]
SOURCE = ("source_file", "source_sheet", "source_row", "source_column")
# Where no figure was read nobody has checked what else the cell says, so its print is not shown either.
UNCHECKED = {"unreadable": "unreadable", "not_available": "not available"}


@dataclass(frozen=True)
class Protected:
    """What an audience may see: the three frames of DESIGN section 3, made safe, and for `internal` eyes only the log.

    `observations`: a count of 1 to `threshold - 1` has the status `suppressed` with these as `lower` and `upper` (for a
    percentage they are people, its numerator); a figure that would give such a count away is `withheld`, and everybody
    may know that it is `threshold` or more. `totals` and `baselines`: `withheld` may be any number.
    `log`: indicator, financial_year, quarter (or "year", "baseline"), why.
    """

    observations: pd.DataFrame
    baselines: pd.DataFrame
    totals: pd.DataFrame
    log: pd.DataFrame
    threshold: int


@dataclass(frozen=True)
class Withheld:
    """What is hidden beyond the small counts, with the reason for each."""

    cells: dict[Cell, str]
    sums: dict[Sum, str]


def redact(
    observations: pd.DataFrame, baselines: pd.DataFrame, totals: pd.DataFrame, figures: Figures, withheld: Withheld
) -> Protected:
    """Copies of the frames without what is small or withheld; the frames that come in stay as they are."""
    log: list[dict[str, str]] = []
    return Protected(
        observations=_redact_observations(observations, figures, withheld, log),
        baselines=_redact_years("baselines", baselines, figures, withheld, log),
        totals=_redact_years("totals", totals, figures, withheld, log),
        log=pd.DataFrame(log, columns=LOG_COLUMNS).sort_values(LOG_COLUMNS, ignore_index=True),
        threshold=figures.threshold,
    )


def _redact_observations(frame: pd.DataFrame, figures: Figures, withheld: Withheld, log: list) -> pd.DataFrame:
    hidden = figures.small.keys() | withheld.cells.keys()
    rows = [row for _, row in read_rows(frame)]
    touched = {
        place for row in rows if not hidden.isdisjoint(cells_of(row, figures.links)) for place in _places(row, figures)
    }
    records = [_redact_observation(row, figures, hidden, touched) for row in rows]
    for row, record in zip(rows, records, strict=True):
        if record["status"] in ("suppressed", WITHHELD):
            why = _explain_cell(row, record, figures, withheld)
            log.append(_log_line(row, row["quarter"], why))
    return _like(frame, records)


def _places(row: Row, figures: Figures) -> set:
    """What ties a row to those printed beside it: its cells, and the cell of the source that it was read from."""
    source = tuple(row.get(column) for column in SOURCE)
    return {*cells_of(row, figures.links), *([source] if row["source_file"] else [])}


def _redact_observation(row: Row, figures: Figures, hidden: Set[Cell], touched: set) -> dict:
    top, *bottom = cells_of(row, figures.links)
    record = dict(row)
    if bottom and bottom[0] in hidden:
        record["denominator"] = nan
    if row["status"] == "suppressed" or (row["status"] == "reported" and top in figures.small):
        lower, upper = figures.small[top]
        mark = f"<{upper + 1:.0f}"
        return record | {
            "status": "suppressed",
            "value": nan,
            "numerator": nan,
            "lower": lower,
            "upper": upper,
            "raw_value": mark,
        }
    if row["status"] == "reported" and _is_withheld(row, top, bottom, figures, hidden):
        return record | {"status": WITHHELD, "value": nan, "numerator": nan, "raw_value": WITHHELD}
    if row["status"] in UNCHECKED:
        return record | {"raw_value": UNCHECKED[row["status"]] if str(row["raw_value"]).strip() else ""}
    if not touched.isdisjoint(_places(row, figures)):
        record["raw_value"] = _print_again(record, "%" if bottom else "")
    return record


def _is_withheld(row: Row, top: Cell, bottom: list[Cell], figures: Figures, hidden: Set[Cell]) -> bool:
    if top in hidden:
        return True
    nought = bool(bottom) and figures.values.get(top) == 0 and row["value"] == 0
    return not nought and not hidden.isdisjoint(bottom)


def _print_again(row: Row, sign: str) -> str:
    """The row's own figure, without what else stood in the printed cell."""
    number = f"{row['value']:.10g}{sign}"
    if is_known(row.get("numerator")) and is_known(row.get("denominator")):
        return f"{number} ({row['numerator']:.0f}/{row['denominator']:.0f})"
    return number


def _redact_years(name: str, frame: pd.DataFrame, figures: Figures, withheld: Withheld, log: list) -> pd.DataFrame:
    frame = state_status(frame)
    records = [dict(row) for _, row in read_rows(frame)]
    found = list(sums_of_frame(frame, figures))
    why = {position: _explain_sums(name, position, sums, figures, withheld) for position, _, sums in found}
    hidden_sums = {total for total, value in figures.sums.items() if figures.is_small(value)} | withheld.sums.keys()
    touched = {place for position, row, _ in found if why[position] for place in _source_of(row)}
    hidden_cells = figures.small.keys() | withheld.cells.keys()
    for position, row, sums in found:
        if why[position]:
            records[position] |= _withhold_year(row, sums, hidden_sums)
            log.append(_log_line(row, "baseline" if name == "baselines" else "year", why[position]))
            continue
        if name == "totals" and len(sums) > 1 and any(cell in hidden_cells for total in sums for cell in total.cells):
            records[position]["value"] = _divide_again(sums, figures)
        if not touched.isdisjoint(_source_of(row)):
            records[position]["raw_value"] = _print_again(row, "%" if len(sums) > 1 else "")
    return _like(frame, records)


def _divide_again(sums: list[Sum], figures: Figures) -> float:
    """A year's percentage from whole numbers: a mean of rounded percentages tells by its last digits what they were."""
    top, bottom = (figures.sums[total] for total in sums)
    return 100 * top / bottom


def _source_of(row: Row) -> set:
    return {tuple(row.get(column) for column in SOURCE)} if row["source_file"] else set()


def _withhold_year(row: Row, sums: list[Sum], hidden: Set[Sum]) -> dict:
    gone = {"status": WITHHELD, "value": nan}
    if "numerator" in row:
        gone["numerator"] = nan
    if "denominator" in row and sums[-1] in hidden:
        gone["denominator"] = nan
    return gone | ({"raw_value": WITHHELD} if row["raw_value"] else {})


def _explain_cell(row: Row, record: Row, figures: Figures, withheld: Withheld) -> str:
    if row["status"] == "suppressed":
        return "primary: suppressed in the source"
    if record["status"] == "suppressed":
        return f"primary: fewer than {figures.threshold}"
    reasons = [withheld.cells[cell] for cell in cells_of(row, figures.links) if cell in withheld.cells]
    return next(iter(reasons), "secondary: percentage of a hidden count")


def _explain_sums(frame: str, position: int, sums: list[Sum], figures: Figures, withheld: Withheld) -> str:
    """Why a yearly figure is hidden; empty when it isn't."""
    if any(figures.is_small(figures.sums.get(total, 0)) for total in sums):
        return f"primary: fewer than {figures.threshold}"
    reasons = [withheld.sums[total] for total in sums if total in withheld.sums]
    hidden = figures.small.keys() | withheld.cells.keys()
    if not reasons and (frame, position) in figures.contradicting and any(c in hidden for s in sums for c in s.cells):
        return "secondary: it does not agree with its own quarters, one of which is hidden"
    return next(iter(reasons), "")


def _log_line(row: Row, quarter: object, why: str) -> dict[str, str]:
    return {"indicator": row["indicator"], "financial_year": row["financial_year"], "quarter": str(quarter), "why": why}


def state_status(years: pd.DataFrame) -> pd.DataFrame:
    """Baselines or totals with a `status`; the ones of baselines are `reported` and `not_available`."""
    if "status" in years:
        return years
    return years.assign(status=["reported" if known else "not_available" for known in years["value"].notna()])


def _like(frame: pd.DataFrame, records: list[dict]) -> pd.DataFrame:
    """The records as a frame with the columns, index and types of `frame`."""
    return pd.DataFrame(records, columns=frame.columns, index=frame.index).astype(frame.dtypes.to_dict())
