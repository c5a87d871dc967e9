"""What can an unknown whole number be? In: intervals and linear rules. Out: least and greatest value of each unknown.

`feasible_intervals` is the proof (integer programming, scipy's HiGHS); `narrow` is the quick look for `secondary`.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np

Interval = tuple[float, float]
Domain = Mapping[Any, Interval]

# HiGHS wants finite bounds to tell "no limit" from "no solution"; no count of a city comes near it.
BEYOND_ANY_COUNT = 10_000_000
TOLERANCE = 1e-6
INFEASIBLE = 2


class ContradictionError(ValueError):
    """No whole numbers fulfil all rules at once."""


@dataclass(frozen=True)
class Rule:
    """`low <= sum of weight x unknown <= high`; a `guess` is a link that an attacker may assume wrongly."""

    weights: Mapping[Any, float]
    low: float
    high: float
    guess: bool = False


def add_up(cells: Iterable[Hashable], low: float, high: float | None = None, guess: bool = False) -> Rule:
    """Give the rule that cells add up to `low`, or to something between `low` and `high`."""
    return Rule(dict.fromkeys(cells, 1.0), low, low if high is None else high, guess)


def split_up(whole: Hashable, parts: Iterable[Hashable], complete: bool) -> Rule:
    """Give the rule that parts add up to their whole, or to no more than it when some of them are not known of."""
    return Rule({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0.0 if complete else -inf, 0.0, guess=True)


def not_above(part: Hashable, whole: Hashable) -> Rule:
    """Give the rule that a part is not greater than its whole."""
    return Rule({part: 1.0, whole: -1.0}, -inf, 0.0, guess=True)


def without_known(rules: Iterable[Rule], domain: Domain) -> list[Rule]:
    """Give the rules with every settled unknown put in; rules that are left with no unknown say nothing and are
    dropped."""
    left = []
    for rule in rules:
        known = sum(weight * domain[cell][0] for cell, weight in rule.weights.items() if _settled(domain[cell]))
        weights = {cell: weight for cell, weight in rule.weights.items() if not _settled(domain[cell])}
        if weights:
            left.append(Rule(weights, rule.low - known, rule.high - known, rule.guess))
    return left


def _settled(interval: Interval) -> bool:
    return interval[0] == interval[1]


def narrow(domain: Domain, rules: Sequence[Rule]) -> dict[Any, Interval]:
    """Narrow every interval by each rule on its own, until nothing changes; never too narrow, perhaps too wide.

    Raises
    ------
    ContradictionError
        When an interval runs empty.
    """
    domain, changed = dict(domain), True
    while changed:
        changed = False
        for rule in rules:
            for cell, interval in _narrowed(domain, rule):
                if interval[0] > interval[1]:
                    raise ContradictionError(cell)
                domain[cell], changed = interval, True
    return domain


def _narrowed(domain: Domain, rule: Rule) -> list[tuple[Hashable, Interval]]:
    spans = {cell: _scale(domain[cell], weight) for cell, weight in rule.weights.items()}
    least, most = sum(span[0] for span in spans.values()), sum(span[1] for span in spans.values())
    if rule.low <= least and most <= rule.high:
        return []
    found = []
    for cell, weight in rule.weights.items():
        # What the others leave; infinity less infinity is no number, so an endless span is left out by hand.
        rest_least = least - spans[cell][0] if least > -inf else _rest(spans, cell, 0)
        rest_most = most - spans[cell][1] if most < inf else _rest(spans, cell, 1)
        room = _scale((rule.low - rest_most, rule.high - rest_least), 1 / weight)
        low, high = domain[cell]
        better = max(low, _up(room[0])), min(high, _down(room[1]))
        if better != (low, high):
            found.append((cell, better))
    return found


def _scale(interval: Interval, weight: float) -> Interval:
    low, high = interval
    return (low * weight, high * weight) if weight > 0 else (high * weight, low * weight)


def _rest(spans: Mapping[Hashable, Interval], cell: Hashable, end: int) -> float:
    return sum(span[end] for other, span in spans.items() if other != cell)


def _up(number: float) -> float:
    return number if abs(number) == inf else ceil(number - TOLERANCE)


def _down(number: float) -> float:
    return number if abs(number) == inf else floor(number + TOLERANCE)


def feasible_intervals(domain: Domain, rules: Sequence[Rule], targets: Iterable[Hashable]) -> dict[Any, Interval]:
    """Give the least and greatest whole number that each target can be, over all solutions of the rules.

    Parameters
    ----------
    domain : unknown -> what it can be on its own; `inf` for no upper end.
    rules : linear rules over the unknowns.
    targets : the unknowns that are asked for.

    Returns
    -------
    dict target -> (least, greatest), `inf` where there is no upper end.

    Raises
    ------
    ContradictionError
        When no whole numbers fulfil all rules at once.
    """
    open_rules = without_known(rules, domain)
    asked = list(targets)
    found: dict[Any, Interval] = {}
    for block in blocks_of(domain, open_rules):
        wanted = [cell for cell in asked if cell in block]
        if wanted:
            found |= _solve(
                block, domain, [rule for rule in open_rules if not block.keys().isdisjoint(rule.weights)], wanted
            )
    return found


def blocks_of(domain: Domain, rules: Sequence[Rule]) -> list[dict[Any, int]]:
    """Give unknowns that share rules, directly or through others, each block with a column number for its unknowns."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    number = {cell: position for position, cell in enumerate(domain)}
    links = [(number[cell], number[next(iter(rule.weights))]) for rule in rules for cell in rule.weights]
    rows, columns = np.array(links, dtype=int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(number), len(number)))
    count, labels = connected_components(graph, directed=False)
    blocks: list[dict[Any, int]] = [{} for _ in range(count)]
    for cell, label in zip(number, labels, strict=True):
        blocks[label][cell] = len(blocks[label])
    return blocks


def _solve(block: dict[Any, int], domain: Domain, rules: list[Rule], wanted: list[Any]) -> dict[Any, Interval]:
    from scipy.optimize import Bounds, LinearConstraint

    matrix = np.zeros((len(rules), len(block)))
    for line, rule in enumerate(rules):
        for cell, weight in rule.weights.items():
            matrix[line, block[cell]] = weight
    lower, upper = np.array([domain[cell] for cell in block], dtype=float).T
    program = {
        "integrality": np.ones(len(block)),
        "bounds": Bounds(lower, np.minimum(upper, BEYOND_ANY_COUNT)),
        "constraints": LinearConstraint(matrix, [r.low for r in rules], [r.high for r in rules]) if rules else None,
    }
    return {cell: (_extreme(program, block[cell], 1), _extreme(program, block[cell], -1)) for cell in wanted}


def _extreme(program: dict, column: int, direction: int) -> float:
    from scipy.optimize import milp

    goal = np.zeros(len(program["integrality"]))
    goal[column] = direction
    result = milp(goal, **program)
    if result.status == INFEASIBLE:
        raise ContradictionError("no whole numbers fulfil all rules at once")
    if result.x is None:
        raise ArithmeticError(f"integer programming gave no answer: {result.message}")
    value = round(float(result.x[column]))
    return inf if value >= BEYOND_ANY_COUNT else value
