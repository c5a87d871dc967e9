"""What a notebook shows: tables with numbers in them, and charts with the table behind them. In: cells; a matplotlib
figure. Out: a `Table` or an `Exhibit`, which a page shows, the annex writes and an analyst goes on with.
`.frame` has numbers, `.save("x.png")` writes a file by its suffix, and the repr is one line.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.present.charts.style import save_chart, write_svg
from swp_analysis.present.numbers import NOTHING, write_value
from swp_analysis.present.prose import Fold, Showable, Stack
from swp_analysis.quality.processed import make_inert

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NARROW_SCREEN = "screen and (max-width: 39.99em)"  # as in style.css
# A column with a text of so many characters holds sentences or names; what is shorter than a line is not broken.
WIDTHS = ((90, "words"), (25, "names"), (0, "short"))
_INERT = {"strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Column:
    """A heading and the unit of what stands below it: `text`, or numbers: `count`, `percent` (0-100), `number`."""

    name: str
    unit: str = "text"


@dataclass(frozen=True)
class Number:
    """A number that a page writes in a way of its own, such as `+30 (+90.9%)`."""

    value: float
    text: str


@dataclass(frozen=True)
class Span:
    """The two ends of a range, and how a page writes them."""

    lower: float
    upper: float
    text: str


Cell = str | float | Number | Span
TYPED = ' data-by="author"'  # of words that the last look at a page reads, as nothing made them of protected figures


def figure_cell(value: float | None, unit: str) -> Cell:
    """Give a count or a percentage as pages print it, and no more exact than they do; a dash for none.

    >>> figure_cell(33.9478, "percent"), figure_cell(None, "count")
    (Number(value=33.9, text='33.9%'), '–')
    """
    if value is None or math.isnan(value):
        return NOTHING
    return Number(round(value, 0 if unit == "count" else 1), write_value(value, unit))


@dataclass(frozen=True, repr=False)
class Table:
    """A captioned table, the first column of which names its rows.

    columns: a heading alone is a column of text, a `Column` with a unit one of numbers, in which a text such as
    `withheld` or `<5` stands for a number that isn't there. typed: whether its words are an author's own.
    """

    caption: str
    columns: Sequence[str | Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    typed: bool = False

    @property
    def headings(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self._columns]

    @property
    def units(self) -> list[str]:
        """The unit of each column, `text` for words."""
        return [column.unit for column in self._columns]

    @cached_property
    def texts(self) -> list[list[str]]:
        """The rows as a page prints them."""
        return [[_write(cell, unit) for cell, unit in zip(row, self.units, strict=True)] for row in self.rows]

    @property
    def values(self) -> list[list[str | float]]:
        """The rows with numbers as numbers; a range, which is two of them, as a page prints it."""
        return [[cell.text if isinstance(cell, Span) else _number_or_mark(cell) for cell in row] for row in self.rows]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows with numbers as numbers; a range is two columns, and a mark in place of a number has its own."""
        columns: dict[str, Sequence[str | float]] = {}
        for column, cells in zip(self._columns, self._cells, strict=True):
            columns |= _frame_columns(column, cells)
        return pd.DataFrame(columns)

    def save(self, path: str | Path) -> Path:
        """Write the table as .csv, .xlsx or .html, by the suffix of `path`; text in it is never a formula.

        Raises
        ------
        InputError
            For another suffix.
        """
        return _save(path, {".csv": self._write_csv, ".xlsx": self._write_workbook, ".html": self._write_page})

    def __repr__(self) -> str:
        return f"<Table “{self.caption}”: {len(self.rows)} rows, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        classes = [self._class(place) for place in range(len(self.columns))]
        heads = zip(classes, self.headings, strict=True)
        head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for kind, name in heads)
        body = "".join(_write_row(row, classes, self.headings) for row in self.texts)
        cards = " cards" if any("words" in kind for kind in classes) else ""
        by = TYPED if self.typed else ""
        note = f'<p class="note"{by}>{escape(self.note)}</p>' if self.note else ""
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.caption)}">'
            f'<table class="figures{cards}"><caption{by}>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}"
        )

    @cached_property
    def _columns(self) -> list[Column]:
        return [column if isinstance(column, Column) else Column(column) for column in self.columns]

    @property
    def _cells(self) -> list[list[Cell]]:
        return [[row[place] for row in self.rows] for place in range(len(self.columns))]

    def _class(self, place: int) -> str:
        """The HTML class of a column: sentences and names need width, whatever stands beside them."""
        if not place:
            return ""
        if self.units[place] != "text":
            return ' class="number"'
        longest = max((len(row[place]) for row in self.texts), default=0)
        width = next(name for least, name in WIDTHS if longest >= least)
        return f' class="{width}"' if width else ""

    def _write_csv(self, path: Path) -> None:
        path.write_text(self.frame.map(make_inert).to_csv(index=False), encoding="utf-8", newline="\n")

    def _write_workbook(self, path: Path) -> None:
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": _INERT}) as writer:
            self.frame.to_excel(writer, index=False, freeze_panes=(1, 1))

    def _write_page(self, path: Path) -> None:
        head = f'<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>{escape(self.caption)}</title>'
        path.write_text(f"{head}<body>{self._repr_html_()}</body></html>\n", encoding="utf-8", newline="\n")


@dataclass(frozen=True, repr=False)
class Exhibit:
    """A chart that says what it shows: a finding as title, what is drawn below it, words for those who can't see it,
    and the table behind it.

    figure: matplotlib's; what an analyst changes in it is shown and saved. narrow: the same chart laid out for a phone,
    on which `figure` would scroll sideways. subtitle: what is drawn, its unit and its period. about: folded with the
    figures behind it.
    """

    title: str
    alt: str
    figure: Figure
    subtitle: str = ""
    note: str = ""
    data: Table | None = None
    narrow: Figure | None = None
    sentence: str = ""
    caveats: Sequence[str] = ()
    source: str = ""
    typed: bool = False
    about: Sequence[Showable] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The numbers behind the chart."""
        return self.data.frame if self.data else pd.DataFrame()

    @property
    def svg(self) -> bytes:
        """The chart as a page embeds it."""
        return write_svg(self.figure)

    def save(self, path: str | Path) -> Path:
        """Write the chart with its title as .png, .svg or .pdf, or its numbers as .csv, .xlsx or .html.

        Raises
        ------
        InputError
            For another suffix.
        """
        charts: dict[str, Callable[[Path], object]] = dict.fromkeys((".png", ".svg", ".pdf"), self._save_chart)
        tables = dict.fromkeys((".csv", ".xlsx", ".html"), self.data.save) if self.data else {}
        return _save(path, charts | tables)

    def __repr__(self) -> str:
        return f"<Exhibit “{shorten(self.title, 100, placeholder='…')}”>"

    def _repr_html_(self) -> str:
        by = TYPED if self.typed else ""
        note = f'<p class="note"{by}>{escape(self.note)}</p>' if self.note else ""
        folded = [part for part in (self.data, *self.about) if part]
        label = "Figures, why it matters, and what is counted" if self.about else "Figures behind this chart"
        figures = Fold(label, Stack(folded), self.title)._repr_html_() if folded else ""
        subtitle = f'<p class="subtitle">{escape(self.subtitle)}</p>' if self.subtitle else ""
        return (
            f'<figure class="chart" role="group"><figcaption{by}>{escape(self.title)}</figcaption>'
            f"{subtitle}{self._image()}{note}{figures}</figure>"
        )

    def _image(self) -> str:
        image = f'<img src="{_embed(self.svg)}" alt="{escape(self.alt)}"{TYPED if self.typed else ""}>'
        if self.narrow:
            return (
                f'<picture><source media="{NARROW_SCREEN}" srcset="{_embed(write_svg(self.narrow))}">{image}</picture>'
            )
        label = f"{escape(self.title)}: picture"
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{image}</div>'

    def _save_chart(self, path: Path) -> None:
        save_chart(self.figure, path, self.title, self.subtitle, self.source)


def _save(path: str | Path, writers: Mapping[str, Callable[[Path], object]]) -> Path:
    place = Path(path)
    write = writers.get(place.suffix.lower())
    if write is None:
        *most, last = writers
        raise InputError(f"{place.name}: can't be saved as this; end the name in {', '.join(most)} or {last}.")
    write(place)
    return place


def _write(cell: Cell, unit: str) -> str:
    if isinstance(cell, Number | Span):
        return cell.text
    if isinstance(cell, str):
        return cell
    return f"{cell:g}" if unit in ("number", "text") else write_value(cell, unit)


def _write_row(row: Sequence[str], classes: Sequence[str], headings: Sequence[str]) -> str:
    """The cells, each with the name of its column for a phone, where a row of words is a card."""
    name, *cells = row
    shown = "".join(
        f'<td data-label="{escape(heading)}"{kind}>{escape(cell)}</td>'
        for heading, kind, cell in zip(headings[1:], classes[1:], cells, strict=True)
    )
    return f'<tr><th scope="row">{escape(name)}</th>{shown}</tr>'


def _frame_columns(column: Column, cells: Sequence[Cell]) -> dict[str, Sequence[str | float]]:
    """A column of a table as one of a frame, or as two for a range and for numbers with marks among them."""
    if column.unit == "text":
        return {column.name: [_write(cell, "text") for cell in cells]}
    found: dict[str, Sequence[str | float]] = {}
    if any(isinstance(cell, Span) for cell in cells):
        found[f"{column.name}, lower"] = [cell.lower if isinstance(cell, Span) else math.nan for cell in cells]
        found[f"{column.name}, upper"] = [cell.upper if isinstance(cell, Span) else math.nan for cell in cells]
    else:
        found[column.name] = [
            math.nan if isinstance(cell, str | Span) else float(_number_or_mark(cell)) for cell in cells
        ]
    if any(isinstance(cell, str) for cell in cells):
        found[f"{column.name}, mark"] = [cell if isinstance(cell, str) else "" for cell in cells]
    return found


def _number_or_mark(cell: str | float | Number) -> str | float:
    return cell.value if isinstance(cell, Number) else cell


def _embed(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"
