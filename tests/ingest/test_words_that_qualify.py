"""Words that change what a figure means: in headings, titles, notes, labels and columns beside the label."""

from __future__ import annotations

import pytest

from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_year
from tests.ingest.writers import write_csv

HATE, KNIFE, SHARE = "Hate Crime - number of recorded crimes", "Knife crime", "DIP % of positive drug tests"
YEAR = "2018-19"
HEADING = ["KPI", "Q1 2018/19", "Q2 2018/19"]
ROW = [HATE, "101", "98"]


def read(folder, catalogue, rows: list[list[str]]):
    """The reading of rows as a CSV file that lies alone in the folder of 2018/19."""
    folder.mkdir(exist_ok=True)
    (folder / "kpi.csv").write_bytes(write_csv(rows, "utf-8", ","))
    return read_year(folder, YEAR, catalogue)


def figures(reading, indicator: str = "hate_crime") -> list[float | None]:
    return [row["value"] for row in reading.observations if row["indicator"] == indicator]


@pytest.mark.parametrize(
    "heading",
    [
        "{}*",
        "{} (p)",
        "{} [note 1]",
        "{}¹",
        "{} Actual",
        "FY{}",
        "{} No.",
        "{} outturn",
        "{} (unaudited)",
        "Wolverhampton {}",
    ],
)
def test_words_that_mean_nothing_are_read_past(tmp_path, catalogue, heading):
    found = read(
        tmp_path / "raw", catalogue, [["KPI", heading.format("2018/19 Q1"), heading.format("2018/19 Q2")], ROW]
    )
    assert figures(found) == [101, 98]
    is_provisional = "(p)" in heading or "unaudited" in heading
    assert any("provisional" in note for note in found.notes) == is_provisional


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("cumulative", "adds up several periods"),
        ("target", "a target, no figure"),
        ("forecast", "a forecast"),
        ("per 1,000", "a rate, no count"),
        ("rolling 12 months", "longer or moving period"),
        ("Walsall", "another area's figures"),
        ("West Midlands", "another area's figures"),
        ("hexagonal", "nothing says what 'hexagonal' makes of the figures below; .* add it to plain_words"),
    ],
)
@pytest.mark.parametrize("place", ["in the heading", "in a second heading", "in a heading above"])
def test_words_that_make_them_other_figures_refuse_the_table(tmp_path, catalogue, word, said, place):
    rows = {
        "in the heading": [["KPI", f"Q1 2018/19 {word}", f"Q2 2018/19 {word}"], ROW],
        "in a second heading": [HEADING, ["", word, word], ROW],
        "in a heading above": [["", word, word], HEADING, ROW],
    }[place]
    with pytest.raises(InputError, match=f"kpi.csv, row .*{said}"):
        read(tmp_path / "raw", catalogue, rows)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Performance - cumulative", ""),
        ("West Midlands Police force area 2018/19", ""),
        ("Targets", ""),
        ("Crime in Mercia", ""),
        ("", "All figures are for the West Midlands"),
        ("", "* Figures are rolling 12 month totals"),
    ],
)
def test_a_title_or_a_note_may_speak_of_every_figure(tmp_path, catalogue, above, below):
    with pytest.raises(InputError, match=r"say.*; give the partnership's own figures"):
        read(tmp_path / "raw", catalogue, [[above, "", ""], HEADING, ROW, ["", "", ""], [below, "", ""]])


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Annual performance report 2018/19", "Source: West Midlands Police"),
        ("Safer Wolverhampton Partnership, West Midlands", "The target for Walsall was met by us too"),
        ("Violence against women and girls", "* as recorded on 31 March 2019"),
    ],
)
def test_titles_and_notes_that_change_nothing(tmp_path, catalogue, above, below):
    found = read(tmp_path / "raw", catalogue, [[above, "", ""], HEADING, ROW, ["", "", ""], [below, "", ""]])
    assert figures(found) == [101, 98]


def test_targets_and_judgements_under_each_quarter_are_not_read_and_it_is_said(tmp_path, catalogue):
    rows = [
        ["KPI", "Q1 2018/19", "", "", "Q2 2018/19", "", ""],
        ["", "Actual", "Target", "RAG", "Actual", "Target", "RAG"],
        [HATE, "101", "90", "Red", "98", "90", "Amber"],
    ]
    found = read(tmp_path / "raw", catalogue, rows)
    assert figures(found) == [101, 98]
    assert sum("is not read" in note for note in found.notes) == 4


@pytest.mark.parametrize(
    ("name", "own", "other"),
    [
        ("Area", "Wolverhampton", "West Midlands"),
        ("Measure", "Actual", "Target"),
        ("Unit", "number", "per 1,000 population"),
        ("Basis", "Count", "12 months to"),
        ("", "", "Forecast"),
    ],
)
def test_words_beside_the_label_tell_which_rows_are_ours(tmp_path, catalogue, name, own, other):
    rows = [
        ["KPI", name, *HEADING[1:]],
        [HATE, own, "101", "98"],
        [HATE, other, "1010", "980"],
        [KNIFE, own, "55", "61"],
    ]
    found = read(tmp_path / "raw", catalogue, rows)
    assert (figures(found), figures(found, "knife_violence")) == ([101, 98], [55, 61])
    assert sum("row 3" in note and "not read" in note for note in found.notes) == 1


def test_a_row_without_label_goes_on_with_the_one_above(tmp_path, catalogue):
    rows = [["KPI", "Measure", *HEADING[1:]], [HATE, "Target", "90", "90"], ["", "Actual", "101", "98"]]
    assert figures(read(tmp_path / "raw", catalogue, rows)) == [101, 98]


def test_a_word_beside_the_label_that_nobody_knows_is_refused(tmp_path, catalogue):
    rows = [["KPI", "Basis", *HEADING[1:]], [HATE, "hexagonal", "101", "98"]]
    with pytest.raises(InputError, match=r"row 2, column B: found 'hexagonal'.*add it to plain_words .*owner_headings"):
        read(tmp_path / "raw", catalogue, rows)
    layouts = catalogue.layouts.model_copy(update={"owner_headings": ["Basis"]})
    told = catalogue.model_copy(update={"layouts": layouts})
    assert figures(read(tmp_path / "raw", told, rows)) == [101, 98]
    with pytest.raises(InputError, match=r"add it to own_area_names"):
        read(tmp_path / "raw", catalogue, [["KPI", "Area", *HEADING[1:]], [HATE, "Mercia", "101", "98"]])


@pytest.mark.parametrize("words", ["(YTD)", "- Walsall", "(target)", "per 1,000 residents"])
def test_words_in_a_label(tmp_path, catalogue, words):
    rows = [HEADING, [f"{HATE} {words}", "1010", "980"], [f"{KNIFE} (Wolverhampton)", "55", "61"]]
    found = read(tmp_path / "raw", catalogue, rows)
    assert (figures(found), figures(found, "knife_violence")) == ([], [55, 61])
    assert any("row 2" in note and "not read" in note for note in found.notes)


def test_a_line_over_rows_speaks_of_them_until_the_next(tmp_path, catalogue):
    rows = [HEADING, ["Walsall", "", ""], [HATE, "1010", "980"], ["Wolverhampton", "", ""], ROW]
    assert figures(read(tmp_path / "raw", catalogue, rows)) == [101, 98]


def test_percentages_beside_numbers_go_to_the_rows_that_want_them(tmp_path, catalogue):
    rows = [
        ["KPI", "Q1 2018/19", "", "Q2 2018/19", ""],
        ["", "No.", "%", "No.", "%"],
        [HATE, "101", "12%", "98", "11%"],
        [SHARE, "30", "60%", "31", "62%"],
    ]
    found = read(tmp_path / "raw", catalogue, rows)
    assert (figures(found), figures(found, "positive_drug_test_rate")) == ([101, 98], [60, 62])


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Q1 (Jan-Mar) 2018/19", "is the year a calendar year"),
        ("Q2 (Jul-Aug) 2018/19", "a part of what is counted"),
        ("Q1-Q2 2018/19", "several quarters"),
        ("H1 2018/19", "'h 1'.*several periods"),
        ("Year to Q1 2018/19", "'year to'.*several periods"),
        ("Q1 2018", "may be a calendar year"),
        ("2018/19", "a whole year"),
        ("Outturn 2018/19", "a whole year"),
    ],
)
def test_what_is_no_quarter_is_refused_by_name(tmp_path, catalogue, heading, said):
    with pytest.raises(InputError, match=f"kpi.csv, row 1, column B: found .*{said}.*`Q1 2018/19`"):
        read(tmp_path / "raw", catalogue, [["KPI", heading], ROW[:2]])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("NYA", "add 'NYA' to missing_marks in layouts.yml"),
        ("[low]", "write a small number .* as <5"),
        ("n/x", "add 'n/x'"),
    ],
)
def test_a_mark_that_nobody_knows_says_what_to_add_where(tmp_path, catalogue, cell, said):
    with pytest.raises(InputError, match=f"row 2, column B: found .*{said}"):
        read(tmp_path / "raw", catalogue, [HEADING, [HATE, cell, "98"]])


@pytest.mark.parametrize("cell", ["Tbc", "N/A", "Not Available", "[X]"])
def test_marks_are_known_whatever_their_case(tmp_path, catalogue, cell):
    assert figures(read(tmp_path / "raw", catalogue, [HEADING, [HATE, cell, "98"]])) == [None, 98]


def test_a_provisional_figure_is_read_and_called_so(tmp_path, catalogue):
    found = read(tmp_path / "raw", catalogue, [HEADING, [HATE, "101", "98 (p)"]])
    assert figures(found) == [101, 98]
    assert any("column C: the figure is provisional" in note for note in found.notes)


def test_a_whole_number_in_brackets_may_be_a_count(tmp_path, catalogue):
    label = catalogue.indicators["domestic_abuse_incidents"].aliases[0]
    with pytest.raises(
        InputError, match=r"found 120 \(30\), where 30 may be a percentage or a count; write 120 \(30%\)"
    ):
        read(tmp_path / "raw", catalogue, [HEADING, [label, "120 (30)", "130 (25%)"]])


@pytest.mark.parametrize(
    ("title", "unknown"),
    [("Bilston", "Bilston"), ("Mercia performance", "Mercia"), ("Scorecard, Zorbian cohort", "Zorbian cohort")],
)
@pytest.mark.parametrize("place", ["title", "line over rows"])
def test_a_word_over_figures_that_nothing_explains_is_not_read_past(tmp_path, catalogue, title, unknown, place):
    rows = [[title], HEADING, ROW] if place == "title" else [HEADING, [title, "", ""], ROW]
    with pytest.raises(InputError, match=f"{unknown}.* nothing says what that makes of the figures"):
        read(tmp_path / "raw", catalogue, rows)


@pytest.mark.parametrize(
    "title",
    [
        "Appendix B - Community safety scorecard, Scrutiny Panel 12 November 2018",
        "OFFICIAL - SENSITIVE",
        "Hate crime and robbery",
        "Violence against women and girls",
        "Violence against women & girls",
        "Do more victims come forward, and do they get protection and justice?",
        "Safer Communities Board - Item 7",
    ],
)
def test_words_that_titles_have_are_read_past(tmp_path, catalogue, title):
    assert figures(read(tmp_path / "raw", catalogue, [[title], HEADING, ROW])) == [101, 98]


@pytest.mark.parametrize(
    "line",
    [
        "Figures exclude cyber-enabled offences",
        "Index (2015=100)",
        "Online offences",
        "BCU level data",
        "Positive outcomes",
        "Repeat victims",
        "Sanctioned detections",
        "Outliers removed",
        "Benchmark group",
        "Quarter on quarter",
        "One quarter in arrears",
        "Last four quarters",
        "Percentiles",
    ],
)
def test_words_for_a_part_of_the_figures_refuse_them(tmp_path, catalogue, line):
    with pytest.raises(InputError, match="the title, caption or name over the table"):
        read(tmp_path / "raw", catalogue, [[line], HEADING, ROW])


@pytest.mark.parametrize(
    "line",
    [
        "Note: figures cover July and August only",
        "All figures are for females",
        "* Excludes Bilston, which was not supplied",
        "Source: Iquanta (rolling 12 months)",
        "These are shown per 1,000 residents",
        "* percentage change",
        "† same quarter last year",
        "[1] confidence limits",
        "* grossed up",
    ],
)
def test_a_note_that_makes_them_other_figures_refuses_them(tmp_path, catalogue, line):
    with pytest.raises(InputError, match=r"the note "):
        read(tmp_path / "raw", catalogue, [HEADING, ROW, [line]])


@pytest.mark.parametrize(
    "line",
    [
        "* Includes online reports received through True Vision",
        "* no change",
        "* change of provider",
        "* no target set",
        "Excludes offences recorded by British Transport Police",
        "Note: the programme has a cumulative effect over several years",
        "Data extracted on 3 April 2019",
        "For further information contact J Smith, Community Safety, Walsall Council on 01922 650000",
        "An average of 8 referrals a week is expected",
        "Our rate per 1,000 is lower than the national average",
        "NB: the rise is in line with the West Midlands trend",
        "Hate crime data includes race, religion, disability, sexual orientation and transgender",
    ],
)
def test_a_note_that_changes_no_figure_is_told_with_them(tmp_path, catalogue, line):
    found = read(tmp_path / "raw", catalogue, [HEADING, ROW, [line]])
    assert figures(found) == [101, 98]
    assert any(line[:20] in note for note in found.notes)


@pytest.mark.parametrize(
    ("heading", "label", "line", "hate", "knife"),
    [
        (["KPI", "Q1 2018/19", "Q2 2018/19*"], KNIFE, "* cumulative from April", [101], [55]),
        (HEADING, f"{KNIFE} (2)", "(2) Figures are for the West Midlands", [101, 98], []),
        (HEADING, KNIFE, "Q2 figures are year to date", [101], [55]),
        (HEADING, KNIFE, f"{HATE}: figures are rolling 12 month totals", [], [55, 61]),
    ],
)
def test_a_note_speaks_of_what_it_marks_or_names(tmp_path, catalogue, heading, label, line, hate, knife):
    found = read(tmp_path / "raw", catalogue, [heading, ROW, [label, "55", "61"], [line]])
    assert (figures(found), figures(found, "knife_violence")) == (hate, knife)
    assert any(f"not read (kpi.csv, the note '{line[:40]}" in note for note in found.notes)


@pytest.mark.parametrize("number", ["1.", "2.1", "a)"])
def test_the_number_of_a_row_before_its_label_is_no_part_of_it(tmp_path, catalogue, number):
    assert figures(read(tmp_path / "raw", catalogue, [HEADING, [f"{number} {HATE}", *ROW[1:]]])) == [101, 98]


def test_more_than_can_be_counted_is_refused(tmp_path, catalogue):
    with pytest.raises(InputError, match=r"found 43191000000, more than a partnership can count; .* type the count"):
        read(tmp_path / "raw", catalogue, [HEADING, [HATE, "43191000000", "98"]])


@pytest.mark.parametrize("label", ["Hate crimes", "Number of hate crimes", "Hate crime:", "Knife violence"])
def test_a_row_may_be_called_as_our_own_pages_call_it(tmp_path, catalogue, label):
    found = read(tmp_path / "raw", catalogue, [HEADING, [label, "118", "104"]])
    assert figures(found, "knife_violence" if "Knife" in label else "hate_crime") == [118, 104]


def test_a_count_may_leave_out_its_share(tmp_path, catalogue):
    label = catalogue.indicators["domestic_abuse_incidents"].aliases[0]
    found = read(tmp_path / "raw", catalogue, [HEADING, [label, "1573", "1578 (49.8)"]])
    assert figures(found, "domestic_abuse_incidents") == [1573, 1578]
    assert figures(found, "domestic_abuse_recordable_share") == [None, 49.8]
