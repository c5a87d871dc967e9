"""Makes plain tables safe to share. In: `Tables`, `Links`, a threshold. Out: `Redacted`, proven by `attack`.

The whole engine in one call: read what the tables say, choose what must go, write it out, try to break the result. No
text of a source passes, because what else a cell printed was not checked (its months, another figure, words): each
figure is printed again, with as many decimals as it had.
"""

from collections.abc import Sequence, Set
from math import nan
from typing import Any, NamedTuple

import pandas as pd

from swp_analysis.engines.small_numbers.attack import attack_editions, require_safe
from swp_analysis.engines.small_numbers.cells import (
    CELL_COLUMNS,
    SUM_COLUMNS,
    SUPPRESSED,
    WITHHELD,
    Cell,
    Edition,
    Links,
    Row,
    Sum,
    Tables,
    cells_of,
    is_known,
    walk_rows,
)
from swp_analysis.engines.small_numbers.figures import KnownFigures, read_with_earlier, sums_of_frame
from swp_analysis.engines.small_numbers.rounding import find_printed
from swp_analysis.engines.small_numbers.suppress import choose_hidden, group_figures, withheld_cells

LOG_COLUMNS = ["series", "year", "period", "why"]
# Where no figure was read, what the cell says was not checked, so its text is not shown either.
UNCHECKED = {"unreadable": "unreadable", "not_available": "not available"}
SUM_NAMES = {False: "year", True: "baseline"}


class Redacted(NamedTuple):
    """Tables that are safe to share and, not to be shared, a `log`: series, year, period, why.

    A count of 1 to `threshold - 1` has the status `suppressed` with these as `lower` and `upper` (for a percentage they
    are those of its numerator); a figure that would give such a count away is `withheld`, and everybody may know that
    it is the threshold or more. Of a period inside a longer one, and of a sum, `withheld` says nothing. The log's
    `period` of a sum that was worked out is "year", of one that was quoted "baseline".
    """

    tables: Tables
    log: pd.DataFrame


# What is hidden beyond the small counts, with the reason for each.
Withheld = dict[Cell | Sum, str]

LESS_OTHERS = "a sum less the other quarters would give a hidden count"
LESS_SHOWN = "less the quarters that are shown it would give a hidden count"
OF_WITHHELD = "percentage of a withheld count"


def hide_small(tables: Tables, links: Links, threshold: int, earlier: Sequence[Edition] = ()) -> Redacted:
    """Hide every count of 1 to `threshold - 1` and whatever would give it away.

    Parameters
    ----------
    tables : every figure and every sum that will be shown.
    links : how the series hang together.
    threshold : the smallest count above zero that is shown; at least 2.
    earlier : editions that the same readers already hold; what they show can't be withheld any more.

    Returns
    -------
    `Redacted`: the same rows in the same order. What is hidden doesn't depend on the order of the rows.

    Raises
    ------
    RunError
        When no safe version was found: an earlier edition gives a count away, or the tables contradict themselves.
    """
    figures = read_with_earlier(tables, links, threshold, earlier)
    redacted = hide_figures(tables, figures)
    held = [Edition(redacted.tables, threshold), *earlier]
    exposed = _exposed_cells(held, links)
    if exposed:
        # Only tables that contradict themselves, or an earlier edition, come here.
        redacted = hide_figures(tables, figures, given_up=exposed)
        require_safe([Edition(redacted.tables, threshold), *earlier], links)
    return redacted


def _exposed_cells(editions: Sequence[Edition], links: Links) -> set[Cell]:
    found = attack_editions(editions, links)
    return {
        Cell(str(row.area), links.parts.get(str(row.series), (str(row.series),))[0], str(row.year), str(row.period))
        for row in found[~found["safe"]].itertuples()
    }


def hide_figures(
    tables: Tables, figures: KnownFigures, *, secondary: bool = True, given_up: Set[Cell] = frozenset()
) -> Redacted:
    """Hide what is small and, unless `secondary` is off, what gives it away; nothing is proven by this.

    A group of linked figures with a year of which a cell is `given_up` loses all its sums.
    """
    withheld: Withheld = {}
    years = {cell[:3] for cell in given_up}
    for group in group_figures(figures) if secondary else []:
        hidden = choose_hidden(group)
        if not years.isdisjoint(cell[:3] for cell in (*group.small, *group.world.values)):
            hidden |= group.world.sums.keys()
        for cell in withheld_cells(group, hidden):
            withheld[cell] = f"secondary: {LESS_OTHERS if cell in hidden else OF_WITHHELD}"
        withheld.update({unit: f"secondary: {LESS_SHOWN}" for unit in hidden if isinstance(unit, Sum)})
    return redact(tables, figures, withheld)


def redact(tables: Tables, figures: KnownFigures, withheld: Withheld) -> Redacted:
    """Copy the tables without what is small or withheld."""
    log: list[dict[str, str]] = []
    cells = _redact_cells(tables.cells, figures, withheld, log)
    sums = _redact_sums(tables, figures, withheld, log)
    return Redacted(Tables(cells, sums), pd.DataFrame(log, columns=LOG_COLUMNS))


def _redact_cells(frame: pd.DataFrame, figures: KnownFigures, withheld: Withheld, log: list) -> pd.DataFrame:
    hidden = figures.small.keys() | withheld.keys() | figures.closed
    rows = [row for _, row in walk_rows(frame)]
    records = [_redact_cell(row, figures, hidden) for row in rows]
    for row, record in zip(rows, records, strict=True):
        if record["status"] in (SUPPRESSED, WITHHELD):
            log.append(_log_line(row, row["period"], _explain_cell(row, record, figures, withheld)))
    return pd.DataFrame(records, columns=CELL_COLUMNS, index=frame.index)


def _redact_cell(row: Row, figures: KnownFigures, hidden: Set[Cell | Sum]) -> dict[Any, Any]:
    top, *bottom = cells_of(row, figures.links)
    record, gone = dict(row), {"value": nan, "numerator": nan}
    withheld = gone | {"status": WITHHELD, "printed": WITHHELD, "upper": nan}
    withheld["lower"] = 0 if top.series in figures.links.pieces else nan
    if bottom and bottom[0] in hidden:
        record["denominator"] = nan
    if top in figures.closed and row["status"] in ("reported", SUPPRESSED):
        return record | withheld
    if row["status"] == SUPPRESSED or (row["status"] == "reported" and top in figures.small):
        lower, upper = figures.small[top]
        mark = f"<{upper + 1:.0f}"
        return record | gone | {"status": SUPPRESSED, "lower": lower, "upper": upper, "printed": mark}
    if row["status"] == "reported" and _is_withheld(row, top, bottom, figures, hidden):
        return record | withheld
    if row["status"] in UNCHECKED:
        return record | {"printed": UNCHECKED[row["status"]] if str(row["printed"]).strip() else ""}
    return record | {"printed": _print_again(record, "%" if bottom else "")}


def _is_withheld(row: Row, top: Cell, bottom: list[Cell], figures: KnownFigures, hidden: Set[Cell | Sum]) -> bool:
    if top in hidden:
        return True
    nought = bool(bottom) and figures.values.get(top) == 0 and row["value"] == 0
    return not nought and not hidden.isdisjoint(bottom)


def _print_again(row: Row, sign: str) -> str:
    """Print the row's own figure, without what else stood in its cell; nothing where nothing stood there."""
    if not str(row["printed"]).strip() or not is_known(row["value"]):
        return ""
    number = f"{row['value']:.{find_printed(row['value'], str(row['printed'])).decimals}f}{sign}"
    if is_known(row.get("numerator")) and is_known(row.get("denominator")):
        return f"{number} ({row['numerator']:.0f}/{row['denominator']:.0f})"
    return number


def _redact_sums(tables: Tables, figures: KnownFigures, withheld: Withheld, log: list) -> pd.DataFrame:
    records = [dict(row) for _, row in walk_rows(tables.sums)]
    found = list(sums_of_frame(tables, figures))
    why = {position: _explain_sums(position, row, sums, figures, withheld) for position, row, sums in found}
    hidden_sums = {total for total, value in figures.sums.items() if figures.is_small(value)} | withheld.keys()
    hidden_cells = figures.small.keys() | withheld.keys() | figures.closed
    for position, row, sums in found:
        record = records[position]
        if why[position]:
            record |= _withhold_sum(row, sums, hidden_sums)
            log.append(_log_line(row, SUM_NAMES[bool(row["quoted"])], why[position]))
            continue
        if not row["quoted"] and len(sums) > 1 and any(cell in hidden_cells for s in sums for cell in s.cells):
            # From whole numbers: a mean of rounded percentages tells by its last digits what they were.
            record["value"] = 100 * figures.sums[sums[0]] / figures.sums[sums[1]]
        if row["quoted"]:
            record["printed"] = _print_again(row, "%" if len(sums) > 1 else "")
    return pd.DataFrame(records, columns=SUM_COLUMNS, index=tables.sums.index)


def _withhold_sum(row: Row, sums: list[Sum], hidden: Set[Cell | Sum]) -> dict[Any, Any]:
    gone = {"status": WITHHELD, "value": nan, "numerator": nan}
    if sums[-1] in hidden:
        gone["denominator"] = nan
    return gone | ({"printed": WITHHELD} if row["printed"] else {})


def _explain_cell(row: Row, record: Row, figures: KnownFigures, withheld: Withheld) -> str:
    if record["status"] == "suppressed" == row["status"]:
        return "primary: suppressed in the source"
    if record["status"] == "suppressed":
        return f"primary: fewer than {figures.threshold}"
    if cells_of(row, figures.links)[0] in figures.closed:
        return "primary: it or another part of the same period is small"
    reasons = [withheld[cell] for cell in cells_of(row, figures.links) if cell in withheld]
    return next(iter(reasons), "secondary: percentage of a hidden count")


def _explain_sums(position: int, row: Row, sums: list[Sum], figures: KnownFigures, withheld: Withheld) -> str:
    """Why a yearly figure is hidden; empty when it isn't. One that was quoted may differ from its own quarters."""
    quoted = row["value"] if len(sums) == 1 else 0
    if figures.is_small(quoted) or any(figures.is_small(figures.sums.get(total, 0)) for total in sums):
        return f"primary: fewer than {figures.threshold}"
    reasons = [withheld[total] for total in sums if total in withheld]
    hidden = figures.small.keys() | withheld.keys() | figures.closed
    if not reasons and position in figures.contradicting and any(c in hidden for s in sums for c in s.cells):
        return "secondary: it does not agree with its own quarters, one of which is hidden"
    return next(iter(reasons), "")


def _log_line(row: Row, period: object, why: str) -> dict[str, str]:
    return {"series": row["series"], "year": row["year"], "period": str(period), "why": why}
