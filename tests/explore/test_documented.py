"""docs/explore.md, run line by line as a reader would type it."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explore.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def lines_of_answer(block: str) -> int:
    return sum(1 for line in block.splitlines() if line.strip() and not line.startswith("import "))


def test_an_answer_takes_at_most_three_lines():
    assert len(BLOCKS) >= 18
    assert max(map(lines_of_answer, BLOCKS)) <= 3


def test_every_line_of_the_page_runs(project, monkeypatch):
    monkeypatch.chdir(project.root)
    matplotlib.use("Agg")
    scope: dict = {}
    for block in BLOCKS:
        try:
            exec(compile(block, "docs/explore.md", "exec"), scope)
        except Exception as error:
            pytest.fail(f"{block}\n{type(error).__name__}: {error}")
    assert (project.root / "hate_crime.png").stat().st_size > 5_000
    assert (project.root / "weapons.xlsx").exists()
