"""The last look at a page before it is published. In: a page as text. Out: nothing, or a `RunError` with the findings;
the same text with invisible characters named; messages without paths.

Not a substitute for escaping or for axe: it refuses what would do harm if anything before it had failed. Bidirectional
controls can make a label read as something else than it is: a reader sees `[U+202E]` instead. Where the project lies
on a disk, and who ran it, is read in no page, error or log."""

from __future__ import annotations

import base64
import binascii
import getpass
import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from swp_analysis.errors import RunError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# Account names that say nothing about a person, and would be found in many innocent sentences.
COMMON_ACCOUNTS = re.compile(
    "admin|administrator|analyst|build|builder|data|default|guest|home|jenkins|jovyan|police|public|report|root|runner|"
    "service|staff|system|test|tester|user|users|vagrant|wolverhampton",
    re.IGNORECASE,
)
SHORTEST_TELLING_NAME = 4

# Each begins with a sign that is rare in a page, so the search passes over all others at once.
HOME_FOLDER = re.compile(
    r"/(?<![\w.]/)(?:home|Users|root|Volumes)/|:(?<=\b[A-Za-z]:)\\+Users\\|\\(?<![\w\\]\\)\\+[\w.$?-]+\\"
    r"|:(?<=\bfile:)/{2,3}(?=\w)",
    re.IGNORECASE,
)
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/<])(?:file://)?/(?:[^\s/:'\"<>|]+/)+(?P<posix>[^\s/:'\"<>|]*)"
    r"|(?:\bfile:/{2,3}|\\\\[?.]\\)?(?:\b[A-Za-z]:|(?<![\w\\])\\\\(?:\?\\UNC\\)?[\w.$-]+)"
    r"[\\/]+(?:[^\\/:*?\"'<>|\r\n]+[\\/]+)*(?P<windows>[^\\/:*?\"'<>|\r\n]*)"
)


@cache
def account_name() -> str:
    """Give the name of the account that runs this; "" when it is common or can't be had (a container without users)."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
    return "" if COMMON_ACCOUNTS.fullmatch(name) or len(name) < SHORTEST_TELLING_NAME else name


@cache
def _place_pattern(project_root: Path) -> re.Pattern[str]:
    """Folders of this machine as text, longest first, written with either slash."""
    folders = {project_root, project_root.resolve(), Path.home(), Path(sys.prefix)}
    telling = [folder for folder in folders if len(folder.parts) > 1]
    written = {str(folder) for folder in telling} | {folder.as_posix() for folder in telling}
    places = "|".join(re.escape(place) for place in sorted(written, key=lambda text: (-len(text), text)))
    return re.compile(rf"(?<![\w.])(?:{places})(?![\w-])")


def _account_pattern() -> re.Pattern[str] | None:
    name = account_name()
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") if name else None


def find_private(text: str, project_root: Path) -> str:
    """Find what kind of private text is in `text`, in a few words that do not repeat it; "" when there is none.

    >>> find_private("see /home/ann/figures.csv", Path("/srv/project"))
    'an absolute path'
    >>> find_private("1,495 incidents and/or referrals", Path("/srv/project"))
    ''
    """
    if HOME_FOLDER.search(text) or _place_pattern(project_root).search(text):
        return "an absolute path"
    account = _account_pattern()
    return "the name of the account that made it" if account and account.search(text) else ""


def hide_private(text: str, project_root: Path) -> str:
    """Make paths inside the project relative, cut other absolute paths to their last part, drop account names.

    >>> hide_private("No such file: '/srv/project/data/raw/x.csv'", Path("/srv/project"))
    "No such file: 'data/raw/x.csv'"
    >>> hide_private("in /opt/python/lib/frame.py, line 3", Path("/srv/project"))
    'in frame.py, line 3'
    """
    for root in {str(project_root), project_root.as_posix(), str(project_root.resolve())}:
        text = text.replace(root.rstrip("/\\") + "/", "").replace(root.rstrip("/\\") + "\\", "")
    text = ABSOLUTE_PATH.sub(lambda found: found["posix"] or found["windows"] or "…", text)
    text = _place_pattern(project_root).sub("…", text)
    account = _account_pattern()
    return account.sub("…", text) if account else text


# Zero-width space, joiners and direction marks; separators, embeddings and overrides; word joiner, invisible operators
# and isolates; fillers and soft hyphens; annotation marks; tags.
_HIDDEN = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060-\u206f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_DRAWING = re.compile(r"(data:image/svg\+xml;base64,)([A-Za-z0-9+/=]+)")


def make_visible(text: str) -> str:
    """`text` with every invisible or direction-changing character written as its code point.

    >>> make_visible("knife\\u202eevil\\u200b")
    'knife[U+202E]evil[U+200B]'
    """
    return text if text.isascii() else _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def make_page_visible(html: str) -> str:
    """Make the same for a whole page, and for the text inside its drawings."""
    return _DRAWING.sub(_redraw, make_visible(html))


def _redraw(found: re.Match[str]) -> str:
    drawing = base64.b64decode(found[2]).decode("utf-8", errors="replace")
    shown = make_visible(drawing)
    return found[0] if shown == drawing else found[1] + base64.b64encode(shown.encode("utf-8")).decode("ascii")


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
    r"|no description has been provided.*|image|picture|chart|figure|alt( text)?|todo|untitled|png|svg", re.I
)
TABLE_ENDS = re.compile(r"<(/?)table\b", re.IGNORECASE)
# What text must not hold, wherever it stands, and how that is named.
TELLING_TEXT = {
    re.compile(r"Traceback \(most recent call last\)"): "an error report",
    re.compile(r"<[\w.\s]+ at 0x[0-9a-fA-F]+>"): (
        "an object's memory address (does a cell's last line need display or a semicolon?)"
    ),
}
MOST_FINDINGS = 5


@lru_cache(maxsize=32)
def parse_page(html: str) -> BeautifulSoup:
    """Parse a finished page, for all who look at it one after another; it must not be changed."""
    from bs4 import BeautifulSoup  # heavy: what needs only the names above goes without

    return BeautifulSoup(html, "html.parser", multi_valued_attributes=None)


def check_page(html: str, page: str, project_root: Path) -> None:
    """Refuse a page that runs or loads anything, tells about this machine, or leaves a picture or table unexplained.

    Raises
    ------
    RunError
        One sentence with the page and up to five findings.
    """
    findings = list(dict.fromkeys(_find_harm(html, project_root)))
    if findings:
        more = f"; and {len(findings) - MOST_FINDINGS} more" if len(findings) > MOST_FINDINGS else ""
        raise RunError(f"Page {page} was not published: it holds {'; '.join(findings[:MOST_FINDINGS])}{more}.")


def _find_harm(html: str, root: Path) -> Iterator[str]:
    """What is wrong with a page, in the order in which a reader would meet it."""
    from bs4 import Stylesheet, Tag

    soup = parse_page(html)
    for node in soup.descendants:
        if isinstance(node, Tag):
            yield from _judge_element(node)
            for name, value in node.attrs.items():
                yield from _judge_attribute(node.name, name, str(value), root)
        elif isinstance(node, Stylesheet):
            yield from _judge_style(node)
        else:
            yield from _judge_text(str(node), root)
    if (headings := len(soup.find_all("h1"))) != 1:
        yield f"{headings} headings of the first level"
    ends = TABLE_ENDS.findall(html)
    if ends.count("") > ends.count("/"):
        yield "a table without an end"


def _judge_element(node: Tag) -> Iterator[str]:
    if FORBIDDEN_TAGS.fullmatch(node.name):
        yield f"a <{node.name}> element"
    if node.name == "meta" and str(node.get("http-equiv")).lower() == "refresh":
        yield "a redirection"
    if node.name == "img" and PLACEHOLDER_ALT.fullmatch(str(node.get("alt", "")).strip()):
        yield "a picture without a description"
    if node.name == "table" and not any(caption.find_parent("table") is node for caption in node.find_all("caption")):
        yield "a table without a caption"


def _judge_attribute(tag: str, name: str, value: str, root: Path) -> Iterator[str]:
    loads = LOADING_ATTRIBUTES.fullmatch(name) or (name == "href" and LOADING_LINKS.fullmatch(tag))
    if name.startswith("on"):
        yield f"an {name} handler"
    elif loads and not value.lstrip().lower().startswith(("data:image/", "#")):
        yield f"a {name} that loads something"
    elif name in ("href", "xlink:href") and not loads and LIVE_SCHEMES.match(value):
        yield "a link that runs or opens something"
    elif name == "style":
        yield from _judge_style(value)
    for drawing in SVG_DATA.findall(value):
        yield from _judge_drawing(drawing, root)
    if not value.startswith("data:"):
        yield from _judge_text(value, root)


def _judge_style(style: str) -> Iterator[str]:
    if LOADING_STYLE.search(style):
        yield "a style that loads something"


def _judge_drawing(encoded: str, root: Path) -> Iterator[str]:
    try:
        drawing = base64.b64decode(encoded).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        yield "a drawing that can't be read"
        return
    if "<script" in drawing.lower():
        yield "a <script> element in a drawing"
    yield from _judge_text(drawing, root)


def _judge_text(text: str, root: Path) -> Iterator[str]:
    if private := find_private(text, root):
        yield private
    yield from (words for pattern, words in TELLING_TEXT.items() if pattern.search(text))
