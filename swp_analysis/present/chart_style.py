"""The one look of every chart: the UK Analysis Function's style. In: sizes in inches. Out: a drawing context, figures
with their places worked out from the font's metrics, and figures as files.

Figures are made without pyplot, so that nothing draws them a second time behind our back. No layout engine: it draws
everything once to find out what a handful of measured words say as well.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Analysis Function palette; dark blue against grey also tells apart in greyscale.
THIS_YEAR = "#12436D"
LAST_YEAR = "#707070"
ACCENT = "#801650"
MUTED = "#3D3D3D"
FAINT = "#BFBFBF"
WASH = "#EEF2F6"
# Beneath a label, so that a line behind it doesn't cross it out.
BACKING = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
# Inches: a picture for a page, and one for a phone, on which a point of the font is a point of the screen.
WIDE, NARROW = 7.8, 4.0
LETTERS_AN_INCH = 9  # of a title in bold 13 points
# A row with its label beside it, and one with its label above it.
ROW, NARROW_ROW = 0.36, 0.56
BESIDE, NAME_LINE = 8, 13  # points between an axis and what stands beside it, and between two lines of a name
# Around axes: their outer edge, a tick with its pads, a line of text.
EDGE, TICK, LINE = 0.22, 0.28, 0.2
LABEL_ROOM = 0.16  # of the height of a chart, for a label below a point

# Laid out with the font that matplotlib ships, so that bytes don't depend on the machine; shown in the reader's own.
_LAYOUT_FONT = "DejaVu Sans"
_SHOWN_FONTS = "Arial, Helvetica, 'DejaVu Sans', sans-serif"
_NO_DATE = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}}


@dataclass(frozen=True)
class Margins:
    """Inches around the axes of a figure."""

    left: float = 0.1
    right: float = 0.1
    top: float = 0.1
    bottom: float = 0.35


@contextmanager
def chart_style() -> Iterator[None]:
    """Make drawing inside this context follow the Analysis Function's style and give the same bytes every time."""
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "font.family": _LAYOUT_FONT,
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "svg.fonttype": "none",
        "svg.hashsalt": "swp-analysis",
        "axes.unicode_minus": True,
        "text.parse_math": False,  # a $ in a label is a dollar
    }
    with mpl.rc_context(_read_style() | settings):
        yield


@cache
def _read_style() -> dict[Any, Any]:
    """The style's own settings, read once: matplotlib's context of a style reads its file for every chart."""
    from matplotlib import rc_params_from_file

    return dict(rc_params_from_file(str(files("afcharts") / "afcharts.mplstyle"), use_default_template=False))


def new_chart(height: float, margins: Margins, *, narrow: bool = False) -> tuple[Figure, Axes]:
    """Give a figure for a page or for a phone, so many inches high, with one pair of axes inside its margins."""
    figure, (axes,) = new_panels(NARROW if narrow else WIDE, height, margins)
    return figure, axes


def new_panels(
    width: float, height: float, margins: Margins, grid: tuple[int, int] = (1, 1), gaps: tuple[float, float] = (0, 0)
) -> tuple[Figure, list[Axes]]:
    """Give a figure with a grid of axes, so many rows and columns, row by row; `gaps`: inches between columns and
    between rows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    inner = width - margins.left - margins.right, height - margins.top - margins.bottom
    size = [(room - (count - 1) * gap) / count for room, count, gap in zip(inner, grid[::-1], gaps, strict=True)]
    panels = []
    for row, column in product(*map(range, grid)):
        left = margins.left + column * (size[0] + gaps[0])
        bottom = height - margins.top - size[1] - row * (size[1] + gaps[1])
        place = left / width, bottom / height, size[0] / width, size[1] / height
        panels.append(figure.add_axes(place))
    return figure, panels


def margins_for(top: float, *, below: int = 1, right: float = EDGE) -> Margins:
    """Give the room around axes with figures up to `top` and a name beside them, and so many lines of text below."""
    return Margins(TICK + LINE + measure(f"{top:,.0f}"), right, EDGE, TICK + below * LINE)


@lru_cache(maxsize=4096)
def measure(text: str, size: float = 11, *, bold: bool = False) -> float:
    """Say how many inches wide a text is, by the metrics of the font; of several lines the longest."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=_LAYOUT_FONT, size=size, weight="bold" if bold else "normal")
    sizes = (text_to_path.get_text_width_height_descent(line, font, ismath=False) for line in text.split("\n"))
    return max(width for width, _, _ in sizes) / 72


def widest(texts: Iterable[str], size: float = 11, *, bold: bool = False) -> float:
    """Give the inches that the widest of several texts needs."""
    return max((measure(text, size, bold=bold) for text in texts), default=0.0)


def colour_years(points: Sequence[Any]) -> list[str]:
    """Give the colour of each point of a line: those of its last financial year are darker."""
    newest = max((point.financial_year for point in points), default="")
    return [THIS_YEAR if point.financial_year == newest else LAST_YEAR for point in points]


def write_words(axes: Axes, text: str, place: Any, apart: tuple[float, float], **look: Any) -> None:
    """Write words so many points `apart` from a place, also outside the axes; `look` as matplotlib has it, with
    `xycoords` for a place that is not in the data, and `bold`."""
    weight = "bold" if look.pop("bold", False) else "normal"
    style = {"fontsize": 10, "va": "center", "fontweight": weight, "annotation_clip": False, **look}
    axes.annotate(text, place, apart, textcoords="offset points", **style)


def write_above(axes: Axes, text: str, x: float, y: float, *, below: bool = False, gap: int = 6, **style: Any) -> None:
    """Write a label just above a point, or just below it."""
    look = {"va": "top" if below else "bottom", "ha": "center", "bbox": BACKING, **style}
    write_words(axes, text, (x, y), (0, -gap if below else gap), **look)


def is_valley(axes: Axes, values: Sequence[float], place: int) -> bool:
    """Tell whether a line rises on both sides of a point, with room for a label below it; then none fits above."""
    around = [value for value in (*values[max(place - 1, 0) : place], *values[place + 1 : place + 2]) if value == value]
    floor, top = axes.get_ylim()
    is_lowest, height = values[place] < min(around, default=floor), values[place] - floor
    return bool(is_lowest and height > LABEL_ROOM * (top - floor))


def label_rows(axes: Axes, labels: Iterable[str], *, above: bool, bold: Iterable[bool]) -> None:
    """Give the name of each row, counted from the foot: beside the axis or, on a narrow picture, above what it
    names."""
    axes.set_yticks([])
    side = {"ha": "left", "va": "bottom", "bbox": BACKING | {"alpha": 1}} if above else {"ha": "right"}
    look = {"xycoords": axes.get_yaxis_transform(), "fontsize": 10.5, "zorder": 6, **side}
    for row, (label, is_bold) in enumerate(zip(labels, bold, strict=True)):
        lines, at = label.split("\n"), (0, row + 0.22) if above else (0, row)
        for place, line in enumerate(lines):  # a text of several lines is ragged where a reader has another font
            apart = (0 if above else -BESIDE, ((len(lines) - 1) / 2 - place) * NAME_LINE)
            write_words(axes, line, at, apart, bold=is_bold, **look)


def write_svg(figure: Figure) -> bytes:
    """Write the figure as SVG: no date, fixed ids, text kept as text."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.BytesIO()
    FigureCanvasSVG(figure)
    with chart_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue().decode("utf-8")
    return text.replace(f"'{_LAYOUT_FONT}'", _SHOWN_FONTS).encode("utf-8")


def save_chart(figure: Figure, path: Path, title: str, subtitle: str, source: str) -> None:
    """Write the figure into a file of its own, with the title above it and the source below."""
    width, height = figure.get_size_inches()
    wrapped = fill(title, max(40, int(width * LETTERS_AN_INCH)))
    lines: list[tuple[float, str, dict[str, Any]]] = [
        (height + 0.3, wrapped, {"fontsize": 13, "fontweight": "bold", "va": "bottom"}),
        (height + 0.06, subtitle, {"color": MUTED}),
    ]
    with chart_style():
        foot = min(0.0, figure.get_tightbbox().y0) - 0.05  # labels may reach below the figure
        named = fill(source, max(60, int(width * LETTERS_AN_INCH * 1.3)))
        lines.append((foot, named, {"fontsize": 9, "color": MUTED, "va": "top"}))
        texts = [figure.text(0.01, inch / height, text, ha="left", **look) for inch, text, look in lines if text]
        figure.savefig(path, dpi=200, bbox_inches="tight", pad_inches=0.2, metadata=_NO_DATE[path.suffix.lower()])
    for text in texts:
        text.remove()
