"""What a page says, tidied: headings in order, tables that scroll, nothing said twice. In: HTML. Out: `Body`, the
content without the page around it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from swp_analysis.present.exhibit import ABSENT

WORKED_OUT = "Worked out by hand, step by step"
LEFT_OUT = "Not in this edition:"
BESIDE = {"code", "workings"}  # what stands beside an answer and is none
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


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
    _drop_unanswered(soup)
    _join_code(soup)
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
        fold = soup.new_tag("details", attrs={"class": "chart-data workings"})
        fold.append(soup.new_tag("summary", string=WORKED_OUT))
        first.insert_before(fold)
        if heading := first.find(["h2", "h3"]):
            fold.insert_before(heading)
        while (cell := fold.find_next_sibling()) is not None and "workings" in cell.get_attribute_list("class"):
            fold.extend(list(cell.children))
            cell.decompose()
        if (table := fold.find("table")) and not table.find("td"):  # there was nothing to begin with
            fold.decompose()


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
        shown = [node for node in block if not BESIDE & {*node.get_attribute_list("class")}]
        answers = [node for node in shown if not node.get("data-by")]
        if not shown:
            heading.decompose()
        if answers and all(ABSENT in node.get_attribute_list("class") for node in answers):
            reasons = " ".join(dict.fromkeys(map(plain_text, answers)))
            dropped.setdefault(reasons, []).insert(0, plain_text(heading))
            for node in [heading, *block]:
                node.decompose()
    for reasons, titles in reversed(dropped.items()):
        listed = "; ".join(titles)
        told = f"{LEFT_OUT} {listed}{'' if listed.endswith('?') else '.'} {reasons}"
        note = soup.new_tag("p", attrs={"class": "cannot-tell"}, string=told)
        sections = soup.find_all("h2")
        sections[-1].insert_before(note) if sections else soup.append(note)


def _read_section(heading: Tag) -> Iterator[Tag]:
    """What stands below a heading, up to the next one of its level or a higher one."""
    for node in heading.find_next_siblings():
        if node.name in HEADINGS and node.name <= heading.name:
            return
        yield node


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
