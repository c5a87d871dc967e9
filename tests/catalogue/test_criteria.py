"""What the ranking rests on is declared: every weight, band and section has its reason and its source."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from tests.conftest import SHIPPED

NOTEBOOKS = SHIPPED / "notebooks"
GANGS = "indicators/gangs_and_youth_crime"


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(SHIPPED / "partnership", tmp_path / "partnership"))


def test_weights_add_up_to_a_hundred_and_every_criterion_says_why(catalogue):
    assert sum(entry.weight for entry in catalogue.criteria.criteria) == 100
    for entry in [*catalogue.criteria.criteria, *catalogue.criteria.harm.values()]:
        assert len(entry.reason) > 5
        assert len(entry.source) > 5


def test_harm_is_a_range_and_never_a_point(catalogue):
    assert all(entry.high > entry.low for entry in catalogue.criteria.harm.values())


def test_every_candidate_has_a_harm_band_and_something_it_can_not_see(catalogue):
    for entry in catalogue.criteria.candidates:
        assert entry.lead in catalogue.criteria.harm, entry.id
        assert len(entry.blind_spot) > 5


def test_every_section_of_the_assessment_stands_somewhere_or_is_a_stated_gap(catalogue):
    for section in catalogue.coverage:
        assert section.notebooks or section.gap
        assert [name for name in section.notebooks if not (NOTEBOOKS / f"{name}.ipynb").exists()] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "criteria",
            "  reason: The partner",
            "  weight: -1\n  reason: The partner",
            r"criteria\.yml line \d+: 'weight'",
        ),
        (
            "criteria",
            "  reason: The partner",
            "  wieght: 25\n  reason: The",
            r"criteria\.yml line \d+: unknown key 'wieght'",
        ),
        ("criteria", "id: vulnerable", "id: vulnerables", r"criteria\.yml line \d+: 'id' is 'vulnerables'"),
        (GANGS, "low: 60\n      high: 90", "low: 95\n      high: 90", r"crime\.yml line \d+: .*low end"),
        (
            GANGS,
            "- personal_robbery_victims",
            "- personal_robery_victims",
            "did you mean 'personal_robbery_victims_10_24'",
        ),
        (GANGS, "- personal_robbery_victims_10_24", "- knife_violence", "'knife_violence' stands twice"),
        (GANGS, "      id: knife_violence", "      id: firearm_violence", "candidate 'firearm_violence' stands twice"),
        ("coverage", "  further_gap: Of", "  note: Of", r"coverage\.yml line \d+: unknown key"),
        ("coverage", "- id: residents", "- id: resident", r"coverage\.yml line \d+: no requirement has the id"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(folder, name, old, new, said):
    path = folder / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_catalogue(folder)
    assert re.search(said, str(caught.value)), str(caught.value)


def test_weights_of_a_partnership_replace_those_of_all(folder):
    path = folder / "criteria.yml"
    path.write_text("- {id: harm, weight: 40}\n- {id: size, weight: 5}\n", encoding="utf-8")
    weights = {entry.id: entry.weight for entry in load_catalogue(folder).criteria.criteria}
    assert (weights["harm"], weights["size"], weights["change"]) == (40, 5, 20)


# What nobody types


def add_indicator(folder: Path, label: str) -> None:
    entry = (
        f"\n  - id: added\n    label: {label}\n    unit: count\n    kind: flow\n    good_direction: lower\n"
        "    owner: Police\n    definition: Offences recorded by the police.\n"
    )
    path = folder / "indicators" / "vulnerability.yml"
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")


def gaps_of(folder: Path) -> dict[str, str | None]:
    book = load_catalogue(folder).strategy
    plans = [aim for plan in book.plans for aim in (*plan.objectives, *plan.community_concerns)]
    return {aim.id: aim.gap for aim in plans}


def test_a_gap_goes_away_with_the_indicator_that_closes_it(folder, catalogue):
    assert gaps_of(SHIPPED / "partnership")["anti_social_behaviour"] == "No indicator of anti-social behaviour."
    add_indicator(folder, "ASB incidents reported to the police")
    assert gaps_of(folder)["anti_social_behaviour"] is None
    assert gaps_of(folder)["speeding_and_inconsiderate_parking"]


def test_what_closes_a_part_of_a_gap_speaks_to_the_entry_and_leaves_the_rest(folder):
    add_indicator(folder, "Burglary of homes")
    plans = load_catalogue(folder).strategy.plans
    aim = next(aim for plan in plans for aim in plan.objectives if aim.id == "prevent_and_reduce_crime")
    assert aim.gap == "No indicator of business crime or crime as a whole."
    assert aim.indicators[-1] == "added"


def test_a_force_that_is_not_the_one_of_the_area_is_refused(folder):
    path = folder / "identity.yml"
    path.write_text(path.read_text(encoding="utf-8") + "force: Gwent Police\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"identity\.yml line \d+: 'force' is 'Gwent Police': .*policed by West Midlands"
    ):
        load_catalogue(folder)


def test_what_an_assessment_lacks_follows_from_the_indicators(folder, catalogue):
    def gap(of):
        return next(section.gap for section in of.coverage if section.id == "levels_and_patterns")

    assert "burglary" in gap(catalogue)
    add_indicator(folder, "Residential burglaries")
    assert "burglary" not in gap(load_catalogue(folder))
    assert "vehicle crime" in gap(load_catalogue(folder))


def test_an_indicator_needs_seven_keys_and_gets_its_recording_breaks_by_topic(folder):
    add_indicator(folder, "Violence against the person, offences recorded in the whole area")
    found = load_catalogue(folder)
    added = found.indicators["added"]
    assert (added.measures, added.short_label) == (None, "Violence against…")
    assert [one.id for one in found.recording_breaks if "added" in one.indicators] == [
        "making_the_victim_count",
        "west_midlands_crime_data_integrity",
    ]


def test_a_break_of_one_force_concerns_its_partnerships_alone(folder):
    path = folder / "identity.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("E08000031", "W06000022"), encoding="utf-8")
    found = load_catalogue(folder)
    assert (found.identity.area_name, found.identity.force) == ("Newport", "Gwent")
    assert "west_midlands_crime_data_integrity" not in {one.id for one in found.recording_breaks}
