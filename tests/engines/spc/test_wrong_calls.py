"""Wrong calls of the engine itself end in a sentence: not everybody goes through `methods`, which checks arguments."""

from __future__ import annotations

import math

import pytest

from swp_analysis.engines.spc.signal import read_share_signal, read_signal

STEADY = [40, 46, 38, 43, 41, 37, 45, 39, 42, 44, 36, 43, 41, 38, 46, 40, 42, 39, 44, 41]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: read_signal(STEADY, good_direction="up"), "good_direction must be one of lower, higher, neutral"),
        (lambda: read_signal(STEADY, unit="furlong"), "unit must be one of count, percent, other"),
        (lambda: read_signal([-one for one in STEADY]), "below zero; its unit is 'other'"),
        (lambda: read_share_signal([-1] * 12, [40] * 12), "below zero"),
        (lambda: read_signal([*STEADY, math.inf]), "finite"),
        (lambda: read_signal([STEADY, STEADY]), "a number each"),
        (lambda: read_signal(STEADY, suppressed=([1], [4])), "a figure for each point: they have 20, 1, 1"),
        (lambda: read_share_signal([1] * 12, [40] * 11), "a figure for each point: they have 12, 11"),
        (lambda: read_signal(STEADY, first_quarter=7), "quarters are 1 to 4"),
    ],
)
def test_a_wrong_call_is_refused_with_what_is_right(call, said):
    """`up` was taken for `lower`: a rise in what is good was called a concern."""
    with pytest.raises(ValueError, match=said):
        call()
