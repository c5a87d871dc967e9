"""A chart as a partner meets it. In: SVG, caption, alt text, the figures behind it. Out: one HTML figure, all text
escaped."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape

from swp_analysis.present.prose import Fold
from swp_analysis.present.tables import Table


@dataclass(frozen=True)
class Picture:
    """Caption, picture, note, and the table behind it in a disclosure element."""

    caption: str
    alt: str
    svg: bytes
    note: str = ""
    data: Table | None = None

    def _repr_html_(self) -> str:
        image = b64encode(self.svg).decode("ascii")
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        figures = Fold("Figures behind this chart", self.data)._repr_html_() if self.data else ""
        return (
            f'<figure class="chart"><figcaption>{escape(self.caption)}</figcaption>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.caption)}: picture">'
            f'<img src="data:image/svg+xml;base64,{image}" alt="{escape(self.alt)}"></div>{note}{figures}</figure>'
        )
