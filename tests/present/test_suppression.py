"""The list of what other readers don't see: every hidden figure with its reason, for analysts alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.disclosure import protect
from swp_analysis.ingest.read_year import read_editions
from swp_analysis.present.opening import hand_over
from swp_analysis.present.phrases import read_phrases
from swp_analysis.present.quality_tables import record_reading


def test_readers_of_protected_figures_get_one_sentence(partners):
    shown = partners.suppressed_figures()
    assert shown.text == read_phrases()["for_analysts"]


def rows_of(table, internal, name="personal_robbery_offenders_10_24"):
    return [row for row in table.rows if row[0] == internal.catalogue.indicators[name].label]


@pytest.fixture(scope="module")
def listed(internal):
    return internal.suppressed_figures().content


def test_every_figure_that_partners_lack_is_listed(listed, internal, partners):
    gone = partners.data.observations["status"].isin(["suppressed", "withheld"]).sum()
    years = sum((frame["status"] == "withheld").sum() for frame in (partners.data.totals, partners.data.baselines))
    assert len(listed.rows) == gone + years == len(partners.data.log)
    assert list(listed.columns) == ["Indicator", "Financial year", "Figure", "Withheld from", "Why"]
    assert {row[3] for row in listed.rows} == {"Partner organisations and The public"}
    labels = {indicator.label for indicator in internal.catalogue.indicators.values()}
    assert {row[0] for row in listed.rows} <= labels


def test_a_row_says_which_figure_and_why(listed, internal):
    robbery = rows_of(listed, internal)
    assert [(row[1], row[2]) for row in robbery] == [("2017/18", "Q1"), ("2017/18", "Q4")]
    assert robbery[0][4].startswith("secondary: a sum less the other quarters")
    assert robbery[1][4] == "primary: fewer than 5"
    assert {"whole year", "baseline"} <= {row[2] for row in listed.rows}


def test_the_table_says_what_hiding_costs(listed):
    assert listed.note.endswith("31 small figures are withheld, and 13 more that would give them away.")


def test_how_tables_were_read_tells_partners_nothing_hidden(internal, partners):
    """A reason quotes the cell, a list of decisions grows with figures that differ, a restated `<5` was another one."""
    robbery = partners.data.observations.query("indicator == 'personal_robbery_offenders_10_24'")
    restated = robbery[["indicator", "period_start"]].assign(raw_value_before="1", raw_value_now="3")
    partners, internal = (replace(one, revisions=restated) for one in (partners, internal))
    shown = robbery.loc[robbery["status"] == "reported", "period_start"]
    assert len(partners.restated_figures().rows) == len(shown) < len(internal.restated_figures().rows) == len(robbery)
    assert all(reason not in partners.unread_cells()._repr_html_() for reason in partners.unread["reason"])
    assert internal.unread_cells().content.headings[-1] == "Reason"
    assert not any(sign.isdigit() for sign in partners.record.decisions.text)


def test_a_baseline_whose_year_is_withheld_is_not_reconciled(internal, catalogue, brief, shipped):
    name = "knife_violence"
    tables = shipped.baselines.assign(value=lambda rows: rows["value"].where(rows["indicator"] != name, 3.0))
    partners = brief("partners", replace(shipped, baselines=tables))
    assert set(partners.reconciled.query("indicator == @name")["verdict"]) == {"withheld"}


def test_notebooks_of_a_run_for_partners_read_no_table_before_disclosure_control(partners, internal, tmp_path):
    """Whatever opens it; tables from outside the project, and analysts' own notebooks, are free to."""
    project = tmp_path / "project"
    table = project / "data" / "processed" / "observations.csv"
    (project / "data" / "raw").mkdir(parents=True)
    table.parent.mkdir()
    partners.data.observations.to_csv(table, index=False)
    shutil.copy(table, tmp_path / "data.csv")
    code = "import sys, pandas, swp_analysis.present.opening; pandas.read_csv(sys.argv[1])"
    said = {}
    for briefing in (partners, internal):
        folder = tmp_path / briefing.audience.id
        folder.mkdir()
        hand_over(briefing, "E08000031", folder)
        settings = os.environ | {"SWP_RUN": str(folder), "SWP_PROJECT": str(project)}
        for path in (table, tmp_path / "data.csv"):
            done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, env=settings)
            said[briefing.audience.id, path.name] = done.stderr
    assert "observations.csv holds figures that partner organisations may not see" in said.pop(
        ("partners", "observations.csv")
    )
    assert set(said.values()) == {""}


def test_what_earlier_editions_showed_changes_the_list(internal, partners):
    """Earlier, partners saw the first quarter of robberies: now the second one goes in its place."""
    told = partners.data.observations.copy()
    robbery = told["indicator"] == "personal_robbery_offenders_10_24"
    told.loc[robbery] = internal.data.observations.loc[robbery]
    later = robbery & (told["financial_year"] == "2017-18") & (told["quarter"] > 1)
    told.loc[later, "value"], told.loc[later, "status"] = float("nan"), "not_available"
    nothing = {"baselines": partners.data.baselines.iloc[:0], "totals": partners.data.totals.iloc[:0]}
    earlier = replace(partners.data, observations=told[robbery], **nothing)
    shown = replace(internal, earlier=(earlier,)).suppressed_figures()
    assert [row[2] for row in rows_of(shown.content, internal)] == ["Q2", "Q4"]


def test_when_no_safe_edition_is_left_the_analysts_page_says_so(internal):
    told = protect(
        internal.data.observations, internal.data.baselines, internal.data.totals, {}, threshold=0
    )  # an edition that shows all, as if it had been sent to partners
    shown = replace(internal, earlier=(replace(told, threshold=5),)).suppressed_figures()
    assert "no edition can be made from these tables" in shown.text


@pytest.mark.parametrize("heading", ["Q4 2017/18 (provisional)", "Q4 2017/18"])
def test_readers_hear_that_figures_are_provisional_and_not_in_whose_words(shipped, catalogue, tmp_path, heading):
    table = tmp_path / "2017-18" / "hate.csv"
    table.parent.mkdir()
    table.write_text(f"KPI,Q3 2017/18,{heading}\nReported Hate crime,90,95\n", encoding="utf-8")
    evidence = read_editions(tmp_path, "2017-18", catalogue)
    tables = {"observations": shipped.observations, "provisional": evidence.provisional, "chase": pd.DataFrame()}
    record = record_reading(tables, catalogue, show_text=False)
    assert ("may still change" in record.decisions.text) == ("provisional" in heading)
    assert record.decisions.text.endswith(read_phrases()["for_analysts"])
