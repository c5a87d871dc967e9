"""The real tables against answers worked out by another route: SQL (duckdb), scipy, or by hand."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import duckdb
import numpy as np
import pytest
from scipy.stats import beta, chi2, norm, poisson

from swp_analysis import areas, crime, peers, places
from swp_analysis.open_data.yearly_tables import check_parts, read_headline_table
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
        homicide.sentence == "Homicide: 1st of 7 on 5 deaths in the year to June 2025; any place from 1st to 6th fits. "
        "The figures cannot rank it."
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


def yearly(what):
    """Count and population of every area by the group's column of C2, by another route."""
    with C2.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    column = next(at for at, name in enumerate(rows[7]) if name.casefold() == what.casefold())
    return {row[3]: int(row[column].strip().replace(",", "")) for row in rows[8:] if row[3] and row[2]}


MEMBERS = ("Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton")
PEOPLE = (1166049, 360702, 326680, 347551, 218793, 288736, 272425)
GROUPS = {
    "violence": "Violence against the person",
    "homicide": "Homicide",
    "violence_with_injury": "Violence with injury",
    "stalking_and_harassment": "Stalking and harassment",
    "sexual_offences": "Sexual offences",
    "robbery": "Robbery",
    "theft": "Theft offences",
    "burglary": "Burglary",
    "residential_burglary": "Residential burglary",
    "vehicle_offences": "Vehicle offences",
    "bicycle_theft": "Bicycle theft",
    "shoplifting": "Shoplifting",
    "criminal_damage_and_arson": "Criminal damage and arson",
    "drug_offences": "Drug offences",
    "possession_of_weapons": "Possession of weapons offences",
    "public_order": "Public order offences",
}


@pytest.mark.parametrize("group", GROUPS)
def test_rate_rank_and_ratio_of_each_group(answers, group):
    counts = yearly(GROUPS[group])
    own, people = counts["Wolverhampton"], PEOPLE[-1]
    row = crime.rate("Wolverhampton", group).frame.iloc[0]
    ends = [1000 * chi2.ppf(0.025, 2 * own) / 2 / people, 1000 * chi2.ppf(0.975, 2 * own + 2) / 2 / people]
    assert (row["count"], round(row["rate"], 4)) == (own, round(1000 * own / people, 4))
    assert [row["lower"], row["upper"]] == pytest.approx(ends, abs=1e-6)
    rates = [counts[name] / size for name, size in zip(MEMBERS, PEOPLE, strict=True)]
    ranked = peers.rank("Wolverhampton", group).frame.iloc[0]
    assert ranked["rank"] == 1 + sum(other > rates[-1] for other in rates[:-1])
    assert ranked["rank_low"] <= ranked["rank"] <= ranked["rank_high"]
    pooled, rest = sum(counts[name] for name in MEMBERS[:-1]), sum(PEOPLE[:-1])
    odds = [
        part / (1 - part) * rest / people
        for part in (beta.ppf(0.025, own, pooled + 1), beta.ppf(0.975, own + 1, pooled))
    ]
    found = peers.compare("Wolverhampton", group).frame.iloc[0]
    assert round(found["pooled_rate"], 4) == round(1000 * pooled / rest, 4)
    assert found[["ratio_lower", "ratio_upper"]].tolist() == pytest.approx(odds, abs=1e-6)


@pytest.mark.parametrize("group", ["total", "burglary", "robbery", "homicide", "sexual_offences"])
def test_a_funnel_calls_unusual_what_the_poisson_tail_and_the_variance_between_areas_do(answers, group):
    frame = peers.funnel("Wolverhampton", group).frame
    x, n = frame["count"].to_numpy(float), frame["population"].to_numpy(float)
    expected = n * x.sum() / n.sum()
    tail = np.where(x > expected, poisson.sf(x - 1, expected), poisson.cdf(x, expected))
    by_chance = frame["label_chance"].to_numpy() != "like the others"
    assert not by_chance[tail > 0.001].any()
    assert by_chance[(tail < 0.0005) & (x > 0)].all()
    error = 1 / np.sqrt(expected)
    z = np.clip(
        np.log(np.maximum(x, 0.5) / expected) / error,
        *np.quantile(np.log(np.maximum(x, 0.5) / expected) / error, [0.1, 0.9]),
    )
    phi, weight, k = (z**2).mean(), 1 / error**2, len(x)
    tau2 = max(0.0, (k * phi - (k - 1)) / (weight.sum() - (weight**2).sum() / weight.sum()))
    assert frame["dispersion"].iloc[0] == pytest.approx(phi, abs=1e-6)
    assert frame["tau2"].iloc[0] == pytest.approx(tau2, abs=1e-6)
    if tau2:
        upper = 1000 * x.sum() / n.sum() * np.exp(norm.ppf(0.999) * np.sqrt(error**2 + tau2))
        assert frame["upper998"].to_numpy() == pytest.approx(upper, abs=1e-6)


def test_robbery_of_two_years_by_quarter(answers):
    sql = f"""select FY, "Financial Quarter", sum(n) from read_parquet('{PARQUET}') where Force = 'West Midlands'
              and "Group" = 'Robbery' group by all order by 1, 2"""
    quarters = {(year, int(quarter)): int(count) for year, quarter, count in duckdb.connect().execute(sql).fetchall()}
    keys = sorted(key for key in quarters if key[0] in ("2016/17", "2017/18"))
    assert len(keys) == 8, sorted(quarters)[:3]
    found = crime.change("West Midlands", "robbery", year="2017-18").frame
    assert found["count_before"].tolist() == [quarters[key] for key in keys[:4]]
    assert found["count"].tolist() == [quarters[key] for key in keys[4:]]
    assert found["year_ratio"].iloc[0] == pytest.approx(
        sum(quarters[key] for key in keys[4:]) / sum(quarters[key] for key in keys[:4]), abs=1e-9
    )
