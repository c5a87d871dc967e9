"""One edition in two files: counted once when they agree, refused with both names when they don't."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from swp_analysis.errors import InputError
from swp_analysis.explore import crime
from swp_analysis.open_data.reader import open_data
from swp_analysis.open_data.tables import build_open
from tests.open_data.conftest import HEADER, crime_rows, write_csv


def crime_file(project):
    return project.raw / "open" / "home_office_prc_csp" / "2026-07-23" / "prc.csv"


def robberies(project) -> list[int]:
    open_data(project)
    return crime.series("Wolverhampton", "robbery").frame["count"].astype(int).tolist()


def as_workbook(path):
    pd.DataFrame(crime_rows(), columns=HEADER).to_excel(path.with_suffix(".xlsx"), sheet_name="2021_22", index=False)


def as_extract(path):
    """Save what an analyst filters for one force, in another order."""
    rows = [row for row in crime_rows() if row[2] == "West Midlands" and row[5] == "Robbery"]
    write_csv(path.with_name("robbery.csv"), rows[::-1])


@pytest.mark.parametrize(
    "save_again", [as_workbook, as_extract, lambda path: shutil.copy(path, path.with_name("b.csv"))]
)
def test_an_edition_that_was_saved_twice_is_counted_once_and_told(filed, save_again):
    before = robberies(filed)
    save_again(crime_file(filed))
    assert robberies(filed) == before
    remarks = " ".join(open_data(filed).listing["remarks"])
    assert "prc.csv" in remarks
    assert "hold the same figures" in remarks


def test_two_files_of_one_edition_that_differ_are_refused_with_both_names(filed):
    changed = [[*row[:8], row[8] + 1] if row[3] == "Walsall" and row[7] == "34B" else row for row in crime_rows()]
    write_csv(crime_file(filed).with_name("again.csv"), changed)
    with pytest.raises(
        InputError, match=r"again\.csv and .*prc\.csv .*2026-07-23.*Walsall.*2[01]\b.*2[01]\b.*delete one, or"
    ):
        build_open(filed)


def test_files_of_one_edition_that_share_no_quarter_are_one_series(filed):
    write_csv(crime_file(filed).with_name("older.csv"), crime_rows(years=("2019/20", "2020/21")))
    assert len(robberies(filed)) == 16


def test_a_count_above_a_billion_is_none(filed):
    rows = crime_rows()
    write_csv(crime_file(filed), [[*rows[0][:8], 99_999_999_999], *rows[1:]])
    with pytest.raises(InputError, match="row 2: “99999999999” is no count"):
        build_open(filed)


@pytest.mark.parametrize("count", ["", "77"])
def test_a_figure_that_stands_twice_in_a_file_is_refused_with_both_places(filed, count):
    """One of them would be counted for nothing; homicide's parts share a code and may be equal."""
    rows = crime_rows()
    at = next(at for at, row in enumerate(rows) if row[7] == "34B" and row[8])
    write_csv(crime_file(filed), [*rows[: at + 1], [*rows[at][:8], count or rows[at][8]], *rows[at + 1 :]])
    with pytest.raises(
        InputError, match=rf"prc\.csv, rows {at + 2} and {at + 3}: two figures .*, 2021-04-01.*34B; delete one"
    ):
        build_open(filed)
    parts = [[*rows[at][:4], "Homicide", "Violence against the person", "Homicide", "1/4.1/4.10/4.2", 2]] * 2
    write_csv(crime_file(filed), [*rows, *parts])
    build_open(filed)


def test_an_area_that_lacks_a_row_which_the_others_have_is_named(filed):
    """A row that is absent would pass for a zero."""
    rows = crime_rows()
    more = [[*row[:3], f"{row[3]} {n}", *row[4:]] for row in rows if row[3] == "Walsall" for n in range(4)]
    at = next(at for at, row in enumerate(rows) if row[7] == "34B" and row[8])
    write_csv(crime_file(filed), [*rows[:at], *rows[at + 1 :], *more])
    short = [one for one in open_data(filed).listing["remarks"] if "what is absent counts as none" in one]
    assert len(short) == 1
    assert "prc.csv: Wolverhampton, 2021-04-01: 4 rows, others 5; what is absent" in short[0]
