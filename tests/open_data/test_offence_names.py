"""Names of offences in other editions: another spelling is the same group, an unknown name makes no figure whole."""

from __future__ import annotations

import pytest

from swp_analysis.errors import InputError
from swp_analysis.explore import crime
from swp_analysis.open_data.reader import open_data
from tests.open_data.conftest import crime_rows, write_csv

NEWEST = "2022/23"


def write_rows(project, change):
    path = project.raw / "open" / "home_office_prc_csp" / "2026-07-23" / "prc.csv"
    write_csv(path, [change(list(row)) for row in crime_rows()])


def statuses(group):
    return crime.series("Wolverhampton", group).frame["status"].tolist()


def test_another_spelling_of_a_group_is_the_same_group_and_fraud_stays_out_of_totals(filed):
    open_data(filed)
    before = {
        group: crime.series("Wolverhampton", group).frame["count"].tolist() for group in ("theft", "total", "burglary")
    }
    spelled = {
        "Theft offences": "Theft Offences",
        "Fraud offences": "FRAUD offences",
        "Residential burglary": "Residential Burglary",
    }
    write_rows(filed, lambda row: [spelled.get(cell, cell) for cell in row])
    for group, counts in before.items():
        assert crime.series("Wolverhampton", group).frame["count"].tolist() == counts


def rename_newest(row, column, name):
    return [*row[:column], name, *row[column + 1 :]] if row[0] == NEWEST and row[7] == "28E" else row


def test_an_unknown_subgroup_leaves_no_whole_figure_of_what_it_may_be_part_of(filed):
    write_rows(filed, lambda row: rename_newest(row, 6, "Burglary of a home"))
    remarks = " ".join(open_data(filed).listing["remarks"])
    assert "“Burglary of a home” (Theft offences) is no known subgroup" in remarks
    assert statuses("burglary") == ["reported"] * 4 + ["partial"] * 4
    for untouched in ("theft", "total", "homicide", "personal_robbery"):
        assert statuses(untouched) == ["reported"] * 8
    by_year = crime.series("Wolverhampton", "burglary", by="year").sentence
    assert by_year.endswith("The newest year is known in part only, and not given.")
    said = crime.series("Wolverhampton", "burglary").sentence
    assert "January to March 2022" in said
    assert "Four quarters are known in part only, the newest among them" in said


def test_an_unknown_group_leaves_no_whole_total(filed):
    write_rows(filed, lambda row: rename_newest(row, 5, "Acquisitive crime"))
    open_data(filed)
    for group in ("total", "theft", "violence"):
        assert statuses(group)[4:] == ["partial"] * 4
    assert statuses("personal_robbery") == ["reported"] * 8


def test_a_series_without_a_whole_figure_is_one_sentence(filed):
    write_rows(filed, lambda row: [*row[:8], "[c]"] if row[7] == "34A" else row)
    open_data(filed)
    with pytest.raises(InputError, match="No quarter of robbery of Wolverhampton has a whole figure"):
        crime.series("Wolverhampton", "robbery")
