"""Any text against the tables: the function, the command, the page, and a sample of generated sentences."""

import io
import re
import sys
import zipfile
from collections import Counter

import pandas as pd
import pytest
from docx import Document

from swp_analysis.audit import judge_text
from swp_analysis.cli import main
from swp_analysis.project import Project
from tests.conftest import ROOT, SHIPPED

sys.path.insert(0, str(ROOT))
from benchmarks import council_sentences, joined_sentences
from benchmarks.generated_sentences import judge_all, make_statements

HOME = Project(SHIPPED)
PAPER = """Report to the Board

Violence

Knife crime rose by 30 offences (16.5%) to 221.
<script>alert(1)</script> [red]Hate crime[/red] stood at 385 in 2017/18.

West Midlands

Knife crime rose by 19%.
"""


def verdicts(text: str) -> list[str]:
    return list(judge_text(text, "2017-18", HOME)["verdict"])


@pytest.mark.parametrize("heading", ["Environment", "Roads and housing", "Safeguarding", "Anti-social behaviour"])
def test_a_heading_about_another_matter_narrows_nothing_down(heading):
    assert verdicts(f"{heading}\n\nKnife crime stood at 231 in 2017/18.") == ["contradicted"]
    assert verdicts(f"{heading} in Heath Town\n\nKnife crime stood at 231 in 2017/18.") == ["not judged"]


@pytest.mark.parametrize(
    ("legend", "line", "expected"),
    [
        ("Figures in brackets are for 2016/17.", "Knife crime: 221 (191)", ["confirmed", "confirmed"]),
        ("Figures in brackets are for 2016/17.", "Knife crime: 221 (181)", ["confirmed", "contradicted"]),
        ("Figures for 2017/18; those for 2016/17 are in brackets.", "Hate crime in Q3: 78 (97)", ["confirmed"] * 2),
        ("Quarter 4 2017/18 (previous quarter in brackets)", "Gun crime: 19 (16)", ["confirmed", "confirmed"]),
        ("Quarter 4 2017/18 (last year in brackets)", "Gun crime: 19 (16)", ["confirmed", "contradicted"]),
        ("Targets for 2016/17 are in brackets.", "Knife crime: 221 (181)", ["not judged", "not judged"]),
        ("Percentage change on 2016/17 in brackets.", "Knife crime: 221 (16)", ["not judged", "not judged"]),
    ],
)
def test_a_legend_says_what_figures_in_brackets_are_of(legend, line, expected):
    assert verdicts(f"{legend}\n\n{line}") == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Knife crime fell below 60 in Q3.", ["confirmed"]),
        ("Knife crime fell below 50 in Q3.", ["contradicted"]),
        ("The first half of 2017/18 saw 98 knife offences.", ["confirmed"]),
        ("The first half of 2017/18 saw 123 knife offences.", ["contradicted"]),
        ("Knife crime in Q3 was the second highest of the year.", ["confirmed"]),
        ("Knife crime in Q3 was the third highest of the year.", ["contradicted"]),
        ("Gun crime almost doubled.", ["confirmed"]),
        ("Gun crime more than doubled.", ["contradicted"]),
        ("Referrals to MARAC fell by a third.", ["contradicted"]),
        ("The MARAC repeat rate was 36% (69 of 191) in Q4.", ["confirmed", "confirmed"]),
        ("The MARAC repeat rate was 36% (66 of 191) in Q4.", ["confirmed", "contradicted"]),
        ("Hate crime never fell below 78 in any quarter.", ["confirmed"]),
        ("Hate crime never fell below 80 in any quarter.", ["contradicted"]),
        ("An average of 55 knife offences a quarter was recorded.", ["confirmed"]),
        ("An average of 65 knife offences a quarter was recorded.", ["contradicted"]),
        ("Both knife crime and gun crime rose.", ["confirmed"]),
        ("Both knife crime and gun crime fell.", ["contradicted"]),
        ("Knife crime rose faster than gun crime.", ["contradicted"]),
        ("There were more personal robberies than knife crimes.", ["confirmed"]),
        ("Gun crime has not fallen for three quarters.", ["confirmed"]),
        ("Knife crime did not rise in 2017/18.", ["contradicted"]),
        ("Robbery increased by 35 offences.", ["different_scope"]),
    ],
)
def test_each_kind_is_judged(text, found):
    assert verdicts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Knife crime in Heath Town rose by 55 offences.",
        "Nationally, knife crime rose by 6%.",
        "Knife crime is expected to reach 250 next year.",
        "If knife crime rose by 50%, more officers would be needed.",
        "Did knife crime rise by 50%?",
        "Knife crime rose from 191 to 221, then fell to 150.",
        "The target for knife crime is 150.",
        "Knife crime rose by between 20 and 25 offences.",
        "Targets for 2018/19\nKnife crime: 180.",
        "West Midlands\nKnife crime rose by 19%.",
        "In 2016/17 knife crime stood at 191. It was 221.",
    ],
)
def test_what_is_not_understood_is_never_accused(text):
    assert not {"contradicted", "different_scope"} & set(verdicts(text))


def test_nothing_is_confirmed_beside_a_part_that_can_t_be_judged():
    assert verdicts("Knife crime rose by 30, the steepest rise since 2010.") == ["not judged", "not judged"]


@pytest.fixture
def paper(tmp_path, monkeypatch):
    monkeypatch.setenv("SWP_PROJECT", str(SHIPPED))
    path = tmp_path / "paper.txt"
    path.write_text(PAPER, encoding="utf-8")
    return path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code or 0


def test_the_command_prints_a_line_a_statement_and_ends_with_3_when_strict(paper, capsys):
    assert run("audit", str(paper), "--year", "2017-18") == 0
    assert "contradicted" in capsys.readouterr().out
    assert run("audit", str(paper), "--strict") == 3


def test_the_csv_holds_every_statement(paper, capsys):
    assert run("audit", str(paper), "--csv") == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(rows["verdict"]) == ["confirmed", "contradicted", "confirmed", *["not judged"] * 3]


def test_the_page_stands_on_its_own_and_shows_text_as_text(paper, tmp_path):
    assert run("audit", str(paper), "--html", str(tmp_path / "page.html")) == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("OFFICIAL-SENSITIVE") == 2
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "default-src 'none'" in page
    assert '<html lang="en-GB">' in page
    assert re.search(r'<mark class="contradicted">16\.5% <a href="#s2">\[2 contradicted\]</a></mark>', page)


TABLES = {
    "By year": [["", "2016/17", "2017/18", "Change"], ["Knife crime", "191", "231", "+30 (15.7%)"]],
    "Quarters of 2016/17": [["", "Q1", "Q4", "Target"], ["Gun crime", "8", "6", "4"], ["Burglary", "99", "98", "9"]],
    "Trends": [["Year", "Hate crime"], ["2016/17", "374"], ["2017/18", "386"]],
    "Walsall": [["", "2017/18"], ["Knife crime", "90"]],
    "By reporter": [["2017/18", "Police", "2017/18"], ["Knife crime", "90", "221"], ["Police", "150", "99"]],
    "Two years": [["2016/17", "Q1", "Q2"], ["Hate crime", "92", "107"]],
    "Months of 2017/18": [["", "Jan 2018", "Q4"], ["Knife crime", "20", "67"]],
}


def test_the_tables_and_the_notes_of_a_word_paper_are_judged(paper, capsys):
    path = paper.with_name("paper.docx")
    document = Document()
    document.add_paragraph("Knife crime rose by 30 in 2017/18.NOTE It was 221.")
    for heading, rows in TABLES.items():
        document.add_heading(heading)
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.save(path)
    add_note(path, "In 2016/17 there were 199 knife crimes.")
    assert run("audit", str(path), "--csv") == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str).fillna("")
    found = {verdict: [*of["statement"].str.lstrip("'")] for verdict, of in rows.groupby("verdict")}
    assert found["contradicted"] == ["199", "231", "6", "386", "107"]
    assert found["confirmed"] == ["30", "221", "191", "+30", "15.7%", "8", "374", "221", "92", "67"]
    assert found["not judged"] == ["99", "98", "90", "20"]
    assert rows.set_index("statement").loc["231", "place"] == "paper.docx, table 1, row 2, column C"


@pytest.mark.parametrize("heading", ["", "Key points\n\n"])
def test_lines_with_commas_are_sentences_and_no_table(paper, capsys, heading):
    path = paper.with_name("bullets.txt")
    lines = "Reoffending Q1 33.2%, Q2 30.4%, Q3 30.3%, Q4 n/a\n\nReoffending Q1 34.4%, Q2 30.4%, Q3 30.3%, Q4 n/a\n"
    path.write_text(f"{heading}{lines}FGM incidents: 27, up 10 (49%)\n", encoding="utf-8")
    assert run("audit", str(path), "--csv") == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str)
    assert [*rows["statement"][-3:]] == ["27", "10", "49%"]
    assert [*rows["verdict"][-3:]] == ["confirmed", "confirmed", "contradicted"]


def add_note(path, text):
    """Put a footnote where the document says NOTE; python-docx writes none."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    reference = b'</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t xml:space="preserve">'
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"NOTE", reference)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = f'<w:footnote w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
    parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{space}">{note}</w:footnotes>'.encode()
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nothing.docx"], "no such file"), (["2017-18", "--csv"], "need a FILE")],
)
def test_a_wrong_call_ends_with_2(paper, capsys, arguments, said):
    assert run("audit", *arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("seed", [4, 5])
def test_a_sample_of_generated_sentences(shipped, catalogue, seed):
    """Thousands are judged by `python -m benchmarks.generated_sentences`."""
    from swp_analysis.audit.figures import TableFigures
    from swp_analysis.quality.totals import annual_totals

    totals = annual_totals(shipped.observations, catalogue.indicators)
    figures = TableFigures(shipped.observations, totals, shipped.baselines, catalogue)
    others = [one.make_sentences(shipped.observations, 60, seed) for one in (council_sentences, joined_sentences)]
    made = make_statements(shipped.observations, 60, seed)
    made += [("T" if true else "F", text) for sentences in others for text, true in sentences]
    judged = list(judge_all(made, figures, "2017-18"))
    wrong = {("T", "accused"), ("F", "confirmed"), ("N", "accused"), ("N", "confirmed")}
    assert [one for one in judged if one[:2] in wrong] == []
    counts = Counter(kind_and_outcome[:2] for kind_and_outcome in judged)
    assert counts["F", "accused"] >= 0.7 * sum(count for (kind, _), count in counts.items() if kind == "F")
