"""Whole pages of an edition. In: an executed notebook, a text or the overview, and where it stands in the edition. Out:
one HTML text that needs nothing else; the same input gives the same text, so it holds no time of day.

Raw HTML in Markdown is shown as text, for a label from a KPI table can end up there; HTML that an object of ours makes
of itself goes through as it is, and `checks` looks at it. Scripts, widgets and raw cells are never included.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from bs4 import BeautifulSoup
from markupsafe import Markup
from nbconvert import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from swp_analysis.errors import RunError
from swp_analysis.present.frames import find_undescribed
from swp_analysis.publish.checks import make_page_visible, parse_page
from swp_analysis.publish.commentary import GLOSSARY_LINK, insert_remarks, link_terms
from swp_analysis.publish.pages import INDEX, TEMPLATES, Overview, PageContext, PageLink, read_template
from swp_analysis.publish.scan import mark_author
from swp_analysis.publish.tidy_page import HEADINGS, LEFT_OUT, Body, paragraph_after, plain_text, tidy_body

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from swp_analysis.publish.execution import NotebookResult

SHOWN_TYPES = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]
NEEDS_SCRIPT = {"application/javascript", "application/vnd.jupyter.widget-view+json"}
# Printed text comes in as many pieces as the kernel happened to send; the others of nbconvert have nothing to do here,
# and each would validate the whole notebook.
PREPROCESSORS = [f"nbconvert.preprocessors.{name}Preprocessor" for name in ("CoalesceStreams", "HighlightMagics")]
MOST_QUOTED = 2  # sentences of a page, on the first one
EVIDENCE, WORKINGS, INJECTED = "evidence", "workings", "injected-parameters"
# How objects of `present` show themselves as plain text; those of libraries have dots, or none of this.
OURS = re.compile(r"<[A-Z]\w*[ >]|[A-Z]\w*\(")


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown renderer, minus the part that passes a mermaid block through unescaped."""

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{self.escape_html(code)}</pre>"


@jinja2.pass_context
def _typed_html(context: jinja2.runtime.Context, source: str) -> str:
    """Markdown in which nothing is live, marked as typed."""
    return mark_author(_markdown_to_html(source, context.get("cell", {}).get("attachments", {})))


def _markdown_to_html(source: str, attachments: dict[str, Any] | None = None) -> str:
    renderer = _Renderer(
        escape=True, allow_harmful_protocols=False, exclude_anchor_links=True, attachments=attachments or {}
    )
    return MarkdownWithMath(renderer=renderer).render(source)


@cache
def _exporter(show_code: bool) -> TemplateExporter:
    """One exporter for all pages of a run: making one and reading its templates takes longer than using it.

    NOTE: nbconvert's own for HTML would parse each finished page once more, to add what our template already gives.
    """
    filters = {"highlight_code": Highlight2HTML(pygments_lexer="ipython3"), "markdown2html": _typed_html}
    ours = {"image_description": _image_description, "as_base64": _as_base64, "as_made": _as_made}
    return TemplateExporter(
        config=Config(
            {
                "NbConvertBase": {"display_data_priority": SHOWN_TYPES},
                "CoalesceStreamsPreprocessor": {"enabled": True},
            }
        ),
        template_name="swp",
        file_extension=".html",
        default_preprocessors=PREPROCESSORS,
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=not show_code,
        exclude_raw=True,
        filters=filters | ours,
    )


def _image_description(output: NotebookNode, mime_type: str) -> str:
    """The alternative text that came with a picture; empty if none did, and then `checks` refuses the page."""
    metadata = output.get("metadata", {})
    return str(metadata.get(mime_type, {}).get("alt") or metadata.get("alt") or "")


def _as_made(output: NotebookNode) -> str:
    """HTML of our own objects as it is, that of any other marked as an author's."""
    html = str(output.data["text/html"])
    return html if OURS.match(str(output.data.get("text/plain", ""))) else mark_author(html)


def _as_base64(data: str) -> str:
    """Pictures in base64: SVG comes as text, the others come encoded, in lines."""
    if data.lstrip().startswith("<"):
        return base64.b64encode(data.encode("utf-8")).decode("ascii")
    return "".join(data.split())


def link_notebook(notebook: NotebookNode, name: str) -> PageLink:
    """Link to the page of a notebook: its title and the paragraph below it, which is its question; without a heading it
    is called after its file.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> link_notebook(new_notebook(cells=[new_markdown_cell("# Crime *trends*\\n\\nWhat changed?")]), "20_crime_trends")
    PageLink(href='20_crime_trends.html', title='Crime trends', question='What changed?')
    """
    texts = (_markdown_to_html(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    heading = next(filter(None, (BeautifulSoup(text, "html.parser").find(HEADINGS) for text in texts)), None)
    paragraph = paragraph_after(heading) if heading else None
    fallback = name.lstrip("0123456789_").replace("_", " ").capitalize()
    title = (heading and plain_text(heading)) or fallback
    return PageLink(f"{name}.html", title, plain_text(paragraph) if paragraph else "")


def render_body(executed: NotebookNode, title: str, *, show_code: bool, show_evidence: bool = True) -> Body:
    """Render the cells as HTML, without the heading that the page shows as its title.

    Cells tagged `evidence` are shown only where evidence is, those tagged `workings` and warnings only where code is.
    """
    html, _ = _exporter(show_code).from_notebook_node(_presentable(executed, show_code, show_evidence))
    return tidy_body(html, title)


def render_text(markdown: str, title: str) -> Body:
    """Render Markdown of a file, marked as typed, without the heading that the page shows as its title."""
    return tidy_body(mark_author(_markdown_to_html(markdown)), title)


def _presentable(executed: NotebookNode, show_code: bool, show_evidence: bool) -> NotebookNode:
    """A copy without the cells and outputs that are not for readers."""
    hidden = {*([] if show_evidence else [EVIDENCE]), *([] if show_code else [WORKINGS])}
    shown = executed.copy()
    shown["cells"] = [cell.copy() for cell in executed.cells if not hidden & _tags(cell)]
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell["outputs"] = [output for output in cell.outputs if _is_for_readers(output, show_code)]
    return shown


def is_evidence(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell is tagged as evidence, which not every audience gets; the first cell speaks for its
    notebook."""
    return EVIDENCE in _tags(cell)


def _tags(cell: Mapping[str, Any]) -> set[str]:
    return set(cell.get("metadata", {}).get("tags", []))


def refuse_undescribed(executed: NotebookNode, name: str) -> None:
    """Refuse a notebook that shows a chart or a frame without words.

    Raises
    ------
    RunError
        Naming notebook, cell and the call that is missing.
    """
    cells = [cell for cell in executed.cells if cell.cell_type == "code" and INJECTED not in _tags(cell)]
    for number, cell in enumerate(cells, start=1):
        for problem in filter(None, map(find_undescribed, cell.get("outputs", []))):
            raise RunError(f"Page {name} was not published: cell {number} shows {problem}.")


def _is_for_readers(output: NotebookNode, show_code: bool) -> bool:
    if output.output_type == "stream" and output.name == "stderr":
        return show_code
    return not NEEDS_SCRIPT & set(output.get("data", {}))


# Whole pages


def export_page(executed: NotebookNode, context: PageContext) -> str:
    """Give the page of an executed notebook; `RunError` when it shows a chart or a frame without words."""
    refuse_undescribed(executed, context.current.removesuffix(".html"))
    links = [PageLink(INDEX, "Overview"), *context.links]
    place = [link.href for link in links].index(context.current)
    neighbours = {"previous": links[place - 1], "following": next(iter(links[place + 1 :]), None)}
    title, audience = links[place].title, context.audience
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
        paragraph = content.new_tag("p", attrs={"class": "note"})
        details.append(paragraph)
        paragraph.append(content.new_tag("a", href=data, string="Download the figures of all charts (CSV)"))


def export_text(markdown: str, context: PageContext) -> str:
    """Give a page of Markdown that was typed, such as the glossary."""
    title = next(link.title for link in context.links if link.href == context.current)
    return _render(context, title, render_text(markdown, title))


def export_index(context: PageContext, results: Sequence[NotebookResult], pages: Mapping[str, str]) -> str:
    """Give the first page: what the edition covers, a way into each of its `pages`, and how each notebook went."""
    title, titles = context.overview.title, {Path(link.href).stem: link.title for link in context.links}
    # The public edition is a third as long: there a question leads to its page without quoting it.
    quoted = {Path(name).stem: page for name, page in pages.items()} if context.audience.show_evidence else {}
    overview = read_template("overview.html.j2").render(
        context=context, overview=context.overview, titles=titles, results=results, quote=quote_answer, pages=quoted
    )
    body = tidy_body(overview, title)
    if GLOSSARY_LINK in context.links:
        link_terms(body.soup)
    return _render(context, title, body)


def quote_answer(page: str, place: str) -> str:
    """Quote the first sentences of our own on a page, below the heading `place` if one is named; "" without any."""
    soup = parse_page(page)
    said = start.find_all_next(["p", "h2"]) if (start := soup.find(id=place) if place else soup.find("h1")) else []
    own = [p for p in said if p.name == "p" and not p.get("data-by") and p.get("class", "") in ("", "cannot-tell")]
    if not own or (place and "h2" in [node.name for node in said[: said.index(own[0])]]):
        return ""
    sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z])", " ".join(own[0].get_text().split()))
    return " ".join([one for one in sentences if not one.startswith(LEFT_OUT)][:MOST_QUOTED])


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
