"""Makes tables safe to share. In: observations, baselines, totals, indicators. Out: `Protected`, proven by `attack`.

Stands before analysis: nothing to the right of this room sees anything but what `protect` returns, so whatever is made
there is safe by construction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import pandas as pd

from swp_analysis.disclosure.attack import assert_safe, attack
from swp_analysis.disclosure.cells import Cell, Links, Sum, link_indicators
from swp_analysis.disclosure.figures import Figures, keep_withheld, read_figures, recall
from swp_analysis.disclosure.redact import LOG_COLUMNS, Protected, Withheld, redact, state_status
from swp_analysis.disclosure.secondary import choose_hidden, group_figures, withheld_cells

Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]

DEFAULT_THRESHOLD = 5

LESS_OTHERS = "a sum less the other quarters would give a hidden count"
LESS_SHOWN = "less the quarters that are shown it would give a hidden count"
OF_WITHHELD = "percentage of a withheld count"


def protect(
    observations: pd.DataFrame,
    baselines: pd.DataFrame,
    totals: pd.DataFrame,
    indicators: Mapping[str, Any],
    *,
    threshold: int | None = DEFAULT_THRESHOLD,
    earlier: Sequence[Protected] = (),
) -> Protected:
    """Hide every count of 1 to `threshold - 1` and whatever would give it away.

    Parameters
    ----------
    observations, baselines : columns of DESIGN section 3.
    totals : as `quality.totals.annual_totals` returns them, from the unprotected observations; a year may have several
        rows with different `quarters`. Every sum that an edition shows must be among them.
    indicators : the catalogue's indicators by id, or any iterable of them.
    threshold : the smallest count above zero that is shown; 0 or None for `internal`, which sees everything.
    earlier : editions that the same readers already hold; what they show can't be withheld any more.

    Returns
    -------
    Protected
        The same rows in the same order. Zero is shown, a small count is `suppressed`, a figure that would give one away
        is `withheld`. What is hidden doesn't depend on the order of the rows.

    Raises
    ------
    RunError
        When no safe version was found: an earlier edition gives a count away, or the tables contradict themselves.
    """
    if (threshold or 0) <= 1:
        return Protected(observations, state_status(baselines), totals, pd.DataFrame(columns=LOG_COLUMNS), 0)
    frames = observations, baselines, totals
    figures = _read_with_earlier(frames, link_indicators(indicators), threshold, earlier)
    protected = _hide(frames, figures)
    exposed = _exposed_cells([protected, *earlier], figures, indicators)
    if exposed:
        # Only tables that contradict themselves come here.
        protected = _hide(frames, figures, given_up=exposed)
        assert_safe([protected, *earlier], indicators)
    return protected


def _read_with_earlier(frames: Frames, links: Links, threshold: int, earlier: Sequence[Protected]) -> Figures:
    figures = read_figures(*frames, links, threshold)
    for edition in earlier:
        tables = edition.observations, edition.baselines, edition.totals
        known = read_figures(*tables, links, edition.threshold)
        recall(known, figures)
        keep_withheld(*tables, known, figures)
    return figures


def _exposed_cells(editions: list[Protected], figures: Figures, indicators: Mapping[str, Any]) -> set[Cell]:
    found = attack(editions, indicators)
    lost = found[~found["safe"]]
    return {
        Cell(
            row.area_code, figures.links.parts.get(row.indicator, (row.indicator,))[0], row.financial_year, row.quarter
        )
        for row in lost.itertuples()
    }


def _hide(frames: Frames, figures: Figures, *, secondary: bool = True, given_up: Set[Cell] = frozenset()) -> Protected:
    """Hide what is small and what gives it away; a group with a cell that is given up loses all its sums."""
    withheld = Withheld({}, {})
    for group in group_figures(figures) if secondary else []:
        hidden = choose_hidden(group)
        if not given_up.isdisjoint(group.small):
            hidden |= group.world.sums.keys()
        for cell in withheld_cells(group, hidden):
            withheld.cells[cell] = f"secondary: {LESS_OTHERS if cell in hidden else OF_WITHHELD}"
        withheld.sums.update({unit: f"secondary: {LESS_SHOWN}" for unit in hidden if isinstance(unit, Sum)})
    return redact(*frames, figures, withheld)
