"""An analyst's own words on indicators. In: a YAML or Markdown file. Out: a `Remark` an indicator, shown as theirs with
name and date on every page that has a section about it.

The words live in their own file, so they survive each rerun. They are plain text: nothing in them is live.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from pydantic import Field

from swp_analysis.catalogue.models import Entry, Indicator
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.errors import InputError

_BYLINE = re.compile(r"By (?P<name>.+), (?P<date>\d{4}-\d{2}-\d{2})\.?")
HOW_TO_SIGN = "'By NAME, YYYY-MM-DD'"


class Remark(Entry):
    """What one person says about one indicator, and when; a blank line starts a new paragraph."""

    indicator: str
    name: str = Field(min_length=1)
    date: datetime.date
    words: str = Field(min_length=1)


def read_commentary(path: Path, indicators: Mapping[str, Indicator]) -> dict[str, list[Remark]]:
    """Read the remarks of a file by indicator.

    Raises
    ------
    InputError
        With file and line: an unknown indicator, a missing name or date, or a file that isn't YAML or Markdown.
    """
    if path.suffix.lower() not in READERS:
        raise InputError(f"{path.name}: commentary is read from .yml, .yaml or .md files.")
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such file of commentary.")
    remarks: dict[str, list[Remark]] = {}
    for line, remark in READERS[path.suffix.lower()](path):
        if remark.indicator not in indicators:
            close = get_close_matches(remark.indicator, indicators, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise InputError(f"{path.name} line {line}: no indicator has the id {remark.indicator!r}{hint}")
        remarks.setdefault(remark.indicator, []).append(remark)
    return remarks


def _read_yaml(path: Path) -> Iterable[tuple[int, Remark]]:
    document = Document(path)
    remarks = document.parse(list[Remark]) if document.node else []
    return [(document.line((place, "indicator")), remark) for place, remark in enumerate(remarks)]


def _read_markdown(path: Path) -> Iterable[tuple[int, Remark]]:
    """A heading with the indicator's id, a line with name and date, then the words."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: not readable as text in UTF-8.") from None
    starts = [number for number, line in enumerate(lines) if line.startswith("# ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        name = lines[start][2:].strip()
        body = [*lines[start + 1 : end]]
        while body and not body[0].strip():
            body.pop(0)
        signed = _BYLINE.fullmatch(body[0].strip()) if body else None
        words = "\n".join(body[1:]).strip()
        if not signed or not words:
            raise InputError(
                f"{path.name} line {start + 1}: below {name!r} there must be {HOW_TO_SIGN}, then the words."
            )
        try:
            written = datetime.date.fromisoformat(signed["date"])
        except ValueError:
            raise InputError(f"{path.name} line {start + 1}: {signed['date']} is no date.") from None
        yield start + 1, Remark(indicator=name, name=signed["name"], date=written, words=words)


READERS = {".yml": _read_yaml, ".yaml": _read_yaml, ".md": _read_markdown}


def insert_remarks(soup: BeautifulSoup, remarks: Mapping[str, list[Remark]]) -> None:
    """Put the remarks on an indicator below its finding; `remarks` by the indicator's label."""
    for heading in soup.find_all("h3"):
        for remark in reversed(remarks.get(" ".join(heading.get_text().split()), [])):
            _place_after(heading).insert_after(_write_remark(soup, remark))


def _place_after(heading: Tag) -> Tag:
    """The sentence of the section, or its heading."""
    for sibling in heading.find_next_siblings():
        if sibling.name in ("h2", "h3"):
            break
        if sibling.name == "p" and {"finding", "cannot-tell"} & set(sibling.get("class") or ()):
            return sibling
    return heading


def _write_remark(soup: BeautifulSoup, remark: Remark) -> Tag:
    aside = soup.new_tag("blockquote", attrs={"class": "remark"})
    for words in re.split(r"\n\s*\n", remark.words):
        paragraph = soup.new_tag("p")
        paragraph.string = " ".join(words.split())
        aside.append(paragraph)
    signed = soup.new_tag("p", attrs={"class": "signed"})
    signed.string = f"Comment by {remark.name}, {remark.date.day} {remark.date:%B %Y}. Not worked out from the figures."
    aside.append(signed)
    return aside
