"""The rules of the extractor are data, and a mistake in them is named with its line."""

import re
import shutil

import pytest

from swp_analysis.audit.sentences import Reader, normalise, split_sentences
from swp_analysis.catalogue.claim_rules import load_claim_rules
from swp_analysis.catalogue.loader import CATALOGUE_FOLDER
from swp_analysis.errors import InputError


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hedges:", "hegdes:", r"claims\.yml line \d+: unknown key 'hegdes'"),
        (
            "indicator: knife_violence",
            "indicator: knife_crime",
            r"claims\.yml line \d+: no indicator has the id 'knife_crime'",
        ),
        ("measure: number", "measure: count", r"claims\.yml line \d+: 'measure' is 'count'"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, catalogue, old, new, message):
    shutil.copy(CATALOGUE_FOLDER / "claims.yml", tmp_path)
    path = tmp_path / "claims.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_claim_rules(frozenset(catalogue.indicators), tmp_path)


@pytest.fixture(scope="module")
def reader(catalogue):
    return Reader(catalogue, load_claim_rules(frozenset(catalogue.indicators)))


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("Personal robbery where the victim is 10-24yrs", "personal_robbery_victims_10_24"),
        ("Personal robbery", "personal_robbery"),
        ("Robbery", ""),
        ("so-called honour-based violence", "honour_based_abuse_incidents"),
        ("victims aged 18 and under of domestic abuse", "domestic_abuse_victims_under_18"),
    ],
)
def test_the_longest_name_wins(reader, text, indicator):
    assert [one.name for one in reader.read(text).subjects] == [indicator]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("in Q4 17/18", ["Q4 2017/18"]),
        ("the third quarter of 2017/18", ["Q3 2017/18"]),
        ("2017 - 2018", ["2017/18"]),
        ("in 2017-2020", ["None"]),
        ("in February 2018", ["Q4 2017/18"]),
    ],
)
def test_periods_are_read_in_many_spellings(reader, text, spans):
    assert [str(one.span) for one in reader.read(text).periods] == spans


def test_print_damage_is_repaired_before_reading():
    assert normalise("the the 698offence **rise**, an 80- offence") == "the 698 offence rise, an 80 offence"
    assert split_sentences("It was 2.5%. It rose.") == ["It was 2.5%.", "It rose."]


def test_an_unknown_word_in_the_lists_is_not_needed_in_code(catalogue):
    """No wording stands in the modules: what the lists don't hold, the code doesn't know."""
    rules = load_claim_rules(frozenset(catalogue.indicators))
    assert {pattern.kind for pattern in rules.patterns} >= {"change_abs", "level", "extreme", "same_as", "achieved"}
    assert not [words for one in rules.subjects for words in one.words if re.search(r"\d{3}", words)]
