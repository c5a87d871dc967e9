"""The real tables against answers worked out by another route: SQL (duckdb), scipy, or by hand."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import duckdb
import pytest
from scipy.stats import beta, chi2

from swp_analysis import areas, crime, peers, places
from swp_analysis.open_data.headline_tables import check_parts, read_headline_table
from tests.open_data.conftest import SHARED

PARQUET = SHARED / "recorded_crime/home_office_prc_pfa_2012-13_to_2025-26.parquet"
FIRST = SHARED / "recorded_crime/home_office_prc_pfa_2017-18_as_published.csv"
C2 = SHARED / "recorded_crime/ons_csp_table_c2_ye_june_2025.csv"
FORCE = "E23000014"


def by_sql(what, force="West Midlands"):
    sql = f"""select FY, sum(n) from read_parquet('{PARQUET}') where Force = '{force}' and {what} group by FY
              having count(distinct "Financial Quarter") = 4 order by FY"""
    return [int(total) for _, total in duckdb.connect().execute(sql).fetchall()]


@pytest.mark.parametrize(
    ("group", "sql"),
    [
        ("total", "\"Group\" <> 'Fraud offences'"),
        ("robbery", "\"Group\" = 'Robbery'"),
        ("personal_robbery", "\"Offence Code\" = '34B'"),
        (
            "burglary",
            "\"Offence Subgroup\" in ('Domestic burglary','Residential burglary','Non-domestic "
            "burglary','Non-residential burglary')",
        ),
        ("homicide", "\"Offence Subgroup\" = 'Homicide'"),
        ("violence", "\"Group\" = 'Violence against the person'"),
    ],
)
@pytest.mark.parametrize(
    ("code", "force"), [(FORCE, "West Midlands"), ("E23000034", "London, City of"), ("E23000035", "Devon and Cornwall")]
)
def test_yearly_totals_are_those_of_sql(answers, group, sql, code, force):
    frame = crime.series(code, group, by="year").frame
    assert frame.loc[frame["status"] == "reported", "count"].tolist() == by_sql(sql, force)


def test_the_first_edition_and_the_revision(answers):
    with FIRST.open(encoding="utf-8-sig") as file:
        own = [row for row in csv.DictReader(file) if row["Force Name"] == "West Midlands"]
    first = sum(int(row["Number of Offences"]) for row in own)
    table = crime.revisions(FORCE).frame.set_index("financial_year")
    assert table.loc["2017-18"].drop("revision").tolist() == [first, 233688] == [233393, 233688]
    assert table.loc["2017-18", "revision"] == 295


def test_c2_adds_up_for_all_42_forces_and_both_wrong_codes_are_told(answers):
    frame = read_headline_table(C2, answers.book, "2025-06")
    parts = check_parts(frame, answers.book)
    assert parts["force"].nunique() == 42
    assert (parts["printed"] == parts["parts"]).all()
    wrong = [text for text in answers.listing["remarks"] if "stands under" in text]
    assert [text.split(": ")[1].split(" stands")[0] for text in wrong] == ["Unassigned Gwent", "unassigned Surrey"]


def c2_counts():
    with C2.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))[8:]
    return {row[3]: int(row[6].strip().replace(",", "")) for row in rows if row[3] and row[6].strip()}


def test_rates_ratios_and_shares(answers):
    counts = c2_counts()
    row = crime.rate("E08000031").frame.iloc[0]
    count, people = counts["Wolverhampton"], 272425
    ends = [1000 * chi2.ppf(0.025, 2 * count) / 2 / people, 1000 * chi2.ppf(0.975, 2 * count + 2) / 2 / people]
    assert [row["lower"], row["upper"]] == pytest.approx(ends, abs=1e-6)
    assert row["rate"] == pytest.approx(1000 * count / people, abs=1e-9)
    others = peers.compare("Wolverhampton").frame
    pooled, residents = others["count"].iloc[1:].sum(), others["population"].iloc[1:].sum()
    assert pooled == sum(
        counts[name] for name in ("Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall")
    )
    odds = [
        part / (1 - part) * residents / people
        for part in (beta.ppf(0.025, count, pooled + 1), beta.ppf(0.975, count + 1, pooled))
    ]
    assert others[["ratio_lower", "ratio_upper"]].iloc[0].tolist() == pytest.approx(odds, abs=1e-6)
    share = crime.share("Wolverhampton").frame
    assert share["whole"].tolist() == [303343, 303343 - counts["Unassigned West Midlands"], 2980936]


def test_every_area_at_once_gives_the_same_as_one_by_one(answers):
    table = peers.ratios("Wolverhampton").frame.set_index("area_code")
    one = peers.compare("Leeds", with_="all").frame.iloc[0]
    assert table.loc["E22000345", ["ratio", "ratio_lower", "ratio_upper"]].tolist() == pytest.approx(
        one[["ratio", "ratio_lower", "ratio_upper"]].tolist(), abs=1e-9
    )


def test_ranks_with_their_ranges(answers):
    everything = peers.rank("Wolverhampton").frame.iloc[0]
    homicide = peers.rank("Wolverhampton", "homicide")
    assert everything[["rank", "rank_low", "rank_high"]].tolist() == [2, 2, 2]
    assert (
        homicide.sentence
        == "Homicide: 1st of 7 on 5 deaths; any place from 1st to 6th fits. The figures cannot rank it."
    )


def test_the_funnel_flags_few_where_chance_alone_flags_most(answers):
    frame = peers.funnel("Wolverhampton").frame
    assert frame["label"].iloc[0] == "like the others"
    assert (frame["label"] != "like the others").mean() < 0.05
    assert (frame["label_chance"] != "like the others").mean() > 0.8


def test_populations_name_their_edition(answers):
    assert areas.population("E22000341", 2017, "census-2021").frame["population"].max() >= 260648
    assert "260,648" in areas.population("E22000341", 2017).sentence
    lsoas = answers.population
    lsoas = lsoas[lsoas["area_code"].str.startswith("E01")]
    assert (lsoas["population"].sum(), set(lsoas["edition"])) == (264407, {"census-2011"})


def test_merseyside_by_partnership(answers):
    with (SHARED / "areas/lsoa11_lsoa21_lad22_exact_fit_v3.csv").open(encoding="utf-8-sig") as file:
        authority = {row["LSOA11CD"]: row["LAD22NM"] for row in csv.DictReader(file)}
    counted = Counter()
    for month in ("01", "02", "03"):
        with (SHARED / f"street/2018-{month}-merseyside-street.csv").open(encoding="utf-8-sig") as file:
            counted.update(authority.get(row["LSOA code"], "") for row in csv.DictReader(file))
    for name in ("Knowsley", "Liverpool", "Sefton", "St. Helens", "Wirral"):
        assert places.counts(name, "area").frame["count"].sum() == counted[name]


def test_city_of_london_by_month_and_the_type_that_is_missing(answers):
    counted = defaultdict(Counter)
    for path in sorted((SHARED / "street/city-of-london").rglob("*-street.csv")):
        with path.open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                counted[row["Month"]][row["Crime type"]] += 1
    table = places.counts("E23000034", "month").frame.pivot(index="month", columns="crime_type", values="count")
    assert {month: int(row.sum()) for month, row in table.iterrows()} == {
        month: sum(kinds.values()) for month, kinds in counted.items()
    }
    assert table.isna().sum().sum() == 1
    assert table["Anti-social behaviour"].isna().to_dict()["2017-05"]


def test_the_2011_layout_is_counted_by_outline(answers):
    assert places.counts("Wolverhampton", "area").frame["count"].sum() == 2075
