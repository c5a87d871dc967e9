"""data.police.uk by unit: vintages never joined as they stand, missing never zero, equal rows all counted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from swp_analysis import areas, places
from swp_analysis.errors import InputError
from swp_analysis.explore.profile import AreaProfile
from swp_analysis.open_data.reader import open_data
from swp_analysis.open_data.tables import build_open
from tests.open_data.conftest import write_csv

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
).split(",")
EXACT = [
    ("E01000001", "E01000001"),
    ("E01000002", "E01000003"),
    ("E01000002", "E01000004"),
    ("E01000005", "E01000006"),
    ("E01000007", "E01000006"),
]
ASB = "Anti-social behaviour"


def street_row(month, lsoa, kind):
    return [
        "",
        month,
        "West Midlands Police",
        "West Midlands Police",
        "-2",
        "52",
        "On or near X",
        lsoa,
        "",
        kind,
        "",
        "",
    ]


def file_street(project, month, rows, force="west-midlands"):
    return write_csv(
        project.raw / "open" / "street" / "2022-12" / f"{month}-{force}-street.csv",
        [street_row(month, *row) for row in rows],
        STREET,
    )


@pytest.fixture
def mapped(filed):
    """The look-ups of five LSOAs of Wolverhampton: one unchanged, one split, two merged; two wards."""
    folder = filed.raw / "open"
    exact = [(old, "x", new, "x", "U", "E08000031", "Wolverhampton", "") for old, new in EXACT]
    write_csv(
        folder / "areas" / "2022" / "exact.csv",
        exact,
        "LSOA11CD LSOA11NM LSOA21CD LSOA21NM CHGIND LAD22CD LAD22NM LAD22NMW".split(),
    )
    wards = [
        (
            new,
            "x",
            "E05000001" if new in ("E01000001", "E01000003") else "E05000002",
            "North" if new in ("E01000001", "E01000003") else "South",
            "E08000031",
        )
        for new in sorted({new for _, new in EXACT})
    ]
    write_csv(folder / "areas" / "2024" / "wards.csv", wards, "LSOA21CD LSOA21NM WD24CD WD24NM LAD24CD".split())
    return filed


def test_equal_rows_are_all_counted_and_other_places_left_out(mapped):
    file_street(mapped, "2022-01", [("E01000001", ASB)] * 3 + [("E01999999", ASB), ("", "Burglary")])
    assert places.counts("Wolverhampton", "area").frame["count"].tolist() == [3]
    assert places.counts("E23000014", "area").frame["count"].tolist() == [4, 1]


def test_split_and_merged_lsoas_make_one_unit_and_a_unit_in_two_wards_is_given_to_neither(mapped):
    file_street(mapped, "2022-01", [("E01000002", "Burglary"), ("E01000005", "Burglary"), ("E01000007", "Burglary")])
    file_street(mapped, "2022-02", [("E01000003", "Burglary"), ("E01000004", "Burglary"), ("E01000006", "Burglary")])
    units = places.counts("Wolverhampton", "lsoa").frame.set_index("code")["count"].to_dict()
    assert units == {"E01000001": 0, "UE01000002": 3, "UE01000005": 3}
    wards = places.counts("Wolverhampton", "ward").frame.set_index("name")["count"].to_dict()
    assert wards == {"South": 3, "North": 0, "in more than one ward": 3}


def test_look_ups_of_wards_that_were_fetched_for_several_areas_all_count(mapped):
    wards = mapped.raw / "open" / "areas" / "2024" / "wards.csv"
    head, *rows = wards.read_text(encoding="utf-8").splitlines()
    for name, own in (("north", rows[:2]), ("south", rows[2:])):
        wards.with_name(f"{name}.csv").write_text("\n".join([head, *own]) + "\n", encoding="utf-8")
    wards.unlink()
    file_street(mapped, "2022-01", [("E01000001", "Burglary"), ("E01000005", "Burglary")])
    found = places.counts("Wolverhampton", "ward").frame.set_index("name")["count"].to_dict()
    assert (found["North"], found["South"]) == (1, 1)


def test_wards_that_share_the_first_place_are_all_named(mapped):
    file_street(mapped, "2022-01", [("E01000001", "Burglary"), ("E01000005", "Burglary")])
    found = places.counts("Wolverhampton", "ward")
    assert sorted(found.title.partition(" have the most crimes of 2 wards")[0].split(" and ")) == ["North", "South"]
    assert found.sentence.startswith(f"{found.title}: 1 each of 2, January 2022.")


def test_codes_of_two_vintages_in_one_file_are_refused(mapped):
    file_street(mapped, "2022-01", [("E01000002", "Burglary"), ("E01000003", "Burglary")])
    with pytest.raises(InputError, match=r"LSOA codes of 2011 .* and of 2021 .* stand in one file"):
        build_open(mapped)


def test_boundaries_of_another_vintage_are_not_joined(mapped):
    file_street(mapped, "2022-01", [("E01000001", "Burglary")])
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    wards = [{"type": "Feature", "properties": {"WD13CD": "E05000001", "WD13NM": "North"}, "geometry": square}]
    path = mapped.raw / "open" / "boundaries" / "2013" / "wards.geojson"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": wards}), encoding="utf-8")
    with pytest.raises(InputError, match="have no outline; the outlines here are of WD2013"):
        places.map(places.counts("Wolverhampton", "ward"))
    with pytest.raises(InputError, match="3 of 3 LSOAs have no outline"):
        places.map(places.counts("Wolverhampton", "lsoa"))


def test_a_missing_month_and_a_missing_type_are_not_zero(mapped):
    usual = [("E01000001", ASB)] * 30 + [("E01000001", "Burglary")] * 2
    for month in ("2022-01", "2022-02", "2022-04", "2022-06"):
        file_street(mapped, month, usual)
    file_street(mapped, "2022-05", [("E01000001", "Burglary")] * 2)
    found = places.counts("Wolverhampton", "month")
    table = found.frame.pivot(index="month", columns="crime_type", values="count")
    assert table.loc["2022-03"].isna().all()
    assert table[ASB].isna().tolist() == [False, False, True, False, True, False]
    assert table.loc["2022-05", "Burglary"] == 2
    assert (
        "Not supplied, which is not zero: everything of March 2022; Anti-social behaviour of May 2022."
        in found.sentence
    )


def test_a_type_that_is_rare_is_zero_where_its_month_was_supplied(mapped):
    file_street(mapped, "2022-01", [("E01000001", "Burglary"), ("E01000001", "Drugs")])
    file_street(mapped, "2022-02", [("E01000001", "Burglary")])
    file_street(mapped, "2022-03", [("E01000001", "Burglary"), ("E01000001", "Drugs")])
    table = places.counts("Wolverhampton", "month").frame.pivot(index="month", columns="crime_type", values="count")
    assert table["Drugs"].tolist() == [1, 0, 1]


def test_months_in_one_file_are_months_and_cut_off_or_empty_files_are_refused(mapped):
    path = file_street(mapped, "2022-01", [("E01000001", "Burglary"), ("E01000002", "Burglary")])
    heading, first, second = path.read_text(encoding="utf-8").splitlines()
    later = second.replace("2022-01", "2022-02").replace("E01000002", "E01000003")  # of the other vintage
    path.write_text("\n".join([heading, first, first, later, ""]), encoding="utf-8")
    assert places.counts("Wolverhampton", "month").frame["count"].tolist() == [2, 1]
    assert places.counts("Wolverhampton", "month", types="burglary").frame["count"].tolist() == [2, 1]
    path.write_text("\n".join([heading, first, ",2022-01,West"]), encoding="utf-8")
    with pytest.raises(InputError, match="cut off"):
        build_open(mapped)
    path.write_text(heading + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no row below them.*fetch it again"):
        build_open(mapped)


def test_a_month_that_lies_in_two_folders_is_counted_once_and_another_version_of_it_refused(mapped):
    first = file_street(mapped, "2022-01", [("E01000001", "Burglary")] * 3)
    copy = first.parent.parent / "again" / "2022-12" / first.name
    copy.parent.mkdir(parents=True)
    shutil.copy(first, copy)
    entry = {"name": copy.name, "edition": "2022-12"}
    (copy.parent / "fetched.json").write_text(json.dumps({"files": [entry]}), encoding="utf-8")
    assert places.counts("Wolverhampton", "month").frame["count"].tolist() == [3]
    copy.write_text(copy.read_text(encoding="utf-8").rsplit("\n", 2)[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"street.*edition 2022-12, and differ.*2022-01.*delete one, or"):
        places.counts("Wolverhampton", "month")


def test_a_new_column_of_a_table_that_is_needed_is_refused_not_passed_over(mapped):
    path = file_street(mapped, "2022-01", [("E01000001", "Burglary")])
    path.write_text(path.read_text(encoding="utf-8").replace("Context", "Mode"), encoding="utf-8")
    with pytest.raises(InputError, match=r"“Mode” is not known in data\.police\.uk street crime"):
        build_open(mapped)


def test_without_a_look_up_of_lsoas_it_is_the_look_up_that_is_asked_for(filed):
    file_street(filed, "2022-01", [("E01000001", "Burglary")])
    with pytest.raises(InputError, match=r"No look-up here says which area an LSOA is in.*swp fetch areas"):
        places.counts("Wolverhampton", "month")


def test_points_of_the_2011_layout_are_looked_up_in_outlines(mapped):
    ring = [[-2.2, 52.5], [-2.0, 52.5], [-2.0, 52.7], [-2.2, 52.7], [-2.2, 52.5]]
    hole = [[-2.15, 52.55], [-2.1, 52.55], [-2.1, 52.6], [-2.15, 52.6], [-2.15, 52.55]]
    shape = {
        "type": "Feature",
        "properties": {"LSOA11CD": "E01000001"},
        "geometry": {"type": "Polygon", "coordinates": [ring, hole]},
    }
    path = mapped.raw / "open" / "boundaries" / "2011" / "lsoa.geojson"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}), encoding="utf-8")
    header = "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context".split(",")
    # St Peter's church in Wolverhampton lies in the hole; Walsall's centre inside; the last is in London.
    points = [(391400, 298800), (400000, 298500), (530000, 180000)]
    rows = [["2011-02", "West Midlands Police", "", x, y, "", "Burglary", ""] for x, y in points]
    write_csv(mapped.raw / "open" / "street" / "2011" / "2011-02-west-midlands-street.csv", rows, header)
    assert places.counts("Wolverhampton", "area").frame["count"].tolist() == [1]
    assert places.counts("E23000014", "area").frame["count"].tolist() == [3]


def test_small_cells_of_lsoas_are_banded_for_readers_outside(mapped):
    file_street(mapped, "2022-01", [("E01000001", "Burglary")] * 7 + [("E01000002", "Burglary")])
    shapes = [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x, 1], [x + 1, 1], [x, 0]]]},
        }
        for x, code in enumerate(["E01000001", "E01000003", "E01000004", "E01000006"])
    ]
    path = mapped.raw / "open" / "boundaries" / "2021" / "lsoa.geojson"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), encoding="utf-8")
    assert places.map(places.counts("Wolverhampton", "lsoa"), audience="internal").frame["count"].tolist() == [7, 1, 0]
    shared = places.map(places.counts("Wolverhampton", "lsoa"), audience="partners")
    assert shared.frame["count"].tolist() == ["7", "under 5", "0"]
    assert shared.figure is not None


def test_a_small_area_map_on_a_page_is_of_a_whole_year(mapped):
    """Never of a month; and where crimes lie in no single ward, they are no ward's."""
    months = [f"2022-{month:02d}" for month in range(1, 13)]
    file_street(mapped, months[0], [("E01000001", "Burglary"), *[("E01000002", "Burglary")] * 9])
    shutil.copytree(Path(__file__).parents[2] / "partnership", mapped.partnership)
    profile = AreaProfile(areas.find("Wolverhampton").area, "partners")
    assert "mapped over a year, and only 1 of its 12 months is here for Wolverhampton." in profile.lsoas().sentence
    wards = profile.wards()
    assert wards.sentence.startswith("North has the most crimes of 2 wards: 1 of 10, January 2022.")
    assert wards.alt == "Highest: North (1) and South (0)."
    assert wards.caveats[-1].startswith("There is no map: 2 of 3 wards have no outline")
    for month in months[1:]:
        file_street(mapped, month, [("E01000001", "Burglary")])
    assert "have no outline" in profile.lsoas().sentence


def test_coverage_says_what_is_missing_or_how_to_get_it(mapped):
    assert "swp fetch street --force E23000014" in places.coverage("Wolverhampton").sentence
    file_street(mapped, "2022-01", [("E01000001", "Burglary")])
    file_street(mapped, "2022-03", [("E01000001", "Burglary")])
    assert "everything of February 2022" in places.coverage("Wolverhampton").sentence
    file_street(mapped, "2022-02", [("E01000001", "Burglary")])
    assert "No gap is known in the street data that are here for Wolverhampton, January 2022 to March 2022." in (
        places.coverage("Wolverhampton").sentence
    )
    assert open_data(mapped).units["unit_code"].nunique() == 3


def test_a_map_draws_a_column_of_ones_own_and_refuses_what_it_cannot(mapped):
    file_street(mapped, "2022-01", [("E01000001", "Burglary")] * 7)
    shapes = [
        {
            "type": "Feature",
            "properties": {"WD24CD": code, "WD24NM": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x, 1], [x + 1, 1], [x, 0]]]},
        }
        for x, code in enumerate(["E05000001", "E05000002"])
    ]
    path = mapped.raw / "open" / "boundaries" / "2024" / "wards.geojson"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), encoding="utf-8")
    table = places.counts("Wolverhampton", "ward")
    own = table.frame.assign(per_day=table.frame["count"] / 31)
    assert places.map(table).chart is not None
    assert places.map(own, value="per_day").figure is not None
    with pytest.raises(InputError, match="needs the columns code and rate"):
        places.map(table, value="rate")
    lsoas = places.counts("Wolverhampton", "lsoa").frame
    with pytest.raises(InputError, match="not drawn for readers outside"):
        places.map(lsoas.assign(rate=1.5), value="rate")
