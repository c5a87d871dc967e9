"""Files with more in them than is needed: the figures of the right table, and no others."""

from __future__ import annotations

import openpyxl
import pytest

from swp_analysis.errors import InputError
from swp_analysis.open_data.reader import describe_open, open_data
from swp_analysis.open_data.tables import build_open
from tests.open_data.conftest import write_csv
from tests.open_data.test_readers import C2_HEADER, C2_ROWS

HEADINGS = C2_HEADER.split(",")
OUTCOMES = (
    "Financial Year,Financial Quarter,Force Name,Offence Group,Offence Subgroup,Offence Code,Outcome Group,Outcomes"
)


def write_sheets(path, sheets, hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def change_counts(write):
    return [[*row[:6], *map(write, row[6:])] for row in C2_ROWS]


def c2(when="June 2025", number=str):
    return [[f"Table C2: Number of crimes, year ending {when} [note 1]"], HEADINGS, *change_counts(number)]


C1 = [
    ["Table C1: Rates of crimes, year ending June 2025"],
    [*HEADINGS[:6], "Population figures", *HEADINGS[6:]],
    *([*row[:6], 250_000, 40.1, 0.1, 2.2] for row in C2_ROWS),
]
C3 = [["Table C3: Percentage change, year ending June 2025"], HEADINGS, *change_counts(lambda text: 3)]


def total_of(project, ends="2025-06-30"):
    rows = open_data(project).printed_years
    own = rows[(rows["area_code"] == "E22000340") & (rows["source"] == "ons_csp") & (rows["period_end"] == ends)]
    return own.drop_duplicates("offence_group").set_index("offence_group")["count"].get("total")


@pytest.mark.parametrize("order", [("C1", "C2", "C3"), ("C3", "C2", "C1")])
def test_the_counts_of_a_workbook_are_read_and_not_its_rates_or_changes(filed, order):
    sheets = {"C1": C1, "C2": c2(), "C3": C3}
    write_sheets(filed.raw / "open" / "csptablesyejun25.xlsx", {name: sheets[name] for name in order})
    assert total_of(filed) == 17_000


def test_every_year_of_a_workbook_is_read_but_what_is_hidden_is_not(filed):
    sheets = {"Old": c2("March 2024", lambda text: "1"), "June": c2(), "Earlier": c2("June 2024", lambda text: "7")}
    write_sheets(filed.raw / "open" / "c2.xlsx", sheets, hidden=["Old"])
    found = [total_of(filed, ends) for ends in ("2024-03-31", "2024-06-30", "2025-06-30")]
    assert found == [None, 7, 17_000]


def test_a_table_of_outcomes_is_named_and_in_nobodys_way(filed):
    folder = filed.raw / "open"
    rows = [["2024/25", 1, "Kent", "Robbery", "Robbery of personal property", "34B", "Charged", 3]]
    write_sheets(folder / "outcomes.xlsx", {"Cover": [["Outcomes"]], "2024_25": [OUTCOMES.split(","), *rows]})
    write_csv(folder / "scores.csv", [["a", "b"]], ["x", "y"])
    said = [line for line in describe_open(open_data(filed)) if "was not read" in line]
    assert [line.split()[0] for line in said] == ["outcomes.xlsx", "scores.csv"]
    assert all("docs/open_data.md" in line for line in said)


NOMIS = "DATE,DATE_NAME,GEOGRAPHY_CODE,GENDER,GENDER_NAME,C_AGE,C_AGE_NAME,MEASURES,MEASURES_NAME,OBS_VALUE".split(",")
EVERYONE = (0, "Total"), (200, "All Ages"), (20100, "Value")


def nomis(sex=EVERYONE[0], age=EVERYONE[1], measure=EVERYONE[2], count=90_000):
    return [2023, 2023, "E08000031", *sex, *age, *measure, count]


def test_a_population_is_of_everyone_where_parts_stand_beside_it(filed):
    parts = [
        nomis(sex=(1, "Male"), count=44_000),
        nomis(age=(101, "Age 0"), count=1_000),
        nomis(measure=(20301, "%"), count=1),
    ]
    path = filed.raw / "open" / "population" / "census-2021" / "nomis.csv"
    write_csv(path, [*parts, nomis()], NOMIS)
    people = open_data(filed).population
    assert people[(people["area_code"] == "E22000341") & (people["mid_year"] == 2023)]["population"].tolist() == [
        90_000
    ]
    write_csv(path, parts, NOMIS)
    with pytest.raises(InputError, match=r"nomis\.csv: no row has .* as its (sex|age|measure)"):
        build_open(filed)


def test_the_workbook_of_mid_year_estimates_gives_the_table_of_years(filed):
    ages = [
        ["Mid-2023"],
        ["Code", "Name", "Geography", "All ages", 0, 1],
        ["E08000031", "Wolverhampton", "Met", 9, 1, 1],
    ]
    years = [
        ["Code", "Name", "Geography", "Mid-2024", "Mid-2023"],
        ["E08000031", "Wolverhampton", "Met", 91_000, 90_000],
    ]
    path = filed.raw / "open" / "population" / "census-2021" / "mye24.xlsx"
    write_sheets(path, {"MYE2 - Males": ages, "MYE4": years})
    people = open_data(filed).population
    own = people[people["area_code"] == "E22000341"].set_index("mid_year")["population"]
    assert own.loc[[2023, 2024]].tolist() == [90_000, 91_000]


def test_the_later_of_two_releases_of_a_population_is_taken_whole(filed):
    for release, counts in (("1-old", {2022: 1, 2023: 2}), ("2-new", {2022: 8, 2023: 9, 2024: 10})):
        rows = [("E08000031", year, count) for year, count in counts.items()]
        folder = filed.raw / "open" / "population" / release
        write_csv(folder / "mye.csv", rows, ["GEOGRAPHY_CODE", "DATE", "OBS_VALUE"])
    people = open_data(filed).population
    own = people[(people["area_code"] == "E22000341") & (people["mid_year"] > 2021)].drop_duplicates("mid_year")
    assert own["population"].tolist() == [8, 9, 10]
