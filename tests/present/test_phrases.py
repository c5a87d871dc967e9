"""Sentences come from phrases.yml: nothing missing, nothing left over, nothing written of a figure that isn't there."""

from __future__ import annotations

import re

import pytest

from swp_analysis.present.phrases import lower_first, read_phrases, say
from swp_analysis.present.series import tabulate_gaps
from tests.conftest import ROOT

CODE = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "swp_analysis").rglob("*.py")))


@pytest.mark.parametrize("entry", sorted(read_phrases()))
def test_every_phrase_is_said_somewhere(entry):
    situations = read_phrases()[entry] if isinstance(read_phrases()[entry], dict) else {}
    assert all(isinstance(name, str) for name in situations), "YAML reads yes, no, on and off as true and false"
    chosen_by_figures = re.search(rf'"{entry}\.{{|"{entry}"', CODE)
    for situation in situations:
        assert chosen_by_figures or f'"{entry}.{situation}"' in CODE, situation
    assert situations or f'"{entry}"' in CODE or f'"{entry}.' in CODE


def test_a_part_without_its_figure_is_left_out():
    figures = {"period": "Q4 2017/18", "now": "67"}
    assert say("latest", against=["up from 56 the quarter before"], **figures) == (
        "Last quarter (Q4 2017/18): 67, up from 56 the quarter before."
    )
    assert say("latest", against=[], **figures) == "Last quarter (Q4 2017/18): 67."


def test_a_figure_that_is_missing_is_never_written():
    with pytest.raises(ValueError, match="missing"):
        say("outlook.chance", unit="count", target=None, chance=0.5)


@pytest.mark.parametrize(("count", "said"), [(1, "One other problem could"), (3, "Three other problems could")])
def test_one_is_not_many(count, said):
    assert say("put_forward.others", count=count).startswith(said)


@pytest.mark.parametrize(
    ("name", "figures", "one", "many"),
    [
        ("year_of_work.known", {"known": ["got better"]}, "For the one priority of", "Of 3 priorities of"),
        ("year_of_work.work", {"bare": None}, "1 piece of work is recorded.", "3 pieces of work are recorded."),
        ("checked.all", {"first": "", "last": ""}, "Of 1 figure or statement", "Of 3 figures and statements"),
        ("checked.confirmed", {}, "1 holds", "3 hold"),
        ("folded.breaks", {}, "The known change in recording, with", "The 3 known changes in recording, each with"),
        ("folded.claims", {}, "The one that does not hold", "The 3 that do not hold"),
        ("movements.none", {}, "The figure cannot be compared.", "None of the 3 figures can be compared."),
        ("gaps", {"gaps": 1, "rest": None}, "1 of 1 indicator has a gap", "1 of 3 indicators has a gap"),
        ("supported.known", {"found": "none"}, "Of the one priority", "Of 3 priorities"),
    ],
)
def test_a_phrase_has_its_singular(name, figures, one, many):
    for count, said in ((1, one), (3, many)):
        assert say(name, count=count, year="2017-18", **figures).startswith(said)


def test_the_marks_of_a_table_of_gaps_are_kept_apart(partners):
    note = tabulate_gaps(list(partners.series.values())).note
    assert "A dot is a published figure; " in note
    assert "small one away; a cross is" in note


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Knife violence", "knife violence"),
        ("MARAC referrals", "MARAC referrals"),
        ("Prevent referrals", "Prevent referrals"),
        ("Preventive visits", "preventive visits"),
        ("Sunderland town centre robbery", "Sunderland town centre robbery"),
        ("Kingston upon Hull burglary", "Kingston upon Hull burglary"),
        ("New registrations", "new registrations"),
    ],
)
def test_a_proper_name_keeps_its_capital_inside_a_sentence(label, inside):
    assert lower_first(label) == inside
