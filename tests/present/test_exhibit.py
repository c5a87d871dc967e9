"""One table and one chart for page, annex, file and analyst: numbers stay numbers, text stays text, reprs are short."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from swp_analysis.analysis.areas.change import AreaChange
from swp_analysis.errors import InputError
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.area_words import say_change
from swp_analysis.present.table import Column, Number, Span, Table

TABLE = Table(
    "Sales",
    ["Shop", Column("Sold", "count"), Column("Range", "number"), "Words"],
    [
        ["North", Number(1234, "1,234"), Span(1.5, 2.5, "1.5–2.5"), "=1+1"],
        ["South", "<5", "–", "@now"],
    ],
)


def test_a_frame_has_numbers_and_says_why_one_is_missing():
    frame = TABLE.frame
    assert list(frame) == ["Shop", "Sold", "Sold, mark", "Range, lower", "Range, upper", "Range, mark", "Words"]
    assert frame["Sold"].tolist()[0] == 1234
    assert frame.loc[1, ["Sold", "Range, lower"]].isna().all()
    assert frame["Sold, mark"].tolist() == ["", "<5"]


def test_a_saved_table_holds_no_formula(tmp_path):
    csv, book = TABLE.save(tmp_path / "t.csv"), TABLE.save(tmp_path / "t.XLSX")
    assert pd.read_csv(csv)["Words"].tolist() == ["'=1+1", "'@now"]
    cells = [cell for row in openpyxl.load_workbook(book).active for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert 1234 in {cell.value for cell in cells}


def test_another_suffix_is_refused_with_those_that_can_be_had(internal, tmp_path):
    with pytest.raises(InputError, match=r"t\.doc: .*\.csv or \.xlsx"):
        TABLE.save(tmp_path / "t.doc")
    with pytest.raises(InputError, match=r"\.png"):
        internal.changes("vulnerability").save(tmp_path / "x.bmp")


def test_a_chart_is_saved_with_its_title_and_its_numbers(internal, tmp_path):
    chart = internal.changes("vulnerability")
    assert chart.save(tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    lines = re.findall(r"<text[^>]*>([^<]*)<", chart.save(tmp_path / "x.svg").read_text(encoding="utf-8"))
    assert chart.title in " ".join(lines)  # a long one takes two lines
    assert chart.title not in chart.svg.decode("utf-8")  # on a page it stands above the picture
    assert len(pd.read_csv(chart.save(tmp_path / "x.csv"))) == len(chart.frame) == len(chart.data.rows)


def test_a_folder_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(
        InputError, match=r"no/t\.csv could not be read or written: No such file.* Make the folder first"
    ):
        TABLE.save(tmp_path / "no" / "t.csv")


def test_an_indicator_s_section_has_what_every_answer_has(internal, tmp_path):
    section = internal.indicator("knife_violence")
    assert section.figure is section.picture.figure
    assert section.source == "SWP Analyst (gangs_and_youth_crime.csv)"
    assert section.save(tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_csv(section.save(tmp_path / "x.csv"))) == 4


def test_what_an_analyst_changes_in_a_chart_is_shown(internal):
    chart = internal.changes("vulnerability")
    chart.figure.axes[0].set_xlabel("my own label")
    assert "my own label" in chart.svg.decode("utf-8")


def test_everything_that_a_notebook_shows_has_a_short_repr(internal):
    section = internal.indicator("knife_violence")
    shown = [internal, internal.priorities, internal.scorecard, internal.series["knife_violence"], section]
    shown += [section.picture, section.table, section.sentence, section.caveats]
    shown += [internal.chart_rules(), internal.priorities.decisions(), internal.priorities.summary()]
    assert all(len(repr(one)) < 160 for one in shown), [len(repr(one)) for one in shown]
    assert not section.frame.select_dtypes("number").empty


def test_a_rise_from_none_has_no_multiple():
    found = SimpleNamespace(before=0, after=5, ratio=float("inf"), lower=0.65, upper=float("inf"), p=0.06)
    change = AreaChange(found, (date(2025, 1, 1), date(2025, 12, 31)), pd.DataFrame())
    said = say_change(change, "homicide")
    assert said == "Homicide: 5 in the year to December 2025, 0 a year earlier; that is no clear change."


def test_a_range_without_an_upper_limit_is_written_and_saved(tmp_path):
    frame = pd.DataFrame({"group": ["homicide"], "ratio": [2.0], "upper": [float("inf")]})
    result = AreaResult("Homicide", "Two, none a year earlier.", frame)
    assert result.table.texts == [["homicide", "2", "no upper limit"]]
    assert "no upper limit" in result.save(tmp_path / "homicide.csv").read_text(encoding="utf-8")
