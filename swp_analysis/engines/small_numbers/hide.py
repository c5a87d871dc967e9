"""Makes plain tables safe to share. In: `Tables`, `Links`, a threshold. Out: `Redacted`, proven by `attack`.

The whole engine in one call: read what the tables say, choose what must go, write it out, try to break the result.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from swp_analysis.engines.small_numbers.attack import attack_editions, require_safe
from swp_analysis.engines.small_numbers.cells import Cell, Edition, Links, Sum, Tables
from swp_analysis.engines.small_numbers.figures import KnownFigures, read_with_earlier
from swp_analysis.engines.small_numbers.redact import Redacted, Withheld, redact
from swp_analysis.engines.small_numbers.suppress import choose_hidden, group_figures, withheld_cells

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
        # Only tables that contradict themselves come here.
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

    A group of linked figures with a cell that is `given_up` loses all its sums.
    """
    withheld = Withheld({}, {})
    for group in group_figures(figures) if secondary else []:
        hidden = choose_hidden(group)
        if not given_up.isdisjoint(group.small):
            hidden |= group.world.sums.keys()
        for cell in withheld_cells(group, hidden):
            withheld.cells[cell] = f"secondary: {LESS_OTHERS if cell in hidden else OF_WITHHELD}"
        withheld.sums.update({unit: f"secondary: {LESS_SHOWN}" for unit in hidden if isinstance(unit, Sum)})
    return redact(tables, figures, withheld)
