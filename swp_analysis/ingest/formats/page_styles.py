"""What the stylesheets and attributes of a web page hide or strike out. In: the tree of the page. Out: `PageStyles`,
which answers for an element.

Understood are the rules of a page's own `style` elements whose selectors name tags, classes, ids, the place among
siblings and ancestors; the strongest of them counts, as in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from swp_analysis.errors import InputError

MOST_RULES, MOST_TRIES = 2_000, 500_000
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")
_MEDIA = re.compile(r"@(?:media|supports)([^{]*)\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")
_COMPOUND = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+|:first-child|:last-child|:nth-child\(\d+\)|\[hidden\])*)")
_PLACE = re.compile(r"nth-child\((\d+)\)")
_PART = re.compile(r"([.#])([\w-]+)|:(first|last)-child|:nth-child\((\d+)\)|(\[hidden\])")
_WANTED = ("display", "visibility", "text-decoration", "text-decoration-line")
Strength = tuple[bool, int, int, int]


@dataclass(frozen=True)
class _Rule:
    """The compounds of a selector from left to right, what it declares, and how strong it is."""

    compounds: tuple[str, ...]
    declared: dict[str, str]
    strength: tuple[int, int, int]

    @property
    def cost(self) -> int:
        """About how many elements are looked at to try it."""
        return len(self.compounds) + sum(int(number) for one in self.compounds for number in _PLACE.findall(one))


class PageStyles:
    """Whether an element of the page is removed, blank or struck out.

    Raises
    ------
    InputError
        When the page has far more rules than can be looked through.
    """

    def __init__(self, file: str, root: Any) -> None:
        self._file, self._tries = file, 0
        sheets = " ".join("".join(one.itertext()) for one in root.iter("style"))
        rules = list(_rules(_COMMENT.sub(" ", sheets)))
        if len(rules) > MOST_RULES:
            raise self._too_much()
        self._by_key: dict[str, list[_Rule]] = {}
        for rule in rules:
            self._by_key.setdefault(_key(rule.compounds[-1]), []).append(rule)
        self._known: dict[Any, dict[str, str]] = {}

    def removes(self, element: Any) -> bool:
        """Whether an element takes no place at all."""
        display = self._value(element, "display")
        return display == "none" or (not display and element.get("hidden") is not None)

    def blanks(self, element: Any) -> bool:
        """Whether an element keeps its place and shows nothing."""
        return self._value(element, "visibility") in ("hidden", "collapse")

    def strikes(self, element: Any) -> bool:
        """Whether a line is drawn through an element's text."""
        names = ("text-decoration", "text-decoration-line")
        return any("line-through" in self._value(element, name) for name in names)

    def _value(self, element: Any, name: str) -> str:
        if not self._by_key and not element.get("style"):
            return ""
        found = self._known.get(element)
        if found is None:
            found = self._known[element] = self._declared(element)
        return found.get(name, "")

    def _declared(self, element: Any) -> dict[str, str]:
        keys = (
            f"#{element.get('id')}",
            *(f".{name}" for name in (element.get("class") or "").split()),
            element.tag,
            "*",
        )
        tried = [rule for key in keys for rule in self._by_key.get(key, ())]
        self._tries += sum(rule.cost for rule in tried)
        if self._tries > MOST_TRIES:
            raise self._too_much()
        rules = [rule for rule in tried if _matches(element, rule.compounds)]
        strong: dict[str, tuple[Strength, str]] = {}
        own = [((9, 0, 0), _declarations(element.get("style") or ""))]
        for strength, declared in [*((rule.strength, rule.declared) for rule in rules), *own]:
            for name, value in declared.items():
                weight = ("!important" in value, *strength)
                if name not in strong or weight >= strong[name][0]:
                    strong[name] = (weight, value.replace("!important", "").strip())
        return {name: value for name, (_, value) in strong.items()}

    def _too_much(self) -> InputError:
        return InputError(
            f"{self._file}: the stylesheets of the page hide far more than a KPI table needs, so it was not read; "
            "save the tables without them."
        )


def _rules(sheet: str) -> Iterator[_Rule]:
    shown = _MEDIA.sub(lambda block: block[2] if not re.search(r"print|speech", block[1]) else " ", sheet)
    for selectors, body in _BLOCK.findall(shown):
        declared = _declarations(body)
        for selector in selectors.split(",") if declared else ():
            compounds = tuple(selector.replace(">", " ").split())
            if compounds and all(_COMPOUND.fullmatch(one) for one in compounds):
                text = " ".join(compounds)
                ids, classes = text.count("#"), text.count(".") + text.count(":") + text.count("[")
                yield _Rule(compounds, declared, (ids, classes, len(compounds)))


def _declarations(body: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in body.split(";"))
    return {
        name.strip().casefold(): value.strip().casefold()
        for name, _, value in pairs
        if name.strip().casefold() in _WANTED
    }


def _key(compound: str) -> str:
    """The part of a compound by which its elements are found: an id, a class, or the tag."""
    match = _COMPOUND.fullmatch(compound)
    names = [f"{mark}{name}" for mark, name, *_ in _PART.findall(match[2] if match else "") if name]
    return min(names) if names else (match[1] if match and match[1] else "*")


def _matches(element: Any, compounds: tuple[str, ...]) -> bool:
    if not _is(element, compounds[-1]):
        return False
    rest = list(compounds[:-1])
    for ancestor in element.iterancestors():
        if rest and _is(ancestor, rest[-1]):
            rest.pop()
    return not rest


def _is(element: Any, compound: str) -> bool:
    match = _COMPOUND.fullmatch(compound)
    if match is None or match[1] not in (None, "*", element.tag):
        return False
    return all(_has(element, part) for part in _PART.findall(match[2]))


def _has(element: Any, part: tuple[str, str, str, str, str]) -> bool:
    mark, name, end, number, hidden = part
    if mark:
        return name == element.get("id") if mark == "#" else name in (element.get("class") or "").split()
    if hidden:
        return element.get("hidden") is not None
    if end == "last":
        return element.getnext() is None
    place = 1 if end else int(number)
    return sum(1 for _ in islice(element.itersiblings(preceding=True), place)) == place - 1
