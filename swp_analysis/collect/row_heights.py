"""How tall the rows of a workbook must be. In: the texts of a row and the widths of its columns. Out: points.

Excel works this out when it opens a file. LibreOffice, previews and viewers don't: wrapped lines then lie on top of the
next row.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

LINE_POINTS, TALLEST_ROW = 15.0, 409.0  # Excel's own limit
# A unit is as wide as a digit of the default font; sentences in Arial at 12 points take about a sixth less.
LETTERS_PER_UNIT = 1.15


def row_height(texts: Iterable[object], widths: Iterable[float]) -> float:
    """Give points for as many lines as the longest text of a row wraps into; `widths` are those of its columns, in
    Excel's units.

    >>> row_height(["Hate crime", 4], [12, 10]), row_height(["Offences with a knife or sharp blade"], [12])
    (15.0, 45.0)
    """
    lines = max(_lines(str(text), width) for text, width in zip(texts, widths, strict=True))
    return min(TALLEST_ROW, LINE_POINTS * lines)


def _lines(text: str, width: float) -> int:
    room = max(1, int(width * LETTERS_PER_UNIT))
    return sum(max(1, len(textwrap.wrap(line, room))) for line in text.split("\n"))
