"""The example of docs/engines/small_numbers.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "engines" / "small_numbers.md"


def test_the_example_gives_the_table_below_it():
    text = PAGE.read_text(encoding="utf-8")
    told: dict = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], told)
    rows = re.findall(r"^\| (spring|summer|autumn|winter) \| \d+ \| `?([^`:|]+?)`?(?: \||:)", text, re.MULTILINE)
    cells = told["hidden"].tables.cells
    assert rows == list(zip(cells["period"], cells["printed"], strict=True))
    found = told["attack_editions"]([told["Edition"](told["hidden"].tables, 5)], told["Links"]())
    assert found[["lower", "upper"]].values.tolist() == [[1, 4]]
