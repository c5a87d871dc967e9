"""Pickers: what is chosen is what is shown, kept and saved; what can't be compared says why."""

from __future__ import annotations

import pytest

from swp_analysis import explore, load
from swp_analysis.errors import InputError
from swp_analysis.project import PROJECT_VARIABLE


@pytest.fixture(autouse=True, scope="module")
def of_the_lab(lab_project):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROJECT_VARIABLE, str(lab_project.root))
        yield


@pytest.fixture(scope="module")
def panel(of_the_lab):
    return explore.panel("knife_violence")


def choose(panel, description: str, value: str) -> None:
    next(one for one in panel.controls.children if one.description == description).value = value


def test_each_picker_changes_what_is_shown(panel):
    assert [one.description for one in panel.controls.children] == ["Indicator", "Compare with", "Up to", "As seen by"]
    assert panel.sentence == explore.trend("knife_violence").sentence
    choose(panel, "Indicator", "marac_repeat_share")
    assert panel.value["indicator"] == "marac_repeat_share"
    assert panel.sentence.startswith("MARAC repeat rate")
    choose(panel, "Indicator", "firearm_violence")
    choose(panel, "Compare with", "the year before")
    assert panel.sentence == explore.year_on_year("firearm_violence").sentence
    choose(panel, "Up to", "2016-17")
    with pytest.raises(InputError, match="no two years"):
        panel.sentence  # noqa: B018
    choose(panel, "Up to", "2017-18")
    choose(panel, "Compare with", "nothing")


def test_an_audience_sees_what_it_may_see(panel):
    small = load(periods="quarters").query("unit == 'count' and 0 < value < 5")["indicator"].iloc[0]
    choose(panel, "Indicator", small)
    everything = panel.frame.iloc[:, 1].notna().sum()
    choose(panel, "As seen by", "partners")
    assert panel.frame.iloc[:, 1].notna().sum() < everything
    choose(panel, "As seen by", "internal")


def test_what_is_picked_is_saved_and_handed_on(tmp_path):
    picked = explore.pick_indicator()
    assert len(picked.controls.children) == 1
    assert picked.save(tmp_path / "x.png").stat().st_size > 5_000
    assert explore.control_chart(picked).frame["value"].tolist() == picked.frame.iloc[:, 1].tolist()
    assert repr(picked) == "<Panel knife_violence, nothing, 2017-18, internal>"


@pytest.mark.parametrize("pick", [explore.pick_comparison, explore.pick_period, explore.pick_audience])
def test_every_picker_is_one_line(pick):
    assert len(pick("hate_crime").controls.children) == 1
    with pytest.raises(InputError, match=r"no indicator 'hate'.*Did you mean.*hate_crime.*lists all"):
        pick("hate")


def test_a_choice_that_is_none_names_those_that_are():
    with pytest.raises(InputError, match="no choice for comparison; choose one of nothing, the year before"):
        explore.panel(comparison="last year")
