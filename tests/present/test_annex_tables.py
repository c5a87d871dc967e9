"""What stands on the annex's sheets: numbers as numbers, the figures of the pages, marks for what is missing."""

from __future__ import annotations

import pytest

from swp_analysis.present.annex_tables import DOES_NOT_APPLY, NO_FIGURE, TO_FILL_IN, WITHHELD, make_annex_tables
from swp_analysis.present.words import write_verdict

TABS = [
    "Scorecard",
    "Findings",
    "Figures",
    "Reconciliation",
    "Coverage",
    "Claims",
    "Recording breaks",
    "Candidates",
    "Who chose them",
    "Criteria",
    "Harm",
    "Scored themes",
    "Chosen 2017-18",
    "Chosen 2018-19",
    "Requirements",
    "Workshop",
    "Notes",
]


@pytest.fixture(scope="module")
def sheets(partners):
    return make_annex_tables(partners)


def rows_of(table, label):
    place = table.headings.index("Indicator")
    return [dict(zip(table.headings, row, strict=True)) for row in table.values if row[place] == label]


def label_of(briefing, name):
    return briefing.catalogue.indicators[name].label


def test_every_sheet_is_there_and_square(sheets):
    assert list(sheets) == TABS
    for table in sheets.values():
        assert table.values
        assert {len(row) for row in table.values} == {len(table.headings)}
        assert len(set(table.headings)) == len(table.headings)
        assert all(isinstance(cell, str | int | float) for row in table.values for cell in row)


def test_the_scorecard_has_a_row_for_every_quarterly_indicator(sheets, partners):
    table = sheets["Scorecard"]
    quarterly = [name for name, series in partners.series.items() if not series.is_snapshot]
    assert [row[1] for row in table.values] == [label_of(partners, name) for name in quarterly]
    (knives,) = rows_of(table, label_of(partners, "knife_violence"))
    assert (knives["2016/17"], knives["2017/18"], knives["Quarters compared"]) == (191, 221, "Q1–Q4")
    (proven,) = rows_of(table, label_of(partners, "proven_reoffending_rate"))
    assert (proven["Target"], proven["2017/18"], proven["Quarters compared"]) == (25.6, NO_FIGURE, NO_FIGURE)


def test_findings_are_the_verdicts_with_their_evidence(sheets, partners):
    table = sheets["Findings"]
    assert len(table.values) == len(partners.findings)
    (guns,) = rows_of(table, label_of(partners, "firearm_violence"))
    assert (guns["Year before"], guns["This year"], guns["Change"], guns["Change in %"]) == (33, 63, 30, 90.9)
    assert (guns["Direction"], guns["Judgement"], guns["Effect"]) == ("up", "worse", 1.909)
    assert guns["Lower 95%"] == pytest.approx(1.09, abs=0.01)
    evidence = partners.findings["firearm_violence"].verdict.evidence
    assert guns["p, Holm"] == round(evidence.p_holm, 4)


def test_a_hidden_finding_is_withheld_in_every_column(sheets, partners):
    (forced,) = rows_of(sheets["Findings"], label_of(partners, "forced_marriage_incidents"))
    columns = ["Year before", "This year", "Change", "Direction", "Judgement", "Effect", "Lower 95%", "p", "p, Holm"]
    assert {forced[column] for column in columns} == {WITHHELD}
    (card,) = rows_of(sheets["Scorecard"], label_of(partners, "forced_marriage_incidents"))
    assert card["Verdict"] == write_verdict(partners.findings["forced_marriage_incidents"]) == "Withheld"


def test_figures_are_numbers_and_hidden_ones_marks(sheets, partners, internal):
    rows = rows_of(sheets["Figures"], label_of(partners, "personal_robbery_offenders_10_24"))
    assert [row["Figure"] for row in rows] == [15, 12, 11, 9, "withheld", 7, 5, "<5"]
    assert {row["Of"] for row in rows} == {DOES_NOT_APPLY}
    custody = rows_of(sheets["Figures"], label_of(partners, "youth_custody_share"))
    assert (custody[1]["Figure"], custody[1]["Of"], custody[1]["Out of"]) == (26.31, 10, 38)
    assert (custody[0]["Figure"], custody[0]["Of"], custody[0]["Out of"]) == ("withheld", NO_FIGURE, NO_FIGURE)
    assert len(sheets["Figures"].values) == len(partners.data.observations)
    every = make_annex_tables(internal)
    assert not [row for row in every["Figures"].values if "withheld" in row]


def test_reconciliation_shows_no_withheld_baseline(sheets, partners):
    (custody,) = rows_of(sheets["Reconciliation"], label_of(partners, "youth_custody_share"))
    assert (custody["Printed baseline"], custody["From the quarters"]) == (WITHHELD, WITHHELD)
    (domestic,) = rows_of(sheets["Reconciliation"], label_of(partners, "domestic_abuse_incidents"))
    assert domestic["Printed baseline"] == domestic["From the quarters"] == 6031


def test_the_form_is_empty_and_the_marks_are_explained(sheets, internal):
    workshop = sheets["Workshop"]
    assert {row[-1] for row in workshop.values} == {TO_FILL_IN}
    explained = {row[0] for row in sheets["Notes"].values}
    assert {NO_FIGURE, DOES_NOT_APPLY, "<5", WITHHELD} <= explained
    notes = make_annex_tables(internal)["Notes"]
    assert not {"<5", WITHHELD} & {row[0] for row in notes.values}
