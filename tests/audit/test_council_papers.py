"""Statements as annual reports, board papers and dashboards write them, about partnerships of our making."""

import pytest

from tests.audit.twins import choose, judge_about

FIGURES = {
    "Robbery offences": [64, 70, 76, 74, 80, 86, 91, 83],
    "Hate crime": [120, 141, 112, 103, 131, 158, 119, 108],
    "Fly-tips reported": [905, 932, 870, 893, 860, 844, 812, 784],
    "MARAC cases heard": [88, 94, 97, 91, 102, 99, 108, 111],
    "Repeat MARAC cases (%)": ["29%", "31%", "30%", "28%", "27%", "29%", "30%", "30%"],
    "Referrals to the SARC": [21, 24, 22, 23, 26, 25, 20, 19],
    "Domestic abuse arrest rate (%)": ["41.2%", "42.0%", "40.6%", "43.1%", "44.5%", "46.0%", "45.2%", "47.3%"],
    "Number of people killed or seriously injured on the roads": [27, 31, 29, 25, 24, 26, 28, 22],
    "Drivers tested for drink or drugs": [310, 345, 402, 288, 356, 390, 455, 331],
    "Violent crime in the night-time economy": [142, 156, 171, 133, 128, 139, 150, 121],
    "Deliberate fires": [92, 118, 64, 48, 81, 99, 55, 41],
    "Residents who feel safe in the town centre after dark (%)": ["", "", "", "51%", "", "", "", "54%"],
    "Satisfaction of victims of ASB (%)": ["71%", "70%", "72%", "73%", "74%", "75%", "74%", "77%"],
    "Sexual offences": [81, 92, 88, 79, 95, 104, 99, 82],
    "Rape": [30, 33, 31, 26, 36, 38, 34, 32],
    "Rough sleepers counted on the last day of the quarter": [19, 22, 25, 20, 17, 18, 21, 14],
    "First time entrants to the youth justice system": [16, 14, 15, 13, 12, 11, 13, 9],
}
# Each confirmed as it stands, and found with the figure behind `|` for the one before it.
PAIRS = [
    "SP2.4 Domestic abuse arrest rate: 47.3% in Q4 ([+2.1pp|+4.1pp] on Q3)",
    "SP3.1 KSI: [22|32] in Q4, 100 in the year",
    "There were 108 hate crimes in Q4, [9.2%|3.9%] fewer than in Q3 and 4.9% more than in Q4 last year.",
    "Hate crime increased slightly, by [8.4%|3.4%], to 516.",
    "Hate crime increased by 40, or [8.4%|18.4%], year on year.",
    "Deliberate fires more than halved between Q2 ([99|89]) and Q4 (41).",
    "Hate crime in the rolling 12 months to the end of March 2024 was up [40|70] on the preceding 12 months.",
    "Fly-tips reported [fell|rose] in each of the first three quarters.",
    "Hate crime fell from 119 in Q3 to 108 in Q4, but remains [4.9%|9.4%] higher than in the same quarter last year.",
    "Deliberate fires fell to their lowest level in [Q4|Q3].",
    "Satisfaction of victims of ASB was up three percentage points on the quarter and [four|nine] points on the year.",
    "The MARAC repeat rate was [30%|34%] in Q4, two percentage points higher than a year earlier.",
    "Repeat cases made up [30%|38%] of MARAC cases in the final quarter.",
    "The number of people killed or seriously injured fell by [12|22] to 100.",
    "Police tested 1,532 drivers for drink or drugs, an increase of 14% on the [1,345|1,145] tested in 2022/23.",
    "Night-time economy violence was down [9%|19%] in Q4 on the same quarter in 2022/23 (121 v 133).",
    "[77%|67%] of victims of ASB were satisfied in Q4, compared to 74% in Q3.",
    "[54%|64%] of residents said they feel safe in the town centre after dark, up from 51% in 2022/23.",
    "More than half of residents ([54%|64%]) feel safe in the town centre after dark.",
    "Residents who feel safe in the town centre after dark rose by [three|six] percentage points year on year.",
    "[45|55] young people entered the youth justice system for the first time, 13 fewer than in 2022/23.",
    "Quarter 4 dashboard\n\nFly-tips reported: 784, YTD [3,300|3,500]",
    "Of the 516 hate crimes, 158 ([31%|41%]) were in July to September.",
    "In Q2 there were 158 hate crimes, [31%|41%] of the year's total.",
    "Hate crimes stood at 516, equivalent to around [43|63] a month.",
    "Hate crime: 2023/24 - [516|506]; 2022/23 - 476.",
    "Neighbourhood crime\n\nRobbery rose by [56|65] to 340.",
    "Night-time economy\n\nRobbery rose by [56|65] to 340.",
    "Fly-tips reported have now fallen for [four|six] consecutive quarters.",
    "At the end of March 2024 there were [14|24] rough sleepers, seven fewer than at the end of December 2023.",
    "Rapes made up [37%|47%] of sexual offences.",
    "Fly-tips: cumulative total for the year [3,300|3,500], against 3,600 last year",
]
# Each confirmed, and not judged with the other figure: it may be of months, or of other areas too.
SPARED = [
    "The SARC received [90|99] referrals in 2023/24.",
    "The proportion of MARAC cases that were repeats ranged from 27% to [30%|36%].",
    "The arrest rate for domestic abuse increased by [2.1|4.2] percentage points in the quarter.",
    "The council received [3,300|3,500] reports of fly-tips.",
    "The fire service attended [276|296] deliberate fires.",
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Give the verdicts on the last line of a text about the figures above."""
    return judge_about(FIGURES, tmp_path_factory.mktemp("papers"))


@pytest.mark.parametrize("said", PAIRS)
def test_a_true_statement_is_confirmed_and_its_false_twin_found(judged, said):
    assert judged(choose(said, true=True)) == {"confirmed"}
    assert judged(choose(said, true=False)) & {"contradicted", "different_scope"}


@pytest.mark.parametrize(
    "said",
    [
        "Deliberate fires have dropped to their lowest quarterly figure in two years, 41.",
        "There were 516 hate crimes and 40 arrests for hate crime.",
        "MARAC cases and repeats stood at 30% in Q4.",
        "111 MARAC cases against 33 repeats in Q4.",
        "There were 111 MARAC cases for 33 repeat cases in Q4.",
        "M6 Robbery offences: 166",
    ],
)
def test_what_is_of_another_quarter_or_thing_is_not_judged(judged, said):
    assert judged(said) <= {"not judged"}


@pytest.mark.parametrize("said", SPARED)
def test_what_may_count_something_else_is_confirmed_and_never_accused(judged, said):
    assert judged(choose(said, true=True)) == {"confirmed"}
    assert judged(choose(said, true=False)) <= {"not judged"}
