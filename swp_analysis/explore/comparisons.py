"""Series and years side by side. In: whatever `read_many` takes. Out: an `Exhibit`: chart, frame, sentence."""

from collections.abc import Sequence
from dataclasses import replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.analysis.rates import rate as work_out_rate
from swp_analysis.errors import InputError
from swp_analysis.explore import drawing, named_series
from swp_analysis.explore.line_charts import show_years
from swp_analysis.explore.period_index import name_period, name_place
from swp_analysis.present import chart_style as style
from swp_analysis.present.area_charts import draw_bars
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.row_charts import Scale, Strip, draw_rows

TEXTS = ["unit", "was", "now"]  # of the rows of two figures, for words and charts
LEAST_BASE = 20  # below it a percentage change says more than the figures do


def compare(*data: Any) -> Exhibit:
    """Draw several series in one chart, all in the same unit.

    Raises
    ------
    InputError
        When the series mix months, quarters and years, or units.
    """
    lines = named_series.read_many(*data)
    if len({one.unit for one in lines}) > 1:
        raise InputError("These mix counts and percentages; use index_to() or small_multiples().")
    table = named_series.shared_periods(lines)
    figure, axes = drawing.draw_lines(table)
    axes.set_ylim(bottom=0)
    drawing.name_lines(axes, table)
    last = table.dropna().iloc[-1:]
    words = "These have no period in common."
    if len(last):
        row = last.iloc[0].sort_values(ascending=False)
        parts = [f"{name} {lines[0].write(value)}" for name, value in row.items()]
        words = f"In {name_period(last.index[0])}: {', '.join(parts)}."
    return drawing.make_exhibit(words, figure, "Compared", drawing.list_periods(table), lines, lines[0].unit)


def index_to(data: Any, base: str | None = None) -> Exhibit:
    """Draw one or more series as an index, 100 at a base period: default the first in which most have a figure.

    What has no figure above zero in it is left out, and named in the caveats.
    """
    lines = named_series.read_many(data)
    table = named_series.shared_periods(lines)
    start = _choose_base(table, base)
    since, left_out = name_period(start), [name for name in table.columns if not table.loc[start, name] > 0]
    if len(left_out) == len(lines):
        raise InputError(f"{left_out[0]} has no figure above zero in {since}; name another base.")
    table = table.drop(columns=left_out)
    indexed = 100 * table / table.loc[start]
    figure, axes = drawing.draw_lines(indexed)
    axes.axhline(100, color=style.FAINT, linewidth=1, zorder=0)
    drawing.name_lines(axes, indexed)
    last = indexed.ffill().iloc[-1]
    most = (last - 100).abs().idxmax()
    moved = f"{most} moved most: its" if len(indexed.columns) > 1 else f"{most}: the"
    words = f"Since {since}, {moved} index is {last[most]:.0f}, with {since} as 100."
    made = drawing.make_exhibit(words, figure, f"Index, {since} = 100", drawing.list_periods(indexed.round(1)), lines)
    why = f"Left out, with no figure above zero in {since}: {', '.join(left_out)}."
    return replace(made, caveats=[why, *made.caveats]) if left_out else made


def _choose_base(table: Any, base: str | None) -> Any:
    names = [name_period(period) for period in table.index]
    if base is not None and base not in names:
        raise InputError(f"{base!r} is not among the periods; the first are {', '.join(names[:4])}.")
    return table.gt(0).sum(axis=1).idxmax() if base is None else table.index[names.index(base)]


def year_on_year(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Hold the newest figure against the same period a year before: one series by its years, several a row each."""
    lines = named_series.read_many(data)
    if len(lines) == 1:
        return show_years(lines[0].called(label, unit))
    frame = _pair(lines, newest=True)
    moved, known = frame["change"].ne(0).sum(), len(frame)
    words = f"{moved} of {known} figures differ from the same period a year before."
    percent = frame["change_pct"].abs()
    if percent.notna().any():
        top = frame.loc[percent.idxmax()]
        words += f" {top['series']} moved most: {_move(top)}."
    shown = frame.drop(columns=[*TEXTS, "from"]).rename(columns={"to": "period"})
    return drawing.make_exhibit(
        words,
        _draw_pairs(frame),
        "A dot for the newest figure, a line from the year before's; each row on a scale of its own",
        shown,
        lines,
    )


def slope(data: Any) -> Exhibit:
    """Draw the totals (of percentages: the newest figures) of two years as slopes, a line each."""
    lines = named_series.read_many(data)
    frame = _pair(lines, newest=False)
    ratio = frame["after"] / frame["before"].replace(0, np.nan)
    top = frame.loc[ratio.sub(1).abs().idxmax() if ratio.notna().any() else 0]
    words = f"{top['series']}{' moved most' if len(frame) > 1 else ''}: {_move(top)}."
    return drawing.make_exhibit(words, _draw_slopes(frame), "Two years", frame.drop(columns=TEXTS), lines)


def _pair(lines: Sequence[named_series.NamedSeries], *, newest: bool) -> Any:
    """A row a series: the newest period that two years have, or the totals of all such periods; change in % from 20."""
    rows = []
    for one in lines:
        both = named_series.pair_years(one)
        if both is not None:
            whole = both.sum() if one.unit == "count" and not newest else both.iloc[-1]
            names = [name_place(both.index[-1], year) if newest else str(year) for year in both.columns]
            rows.append((one.label, *map(float, whole), one.unit, *map(one.write, whole), *names))
    if not rows:
        raise InputError("None of these has two years with the same periods.")
    frame = pd.DataFrame(rows, columns=["series", "before", "after", "unit", "was", "now", "from", "to"])
    frame["change"] = (frame["after"] - frame["before"]).round(6)
    has_base = frame["before"].ge(LEAST_BASE) & frame["unit"].eq("count")
    frame["change_pct"] = (100 * frame["change"] / frame["before"].where(has_base)).round(1)
    return frame


def _move(row: Any) -> str:
    return f"from {row['was']} in {row['from']} to {row['now']} in {row['to']}"


def _draw_pairs(frame: Any) -> Any:
    """A row a series from last year's figure to this year's mark, each on its own scale from zero."""
    rows = []
    for row in frame.itertuples():
        before, after = (value / (max(row.before, row.after) or 1.0) for value in (row.before, row.after))
        name = row.series if len(row.series) <= 52 else f"{row.series[:51]}…"
        text = f"{row.now}, from {row.was}"
        rows.append(Strip(name, after, min(before, after), max(before, after), text, colour=style.THIS_YEAR, size=8))
    return draw_rows(rows, Scale(-0.03, 1.03, {0.0: "0"}), narrow=False)


def _draw_slopes(frame: Any) -> Any:
    """A line from last year to this for each row; mixed units share no scale, so each fills the height."""
    is_mixed = frame["unit"].nunique() > 1
    with style.chart_style():
        figure, axes = style.new_chart(6.4, max(3.0, 0.42 * len(frame) + 1), style.Margins(0.9, 2.9, 0.2, 0.4))
        tops = frame[["before", "after"]].max(axis=1).replace(0, 1) if is_mixed else 1
        heights = frame[["before", "after"]].div(tops, axis=0).T if is_mixed else frame[["before", "after"]].T
        for place in frame.index:
            axes.plot([0, 1], heights[place], "o-", color=drawing.COLOURS[place % len(drawing.COLOURS)], linewidth=2)
        axes.set_xticks([0, 1], [frame["from"].iloc[0], frame["to"].iloc[0]])
        axes.set(yticks=[], xlim=(-0.1, 1.02))
        axes.grid(visible=False)
    ends = [f"{row.now}  {row.series[:26]} (from {row.was})" for row in frame.itertuples()]
    drawing.name_lines(axes, heights.set_axis(ends, axis=1))
    return figure


def rate(data: Any, residents: Any, per: int = 1000) -> Exhibit:
    """Work out rates per 1,000 residents with their exact 95% range: of each series the newest year's total.

    Parameters
    ----------
    residents : how many, or a result of `areas.population`, of which the newest mid-year is taken.
    """
    people = residents.frame.iloc[-1]["population"] if hasattr(residents, "frame") else residents
    lines = [one for one in named_series.read_many(data) if one.unit == "count" and len(one.known)]
    if not lines:
        raise InputError("A rate needs counts; these are percentages or other numbers.")
    is_number = isinstance(people, Real)
    if not is_number or people <= 0:
        raise InputError(f"{people!r} is no number of residents; give one above zero, or a result of areas.population.")
    years = [named_series.tabulate_years(one).dropna(axis=1, how="all").iloc[:, -1] for one in lines]
    missing = [f" ({year.count()} of {len(year)} {one.freq}s)" for one, year in zip(lines, years, strict=True)]
    whole = [year.notna().all() for year in years]
    frame = pd.DataFrame({"series": [one.label for one in lines], "count": [year.sum() for year in years]})
    frame["period"] = [
        f"{year.name}{'' if is_whole else part}" for year, is_whole, part in zip(years, whole, missing, strict=True)
    ]
    frame[["rate", "lower", "upper"]] = work_out_rate(frame["count"], people, per=per).frame.to_numpy()
    first, ends = frame.iloc[0], (frame["lower"].tolist(), frame["upper"].tolist())
    texts = [f"{value:.3g}" for value in frame["rate"]]
    figure = draw_bars(frame["series"].tolist(), frame["rate"].tolist(), texts, f"Per {per:,} residents", ends=ends)
    reach = f"{first['lower']:.3g} to {first['upper']:.3g}"
    words = f"{first['series']}: {texts[0]} per {per:,} residents in {first['period']} ({reach})."
    made = drawing.make_exhibit(
        words, figure, f"A year per {per:,} of {people:,} residents, with 95% ranges", frame, lines
    )
    return replace(made, caveats=[getattr(residents, "sentence", f"{people:,} residents."), *made.caveats])
