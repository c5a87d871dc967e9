"""Findings as a reader sees them. In: protected data. Out: sentences, tables and charts.

The fixed words of pages stand in `phrases.yml`: names of verdicts and marks, notes, and how to read a chart.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def read_phrases() -> dict[str, Any]:
    """Read all fixed words by the name of their use: a text, or texts by what they stand for."""
    return yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))
