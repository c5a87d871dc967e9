"""Months beside quarters, dates in headings, long and turned tables, and a year in each row."""

from __future__ import annotations

import cProfile
import pstats

import pytest

from swp_analysis.errors import InputError
from tests.ingest.test_words_that_qualify import HATE, KNIFE, read


def periods(reading, indicator: str = "hate_crime") -> dict[str, float]:
    """The figures by name of their period: `Q1 2018-19`, or `2018-04` for a month."""
    rows = [row for row in reading.observations if row["indicator"] == indicator]
    return {
        f"Q{row['quarter']} {row['financial_year']}" if row["quarter"] else row["period_start"][:7]: row["value"]
        for row in rows
    }


def test_months_beside_a_quarter_that_agrees(tmp_path, catalogue):
    rows = [["KPI", "Apr 2018", "May 2018", "Jun 2018", "Q1 2018/19"], [HATE, "31", "35", "35", "101"]]
    found = read(tmp_path / "raw", catalogue, rows)
    assert periods(found) == {"2018-04": 31, "2018-05": 35, "2018-06": 35, "Q1 2018-19": 101}
    assert not found.notes


def test_three_months_make_a_quarter_and_are_held_against_a_printed_one(tmp_path, catalogue):
    rows = [["KPI", "Apr-18", "May-18", "Jun-18", "Jul-18"], [HATE, "31", "35", "35", "40"]]
    found = read(tmp_path / "raw", catalogue, rows)
    assert periods(found) == {"2018-04": 31, "2018-05": 35, "2018-06": 35, "2018-07": 40, "Q1 2018-19": 101}
    assert any("made from its three months" in note for note in found.notes)
    rows = [["KPI", "Apr-18", "May-18", "Jun-18", "Q1 2018/19"], [HATE, "31", "35", "35", "100"]]
    found = read(tmp_path / "raw", catalogue, rows)
    assert periods(found)["Q1 2018-19"] == 100
    assert any("is not what its three months give" in note for note in found.notes)


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (["30/06/2018", "30/09/2018"], ["Q1 2018-19", "Q2 2018-19"]),
        (["30-Jun-18", "30-Sep-18"], ["Q1 2018-19", "Q2 2018-19"]),
        (["Quarter ended 30 June 2018", "Quarter ended 30 September 2018"], ["Q1 2018-19", "Q2 2018-19"]),
        (["31 May 2018", "30 June 2018"], ["2018-05", "2018-06"]),
        (["Jan-18", "Jan-19"], ["2018-01", "2019-01"]),
        (["Apr-Jun 18", "Q2 (Jul - Sep) 2018"], ["Q1 2018-19", "Q2 2018-19"]),
    ],
)
def test_dates_are_what_they_say(tmp_path, catalogue, headings, names):
    found = read(tmp_path / "raw", catalogue, [["KPI", *headings], [HATE, "101", "98"]])
    assert periods(found) == dict(zip(names, [101, 98], strict=True))


@pytest.mark.parametrize(
    ("headings", "first"),
    [
        (["Quarter One", "Quarter Two"], "Q1 2018-19"),
        (["First quarter", "Second quarter"], "Q1 2018-19"),
        (["April", "May"], "2018-04"),
    ],
)
def test_periods_in_words_are_a_heading_whatever_the_labels_are_called(tmp_path, catalogue, headings, first):
    for labels in ("KPI", "Measure", "Offence type"):
        found = read(tmp_path / labels, catalogue, [["Performance 2018/19"], [labels, *headings], [HATE, "101", "98"]])
        assert periods(found)[first] == 101


@pytest.mark.parametrize("labels", [("Crime type", ""), ("", "KPI"), ("KPI", "")])
def test_what_stands_over_several_quarters_is_said_of_them(tmp_path, catalogue, labels):
    """A cell of two heading rows leaves the lower one blank, whatever it says of the labels."""
    quarters = ["Q1", "Q2", "Q3", "Q4"]
    over = ["2017/18", "", "", "", "2018/19", "", "", ""]
    figures = [str(n) for n in range(101, 109)]
    found = read(
        tmp_path / "years", catalogue, [[labels[0], *over], [labels[1], *quarters, *quarters], [HATE, *figures]]
    )
    assert list(periods(found).values()) == list(range(101, 109))
    assert periods(found)["Q1 2018-19"] == 105
    over = ["Target", "", "Actual", ""]
    below = ["Q1 2018/19", "Q2 2018/19"] * 2
    found = read(tmp_path / "groups", catalogue, [[labels[0], *over], [labels[1], *below], [HATE, *figures[:4]]])
    assert periods(found) == {"Q1 2018-19": 103, "Q2 2018-19": 104}


def test_the_heading_of_labels_is_read_in_either_row(tmp_path, catalogue):
    for label in ("KPI (cumulative)", "Crimes of Walsall"):
        rows = [[label, "2018/19", ""], ["", "Q1", "Q2"], [HATE, "101", "98"]]
        with pytest.raises(InputError, match=r"cumulative|Walsall"):
            read(tmp_path / label, catalogue, rows)


def test_a_day_inside_a_month_is_refused(tmp_path, catalogue):
    with pytest.raises(InputError, match="found '12/06/2018', a day that neither begins nor ends"):
        read(tmp_path / "raw", catalogue, [["KPI", "12/06/2018", "30/09/2018"], [HATE, "101", "98"]])


TABLES = {
    "days in rows": [
        ["KPI", "Period", "Value"],
        [HATE, "30/06/2018", "101"],
        [HATE, "2018-09-30", "98"],
        [HATE, "30-Jun-17", "90"],
        [HATE, "Quarter ended 30 September 2017", "95"],
    ],
    "years over rows": [
        ["KPI", "Q1", "Q2"],
        ["2018/19", "", ""],
        [HATE, "101", "98"],
        ["Financial year 2017/18", "", ""],
        [HATE, "90", "95"],
    ],
    "a year in each row": [["KPI", "Year", "Q1", "Q2"], [HATE, "2018/19", "101", "98"], [HATE, "2017/18", "90", "95"]],
    "long": [
        ["Indicator", "Year", "Quarter", "Value"],
        [HATE, "2018/19", "Q1", "101"],
        [HATE, "2018/19", "2", "98"],
        [HATE, "2017/18", "Q1", "90"],
        [HATE, "2017/18", "Q2", "95"],
    ],
    "turned": [
        ["Quarter", HATE, KNIFE],
        ["Q1 2018/19", "101", "1"],
        ["Q2 2018/19", "98", "2"],
        ["Q1 2017/18", "90", "3"],
        ["Q2 2017/18", "95", "4"],
    ],
    "years and quarters in rows": [
        ["Year", "Quarter", HATE],
        ["2018/19", "Q1", "101"],
        ["2018/19", "Q2", "98"],
        ["2017/18", "Q1", "90"],
        ["2017/18", "Q2", "95"],
    ],
}


@pytest.mark.parametrize("layout", TABLES)
def test_a_table_laid_out_otherwise_is_read_and_each_figure_found_again(tmp_path, catalogue, layout):
    rows = TABLES[layout]
    found = read(tmp_path / "raw", catalogue, rows)
    assert periods(found) == {"Q1 2018-19": 101, "Q2 2018-19": 98, "Q1 2017-18": 90, "Q2 2017-18": 95}
    for row in found.observations:
        assert rows[row["source_row"] - 1][ord(row["source_column"]) - ord("A")] == row["raw_value"]


def test_a_long_table_without_a_quarter_is_refused(tmp_path, catalogue):
    rows = [["Indicator", "Year", "Quarter", "Value"], [HATE, "2018/19", "", "101"]]
    with pytest.raises(InputError, match="row 2, column D: neither the heading nor the row says which quarter"):
        read(tmp_path / "raw", catalogue, rows)


def test_months_beside_quarters_go_through_build_and_briefing(project, catalogue):
    """A table with both ended in a traceback in every notebook."""
    import pandas as pd

    from swp_analysis.build import build
    from swp_analysis.present.opening import read_briefing

    folder = project.raw / "2018-19"
    folder.mkdir()
    months = ["Apr 2018", "May 2018", "Jun 2018", "Q1 2018/19", "Jul 2018"]
    text = "\n".join([",".join(["KPI", *months]), f"{HATE},31,35,35,101,33", f"{KNIFE},20,21,22,63,5"])
    (folder / "kpi.csv").write_text(text, encoding="utf-8")
    build(project, "2018-19")
    written = pd.read_csv(project.processed / "observations.csv")
    own = written[(written["indicator"] == "hate_crime") & (written["financial_year"] == "2018-19")]
    assert own["quarter"].isna().sum() == 4
    assert own.loc[own["quarter"] == 1, "value"].tolist() == [101]
    briefing = read_briefing("2018-19", "E08000031", "internal", project)
    points = [point for point in briefing.series["hate_crime"].points if point.financial_year == "2018-19"]
    assert [(point.quarter, point.value) for point in points] == [(1, 101)]


def test_the_work_grows_with_the_rows_and_not_with_their_square(tmp_path, catalogue):
    """Counted in calls, which no other work on the machine can change."""

    def count_calls(rows: int) -> int:
        table = [
            ["KPI", "Q1 2018/19", "Q2 2018/19"],
            *([f"Scheme {n}", str(n), str(n + 1)] for n in range(100, 100 + rows)),
        ]
        profile = cProfile.Profile()
        with pytest.raises(InputError, match="Scheme 100"):
            profile.runcall(read, tmp_path / str(rows), catalogue, table)
        return pstats.Stats(profile).total_calls

    count_calls(10)  # what is looked up once
    assert count_calls(800) < 2.5 * count_calls(400)


@pytest.mark.parametrize(
    ("heading", "label", "kept"),
    [
        ("Baseline 2015/16", HATE, ["2015-16"]),
        ("2014/15 baseline", HATE, ["2014-15"]),
        ("Baseline Q1 2017/18", HATE, []),
        ("Baseline 2015", HATE, []),
        ("Baseline 2013/14-2015/16", HATE, []),
        ("Comments", f"{HATE} (baseline 2015/16: 374)", ["2015-16"]),
        ("Comments", f"{HATE} (2015/16 baseline: 374)", ["2015-16"]),
        ("Comments", f"{HATE} Baseline 2015/16 – 374", ["2015-16"]),
    ],
)
def test_a_baseline_is_of_the_year_that_it_names_and_of_no_other(tmp_path, catalogue, heading, label, kept):
    rows = [["KPI", heading, "Q1 2017/18", "Q1 2018/19"], [label, "" if heading == "Comments" else "374", "92", "118"]]
    reading = read(tmp_path, catalogue, rows)
    assert [row["financial_year"] for row in reading.baselines] == kept
    assert kept or any("'374' is not read" in note for note in reading.notes)
    assert periods(reading) == {"Q1 2017-18": 92, "Q1 2018-19": 118}


def test_a_baseline_without_a_year_beside_three_years_may_be_of_any(tmp_path, catalogue):
    rows = [["KPI", "Baseline", "Q1 2015/16", "Q1 2017/18", "Q1 2018/19"], [HATE, "374", "90", "92", "118"]]
    assert read(tmp_path, catalogue, rows).baselines == []


def test_a_row_of_rates_of_people_that_no_indicator_is_called_is_left_and_named(tmp_path, catalogue):
    """It stops nothing, for nobody can type it as a count."""
    rows = [["KPI", "Q1 2017/18", "Q1 2018/19"], [HATE, "92", "118"], ["All crime per 1,000 population", "17.9", "18"]]
    reading = read(tmp_path, catalogue, rows)
    assert periods(reading) == {"Q1 2017-18": 92, "Q1 2018-19": 118}
    assert any("'All crime per 1,000 population' is not read" in note and "no count" in note for note in reading.notes)
