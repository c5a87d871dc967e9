"""Phrases that readers stumbled over stay out of what is written about the project; pages are read in a browser."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.page_rules import REFUSED

WRITTEN = [
    *(ROOT / name for name in ("README.md", "partnership/glossary.md", "swp_analysis/catalogue/glossary.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "partnership").rglob("*.yml")),
    *sorted((ROOT / "notebooks").rglob("*.ipynb")),
]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_refused_phrase_is_not_written(path):
    text = " ".join(path.read_text(encoding="utf-8").lower().replace("’", "'").split())
    assert [phrase for phrase in REFUSED if phrase in text] == []
