"""What the charts of one indicator share. In: points of a `Series`. Out: marks on axes, and the words for alt texts."""

from __future__ import annotations

from collections.abc import Sequence

from swp_analysis.present.numbers import write_value
from swp_analysis.present.series import Point, Series
from swp_analysis.present.style import MUTED, write_above


def mark_point(axes, position: float, point: Point, colour: str, *, below: bool = False) -> None:
    """The figure above or below its point; a suppressed one is a band, a missing one says so at the foot."""
    if point.status == "reported":
        side = {"xytext": (0, -6), "va": "top"} if below else {}
        text = write_value(point.value, point.unit)
        write_above(axes, text, position, point.value, color=colour, fontweight="bold", **side)
    elif point.status == "suppressed":
        axes.plot([position, position], [point.lower, point.upper], color=colour, linewidth=9, alpha=0.45)
        write_above(axes, point.text, position, point.upper)
    else:
        missing = "not known" if point.status == "not_available" else point.text
        write_above(axes, missing, position, 0, rotation=90, color=MUTED, fontsize=9)


def label_rows(axes, labels: Sequence[str], *, above: bool, backing: dict | None = None) -> None:
    """The name of each row, counted from the foot: beside the axis or, on a narrow picture, above what it names,
    on `backing` where a line would cross it out."""
    if not above:
        axes.set_yticks(range(len(labels)), labels)
        return
    axes.set_yticks([])
    for row, label in enumerate(labels):
        axes.text(0, row + 0.24, label, transform=axes.get_yaxis_transform(), fontsize=10.5, va="bottom", bbox=backing)
    axes.set_ylim(-0.5, len(labels) - 0.3)


def find_headroom(series: Series) -> float:
    """The top of the axis: room for a label above the highest figure or band."""
    tops = [point.value for point in series.reported] + [point.upper for point in series.points if point.upper > 0]
    return 1.25 * max([*tops, 1])


def describe_series(series: Series) -> str:
    """Every quarter of the series in words, for an alternative text."""
    shown = ", ".join(f"{point.label} {_speak(point)}" for point in series.points)
    return f"{series.indicator.label}: {shown}."


def _speak(point: Point) -> str:
    return {"not_available": "not known"}.get(point.status, point.text)
