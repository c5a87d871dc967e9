"""Many indicators looked at together. In: p values. Out: adjusted p values, in the same order.

Holm answers "which of these may we claim?", Benjamini-Hochberg "which of these should we look at first?".
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import isnan, nan

import numpy as np

from swp_analysis.analysis.estimates import Numbers, read_numbers


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
    line = np.atleast_1d(read_numbers(p_values))
    if np.any((line < 0) | (line > 1)):
        raise ValueError("a p value lies between 0 and 1")
    return line.tolist()
