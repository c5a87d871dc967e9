"""What the charts of quarters share. In: points of a `Series`. Out: marks on axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.charts.style import MUTED, write_above
from swp_analysis.present.numbers import write_value
from swp_analysis.present.series import Point, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def mark_point(axes: Axes, position: float, point: Point, colour: str, *, large: bool = False) -> None:
    """The figure above its point; a suppressed one is a bar over its interval, a missing one says so at the foot."""
    if point.status == "reported":
        look: dict[str, Any] = {"fontsize": 13, "xytext": (0, 8)} if large else {}
        text = write_value(point.value, point.unit)
        write_above(axes, text, position, point.value, color=colour, fontweight="bold", **look)
    elif point.status == "suppressed":
        axes.plot([position, position], [point.lower, point.upper], color=colour, linewidth=9, alpha=0.45)
        write_above(axes, point.text, position, point.upper)
    else:
        missing = "not known" if point.status == "not_available" else point.text
        write_above(axes, missing, position, 0, rotation=90, color=MUTED, fontsize=9)


def find_headroom(series: Series) -> float:
    """The top of the axis: room for a label above the highest figure or interval."""
    tops = [point.value for point in series.reported] + [point.upper for point in series.points if point.upper > 0]
    return 1.25 * max([*tops, 1])


def write_tick(point: Point) -> str:
    """The quarter, and at a year's first one the year."""
    year = f"\n{display_year(point.financial_year)}" if point.quarter == 1 else ""
    return f"Q{point.quarter}{year}"
