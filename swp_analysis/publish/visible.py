"""Makes characters visible that show nothing or turn text round. In: text. Out: the same text, such characters named.

Bidirectional controls can make a label read as something else than it is, and zero-width characters can make two
labels look alike; a reader sees `[U+202E]` instead.
"""

from __future__ import annotations

import base64
import re

_HIDDEN = (
    *range(0x200B, 0x2010),  # zero-width space, joiners, direction marks
    *range(0x2028, 0x202F),  # line and paragraph separators, embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, invisible operators, isolates
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),  # tags
)
_NAMED = {code: f"[U+{code:04X}]" for code in _HIDDEN}
_DRAWING = re.compile(r"(data:image/svg\+xml;base64,)([A-Za-z0-9+/=]+)")


def make_visible(text: str) -> str:
    """`text` with every invisible or direction-changing character written as its code point.

    >>> make_visible("knife\\u202eevil\\u200b")
    'knife[U+202E]evil[U+200B]'
    """
    return text.translate(_NAMED)


def make_page_visible(html: str) -> str:
    """Make the same for a whole page, and for the text inside its drawings."""
    return _DRAWING.sub(_redraw, make_visible(html))


def _redraw(found: re.Match[str]) -> str:
    drawing = base64.b64decode(found[2]).decode("utf-8", errors="replace")
    shown = make_visible(drawing)
    return found[0] if shown == drawing else found[1] + base64.b64encode(shown.encode("utf-8")).decode("ascii")
