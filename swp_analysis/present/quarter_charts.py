"""Quarters and years as lines. In: protected `Series`, their findings, what happened on the way. Out: `Exhibit`s: one
indicator in full, many of them small, percentages of two years as slopes.

The expected range is a band; a missing quarter breaks the line, a suppressed one is a bar. Changes in recording, new
levels and targets are drawn where they apply and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.present import chart_style as style
from swp_analysis.present.exhibit import Exhibit, show_chart
from swp_analysis.present.phrases import read_phrases, say, write_value
from swp_analysis.present.series import Point, Series, tabulate_quarters, tabulate_series
from swp_analysis.present.words import is_clear, write_quarter_headline, write_quarters_headline, write_verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DAYS_IN_A_QUARTER = 91.3
RIGHT_OF_LINE, UNDER_LINE = 1.05, 0.22  # inches for the words at the ends of lines, and for each of them below


@dataclass(frozen=True)
class Event:
    """Something that happened on a day and changes how a line is to be read, in a few words."""

    day: date
    words: str


def draw_timeline(series: Series, finding: Finding, events: Sequence[Event] = ()) -> Exhibit:
    """Draw the quarters in time order, with each year's average and, as far as the points allow, the expected range."""
    note = " ".join([*_explain_limits(series), *series.new_levels])
    draw, title = partial(_draw, series, events), write_quarter_headline(finding, series)
    return show_chart("timeline", draw, title, tabulate_series(series), note, **_describe_line(series))


def scale_line(series: Series) -> tuple[float, float]:
    """Find the ends of the axis: from zero, unless even the lowest figure is more than half of the highest.

    Then half of the picture would be empty. So much is always seen that a small change looks small.
    """
    signal = series.signal
    limits = [*signal.points["lower_shown"], *signal.points["upper_shown"]] if _has_limits(series) else []
    targets = [] if series.target is None else [series.target]
    shown = [*(point.value for point in series.reported), *limits, *targets]
    tops = [*shown, *(point.upper for point in series.points if point.upper > 0), 1]
    low, high = min(shown, default=0), max(tops)
    is_whole = low <= high / 2 or len(tops) > len(shown) + 1
    floor = 0 if is_whole else min(0.7 * high, low - 0.3 * (high - low))
    return floor, floor + 1.25 * (high - floor)


def _has_limits(series: Series) -> bool:
    return not series.signal.drifts and bool(series.signal.points["upper_shown"].notna().any())


def _draw(series: Series, events: Sequence[Event], *, narrow: bool) -> Figure:
    floor, ceiling = scale_line(series)
    top = ceiling + 0.11 * min(len(events), 2) * (ceiling - floor)
    left = 0.22 + style.measure(f"{top:,.0f}", 11)
    levels = list_levels(series)
    # Beside the line of a phone's picture there is no room for words.
    below = UNDER_LINE * sum(bool(level.words) for level in levels) if narrow else 0
    margins = style.Margins(left, 0.1 if narrow else RIGHT_OF_LINE, 0.12, 0.5 + below)
    with style.chart_style():
        figure, axes = style.new_chart((2.7 if narrow else 2.5) + below, margins, narrow=narrow)
        axes.set(xlim=(-0.6, len(series.points) - 0.4), ylim=(floor, top), xlabel="", ylabel="")
        if _has_limits(series):
            lower, upper = (series.signal.points[f"{end}_shown"] for end in ("lower", "upper"))
            axes.fill_between(range(len(lower)), lower, upper, color=style.WASH, linewidth=0, zorder=0, step="mid")
        _draw_line(axes, series, few_labels=narrow)
        draw_levels(axes, series, levels, narrow=narrow)
        for place, event in enumerate(_all_events(series, events)):
            _draw_event(axes, series, event, 0.985 - 0.1 * (place % 2))
        years = [f"\n{display_year(point.financial_year)}" * (point.quarter == 1) for point in series.points]
        ticks = [f"Q{point.quarter}{year}" for point, year in zip(series.points, years, strict=True)]
        axes.set_xticks(range(len(ticks)), ticks)
        axes.locator_params(axis="y", integer=True, nbins=5)
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.grid(False, axis="x")
    return figure


def _draw_line(axes: Axes, series: Series, *, few_labels: bool) -> None:
    """The quarters; on a narrow picture only the first, the highest and the newest carry their figure."""
    values = series.values
    axes.plot(range(len(values)), values, color=style.LAST_YEAR, linewidth=1.6, zorder=3)
    newest = series.points.index(series.reported[-1]) if series.reported else -1
    highest = max(range(len(values)), key=lambda place: values[place] if values[place] == values[place] else -1)
    colours = style.colour_years(series.points)
    sizes = [95 if place == newest else 38 for place in range(len(values))]
    axes.scatter(range(len(values)), values, color=colours, s=sizes, zorder=4)
    for place, (point, colour) in enumerate(zip(series.points, colours, strict=True)):
        apart = highest if highest != newest - 1 else newest  # two labels side by side would cover each other
        if point.status != "reported" or not few_labels or place in (0, apart, newest):
            mark_point(axes, place, point, colour, large=place == newest, below=style.is_valley(axes, values, place))


def _all_events(series: Series, events: Sequence[Event]) -> list[Event]:
    levels = [Event(series.points[entry.place(None)].starts, "new level") for entry in series.rebases]
    inside = [event for event in events if series.points[0].starts < event.day] if series.points else []
    return sorted([*inside, *levels], key=lambda event: event.day)


def _draw_event(axes: Axes, series: Series, event: Event, height: float) -> None:
    """A line at the day and its words near the top, on the side where there is room; `height`: of the picture, 0-1."""
    before = [place for place, point in enumerate(series.points) if point.starts <= event.day]
    start = series.points[before[-1]].starts
    position = before[-1] - 0.5 + min((event.day - start).days / DAYS_IN_A_QUARTER, 1)
    axes.axvline(position, color=style.MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    right = position < len(series.points) / 2 - 0.5
    words, apart = f"{event.words}, {event.day:%b %Y}", (4 if right else -4, 0)
    look: dict[str, Any] = {"va": "top", "ha": "left" if right else "right", "fontsize": 8.5, "color": style.MUTED}
    look |= {"xycoords": axes.get_xaxis_transform(), "bbox": style.BACKING}
    style.write_words(axes, words, (position, height), apart, **look)


def _describe_line(series: Series) -> dict[str, Any]:
    """What a look at the line gives; the numbers stand in the table behind the chart."""
    known, years = series.reported, series.years
    ends = {"first": years[0], "last": years[-1]} if years else {"first": None, "last": None}
    found = dict.fromkeys(("least", "most", "newest"), "")
    if known:
        size = attrgetter("value")
        found = {"least": _name(min(known, key=size)), "most": _name(max(known, key=size)), "newest": _name(known[-1])}
    cut = "" if not series.points or not scale_line(series)[0] else "cut"
    return {"share": series.indicator.unit == "percent", "count": len(series.points), "cut": cut, **ends, **found}


def _name(point: Point) -> str:
    return f"{point.text} in {point.label}"


def _explain_limits(series: Series) -> list[str]:
    signal = series.signal
    if signal.drifts:
        return [say("line.drifts")]
    if not _has_limits(series):
        return [] if len(series.reported) == len(series.points) else [say("line.gap")]
    rule = read_phrases()["rules"].get(signal.points["label"].iloc[signal.latest or 0])
    is_unusual = signal.variation.endswith(("_high", "_low"))
    trial = "line.trial" if signal.rung.name == "trial_limits" else "line.limits"
    return [say("line.unusual" if is_unusual else "", trial, rule=rule)]


def mark_point(
    axes: Axes, position: float, point: Point, colour: str, *, large: bool = False, below: bool = False
) -> None:
    """Give the figure above or below its point; a suppressed one is a bar over its interval, a missing one says so at
    the foot."""
    if point.status == "reported":
        look: dict[str, Any] = {"fontsize": 13, "gap": 8} if large else {}
        text = write_value(point.value, point.unit)
        style.write_above(axes, text, position, point.value, below=below, color=colour, fontweight="bold", **look)
    elif point.status == "suppressed":
        axes.plot([position, position], [point.lower, point.upper], color=colour, linewidth=9, alpha=0.45)
        style.write_above(axes, point.text, position, point.upper)
    else:
        missing = "not known" if point.status == "not_available" else point.text
        style.write_above(axes, missing, position, axes.get_ylim()[0], rotation=90, color=style.MUTED, fontsize=9)


# Level lines: the averages of the years, and what the last one aims at


LETTERS_AT_AN_END = 15  # of the words at an end
LINE_OF_WORDS = 0.16  # inches
BELOW_TICKS = -0.27  # of the height of the axes


@dataclass(frozen=True)
class LevelLine:
    """A level line over the quarters of a year, and the words at its end."""

    year: str
    height: float
    words: str
    colour: str
    dashes: Any


def list_levels(series: Series) -> list[LevelLine]:
    """List the averages of the last two years of counts, and the aim of the last."""
    unit, found = series.indicator.unit, []
    for year in series.years[-2:]:
        points = [series.of(year, quarter) for quarter in QUARTERS]
        known = [point.value for point in points if point and point.status == "reported"]
        if len(known) < len(QUARTERS) or series.indicator.kind != "flow":
            continue
        average, is_last = sum(known) / len(known), year == series.years[-1]
        words = say("average", unit=unit, average=average) if is_last else ""
        found.append(LevelLine(year, average, words, style.THIS_YEAR if is_last else style.LAST_YEAR, (0, (5, 3))))
    if series.target is not None:
        year, share = series.years[-1], series.target_share
        words = say("aim.drawn", unit=unit, aim=series.indicator.target[year], quarter=share)
        found.append(LevelLine(year, series.target, words, style.MUTED, ":"))
    return found


def draw_levels(axes: Axes, series: Series, levels: Sequence[LevelLine], *, narrow: bool) -> None:
    """Draw each level over its year; the words of a narrow picture stand below the quarters."""
    for level in levels:
        places = [place for place, point in enumerate(series.points) if point.financial_year == level.year]
        ends, label = (places[0] - 0.4, places[-1] + 0.4), level.words or "_"
        axes.plot(ends, [level.height] * 2, color=level.colour, lw=1.2, linestyle=level.dashes, zorder=2, label=label)
    named = sorted((level for level in levels if level.words), key=attrgetter("height"))
    if narrow and named:
        look: dict[str, Any] = {"frameon": False, "fontsize": 9, "borderpad": 0, "borderaxespad": 0}
        axes.legend(loc="upper left", bbox_to_anchor=(0, BELOW_TICKS), labelspacing=0.6, handlelength=2.4, **look)
    elif named:
        _write_at_ends(axes, named, len(series.points) - 0.48)


def _write_at_ends(axes: Axes, levels: Sequence[LevelLine], place: float) -> None:
    """The words of at most two levels, lowest first, beside their ends and off each other."""
    texts = ["\n".join(wrap(level.words, LETTERS_AT_AN_END)) for level in levels]
    heights = [level.height for level in levels]
    floor, top = axes.get_ylim()
    tall = LINE_OF_WORDS * axes.figure.dpi / axes.bbox.height * (top - floor)
    apart = tall * sum(text.count("\n") + 1 for text in texts) / 2
    if heights[-1] - heights[0] < apart and len(levels) > 1:
        heights = [sum(heights) / 2 - apart / 2, sum(heights) / 2 + apart / 2]
    for level, text, height in zip(levels, texts, heights, strict=True):
        style.write_words(axes, text, (place, height), (0, 0), fontsize=9, color=level.colour)


# Small pictures of several indicators


PANEL_HEIGHT, GAPS = 0.9, (0.66, 0.98)
LETTERS_A_LINE = 30


def draw_wall(pairs: Sequence[tuple[Series, Finding]]) -> Exhibit:
    """Draw each indicator's quarters in time order, small, with its newest figure and its verdict."""
    several = [series for series, _ in pairs]
    table = tabulate_quarters(several)
    return show_chart("wall", partial(_draw_panels, pairs), write_quarters_headline(several), table, count=len(pairs))


def _draw_panels(pairs: Sequence[tuple[Series, Finding]], *, narrow: bool) -> Figure:
    width, columns = (style.NARROW, 2) if narrow else (style.WIDE, 3)
    rows = -(-len(pairs) // columns)
    margins = style.Margins(0.12, 0.62, 0.45, 0.58)
    height = margins.top + margins.bottom + rows * PANEL_HEIGHT + (rows - 1) * GAPS[1]
    with style.chart_style():
        figure, panels = style.new_panels(width, height, margins, (rows, columns), GAPS)
        for axes, (series, finding) in zip(panels, pairs, strict=False):
            _draw_small(axes, series, finding, narrow=narrow)
        for axes in panels[len(pairs) :]:
            axes.set_visible(False)
    return figure


def _draw_small(axes: Axes, series: Series, finding: Finding, *, narrow: bool) -> None:
    positions, values = list(range(len(series.points))), series.values
    axes.plot(positions, values, color=style.FAINT, linewidth=1.5)
    colours = style.colour_years(series.points)
    axes.scatter(positions, values, c=colours, s=14, zorder=3)
    axes.set(xlabel="", ylabel="", yticks=[], ylim=scale_line(series), xlim=(-0.4, len(positions) - 0.6))
    axes.grid(False)
    firsts = [place for place, point in enumerate(series.points) if point.quarter == 1]
    axes.set_xticks(
        firsts, [display_year(series.points[place].financial_year) for place in firsts], fontsize=8, ha="left"
    )
    if series.reported:
        first, last = series.reported[0], series.reported[-1]
        start, place = series.points.index(first), (series.points.index(last), last.value)
        style.write_words(axes, last.text, place, (6, 0), bold=True, fontsize=11, color=style.THIS_YEAR)
        look: dict[str, Any] = {"fontsize": 8.5, "color": style.LAST_YEAR, "ha": "left", "gap": 4}
        below = style.is_valley(axes, values, start)
        style.write_above(axes, first.text, start, first.value, below=below, **look)
    label = "\n".join(wrap(series.indicator.short_label, 21 if narrow else LETTERS_A_LINE))
    axes.set_title(label, fontsize=9.5, loc="left", pad=5)
    verdict = "\n".join(wrap(write_verdict(finding), 24))
    look = {"bold": is_clear(finding), "color": style.MUTED, "fontsize": 8.5, "va": "top"}
    style.write_words(axes, verdict, (0, 0), (0, -19), xycoords="axes fraction", **look)
