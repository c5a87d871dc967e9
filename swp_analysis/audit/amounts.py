"""Amounts in a text: figures, number words, sizes in words. In: words. Out: `Amount`s, and whether a figure is meant.

`about 1,150`, `just under half`, `one in three`, `7 of 46`, `more than doubled`: each holds a size and how closely it
is meant. What is neither clearly right nor clearly wrong is left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from text_to_num import text2num

from swp_analysis.audit.period_words import groups_of
from swp_analysis.catalogue.claim_rules import ClaimRules
from swp_analysis.engines.small_numbers.rounding import Printed, is_print_of

Metric = Literal["count", "percent", "points", "ratio"]


@dataclass(frozen=True)
class Amount:
    """A size with its metric; `bound` says how closely it is meant, `rough` that it stands in words of size."""

    size: float
    metric: Metric = "count"
    decimals: int = 0
    bound: str = "exactly"
    rough: bool = False
    negative: bool = False
    total: float | None = None
    unit: str = ""
    direction: str = ""
    text: str = ""

    @property
    def printed(self) -> Printed:
        """The number as the rounding rule takes it."""
        return Printed(self.size, self.decimals, self.negative)

    @property
    def is_exact(self) -> bool:
        """Whether it is meant as it is printed."""
        return self.bound == "exactly" and not self.rough

    def fits(self, lowest: float, highest: float | None = None) -> bool | None:
        """Tell whether a figure, or all of an interval, is this amount; None when that is open to argument."""
        ends = abs(lowest), abs(lowest if highest is None else highest)
        if self.is_exact:
            return is_print_of(self.printed, lowest, highest)
        first, second = (_BOUNDS[self.bound](self, end) for end in ends)
        return first if first == second else None


def _near(amount: Amount, x: float) -> bool | None:
    """Rightly called so within 6% of the size, wrongly beyond 15%; a rounded figure also by its own steps."""
    off = abs(x - amount.size) / amount.size if amount.size else float(x != 0)
    if off <= 0.06 or (amount.bound == "about" and is_print_of(amount.printed, x)):
        return True
    steps = 10.0 ** (len(str(int(amount.size))) - len(str(int(amount.size)).rstrip("0"))) if amount.size >= 1 else 1
    far = off >= 0.08 and abs(x - amount.size) >= 1.2 * steps and not amount.rough
    return False if off >= 0.15 or far else None


def _between(least: float, most: float, wrong_below: float, wrong_above: float):
    def check(amount: Amount, x: float) -> bool | None:
        share = x / amount.size if amount.size else 99.0
        if least <= share <= most:
            return True
        return False if share < wrong_below or share > wrong_above else None

    return check


_HAIR = 1e-9
_MIRRORED = {"over": "under", "under": "over", "just_under": "just_over", "just_over": "just_under"}
_BOUNDS = {
    "exactly": _near,
    "about": _near,
    "just_under": _between(0.9, 1 - _HAIR, 0.82, 1.02),
    "just_over": _between(1 + _HAIR, 1.1, 0.995, 1.2),
    "over": _between(1 + _HAIR, 1.6, 1 + _HAIR, 1e9),
    "under": _between(0.6, 1 - _HAIR, 0, 1 - _HAIR),
    "at_least": _between(1 - _HAIR, 1.6, 1 - _HAIR, 1e9),
    "at_most": _between(0.6, 1 + _HAIR, 0, 1 + _HAIR),
}


class AmountReader:
    """Finds the amount that begins at a place of a text, with the words that bound it and what it counts."""

    def __init__(self, rules: ClaimRules) -> None:
        bounds = "|".join(f"(?P<{name}>{'|'.join(words)})" for name, words in rules.bounds.items())
        self._bound = re.compile(rf"(?:{bounds}) ", re.IGNORECASE)
        self._bounds = list(rules.bounds)
        self._forms = [(re.compile(rules.fill(form), re.IGNORECASE), kind) for kind, form in rules.amounts.items()]
        self._parts = rules.parts
        self._multiples = [
            (re.compile(rf"(?:{'|'.join(words)})\b", re.IGNORECASE), float(size))
            for size, words in rules.multiples.items()
        ]
        self._unit = re.compile(rf"[ -](?:{'|'.join(word for unit in rules.units for word in unit.words)})\b", re.I)

    def read(self, text: str, start: int) -> tuple[int, Amount] | None:
        """Read the end and the amount at `start`, or None where there is none."""
        bound = self._bound.match(text, start)
        place = bound.end() if bound else start
        found = self._read_plain(text, place)
        if found is None:
            return None
        end, amount = found
        if bound:
            name = next(one for one in self._bounds if bound[one])
            # "more than halved" is less than half
            amount = replace(
                amount, bound=_MIRRORED.get(name, name) if amount.metric == "ratio" and amount.size < 1 else name
            )
        unit = self._unit.match(text, end) if amount.metric == "count" and amount.total is None else None
        if unit:
            return unit.end(), replace(amount, unit=unit[0].strip(" -").lower(), text=text[start:end].strip())
        return end, replace(amount, text=text[start:end].strip())

    def _read_plain(self, text: str, start: int) -> tuple[int, Amount] | None:
        for form, size in self._multiples:
            match = form.match(text, start)
            if match:
                way = "up" if size > 1 else "down"
                return match.end(), Amount(size, "ratio", rough=True, direction=way)
        for form, kind in self._forms:
            match = form.match(text, start)
            amount = self._amount(kind, groups_of(match)) if match else None
            if match and amount is not None:
                return match.end(), amount
        return None

    def _amount(self, kind: str, said: dict[str, str]) -> Amount | None:
        if kind == "majority":
            return Amount(50, "percent", bound="over", rough=True)
        if kind == "fraction":
            top = read_spoken_count(said.get("top", "one"))
            return Amount(100 * top / self._parts[said.get("part", "half")], "percent", 2, rough=True)
        if kind == "in_every":
            top, whole = read_spoken_count(said["top"]), read_spoken_count(said["total"])
            return Amount(100 * top / whole, "percent", 2, rough=True) if top < whole <= 20 else None
        if kind == "of_total":
            return Amount(read_spoken_count(said["number"]), total=read_spoken_count(said["total"]))
        return _read_number(said["number"].rstrip(","), said.get("unit", ""))


def read_spoken_count(text: str) -> float:
    """Read a whole number in digits or words.

    >>> read_spoken_count("sixty-three"), read_spoken_count("1,151"), read_spoken_count("a hundred and twenty")
    (63.0, 1151.0, 120.0)
    """
    if re.search(r"\d", text):
        return float(text.replace(",", "").lstrip("+−-"))
    if "dozen" in text.lower():
        return 12.0
    return float(text2num(re.sub(r"^a(?= )", "one", text.lower().replace(",", "")), "en"))


def _read_number(text: str, unit: str) -> Amount | None:
    try:
        size = read_spoken_count(text)
    except ValueError:
        return None
    decimals = len(text.partition(".")[2]) if text[-1].isdigit() else 0
    metric: Metric = "points" if "point" in unit or "pp" in unit else "percent" if unit else "count"
    way = {"+": "up", "−": "down", "-": "down"}.get(text[0], "")
    return Amount(size, metric, decimals, negative=way == "down", direction=way)
