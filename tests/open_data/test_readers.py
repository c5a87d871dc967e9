"""Published tables as each edition lays them out: the same values whatever the names, and no guesses."""

from __future__ import annotations

import csv
import os

import pandas as pd
import pytest

from swp_analysis.errors import InputError
from swp_analysis.open_data import tables
from swp_analysis.open_data.reader import open_data
from swp_analysis.open_data.recorded_crime import read_recorded_crime
from swp_analysis.open_data.tables import build_open
from tests.open_data.conftest import HEADER, crime_rows, write_csv

OLD_HEADER = [
    "Force Name" if name == "Police Force" else "Number of Offences" if name == "Offence Count" else name
    for name in HEADER
]


def tidy(project, force="E23000014") -> pd.DataFrame:
    frame = pd.read_csv(
        project.root / "data/processed/open/recorded_crime" / f"{force}.csv", dtype=str, keep_default_na=False
    )
    return frame[frame["source"].str.startswith("home_office")]


def counts(project, force="E23000014") -> dict:
    frame = tidy(project, force)
    return frame.set_index(["area_code", "period_start", "offence_code"])["count"].to_dict()


def crime_file(project):
    return project.raw / "open" / "home_office_prc_csp" / "2026-07-23" / "prc.csv"


def test_a_table_by_partnership_becomes_one_table_a_force_keyed_by_code(filed):
    build_open(filed)
    frame = tidy(filed)
    assert set(frame["area_code"]) == {"E22000341", "E22000340", "E23000014-unassigned"}
    row = frame[(frame["area_code"] == "E22000341") & (frame["offence_code"] == "34B")].iloc[-1]
    assert (row["period_start"], row["period_end"], row["financial_year"], row["count"]) == (
        "2023-01-01",
        "2023-03-31",
        "2022-23",
        "14",
    )
    assert (row["source"], row["edition"], row["status"]) == ("home_office_prc_csp", "2026-07-23", "reported")
    assert (crime_file(filed).read_text(encoding="utf-8").splitlines()[int(row["source_row"]) - 1]).endswith("34B,14")


def write_workbook(path, header, sheets):
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        pd.DataFrame([["Police recorded crime"]]).to_excel(writer, sheet_name="Cover_sheet", index=False, header=False)
        for name, rows in sheets.items():
            pd.DataFrame(rows, columns=header).to_excel(writer, sheet_name=name, index=False)


def write_ods(path, header, sheets):
    from odfdo import Document, Element, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in sheets.items():
        table = Table(name)
        for row in [header, *rows]:
            filled = Row()
            filled.set_values(list(row))
            table.append(filled)
        padding = Element.from_tag(
            '<table:table-row table:number-rows-repeated="800000"><table:table-cell/></table:table-row>'
        )
        table.append(padding)
        document.body.append(table)
    document.save(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize(("header", "names"), [(HEADER, ["2021_22", "2022_23"]), (OLD_HEADER, ["2021-22", "Table 2"])])
def test_other_names_of_columns_and_sheets_give_the_same_values(filed, suffix, header, names):
    build_open(filed)
    expected = counts(filed), counts(filed, "E23000032")
    crime_file(filed).unlink()
    years = [[row for row in crime_rows() if row[0] == year] for year in ("2021/22", "2022/23")]
    write = write_ods if suffix == ".ods" else write_workbook
    write(crime_file(filed).with_suffix(suffix), header, dict(zip(names, years, strict=True)))
    assert build_open(filed)
    assert (counts(filed), counts(filed, "E23000032")) == expected


SAVED = [(";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16"), (",", "utf-16"), (",", "utf-8-sig"), (",", "latin-1")]


@pytest.mark.parametrize(("between", "encoding"), SAVED)
def test_a_csv_saved_by_another_program_gives_the_same_values(filed, between, encoding):
    build_open(filed)
    expected = counts(filed), counts(filed, "E23000032")
    rows = [[*row[:4], f"{row[4]} – “é, x”" if encoding != "latin-1" else row[4], *row[5:]] for row in crime_rows()]
    title = [["Police recorded crime, by force, year ending March 2023"], [], HEADER]
    with crime_file(filed).open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=between).writerows([*title, *rows])
    assert build_open(filed)
    assert (counts(filed), counts(filed, "E23000032")) == expected


def test_an_unknown_column_is_refused_with_file_sheet_column_and_way_out(filed):
    header = [name if name != "Offence Count" else "Crimes" for name in HEADER]
    crime_file(filed).unlink()
    write_workbook(crime_file(filed).with_suffix(".xlsx"), header, {"2021_22": crime_rows()})
    with pytest.raises(
        InputError, match=r"prc.xlsx, sheet 2021_22, row 1: the column “Crimes” is not known.*layouts.yml"
    ):
        build_open(filed)
    (filed.raw / "open" / "layouts.yml").write_text(
        "recorded_crime:\n  names:\n    count: [Crimes]\n", encoding="utf-8"
    )
    build_open(filed)
    assert counts(filed)["E22000341", "2021-04-01", "34B"] == "10"


@pytest.mark.parametrize(
    ("written", "count", "status"),
    [
        (" 66776 ", "66776", "reported"),
        ("27,222 ", "27222", "reported"),
        ("-00", "0", "reported"),
        ("-3", "-3", "reported"),
        ("0", "0", "reported"),
        ("", "", "not_supplied"),
        ("[x]", "", "not_supplied"),
        ("..", "", "not_supplied"),
    ],
)
def test_a_count_is_read_as_it_is_meant_and_missing_is_never_zero(filed, written, count, status):
    rows = crime_rows()
    rows[0][-1] = written
    write_csv(crime_file(filed), rows)
    build_open(filed)
    first = tidy(filed).iloc[0]
    assert (first["count"], first["status"]) == (count, status)


@pytest.mark.parametrize(("column", "value"), [(-1, "12.5"), (-1, "many"), (0, "2021"), (1, "5"), (2, "Atlantis")])
def test_what_cannot_be_read_names_its_row(filed, column, value):
    rows = crime_rows()
    rows[3][column] = value
    write_csv(crime_file(filed), rows)
    with pytest.raises(InputError, match=f"prc.csv, row 5.*{value}"):
        build_open(filed)


def test_a_force_or_an_area_that_is_missing_from_a_quarter_is_a_row_of_its_own(filed):
    gaps = {("2021/22", 3, "Kent"), ("2021/22", 2, "Walsall")}
    write_csv(crime_file(filed), crime_rows(leave_out=gaps))
    build_open(filed)
    kent, own = tidy(filed, "E23000032"), tidy(filed)
    missing = kent[kent["status"] == "not_supplied"]
    assert set(missing["area_code"]) == {"E22000143", "E22000137"}
    assert set(missing["period_start"]) == {"2021-10-01"}
    assert set(missing["count"]) == {""}
    assert own[own["status"] == "not_supplied"]["area_code"].tolist() == ["E22000340"]


def test_names_that_publishers_write_differently_are_one_area(filed):
    rows = [
        [*row[:3], row[3].replace("Medway", "Medway, City of").replace("Ashford", "ASHFORD "), *row[4:]]
        for row in crime_rows()
    ]
    write_csv(crime_file(filed), rows)
    build_open(filed)
    assert set(tidy(filed, "E23000032")["area_code"]) == {"E22000143", "E22000137"}


def test_a_name_that_nobody_knows_keeps_its_rows_and_is_told(filed):
    write_csv(crime_file(filed), [[*row[:3], row[3].replace("Ashford", "Lyonesse"), *row[4:]] for row in crime_rows()])
    found = open_data(filed)
    assert "No code is known for Lyonesse (Kent)" in found.listing["remarks"][0]
    assert not found.book.areas["E23000032-lyonesse"].usable
    assert len(tidy(filed, "E23000032")) == 80


def test_a_build_without_a_change_reads_nothing_and_a_touched_file_only_its_hash(filed, monkeypatch):
    assert build_open(filed)
    assert not build_open(filed)
    read = []
    monkeypatch.setattr(tables, "read_recorded_crime", lambda *given: read.append(given) or read_recorded_crime(*given))
    crime_file(filed).touch()
    build_open(filed)
    assert read == []
    write_csv(crime_file(filed), crime_rows(("2022/23", "2023/24")))
    assert build_open(filed)
    assert [path for path, *_ in read] == [crime_file(filed)]


def test_a_refused_file_leaves_the_last_tables(filed):
    build_open(filed)
    before = counts(filed)
    write_csv(crime_file(filed), [["x"]], ["Financial Year", "Police Force", "Offence Code", "What"])
    with pytest.raises(InputError):
        build_open(filed)
    assert counts(filed) == before


C2_HEADER = (
    "Police Force Area code,Police Force Area name,Community Safety Partnership code,Community Safety Partnership name,"
    "Local Authority code,Local Authority name,Total recorded crime (excluding fraud),Homicide,Robbery"
)


def write_c2(project, rows, title="Table C2, year ending June 2025 [note 1]"):
    cells = [[title], ["Source: Home Office"], C2_HEADER.split(","), *rows]
    return write_csv(project.raw / "open" / "ons_csp" / "2025-06" / "c2.csv", cells, header=None)


C2_ROWS = [
    ["E23000014", "West Midlands [note 4]", "", "", "", "", "30,000 ", "7", "900"],
    ["E23000014", "West Midlands", "E22000341", "Wolverhampton", "E08000031", "Wolverhampton", "12,000 ", "5", "500"],
    ["E23000014", "West Midlands", "E22000340", "Walsall", "E08000030", "Walsall", "17,000 ", "2", "400"],
    ["E23000032", "West Midlands", "", "unassigned West Midlands", "", "", "1,000 ", "0", "[x]"],
]


def test_table_c2_is_read_by_force_name_and_a_wrong_code_is_told(filed):
    write_c2(filed, C2_ROWS)
    found = open_data(filed)
    rows = found.printed_years
    own = rows[(rows["area_code"] == "E22000341") & (rows["source"] == "ons_csp")].drop_duplicates(["offence_group"])
    assert own.set_index("offence_group")["count"].to_dict()["total"] == 12000
    remarks = [text for text in found.listing["remarks"] if "c2.csv" in text]
    assert remarks == [
        "c2.csv, row 7: unassigned West Midlands stands under E23000032, the code of Kent; read as West Midlands."
    ]


def test_table_c2_whose_parts_do_not_add_up_is_told(filed):
    write_c2(filed, [[*C2_ROWS[0][:6], "30,001", *C2_ROWS[0][7:]], *C2_ROWS[1:]])
    assert any(
        "add up to 30,000 total, its own row says 30,001" in text for text in open_data(filed).listing["remarks"]
    )


def test_a_title_without_a_year_is_refused(filed):
    write_c2(filed, C2_ROWS, title="Table C2")
    with pytest.raises(InputError, match="no title says “year ending"):
        build_open(filed)


def test_populations_need_an_edition(filed):
    path = filed.raw / "open" / "population" / "mid.csv"
    write_csv(path, [("E08000031", 2017, 259900)], ["GEOGRAPHY_CODE", "DATE", "OBS_VALUE"])
    with pytest.raises(InputError, match=r"published on the Census 2011 base and again.*--edition"):
        build_open(filed)
    path.rename(filed.raw / "open" / "population" / "census-2021" / "mid.csv")
    found = open_data(filed).population
    assert found[(found["area_code"] == "E22000341") & (found["mid_year"] == 2017)]["population"].tolist() == [259900]


def test_an_authority_that_two_partnerships_share_gives_neither_a_population(filed):
    header = "LAD24CD LAD24NM CSP24CD CSP24NM PFA24CD PFA24NM".split()
    shared = [("E06000035", "Medway", "E22000999", "Medway East", "E23000032", "Kent")]
    write_csv(filed.raw / "open" / "areas" / "2024-12" / "more.csv", shared, header)
    people = open_data(filed).population
    assert not {"E22000143", "E22000999"} & set(people["area_code"])
    assert "E22000137" in set(people["area_code"])


@pytest.mark.parametrize("content", ["<html>Not found</html>\n", "", "a,b\n1,2\n"])
def test_files_that_are_no_tables_are_left_alone(filed, content):
    (filed.raw / "open" / "notes.csv").write_text(content, encoding="utf-8")
    build_open(filed)
    assert len(tidy(filed)) == 120


@pytest.mark.skipif(os.name != "posix", reason="Windows lets no ordinary user make a link")
@pytest.mark.parametrize("link", ["home_office_prc_csp/linked.csv", "."])
def test_a_link_that_leads_out_of_the_raw_data_is_refused(filed, tmp_path_factory, link):
    elsewhere, place = tmp_path_factory.mktemp("elsewhere") / "there", filed.raw / "open" / link
    if link == ".":
        place.rename(elsewhere)
    else:
        write_csv(elsewhere, crime_rows())
    place.symlink_to(elsewhere)
    with pytest.raises(InputError, match=r"a link that leads out of the folder of raw data; copy the file itself"):
        build_open(filed)


def test_deprivation_keeps_the_vintage_of_its_areas(filed):
    measure = "Index of Multiple Deprivation (IMD)"
    for edition, vintage, code in (("2019", 2011, "E01010408"), ("2025", 2021, "E01035061")):
        header = [f"LSOA code ({vintage})", f"LSOA name ({vintage})", f"{measure} Rank (where 1 is most deprived)"]
        header += [f"{measure} Decile (where 1 is most deprived 10% of LSOAs)", "Income Rank"]
        write_csv(filed.raw / "open" / "deprivation" / edition / "imd.csv", [(code, "A", 812, 1, 7)], header)
    found = open_data(filed).deprivation.sort_values("lsoa_code")
    assert found.columns.tolist() == ["lsoa_code", "vintage", "rank", "decile"]
    assert found.to_numpy().tolist() == [["E01010408", "2011", 812, 1], ["E01035061", "2021", 812, 1]]
