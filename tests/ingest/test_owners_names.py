"""Whose figures they are says nothing of what is counted; and what is refused is neither passed over nor overdue."""

from __future__ import annotations

import pytest

from tests.ingest.test_words_that_qualify import HATE, HEADING, KNIFE, ROW, figures, read

NAMES = [
    "Stockport Without Abuse",
    "Greater Manchester Combined Authority",
    "Trading Standards (without prejudice)",
    "Walsall Council",
    "Change Grow Live - Under 25s team",
]
OWNERS = ["Data owner", "Lead", "Owner", "Responsible officer", "Lead agency", "KPI owner", "Provider"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("heading", OWNERS)
def test_an_owner_s_name_says_nothing_of_the_figures(tmp_path, catalogue, heading, name):
    found = read(tmp_path / "raw", catalogue, [[*HEADING, heading], [*ROW, name]])
    assert figures(found) == [101, 98]


@pytest.mark.parametrize("heading", ["Basis", "Area", "Coverage", "", "Commentary"])
def test_the_same_words_count_in_any_other_column(tmp_path, catalogue, heading):
    rows = [[*HEADING, heading], [*ROW, "Walsall"], [KNIFE, "7", "8", "Wolverhampton"]]
    assert figures(read(tmp_path / "raw", catalogue, rows)) != [101, 98]


@pytest.mark.parametrize("word", ["Target", "Forecast", "Cumulative", "Last year", "Rolling 12 months"])
def test_a_cell_that_slipped_under_the_owner_still_counts(tmp_path, catalogue, word):
    found = read(tmp_path / "raw", catalogue, [[*HEADING, "Owner"], [*ROW, word], [KNIFE, "7", "8", "Police"]])
    assert figures(found) == []
    assert [str(one.address) for one in found.unread] == ["kpi.csv, row 2, column A"]


def test_a_row_of_others_is_no_gap_where_the_own_row_is_read(tmp_path, catalogue):
    rows = [["KPI", "Area", *HEADING[1:]], [HATE, "Walsall", "7", "8"], [HATE, "Wolverhampton", "101", "98"]]
    found = read(tmp_path / "raw", catalogue, rows)
    assert figures(found) == [101, 98]
    assert not found.unread
