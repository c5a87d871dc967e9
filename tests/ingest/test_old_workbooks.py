"""Workbooks that no maintained library writes (fixtures/workbooks/make_workbooks.py), and names that play tricks."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.ingest.reading import read_alone
from tests.ingest.test_bad_input import HATE, complaint_about, package, workbook

WORKBOOKS = Path(__file__).resolve().parents[1] / "fixtures" / "workbooks"


def test_an_old_xls_is_read_with_its_addresses(tmp_path, catalogue):
    read = read_alone(tmp_path, "kpi.xls", (WORKBOOKS / "kpi.xls").read_bytes(), catalogue)
    found = read.observations.set_index(["indicator", "financial_year", "quarter"])
    assert found.loc[("hate_crime", "2016-17", 1), ["value", "source_row", "source_column"]].tolist() == [92, 5, "B"]
    assert found.loc[("hate_crime", "2017-18", 3), ["value", "source_row", "source_column"]].tolist() == [78, 4, "H"]
    assert found.loc[("prevent_referrals", "2016-17", 1), "value"] == 13
    assert found.loc[("prevent_referrals", "2017-18", 2), "status"] == "suppressed"
    assert len(found) == 9
    assert read.notes == ["kpi.xls, sheet 'old': hidden; not read."]


def test_percent_formats_and_what_is_hidden_in_an_old_xls(tmp_path, catalogue):
    read = read_alone(tmp_path, "share.xls", (WORKBOOKS / "share.xls").read_bytes(), catalogue)
    assert read.observations["indicator"].unique().tolist() == ["positive_drug_test_rate"]
    assert read.observations["value"].tolist() == [0, 50, 100, 69.1]
    assert read.observations["raw_value"].tolist() == ["0%", "50%", "100%", "69.1%"]
    assert read.notes == [
        f"share.xls, sheet 'KPI', row 3, column A: the row is hidden; not read: {HATE['A2']!r}.",
        "share.xls, sheet 'KPI', column F: the column is hidden; not read: 'Q4 2016/17'.",
    ]


def test_an_old_xls_that_is_damaged(project, catalogue):
    content = bytearray((WORKBOOKS / "kpi.xls").read_bytes())
    content[600:1600] = bytes(1000)
    assert "the workbook is damaged" in complaint_about(project, catalogue, "a.xls", bytes(content))


@pytest.mark.parametrize("name", ["locked.xlsx", "locked.ods"])
def test_a_workbook_that_is_really_locked(project, catalogue, name):
    content = (WORKBOOKS / name).read_bytes()
    assert "protected with a password" in complaint_about(project, catalogue, name, content)


@pytest.mark.parametrize("trick", ["../../up", "C:\\Windows\\x", "/etc/passwd", "a&#10;b", "=1+1|calc"])
def test_a_path_in_a_sheet_name_is_shown_and_never_followed(tmp_path, catalogue, trick):
    from html import unescape

    from swp_analysis.quality.processed import write_processed

    with zipfile.ZipFile(io.BytesIO(workbook(HATE | {"B2": 5}, "NAME"))) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'"NAME"', f'"{trick}"'.encode())
    read = read_alone(tmp_path / "raw", "a.xlsx", package(parts), catalogue)
    assert read.observations["source_sheet"].unique().tolist() == [unescape(trick)]
    write_processed(tmp_path / "processed", {"observations": read.observations}, {})
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {"a.xlsx", "observations.csv", "observations.csv-metadata.json"}
