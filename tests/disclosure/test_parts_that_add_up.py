"""Counts that add up to another one: who reads victims and women works out the men."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from swp_analysis.disclosure import protect
from swp_analysis.disclosure.published_figures import find_unsaid
from swp_analysis.errors import RunError
from tests.disclosure.conftest import Indicator, Tables

YEAR = "2017-18"


def show(*rows):
    """What partners see of rows of four quarters, each with the group that is written down for it."""
    tables = Tables()
    for name, group, cells in rows:
        tables.add(Indicator(name, subgroup_of=group), YEAR, cells)
    hidden = protect(*tables.frames)
    cells = hidden.observations
    cells["shown"] = cells["value"].astype(object).where(cells["status"] == "reported", cells["status"])
    totals = {row.indicator: row.value if row.status == "reported" else None for row in hidden.totals.itertuples()}
    return {name: list(cells.loc[cells["indicator"] == name, "shown"]) for name, *_ in rows}, totals


@pytest.mark.parametrize("group", [None, "victims"])
def test_a_small_part_takes_the_other_parts_of_its_quarter_with_it(group):
    """They were shown beside their sum: 14 victims, 11 women, `<5` men."""
    victims, women, men = [14, 18, 12, 17], [11, 14, 10, 11], [3, 4, 2, 6]
    shown, totals = show(("victims", None, victims), ("women", group, women), ("men", group, men))
    assert shown["victims"] == victims
    assert shown["women"] == [*["withheld"] * 3, 11]
    assert shown["men"] == [*["withheld"] * 3, 6]
    assert totals == {"victims": 61, "women": 46, "men": 15}


def test_no_number_is_typed_beside_a_part_of_which_nothing_is_said():
    tables = Tables()
    for name, cells in (("victims", [14, 1, 12, 0]), ("women", [11, 0, 10, 0]), ("men", [3, 1, 2, 0])):
        tables.add(Indicator(name), YEAR, cells)
    unsaid = find_unsaid(protect(*tables.frames), tables.indicators)
    assert unsaid["men"].holds("3")


def test_parts_that_stand_apart_are_known_by_their_group():
    rows = [("men", "victims", [3, 4, 2, 6]), ("fires", None, [50, 51, 55, 60]), ("victims", None, [14, 18, 12, 17])]
    shown, _ = show(*rows, ("thefts", None, [90, 99, 80, 70]), ("women", "victims", [11, 14, 10, 11]))
    assert shown["women"] == [*["withheld"] * 3, 11]
    assert shown["men"] == [*["withheld"] * 3, 6]


def test_sub_groups_that_do_not_add_up_give_nothing_away():
    shown, _ = show(
        ("victims", None, [14, 18, 12, 17]), ("young", "victims", [11, 14, 10, 11]), ("men", "victims", [3, 4, 4, 6])
    )
    assert shown["victims"] == [14, 18, 12, 17]
    assert shown["young"] == [11, 14, 10, 11]
    assert shown["men"][:3] == ["suppressed"] * 3


@pytest.mark.parametrize("seed", range(12))
def test_no_part_is_seen_to_be_small_and_narrowed(seed):
    """Every set of men that fits the page: where all of them are small, 1 and 4 are both among them."""
    choose = Random(seed)
    women, men = ([choose.randint(0, most) for _ in range(4)] for most in choose.choices([4, 6, 9], k=2))
    victims = [sum(pair) for pair in zip(women, men, strict=True)]
    try:
        shown, totals = show(("victims", None, victims), ("women", "victims", women), ("men", "victims", men))
    except RunError:
        return  # nothing is published
    for name, other, own in (("men", "women", men), ("women", "men", women)):
        worlds = [world for world in product(range(12), repeat=4) if fits(world, name, other, shown, totals)]
        assert tuple(own) in worlds
        for quarter, count in enumerate(own):
            seen = {world[quarter] for world in worlds}
            if 1 <= count <= 4 and max(seen) <= 4:
                assert {1, 4} <= seen


def fits(world, name, other, shown, totals):
    """Whether one part of each quarter can be behind the page, whatever the whole is where that is hidden."""
    wholes = shown["victims"]
    rest = [
        whole - own if whole not in ("suppressed", "withheld") else None
        for whole, own in zip(wholes, world, strict=True)
    ]
    fit = all(can_be(mark, own) for mark, own in zip(shown[name], world, strict=True))
    fit &= all(
        left is None or (left >= 0 and can_be(mark, left)) for mark, left in zip(shown[other], rest, strict=True)
    )
    fit &= all(mark != "suppressed" or own <= 4 for mark, own in zip(wholes, world, strict=True))
    fit &= totals[name] in (None, sum(world))
    return fit and (None in rest or totals[other] in (None, sum(rest)))


def can_be(mark, count):
    return count == mark if mark not in ("suppressed", "withheld") else mark == "withheld" or 1 <= count <= 4
