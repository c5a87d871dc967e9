"""What an unknown whole number can be: worked cases, contradictions, no upper end."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import pytest

from swp_analysis.engines.small_numbers.intervals import (
    ContradictionError,
    Rule,
    add_up,
    feasible_intervals,
    narrow,
    not_above,
)
from swp_analysis.engines.small_numbers.rounding import Printed, possible_counts

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[2] / "fixtures/method_cases.json").read_text(encoding="utf-8"))
}


def table_puzzle(case, hidden):
    """A two-way table with its margins as intervals and rules; `hidden` cells are unknown counts."""
    table = CASES["D01"]["inputs"]["table"]
    domain = {
        (row, column): (0, inf) if (row, column) in hidden else (value, value)
        for row, line in enumerate(table)
        for column, value in enumerate(line)
    }
    rows = [add_up([(r, c) for c in range(4)], value) for r, value in enumerate(case["row_totals"])]
    columns = [add_up([(r, c) for r in range(3)], value) for c, value in enumerate(case["col_totals"])]
    return domain, [*rows, *columns]


def test_case_d01_a_cell_is_recovered_from_its_margin():
    case = CASES["D01"]
    hidden = [(0, 1), (1, 0)]
    found = feasible_intervals(*table_puzzle(case["inputs"], hidden), hidden)
    assert {f"{r},{c}": list(interval) for (r, c), interval in found.items()} == case["expected"]["intervals"]


def test_case_d02_a_rectangle_leaves_intervals():
    hidden = [tuple(cell) for cell in CASES["D02"]["inputs"]["suppressed"]]
    domain, rules = table_puzzle(CASES["D01"]["inputs"], hidden)
    found = feasible_intervals(domain, rules, hidden)
    assert {f"{r},{c}": list(interval) for (r, c), interval in found.items()} == CASES["D02"]["expected"]["intervals"]


@pytest.mark.parametrize("number", range(3))
def test_case_d04_a_total_pins_its_parts(number):
    case = CASES["D04"]["inputs"]["cases"][number]
    cells = range(case["cells"])
    found = feasible_intervals({c: (case["lo"], case["hi"]) for c in cells}, [add_up(cells, case["total"])], cells)
    assert set(found.values()) == {tuple(CASES["D04"]["expected"]["intervals"][number])}


def test_case_d05_a_percentage_tells_the_count():
    case = CASES["D05"]
    percent = Printed(case["inputs"]["pct"], case["inputs"]["decimals"])
    assert list(possible_counts(case["inputs"]["n"], percent, rounded=False)) == case["expected"]["k"]
    low, beyond = (float(limit) for limit in percent.limits)
    ratio = [Rule({"k": 100, "n": -low}, 0, inf), Rule({"k": 100, "n": -beyond}, -inf, -0.5)]
    assert feasible_intervals({"k": (1, 4), "n": (13, 13)}, ratio, ["k"]) == {"k": (2, 2)}


def test_case_d07_a_year_less_three_quarters_is_the_fourth():
    case = CASES["D07"]
    cells = dict(enumerate([*((known, known) for known in case["inputs"]["known"]), (0, inf)]))
    found = feasible_intervals(cells, [add_up(cells, case["inputs"]["total"])], [3])
    assert found == {3: (case["expected"]["value"],) * 2}


def test_no_upper_end_is_said_to_be_none():
    assert feasible_intervals({"a": (5, inf), "b": (1, 4)}, [not_above("b", "a")], "ab") == {"a": (5, inf), "b": (1, 4)}


def test_a_contradiction_is_not_an_answer():
    with pytest.raises(ContradictionError):
        feasible_intervals({"a": (1, 4), "b": (1, 4)}, [add_up("ab", 9)], "ab")
    with pytest.raises(ContradictionError):
        narrow({"a": (1, 4), "b": (1, 4)}, [add_up("ab", 9)])


@pytest.mark.parametrize("total", range(5, 20))
def test_narrowing_one_sum_is_exact(total):
    domain = {"a": (1, 4), "b": (1, 4), "c": (3, inf)}
    rules = [add_up("abc", total)]
    assert narrow(domain, rules) == feasible_intervals(domain, rules, "abc")
