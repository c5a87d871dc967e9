"""Statements in many wordings about the shipped tables: no true one is accused, no false one confirmed."""

from collections import Counter
from pathlib import Path

import pytest

from swp_analysis.audit.judge_text import figures_of_year, judge_file, judge_passages, judge_text
from swp_analysis.ingest.records import ReportPassage
from swp_analysis.project import Project

ROOT = Path(__file__).resolve().parents[2]
CASES = [line.split(" ", 1) for line in (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()]
CLAIMS = "Knife crime rose by 40 to 231.\nIn 2017/18 there were 70 firearm offences."


@pytest.fixture(scope="module")
def project():
    return Project(ROOT)


@pytest.fixture(scope="module")
def outcomes(project):
    """(kind, sentence, verdicts) of each case, judged without the others."""
    figures, year = figures_of_year(project, "2017-18")
    cases = [case for case in CASES if case[0] in ("T", "F", "X", "N")]
    judged = (judge_passages([ReportPassage("line 1", "s1", said)], figures, year) for _, said in cases)
    return [(kind, said, set(found["verdict"])) for (kind, said), found in zip(cases, judged, strict=True)]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("T", {"contradicted", "different_scope"}),
        ("N", {"contradicted", "different_scope", "confirmed"}),
    ],
)
def test_no_true_statement_is_accused_and_none_of_others_judged(outcomes, kind, wrong):
    assert [said for one, said, verdicts in outcomes if one == kind and verdicts & wrong] == []


def test_no_false_statement_is_confirmed(outcomes):
    accused = {"contradicted", "different_scope"}
    assert [s for kind, s, verdicts in outcomes if kind == "F" and "confirmed" in verdicts - accused == verdicts] == []


def test_every_false_statement_of_a_kind_that_is_understood_is_found(outcomes):
    accused = {"contradicted", "different_scope"}
    assert [said for kind, said, verdicts in outcomes if kind == "X" and not verdicts & accused] == []


def test_most_false_statements_are_found(outcomes):
    found = Counter(bool(v & {"contradicted", "different_scope"}) for kind, _, v in outcomes if kind == "F")
    assert found[True] / found.total() >= 0.7


@pytest.mark.parametrize(
    "heading",
    [
        *("Dudley", "BILSTON EAST", "Our neighbours", "The national picture", "By ward", "West Yorkshire Police"),
        *("Sandwell and Walsall", "From the previous committee's paper", "England and Wales", "Other force areas"),
    ],
)
def test_a_heading_that_names_another_place_or_paper_silences_what_stands_below(project, heading):
    assert set(judge_text(f"{heading}\n\n{CLAIMS}", "2017-18", project)["verdict"]) == {"not judged"}


@pytest.mark.parametrize(
    "above",
    [
        *("Walsall\n\nViolent crime", "# Walsall\n\n## Violent crime", "3. Walsall\n\n3.1 Violent crime"),
        *("The force as a whole\n\nKnife crime", "Targets for 2018/19\n\nViolence", "In June 2017:"),
        *("Extract from last year's report\n\nKnife crime", "Young people under 18:"),
        *("## Heath Town\n\n### Violent crime", "Turning to Walsall, the picture is worse.\n\nIt is not improving."),
    ],
)
def test_a_heading_of_elsewhere_holds_below_sub_headings_and_over_a_list(project, above):
    assert set(judge_text(f"{above}\n\n{CLAIMS}", "2017-18", project)["verdict"]) == {"not judged"}


@pytest.mark.parametrize(
    "above",
    [
        *("Walsall\n\nWolverhampton\n\nViolent crime", "3. Walsall\n\n4. Violent crime"),
        *("## Heath Town\n\n## Violent crime", "In Walsall it is worse.\n\nWolverhampton is another matter."),
        "In Walsall there were 300 burglaries.\n",
    ],
)
def test_it_holds_until_our_own_area_or_a_heading_of_its_level(project, above):
    assert "contradicted" in set(judge_text(f"{above}\n\n{CLAIMS}", "2017-18", project)["verdict"])


@pytest.mark.parametrize("heading", ["Wolverhampton", "Serious violence", "Key messages", "SWP quarterly digest"])
def test_a_heading_that_narrows_nothing_down_leaves_what_stands_below_to_be_judged(project, heading):
    assert "contradicted" in set(judge_text(f"{heading}\n\n{CLAIMS}", "2017-18", project)["verdict"])


@pytest.mark.parametrize(
    "opening",
    ["Turning to Walsall.", "Across the region the picture is worse.", "In Dudley there were 300 burglaries."],
)
def test_so_does_a_sentence_for_those_that_follow_it(project, opening):
    assert set(judge_text(f"{opening} Knife crime rose by 40 to 231.", "2017-18", project)["verdict"]) == {"not judged"}


@pytest.mark.parametrize(
    "said",
    [
        "Of 615 serious sexual offences, 336 had a victim aged 18 or under. That is 55 more than the 281 in 2016/17.",
        "Young victims\nSerious sexual offences: 336, 55 more.",
    ],
)
def test_a_part_that_was_named_before_is_not_taken_for_the_whole(project, said):
    assert not {"contradicted", "different_scope"} & set(judge_text(said, "2017-18", project)["verdict"])


PARAGRAPH = "<p>Gun crime stood at 16. It was 30 in 2016/17.</p>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", f"<html><body><h2>Quarter 3</h2>{PARAGRAPH}</body></html>"),
        ("page.md", f"## Quarter 3\n\n{PARAGRAPH[3:-4]}\n"),
    ],
)
def test_a_page_without_a_table_is_judged_below_its_headings(project, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(judge_file(tmp_path / name, "2017-18", project).statements["verdict"]) == ["confirmed", "contradicted"]
