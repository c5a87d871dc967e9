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
MANY_POINTS = 30  # from here on a line has no dots


def make_exhibit(
    words: str, figure: Figure, subtitle: str, frame: pd.DataFrame, lines: Sequence[NamedSeries], unit: str = "number"
) -> Exhibit:
    """Put a chart, its finding and the frame behind it together, with the caveats and sources of what it shows."""
    told = [text if len(lines) == 1 else f"{one.label}: {text}" for one in lines for text in one.caveats]
    caveats, sources = tuple(dict.fromkeys(told)), dict.fromkeys(one.source for one in lines if one.source)
    data = make_table(subtitle, frame, unit)
    title, source = words.rstrip("."), "; ".join(sources)
    return Exhibit(title, words, figure, subtitle, data=data, sentence=words, caveats=caveats, source=source)


def list_periods(table: Any) -> pd.DataFrame:
    """List a table by period as a frame whose first column names the periods."""
    return table.reset_index(names="period").assign(period=[name_period(one) for one in table.index])


def draw_lines(
    table: pd.DataFrame,
    ends: Sequence[str] = (),
    colours: Sequence[str] = COLOURS,
    *,
    height: float = HEIGHT,
    right: float = 2.2,
    from_zero: bool = True,
) -> tuple[Figure, Axes]:
    """Draw a line a column over the rows of a table, each in its colour, with its name or its text of `ends` behind it.

    `right`: inches for what is written there.
    """
    mark = "o-" if len(table) < MANY_POINTS and len(table.columns) * len(table) < 2 * MANY_POINTS else "-"
    with chart_style():
        figure, axes = new_chart(WIDTH, height, Margins(0.6, right, 0.25, 0.55))
        axes.margins(y=0.08)
        for place, name in enumerate(table.columns):
            colour = colours[place % len(colours)]
            axes.plot(range(len(table)), table[name], mark, color=colour, linewidth=2, markersize=4)
        _name_places(axes, table.index)
        if from_zero:
            axes.set_ylim(bottom=min(0.0, float(table.min().min())))
        name_lines(axes, table.set_axis(list(ends), axis=1) if ends else table, colours)
    return figure, axes


def draw_trend(one: NamedSeries) -> tuple[Figure, Axes]:
    """Draw one line over time with its newest figure written at the end, from zero up."""
    return draw_lines(one.values.to_frame(), [one.newest], right=0.9)


def _name_places(axes: Axes, index: Any) -> None:
    """Name up to eight of the rows at 0, 1, 2 …, the newest always."""
    places = list(range(len(index) - 1, -1, -max(1, len(index) // 8)))
    axes.set_xticks(places, [_name_tick(index[place]) for place in places])
    axes.set_xlim(-0.4, len(index) - 0.6)
    axes.grid(axis="x", visible=False)
    axes.tick_params(labelsize=9.5)


def _name_tick(period: pd.Period | str) -> str:
    if isinstance(period, str):
        return period
    name = f"{period.start_time:%b %Y}" if period.freqstr.startswith("M") else name_period(period)
    return name.replace(" ", "\n", 1)


def name_lines(axes: Axes, table: pd.DataFrame, colours: Sequence[str] = COLOURS) -> None:
    """Write the name of each line at its end, moved apart where they would lie on each other."""
    low, high = axes.get_ylim()
    room, lowest = (high - low) * 0.07, low - high
    ends = table.ffill().iloc[-1].to_numpy()
    for place in ends.argsort():
        lowest = max(float(ends[place]), lowest + room)
        name = str(table.columns[place])
        text = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        look: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points", "annotation_clip": False}
        look |= {"va": "center", "fontsize": 9.5, "color": colours[place % len(colours)]}
        look |= {"fontweight": "bold"} if len(ends) == 1 else {}
        axes.annotate(text, (len(table) - 1, lowest), **look)
