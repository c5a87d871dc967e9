"""Tries to work out what was hidden. In: published editions. Out: for each hidden count what it can still be.

Last step of the engine, and the gate before anything leaves it: every printed number becomes a rule over whole numbers,
and integer programming gives the least and greatest value of each hidden count. It reads published tables only.

Below stands the same for one small table at hand, in plain numbers: what its withheld cells can still be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor, inf

import pandas as pd

from swp_analysis.engines.small_numbers.cells import SUPPRESSED, Cell, Edition, Links
from swp_analysis.engines.small_numbers.intervals import Interval, Rule, add_up, feasible_intervals
from swp_analysis.engines.small_numbers.puzzle import Puzzle, Target
from swp_analysis.errors import RunError, count_noun

ATTACK_COLUMNS = [
    *("series", "area", "year", "period"),
    *("lower", "upper", "printed_lower", "printed_upper", "safe"),
]


class ExposedError(RunError):
    """Hidden counts could be worked out; `cells` says which: series, year, period."""

    def __init__(self, message: str, cells: list[tuple[str, str, str]]) -> None:
        super().__init__(message)
        self.cells = cells


def attack_editions(editions: Sequence[Edition], links: Links) -> pd.DataFrame:
    """Work out the least and greatest value that each hidden count can have for a reader of all editions together.

    Returns
    -------
    DataFrame with `ATTACK_COLUMNS`, a row for each series and period that is suppressed anywhere: `lower` and `upper`
    as worked out (empty where the editions contradict each other, which proves nothing), `printed_lower` and
    `printed_upper`, and `safe`: whether the first interval is no narrower than the second.
    """
    puzzle = Puzzle(editions, links)
    targets = sorted({target for number, edition in enumerate(editions) for target in puzzle.targets(number, edition)})
    found = puzzle.solve(sorted({target.cell for target in targets}))
    together = groupby(targets, key=lambda target: target[:4])
    records = [_record(list(same), found) for _, same in together]
    return pd.DataFrame(records, columns=ATTACK_COLUMNS).astype({"safe": bool})


def require_safe(editions: Sequence[Edition], links: Links) -> pd.DataFrame:
    """Give the result of `attack_editions`, when every hidden count holds.

    Raises
    ------
    RunError
        `ExposedError` with the number of hidden counts that could be worked out, never their values; also when none was
        tested.
    """
    found = attack_editions(editions, links)
    hidden = sum(int((edition.tables.cells["status"] == SUPPRESSED).sum()) for edition in editions)
    if hidden and found.empty:
        raise RunError(f"Of {count_noun(hidden, 'hidden count')} none was tested, so nothing is published.")
    lost = found[~found["safe"]]
    if len(lost):
        raise ExposedError(
            f"{len(lost)} of {count_noun(len(found), 'hidden count')} could be worked out from what is shown; nothing "
            "is published.",
            [(str(row.series), str(row.year), str(row.period)) for row in lost.itertuples(index=False)],
        )
    return found


def _record(targets: list[Target], found: Mapping[Cell, tuple[float, float]]) -> dict[str, object]:
    printed = max(target.lower for target in targets), min(target.upper for target in targets)
    lower = max(found[target.cell][0] for target in targets)
    upper = min(found[target.cell][1] for target in targets)
    # NaN compares as false: what could not be worked out for a contradiction is not called safe. A number that is seen
    # to be above the interval, or 0, was not small (what is withheld may look like a small one).
    kept = (lower <= printed[0] and upper >= printed[1]) or lower > printed[1] or upper < 1
    kept |= upper > printed[1] and all(target.is_any for target in targets)
    safe = kept and not any(target.bare for target in targets)
    return dict(zip(ATTACK_COLUMNS, (*targets[0][:4], lower, upper, *printed, safe), strict=True))


# One table


@dataclass(frozen=True)
class TableAttack:
    """What each withheld cell of a table can be: (row, column) -> (least, greatest). `safe` when none is known."""

    intervals: dict[tuple[int, int], Interval]

    @property
    def safe(self) -> bool:
        return bool(self.intervals) and all(low < high for low, high in self.intervals.values())

    def __repr__(self) -> str:
        return f"TableAttack({len(self.intervals)} withheld cells, {'safe' if self.safe else 'not safe'})"


def attack_table(
    table: Sequence[Sequence[float | None]],
    row_totals: Sequence[float | None] | None = None,
    column_totals: Sequence[float | None] | None = None,
    low: float = 0,
    high: float = inf,
) -> TableAttack:
    """Find what the withheld cells (None) of a two-way table can be, given its totals and what a reader knows of them.

    Parameters
    ----------
    low, high : what a reader knows of every withheld cell, such as 1 and 4.

    Raises
    ------
    ContradictionError
        When no whole numbers fit the totals.

    >>> attack_table([[12, None], [8, 5]], row_totals=[15, 13]).intervals
    {(0, 1): (3, 3)}
    """
    hidden = [(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if value is None or pd.isna(value)]
    domain: dict[tuple[int, int], Interval] = {
        (r, c): (low, high) if value is None or (r, c) in hidden else (float(value), float(value))
        for r, row in enumerate(table)
        for c, value in enumerate(row)
    }
    rules: list[Rule] = []
    for way, totals in enumerate((row_totals, column_totals)):
        lines = {cell[way] for cell in domain}
        if totals is not None and len(totals) != len(lines):
            raise ValueError("give a total for each row, or column, and None for one that isn't published")
        known = {at: total for at, total in enumerate([] if totals is None else totals) if not pd.isna(total)}
        rules += [add_up([cell for cell in domain if cell[way] == at], total) for at, total in known.items()]
    return TableAttack(feasible_intervals(domain, rules, hidden))


def parts_of_total(total: float, cells: int, low: float = 0, high: float = inf) -> Interval:
    """Give the least and greatest value of each of `cells` withheld parts that add up to `total`.

    >>> parts_of_total(16, 4, 1, 4)
    (4, 4)
    """
    names = list(range(cells))
    return feasible_intervals({name: (low, high) for name in names}, [add_up(names, total)], names[:1])[0]


def round_counts(counts: Sequence[float], base: int = 5, withhold_under: float = 0) -> list[int | None]:
    """Give counts rounded to the nearest `base`, halves up; those under `withhold_under` are withheld, so None, as is a
    gap.

    >>> round_counts([3, 9, 10, 12, 13, 27], base=5, withhold_under=10)
    [None, None, 10, 10, 15, 25]
    """
    return [None if pd.isna(count) or count < withhold_under else base * floor(count / base + 0.5) for count in counts]


def missing_part(total: float, known: Sequence[float]) -> float:
    """Say what a total gives away of the one part that isn't shown.

    >>> missing_part(27, [1, 6, 12])
    8
    """
    if pd.isna(list(known)).any() or total < sum(known):
        raise ValueError("the other parts must be known, and not more than their total")
    return total - sum(known)
