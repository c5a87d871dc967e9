"""Figures that add up from one quarter to the next are told by the table itself, where no word says so."""

from __future__ import annotations

import random
from itertools import accumulate

import pytest

from swp_analysis.errors import InputError
from tests.ingest.test_words_that_qualify import HATE, KNIFE, figures, read

QUARTERS = [f"Q{n} 2018/19" for n in (1, 2, 3, 4)]
BEFORE = [f"Q{n} 2017/18" for n in (1, 2, 3, 4)]
RISING = [[HATE, "88", "181", "260", "331"], [KNIFE, "20", "41", "55", "80"]]
TOTALS = ["2018/19", "2018/19 Total", "Total 2018/19", "Full year 2018/19", "Total", "Annual total", "YTD 2018/19"]


def others(catalogue, count: int) -> list[str]:
    """Name counts that are neither hate crime nor knife crime."""
    flows = [one for one in catalogue.indicators.values() if one.kind == "flow" and one.unit == "count"]
    return [one.label for one in flows if one.id not in ("hate_crime", "knife_violence")][:count]


@pytest.mark.parametrize("heading", TOTALS)
def test_a_total_that_is_the_last_quarter_refuses_the_table(tmp_path, catalogue, heading):
    rows = [["KPI", *QUARTERS, heading], [*RISING[0], "331"], [KNIFE, "20", "9", "14", "30", "73"]]
    with pytest.raises(InputError, match=r"row 2, column E: found '331', which is the year's total under .* too"):
        read(tmp_path / "raw", catalogue, rows)


@pytest.mark.parametrize("heading", TOTALS)
def test_a_total_that_is_neither_is_said_once_a_table(tmp_path, catalogue, heading):
    rows = [["KPI", *QUARTERS, heading], [HATE, "80", "100", "85", "60", "999"], [KNIFE, "9", "9", "1", "3", "22"]]
    found = read(tmp_path / "raw", catalogue, rows)
    said = [note for note in found.notes if "is not the sum of its periods" in note]
    assert len(said) == 1
    assert "row 2" in said[0]
    assert "999, and they add up to 325" in said[0]
    assert "row 3" not in said[0]
    assert figures(found) == [80, 100, 85, 60]


@pytest.mark.parametrize("heading", ["2018/19 Target", "2017/18", "2018/19 average"])
def test_other_columns_are_no_total(tmp_path, catalogue, heading):
    rows = [["KPI", *QUARTERS, heading], [*RISING[0], "331"], [KNIFE, "20", "9", "14", "30", "30"]]
    found = read(tmp_path / "raw", catalogue, rows)
    assert figures(found) == [88, 181, 260, 331]
    assert not any("is not the sum" in note for note in found.notes)


def test_two_rows_that_only_rise_in_two_years_are_refused(tmp_path, catalogue):
    rows = [["KPI", *BEFORE, *QUARTERS], *([*row, *row[1:]] for row in RISING)]
    with pytest.raises(InputError, match=r"row 2, column E: .* in all 2 rows .* `not cumulative`"):
        read(tmp_path / "raw", catalogue, rows)


def test_rows_of_one_or_two_cases_are_no_evidence(tmp_path, catalogue):
    rare = [[HATE, "0", "0", "0", "1"], [KNIFE, "0", "1", "1", "2"], [*others(catalogue, 1), "0", "0", "1", "1"]]
    assert figures(read(tmp_path / "rare", catalogue, [["KPI", *QUARTERS], *rare])) == [0, 0, 0, 1]
    rows = [[label, "9", "20", "31", "40"] for label in others(catalogue, 3)]
    with pytest.raises(InputError, match="in all 4 rows of counts"):
        read(tmp_path / "many", catalogue, [["KPI", *QUARTERS], rare[0], *rows])


def test_rows_with_cases_in_the_last_quarter_alone_are_no_evidence(tmp_path, catalogue):
    rows = [[label, "0", "0", "0", "7"] for label in (HATE, KNIFE, *others(catalogue, 1))]
    assert figures(read(tmp_path / "late", catalogue, [["KPI", *QUARTERS], *rows])) == [0, 0, 0, 7]


def test_two_rows_of_one_year_or_one_that_falls_are_read(tmp_path, catalogue):
    assert figures(read(tmp_path / "one", catalogue, [["KPI", *QUARTERS], *RISING])) == [88, 181, 260, 331]
    rows = [["KPI", *BEFORE, *QUARTERS], [*RISING[0], *RISING[0][1:]], [*RISING[1], "20", "41", "40", "80"]]
    assert len(figures(read(tmp_path / "two", catalogue, rows))) == 8


def test_three_rows_of_one_year_are_refused_unless_a_total_is_their_sum(tmp_path, catalogue):
    rows = [*RISING, [*others(catalogue, 1), "4", "9", "13", "18"]]
    with pytest.raises(InputError, match="in all 3 rows of counts"):
        read(tmp_path / "one", catalogue, [["KPI", *QUARTERS], *rows])
    rows = [[*row, str(sum(map(int, row[1:])))] for row in rows]
    assert figures(read(tmp_path / "two", catalogue, [["KPI", *QUARTERS, "2018/19 Total"], *rows]))


@pytest.mark.parametrize(
    "words", ["Figures in the quarter", "Not cumulative", "Quarterly figures", "Figures are for the quarter alone"]
)
@pytest.mark.parametrize("place", ["title", "heading"])
def test_words_that_say_so_let_them_through(tmp_path, catalogue, words, place):
    heads = [f"{head} {words.casefold()}" if place == "heading" else head for head in (*BEFORE, *QUARTERS)]
    rows = [["KPI", *heads], *([*row, *row[1:]] for row in RISING)]
    found = read(tmp_path / "raw", catalogue, [[words], [], *rows] if place == "title" else rows)
    assert len(figures(found)) == 8


@pytest.mark.parametrize("seed", range(40))
def test_random_counts_are_read_and_refused_once_they_are_added_up(tmp_path, catalogue, seed):
    dice = random.Random(seed)
    labels = [HATE, KNIFE, *others(catalogue, 1)]
    levels = [dice.choice((2, 20, 300, 2000)) for _ in labels]
    years = [[[round(dice.gauss(n, n**0.5 + n * 0.1)) for _ in QUARTERS] for _ in (1, 2)] for n in levels]
    years = [[[max(0, figure) for figure in year] for year in row] for row in years]
    sums = [[[*accumulate(year)] for year in row] for row in years]
    for name, cells in (("own", years), ("sums", sums)):
        rows = [[label, *map(str, before + now)] for label, (before, now) in zip(labels, cells, strict=True)]
        table = [["KPI", *BEFORE, *QUARTERS], *rows]
        if name == "own" or any(last < 2.5 * first for row in cells for first, *_, last in row):
            assert len(figures(read(tmp_path / name, catalogue, table))) == 8
        else:
            with pytest.raises(InputError, match="only rise within each year"):
                read(tmp_path / name, catalogue, table)
