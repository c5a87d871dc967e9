"""Lines over time, of any series. In: whatever `read_series` takes. Out: an `Exhibit`: chart, frame and sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swp_analysis.engines.spc.signal import read_signal
from swp_analysis.errors import InputError
from swp_analysis.explore.drawing import (
    COLOURS,
    HEIGHT,
    WIDTH,
    clear_axes,
    draw_line,
    exhibit_line,
    name_lines,
    new_time_chart,
)
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
from swp_analysis.present.charts.style import (
    ACCENT,
    FAINT,
    LAST_YEAR,
    MUTED,
    THIS_YEAR,
    Margins,
    chart_style,
    new_chart,
)
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.own_charts import make_table

if TYPE_CHECKING:
    pass

COMMON = "Common Cause"  # the engine's label of a point that breaks no rule
RUNGS = {
    "table": "too few points for a chart's rules",
    "run_chart": "with its middle; too few points for limits",
    "trial_limits": "with trial limits, which judge nothing",
    "rules": "with the limits of what chance usually does",
    "robust_limits": "with the limits of what chance usually does",
}


def trend(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Draw a series over time, with its newest figure in words.

    >>> import pandas as pd
    >>> trend(pd.Series([52, 67], index=["Q3 2017/18", "Q4 2017/18"], name="Knife crime")).sentence
    'Knife crime: 67 in Q4 2017/18, the highest of 2 quarters.'
    """
    one = read_series(data, label=label, unit=unit)
    figure, axes = new_time_chart(one.values.index, one)
    with chart_style():
        draw_line(axes, one.values, THIS_YEAR, ends=one)
    return exhibit_line(one, figure, _newest_in_words(one), f"{one.label}, a {one.freq} a point")


def control_chart(data: Any, *, label: str = "", unit: Any = None, target: float | None = None) -> Exhibit:
    """Draw a series with the limits of what chance usually does, by the rules of Making Data Count.

    With fewer than 8 points there are no limits, with 8 to 11 they are called trial limits and judge nothing.
    """
    one = read_series(data, label=label, unit=unit)
    first = (one.values.index[0].start_time.month - 4) % 12 // 3 + 1 if one.freq == "quarter" else None
    kind: Any = "percent" if one.unit == "percent" else "count"
    signal = read_signal(
        list(one.values), unit=kind, good_direction=one.good_direction, target=target, first_quarter=first
    )
    points = signal.points
    figure, axes = new_time_chart(one.values.index, one)
    with chart_style():
        for name in ("lower_shown", "upper_shown"):
            axes.plot(range(len(points)), points[name], color=LAST_YEAR, linewidth=1, linestyle=(0, (4, 3)))
        axes.plot(range(len(points)), points["centre"], color=MUTED, linewidth=1)
        if target is not None:
            axes.axhline(target, color=ACCENT, linewidth=1)
        draw_line(axes, one.values, THIS_YEAR, ends=one)
        flagged = [
            place
            for place, text in enumerate(points["label"])
            if text not in ("", COMMON) and points["judged"].iloc[place]
        ]
        axes.plot(flagged, one.values.iloc[flagged], "o", color=ACCENT, markersize=7, linestyle="none")
    frame = points[["value", "centre", "lower_shown", "upper_shown", "label"]].rename(
        columns={"lower_shown": "lower limit", "upper_shown": "upper limit", "label": "rule broken"}
    )
    frame.insert(0, "period", [name_period(period) for period in one.values.index])
    return exhibit_line(one, figure, _signal_in_words(one, signal), f"{one.label}, {RUNGS[signal.rung.name]}", frame)


def year_on_year(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Draw this year's figures over last year's, period by period."""
    one = read_series(data, label=label, unit=unit)
    count = PERIODS_A_YEAR[one.freq]
    if count == 1:
        raise InputError(f"{one.label}: a figure a year has no same period last year; use trend().")
    table = tabulate_years(one)
    if len(table.columns) < 2:
        raise InputError(f"{one.label}: only one year of figures, so there is no year to compare with.")
    before, after = table.columns[-2:]
    with chart_style():
        figure, axes = new_chart(WIDTH, HEIGHT, Margins(0.6, 1.5, 0.25, 0.4))
        for year, colour in ((before, LAST_YEAR), (after, THIS_YEAR)):
            axes.plot(range(len(table)), table[year], "o-", color=colour, linewidth=2, markersize=5)
        axes.set_xticks(range(len(table)), list(table.index))
        axes.set_ylim(bottom=0)
        clear_axes(axes)
        ends = {year: f"{write_figure(table[year].dropna().iloc[-1], one.unit)} in {year}" for year in (before, after)}
        name_lines(axes, table[[before, after]].rename(columns=ends), [LAST_YEAR, THIS_YEAR])
    both = table[[before, after]].dropna()
    words = f"{one.label}: no period is known in both {before} and {after}."
    if len(both):
        newest = both.index[-1]
        was, now = both.loc[newest]
        moved = "unchanged from" if was == now else "up from" if now > was else "down from"
        words = (
            f"{one.label}: {write_figure(now, one.unit)} in {newest} {after}, {moved} {write_figure(was, one.unit)} in "
            f"the same {one.freq} a year before."
        )
    return exhibit_line(one, figure, words, f"{after} against {before}", table.reset_index(names=one.freq))


def index_to(data: Any, base: str | None = None) -> Exhibit:
    """Draw one or more series as an index, 100 at a base period (default the first that all have)."""
    lines = read_many(data)
    table = shared_periods(lines)
    whole = table.dropna()
    if whole.empty:
        raise InputError("There is no period in which all of these have a figure, so there is no common base.")
    names = [name_period(period) for period in table.index]
    if base is not None and base not in names:
        raise InputError(f"{base!r} is not among the periods; the first are {', '.join(names[:4])}.")
    start = whole.index[0] if base is None else table.index[names.index(base)]
    zero = [name for name in table.columns if not table.loc[start, name] > 0]
    if zero:
        raise InputError(f"{zero[0]} has no figure above zero in {name_period(start)}; name another base.")
    indexed = 100 * table / table.loc[start]
    figure, axes = new_time_chart(indexed.index, lines[0], right=2.2)
    with chart_style():
        for place, name in enumerate(indexed.columns):
            colour = COLOURS[place % len(COLOURS)]
            axes.plot(range(len(indexed)), indexed[name], "-", color=colour, linewidth=2)
        axes.axhline(100, color=FAINT, linewidth=1, zorder=0)
        name_lines(axes, indexed)
    words = _most_moved_in_words(indexed, name_period(start))
    frame = indexed.round(1).reset_index(names="period").assign(period=names)
    title = f"Index, {name_period(start)} = 100"
    return Exhibit(words.rstrip("."), words, figure, title, data=make_table(title, frame, "number"), sentence=words)


# Words


def _most_moved_in_words(indexed: Any, start: str) -> str:
    last = indexed.ffill().iloc[-1]
    most = (last - 100).abs().idxmax()
    return f"Since {start}, {most} moved most: it stands at {last[most]:.0f}, with {start} as 100."


def _newest_in_words(one: NamedSeries) -> str:
    known = one.known
    if known.empty:
        return f"{one.label}: no figures."
    newest, rank = known.iloc[-1], ""
    if len(known) > 1 and known.nunique() > 1:
        if newest == known.max() and (known == newest).sum() == 1:
            rank = f", the highest of {len(known)} {one.freq}s"
        elif newest == known.min() and (known == newest).sum() == 1:
            rank = f", the lowest of {len(known)} {one.freq}s"
        else:
            low, high = (write_figure(end, one.unit) for end in (known.min(), known.max()))
            rank = f"; the {len(known)} {one.freq}s range from {low} to {high}"
    return f"{one.label}: {write_figure_in(newest, one.unit, name_period(known.index[-1]))}{rank}."


def _signal_in_words(one: NamedSeries, signal: Any) -> str:
    known = one.known
    if known.empty:
        return f"{one.label}: no figures."
    newest = write_figure_in(known.iloc[-1], one.unit, name_period(known.index[-1]))
    if not signal.rung.has_rules or signal.rare:
        why = "the counts are too small for limits" if signal.rare else f"{len(known)} points are too few"
        return f"{one.label}: {newest}. A control chart cannot judge it: {why}."
    last = signal.points["label"].iloc[signal.latest] if signal.latest is not None else ""
    said = (
        f"this is more than chance usually does ({last})"
        if last not in ("", COMMON)
        else "in line with what chance usually does"
    )
    return f"{one.label}: {newest}; {said}."
