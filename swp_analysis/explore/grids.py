"""Many series at once: heat maps, small multiples, tables. In: whatever `read_many` takes. Out: an `Exhibit`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.explore.drawing import WIDTH, list_periods, make_exhibit, write_newest
from swp_analysis.explore.named_series import NamedSeries, read_many, shared_periods, tabulate_years
from swp_analysis.explore.period_index import name_period, name_place
from swp_analysis.present.chart_style import FAINT, MUTED, THIS_YEAR, Margins, chart_style, new_chart, widest
from swp_analysis.present.exhibit import Exhibit

MOST_PANELS = 24


def heatmap(data: Any) -> Exhibit:
    """Draw a heat map: of one series years by periods, of several the series by periods, each against its own range."""
    import seaborn as sns

    lines = read_many(data)
    if len(lines) == 1:
        shown = colours = tabulate_years(lines[0]).T
    else:
        table = shared_periods(lines)
        shown = table.T.set_axis([name_period(one) for one in table.index], axis=1)
        low, high = shown.min(axis=1), shown.max(axis=1)
        colours = shown.sub(low, axis=0).div((high - low).replace(0, np.nan), axis=0).fillna(0.5).where(shown.notna())
    rows = zip(shown.to_numpy(), lines * len(shown) if len(lines) == 1 else lines, strict=True)
    labels = [["" if pd.isna(value) else one.write(value) for value in row] for row, one in rows]
    look: dict[str, Any] = {"fmt": "", "cmap": "Blues", "cbar": False, "linewidths": 1, "annot_kws": {"fontsize": 9}}
    left = min(widest(map(str, shown.index), 10) + 0.3, 4.2)
    with chart_style():
        figure, axes = new_chart(WIDTH, 0.42 * len(shown) + 1.1, Margins(left, 0.2, 0.15, 0.8))
        sns.heatmap(colours, annot=labels, ax=axes, **look)
        axes.set(xlabel="", ylabel="")
        axes.tick_params(axis="y", rotation=0)
    subtitle = "Darker is more" if len(lines) == 1 else "Darker is more, within each row"
    return make_exhibit(
        _highest_in_words(shown, lines), figure, subtitle, shown.reset_index(names="series"), lines, lines[0].unit
    )


def _highest_in_words(shown: Any, lines: Sequence[NamedSeries]) -> str:
    """Of one series where it is highest; of several which are at their highest in the newest period."""
    if len(lines) == 1:
        year, period = shown.stack().idxmax()
        highest = lines[0].write(shown.max().max())
        return f"{lines[0].label}: the highest figure is {highest} in {name_place(period, year)}."
    top = [str(name) for name, row in shown.iterrows() if row.iloc[-1] == row.max() > row.min()]
    if not top:
        return f"None of these {len(lines)} is at its highest in {shown.columns[-1]}."
    return f"At their highest in {shown.columns[-1]}: {', '.join(top)}."


def small_multiples(data: Any, columns: int = 3) -> Exhibit:
    """Draw a small chart for each series, each on a scale of its own that begins at zero."""
    import seaborn as sns
    from matplotlib import pyplot

    lines = read_many(data)[:MOST_PANELS]
    frame = pd.concat([list_periods(one.values.to_frame("value")).assign(series=one.label) for one in lines])
    with chart_style():
        grid = sns.FacetGrid(
            frame.assign(place=frame.groupby("series", sort=False).cumcount()),
            col="series", col_wrap=columns, sharex=False, sharey=False, height=1.7, aspect=WIDTH / columns / 1.7,
        )  # fmt: skip
        grid.map_dataframe(sns.lineplot, x="place", y="value", color=THIS_YEAR)
        for axes, one in zip(grid.axes.flat, lines, strict=True):
            _finish_panel(axes, one)
        grid.figure.subplots_adjust(hspace=0.7, wspace=0.4)
    pyplot.close(grid.figure)  # or a notebook would show it a second time
    newest = [f"{one.label} {one.write(one.known.iloc[-1])}" for one in lines if len(one.known)]
    words = f"Newest figures: {'; '.join(newest)}."
    made = make_exhibit(words, grid.figure, "Every scale begins at zero", frame, lines)
    return replace(made, title=f"{len(lines)} series, each on its own scale")


def _finish_panel(axes: Any, one: NamedSeries) -> None:
    axes.set_title(one.label if len(one.label) <= 30 else f"{one.label[:29]}…", fontsize=9.5, loc="left")
    axes.set_xticks([0, len(one.values) - 1], [name_period(one.values.index[place]) for place in (0, -1)], fontsize=8)
    axes.set(xlabel="", ylabel="", yticks=[])
    if len(one.known):
        axes.set_ylim(0, float(one.known.max()) * 1.15 or 1)
        write_newest(axes, one, fontsize=9)


class Tabulated(Exhibit):
    """A table that is also a picture, for a slide; a notebook shows it as the table."""

    def _repr_html_(self) -> str:
        return self.data._repr_html_() if self.data else ""


def table(data: Any) -> Exhibit:
    """Put the figures of one or more series into a table, a row a period."""
    lines = read_many(data)
    frame = list_periods(shared_periods(lines))
    texts = [
        [str(row[0]), *(one.write(value) for value, one in zip(row[1:], lines, strict=True))]
        for row in frame.itertuples(index=False)
    ]
    known = min((len(one.known) for one in lines), default=0)
    words = f"{', '.join(one.label for one in lines[:3])}: {len(frame)} {lines[0].freq}s, {known} with every figure."
    made = make_exhibit(words, _draw_table(list(frame.columns), texts), "Figures", frame, lines, lines[0].unit)
    return Tabulated(**{name: getattr(made, name) for name in made.__dataclass_fields__})


def _draw_table(headings: Sequence[str], texts: Sequence[Sequence[str]]) -> Any:
    from matplotlib.transforms import Bbox

    with chart_style():
        figure, axes = new_chart(WIDTH, 0.3 * (len(texts) + 1) + 0.2, Margins())
        axes.set_axis_off()
        drawn = axes.table(
            texts, colLabels=[heading[:30] for heading in headings], bbox=Bbox.unit(), edges="horizontal"
        )
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(9.5)
        for (row, column), cell in drawn.get_celld().items():
            cell.set(edgecolor=FAINT)
            cell.get_text().set(ha="left" if column == 0 else "right", color=MUTED if row == 0 else "black")
    return figure
