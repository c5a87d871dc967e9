"""Rounding and cutting off are both accepted, at the printed decimals and no further."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.quality.rounding import Printed, possible_numerators, read_printed, says


@given(st.integers(100, 50_000_000).map(lambda n: n / 10_000), st.integers(0, 2))
def test_a_rounded_or_cut_number_says_what_it_was(exact, decimals):
    scale = 10**decimals
    assert says(Printed(math.floor(exact * scale + 1e-9) / scale, decimals), exact)
    assert says(Printed(round(exact, decimals), decimals), exact)


@given(st.floats(1, 5000), st.integers(0, 2), st.sampled_from([-2, -1, 1, 2]))
def test_two_places_off_says_something_else(exact, decimals, steps):
    unit = 10.0**-decimals
    rounded = round(exact, decimals)
    shifted = rounded + (steps + (1 if steps > 0 else -1)) * unit
    if shifted > 0:
        assert not says(Printed(round(shifted, decimals), decimals), exact)


@given(st.integers(1, 3000), st.data())
def test_a_printed_share_always_allows_its_own_count(total, data):
    n = data.draw(st.integers(0, total))
    lowest, highest = possible_numerators(Printed(round(100 * n / total, 1), 1), total)
    assert lowest <= n <= highest


@pytest.mark.parametrize(
    ("text", "size", "decimals", "negative"),
    [("£339,995", 339995, 0, False), ("−8.46%", 8.46, 2, True), ("+30", 30, 0, False), ("79 + 5 + 1", 79, 0, False)],
)
def test_numbers_are_read_as_printed(text, size, decimals, negative):
    assert read_printed(text) == Printed(size, decimals, negative)
