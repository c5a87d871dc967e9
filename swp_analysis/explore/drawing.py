"""How a chart of any series is drawn. In: lines of figures. Out: figures in the project's style, tables behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from swp_analysis.explore.named_series import NamedSeries, name_period
from swp_analysis.explore.words import write_figure
from swp_analysis.present.charts.style import ACCENT, MUTED, THIS_YEAR, Margins, chart_style, new_chart
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.own_charts import make_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = [THIS_YEAR, ACCENT, "#28A197", "#F46A25", MUTED, "#A285D1"]
WIDTH, HEIGHT = 7.8, 3.6
LONGEST_NAME = 44


def new_time_chart(index: pd.PeriodIndex, one: NamedSeries, right: float = 0.7) -> tuple[Figure, Axes]:
    with chart_style():
        figure, axes = new_chart(WIDTH, HEIGHT, Margins(0.6, right, 0.25, 0.55))
        step = max(1, len(index) // 8)
        places = list(range(len(index) - 1, -1, -step))
        axes.set_xticks(places, [_name_tick(index[place]) for place in places])
        axes.set_xlim(-0.4, len(index) - 0.6)
        clear_axes(axes)
    return figure, axes


def _name_tick(period: pd.Period) -> str:
    name = f"{period.start_time:%b %Y}" if period.freqstr.startswith("M") else name_period(period)
    return name.replace(" ", "\n", 1)


def clear_axes(axes: Axes) -> None:
    axes.grid(axis="x", visible=False)
    axes.tick_params(labelsize=9.5)


def draw_line(axes: Axes, values: pd.Series, colour: str, ends: NamedSeries) -> None:
    axes.plot(range(len(values)), values, "o-", color=colour, linewidth=2, markersize=4 if len(values) < 30 else 0)
    known = values.dropna()
    if len(known):
        place = values.index.get_loc(known.index[-1])
        axes.annotate(
            write_figure(known.iloc[-1], ends.unit),
            (place, known.iloc[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            color=colour,
        )
        axes.set_ylim(bottom=min(0, known.min()))


def name_lines(axes: Axes, table: pd.DataFrame, colours: list[str] = COLOURS) -> None:
    """Write the name of each line at its end, moved apart where they would lie on each other."""
    last = table.ffill().iloc[-1].sort_values()
    low, high = axes.get_ylim()
    room, lowest = (high - low) * 0.07, low - high
    for name, value in last.items():
        lowest = max(float(value), lowest + room)
        colour = colours[list(map(str, table.columns)).index(str(name)) % len(colours)]
        text = str(name) if len(str(name)) <= LONGEST_NAME else f"{str(name)[: LONGEST_NAME - 1]}…"
        axes.annotate(
            text,
            (len(table) - 1, lowest),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=colour,
            annotation_clip=False,
        )


def exhibit_line(
    one: NamedSeries, figure: Figure, sentence: str, subtitle: str, frame: pd.DataFrame | None = None
) -> Exhibit:
    if frame is None:
        frame = pd.DataFrame({"period": [name_period(p) for p in one.values.index], one.label: one.values.to_numpy()})
    table = make_table(subtitle, frame, one.unit)
    return Exhibit(
        sentence.rstrip("."),
        sentence,
        figure,
        subtitle,
        data=table,
        sentence=sentence,
        caveats=one.caveats,
        source=one.source,
    )
