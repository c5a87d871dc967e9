"""The rules of the extractor are data, and a mistake in them is named with its line."""

import shutil

import pytest

from swp_analysis.audit.lexing import Lexer, normalise, split_sentences
from swp_analysis.catalogue.claim_rules import load_claim_rules
from swp_analysis.catalogue.loader import CATALOGUE_FOLDER
from swp_analysis.errors import InputError


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bounds:", "buonds:", r"claims\.yml line \d+: unknown key 'buonds'"),
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
        load_claim_rules(catalogue, tmp_path)


@pytest.fixture(scope="module")
def lexer(catalogue):
    return Lexer(catalogue, load_claim_rules(catalogue), "2017-18")


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
def test_the_longest_name_wins(lexer, text, indicator):
    assert [word.meaning.name for word in lexer.read(text) if word.kind == "SUBJECT"] == [indicator]


@pytest.mark.parametrize(
    ("text", "year", "quarters"),
    [
        ("in Q4 17/18", "2017-18", (4,)),
        ("the third quarter of 2017/18", "2017-18", (3,)),
        ("2017 - 2018", "2017-18", (1, 2, 3, 4)),
        ("in 2017-2020", "", ()),
        ("in February 2018", "2017-18", (4,)),
        ("between April and September 2017", "2017-18", (1, 2)),
        ("the nine months to December 2016", "2016-17", (1, 2, 3)),
        ("Q1 to Q3", "", (1, 2, 3)),
        ("the second half of 2016/17", "2016-17", (3, 4)),
        ("January to March 2017", "2016-17", (4,)),
        ("by the end of Q3", "", (1, 2, 3)),
    ],
)
def test_periods_are_read_in_many_spellings(lexer, text, year, quarters):
    (period,) = [word.meaning for word in lexer.read(text) if word.kind == "PERIOD"]
    assert (period.year, period.quarters) == (year, quarters)


@pytest.mark.parametrize(
    ("text", "size", "metric", "bound"),
    [
        ("sixty-three", 63, "count", "exactly"),
        ("a hundred and twenty", 120, "count", "exactly"),
        ("12 per cent", 12, "percent", "exactly"),
        ("3.3 percentage points", 3.3, "points", "exactly"),
        ("just under half", 50, "percent", "just_under"),
        ("two thirds of", 200 / 3, "percent", "exactly"),
        ("roughly one in three", 100 / 3, "percent", "about"),
        ("more than doubled", 2, "ratio", "over"),
        ("more than halved", 0.5, "ratio", "under"),
        ("no higher than 118", 118, "count", "at_most"),
        ("did not fall below 78", 78, "count", "at_least"),
    ],
)
def test_amounts_are_read_in_many_spellings(lexer, text, size, metric, bound):
    amount = next(word.meaning for word in lexer.read(text) if word.kind == "AMOUNT")
    assert (amount.size, amount.metric, amount.bound) == (pytest.approx(size), metric, bound)


def test_print_damage_is_repaired_before_reading():
    assert normalise("the the 698offence **rise**, an 80- offence") == "the 698 offence rise, an 80 offence"
    assert split_sentences("It was 2.5%. It rose.") == ["It was 2.5%.", "It rose."]


def test_a_word_of_no_list_is_not_passed_over(lexer):
    kinds = [word.kind for word in lexer.read("Knife crime in Heath Town rose by 30.")]
    assert kinds.count("unknown") == 2
