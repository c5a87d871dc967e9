"""Does a printed number say what the data give? In: the number as printed and the exact one. Out: yes or no.

Reports round, and some cut off: 2/52 is printed as 3.85% and as 3.84%. Both are accepted at the decimals that are
printed; nothing else is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"(?P<sign>[+\-−–]?)\s*(?P<digits>\d[\d,]*(?:\.\d+)?)")
_HAIR = 1e-9


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
        return -self.size if self.negative else self.size


def read_printed(text: str) -> Printed | None:
    """The first number of a text, or None.

    >>> read_printed("£339,995").size, read_printed("-8.46%").value, read_printed("47.30%").decimals
    (339995.0, -8.46, 2)
    """
    match = _NUMBER.search(text)
    if match is None:
        return None
    digits = match["digits"].replace(",", "")
    return Printed(float(digits), len(digits.partition(".")[2]), match["sign"] in ("-", "−", "–"))


def says(printed: Printed, lowest: float, highest: float | None = None) -> bool:
    """Whether `printed` is some number of an interval (or one exact number), rounded or cut off; signs are left out.

    >>> says(Printed(3.84, 2), 100 * 2 / 52), says(Printed(3.86, 2), 100 * 2 / 52), says(Printed(15, 0), 14.95)
    (True, False, True)
    """
    ends = sorted((abs(lowest), abs(lowest if highest is None else highest)))
    if highest is not None and lowest < 0 < highest:
        ends[0] = 0.0
    least, most = printed.size - printed.unit / 2 - _HAIR, printed.size + printed.unit
    return ends[1] >= least and (ends[0] < most - _HAIR)


def is_possible_mean(mean: Printed, n: int) -> bool:
    """Whether a mean of `n` whole numbers can be printed as `mean` (the GRIM test, Brown & Heathers 2017).

    >>> is_possible_mean(Printed(5.19, 2), 28), is_possible_mean(Printed(5.18, 2), 28)
    (False, True)
    """
    nearest = round(mean.size * n)
    return any(abs(total / n - mean.size) <= mean.unit / 2 + _HAIR for total in (nearest - 1, nearest, nearest + 1))


def possible_numerators(percent: Printed, total: float) -> tuple[int, int] | None:
    """Least and greatest whole number that is `percent` of `total`, or None when there is none.

    >>> possible_numerators(Printed(87.5, 1), 8), possible_numerators(Printed(33, 0), 4)
    ((7, 7), None)
    """
    middle = percent.size * total / 100
    reach = int(percent.unit * total / 100) + 1
    counts = range(max(0, int(middle) - reach), min(int(total), int(middle) + reach + 1) + 1)
    fits = [n for n in counts if total and says(percent, 100 * n / total)]
    return (fits[0], fits[-1]) if fits else None
