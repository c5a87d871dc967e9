"""Questions of a board that has one table by partnership: answered from it where it is whole, else one sentence."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from openpyxl import Workbook

from swp_analysis import explore
from swp_analysis.errors import InputError
from swp_analysis.explore import crime, peers
from swp_analysis.open_data.offences import find_offence
from swp_analysis.open_data.reader import open_data
from swp_analysis.present.area_charts import draw_series
from tests.open_data.conftest import HEADER, PLACES, crime_rows, write_csv

YEARS = ("2020/21", "2021/22", "2022/23")


def file_rows(project, monkeypatch, leave_out=(), names=("Medway", "Ashford", "Unassigned Kent"), change=list):
    monkeypatch.setitem(PLACES, "Kent", list(names))
    rows = [change(row) for row in crime_rows(YEARS, leave_out)]
    write_csv(project.raw / "open" / "home_office_prc_csp" / "2026-07-23" / "prc.csv", rows)
    open_data(project)


def test_a_force_is_the_sum_of_its_partnerships_and_what_is_unassigned(filed, monkeypatch):
    file_rows(filed, monkeypatch)
    shares = crime.share("Ashford", group="burglary").frame
    assert shares["whole"].tolist()[:2] == [120 * (1 + 2 + 3), 120 * (1 + 2)]
    assert crime.series("Ashford", "burglary", level="force").frame["count"].tolist() == [180] * 12


@pytest.mark.parametrize("names", [["Ashford", "Unassigned Kent"], ["Ashford", "Medway"]])
def test_an_extract_is_no_force(filed, monkeypatch, names):
    file_rows(filed, monkeypatch, names=names)
    with pytest.raises(InputError, match="No table here has a whole year of burglary of Kent to March 2023"):
        crime.share("Ashford", group="burglary")


def test_a_change_over_years_says_how_many_and_what_lies_between(filed, monkeypatch):
    file_rows(filed, monkeypatch)
    said = crime.change("Wolverhampton", "robbery", years=2)
    assert "two years earlier" in said.sentence
    assert (said.frame["year_after"].iloc[0], said.frame["year_before"].iloc[0]) == (48 + 20, 48)
    assert "recording change" in said.sentence.split("earlier")[1]
    assert any("level" in why.casefold() for why in said.caveats)
    with pytest.raises(InputError, match="the year that is 5 years older lacks 4 of the quarters"):
        crime.change("Wolverhampton", "robbery", years=5)


def test_four_quarters_with_a_hole_are_no_year(filed, monkeypatch):
    file_rows(filed, monkeypatch, leave_out={("2022/23", 2, "Walsall")})
    with pytest.raises(InputError, match="are not one after the other, so no year is compared"):
        crime.change("Walsall", "robbery")
    assert "2021-22" in set(crime.change("Walsall", "robbery", year="2021-22").frame["financial_year"])


def test_groups_of_another_year_are_not_set_beside_the_newest(filed, monkeypatch):
    def withhold(row):
        return [*row[:8], "[c]"] if row[0] == YEARS[-1] and row[7] == "28E" else row

    file_rows(filed, monkeypatch, change=withhold)
    found = crime.changes("Wolverhampton")
    rows = found.frame.set_index("group")["why_not"]
    assert rows["robbery"] == ""
    assert rows["burglary"] == "Burglary: no whole year to March 2023."
    assert "Wolverhampton" in found.sentence  # on a page of one of its areas a force's changes are told as its own


def test_many_areas_that_are_left_out_for_one_reason_are_one_line(filed, monkeypatch):
    file_rows(filed, monkeypatch)
    left_out = peers.funnel("Wolverhampton", "robbery", year="2022-23").caveats[1:]
    assert len(left_out) < 5, left_out
    assert any(" others: no table here has its figure of the year to March 2023." in line for line in left_out), (
        left_out
    )


def test_what_is_not_tested_still_has_its_two_figures_and_no_ratio(filed, monkeypatch):
    file_rows(filed, monkeypatch, change=lambda row: [*row[:8], -2] if row[7] == "1" else row)
    said = crime.change("Wolverhampton", "homicide")
    assert said.sentence.startswith("Homicide: -8 in the year to March 2023, -8 a year earlier. A count is below zero")
    assert said.frame["year_ratio"].isna().all()


@pytest.mark.parametrize("years", [3, 13])
def test_the_years_under_a_narrow_series_do_not_touch(years):
    starts = pd.period_range("2012-04", periods=4 * years, freq="Q-MAR")
    frame = pd.DataFrame(
        {"period_end": [str(one.end_time.date()) for one in starts], "count": 100, "status": "reported"}
    )
    figure = draw_series(frame.assign(quarter="1"), (), narrow=True)
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels() if label.get_text()]
    assert len(boxes) > 1
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_a_group_is_found_however_it_is_spelled_and_anti_social_behaviour_where_it_is():
    assert {find_offence(name).id for name in ("Vehicle offences", "vehicle-offences", "vehicle_offences")} == {
        "vehicle_offences"
    }
    assert find_offence("Robbery of personal property (34B)").id == "personal_robbery"
    with pytest.raises(InputError, match=r"did you mean 'vehicle_offences'\?"):
        find_offence("vehicle offence")
    with pytest.raises(InputError, match=r"places\.counts has it, from street data"):
        find_offence("Anti-social behaviour")


def test_a_change_has_a_basis_and_years_that_are_known(filed, monkeypatch):
    file_rows(filed, monkeypatch)
    with pytest.raises(InputError, match="'same month' is no basis of a change; choose one of same quarters, same q"):
        crime.change("Wolverhampton", "robbery", basis="same month")
    for years in (0, "five"):
        with pytest.raises(InputError, match="is no number of years; write 1 for the year before"):
            crime.change("Wolverhampton", "robbery", years=years)
    with pytest.raises(InputError, match="'2017' is not a financial year; write it like 2017-18"):
        crime.change("Wolverhampton", "robbery", year="2017")


def test_a_series_of_an_area_is_named_after_it(filed, monkeypatch):
    file_rows(filed, monkeypatch)
    both = explore.compare(crime.series("Wolverhampton", "robbery"), crime.series("Ashford", "robbery"))
    assert list(both.frame.columns) == ["period", "Wolverhampton, robbery", "Ashford, robbery"]


def test_a_row_of_sums_is_not_a_partnership(filed, monkeypatch):
    with pytest.raises(InputError, match="“Total” is a row of sums, which would be counted twice; delete it"):
        file_rows(filed, monkeypatch, names=("Ashford", "Unassigned Kent", "Total"))


def test_a_quarter_on_two_sheets_is_not_counted_twice(filed):
    book = Workbook()
    for name in ("2021_22", "2021_22 (2)"):
        sheet = book.create_sheet(name)
        for row in (HEADER, *crime_rows(("2021/22",))):
            sheet.append(row)
    path = filed.raw / "open" / "home_office_prc_csp" / "2026-07-23" / "prc.xlsx"
    path.with_suffix(".csv").unlink()
    book.save(path)
    with pytest.raises(InputError, match=r"sheet 2021_22 \(2\): Q\d 2021-22 of .* stands on an earlier sheet, too"):
        open_data(filed)
