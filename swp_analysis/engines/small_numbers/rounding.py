"""Can a printed number stand for an exact one? In: the number as printed and the exact one. Out: yes or no.

The one rule of rounding in the project. Reports round, and some cut off: 2/52 is printed as 3.85% and as 3.84%. Both
are accepted at the decimals that are printed, and nothing else: a number printed with the unit `u` in its last place
stands for everything from half a `u` below it up to, but not including, a whole `u` above it.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

_NUMBER = re.compile(r"(?P<sign>[+\-−–]?)\s*(?P<digits>\d[\d,]*(?:\.\d+)?|(?<!\w)\.\d+)")
_MOST_DECIMALS = 4
_FLOAT_ERROR = 1e-9


@dataclass(frozen=True)
class Printed:
    """A number as it stands in a text: its size, its sign and the decimals that are shown."""

    size: float
    decimals: int
    negative: bool = False

    @property
    def unit(self) -> float:
        """One of the last printed place."""
        return 10.0**-self.decimals

    @property
    def value(self) -> float:
        """The number with its sign."""
        return -self.size if self.negative else self.size

    @property
    def limits(self) -> tuple[Fraction, Fraction]:
        """What the exact size can have been: from the first, and up to but not including the second.

        >>> [float(limit) for limit in Printed(3.84, 2).limits]
        [3.835, 3.85]
        """
        unit, size = Fraction(1, 10**self.decimals), Fraction(str(self.size))
        return size - unit / 2, size + unit


Percent = Printed | float | str


def read_printed(text: str) -> Printed | None:
    """Read the first number of a text; None when there is none.

    >>> read_printed("£339,995").size, read_printed("-8.46%").value, read_printed("47.30%").decimals
    (339995.0, -8.46, 2)
    """
    match = _NUMBER.search(text)
    if match is None:
        return None
    digits = match["digits"].replace(",", "")
    return Printed(float(digits), len(digits.partition(".")[2]), match["sign"] in ("-", "−", "–"))


def find_printed(value: float, text: str) -> Printed:
    """Read `value` at the decimals that `text` prints it with, or at its own when the text does not hold it.

    >>> find_printed(16.33, "16.33% (8/49)").decimals, find_printed(12.0, "12% (6/50)").decimals
    (2, 0)
    >>> find_printed(62.5, "").decimals
    1
    """
    for digits in re.findall(r"\d+(?:\.\d+)?", text):
        if float(digits) == value:
            return Printed(value, min(len(digits.partition(".")[2]), _MOST_DECIMALS))
    own = f"{value:.{_MOST_DECIMALS}f}".rstrip("0")
    return Printed(value, len(own.partition(".")[2]))


def is_print_of(printed: Printed, lowest: float, highest: float | None = None) -> bool:
    """Tell whether `printed` can stand for `lowest`, or for some number from `lowest` to `highest`; signs are left out.

    The numbers may carry the error of a calculation in floating point.

    >>> is_print_of(Printed(3.84, 2), 100 * 2 / 52), is_print_of(Printed(3.86, 2), 100 * 2 / 52)
    (True, False)
    >>> is_print_of(Printed(15, 0), 14.95)
    True
    """
    ends = sorted((abs(lowest), abs(lowest if highest is None else highest)))
    if highest is not None and lowest < 0 < highest:
        ends[0] = 0.0
    least, beyond = (float(limit) for limit in printed.limits)
    return ends[1] >= least - _FLOAT_ERROR and ends[0] < beyond - _FLOAT_ERROR


def agrees_with_fraction(printed: str, n: float, total: float) -> bool:
    """Tell whether a printed percentage can stand for `n` of `total`, which must not be 0; worked out exactly.

    >>> agrees_with_fraction("3.84", 2, 52), agrees_with_fraction("3.86", 2, 52), agrees_with_fraction("99.9", 1, 1)
    (True, False, False)
    """
    percent = read_printed(printed)
    if percent is None:
        return False
    least, beyond = percent.limits
    return least <= 100 * Fraction(n) / Fraction(total) < beyond


def possible_totals(count: int, percent: Percent, *, rounded: bool = True) -> range:
    """Give every whole N of which `count` can be printed as this percentage; empty when there is none.

    `rounded`: percentages are known to be rounded; False when some may have been cut off. A `ValueError` where there is
    no greatest: 3 of anything large is printed as 0%.

    >>> totals = possible_totals(13, Printed(5, 0))
    >>> totals[0], totals[-1]
    (237, 288)
    """
    least, beyond = _limits(percent, rounded)
    if beyond <= 0:
        return range(0)
    first = max(count, 1, floor(Fraction(100 * count) / beyond) + 1)
    if least <= 0:
        raise ValueError(f"any N from {first} on can be printed so: there is no greatest")
    return range(first, floor(Fraction(100 * count) / least) + 1)


def possible_counts(total: int, percent: Percent, *, rounded: bool = True) -> range:
    """Give every whole count out of `total` that can be printed as this percentage.

    `percent` is a number, a text such as "15%" or "15.0", which keeps its decimals, or a `Printed`.

    >>> list(possible_counts(13, 15)), list(possible_counts(13, "15.4%"))
    ([2], [2])
    """
    least, beyond = _limits(percent, rounded)
    return range(max(0, ceil(least * total / 100)), min(total + 1, ceil(beyond * total / 100)) if total else 1)


def _limits(percent: Percent, rounded: bool) -> tuple[Fraction, Fraction]:
    """What the exact percentage can have been. A number doesn't say how many of its zeros were printed: none."""
    if isinstance(percent, str):
        printed = read_printed(percent)
    else:
        printed = percent if isinstance(percent, Printed) else find_printed(float(percent), "")
    if printed is None:
        raise ValueError(f"{percent!r} holds no percentage: give a number, or a text such as '15%'")
    least, beyond = printed.limits
    return (least, least + Fraction(1, 10**printed.decimals)) if rounded else (least, beyond)


def is_possible_mean(mean: Printed, n: int) -> bool:
    """Tell whether a mean of `n` whole numbers can be rounded to `mean` (the GRIM test, Brown & Heathers 2017).

    >>> is_possible_mean(Printed(5.19, 2), 28), is_possible_mean(Printed(5.18, 2), 28)
    (False, True)
    """
    nearest = round(mean.size * n)
    half = mean.unit / 2 + _FLOAT_ERROR
    return any(abs(total / n - mean.size) <= half for total in (nearest - 1, nearest, nearest + 1))
