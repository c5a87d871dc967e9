"""Small inputs after public tables, which lie beside the project: right, listed or refused."""

from __future__ import annotations

import pytest

from swp_analysis.ingest.read_year import read_files
from tests.conftest import ROOT

CASES = ROOT.parent / "shared" / "cases" / "tables"
HATE, KNIFE = "hate_crime", "knife_violence"
REFUSED = {
    "01_cumulative_under_two_rows.csv": "cumulative",
    "03_q1_jan_mar.csv": "calendar year",
    "07_area_in_second_heading.csv": "West Midlands",
    "07_area_in_title.csv": "West Midlands",
    "12_covered_figure.ods": "merged",
    "15_measure_column.csv": "Target|target",
    "17_caption_cumulative.html": "cumulative",
}
READ = {
    "02_actual_under_quarter.csv": {(HATE, "Q1"): 131, (HATE, "Q2"): 97},
    "02_target_rows.csv": {(HATE, "Q1"): 131, (HATE, "Q2"): 97},
    "06_rows_of_areas.csv": {(KNIFE, "Q1"): 55, (KNIFE, "Q2"): 61},
    "07_unit_column.csv": {(KNIFE, "Q1"): 55, (KNIFE, "Q2"): 61},
    "08_dates_shown_as_months.xlsx": {
        (HATE, "2018-01"): 37, (HATE, "2019-01"): 41, (KNIFE, "2018-01"): 18, (KNIFE, "2019-01"): 22,
    },
    "09_shown_less_than_five.xlsx": {(HATE, "Q1"): None, (HATE, "Q2"): 98},
    "10_struck_cell.xlsx": {(HATE, "Q1"): None, (HATE, "Q2"): 98},
    "11_content_control_cell.docx": {(HATE, "Q1"): 101, (HATE, "Q2"): 98},
    "11_content_control_row.docx": {(HATE, "Q1"): 101, (HATE, "Q2"): 98, (KNIFE, "Q1"): 55, (KNIFE, "Q2"): 61},
    "16_latest_month_beside_quarters.csv": {(HATE, "Q1"): 101, (HATE, "Q2"): 98, (HATE, "2018-10"): 40},
}  # fmt: skip


def read(name: str, catalogue):
    if not CASES.exists():
        pytest.skip("the shared cases are not beside this project")
    reading, refused = read_files([CASES / name], "2018-19", catalogue)
    return reading, "".join(map(str, refused.values()))


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name, catalogue):
    reading, sentence = read(name, catalogue)
    assert sentence.startswith(name)
    assert any(word in sentence for word in REFUSED[name].split("|"))
    assert not reading.observations


@pytest.mark.parametrize("name", READ)
def test_read_to_the_digit(name, catalogue):
    reading, sentence = read(name, catalogue)
    assert not sentence
    found = {
        (row["indicator"], f"Q{row['quarter']}" if row["quarter"] else row["period_start"][:7]): row["value"]
        for row in reading.observations
    }
    assert found == READ[name]


def test_months_and_quarters_that_agree(catalogue):
    reading, _ = read("05_month_beside_quarter_total.csv", catalogue)
    assert [row["value"] for row in reading.observations if row["quarter"]] == [101, 98]
    assert sum(row["quarter"] is None for row in reading.observations) == 6


def test_a_year_in_the_first_row(catalogue):
    reading, _ = read("14_year_in_first_row.csv", catalogue)
    assert [row["value"] for row in reading.observations] == [101, 98, 120, 110, 90, 95, 99, 100]


def test_a_short_row_is_unreadable_and_the_other_is_read(catalogue):
    reading, _ = read("19_unquoted_thousands.csv", catalogue)
    assert {row["status"] for row in reading.observations if row["indicator"] == HATE} == {"unreadable"}
    assert [row["value"] for row in reading.observations if row["indicator"] == KNIFE] == [55, 61, 49, 50]


def test_a_value_over_two_columns_of_a_pdf_is_not_read_and_the_rest_is(catalogue):
    reading, _ = read("13_value_spans_two_columns.pdf", catalogue)
    hate = {row["quarter"]: row["status"] for row in reading.observations if row["indicator"] == HATE}
    assert [hate[1], hate[2]] == ["unreadable", "unreadable"]
    assert [row["value"] for row in reading.observations if row["status"] == "reported"] == [120, 110, 55, 61, 49, 50]
