"""Text whose look says what it means: raised marks of notes, and what was struck out. In: a piece of a cell. Out: the
same as plain text that can't be taken for part of a figure.
"""

from __future__ import annotations

_ORDINALS = {"st", "nd", "rd", "th"}


def raised(text: str) -> str:
    """A raised piece: `118` with a raised 1 behind it is 118 with a note.

    >>> raised("1"), raised("*"), raised("th")
    ('[1]', '*', 'th')
    """
    mark = text.strip()
    return f"[{mark}]" if mark.isalnum() and mark not in _ORDINALS else text


def struck(text: str) -> str:
    """A piece that was struck out; nobody can say whether it still counts, so a figure with it is none.

    >>> struck("99")
    '[struck out: 99] '
    """
    return f"[struck out: {text.strip()}] " if text.strip() else ""
