"""Small pictures side by side, one an indicator. In: protected `Series` with their findings. Out: an `Exhibit`.

Each has its own scale from 0, a time axis, the newest figure beside its point, and the verdict below.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.charts.style import (
    FAINT,
    LAST_YEAR,
    MUTED,
    NARROW,
    THIS_YEAR,
    WIDE,
    Margins,
    chart_style,
    new_panels,
)
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.headlines import write_quarters_headline
from swp_analysis.present.series import Series, tabulate_quarters
from swp_analysis.present.words import is_clear, write_verdict

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
