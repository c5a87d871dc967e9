"""What a change rests on. In: the figures of two years. Out: `Evidence`: effect, 95% interval, p, and how far it holds.

One standard for every reader: a change that holds when all indicators are looked at together is "well supported", one
that holds alone is "an early sign"; there is no third word. Holm answers "which of these may we claim?",
Benjamini-Hochberg "which of these should we look at first?".
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import isnan, nan
from typing import Any, Literal

import numpy as np
import pandas as pd

from swp_analysis.analysis.change import scattered_difference
from swp_analysis.analysis.rates import Numbers, read_numbers
from swp_analysis.analysis.two_years import TwoYears
from swp_analysis.analysis.usual_scatter import (
    compare_counts,
    measure_share_scatter,
    scattered_comparison,
    usual_scatter,
)
from swp_analysis.quality.totals import Row

Strength = Literal["well supported", "early sign", ""]
WELL_SUPPORTED: Strength = "well supported"
EARLY_SIGN: Strength = "early sign"
NO_STRENGTH: Strength = ""
LEVEL = 0.05
# Scatter from here on is mentioned with a change.
MUCH_SCATTER = 2.0
NO_NUMBERS = "a percentage without its numbers can't be tested"
NEWCOMBE = "Newcombe difference with scatter"
WORST_ROUNDING = "at the worst rounding of the printed percentages"


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on: the effect (a ratio, or percentage points) with its 95% interval and p.

    `dispersion`, with `degrees_of_freedom`, is how many times more than chance the quarters scatter. `p_holm` is
    p adjusted for the `tested` indicators that were looked at together, those that are part of another counted with it;
    `strength` is how far a change holds by both.
    """

    measure: Literal["ratio", "points", "none"]
    method: str
    effect: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    dispersion: float | None = None
    degrees_of_freedom: float | None = None
    p_holm: float | None = None
    tested: int = 0
    strength: Strength = NO_STRENGTH
    points: int = 0
    remarks: tuple[str, ...] = ()
    says_scatter: bool = True  # to who is shown no evidence it says nothing

    @property
    def scatters(self) -> bool:
        """Whether the quarters scatter so much more than chance that it is said."""
        return self.dispersion is not None and self.dispersion >= MUCH_SCATTER

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to beware of with the effect."""
        if not (self.scatters and self.says_scatter):
            return self.remarks
        varies = f"figures like these vary {self.dispersion:.1f} times as much as chance alone would make them"
        return (f"{varies}; the verdict allows for that", *self.remarks)


def weigh_counts(two: TwoYears) -> Evidence:
    """Weigh two years of counts, with the scatter of the quarters shown in both, and of counts of that size."""
    before, after = two.values(two.quarters)
    totals = [int(total["value"]) for total in two.totals]
    if before:
        shown = compare_counts(after, before)
        dispersion, freedom = shown.dispersion, shown.degrees_of_freedom
    else:
        dispersion, freedom = usual_scatter().shrink(nan, 0, sum(totals) / 8)
    found = scattered_comparison(totals[1], totals[0], dispersion, freedom)
    ends = found.ratio, found.lower, found.upper, found.p
    return Evidence("ratio", "score interval with scatter", *ends, dispersion, freedom)


def weigh_shares(two: TwoYears) -> Evidence:
    """Weigh two years of n out of N.

    Where only percentages of known numbers are printed, each numerator can be one of a few; the change is tested at the
    worst of them.
    """
    change = float(two.totals[1]["value"] - two.totals[0]["value"])
    known = all(pd.notna(total["numerator"]) for total in two.totals)
    parts = [(float(one["numerator"]), float(one["denominator"])) for one in two.totals if known]
    years = two.parts()
    found = [_range_of_year(quarters, total) for quarters, total in zip(years, two.totals, strict=True)]
    ranges = [(n, n, total) for n, total in parts] or [one for one in found if one]
    if len(ranges) < len(years):
        method = "change only: the number behind each percentage is not published"
        return Evidence("points", method, change, remarks=(NO_NUMBERS,))
    evidence = _test_shares(ranges, measure_share_scatter(*_match_quarters(*years)))
    return replace(evidence, method=NEWCOMBE if known else f"{NEWCOMBE}, {WORST_ROUNDING}", effect=change)


def _range_of_year(quarters: Sequence[Row], total: Row) -> tuple[float, float, float] | None:
    """Least and greatest numerator of a year and its N; None where a quarter's can't be recovered."""
    names = ("numerator_low", "numerator_high", "denominator")
    low, high, whole = (float(sum(row[name] for row in quarters)) for name in names)
    complete = len(quarters) == str(total["quarters"]).count(",") + 1
    return (low, high, whole) if complete and whole > 0 and low == low else None


def _match_quarters(before: Sequence[Row], after: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Numerators and sizes of the quarters that are known in both years, the later year first."""
    known = [[row for row in rows if row["numerator_likely"] * row["denominator"] >= 0] for rows in (after, before)]
    shares = [{row["quarter"]: (row["numerator_likely"], row["denominator"]) for row in rows} for rows in known]
    both = [quarter for quarter in shares[0] if quarter in shares[1]]
    one, other = (np.array([share[quarter] for quarter in both], dtype=float).reshape(-1, 2) for share in shares)
    return one, other


def _test_shares(ranges: Sequence[Any], scatter: tuple[float, float]) -> Evidence:
    """The difference of two shares whose numerators lie in ranges: the widest interval and the greatest p of all."""
    (low2, high2, n2), (low1, high1, n1) = ranges
    corners = [scattered_difference(x1, n1, x2, n2, *scatter) for x1, x2 in product({low1, high1}, {low2, high2})]
    lower, upper = 100 * min(one.lower for one in corners), 100 * max(one.upper for one in corners)
    touch = low1 * n2 <= high2 * n1 and low2 * n1 <= high1 * n2
    p = 1.0 if touch else max(one.p for one in corners)
    return Evidence("points", NEWCOMBE, None, lower, upper, p, *scatter)


def name_strength(p: float | None, p_together: float | None) -> Strength:
    """Name how far a change holds: together with all others, alone, or not at all.

    >>> name_strength(0.001, 0.02), name_strength(0.01, 0.2), name_strength(0.3, 1.0)
    ('well supported', 'early sign', '')
    """
    if p is None or p >= LEVEL:
        return NO_STRENGTH
    return WELL_SUPPORTED if p_together is not None and p_together < LEVEL else EARLY_SIGN


def adjust_holm(p_values: Numbers, families: Sequence[Hashable] | None = None) -> list[float]:
    """Give adjusted p values that keep the chance of even one false claim below the level (Holm 1979).

    `families`: what each p value belongs to, when several are about the same cases; a family counts once.

    >>> [round(p, 3) for p in adjust_holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    >>> [round(p, 3) for p in adjust_holm([0.01, 0.04, 0.03], ["robbery", "robbery", "burglary"])]
    [0.02, 0.04, 0.03]
    """
    values = _read_chances(p_values)
    owners = list(range(len(values))) if families is None else list(families)
    if len(owners) != len(values):
        raise ValueError("every p value needs the family that it belongs to")
    tested = [at for at, p in enumerate(values) if not isnan(p)]
    everyone = {owners[at] for at in tested}
    adjusted, highest, passed = [nan] * len(values), 0.0, set[Hashable]()
    for position in sorted(tested, key=lambda at: values[at]):
        left = len(everyone - (passed - {owners[position]}))
        highest = max(highest, min(1.0, left * values[position]))
        adjusted[position] = highest
        passed.add(owners[position])
    return adjusted


def adjust_benjamini_hochberg(p_values: Numbers) -> list[float]:
    """Give adjusted p values that keep the share of false leads among the leads below the level (Benjamini & Hochberg
    1995).

    >>> [round(p, 3) for p in adjust_benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    from scipy.stats import false_discovery_control

    values = np.array(_read_chances(p_values), dtype=float)
    known = ~np.isnan(values)
    if known.any():
        values[known] = false_discovery_control(values[known], method="bh")
    return values.tolist()


def _read_chances(p_values: Numbers) -> list[float]:
    """p values; what was not tested is missing, and counts for nothing."""
    return np.atleast_1d(read_numbers(p_values)).tolist()
