"""Figures of any unit in words. In: numbers. Out: text."""

from __future__ import annotations

import math

from swp_analysis.present.numbers import NOTHING, write_value


def write_figure(value: float, unit: str) -> str:
    """Write a count, a percentage, or a number of another kind.

    >>> write_figure(6251, "count"), write_figure(33.94, "percent"), write_figure(4.316, "number")
    ('6,251', '33.9%', '4.32')
    """
    if unit in ("count", "percent"):
        return write_value(value, unit)
    return NOTHING if math.isnan(value) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def write_figure_in(value: float, unit: str, period: str) -> str:
    """Write a figure with its period.

    >>> write_figure_in(67, "count", "Q4 2017/18")
    '67 in Q4 2017/18'
    """
    return f"{write_figure(value, unit)} in {period}"
