"""A partnership that no file of the project names: from its tables to a first edition, and what is wrong with it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import docx
import openpyxl
import pytest
from bs4 import BeautifulSoup
from fpdf import FPDF

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.cli import main
from swp_analysis.commands.check import check_project
from swp_analysis.commands.init import init_project
from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_year
from swp_analysis.project import Project
from tests.ingest.writers import write_ods

ROOT = Path(__file__).resolve().parents[2]
NAME, AREA, YEAR = "Northbridge Community Safety Partnership", "E07000999", "2024-25"
QUARTERS = [f"Q{quarter} {year}" for year in ("2023/24", "2024/25") for quarter in (1, 2, 3, 4)]
SHEETS = {
    "Acquisitive crime": {
        "Residential burglary": [120, 131, 145, 138, 101, 99, 117, 96],
        "Theft from vehicles": [88, 95, 101, 92, 130, 141, 150, 139],
        "Reduce shoplifting": [210, 204, 233, 241, 280, 291, 310, 333],
    },
    "Neighbourhoods": {
        "Anti-social behaviour incidents": [512, 634, 480, 455, 530, 610, 470, 462],
        "Residents who feel safe after dark": ["61%", "60%", "58%", "57%", "60%", "62%", "59%", "58%"],
        "Fly-tipping reports": [3, 8, 12, 9, 2, 7, 15, 11],
    },
}


def write_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        sheet.append(["Indicator", *QUARTERS, "Data Owner"])
        for label, figures in rows.items():
            sheet.append([label, *figures, "Council"])
    book.save(path)
    return path


@pytest.fixture
def made(tmp_path) -> Path:
    folder = tmp_path / "northbridge"
    init_project(folder, NAME, AREA, [write_workbook(tmp_path / "kpis.xlsx")])
    return folder


def test_themes_units_and_owners_come_from_the_tables(made):
    found = load_catalogue(made / "partnership")
    assert [theme.title for theme in found.themes.values()] == list(SHEETS)
    assert [one.label for one in found.indicators.values()] == [label for rows in SHEETS.values() for label in rows]
    safe = found.indicators["residents_who_feel_safe_after_dark"]
    assert (safe.unit, safe.kind, safe.owner) == ("percent", "rate", "Council")
    assert found.indicators["reduce_shoplifting"].good_direction == "lower"
    assert found.indicators["residential_burglary"].good_direction == "neutral"
    assert found.indicators["residential_burglary"].topics == ["burglary"]
    assert (made / "data" / "raw" / YEAR / "kpis.xlsx").exists()
    assert (made / "notebooks" / "explore" / "index.ipynb").exists()  # the start page of `swp lab`


def test_the_documents_that_messages_name_are_in_the_project_with_all_they_show(made):
    assert {"adopt.md", "methods.md", "open_data.md"} <= {path.name for path in (made / "docs").glob("*.md")}
    for path in (made / "docs").glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), (path.name, link)


def test_pages_come_in_the_order_of_the_scorecard(tmp_path):
    """Whatever the order in which the tables are named."""
    tables = [tmp_path / "traffic.csv", tmp_path / "arson.csv"]
    for table in tables:
        table.write_text(f"Indicator,{','.join(QUARTERS)}\n{table.stem} count,1,2,3,4,5,6,7,8\n", encoding="utf-8")
    init_project(tmp_path / "two", NAME, AREA, tables)
    numbered = sorted(path.stem for path in (tmp_path / "two" / "notebooks").glob("[3-6]*.ipynb"))
    themes = list(load_catalogue(tmp_path / "two" / "partnership").themes)
    assert [name[3:] for name in numbered] == themes
    assert len(themes) == 2


def test_messy_columns_and_labels_that_come_to_the_same_words_lose_nothing(tmp_path):
    rows = [
        "Measure,Unit,Good is,Lead agency,Q1 2023/24,Q2 2023/24,Q3 2023/24,Q4 2023/24",
        "Number of burglaries in Tŷ'r Fro,Number,Low is good,Heddlu,12,14,9,11",
        "Total burglaries in Tŷ'r Fro,No.,,,22,24,19,21",
        "Residents who feel safe,%,Higher,Cyngor,61,60,58,57",
    ]
    table = tmp_path / "KPI's.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    folder = tmp_path / "a folder"
    init_project(folder, 'Partneriaeth "Dŵr: y Fro"', "W06000099", [table])
    found = load_catalogue(folder / "partnership")
    assert found.identity.name == 'Partneriaeth "Dŵr: y Fro"'
    assert [theme.title for theme in found.themes.values()] == ["Key figures"]
    assert [(one.id, one.unit, one.good_direction, one.owner) for one in found.indicators.values()] == [
        ("burglaries_in_tyr_fro", "count", "lower", "Heddlu"),
        ("burglaries_in_tyr_fro_2", "count", "neutral", "Not decided"),
        ("residents_who_feel_safe", "percent", "higher", "Cyngor"),
    ]
    assert check_project(Project(folder)).mistakes == []


def test_a_file_called_after_an_area_of_two_words_and_shares_as_n_of_n(tmp_path):
    table = tmp_path / "cheshire.csv"
    rows = ["Cheshire East CSP quarterly performance", "KPI,Q1 2023/24,Q2 2023/24", "Plans completed,12 of 60,14/58\n"]
    table.write_text("\n".join(rows), encoding="utf-8")
    init_project(tmp_path / "own", "Cheshire East CSP", "E06000049", [table])
    assert check_project(Project(tmp_path / "own")).mistakes == []
    figures = read_year(tmp_path / "own/data/raw/2023-24", "2023-24", load_catalogue(tmp_path / "own/partnership"))
    assert [row["value"] for row in figures.observations] == [20.0, 24.1]


@pytest.mark.parametrize(
    "rows",
    [
        ["Month,Burglary of dwellings,Criminal damage", "2022-04,12,60", "2022-05,15,70", "2022-06,18,66"],
        ["Date,Burglary of dwellings,Criminal damage", "01/04/2022,12,60", "01/05/2022,15,70", "01/06/2022,18,66"],
        ["Indicator,Month,Value", *(f"{label},2022-0{month},{10 + month}" for label in ("Burglary of dwellings",
         "Criminal damage") for month in (4, 5, 6))],
        ["Indicator,2022-04,2022-05,2022-06", "Burglary of dwellings,12,14,15", "Criminal damage,60,61,66"],
    ],
    ids=["turned", "turned, days", "long", "months as computers write them"],
)  # fmt: skip
def test_turned_and_long_tables_give_an_indicator_for_each_label(tmp_path, rows):
    table = tmp_path / "crime.csv"
    table.write_text("\n".join([*rows, ""]), encoding="utf-8")
    init_project(tmp_path / "own", NAME, AREA, [table])
    found = load_catalogue(tmp_path / "own" / "partnership")
    assert [one.label for one in found.indicators.values()] == ["Burglary of dwellings", "Criminal damage"]
    assert check_project(Project(tmp_path / "own")).mistakes == []
    assert (tmp_path / "own" / "data" / "raw" / "2022-23" / "crime.csv").exists()


TABLE = [
    ["Measure", *QUARTERS, "Lead agency", "Target 2024/25"],
    ["Hare coursing reports", *"14 12 9 15 11 13 10 12".split(), "Constabulary", "40"],
    ["Victims satisfied", *"61% 60% 58% 57% 60% 62% 59% 58%".split(), "Council", "65%"],
    ["Satisfied victims", *"51% 50% 48% 47% 50% 52% 49% 48%".split(), "Council", "-"],
]


def write_docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Rural crime", 1)
    table = document.add_table(rows=len(TABLE), cols=len(TABLE[0]))
    for line, row in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def write_html(path: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in TABLE)
    path.write_text(f"<h1>Rural crime</h1><table>{rows}</table>", encoding="utf-8")


def write_pdf(path: Path) -> None:
    pdf = FPDF(orientation="landscape", format="A3")
    pdf.add_page()
    pdf.set_font("Helvetica", size=7)
    with pdf.table(first_row_as_headings=False) as table:
        for row in TABLE:
            line = table.row()
            for text in row:
                line.cell(text)
    pdf.output(str(path))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("rural_2024-25.docx", write_docx),
        ("rural_2024-25.html", write_html),
        ("rural_2024-25.pdf", write_pdf),
        ("rural_2024-25.ods", lambda path: path.write_bytes(write_ods(TABLE))),
    ],
    ids=["docx", "html", "pdf", "ods"],
)
def test_tables_of_any_kind_give_indicators_targets_and_likely_doubles(tmp_path, name, write):
    write(tmp_path / name)
    decisions = init_project(tmp_path / "own", NAME, "E07000223", [tmp_path / name])
    found = load_catalogue(tmp_path / "own" / "partnership")
    hares, satisfied, twin = found.indicators.values()
    assert (hares.label, hares.unit, hares.owner, hares.target) == (
        "Hare coursing reports",
        "count",
        "Constabulary",
        {YEAR: 40},
    )
    assert (satisfied.unit, satisfied.kind, satisfied.target, twin.target) == ("percent", "rate", {YEAR: 65}, {})
    assert "is satisfied_victims the same as victims_satisfied?" in decisions[0]
    assert (found.identity.area_name, found.identity.force) == ("Adur", "Sussex")
    assert (tmp_path / "own" / "data" / "raw" / YEAR / name).exists()
    assert len(found.themes) == 1
    assert not re.search(r"\d", next(iter(found.themes.values())).title)  # next year's file is of the same theme


def test_what_a_quarter_aims_at_is_for_a_person_to_decide_and_rates_are_left(tmp_path):
    heads = [head for quarter in (1, 2, 3, 4) for head in (f"Q{quarter} 2024/25", f"Target Q{quarter} 2024/25")]
    rows = ["Home fire visits,120,125,131,125,140,125,118,125", 'Admissions per 100000 people,602,,588,,610,,631,""']
    (tmp_path / "fire.csv").write_text("\n".join([",".join(["Measure", *heads]), *rows]), encoding="utf-8")
    decisions = init_project(tmp_path / "own", NAME, "E07000223", [tmp_path / "fire.csv"])
    (visits,) = load_catalogue(tmp_path / "own" / "partnership").indicators.values()  # what is left is named by build
    assert visits.target == {}
    assert "is this what home_fire_visits aims at in a whole year?" in "".join(decisions)


def test_files_of_several_years_are_of_one_theme_and_may_have_one_name(tmp_path, capsys):
    for start in (2022, 2023):
        folder = tmp_path / "received" / str(start)
        folder.mkdir(parents=True)
        heads = ",".join(f"Q{quarter} {start}/{start - 1999}" for quarter in (1, 2, 3, 4))
        short = " (NRM)" if start == 2022 else ""
        rows = f"Arson,9,8,7,6,30\nModern slavery referrals{short},9,7,8,9,\nCrimes per 1000 residents,7.1,7,7,8,\n"
        (folder / "crime.csv").write_text(f"Measure,{heads},Target\n{rows}", encoding="utf-8")
    received = [str(tmp_path / "received" / year / "crime.csv") for year in ("2022", "2023")]
    own = tmp_path / "our own"
    with pytest.raises(SystemExit, match="0"):
        main(["init", str(own), "--name", NAME, "--area", AREA, "--from", *received])
    said = capsys.readouterr().out
    assert "is this what arson aims at in a whole year?" in said
    assert "is modern_slavery_referrals the same as modern_slavery_referrals_nrm?" in said
    assert f"Next: cd '{own}', then swp assess." in said
    assert [path.parent.name for path in sorted(own.rglob("crime.csv"))] == ["2022-23", "2023-24"]
    found = load_catalogue(own / "partnership")
    assert [(theme.title, len(found.of_theme(theme.id))) for theme in found.themes.values()] == [("Crime", 3)]
    assert found.indicators["arson"].target == {}


def test_a_cell_that_stops_the_first_edition_is_said_at_once(tmp_path, capsys):
    table = tmp_path / "kpis.csv"
    table.write_text("Measure,Q1 2024/25,Q2 2024/25\nArson,9,8x7\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        main(["init", str(tmp_path / "own"), "--name", NAME, "--area", AREA, "--from", str(table)])
    said = capsys.readouterr().out
    assert "kpis.csv, row 2, column C: found '8x7'" in said
    assert "`swp assess` stops at it, or leaves the row out" in said


def test_nothing_is_written_into_a_folder_that_is_in_use(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is not empty"):
        init_project(tmp_path, NAME, AREA)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("area", "text", "said"),
    [
        ("Northbridge", "Indicator,Q1 2024/25,Q2 2024/25\nA thing,1,2\n", "No authority of England or Wales"),
        ("S12000047", "Indicator,Q1 2024/25\nA thing,1\n", "Scotland and Northern Ireland have other duties"),
        (AREA, "a,b\n1,2\n", "kpis.csv"),
    ],
)
def test_what_can_not_be_read_leaves_no_folder(tmp_path, area, text, said):
    table = tmp_path / "kpis.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        init_project(tmp_path / "new", NAME, area, [table])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("Sunderland", "E08000024"),
        ("  county  durham", "E06000047"),
        ("W06000099", "W06000099"),
        ("St Helens", "E08000013"),
        ("Bristol, City of", "E06000023"),
        ("City of Bristol", "E06000023"),
        ("Torbay Council", "E06000027"),
        ("The London Borough of Camden", "E09000007"),
        ("Brighton & Hove", "E06000043"),
        ("Kings Lynn and West Norfolk Borough Council", "E07000146"),
        ("City of London", "E09000001"),
    ],
)
def test_the_area_is_named_or_given_as_its_code(tmp_path, wanted, code):
    init_project(tmp_path / "own", NAME, wanted)
    assert code in (tmp_path / "own/partnership/identity.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("wanted", "near"), [("Durham", "'County Durham'"), ("Sundreland", "'Sunderland'")])
def test_an_area_that_is_not_known_brings_the_names_that_come_near(tmp_path, wanted, near):
    with pytest.raises(InputError, match=f"did you mean .*{near}"):
        init_project(tmp_path / "own", NAME, wanted)


# The first edition, of the installed package alone


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """The first internal edition, as it comes out of init and assess of a wheel in an empty environment."""
    place = tmp_path_factory.mktemp("first")
    python, settings = install_wheel(place)
    init = ["init", "northbridge", "--name", NAME, "--area", AREA, "--from", str(write_workbook(place / "kpis.xlsx"))]
    assess = ["assess", "--audience", "internal"]
    for call, folder in ((init, place), (assess, place / "northbridge")):
        said = {"cwd": folder, "env": settings, "capture_output": True, "text": True, "encoding": "utf-8"}
        done = subprocess.run([python, "-m", "swp_analysis", *call], **said)
        assert done.returncode == 0, done.stdout + done.stderr
    return place / "northbridge" / "reports" / YEAR / "internal"


def install_wheel(place: Path) -> tuple[Path, dict[str, str]]:
    """The Python of an empty environment in which a wheel of the project is installed, and how it is called."""
    source = place / "source"
    left_out = shutil.ignore_patterns(".*", "reports", "processed", "cache", "tests", "build", "*.egg-info")
    shutil.copytree(ROOT, source, ignore=left_out)
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(place)]
    subprocess.run([*pip, str(source)], check=True, capture_output=True)
    home = place / "environment"
    venv.create(home)
    library = next(home.rglob("site-packages"))
    (library / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    shutil.unpack_archive(next(place.glob("*.whl")), library, "zip")
    python = next(path for path in (home / "bin" / "python", home / "Scripts" / "python.exe") if path.exists())
    settings = {name: value for name, value in os.environ.items() if name != "SWP_PROJECT"}
    return python, settings | {"JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}


def test_a_wheel_in_an_empty_environment_makes_and_publishes_a_project(published):
    names = {path.name for path in published.iterdir()}
    assert names >= {"index.html", "glossary.html", "30_acquisitive_crime.html", "annex.xlsx", "run.json"}


def words_of(page: Path) -> str:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ")


@pytest.mark.parametrize("place", ["swp_analysis/**/*.py", "notebooks/[0-9]*.ipynb"])
def test_neither_library_nor_notebooks_name_a_place_of_the_shipped_partnership(place):
    identity = load_catalogue(ROOT / "partnership").identity
    names = {identity.name, identity.area_name, identity.area_code, "West Midlands", "Black Country"}
    sought = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names))
    files = list(ROOT.glob(place))
    assert len(files) > 10
    assert [path.name for path in files if sought.search(path.read_text(encoding="utf-8"))] == []


def test_no_page_is_listed_that_is_not_there(published):
    for page in published.glob("*.html"):
        for link in BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find_all("a", href=True):
            target = link["href"].partition("#")[0]
            assert not target or ":" in target or (published / target).exists(), (page.name, target)


def test_what_is_measured_is_no_gap_and_what_is_undecided_is_not_judged(published):
    pages = " ".join(words_of(page) for page in published.glob("*.html"))
    assert "No figures of burglary" not in pages
    assert not re.search(r"\b0 of the 0\b|\b1 figures\b", pages)
    assert "No delivery priorities are recorded" in pages
    assert not re.search(r"\b0 of 0\b|\bOf 0 \w|got clearly worse|The figures put this high", pages)
    first = words_of(published / "index.html")
    assert "Whether that is better or worse has not been decided" in first
    assert "given above" not in first
    record = json.loads((published / "run.json").read_text(encoding="utf-8"))
    assert {verdict["polarity"] for verdict in record["verdicts"].values() if "polarity" in verdict} <= {"no judgement"}


def test_the_mark_of_a_note_leaves_the_label_and_the_note_is_said_once(tmp_path):
    """`Hate crime recorded*` stood on every page, and the note was called read and passed over."""
    table = tmp_path / "kpis.csv"
    table.write_text(
        "Measure,Q1 2024/25,Q2 2024/25\nHate crime recorded*,92,104\n\n* Hate crime figures are provisional.\n",
        encoding="utf-8",
    )
    init_project(tmp_path / "own", NAME, AREA, [table])
    found = load_catalogue(tmp_path / "own" / "partnership")
    assert [one.label for one in found.indicators.values()] == ["Hate crime recorded"]
    reading = read_year(tmp_path / "own" / "data" / "raw" / "2024-25", "2024-25", found)
    assert [row["value"] for row in reading.observations] == [92, 104]
    [note] = [note for note in reading.notes if "Hate crime figures" in note]
    assert "calls figures provisional" in note
