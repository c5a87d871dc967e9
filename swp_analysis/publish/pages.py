"""Whole pages of an edition. In: an executed notebook or the overview, and where it stands in the edition. Out: one
HTML text that needs nothing else: no script, nothing fetched, one style sheet inside. The same input gives the same
text, so it holds no time of day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from swp_analysis.catalogue.models import Audience
from swp_analysis.errors import InputError
from swp_analysis.present.phrases import write_day
from swp_analysis.publish.checks import make_page_visible

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from nbformat import NotebookNode

    from swp_analysis.publish.commentary import Remark
    from swp_analysis.publish.notebooks import NotebookResult
    from swp_analysis.publish.tidy_page import Body

TEMPLATES = Path(__file__).parent / "templates"
MARKINGS = ("OFFICIAL", "OFFICIAL-SENSITIVE")
INDEX = "index.html"
MOST_QUOTED = 2  # sentences of a page, on the first one


@dataclass(frozen=True)
class Overview:
    """What the first page says. All of it is plain text, except `html_sections`, which is finished, escaped HTML.

    title: the edition's own, as in "Strategic assessment 2017/18"; summary: the few sentences a board member reads;
    facts: pairs such as ("Year", "April to March"); data_to, published: the last day that the data cover and the day on
    which the edition was made (in words, and as 2018-06-30); downloads: file names beside the pages, each with what
    it holds.
    """

    title: str
    partnership: str
    summary: list[str]
    facts: list[tuple[str, str]]
    html_sections: list[str]
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


@dataclass(frozen=True)
class PageContext:
    """The edition around a page: the same for all its pages but for `current`, the file name of the page itself.
    `remarks`: an analyst's own words, by the label of their indicator.

    Raises
    ------
    InputError
        For a marking that doesn't exist, or one below what the catalogue asks for this audience.
    """

    overview: Overview
    audience: Audience
    marking: str
    links: tuple[PageLink, ...] = ()
    current: str = INDEX
    remarks: Mapping[str, list[Remark]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_marking(self.marking, self.audience)


def require_marking(marking: str, audience: Audience) -> Audience:
    """Check the marking and give the audience; `InputError` for a marking that doesn't exist, or one below what the
    catalogue asks for it."""
    if marking not in MARKINGS:
        raise InputError(f"{marking!r} is not a marking; choose one of {', '.join(MARKINGS)}.")
    if MARKINGS.index(marking) < MARKINGS.index(audience.marking):
        raise InputError(f"An edition for {audience.id} is {audience.marking}, not {marking}.")
    return audience


def export_page(executed: NotebookNode, context: PageContext) -> str:
    """Give the page of an executed notebook; `RunError` when it shows a chart or a frame without words."""
    from swp_analysis.publish.body import refuse_undescribed

    refuse_undescribed(executed, context.current.removesuffix(".html"))
    return _export_described(executed, context)


def _export_described(executed: NotebookNode, context: PageContext) -> str:
    from swp_analysis.publish.body import render_body
    from swp_analysis.publish.commentary import GLOSSARY_LINK, insert_remarks, link_terms

    place = [link.href for link in context.links].index(context.current)
    neighbours = {
        "previous": context.links[place - 1] if place else PageLink(INDEX, "Overview"),
        "following": context.links[place + 1] if place + 1 < len(context.links) else None,
    }
    title = context.links[place].title

    audience = context.audience
    body = render_body(executed, title, show_code=audience.show_code, show_evidence=audience.show_evidence)
    insert_remarks(body.soup, context.remarks)
    link_data(body.soup, context.overview)
    if GLOSSARY_LINK in context.links:
        link_terms(body.soup)
    return _render(context, title, body, **neighbours)


def link_data(content: BeautifulSoup, overview: Overview) -> None:
    """Put a link to the data of the edition below the figures behind each chart."""
    data = next((href for href, _ in overview.downloads if href.endswith(".csv")), None)
    if data is None:
        return
    for details in content.select("figure.chart > details"):
        paragraph, link = content.new_tag("p", attrs={"class": "note"}), content.new_tag("a", href=data)
        link.string = "Download the figures of all charts (CSV)"
        paragraph.append(link)
        details.append(paragraph)


def export_text(markdown: str, context: PageContext) -> str:
    """Give a page of Markdown that was typed, such as the glossary."""
    from swp_analysis.publish.body import render_text

    title = next(link.title for link in context.links if link.href == context.current)
    return _render(context, title, render_text(markdown, title))


def export_index(context: PageContext, results: Sequence[NotebookResult], pages: Mapping[str, str]) -> str:
    """Give the first page: what the edition covers, a way into each of its `pages`, and how each notebook went."""
    from swp_analysis.publish.commentary import GLOSSARY_LINK, link_terms
    from swp_analysis.publish.tidy_page import tidy_body

    titles = {Path(link.href).stem: link.title for link in context.links}
    overview = read_template("overview.html.j2").render(
        context=context, overview=context.overview, titles=titles, results=results
    )
    title = context.overview.title
    body = tidy_body(overview, title)
    # The public edition is a third as long: there a question leads to its page without quoting it.
    _show_the_way(body.soup, context, pages if context.audience.show_evidence else {})
    if GLOSSARY_LINK in context.links:
        link_terms(body.soup)
    return _render(context, title, body)


def _show_the_way(content: BeautifulSoup, context: PageContext, pages: Mapping[str, str]) -> None:
    """Name the pages that questions lead to, with what they answer; a question without an answer and a page goes."""
    titles = {link.href: link.title for link in context.links}
    for item in content.select("li.signpost"):
        question = item.get_text().strip()
        for link in item.select("a"):
            page, _, place = str(link["href"]).partition("#")
            if page not in titles:
                link.decompose()
            elif question.endswith(":") and not (answer := quote_answer(pages.get(page, ""), place)):
                link.string = titles[page]
                link.insert_before("see ")
            else:  # the question itself leads to the page
                link.insert_before(answer if question.endswith(":") else "")
                asked = item.find("strong")
                link.string = asked.get_text() if asked else titles[page]
                asked.replace_with(link.extract()) if asked else None
                link.wrap(content.new_tag("strong"))
        if item.get_text().strip().endswith(":"):
            item.decompose()


def quote_answer(page: str, place: str) -> str:
    """Quote the first sentences of our own on a page, below the heading `place` if one is named; "" without any."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "html.parser")
    start = soup.find(id=place) if place else soup.find("h1")
    said = start.find_all_next(["p", "h2"]) if start else []
    own = [p for p in said if p.name == "p" and not p.get("data-by") and p.get("class") in (None, [], ["cannot-tell"])]
    if not own or (place and "h2" in [node.name for node in said[: said.index(own[0])]]):
        return ""
    sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z])", " ".join(own[0].get_text().split()))
    return " ".join(sentences[:MOST_QUOTED])


def _render(
    context: PageContext, title: str, body: Body, previous: PageLink | None = None, following: PageLink | None = None
) -> str:
    page = read_template("page.html.j2").render(
        context=context,
        overview=context.overview,
        title=title,
        body=Markup(body.html),
        sections=body.sections,
        links=[PageLink(INDEX, "Overview"), *context.links],
        previous=previous,
        following=following,
    )
    return make_page_visible(page)


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
