"""Claims out of running text: the report itself where it lies beside the project, and a second, invented one."""

import csv
import re
import shutil

import pytest

from swp_analysis.audit.audit_year import audit_year
from swp_analysis.ingest.formats.raw_files import raw_tables, read_raw_file
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.read_year import read_year
from swp_analysis.ingest.records import ReportText, add_file, name_passages
from swp_analysis.quality.totals import annual_totals
from tests.conftest import ROOT, YEAR

REPORT = ROOT.parent / "shared" / "sources" / "annual_report_2017-18.txt"
NORTHBRIDGE = ROOT / "tests" / "fixtures" / "northbridge"
ACCUSED = ["contradicted", "different_scope"]

# (indicator, stated) -> what the explanation must say; nothing else in the report may be accused.
IN_THE_REPORT = {
    ("", "9"): "Of 12 rows",
    ("personal_robbery", "35"): r"more than the row 'Personal robberies'.*\+26 \(343 to 369\)",
    ("personal_robbery", "9%"): r"more than the row 'Personal robberies'.*\+7\.6%",
    ("domestic_abuse_recordable_share", "5%"): "percentage points, not percent",
    ("marac_repeat_share", "36%"): r"33\.9%.*Q4 2017/18",
    ("public_place_violence_with_injury", "70"): r"\+23 \(1,128 to 1,151\)",
    ("firearm_violence", "73%"): "37 to 64 gives 73%",
    ("firearm_violence", "37"): "33 to 63 in the table; 37 to 64 in the text",
    ("firearm_violence", "64"): "33 to 63 in the table; 37 to 64 in the text",
    ("personal_robbery_victims_10_24", "28"): "offender aged 10 to 24",
    ("personal_robbery_victims_10_24", "40.4%"): "offender aged 10 to 24",
    ("knife_violence", "16.5%"): r"\+15\.71% \(191 to 221\)",
    ("hate_crime", "384"): "the year is 385",
    ("", "£378,390"): "£378,430",
    ("marac_repeat_cases", "achieved"): "asks for an increase",
    ("forced_marriage_recordable_share", "2"): "2 to 1",
}


def audit_folder(folder, year, catalogue, evidence):
    totals = annual_totals(evidence[0], catalogue.indicators)
    report = ReportText()
    for path, prefix in name_passages(raw_tables(folder)).items():
        add_file(read_raw_file(path, catalogue.layouts.label_headings), prefix, report, LabelBook(catalogue))
    return audit_year(folder, year, evidence[0], totals, evidence[1], catalogue, report)


@pytest.fixture(scope="module")
def from_the_report(shipped, catalogue, tmp_path_factory):
    if not REPORT.exists():
        pytest.skip("the report's text isn't part of the project; put it into ../shared/sources to run this test")
    folder = tmp_path_factory.mktemp("raw") / YEAR
    folder.mkdir()
    shutil.copy(REPORT, folder)
    audit = audit_folder(folder, YEAR, catalogue, (shipped.observations, shipped.baselines))
    return audit.claims[audit.claims["claim_id"].str.startswith("x")]


def test_the_report_contradicts_itself_where_it_does(from_the_report):
    accused = from_the_report[from_the_report["verdict"].isin(ACCUSED)]
    assert {(row.indicator, row.stated) for row in accused.itertuples()} == set(IN_THE_REPORT)
    for row in accused.itertuples():
        assert re.search(IN_THE_REPORT[row.indicator, row.stated], row.explanation)


def test_most_of_the_commentary_is_read(from_the_report):
    commentary = from_the_report[from_the_report["location"].str.contains("commentary of")]
    assert (commentary["verdict"] == "confirmed").sum() >= 60


def test_a_claim_names_its_line(from_the_report):
    assert from_the_report["location"].str.match(r"annual_report_2017-18\.txt, (line|row) \d+").all()


@pytest.fixture(scope="module")
def second_report(catalogue, tmp_path_factory):
    identity = catalogue.identity.model_copy(update={"area_name": "Northbridge"})
    elsewhere = catalogue.model_copy(update={"identity": identity})
    tables = tmp_path_factory.mktemp("tables")
    shutil.copy(NORTHBRIDGE / "2018-19" / "tables.csv", tables)
    reading = read_year(tables, "2018-19", elsewhere)
    evidence = reading.observation_frame(), reading.baseline_frame()
    return audit_folder(NORTHBRIDGE / "2018-19", "2018-19", elsewhere, evidence)


def test_the_second_report_is_judged_as_its_key_says(second_report):
    with (NORTHBRIDGE / "key.csv").open(encoding="utf-8", newline="") as file:
        key = {row["claim_id"]: row for row in csv.DictReader(file)}
    claims = second_report.claims.set_index("claim_id")
    accused = claims[claims["verdict"].isin(ACCUSED)]
    assert set(accused.index) == set(key)
    for claim_id, row in key.items():
        assert claims.loc[claim_id, "verdict"] == row["verdict"]
        assert row["why"] in claims.loc[claim_id, "explanation"]


def test_its_true_statements_are_confirmed_and_its_traps_left_alone(second_report):
    claims = second_report.claims
    lines = claims["claim_id"].str.extract(r"^x(\d+)\.", expand=False).dropna().astype(int)
    traps = claims.loc[lines[(lines >= 32) & (lines <= 45)].index]
    assert set(traps["verdict"]) <= {"no_table", "confirmed"}
    assert list(traps.loc[traps["verdict"] == "confirmed", "stated"]) == ["About 300", "40", "310", "48"]
    assert (claims["verdict"] == "confirmed").sum() >= 55


def test_the_words_of_a_claim_are_kept_apart_and_short(second_report):
    assert "words" not in second_report.claims.columns
    assert second_report.words["words"].str.len().max() <= 90
    kept = second_report.words.set_index("claim_id")["words"]
    assert kept["x12.1"] == "Hate crime reached 485 offences this year"
