"""Three partnerships that share nothing with the one that ships: their own tables, their own country, their own size.

Each goes from its files to editions for all audiences, without an editor.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.cli import main
from swp_analysis.commands.init import init_project
from tests.conftest import EVERYTHING
from tests.page_rules import count_words, find_axe_faults, find_faults

ROOT = Path(__file__).resolve().parents[2]
MONTHS = "Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar".split()
REOFFENDING = [
    f"{round(100 * n / of)}% ({n}/{of})"
    for n, of in zip((18, 16, 20, 18, 17, 16, 18, 15), (58, 55, 60, 60) * 2, strict=True)
]


@dataclass(frozen=True)
class Invented:
    """A partnership, its files as rows, and the newest year in them."""

    name: str
    area: str
    year: str
    tables: dict[str, list[Sequence[object]]]
    audiences: tuple[str, ...] = ("internal", "partners", "public")
    closely: str = "internal"  # the edition that axe looks at


def quarters(*years: str) -> list[str]:
    return [f"Q{number} {year}" for year in years for number in (1, 2, 3, 4)]


def months(year: int) -> list[str]:
    return [f"{name}-{(year if place < 9 else year + 1) % 100:02d}" for place, name in enumerate(MONTHS)]


WELSH = Invented(
    "Partneriaeth Diogelwch Cymunedol Dyffryn Tŵr",
    "W06000099",
    "2023-24",
    {
        "mesurau.csv": [
            ["Indicator", *quarters("2022/23", "2023/24"), "Owner"],
            ["Domestic abuse incidents, Tŵr", 301, 310, 295, 322, 330, 341, 329, 350, "Heddlu"],
            ["Hate crime (troseddau casineb)", 12, 14, 9, 3, 11, 13, 8, 2, "Heddlu"],
            ["Young people re-offending", *REOFFENDING, "Tîm Troseddau Ieuenctid"],
            ["Deliberate fires", 44, 61, 38, 29, 40, 55, 31, 27, "Tân ac Achub"],
        ]
    },
)
MONTHLY = Invented(
    "Safer Estuary",
    "E07000998",
    "2024-25",
    {
        f"figures_{year}-{(year + 1) % 100}.csv": [
            ["Measure", *months(year), "Data owner"],
            ["Burglary in homes", *[40 + (year - 2022) * 3 + (place * 7) % 11 for place in range(12)], "Police"],
            ["Anti-social behaviour", *[200 + (place * 13) % 41 - (year - 2022) * 4 for place in range(12)], "Council"],
            ["Knife crime", *[1 + (place * 5 + year) % 7 for place in range(12)], "Police"],
            ["Referrals to the support service", *[15 + (place * 3) % 8 for place in range(12)], "Charity"],
        ]
        for year in (2022, 2023, 2024)
    },
    ("internal", "public"),
    closely="public",
)
SMALL = Invented(
    "Hamlet & Vale CSP",
    "E07000997",
    "2024-25",
    {
        "three.csv": [
            ["KPI", *quarters("2023/24", "2024/25"), "Lead"],
            ["Theft of farm vehicles", 5, 7, "<5", 6, 8, 9, 7, 11, "Police"],
            ["Fly-tipping", 60, 71, 55, 49, 66, 70, 58, 47, "Council"],
            ["Road casualties", 14, 12, 9, 11, 10, 13, 8, 9, "Council"],
        ]
    },
    ("partners",),
    closely="partners",
)


def write_tables(invented: Invented, folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    for name, rows in invented.tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return sorted(folder.iterdir())


@pytest.fixture(scope="module", params=[WELSH, MONTHLY, SMALL], ids=["Welsh", "months and three years", "three KPIs"])
def published(request, tmp_path_factory) -> tuple[Invented, Path]:
    """The project that `swp init` makes, with the editions that `swp assess` publishes at once."""
    invented: Invented = request.param
    place = tmp_path_factory.mktemp("invented")
    project = place / "our project"
    init_project(project, invented.name, invented.area, write_tables(invented, place / "received"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(project))
        with pytest.raises(SystemExit, match="0"):
            main(["assess", *(word for audience in invented.audiences for word in ("--audience", audience))])
    return invented, project


def words_of(page: Path) -> str:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ")


def test_every_figure_is_read(published):
    invented, project = published
    rows = [row for table in invented.tables.values() for row in table[1:]]
    cells = sum(len(row) - 2 for row in rows)
    tidy = pd.read_csv(project / "data" / "processed" / "observations.csv")
    numbers = tidy[tidy["raw_value"].notna()]
    assert len(numbers) >= cells
    assert set(tidy["area_code"]) == {invented.area}
    assert not (tidy["status"] == "unreadable").any()


def test_each_audience_gets_its_edition_under_its_own_name(published):
    invented, project = published
    for audience in invented.audiences:
        folder = project / "reports" / invented.year / audience
        assert invented.name in words_of(folder / "index.html")
        said = " ".join(words_of(page) for page in folder.glob("*.html"))
        assert not re.search(r"\bnan\b|Traceback|Wolverhampton|\b0 of the 0\b", said)
        for label in (row[0] for table in invented.tables.values() for row in table[1:]):
            assert str(label).split(",")[0].split("(")[0].strip().lower() in said.lower(), label


def test_pages_of_open_data_say_in_one_sentence_what_they_lack(published):
    invented, project = published
    for audience in invented.audiences:
        folder = project / "reports" / invented.year / audience
        for page in ("15_area_profile.html", "25_places.html"):
            said = " ".join(words_of(folder / page).split())
            assert said.count("Not in this edition:") == 1
            assert "We have no open data for " in said
            assert ("swp fetch areas brings every area" in said) == (audience == "internal")
        asked = " ".join(words_of(folder / "index.html").split())
        assert "not compared; we have no figures of other areas." in asked
        assert "see Crime over time" not in asked


CAPITALISED = re.compile(r"(?<=[a-z,;] )[A-Z][\w’-]*[a-z](?: (?:of |the |and )?[A-Z][\w’-]+)*|\b[A-Z]{3,}\b")


@cache
def proper_names() -> tuple[str, ...]:
    """Every proper name of the shipped partnership's files that the library itself does not use: people, places,
    bodies, campaigns; and its own labels, titles and aims whole."""
    paths = [
        path for path in (ROOT / "swp_analysis").rglob("*") if path.suffix in (".py", ".yml", ".md", ".j2", ".ipynb")
    ]
    shared = "\n".join(
        path.read_text(encoding="utf-8") for path in [*paths, *(ROOT / "notebooks").glob("*.ipynb")]
    ).lower()
    own = [
        (place[-1], text) for path in (ROOT / "partnership").rglob("*.yml") for place, _, text in Document(path).texts()
    ]
    own.append(("glossary", (ROOT / "partnership" / "glossary.md").read_text(encoding="utf-8")))
    names = {name for _, text in own for name in CAPITALISED.findall(text)}
    names |= {text for key, text in own if key in ("label", "title", "name", "short_name", "text", "definition")}
    used = set(find_names([name.lower() for name in names], shared))
    return ("Wolverhampton", "West Midlands", "E08000031", *(name for name in names if name.lower() not in used))


def find_names(names: Sequence[str], text: str) -> list[str]:
    """The names that a text holds as whole words, or with an s."""
    padded = f" {text}"  # a pattern that began with a lookbehind would try every place of the text

    def stands_alone(name: str) -> bool:
        ends = re.finditer(rf"{re.escape(name)}s?(?!\w)", padded)
        return any(not re.match(r"\w", padded[end.start() - 1]) for end in ends)

    return [name for name in names if stands_alone(name)]


def everything_in(edition: Path) -> dict[str, str]:
    """The words of every file of an edition: pages, workbook, tables and record."""
    found = {path.name: words_of(path) for path in edition.rglob("*.html")}
    found |= {
        path.name: path.read_text(encoding="utf-8") for path in edition.rglob("*") if path.suffix in (".csv", ".json")
    }
    for path in edition.rglob("*.xlsx"):
        cells = (cell for sheet in openpyxl.load_workbook(path) for row in sheet.values for cell in row if cell)
        found[path.name] = " ".join(map(str, cells))
    return found


def test_no_file_of_any_edition_has_a_proper_name_of_the_shipped_partnership(published):
    invented, project = published
    tables = str(invented.tables).lower()
    sought = [name for name in proper_names() if name.lower() not in tables]
    assert len(sought) > 150
    for audience in invented.audiences:
        files = everything_in(project / "reports" / invented.year / audience)
        assert {"index.html", "glossary.html", "annex.xlsx", "run.json", "observations.csv"} <= set(files)
        found = {name: find_names(sought, text) for name, text in files.items()}
        assert {name: names for name, names in found.items() if names} == {}


def test_small_numbers_stay_inside(published):
    invented, project = published
    for audience in set(invented.audiences) - {"internal"}:
        shown = pd.read_csv(project / "reports" / invented.year / audience / "data" / "observations.csv")
        counts = shown[~shown["raw_value"].astype(str).str.contains("%")]
        assert not counts["value"].between(1, 4).any()
        withheld = shown["status"].isin(["suppressed", "withheld"]).any()
        assert withheld or (invented is MONTHLY and shown["quarter"].notna().all())  # its months are not shown at all


def test_its_pages_keep_to_the_rules_of_all_pages(published, browser):
    invented, project = published
    tab, faults, words = browser.new_page(offline=True), [], {}
    for audience in invented.audiences:
        looks_closely = EVERYTHING or audience == invented.closely
        for page in sorted((project / "reports" / invented.year / audience).glob("*.html")):
            tab.goto(page.as_uri())
            found = find_faults(tab, page.name, for_analysts=audience == "internal")
            found += find_axe_faults(tab, [320]) if looks_closely else []
            faults += [f"{audience}/{page.name}: {fault}" for fault in found]
            tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            words[audience] = words.get(audience, 0) + count_words(tab)
    tab.close()
    assert faults == []
    assert 3 * words.get("public", 0) <= words.get("partners", 10_000), words


def test_the_country_decides_the_law_that_is_cited(published):
    invented, project = published
    catalogue = load_catalogue(project / "partnership")
    assert catalogue.identity.country == ("Wales" if invented is WELSH else "England")


def test_nothing_is_wrong_with_it(published):
    _, project = published
    from swp_analysis.commands.check import check_project
    from swp_analysis.project import Project

    assert check_project(Project(project)).mistakes == []
