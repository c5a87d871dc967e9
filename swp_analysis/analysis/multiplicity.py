"""Many indicators looked at together. In: p values. Out: adjusted p values, in the same order.

Holm answers "which of these may we claim?", Benjamini-Hochberg "which of these should we look at first?".
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def adjust_holm(p_values: Sequence[float], families: Sequence[Hashable] | None = None) -> list[float]:
    """Give adjusted p values that keep the chance of even one false claim below the level (Holm 1979).

    `families`: what each p value belongs to, when several are about the same cases; a family counts once.

    >>> [round(p, 3) for p in adjust_holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    >>> [round(p, 3) for p in adjust_holm([0.01, 0.04, 0.03], ["robbery", "robbery", "burglary"])]
    [0.02, 0.04, 0.03]
    """
    owners = list(range(len(p_values))) if families is None else list(families)
    if len(owners) != len(p_values):
        raise ValueError("every p value needs the family that it belongs to")
    adjusted, highest, passed = [0.0] * len(p_values), 0.0, set[Hashable]()
    for position in sorted(range(len(p_values)), key=lambda at: p_values[at]):
        left = len(set(owners) - (passed - {owners[position]}))
        highest = max(highest, min(1.0, left * p_values[position]))
        adjusted[position] = highest
        passed.add(owners[position])
    return adjusted


def adjust_benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Give adjusted p values that keep the share of false leads among the leads below the level (Benjamini & Hochberg
    1995).

    >>> [round(p, 3) for p in adjust_benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    if not p_values:
        return []
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(list(p_values), method="bh")]
