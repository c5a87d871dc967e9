"""Tables that a screen reader can read. In: text cells. Out: HTML with caption and scopes; every cell is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

# A column with a text of so many characters holds sentences or names; what is shorter than a line is not broken.
WIDTHS = ((90, "words"), (25, "names"), (17, ""), (0, "short"))


@dataclass(frozen=True)
class Table:
    """A captioned table of text. The first column names its row; the others are figures unless named in
    `text_columns`."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    text_columns: frozenset[str] = frozenset()
    note: str = ""

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col"{self._kind(name)}>{escape(name)}</th>' for name in self.columns)
        body = "".join(self._row(row) for row in self.rows)
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.caption)}">'
            f'<table class="figures"><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}"
        )

    def _row(self, row: Sequence[str]) -> str:
        name, *cells = row
        shown = "".join(
            f"<td{self._kind(column)}>{escape(cell)}</td>" for column, cell in zip(self.columns[1:], cells, strict=True)
        )
        return f'<tr><th scope="row">{escape(name)}</th>{shown}</tr>'

    def _kind(self, column: str) -> str:
        if column == self.columns[0]:
            return ""
        if column not in self.text_columns:
            return ' class="number"'
        return f' class="{width}"' if (width := self._widths.get(column)) else ""

    @cached_property
    def _widths(self) -> dict[str, str]:
        """What a column of text holds: sentences and names need width, whatever stands beside them."""
        longest = (max((len(row[place]) for row in self.rows), default=0) for place in range(len(self.columns)))
        return {
            column: next((name for least, name in WIDTHS if length >= least), "")
            for column, length in zip(self.columns, longest, strict=True)
        }
