"""Charts and maps of areas from open data. In: a finding's frame, or outlines. Out: a figure for a screen or a phone.

Peers are grey, the area itself is blue and named; nothing is said to be best. A map shades wards, or LSOAs in bands of
a year, never a point, a hotspot or a month: street data are snapped to points that stand for at least eight addresses.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd

from swp_analysis.open_data.breaks import OpenBreak
from swp_analysis.open_data.small_areas import Outline
from swp_analysis.present import chart_style as style
from swp_analysis.present.row_charts import BAR, Scale, Strip, draw_rows, scale_ratios

HEIGHT = 3.2
THOUSAND = 1000
WARD_LINE = 12  # letters of a name on a map
# Black on a pale ground can be read on each shade, and beyond the outline of a small ward.
WARD_NAME: Any = {"fontsize": 8, "linespacing": 1.05, "bbox": {"facecolor": "white", "alpha": 0.7, "lw": 0, "pad": 0.6}}


def draw_series(
    frame: pd.DataFrame, breaks: Sequence[OpenBreak], assessed: tuple[str, str] = ("", ""), *, narrow: bool = False
) -> Any:
    """Draw a long line, open at gaps, with a dot at the same quarter of each year and the recording changes marked.

    `assessed`: last day and name of the year that is assessed, when the line goes beyond it.
    """
    days: list[Any] = [date.fromisoformat(day) for day in frame["period_end"]]
    whole = frame["count"].where(frame["status"] == "reported").to_numpy(float)
    top = max(1.0, np.nanmax(whole)) * 1.12
    with style.chart_style():
        figure, axes = style.new_chart(HEIGHT, style.margins_for(top), narrow=narrow)
        for part in _parts(days, whole, breaks):
            axes.plot([days[at] for at in part], whole[part], color=style.THIS_YEAR, linewidth=1.6)
        last = frame["quarter"].iloc[-1]
        same = [at for at, quarter in enumerate(frame["quarter"]) if quarter == last and not np.isnan(whole[at])]
        axes.plot([days[at] for at in same], whole[same], "o", color=style.THIS_YEAR, markersize=5)
        axes.set_ylim(0, top)
        _mark_breaks(axes, breaks, days)
        if assessed[0]:
            ends: Any = date.fromisoformat(assessed[0])
            axes.axvline(ends, color=style.MUTED, linewidth=1)
            side = "right" if ends > days[len(days) // 2] else "left"
            look: dict[str, Any] = {"fontsize": 9, "color": style.MUTED, "bbox": style.BACKING, "ha": side}
            axes.text(ends, top / 40, f" end of {assessed[1]} ", **look)
        _finish(axes, "Offences", most_years=5 if narrow else 9)
    return figure


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


def _mark_breaks(axes: Any, breaks: Sequence[OpenBreak], days: list[date]) -> None:
    numbered = [(change, change.date_from) for change in breaks if change.draw != "note" and change.date_from]
    top = axes.get_ylim()[1]
    for number, (change, begins) in enumerate(numbered, start=1):
        dashes = ":" if change.needs_person else "--"
        if change.draw == "band" and change.date_to:
            axes.axvspan(begins, change.date_to, color=style.FAINT, alpha=0.35, linewidth=0)
        else:
            axes.axvline(begins, color=style.ACCENT, linestyle=dashes, linewidth=1.4 if change.draw == "gap" else 0.9)
        place = begins + timedelta(days=20), top * (0.985 - 0.055 * (number % 2))
        axes.text(*place, str(number), fontsize=9, va="top", color=style.ACCENT)


def draw_dots(
    frame: pd.DataFrame, own: str, reference: float | None = None, label: str = "", *, narrow: bool = False
) -> Any:
    """Draw a dot with its interval an area, highest first; the area itself blue, and a line at the peers together."""
    ordered: Iterable[Any] = frame.sort_values("rate", ascending=False).itertuples()
    rows = [_row(row, row.rate, row.lower, row.upper, own) for row in ordered]
    low, high = min(row.low for row in rows), max(row.high for row in rows)
    room = 0.06 * (high - low) or 1
    scale = Scale(max(0, low - room), high + room, line=reference, above=label, label="Crimes per 1,000 residents")
    return draw_rows(rows, scale, narrow=narrow)


def _row(area: Any, at: float, low: float, high: float, own: str) -> Strip:
    is_own = area.area_code == own
    colour = style.THIS_YEAR if is_own else style.LAST_YEAR
    return Strip(area.name, at, low, high, colour=colour, size=6 + 2 * is_own, bold=is_own)


def draw_ranks(frame: pd.DataFrame, own: str, *, narrow: bool = False) -> Any:
    """Draw the places that each area could have, from first on the left."""
    ordered: Iterable[Any] = frame.sort_values("rank").itertuples()
    rows = [_row(row, row.rank, row.rank_low, row.rank_high, own) for row in ordered]
    step = max(1, len(rows) // 8)
    ticks = {float(place): str(place) for place in range(1, len(rows) + 1, step)}
    scale = Scale(0.5, len(rows) + 0.5, ticks, label="Place by rate (1 is the highest)")
    return draw_rows(rows, scale, narrow=narrow)


def draw_area_changes(frame: pd.DataFrame, *, narrow: bool = False) -> Any:
    """Draw this year as a multiple of last year, a row a group, with its interval; clear changes blue."""
    judged: Iterable[Any] = frame[frame["why_not"] == ""].itertuples()
    rows = [
        Strip(row.group, row.ratio, row.lower, row.upper, f"{row.before:,.0f} → {row.after:,.0f}",
            colour=style.THIS_YEAR if row.clear else style.LAST_YEAR, size=9 if row.clear else 5, bold=row.clear)
        for row in judged
    ]  # fmt: skip
    return draw_rows(rows, scale_ratios(rows), narrow=narrow)


def draw_bars(
    names: Iterable[str],
    values: Iterable[float],
    texts: Iterable[str],
    axis: str,
    ends: Any = None,
    add_up: bool = False,
    *,
    narrow: bool = False,
) -> Any:
    """Draw labelled bars, the first one on top; `ends`: lower and upper ends of intervals. `add_up`: with a line of
    their sums, as in a Pareto chart of shares."""
    lows, highs = (values, values) if ends is None else ends
    drawn = zip(names, values, lows, highs, texts, strict=True)
    rows = [Strip(*row, mark=BAR, colour=style.THIS_YEAR) for row in drawn]
    high = 102 if add_up else 1.03 * float(np.nanmax(list(highs)))
    figure = draw_rows(rows, Scale(0, high, label=axis), narrow=narrow)
    if add_up:
        figure.axes[0].plot(
            np.cumsum(list(values)), np.arange(len(rows))[::-1], "-o", color=style.ACCENT, linewidth=1.4, markersize=4
        )
    return figure


def draw_season(profile: pd.Series, adjusted: pd.DataFrame, *, narrow: bool = False) -> Any:
    """Draw the usual size of each quarter and, beside it or below it, the counts with the season taken out."""
    margins = style.margins_for(adjusted["count"].max())
    size, grid = ((style.NARROW, 1.5 * HEIGHT), (2, 1)) if narrow else ((style.WIDE, HEIGHT), (1, 2))
    gaps = margins.left + style.EDGE, margins.bottom + style.EDGE
    days: list[Any] = [date.fromisoformat(day) for day in adjusted["period_start"]]
    with style.chart_style():
        figure, (usual, whole) = style.new_panels(*size, margins, grid, gaps)
        usual.bar(profile.index, 100 * (profile - 1), color=style.THIS_YEAR)
        usual.axhline(0, color=style.MUTED, linewidth=1)
        whole.plot(days, adjusted["count"], color=style.FAINT, linewidth=1.2)
        whole.plot(days, adjusted["adjusted"], color=style.THIS_YEAR, linewidth=1.6)
        whole.set_ylim(bottom=0)
        _finish(usual, "% from the mean")
        _finish(whole, "Offences", most_years=5)
    return figure


def draw_funnel(
    frame: pd.DataFrame, wide: pd.DataFrame, chance: pd.DataFrame, own: str, *, narrow: bool = False
) -> Any:
    """Draw rates by population, with 95% and 99.8% limits that allow for how areas differ, and chance alone dotted."""
    order = np.argsort(frame["population"].to_numpy())
    people = frame["population"].to_numpy()[order] / 1000
    with style.chart_style():
        margins = style.margins_for(frame["rate"].max(), below=2, right=style.EDGE + style.TICK)
        figure, axes = style.new_chart(HEIGHT + 0.4, margins, narrow=narrow)
        for limits, dashes, weight in ((wide, "-", 1.2), (chance, ":", 1.0)):
            for name in ("lower95", "upper95", "lower998", "upper998"):
                thin = 1 if "998" in name else 0.7
                axes.plot(people, limits[name].to_numpy()[order], dashes, color=style.MUTED, linewidth=weight * thin)
        axes.plot(frame["population"] / 1000, frame["rate"], "o", color=style.LAST_YEAR, markersize=3.5, alpha=0.6)
        axes.axhline(wide["centre"].iloc[0], color=style.FAINT, linewidth=1)
        me = frame[frame["area_code"] == own].iloc[0]
        place = me["population"] / 1000, me["rate"]
        axes.plot(*place, "o", color=style.THIS_YEAR, markersize=9)
        axes.annotate(me["name"], place, (8, 6), textcoords="offset points", color=style.THIS_YEAR)
        axes.set_ylim(bottom=0)
        _finish(axes, "Crimes per 1,000 residents", "Residents (thousands)")
    return figure


def draw_pair(frame: pd.DataFrame, names: tuple[str, str], *, narrow: bool = False) -> Any:
    """Draw two series of the same thing: own figures and the open table."""
    margins = style.margins_for(frame[list(names)].max().max(), below=2)
    with style.chart_style():
        figure, axes = style.new_chart(HEIGHT, margins, narrow=narrow)
        places = np.arange(len(frame))
        for name, colour, line in zip(names, (style.THIS_YEAR, style.ACCENT), ("-o", "--s"), strict=True):
            axes.plot(places, frame[name], line, color=colour, label=name, linewidth=1.6, markersize=5)
        step = -(-len(frame) // (4 if narrow else 8))
        axes.set_xticks(places[::step], frame["period"].iloc[::step].str.replace(" ", "\n"))
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
        _finish(axes, "Offences")
    return figure


def _finish(axes: Any, up: str, across: str = "", most_years: int = 0) -> None:
    """Name the axes, write thousands with a comma, and keep the grid lines that help; as many years as don't touch."""
    from matplotlib.dates import AutoDateLocator

    axes.set(xlabel=across, ylabel=up)
    if most_years:
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=most_years))
    axes.grid(visible=False)
    axes.grid(visible=True, axis="y", color=style.FAINT, linewidth=0.6)
    if axes.get_ylim()[1] >= THOUSAND:
        axes.yaxis.set_major_formatter("{x:,.0f}")


SHADES = ["#E7EDF3", "#B9CBDD", "#84A5C3", "#4A7AA5", "#12436D"]
MISSING = "#FFFFFF"
FINEST = 0.0008  # degrees, about 60 m: what a map of a page can't show is left out


def draw_map(
    outlines: Sequence[Outline],
    values: Mapping[Hashable, float],
    bands: Sequence[float],
    labels: Sequence[str],
    names: Mapping[Hashable, str] | None = None,
    *,
    narrow: bool = False,
) -> Any:
    """Shade each outline by the band its value is in.

    Parameters
    ----------
    bands : upper ends of the bands but the last, rising; `labels` names each of them.
    names : code -> name to write on the map.
    """
    from matplotlib.patches import Patch, PathPatch

    columns = 2 if narrow else len(labels)
    edge: dict[str, Any] = {"edgecolor": style.MUTED}
    with style.chart_style():
        margins = style.Margins(bottom=style.EDGE + style.LINE * -(-len(labels) // columns))
        figure, axes = style.new_chart(style.NARROW if narrow else 5.6, margins, narrow=narrow)
        for outline in outlines:
            value = values.get(outline.code)
            face = MISSING if value is None else SHADES[int(np.searchsorted(bands, value, side="right"))]
            axes.add_patch(PathPatch(_path(outline), facecolor=face, linewidth=0.5, clip_on=False, **edge))
            if names and outline.code in names:
                name = fill(names[outline.code], WARD_LINE, break_long_words=False)
                x, y = _find_middle(max(outline.rings, key=len))
                axes.text(x, y, name, ha="center", va="center", **WARD_NAME)
        keys = [Patch(facecolor=shade, label=label, **edge) for shade, label in zip(SHADES, labels, strict=False)]
        below: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0, -0.01)}
        axes.legend(handles=keys, ncols=columns, frameon=False, fontsize=9, **below)
        _frame_map(axes, outlines)
    return figure


def _find_middle(ring: np.ndarray) -> np.ndarray:
    """The centre of gravity of what a ring holds; that of its corners can lie beside it."""
    around = ring - ring[0]
    cross = around[:-1, 0] * around[1:, 1] - around[1:, 0] * around[:-1, 1]
    return ring[0] + ((around[:-1] + around[1:]) * cross[:, None]).sum(axis=0) / (3 * cross.sum())


def _frame_map(axes: Any, outlines: Sequence[Outline]) -> None:
    corners = np.concatenate([ring for outline in outlines for ring in outline.rings])
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.set_aspect(1 / np.cos(np.radians((low + high) / 2)))
    axes.set_axis_off()
    axes.figure.patch.set_facecolor("white")
    axes.set_facecolor(style.FAINT)


def _path(outline: Outline) -> Any:
    from matplotlib.path import Path

    paths = [Path(thin(ring), closed=True) for ring in outline.rings]
    return Path.make_compound_path(*paths)


def thin(ring: np.ndarray) -> np.ndarray:
    """Give a ring without corners that lie closer together than a map can show; rounded, so that the file stays
    small."""
    keep, points = [0], ring.tolist()
    x, y = points[0]
    for at, (east, north) in enumerate(points[1:-1], start=1):
        if abs(east - x) >= FINEST or abs(north - y) >= FINEST:
            keep.append(at)
            x, y = east, north
    return np.round(np.vstack([ring[keep], ring[:1]]), 4)
