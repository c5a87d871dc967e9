"""What the pages of an edition share. In: what an edition says of itself. Out: the frame around each page, from our
templates: no script, nothing fetched, one style sheet inside. `page_export` fills it.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from pydantic import Field

from swp_analysis.catalogue.models import Audience, Entry
from swp_analysis.present.phrases import write_day

TEMPLATES = Path(__file__).parent / "templates"
INDEX = "index.html"


class Signpost(NamedTuple):
    """A question that a board asks, what can be said, and the page, or `page#section`, that says more where the edition
    has it; where nothing is said here, the first page quotes that section."""

    asked: str
    said: str
    page: str = ""


@dataclass(frozen=True)
class Overview:
    """What the first page says. All of it is plain text, except the finished HTML in `sections`.

    sections: each heading with what stands below it; title: the edition's own, as in "Strategic assessment 2017/18";
    summary: the few sentences a board member reads; facts: pairs such as ("Year", "April to March"); data_to,
    published: the last day that the data cover and the day on which the edition was made (in words, and as 2018-06-30);
    downloads: file names beside the pages, each with what it holds.
    """

    title: str
    partnership: str
    summary: list[str]
    facts: list[tuple[str, str]]
    sections: Sequence[tuple[str, Markup | list[Signpost]]]
    sources: list[str]
    data_to: str
    published: str = ""
    downloads: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PageLink:
    """A page as the others know it: file name, title, and the question it answers."""

    href: str
    title: str
    question: str = ""


class Remark(Entry):
    """What one person says about one indicator, and when; a blank line starts a new paragraph."""

    indicator: str
    name: str = Field(min_length=1)
    date: datetime.date
    words: str = Field(min_length=1)


@dataclass(frozen=True)
class PageContext:
    """The edition around a page: the same for all its pages but for `current`, the file name of the page itself.
    `remarks`: an analyst's own words, by the label of their indicator.
    """

    overview: Overview
    audience: Audience
    links: tuple[PageLink, ...] = ()
    current: str = INDEX
    remarks: Mapping[str, list[Remark]] = field(default_factory=dict)


def read_template(name: str) -> Template:
    """Read one of the templates of pages and files, all with the same filters; HTML is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=lambda name: ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = write_day
    environment.globals["style"] = {
        name: Markup((TEMPLATES / f"{name}.css").read_text(encoding="utf-8")) for name in ("style", "code")
    }
    return environment
