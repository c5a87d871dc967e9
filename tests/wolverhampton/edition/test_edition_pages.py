"""The pages of the shipped year as each audience gets them: short, said once, in plain words, and open to everybody."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks.recompute_pages import judge_pages
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.project import Project
from swp_analysis.publish.execution import read_notebook
from swp_analysis.publish.page_export import is_evidence
from swp_analysis.publish.state import notebook_files
from tests.conftest import EVERYTHING, SHIPPED
from tests.page_rules import (
    GLOSSARY,
    PROSE,
    VISIBLE,
    WIDTHS,
    count_words,
    find_axe_faults,
    find_faults,
    find_reading_age,
    read_sentences,
)
from tests.wolverhampton.edition.conftest import words_of

NOTEBOOKS = notebook_files(Project(SHIPPED))
AUDIENCES = ("partners", "public", "internal")
ENDS = (WIDTHS[0], WIDTHS[-1])  # where a fault shows first: the widest and the narrowest
OLDEST = 12  # the age at which a public page can be read
MOST_OF_THE_PARTNERS = 1 / 3  # of the words of their edition


def pages_for(audience: str) -> list[str]:
    """The pages that an audience gets: those that are evidence as a whole are not for all."""
    every = {path: read_notebook(path).cells[0] for path in NOTEBOOKS}
    shown = load_catalogue(SHIPPED / "partnership").audiences[audience].show_evidence
    return ["index.html", *(f"{path.stem}.html" for path, first in every.items() if shown or not is_evidence(first))]


EVERY_PAGE = [(audience, page) for audience in AUDIENCES for page in [*pages_for(audience), GLOSSARY]]


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for all pages, offline; the requests of the newest page."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, offline=True)
    opened.requests = []
    opened.on("request", lambda request: opened.requests.append(request.url))
    yield opened
    opened.close()


def show(tab, path):
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.requests.clear()
    tab.goto(path.as_uri())
    return tab


@pytest.mark.parametrize(("audience", "page"), EVERY_PAGE)
def test_a_page_keeps_to_the_rules_at_every_width(others, tab, audience, page):
    path = others / audience / page
    assert find_faults(show(tab, path), page, for_analysts=audience == "internal") == []
    assert find_axe_faults(tab, WIDTHS if EVERYTHING else ENDS[audience != "partners" :]) == []
    assert tab.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert tab.evaluate("document.scripts.length") == 0
    assert {url for url in tab.requests if not url.startswith("data:")} == {path.as_uri()}


def test_the_public_edition_has_a_third_of_the_words(others, tab):
    words = {
        audience: sum(count_words(show(tab, others / audience / page)) for page in [*pages_for(audience), GLOSSARY])
        for audience in ("public", "partners")
    }
    assert words["public"] <= MOST_OF_THE_PARTNERS * words["partners"], words


@pytest.mark.parametrize("page", [*pages_for("public"), GLOSSARY])
def test_a_public_page_can_be_read_at_twelve(others, tab, page):
    show(tab, others / "public" / page)
    texts = tab.evaluate(VISIBLE, PROSE)
    hardest = sorted(read_sentences(texts), key=lambda one: -find_reading_age([one]))[:3]
    assert find_reading_age(texts) <= OLDEST, hardest


# A board member's question; where it is answered on the first page, or the page one click away; what answers it.
FIGURE, YEAR = r"[\d,]+", r"\d{4}/\d\d"
QUESTIONS = {
    "gun crime": ("", rf"Firearm violence [^.]*?: {FIGURE}, (?:up|down) from {FIGURE}"),
    "knife crime": ("", rf"Knife violence [A-Z][^|]*? {FIGURE} to {FIGURE}"),
    "money next year": ("", rf"The budget for {YEAR} is £{FIGURE}"),
    "neighbours": ("", r"Neighbours: [\d.]+ crimes per 1,000 residents in the year to \w+ \d{4}, against [\d.]+ in "),
    "burglary": ("", r"No indicator of burglary"),
    "anti-social behaviour": ("", r"no data on what they raise: [^.]*anti-social behaviour"),
    "did last year's priorities work": ("", rf"Of \d+ priorities of {YEAR}, the figures got better for"),
    "residents": ("", r"Residents: we have no data on what they raise"),
    "wards": ("Wards", r"no street data|by ward"),
    "five years": ("", rf"The past five years: .*olice recorded {FIGURE} crimes in .* in the year to"),
    "since last quarter": (
        "",
        rf"Since last quarter. (?:High|Low)est so far: [^.(]*\({FIGURE} to {FIGURE}\)",
    ),
    "against the aims": ("", r"Against the aims: [^.:]+: [\d.,]+%[^.]*?, [\d.,]+ points (?:over|short of) the aim of"),
    "trust": ("Trust in the figures", r"(?:Yes|Mostly, with care|Only in part)\. \d+ of \d+ quarterly figures"),
    "what to decide": ("", rf"What the board must decide Should .* (?:a priority|priorities) of {YEAR}\?"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_board_s_question_is_answered_on_the_first_page_or_one_click_away(others, tab, question):
    signpost, answer = QUESTIONS[question]
    show(tab, others / "partners" / "index.html")
    if signpost:
        tab.locator("li.signpost", has_text=signpost).first.get_by_role("link").last.click()
    said = " ".join(tab.inner_text("main").split())
    assert re.search(answer, said), said[:3000]


def test_every_figure_on_the_pages_is_that_of_the_printed_cells(edition, others):
    """Tables, chart titles and sentences of all three editions, worked out again without the project's code."""
    counts, off = judge_pages("2017-18", sorted(others.glob("*/*.html")))
    assert not off
    assert counts["right"] > 20 * len(list(others.glob("*/*.html")))


def test_what_is_hidden_and_why_is_for_analysts_only(edition, others):
    page, heading = "10_data_quality.html", "Figures withheld from other readers"
    assert heading in words_of(others / "internal" / page)
    assert "for the partnership's own analysts only" in words_of(edition / page)
    for folder in (edition, others / "public"):
        for path in folder.glob("*.html"):
            assert heading not in words_of(path), path.name


def test_the_public_gets_no_page_of_evidence(others):
    every, public = (set(pages_for(audience)) for audience in ("internal", "public"))
    assert every - public == {"10_data_quality.html", "90_delivery_priorities.html", "95_priority_evidence.html"}
    for audience, pages in (("internal", every), ("public", public)):
        folder = others / audience
        assert {path.name for path in folder.glob("*.html")} == {*pages, GLOSSARY}
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        assert {f"{row['name']}.html" for row in record["notebooks"]} == pages - {"index.html"}
    for page in public:
        html = (others / "public" / page).read_text(encoding="utf-8")
        assert set(re.findall(r'href="([^":#/]+\.html)', html)) <= {*public, GLOSSARY}, page
