"""Ranks under random weights: what must hold whatever is ranked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from swp_analysis.analysis.ranks import ScoreTable, chance_of_top, draw_weights, rank_draws, rank_draws_in_order

SHAPE = (6, 4)
POINTS = arrays(float, SHAPE, elements=st.integers(0, 100).map(float))
WEIGHTS = arrays(float, SHAPE[1], elements=st.integers(1, 40).map(float))


@st.composite
def tables(draw):
    low, centre, high = np.sort(np.stack([draw(POINTS), draw(POINTS), draw(POINTS)]), axis=0)
    even = draw(arrays(bool, SHAPE))
    applies = draw(arrays(bool, SHAPE))
    applies[:, 0] = True
    return ScoreTable(low, centre, high, even, applies)


@settings(max_examples=30)
@given(tables(), WEIGHTS)
def test_the_same_seed_gives_the_same_ranks(table, weights):
    assert (rank_draws(table, weights, draws=200) == rank_draws(table, weights, draws=200)).all()


@settings(max_examples=30)
@given(tables(), WEIGHTS, st.sampled_from([0.001, 0.5, 7.0, 1000.0]))
def test_the_unit_of_the_weights_changes_nothing(table, weights, factor):
    one, other = (chance_of_top(rank_draws(table, w, draws=300), 3) for w in (weights, factor * weights))
    assert one == pytest.approx(other, abs=0.02)


@settings(max_examples=30)
@given(tables(), WEIGHTS, st.permutations(range(SHAPE[0])))
def test_the_order_of_the_rows_changes_nothing(table, weights, order):
    keys = np.hstack([table.low, table.centre, table.high, table.even, table.applies])
    if len(np.unique(keys, axis=0)) < SHAPE[0]:
        return
    order = np.array(order)
    ranks, moved = rank_draws(table, weights, draws=200), rank_draws(table.take(order), weights, draws=200)
    assert (ranks[:, order] == moved).all()


@settings(max_examples=40)
@given(tables(), WEIGHTS, st.integers(0, SHAPE[0] - 1), st.integers(0, SHAPE[1] - 1), st.integers(1, 60))
def test_less_reason_to_act_never_improves_a_rank(table, weights, row, column, less):
    lowered = ScoreTable(*(part.copy() for part in (table.low, table.centre, table.high, table.even, table.applies)))
    for part in (lowered.low, lowered.centre, lowered.high):
        part[row, column] = max(0, part[row, column] - less)
    before, after = (rank_draws_in_order(t, weights, np.random.default_rng(1), 200) for t in (table, lowered))
    assert (after[:, row] >= before[:, row]).all()


def test_a_weight_of_zero_stays_zero_and_weights_add_up():
    drawn = draw_weights(np.array([3.0, 0.0, 1.0]), np.random.default_rng(0), 500)
    assert (drawn[:, 1] == 0).all()
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn.mean(axis=0) == pytest.approx([0.75, 0, 0.25], abs=0.05)


def test_an_extreme_weight_decides():
    table = ScoreTable.exact(np.array([[100.0, 0.0], [0.0, 100.0]]))
    even, extreme = (chance_of_top(rank_draws(table, np.array(w), draws=2000), 1)[0] for w in ([1, 1], [1000, 1]))
    assert even == pytest.approx(0.5, abs=0.04)
    assert extreme > 0.99


def test_tied_candidates_share_their_ranks():
    assert (rank_draws(ScoreTable.exact(np.full((4, 2), 50.0)), np.ones(2), draws=10) == 2.5).all()
