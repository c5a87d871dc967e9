"""Charts of areas from open data. In: a finding's frame. Out: a matplotlib figure, for a screen or a phone.

Peers are grey, the area itself is blue and named; nothing is said to be best.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.open_data.breaks import OpenBreak
from swp_analysis.present.charts.style import (
    ACCENT,
    FAINT,
    LAST_YEAR,
    MUTED,
    NARROW_ROW,
    THIS_YEAR,
    chart_style,
    fit_labels,
    new_figure,
)

WIDTH, HEIGHT = 7.4, 3.2
ROW = 0.31
NAME_WIDTH = 24  # characters of a name on a line, where a picture is narrow
THOUSAND = 1000


def draw_series(
    frame: pd.DataFrame, breaks: Sequence[OpenBreak], width: float = WIDTH, assessed: tuple[str, str] = ("", "")
) -> Any:
    """Draw a long line, open at gaps, with a dot at the same quarter of each year and the recording changes marked.

    `assessed`: last day and name of the year that is assessed, when the line goes beyond it.
    """
    with chart_style():
        figure, axes = new_figure(width, HEIGHT)
        days = [date.fromisoformat(day) for day in frame["period_end"]]
        whole = frame["count"].where(frame["status"] == "reported").to_numpy(float)
        for part in _parts(days, whole, breaks):
            axes.plot([days[at] for at in part], whole[part], color=THIS_YEAR, linewidth=1.6)
        same = [
            at
            for at, quarter in enumerate(frame["quarter"])
            if quarter == frame["quarter"].iloc[-1] and not np.isnan(whole[at])
        ]
        axes.plot([days[at] for at in same], whole[same], "o", color=THIS_YEAR, markersize=5)
        axes.set_ylim(0, max(1.0, np.nanmax(whole)) * 1.12)
        _few_years(axes, width)
        _mark_breaks(axes, breaks, days)
        if assessed[0]:
            ends = date.fromisoformat(assessed[0])
            axes.axvline(ends, color=MUTED, linewidth=1)
            axes.text(ends, 0, f" end of {assessed[1]}", fontsize=9, va="bottom", color=MUTED)
        _finish(axes, "", "Offences")
    return fit_labels(figure)


def _parts(days: list[date], values: np.ndarray, breaks: Sequence[OpenBreak]) -> list[list[int]]:
    """Positions of unbroken stretches: a missing figure and a gap in recording both end one."""
    gaps = [change.date_from for change in breaks if change.draw == "gap" and change.date_from]
    parts: list[list[int]] = [[]]
    for at, day in enumerate(days):
        if parts[-1] and any(days[parts[-1][-1]] < gap <= day for gap in gaps):
            parts.append([])
        if np.isnan(values[at]):
            parts.append([])
        else:
            parts[-1].append(at)
    return [part for part in parts if part]


def _mark_breaks(axes, breaks: Sequence[OpenBreak], days: list[date]) -> None:
    numbered = [(change, change.date_from) for change in breaks if change.draw != "note" and change.date_from]
    top = axes.get_ylim()[1]
    for number, (change, begins) in enumerate(numbered, start=1):
        dashes = ":" if change.needs_person else "--"
        if change.draw == "band" and change.date_to:
            axes.axvspan(begins, change.date_to, color=FAINT, alpha=0.35, linewidth=0)
        else:
            axes.axvline(begins, color=ACCENT, linestyle=dashes, linewidth=1.4 if change.draw == "gap" else 0.9)
        axes.text(
            begins + timedelta(days=20),
            top * (0.985 - 0.055 * (number % 2)),
            str(number),
            fontsize=9,
            va="top",
            color=ACCENT,
        )


def draw_dots(
    frame: pd.DataFrame, own: str, width: float = WIDTH, reference: float | None = None, label: str = ""
) -> Any:
    """Draw a dot with its interval an area, highest first; the area itself blue, and a line at the peers together."""
    rows = frame.sort_values("rate").reset_index(drop=True)
    narrow = width < WIDTH
    with chart_style():
        figure, axes = new_figure(width, 1.1 + (NARROW_ROW if narrow else ROW) * len(rows))
        for at, row in enumerate(rows.itertuples()):
            colour = THIS_YEAR if row.area_code == own else LAST_YEAR
            axes.plot([row.lower, row.upper], [at, at], color=colour, linewidth=2)
            axes.plot(row.rate, at, "o", color=colour, markersize=7 if row.area_code == own else 5)
        axes.set_yticks(range(len(rows)), rows["name"])
        for tick, code in zip(axes.get_yticklabels(), rows["area_code"], strict=True):
            tick.set_fontweight("bold" if code == own else "normal")
        if reference is not None:
            axes.axvline(reference, color=ACCENT, linestyle="--", linewidth=1.2)
            axes.text(reference, len(rows) - 0.45, label, color=ACCENT, fontsize=9, ha="center", va="bottom")
        axes.set_ylim(-0.6, len(rows) - 0.1)
        _finish(axes, "Crimes per 1,000 residents", "", bars=True)
    return fit_labels(figure)


def draw_bars(
    names: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    axis: str,
    width: float = WIDTH,
    ends: Any = None,
    add_up: bool = False,
) -> Any:
    """Draw labelled bars, the first one on top; `ends`: lower and upper ends of intervals. `add_up`: with a line of
    their sums, as in a Pareto chart of shares."""
    with chart_style():
        figure, axes = new_figure(width, 0.9 + (NARROW_ROW if width < WIDTH else ROW) * len(names))
        places = np.arange(len(names))[::-1]
        axes.barh(places, values, color=THIS_YEAR, height=0.6)
        if ends is not None:
            axes.hlines(places, *ends, color=ACCENT, linewidth=2)
        tips = np.asarray(values if ends is None else ends[1], dtype=float)
        if add_up:
            axes.plot(np.cumsum(values), places, "-o", color=ACCENT, linewidth=1.4, markersize=4)
            tips = np.full(len(places), 100.0)  # right of the line, which would cross what stands nearer
        reach = np.nanmax(tips)
        for place, tip, text in zip(places, tips, texts, strict=True):
            axes.text(tip + reach * 0.01, place, text, va="center", fontsize=10)
        axes.set_yticks(places, [fill(name, NAME_WIDTH) for name in names] if width < WIDTH else names)
        axes.set_xlim(0, reach * 1.25)
        if add_up:
            axes.set_xticks(range(0, 101, 20))
        _finish(axes, axis, "", bars=True)
    return fit_labels(figure)


def draw_area_changes(frame: pd.DataFrame, width: float = WIDTH) -> Any:
    """Draw this year as a multiple of last year, a row a group, with its interval; clear changes blue."""
    rows = frame[frame["why_not"] == ""].iloc[::-1].reset_index(drop=True)
    with chart_style():
        figure, axes = new_figure(width, 1.1 + (NARROW_ROW if width < WIDTH else ROW) * len(rows))
        for at, row in enumerate(rows.itertuples()):
            colour = THIS_YEAR if row.clear else LAST_YEAR
            axes.plot([row.lower, row.upper], [at, at], color=colour, linewidth=2)
            axes.plot(row.ratio, at, "o", color=colour, markersize=6, fillstyle="full" if row.clear else "none")
        axes.axvline(1, color=MUTED, linewidth=1)
        axes.set_yticks(range(len(rows)), rows["group"])
        axes.set_xscale("log")
        axes.set_xticks([0.5, 0.75, 1, 1.5, 2], ["half", "0.75", "as before", "1.5", "double"])
        axes.minorticks_off()
        axes.set_xlim(
            min(0.7, rows["lower"].clip(0.3).min() * 0.95), max(1.4, rows["upper"].clip(upper=3).max() * 1.05)
        )
        _finish(axes, "", "", bars=True)
    return fit_labels(figure)


def draw_season(profile: pd.Series, adjusted: pd.DataFrame, width: float = WIDTH) -> Any:
    """Draw, left, the usual size of each quarter, right the counts with the season taken out."""
    with chart_style():
        figure, axes = new_figure(
            width, HEIGHT, **({"nrows": 2} if width < WIDTH else {"ncols": 2, "width_ratios": [1, 2]})
        )
        axes[0].bar(profile.index, 100 * (profile - 1), color=THIS_YEAR)
        axes[0].axhline(0, color=MUTED, linewidth=1)
        days = [date.fromisoformat(day) for day in adjusted["period_start"]]
        axes[1].plot(days, adjusted["count"], color=FAINT, linewidth=1.2)
        axes[1].plot(days, adjusted["adjusted"], color=THIS_YEAR, linewidth=1.6)
        axes[1].set_ylim(bottom=0)
        _few_years(axes[1], width)
        _finish(axes[0], "", "% from the mean")
        _finish(axes[1], "", "Offences")
    return fit_labels(figure)


def draw_ranks(frame: pd.DataFrame, own: str, width: float = WIDTH) -> Any:
    """Draw the places that each area could have, from first on the left."""
    rows = frame.sort_values("rank", ascending=False).reset_index(drop=True)
    with chart_style():
        figure, axes = new_figure(width, 1.0 + (NARROW_ROW if width < WIDTH else ROW) * len(rows))
        for at, row in enumerate(rows.itertuples()):
            colour = THIS_YEAR if row.area_code == own else LAST_YEAR
            axes.plot(
                [row.rank_low, row.rank_high], [at, at], color=colour, linewidth=6, solid_capstyle="round", alpha=0.55
            )
            axes.plot(row.rank, at, "o", color=colour, markersize=6)
        axes.set_yticks(range(len(rows)), rows["name"])
        axes.set_xticks(range(1, len(rows) + 1) if len(rows) < 16 else np.linspace(1, len(rows), 6).round())
        _finish(axes, "Place by rate (1 is the highest)", "", bars=True)
    return fit_labels(figure)


def draw_funnel(frame: pd.DataFrame, wide: pd.DataFrame, chance: pd.DataFrame, own: str, width: float = WIDTH) -> Any:
    """Draw rates by population, with 95% and 99.8% limits that allow for how areas differ, and chance alone dotted."""
    order = np.argsort(frame["population"].to_numpy())
    people = frame["population"].to_numpy()[order] / 1000
    with chart_style():
        figure, axes = new_figure(width, HEIGHT + 0.4)
        for limits, style, weight in ((wide, "-", 1.2), (chance, ":", 1.0)):
            for name in ("lower95", "upper95", "lower998", "upper998"):
                axes.plot(
                    people,
                    limits[name].to_numpy()[order],
                    style,
                    color=MUTED,
                    linewidth=weight if "998" in name else weight * 0.7,
                )
        axes.plot(frame["population"] / 1000, frame["rate"], "o", color=LAST_YEAR, markersize=3.5, alpha=0.6)
        axes.axhline(wide["centre"].iloc[0], color=FAINT, linewidth=1)
        me = frame[frame["area_code"] == own].iloc[0]
        axes.plot(me["population"] / 1000, me["rate"], "o", color=THIS_YEAR, markersize=9)
        axes.annotate(
            me["name"],
            (me["population"] / 1000, me["rate"]),
            xytext=(8, 6),
            textcoords="offset points",
            color=THIS_YEAR,
        )
        axes.set_ylim(bottom=0)
        _finish(axes, "Residents (thousands)", "Crimes per 1,000 residents")
    return fit_labels(figure)


def draw_pair(frame: pd.DataFrame, names: tuple[str, str], width: float = WIDTH) -> Any:
    """Draw two series of the same thing: own figures and the open table."""
    with chart_style():
        figure, axes = new_figure(width, HEIGHT)
        places = np.arange(len(frame))
        for name, colour, style in zip(names, (THIS_YEAR, ACCENT), ("-o", "--s"), strict=True):
            axes.plot(places, frame[name], style, color=colour, label=name, linewidth=1.6, markersize=5)
        step = max(1, len(frame) // 8)
        axes.set_xticks(places[::step], frame["period"].iloc[::step], rotation=30, ha="right")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
        _finish(axes, "", "Offences")
    return fit_labels(figure)


def _finish(axes, across: str, up: str, bars: bool = False) -> None:
    """Name the axes, write thousands with a comma, and keep the grid lines that help: across for bars, else along."""
    from matplotlib.ticker import FuncFormatter

    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(visible=False)
    axes.grid(visible=True, axis="x" if bars else "y", color=FAINT, linewidth=0.6)
    if not bars and axes.get_ylim()[1] >= THOUSAND:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _few_years(axes, width: float) -> None:
    """As many years along the axis as fit without touching."""
    from matplotlib.dates import AutoDateLocator

    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=5 if width < WIDTH else 9))
