"""Paragraphs, lists and stacks of things to show. In: plain text. Out: HTML in which every text is escaped."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import shorten
from typing import Generic, Protocol, TypeVar

from swp_analysis.catalogue.models import Audience
from swp_analysis.project import RUN_VARIABLE


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


Part = TypeVar("Part", bound=Showable, covariant=True)


@dataclass(frozen=True)
class SubHeading:
    """A heading of one indicator, below the notebook's own second-level headings."""

    text: str
    level: int = 3

    def _repr_html_(self) -> str:
        return f"<h{self.level}>{escape(self.text)}</h{self.level}>"


@dataclass(frozen=True, repr=False)
class Prose:
    """One paragraph; `kind` is the class that the stylesheet knows it by."""

    text: str
    kind: str = ""

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
