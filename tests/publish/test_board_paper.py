"""The board paper: four sheets at most, tagged, dated as its edition, first in the pack."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup
from pdfminer.high_level import extract_text

from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.pack import pack_edition
from swp_analysis.publish.pages import Signpost
from swp_analysis.publish.pdf import (
    MOST_SHEETS,
    count_sheets,
    find_browser,
    make_board_paper,
    pdf_names,
    print_board_paper,
)

TITLE = "Strategic assessment 2017/18"
browser = find_browser()
needs_browser = pytest.mark.skipif(browser is None, reason="no browser that prints")


def long_scorecard(rows: int) -> Markup:
    row = (
        '<tr><th scope="row">Indicator {0}</th><td>{1}</td><td class="number">{0} to 2,000</td>'
        '<td class="number">Q4: 1,000</td><td>–</td></tr>'
    )
    shape = '<span class="shape" aria-hidden="true">▲</span> Worse'
    body = "".join(row.format(number, shape if number % 20 == 0 else "No clear change") for number in range(rows))
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Indicator", "Verdict", "Years", "Latest", "Trend"))
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="Scorecard"><table class="figures '
        f'scorecard"><caption>All</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


@pytest.fixture(scope="module")
def editions(overview, publish, write_notebook, tmp_path_factory):
    """Projects with a published edition: one as short as the example, one with 400 indicators."""
    from tests.publish.conftest import make_project

    made = {}
    for name, sections in (("short", overview.sections), ("long", [("Scorecard", long_scorecard(400))])):
        project = make_project(tmp_path_factory.mktemp(name))
        write_notebook(project, "20_crime_trends", "'what changed'")
        way = "Where to look", [Signpost("Trends", "", "20_crime_trends")]
        about = replace(overview, sections=[*sections, way], published="2018-06-30")
        publish(project, extras=EditionExtras(about))
        made[name] = project
    return made


@needs_browser
@pytest.mark.parametrize("name", ["short", "long"])
def test_a_board_paper_has_four_sheets_at_most(editions, name, tmp_path):
    target = tmp_path / "paper.pdf"
    page = (editions[name].reports / "2017-18" / "partners" / "index.html").read_text(encoding="utf-8")
    target.write_bytes(print_board_paper(page, str(browser)))
    text = " ".join(extract_text(target).split())
    assert 1 <= count_sheets(target.read_bytes()) <= MOST_SHEETS
    assert "Board paper: Strategic assessment 2017/18" in text
    assert b"20180630" in target.read_bytes()
    assert b"file:" not in target.read_bytes()
    if name == "long":
        assert "Indicator 380" in text
        assert "Indicator 381" not in text
        assert "Only clear changes are listed here" in text


@needs_browser
def test_the_board_paper_is_the_first_file_of_the_pack_and_the_whole_pdf_the_second(editions):
    said: list[str] = []
    packed = pack_edition(editions["short"], "2017-18", "partners", say=said.append)
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as pack:
        names = [Path(name).name for name in pack.namelist()]
    assert names[:4] == [*pdf_names(TITLE, "OFFICIAL"), "README.txt", "index.html"]


def test_menus_and_folded_parts_are_left_out(editions):
    page = (editions["short"].reports / "2017-18" / "partners" / "index.html").read_text(encoding="utf-8")
    paper = make_board_paper(page, 9.5, cut=False)
    assert "<summary>Pages and contents" in page
    assert "<summary>Pages and contents" not in paper
    assert "Firearm violence rose" in paper
    assert '<a href="20_crime_trends.html">Crime trends</a>' in page
    assert "<strong>Trends:</strong> see Crime trends" in paper
    assert "<nav" not in paper
