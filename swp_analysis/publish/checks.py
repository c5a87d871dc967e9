"""The last look at a page before it is published. In: a page as text. Out: nothing, or a `RunError` with the findings.

Not a substitute for escaping or for axe: it refuses what would do harm if anything before it had failed.
"""

from __future__ import annotations

import base64
import binascii
import re
from html.parser import HTMLParser
from pathlib import Path

from swp_analysis.errors import RunError
from swp_analysis.publish.hide_paths import find_private

FORBIDDEN_TAGS = re.compile(
    "applet|audio|base|button|embed|form|frame|frameset|iframe|input|link|object|portal|script|select|textarea|video"
)
LOADING_ATTRIBUTES = re.compile(
    "action|archive|background|code|codebase|data|formaction|manifest|ping|poster|src|srcset|xlink:href"
)
LOADING_LINKS = re.compile("image|use|feimage")  # in SVG, href loads
LIVE_SCHEMES = re.compile(r"\s*(javascript|vbscript|data|file|blob)\s*:", re.IGNORECASE)
LOADING_STYLE = re.compile(r"@import|(?:url|image-set)\s*\(\s*['\"]?\s*(?!data:)", re.IGNORECASE)
SVG_DATA = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=\s]+)")
PLACEHOLDER_ALT = re.compile(
    r"no description has been provided.*|image|picture|chart|figure|alt( text)?|todo|untitled|png|svg", re.I
)
TRACEBACK = "Traceback (most recent call last)"
OBJECT_ADDRESS = re.compile(r"<[\w.\s]+ at 0x[0-9a-fA-F]+>")
MOST_FINDINGS = 5


def check_page(html: str, page: str, project_root: Path) -> None:
    """Refuse a page that runs or loads anything, tells about this machine, or leaves a picture or table unexplained.

    Raises
    ------
    RunError
        One sentence with the page and up to five findings.
    """
    reader = _PageReader(project_root)
    reader.feed(html)
    reader.close()
    findings = list(dict.fromkeys([*reader.findings, *reader.left_open()]))
    if findings:
        more = f"; and {len(findings) - MOST_FINDINGS} more" if len(findings) > MOST_FINDINGS else ""
        raise RunError(f"Page {page} was not published: it holds {'; '.join(findings[:MOST_FINDINGS])}{more}.")


class _PageReader(HTMLParser):
    """Collects what is wrong with a page, in the order in which a reader would meet it."""

    def __init__(self, project_root: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.findings: list[str] = []
        self._root = project_root
        self._tables: list[bool] = []
        self._first_level_headings = 0
        self._in_style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if FORBIDDEN_TAGS.fullmatch(tag):
            self.findings.append(f"a <{tag}> element")
        if tag == "meta" and named.get("http-equiv", "").lower() == "refresh":
            self.findings.append("a redirection")
        if tag == "img":
            self._check_image(named)
        if tag == "table":
            self._tables.append(False)
        if tag == "caption" and self._tables:
            self._tables[-1] = True
        self._first_level_headings += tag == "h1"
        self._in_style = tag == "style"
        for name, value in named.items():
            self._check_attribute(tag, name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._tables and not self._tables.pop():
            self.findings.append("a table without a caption")
        if tag == "style":
            self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._check_style(data)
        else:
            self._check_text(data)

    def handle_comment(self, data: str) -> None:
        self._check_text(data)

    def left_open(self) -> list[str]:
        """Give findings that show only at the end."""
        headings = (
            [] if self._first_level_headings == 1 else [f"{self._first_level_headings} headings of the first level"]
        )
        return headings + ["a table without an end"] * len(self._tables)

    def _check_image(self, named: dict[str, str]) -> None:
        description = named.get("alt", "").strip()
        if not description or PLACEHOLDER_ALT.fullmatch(description):
            self.findings.append("a picture without a description")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        loads = LOADING_ATTRIBUTES.fullmatch(name) or (name == "href" and LOADING_LINKS.fullmatch(tag))
        if name.startswith("on"):
            self.findings.append(f"an {name} handler")
        elif loads and not value.lstrip().lower().startswith(("data:image/", "#")):
            self.findings.append(f"a {name} that loads something")
        elif name in ("href", "xlink:href") and not loads and LIVE_SCHEMES.match(value):
            self.findings.append("a link that runs or opens something")
        elif name == "style":
            self._check_style(value)
        for drawing in SVG_DATA.findall(value):
            self._check_drawing(drawing)
        if not value.startswith("data:"):
            self._check_text(value)

    def _check_style(self, style: str) -> None:
        if LOADING_STYLE.search(style):
            self.findings.append("a style that loads something")

    def _check_drawing(self, encoded: str) -> None:
        try:
            drawing = base64.b64decode(encoded).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            self.findings.append("a drawing that can't be read")
            return
        if "<script" in drawing.lower():
            self.findings.append("a <script> element in a drawing")
        self._check_text(drawing)

    def _check_text(self, text: str) -> None:
        private = find_private(text, self._root)
        if private:
            self.findings.append(private)
        if TRACEBACK in text:
            self.findings.append("an error report")
        if OBJECT_ADDRESS.search(text):
            self.findings.append("an object's memory address (does a cell's last line need display or a semicolon?)")
