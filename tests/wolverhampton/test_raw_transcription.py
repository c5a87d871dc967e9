"""The tables and claims in `data/raw/2017-18` against a second, independent typing of the published report.

`PRINTED` was typed from the report in time order (2016/17 Q1 to Q4, then 2017/18 Q1 to Q4), while the files keep the
printed order, so that one slip can't hide in both.
"""

from __future__ import annotations

import csv
import re

import pytest
import yaml

from tests.conftest import SHIPPED

YEAR = SHIPPED / "data" / "raw" / "2017-18"
INDICATORS = SHIPPED / "partnership" / "indicators"
TABLES = {
    "reducing_reoffending": 3,
    "substance_misuse": 1,
    "gangs_and_youth_crime": 9,
    "violence_against_women_and_girls": 12,
    "vulnerability": 3,
}
HEADINGS = [
    [
        "KPI and preferred direction of outcome",
        "",
        "Quarter 1",
        "",
        "Quarter 2",
        "",
        "Quarter 3",
        "",
        "Quarter 4",
        "",
        "Data Owner",
    ],
    ["", "", *["2016/17", "2017/18"] * 4, ""],
]
CLAIM_COLUMNS = ["claim_id", "location", "indicator", "kind", "period", "stated", "unit", "direction"]
CLAIM_KINDS = {
    "level", "change_abs", "change_pct", "change_points", "baseline_new", "previous_level", "share", "rank",
    "achieved", "not_achieved", "same_as", "sum", "extreme", "budget",
}  # fmt: skip

# table | row in the table | baseline | direction | owner | cells in time order, separated by ";"
PRINTED = """
reducing_reoffending | 1 | 25.6% | To reduce | WMP Analyst | ;;;;33.2% 1739 offenders of which 578 reoffended;30.4% 1683 offenders of which 512 reoffended;30.3% 1723 offenders of which 522 reoffended;
reducing_reoffending | 2 | 131 | To reduce | YOT | 30;25;41;35;32;28;35;26
reducing_reoffending | 3 | 9.9% | To reduce | YOT | 16.33% (8/49);26.31% (10/38);11.9% (5/42);6.98% (3/43);3.84% (2/52);7.54% (4/53);12% (6/50);15.2% (7/46)
substance_misuse | 1 | 63% | | SWP Analyst | 62.1%;66.7%;70.0%;54.5%;69.1%;66.6%;69.2%;
gangs_and_youth_crime | 1 | 191 | To reduce | SWP Analyst | 40;49;51;51;49;49;56;67
gangs_and_youth_crime | 2 | 33 | To reduce | SWP Analyst | 8;9;11;5;12;16;16;19
gangs_and_youth_crime | 3 | 1128 | To reduce and be 5% lower than 2015/16 | SWP Analyst | 284;308;272;264;296;293;302;260
gangs_and_youth_crime | 4 | 454 | To reduce | SWP Analyst | 114;116;118;106;120;119;133;94
gangs_and_youth_crime | 5 | 120 | To reduce | SWP Analyst | 36;24;32;28;18;8;14;27
gangs_and_youth_crime | 6 | 343 | To reduce | SWP Analyst | 92;75;104;72;72;98;102;97
gangs_and_youth_crime | 7 | 130 | To reduce | SWP Analyst | 37;30;33;30;28;33;35;36
gangs_and_youth_crime | 8 | 47 | To reduce | SWP Analyst | 15;12;11;9;13;7;5;3
gangs_and_youth_crime | 9 | – 97 | To reduce | WMP | 31;31;35;;40;37;31;31
violence_against_women_and_girls | 1 | 6031 (42.4%) | To increase | SWP Analyst | 1495 (43.6%);1543 (44.3%);1522 (45.8%);1471 (42.4);1573 (43.9%);1543 (44.9%);1578 (49.8);1557 (50.8%)
violence_against_women_and_girls | 2 | 318 | To increase | SWP Analyst | 90;70;80;78;69;66;82;65
violence_against_women_and_girls | 3 | 535 | To increase | SWP Analyst | 107;115;167;146;127;169;154;165
violence_against_women_and_girls | 4 | 281 | To increase | SWP Analyst | 59;47;84;91;78;93;79;86
violence_against_women_and_girls | 5 | | | Community Safety | 0 Domestic Homicides in Quarter 4;;;;;;;
violence_against_women_and_girls | 6 | | To increase | SWP Analyst | 156;175;155;166;151;143;166;191
violence_against_women_and_girls | 7 | | To increase | WDVF | 46 (29%);58 (33%);62 (40%);59 (36%);51 (34%);42 (29%);59 (36%);69 (36%)
violence_against_women_and_girls | 8 | | To increase | WDVF | 75% (176 cases);72% (141 cases);69% (165 cases);74% (181 cases);72% (144 cases);79% (184 cases);76% (124 cases);76% (122 cases)
violence_against_women_and_girls | 9 | | To increase | West Midlands SARC | 12;9;13;8;10;5;16;16
violence_against_women_and_girls | 10 | 5 | To increase | SWP Analyst | 3 (33%);1 (100%);1 (0%);0 (0%);0 (0%);2 (50%);1 (0%);1 (0%)
violence_against_women_and_girls | 11 | 24 | To increase | SWP Analyst | 8 (87.5%);5 (60%);3 (0%);8 (62.5%);9 (100%);4 (25%);2 (100%);9 (44.4%)
violence_against_women_and_girls | 12 | 17 | To increase | SWP Analyst | 2 (50%);4 (0%);7 (0%);4 (0%);1 (0%);6 (0%);12 (0%);8 (0%)
vulnerability | 1 | 49 | To increase | WMP CTU | 13;11;15;10;23;9;12;11
vulnerability | 2 | 374 | To increase | SWP Analyst | 92;106;97;79;118;104;78;85
vulnerability | 3 | 1833 | To increase | WMFS | 399;550;509;375;384;419;419;542
"""  # noqa: E501
EXPECTED = [[part.strip() for part in line.split("|")] for line in PRINTED.strip().splitlines()]
# Printed baselines that are not the sum of the quarters printed beside them: the report's own contradictions and rates.
NOT_A_SUM = {"25.6%", "9.9%", "63%"}


def read_rows(name: str) -> list[list[str]]:
    """The cells of one raw file."""
    with (YEAR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def in_time_order(cells: list[str]) -> list[str]:
    """Cells printed as Q1 2016/17, Q1 2017/18, Q2 2016/17, … by year, then quarter."""
    return cells[0::2] + cells[1::2]


def leading_number(text: str) -> int:
    """The first whole number of a cell or baseline: `- 97` -> 97, `1495 (43.6%)` -> 1495."""
    return int(re.search(r"\d+", text).group())


@pytest.mark.parametrize("table", TABLES)
def test_table_is_rectangular_utf8_with_the_published_headings(table):
    content = (YEAR / f"{table}.csv").read_bytes()
    rows = read_rows(table)
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    assert {len(row) for row in rows} == {11}
    assert rows[:2] == HEADINGS


@pytest.mark.parametrize(("table", "count"), TABLES.items())
def test_table_holds_every_row_and_no_other(table, count):
    first_table = [row for row in read_rows(table)[2:] if row[10]]
    assert len(first_table) == count
    assert sum(line[0] == table for line in EXPECTED) == count


@pytest.mark.parametrize(("table", "row", "baseline", "direction", "owner", "cells"), EXPECTED)
def test_row_is_as_printed(table, row, baseline, direction, owner, cells):
    printed = read_rows(table)[1 + int(row)]
    assert in_time_order(printed[2:10]) == cells.split(";")
    assert (printed[1], printed[10]) == (direction, owner)
    assert printed[0].partition("Baseline")[2].strip() == baseline


@pytest.mark.parametrize(
    "line", [line for line in EXPECTED if line[2] and line[2] not in NOT_A_SUM], ids=lambda x: x[2]
)
def test_quarters_of_2016_17_add_up_to_the_printed_baseline(line):
    # A checksum on the typing: the report built these baselines by adding the four quarters (even of the head count).
    table, row, baseline = line[0], int(line[1]), line[2]
    quarters = in_time_order(read_rows(table)[1 + row][2:10])[:4]
    assert sum(leading_number(cell) for cell in quarters if cell) == leading_number(baseline)


def test_snapshot_keeps_the_damaged_cells():
    rows = read_rows("substance_misuse")
    assert not any(rows[3])
    assert rows[4][:4] == ["KPI", "Output for Jan 2018- Wolverhampton", "Jan 2018-", "Data Owner"]
    assert [row[1:4] for row in rows[5:]] == [
        ["Other of 37 (24%) drugs & 28 (4%)", "Other of 399 (29%) drugs & 364 (12%)", "Public Health"],
        ["Other of Opiate 13 (5%) Other drugs & Other drugs alcohol <5 (4%)", "", "Public Health"],
        ["Opiate <5 (15%) Opiate 16 (18%) Opiate 16 (18%) Other drugs & alcohol 6 (3%)", "", "Public Health"],
    ]


def known_indicators() -> set[str]:
    """Ids read straight from the YAML, without the loader."""
    files = INDICATORS.glob("*.yml")
    return {entry["id"] for file in files for entry in yaml.safe_load(file.read_text("utf-8"))["indicators"]}


def test_every_printed_label_is_an_alias_of_one_indicator():
    files = INDICATORS.glob("*.yml")
    entries = [entry for file in files for entry in yaml.safe_load(file.read_text("utf-8"))["indicators"]]
    labels = [read_rows(line[0])[1 + int(line[1])][0].partition("Baseline")[0].strip() for line in EXPECTED]
    owners = {label: [e["id"] for e in entries if label in e["aliases"]] for label in labels if label}
    assert {label: ids for label, ids in owners.items() if len(ids) != 1} == {}
    assert len(owners) == 27


def test_claims_are_typed_data_about_known_indicators():
    rows = read_rows("claims")
    assert rows[0] == CLAIM_COLUMNS
    claims = [dict(zip(CLAIM_COLUMNS, row, strict=True)) for row in rows[1:]]
    assert [claim["claim_id"] for claim in claims] == [f"c{number:03d}" for number in range(1, len(claims) + 1)]
    assert {claim["kind"] for claim in claims} <= CLAIM_KINDS
    assert {claim["direction"] for claim in claims} <= {"up", "down", ""}
    assert {claim["indicator"] for claim in claims} - {""} <= known_indicators()
    assert all(claim["stated"] and len(claim["stated"]) <= 25 for claim in claims)


@pytest.mark.parametrize(
    ("indicator", "kind", "stated"),
    [
        ("firearm_violence", "change_pct", "73%"),
        ("firearm_violence", "previous_level", "37"),
        ("firearm_violence", "level", "64"),
        ("firearm_violence", "baseline_new", "63"),
        ("knife_violence", "change_pct", "16.5%"),
        ("public_place_violence_with_injury", "change_abs", "70"),
        ("public_place_violence_with_injury", "change_abs", "23"),
        ("personal_robbery_victims_10_24", "change_pct", "40.4%"),
        ("marac_repeat_share", "level", "36%"),
        ("hate_crime", "level", "384"),
        ("hate_crime", "sum", "79 + 5 + 1"),
    ],
)
def test_claims_keep_what_the_report_states_even_where_its_table_says_otherwise(indicator, kind, stated):
    claims = {(row[2], row[3], row[5]) for row in read_rows("claims")[1:]}
    assert (indicator, kind, stated) in claims
