"""The main job on the shipped figures: pages as a partner opens them, and failures that leave them untouched."""

from __future__ import annotations

import getpass
import gzip
import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from swp_analysis.cli import main
from swp_analysis.project import Project
from swp_analysis.publish.scan import WAY_OUT
from swp_analysis.publish.state import SUFFIX, notebook_files
from tests.conftest import SHIPPED, YEAR
from tests.wolverhampton.edition.conftest import Page, fingerprint, run, words_of

NOTEBOOKS = notebook_files(Project(SHIPPED))
PAGES = ["index.html", *(f"{path.stem}.html" for path in NOTEBOOKS)]
STOCK = ("--engine", "stock")  # where no notebook runs, no process need import what notebooks import
NO_STREET_DATA = "25_places.html"  # open data that are not in the project are asked for, not made up
WITHOUT_CHARTS = {"index.html", NO_STREET_DATA, "10_data_quality.html", "70_delivery.html", "95_priority_evidence.html"}
GLOSSARY = "glossary.html"
TABLES = ["baselines", "observations", "totals"]
DATA = [f"data/{name}.csv{end}" for name in TABLES for end in ("", "-metadata.json")]
OTHERS = ["public", "internal"]


def test_all_pages_and_the_record_are_there(edition):
    assert sorted(fingerprint(edition)) == sorted([*PAGES, GLOSSARY, "annex.xlsx", *DATA, "run.json"])
    record = json.loads((edition / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "published"
    assert [row["status"] for row in record["notebooks"]] == ["completed"] * len(NOTEBOOKS)
    assert record["suppression"] == {"suppress_below": 5}
    for name, digest in record["outputs"].items():
        assert fingerprint(edition)[name] == digest
    assert set(record["outputs"]) == {*PAGES, GLOSSARY, "annex.xlsx", *DATA}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_charts_with_words_captioned_tables_and_no_code(edition, page):
    html = (edition / page).read_text(encoding="utf-8")
    charts = Page(html).charts
    assert bool(charts) == (page not in WITHOUT_CHARTS)
    assert all(len(alt) > 15 for alt in charts)
    assert html.count("<table") == html.count("<caption")
    assert ("<table" in html) == (page != NO_STREET_DATA)
    assert "We have no street data for Wolverhampton." in html or page != NO_STREET_DATA
    for forbidden in ("<script", "Traceback", "open_briefing", "In [", str(Path.home()), "/site-packages/"):
        assert forbidden not in html
    account = getpass.getuser()
    assert len(account) < 4 or not re.search(rf"\b{re.escape(account)}\b", words_of(edition / page))


def test_the_findings_stand_on_the_pages(edition):
    gangs = words_of(edition / "40_gangs_and_youth_violence.html")
    assert "Firearm violence nearly doubled: 63, up from 33 (early sign)" in gangs
    assert "Knife violence: 191 to 221, no clear change; last quarter (67) the highest of eight" in gangs
    abuse = words_of(edition / "30_domestic_abuse.html")
    assert "Domestic abuse incidents: 6,031 to 6,251, no clear change" in abuse
    assert "1,557, down from 1,578 the quarter before and up from 1,471 a year earlier" in abuse
    assert "This may be more crime" not in abuse  # what no figure shows is not explained, either
    assert "Most domestic abuse is never reported" in abuse


def test_gang_members_have_no_sum_on_any_page(edition):
    for page in PAGES:
        html = (edition / page).read_text(encoding="utf-8")
        for match in re.finditer(r"[Aa]ctive gang members", html):
            assert not re.search(r"\b(139|148)\b", html[match.start() : match.start() + 400])


def test_no_small_count_of_a_victim_leaves_the_house(edition):
    practices = words_of(edition / "34_harmful_practices.html")
    assert "Withheld, because the numbers are small" in practices
    assert not re.search(r"[Ff]orced marriage incidents[^.]{0,80}\b5 to 4\b", practices)


def pages_of(folder: Path) -> dict[str, str]:
    return {name: digest for name, digest in fingerprint(folder).items() if name != "run.json"}


def test_the_same_job_again_touches_nothing(home, edition, capsys):
    before = fingerprint(home / "reports" / "2017-18"), fingerprint(home / "data")
    assert run() == 0
    assert " Unchanged: " in capsys.readouterr().out
    assert (fingerprint(home / "reports" / "2017-18"), fingerprint(home / "data")) == before


def test_a_page_that_was_changed_by_hand_is_put_right_without_running_a_notebook(home, edition, capsys):
    before = pages_of(edition)
    (edition / "60_vulnerability.html").write_text("<p>Nothing to see here.</p>", encoding="utf-8")
    assert run(*STOCK) == 0
    assert capsys.readouterr().out.count("completed earlier from the same") == len(NOTEBOOKS)
    assert pages_of(edition) == before


def outputs_of(home: Path) -> dict[str, list]:
    """What the cells of each notebook gave in the partners' edition, as kept for the next run."""
    kept = (home / "data" / "cache").glob(f"*{SUFFIX}")
    entries = [gzip.decompress(path.read_bytes()).split(b"\n", maxsplit=1) for path in kept]
    return {
        json.loads(words)["name"]: [cell.get("outputs") for cell in json.loads(notebook)["cells"]]
        for words, notebook in entries
        if rb"audience = \"partners\"" in notebook  # other tests make other editions in the same project
    }


AFRESH = ("20_crime_trends", "60_vulnerability")


def test_kernels_started_afresh_give_the_same_outputs(home, edition, forked, tmp_path, monkeypatch, capsys):
    """Cell by cell; the first run's kernels were forked where that can be done."""
    outputs, known = outputs_of(home), len(forked)
    assert known == (len(outputs) if sys.platform == "linux" else 0)
    for part in ("data/raw", "notebooks", "partnership"):
        if (home / part).is_dir():
            shutil.copytree(home / part, tmp_path / part)
    for path in (tmp_path / "notebooks").glob("[0-9]*.ipynb"):
        if path.stem not in AFRESH:
            path.unlink()
    monkeypatch.setenv("SWP_PROJECT", str(tmp_path))
    assert run(*STOCK) == 0
    assert "started afresh, not forked: ordinary kernels were asked for." in capsys.readouterr().out
    assert len(forked) == known
    again = outputs_of(tmp_path)
    assert sorted(again) == list(AFRESH)
    for name, cells in again.items():
        assert sum(map(len, filter(None, cells))) > 5
        for number, (fresh_kernel, forked_kernel) in enumerate(zip(cells, outputs[name], strict=True)):
            assert forked_kernel == fresh_kernel, (name, number)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),  # what else can go wrong is tried on small notebooks
    ],
    ids=["raises"],
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
        assert run(*STOCK) == 2
    finally:
        table.write_bytes(sound)
    assert capsys.readouterr().err.startswith("swp: vulnerability.csv, row 5, column C: found '3g9'")
    assert fingerprint(edition) == before
    assert fingerprint(home / "data" / "processed") == processed


def test_a_pack_is_one_zip_with_a_tagged_pdf_and_the_same_every_time(home, edition, browser, capsys):
    import pdfplumber

    def packed() -> bytes:
        with pytest.raises(SystemExit) as stopped:
            main(["pack"])
        assert stopped.value.code == 0
        return (home / "reports" / "2017-18" / "swp-2017-18-partners-OFFICIAL.zip").read_bytes()

    first = packed()
    assert packed() == first
    assert "Packed: " in capsys.readouterr().out
    with zipfile.ZipFile(io.BytesIO(first)) as pack:
        names = {name.partition("/")[2] for name in pack.namelist()}
        pdf = pack.read("swp-2017-18-partners-OFFICIAL/Strategic-assessment-2017-18-OFFICIAL.pdf")
        readme = pack.read("swp-2017-18-partners-OFFICIAL/README.txt").decode("utf-8")
    assert names == {
        *PAGES,
        GLOSSARY,
        "annex.xlsx",
        *DATA,
        "Board-paper-Strategic-assessment-2017-18-OFFICIAL.pdf",
        "Strategic-assessment-2017-18-OFFICIAL.pdf",
        "README.txt",
    }
    assert readme.startswith("OFFICIAL\r\n")
    assert b"/MarkInfo" in pdf
    assert b"/Outlines" in pdf
    assert b"/Lang" in pdf
    assert b"HeadlessChrome" not in pdf
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        sheets = [page.extract_text() for page in book.pages]
    assert all(sheet.startswith("OFFICIAL") for sheet in sheets)
    assert all(f"{number} of {len(sheets)}" in sheet for number, sheet in enumerate(sheets, start=1))


def test_a_pack_without_a_browser_says_so_and_holds_no_pdf(home, edition, monkeypatch, capsys):
    monkeypatch.setattr("swp_analysis.publish.pack.find_browser", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        main(["pack", "2017-18"])
    assert stopped.value.code == 0
    assert "No Chromium, Chrome or Edge was found on this machine, so the pack holds no PDF." in capsys.readouterr().out
    with zipfile.ZipFile(home / "reports" / "2017-18" / "swp-2017-18-partners-OFFICIAL.zip") as pack:
        assert not [name for name in pack.namelist() if name.endswith(".pdf")]


def test_an_edition_with_a_pdf_needs_a_browser_before_anything_runs(home, edition, monkeypatch, capsys):
    monkeypatch.setattr("swp_analysis.publish.pdf.find_browser", lambda: None)
    before = fingerprint(edition)
    assert run("--pdf", *STOCK) == 1
    said = capsys.readouterr()
    assert said.err == (
        "swp: No Chromium, Chrome or Edge was found on this machine, so no PDF can be made; install one, or run "
        "without --pdf.\n"
    )
    assert "Read" not in said.out
    assert fingerprint(edition) == before


def test_a_file_that_was_changed_is_not_packed(home, edition, capsys):
    page = edition / "60_vulnerability.html"
    sound = page.read_bytes()
    page.write_bytes(sound.replace(b"Hate", b"Late"))
    try:
        with pytest.raises(SystemExit) as stopped:
            main(["pack", "--no-pdf"])
    finally:
        page.write_bytes(sound)
    assert stopped.value.code == 1
    assert "60_vulnerability.html is not as it was published" in capsys.readouterr().err


def test_a_comment_that_tells_a_hidden_number_stops_the_edition(home, edition, tmp_path, capsys):
    """Before a notebook runs; the words are an analyst's, so nothing but a look at them can know."""
    words, before = tmp_path / "words.md", fingerprint(edition)
    words.write_text("# forced_marriage_incidents\nBy A. N. Analyst, 2018-07-02\n\nAll in one family: III\n", "utf-8")
    assert run("--commentary", str(words), *STOCK) == 1
    said, complaint = capsys.readouterr()
    assert f"No year was named, so your words go into the newest edition, {YEAR}." in said
    assert f"words.md: the words on forced_marriage_incidents of 2018-07-02 hold a number that {WAY_OUT}" in complaint
    assert "family" not in complaint
    assert "completed" not in complaint
    assert fingerprint(edition) == before


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
