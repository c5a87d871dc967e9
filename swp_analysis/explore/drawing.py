"""How a chart of any series is drawn and handed over. In: lines of figures. Out: figures in the project's style, and
`Exhibit`s with the table behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from swp_analysis.explore.named_series import NamedSeries
from swp_analysis.explore.period_index import name_period
from swp_analysis.present.chart_style import ACCENT, MUTED, THIS_YEAR, Margins, chart_style, new_chart
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.frames import make_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = [THIS_YEAR, ACCENT, "#28A197", "#F46A25", MUTED, "#A285D1"]
WIDTH, HEIGHT = 7.8, 3.6
LONGEST_NAME = 44


def make_exhibit(
    words: str, figure: Figure, subtitle: str, frame: pd.DataFrame, lines: Sequence[NamedSeries], unit: str = "number"
) -> Exhibit:
    """Put a chart, its finding and the frame behind it together, with the caveats and sources of what it shows."""
    caveats = dict.fromkeys(
        text if len(lines) == 1 else f"{one.label}: {text}" for one in lines for text in one.caveats
    )
    sources = dict.fromkeys(one.source for one in lines if one.source)
    data = make_table(subtitle, frame, unit)
    return Exhibit(
        words.rstrip("."),
        words,
        figure,
        subtitle,
        data=data,
        sentence=words,
        caveats=tuple(caveats),
        source="; ".join(sources),
    )


def list_periods(table: Any) -> pd.DataFrame:
    """List a table by period as a frame whose first column names the periods."""
    return table.reset_index(names="period").assign(period=[name_period(one) for one in table.index])


def new_time_chart(index: Any, right: float = 0.7) -> tuple[Figure, Axes]:
    """Make axes with the periods at 0, 1, 2 …, the newest always named."""
    figure, axes = new_chart(WIDTH, HEIGHT, Margins(0.6, right, 0.25, 0.55))
    places = list(range(len(index) - 1, -1, -max(1, len(index) // 8)))
    axes.set_xticks(places, [_name_tick(index[place]) for place in places])
    axes.set_xlim(-0.4, len(index) - 0.6)
    clear_axes(axes)
    return figure, axes


def _name_tick(period: pd.Period) -> str:
    name = f"{period.start_time:%b %Y}" if period.freqstr.startswith("M") else name_period(period)
    return name.replace(" ", "\n", 1)


def clear_axes(axes: Axes) -> None:
    """Leave the grid to the figures' axis."""
    axes.grid(axis="x", visible=False)
    axes.tick_params(labelsize=9.5)


def draw_trend(one: NamedSeries) -> tuple[Figure, Axes]:
    """Draw one line over time with its newest figure written at the end, from zero up."""
    with chart_style():
        figure, axes = new_time_chart(one.values.index)
        size = 4 if len(one.values) < 30 else 0
        axes.margins(y=0.08)
        axes.plot(range(len(one.values)), one.values, "o-", color=THIS_YEAR, linewidth=2, markersize=size)
        if len(one.known):
            write_newest(axes, one, color=THIS_YEAR)
            axes.set_ylim(bottom=min(0, one.known.min()))
    return figure, axes


def write_newest(axes: Axes, one: NamedSeries, **look: Any) -> None:
    """Write the newest figure of a series behind its point."""
    place, value = one.values.index.get_loc(one.known.index[-1]), one.known.iloc[-1]
    style: dict[str, Any] = {
        "xytext": (6, 0),
        "textcoords": "offset points",
        "va": "center",
        "fontweight": "bold",
    } | look
    axes.annotate(one.write(value), (place, value), **style)


def draw_lines(table: Any) -> tuple[Figure, Axes]:
    """Draw several lines over time, each in its colour."""
    with chart_style():
        figure, axes = new_time_chart(table.index, right=2.2)
        for place, name in enumerate(table.columns):
            axes.plot(range(len(table)), table[name], "-", color=COLOURS[place % len(COLOURS)], linewidth=2)
    return figure, axes


def name_lines(axes: Axes, table: pd.DataFrame, colours: Sequence[str] = COLOURS) -> None:
    """Write the name of each line at its end, moved apart where they would lie on each other."""
    with chart_style():
        low, high = axes.get_ylim()
        room, lowest = (high - low) * 0.07, low - high
        ends = table.ffill().iloc[-1].to_numpy()
        for place in ends.argsort():
            lowest = max(float(ends[place]), lowest + room)
            name = str(table.columns[place])
            text = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
            look: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points", "annotation_clip": False}
            look |= {"va": "center", "fontsize": 9.5, "color": colours[place % len(colours)]}
            axes.annotate(text, (len(table) - 1, lowest), **look)
