"""Tables that a screen reader can read. In: text cells. Out: HTML with caption and scopes; every cell is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


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
        return "" if column in self.text_columns or column == self.columns[0] else ' class="number"'
