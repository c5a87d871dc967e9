"""Words that people wrote. In: a YAML or Markdown file of remarks on indicators; the glossary of all and that of the
partnership. Out: a `Remark` an indicator, shown as the analyst's on every page with a section about it; pages in which
the first use of each term is a link to the glossary.

All of it is plain text: nothing in it is live, and it survives each rerun.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import compress
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.errors import InputError, did_you_mean
from swp_analysis.project import find_project
from swp_analysis.publish.pages import PageLink, Remark
from swp_analysis.publish.state import GLOSSARY

_SECTION = re.compile(r"^# (?P<indicator>.*)(?P<body>(?:\n(?!# ).*)*)", re.MULTILINE)
_BYLINE = re.compile(r"By (?P<name>.+), (?P<date>\d{4}-\d{2}-\d{2})\.?")
HOW_TO_SIGN = "'By NAME, YYYY-MM-DD'"


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
            hint = did_you_mean(remark.indicator, indicators, "indicators() lists all")
            raise InputError(f"{path.name} line {line}: no indicator has the id {remark.indicator!r}{hint}")
        remarks.setdefault(remark.indicator, []).append(remark)
    return remarks


def _read_yaml(path: Path) -> Iterable[tuple[int, Remark]]:
    document = Document(path)
    remarks = document.parse(list[Remark]) if document.values is not None else []
    return [(document.line((place, "indicator")), remark) for place, remark in enumerate(remarks)]


def _read_markdown(path: Path) -> Iterable[tuple[int, Remark]]:
    """A heading with the indicator's id, a line with name and date, then the words."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: not readable as text in UTF-8.") from None
    for section in _SECTION.finditer(text):
        line, name = text.count("\n", 0, section.start()) + 1, section["indicator"].strip()
        byline, _, words = section["body"].strip().partition("\n")
        signed = _BYLINE.fullmatch(byline.strip())
        if not signed or not words.strip():
            raise InputError(f"{path.name} line {line}: below {name!r} there must be {HOW_TO_SIGN}, then the words.")
        try:
            written = datetime.date.fromisoformat(signed["date"])
        except ValueError:
            raise InputError(f"{path.name} line {line}: {signed['date']} is no date.") from None
        yield line, Remark(indicator=name, name=signed["name"], date=written, words=words.strip())


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
        aside.append(soup.new_tag("p", string=" ".join(words.split())))
    signed = f"Comment by {remark.name}, {remark.date.day} {remark.date:%B %Y}. Not worked out from the figures."
    aside.append(soup.new_tag("p", attrs={"class": "signed"}, string=signed))
    return aside


GLOSSARY_LINK = PageLink("glossary.html", "Glossary", "What do the words mean?")
# Running text only: headings, tables and captions stay as they are.
TEXTS = "p.why, p.finding, p.cannot-tell, p.outlook, p.note, ul.caveats li, .key-points li"


def read_glossary() -> str:
    """Join the terms of all partnerships and those of this one, in the order of the alphabet, as Markdown."""
    project, identity = find_project(), load_catalogue().identity
    own = project.partnership / GLOSSARY.name
    head, *terms = _split_terms(GLOSSARY.read_text(encoding="utf-8"))
    terms += _split_terms(own.read_text(encoding="utf-8"))[1:] if own.is_file() else []
    text = "".join([head, *sorted(terms, key=str.lower)]).rstrip() + "\n"
    return text.replace("{name}", identity.name).replace("{short_name}", identity.short_name)


def _split_terms(text: str) -> list[str]:
    """What stands before the first term, then each term with its heading."""
    head, *terms = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return [head, *(term.rstrip() + "\n\n" for term in terms)]


# Everyday words that mostly mean something else where they stand.
TOO_COMMON = {"Flow", "Indicator", "Prevent", "Rate", "Stock", "Verdict"}


def keep_used(markdown: str, pages: Iterable[str]) -> str:
    """Leave out the terms that no page of an edition uses."""
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", " ".join(pages), flags=re.DOTALL)
    head, *terms = _split_terms(markdown)
    headings = [term.removeprefix("## ").partition("\n")[0] for term in terms]
    used = [bool(_any_of(tuple(_list_forms(heading))).search(words)) for heading in headings]
    return "".join([head, *compress(terms, used)]).rstrip() + "\n"


def _list_forms(heading: str) -> list[str]:
    """A term as it stands, as it is written within a sentence, and shortened."""
    name, _, short = heading.rstrip(")").partition(" (")
    within = name if name[:2].isupper() else name[0].lower() + name[1:]
    return [form for form in (name, within, short) if form]


@cache
def glossary_terms() -> dict[str, str]:
    """Give each term, also as it is written within a sentence or shortened, with the id of its heading on the page."""
    terms: dict[str, str] = {}
    for heading in re.findall(r"^## (.+)$", read_glossary(), re.MULTILINE):
        place = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
        forms = _list_forms(heading)
        if forms[0] not in TOO_COMMON:
            terms |= dict.fromkeys(forms, place)
    return terms


def link_terms(soup: BeautifulSoup) -> None:
    """Make the first use of each term of the glossary a link to it."""
    left = glossary_terms()
    for text in [text for block in soup.select(TEXTS) for text in block.find_all(string=True)]:
        found = _any_of(tuple(left)).search(str(text)) if left else None
        if found and not text.find_parent("a"):
            place = left[found[0]]
            _link(soup, text, found, place)
            left = {term: other for term, other in left.items() if other != place}


@cache
def _any_of(terms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, terms), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")


def _link(soup: BeautifulSoup, text: NavigableString, found: re.Match[str], place: str) -> None:
    link = soup.new_tag("a", href=f"{GLOSSARY_LINK.href}#{place}", attrs={"class": "term"}, string=found[0])
    before, after = str(text)[: found.start()], str(text)[found.end() :]
    text.replace_with(NavigableString(before), link, NavigableString(after))
