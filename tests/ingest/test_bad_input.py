"""What a person gets to read when a raw file is wrong: one sentence with file, row, column, what was found and
expected."""

from __future__ import annotations

import pytest

from swp_analysis.errors import InputError
from swp_analysis.ingest.editions import choose_year, read_editions

YEAR = "2017-18"


@pytest.fixture
def table(project):
    """The gangs table as a file that a test may damage."""
    return project.raw / YEAR / "gangs_and_youth_crime.csv"


def complaint(project, catalogue) -> str:
    with pytest.raises(InputError) as caught:
        read_editions(project.raw, YEAR, catalogue)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def replace(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_a_letter_in_a_number(project, catalogue, table):
    replace(table, "To reduce,40,49", "To reduce,4O,49")
    assert complaint(project, catalogue) == (
        "gangs_and_youth_crime.csv, row 3, column C: found '4O', expected a whole number or <5."
    )


def test_a_percent_that_contradicts_its_fraction(project, catalogue):
    replace(project.raw / YEAR / "reducing_reoffending.csv", "3.84% (2/52)", "4.84% (2/52)")
    assert "found 4.84% beside 2/52, which is 3.85%" in complaint(project, catalogue)


def test_an_unknown_label_says_which_alias_to_add_where(project, catalogue, table):
    replace(table, "Levels of Personal Robbery offences", "Level of Personal Robbery offences")
    sentence = complaint(project, catalogue)
    assert "row 8, column A" in sentence
    assert "nearest is personal_robbery;" in sentence
    assert "indicators/gangs_and_youth_crime.yml" in sentence


def test_a_row_without_label_that_no_rule_explains(project, catalogue, table):
    replace(table, "No of active gang members, as measured at GODOC Baseline – 97", "")
    assert "the row has no label" in complaint(project, catalogue)


def test_a_wrong_year_heading(project, catalogue, table):
    replace(table, "2016/17,2017/18", "2016/18,2017/18")
    assert "row 2, column C: found '2016/18', expected a financial year" in complaint(project, catalogue)


def test_a_year_later_than_its_folder(project, catalogue, table):
    replace(table, "2016/17,2017/18", "2016/17,2018/19")
    assert "2018-19, later than the folder data/raw/2017-18" in complaint(project, catalogue)


def test_the_same_quarter_twice(project, catalogue, table):
    replace(table, "2016/17,2017/18", "2016/17,2016/17")
    assert "quarter 1 of 2016-17 already stands in column C" in complaint(project, catalogue)


def test_a_figure_under_no_heading(project, catalogue, table):
    replace(table, "67,SWP Analyst", "67,SWP Analyst,12")
    assert "row 3, column L: found '12' in a column that no heading explains" in complaint(project, catalogue)


def test_the_same_row_twice(project, catalogue, table):
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines, lines[2]]) + "\n", encoding="utf-8")
    assert "knife_violence for Q1 2016-17 already stands in gangs_and_youth_crime.csv, row 3" in complaint(
        project, catalogue
    )


def test_no_heading(project, catalogue, table):
    table.write_text("some,other,table\n1,2,3\n", encoding="utf-8")
    assert "no table found" in complaint(project, catalogue)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "the file is empty"), (b"KPI,\xff\xfe\x00\x01", "not a text file"), (b"KPI,a\0b\n", "not a text file")],
)
def test_files_that_are_no_tables(project, catalogue, table, content, said):
    table.write_bytes(content)
    assert said in complaint(project, catalogue)


def test_a_format_that_is_not_read_is_refused_not_skipped(project, catalogue):
    (project.raw / YEAR / "late_figures.pages").write_bytes(b"x")
    assert "late_figures.pages" in complaint(project, catalogue)


def test_an_empty_year(project, catalogue):
    (project.raw / "2018-19").mkdir()
    with pytest.raises(InputError, match="holds no KPI table"):
        read_editions(project.raw, "2018-19", catalogue)


@pytest.mark.parametrize("wanted", ["1999-00", "2017-19", "last year"])
def test_a_year_without_data_names_those_with(project, wanted):
    with pytest.raises(InputError, match="2017-18"):
        choose_year(project.raw, wanted)


@pytest.mark.parametrize("wanted", [None, "2017-18", "2017/18", "2017-2018"])
def test_the_newest_year_is_the_default_and_a_year_may_be_written_any_usual_way(project, wanted):
    assert choose_year(project.raw, wanted) == "2017-18"


def test_a_later_report_that_restates_a_figure_wins_and_is_listed(project, catalogue):
    later = project.raw / "2018-19"
    later.mkdir()
    text = (project.raw / YEAR / "vulnerability.csv").read_text(encoding="utf-8")
    text = text.replace("2016/17,2017/18", "2017/18,2018/19").replace("13,23", "24,20")
    (later / "vulnerability.csv").write_text(text, encoding="utf-8")
    joined = read_editions(project.raw, "2018-19", catalogue)
    quarter = joined.observations.query(
        "indicator == 'prevent_referrals' and financial_year == '2017-18' and quarter == 1"
    )
    assert quarter["value"].tolist() == [24]
    revised = joined.revisions.query("indicator == 'prevent_referrals' and period_start == '2017-04-01'")
    assert revised[["raw_value_before", "raw_value_now"]].to_numpy().tolist() == [["23", "24"]]
    assert set(joined.observations["financial_year"]) == {"2016-17", "2017-18", "2018-19"}
