"""Statements about what only open tables hold: with the figures that ship, and with a user's own."""

import shutil

import pytest

from swp_analysis.audit import judge_text
from swp_analysis.build import build
from swp_analysis.errors import InputError
from swp_analysis.project import Project
from tests.conftest import SHIPPED

TOTAL = "Total recorded crime rose by 13.6% (2,541 offences)."
SHARE = f"{TOTAL} Wolverhampton accounted for {{}} of the total recorded crime in the West Midlands."
FIGURES = {"total": (18684, 21225), "business_crime": (4256, 4954), "robbery": (389, 424)}


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """A project with figures typed in our own layout."""
    folder = tmp_path_factory.mktemp("typed")
    for name in ("data", "partnership"):
        shutil.copytree(SHIPPED / name, folder / name, ignore=shutil.ignore_patterns("processed", "cache"))
    rows = ["area_code,period_start,period_end,financial_year,offence_group,count"]
    for group, (before, now) in FIGURES.items():
        rows.append(f"E22000341,2016-04-01,2017-03-31,2016-17,{group},{before}")
        rows.append(f"E22000341,2017-04-01,2018-03-31,2017-18,{group},{now}")
    path = folder / "data" / "raw" / "open" / "typed" / "2018-07" / "own.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(rows), encoding="utf-8")
    return Project(folder), path


def judged(text, project):
    return list(judge_text(text, "2017-18", project)["verdict"])


def test_what_ships_holds_a_share_of_the_force_against_the_report_s_own_change():
    found = judge_text(SHARE.format("9.2%"), "2017-18", Project(SHIPPED))
    assert list(found["verdict"]) == ["not judged", "not judged", "different_scope"]
    assert "9.05–9.11% of the 233,688" in found["explanation"].iloc[2]
    assert judged(SHARE.format("9.1%"), Project(SHIPPED)) == ["not judged"] * 3


@pytest.mark.parametrize(
    "text",
    [
        *("Total recorded crime rose by 50%.", "Burglary rose by 900.", "There were 99 sexual offences in 2017/18."),
        *("Total recorded crime in Sandwell rose by 3%.", "Nationally, total recorded crime rose by 13%."),
    ],
)
def test_no_figure_of_the_force_judges_what_is_said_of_the_area(text):
    assert set(judged(text, Project(SHIPPED))) == {"not judged"}


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (TOTAL, ["confirmed", "confirmed"]),
        ("Total recorded crime rose by 23.6%.", ["contradicted"]),
        ("Total recorded crime rose by 13.1%.", ["not judged"]),  # published figures are revised
        (SHARE.format("9.2%"), ["confirmed", "confirmed", "contradicted"]),
        ("Business crime had a 698 offence increase (16.4%).", ["confirmed", "confirmed"]),
        ("Robbery increased by 35 (9%).", ["confirmed", "confirmed"]),
        ("Shoplifting rose by 12%.", ["not judged"]),
    ],
)
def test_a_user_s_open_figures_judge_what_had_no_table(typed, text, verdicts):
    assert judged(text, typed[0]) == verdicts


def test_the_build_judges_typed_claims_by_them_and_names_no_indicator_that_pages_lack(typed, monkeypatch):
    monkeypatch.setenv("SWP_PROJECT", str(typed[0].root))
    claims = build(typed[0], "2017-18").audit.claims.set_index("claim_id")
    assert list(claims.loc[["c001", "c002", "c007", "c021"], "verdict"]) == ["confirmed"] * 4
    assert set(claims.loc[["c001", "c002", "c007", "c021"], "indicator"]) == {""}


@pytest.mark.parametrize(("old", "new"), [("E22000341,2016", "E99,2016"), (",18684", ",18k")])
def test_a_typed_figure_that_cannot_be_read_is_named_with_its_row(typed, old, new):
    project, path = typed
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        with pytest.raises(InputError, match=r"own\.csv, row 2"):
            judged(TOTAL, project)
    finally:
        path.write_text(text, encoding="utf-8")
