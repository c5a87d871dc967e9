"""The two-year comparison: properties that hold for every pair of counts. Worked figures stand in
test_method_cases.py."""

from __future__ import annotations

from math import isclose, isinf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from swp_analysis.analysis.change import e_test, newcombe_difference, quasi_poisson_ratio, rate_ratio, scatter
from swp_analysis.analysis.rates import poisson_interval, wilson_interval

counts = st.integers(0, 5000)
quarters = st.lists(st.integers(0, 400), min_size=2, max_size=4)


@given(counts, counts)
def test_p_and_interval_never_disagree(after, before):
    estimate = rate_ratio(after, before)
    outside = estimate.lower > 1 or estimate.upper < 1
    assert outside == (estimate.p < 0.05) or isclose(estimate.p, 0.05, abs_tol=1e-9)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_swapping_the_years_inverts_the_ratio(after, before):
    there, back = rate_ratio(after, before), rate_ratio(before, after)
    assert isclose(there.ratio, 1 / back.ratio)
    assert isclose(there.lower, 1 / back.upper, rel_tol=1e-6)
    assert isclose(there.p, back.p, rel_tol=1e-6)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 50))
def test_exposure_scales_the_ratio(after, before, times):
    plain, scaled = rate_ratio(after, before), rate_ratio(after, before, after_exposure=times)
    assert isclose(scaled.ratio, plain.ratio / times, rel_tol=1e-9)


@given(counts, counts)
def test_the_interval_holds_the_ratio(after, before):
    estimate = rate_ratio(after, before)
    if after + before:
        assert estimate.lower <= estimate.ratio <= estimate.upper


def test_counts_and_populations_cannot_change_places_unseen():
    """`fisher_test` and others take count, size, count, size; these would take a population for a count."""
    for compare in (rate_ratio, e_test):
        with pytest.raises(TypeError):
            compare(67, 259_900, 51, 258_000)
    share = 259_900 / (259_900 + 258_000)
    tails = [binomtest(67, 67 + 51, share, side).pvalue for side in ("greater", "less")]
    assert rate_ratio(67, 51, after_exposure=259_900, before_exposure=258_000).p == pytest.approx(2 * min(tails))


def test_two_years_without_an_event_say_nothing():
    estimate = rate_ratio(0, 0)
    assert (estimate.lower, estimate.p) == (0, 1)
    assert isinf(estimate.upper)


@pytest.mark.parametrize("wrong", [(-1, 3), (2.5, 3)])
def test_broken_counts_are_refused(wrong):
    with pytest.raises(ValueError, match="whole number"):
        rate_ratio(*wrong)


@given(st.integers(0, 300), st.integers(0, 300))
def test_wilson_stays_within_0_and_1_and_holds_the_share(x, extra):
    n = x + extra
    if n:
        lower, upper = wilson_interval(x, n)
        assert 0 <= lower <= x / n <= upper <= 1


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_newcombe_is_antisymmetric(x1, more1, x2, more2):
    n1, n2 = x1 + more1, x2 + more2
    there, back = newcombe_difference(x1, n1, x2, n2), newcombe_difference(x2, n2, x1, n1)
    assert isclose(there.difference, -back.difference, abs_tol=1e-12)
    assert isclose(there.lower, -back.upper, abs_tol=1e-12)


@given(counts)
def test_garwood_holds_the_count(count):
    lower, upper = poisson_interval(count)
    assert lower <= count <= upper


@given(quarters)
def test_proportional_years_do_not_scatter(before):
    if sum(value > 0 for value in before) >= 2:
        dispersion, _ = scatter([2 * value for value in before], before)
        assert isclose(dispersion, 0, abs_tol=1e-9)


def test_quasi_poisson_is_never_narrower_than_poisson():
    quiet, dispersion = quasi_poisson_ratio([100, 100, 100, 100], [90, 90, 90, 90])
    assert dispersion == 0
    exact = rate_ratio(400, 360)
    assert quiet.upper - quiet.lower > exact.upper - exact.lower


def test_home_safety_checks_scatter_far_more_than_chance():
    ratio, dispersion = quasi_poisson_ratio([384, 419, 419, 542], [399, 550, 509, 375])
    assert dispersion > 10
    assert ratio.lower < 1 < ratio.upper
