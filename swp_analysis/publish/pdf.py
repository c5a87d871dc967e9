"""The whole edition as one PDF, printed by a browser that is already on the machine. In: the folder of a published
edition. Out: a tagged PDF with bookmarks, page numbers and the marking on each sheet.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from swp_analysis.engines.warm_kernels.private_folder import private_folder
from swp_analysis.errors import RunError
from swp_analysis.publish.glossary import GLOSSARY_LINK
from swp_analysis.publish.pages import INDEX

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge", "chrome"),
)
# Where Windows and macOS keep them, for they are not on the search path there.
PLACES = (
    *(rf"{{{folder}}}\Microsoft\Edge\Application\msedge.exe" for folder in ("ProgramFiles(x86)", "ProgramFiles")),
    *(rf"{{{folder}}}\Google\Chrome\Application\chrome.exe" for folder in ("ProgramFiles", "LocalAppData")),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PRINTING = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
NO_BROWSER = "No Chromium, Chrome or Edge was found on this machine"
DEADLINE = 180
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) ?)(\(D:[^)]*\))")
_CREATOR = re.compile(rb"(/Creator ?)(\((?:[^()\\]|\\.)*\))")
_NODE = re.compile(rb"\(node\d{8}\)")


def pdf_name(title: str, marking: str) -> str:
    """Say what the PDF of an edition is called: its title and its marking.

    >>> pdf_name("Strategic assessment 2017/18", "OFFICIAL")
    'Strategic-assessment-2017-18-OFFICIAL.pdf'
    """
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', title).strip('-')}-{marking}.pdf"


def order_pages(names: Iterable[str]) -> list[str]:
    """Give the pages among the files of an edition, in reading order: the first page, the notebooks', the glossary."""
    pages = [name for name in names if name.endswith(".html")]
    return sorted(pages, key=lambda name: (name != INDEX, name == GLOSSARY_LINK.href, name))


def require_browser() -> str:
    """Give the program of a browser that can print.

    Raises
    ------
    RunError
        When there is none.
    """
    browser = find_browser()
    if browser is None:
        raise RunError(f"{NO_BROWSER}, so no PDF can be made; install one, or run without --pdf.")
    return browser


def find_browser() -> str | None:
    """Find the program of a Chromium, Chrome or Edge on this machine; None when there is none."""
    folders = {name: os.environ.get(name, "") for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")}
    installed = [place for place in (text.format_map(folders) for text in PLACES) if os.path.isfile(place)]
    return next((found for name in BROWSERS if (found := shutil.which(name))), None) or next(iter(installed), None)


def print_edition(folder: Path, pages: Sequence[str], target: Path, browser: str) -> None:
    """Print the pages of `folder`, in this order, into one PDF; the same pages give the same bytes.

    Raises
    ------
    RunError
        When the browser gives no PDF in time.
    """
    target.write_bytes(print_page(join_pages(folder, pages), browser))


def print_page(html: str, browser: str) -> bytes:
    """Print one HTML page; the PDF is dated as the page is, so the same page gives the same bytes.

    Raises
    ------
    RunError
        When the browser gives no PDF in time.
    """
    soup = _tag_figures(BeautifulSoup(html, "html.parser"))
    with private_folder() as place:
        source, printed = place / "edition.html", place / "edition.pdf"
        source.write_text(str(soup), encoding="utf-8", newline="\n")
        _print(browser, source, printed, place / "profile")
        if not printed.is_file():
            raise RunError("The browser made no PDF; do without one: leave out --pdf, or add --no-pdf to `swp pack`.")
        return _make_repeatable(printed.read_bytes(), _read_day(soup))


def _tag_figures(soup: BeautifulSoup) -> BeautifulSoup:
    """Leave the pictures as the only figures of a PDF: the browser tags a frame as one too, without its alt text."""
    for frame in soup.find_all("figure"):
        frame.name = "div"
        frame.attrs.pop("role", None)
        for caption in frame.find_all("figcaption"):
            caption.name, caption["class"] = "p", "figcaption"
    return soup


def _read_day(soup: BeautifulSoup) -> str:
    """The day of publication that a page carries, without its dashes; that of the first PDF for a page without one."""
    found = soup.find("meta", attrs={"name": "dcterms.date"})
    return str(found["content"]).replace("-", "") if found else "20000101"


def _print(browser: str, source: Path, printed: Path, profile: Path) -> None:
    # NOTE: as root, as in many containers, Chromium only starts without its sandbox; the page runs no script.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    call = [browser, *PRINTING, *as_root, f"--user-data-dir={profile}", f"--print-to-pdf={printed}", source.as_uri()]
    try:
        subprocess.run(call, check=False, capture_output=True, timeout=DEADLINE)
    except (OSError, subprocess.TimeoutExpired):
        return


def _make_repeatable(pdf: bytes, day: str) -> bytes:
    """The PDF with the day of the edition as its date, and with its nodes counted from 1; not a byte longer."""
    nodes = {name: rank for rank, name in enumerate(sorted(set(_NODE.findall(pdf))), start=1)}
    pdf = _NODE.sub(lambda found: b"(node%08d)" % nodes[found[0]], pdf)
    pdf = _CREATOR.sub(lambda found: found[1] + b"(swp)".ljust(len(found[2])), pdf)
    return _DATE.sub(lambda found: found[1] + f"(D:{day})".encode("ascii").ljust(len(found[2])), pdf)


def join_pages(folder: Path, pages: Sequence[str]) -> str:
    """Give one page out of all: the first one's head, every page's content, links between pages as links inside."""
    soups = {name: BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html.parser") for name in pages}
    whole = soups[INDEX]
    main = _only(whole, "main").extract()
    for unwanted in whole.find_all(["nav", "main"]) + whole.select(".skip"):
        unwanted.decompose()
    for menu in main.select(".downloads"):
        if heading := menu.find_previous_sibling("h2"):
            heading.decompose()
        menu.decompose()
    joined = whole.new_tag("main", id="main")
    _only(whole, ".columns").append(joined)
    for name, soup in soups.items():
        joined.append(_make_section(main if name == INDEX else _only(soup, "main"), name, pages, whole))
    return str(whole)


def _only(soup: BeautifulSoup, selector: str) -> Tag:
    """Find an element that every page has."""
    return soup.select(selector)[0]


def _make_section(content: Tag, name: str, pages: Sequence[str], whole: BeautifulSoup) -> Tag:
    stem = Path(name).stem
    repeated = ".pagination" if name == INDEX else ".pagination, .on-paper"
    for menu in content.select(repeated):
        menu.decompose()
    for node in content.find_all(id=True):
        node["id"] = f"{stem}-{node['id']}"
    for link in content.find_all("a", href=True):
        page, _, place = str(link["href"]).partition("#")
        if page and page not in pages:
            link.unwrap()
        else:
            link["href"] = f"#{Path(page or name).stem}" + (f"-{place}" if place else "")
    section = whole.new_tag("section", id=stem, attrs={"class": "sheet"})
    for child in list(content.children):
        section.append(child)
    return section
