"""Tries to work out what was hidden. In: published editions. Out: for each hidden count what it can still be.

Last step of the engine, and the gate before anything leaves it: every printed number becomes a rule over whole numbers,
and integer programming gives the least and greatest value of each hidden count. It reads published tables only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import pandas as pd

from swp_analysis.engines.small_numbers.cells import SUPPRESSED, Cell, Edition, Links
from swp_analysis.engines.small_numbers.puzzle import Puzzle, Target
from swp_analysis.errors import RunError

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
        raise RunError(f"None of the {hidden} hidden counts was tested, so nothing is published.")
    lost = found[~found["safe"]]
    if len(lost):
        raise ExposedError(
            f"{len(lost)} of {len(found)} hidden counts could be worked out from what is shown; nothing is published.",
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
    safe = kept and not any(target.bare for target in targets)
    return dict(zip(ATTACK_COLUMNS, (*targets[0][:4], lower, upper, *printed, safe), strict=True))
