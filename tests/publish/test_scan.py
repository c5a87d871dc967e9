"""The last gate: finds a hidden number that got into a file, and keeps quiet about all others."""

from __future__ import annotations

import base64
from datetime import date

import pytest

from swp_analysis.errors import RunError
from swp_analysis.present.annex_tables import make_annex_tables
from swp_analysis.publish.annex import ANNEX, AnnexCover, write_annex
from swp_analysis.publish.scan import Scanner, find_hidden
from swp_analysis.publish.snapshot import write_snapshot

# The shipped tables count 5 forced marriages in 2016/17 and fewer in each quarter; partners see none of these numbers.
LABEL, SHORT = "Forced marriage incidents recorded by the police", "Forced marriage incidents"


def drawing(text: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="ytick_1"><text>4</text></g><g><text>{text}</text></g></svg>'
    return f'<img alt="Chart of {SHORT}" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def table(caption: str, name: str, figure: str, heading: str = "2016/17") -> str:
    return (
        f"<table><caption>{caption}</caption><tr><th>Row</th><th>{heading}</th></tr>"
        f"<tr><th>{name}</th><td>{figure}</td></tr></table>"
    )


LEAKS = {
    "a sentence": f"<p>{SHORT} fell from 5 to 4.</p>",
    "a sentence below its heading": f"<h3>{LABEL}</h3><p>We know of 3 in all.</p>",
    "a word": f"<p>{SHORT}: there were three in the spring.</p>",
    "a word in a description": f'<img alt="{SHORT}: Four in the first quarter.">',
    "a cell": table("At a glance", LABEL, "4"),
    "a cell below a caption": table(LABEL, "Q2", "3"),
    "a description": f'<img alt="{SHORT}: Q1 2016/17 3.">',
    "a drawing": drawing("3"),
    "a comment": f"<!-- {SHORT} 3 -->",
    "an attribute": f'<div aria-label="{SHORT}: 3"></div>',
    "a page's title": f"<title>{SHORT}: 3</title>",
}
HARMLESS = {
    "intervals and limits": f"<p>{SHORT}: <5 in Q1 2016/17, 3 quarters are hidden, 95% range, 1 to 4.</p>",
    "another indicator": f"<p>{SHORT} are hidden. Hate crime rose by 4.</p>",
    "an axis": drawing("hidden"),
    "how many figures there are": table("Figures published", LABEL, "3", "Hidden"),
    "a caption of another table": table("Hate crime", "Q2", "3"),
    "words that count something else": f"<p>{SHORT}: one or two cases more; three years, two quarters, no one.</p>",
    "a date": f"<p>{SHORT}: data to 3 March 2018.</p>",
}


def remark(words: str) -> str:
    return f'<h3>{LABEL}</h3><blockquote class="remark"><p>{words}</p></blockquote>'


# What an analyst may type of the figure itself; on a page that the programme wrote these count something else.
LEAKS |= {
    f"typed: {words}": remark(words)
    for words in ("3 people in spring.", "That was 4 times.", "3.0 on average", "the 3rd of the year", "up by +4",
                  "half a dozen less a pair", "a single girl", "Hate crime: no. Here there were 4 things.")
}  # fmt: skip
HARMLESS |= {
    f"typed: {words}": remark(words)
    for words in ("Reported 3 days later, on 4 May 2017.", "One of the forces changed its system in Q3.", "<5 in Q1")
}


@pytest.fixture(scope="module")
def hidden(partners, internal):
    return find_hidden(internal.data, partners.data, partners.catalogue.indicators)


@pytest.mark.parametrize("html", LEAKS.values(), ids=LEAKS)
def test_a_hidden_number_beside_its_indicator_is_found(tmp_path, catalogue, hidden, html):
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    with pytest.raises(RunError, match=r"page\.html \(Forced marriage incidents\)"):
        Scanner(catalogue.indicators, hidden).scan_folder(tmp_path)


@pytest.mark.parametrize("html", HARMLESS.values(), ids=HARMLESS)
def test_other_numbers_are_left_alone(tmp_path, catalogue, hidden, html):
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    Scanner(catalogue.indicators, hidden).scan_folder(tmp_path)


def test_the_error_does_not_tell_the_number(tmp_path, catalogue, hidden):
    (tmp_path / "page.html").write_text(f"<p>{SHORT}: 3, 3 and 3.</p>", encoding="utf-8")
    with pytest.raises(RunError) as refused:
        Scanner(catalogue.indicators, hidden).scan_folder(tmp_path)
    assert "3" not in str(refused.value)


def test_annex_and_data_of_partners_pass_and_those_of_analysts_do_not(tmp_path, partners, internal, hidden):
    cover = AnnexCover("Assessment", "Partnership", "OFFICIAL", "Partners", "31 March 2018", date(2018, 3, 31))
    indicators = partners.catalogue.indicators
    for name, briefing in (("partners", partners), ("internal", internal)):
        (tmp_path / name).mkdir()
        write_annex(tmp_path / name / ANNEX, cover, make_annex_tables(briefing))
        write_snapshot(tmp_path / name, briefing.data)
    Scanner(indicators, hidden).scan_folder(tmp_path / "partners")
    with pytest.raises(RunError, match=r"annex\.xlsx .*baselines\.csv|annex\.xlsx .* more places"):
        Scanner(indicators, hidden).scan_folder(tmp_path / "internal")


def test_a_rate_is_found_as_it_is_printed(tmp_path, catalogue, hidden):
    for text in ("16.33%", "16.3%", "8 of 49"):
        (tmp_path / "x.txt").write_text(f"Youth custody share: {text}", encoding="utf-8")
        with pytest.raises(RunError):
            Scanner(catalogue.indicators, hidden).scan_folder(tmp_path)


def test_typed_words_are_looked_at_before_anything_runs(catalogue, hidden):
    """Also those on an indicator that has no section on any page, whose comments stand in the annex alone."""
    scanner = Scanner(catalogue.indicators, hidden)
    assert scanner.tells("forced_marriage_incidents", "Hate crime aside, there were 3 people.")
    assert not scanner.tells("forced_marriage_incidents", "We hear of more on 3 March.")
    assert not scanner.tells("knife_violence", "There were 3 people.")
