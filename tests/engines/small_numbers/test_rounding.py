"""Rounding and cutting off are both accepted, at the printed decimals and no further: the one rule, at its edges."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.engines.small_numbers.rounding import (
    Printed,
    agrees_with_fraction,
    find_printed,
    is_print_of,
    possible_counts,
    read_printed,
)


@given(st.integers(100, 50_000_000).map(lambda n: n / 10_000), st.integers(0, 2))
def test_a_rounded_or_cut_number_stands_for_what_it_was(exact, decimals):
    scale = 10**decimals
    assert is_print_of(Printed(math.floor(exact * scale + 1e-9) / scale, decimals), exact)
    assert is_print_of(Printed(round(exact, decimals), decimals), exact)


@given(st.floats(1, 5000), st.integers(0, 2), st.sampled_from([-2, -1, 1, 2]))
def test_two_places_off_stands_for_something_else(exact, decimals, steps):
    unit = 10.0**-decimals
    rounded = round(exact, decimals)
    shifted = rounded + (steps + (1 if steps > 0 else -1)) * unit
    if shifted > 0:
        assert not is_print_of(Printed(round(shifted, decimals), decimals), exact)


@pytest.mark.parametrize(
    ("printed", "exact", "stands_for_it"),
    [
        ("99.9", 100, False),  # cut off, it would be a whole unit too low
        ("74.9", 75, False),
        ("99.9", 99.99, True),
        ("50", 49.5, True),
        ("50", 49.49, False),
        ("3.8", 3.85, True),
        ("3.8", 3.9, False),
        ("0", 0.99, True),
        ("0", 1, False),
    ],
)
def test_the_edges_of_the_rule(printed, exact, stands_for_it):
    assert is_print_of(read_printed(printed), exact) is stands_for_it


@pytest.mark.parametrize("places", range(5))
@pytest.mark.parametrize("total", [*range(1, 130), 999, 1000, 99_991])
def test_a_share_one_unit_too_low_is_never_accepted(total, places):
    """Floating point once made 99.9% of 1/1: the limits are whole numbers over whole numbers."""
    for n in {0, 1, total // 3, total // 2, total - 1, total}:
        exact = Fraction(100 * n, total)
        least = math.floor(exact * 10**places)
        for number in range(max(0, least - 2), least + 3):
            text = f"{number / 10**places:.{places}f}"
            fits = Fraction(2 * number - 1, 2 * 10**places) <= exact < Fraction(number + 1, 10**places)
            assert agrees_with_fraction(text, n, total) is fits
            assert (n in possible_counts(total, Printed(float(text), places), rounded=False)) is fits


@given(st.integers(1, 3000), st.data())
def test_a_printed_share_always_allows_its_own_count(total, data):
    n = data.draw(st.integers(0, total))
    assert n in possible_counts(total, Printed(round(100 * n / total, 1), 1), rounded=False)


def test_a_percentage_is_taken_as_rounded_or_cut_off():
    assert list(possible_counts(52, Printed(3.84, 2), rounded=False)) == [2]  # cut off
    assert list(possible_counts(52, Printed(3.85, 2), rounded=False)) == [2]  # rounded
    assert list(possible_counts(52, Printed(3.83, 2), rounded=False)) == []
    assert list(possible_counts(0, Printed(0, 0), rounded=False)) == [0]
    assert list(possible_counts(9, Printed(100, 0), rounded=False)) == [9]


@pytest.mark.parametrize(
    ("text", "size", "decimals", "negative"),
    [("£339,995", 339995, 0, False), ("−8.46%", 8.46, 2, True), ("+30", 30, 0, False), ("79 + 5 + 1", 79, 0, False)],
)
def test_numbers_are_read_as_printed(text, size, decimals, negative):
    assert read_printed(text) == Printed(size, decimals, negative)


def test_a_figure_has_the_decimals_of_its_cell():
    assert find_printed(9.0, "9.00% (9/100)") == Printed(9.0, 2)
    assert find_printed(9.0, "of which 9") == Printed(9.0, 0)
    assert find_printed(9.25, "nothing of it") == Printed(9.25, 2)
