"""Many indicators in one picture, small. In: protected `Series`, with their findings. Out: an `Exhibit`: small lines
side by side, each with its own scale from 0 and its verdict; or a tile for each quarter with or without a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present.charts.style import (
    ACCENT,
    FAINT,
    LAST_YEAR,
    MUTED,
    NARROW,
    THIS_YEAR,
    WIDE,
    Margins,
    chart_style,
    label_rows,
    new_chart,
    new_panels,
    widest,
)
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.headlines import write_quarters_headline
from swp_analysis.present.series import Point, Series, tabulate_quarters
from swp_analysis.present.words import is_clear, list_words, write_verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_HEIGHT, GAPS = 0.9, (0.66, 0.98)
LETTERS_A_LINE = 30


def draw_wall(pairs: Sequence[tuple[Series, Finding]]) -> Exhibit:
    """Draw each indicator's quarters in time order, small, with its newest figure and its verdict."""
    title = write_quarters_headline([series for series, _ in pairs])
    return Exhibit(
        title=title,
        subtitle="Last year grey, this year blue; each has its own scale from 0",
        alt=f"{title}. Small line charts of {len(pairs)} indicators, each with its newest figure and its verdict.",
        figure=_draw(pairs, width=WIDE, columns=3),
        narrow=_draw(pairs, width=NARROW, columns=2),
        data=tabulate_quarters([series for series, _ in pairs], "Figures by quarter"),
    )


def _draw(pairs: Sequence[tuple[Series, Finding]], *, width: float, columns: int) -> Figure:
    rows = -(-len(pairs) // columns)
    margins = Margins(0.12, 0.62, 0.45, 0.58)
    height = margins.top + margins.bottom + rows * PANEL_HEIGHT + (rows - 1) * GAPS[1]
    with chart_style():
        figure, panels = new_panels(width, height, margins, rows=rows, columns=columns, gaps=GAPS)
        for axes, (series, finding) in zip(panels, pairs, strict=False):
            _draw_small(axes, series, finding, narrow=columns == 2)
        for axes in panels[len(pairs) :]:
            axes.set_visible(False)
    return figure


def _draw_small(axes: Axes, series: Series, finding: Finding, *, narrow: bool) -> None:
    positions, values = list(range(len(series.points))), series.values
    axes.plot(positions, values, color=FAINT, linewidth=1.5)
    colours = [THIS_YEAR if point.financial_year == series.years[-1] else LAST_YEAR for point in series.points]
    axes.scatter(positions, values, c=colours, s=14, zorder=3)
    top = max((point.value for point in series.reported), default=0) or 1
    axes.set(xlabel="", ylabel="", yticks=[], ylim=(0, 1.2 * top), xlim=(-0.4, len(positions) - 0.6))
    axes.grid(False)
    firsts = [place for place, point in enumerate(series.points) if point.quarter == 1]
    axes.set_xticks(
        firsts, [display_year(series.points[place].financial_year) for place in firsts], fontsize=8, ha="left"
    )
    if series.reported:
        last = series.reported[-1]
        place = (series.points.index(last), last.value)
        look: dict[str, Any] = {"fontsize": 11, "fontweight": "bold", "color": THIS_YEAR, "annotation_clip": False}
        axes.annotate(last.text, place, (6, 0), textcoords="offset points", va="center", **look)
    label = "\n".join(wrap(series.indicator.short_label, 21 if narrow else LETTERS_A_LINE))
    axes.set_title(label, fontsize=9.5, loc="left", pad=5)
    _write_below(axes, finding)


def _write_below(axes: Axes, finding: Finding) -> None:
    words = "\n".join(wrap(write_verdict(finding), 24))
    look: dict[str, Any] = {"fontweight": "bold" if is_clear(finding) else "normal", "color": MUTED}
    axes.annotate(words, (0, 0), (0, -19), "axes fraction", "offset points", fontsize=8.5, va="top", **look)


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
        figure=_draw_gaps(gaps, narrow=False),
        narrow=_draw_gaps(gaps, narrow=True),
        note=_explain({point.status for one in gaps for point in one.points}),
    )


def _explain(statuses: set[str]) -> str:
    found = {"suppressed" if status == "withheld" else status for status in statuses}
    return f"A filled tile is a published figure; {list_words([HOW_TO_READ[s] for s in HOW_TO_READ if s in found])}."


def _draw_gaps(series: Sequence[Series], *, narrow: bool) -> Figure:
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
