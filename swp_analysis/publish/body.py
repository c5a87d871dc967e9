"""An executed notebook's cells as HTML, tidied: headings in order, tables that scroll, nothing said twice. In: the
notebook in memory, and whether its code is to be seen. Out: `Body`, the HTML without the page around it.

Raw HTML in Markdown is shown as text, for a label from a KPI table can end up there; HTML that an object of ours makes
of itself goes through as it is, and `checks` looks at it. Scripts, widgets and raw cells are never included.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from swp_analysis.errors import RunError
from swp_analysis.present.exhibit import ABSENT
from swp_analysis.present.frames import find_undescribed
from swp_analysis.publish.pages import TEMPLATES
from swp_analysis.publish.scan import mark_author

if TYPE_CHECKING:
    from nbformat import NotebookNode

SHOWN_TYPES = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]
NEEDS_SCRIPT = {"application/javascript", "application/vnd.jupyter.widget-view+json"}
# Printed text comes in as many pieces as the kernel happened to send; the others of nbconvert have nothing to do here,
# and each would validate the whole notebook.
PREPROCESSORS = [f"nbconvert.preprocessors.{name}Preprocessor" for name in ("CoalesceStreams", "HighlightMagics")]
EVIDENCE, WORKINGS, INJECTED = "evidence", "workings", "injected-parameters"
WORKED_OUT = "Worked out by hand, step by step"
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
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


@dataclass(frozen=True)
class Body:
    """The content, which may still be changed, and its sections as pairs of id and heading text."""

    soup: BeautifulSoup
    sections: tuple[tuple[str, str], ...]

    @property
    def html(self) -> str:
        """The content as it is now."""
        return str(self.soup).strip()


def tidy_body(html: str, title: str) -> Body:
    """Give headings ids and levels without gaps, and every table a region to scroll in; say nothing twice.

    The heading that reads like `title` is left out, for the page shows it as its one `h1`; the paragraph below it
    is marked as its question.
    """
    soup = BeautifulSoup(html, "html.parser")
    for empty in soup.select("p.empty"):
        empty.decompose()
    _fold_workings(soup)
    _join_code(soup)
    _drop_unanswered(soup)
    for heading in soup.find_all(HEADINGS):
        if not plain_text(heading):
            heading.decompose()
    headings = soup.find_all(HEADINGS)
    shown_by_page = next((heading for heading in headings if plain_text(heading) == title), None)
    if shown_by_page:
        paragraph = paragraph_after(shown_by_page)
        if paragraph:
            paragraph["class"] = "question"
        headings.remove(shown_by_page)
        shown_by_page.decompose()
    sections = tuple(_number_headings(headings))
    for table in soup.find_all("table"):
        if not table.find_parent(class_="scroll"):
            table.wrap(soup.new_tag("div", attrs={"class": "scroll"}))
    _hide_repeated(soup)
    _say_notes_once(soup)
    _name_regions(soup)
    return Body(soup, sections)


def _fold_workings(soup: BeautifulSoup) -> None:
    """Cells that work something out by hand are folded together, below the heading of the first of them."""
    for first in soup.select("section.workings"):
        if first.decomposed:
            continue
        fold = soup.new_tag("details", attrs={"class": "chart-data"})
        fold.append(soup.new_tag("summary", string=WORKED_OUT))
        first.insert_before(fold)
        if heading := first.find(["h2", "h3"]):
            fold.insert_before(heading)
        while (cell := fold.find_next_sibling()) is not None and "workings" in cell.get_attribute_list("class"):
            fold.extend(list(cell.children))
            cell.decompose()


def _join_code(soup: BeautifulSoup) -> None:
    """The code of steps that show nothing is folded together with that of the next step."""
    for fold in soup.select("details.code"):
        following = fold.find_next_sibling()
        if following is not None and "code" in following.get_attribute_list("class"):
            following.insert(1, *fold.find_all(recursive=False)[1:])  # below its summary
            fold.decompose()


def _drop_unanswered(soup: BeautifulSoup) -> None:
    """Sections in which no question has an answer become one line, with the reasons, before the last section; a
    heading with nothing below it goes."""
    dropped: dict[str, list[str]] = {}
    for heading in reversed(soup.find_all(["h2", "h3"])):
        block = list(_read_section(heading))
        answers = [node for node in block if not (node.get("data-by") or "code" in node.get_attribute_list("class"))]
        if not block:
            heading.decompose()
        if answers and all(_is_absent(node) for node in answers):
            reasons = " ".join(dict.fromkeys(map(plain_text, answers)))
            dropped.setdefault(reasons, []).insert(0, plain_text(heading))
            for node in [heading, *block]:
                node.decompose()
    for reasons, titles in dropped.items():
        note = soup.new_tag("p", attrs={"class": "cannot-tell"})
        listed = "; ".join(titles)
        note.string = f"Not in this edition: {listed}{'' if listed.endswith('?') else '.'} {reasons}"
        sections = soup.find_all("h2")
        sections[-1].insert_before(note) if sections else soup.append(note)


def _read_section(heading: Tag) -> Iterator[Tag]:
    """What stands below a heading, up to the next one of its level or a higher one."""
    for node in heading.find_next_siblings():
        if node.name in HEADINGS and node.name <= heading.name:
            return
        yield node


def _is_absent(node: Tag) -> bool:
    return ABSENT in (node.get_attribute_list("class") or [])


def _say_notes_once(soup: BeautifulSoup) -> None:
    """A sentence below one chart or table isn't said again below the next one, unless it names a source."""
    said: set[str] = set()
    for note in soup.select("p.note"):
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", note.get_text())
        kept = [one for one in sentences if one not in said or one.startswith("Source")]
        said.update(sentences)
        if not kept:
            note.decompose()
        elif len(kept) < len(sentences):
            note.string = " ".join(kept)


def _hide_repeated(soup: BeautifulSoup) -> None:
    """A caption that repeats the heading above it is for screen readers alone."""
    for caption in soup.find_all("caption"):
        heading = caption.find_previous(HEADINGS)
        if heading and plain_text(heading) == plain_text(caption):
            caption["class"] = "unseen"


def _number_headings(headings: list[Tag]) -> Iterator[tuple[str, str]]:
    """Set level and id of each heading; yield id and text of each `h2`."""
    taken: set[str] = {"main"}
    level = 1
    for heading in headings:
        level = min(max(int(heading.name[1]), 2), level + 1)
        heading.name = f"h{level}"
        text = plain_text(heading)
        place = _unused(re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section", taken, "-")
        heading["id"] = place
        if level == 2:
            yield place, text


def _unused(text: str, taken: set[str], gap: str) -> str:
    """`text`, with a number after it when it is taken already; taken from now on."""
    number, candidate = 1, text
    while candidate in taken:
        number += 1
        candidate = f"{text}{gap}{number}"
    taken.add(candidate)
    return candidate


def _name_regions(soup: BeautifulSoup) -> None:
    """Each scrolling region can be reached by keyboard and has a name of its own: two alike can't be told apart."""
    taken: set[str] = set()
    for region in soup.find_all(class_="scroll"):
        caption = region.find("caption")
        name = str(region.get("aria-label") or "") or (plain_text(caption) if caption else "Table")
        region.attrs |= {"tabindex": "0", "role": "region", "aria-label": _unused(name, taken, ", part ")}


def paragraph_after(heading: Tag) -> Tag | None:
    """Give the paragraph that follows a heading directly."""
    following = heading.find_next_sibling()
    return following if following and following.name == "p" else None


def plain_text(tag: Tag) -> str:
    """Give the words of an element on one line."""
    return " ".join(tag.get_text().split())
