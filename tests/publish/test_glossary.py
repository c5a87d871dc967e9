"""Words of the glossary lead to it: once a page, in running text only."""

from __future__ import annotations

from bs4 import BeautifulSoup

from swp_analysis.publish.commentary import glossary_terms, link_terms, read_glossary
from swp_analysis.publish.page_export import render_text


def test_every_term_leads_to_a_heading_of_the_page():
    page = BeautifulSoup(render_text(read_glossary(), "Glossary").html, "html.parser")
    assert len(glossary_terms()) > 40
    for place in glossary_terms().values():
        assert page.find("h2", id=place), place


def linked(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    link_terms(soup)
    return str(soup)


def test_the_first_use_is_a_link_and_the_next_is_not():
    html = linked(
        '<h3>MARAC</h3><p class="note">Cases at MARAC &amp; more.</p><p class="note">MARAC again, a baseline</p>'
    )
    assert html.count("<a ") == 2
    assert (
        '<h3>MARAC</h3><p class="note">Cases at <a class="term" href="glossary.html#marac">MARAC</a> &amp; more.'
        in html
    )
    assert 'MARAC again, a <a class="term" href="glossary.html#baseline">baseline</a>' in html


def test_everyday_words_and_parts_of_words_are_left_alone():
    html = (
        '<p class="note">To prevent a dip, rate the flow of baselines and non-custody.</p><p>MARAC in no such text</p>'
    )
    assert linked(html) == html
