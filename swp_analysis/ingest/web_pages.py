"""HTML tables. In: a saved web page. Out: a `Grid` a table, named by its place in the page.

Nothing is fetched and nothing runs: the page is read as a list of tags. A table inside a cell is a table of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Address, Grid, Row
from swp_analysis.ingest.marked_text import raised, struck
from swp_analysis.ingest.merged import refuse_merged_figure
from swp_analysis.ingest.text_files import decode

WIDEST_SPAN = 100
MOST_TABLES = 500
MOST_CELLS = 1_000_000
_SILENT = {"script", "style", "template", "noscript", "title"}
_BREAKS = {"br", "p", "div", "li"}
Mark = Callable[[str], str]
_MARKS: dict[str, Mark] = {"sup": raised, "s": struck, "strike": struck, "del": struck}


def read_html(path: Path) -> Iterator[Grid]:
    """The tables of a web page, in their order.

    Raises
    ------
    InputError
        When there is no table, or far too many.
    """
    reader = _TableReader(path.name)
    reader.feed(decode(path.name, path.read_bytes()))
    reader.close()
    if not reader.finished:
        raise InputError(f"{path.name}: this web page holds no table; expected a KPI table.")
    for place, rows in sorted(reader.finished.items()):
        sheet, hidden = f"table {place}", reader.hidden[place]
        notes = tuple(f"{Address(path.name, sheet, row, 1)}: the row is hidden; not read." for row in sorted(hidden))
        texts = (() if n in hidden else tuple(cells) for n, cells in enumerate(rows, start=1))
        yield Grid(path.name, sheet, tuple(Row(n, cells) for n, cells in enumerate(texts, start=1)), notes)


class _OpenTable:
    """A table that is being read: its rows so far, the open cell, and cells of earlier rows that reach down."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.rows: list[list[str]] = []
        self.text: list[str] | None = None
        self.span = (1, 1)
        self.reach: dict[int, int] = {}
        self.begun: dict[int, int] = {}
        self.hidden: set[int] = set()
        self.marked: list[tuple[str, int, Mark]] = []

    def start_row(self, is_hidden: bool = False) -> None:
        self.rows.append([])
        self.hidden |= {len(self.rows)} if is_hidden else set()

    def start_mark(self, tag: str, mark: Mark) -> None:
        """From here to the end of a tag the text of the open cell is marked."""
        if self.text is not None:
            self.marked.append((tag, len(self.text), mark))

    def end_mark(self, tag: str) -> None:
        if self.text is not None and self.marked and self.marked[-1][0] == tag:
            _, start, mark = self.marked.pop()
            self.text[start:] = [mark("".join(self.text[start:]))]

    def start_cell(self, columns: int, rows: int) -> None:
        if not self.rows:
            self.start_row()
        self._skip_reached()
        self.text, self.span, self.marked = [], (columns, rows), []

    def end_cell(self, name: str) -> None:
        if self.text is None:
            return
        text, (columns, rows), row = " ".join("".join(self.text).split()), self.span, self.rows[-1]
        if columns > 1 or rows > 1:
            refuse_merged_figure(Address(name, f"table {self.place}", len(self.rows), len(row) + 1), text)
        if rows > 1:
            self.begun |= {len(row) + i: rows - 1 for i in range(columns)}
        row += [text, *[""] * (columns - 1)]
        self.text = None

    def end_row(self) -> None:
        if self.rows:
            self._skip_reached()
        self.reach = {column: rows - 1 for column, rows in self.reach.items() if rows > 1} | self.begun
        self.begun = {}

    def _skip_reached(self) -> None:
        while len(self.rows[-1]) in self.reach:
            self.rows[-1].append("")


class _TableReader(HTMLParser):
    """Collects the text of every table's cells; forgives tags that are not closed."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.finished: dict[int, list[list[str]]] = {}
        self.hidden: dict[int, set[int]] = {}
        self._open: list[_OpenTable] = []
        self._silent = 0
        self._cells = 0
        self._count = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._start_table()
        elif self._open and tag == "tr":
            self._close_cell()
            self._open[-1].end_row()
            self._open[-1].start_row(_is_hidden(attributes))
        elif self._open and tag in ("td", "th"):
            self._close_cell()
            if _is_hidden(attributes):
                return
            spans = dict(attributes)
            self._open[-1].start_cell(_span(spans.get("colspan")), _span(spans.get("rowspan")))
            self._cells += self._open[-1].span[0]
            self._refuse_too_much()
        elif self._open and (_is_hidden(attributes) or tag in _MARKS):
            self._open[-1].start_mark(tag, _nothing if _is_hidden(attributes) else _MARKS[tag])
        elif tag in _BREAKS:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._open:
            self._close_cell()
            table = self._open.pop()
            self.finished[table.place], self.hidden[table.place] = table.rows, table.hidden
        elif tag in ("td", "th"):
            self._close_cell()
        elif self._open:
            self._open[-1].end_mark(tag)

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent and self._open[-1].text is not None:
            self._open[-1].text.append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag("table")

    def _start_table(self) -> None:
        self._count += 1
        self._open.append(_OpenTable(self._count))
        self._refuse_too_much()

    def _close_cell(self) -> None:
        if self._open:
            self._open[-1].end_cell(self.name)

    def _refuse_too_much(self) -> None:
        if self._count > MOST_TABLES or self._cells > MOST_CELLS:
            raise InputError(f"{self.name}: far more tables or cells than a KPI table needs, so it was not read on.")


def _is_hidden(attributes: list[tuple[str, str | None]]) -> bool:
    found = dict(attributes)
    return "hidden" in found or "display:none" in "".join((found.get("style") or "").split()).casefold()


def _nothing(text: str) -> str:
    return ""


def _span(text: str | None) -> int:
    return min(int(text), WIDEST_SPAN) if text and text.isascii() and text.isdigit() and int(text) > 0 else 1
