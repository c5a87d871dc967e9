"""Baselines against their quarters, the schema that guards the tidy table, and the files on disk."""

from __future__ import annotations

import json

import pandas as pd
import pandera.errors
import pytest

from swp_analysis.audit.audit_year import audit_year
from swp_analysis.build import build, describe_build, name_missing
from swp_analysis.errors import InputError
from swp_analysis.ingest.records import OBSERVATION_COLUMNS, ReportText
from swp_analysis.quality.processed import check_observations, read_processed, write_processed
from swp_analysis.quality.totals import annual_totals
from tests.conftest import SHIPPED, YEAR


def reconcile(baselines, shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    folder = SHIPPED / "data" / "raw" / YEAR
    audit = audit_year(folder, YEAR, shipped.observations, totals, baselines, catalogue, ReportText())
    return audit.reconciled.set_index("indicator")


@pytest.fixture(scope="module")
def reconciled(shipped, catalogue):
    return reconcile(shipped.baselines, shipped, catalogue)


def test_baselines_that_agree_and_those_that_do_not(reconciled):
    assert reconciled["verdict"].value_counts().to_dict() == {"agrees": 19, "not comparable": 3, "differs": 2}
    abuse, custody = reconciled.loc["domestic_abuse_recordable_share"], reconciled.loc["youth_custody_share"]
    assert abuse["explanation"] == "42.4% is printed; the year is 44.04% in the table; that is Q4 2016/17 alone"
    assert (custody["verdict"], round(custody["recomputed"], 2)) == ("differs", 15.12)


def test_head_counts_added_up_are_found_out(reconciled):
    assert "97 is printed: that is 31 + 31 + 35: head counts" in reconciled.loc["active_gang_members", "explanation"]


def test_a_wrong_baseline_is_reported_and_not_repaired(shipped, catalogue):
    changed = shipped.baselines.copy()
    changed.loc[changed["indicator"] == "knife_violence", "value"] = 190
    row = reconcile(changed, shipped, catalogue).loc["knife_violence"]
    assert (row["printed"], row["recomputed"], row["difference"], row["verdict"]) == (190, 191, -1, "differs")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "not_available"},
        {"value": float("nan")},
        {"value": -1.0},
        {"indicator": "unheard_of"},
        {"quarter": 5},
        {"status": "suppressed", "value": float("nan")},
    ],
)
def test_the_schema_refuses_what_contradicts_itself(shipped, catalogue, change):
    broken = shipped.everything.copy()
    for column, value in change.items():
        broken.loc[0, column] = value
    with pytest.raises(pandera.errors.SchemaError):
        check_observations(broken, catalogue)


def test_build_writes_every_table_with_its_description(built):
    processed = SHIPPED / "data" / "processed"
    observations = read_processed(processed, "observations")
    assert list(observations.columns) == OBSERVATION_COLUMNS
    pd.testing.assert_frame_equal(observations, built.evidence.everything, check_dtype=False)
    for name in ("observations", "baselines", "reconciliation", "unread", "revisions", "decisions", "chase"):
        description = json.loads((processed / f"{name}.csv-metadata.json").read_text(encoding="utf-8"))
        header = (processed / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert [column["name"] for column in description["tableSchema"]["columns"]] == header.split(",")


def tables_of(project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in project.processed.iterdir()}


def test_building_twice_gives_the_same_bytes(built_project):
    first = tables_of(built_project)
    build(built_project, None)
    assert tables_of(built_project) == first


def test_a_refused_build_changes_nothing(built_project):
    before = tables_of(built_project)
    table = built_project.raw / "2017-18" / "vulnerability.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("399", "3g9"), encoding="utf-8")
    with pytest.raises(InputError):
        build(built_project, None)
    assert tables_of(built_project) == before


def test_a_write_that_breaks_off_leaves_nothing_half_done(tmp_path, monkeypatch):
    frame = pd.DataFrame({"indicator": ["knife_violence"], "financial_year": ["2016-17"], "value": [191.0]})
    write_processed(tmp_path, {"baselines": frame})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    unknown = {"baselines": frame.assign(value=0.0), "no_such_table": frame}
    with pytest.raises(KeyError):
        write_processed(tmp_path, unknown)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_table_that_is_not_built_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="run `swp build` first"):
        read_processed(tmp_path, "observations")


def test_the_build_says_what_is_missing_unread_and_disagreeing(project):
    """A text without tables lies beside the year's tables: it is read for claims, and the build goes on."""
    minutes = project.raw / YEAR / "minutes.txt"
    minutes.write_text("Board minutes\n\nThe Chair noted that knife crime rose by 30 to 231.\n", encoding="utf-8")
    built = build(project, None)
    lines = "\n".join(describe_build(built))
    assert (
        "Missing: Community Safety: 7 figures of 1 indicator not given (blank); see data/processed/observations.csv."
        in lines
    )
    for kind in ("Missing", "To chase"):  # a line an owner, never one a figure
        owners = [line.split(":")[1] for line in lines.splitlines() if line.startswith(kind)]
        assert len(owners) == len({*owners}) > 1
    assert "Not read: substance_misuse.csv, row 7, column B" in lines
    assert "42.4% is printed; the year is 44.04% in the table; that is Q4 2016/17 alone." in lines
    assert "read as marac_referrals" in lines
    said = built.audit.claims[built.audit.claims["location"].str.startswith("minutes.txt")]
    assert list(zip(said["stated"], said["verdict"], strict=True)) == [("30", "confirmed"), ("231", "contradicted")]


def test_a_figure_that_is_awaited_is_not_called_blank(built_project):
    rows = read_processed(built_project.processed, "observations").head(3).assign(status="not_available")
    rows["raw_value"] = ["awaited", "", "0 cases in Quarter 4"]
    (line,) = name_missing(rows)
    assert line.endswith(
        ": 3 figures of 1 indicator not given ('awaited', blank); see data/processed/observations.csv."
    )
