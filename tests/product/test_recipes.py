"""The README's recipes, followed word by word: commands, folders and the entry are taken from its own text and docs."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from swp_analysis.build import build, build_if_needed
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.cli import main
from swp_analysis.commands.check import check_project
from swp_analysis.commands.init import init_project
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.opening import read_briefing
from swp_analysis.project import Project

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LABEL = "Burglary - residential"  # an alias of the entry in docs/adopt.md
NOT_MEASURED = re.compile(r"No (?:figures|indicator) of [^.;]*burglary")
FIGURES = [120, 131, 145, 138, 101, 99, 117, 96]


def recipe(name: str) -> str:
    """The paragraph of the README that begins with the recipe's name."""
    return " ".join(re.search(rf"\*\*{name}\.\*\*(.*?)\n\n", README, re.DOTALL)[1].split())


def entry_of_the_template() -> str:
    """The keys that the KPI recipe asks for, as docs/adopt.md shows them, and the aliases."""
    assert "seven keys, see [docs/adopt.md]" in recipe("Add a KPI")
    page = (ROOT / "docs" / "adopt.md").read_text(encoding="utf-8")
    lines = re.search(r"```yaml\n(- id: .*?)```", page, re.DOTALL)[1].splitlines()
    return "\n".join(f"  {line}" for line in [*lines[:7], *(line for line in lines if "aliases:" in line)]) + "\n"


@pytest.fixture
def invented(tmp_path, monkeypatch) -> Project:
    """A partnership with two theft figures and nothing decided."""
    quarters = [f"Q{quarter} {year}" for year in ("2016/17", "2017/18") for quarter in (1, 2, 3, 4)]
    rows = [["Indicator", *quarters, "Owner"], ["Shoplifting", 9, 9, 8, 7, 9, 8, 9, 9, "Police"]]
    rows.append(["Thefts of bicycles", 19, 19, 18, 17, 19, 18, 19, 19, "Police"])
    with (tmp_path / "Thefts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    init_project(tmp_path / "own", "Northbridge CSP", "E07000999", [tmp_path / "Thefts.csv"])
    monkeypatch.setenv("SWP_PROJECT", str(tmp_path / "own"))
    return Project(tmp_path / "own")


@pytest.fixture(params=["built_project", "invented"], ids=["Wolverhampton", "the new partnership"])
def any_project(request) -> Project:
    """The shipped project, then one that `swp init` has just made."""
    return request.getfixturevalue(request.param)


def brief(project: Project) -> Briefing:
    return read_briefing("2017-18", load_catalogue().identity.area_code, "internal", project)


def said_of_what_is_missing(project: Project) -> str:
    """What the pages of priorities say is not measured, by partnership and by law."""
    briefing = brief(project)
    rows = [" ".join(map(str, row)) for row in briefing.priorities.requirements().rows]
    return briefing.priorities.blind_spots()._repr_html_() + " ".join(rows)


def test_a_kpi_is_added_and_the_gap_that_it_closes_goes_away(any_project):
    build_if_needed(any_project, "2017-18")
    assert NOT_MEASURED.search(said_of_what_is_missing(any_project))
    folder = any_project.root / re.search(r"in `(partnership/indicators/)`", recipe("Add a KPI"))[1]
    theme = sorted(folder.glob("*.yml"))[0]
    theme.write_text(theme.read_text(encoding="utf-8") + "\n" + entry_of_the_template(), encoding="utf-8")
    quarters = [f"Q{quarter} {year}" for year in ("2016/17", "2017/18") for quarter in (1, 2, 3, 4)]
    with (any_project.raw / "2017-18" / "burglary.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Indicator", *quarters], [LABEL, *FIGURES]])
    assert check_project(any_project).mistakes == []
    build(any_project, None)
    assert not NOT_MEASURED.search(said_of_what_is_missing(any_project))
    briefing = brief(any_project)
    assert briefing.findings["residential_burglary"].after == sum(FIGURES[4:])
    assert "Residential burglary" in briefing.scorecard._repr_html_()
    assert "residential_burglary" in briefing.about(load_catalogue().indicators["residential_burglary"].theme)


def test_a_year_is_added_with_the_form_half_filled_in(any_project, capsys):
    said = recipe("Add a year")
    year = re.search(r"`swp new-year (\d{4}-\d\d)`", said)[1]
    with pytest.raises(SystemExit, match="0"):
        main(["new-year", year])
    written = Path(re.search(r"Written: (.*?\.xlsx)", capsys.readouterr().out)[1])
    form = openpyxl.load_workbook(written)
    sheet = next(sheet for sheet in form if sheet.title != "Instructions")
    first = next(
        cell for row in sheet.iter_rows() for cell in row if cell.value == f"Quarter 1 {year.replace('-', '/')}"
    )
    sheet.cell(first.row + 1, first.column).value = 12
    folder = any_project.root / re.search(r"into `(data/raw/[\d-]+/)`", said)[1]
    folder.mkdir()
    form.save(folder / written.name)
    assert check_project(any_project).mistakes == []
    built = build(any_project, None)
    assert (built.evidence.observations["financial_year"] == year).any()
    assert len(built.due) > 3
    assert all(built.due["owner"])


def test_a_notebook_is_added_by_copying_one(invented):
    assert "Copy one, number it between its neighbours, keep the first code cell" in recipe("Add a notebook")
    copy = shutil.copy(invented.notebooks / "30_thefts.ipynb", invented.notebooks / "31_bicycles.ipynb")
    book = json.loads(Path(copy).read_text(encoding="utf-8"))
    book["cells"][0]["source"] = ["# Bicycles"]
    Path(copy).write_text(json.dumps(book), encoding="utf-8")
    assert check_project(invented).mistakes == []
    with pytest.raises(SystemExit, match="0"):
        main(["assess", "--audience", "public"])
    edition = invented.reports / "2017-18" / "public"
    assert "Bicycles" in (edition / "31_bicycles.html").read_text(encoding="utf-8")
    assert "31_bicycles.html" in (edition / "index.html").read_text(encoding="utf-8")
