"""An executed notebook's cells as HTML. In: the notebook in memory, and whether its code is to be seen. Out: `Body`,
the HTML without the page around it.

Raw HTML in Markdown is shown as text, for a label from a KPI table can end up there; HTML that an object of ours makes
of itself goes through as it is, and `checks` looks at it. Scripts, widgets and raw cells are never included.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from swp_analysis.errors import RunError
from swp_analysis.present.frames import find_undescribed
from swp_analysis.publish.pages import TEMPLATES
from swp_analysis.publish.scan import mark_author
from swp_analysis.publish.tidy_page import HEADINGS, Body, paragraph_after, plain_text, tidy_body

if TYPE_CHECKING:
    from nbformat import NotebookNode

SHOWN_TYPES = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]
NEEDS_SCRIPT = {"application/javascript", "application/vnd.jupyter.widget-view+json"}
# Printed text comes in as many pieces as the kernel happened to send; the others of nbconvert have nothing to do here,
# and each would validate the whole notebook.
PREPROCESSORS = [f"nbconvert.preprocessors.{name}Preprocessor" for name in ("CoalesceStreams", "HighlightMagics")]
EVIDENCE, WORKINGS, INJECTED = "evidence", "workings", "injected-parameters"
# How objects of `present` show themselves as plain text; those of libraries have dots, or none of this.
OURS = re.compile(r"<[A-Z]\w*[ >]|[A-Z]\w*\(")


@dataclass(frozen=True)
class NotebookHeading:
    """What a notebook says of itself: its title, and the first paragraph below it, the question it answers."""

    title: str
    question: str


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown renderer, minus the part that passes a mermaid block through unescaped."""

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{self.escape_html(code)}</pre>"


class _BodyExporter(HTMLExporter):
    """nbconvert's HTML exporter with our template, and Markdown in which nothing is live."""

    @jinja2.pass_context
    def markdown2html(self, context: jinja2.runtime.Context, source: str) -> str:
        return mark_author(_markdown_to_html(source, context.get("cell", {}).get("attachments", {})))


def _markdown_to_html(source: str, attachments: dict[str, Any] | None = None) -> str:
    renderer = _Renderer(
        escape=True, allow_harmful_protocols=False, exclude_anchor_links=True, attachments=attachments or {}
    )
    return MarkdownWithMath(renderer=renderer).render(source)


@cache
def _exporter(show_code: bool) -> _BodyExporter:
    """One exporter for all pages of a run: making one and reading its templates takes longer than using it."""
    return _BodyExporter(
        config=Config(
            {
                "NbConvertBase": {"display_data_priority": SHOWN_TYPES},
                "CoalesceStreamsPreprocessor": {"enabled": True},
            }
        ),
        template_name="swp",
        default_preprocessors=PREPROCESSORS,
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=not show_code,
        exclude_raw=True,
        filters={"image_description": _image_description, "as_base64": _as_base64, "as_made": _as_made},
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


def read_heading(notebook: NotebookNode, name: str) -> NotebookHeading:
    """Read the title and question of a notebook, as plain text; a notebook without a heading is called after its file.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> read_heading(new_notebook(cells=[new_markdown_cell("# Crime *trends*\\n\\nWhat changed?")]), "20_crime_trends")
    NotebookHeading(title='Crime trends', question='What changed?')
    """
    heading = _first_heading(notebook)
    paragraph = paragraph_after(heading) if heading else None
    fallback = name.lstrip("0123456789_").replace("_", " ").capitalize()
    return NotebookHeading((heading and plain_text(heading)) or fallback, plain_text(paragraph) if paragraph else "")


def _first_heading(notebook: NotebookNode) -> Tag | None:
    texts = (_markdown_to_html(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    return next(filter(None, (BeautifulSoup(text, "html.parser").find(HEADINGS) for text in texts)), None)


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
