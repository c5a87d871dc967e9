"""Published tables, read back from their text, hold against a reader who shares no code with what protects them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from random import Random

import pytest

from swp_analysis.disclosure import Protected
from swp_analysis.disclosure.kpi_tables import from_plain, link_indicators, to_plain
from swp_analysis.engines.small_numbers.figures import read_figures
from swp_analysis.engines.small_numbers.hide import hide_figures

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def attacker():
    spec = importlib.util.spec_from_file_location("attack_pages", ROOT / "benchmarks" / "attack_pages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(16))
def test_no_hidden_count_is_narrowed(attacker, seed):
    _, _, narrowed, refused = attacker.attack_set(seed)
    assert (narrowed, refused) == (0, False)


def test_the_attacker_finds_what_secondary_suppression_keeps(attacker):
    """Without it, counts of most sets that hide any can be worked out: the attack can fail."""
    found = 0
    for seed in range(0, 48, 8):  # nested sets
        made = attacker.invent(Random(seed), "nested")
        frames = made.frames()
        plain = to_plain(frames)
        figures = read_figures(plain, link_indicators(made.kpis, attacker.YEARS), 5)
        hidden = hide_figures(plain, figures, secondary=False)
        reader = attacker.Reader(made.kpis)
        reader.read(Protected(*from_plain(hidden.tables, frames), hidden.log, 5))
        found += bool(list(reader.narrowed()))
    assert found >= 3


def test_other_figures_behind_the_same_pages_get_the_same_answers(attacker):
    worlds, answers = attacker.same_answers(3, worlds=8)
    assert answers == 1
    assert worlds == 8
