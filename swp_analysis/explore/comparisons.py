"""Series and years side by side. In: whatever `read_many` takes. Out: an `Exhibit` or a `Table`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.analysis.usual_scatter import CountComparison, compare_counts
from swp_analysis.errors import InputError
from swp_analysis.explore.drawing import (
    COLOURS,
    WIDTH,
    exhibit_line,
    name_lines,
    new_time_chart,
)
from swp_analysis.explore.line_charts import trend
from swp_analysis.explore.named_series import (
    PERIODS_A_YEAR,
    NamedSeries,
    name_period,
    read_many,
    read_series,
    shared_periods,
    tabulate_years,
)
from swp_analysis.explore.words import write_figure, write_figure_in
from swp_analysis.present.charts.style import ACCENT, LAST_YEAR, THIS_YEAR, Margins, chart_style, new_chart, new_panels
from swp_analysis.present.exhibit import Exhibit, Table
from swp_analysis.present.own_charts import make_table

MOST_PANELS = 24
LEVEL = 0.05


def compare(*data: Any) -> Exhibit:
    """Draw several series in one chart, each in its own unit of figures.

    Raises
    ------
    InputError
        When the series mix months, quarters and years, or units.
    """
    lines = read_many(*data)
    units = {one.unit for one in lines}
    if len(units) > 1:
        raise InputError("These mix counts and percentages; use index_to() or small_multiples().")
    table = shared_periods(lines)

    figure, axes = new_time_chart(table.index, lines[0], right=2.2)
    with chart_style():
        for place, name in enumerate(table.columns):
            axes.plot(range(len(table)), table[name], "-", color=COLOURS[place % len(COLOURS)], linewidth=2)
        axes.set_ylim(bottom=0)
        name_lines(axes, table)
    last = table.dropna().iloc[-1:]
    words = "These have no period in common."
    if len(last):
        row = last.iloc[0].sort_values(ascending=False)
        parts = [f"{name} {write_figure(value, lines[0].unit)}" for name, value in row.items()]
        words = f"In {name_period(last.index[0])}: {', '.join(parts)}."
    frame = table.reset_index(names="period").assign(period=[name_period(one) for one in table.index])
    return Exhibit(
        words.rstrip("."), words, figure, "Compared", data=make_table("Compared", frame, lines[0].unit), sentence=words
    )


def change(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Test the newest year against the year before, over the periods that both have, as the headline figures are.

    Counts only; scatter beyond chance is allowed for (`methods.compare_counts`).
    """
    one = read_series(data, label=label, unit=unit)
    if one.unit != "count":
        raise InputError(f"{one.label}: a {one.unit} can't be tested without its numbers; use methods.compare_shares.")

    table = tabulate_years(one) if PERIODS_A_YEAR[one.freq] > 1 else one.values.to_frame().T
    both = table.iloc[:, -2:].dropna()
    if both.shape[1] < 2 or both.empty:
        raise InputError(f"{one.label}: there are no two years with the same periods to compare.")
    before, after = both.columns
    found = compare_counts(list(both[after]), list(both[before]))
    figure = _draw_ratio(found)
    was, now = (write_figure(float(both[year].sum()), "count") for year in (before, after))
    verb = "did not change" if was == now else "rose" if both[after].sum() > both[before].sum() else "fell"
    sure = "more than chance would usually explain" if found.p < LEVEL else "chance could explain it"
    words = f"{one.label} {verb} from {was} in {before} to {now} in {after}; {sure}."
    names = ["comparison", "before", "after", "ratio", "lower", "upper", "p"]
    row = [f"{after} against {before}", *map(float, both.sum()), found.ratio, found.lower, found.upper, found.p]
    frame = pd.DataFrame([row], columns=names)
    subtitle = f"{after} as a multiple of {before}, with the range that fits the data (95%)"
    return Exhibit(
        words.rstrip("."), words, figure, subtitle, data=make_table(subtitle, frame, "number"), sentence=words
    )


def _draw_ratio(found: CountComparison) -> Any:
    """A ratio with its 95% range on a scale of multiples."""
    with chart_style():
        figure, axes = new_chart(WIDTH, 1.3, Margins(0.6, 0.6, 0.2, 0.5))
        axes.grid(axis="y", visible=False)
        ends = [max(found.lower, 0.05), min(found.upper, 20)]
        axes.plot(ends, [0, 0], color=THIS_YEAR, linewidth=3)
        axes.plot([found.ratio], [0], "o", color=THIS_YEAR, markersize=9)
        axes.axvline(1, color=LAST_YEAR, linewidth=1)
        axes.set_xscale("log")
        axes.set_yticks([])
        ticks = [
            tick
            for tick in (0.25, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 4)
            if ends[0] * 0.8 <= tick <= ends[1] * 1.25 or tick == 1
        ]
        axes.set_xticks(ticks, [f"×{tick:g}" for tick in ticks])
        axes.minorticks_off()
    return figure


def worst_period(data: Any, *, label: str = "") -> Exhibit:
    """Find the worst period of a series; only where it is known whether lower or higher is good."""

    one = read_series(data, label=label)
    known = one.known
    if known.empty:
        raise InputError(f"{one.label}: there are no figures.")
    if one.good_direction == "neutral":
        high, low = known.idxmax(), known.idxmin()
        ends = [write_figure_in(known[end], one.unit, name_period(end)) for end in (high, low)]
        words = f"{one.label}: neither high nor low is good or bad on its own; highest was {ends[0]}, lowest {ends[1]}."
        marked = [high, low]
    else:
        worst = known.max() if one.good_direction == "lower" else known.min()
        marked = list(known.index[known == worst])
        names = " and ".join(name_period(period) for period in marked)
        words = f"{one.label}: the worst {one.freq} was {names}, with {write_figure(worst, one.unit)}."
    figure = trend(one).figure
    with chart_style():
        places = [one.values.index.get_loc(period) for period in marked]
        figure.axes[0].plot(places, one.values.iloc[places], "o", color=ACCENT, markersize=9, linestyle="none")
    return exhibit_line(one, figure, words, f"{one.label}, a {one.freq} a point")


def slope(data: Any) -> Exhibit:
    """Draw the totals (of percentages: the newest figures) of two years as slopes, a line each."""
    rows: list[Any] = []
    for one in read_many(data):
        table = tabulate_years(one) if one.freq != "year" else one.values.rename(str).to_frame().T
        both = table.iloc[:, -2:].dropna()
        if both.shape[1] == 2 and len(both):
            totals = both.sum() if one.unit == "count" else both.iloc[-1]
            rows.append((one.label, *map(float, totals), one.unit, *map(str, both.columns)))
    if not rows:
        raise InputError("None of these has two years with the same periods.")
    frame: Any = pd.DataFrame(rows, columns=["series", "before", "after", "unit", "from", "to"])
    ratio = frame["after"] / frame["before"].replace(0, np.nan)
    figure = _draw_slopes(frame)
    most = ratio.sub(1).abs().idxmax() if ratio.notna().any() else 0
    words = (
        f"{frame['series'][most]} moved most: from {write_figure(frame['before'][most], frame['unit'][most])} in "
        f"{frame['from'][most]} to {write_figure(frame['after'][most], frame['unit'][most])} in {frame['to'][most]}."
    )
    shown = frame.drop(columns="unit")
    return Exhibit(
        words.rstrip("."), words, figure, "Two years", data=make_table("Two years", shown, "number"), sentence=words
    )


def _draw_slopes(frame: Any) -> Any:
    """A line from last year to this for each row; mixed units share no scale, so each fills the height."""
    is_mixed = frame["unit"].nunique() > 1
    ends: dict[str, list[float]] = {}
    with chart_style():
        figure, axes = new_chart(6.4, max(3.0, 0.42 * len(frame) + 1), Margins(0.9, 2.9, 0.2, 0.4))
        for place, (name, was, now, kind, *_) in enumerate(frame.itertuples(index=False)):
            top = max(was, now) or 1.0
            heights = [was / top, now / top] if is_mixed else [was, now]
            axes.plot([0, 1], heights, "o-", color=COLOURS[place % len(COLOURS)], linewidth=2)
            ends[f"{write_figure(now, kind)}  {name[:26]} (from {write_figure(was, kind)})"] = heights
        axes.set_xticks([0, 1], [frame["from"].iloc[0], frame["to"].iloc[0]])
        axes.set_yticks([])
        axes.set_xlim(-0.1, 1.02)
        axes.grid(visible=False)
        name_lines(axes, pd.DataFrame(ends))
    return figure


def heatmap(data: Any) -> Exhibit:
    """Draw a heat map: of one series years by periods, of several the series by periods, each against its own range."""
    import seaborn as sns

    lines = read_many(data)
    if len(lines) == 1:
        shown = tabulate_years(lines[0]).T
        colours = shown
    else:
        table = shared_periods(lines)
        shown = table.T.set_axis([name_period(one) for one in table.index], axis=1)
        low, high = shown.min(axis=1), shown.max(axis=1)
        colours = shown.sub(low, axis=0).div((high - low).replace(0, np.nan), axis=0).fillna(0.5).where(shown.notna())
    figure, axes = new_chart(WIDTH, 0.42 * len(shown) + 1.1, Margins(2.6 if len(lines) > 1 else 0.9, 0.2, 0.15, 0.8))
    labels = shown.map(lambda value: "" if pd.isna(value) else write_figure(value, lines[0].unit))
    with chart_style():
        sns.heatmap(
            colours, annot=labels, fmt="", cmap="Blues", cbar=False, linewidths=1, ax=axes, annot_kws={"fontsize": 9}
        )
        axes.set_ylabel("")
        axes.set_xlabel("")
        axes.tick_params(axis="y", rotation=0)
    words = _highest_in_words(shown, lines)
    subtitle = "Darker is more" if len(lines) == 1 else "Darker is more, within each row"
    frame = shown.reset_index(names="series")
    return Exhibit(
        words.rstrip("."), words, figure, subtitle, data=make_table(subtitle, frame, lines[0].unit), sentence=words
    )


def _highest_in_words(shown: Any, lines: list[NamedSeries]) -> str:
    """Of one series where it is highest; of several which are at their highest in the newest period."""
    if len(lines) == 1:
        year, period = shown.stack().idxmax()
        highest = write_figure(shown.max().max(), lines[0].unit)
        return f"{lines[0].label}: the highest figure is {highest} in {period} {year}."
    top = [str(name) for name, row in shown.iterrows() if row.iloc[-1] == row.max() > row.min()]
    if not top:
        return f"None of these {len(lines)} is at its highest in {shown.columns[-1]}."
    return f"At their highest in {shown.columns[-1]}: {', '.join(top)}."


def small_multiples(data: Any, columns: int = 3) -> Exhibit:
    """Draw a small chart for each series, each on a scale of its own that begins at zero."""
    lines = read_many(data)[:MOST_PANELS]
    rows = -(-len(lines) // columns)
    margins = Margins(0.35, 0.55, 0.35, 0.35)
    with chart_style():
        figure, panels = new_panels(WIDTH, 1.6 * rows + 0.2, margins, rows=rows, columns=columns, gaps=(0.7, 0.75))
        for one, axes in zip(lines, panels, strict=False):
            _draw_panel(axes, one)
        for axes in panels[len(lines) :]:
            axes.set_visible(False)
    newest = [f"{one.label} {write_figure(one.known.iloc[-1], one.unit)}" for one in lines if len(one.known)]
    words = f"Newest figures: {'; '.join(newest)}."
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "period": [name_period(p) for p in one.values.index],
                    "series": one.label,
                    "value": one.values.to_numpy(),
                }
            )
            for one in lines
        ]
    )
    title = f"{len(lines)} series, each on its own scale"
    return Exhibit(
        title, words, figure, "Every scale begins at zero", data=make_table(title, frame, "number"), sentence=words
    )


def _draw_panel(axes: Any, one: NamedSeries) -> None:
    axes.plot(range(len(one.values)), one.values, "-", color=THIS_YEAR, linewidth=1.8)
    axes.set_title(one.label if len(one.label) <= 30 else f"{one.label[:29]}…", fontsize=9.5, loc="left")
    axes.set_xticks([0, len(one.values) - 1], [name_period(one.values.index[place]) for place in (0, -1)], fontsize=8)
    axes.set_yticks([])
    if len(one.known):
        axes.set_ylim(0, float(one.known.max()) * 1.15 or 1)
        place = one.values.index.get_loc(one.known.index[-1])
        axes.annotate(
            write_figure(one.known.iloc[-1], one.unit),
            (place, one.known.iloc[-1]),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            fontweight="bold",
        )


def table(data: Any) -> Table:
    """Put the figures of one or more series into a table, a row a period."""
    lines = read_many(data)
    wide = shared_periods(lines)
    frame = wide.reset_index(names="period").assign(period=[name_period(one) for one in wide.index])
    return make_table(", ".join(one.label for one in lines[:3]), frame, lines[0].unit)
