"""A figure that spans several columns could belong to any of them. In: a merged cell. Out: a refusal, or nothing."""

from __future__ import annotations

import re

from swp_analysis.errors import InputError
from swp_analysis.ingest.grids import Address

_FIGURE = re.compile(r"<?\d[\d,.]*%?(\s*\(.*\))?(\s+<?\d[\d,.]*%?(\s*\(.*\))?)*")
_YEAR = re.compile(r"(19|20)\d\d")


def refuse_merged_figure(where: Address, text: str) -> None:
    """Refuse a merged cell that holds a figure; headings and titles may span what they like."""
    if _FIGURE.fullmatch(text) and not _YEAR.fullmatch(text):
        raise InputError(f"{where}: the figure {text!r} stands in merged cells; split them so that each has its own.")
