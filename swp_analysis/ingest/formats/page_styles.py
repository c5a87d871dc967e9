"""What the stylesheets and attributes of a web page hide, strike out or add. In: the tree of the page. Out:
`PageStyles`, which answers for an element.

Understood are the rules of a page's own `style` elements, by any selector that needs no mouse; the strongest of them
counts, as in a browser. What is clipped, transparent or far off the page is hidden.
"""

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from swp_analysis.ingest.formats.grid import too_much

MOST_RULES, LONGEST_SHEETS = 2_000, 500_000
MOST_SECONDS = 8.0  # of the processor, for all rules together
# Selectors of siblings look at each pair of them; those of siblings of siblings at far more.
MOST_PAIRS, MOST_PAIRS_CHAINED = 50_000_000, 2_000_000
_SIBLINGS, _CHAINED = re.compile(r"[+~]|:nth|:last|:first|:only"), re.compile(r"[+~].*[+~]")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_CONDITIONS = {"media", "supports", "layer", "container"}
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
_SIDES = {"": "", "before": "before ", "after": "after "}
# By property its value, and how strong the rule is: whether it is `!important`, and the weight of its selector.
Strength = tuple[bool, int, int, int]
Declared = dict[str, tuple[bool, str]]


class PageStyles:
    """Whether an element of the page is removed, blank or struck out, and what is added to it.

    Raises
    ------
    InputError
        When the page has far more rules than can be looked through.
    """

    def __init__(self, file: str, root: Any) -> None:
        self._file, self._started = file, time.process_time()
        self._values: dict[tuple[Any, str], tuple[Strength, str]] = {}
        sheets = " ".join("".join(one.itertext()) for one in root.iter("style"))
        if not sheets.strip():
            return
        rules = list(_rules(sheets)) if len(sheets) <= LONGEST_SHEETS else None
        if rules is None or len(rules) > MOST_RULES:
            raise self._too_much
        _name_bodies(root)
        self._pairs = sum(len(one) ** 2 for one in root.iter())
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
        own = element.get("style") or ""
        if name in own and (found := _declared(own).get(name)) and (found[0] or not strength[0]):
            return found[1]
        return value

    def _apply(self, root: Any, selectors: str, declared: Declared) -> None:
        """Keep what a rule declares for the elements that it selects; what can't be understood selects none."""
        from cssselect import HTMLTranslator, SelectorError, parse
        from lxml import etree

        try:
            for one in parse(selectors):
                side = _SIDES.get(str(one.pseudo_element or ""))
                if side is None:
                    continue
                self._refuse_long_work(one.canonical())
                for element in root.xpath(HTMLTranslator().selector_to_xpath(one)):
                    for name, (is_important, value) in declared.items():
                        key, strength = (element, side + name), (is_important, *one.specificity())
                        if key not in self._values or strength >= self._values[key][0]:
                            self._values[key] = (strength, value)
        except (SelectorError, etree.XPathError, RecursionError):
            return

    def _refuse_long_work(self, selector: str) -> None:
        most = MOST_PAIRS_CHAINED if _CHAINED.search(selector) else MOST_PAIRS
        is_long = self._pairs > most and _SIBLINGS.search(selector)
        if is_long or time.process_time() - self._started > MOST_SECONDS:
            raise self._too_much

    @property
    def _too_much(self) -> Exception:
        return too_much(self._file, "the stylesheets of the page have many rules")


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


def _rules(sheet: str | Iterable[Any]) -> Iterator[tuple[str, Declared]]:
    """The selectors of each rule that holds on a screen, with what it declares of interest."""
    import tinycss2

    for rule in tinycss2.parse_rule_list(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule" and (declared := _declared(rule.content)):
            selectors = tinycss2.serialize(rule.prelude)
            parts = selectors.split(",") if "(" not in selectors else [selectors]
            yield from ((part.strip(), declared) for part in parts)
        elif rule.type == "at-rule" and rule.lower_at_keyword in _CONDITIONS and rule.content:
            is_for_others = re.search("print|speech", tinycss2.serialize(rule.prelude))
            yield from () if is_for_others else _rules(rule.content)


def _declared(body: str | Iterable[Any]) -> Declared:
    import tinycss2

    found = tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True)
    named = {one.lower_name: one for one in found if one.type == "declaration" and one.lower_name in _WANTED}
    texts = {name: tinycss2.serialize(one.value).strip() for name, one in named.items()}
    return {
        name: (one.important, texts[name] if name == "content" else texts[name].casefold())
        for name, one in named.items()
    }
