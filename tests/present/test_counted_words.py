"""One is not many, and nothing is not "0 more": on pages, in logs and in commands, all by one helper."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.collect.collection import CHASE_COLUMNS, describe_due
from swp_analysis.disclosure.protect import LOG_COLUMNS, Protected
from swp_analysis.explore.comparisons import year_on_year
from swp_analysis.explore.named_series import read_series
from swp_analysis.present.phrases import read_phrases, say
from tests.conftest import ROOT

CHOICE = re.compile(r"\{\w+:(?:[^{}|]|\{[^{}]*\})*\|(?:[^{}]|\{[^{}]*\})*\}")
COUNTED = re.compile(r"\{(\w+)(?::[sS]pelled|:,(?:\.0f)?)?\} (?!with )(?:[a-z]+ )?(?!years of)[a-z]+[^s\W]s\b")
NOT_COUNTED = {"area.rate": "rate", "places.no data": "force", "profile.few months": "there"}
NOT_COUNTED |= {"year_of_work.none known": "count"}  # said of several alone
REPR = re.compile(r'return f"(?:<|[A-Z]\w+\()')
IN_CODE = re.compile(r"\{(?:len\([^{}]*\)|[^{}]*\.nunique\(\)) *\} (?:[a-z]+ )?(?!series)[a-z]+[^s\W]s\b")


def texts(value: object, name: str = ""):
    if isinstance(value, str):
        yield name, value
    else:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in pairs:
            yield from texts(one, f"{name}.{key}" if name else str(key))


def test_no_phrase_counts_a_noun_that_is_always_many():
    left = {name: found[1] for name, text in texts(read_phrases()) if (found := COUNTED.search(CHOICE.sub("", text)))}
    assert left == NOT_COUNTED


def test_no_message_counts_a_noun_that_is_always_many():
    lines = {
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "swp_analysis").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if IN_CODE.search(line) and not REPR.search(line)
    }
    assert not lines


@pytest.mark.parametrize(
    ("name", "figures", "one", "two"),
    [
        ("several.clear.1", {"name": "X", "before": 1, "now": 2, "more": 1}, "and one more change", None),
        ("movements.same", {"same": 1}, "1 of 1 figure shows", "1 of 2 figures shows"),
        ("own.revised", {"changed": 1}, "(1 of 1 quarter differs)", "(1 of 2 quarters differs)"),
        ("unseen.priorities", {"unmeasured": 1}, "on the one priority recorded", "on 1 of the 2 priorities recorded"),
    ],
)
def test_a_phrase_counts_one_and_two(name, figures, one, two):
    about = {"label": "X", "own": 1, "open": 2, "group": "y", "revision": 1, "year": "2017-18", "concerns": None}
    about |= figures
    for number, said in ((1, one), (2, two)):
        every = dict.fromkeys(("count", "quarters", "chosen"), number)
        assert said is None or said in say(name, **every, **about)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ([], "no figure is withheld"),
        (["primary"], "1 small figure is withheld"),
        (["primary", "secondary"], "1 small figure is withheld, and 1 more that would give it away"),
        (["primary"] * 2 + ["secondary"], "2 small figures are withheld, and 1 more that would give them away"),
    ],
)
def test_what_is_withheld_leaves_out_what_there_is_none_of(why, said):
    log = pd.DataFrame([("a", "2017-18", "1", one) for one in why], columns=LOG_COLUMNS)
    nothing = pd.DataFrame()
    assert Protected(nothing, nothing, nothing, log, 5).loss == said


@pytest.mark.parametrize(("late", "said"), [(1, "the oldest 1 day late"), (3410, "the oldest 3,410 days late")])
def test_a_day_is_not_days(late, said):
    due = pd.DataFrame([("Police", "a", "2017-18", 1, "2017-06-30", "2017-07-30", late)], columns=CHASE_COLUMNS)
    assert next(describe_due(due)).startswith(f"Police: 1 overdue figure of 1 indicator, {said};")


def test_one_quarter_of_a_line_is_one():
    quarters = pd.period_range("2024-06", periods=5, freq="Q-MAR")
    line = read_series(pd.Series([3, 4, 5, 6, 8], index=quarters, name="Vans"))
    assert replace(line, values=line.values[:1]).how_many == "1 quarter"
    frame = pd.DataFrame({"month": quarters.strftime("%Y-%m"), "Vans": [3, 4, 5, 6, 8], "Cars": [3, 4, 5, 6, 3]})
    assert year_on_year(frame).sentence.startswith("1 of 2 figures differs from")


@pytest.mark.parametrize(
    ("name", "one", "two"),
    [
        ("decide.no signal, chosen", "stay a priority of", "stay priorities of"),
        ("decide.signal, not chosen", "The change is at least an early sign.", "The changes are at least early signs."),
    ],
)
def test_a_question_about_two_priorities_is_not_about_one(name, one, two):
    for count, said in ((1, one), (2, two)):
        assert said in say(name, names="x", count=count, year="2018-19")
