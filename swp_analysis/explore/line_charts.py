"""One series, looked at from several sides, and how lines are drawn and handed over.

In: whatever `read_series` takes. Out: an `Exhibit`: chart, frame, sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from swp_analysis.engines.spc.run_rules import ABOVE_LIMIT, BELOW_LIMIT, COMMON_CAUSE
from swp_analysis.engines.spc.signal import read_share_signal, read_signal
from swp_analysis.errors import InputError, require_number
from swp_analysis.explore.named_series import NamedSeries, read_series
from swp_analysis.explore.period_index import name_period
from swp_analysis.present.chart_style import ACCENT, LAST_YEAR, MUTED, THIS_YEAR, Margins, chart_style, new_chart
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.frames import make_table
from swp_analysis.present.phrases import list_words, read_phrases, say
from swp_analysis.present.row_charts import spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = [THIS_YEAR, ACCENT, "#28A197", "#F46A25", MUTED, "#A285D1"]
HEIGHT = 3.6
DASHES = ("-", "--", ":")  # of lines whose colour is taken
LONGEST_NAME = 44
MANY_POINTS = 30  # from here on a line has no dots
RULES = {ABOVE_LIMIT: "above the upper limit", BELOW_LIMIT: "below the lower limit"}
NO_RULE = ("", COMMON_CAUSE)


def trend(data: Any, *, label: str = "", unit: Any = None) -> Exhibit:
    """Draw a series over time, with its newest figure in words.

    >>> import pandas as pd
    >>> trend(pd.Series([52, 67], index=["Q3 2017/18", "Q4 2017/18"], name="Knife crime")).sentence
    'Knife crime: 67 in Q4 2017/18, the highest of 2 quarters.'
    """
    one = read_series(data, label=label, unit=unit)
    return _exhibit_line(one, draw_trend(one)[0], _newest_in_words(one))


def _exhibit_line(one: NamedSeries, figure: Any, words: str) -> Exhibit:
    frame = list_periods(one.values.to_frame(one.label))
    return make_exhibit(words, figure, f"{one.label}, a {one.freq} a point", frame, [one], one.unit)


def _newest_in_words(one: NamedSeries) -> str:
    known, rank = one.known, ""
    if known.empty:
        return f"{one.label}: no figures."
    newest, low, high = known.iloc[-1], known.min(), known.max()
    if newest in (low, high) and (known == newest).sum() == 1 < len(known):
        rank = f", the {'highest' if newest == high else 'lowest'} of {one.how_many}"
    elif low < high:
        rank = f"; the {one.how_many} range from {one.write(low)} to {one.write(high)}"
    return f"{one.label}: {one.write_at(known.index[-1])}{rank}."


def worst_period(data: Any, *, label: str = "", good_direction: Any = None) -> Exhibit:
    """Find the worst period of a series; only where it is known whether "lower" or "higher" is good."""
    one = read_series(data, label=label, good_direction=good_direction)
    known = one.known
    if known.empty:
        raise InputError(f"{one.label}: there are no figures.")
    if one.good_direction == "neutral":
        marked = [known.idxmax(), known.idxmin()]
        high, low = (one.write_at(period) for period in marked)
        words = f"{one.label}: neither high nor low is good or bad on its own; highest was {high}, lowest {low}."
    else:
        worst = known.max() if one.good_direction == "lower" else known.min()
        marked = list(known.index[known == worst])
        names = list_words([name_period(period) for period in marked])
        words = f"{one.label}: the worst {one.freq} was {names}, with {one.write(worst)}."
    if len(known) == 1:
        words = f"{one.label}: {one.write_at(known.index[-1])} is the only figure, so none was the worst."
    elif len(marked) == len(known):
        words, marked = f"{one.label}: {one.newest} in each of {one.how_many}; none was the worst.", []
    figure, axes = draw_trend(one)
    _mark(axes, one, [one.values.index.get_loc(period) for period in marked])
    return _exhibit_line(one, figure, words)


def _mark(axes: Any, one: NamedSeries, places: list[int]) -> None:
    axes.plot(places, one.values.iloc[places], "o", color=ACCENT, markersize=8, linestyle="none")


def control_chart(
    data: Any, *, label: str = "", unit: Any = None, good_direction: Any = None, target: float | None = None
) -> Exhibit:
    """Draw a series with the limits of what chance usually does, by the rules of Making Data Count.

    With fewer than 8 points there are no limits, with 8 to 11 they are called trial limits and judge nothing.
    """
    one = read_series(data, label=label, unit=unit, good_direction=good_direction)
    if target is not None:
        require_number("target; give it in the unit of the figures", target)
    first = (one.values.index[0].start_time.month - 4) % 12 // 3 + 1 if one.freq == "quarter" else None
    judged: dict[str, Any] = {"good_direction": one.good_direction, "target": target}
    if one.has_numbers:
        shares = one.shares.reindex(one.values.index)
        signal = read_share_signal(shares["numerator"], shares["denominator"], **judged)
    else:
        kind: Any = "other" if one.unit == "number" else one.unit
        signal = read_signal(list(one.values), unit=kind, first_quarter=first, **judged)
    names = {"lower_shown": "lower limit", "upper_shown": "upper limit", "label": "rule broken"}
    frame = signal.points[["value", "centre", *names]].replace({"label": {COMMON_CAUSE: ""}}).rename(columns=names)
    frame.insert(0, "period", [name_period(period) for period in one.values.index])
    figure, subtitle = _draw_limits(one, signal.points, target), say(f"rung.{signal.rung.name}", label=one.label)
    return make_exhibit(_signal_in_words(one, signal), figure, subtitle, frame, [one], one.unit)


def _draw_limits(one: NamedSeries, points: pd.DataFrame, target: float | None) -> Any:
    figure, axes = draw_trend(one)
    places = range(len(points))
    axes.plot(places, points[["lower_shown", "upper_shown"]], color=LAST_YEAR, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(places, points["centre"], color=MUTED, linewidth=1)
    if target is not None:
        axes.axhline(target, color=ACCENT, linewidth=1)
    broken = points["judged"] & ~points["label"].isin(NO_RULE)
    _mark(axes, one, [place for place, is_broken in enumerate(broken) if is_broken])
    axes.autoscale(axis="y")
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    return figure


def _signal_in_words(one: NamedSeries, signal: Any) -> str:
    known = one.known
    if known.empty:
        return f"{one.label}: no figures."
    newest = one.write_at(known.index[-1])
    if signal.variation in read_phrases()["cannot_judge"]:
        return say("unjudged", f"cannot_judge.{signal.variation}", label=one.label, newest=newest, points=len(known))
    last = signal.points["label"].iloc[signal.latest] if signal.latest is not None else ""
    rule = RULES.get(last) or read_phrases()["rules"].get(last)
    return say("beyond_chance" if rule else "by_chance", label=one.label, newest=newest, rule=rule)


# How lines are drawn


def make_exhibit(
    words: str, figure: Figure, subtitle: str, frame: pd.DataFrame, lines: Sequence[NamedSeries], unit: str = "number"
) -> Exhibit:
    """Put a chart, its finding and the frame behind it together, with the caveats and sources of what it shows."""
    told = [text if len(lines) == 1 else f"{one.label}: {text}" for one in lines for text in (*one.caveats, *one.gaps)]
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
    mark = "o" if len(table) < MANY_POINTS and len(table.columns) * len(table) < 2 * MANY_POINTS else ""
    with chart_style():
        figure, axes = new_chart(height, Margins(0.6, right, 0.25, 0.55))
        axes.margins(y=0.08)
        for place, name in enumerate(table.columns):
            look: dict[str, Any] = {
                "color": colours[place % len(colours)],
                "linestyle": DASHES[place // len(colours) % len(DASHES)],
            }
            axes.plot(range(len(table)), table[name], marker=mark, linewidth=2, markersize=4, **look)
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


def cut_name(name: str, most: int) -> str:
    """Give a name with at most so many letters."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def name_lines(axes: Axes, table: pd.DataFrame, colours: Sequence[str] = COLOURS) -> None:
    """Write the name of each line at its end, moved apart where they would lie on each other."""
    low, high = axes.get_ylim()
    ends = table.ffill().iloc[-1].tolist()
    for place, height in enumerate(spread(ends, (high - low) * min(0.07, 1 / len(ends)), high)):
        name = str(table.columns[place])
        text = cut_name(name, LONGEST_NAME)
        look: dict[str, Any] = {"xytext": (8, 0), "textcoords": "offset points", "annotation_clip": False}
        look |= {"va": "center", "fontsize": 9.5, "color": colours[place % len(colours)]}
        look |= {"fontweight": "bold"} if len(ends) == 1 else {}
        axes.annotate(text, (len(table) - 1, height), **look)
