"""Indicators by whatever name a person types. In: an id, a label, a part of one. Out: the indicator, or a sentence
with the nearest names; and the names themselves, for completion with Tab.
"""

from __future__ import annotations

from swp_analysis.catalogue import Indicator, load_catalogue
from swp_analysis.errors import InputError


def indicator_names() -> list[str]:
    """List the ids of all indicators, which Tab completes."""
    return list(load_catalogue().indicators)


def find_indicator(name: str) -> Indicator:
    """Find an indicator by its id, label or short label, in any case.

    Raises
    ------
    InputError
        When there is none: with the nearest names and where the list is.
    """
    wanted = " ".join(name.casefold().split())
    indicators = load_catalogue().indicators
    for indicator in indicators.values():
        if wanted in {indicator.id, indicator.label.casefold(), indicator.short_label.casefold()}:
            return indicator
    raise InputError(f"There is no indicator {name!r}.{_suggest(wanted)} `indicators()` lists all.")


def _suggest(wanted: str) -> str:
    from rapidfuzz import fuzz, process

    names = {
        one.id: f"{one.id} {one.label} {' '.join(one.aliases)}".casefold()
        for one in load_catalogue().indicators.values()
    }
    close = process.extract(wanted.replace("_", " "), names, scorer=fuzz.token_set_ratio, limit=3, score_cutoff=55)
    return f" Did you mean {' or '.join(found[2] for found in close)}?" if close else ""
