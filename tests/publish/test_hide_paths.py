"""Text that would tell about a machine or a person is found in pages, hidden in messages; other text is left alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from swp_analysis.publish import checks

ROOT = Path("/srv/assessments/swp")


@pytest.fixture
def account(monkeypatch):
    """Pretends that the account is called `name`."""

    def pretend(name):
        checks.account_name.cache_clear()
        monkeypatch.setattr(checks.getpass, "getuser", lambda: name)

    yield pretend
    checks.account_name.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "/home/ann/swp",
        "see /Users/ann",
        r"C:\Users\ann\swp",
        r"'c:\\Users\\ann'",
        "/" + "root/.cache",
        "file:///C:/x",
        "in /srv/assessments/swp/data",
        "/srv/assessments/swp",
        f"{sys.prefix}/lib",
        str(Path.home()),
    ],
)
def test_places_are_found_and_hidden(text):
    assert checks.find_private(text, ROOT) == "an absolute path"
    assert checks.find_private(checks.hide_private(text, ROOT), ROOT) == ""


@pytest.mark.parametrize(
    "text",
    [
        "16.33% (8/49)",
        "2016/17 and/or 2017/18",
        "https://www.gov.uk/home/rooted/Users",
        "</p></td>",
        "victims at home/abroad",
        "profile://x",
        "assessments/swp",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert checks.find_private(text, ROOT) == ""
    assert checks.hide_private(text, ROOT) == text


def test_a_tellingaccount_name_is_found_as_a_whole_word(account):
    account("akaur7")
    assert checks.find_private("made by akaur7.", ROOT) == "the name of the account that made it"
    assert checks.hide_private("made by akaur7.", ROOT) == "made by …."
    assert checks.find_private("akaur75 and Akaur7b", ROOT) == ""


@pytest.mark.parametrize("name", ["root", "analyst", "Police", "jo"])
def test_a_commonaccount_name_says_nothing(account, name):
    account(name)
    assert checks.find_private(f"the {name} said", ROOT) == ""


def test_paths_inside_the_project_become_relative():
    assert checks.hide_private("no '/srv/assessments/swp/data/raw/x.csv' here", ROOT) == "no 'data/raw/x.csv' here"
    assert checks.hide_private(r"no 'D:\data\my files\x.csv' here", ROOT) == "no 'x.csv' here"
