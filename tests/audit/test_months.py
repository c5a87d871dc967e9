"""A month is judged where the tables have its figure, and by no other."""

import csv

import pytest

from swp_analysis.audit.judge_text import judge_text
from swp_analysis.commands.init import init_project
from swp_analysis.project import Project

MONTHS = "Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar".split()
THEFTS = {
    2022: [41, 38, 45, 52, 50, 57, 49, 44, 40, 36, 39, 42],
    2023: [44, 47, 39, 58, 51, 48, 46, 53, 37, 35, 30, 34],
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Give the verdicts on a text about shoplifting, by month, and fires, by quarter, both up to 2023/24."""
    place = tmp_path_factory.mktemp("months")
    monthly = [f"{name}-{(year if number < 9 else year + 1) % 100:02d}" for year in THEFTS
               for number, name in enumerate(MONTHS)]  # fmt: skip
    quarterly = [f"Q{quarter} {year}" for year in ("2022/23", "2023/24") for quarter in (1, 2, 3, 4)]
    files = {
        "thefts.csv": [["Measure", *monthly], ["Shoplifting", *THEFTS[2022], *THEFTS[2023]]],
        "fires.csv": [["Measure", *quarterly], ["Deliberate fires", 31, 44, 22, 18, 27, 40, 25, 9]],
    }
    for name, rows in files.items():
        with (place / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    project = place / "project"
    init_project(project, "Safer Marsh", "E07000998", [place / name for name in files])
    return lambda said: set(judge_text(said, "2023-24", Project(project))["verdict"])


@pytest.mark.parametrize(
    "said",
    [
        "There were 30 shoplifting offences in February 2024.",
        "Shoplifting fell from 53 in November to 37 in December.",
        "Shoplifting peaked in July, with 58 offences.",
        "Shoplifting rose to 58 in July, then fell to 51.",
        "In August there were 51 shoplifting offences, 7 fewer than in July.",
        "In August 2023 there were 51 shoplifting offences, 1 more than in the same month last year.",
        "Shoplifting rose from 42 in March to 44 in April.",
        "December's 37 shoplifting offences were 16 fewer than November's.",
        "Between April and June 2023 there were 130 shoplifting offences.",
    ],
)
def test_what_is_true_of_a_month_is_confirmed(judged, said):
    assert judged(said) == {"confirmed"}


@pytest.mark.parametrize(
    "said",
    [
        "There were 40 shoplifting offences in February 2024.",
        "Shoplifting fell from 53 in November to 34 in December.",
        "Shoplifting rose from 53 in November to 37 in December.",
        "December's 37 shoplifting offences were 26 fewer than November's.",
        "Shoplifting peaked in August, with 51 offences.",
        "Shoplifting rose to 58 in July, then fell to 41.",
        "In August 2023 there were 51 shoplifting offences, 9 more than in the same month last year.",
    ],
)
def test_what_is_false_of_a_month_is_found(judged, said):
    assert "contradicted" in judged(said)


@pytest.mark.parametrize(
    "said",
    [
        "There were 9 deliberate fires in March.",
        "There were 40 deliberate fires in August 2023.",
        "In July there were 58 shoplifting offences. In the previous quarter there were 130.",
        "In August shoplifting fell by 18 on the previous quarter.",
    ],
)
def test_a_figure_of_a_quarter_is_none_of_a_month(judged, said):
    assert not judged(said) & {"contradicted", "different_scope"}
    assert judged(said) != {"confirmed"}
