"""Papers name an indicator by its words in any order, say who did it, and go on about it in the next paragraph."""

import pytest

from tests.audit.twins import choose, judge_about

FIGURES = {
    "MARAC cases discussed": [92, 101, 97, 88, 95, 104, 109, 112],
    "Repeat referrals to MARAC (%)": ["31%", "29%", "33%", "30%", "28%", "27%", "26%", "24%"],
    "Stolen vehicles": [48, 51, 60, 55, 62, 59, 71, 66],
    "Knife-enabled crime": [18, 22, 20, 24, 19, 16, 15, 13],
    "Theft from a motor vehicle": [133, 128, 151, 140, 142, 139, 160, 171],
    "First time entrants to the youth justice system": [14, 11, 12, 9, 8, 10, 6, 5],
    "Percentage of residents who feel safe after dark": ["62%", "61%", "58%", "59%", "60%", "63%", "64%", "66%"],
    "Fixed penalty notices for littering": [210, 260, 190, 150, 240, 310, 205, 165],
    "Drug-related hospital admissions": [36, 40, 35, 33, 38, 45, 41, 48],
    "People sleeping rough at the end of the quarter": [21, 26, 24, 17, 19, 23, 20, 14],
    "Anti-social behaviour incidents": [812, 941, 703, 654, 768, 852, 640, 588],
    "Hate crimes recorded": [41, 52, 47, 38, 44, 58, 49, 43],
}
# Each true as it stands; false with the figure behind `|` for the one before it.
PAIRS = [
    "MARAC discussed [104|140] cases in Q2.",
    "In 2023/24, [420|430] cases were discussed at MARAC, compared with 378 in the previous year.",
    "[258|358] vehicles were stolen in 2023/24, 44 more than in 2022/23.",
    "There were [13|33] knife-enabled offences in Quarter 4 2023/24.",
    "Theft from vehicles stood at [612|712] in 2023/24.",
    "5.1 [29|49] young people entered the youth justice system for the first time in 2023/24.",
    "The repeat referral rate to MARAC fell to [24%|34%] in Quarter 4.",
    "[66%|76%] of residents feel safe after dark, up from 59% a year ago.",
    "Two thirds ([66%|76%]) of residents feel safe after dark.",
    "Anti-social behaviour incidents continued to [fall|rise] in 2023/24.",
    "ASB incidents continued to fall, with [2,848|2,948] in 2023/24.",
    "Fixed penalty notices for littering rose to 310 in Q2 2023/24.\nNotices fell to [165|185] in Q4.",
    "Drug-related hospital admissions rose to 172 in 2023/24.\nThis represents an increase of [19%|29%].",
    "Hate crime rose to 194 in 2023/24. There were [16|36] more crimes than in the year before.",
    "Annual report 2023/24\n[14|24] people were sleeping rough, three fewer than a year earlier.",
    "Rough sleeping fell to [20|30] at the end of December 2023.",
    "Following a rise to 58 in Q2, hate crime fell to [49|39] in Q3.",
    "Stolen vehicles stood at 66 in Q4, down from [71|81] in Q3 and up from 55 a year ago.",
    "Hate crimes stood at 43 in Q4, compared with 49 in Q3 and [38|28] a year ago.",
    "Knife-enabled crime stood at 13 in Q4, almost half the number in [Q4|Q1] of 2022/23.",
    "First time entrants have more than halved since Q1 of 2022/23, from [14|41] to 5.",
    "Hate crimes in Q2 were 12% up on the same quarter in 2022/23.\nIn Q3 2023/24 there were [49|94].",
    "Fixed penalty notices for littering have fallen since Q2 2023/24, when there were [310|301].",
    "Theft from a motor vehicle rose for the second quarter in a row, to [171|181].",
    "Stolen vehicles rose from 62 in Q1 to a peak of 71 in [Q3|Q4].",
    "Hate crimes fell in Q3, then fell again in Q4 to [43|53].",
    "Repeat referrals to MARAC fell to 24% in Q4.\nThe rate was [28%|38%] in the first quarter.",
    "Anti-social behaviour incidents were highest in the second quarter at [852|825] and lowest in the fourth at 588.",
    "The percentage of residents who feel safe after dark improved from [59%|49%] in Q4 2022/23 to 66% in Q4 2023/24.",
    "MARAC cases discussed have risen every quarter, from [95|85] in Q1 to 112 in Q4.",
    "MARAC cases discussed have risen for four consecutive quarters, from [88|78] to 112.",
    "Theft from a motor vehicle has seen the largest increase, up by [60|70] in 2023/24.",
    "Hate crime was 9% higher than the year before, with [16|36] more offences reported.",
    "Hate crimes recorded\nThey were highest in Q2, at 58.\nThis compares to [52|25] in the same quarter of 2022/23.",
    "That's [29|49] first time entrants in 2023/24.",
]
OTHERS = [
    "MARAC discussed 104 children.",
    "MARAC cases closed stood at 300 in 2023/24.\nCases referred by MARAC fell to 30.",
    "The MARAC received 300 cases.",
    "There were 320 hate incidents in 2023/24.",
    "Only knife-enabled offences rose.",
    "Stolen vehicles recovered stood at 100 in 2023/24.",
    "There was theft from 57 motor vehicles in 2023/24.",
    "Theft of motor vehicles stood at 212 in 2023/24.",
    "Young people entered the system for the first time in 12 cases.",
    "Repeat referrals to MARAC (%)\nReferrals rose in Quarter 4.",
    "Repeat MARAC referrals rose in Quarter 4.",
    "Hate crimes recorded\nReferrals rose to 420.",
    "Hate crimes rose in 2023/24.\nThe rate was 30 in the first quarter.",
    "Repeat referrals by police to MARAC fell to 34% in Q4.",
    "Hate crimes stood at 194 in 2023/24.\nThis compares to 52 in the same quarter of 2022/23.",
    "A vehicle was stolen 358 times in 2023/24.",
    "Hate crimes rose to 194 in 2023/24.\nThere were 6,412 recorded crimes in the year.",
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Give the verdicts on the last paragraph of a text about the figures above."""
    return judge_about(FIGURES, tmp_path_factory.mktemp("voices"))


@pytest.mark.parametrize("said", PAIRS)
def test_a_false_twin_is_found_and_a_true_one_is_not_accused(judged, said):
    accused = {"contradicted", "different scope", "different_scope"}
    assert not judged(choose(said, true=True)) & accused
    assert judged(choose(said, true=False)) & accused


@pytest.mark.parametrize(
    "said",
    [
        "Hate crimes continued to rise, to 194 in 2023/24.",
        "Theft from a motor vehicle has seen the largest increase, up by 60 in 2023/24.",
        "There was little change in hate crimes, with 194 compared to 178.",
    ],
)
def test_nothing_is_confirmed_where_more_is_said_than_the_tables_show(judged, said):
    assert judged(said) == {"not judged"}


@pytest.mark.parametrize("said", OTHERS)
def test_what_may_be_of_something_else_is_not_judged(judged, said):
    assert judged(said) <= {"not judged"}


@pytest.mark.parametrize("behind", ["In all there were 6,412 crimes.", "There were 6,412 crimes. This is 12% more."])
def test_a_noun_that_may_count_more_than_the_row_before_is_never_accused(judged, behind):
    assert judged(f"Hate crimes rose to 194 in 2023/24. {behind}") == {"confirmed", "not judged"}
