"""`swp audit` on the shipped year: the table, the files and the exit codes."""

import json

import pandas as pd
import pytest

from swp_analysis.audit.audit_year import CLAIM_COLUMNS
from swp_analysis.cli import main
from swp_analysis.quality.processed import read_processed


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code or 0


def test_a_year_s_claims_are_shown_written_and_kept_when_the_next_ones_cannot_be_read(project, capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    claims = project.raw / "2017-18" / "claims.csv"
    line = 'c900,"[red]<img onerror=x>[/red]",hate_crime,level,2017-18,1,offences,'
    claims.write_text(claims.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    assert run("audit", "2017-18", "--strict", "--all") == 3
    shown = capsys.readouterr().out
    assert "\x1b[" not in shown
    assert "[red]<img" in shown  # markup is text
    assert all(word in shown for word in ("confirmed", "different scope", "no table", "contradicted"))
    check_files(project)
    before = (project.processed / "claims.csv").read_bytes()
    claims.write_text(claims.read_text(encoding="utf-8").replace("c001,", "c002,", 1), encoding="utf-8")
    assert run("audit") == 2
    assert "used twice" in capsys.readouterr().err
    assert (project.processed / "claims.csv").read_bytes() == before


def check_files(project):
    """The claims have the columns of the contract, and a description beside them."""
    path = project.processed / "claims.csv"
    assert list(pd.read_csv(path, nrows=1).columns) == CLAIM_COLUMNS
    described = json.loads(path.with_name("claims.csv-metadata.json").read_text(encoding="utf-8"))
    kinds = {column["name"]: column["datatype"] for column in described["tableSchema"]["columns"]}
    assert (described["tableSchema"]["primaryKey"], kinds["recomputed"]) == (["claim_id"], "string")
    verdicts = {"confirmed", "contradicted", "different_scope", "no_table"}
    assert set(read_processed(project.processed, "claims")["verdict"]) == verdicts


def test_strict_is_content_when_nothing_is_contradicted(project):
    claims = project.raw / "2017-18" / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    table = project.raw / "2017-18" / "reducing_reoffending.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Baseline 9.9%", "Baseline 15.1%"), encoding="utf-8")
    assert run("audit", "--strict") == 0


def test_a_year_without_a_report_says_where_to_put_one(project, capsys):
    folder = project.raw / "2017-18"
    for file in list(folder.iterdir()):
        file.unlink()
    (folder / "vulnerability.csv").write_text(
        "KPI,Q1 2017/18,Q2 2017/18,Q3 2017/18,Q4 2017/18\nHate crime,5,6,7,8\n", encoding="utf-8"
    )
    assert run("audit") == 0
    assert "put its text beside the year's tables, or name any file: swp audit FILE" in capsys.readouterr().out
