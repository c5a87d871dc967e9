"""Maps of wards, or of LSOAs in bands of a year, from plain outlines. In: outlines and values. Out: a matplotlib
figure.

Never a point, a hotspot or a month: street data are snapped to map points that stand for at least eight addresses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from swp_analysis.open_data.small_areas import Outline
from swp_analysis.present.charts.style import FAINT, LINE, MUTED, NARROW, chart_style, new_figure

SHADES = ["#E7EDF3", "#B9CBDD", "#84A5C3", "#4A7AA5", "#12436D"]
MISSING = "#FFFFFF"
FINEST = 0.0008  # degrees, about 60 m: what a map of a page can't show is left out


def draw_map(
    outlines: Sequence[Outline],
    values: Mapping[str, float],
    bands: Sequence[float],
    labels: Sequence[str],
    names: Mapping[str, str] | None = None,
    width: float = 7.4,
) -> Any:
    """Shade each outline by the band its value is in.

    Parameters
    ----------
    bands : upper ends of the bands but the last, rising; `labels` names each of them.
    names : code -> name to write on the map.
    """
    from matplotlib.patches import Patch, PathPatch

    with chart_style():
        figure, axes = new_figure(width, width if width <= NARROW else 5.6)
        for outline in outlines:
            value = values.get(outline.code)
            face = MISSING if value is None else SHADES[int(np.searchsorted(bands, value, side="right"))]
            axes.add_patch(PathPatch(_path(outline), facecolor=face, edgecolor=MUTED, linewidth=0.5))
            if names and outline.code in names:
                dark = bool(bands) and (value or 0) >= bands[-1]
                look = {"fontsize": 6.5, "ha": "center", "va": "center", "color": "white" if dark else "black"}
                axes.text(*_middle(outline), names[outline.code], **look)
        keys = [
            Patch(facecolor=shade, edgecolor=MUTED, label=label) for shade, label in zip(SHADES, labels, strict=False)
        ]
        columns = 2 if width <= NARROW else len(keys)
        below = {"loc": "upper left", "bbox_to_anchor": (0, -0.01), "frameon": False, "fontsize": 9}
        axes.legend(handles=keys, ncols=columns, **below)
        _frame_map(axes, outlines)
        room = LINE * -(-len(keys) // columns) / figure.get_figheight()
        figure.subplots_adjust(0.02, 0.03 + room, 0.98, 0.98)
    return figure


def _frame_map(axes, outlines: Sequence[Outline]) -> None:
    corners = np.concatenate([ring for outline in outlines for ring in outline.rings])
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.set_aspect(1 / np.cos(np.radians((low + high) / 2)))
    axes.set_axis_off()
    axes.figure.patch.set_facecolor("white")
    axes.set_facecolor(FAINT)


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


def _middle(outline: Outline) -> tuple[float, float]:
    ring = max(outline.rings, key=len)
    return float(ring[:, 0].mean()), float(ring[:, 1].mean())
