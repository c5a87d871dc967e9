"""The catalogue refuses what it doesn't know, with file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from tests.conftest import SHIPPED

PARTNERSHIP = SHIPPED / "partnership"
THEMES = {
    "reducing_reoffending": {"proven_reoffending_rate", "youth_justice_first_time_entrants", "youth_custody_share"},
    "substance_misuse": {"positive_drug_test_rate"}
    | {
        f"treatment_{measure}{share}_{group}"
        for measure in ("clients", "completions", "re_presentations")
        for share in ("", "_share")
        for group in ("opiate", "other")
    },
    "gangs_and_youth_crime": {
        *("knife_violence", "firearm_violence", "active_gang_members"),
        *(f"public_place_violence_with_injury{group}" for group in ("", "_victims_10_24", "_offenders_10_24")),
        *(f"personal_robbery{group}" for group in ("", "_victims_10_24", "_offenders_10_24")),
    },
    "violence_against_women_and_girls": {
        *("domestic_abuse_incidents", "domestic_abuse_recordable_share", "domestic_abuse_victims_under_18"),
        *("serious_sexual_offences", "serious_sexual_offence_victims_under_18", "domestic_homicides"),
        *("marac_referrals", "marac_repeat_cases", "marac_repeat_share"),
        *("court_successful_outcomes", "court_success_rate", "sarc_referrals"),
        *("forced_marriage_incidents", "forced_marriage_recordable_share"),
        *("honour_based_abuse_incidents", "honour_based_abuse_recordable_share"),
        *("female_genital_mutilation_incidents", "female_genital_mutilation_recordable_share"),
    },
    "vulnerability": {"prevent_referrals", "hate_crime", "home_safety_checks"},
}


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(PARTNERSHIP, tmp_path / "partnership"))


def complaint(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_catalogue(folder)
    return str(caught.value)


def edit(path: Path, old: str, new: str) -> int:
    """Replace once; the line number of what was replaced."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("theme", THEMES)
def test_every_indicator_of_the_design_is_there_and_no_other(catalogue, theme):
    assert {indicator.id for indicator in catalogue.of_theme(theme)} == THEMES[theme]


def test_an_unknown_key_is_refused_with_file_and_line(folder):
    line = edit(folder / "indicators" / "vulnerability.yml", "good_direction:", "good_directon:")
    assert (
        complaint(folder)
        == f"vulnerability.yml line {line}: unknown key 'good_directon'; did you mean 'good_direction'?"
    )


def test_a_value_of_the_wrong_kind_is_refused_with_file_and_line(folder):
    line = edit(folder / "indicators" / "vulnerability.yml", "kind: flow", "kind: flwo")
    assert complaint(folder).startswith(f"vulnerability.yml line {line}: 'kind' is 'flwo'")


def test_an_extra_key_is_named(folder):
    line = (
        edit(folder / "indicators" / "vulnerability.yml", "    unit: count\n", "    unit: count\n    colour: red\n") + 1
    )
    assert complaint(folder) == f"vulnerability.yml line {line}: unknown key 'colour'; take it out."


@pytest.mark.parametrize(
    ("file", "old", "new", "noun"),
    [
        ("strategy.yml", "[proven_reoffending_rate]", "[proven_reofending_rate]", "indicator"),
        (
            "strategy.yml",
            "strategic_priority: reducing_reoffending",
            "strategic_priority: reducing",
            "strategic priority",
        ),
        ("layouts.yml", "indicator: marac_referrals", "indicator: marac_referals", "indicator"),
        ("indicators/vulnerability.yml", "    unit: count\n", "    topics: [hate_crimes]\n    unit: count\n", "topic"),
        (
            "indicators/violence_against_women_and_girls.yml",
            "companion_share: domestic",
            "companion_share: domestc",
            "indicator",
        ),
    ],
)
def test_an_unknown_id_is_refused_with_file_and_line(folder, file, old, new, noun):
    line = edit(folder / file, old, new)
    sentence = complaint(folder)
    assert sentence.startswith(f"{Path(file).name} line {line}: no {noun} has the id")


def test_a_key_that_stands_twice_is_refused(folder):
    line = (
        edit(folder / "indicators" / "vulnerability.yml", "    unit: count\n", "    unit: count\n    unit: percent\n")
        + 1
    )
    assert complaint(folder) == f"vulnerability.yml line {line}: the key 'unit' stands twice in one entry."


def test_an_indicator_that_stands_twice_is_refused(folder):
    edit(folder / "indicators" / "vulnerability.yml", "id: hate_crime", "id: prevent_referrals")
    assert "'prevent_referrals' is already defined" in complaint(folder)


def test_broken_yaml_is_one_sentence(folder):
    (folder / "strategy.yml").write_text("strategies: [", encoding="utf-8")
    assert complaint(folder).startswith("strategy.yml line 2: not readable as YAML")
    assert "\n" not in complaint(folder)


def test_a_missing_key_is_named_with_the_line_of_its_entry(folder):
    line = edit(folder / "indicators" / "vulnerability.yml", "    unit: count\n", "")
    assert (
        complaint(folder)
        == f"vulnerability.yml line {line - 3}: the key 'unit' is missing; add it, docs/adopt.md has a template."
    )


def test_catalogue_text_gives_no_range_of_the_figures(catalogue):
    """It stands on every audience's pages, so it may not carry what disclosure control hides there."""
    for indicator in catalogue.indicators.values():
        for text in (indicator.definition, indicator.why_it_matters, *indicator.caveats):
            assert not re.search(r"\(\d to \d+\)|of \d to \d+ ", text), indicator.id
