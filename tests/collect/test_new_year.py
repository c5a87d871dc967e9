"""The workbook for data owners: filled in it builds with no change of code or YAML, half filled it says who is late."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pandas as pd
import pytest

from swp_analysis import open_briefing
from swp_analysis.build import build, describe_build
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.collect.collection import lay_out_form, list_due
from swp_analysis.collect.form_workbook import HEADING_ROW
from swp_analysis.commands.calls import new_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import name_absent
from swp_analysis.ingest.records import Reading
from swp_analysis.publish.edition_extras import audit_own_text
from swp_analysis.quality.totals import annual_totals
from tests.conftest import copy_project

YEAR = "2018-19"
AFTER_THE_YEAR = date(2019, 6, 1)
IN_THE_YEAR = date(2018, 11, 20)


@pytest.fixture(scope="module")
def empty_form(tmp_path_factory) -> bytes:
    """The workbook as it is handed out."""
    project = copy_project(tmp_path_factory.mktemp("form"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(project.root))
        return new_year(project, YEAR).read_bytes()


@pytest.fixture
def form(empty_form) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(empty_form))


def theme_sheets(form: openpyxl.Workbook) -> list:
    return [sheet for sheet in form if sheet.title != "Instructions"]


def rows_of(sheet):
    """Each row of figures as {heading: cell}."""
    headings = [cell.value for cell in sheet[HEADING_ROW + 1]]
    for row in sheet.iter_rows(min_row=HEADING_ROW + 2):
        if row[0].value:
            yield dict(zip(headings, row, strict=True))


def fill(form: openpyxl.Workbook, quarters: str = "1234") -> int:
    """A figure in every open cell of the quarters, and how many there were."""
    filled = 0
    for sheet in theme_sheets(form):
        for row in rows_of(sheet):
            for heading, cell in row.items():
                is_open = ("2018/19" in heading and heading[8] in quarters) or heading == "January 2019"
                if is_open and not heading.startswith("Baseline") and (heading[0] == "Q" or "4" in quarters):
                    cell.value = 40
                    filled += 1
    return filled


def hand_in(project, form: openpyxl.Workbook) -> None:
    folder = project.raw / YEAR
    folder.mkdir()
    content = io.BytesIO()
    form.save(content)
    (folder / "kpi_2018-19.xlsx").write_bytes(content.getvalue())


def test_every_indicator_has_one_row_with_owner_and_definition(form, catalogue):
    rows = [row for sheet in theme_sheets(form) for row in rows_of(sheet)]
    assert [row["KPI"].value for row in rows] == [one.label for one in catalogue.indicators.values()]
    for row, indicator in zip(rows, catalogue.indicators.values(), strict=True):
        assert (row["Data Owner"].value, row["Definition"].value) == (indicator.owner, indicator.definition)


def baseline_of(form, label: str):
    rows = [row for sheet in theme_sheets(form) for row in rows_of(sheet) if row["KPI"].value == label]
    return rows[0]["Baseline 2017/18"].value


@pytest.mark.parametrize(
    ("indicator", "baseline"),
    [
        ("hate_crime", 385),
        ("youth_custody_share", 9.45),
        ("active_gang_members", 31),
        ("positive_drug_test_rate", None),
    ],
)
def test_baselines_are_rolled_forward_by_kind(form, catalogue, indicator, baseline):
    """A flow is summed, a rate is the sum of n over the sum of N, a stock is its last count, else it isn't known."""
    assert baseline_of(form, catalogue.indicators[indicator].label) == baseline


def is_late(cell, row) -> bool:
    """A figure of last year that has not come: without an open cell its owner could only write a comment."""
    figures = (other for heading, other in row.items() if heading.startswith("Quarter") and "2017/18" in heading)
    return cell.value is None and cell.coordinate in {one.coordinate for one in figures}


def test_only_cells_to_be_filled_in_are_open_and_each_has_its_rule(form):
    for sheet in theme_sheets(form):
        assert sheet.protection.sheet
        assert sheet.freeze_panes
        assert not sheet.merged_cells.ranges
        ruled = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
        opened = {cell.coordinate for row in rows_of(sheet) for cell in row.values() if not cell.protection.locked}
        comments = {row["Commentary"].coordinate for row in rows_of(sheet)}
        assert opened - comments == ruled
        assert ruled
        late = {cell.coordinate for row in rows_of(sheet) for cell in row.values() if is_late(cell, row)}
        assert late <= opened
        # Excel refuses a workbook with a longer rule.
        assert max(len(rule.formula1) for rule in sheet.data_validations.dataValidation) <= 255


def test_every_wrapped_text_has_room(form, text_without_room):
    assert not [cell for sheet in form for cell in text_without_room(sheet)]


def test_texts_can_not_be_formulas(project, monkeypatch):
    catalogue = load_catalogue()
    hostile = catalogue.indicators["hate_crime"].model_copy(update={"definition": '=HYPERLINK("http://x.example")'})
    changed = catalogue.model_copy(update={"indicators": {**catalogue.indicators, "hate_crime": hostile}})
    monkeypatch.setattr("swp_analysis.catalogue.loader.load_catalogue", lambda: changed)
    form = openpyxl.load_workbook(new_year(project, YEAR))
    cells = [cell for sheet in form for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == hostile.definition for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


def test_filled_in_it_builds_and_the_edition_has_three_years(project, form, shipped):
    filled = fill(form)
    hand_in(project, form)
    built = build(project, YEAR, AFTER_THE_YEAR)
    observations = built.evidence.observations
    new = observations[(observations["financial_year"] == YEAR) & (observations["status"] == "reported")]
    assert len(new) == filled
    assert set(observations["financial_year"]) == {"2016-17", "2017-18", YEAR}
    assert built.evidence.revisions.empty
    assert set(built.due["financial_year"]) == {"2017-18"}  # of the new year nothing is owed
    claims, reconciled = built.audit.claims, built.audit.reconciled.set_index("indicator")
    assert not claims["location"].str.contains("commentary").any()  # what the form itself asks for is no claim
    assert reconciled.query("financial_year == '2017-18'").loc["active_gang_members", "verdict"] == "agrees"
    old = observations[observations["financial_year"] == "2017-18"]
    assert len(old) == len(shipped.observations.query("financial_year == '2017-18'"))
    findings = open_briefing(YEAR, "E08000031", "public").findings
    assert findings["knife_violence"].quarters == (1, 2, 3, 4)
    assert findings["treatment_re_presentations_share_opiate"].quarters == (4,)  # January's figure stands there
    month = findings["treatment_re_presentations_share_other"]
    assert (month.before, month.after) == (None, None)


def repeat_last_year(form: openpyxl.Workbook, quarters: str) -> None:
    """Last year's figures once more, more firearms: figures that agree with each other, as an owner's do."""
    for row in (row for sheet in theme_sheets(form) for row in rows_of(sheet)):
        for quarter in quarters if "Quarter 1 2017/18" in row else ():
            last, this = row[f"Quarter {quarter} 2017/18"].value, row[f"Quarter {quarter} 2018/19"]
            if last is not None and not this.protection.locked:
                this.value = last + 7 if "firearm" in row["KPI"].value else last


def test_one_quarter_says_nothing_of_itself_that_is_not_so(project, form):
    """34% is printed for repeats at MARAC; the findings say 33.8%, which is 51 of 151."""
    repeat_last_year(form, "1")
    hand_in(project, form)
    build(project, YEAR, date(2018, 8, 20))
    for audience in ("internal", "partners", "public"):
        audit_own_text(open_briefing(YEAR, "E08000031", audience))


def test_half_a_year_says_nothing_of_itself_that_is_not_so_and_can_be_ranked(project, form):
    repeat_last_year(form, "12")
    hand_in(project, form)
    build(project, YEAR, IN_THE_YEAR)
    briefing = open_briefing(YEAR, "E08000031", "partners")
    audit_own_text(briefing)
    assert briefing.findings["firearm_violence"].quarters == (1, 2)
    month = briefing.findings["treatment_re_presentations_share_other"]
    assert (month.before, month.after) == (None, None)
    ranking = briefing.priorities
    for part in (ranking.summary, ranking.places, ranking.why_not, ranking.unmeasured, ranking.backcast):
        assert part()._repr_html_()


def test_half_filled_it_builds_and_says_who_is_late_with_what_but_no_share_beside_its_count(project, form, catalogue):
    fill(form, "1")
    hand_in(project, form)
    built = build(project, YEAR, IN_THE_YEAR)
    late = built.due[built.due["indicator"] == "hate_crime"]
    owner = catalogue.indicators["hate_crime"].owner
    assert late[["owner", "quarter", "due", "days_late"]].to_numpy().tolist() == [[owner, 2, "2018-10-30", 21]]
    assert set(built.due.loc[built.due["financial_year"] == YEAR, "quarter"]) == {2}
    before = build(project, "2017-18", IN_THE_YEAR).due
    still = built.due[built.due["financial_year"] == "2017-18"].reset_index(drop=True)
    assert len(before) > 0
    pd.testing.assert_frame_equal(still, before)  # last year's missing figures are owed until they come
    build(project, YEAR, IN_THE_YEAR)
    assert "domestic_abuse_incidents" in set(built.due["indicator"])
    assert "domestic_abuse_recordable_share" not in set(built.due["indicator"])
    new = built.evidence.observations.query("financial_year == @YEAR and quarter == 2")
    assert set(new["status"]) == {"not_available"}
    assert any(line.startswith("To chase:") and "the oldest 21 days late" in line for line in describe_build(built))
    written = pd.read_csv(project.processed / "chase.csv")
    assert len(written) == len(built.due)


def test_a_slip_into_a_future_quarter_is_refused(project, form):
    fill(form)
    hand_in(project, form)
    with pytest.raises(InputError, match="lies in the future"):
        build(project, YEAR, IN_THE_YEAR)


def test_a_form_comes_back_whatever_the_question_of_its_page_says(project):
    """The question stood over the table, where each word is one about the figures: `real` refused the form."""
    for file in (project.partnership / "indicators").glob("*.yml"):
        own = "question: What changed in Wolverhampton, and is it real?\n"
        said = re.sub(r"(?ms)^question: .*?(?=^\S)", own, file.read_text(encoding="utf-8"))
        file.write_text(said, encoding="utf-8")
    form = openpyxl.load_workbook(new_year(project, YEAR))
    filled = fill(form)
    hand_in(project, form)
    observations = build(project, YEAR, AFTER_THE_YEAR).evidence.observations
    assert len(observations.query("financial_year == @YEAR and status == 'reported'")) == filled


def test_a_form_that_is_there_is_not_written_over(project):
    new_year(project, YEAR)
    with pytest.raises(InputError, match="is there already"):
        new_year(project, YEAR)


def test_a_year_without_data_before_it_is_refused(project):
    with pytest.raises(InputError, match="no folder data/raw/2024-25"):
        new_year(project, "2025-26")


def test_what_is_no_longer_collected_is_neither_asked_for_nor_overdue(catalogue, shipped):
    """From the year after on; the figures that came stay, and what was due before is still due."""
    name, day = "knife_violence", date(2026, 1, 1)
    ended = catalogue.indicators[name].model_copy(update={"collected_until": "2017-18"})
    words = catalogue.model_copy(update={"indicators": catalogue.indicators | {name: ended}})
    rows = shipped.observations
    sheets = lay_out_form(words, rows, annual_totals(rows, words.indicators), YEAR)
    assert name not in {row.indicator.id for sheet in sheets for row in sheet.rows}
    assert name not in set(list_due(rows, words, YEAR, day)["indicator"])
    assert name in set(list_due(rows[rows["indicator"] != name], words, "2017-18", day)["indicator"])
    before = Reading("2017-18", "", observations=[{"indicator": name, "source_file": "a.csv"}])
    assert len(name_absent([before, Reading(YEAR, "")], catalogue)) == 1
    assert name_absent([before, Reading(YEAR, "")], words) == []


def test_the_form_says_that_it_holds_small_numbers(form):
    """It shows last year's figures of all owners to each of them, as nothing else that is sent does."""
    lines = [str(row[0].value) for row in form["Instructions"].iter_rows() if row[0].value]
    assert lines[1].startswith("OFFICIAL-SENSITIVE: ")
