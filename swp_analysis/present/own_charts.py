"""What an analyst made herself, ready for a page. In: a matplotlib figure or a frame, and words. Out: an `Exhibit` or a
`Table`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import Any

import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.present.exhibit import Column, Exhibit, Table
from swp_analysis.present.numbers import NOTHING

LEAST_WORDS = 3
WAY_OUT = 'describe(figure, "Robbery by quarter: highest in the last one")'
PICTURES, PAGE_TABLE = ("image/png", "image/jpeg", "image/svg+xml"), 'class="dataframe"'


def describe(made: Any, words: str, note: str = "") -> Exhibit | Table:
    """Make an own chart or frame fit for a page: `describe(figure, "alt text")`, `describe(frame, "caption")`.

    Parameters
    ----------
    made : a matplotlib figure, axes, or seaborn grid; or a DataFrame, whose first column names its rows.
    words : what somebody who cannot see the chart needs to know: the finding, then what is drawn. It is the title too.
    note : what to read with care, below.

    Raises
    ------
    InputError
        When the words say nothing, or `made` is neither a chart nor a frame.
    """
    if len(re.findall(r"\w+", words)) < LEAST_WORDS:
        raise InputError(f"describe(): {words!r} does not say what is shown; write a sentence, as in {WAY_OUT}.")
    if isinstance(made, pd.Series):
        made = made.reset_index()
    if isinstance(made, pd.DataFrame):
        frame = made if isinstance(made.index, pd.RangeIndex) else made.reset_index()
        return replace(make_table(words, frame, "number", note), typed=True)
    figure = _figure_of(made)
    if "matplotlib.pyplot" in sys.modules:  # or the notebook would show it a second time, without its description
        sys.modules["matplotlib.pyplot"].close(figure)
    return Exhibit(words.rstrip("."), words, figure, note=note, sentence=words, typed=True)


def _figure_of(made: Any) -> Any:
    """The figure of a chart, of its axes, or of a seaborn grid."""
    figure = made if hasattr(made, "savefig") and hasattr(made, "axes") else getattr(made, "figure", None)
    if figure is None or not hasattr(figure, "savefig"):
        raise InputError(
            f"describe(): {type(made).__name__} is neither a matplotlib figure nor a frame; call it like {WAY_OUT}."
        )
    if not figure.axes:
        raise InputError("describe(): the figure is empty; draw something first, and hand over the same figure.")
    return figure


def make_table(caption: str, frame: pd.DataFrame, unit: str, note: str = "") -> Table:
    """Make a table of a frame whose first column names its rows; a figure that is not there is a dash."""
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    columns = [
        Column(str(name), unit if is_number else "text") for name, is_number in zip(frame.columns, numeric, strict=True)
    ]
    rows = [
        [
            NOTHING if pd.isna(cell) else float(cell) if is_number else str(cell)
            for cell, is_number in zip(row, numeric, strict=True)
        ]
        for row in frame.itertuples(index=False)
    ]
    return Table(caption, columns, rows, note)


def find_undescribed(output: Any) -> str:
    """Say what a cell's output shows without words, and the way out; "" when nothing is."""
    data, metadata = output.get("data", {}), output.get("metadata", {})
    for kind in PICTURES:
        if kind in data and "text/html" not in data and not (metadata.get(kind, {}).get("alt") or metadata.get("alt")):
            return f"a chart without a description; end the cell with {WAY_OUT}"
    if PAGE_TABLE in "".join(data.get("text/html", "")):
        return 'a frame without a caption; end the cell with describe(frame, "what it holds"), or don\'t show it'
    return ""
