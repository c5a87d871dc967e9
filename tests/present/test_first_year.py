"""An edition of a partnership's first year: four quarters and no year before, so that nothing can be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swp_analysis.publish.overview import write_first_lines
from swp_analysis.publish.tidy_page import tidy_body
from tests.conftest import YEAR


@pytest.fixture(scope="module")
def first(brief, shipped):
    """Makes the briefing of an audience from the shipped figures without those of the year before."""
    frames = {name: getattr(shipped, name) for name in ("observations", "everything", "baselines", "revisions")}
    only = {name: frame[frame["financial_year"] == YEAR] for name, frame in frames.items() if name != "revisions"}
    evidence = replace(shipped, **only, revisions=frames["revisions"].iloc[:0])
    return lambda audience, **words: brief(audience, evidence, **words)


@pytest.mark.parametrize("audience", ["internal", "partners", "public"])
def test_its_quarters_are_one_table_and_no_section_says_again_that_none_can_be_compared(first, audience):
    briefing = first(audience)
    subject = briefing.about("vulnerability")
    small = briefing.others(*subject)
    assert {"hate_crime", "prevent_referrals", "home_safety_checks"} <= set(small)
    table = briefing.wall(*small)
    assert [str(column) for column in table.frame.columns][1:] == [f"Q{quarter} 2017/18" for quarter in range(1, 5)]
    assert len(table.frame) == len(small)
    assert 'class="empty"' in briefing.at_a_glance(*subject)._repr_html_()


def test_that_nothing_can_be_compared_comes_before_what_is_not_decided(first, catalogue):
    open_ones = {name: one.model_copy(update={"measures": None}) for name, one in catalogue.indicators.items()}
    lines = write_first_lines(first("partners", words=catalogue.model_copy(update={"indicators": open_ones})))
    assert lines[0].endswith(" figures can be compared.")


def test_its_first_page_says_that_nothing_can_be_compared_and_not_that_nothing_got_worse(first):
    for audience in ("partners", "public"):
        lines = write_first_lines(first(audience))
        assert lines[0].startswith("None of the ")
        assert lines[0].endswith(" figures can be compared.")
        assert not any("worse" in line or line.startswith("Last quarter") for line in lines)
        assert "Latest quarter" in first(audience).scorecard._repr_html_()


def test_a_heading_without_an_answer_and_a_working_without_figures_go():
    code = '<div class="code"><details class="code"><summary>Code for this step</summary><pre>x</pre></details></div>'
    empty = "<table><thead><tr><th>year</th></tr></thead><tbody></tbody></table>"
    html = (
        f"<h1>T</h1><h2>Gone</h2>{code}<h2>How it comes about</h2>"
        f'<section class="workings"><p>By hand</p>{empty}</section><h2>Stays</h2><p>Said.</p>'
    )
    assert [heading for _, heading in tidy_body(html, "T").sections] == ["Stays"]
