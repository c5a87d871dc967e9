"""The H cases of fixtures/method_cases.json that the priorities implement: the grid and the acceptability analysis."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from swp_analysis.analysis.ranks import ScoreTable, chance_of_top, rank_draws
from swp_analysis.analysis.scoring import grid_cell

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "fixtures" / "method_cases.json").read_text(encoding="utf-8"))
}


def test_h02_the_grid_is_impact_times_likelihood():
    inputs, expected = CASES["H02"]["inputs"], CASES["H02"]["expected"]
    assert [[grid_cell(i, j) for j in inputs["likelihood"]] for i in inputs["impact"]] == expected["grid"]


@pytest.mark.parametrize("levels", [(0, 1), (5, 1), (1, 0), (1, 5)])
def test_a_level_outside_the_grid_is_refused(levels):
    with pytest.raises(ValueError, match="1 to 4"):
        grid_cell(*levels)


def test_h04_equal_weights_give_every_mix_the_same_chance():
    case = CASES["H04"]
    ranks = rank_draws(ScoreTable.exact(100 * np.array(case["inputs"]["scores"])), np.ones(3), draws=40_000)
    assert chance_of_top(ranks, 1) == pytest.approx(case["expected"]["rank1"], abs=case["tolerance"]["abs"])
