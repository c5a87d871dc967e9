"""Level lines over the quarters of a year: its average, and what it aims at. In: a protected `Series`. Out: lines on
axes, each with its words where they cover nothing: at its end, or below a phone's picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.periods import QUARTERS
from swp_analysis.present.chart_style import LAST_YEAR, MUTED, THIS_YEAR
from swp_analysis.present.phrases import say
from swp_analysis.present.series import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS_A_LINE = 15  # of the words at an end
LINE_OF_WORDS = 0.16  # inches
BELOW_TICKS = -0.27  # of the height of the axes


@dataclass(frozen=True)
class Level:
    """A level line over the quarters of a year, and the words at its end."""

    year: str
    height: float
    words: str
    colour: str
    dashes: Any


def list_levels(series: Series) -> list[Level]:
    """List the averages of the last two years of counts, and the aim of the last."""
    unit, found = series.indicator.unit, []
    for year in series.years[-2:]:
        points = [series.of(year, quarter) for quarter in QUARTERS]
        known = [point.value for point in points if point and point.status == "reported"]
        if len(known) < len(QUARTERS) or series.indicator.kind != "flow":
            continue
        average, is_last = sum(known) / len(known), year == series.years[-1]
        words = say("average", unit=unit, average=average) if is_last else ""
        found.append(Level(year, average, words, THIS_YEAR if is_last else LAST_YEAR, (0, (5, 3))))
    if series.target is not None:
        year, share = series.years[-1], series.target_share
        words = say("aim.drawn", unit=unit, aim=series.indicator.target[year], quarter=share)
        found.append(Level(year, series.target, words, MUTED, ":"))
    return found


def draw_levels(axes: Axes, series: Series, levels: Sequence[Level], *, narrow: bool) -> None:
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


def _write_at_ends(axes: Axes, levels: Sequence[Level], place: float) -> None:
    """The words of at most two levels, lowest first, beside their ends and off each other."""
    texts = ["\n".join(wrap(level.words, LETTERS_A_LINE)) for level in levels]
    heights = [level.height for level in levels]
    floor, top = axes.get_ylim()
    tall = LINE_OF_WORDS * axes.figure.dpi / axes.bbox.height * (top - floor)
    apart = tall * sum(text.count("\n") + 1 for text in texts) / 2
    if heights[-1] - heights[0] < apart and len(levels) > 1:
        heights = [sum(heights) / 2 - apart / 2, sum(heights) / 2 + apart / 2]
    look: dict[str, Any] = {"va": "center", "fontsize": 9, "annotation_clip": False}
    for level, text, height in zip(levels, texts, heights, strict=True):
        axes.annotate(text, (place, height), color=level.colour, **look)
