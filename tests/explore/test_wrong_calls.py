"""A wrong call in a notebook: the line of the cell and one sentence, not the inside of the project."""

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from swp_analysis import crime, explore, load, own, peers, places
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
        (lambda: crime.rate("Wolverhampton", 5), "There is no offence group 5; known are total, violence"),
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


def test_an_area_given_alone_or_twice_is_compared_once():
    alone, twice = (peers.compare("Wolverhampton", with_=given) for given in ("Sandwell", ["Sandwell", "E08000028"]))
    assert alone.sentence == twice.sentence
    assert len(alone.frame) == 2
