"""Every gate gives one answer for all figures behind the same page: that it lets an edition pass tells nothing."""

from __future__ import annotations

from itertools import product

import pytest

from swp_analysis.disclosure import find_unsaid, protect

YEAR = "2017-18"
# Counts that add up to a year's total, and four head counts that nothing ties together.
SETS = [("flow", [13, 7, 5, 3]), ("flow", [9, 4, 2, 9]), ("flow", [6, 2, 7, 6]), ("stock", [3, 1, 4, 2])]


def behind(shown, kind, cells):
    """All figures that the marks of a page allow, of counts with the same sum."""
    marks = {"suppressed": range(1, 5), "withheld": range(5, sum(cells) + 1)}
    rows = shown.observations
    options = [
        [int(value)] if status == "reported" else marks[status]
        for value, status in zip(rows["value"].fillna(0), rows["status"], strict=True)
    ]
    return [list(world) for world in product(*options) if kind == "stock" or sum(world) == sum(cells)]


def gates(data, indicators) -> str:
    """Which typed numbers the scan refuses, in any part of the text."""
    return repr({name: [one.holds(str(n)) for n in range(60)] for name, one in find_unsaid(data, indicators).items()})


@pytest.fixture(scope="module")
def answers(make_tables, make_indicator):
    """For each set the answers of the gates in every world that has its page, and the hidden values of these worlds."""
    found = {}
    for number, (kind, cells) in enumerate(SETS):
        count = make_indicator("count", kind=kind)
        shown = protect(*make_tables().add(count, YEAR, cells).frames)
        hidden = [place for place, status in enumerate(shown.observations["status"]) if status == "suppressed"]
        worlds = {}
        for world in behind(shown, kind, cells):
            tables = make_tables().add(count, YEAR, world)
            data = protect(*tables.frames)
            if all(one.equals(other) for one, other in zip(data.frames, shown.frames, strict=True)):
                worlds[tuple(world)] = gates(data, tables.indicators)
        found[number] = hidden, worlds
    return found


def test_every_gate_gives_the_same_answer_in_all_worlds(answers):
    assert [len(worlds) for _, worlds in answers.values()] == [4, 12, 10, 4**4]
    for hidden, worlds in answers.values():
        assert len(set(worlds.values())) == 1
        for place in hidden:
            assert {world[place] for world in worlds} == {1, 2, 3, 4}
