"""Small tables in which a word beside the figures changes what they mean: read right, listed or refused by name."""

from __future__ import annotations

import pytest

from swp_analysis.ingest.read_year import read_files

QUARTERS = "Q1 2018/19,Q2 2018/19"
TABLE = f"KPI,{QUARTERS}\nHate Crime,101,98\n"

# Nothing of the row is read, and the sentence says why.
NOTHING = {
    "Young people\n" + TABLE: "young people",
    "Adults\n" + TABLE: "adults",
    "Percentages\n" + TABLE: "percentages",
    "Quarter 1 = Jan to Mar\n" + TABLE: "calendar year",
    "National\n" + TABLE: "national",
    "Last year\n" + TABLE: "last year",
    "Plan 2018/19\n" + TABLE: "plan",
    "Arrests\n" + TABLE: "arrests",
    "Victims rather than offences\n" + TABLE: "rather than",
    "Persons, not crimes\n" + TABLE: "not crimes",
    "Figures relate to suspects.\n" + TABLE: "suspects",
    "Crimes with an outcome\n" + TABLE: "with an outcome",
    "Data for two of three months\n" + TABLE: "two of three months",
    "Hate crime to 15 June 2018\n" + TABLE: "to 15 June",
    "Hate crime since 2015\n" + TABLE: "since 2015",
    "Hate crimes by white British people\n" + TABLE: "white british",
    "Financial year starts in January\n" + TABLE: "starts in January",
    "KPI,Q1 2018/19 per month,Q2 2018/19 per month\nHate Crime,101,98\n": "per month",
    f"National,{QUARTERS}\nHate Crime,101,98\n": "national",
    f"Victims,{QUARTERS}\nHate Crime,101,98\n": "victims",
    f"KPI,{QUARTERS}\nHate Crime 2016/17,101,98\n": "2016/17",
    f"KPI,{QUARTERS}\nHate Crime Q1,101,98\n": "another quarter",
    f"KPI,Period,{QUARTERS}\nHate Crime,Q3,101,98\n": "Q3",
    "Source: forecasts by the analyst\n" + TABLE: "forecasts",
    TABLE + "Source: WMP. Figures for both quarters are estimates.\n": "estimates",
    "Walsall performance,,\n\nVulnerability,,\n" + TABLE + "\nGangs,,\n" + TABLE: "Walsall",
    "Walsall,,\n" + TABLE + "\n" + TABLE: "Walsall",
    "2018/19 report,,,,\n,,2017/18,,2018/19\nKPI,Q1,Q2,Q1,Q2\nHate Crime,1,2,3,4\n": "in the order",
    f"KPI,Notes,{QUARTERS}\nHate Crime,Last year,101,98\n": "last year",
    f"KPI,Data,{QUARTERS}\nHate Crime,Target,101,98\n": "target",
    f"KPI,Source,{QUARTERS}\nHate Crime,Walsall,101,98\n": "Walsall",
    TABLE + "* First ten weeks\n": "ten weeks",
    f"KPI,Area,{QUARTERS}\nKnife crime,Walsall,40,33\nHate Crime,,101,98\n": "Walsall",
    f"KPI,Type,{QUARTERS}\nKnife crime,Forecast,40,33\nHate Crime,,101,98\n": "forecast",
    f"KPI,{QUARTERS}\nTargets,,\nVulnerability,,\nHate Crime,101,98\n": "targets",
    f"KPI,{QUARTERS}\nWalsall,,\nGangs,,\nKnife crime,40,33\nVulnerability,,\nHate Crime,101,98\n": "Walsall",
    "Numbers accumulate from quarter to quarter\n" + TABLE: "accumulate",
    "Every quarter includes the quarters before\n" + TABLE: "includes the quarters before",
    "The data are for the whole force\n" + TABLE: "force",
    TABLE + "Data relate to the previous financial year.\n": "previous",
    TABLE + "All of these are planned numbers.\n": "planned numbers",
    TABLE + "Figures are % of total\n": "% of total",
    TABLE + "Figures relate to suspects.\n": "suspects",
    "KPI,Q1 2018/19 victims,Q2 2018/19 victims\nHate Crime,101,98\n": "victims",
    f"KPI,Unit,{QUARTERS}\nHate Crime,Calls,101,98\n": "calls",
    TABLE + "* two months of data\n": "two months",
    TABLE + "Q2 includes Q1\n": "includes Q1",
    TABLE + "Each quarter includes the ones before.\n": "includes",
    TABLE + "Q2 = April to September\n": "Apr to Sep",
    TABLE + '"* Excludes Bilston, which was not supplied"\n': "excludes",
    f"KPI (cumulative),{QUARTERS}\nHate Crime,101,199\n": "cumulative",
    f"Target,{QUARTERS}\nHate Crime,101,199\n": "target",
    f"KPI,Frequency,{QUARTERS}\nHate Crime,Annual,101,98\n": "annual",
    f"KPI,Polarity,{QUARTERS}\nHate Crime,Cumulative,101,98\n": "cumulative",
    f"KPI,Definition,{QUARTERS}\nHate Crime,Rolling 12 months,101,98\n": "rolling",
    f"KPI,{QUARTERS},Comments\nHate Crime,101,98,Cumulative from April\n": "cumulative",
    f"KPI,LPU,{QUARTERS}\nHate Crime,Walsall,101,98\n": "Walsall",
    f"KPI,LA code,{QUARTERS}\nHate Crime,E08000030,101,98\n": "E08000030",
    f"KPI,Group,{QUARTERS}\nHate Crime,Under 25,101,98\n": "under 25",
    f"KPI,Measure name,{QUARTERS}\nHate Crime,Knife crime,101,98\n": "it names",
    f"Crime type,Offence,{QUARTERS}\nHate Crime,Racist,101,98\n": "Racist",
    "KPI,43191,43282\nHate Crime,101,98\n": "01/04/2018",
    "KPI,Q1 18,Q2 18\nHate Crime,101,98\n": "2017/18 or 2018/19",
    "KPI,Q1 FY19,Q2 FY19\nHate Crime,101,98\n": "2018/19 or 2019/20",
    f"KPI,{QUARTERS}\nHate Crime,101,98 (est)\n": "comments",
    f"KPI,{QUARTERS}\nHate Crime,101,98p\n": "98 (p)",
    "KPI,Q1 2018/19,Q1 2018/19 restated\nHate Crime,101,103\n": "ignored_headings",
}
# What is read of hate crime; the rest is listed with its word.
SOME = {
    f"KPI,{QUARTERS}\nHate Crime [Low is good],101,98\n": ([101, 98], ""),
    f"KPI,{QUARTERS}\nHate Crime (Lower is better),101,98\n": ([101, 98], ""),
    "Gangs and youth crime\n" + TABLE: ([101, 98], ""),
    "KPI,Year,Quarter,Number\nHate Crime,2018/19,Q1,101\n,,Q2,98\n": ([101, 98], ""),
    f"KPI,{QUARTERS}\nWalsall,,\nGangs,,\nKnife crime,40,33\nWolverhampton,,\nHate Crime,101,98\n": (
        [101, 98],
        "Walsall",
    ),
    f"KPI,Unit,{QUARTERS}\nKnife crime,per 1000,40,33\nHate Crime,,101,98\n": ([101, 98], "per 1000"),
    "KPI,Jun 18 qtr,Sep 18 qtr\nHate Crime,101,98\n": ([101, 98], ""),
    "KPI,Q1 '18/'19,Q2 '18/'19\nHate Crime,101,98\n": ([101, 98], ""),
    "Performance for the year 2018 to 2019\nKPI,Q1,Q2\nHate Crime,101,98\n": ([101, 98], "2018-19"),
    TABLE + "Figures relate to crimes recorded by West Midlands Police.\n": ([101, 98], ""),
    "Youth Offending Team return\n" + TABLE: ([101, 98], ""),
    f"Ref,Measure,{QUARTERS}\nCS1,Hate Crime,101,98\n": ([101, 98], ""),
    f"KPI,{QUARTERS}\nKPI 3: Hate Crime,101,98\n": ([101, 98], ""),
    f"Ref,Indicator,{QUARTERS}\nKPI 1,Hate Crime,101,98\n": ([101, 98], ""),
    f"KPI,Polarity,Source,{QUARTERS}\nHate Crime,Lower,West Midlands Police,101,98\n": ([101, 98], ""),
    "Walsall,,\n" + TABLE + "\nWolverhampton,,\n" + TABLE: ([101, 98], "Walsall"),
    "Position to 30 June 2018\n" + TABLE: ([101, 98], ""),
    "KPI,Q1 2018/19,Q2 2018/19 calls\nHate Crime,101,90\n": ([101], "other numbers"),
    TABLE + "Work with schools goes on\n": ([101, 98], "not wholly understood"),
    TABLE + "Target,90,90\n": ([101, 98], "'Target' is not read"),
    "KPI,Q1 2018/19,Q2 2018/19 (e)\nHate Crime,101,98\n": ([101], "(e)"),
    "KPI,Q1 2018/19,Q2 2018/19 (2 months)\nHate Crime,101,98\n": ([101], "2 months"),
    "KPI,Q1 2018/19 Act,Q1 2018/19 Tgt\nHate Crime,101,90\n": ([101], "tgt"),
    "KPI,Q1 2018/19,Q1-Q2 2018/19\nHate Crime,101,199\n": ([101], "several quarters"),
    "KPI,Q1,Q2,H1,Year\n,2018/19,2018/19,2018/19,2018/19\nHate Crime,101,98,199,399\n": ([101, 98], "Year 2018/19"),
    "KPI,Q1 2018/19 No.,Q1 2018/19 %\nHate Crime,101,12%\n": ([101], "column C: percentages beside counts in row 2"),
    "KPI,Quarter 1 (1 April - 30 June 2018)\nHate Crime,101\n": ([101], ""),
    f"KPI,LA code,{QUARTERS}\nHate Crime,E08000031,101,98\n": ([101, 98], ""),
    f"KPI,{QUARTERS},Comments\nHate Crime,101,98,Rose with a rolling programme of visits\n": ([101, 98], ""),
    TABLE + "\nWalsall\n" + TABLE.replace("101", "55"): ([101, 98], "the whole table"),
    f"Actual,,,,Target,,\nKPI,{QUARTERS},,KPI,{QUARTERS}\nHate Crime,101,98,,Hate Crime,90,90\n": (
        [101, 98],
        "the whole table",
    ),
}


def read(text: str, folder, catalogue):
    path = folder / "kpi.csv"
    path.write_text(text, encoding="utf-8")
    return read_files([path], "2018-19", catalogue)


@pytest.mark.parametrize(("text", "word"), NOTHING.items())
def test_a_word_that_changes_every_figure_refuses_the_file(text, word, tmp_path, catalogue):
    reading, refused = read(text, tmp_path, catalogue)
    (sentence,) = map(str, refused.values())
    assert sentence.startswith("kpi.csv")
    assert word in sentence
    assert not reading.observations


@pytest.mark.parametrize(("text", "wanted"), SOME.items())
def test_what_is_the_areas_own_is_read_and_the_rest_listed(text, wanted, tmp_path, catalogue):
    figures, said = wanted
    reading, refused = read(text, tmp_path, catalogue)
    assert not refused
    assert [row["value"] for row in reading.observations] == figures
    assert said in " ".join([*reading.notes, *(one.reason for one in reading.unread)])


def test_a_row_about_young_people_is_read_under_such_a_title(tmp_path, catalogue):
    label = catalogue.indicators["personal_robbery_victims_10_24"].label
    text = f'Young people\nKPI,{QUARTERS}\n"{label}",37,30\nHate Crime,101,98\n'
    reading, refused = read(text, tmp_path, catalogue)
    assert not refused
    assert [row["value"] for row in reading.observations] == [37, 30]
    assert any("young people" in note for note in reading.notes)


@pytest.mark.parametrize(("name", "word"), [("Walsall_kpis.csv", "Walsall"), ("targets_2018-19.csv", "targets")])
def test_the_name_of_a_file_says_what_is_in_it(name, word, tmp_path, catalogue):
    path = tmp_path / name
    path.write_text(TABLE, encoding="utf-8")
    _, refused = read_files([path], "2018-19", catalogue)
    assert word in str(refused[path])
