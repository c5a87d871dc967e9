"""The board paper: at most four sheets of A4, printed from the first page of an edition. In: the folder of a published
edition. Out: a tagged PDF with the answer, the priorities, what we cannot say, what to decide and the scorecard.

A long scorecard is set smaller first; where that isn't enough, it keeps the clear changes and says where the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from swp_analysis.errors import RunError
from swp_analysis.publish.pages import INDEX
from swp_analysis.publish.pdf import pdf_name, print_page

MOST_SHEETS = 4
# Sizes of the type in turn, and whether the scorecard is cut to the clear changes.
TRIALS = ((9.5, False), (8.8, False), (8.8, True), (8.0, True))
SMALLER = 8.8
NOT_ON_PAPER = "nav, .skip, .on-paper, .made, .downloads, details, footer .changed"
PRINTED = """@media print { html { font-size: SIZEpt } table, table.scorecard { break-inside: auto !important }
  main h2 { margin-top: 1.2rem } footer { margin-top: 12pt } footer .facts { display: block }
  .facts div, .facts dt, .facts dd { display: inline } .facts dt::after { content: ":" }
  .facts div:not(:last-child)::after { content: " \\00B7 " }
  td.words { min-width: 0 } }"""
_SHEET = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
CUT = "Only clear changes are listed here; every other indicator is on the first page of the edition."


def board_paper_name(title: str, marking: str) -> str:
    """Say what the board paper of an edition is called: its title and its marking."""
    return f"Board-paper-{pdf_name(title, marking)}"


def print_board_paper(folder: Path, target: Path, browser: str) -> None:
    """Print the board paper of the edition in `folder`; the same edition gives the same bytes.

    Raises
    ------
    RunError
        When the browser gives no PDF in time, or the paper stays longer than four sheets.
    """
    page = (folder / INDEX).read_text(encoding="utf-8")
    printed = (print_page(make_board_paper(page, size, cut=cut), browser) for size, cut in TRIALS)
    fitting = next((pdf for pdf in printed if count_sheets(pdf) <= MOST_SHEETS), None)
    if fitting is not None:
        # Slightly smaller type often saves a last sheet that would be nearly empty.
        smaller = print_page(make_board_paper(page, SMALLER, cut=False), browser)
        saves = count_sheets(smaller) < count_sheets(fitting)
        target.write_bytes(smaller if saves else fitting)
        return
    raise RunError(
        f"The board paper takes more than {MOST_SHEETS} sheets even in small type: shorten the texts in "
        "partnership/strategy.yml, or run without --pdf."
    )


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
        style = soup.new_tag("style")
        style.string = PRINTED.replace("SIZE", f"{size:g}")
        soup.head.append(style)
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
        for row in list(_unclear_rows(table)):
            row.decompose()
        for body in table.select("tbody"):
            if not body.select("td"):
                body.decompose()
        note = soup.new_tag("p", attrs={"class": "note"})
        note.string = CUT
        (table.find_parent(class_="scroll") or table).insert_after(note)


def _unclear_rows(table: Tag) -> Iterator[Tag]:
    return (row for row in table.select("tbody tr") if row.select("td") and not row.select(".shape"))
