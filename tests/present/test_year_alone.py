"""A year whose tables stand alone, or beside those of two years ago: what cannot be compared is not told as calm."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from swp_analysis.present.outlook import hold_against_aim
from swp_analysis.publish.overview import list_sections, write_first_lines

YEAR = "2017-18"


@pytest.fixture(scope="module")
def alone(brief, shipped):
    """The shipped year without the one before."""
    rows = shipped.observations
    return brief("internal", evidence=replace(shipped, observations=rows[rows["financial_year"] == YEAR]))


def text_of(parts) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(parts)).split())


def test_nothing_got_worse_is_said_only_of_figures_that_were_compared(alone, internal):
    count = len(alone.findings)
    assert write_first_lines(alone)[0] == f"None of the {count} figures can be compared."
    shown = text_of([*write_first_lines(alone), *(str(section) for _, section in list_sections(alone))])
    assert "clearly worse" not in shown
    assert "Knife violence Not enough data to say 2017/18: 221 Q4: 67 (was 56)" in shown
    assert f"for none of the {count} do we have enough data to say." in shown
    assert re.findall(r"\b0 of \d+\b|\b(\d+) of \1\b|\bnor on 0\b", shown) == []


@pytest.mark.parametrize("name", ["domestic_abuse_recordable_share", "knife_violence"])
def test_the_figure_of_a_whole_year_needs_no_other_year(alone, internal, name):
    indicator = internal.catalogue.indicators[name].model_copy(
        update={"target": {YEAR: 50}, "good_direction": "higher", "measures": "harm"}
    )
    said = [
        hold_against_aim(*(replace(of[name], indicator=indicator) for of in (one.series, one.findings)))
        for one in (alone, internal)
    ]
    assert said[0] == said[1]


def test_a_row_that_is_withheld_shows_no_figure_of_its_year(brief):
    withheld = [one for one in brief("public").findings.values() if one.withheld]
    assert withheld
    assert {one.whole for one in withheld} == {None}
