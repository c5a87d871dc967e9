"""Which quarters have a figure. In: protected `Series`. Out: an `Exhibit`, a tile an indicator and quarter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.charts.style import (
    ACCENT,
    NARROW,
    THIS_YEAR,
    WIDE,
    Margins,
    chart_style,
    label_rows,
    new_chart,
    widest,
)
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.series import Point, Series
from swp_analysis.present.words import list_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TILES = {"reported": ("s", THIS_YEAR, THIS_YEAR), "unreadable": ("x", ACCENT, ACCENT)}
WITHHELD_TILE = ("o", "none", THIS_YEAR)
HOW_TO_READ = {
    "suppressed": "a ring is a figure that is withheld, because it is small or would give a small one away",
    "unreadable": "a cross is one that cannot be read",
    "not_available": "an empty place is one that was not published",
}
ROW_INCHES, LEAST_ROWS = 0.24, 2


def draw_completeness(series: Sequence[Series]) -> Exhibit | None:
    """Draw a tile for each quarter of the indicators with a gap, and say how many have none; None for fewer than
    two."""
    gaps = [one for one in series if len(one.reported) < len(one.points)]
    if len(gaps) < LEAST_ROWS:
        return None
    title = f"{len(gaps)} of {len(series)} indicators have a gap; the others have every quarter"
    return Exhibit(
        title=title,
        subtitle="A tile for each quarter of the indicators with a gap",
        alt=f"{title}. Tile chart.",
        figure=_draw(gaps, narrow=False),
        narrow=_draw(gaps, narrow=True),
        note=_explain({point.status for one in gaps for point in one.points}),
    )


def _explain(statuses: set[str]) -> str:
    found = {"suppressed" if status == "withheld" else status for status in statuses}
    return f"A filled tile is a published figure; {list_words([HOW_TO_READ[s] for s in HOW_TO_READ if s in found])}."


def _draw(series: Sequence[Series], *, narrow: bool) -> Figure:
    periods = sorted({(point.financial_year, point.quarter) for one in series for point in one.points})
    labels = [one.indicator.short_label for one in reversed(series)]
    margins = Margins(0.2 + widest(labels, 10.5), 0.1, 0.45, 0.1)
    with chart_style():
        height = margins.top + margins.bottom + ROW_INCHES * len(series)
        figure, axes = new_chart(NARROW + 0.6 if narrow else WIDE, height, margins)
        _draw_tiles(axes, [[one.of(*period) for period in periods] for one in reversed(series)], 30 if narrow else 62)
        axes.set(xlim=(-0.5, len(periods) - 0.5), ylim=(-0.6, len(series) - 0.4))
        axes.set_xticks(
            range(len(periods)), [_tick(*period, short=narrow) for period in periods], fontsize=8 if narrow else 10
        )
        label_rows(axes, labels, above=False)
        axes.grid(False)
        axes.xaxis.tick_top()
    return figure


def _draw_tiles(axes: Axes, rows: Sequence[Sequence[Point | None]], size: float) -> None:
    """The tiles of one kind in one stroke: a stroke for each tile took a second."""
    places: dict[str, list[tuple[int, int]]] = {}
    for row, points in enumerate(rows):
        for column, point in enumerate(points):
            places.setdefault(point.status if point else "not_available", []).append((column, row))
    places.pop("not_available", None)
    for status, tiles in places.items():
        marker, fill, edge = TILES.get(status, WITHHELD_TILE)
        columns, lines = zip(*tiles, strict=True)
        axes.scatter(columns, lines, marker=marker, s=size, facecolors=fill, edgecolors=edge)


def _tick(year: str, quarter: int, *, short: bool) -> str:
    shown = display_year(year)[2:] if short else display_year(year)
    return f"Q{quarter}\n{shown}" if quarter == QUARTERS[0] else f"Q{quarter}"
