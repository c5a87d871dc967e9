"""Published tables, read back from their text, hold against a reader who shares no code with what protects them."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks import attack_editions, attack_pages
from swp_analysis.disclosure import Protected
from swp_analysis.disclosure.kpi_tables import from_plain, link_indicators, to_plain
from swp_analysis.engines.small_numbers.figures import read_figures
from swp_analysis.engines.small_numbers.hide import hide_figures


@pytest.mark.parametrize("seed", range(16))
def test_no_hidden_count_is_narrowed(seed):
    _, _, narrowed, refused = attack_pages.attack_set(seed)
    assert (narrowed, refused) == (0, False)


def test_the_attacker_finds_what_secondary_suppression_keeps():
    """Without it, counts of most sets that hide any can be worked out: the attack can fail."""
    found = 0
    for seed in range(0, 48, 8):  # nested sets
        made = attack_pages.invent(Random(seed), "nested")
        frames = made.frames()
        plain = to_plain(frames)
        figures = read_figures(plain, link_indicators(made.kpis, attack_pages.YEARS), 5)
        hidden = hide_figures(plain, figures, secondary=False)
        reader = attack_pages.Reader(made.kpis)
        reader.read(Protected(*from_plain(hidden.tables, frames), hidden.log, 5))
        found += bool(list(reader.narrowed()))
    assert found >= 3


def test_other_figures_behind_the_same_pages_get_the_same_answers():
    worlds, answers = attack_pages.same_answers(3, worlds=8)
    assert answers == 1
    assert worlds == 8


def test_no_hidden_count_is_narrowed_by_the_pages_as_published(tmp_path):
    """Sets of all structures share a project, whose first and later editions for partners are read as HTML."""
    sets = attack_editions.keep_safe([attack_editions.pose(seed) for seed in range(8)])
    found = list(attack_editions.attack_project(sets, "partners", (), tmp_path))
    assert [one["refusal"] for one in found if one["refusal"]] == []
    assert {one["structure"] for one in found} == set(attack_editions.STRUCTURES)
    assert sum(one["cells"] for one in found) > 100
    assert sum(one["hidden"] for one in found) > 20
    assert sum(one["narrowed"] for one in found) == 0
