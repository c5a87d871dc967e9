"""What is said of areas: a year is whole, a rate has one population, and nothing is compared across a gap."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from swp_analysis import areas, crime, own, peers
from swp_analysis.errors import InputError
from swp_analysis.explore.profile import AreaProfile, open_profile
from swp_analysis.open_data.breaks import breaks_for, load_breaks
from swp_analysis.open_data.gazetteer import known_forces
from swp_analysis.open_data.group_sums import list_constraints
from swp_analysis.open_data.offences import find_offence
from swp_analysis.open_data.raw_files import file_folder, open_filing
from swp_analysis.open_data.reader import open_data
from swp_analysis.open_data.tables import build_open
from swp_analysis.publish.state import notebook_files
from swp_analysis.runs.area_editions import assess_areas, choose_areas
from tests.open_data.conftest import crime_rows, write_csv

ROOT = Path(__file__).resolve().parents[2]


def file_crime(project, rows, edition="2026-07-23"):
    write_csv(project.raw / "open" / "home_office_prc_csp" / edition / "prc.csv", rows)


def test_an_area_is_found_by_name_code_or_authority(filed):
    assert {areas.find(name).area_code for name in ("Wolverhampton", "E22000341", "E08000031")} == {"E22000341"}
    assert areas.find("west midlands").kind == "force"
    with pytest.raises(InputError, match=r"has the area Camelot: swp fetch areas .* swp fetch crime"):
        areas.find("Camelot")
    for name in ("Wolverhamptn", "wolv", "VERHAMP"):
        with pytest.raises(InputError, match=rf"has the area {name}\. Did you mean Wolverhampton\?"):
            areas.find(name)


def test_an_authority_is_told_the_name_of_its_partnership(filed):
    """Who asked for Rhondda Cynon Taf got figures of Cwm Taf, without a word."""
    shutil.copytree(ROOT / "partnership", filed.partnership)
    made_of = "Rhondda Cynon Taf and Merthyr Tydfil"
    found = areas.find("Rhondda Cynon Taf")
    said = f"Cwm Taf (W22000005), in the police force of South Wales. It is made of {made_of}."
    assert found.sentence == said
    assert f"Police figures are of Cwm Taf, which is {made_of} together." in open_profile("W06000016").period().sentence
    assert "made of" not in areas.find("Walsall").sentence
    assert "together" not in open_profile("Walsall").period().sentence


def test_fraud_is_in_no_total(filed):
    assert crime.series("Wolverhampton").frame["count"].tolist() == [43, 43, 43, 43, 44, 45, 46, 47]
    assert crime.series("Wolverhampton", by="year").frame["count"].tolist() == [172, 182]


def test_a_part_year_is_not_held_against_a_full_one(filed):
    file_crime(filed, crime_rows(leave_out={("2022/23", 4, name) for name in ("West Midlands", "Kent")}))
    found = crime.series("Wolverhampton", by="year")
    assert found.frame["status"].tolist() == ["reported", "partial"]
    assert "in part" not in found.sentence  # that a year goes on is no news
    with pytest.raises(InputError, match=r"3 of 4 quarters of 2022/23"):
        crime.change("Wolverhampton", year="2022/23")
    assert crime.rate("Wolverhampton", year="2021-22").frame["period_end"].tolist() == ["2022-03-31"]
    with pytest.raises(InputError, match="whole year"):
        crime.rate("Wolverhampton", year="2022-23")


def test_a_quarter_that_did_not_come_stays_open(filed):
    file_crime(filed, crime_rows(leave_out={("2021/22", 3, "West Midlands")}))
    found = crime.series("Wolverhampton")
    assert found.frame["status"].tolist()[2] == "not_supplied"
    assert found.frame["count"].isna().tolist()[2]
    assert "One quarter was not supplied, which is not zero." in found.sentence


def test_what_is_unassigned_is_no_area(filed):
    kent = ["2022/23", 1, "Kent", "Unassigned Kent", "Murder", "Violence against the person", "Homicide", "1", 1]
    file_crime(filed, [*crime_rows(), kent])
    with pytest.raises(InputError, match="recorded without a partnership"):  # of a force that no shipped table has
        crime.series("E23000032-unassigned")
    assert "E23000032-unassigned" not in set(peers.group("force", "Ashford").frame["area_code"])
    with pytest.raises(InputError, match="recorded without a partnership"):
        crime.series("E23000014-unassigned")
    assert "E23000014-unassigned" not in set(peers.group("force", "Wolverhampton").frame["area_code"])


def test_no_ratio_trend_or_sentence_crosses_a_gap(filed):
    file_crime(filed, crime_rows(("2016/17", "2017/18")))
    found = crime.change("Wolverhampton", "residential_burglary", year="2017/18")
    assert found.frame["year_ratio"].isna().all()
    assert "No figure is compared across burglary residential (April 2017)" in found.sentence
    assert "times" not in found.sentence
    whole = crime.change("Wolverhampton", "burglary", year="2017/18")
    assert whole.frame["year_ratio"].notna().all()
    assert (
        "no figure is compared across burglary residential"
        in crime.series("Wolverhampton", "residential_burglary").sentence
    )
    with pytest.raises(InputError, match="since the last gap"):
        crime.season("Wolverhampton", "residential_burglary")


def test_a_change_at_the_first_day_of_the_later_year_parts_them_and_one_before_does_not(filed):
    gap = next(change for change in load_breaks() if change.id == "burglary_residential")
    days = {
        year: ((gap.date_from.replace(year=year)), gap.date_from.replace(year=year + 1))
        for year in (2015, 2016, 2017, 2018)
    }
    assert gap.parts(days[2016], days[2017])
    assert not gap.parts(days[2017], days[2018])


def test_the_newest_edition_of_a_quarter_is_taken_and_the_revision_shown(filed):
    first = [[*row[:-1], row[-1] + 1] for row in crime_rows(("2021/22",))]
    file_crime(filed, first, edition="2022-07-21")
    assert crime.series("Wolverhampton", by="year").frame["count"].tolist() == [172, 182]
    assert crime.series("Wolverhampton", by="year", edition="2022-07-21").frame["count"].tolist() == [188]
    table = crime.revisions("Wolverhampton").frame
    assert table["revision"].tolist() == [16.0]


def test_a_rate_names_its_population_and_other_populations_are_not_mixed_in(filed):
    found = crime.rate("Wolverhampton", year="2022-23")
    assert "ONS mid-2022, rebased on Census 2021" in found.sentence
    assert found.frame["rate"].tolist() == pytest.approx([182 / 100_000 * 1000])
    header = ["GEOGRAPHY_CODE", "DATE", "OBS_VALUE"]
    write_csv(filed.raw / "open" / "population" / "census-2011" / "mye.csv", [("E08000031", 2022, 90_000)], header)
    other = crime.rate("Wolverhampton", year="2022-23", population=2022, edition="census-2011").frame
    assert other["rate"].tolist() == pytest.approx([182 / 90_000 * 1000])
    with pytest.raises(InputError, match="no population of mid-2022"):
        peers.compare("Wolverhampton", with_=["Walsall"], year="2022-23", population=2022, edition="census-2011")
    assert set(peers.compare("Wolverhampton", year="2022-23").frame["population_edition"]) == {"census-2021"}


def test_an_area_without_others_or_with_half_an_authority_is_told_why_not_sent_to_fetch(filed):
    with pytest.raises(InputError, match=r"Wolverhampton has no other area to be compared with here; see peers.groups"):
        peers.compare("Wolverhampton", with_=["Wolverhampton"], year="2022-23")
    header = "LAD24CD LAD24NM CSP24CD CSP24NM PFA24CD PFA24NM".split()
    shared = [("E06000035", "Medway", "E22000999", "Medway East", "E23000032", "Kent")]
    write_csv(filed.raw / "open" / "areas" / "2024-12" / "more.csv", shared, header)
    with pytest.raises(InputError, match=r"Medway: it shares an authority .* so it has no population.$"):
        crime.rate("Medway", year="2022-23")


@pytest.mark.parametrize(
    ("group", "change", "draw"),
    [
        ("harassment", "malicious_communications_own_code", "gap"),
        ("stalking_and_harassment", "malicious_communications_own_code", "line"),
        ("stalking_and_harassment", "coercive_control", "line"),
        ("harassment", "coercive_control", None),
        ("public_order", "counting_rules_2023", "band"),
        ("burglary", "burglary_residential", "line"),
        ("residential_burglary", "burglary_residential", "gap"),
        ("total", "counting_rules_2023", None),
        ("total", "covid_restrictions", "band"),
    ],
)
def test_a_change_concerns_its_groups_what_they_are_part_of_and_only_its_codes(group, change, draw):
    force = known_forces().areas["E23000032"]
    drawn = {one.id: one.draw for one in breaks_for(find_offence(group), force, "home_office_prc")}
    assert drawn.get(change) == draw


def test_crimes_that_stand_elsewhere_give_no_rate(filed):
    file_crime(filed, crime_rows(("2022/23", "2023/24")))
    people = [(code, 2023, 100_000) for code in ("E06000035", "E07000105", "E08000031", "E08000030")]
    write_csv(
        filed.raw / "open" / "population" / "census-2021" / "b.csv", people, ["GEOGRAPHY_CODE", "DATE", "OBS_VALUE"]
    )
    assert crime.rate("Medway", year="2022-23").frame["count"].tolist() == [172]
    with pytest.raises(InputError, match=r"No rate of Medway: .*stand under Unassigned"):
        crime.rate("Medway", year="2023-24")
    left_out = peers.compare("Ashford", year="2023-24", with_="all").caveats
    assert any("No rate of Medway" in text for text in left_out)


def test_peers_are_pooled_without_the_area_itself(filed):
    found = peers.compare("Wolverhampton", year="2022-23", with_="all")
    others = found.frame[found.frame["area_code"] != "E22000341"]
    assert found.frame["pooled_rate"].tolist()[0] == pytest.approx(
        1000 * others["count"].sum() / others["population"].sum()
    )
    assert found.frame["area_code"].tolist()[0] == "E22000341"
    assert peers.compare("Wolverhampton", year="2022-23", with_=["Walsall", "Wolverhampton"]).frame["name"].tolist()[
        1:
    ] == ["Walsall"]


def test_a_rank_never_stands_without_its_range(filed):
    found = peers.rank("Wolverhampton", "homicide", with_="all", year="2022-23")
    assert {"rank", "rank_low", "rank_high"} <= set(found.frame)
    assert "any place from" in found.sentence
    assert "cannot rank it" in found.sentence
    alone = peers.rank("Walsall", with_=["Wolverhampton"], year="2022-23").sentence
    assert alone.endswith(": 1st of 2 in the year to March 2023; no other place fits.")


def test_harm_needs_the_users_own_weights(filed, tmp_path):
    with pytest.raises(InputError, match="There is no weights file"):
        crime.harm("Wolverhampton", tmp_path / "none.csv")
    weights = write_csv(tmp_path / "chosen.csv", [("34B", 365), ("1", 5475)], ["offence_code", "weight"])
    found = crime.harm("Wolverhampton", weights, year="2022-23")
    assert found.frame["weight"].tolist() == [4 * 5475, 50 * 365]
    assert (
        "55% of harm comes from violence against the person; 30% of crimes have a weight (the year to March 2023)"
        in found.sentence
    )
    assert found.title.startswith("Violence against the person: 55% of harm, ")
    (sums,) = found.figure.axes[0].lines  # a Pareto chart adds the shares up
    assert sums.get_xdata().tolist() == pytest.approx([54.5, 100], abs=0.1)


def test_own_figures_are_held_against_the_open_table(filed):
    shutil.copytree(ROOT / "partnership", filed.root / "partnership")
    with pytest.raises(InputError, match=r"No open table counts what hate_crime counts; if one does, .*open_group"):
        own.against_open("hate_crime")


def test_every_known_change_has_a_source_and_three_wait_for_a_person():
    changes = load_breaks()
    assert len(changes) == 28
    assert all(change.source and change.what_changed and change.effect for change in changes)
    assert len([change for change in changes if change.needs_person]) == 3


def test_what_ships_answers_without_any_file(project):
    assert crime.series("West Midlands", by="year", level="force").frame["count"].tolist()[5] == 233688
    assert crime.share("Wolverhampton").frame["share"].round(4).tolist() == [0.0897, 0.0910, 0.0914]
    with pytest.raises(InputError, match="swp fetch crime"):
        crime.series("Wolverhampton", by="quarter")
    assert open_data(project).listing["files"] == {}


def test_open_tables_bind_own_figures_by_equality_and_bound(filed, catalogue):
    """Whatever the indicators are called: each says which group of open data counts the same, or more."""
    renamed = {
        "robbery_of_persons": catalogue.indicators["personal_robbery"].model_copy(update={"id": "robbery_of_persons"})
    }
    data = open_data(filed)
    area = data.find("Wolverhampton")
    assert {one.indicator for one in list_constraints(data, area, renamed)} == {"robbery_of_persons"}
    found = [one for one in list_constraints(data, area, catalogue.indicators) if one.financial_year == "2022-23"]
    robbery = {one.quarter: (one.relation, one.value) for one in found if one.indicator == "personal_robbery"}
    assert robbery == {str(quarter): ("=", 10 + quarter) for quarter in range(1, 5)}
    assert {(one.relation, one.value) for one in found if one.indicator == "domestic_homicides"} == {("<=", 1)}


def test_any_area_has_an_edition_or_a_sentence_why_not(filed):
    shutil.copytree(ROOT / "partnership", filed.root / "partnership")
    filed.notebooks.mkdir()
    for name in ("25_places", "35_harm"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", filed.notebooks)
    write_csv(filed.partnership / "harm_weights.csv", [("34B", 365), ("1", 5475)], ["offence_code", "weight"])
    file_crime(filed, crime_rows(("2022/23", "2023/24")))
    areas_there = choose_areas(filed, ["E06000035", "E08000030"])
    found = {one.area_code: one for one in assess_areas(filed, areas_there, "2017-18", "partners", workers=1)}
    assert "stand under Unassigned" in found["E22000143"].why_not
    assert found["E22000340"].folder == "reports/areas/E22000340/2017-18/partners"
    index = (filed.root / found["E22000340"].folder / "index.html").read_text(encoding="utf-8")
    assert "Area profile: Walsall" in index
    assert "March 2024" in index
    harm = (filed.root / found["E22000340"].folder / "35_harm.html").read_text(encoding="utf-8")
    assert "Violence against the person: 57% of harm" in harm
    assert "Warnings of this step" not in harm


def test_figures_beyond_the_assessed_year_say_so_and_the_year_comes_first(filed):
    file_crime(filed, crime_rows(("2021/22", "2022/23")))
    earlier, newest = (
        AreaProfile(areas.find("Wolverhampton").area, "partners", year) for year in ("2021-22", "2030-31")
    )
    assert ", beyond 2021/22, the year of this assessment" in earlier.period().sentence
    assert "beyond" not in newest.period().sentence
    assert earlier.long_series().sentence.startswith(
        "In 2021/22, the year of this assessment, police recorded 172 crimes in Wolverhampton, and 47 in"
    )
    assert newest.long_series().sentence.startswith("Police recorded 47")
    assert earlier.long_series().figure is not None


def test_the_newest_figure_is_not_said_twice_when_it_is_the_assessed_year_s(filed):
    """The table went on to a year of which nothing was supplied, and the year before stood there as both."""
    lacking = [("2022/23", quarter, "West Midlands") for quarter in range(1, 5)]
    file_crime(filed, crime_rows(("2021/22", "2022/23"), leave_out=lacking))
    found = AreaProfile(areas.find("Wolverhampton").area, "partners", "2021-22").long_series()
    assert found.sentence.count("olice recorded") == 1
    assert "year of this assessment" not in found.sentence


def test_every_answer_has_the_same_parts_and_results_can_be_passed_on(filed):
    own, people = areas.find("Wolverhampton"), areas.population("Wolverhampton", 2021)
    chosen = peers.group("force", own)
    results = [own, people, chosen, areas.get("E08000031"), areas.lookup(), crime.groups(), peers.groups()]
    results += [crime.rate(own, "robbery", "2021-22", population=people), peers.compare(own, with_=chosen)]
    for result in results:
        assert len(result.frame)
        assert result.sentence
        assert result.table.rows
        assert "<table" in result._repr_html_()
        assert all(hasattr(result, name) for name in ("figure", "chart", "caveats", "source", "edition"))
    assert crime.rate(own, population=2021).frame["mid_year"].tolist() == [2021]
    assert areas.population(own, "2021").frame["mid_year"].tolist() == [2021]
    assert len(crime.rate(own, year=2022).frame) == 1
    assert crime.rate(own, population="census-2021").frame["population_edition"].tolist() == ["census-2021"]
    assert (own.area_code, areas.get("E08000031").kind) == ("E22000341", "authority")


def test_an_area_without_a_population_before_the_period_says_so(filed):
    file_crime(filed, crime_rows(("2011/12", "2012/13")))
    with pytest.raises(InputError, match="no population of the three years before March 2012: every one is later"):
        crime.rate("Wolverhampton", year="2011-12")


def test_harm_has_its_page_only_with_weights_in_the_partnership(filed):
    shutil.copytree(ROOT / "partnership", filed.partnership)
    filed.notebooks.mkdir()
    shutil.copy(ROOT / "notebooks" / "35_harm.ipynb", filed.notebooks)
    assert notebook_files(filed) == []
    write_csv(filed.partnership / "harm_weights.csv", [("34B", 365), ("1", 5475)], ["offence_code", "weight"])
    assert [path.stem for path in notebook_files(filed)] == ["35_harm"]
    assert (
        "55% of harm comes from violence" in AreaProfile(areas.find("Wolverhampton").area, "internal").harm().sentence
    )


def test_an_empty_folder_of_open_data_is_built_once_and_a_wrong_fetch_makes_none(filed):
    """Two notebooks at once built it again and again, into each other's folder."""
    with pytest.raises(InputError, match="There is no folder nowhere"):
        file_folder(open_filing(filed.root / "not yet", print), Path("nowhere"))
    assert not (filed.root / "not yet").exists()
    shutil.rmtree(filed.raw / "open")
    (filed.raw / "open").mkdir()
    assert [build_open(filed), build_open(filed)] == [True, False]
