"""Protects tables beside the editions that readers hold. In: tables, editions by their place in reports/. Out:
`Protected`, or one sentence that says which edition is in the way and what to do.

Last but one step of the room; `protect` finds that no safe version is left, this says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swp_analysis.catalogue.periods import display_year
from swp_analysis.disclosure.kpi_tables import Frames
from swp_analysis.disclosure.protect import Protected, protect
from swp_analysis.engines.small_numbers.attack import ExposedError
from swp_analysis.errors import RunError

MOST_NAMED = 5


def protect_beside(
    frames: Frames, indicators: Mapping[str, Any], threshold: int | None, shown: Mapping[str, Protected]
) -> Protected:
    """`protect` with the editions in `shown`, by their place in reports/.

    Raises
    ------
    RunError
        When no safe version is left: which counts, because of which editions, and what can be done; never a value.
    """
    try:
        return protect(*frames, indicators, threshold=threshold, earlier=tuple(shown.values()))
    except ExposedError as exposed:
        in_the_way = [
            place for place, edition in shown.items() if _leaves_none(frames, indicators, threshold, edition)
        ] or list(shown)
        raise RunError(_say_what_to_do(_name(exposed, indicators), in_the_way)) from None


def _leaves_none(frames: Frames, indicators: Mapping[str, Any], threshold: int | None, edition: Protected) -> bool:
    try:
        protect(*frames, indicators, threshold=threshold, earlier=(edition,))
    except ExposedError:
        return True
    return False


def _name(exposed: ExposedError, indicators: Mapping[str, Any]) -> str:
    named = [
        f"{indicators[name].short_label}, {f'Q{quarter}' if len(quarter) == 1 else quarter} {display_year(year)}"
        for name, year, quarter in exposed.cells[:MOST_NAMED]
    ]
    more = f"; and {len(exposed.cells) - MOST_NAMED} more" if len(exposed.cells) > MOST_NAMED else ""
    return "; ".join(named) + more


def _say_what_to_do(counts: str, in_the_way: list[str]) -> str:
    blank = "leave these cells in data/raw blank, so that they count as not published, and run again"
    if not in_the_way:
        return (
            f"Nothing was published: whatever is withheld, small counts could be worked out ({counts}), because the "
            f"tables contradict themselves; have these rows checked, or {blank}."
        )
    editions = " and ".join(f"reports/{place}" for place in in_the_way)
    return (
        f"Nothing was published: beside what {editions} shows, small counts could be worked out ({counts}), such as by "
        f"a year's total less the quarters; if an edition was never sent, delete its folder, else {blank}."
    )
