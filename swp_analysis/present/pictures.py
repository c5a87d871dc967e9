"""A chart as a partner meets it. In: SVG, caption, alt text, the figures behind it. Out: one HTML figure, all text
escaped."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape

from swp_analysis.present.prose import Fold
from swp_analysis.present.tables import Table

NARROW_SCREEN = "screen and (max-width: 39.99em)"  # as in style.css


@dataclass(frozen=True)
class Picture:
    """Caption, picture, note, and the table behind it in a disclosure element.

    `narrow_svg`: the same picture laid out for a screen too narrow for `svg`, which scrolls sideways there without it.
    """

    caption: str
    alt: str
    svg: bytes
    note: str = ""
    data: Table | None = None
    narrow_svg: bytes = b""

    def _repr_html_(self) -> str:
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        figures = Fold("Figures behind this chart", self.data)._repr_html_() if self.data else ""
        return (
            f'<figure class="chart"><figcaption>{escape(self.caption)}</figcaption>'
            f"{self._image()}{note}{figures}</figure>"
        )

    def _image(self) -> str:
        image = f'<img src="{_embed(self.svg)}" alt="{escape(self.alt)}">'
        if self.narrow_svg:
            return f'<picture><source media="{NARROW_SCREEN}" srcset="{_embed(self.narrow_svg)}">{image}</picture>'
        label = f"{escape(self.caption)}: picture"
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{image}</div>'


def _embed(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"
