"""Sentences come from phrases.yml: nothing missing, nothing left over, nothing written of a figure that isn't there."""

from __future__ import annotations

import re

import pytest

from swp_analysis.present.phrases import read_phrases, say
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
