"""What an analyst gets when she asks about an area: numbers, a sentence, a chart, caveats, source and edition.

In: a finding of `analysis/areas`, and what draws it. Out: `AreaResult`, whose chart is drawn only when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from swp_analysis.errors import explain_calls
from swp_analysis.present.area_words import LICENCE, NUMBERED
from swp_analysis.present.exhibit import ABSENT, Bullets, Exhibit, Fold, Prose, Stack
from swp_analysis.present.phrases import NOTHING, write_ratio
from swp_analysis.present.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNITS = {"float": "number", "int": "count", "Int": "count"}


@explain_calls
@dataclass(frozen=True, repr=False)
class AreaResult:
    """`frame` holds numbers; `draw` makes the chart of them, for a phone with `narrow`; None when nothing is drawn."""

    title: str
    sentence: str
    frame: pd.DataFrame
    caveats: Sequence[str] = ()
    source: str = ""
    edition: str = ""
    subtitle: str = ""
    alt: str = ""
    draw: Callable[..., Figure] | None = None
    shown: Mapping[str, str] = field(default_factory=dict)  # column -> heading in the table of a page; default all
    missing: bool = False  # whether `sentence` only says why there is no answer

    @cached_property
    def figure(self) -> Figure | None:
        """The chart as a matplotlib figure."""
        return self.draw() if self.draw else None

    @property
    def chart(self) -> Figure | None:
        """The chart, by its other name."""
        return self.figure

    @property
    def table(self) -> Table:
        """The numbers with headings, as a page shows them."""
        shown = dict(self.shown) or {str(name): str(name).replace("_", " ") for name in self.frame.columns}
        columns = {}
        for name, heading in shown.items():
            kind = str(self.frame[name].dtype)
            unit = next((unit for start, unit in UNITS.items() if kind.startswith(start)), "text")
            columns[Column(heading, unit)] = [_cell(value, unit) for value in self.frame[name]]
        return Table.of(self.title, columns, self.footnote)

    @property
    def footnote(self) -> str:
        """Source and edition in one line."""
        return f"Source: {self.source}. {LICENCE}" if self.source else ""

    @property
    def exhibit(self) -> Exhibit | None:
        """The chart with its table, for a page."""
        if self.draw is None or self.figure is None:
            return None
        alt = f"{self.title}. {self.alt}".strip()
        numbered = any(caveat.startswith("(1) ") for caveat in self.caveats)
        return Exhibit(
            self.title,
            alt,
            self.figure,
            f"{self.subtitle}; {NUMBERED}" if numbered else self.subtitle,
            self.footnote,
            self.table,
            self.draw(narrow=True),
            self.sentence,
            self.caveats,
            self.source,
        )

    def save(self, path: str | Path) -> Path:
        """Write the chart (.png, .svg) or the numbers (.csv, .xlsx), by the suffix of `path`."""
        return (self.exhibit or self.table).save(path)

    def __repr__(self) -> str:
        return f"<AreaResult “{self.title}”: {len(self.frame)} row{'s' * (len(self.frame) != 1)}>"

    @property
    def brief(self) -> Stack:
        """The sentence, with the chart or table folded below it."""
        shown = self._shown
        folded = [Fold("See the figures", shown, self.title)] if shown else []
        return Stack([self._said, *folded])

    @property
    def _said(self) -> Prose:
        return Prose(self.sentence, ABSENT if self.missing else "")

    @property
    def _shown(self) -> Exhibit | Table | None:
        return self.exhibit or (self.table if len(self.frame) else None)

    def _repr_html_(self) -> str:
        care = [Fold("What to keep in mind", Bullets("", self.caveats), self.title)] if self.caveats else []
        return Stack([part for part in (self._said, self._shown, *care) if part])._repr_html_()


def _cell(value: Any, unit: str) -> Any:
    if pd.isna(value):
        return NOTHING
    if unit == "number" and isinf(value):
        return write_ratio(value)
    if unit == "number":
        return float(f"{value:.4g}") if abs(value) < 1000 else round(float(value))
    return int(value) if unit == "count" else str(value)


def sentence_alone(title: str, sentence: str, *, missing: bool = False) -> AreaResult:
    """Give a result that only says something; with `missing`, why there is no answer."""
    return AreaResult(title, sentence, pd.DataFrame(), missing=missing)
