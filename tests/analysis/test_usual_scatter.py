"""Two years compared with the scatter that counts usually have: edges, coherence, and a swap test on made-up counts."""

import numpy as np
import pytest

from swp_analysis.analysis.usual_scatter import compare_counts, compare_shares, usual_scatter


@pytest.mark.parametrize("mean", [8, 30, 100, 300, 1500])
def test_swapped_quarters_of_counts_that_scatter_as_usual_are_seldom_called(mean):
    """Negative binomial quarters with the usual dispersion and nothing changed: 5% nominal, no band over 7%."""
    rng = np.random.default_rng(mean)
    dispersion = usual_scatter().at(mean)
    counts = rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, (1500, 2, 4))
    called = np.mean([compare_counts(after, before).p < 0.05 for after, before in counts])
    assert 0.01 < called < 0.07


def test_p_and_interval_never_disagree():
    rng = np.random.default_rng(1)
    for after, before in rng.poisson(6, (200, 2, 4)):
        found = compare_counts(after, before)
        assert (found.p < 0.05) == (found.lower > 1 or found.upper < 1)


def test_zeros_and_missing_quarters():
    assert compare_counts([0, 0, 0, 0], [0, 0, 0, 0]).p == 1
    only_before = compare_counts([0, 0, 0, 0], [5, 6, 4, 5])
    assert (only_before.ratio, only_before.lower) == (0, 0)
    assert compare_counts([4, None, 6, 5], [4, 90, 6, 5]).after == 15
    with pytest.raises(ValueError, match="same periods"):
        compare_counts([1, 2], [1])
    with pytest.raises(ValueError, match="whole number"):
        compare_counts([1.5], [1])


def test_shares_that_scatter_get_a_wider_interval():
    even = compare_shares([(20, 100)] * 4, [(30, 100)] * 4)
    torn = compare_shares([(5, 100), (35, 100), (5, 100), (35, 100)], [(30, 100)] * 4)
    assert even.difference == pytest.approx(torn.difference) == pytest.approx(-0.1)
    assert torn.dispersion > 5 > even.dispersion
    assert torn.lower < even.lower < even.upper < torn.upper
