"""Every published quarterly figure, to the digit, against a list typed from the report's tables in time order."""

from __future__ import annotations

import csv

import pytest

from swp_analysis.catalogue.periods import quarter_bounds
from tests.conftest import SHIPPED

RAW = SHIPPED / "data" / "raw"
PERIODS = [(year, quarter) for year in ("2016-17", "2017-18") for quarter in (1, 2, 3, 4)]
NONE = None
PUBLISHED = {
    "proven_reoffending_rate": [NONE, NONE, NONE, NONE, 33.2, 30.4, 30.3, NONE],
    "youth_justice_first_time_entrants": [30, 25, 41, 35, 32, 28, 35, 26],
    "youth_custody_share": [16.33, 26.31, 11.9, 6.98, 3.84, 7.54, 12, 15.2],
    "positive_drug_test_rate": [62.1, 66.7, 70.0, 54.5, 69.1, 66.6, 69.2, NONE],
    "knife_violence": [40, 49, 51, 51, 49, 49, 56, 67],
    "firearm_violence": [8, 9, 11, 5, 12, 16, 16, 19],
    "public_place_violence_with_injury": [284, 308, 272, 264, 296, 293, 302, 260],
    "public_place_violence_with_injury_victims_10_24": [114, 116, 118, 106, 120, 119, 133, 94],
    "public_place_violence_with_injury_offenders_10_24": [36, 24, 32, 28, 18, 8, 14, 27],
    "personal_robbery": [92, 75, 104, 72, 72, 98, 102, 97],
    "personal_robbery_victims_10_24": [37, 30, 33, 30, 28, 33, 35, 36],
    "personal_robbery_offenders_10_24": [15, 12, 11, 9, 13, 7, 5, 3],
    "active_gang_members": [31, 31, 35, NONE, 40, 37, 31, 31],
    "domestic_abuse_incidents": [1495, 1543, 1522, 1471, 1573, 1543, 1578, 1557],
    "domestic_abuse_recordable_share": [43.6, 44.3, 45.8, 42.4, 43.9, 44.9, 49.8, 50.8],
    "domestic_abuse_victims_under_18": [90, 70, 80, 78, 69, 66, 82, 65],
    "serious_sexual_offences": [107, 115, 167, 146, 127, 169, 154, 165],
    "serious_sexual_offence_victims_under_18": [59, 47, 84, 91, 78, 93, 79, 86],
    "marac_referrals": [156, 175, 155, 166, 151, 143, 166, 191],
    "marac_repeat_cases": [46, 58, 62, 59, 51, 42, 59, 69],
    "marac_repeat_share": [29, 33, 40, 36, 34, 29, 36, 36],
    "court_successful_outcomes": [176, 141, 165, 181, 144, 184, 124, 122],
    "court_success_rate": [75, 72, 69, 74, 72, 79, 76, 76],
    "sarc_referrals": [12, 9, 13, 8, 10, 5, 16, 16],
    "forced_marriage_incidents": [3, 1, 1, 0, 0, 2, 1, 1],
    "forced_marriage_recordable_share": [33, 100, 0, 0, 0, 50, 0, 0],
    "honour_based_abuse_incidents": [8, 5, 3, 8, 9, 4, 2, 9],
    "honour_based_abuse_recordable_share": [87.5, 60, 0, 62.5, 100, 25, 100, 44.4],
    "female_genital_mutilation_incidents": [2, 4, 7, 4, 1, 6, 12, 8],
    "female_genital_mutilation_recordable_share": [50, 0, 0, 0, 0, 0, 0, 0],
    "prevent_referrals": [13, 11, 15, 10, 23, 9, 12, 11],
    "hate_crime": [92, 106, 97, 79, 118, 104, 78, 85],
    "home_safety_checks": [399, 550, 509, 375, 384, 419, 419, 542],
}
FRACTIONS = {
    "youth_custody_share": [(8, 49), (10, 38), (5, 42), (3, 43), (2, 52), (4, 53), (6, 50), (7, 46)],
    "proven_reoffending_rate": [NONE, NONE, NONE, NONE, (578, 1739), (512, 1683), (522, 1723), NONE],
}
BASELINES = {
    "proven_reoffending_rate": 25.6,
    "youth_justice_first_time_entrants": 131,
    "youth_custody_share": 9.9,
    "positive_drug_test_rate": 63,
    "knife_violence": 191,
    "firearm_violence": 33,
    "public_place_violence_with_injury": 1128,
    "public_place_violence_with_injury_victims_10_24": 454,
    "public_place_violence_with_injury_offenders_10_24": 120,
    "personal_robbery": 343,
    "personal_robbery_victims_10_24": 130,
    "personal_robbery_offenders_10_24": 47,
    "active_gang_members": 97,
    "domestic_abuse_incidents": 6031,
    "domestic_abuse_recordable_share": 42.4,
    "domestic_abuse_victims_under_18": 318,
    "serious_sexual_offences": 535,
    "serious_sexual_offence_victims_under_18": 281,
    "forced_marriage_incidents": 5,
    "honour_based_abuse_incidents": 24,
    "female_genital_mutilation_incidents": 17,
    "prevent_referrals": 49,
    "hate_crime": 374,
    "home_safety_checks": 1833,
}


def of_quarters(observations, name):
    rows = observations[observations["indicator"] == name].set_index(["financial_year", "quarter"])
    return [rows.loc[period] for period in PERIODS]


def test_the_list_covers_264_observations():
    assert sum(len(values) for values in PUBLISHED.values()) == 264


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_figure_is_there_to_the_digit(shipped, name):
    for row, expected in zip(of_quarters(shipped.observations, name), PUBLISHED[name], strict=True):
        if expected is None:
            assert (row["status"], row["raw_value"]) == ("not_available", "")
        else:
            assert (row["status"], row["value"]) == ("reported", expected)


@pytest.mark.parametrize("name", FRACTIONS)
def test_printed_numerators_and_denominators_are_kept(shipped, name):
    for row, expected in zip(of_quarters(shipped.observations, name), FRACTIONS[name], strict=True):
        found = (row["numerator"], row["denominator"])
        assert all(value != value for value in found) if expected is None else found == expected


def test_all_24_baselines_belong_to_the_year_before(shipped):
    assert dict(zip(shipped.baselines["indicator"], shipped.baselines["value"], strict=True)) == BASELINES
    assert set(shipped.baselines["financial_year"]) == {"2016-17"}


def test_quarters_carry_their_dates_and_area(shipped):
    for row in shipped.observations.itertuples():
        if not row.indicator.startswith("treatment_"):
            first, last = quarter_bounds(row.financial_year, row.quarter)
            assert (row.period_start, row.period_end) == (first.isoformat(), last.isoformat())
        assert row.area_code == "E08000031"


def test_every_figure_points_at_the_cell_that_prints_it(shipped):
    tables = {
        path.name: list(csv.reader(path.open(encoding="utf-8", newline=""))) for path in (RAW / "2017-18").glob("*.csv")
    }
    for row in shipped.observations.itertuples():
        printed = tables[row.source_file][row.source_row - 1][ord(row.source_column) - ord("A")]
        assert printed == row.raw_value


def test_the_sentence_about_homicides_is_a_figure_of_its_quarter_only(shipped):
    rows = of_quarters(shipped.observations, "domestic_homicides")
    assert [row["status"] for row in rows] == ["not_available"] * 7 + ["reported"]
    assert rows[-1]["value"] == 0
    assert rows[-1]["source_column"] == "C"


def test_damaged_snapshot_cells_are_unreadable_and_listed_not_guessed(shipped):
    rows = shipped.observations[shipped.observations["indicator"].str.startswith("treatment_")].set_index("indicator")
    assert set(rows["period_start"]) == {"2018-01-01"}
    read = rows[rows["status"] != "unreadable"]
    assert dict(read["status"]) == {
        "treatment_re_presentations_opiate": "suppressed",
        "treatment_re_presentations_share_opiate": "reported",
    }
    small = read.loc["treatment_re_presentations_opiate"]
    assert (small["lower"], small["upper"]) == (1, 4)
    assert small["value"] != small["value"]
    assert read.loc["treatment_re_presentations_share_opiate", "value"] == 15
    assert len(rows) == 12
    assert [unread.address.row for unread in shipped.unread] == [6, 6, 7, 8]


def test_what_was_decided_is_said(shipped):
    assert len(shipped.notes) == 2
    assert "read as marac_referrals" in shipped.notes[1]
