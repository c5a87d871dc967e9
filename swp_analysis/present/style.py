"""The one look of every chart: the UK Analysis Function's style. In: nothing. Out: a drawing context and figures as
SVG.

Figures are made without pyplot, so that nothing draws them a second time behind our back.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Analysis Function palette; dark blue against grey also tells apart in greyscale.
THIS_YEAR = "#12436D"
LAST_YEAR = "#707070"
ACCENT = "#801650"
MUTED = "#3D3D3D"
FAINT = "#BFBFBF"
# Beneath a label, so that a line behind it doesn't cross it out.
BACKING = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
# Inches: a picture for a phone, on which a point of the font is a point of the screen; a row and its label above it.
NARROW_WIDTH, NARROW_ROW = 4.0, 0.5

# Laid out with the font that matplotlib ships, so that bytes don't depend on the machine; shown in the reader's own.
_LAYOUT_FONT = "DejaVu Sans"
_SHOWN_FONTS = "Arial, Helvetica, 'DejaVu Sans', sans-serif"
_NO_DATE = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}, ".pdf": {"CreationDate": None}}


@contextmanager
def chart_style() -> Iterator[None]:
    """Drawing inside this context follows the Analysis Function's style and gives the same bytes every time."""
    import matplotlib as mpl
    import matplotlib.style

    settings = {
        "font.family": _LAYOUT_FONT,
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "svg.fonttype": "none",
        "svg.hashsalt": "swp-analysis",
        "axes.unicode_minus": True,
        "text.parse_math": False,  # a $ in a label is a dollar
    }
    with mpl.style.context("afcharts.afcharts"), mpl.rc_context(settings):
        yield


def new_figure(width: float, height: float, **subplots) -> tuple[Figure, Any]:
    """A figure of so many inches and its axes, laid out so that nothing overlaps."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**subplots)


def write_above(axes, text: str, x: float, y: float, **style) -> None:
    """A label just above a point."""
    look = {"xytext": (0, 6), "ha": "center", "va": "bottom", "fontsize": 10, "bbox": BACKING, **style}
    axes.annotate(text, (x, y), textcoords="offset points", **look)


def write_svg(figure: Figure) -> bytes:
    """The figure as SVG: no date, fixed ids, text kept as text."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.BytesIO()
    FigureCanvasSVG(figure)
    with chart_style():
        # NOTE: with a layout engine, savefig draws everything once for nothing before it draws it; so lay out here.
        if engine := figure.get_layout_engine():
            engine.execute(figure)
            figure.set_layout_engine(None)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue().decode("utf-8")
    return text.replace(f"'{_LAYOUT_FONT}'", _SHOWN_FONTS).encode("utf-8")


def save_chart(figure: Figure, path: Path, title: str, subtitle: str, source: str) -> None:
    """Write the figure into a file of its own, with the title above it and the source below."""
    lines = [(1.1, title, {"fontsize": 14, "fontweight": "bold"}), (1.02, subtitle, {"color": MUTED})]
    lines.append((-0.04, source, {"fontsize": 9, "color": MUTED, "va": "top"}))
    with chart_style():
        texts = [figure.text(0.01, place, text, ha="left", **look) for place, text, look in lines if text]
        figure.savefig(path, dpi=200, bbox_inches="tight", pad_inches=0.2, metadata=_NO_DATE[path.suffix.lower()])
    for text in texts:
        text.remove()
