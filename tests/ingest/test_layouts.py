"""The shapes in which the same figures come: headings in one row or two, titles, totals, notes, continued tables."""

from __future__ import annotations

import io
import zipfile

import pytest

from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_year
from tests.ingest.writers import write_csv, write_ods, write_xlsx

HATE = "Hate Crime - number of recorded crimes"
PREVENT = "Number of Prevent referrals received"
NEW, OLD = "2017-18", "2016-17"


def read(folder, catalogue, content: bytes | list[list[str]], name: str = "kpi.csv"):
    """The reading of one file alone: rows as CSV, or bytes as they are."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else write_csv(content, "utf-8", ","))
    return read_year(folder, NEW, catalogue)


def figures(reading, indicator: str = "hate_crime") -> dict:
    rows = [row for row in reading.observations if row["indicator"] == indicator]
    return {(row["financial_year"], row["quarter"]): row["value"] for row in rows}


HEADINGS = {
    "one row": [["KPI", "Q1 2016/17", "Q1 2017/18"]],
    "one row, year first": [["KPI", "2016-17 Quarter 1", "2017-18 Quarter 1"]],
    "months behind the quarter": [["KPI", "Q1 (Apr-Jun)", ""], ["", "2016/17", "2017/18"]],
    "quarters over years": [["KPI", "Quarter 1", ""], ["", "2016/17", "2017/18"]],
    "years over quarters": [["KPI", "2016/17", "2017/18"], ["", "Q1", "Q1"]],
    "dates of the last day": [["KPI", "2016-06-30", "2017-06-30"]],
    "label over two rows": [["KPI", "2016/17", "2017/18"], ["", "Q1 (Apr-Jun)", "Q1"]],
    "months of a year": [["KPI", "Q1 (Apr - Jun 2016)", "April to June 2017"]],
    "in words": [["Key performance indicator", "1st quarter", ""], ["", "2016/2017", "2017-2018"]],
    "look-alike letters": [["КРІ", "Quarter 1", ""], ["", "2016/17", "2017/18"]],
    "broken over cells": [["KPI", "Qua", "rter 1"], ["direction", "2016/17 2017/18", ""]],
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_in_any_usual_shape(tmp_path, catalogue, heading):
    reading = read(tmp_path / "raw", catalogue, [*HEADINGS[heading], [HATE, "92", "118"]])
    assert figures(reading) == {(OLD, 1): 92, (NEW, 1): 118}


def test_a_title_may_name_the_year(tmp_path, catalogue):
    rows = [["Performance 2017/18", "", ""], ["KPI", "Q1", "Q2"], [HATE, "118", "104"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading) == {(NEW, 1): 118, (NEW, 2): 104}
    assert any("names no year" in note for note in reading.notes)


def test_titles_that_name_two_years_decide_nothing(tmp_path, catalogue):
    rows = [["2016/17 and 2017/18", "", ""], ["KPI", "Q1", "Q2"], [HATE, "118", "104"]]
    with pytest.raises(InputError, match="expected a financial year with"):
        read(tmp_path / "raw", catalogue, rows)


def test_years_over_several_quarters_each(tmp_path, catalogue):
    rows = [["KPI", "2016/17", "", "2017/18", ""], ["", "Q1", "Q2", "Q1", "Q2"], [HATE, "92", "106", "118", "104"]]
    found = figures(read(tmp_path / "raw", catalogue, rows))
    assert found == {(OLD, 1): 92, (OLD, 2): 106, (NEW, 1): 118, (NEW, 2): 104}


def document(rows: list[list[str]], change=lambda table: None, inside: bool = False) -> bytes:
    """A Word document with one table; `inside` a cell of another."""
    import docx

    whole = docx.Document()
    place = whole.add_table(rows=1, cols=1).cell(0, 0) if inside else whole
    table = place.add_table(len(rows), len(rows[0]))
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    change(table)
    content = io.BytesIO()
    whole.save(content)
    return content.getvalue()


def test_a_table_inside_a_cell_of_a_document(tmp_path, catalogue):
    content = document([["KPI", "Q1 2017/18"], [HATE, "118"]], inside=True)
    reading = read(tmp_path / "raw", catalogue, content, "kpi.docx")
    assert figures(reading) == {(NEW, 1): 118}
    assert reading.observations[0]["source_sheet"] == "table 2"


def test_figures_merged_over_rows_of_a_document_are_refused(tmp_path, catalogue):
    rows = [["KPI", "Q1 2016/17", "Q1 2017/18"], [HATE, "92", "118"], [PREVENT, "13", "23"]]
    content = document(rows, lambda table: table.cell(1, 1).merge(table.cell(2, 1)))
    with pytest.raises(InputError, match="row 2, column B: the figure '92 13' stands in merged cells"):
        read(tmp_path / "raw", catalogue, content, "kpi.docx")


DAMAGED = {
    "a piece of a quarter": [["KPI", "Qua", "rter 1", "Quarter 2"], ["", "2016/17", "2017/18", "2017/18"]],
    "two years in one cell": [["KPI", "Quarter 1", "", "Quarter 2"], ["", "2016/17 2017/18", "2017/18", "2017/18"]],
    "a year under no quarter": [["KPI", "", "Quarter 1", "Quarter 2"], ["", "2017/18", "2017/18", "2017/18"]],
    "a quarter without a year": [["KPI", "Quarter 1", "Quarter 2", "Quarter 3"], ["", "2017/18", "", "2017/18"]],
}


@pytest.mark.parametrize("heading", DAMAGED)
def test_rows_below_a_damaged_heading_are_unreadable_and_listed(tmp_path, catalogue, heading):
    whole = [["KPI", "Q1 2017/18", "", ""], [PREVENT, "23", "", ""], ["", "", "", ""]]
    rows = [*whole, *DAMAGED[heading], [HATE, "92", "118", "104"], ["Some other thing", "1", "2", "3"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading, "prevent_referrals") == {(NEW, 1): 23}
    assert set(figures(reading).values()) == {None}
    assert {(NEW, quarter) for quarter in range(1, 5)} <= set(figures(reading))
    assert {row["status"] for row in reading.observations if row["indicator"] == "hate_crime"} == {"unreadable"}
    assert [unread.text for unread in reading.unread] == [f"{HATE} | 92 | 118 | 104", "Some other thing | 1 | 2 | 3"]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ([["KPI", "Quarter 1", ""], ["", "2016/18", "2017/18"]], "names '2016/18', which is no financial year"),
        ([["KPI", "Quarter 1", ""], ["", "2017/18", "2017/18"]], "already stands in column B"),
        ([["KPI", "Quarter 1", ""], ["", "2017/18", "2018/19"]], "later than the folder"),
        ([["KPI", "Quarter 1", "Quarter 2"], ["", "", ""]], "expected a financial year with"),
        ([["KPI", "Q1", "Q2"]], "expected a financial year with"),
        ([["KPI", "Q1 2017/18", "Q1 2017/18"]], "already stands in column B"),
        ([["KPI", "Q1 2018/17", "Q1 2017/18"]], "column B: found 'Q1 2018/17', which names '2018/17'"),
        ([["KPI", "Quarter 5", ""], ["", "2016/17", "2017/18"]], "found 'Quarter 5', which names quarter 5"),
    ],
)
def test_a_heading_that_is_clear_and_wrong_stops_the_build(tmp_path, catalogue, heading, said):
    with pytest.raises(InputError, match=said):
        read(tmp_path / "raw", catalogue, [*heading, [HATE, "92", "118"]])


def test_what_could_not_be_read_takes_nothing_away(tmp_path, catalogue):
    damaged = [*DAMAGED["a piece of a quarter"], [HATE, "92", "118", "104"]]
    (tmp_path / "whole.csv").write_bytes(write_csv([["KPI", "Q1 2017/18"], [HATE, "118"]], "utf-8", ","))
    reading = read(tmp_path, catalogue, damaged)
    assert figures(reading)[NEW, 1] == 118
    assert figures(reading)[NEW, 2] is None


def test_a_heading_needs_no_word_for_its_labels(tmp_path, catalogue):
    for name, heading in {
        "blank": [["", "Q1 2016/17", "Q2 2016/17"]],
        "unknown": [["Measure", "Quarter 1", "Quarter 2"], ["", "2016/17", "2016/17"]],
        "years above": [["", "2016/17", "2017/18"], ["KPI", "Q1", "Q1"]],
    }.items():
        found = figures(read(tmp_path / name, catalogue, [*heading, [HATE, "92", "118"]]))
        assert list(found.values()) == [92, 118], name


def test_the_forms_of_two_owners_fill_in_each_others_blanks(tmp_path, catalogue):
    form = [["KPI", "Q1 2017/18"], [HATE, ""], [PREVENT, "23"]]
    (tmp_path / "a.csv").write_bytes(write_csv(form, "utf-8", ","))
    reading = read(tmp_path, catalogue, [["KPI", "Q1 2017/18"], [HATE, "118"], [PREVENT, ""]])
    assert (figures(reading), figures(reading, "prevent_referrals")) == ({(NEW, 1): 118}, {(NEW, 1): 23})


BESIDE = {
    "a blank column between": [
        ["KPI", "Q1", "Q2", "", "KPI", "Q1", "Q2"],
        [HATE, "92", "106", "", PREVENT, "13", "11"],
    ],
    "no column between": [["KPI", "Q1", "Q2", "Indicator", "Q1", "Q2"], [HATE, "92", "106", PREVENT, "13", "11"]],
    "an unknown word": [["KPI", "Q1", "Q2", "", "Measure", "Q1", "Q2"], [HATE, "92", "106", "", PREVENT, "13", "11"]],
    "one lower than the other": [
        ["KPI", "Q1", "Q2", "", "", "", ""],
        [HATE, "92", "106", "", "KPI", "Q1", "Q2"],
        ["", "", "", "", PREVENT, "13", "11"],
    ],
    "one higher than the other": [
        ["", "", "", "", "KPI", "Q1", "Q2"],
        ["KPI", "Q1", "Q2", "", PREVENT, "13", "11"],
        [HATE, "92", "106", "", "", "", ""],
        ["Total", "92", "106", "", "", "", ""],
        ["* a note on both", "", "", "", "", "", ""],
    ],
}


@pytest.mark.parametrize("rows", BESIDE)
@pytest.mark.parametrize("writer", ["csv", "xlsx", "ods"])
def test_tables_side_by_side_are_two_tables_at_their_own_addresses(tmp_path, catalogue, rows, writer):
    title = ["Figures of 2016/17", *[""] * (len(BESIDE[rows][0]) - 1)]
    below = [["", "", ""], ["KPI", "Q1 2017/18", "Q2 2017/18"], [HATE, "118", "104"]]
    content = [title, *BESIDE[rows], *below]
    raw = {"csv": list, "xlsx": workbook, "ods": write_ods}[writer](content)
    reading = read(tmp_path / "raw", catalogue, raw, f"kpi.{writer}")
    assert figures(reading) == {(OLD, 1): 92, (OLD, 2): 106, (NEW, 1): 118, (NEW, 2): 104}
    assert figures(reading, "prevent_referrals") == {(OLD, 1): 13, (OLD, 2): 11}
    for row in reading.observations:
        assert content[row["source_row"] - 1][ord(row["source_column"]) - ord("A")] == row["raw_value"]


def workbook(rows: list[list[str]]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPI")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def test_titles_notes_totals_and_columns_of_totals_are_passed_over_and_it_is_said(tmp_path, catalogue):
    rows = [
        ["Report of 3 May 2018", "", "", ""],
        ["", "KPI", "Q1 2017/18", "Q2 2017/18", "Total"],
        ["", HATE, "118", "104", "222"],
        ["", PREVENT, "23", "9", "32"],
        ["", "Total", "141", "113", "254"],
        ["", "* as recorded on 31 March 2018", "", "", ""],
    ]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading) == {(NEW, 1): 118, (NEW, 2): 104}
    assert figures(reading, "prevent_referrals") == {(NEW, 1): 23, (NEW, 2): 9}
    assert any("a total of other rows" in note for note in reading.notes)
    assert any("row 6" in note and "without figures" in note for note in reading.notes)


@pytest.mark.parametrize("label", [f"{HATE} Baseline 374", f"{HATE} (baseline: 374)", f"{HATE} {HATE} Baseline – 374"])
def test_baselines_and_repeated_labels(tmp_path, catalogue, label):
    reading = read(tmp_path / "raw", catalogue, [["KPI", "Q1 2016/17", "Q1 2017/18"], [label, "92", "118"]])
    assert figures(reading) == {(OLD, 1): 92, (NEW, 1): 118}
    assert [(row["financial_year"], row["value"]) for row in reading.baselines] == [(OLD, 374)]


def test_a_baseline_in_its_own_column(tmp_path, catalogue):
    rows = [["KPI", "Baseline 2016/17", "Q1 2017/18"], [HATE, "374", "118"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert [(row["value"], row["source_column"]) for row in reading.baselines] == [(374, "B")]


def test_a_share_may_stand_beside_its_count_or_in_its_own_row(tmp_path, catalogue):
    share = catalogue.indicators["domestic_abuse_recordable_share"].label
    count = catalogue.indicators["domestic_abuse_incidents"].label
    rows = [["KPI", "Q1 2017/18"], [count, "1573"], [share, "43.9%"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading, "domestic_abuse_incidents") == {(NEW, 1): 1573}
    assert figures(reading, "domestic_abuse_recordable_share") == {(NEW, 1): 43.9}


def test_a_figure_of_a_single_month(tmp_path, catalogue):
    label = catalogue.indicators["treatment_clients_opiate"].label
    reading = read(tmp_path / "raw", catalogue, [["KPI", "January 2018"], [label, "37 (24%)"]])
    days = {(row["period_start"], row["period_end"], row["quarter"]) for row in reading.observations}
    assert days == {("2018-01-01", "2018-01-31", None)}


def test_a_snapshot_is_known_however_its_words_are_spaced_and_broken(tmp_path, catalogue):
    rows = [
        ["KPI", "Output for Jan 2018 - Wolverha mpton", "Data Owner"],
        [
            "Number (and as a % of  total) of successful completio ns by criminal justice clients",
            "Opiate 13 (5%) Other drugs & alcohol <5 (4%)",
            "Public Health",
        ],
    ]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading, "treatment_completions_opiate") == {(NEW, None): 13}
    assert figures(reading, "treatment_completions_share_other") == {(NEW, None): 4}


def test_a_table_that_goes_on_without_its_heading(tmp_path, catalogue):
    import docx

    document = docx.Document()
    for rows in ([["KPI", "Q1 2017/18"], [HATE, "118"]], [[PREVENT, "23"]]):
        table = document.add_table(rows=len(rows), cols=2)
        for line, row in zip(table.rows, rows, strict=True):
            line.cells[0].text, line.cells[1].text = row
    content = io.BytesIO()
    document.save(content)
    reading = read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")
    assert figures(reading, "prevent_referrals") == {(NEW, 1): 23}
    assert reading.observations[1]["source_sheet"] == "table 2"


def test_macros_and_links_of_a_workbook_are_left_alone_and_it_is_said(tmp_path, catalogue):
    heading = [["KPI", "", "Q1 2016/17", "Q1 2017/18", "", "", "", "", "", "", ""]]
    content = io.BytesIO(write_xlsx([*heading, [HATE, "To increase", "92", "118", "", "", "", "", "", "", ""]]))
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macros")
        package.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    reading = read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.xlsm")
    assert figures(reading) == {(OLD, 1): 92, (NEW, 1): 118}
    assert any("macros" in note for note in reading.notes)
    assert any("not followed" in note for note in reading.notes)


def test_percentages_and_hidden_rows_of_an_opendocument_sheet(tmp_path, catalogue):
    from odfdo import Cell, Document, Row, Table

    label = catalogue.indicators["positive_drug_test_rate"].aliases[0]
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("KPI")
    for cells in (["KPI", "Q1 2017/18"], [label, Cell(0.691, cell_type="percentage")], [HATE, 118]):
        row = Row()
        for cell in cells:
            row.append_cell(cell if isinstance(cell, Cell) else Cell(cell))
        table.append_row(row)
    hidden = table.get_row(2)
    hidden.set_attribute("table:visibility", "collapse")
    table.set_row(2, hidden)
    document.body.append(table)
    content = io.BytesIO()
    document.save(content)
    reading = read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.ods")
    assert figures(reading, "positive_drug_test_rate") == {(NEW, 1): 69.1}
    assert figures(reading) == {}
    assert any("row 3" in note and "hidden" in note for note in reading.notes)


def test_markup_and_formulas_in_a_label_stay_text(tmp_path, catalogue):
    page = f"<table><tr><th>KPI<th>Q1 2017/18<tr><td>{HATE}<script>x</script><td>118</table>".encode()
    assert figures(read(tmp_path / "raw", catalogue, page, "kpi.html")) == {(NEW, 1): 118}
    with pytest.raises(InputError, match="is not in the catalogue"):
        read(tmp_path / "other", catalogue, [["KPI", "Q1 2017/18"], ['=HYPERLINK("http://x.example")', "1"]])


SHARE = "DIP % of positive drug tests"


def test_commentary_that_begins_with_a_number_stays_commentary(tmp_path, catalogue):
    rows = [["KPI", "Q1 2017/18", "Q2 2017/18", "Commentary"], [SHARE, "", "40%", "12 more than in Quarter 1"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading, "positive_drug_test_rate") == {(NEW, 1): None, (NEW, 2): 40}
    assert not reading.unread


@pytest.mark.parametrize("words", ["Commentary", "Data Owner"])
def test_a_figure_where_words_should_be_makes_the_row_unreadable(tmp_path, catalogue, words):
    rows = [["KPI", "Q1 2017/18", "Q2 2017/18", words], [SHARE, "", "40%", "12"], [HATE, "118", "104", "up"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading, "positive_drug_test_rate") == {(NEW, 1): None, (NEW, 2): None}
    assert figures(reading) == {(NEW, 1): 118, (NEW, 2): 104}
    assert [one.text for one in reading.unread] == [f"{SHARE} | 40% | 12"]


def test_a_column_with_a_heading_that_nobody_knows_is_refused_with_what_to_do(tmp_path, catalogue):
    """A number beside a blank first quarter was read as that quarter's."""
    rows = [["KPI", "Our wibble", "Q1 2017/18", "Q2 2017/18"], [SHARE, "3", "", "40%"]]
    with pytest.raises(InputError, match=r"row 2, column B: found .3. .* add the heading to ignored_headings"):
        read(tmp_path / "raw", catalogue, rows)


@pytest.mark.parametrize(
    "heading",
    [
        [["KPI", "Q1 2016/17", "Q1 2017/18", "2016/17 Total", "Total 2017/18"]],
        [["KPI", "Quarter 1", "", "Total", ""], ["", "2016/17", "2017/18", "2016/17", "2017/18"]],
    ],
)
def test_totals_of_a_year_are_passed_over(tmp_path, catalogue, heading):
    reading = read(tmp_path / "raw", catalogue, [*heading, [HATE, "92", "118", "374", "385"]])
    assert figures(reading) == {(OLD, 1): 92, (NEW, 1): 118}


@pytest.mark.parametrize("months", ["Apr-Sep 2017", "May-Jul 2017", "Q1-Q2 2017/18", "April to September 2017"])
def test_months_that_are_no_quarter_are_listed_beside_quarters_and_refused_alone(tmp_path, catalogue, months):
    found = read(tmp_path / "raw", catalogue, [["KPI", months, "Oct-Dec 2017"], [HATE, "222", "104"]])
    assert figures(found) == {(NEW, 3): 104}
    assert any(f"column B: the column '{months}' is not read" in note for note in found.notes)
    with pytest.raises(InputError, match=f"column B: found '{months}', .* a figure of several quarters"):
        read(tmp_path / "alone", catalogue, [["KPI", months], [HATE, "222"]])


def test_a_quarter_that_is_explained_by_other_months_is_refused(tmp_path, catalogue):
    rows = [["KPI", "Q2 (Apr-Jun 2017)", "Oct-Dec 2017"], [HATE, "118", "104"]]
    with pytest.raises(InputError, match=r"row 1, column B: found 'Q2 \(Apr-Jun 2017\)', which .*write one quarter"):
        read(tmp_path / "raw", catalogue, rows)


def test_marks_of_notes_behind_labels_and_figures(tmp_path, catalogue):
    rows = [["KPI", "Q1 2017/18", "Q2 2017/18"], [f"{HATE}¹", "118*", "104.0"], [f"{PREVENT} [note 1]", "TBC", "<5†"]]
    reading = read(tmp_path / "raw", catalogue, rows)
    assert figures(reading) == {(NEW, 1): 118, (NEW, 2): 104}
    assert [row["status"] for row in reading.observations[2:]] == ["not_available", "suppressed"]
