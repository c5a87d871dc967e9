"""Two years compared with the scatter that counts usually have: edges, coherence, and a swap test on made-up counts."""

from pathlib import Path

import numpy as np
import pytest

from swp_analysis.analysis.usual_scatter import compare_counts, compare_shares, usual_scatter

ROOT = Path(__file__).parents[2]


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


def cells_of(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_methods_quotes_the_swap_test_and_the_back_test():
    quoted = [tuple(cells) for cells in cells_of(ROOT / "docs" / "methods.md")]
    results = ROOT / "benchmarks" / "results"
    assert set(map(tuple, cells_of(results / "projection.md")[2:])) <= set(quoted)
    by_band = {}
    for level, forces, band, pairs, alarms, _, power, plain in cells_of(results / "swap_test.md")[2:]:
        if level == "offence code":
            learned = [f"{int(pairs):,}", alarms, power, plain]
            by_band.setdefault(band, []).append(learned if forces == "learned on" else [alarms, power])
    for band, ((pairs, alarms, power, plain), left_out) in by_band.items():
        assert (band, pairs, alarms, power, *left_out, plain) in quoted
