"""The main job on the shipped figures: pages as a partner opens them, and failures that leave them untouched."""

from __future__ import annotations

import getpass
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from swp_analysis.cli import main

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    "index.html",
    "10_data_quality.html",
    "20_crime_trends.html",
    "30_violence_against_women_and_girls.html",
    "40_gangs_and_youth_violence.html",
    "50_reoffending_and_substance_misuse.html",
    "60_vulnerability.html",
    "90_delivery_priorities.html",
    "95_priority_evidence.html",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A copy of the project in which the main job has been done for partners."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(folder))
        assert run() == 0
        yield folder


@pytest.fixture(scope="module")
def edition(home) -> Path:
    return home / "reports" / "2017-18" / "partners"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["assess", *arguments])
    return stopped.value.code


def fingerprint(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


class Page(HTMLParser):
    """The words of a page without its style sheet, and the descriptions of its charts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.charts: list[str] = []
        self.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "img" and "icon" not in (named.get("class") or ""):
            self.charts.append(named.get("alt") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words_of(path: Path) -> str:
    return " ".join(" ".join(Page(path.read_text(encoding="utf-8")).words).split())


def test_all_pages_and_the_record_are_there(edition):
    assert sorted(fingerprint(edition)) == sorted([*PAGES, "run.json"])
    record = json.loads((edition / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "published"
    assert [row["status"] for row in record["notebooks"]] == ["completed"] * 8
    assert record["suppression"] == {"suppress_below": 5}
    for name, digest in record["outputs"].items():
        assert fingerprint(edition)[Path(name).name] == digest


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_charts_with_words_captioned_tables_and_no_code(edition, page):
    html = (edition / page).read_text(encoding="utf-8")
    charts = Page(html).charts
    assert charts
    assert all(len(alt) > 40 for alt in charts)
    assert html.count("<table") == html.count("<caption>") > 0
    for forbidden in ("<script", "Traceback", "open_briefing", "In [", str(Path.home()), "/site-packages/"):
        assert forbidden not in html
    account = getpass.getuser()
    assert len(account) < 4 or not re.search(rf"\b{re.escape(account)}\b", words_of(edition / page))


def test_the_sentences_stand_on_the_pages(edition):
    gangs = words_of(edition / "40_gangs_and_youth_violence.html")
    assert "went from 191 to 221 (+30, +15.7%)" in gangs
    assert "rose from 33 to 63" in gangs
    women = words_of(edition / "30_violence_against_women_and_girls.html")
    assert "more offending, more confidence or better recording" in women


def test_gang_members_have_no_sum_on_any_page(edition):
    for page in PAGES:
        html = (edition / page).read_text(encoding="utf-8")
        for match in re.finditer(r"[Aa]ctive gang members", html):
            assert not re.search(r"\b(139|148)\b", html[match.start() : match.start() + 400])


def test_no_small_count_of_a_victim_leaves_the_house(edition):
    women = words_of(edition / "30_violence_against_women_and_girls.html")
    assert "too small to publish" in women
    assert not re.search(r"[Ff]orced marriage incidents[^.]{0,80}\b5 to 4\b", women)


def test_the_same_job_gives_the_same_pages(home, edition):
    before = fingerprint(edition)
    assert run() == 0
    after = fingerprint(edition)
    assert {name: digest for name, digest in after.items() if name != "run.json"} == {
        name: digest for name, digest in before.items() if name != "run.json"
    }


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import os; os._exit(3)", "kernel"),
        ("import sys; sys.exit(0)", "end"),
        ("import time; time.sleep(60)", "10 s"),
    ],
    ids=["raises", "dies", "leaves", "hangs"],
)
def test_a_failing_notebook_leaves_the_edition_as_it_was(home, edition, capsys, source, said):
    broken = home / "notebooks" / "60_vulnerability.ipynb"
    sound, before = broken.read_bytes(), fingerprint(edition)
    notebook = nbformat.read(broken, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, broken)
    # One sound notebook beside the broken one is enough to see that the others still run.
    aside = [path for path in (home / "notebooks").glob("[1-5]*.ipynb") if path.stem != "10_data_quality"]
    for path in aside:
        path.rename(path.with_suffix(".aside"))
    try:
        assert run("--cell-timeout", "10") == 1
    finally:
        broken.write_bytes(sound)
        for path in aside:
            path.with_suffix(".aside").rename(path)
    out, complaint = capsys.readouterr()
    assert "10_data_quality: completed" in out
    assert "60_vulnerability" in complaint
    assert said in complaint
    assert "Traceback" not in complaint
    assert str(home) not in complaint
    assert fingerprint(edition) == before


def test_a_damaged_raw_file_leaves_edition_and_data_as_they_were(home, edition, capsys):
    table = home / "data" / "raw" / "2017-18" / "vulnerability.csv"
    sound, before = table.read_bytes(), fingerprint(edition)
    processed = fingerprint(home / "data" / "processed")
    table.write_bytes(sound.replace(b"399", b"3g9"))
    try:
        assert run() == 2
    finally:
        table.write_bytes(sound)
    assert capsys.readouterr().err.startswith("swp: vulnerability.csv, row 5, column C: found '3g9'")
    assert fingerprint(edition) == before
    assert fingerprint(home / "data" / "processed") == processed


@pytest.mark.parametrize("page", PAGES)
def test_a_page_passes_in_a_real_browser(edition, browser, page):
    from axe_playwright_python.sync_playwright import Axe

    requests: list[str] = []
    for width in (1280, 320):
        tab = browser.new_page(viewport={"width": width, "height": 900}, offline=True)
        tab.on("request", lambda request: requests.append(request.url))
        tab.goto((edition / page).as_uri())
        answer = Axe().run(tab, options={"runOnly": {"type": "tag", "values": RULES}}).response
        assert [(hit["id"], hit["nodes"][0]["html"]) for hit in answer["violations"]] == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        tab.close()
    assert {url for url in requests if not url.startswith("data:")} == {(edition / page).as_uri()}


def test_the_scorecard_prints_on_one_sheet(edition, browser):
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.goto((edition / "index.html").as_uri())
    tab.emulate_media(media="print")
    millimetre = 96 / 25.4
    tab.set_viewport_size({"width": int((210 - 36) * millimetre), "height": 900})
    height = tab.evaluate("document.querySelector('.scorecard').getBoundingClientRect().height")
    width = tab.evaluate("document.querySelector('.scorecard').scrollWidth")
    tab.close()
    assert height <= (297 - 40) * millimetre
    assert width <= (210 - 36) * millimetre
