"""The glossary as a page, and the way to it from the words it explains. In: the glossary of all and that of the
partnership. Out: its terms, and pages in which the first use of each is a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bs4 import BeautifulSoup, NavigableString

from swp_analysis.catalogue import load_catalogue
from swp_analysis.project import find_project
from swp_analysis.publish.pages import PageLink
from swp_analysis.publish.state import GLOSSARY

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
    return "".join([head, *(term for term in terms if _is_used(term, words))]).rstrip() + "\n"


def _is_used(term: str, words: str) -> bool:
    heading = term.removeprefix("## ").partition("\n")[0]
    return bool(_find_term(words, dict.fromkeys(_list_forms(heading), "")))


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
        found = _find_term(str(text), left)
        if found and not text.find_parent("a"):
            place = left[found[0]]
            _link(soup, text, found, place)
            left = {term: other for term, other in left.items() if other != place}


def _find_term(text: str, terms: dict[str, str]) -> re.Match[str] | None:
    longest_first = sorted(map(re.escape, terms), key=len, reverse=True)
    return re.search(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])", text) if terms else None


def _link(soup: BeautifulSoup, text: NavigableString, found: re.Match[str], place: str) -> None:
    link = soup.new_tag("a", href=f"{GLOSSARY_LINK.href}#{place}", attrs={"class": "term"})
    link.string = found[0]
    before, after = str(text)[: found.start()], str(text)[found.end() :]
    text.replace_with(NavigableString(before), link, NavigableString(after))
