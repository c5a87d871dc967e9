"""Many series at once: lines, pairs of years, heat maps, small multiples, tables.

In: whatever `read_many` takes. Out: an `Exhibit`: chart, frame, sentence.
"""

from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.analysis.findings import SMALLEST_BASE_FOR_PERCENT
from swp_analysis.errors import InputError, count_noun, require_number
from swp_analysis.explore.line_charts import cut_name, draw_lines, list_periods, make_exhibit, name_lines
from swp_analysis.explore.named_series import NamedSeries, read_many, shared_periods
from swp_analysis.explore.paired_years import add_years, pair_years, show_years, tabulate_years
from swp_analysis.explore.period_index import name_period, name_place, read_periods
from swp_analysis.present.chart_style import FAINT, MUTED, THIS_YEAR, WIDE, Margins, chart_style, new_chart, widest
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.row_charts import Scale, Strip, draw_rows

MOST_PANELS = 24
TEXTS = ["unit", "was", "now"]  # of the rows of two figures, for words and charts


def compare(*data: Any) -> Exhibit:
    """Draw several series in one chart, all in the same unit.

    Raises
    ------
    InputError
        When the series mix months, quarters and years, or units.
    """
    lines = read_many(*data)
    if len({one.unit for one in lines}) > 1:
        raise InputError("These mix counts and percentages; use index_to() or small_multiples().")
    table = shared_periods(lines)
    words = "These have no period in common."
    for period, row in table.dropna().iloc[-1:].iterrows():
        parts = [f"{name} {lines[0].write(value)}" for name, value in row.sort_values(ascending=False).items()]
        words = f"In {name_period(period)}: {', '.join(parts)}."
    return make_exhibit(words, draw_lines(table)[0], "Compared", list_periods(table), lines, lines[0].unit)


def index_to(data: Any, base: str | None = None) -> Exhibit:
    """Draw one or more series as an index, 100 at a base period: default the first in which most have a figure.

    What has no figure above zero in it is left out, and named in the caveats.
    """
    lines = read_many(data)
    table = shared_periods(lines)
    start = _choose_base(table, base)
    since, left_out = name_period(start), [name for name in table.columns if not table.loc[start, name] > 0]
    if len(left_out) == len(lines):
        raise InputError(f"{left_out[0]} has no figure above zero in {since}; name another base.")
    table = table.drop(columns=left_out)
    indexed = 100 * table / table.loc[start]
    figure, axes = draw_lines(indexed, from_zero=False)
    axes.axhline(100, color=FAINT, linewidth=1, zorder=0)
    last = indexed.ffill().iloc[-1]
    most = (last - 100).abs().idxmax()
    moved = f"{most} moved most: its" if len(indexed.columns) > 1 else f"{most}: the"
    words = f"Since {since}, {moved} index is {last[most]:.0f}, with {since} as 100."
    made = make_exhibit(words, figure, f"Index, {since} = 100", list_periods(indexed.round(1)), lines)
    return _leave_out(made, left_out, f"with no figure above zero in {since}")


def _leave_out(made: Exhibit, names: Sequence[str], why: str = "without two years of the same periods") -> Exhibit:
    """The same with a caveat that names the series that are not in it."""
    return replace(made, caveats=[f"Left out, {why}: {', '.join(names)}.", *made.caveats]) if names else made


def _choose_base(table: Any, base: str | None) -> Any:
    if base is None:
        return table.gt(0).sum(axis=1).idxmax()
    wanted = read_periods(pd.Index([base]), table.index.freqstr)[0]
    if wanted not in table.index:
        names = ", ".join(map(name_period, table.index[:4]))
        raise InputError(f"{base!r} is not among the periods; the first are {names}.")
    return wanted


def year_on_year(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Hold the newest figure against the same period a year before: one series by its years, several a row each."""
    lines = read_many(data)
    if len(lines) == 1:
        return show_years(lines[0].called(label, unit))
    frame = _pair(lines, newest=True)
    moved, known = frame["change"].ne(0).sum(), len(frame)
    differ = f"{count_noun(known, 'figure')} {'differs' if moved == 1 else 'differ'}"
    words = f"{moved} of {differ} from the same period a year before."
    percent = frame["change_pct"].abs()
    if percent.notna().any():
        top = frame.loc[percent.idxmax()]
        words += f" {top['series']} moved most: {_move(top)}."
    shown = frame.drop(columns=[*TEXTS, "from"]).rename(columns={"to": "period"})
    subtitle = "A dot for the newest figure, a line from the year before's; each row on a scale of its own"
    return _leave_out(make_exhibit(words, _draw_pairs(frame), subtitle, shown, lines), _list_unpaired(lines))


def slope(data: Any) -> Exhibit:
    """Draw the totals (of percentages: the newest figures) of two years as slopes, a line each."""
    lines = read_many(data)
    frame = _pair(lines, newest=False)
    ratio = frame["after"] / frame["before"].replace(0, np.nan)
    top = frame.loc[ratio.sub(1).abs().idxmax() if ratio.notna().any() else 0]
    words = f"{top['series']}{' moved most' if len(frame) > 1 else ''}: {_move(top)}."
    made = make_exhibit(words, _draw_slopes(frame), "Two years", frame.drop(columns=TEXTS), lines)
    return _leave_out(made, _list_unpaired(lines))


def _list_unpaired(lines: Sequence[NamedSeries]) -> list[str]:
    return [one.label for one in lines if pair_years(one) is None]


def _pair(lines: Sequence[NamedSeries], *, newest: bool) -> Any:
    """A row a series: the newest period that two years have, or the totals of all such periods; change in % from 20."""
    rows = []
    for one in lines:
        both = pair_years(one)
        if both is not None:
            whole, names = zip(*add_years(one, both.tail(1) if newest else both), strict=True)
            rows.append((one.label, *whole, one.unit, *map(one.write, whole), *names))
    if not rows:
        raise InputError("None of these has two years with the same periods.")
    frame = pd.DataFrame(rows, columns=["series", "before", "after", "unit", "was", "now", "from", "to"])
    frame["change"] = (frame["after"] - frame["before"]).round(6)
    has_base = frame["before"].ge(SMALLEST_BASE_FOR_PERCENT) & frame["unit"].eq("count")
    frame["change_pct"] = (100 * frame["change"] / frame["before"].where(has_base)).round(1)
    return frame


def _move(row: Any) -> str:
    return f"from {row['was']} in {row['from']} to {row['now']} in {row['to']}"


def _draw_pairs(frame: Any) -> Any:
    """A row a series from last year's figure to this year's mark, each on its own scale from zero."""
    rows = []
    for row in frame.itertuples():
        before, after = (value / (max(row.before, row.after) or 1.0) for value in (row.before, row.after))
        text = f"{row.now}, from {row.was}"
        rows.append(
            Strip(
                cut_name(row.series, 52), after, min(before, after), max(before, after), text, colour=THIS_YEAR, size=8
            )
        )
    return draw_rows(rows, Scale(-0.03, 1.03, {0.0: "0"}), narrow=False)


def _draw_slopes(frame: Any) -> Any:
    """A line from last year to this for each row; mixed units share no scale, so each fills the height."""
    tops = frame[["before", "after"]].max(axis=1).replace(0, 1) if frame["unit"].nunique() > 1 else 1
    years = [min(frame[end], key=len) for end in ("from", "to")]
    heights = frame[["before", "after"]].div(tops, axis=0).T.set_axis(years)
    parts = [to.removesuffix(years[1]).strip() for to in frame["to"]]
    whens = [f"{part}: " if part else "" for part in parts]
    ends = [
        f"{when}{row.now} (from {row.was})  {row.series}" for row, when in zip(frame.itertuples(), whens, strict=True)
    ]
    figure, axes = draw_lines(heights, ends, height=max(3.0, 0.42 * len(frame) + 1), right=2.9)
    axes.set(yticks=[], xlim=(-0.1, 1.02))
    return figure


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
        figure, axes = new_chart(0.42 * len(shown) + 1.1, Margins(left, 0.2, 0.15, 0.8))
        sns.heatmap(colours, annot=labels, ax=axes, **look)
        axes.set(xlabel="", ylabel="")
        axes.tick_params(axis="y", rotation=0)
    subtitle = "Darker is more" if len(lines) == 1 else "Darker is more, within each row"
    frame, words = shown.reset_index(names="series"), _highest_in_words(shown, lines)
    return make_exhibit(words, figure, subtitle, frame, lines, lines[0].unit)


def _highest_in_words(shown: Any, lines: Sequence[NamedSeries]) -> str:
    """Of one series where it is highest; of several which are at their highest in the newest period."""
    if len(lines) == 1:
        one, figures = lines[0], shown.stack().dropna()
        top = figures[figures == figures.max()]
        if len(top) == len(figures) > 1:
            return f"{one.label}: {one.newest} in each of {one.how_many}."
        year, period = top.index[0]
        when = f"{', first' if len(top) > 1 else ''} in {name_place(period, year)}"
        return f"{one.label}: the highest figure is {one.write(top.iloc[0])}{when}."
    newest = shown.columns[-1]
    top = [str(name) for name, row in shown.iterrows() if row[newest] == row.max() > row.min()]
    return f"At their highest in {newest}: {', '.join(top)}." if top else f"None is at its highest in {newest}."


def small_multiples(data: Any, columns: int = 3) -> Exhibit:
    """Draw a small chart for each series, each on a scale of its own that begins at zero."""
    import seaborn as sns
    from matplotlib import pyplot

    require_number("number of columns; write 3", columns, above=0, kind=Integral)
    lines = (every := read_many(data))[:MOST_PANELS]
    frame = pd.concat([list_periods(one.values.to_frame("value")).assign(series=one.label) for one in lines])
    with chart_style():
        grid = sns.FacetGrid(
            frame.assign(place=frame.groupby("series", sort=False).cumcount()),
            col="series", col_wrap=columns, sharex=False, sharey=False, height=1.7, aspect=WIDE / columns / 1.7,
        )  # fmt: skip
        grid.map_dataframe(sns.lineplot, x="place", y="value", color=THIS_YEAR)
        for axes, one in zip(grid.axes.flat, lines, strict=True):
            _finish_panel(axes, one)
        grid.figure.subplots_adjust(hspace=0.7, wspace=0.4)
    pyplot.close(grid.figure)  # or a notebook would show it a second time
    newest = [f"{one.label} {one.newest}" for one in lines if len(one.known)]
    words = f"Newest figures: {'; '.join(newest)}."
    made = make_exhibit(words, grid.figure, "Every scale begins at zero", frame, lines)
    made = replace(made, title=f"{len(lines)} series, each on its own scale")
    return _leave_out(made, [one.label for one in every[MOST_PANELS:]], f"as only {MOST_PANELS} are drawn")


def _finish_panel(axes: Any, one: NamedSeries) -> None:
    axes.set_title(cut_name(one.label, 30), fontsize=9.5, loc="left")
    axes.set_xticks([0, len(one.values) - 1], [name_period(one.values.index[place]) for place in (0, -1)], fontsize=8)
    axes.set(xlabel="", ylabel="", yticks=[])
    if len(one.known):
        axes.set_ylim(0, float(one.known.max()) * 1.15 or 1)
        name_lines(axes, one.values.to_frame(one.newest), ["black"])


class Tabulated(Exhibit):
    """A table that is also a picture, for a slide; a notebook shows it as the table."""

    def _repr_html_(self) -> str:
        return self.data._repr_html_() if self.data else ""


def table(data: Any) -> Exhibit:
    """Put the figures of one or more series into a table, a row a period."""
    lines = read_many(data)
    frame = list_periods(shared_periods(lines))
    texts = [
        [str(name), *(one.write(value) for value, one in zip(values, lines, strict=True))]
        for name, *values in frame.itertuples(index=False)
    ]
    known = frame.notna().all(axis=1).sum()
    words = f"{', '.join(one.label for one in lines[:3])}: {len(frame)} {lines[0].freq}s, {known} with every figure."
    made = make_exhibit(words, _draw_table(list(frame.columns), texts), "Figures", frame, lines, lines[0].unit)
    return Tabulated(**{name: getattr(made, name) for name in made.__dataclass_fields__})


def _draw_table(headings: Sequence[str], texts: Sequence[Sequence[str]]) -> Any:
    from matplotlib.transforms import Bbox

    with chart_style():
        figure, axes = new_chart(0.3 * (len(texts) + 1) + 0.2, Margins())
        axes.set_axis_off()
        named = [cut_name(heading, 30) for heading in headings]
        drawn = axes.table(texts, colLabels=named, bbox=Bbox.unit(), edges="horizontal")
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(9.5)
        for (row, column), cell in drawn.get_celld().items():
            cell.set(edgecolor=FAINT)
            cell.get_text().set(ha="left" if column == 0 else "right", color=MUTED if row == 0 else "black")
    return figure
