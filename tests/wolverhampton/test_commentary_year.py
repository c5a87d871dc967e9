"""An analyst's own words go into one year's edition: which, is said where no year was named."""

from __future__ import annotations

import pytest

from swp_analysis.cli import main
from tests.conftest import YEAR


def test_words_given_without_a_year_say_which_year_they_go_into(project, capsys, tmp_path):
    words = tmp_path / "words.yml"
    words.write_text("- indicator: nothing\n  name: A\n  date: 2018-07-02\n  words: Why.\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["assess", "--commentary", str(words)])
    said = capsys.readouterr()
    assert f"your words go into the newest edition, {YEAR}." in said.out + said.err
