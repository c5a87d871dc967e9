"""A sample of the random tables of `benchmarks/generated_tables.py`: none wrong, none lost, few refused for nothing."""

from __future__ import annotations

import pytest

from benchmarks.generated_tables import run


@pytest.mark.parametrize("held_out", [False, True])
def test_random_tables_are_right_listed_or_refused(held_out):
    counts, lines = run(120, seed=700_000, held_out=held_out)
    assert not [line for line in lines if line.startswith(("wrong", "lost"))]
    assert _sum(counts, "plain", "refused") <= 0.02 * _sum(counts, "plain")
    assert _sum(counts, "trap", "refused") > 20


def _sum(counts, kind: str, outcome: str = "") -> int:
    return sum(n for (one, found, _), n in counts.items() if one == kind and outcome in ("", found))


@pytest.mark.parametrize("seed", [1320, 400_329, 7_300_060])
def test_words_on_a_page_without_lines_count_too(seed):
    """`Reporting frequency: Rolling 12 months` was passed over in an untyped table, and a note taken for a row, and
    words over all columns for a table of their own."""
    counts, _ = run(1, seed=seed, held_out=False)
    assert _sum(counts, "trap", "refused") == 1
