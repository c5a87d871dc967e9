"""What the stylesheets and attributes of a web page hide, strike out or add. In: the tree of the page. Out:
`PageStyles`, which answers for an element.

Understood are the rules of a page's own `style` elements, by any selector that needs no mouse; the strongest of them
counts, as in a browser. What is clipped, transparent or far off the page is hidden.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from swp_analysis.errors import InputError

# Each step is a look at an element; a saved page takes a few million, and 300 million take some seconds.
MOST_RULES, MOST_STEPS, LONGEST_SHEETS = 2_000, 300_000_000, 2_000_000
MOST_SECONDS = 8.0  # of the processor, for all rules together
STEPS_OF_A_CHAIN = 40  # siblings of siblings are sorted and sifted anew for each of them
# NOTE: a comment without end goes on to the end; a pattern that looked for it at each start would take for ever.
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_CONDITION = re.compile(r"@(?:media|supports|layer|container)\b")
_SIBLINGS = re.compile(r"[+~]|:nth|:last|:first|:only")
_CHAINED = re.compile("[+~]")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
# What shows nothing although it takes its place.
_UNSEEN = {
    "visibility": re.compile(r"hidden|collapse"),
    "opacity": re.compile(r"0(\.0*)?%?"),
    "font-size": re.compile(r"0[a-z%]*"),
    "color": re.compile(r"transparent"),
    "clip": re.compile(r"rect\(\s*[01](px)?\b.*"),
    "clip-path": re.compile(r"inset\(\s*(50|100)%.*"),
    "left": re.compile(r"-\d{3,}.*"),
    "text-indent": re.compile(r"-\d{3,}.*"),
}
_WANTED = {"display", "text-decoration", "text-decoration-line", "content", *_UNSEEN}
_IMPORTANT = re.compile(r"!\s*important")
_SIDES = {"before", "after"}
Strength = tuple[bool, int, int, int]


class PageStyles:
    """Whether an element of the page is removed, blank or struck out, and what is added to it.

    Raises
    ------
    InputError
        When the page has far more rules than can be looked through.
    """

    def __init__(self, file: str, root: Any) -> None:
        self._file, self._steps, self._started = file, 0, time.process_time()
        sheets = " ".join("".join(one.itertext()) for one in root.iter("style"))
        if len(sheets) > LONGEST_SHEETS:
            raise self._too_much()
        rules = list(islice(_rules(_COMMENT.sub(" ", sheets)), MOST_RULES + 1))
        if len(rules) > MOST_RULES:
            raise self._too_much()
        self._values: dict[tuple[Any, str], tuple[Strength, str]] = {}
        if rules:
            _name_bodies(root)
            self._sizes = _sizes(root)
            for selectors, declared in rules:
                self._apply(root, selectors, declared)

    def removes(self, element: Any) -> bool:
        """Tell whether an element takes no place at all."""
        display = self._value(element, "display")
        return display == "none" or (not display and element.get("hidden") is not None)

    def blanks(self, element: Any) -> bool:
        """Tell whether an element keeps its place and shows nothing."""
        return any(unseen.fullmatch(self._value(element, name)) for name, unseen in _UNSEEN.items())

    def strikes(self, element: Any) -> bool:
        """Tell whether a line is drawn through an element's text."""
        names = ("text-decoration", "text-decoration-line")
        return any("line-through" in self._value(element, name) for name in names)

    def added(self, element: Any, side: str) -> str:
        """Give the words that a stylesheet puts `before` or `after` the text of an element; icons are none."""
        found = self._value(element, f"{side} content")
        words = "".join(one or other for one, other in _QUOTED.findall(found))
        return "" if "\\" in words else "".join(ch for ch in words if not "\ue000" <= ch <= "\uf8ff")

    def _value(self, element: Any, name: str) -> str:
        strength, value = self._values.get((element, name), ((False, 0, 0, 0), ""))
        own = _declarations(element.get("style") or "").get(name, "")
        if own and (bool(_IMPORTANT.search(own)) or not strength[0]):
            value = own
        return _IMPORTANT.sub("", value).strip()

    def _apply(self, root: Any, selectors: str, declared: dict[str, str]) -> None:
        """Keep what a rule declares for the elements that it selects; what can't be understood selects none."""
        from cssselect import HTMLTranslator, SelectorError, parse
        from lxml import etree

        try:
            for one in parse(selectors):
                side = str(one.pseudo_element or "")
                if side and side not in _SIDES:
                    continue
                self._count_steps(one.canonical())
                path = HTMLTranslator().selector_to_xpath(one)
                for element in root.xpath(path):
                    self._keep(element, f"{side} " if side else "", declared, one.specificity())
        except (SelectorError, etree.XPathError, RecursionError):
            return

    def _keep(self, element: Any, prefix: str, declared: dict[str, str], specificity: tuple[int, int, int]) -> None:
        for name, value in declared.items():
            strength = (bool(_IMPORTANT.search(value)), *specificity)
            key = (element, prefix + name)
            if key not in self._values or strength >= self._values[key][0]:
                self._values[key] = (strength, value)

    def _count_steps(self, selector: str) -> None:
        elements, depth, pairs = self._sizes
        steps = elements * (1 + depth * selector.count(" "))
        each = STEPS_OF_A_CHAIN if len(_CHAINED.findall(selector)) > 1 else 1
        self._steps += steps + each * pairs * len(_SIBLINGS.findall(selector))
        if self._steps > MOST_STEPS or time.process_time() - self._started > MOST_SECONDS:
            raise self._too_much()

    def _too_much(self) -> InputError:
        return InputError(
            f"{self._file}: the stylesheets of the page hide far more than a KPI table needs, so it was not read; "
            "save the tables without them."
        )


def _name_bodies(root: Any) -> None:
    """Put the rows of each table into a body, as a browser does: selectors count on it."""
    for table in list(root.iter("table")):
        body = None
        for child in list(table):
            if child.tag == "tr":
                if body is None:
                    body = table.makeelement("tbody")
                    child.addprevious(body)
                body.append(child)
            elif child.tag in ("thead", "tbody", "tfoot"):
                body = None


def _sizes(root: Any) -> tuple[int, int, int]:
    """How many elements there are, how deep they lie, and how many pairs of siblings."""
    from lxml import etree

    elements = depth = deepest = pairs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start":
            elements, deepest, pairs = elements + 1, max(deepest, depth), pairs + len(element) ** 2
    return elements, deepest, pairs


def _rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The selectors of each rule that holds on a screen, with what it declares of interest."""
    opened: list[str] = []
    text = ""
    for token in re.split(r"([{}])", sheet):
        if token == "{":
            opened.append(text.rpartition(";")[2].strip())
        elif token == "}" and opened:
            selectors = opened.pop()
            declared = {} if selectors.startswith("@") or _is_for_others(opened) else _declarations(text)
            parts = selectors.split(",") if "(" not in selectors else [selectors]
            yield from ((part.strip(), declared) for part in parts if declared)
        text = "" if token in "{}" else token


def _is_for_others(opened: list[str]) -> bool:
    """Whether a rule stands inside a block for print, or of something that is no condition."""
    return len(opened) > 5 or any(not _CONDITION.match(one) or "print" in one or "speech" in one for one in opened)


def _declarations(body: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in body.split(";")) if ":" in body else ()
    named = {name.strip().casefold(): value.strip() for name, _, value in pairs}
    return {name: value if name == "content" else value.casefold() for name, value in named.items() if name in _WANTED}
