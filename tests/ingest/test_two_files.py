"""Two files of one year that give the same figure."""

from __future__ import annotations

from swp_analysis.ingest.read_year import read_editions
from tests.ingest.test_bad_input import YEAR, complaint, replace


def test_the_file_with_the_later_date_in_its_name_wins_and_the_difference_is_said(project, catalogue):
    text = (project.raw / YEAR / "vulnerability.csv").read_text(encoding="utf-8").replace("13,23", "13,24")
    (project.raw / YEAR / "vulnerability_2018-07-12.csv").write_text(text, encoding="utf-8")
    read = read_editions(project.raw, YEAR, catalogue)
    newest = read.observations.query("indicator == 'prevent_referrals' and period_start == '2017-04-01'")
    assert newest["value"].tolist() == [24]
    assert any("'23' in vulnerability.csv is replaced by '24'" in note for note in read.notes)


def test_a_blank_in_the_newer_file_takes_nothing_away(project, catalogue):
    text = (project.raw / YEAR / "vulnerability.csv").read_text(encoding="utf-8").replace("13,23", "13,")
    (project.raw / YEAR / "vulnerability_2018-07-12.csv").write_text(text, encoding="utf-8")
    read = read_editions(project.raw, YEAR, catalogue)
    newest = read.observations.query("indicator == 'prevent_referrals' and period_start == '2017-04-01'")
    assert newest["value"].tolist() == [23]


def test_two_files_of_one_date_may_say_the_same_but_not_two_things(project, catalogue, shipped):
    table = project.raw / YEAR / "vulnerability.csv"
    again = project.raw / YEAR / "vulnerability_again.csv"
    again.write_bytes(table.read_bytes())
    assert len(read_editions(project.raw, YEAR, catalogue).observations) == len(shipped.observations)
    replace(again, "399,384", "398,384")
    assert "home_safety_checks for Q1 2016-17 already stands in vulnerability.csv" in complaint(project, catalogue)
