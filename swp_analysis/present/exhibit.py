"""What a notebook shows: paragraphs, lists, what is folded or stacked, charts with the table behind them, and all of it
on one indicator. In: plain text; a matplotlib figure. Out: HTML in which every text is escaped; a chart that also saves
itself by a file's suffix.
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import pandas as pd

from swp_analysis.catalogue.models import Audience
from swp_analysis.errors import explain_calls
from swp_analysis.present.chart_style import save_chart, write_svg
from swp_analysis.present.phrases import say
from swp_analysis.present.table import TYPED, Table, save_by_suffix
from swp_analysis.project import RUN_VARIABLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NARROW_SCREEN = "screen and (max-width: 39.99em)"  # as in style.css


def show_marking(subject: str, audience: Audience) -> None:
    """Display whose figures follow, for whom, and how they are marked, as a notebook's first output.

    Not in a run, for the pages that it makes carry all that; and not outside a notebook.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if RUN_VARIABLE in os.environ or not hasattr(shell, "kernel"):
        return
    from IPython.display import display

    readers = audience.label[0].lower() + audience.label[1:]
    display(Prose(f"{audience.marking}. {subject}, for {readers}.", "marking"))


class Showable(Protocol):
    """Anything that a notebook can show."""

    def _repr_html_(self) -> str: ...


ABSENT = "absent"  # the class of a sentence in place of an answer: `pages` gathers them

Part = TypeVar("Part", bound=Showable, covariant=True)


@dataclass(frozen=True)
class SubHeading:
    """A heading of one indicator, below the notebook's own second-level headings."""

    text: str

    def _repr_html_(self) -> str:
        return f"<h3>{escape(self.text)}</h3>"


@dataclass(frozen=True, repr=False)
class Prose:
    """One paragraph; `kind` is the class that the stylesheet knows it by."""

    text: str
    kind: str = ""

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Paragraph “{shorten(self.text, 80, placeholder='…')}”>"

    def _repr_html_(self) -> str:
        kind = f' class="{self.kind}"' if self.kind else ""
        return f"<p{kind}>{escape(self.text)}</p>"


@dataclass(frozen=True, repr=False)
class Bullets:
    """A list under a bold lead; an empty list shows what its emptiness means."""

    lead: str
    items: Sequence[str]
    kind: str = ""
    when_empty: str = ""

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def __repr__(self) -> str:
        return f"<Bullets “{shorten(self.lead, 80, placeholder='…')}”: {len(self.items)} items>"

    def _repr_html_(self) -> str:
        lead = f'<p class="lead"><strong>{escape(self.lead)}</strong></p>' if self.lead else ""
        if not self.items:
            return f"{lead}<p>{escape(self.when_empty)}</p>" if self.when_empty else ""
        kind = f' class="{self.kind}"' if self.kind else ""
        return f"{lead}<ul{kind}>{''.join(f'<li>{escape(item)}</li>' for item in self.items)}</ul>"


@dataclass(frozen=True, repr=False)
class Stack(Generic[Part]):
    """Several things shown one below the other."""

    parts: Sequence[Part]

    def __repr__(self) -> str:
        return f"<Stack of {len(self.parts)}>"

    def _repr_html_(self) -> str:
        return "".join(part._repr_html_() for part in self.parts)


@dataclass(frozen=True, repr=False)
class Fold:
    """Something that a reader opens when wanted; `of` tells those that hear it from others of the same name."""

    summary: str
    content: Showable
    of: str = ""

    def __repr__(self) -> str:
        return f"<Fold “{self.summary}”>"

    def _repr_html_(self) -> str:
        name = f' aria-label="{escape(f"{self.summary}: {self.of}")}"' if self.of else ""
        content = self.content._repr_html_()
        return f'<details class="chart-data"><summary{name}>{escape(self.summary)}</summary>{content}</details>'


@explain_calls
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
        """Write the chart with its title as .png or .svg, or its numbers as .csv or .xlsx.

        Raises
        ------
        InputError
            For another suffix.
        """
        chart = partial(save_chart, self.figure, title=self.title, subtitle=self.subtitle, source=self.source)
        tables = dict.fromkeys((".csv", ".xlsx"), self.data.save) if self.data else {}
        return save_by_suffix(path, {".png": chart, ".svg": chart, **tables})

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
        image = f'<img src="{embed_svg(self.svg)}" alt="{escape(self.alt)}"{TYPED if self.typed else ""}>'
        if self.narrow:
            source = f'<source media="{NARROW_SCREEN}" srcset="{embed_svg(write_svg(self.narrow))}">'
            return f"<picture>{source}{image}</picture>"
        label = f"{escape(self.title)}: picture"
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{image}</div>'


@dataclass(frozen=True, repr=False)
class IndicatorSection:
    """Everything about one indicator, in the order a reader needs it; each part can also be shown on its own."""

    heading: SubHeading
    why_it_matters: Prose
    sentence: Prose
    latest: Prose
    picture: Exhibit | None
    table: Table
    outlook: Prose | None
    definition: Prose
    caveats: Bullets
    source: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """The quarters as a frame."""
        return self.table.frame

    @property
    def figure(self) -> Figure | None:
        """The chart, where there are enough quarters for one."""
        return self.picture.figure if self.picture else None

    def save(self, path: str | Path) -> Path:
        """Write the chart as .png or .svg, or the quarters as .csv or .xlsx."""
        return (self.picture or self.table).save(path)

    def __repr__(self) -> str:
        return f"<IndicatorSection “{self.heading.text}”>"

    def _repr_html_(self) -> str:
        # The title of the chart has the finding, and the figures are behind it; without a chart both are in the open.
        counted: list[Showable] = [self.why_it_matters, self.definition]
        after: list[Showable] = [part for part in (self.latest, self.outlook) if part]
        if self.picture:
            return Stack[Showable]([self.heading, replace(self.picture, about=counted), *after])._repr_html_()
        about = Fold("Why it matters, and what is counted", Stack(counted), self.heading.text)
        return Stack[Showable]([self.heading, self.sentence, self.table, *after, about])._repr_html_()


def embed_svg(svg: bytes) -> str:
    """Write a drawing as the address of a picture that holds it."""
    return f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"


def show_chart(
    chart: str, draw: Callable[..., Figure], title: str, data: Table, note: str = "", **figures: Any
) -> Exhibit:
    """Give a chart with its finding as title, and the words that `phrases.yml` has for it below and for those who can't
    see it; `draw` makes it for a page, and with `narrow` for a phone."""
    subtitle, seen = (say(f"charts.{chart}.{part}", **figures) for part in ("subtitle", "alt"))
    wide, narrow = (draw(narrow=is_narrow) for is_narrow in (False, True))
    return Exhibit(title, f"{title}. {seen}".strip(), wide, subtitle, note, data, narrow)
