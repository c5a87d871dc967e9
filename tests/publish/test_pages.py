"""From executed notebooks to pages: structure, escaping, what is hidden from whom."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import RunError
from swp_analysis.publish.checks import check_page
from swp_analysis.publish.execution import NotebookResult
from swp_analysis.publish.overview import make_overview, write_first_lines
from swp_analysis.publish.page_export import export_index, export_page, link_notebook, quote_answer, render_body
from swp_analysis.publish.pages import PageContext, PageLink
from swp_analysis.publish.tidy_page import tidy_body

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> "quoted" {{ 97 * 89 }} {% raw %} & </title></style>'
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\n"
ROOT = Path("/srv/assessments/swp")
AUDIENCES = load_catalogue().audiences
LINKS = (
    PageLink("10_x.html", "First"),
    PageLink("20_x.html", "Crime trends", "What changed?"),
    PageLink("30_x.html", "Last"),
)


@pytest.fixture
def context(overview) -> PageContext:
    return PageContext(overview, AUDIENCES["partners"], LINKS, current="20_x.html")


def executed(*cells):
    return new_notebook(cells=[new_markdown_cell("# Crime trends\n\nWhat changed?"), *cells])


def shown(source="x", **data):
    output = new_output(
        "display_data", {key.replace("__", "/").replace("_xml", "+xml"): value for key, value in data.items()}
    )
    return new_code_cell(source, outputs=[output])


def soup_of(page: str) -> BeautifulSoup:
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    return BeautifulSoup(page, "html.parser")


def test_a_page_has_its_frame(context):
    page = soup_of(export_page(executed(new_markdown_cell("## Knives\n\nText")), context))
    assert page.title.text == "Crime trends – Strategic assessment 2017/18 – Safer Wolverhampton Partnership"
    assert [h.text for h in page.find_all(re.compile("^h[1-6]$"))] == ["Crime trends", "Knives", "About this edition"]
    assert (
        page.find("meta", attrs={"http-equiv": True})["content"]
        == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    )
    assert page.body.find("a")["href"] == "#main"
    assert [p.text for p in page.select(".marking")] == ["OFFICIAL", "OFFICIAL"]
    assert [a["href"] for a in page.select("nav.pages > details > ul > li > a")] == [
        "index.html",
        *(link.href for link in LINKS),
    ]
    assert [a.text for a in page.select("[aria-current=page]")] == ["Crime trends"]
    assert [(a["href"], a.text) for a in page.select(".contents a")] == [("#knives", "Knives")]
    assert [a["href"] for a in page.select(".pagination a")] == ["10_x.html", "30_x.html"]
    assert page.main.find("p", class_="question").text == "What changed?"
    for words in ("Annual report 2017-18", "31 March 2018"):
        assert words in page.footer.text


def test_text_from_outside_is_text_everywhere(overview, context):
    hostile = replace(
        overview,
        title=HOSTILE,
        partnership=HOSTILE,
        summary=[HOSTILE],
        facts=[(HOSTILE, HOSTILE)],
        sources=[HOSTILE],
        data_to=HOSTILE,
    )
    links = (PageLink("20_x.html", HOSTILE, HOSTILE),)
    context = replace(context, overview=hostile, links=links)
    index = export_index(replace(context, current="index.html"), [NotebookResult("20_x", "completed", 1.0)], {})
    page = export_page(executed(), context)
    for html in (index, page):
        assert "<script" not in html
        assert "8633" not in html
        assert soup_of(html).title.text.count(HOSTILE) >= 2
    assert "<img" not in page
    check_page(page, "20_x.html", ROOT)


def test_a_hostile_heading_is_the_title_as_text(context):
    notebook = new_notebook(cells=[new_markdown_cell(f"# {HOSTILE}\n\n{HOSTILE}")])
    heading = link_notebook(notebook, "20_x")
    assert heading.title == HOSTILE
    page = export_page(notebook, replace(context, links=(PageLink("20_x.html", heading.title, heading.question),)))
    assert soup_of(page).h1.text == HOSTILE
    check_page(page, "20_x.html", ROOT)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_title_cell_holds_there_is_one_heading_and_nothing_live(overview, title, question):
    notebook = new_notebook(cells=[new_markdown_cell(f"# {title}\n\n{question}\n\n<b onclick=x>{title}")])
    heading = link_notebook(notebook, "20_x")
    link = PageLink("20_x.html", heading.title, heading.question)
    context = PageContext(overview, AUDIENCES["partners"], (link,), "20_x.html")
    page = soup_of(export_page(notebook, context))
    assert len(page.find_all("h1")) == 1
    assert page.h1.text.strip()
    assert not page.main.find_all(["b", "script", "img", "style"])


def test_markdown_is_shown_but_html_in_it_is_text(context):
    cells = [
        new_markdown_cell(f"**bold** {HOSTILE}\n\n[go](javascript:alert(1)) [ok](https://www.ons.gov.uk)"),
        shown(text__markdown=f"- *item* {HOSTILE}"),
        new_markdown_cell("```mermaid\n<script>1</script>\n```"),
    ]
    page = export_page(executed(*cells), context)
    main = soup_of(page).main
    assert main.strong.text == "bold"
    assert main.li.em.text == "item"
    assert not main.find_all(["script", "img"])
    assert [a["href"] for a in main.select("p a")] == ["#harmful-link", "https://www.ons.gov.uk"]


def test_partners_see_no_code_and_no_warnings_but_analysts_do(context):
    streams = [
        new_output("stream", name="stderr", text="UserWarning: mind <this>"),
        new_output("stream", name="stdout", text="5 < 6"),
    ]
    notebook = executed(new_code_cell("secret_name = 1", outputs=streams))
    partners = export_page(notebook, context)
    internal = export_page(notebook, replace(context, audience=AUDIENCES["internal"]))
    assert "5 &lt; 6" in partners
    assert "UserWarning" not in partners
    assert "secret_name" not in partners
    assert "mind &lt;this&gt;" in internal
    assert "secret_name" in soup_of(internal).select_one("details.code").text
    assert len(notebook.cells[1].outputs) == 2


def test_scripts_and_widgets_leave_nothing_behind(context):
    widget = new_output(
        "display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider"}
    )
    script = new_output("display_data", {"application/javascript": "alert(1)", "text/plain": "<Javascript>"})
    page = export_page(executed(new_code_cell("x", outputs=[widget, script])), context)
    assert "IntSlider" not in page
    assert "Javascript" not in page


@pytest.mark.parametrize("key", ["alt", "image/png"])
def test_a_picture_keeps_its_description(context, key):
    metadata = {key: "Line chart <of> crime"} if key == "alt" else {key: {"alt": "Line chart <of> crime"}}
    output = new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"}, metadata=metadata)
    page = export_page(executed(new_code_cell("x", outputs=[output])), context)
    image = soup_of(page).img
    assert image["alt"] == "Line chart <of> crime"
    assert image["src"] == f"data:image/png;base64,{PIXEL.strip()}"
    check_page(page, "20_x.html", ROOT)


@pytest.mark.parametrize(
    "data",
    [{"image__png": PIXEL}, {"image__svg_xml": "<svg/>"}, {"text__html": f'<img src="data:image/png;base64,{PIXEL}">'}],
)
def test_a_picture_without_one_stops_the_page(context, data):
    with pytest.raises(RunError, match=r"was not published: .* a (picture|chart) without a description"):
        check_page(export_page(executed(shown(**data)), context), "20_x.html", ROOT)


def test_headings_have_no_gaps_and_ids_of_their_own():
    body = tidy_body(
        "<h1>A</h1><h4>B</h4><p>1</p><h2>Knives &amp; x</h2><h6>C</h6><p>2</p><h6>D</h6><p>3</p>"
        "<h2>Knives x</h2><p>4</p><h2>Main</h2><p>5</p><h2>…</h2><p>6</p><h2>Nothing below it</h2>",
        "A",
    )
    soup = BeautifulSoup(body.html, "html.parser")
    assert [h.name for h in soup.find_all(re.compile("^h"))] == ["h2", "h2", "h3", "h4", "h2", "h2", "h2"]
    assert [id for id, _ in body.sections] == ["b", "knives-x", "knives-x-2", "main-2", "section"]


@pytest.mark.parametrize(("heading", "said"), [("Season", "Season. No table."), ("Why?", "Why? No table.")])
def test_a_question_without_an_answer_is_named_at_the_end(heading, said):
    body = tidy_body(f'<h2>{heading}</h2><p class="absent">No table.</p><h2>Last</h2><p>x</p>', "")
    assert f"Not in this edition: {said}" in body.html


def test_the_first_page_quotes_why_a_question_has_no_answer_and_not_the_list_of_them():
    body = tidy_body('<h1>A</h1><h2>Wards</h2><p class="absent">No table. None at all.</p><h2>Last</h2><p>x</p>', "")
    assert quote_answer(f"<h1>A</h1>{body.html}", "") == "No table. None at all."


def test_only_the_heading_that_is_the_title_is_taken_out():
    body = tidy_body("<h3>From an output</h3><p>x</p><h1>The title</h1><p>Why?</p><h1>The title</h1>", "The title")
    assert [text for _, text in body.sections] == ["From an output", "The title"]
    assert '<p class="question">Why?</p>' in body.html


def test_every_table_can_be_scrolled_to_and_has_a_name_of_its_own():
    table = "<table><caption>Knives</caption></table>"
    body = tidy_body(f'{table}<div class="scroll" aria-label="Knives">{table}</div>', "")
    regions = BeautifulSoup(body.html, "html.parser").select("div.scroll[tabindex='0'][role=region]")
    assert [region["aria-label"] for region in regions] == ["Knives", "Knives, part 2"]
    assert body.html.count("scroll") == 2


def test_a_notebook_without_a_heading_is_called_after_its_file():
    assert (
        link_notebook(new_notebook(cells=[new_code_cell("# no heading")]), "30_gangs_and_youth").title
        == "Gangs and youth"
    )


def test_the_same_notebook_gives_the_same_page(context):
    notebook = executed(shown(text__html="<p class='why'>Why</p>"), new_code_cell("1"))
    assert export_page(notebook, context) == export_page(notebook.copy(), context)
    with_code, without = (render_body(notebook, "x", show_code=show) for show in (True, False))
    assert with_code.html != without.html


def test_a_page_is_marked_as_its_audience_is(context):
    for_analysts = export_page(executed(), replace(context, audience=AUDIENCES["internal"]))
    assert 'content: "OFFICIAL-SENSITIVE"' in for_analysts


def test_printed_text_is_one_piece_however_it_was_sent(context):
    pieces = [new_output("stream", name="stdout", text=text) for text in ("12", " and 3\n")]
    whole = [new_output("stream", name="stdout", text="12 and 3\n")]
    pages = [export_page(executed(new_code_cell("1", outputs=outputs)), context) for outputs in (pieces, whole)]
    assert pages[0] == pages[1]


def test_the_first_page_answers_in_five_lines_and_then_by_section(partners):
    overview = make_overview(partners, [])
    assert 3 <= len(overview.summary) <= 5
    assert overview.summary[0].endswith("(early sign). An early sign needs another year to confirm.")
    assert len(set(overview.summary)) == len(overview.summary)
    assert [heading for heading, _ in overview.sections] == [
        "Recommended priorities for 2018/19",
        "What improved",
        "How we compare, and what we cannot say",
        "What the board must decide",
        "Scorecard 2017/18",
    ]


def test_a_change_is_named_first_before_it_is_decided_what_it_means(brief, catalogue):
    """A board read only that nothing can be called better or worse yet."""
    open_ones = {name: one.model_copy(update={"measures": None}) for name, one in catalogue.indicators.items()}
    undecided = brief("partners", words=catalogue.model_copy(update={"indicators": open_ones}))
    first = write_first_lines(undecided)[0]
    assert "Firearm violence nearly doubled: 63, up from 33 (early sign)." in first
    assert first.endswith("Whether that is better or worse has not been decided.")


def test_evidence_is_not_for_every_audience(context):
    cells = (
        new_markdown_cell("## Method\n\nHow.", metadata={"tags": ["evidence"]}),
        new_markdown_cell("## Answer\n\nSo."),
    )
    shown = {
        name: export_page(executed(*cells), replace(context, audience=AUDIENCES[name]))
        for name in ("partners", "public")
    }
    assert "Method" in shown["partners"]
    assert "Method" not in shown["public"]
    assert "Answer" in shown["public"]


def test_the_figures_behind_a_chart_come_with_a_link_to_the_data(context, partners):
    chart = new_output("display_data", {"text/html": partners.changes("vulnerability")._repr_html_()})
    with_data = replace(context, overview=replace(context.overview, downloads=(("data/observations.csv", "Figures"),)))
    page = soup_of(export_page(executed(new_code_cell("", outputs=[chart])), with_data))
    assert [a["href"] for a in page.select("figure.chart details a")] == ["data/observations.csv"]
