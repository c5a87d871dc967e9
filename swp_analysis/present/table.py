"""Tables with numbers in them. In: cells. Out: a `Table`, which a page shows, the annex writes and an analyst goes on
with. `.frame` has numbers, `.save("x.csv")` writes a file by its suffix, and the repr is one line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.errors import InputError, describe_os_error, explain_calls
from swp_analysis.present.phrases import NOTHING, WRITERS, read_own_yaml, write_chance, write_value
from swp_analysis.quality.processed import make_inert

# A column with a text of so many characters holds sentences or names; what is shorter than a line is not broken.
WIDTHS = ((90, "words"), (25, "names"), (0, "short"))
CARDS = ("glance", "scorecard", "thirds")  # a row is a card on a phone, as in a table of words
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
    """The two ends of a range, how a page writes them, and the shade of the cell from 0, the lightest, to 4."""

    lower: float
    upper: float
    text: str
    shade: int = 0


@dataclass(frozen=True)
class Markup:
    """What a page shows in a cell as finished, escaped HTML, and the same in words for a file."""

    html: str
    text: str

    def __repr__(self) -> str:
        return f"<Markup “{self.text}”>"

    def _repr_html_(self) -> str:
        return self.html


Cell = str | float | Number | Span | Markup
TYPED = ' data-by="author"'  # of words that the last look at a page reads, as nothing made them of protected figures


def figure_cell(value: float | None, unit: str) -> Cell:
    """Give a count or a percentage as pages print it, and no more exact than they do; a dash for none.

    >>> figure_cell(33.9478, "percent"), figure_cell(None, "count")
    (Number(value=33.9, text='33.9%'), '–')
    """
    if value is None or math.isnan(value):
        return NOTHING
    return Number(round(value, 0 if unit == "count" else 1), write_value(value, unit))


@explain_calls
@dataclass(frozen=True, repr=False)
class Table:
    """A captioned table, the first column of which names its rows.

    columns: a heading alone is a column of text, a `Column` with a unit one of numbers, in which a text such as
    `withheld` or `<5` stands for a number that isn't there. typed: whether its words are an author's own. groups: for
    each row the heading that it stands below. kind: the class of a style of its own.
    """

    caption: str
    columns: Sequence[str | Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    typed: bool = False
    groups: Sequence[str] = ()
    kind: str = ""

    @classmethod
    def of(cls, caption: str, columns: Mapping[Any, Iterable[Cell]], note: str = "", **look: Any) -> Table:
        """Make a table of its columns: a heading or a `Column`, and its cells from the top down."""
        return cls(caption, list(columns), list(zip(*columns.values(), strict=True)), note, **look)

    @classmethod
    def described(cls, name: str, rows: Iterable[Any] = (), /, **parts: Any) -> Table:
        """Make the table of this name in `tables.yml`: a cell is a field of its row, or one of a list in `parts`, or
        what a function there writes of its row.

        A text in `parts` fills its place in the caption and the headings, or is the note; a column of None is left out.

        >>> Table.described("budget", [{"label": "Grant", "money": 9.0}], year="2018/19").texts
        [['Grant', '£9']]
        """
        spec, every = read_own_yaml("tables.yml")[name], list(rows)
        words = {part: text for part, text in parts.items() if isinstance(text, str)}
        columns: dict[str | Column, Sequence[Cell]] = {}
        for heading, source in spec["columns"].items():
            unit, field = next(iter(source.items())) if isinstance(source, dict) else ("text", source)
            cells = parts.get(field, partial(_read_field, field=field))
            cells = list(map(cells, every)) if callable(cells) else cells
            if cells is not None:
                named = heading.format_map(words)
                columns[named if unit == "text" else Column(named, words.get(unit, unit))] = cells
        look = {"kind": spec.get("kind", ""), "groups": parts.get("groups", ())}
        return cls.of(spec["caption"].format_map(words), columns, words.get("note") or spec.get("note", ""), **look)

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
        return [
            [cell.text if isinstance(cell, Span | Markup) else _number_or_mark(cell) for cell in row]
            for row in self.rows
        ]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows with numbers as numbers; a range is two columns, and a mark in place of a number has its own."""
        columns: dict[str, Sequence[str | float]] = {}
        for column, cells in zip(self._columns, self._cells, strict=True):
            columns |= _frame_columns(column, cells)
        return pd.DataFrame(columns)

    def save(self, path: str | Path) -> Path:
        """Write the table as .csv or .xlsx, by the suffix of `path`; text in it is never a formula.

        Raises
        ------
        InputError
            For another suffix.
        """
        return save_by_suffix(path, {".csv": self._write_csv, ".xlsx": self._write_workbook})

    def __repr__(self) -> str:
        return f"<Table “{self.caption}”: {len(self.rows)} rows, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        classes = [self._class(place) for place in range(len(self.columns))]
        heads = zip(classes, self.headings, strict=True)
        head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for kind, name in heads)
        cards = " cards" if self.kind in CARDS or any("words" in kind or "names" in kind for kind in classes) else ""
        by = TYPED if self.typed else ""
        note = f'<p class="note"{by}>{escape(self.note)}</p>' if self.note else ""
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.caption)}">'
            f'<table class="{f"figures{cards} {self.kind}".strip()}"><caption{by}>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead>{''.join(self._write_bodies(classes))}</table></div>{note}"
        )

    def _write_bodies(self, classes: Sequence[str]) -> Iterator[str]:
        """The rows below each heading of a group, or all rows; of none an empty body."""
        named = zip(self.groups or [""] * len(self.rows), self.rows, self.texts, strict=True)
        for title, rows in groupby(named, itemgetter(0)):
            body = "".join(_write_row(cells, texts, classes, self.headings) for _, cells, texts in rows)
            heading = f'<tr><th class="group" scope="rowgroup" colspan="{len(classes)}">{escape(title)}</th></tr>'
            yield f"<tbody>{heading if title else ''}{body}</tbody>"

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
        if self.kind:
            return ""
        longest = max((len(row[place]) for row in self.texts), default=0)
        width = next(name for least, name in WIDTHS if longest >= least)
        return f' class="{width}"' if width else ""

    def _write_csv(self, path: Path) -> None:
        path.write_text(self.frame.map(make_inert).to_csv(index=False), encoding="utf-8", newline="\n")

    def _write_workbook(self, path: Path) -> None:
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": _INERT}) as writer:
            self.frame.to_excel(writer, index=False, freeze_panes=(1, 1))


def _read_field(row: Any, field: str) -> Cell:
    """A field of a row, as `candidate.label`, or `due|day` to be written as a day, `|.1f` as that; a dash for none."""
    path, _, written_as = field.partition("|")
    value = row[path] if isinstance(row, Mapping) else attrgetter(path)(row)
    if value is None or value == "" or value != value:
        return NOTHING
    if written_as.startswith("."):
        return Number(value, format(value, written_as))
    return CELL_WRITERS[written_as](value) if written_as else value


CELL_WRITERS: dict[str, Callable[[Any], Cell]] = {
    **WRITERS,
    "month": "{:%B %Y}".format,
    "capital": str.capitalize,
    "chance": lambda share: Number(round(share, 2), write_chance(share)),
    "money": lambda pounds: Number(pounds, f"£{pounds:,.0f}"),
}


def save_by_suffix(path: str | Path, writers: Mapping[str, Callable[[Path], object]]) -> Path:
    place = Path(path)
    write = writers.get(place.suffix.lower())
    if write is None:
        *most, last = writers
        raise InputError(f"{place.name}: can't be saved as this; end the name in {', '.join(most)} or {last}.")
    try:
        write(place)
    except OSError as error:
        raise InputError(describe_os_error(error)) from error
    return place


def _write(cell: Cell, unit: str) -> str:
    if isinstance(cell, Number | Span | Markup):
        return cell.text
    if isinstance(cell, str):
        return cell
    return f"{cell:g}" if unit in ("number", "text") else write_value(cell, unit)


def _write_row(cells: Sequence[Cell], texts: Sequence[str], classes: Sequence[str], headings: Sequence[str]) -> str:
    """The cells, each with the name of its column for a phone, where a row of words is a card."""
    shades = [f"shade-{cell.shade} " if isinstance(cell, Span) and cell.shade else "" for cell in cells[1:]]
    kinds = [kind.replace('"', f'"{shade}', 1) for kind, shade in zip(classes[1:], shades, strict=True)]
    shown = "".join(
        f'<td data-label="{escape(heading)}"{kind}>{cell.html if isinstance(cell, Markup) else escape(text)}</td>'
        for heading, kind, cell, text in zip(headings[1:], kinds, cells[1:], texts[1:], strict=True)
    )
    return f'<tr><th scope="row">{escape(texts[0])}</th>{shown}</tr>'


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
            math.nan if isinstance(cell, str | Span | Markup) else float(_number_or_mark(cell)) for cell in cells
        ]
    if any(isinstance(cell, str) for cell in cells):
        found[f"{column.name}, mark"] = [cell if isinstance(cell, str) else "" for cell in cells]
    return found


def _number_or_mark(cell: str | float | Number) -> str | float:
    return cell.value if isinstance(cell, Number) else cell
