"""Every gate gives one answer for all figures behind the same page: that it lets an edition pass tells nothing."""

from __future__ import annotations

from itertools import product

import pytest

from swp_analysis.disclosure import attack, find_unsaid, protect

YEAR = "2017-18"
# Years of a count, each with its total, and figures behind the same page are sought among all of the same sum.
SETS = [[13, 7, 5, 3], [9, 4, 2, 9], [8, 5, 3, 8], [6, 2, 7, 6], [2, 6, 30, 8], [3, 5, 36, 9]]


def behind(shown, cells):
    """All figures that the marks of a page allow, with the same sum."""
    marks = {"suppressed": range(1, 5), "withheld": range(5, sum(cells) + 1)}
    rows = shown.observations
    options = [
        [int(value)] if status == "reported" else marks[status]
        for value, status in zip(rows["value"].fillna(0), rows["status"], strict=True)
    ]
    return [list(world) for world in product(*options) if sum(world) == sum(cells)]


def gates(data, indicators) -> tuple[str, ...]:
    """What every gate says: which typed numbers it refuses, what the attack finds; and what is shown."""
    unsaid = {name: [one.holds(str(n)) for n in range(60)] for name, one in find_unsaid(data, indicators).items()}
    return (repr(unsaid), attack(data, indicators).to_csv(), *(frame.to_csv() for frame in data.frames))


@pytest.fixture(scope="module")
def answers(make_tables, make_indicator):
    """For each set the answers of the gates in every world that has its page, and the hidden values of these worlds."""
    count = make_indicator("count")
    found = {}
    for number, cells in enumerate(SETS):
        shown = protect(*make_tables().add(count, YEAR, cells).frames)
        hidden = [place for place, status in enumerate(shown.observations["status"]) if status == "suppressed"]
        worlds = {}
        for world in behind(shown, cells):
            tables = make_tables().add(count, YEAR, world)
            data = protect(*tables.frames)
            if all(one.equals(other) for one, other in zip(data.frames, shown.frames, strict=True)):
                worlds[tuple(world)] = gates(data, tables.indicators)
        found[number] = hidden, worlds
    return found


def test_every_gate_gives_the_same_answer_in_all_worlds(answers):
    assert sum(len(worlds) for _, worlds in answers.values()) >= 200
    for hidden, worlds in answers.values():
        assert len(set(worlds.values())) == 1
        for place in hidden:
            assert {world[place] for world in worlds} == {1, 2, 3, 4}
