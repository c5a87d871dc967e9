"""`swp read`: how a file is read, without building anything."""

from __future__ import annotations

import csv
import io

import pytest

from swp_analysis.cli import main
from tests.conftest import ROOT, SHIPPED

HATE = "Hate Crime - number of recorded crimes"


@pytest.fixture
def swp_read(capsys, monkeypatch):
    """Runs `swp read` in the project; gives the exit code and both streams."""
    monkeypatch.chdir(ROOT)

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["read", *map(str, arguments)])
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def tables(tmp_path):
    """Two files as received: one that can be read, and one whose figures are cumulative."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"KPI,Q1 2018/19,Q2 2018/19,Target,Jul 2018\n{HATE} Baseline 385,101,<5,90,7\n", encoding="utf-8")
    bad.write_text(f"KPI,Q1 2018/19 cumulative\n{HATE},101\n", encoding="utf-8")
    return good, bad


def test_figures_stand_with_their_cells_and_what_is_not_read(tables, swp_read):
    code, out, _ = swp_read(tables[0], "--year", "2018/19")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    assert "good.csv is read as a file of data/raw/2018-19: 3 figures of 1 indicator." in lines
    assert "hate_crime Q1 2018/19 101 101 B2" in lines
    assert "hate_crime Q2 2018/19 1 to 4 <5 C2" in lines
    assert "hate_crime July 2018 7 7 E2" in lines
    assert any(line.startswith("hate_crime 2017/18 385") for line in lines)
    assert any("row 1, column D: the column 'Target' is not read ('target'" in line for line in lines)


def test_a_comment_is_one_wherever_the_label_stands_and_an_owner_is_none(swp_read, tmp_path):
    """Before, rows with a number before the label had no comments, and an owner's name of four words was one."""
    table = tmp_path / "scores.csv"
    owner = "Safer Wolverhampton Partnership Team"
    head = "Ref,KPI,Data Owner,Q1 2018/19,Comments"
    table.write_text(f"{head}\nC1,{HATE},{owner},101,Up 31% on last year.\n", encoding="utf-8")
    code, out, _ = swp_read(table, "--year", "2018/19")
    assert code == 0
    assert "1 comment on rows" in out


def test_a_refused_file_hides_no_other_and_the_exit_code_is_2(tables, swp_read, tmp_path):
    code, out, _ = swp_read(*reversed(tables), tmp_path / "none.csv", "--year", "2018-19")
    assert code == 2
    assert "bad.csv is refused." in out
    assert "'cumulative'" in out
    assert "good.csv is read" in out
    assert "there is no such file" in out
    assert out.endswith("1 of 3 files can be read, 2 would stop the build.\n")


def test_rows_of_observations_as_csv(tables, swp_read):
    code, out, err = swp_read(*tables, "--year", "2018-19", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 2
    assert [(row["quarter"], row["value"], row["status"]) for row in rows] == [
        ("1", "101", "reported"),
        ("2", "", "suppressed"),
        ("", "7", "reported"),
    ]
    assert list(rows[0])[:4] == ["indicator", "area_code", "financial_year", "quarter"]
    assert "bad.csv" in err


def test_a_folder_stands_for_its_tables_and_names_the_year(swp_read):
    code, out, _ = swp_read(SHIPPED / "data" / "raw" / "2017-18")
    assert code == 0
    assert out.count("is read as a file of data/raw/2017-18") == 5
    assert "claims.csv" not in out


def test_outside_a_project_it_is_said_whose_indicators_are_used(tables, swp_read, tmp_path, monkeypatch):
    assert "No project here" not in swp_read(tables[0])[2]
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SWP_PROJECT", raising=False)
    assert "this is about Safer Wolverhampton Partnership; run swp inside your own" in swp_read(tables[0])[2]


def test_a_folder_without_a_table_of_its_own_is_refused_with_the_folders_in_it(swp_read, tmp_path):
    (tmp_path / "received" / "2023").mkdir(parents=True)
    code, _, said = swp_read(tmp_path / "received")
    assert code == 2
    assert "received holds no table; name files, or folders in it: 2023." in said
