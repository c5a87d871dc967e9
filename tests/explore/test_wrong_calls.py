"""A wrong call in a notebook: the line of the cell and one sentence, not the inside of the project."""

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from swp_analysis import areas, crime, describe, explore, indicators, load, methods, open_briefing, own, peers, places
from swp_analysis.errors import InputError
from swp_analysis.project import PROJECT_VARIABLE


@pytest.fixture(autouse=True, scope="module")
def of_the_lab(lab_project):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROJECT_VARIABLE, str(lab_project.root))
        yield


def test_a_wrong_call_shows_its_line_and_one_sentence(capsys):
    InteractiveShell().run_cell("from swp_analysis import explore\n\nexplore.trend('')\n'never'")
    shown = capsys.readouterr().out.strip().splitlines()
    assert shown[0] == "line 3: explore.trend('')"
    assert shown[1].startswith("InputError: There is no indicator ''.")
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: crime.series("Wolverhampton", by="week"),
            "'week' is no period of a series; choose one of quarter, year",
        ),
        (lambda: crime.series("Wolverhampton", level="region"), "'region' is no level; choose one of csp, force"),
        (lambda: crime.share("Wolverhampton", of="moon"), "'moon' is no whole of a share"),
        (lambda: crime.rate("Wolverhampton", 5), "There is no offence group 5; crime.groups.. lists all 35"),
        (lambda: places.counts("Wolverhampton", "street"), "'street' is no unit of places"),
        (lambda: places.counts("Wolverhampton", kind="streets"), "'streets' is no kind of street file"),
        (lambda: places.counts("Wolverhampton", types=5), "street data for Wolverhampton"),
        (lambda: places.map(3), "A map needs the columns code and count"),
        (lambda: peers.compare("Wolverhampton", with_=5), "has the area 5"),
        (lambda: peers.compare("Wolverhampton", with_="friends"), "Groups of peers are force, all"),
        (lambda: explore.rate("knife_violence", float("nan")), "nan is no number of residents"),
        (lambda: explore.rate("knife_violence", True), "True is no number of residents"),
        (
            lambda: explore.rate("knife_violence", 259_900, per=0),
            "0 is no number of residents that a rate is given per",
        ),
        (lambda: explore.small_multiples("vulnerability", columns=0), "0 is no number of columns"),
        (lambda: explore.control_chart("knife_violence", target="fifty"), "'fifty' is no target"),
        (lambda: load(area_code="Sandwell"), "'Sandwell' is no area of these figures; choose one of E08000031"),
        (lambda: explore.index_to("knife_violence", "Q9 2016/17"), "'Q9 2016/17' is not a period"),
        (lambda: explore.index_to("knife_violence", "Q1 1999/00"), "not among the periods; the first are Q1 2016/17"),
        (lambda: explore.trend("nowhere/vans.csv"), "nowhere/vans.csv could not be read or written: No such file"),
        (lambda: own.series("knife violense"), "Did you mean 'knife_violence'"),
        (lambda: own.series(3), "There is no indicator '3'. indicators.. lists all 46"),
        (lambda: explore.trend("knife"), "Did you mean 'knife_violence'. indicators.. lists all 46"),
        (lambda: explore.rate("knife_violence", areas.find("Wolverhampton")), "None is no number of residents"),
        (lambda: crime.rate("Wolverhampton", year="last"), "'last' is no year; write a financial year like 2024-25"),
        (lambda: crime.rate("Wolverhampton", year="20"), "'20' is no year"),
        (lambda: crime.share("Wolverhampton", year="Q1 2025/26"), "'Q1 2025/26' is no year"),
        (lambda: peers.rank("Wolverhampton", year="2024/25"), "for 2024-25; there is the year to June 2025"),
        (lambda: crime.rate("Wolverhampton", year="March 2025"), "to March 2025; there is the year to June 2025"),
        (lambda: describe(load(), 5), "5 does not say what is shown"),
        (
            lambda: explore.trend("treatment_clients_opiate"),
            "nothing to show: Opiates: in treatment has no exact figure",
        ),
        (lambda: explore.trend(pd.Series([3, 4], index=["2024Q1", "2024Q2"])), "'2024Q1' names 2024, which may be"),
        (lambda: own.against_open("knife violense"), "Did you mean 'knife_violence'"),
        (lambda: own.series("vulnerability"), "'vulnerability' is a theme of 3 indicators; name one of them"),
        (
            lambda: peers.compare("West Midlands"),
            "West Midlands is the area of a police force and can only be compared",
        ),
        (lambda: peers.rank("Sandwell", with_=["West Midlands"]), "West Midlands is the area of a police force"),
    ],
)
def test_a_choice_that_is_none_is_never_taken_for_another(call, sentence):
    with pytest.raises(InputError, match=sentence):
        call()


def test_what_a_person_types_is_understood(tmp_path):
    assert "as 100" in explore.index_to("knife_violence", "2016/17 Q1").sentence
    assert explore.index_to("knife_violence", pd.Period("2016-04", "Q-MAR")).sentence.startswith("Since Q1 2016/17")
    pd.DataFrame({"month": ["2024-01", "2024-02"], "count": [5, 7]}).to_csv(tmp_path / "vans.csv")
    assert "7 in February 2024" in explore.trend(str(tmp_path / "vans.csv")).sentence
    assert own.series("Knife violence").frame["value"].iloc[-1] == 67
    alias = "Violent crimes committed where a knife or sharply bladed instrument was present"
    assert explore.trend(alias).sentence == explore.trend("knife_violence").sentence


@pytest.mark.parametrize(
    ("columns", "newest"),
    [
        ({"year": [2023, 2024], "month": [12, 1]}, "January 2024"),
        ({"year": ["2023/24", "2023/24"], "month": ["Dec", "Jan"]}, "January 2024"),
        ({"year": [2023, 2023], "month": ["2023-11", "2023-12"]}, "December 2023"),
        ({"financial_year": ["2023-24", "2023-24"], "quarter": ["Q1", "Q2"]}, "Q2 2023/24"),
        ({"year": ["2023/24", "2023/24"], "quarter": [1.0, 2.0]}, "Q2 2023/24"),
    ],
)
def test_a_year_in_a_column_of_its_own_is_read_with_its_month_or_quarter(columns, newest):
    assert f": 7 in {newest}, " in explore.trend(pd.DataFrame({**columns, "count": [5, 7]})).sentence


def test_a_rate_is_per_the_residents_of_its_own_year():
    found = explore.rate("knife_violence", areas.population("Wolverhampton"))
    assert found.sentence.startswith("Knife violence: 0.848 per 1,000 residents in 2017/18")
    assert found.caveats[0] == "260,648 residents (ONS mid-2017, rebased on Census 2021)."


def test_the_only_figure_of_a_series_is_not_its_worst():
    assert "is the only figure, so none was the worst" in explore.worst_period("domestic_homicides").sentence


def test_what_a_briefing_says_of_an_indicator_is_text():
    found = open_briefing().indicator("knife_violence")
    assert str(found.sentence).startswith("Violent crimes with a knife")
    assert len([*found.caveats]) == 2


def test_an_area_given_alone_or_twice_is_compared_once():
    alone, twice = (peers.compare("Wolverhampton", with_=given) for given in ("Sandwell", ["Sandwell", "E08000028"]))
    assert alone.sentence == twice.sentence
    assert "against 96.2 in Sandwell: 4% more" in alone.sentence
    assert len(alone.frame) == 2


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: crime.rate(year="June 2025"),
            "rate(): missing a required argument: 'area'; write it like rate(area, ",
        ),
        (
            lambda: explore.trend("knife_violence", "hate_crime"),
            "trend(): too many positional arguments; write it like",
        ),
        (
            lambda: explore.control_chart("hate_crime", lable="x"),
            "'lable'; write it like control_chart(data, *, label=''",
        ),
        (lambda: indicators("knives"), "indicators(): too many positional arguments; write it like indicators()."),
        (lambda: load("2017-18", "public"), "write it like load(financial_year=None, *, audience='internal'"),
        (lambda: describe(load()), "describe(): missing a required argument: 'words'"),
        (lambda: methods.rate_ratio(), "rate_ratio(): missing a required argument: 'after'; write it like rate_ratio("),
        (lambda: open_briefing().indicator(), "indicator(): missing a required argument: 'name'"),
        (lambda: open_briefing().indicator(5), "There is no indicator '5'. indicators() lists all 46"),
        (lambda: open_briefing().figures(7), "There is no indicator '7'."),
        (
            lambda: explore.trend("hate_crime").save(),
            "save(): missing a required argument: 'path'; write it like save(path)",
        ),
    ],
)
def test_a_call_that_does_not_fit_says_how_it_is_written(call, sentence):
    with pytest.raises(InputError) as refused:
        call()
    assert sentence in str(refused.value)


def test_names_may_be_given_in_a_list():
    briefing = open_briefing()
    several = briefing.figures(["knife_violence", "firearm_violence"])
    assert several.equals(briefing.figures("knife_violence", "firearm_violence"))


@pytest.mark.parametrize(
    "written", ["2025-06", "June 2025", "30 June 2025", "year to June 2025", "12 months ending Jun-25"]
)
def test_the_last_month_of_a_year_is_read_as_people_write_it(written):
    assert crime.rate("Wolverhampton", year=written).frame["period_end"].tolist() == ["2025-06-30"]
