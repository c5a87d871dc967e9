"""The whole edition, and the board paper, as PDFs printed by a browser that is already on the machine. In: the folder
of a published edition. Out: tagged PDFs with bookmarks, page numbers and the marking on each sheet.

The board paper is at most four sheets, made of the first page: the answer, the priorities, what we cannot say, what to
decide, the scorecard. A long scorecard is set smaller first, then keeps the clear changes and says where the rest is.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from swp_analysis.engines.warm_kernels.private_folder import private_folder
from swp_analysis.errors import RunError
from swp_analysis.publish.commentary import GLOSSARY_LINK
from swp_analysis.publish.pages import INDEX, TEMPLATES

BROWSERS = "chromium chromium-browser google-chrome google-chrome-stable msedge microsoft-edge chrome".split()
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
UNSEEN = ".code, .warnings"
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) ?)(\(D:[^)]*\))")
_CREATOR = re.compile(rb"(/Creator ?)(\((?:[^()\\]|\\.)*\))")
_NODE = re.compile(rb"\(node\d{8}\)")


def pdf_names(title: str, marking: str) -> tuple[str, str]:
    """Say what the PDFs of an edition are called: its board paper and the whole of it, by title and marking.

    >>> pdf_names("Strategic assessment 2017/18", "OFFICIAL")[1]
    'Strategic-assessment-2017-18-OFFICIAL.pdf'
    """
    whole = f"{re.sub(r'[^A-Za-z0-9]+', '-', title).strip('-')}-{marking}.pdf"
    return f"Board-paper-{whole}", whole


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


def print_papers(folder: Path, pages: Sequence[str], names: tuple[str, str], target: Path, browser: str) -> None:
    """Print the board paper of the edition in `folder`, and its `pages` in this order as one PDF, into `target`; the
    same edition gives the same bytes.

    Raises
    ------
    RunError
        When the browser gives no PDF in time, or the board paper stays longer than four sheets.
    """
    board_paper, whole = names
    (target / board_paper).write_bytes(print_board_paper((folder / INDEX).read_text(encoding="utf-8"), browser))
    (target / whole).write_bytes(print_page(join_pages(folder, pages), browser))


def print_page(html: str, browser: str) -> bytes:
    """Print one HTML page; the PDF is dated as the page is, so the same page gives the same bytes.

    Raises
    ------
    RunError
        When the browser gives no PDF in time.
    """
    soup = _tag_figures(BeautifulSoup(html, "html.parser"))
    for unseen in soup.select(UNSEEN):  # or it would stand between a heading or a sentence and what it belongs to
        unseen.decompose()
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


MOST_SHEETS = 4
# Sizes of the type in turn, and whether the scorecard is cut to the clear changes.
TRIALS = ((9.5, False), (8.8, False), (8.8, True), (8.0, True))
SMALLER = 8.8
NOT_ON_PAPER = "nav, .skip, .on-paper, .made, .downloads, details, footer .changed"
_SHEET = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
CUT = "Only clear changes are listed here; every other indicator is on the first page of the edition."


def print_board_paper(page: str, browser: str) -> bytes:
    """Print the board paper that is made of the first page of an edition.

    Raises
    ------
    RunError
        When the browser gives no PDF in time, or the paper stays longer than four sheets.
    """
    printed = (print_page(make_board_paper(page, size, cut=cut), browser) for size, cut in TRIALS)
    fitting = next((pdf for pdf in printed if count_sheets(pdf) <= MOST_SHEETS), None)
    if fitting is None:
        raise RunError(
            f"The board paper takes more than {MOST_SHEETS} sheets even in small type: shorten the texts in "
            "partnership/strategy.yml, or run without --pdf."
        )
    # Slightly smaller type often saves a last sheet that would be nearly empty.
    smaller = print_page(make_board_paper(page, SMALLER, cut=False), browser)
    return smaller if count_sheets(smaller) < count_sheets(fitting) else fitting


def count_sheets(pdf: bytes) -> int:
    """Count the sheets of a PDF that the browser printed."""
    return len(_SHEET.findall(pdf))


def make_board_paper(page: str, size: float, *, cut: bool) -> str:
    """Make the board paper's page out of the first page of an edition; `size`: of the type, in points."""
    soup = BeautifulSoup(page, "html.parser")
    for unwanted in list(soup.select(NOT_ON_PAPER)):
        if unwanted.decomposed:
            continue
        _drop_heading(unwanted)
        unwanted.decompose()
    for link in soup.select("a[href]"):  # on paper a page is named; a file's place on this machine would be printed
        link.unwrap()
    for title in soup.select("h1, title"):
        title.string = f"Board paper: {title.get_text()}"
    if cut:
        _cut_scorecard(soup)
    if soup.head:
        style = (TEMPLATES / "board_paper.css").read_text(encoding="utf-8").replace("SIZE", f"{size:g}")
        soup.head.append(soup.new_tag("style", string=style))
    return str(soup)


def _drop_heading(menu: Tag) -> None:
    """A heading of which nothing is left goes too."""
    heading = menu.find_previous_sibling()
    following = menu.find_next_sibling()
    if heading is not None and heading.name == "h2" and (following is None or following.name == "h2"):
        heading.decompose()


def _cut_scorecard(soup: BeautifulSoup) -> None:
    """Keep the rows with a clear change, which have a shape, and the themes that still have one."""
    for table in soup.select("table.scorecard"):
        for row in table.select("tbody tr"):
            if row.select("td") and not row.select(".shape"):
                row.decompose()
        for body in table.select("tbody"):
            if not body.select("td"):
                body.decompose()
        note = soup.new_tag("p", attrs={"class": "note"}, string=CUT)
        (table.find_parent(class_="scroll") or table).insert_after(note)
