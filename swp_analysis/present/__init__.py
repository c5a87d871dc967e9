"""Findings as a reader sees them. In: protected data. Out: sentences, tables and charts.

The fixed words of pages stand in `phrases.yml`: names of verdicts and marks, notes, and how to read a chart. The
columns of tables stand in `tables.yml`.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def read_table_layouts() -> dict[str, dict[str, Any]]:
    """Read what each table is called, its columns and how to read it, from `tables.yml`."""
    return yaml.safe_load((Path(__file__).parent / "tables.yml").read_text(encoding="utf-8"))


@cache
def read_phrases() -> dict[str, Any]:
    """Read all fixed words by the name of their use: a text, or texts by what they stand for."""
    return yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))
