"""PDF tables: without ruled lines, labels that break into lines, tables that go on over a page, stray figures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from fpdf import FPDF

from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_year

HATE, PREVENT = (
    ["Hate Crime - number", "of recorded crimes", "Baseline 374"],
    ["Number of Prevent", "referrals received"],
)
HEADING = ["KPI", "Q1 2016/17", "Q1 2017/18", "Owner"]
EDGES = (10, 70, 100, 130)
LINE = 3.5


class Page:
    """A PDF on which a test sets text where it likes; `table` keeps columns apart by white space alone."""

    def __init__(self) -> None:
        self.pdf = FPDF()
        self.pdf.set_font("Helvetica", size=8)
        self.turn()

    def turn(self, heading: str = "") -> None:
        self.pdf.add_page()
        self.y = 20.0
        self.set(60, 10, heading)

    def set(self, x: float, y: float, text: str) -> None:
        if text:
            self.pdf.set_xy(x, y)
            self.pdf.cell(text=text)

    def row(self, label: list[str], *cells: str, valign: float = 0, edges=EDGES) -> None:
        """A row whose cells stand at the top (0), middle (0.5) or bottom (1) of a label of several lines."""
        for number, text in enumerate(label):
            self.set(edges[0], self.y + number * LINE, text)
        for x, text in zip(edges[1:], cells, strict=False):
            self.set(x, self.y + valign * (len(label) - 1) * LINE, text)
        self.y += len(label) * LINE

    def ruled(self, *rows: list[str], left: float = 10) -> None:
        """Rows with lines around every cell."""
        self.pdf.set_left_margin(left)
        self.pdf.set_xy(left, self.y)
        with self.pdf.table(width=120, col_widths=(60, 20, 20, 20), align="L", first_row_as_headings=False) as table:
            for row in rows:
                table.row(row)
        self.y = self.pdf.get_y()

    def prose(self, text: str) -> None:
        self.y += LINE
        self.set(10, self.y, text)
        self.y += 2 * LINE


def read(folder: Path, page: Page, catalogue):
    (folder / "kpi.pdf").write_bytes(bytes(page.pdf.output()))
    return read_year(folder, "2017-18", catalogue)


def figures(reading, indicator: str = "hate_crime") -> list:
    return [row["value"] for row in reading.observations if row["indicator"] == indicator]


@pytest.mark.parametrize("valign", [0, 0.5, 1])
def test_a_label_may_break_into_lines_above_below_and_around_its_figures(tmp_path, catalogue, valign):
    page = Page()
    page.prose(
        "In Quarter 1 of 2017/18 the partnership had 118 reports, more than the 92 in Quarter 1 of the year before."
    )
    page.row(["KPI"], *HEADING[1:])
    page.row(HATE, "92", "118", "SWP Analyst", valign=valign)
    page.row(PREVENT, "13", "", "WMP CTU", valign=valign)
    page.row(["* as recorded"])
    page.prose("Of these 118 reports 12 are still open, and the figures may change until the end of the year or later.")
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [92, 118]
    assert figures(reading, "prevent_referrals") == [13, None]
    assert [row["value"] for row in reading.baselines] == [374]
    assert any("* as recorded" in note or "without figures" in note for note in reading.notes)


def test_a_table_goes_on_over_the_page_with_or_without_its_heading(tmp_path, catalogue):
    page = Page()
    page.turn("Annual report 2017/18")
    page.row(["KPI"], *HEADING[1:])
    page.row(HATE, "92", "118", "SWP Analyst")
    page.set(60, 260, "Safer Wolverhampton Partnership")
    page.set(60, 266, "Page 2 of 3")
    page.turn("Annual report 2017/18")
    page.row(PREVENT, "13", "23", "WMP CTU")
    page.prose("The table goes on with what the fire service did in people's homes, of which 12 were new in 2017/18.")
    page.row(["KPI"], *HEADING[1:])
    page.row(["Home safety checks carried out", "by the fire service"], "399", "384", "WMFS")
    reading = read(tmp_path, page, catalogue)
    assert [figures(reading, name) for name in ("hate_crime", "prevent_referrals", "home_safety_checks")] == [
        [92, 118],
        [13, 23],
        [399, 384],
    ]
    assert [row["source_sheet"] for row in reading.observations[::2]] == ["page 2", "page 3", "page 3"]


def test_what_stands_at_the_top_of_every_page_is_said_of_its_tables(tmp_path, catalogue):
    page = Page()
    for label, figures_of_row in ((HATE, ("92", "118")), (PREVENT, ("13", "23"))):
        page.turn("Cumulative figures")
        page.row(["KPI"], *HEADING[1:])
        page.row(label, *figures_of_row, "SWP Analyst")
    with pytest.raises(InputError, match=r"page 2, the title.*'cumulative': a figure that adds up"):
        read(tmp_path, page, catalogue)


def test_lines_that_stand_closer_than_rows_do_are_one_row_with_all_its_words(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], *HEADING[1:3], "Comments")
    for label, one, two, comment in ((PREVENT, "13", "23", ""), (HATE[:2], "92", "118", "Figures are")):
        page.y += LINE
        page.row(label, one, two, comment)
    page.set(130, page.y - LINE, "cumulative")
    reading = read(tmp_path, page, catalogue)
    assert [figures(reading), figures(reading, "prevent_referrals")] == [[], [13, 23]]
    assert any("not read ('cumulative': a figure that adds up" in note for note in reading.notes)


def test_words_over_every_quarter_are_part_of_its_heading(tmp_path, catalogue):
    page = Page()
    page.row([""], "year to date", "year to date")
    page.row(["KPI"], *HEADING[1:3])
    page.row(["Hate Crime"], "92", "118")
    with pytest.raises(InputError, match="year to date"):
        read(tmp_path, page, catalogue)


@pytest.mark.parametrize("gap", [0, 3, 12])
@pytest.mark.parametrize("turns", [False, True])
def test_a_name_between_two_tables_is_that_of_the_lower_one_and_of_its_rest_on_the_next_page(
    tmp_path, catalogue, gap, turns
):
    page = Page()
    page.row(["Wolverhampton"])
    page.row(["KPI"], *HEADING[1:])
    page.row(["Hate Crime"], "92", "118", "SWP Analyst")
    page.y += gap
    page.row(["Walsall"])
    page.row(["KPI"], *HEADING[1:])
    page.row(["Hate Crime"], "51", "52", "SWP Analyst")
    if turns:
        page.turn()
        page.row(["KPI"], *HEADING[1:])
        page.row(["Number of Prevent referrals received"], "13", "23", "WMP CTU")
    if gap == 0:  # it may be of the row above it as well
        with pytest.raises(InputError, match="Walsall: another area's figures"):
            read(tmp_path, page, catalogue)
        return
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [92, 118]
    assert figures(reading, "prevent_referrals") == []
    assert sum("Walsall: another area's figures" in one.reason for one in reading.unread) == 1 + turns


@pytest.mark.parametrize("word", ["YTD", "Walsall", "forecast"])
def test_a_word_below_one_quarter_is_part_of_its_heading(tmp_path, catalogue, word):
    page = Page()
    page.row(["KPI"], *HEADING[1:3])
    page.row([""], "", word)
    page.row(["Hate Crime"], "92", "118")
    assert figures(read(tmp_path, page, catalogue)) == [92]


def test_a_word_over_the_only_column_is_part_of_its_heading(tmp_path, catalogue):
    page = Page()
    page.row(["Crime and disorder: quarterly figures"])
    page.row([""], "National")
    page.row(["KPI"], "Q1 2017/18")
    page.row(["Hate Crime"], "118")
    with pytest.raises(InputError, match="'national': a figure of other areas"):
        read(tmp_path, page, catalogue)


@pytest.mark.parametrize(
    ("left", "second", "read_as"), [(10, "23", [13, 23]), (10, "", [13, None]), (30, "23", [13, 23]), (30, "", [])]
)
def test_a_single_row_that_a_page_break_parts_from_its_table_is_read_or_told_of(
    tmp_path, catalogue, left, second, read_as
):
    page = Page()
    page.ruled(HEADING, ["Hate Crime - number of recorded crimes", "92", "118", "SWP Analyst"])
    page.turn()
    page.ruled(["Number of Prevent referrals received", "13", second, "WMP CTU"], left=left)
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [92, 118]
    assert figures(reading, "prevent_referrals") == read_as
    assert read_as or "kpi.pdf, page 2: no heading of a KPI table; passed over." in reading.notes


@pytest.mark.parametrize(
    ("above", "below", "baseline"),
    [
        ("Hate Crime - number", "of recorded crimes Baseline 374", [374]),
        ("Hate Crime - number of recorded crimes", "Baseline 374", [374]),
        ("Hate Crime - num", "ber of recor ded crimes Baseline 374", [374]),  # narrow cells break words
        ("Hate Crime - number of recorded crimes", "* as the police recorded them", []),
    ],
)
def test_a_row_that_a_page_break_cuts_through_is_whole_again(tmp_path, catalogue, above, below, baseline):
    page = Page()
    page.ruled(
        HEADING, ["Number of Prevent referrals received", "13", "23", "WMP CTU"], [above, "92", "118", "SWP Analyst"]
    )
    page.turn()
    page.ruled([below, "", "", ""], ["Home safety checks carried out by the fire service", "399", "384", "WMFS"])
    reading = read(tmp_path, page, catalogue)
    rows = [figures(reading, name) for name in ("prevent_referrals", "hate_crime", "home_safety_checks")]
    assert rows == [[13, 23], [92, 118], [399, 384]]
    assert [row["value"] for row in reading.baselines] == baseline


def test_a_snapshot_that_a_page_break_cuts_through_is_whole_again(tmp_path, catalogue):
    page = Page()
    page.ruled(
        ["KPI", "Output for Jan 2018- Wolverhampton", "", "Owner"],
        ["Number (and as a % of total) of successful completions", "Opiate 13 (5%)", "", "Public Health"],
    )
    page.turn()
    page.ruled(["by Criminal Justice Clients", "Other drugs & alcohol <5 (4%)", "", ""])
    reading = read(tmp_path, page, catalogue)
    assert figures(reading, "treatment_completions_opiate") == [13]
    assert figures(reading, "treatment_completions_share_other") == [4]


def test_lines_that_could_be_two_indicators_are_unreadable_and_listed(tmp_path, catalogue):
    """The line above may belong to the offences, which makes them victims, or be a note."""
    offences = "Serious Sexual Offences reported to the Police*"
    page = Page()
    page.row(["KPI"], *HEADING[1:])
    page.row(["Hate Crime"], "92", "118")
    page.row(["The number of victims aged 18yrs and under of"])
    page.row([offences], "107", "127", edges=(10, 80, 110, 140))
    reading = read(tmp_path, page, catalogue)
    assert {row["status"] for row in reading.observations} == {"unreadable"}
    assert any("more than one way" in unread.reason and "107 | 127" in unread.text for unread in reading.unread)


def test_a_figure_between_two_columns_is_never_put_into_one(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], *HEADING[1:])
    page.row(["Number of Prevent referrals received"], "13", "23", "WMP CTU")
    page.set(90, page.y, "118")
    page.row(["Hate Crime - number of recorded crimes"])
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [None, None]
    assert {row["status"] for row in reading.observations if row["indicator"] == "hate_crime"} == {"unreadable"}
    assert any("118" in unread.text for unread in reading.unread)


def test_figures_that_no_heading_stands_over_make_the_table_unreadable(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], "Q1 2016/17", "Q1 2017/18", edges=(10, 90, 150))
    page.row(["Hate Crime"], "92", "118", edges=(10, 115, 140))
    reading = read(tmp_path, page, catalogue)
    assert {row["status"] for row in reading.observations} == {"unreadable"}
    assert "92 | 118" in reading.unread[0].text


def test_figures_beside_their_headings_belong_to_them_when_they_take_turns(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], "Q1 2016/17", "Q1 2017/18", edges=(10, 90, 150))
    page.row(["Hate Crime"], "92", "118", edges=(10, 120, 170))
    assert figures(read(tmp_path, page, catalogue)) == [92, 118]


def test_a_row_in_which_label_and_figures_overlap_is_not_taken_for_prose(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], *HEADING[1:])
    page.row([catalogue.indicators["home_safety_checks"].label], "399", "384", "WMFS")
    with pytest.raises(InputError, match="row 2, column A"):
        read(tmp_path, page, catalogue)


def test_a_figure_that_touches_a_ruled_line_stays_whole_in_its_cell(tmp_path, catalogue):
    """Letter by letter its first digit would fall into the cell beside it."""
    page = Page()
    lines = (9, 68, 98, 128, 160)
    for row, cells in enumerate([HEADING, ["Hate Crime", "92", "118", "WMP"]]):
        for (left, right), text in zip(pairwise(lines), cells, strict=True):
            page.pdf.rect(left, 20 + 8 * row, right - left, 8)
            page.set(left - 2.2 if row and left > 9 else left, 21 + 8 * row, text)
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [92, 118]
    assert [row["raw_value"] for row in reading.observations] == ["92", "118"]


def test_words_on_the_left_and_figures_on_the_right_of_their_columns_as_a_workbook_prints_them(tmp_path, catalogue):
    """`92` stands under the wrong word, or none; only with each figure under the heading on its left all lines fit."""
    page = Page()
    page.row(["KPI"], "Q1 2017/18", "", "Q2 2017/18", edges=(10, 70, 90, 110, 130))
    page.row([""], "Actual", "Target", "Actual", "Target", edges=(10, 70, 90, 110, 130))
    page.row(["Hate Crime"], "92", "100", "118", "100 Green", edges=(10, 85, 103, 124, 143))
    page.row(["Number of Prevent referrals received"], "1,130", "100", "23", "100", edges=(10, 82, 103, 125, 143))
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [92, 118]
    assert figures(reading, "prevent_referrals") == [1130, 23]


def test_a_figure_that_may_be_of_either_heading_beside_it_is_unreadable(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], "Q1 2017/18", "Q2 2017/18", "Q3 2017/18", edges=(10, 70, 100, 130))
    page.row(["Hate Crime"], "92", "", "118", edges=(10, 90, 110, 130))
    page.row(["Number of Prevent referrals received"], "13", "23", "40", edges=(10, 70, 100, 130))
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [None, None, None]
    assert figures(reading, "prevent_referrals") == [13, 23, 40]


def test_words_printed_close_beside_a_figure_go_into_their_own_columns(tmp_path, catalogue):
    """`118` and the owner stand one space apart, so that they look like one piece of text over two columns."""
    page = Page()
    page.row(["KPI"], *HEADING[1:])
    page.row(["Number of Prevent referrals received"], "13", "23", "WMP CTU")
    page.row(["Hate Crime"], "92", "118 SWP Analyst", edges=(10, 70, 114))
    reading = read(tmp_path, page, catalogue)
    assert figures(reading) == [92, 118]
    assert [row["source_column"] for row in reading.observations] == ["B", "C", "B", "C"]


def test_figures_on_the_left_of_the_only_quarters_heading_are_its_own(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], "Area", "Q1 2017/18", edges=(10, 60, 120))
    page.row(["Hate Crime"], "Wolverhampton", "118", edges=(10, 60, 108))
    assert figures(read(tmp_path, page, catalogue)) == [118]


def test_a_unit_below_each_quarter_counts_as_part_of_its_heading(tmp_path, catalogue):
    page = Page()
    page.row(["KPI"], *HEADING[1:3])
    page.row([""], "000s", "000s")
    page.row(["Hate Crime"], "92", "118")
    with pytest.raises(InputError, match="not counted one by one"):
        read(tmp_path, page, catalogue)
