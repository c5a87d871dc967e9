"""Figures as text, rounded the same way everywhere. In: numbers. Out: what a page prints."""

from datetime import date
from decimal import Decimal
from math import floor, isinf, isnan, log10

MINUS = "−"
NOTHING = "–"


def write_value(value: float | None, unit: str) -> str:
    """Write a count with thousands separators, or a percentage to one decimal; one printed without stays so.

    >>> write_value(6251, "count"), write_value(33.947, "percent"), write_value(78.0, "percent")
    ('6,251', '33.9%', '78%')
    """
    if value is None or isnan(value):
        return NOTHING
    return f"{value:,.0f}" if unit == "count" else f"{value:.{int(value != round(value))}f}%"


def write_change(before: float, after: float, unit: str) -> str:
    """Write a signed change: cases, or percentage points. Where the two printed percentages would give another last
    digit, it says that the points were worked out first and rounded last.

    >>> write_change(15.1163, 9.4595, "percent"), write_change(34.5092, 33.9478, "percent")
    ('−5.7 percentage points before rounding', '−0.6 percentage points')
    """
    change = after - before
    if unit == "percent":
        return f"{_signed_points(change)} percentage points{_before_rounding(before, after)}"
    return f"{_sign(change, change)}{abs(change):,.0f}"


def write_points(before: float, after: float) -> str:
    """Write the size of a change of a percentage, without its sign; "" where the two printed percentages would give
    another last digit, which a sentence has no room to explain.

    >>> write_points(34.5092, 33.9478), write_points(15.1163, 9.4595)
    ('0.6 percentage points', '')
    """
    size = f"{abs(after - before):.1f}"
    points = f"{size} percentage point{'' if size == '1.0' else 's'}"
    return "" if _before_rounding(before, after) else points


def _before_rounding(before: float, after: float) -> str:
    printed = Decimal(f"{after:.1f}") - Decimal(f"{before:.1f}")
    return " before rounding" if printed != Decimal(f"{after - before:.1f}") else ""


def write_percent_change(change_pct: float) -> str:
    """Write a signed percentage change to one decimal: `+15.7%`."""
    return f"{_sign(change_pct, change_pct)}{abs(change_pct):.1f}%"


def write_day(iso_date: str) -> str:
    """Write a day as people write it.

    >>> write_day("2017-07-30")
    '30 July 2017'
    """
    day = date.fromisoformat(iso_date)
    return f"{day.day} {day:%B %Y}"


def write_chance(share: float) -> str:
    """Write a chance of 0-1 in whole percent; never 0% or 100% for what can still happen.

    >>> write_chance(0.919), write_chance(0.9999), write_chance(0.0)
    ('92%', 'over 99%', 'under 1%')
    """
    if share < 0.005:
        return "under 1%"
    return "over 99%" if share > 0.995 else f"{100 * share:.0f}%"


def write_ratio(ratio: float) -> str:
    """Write a ratio to two decimals, or to as many as it takes not to print 1.00 for a ratio that isn't 1.

    >>> write_ratio(1.0003), write_ratio(1.157)
    ('1.0003', '1.16')
    """
    if isinf(ratio):
        return "no upper limit"
    decimals = 2
    if ratio != 1 and round(ratio, 2) == 1:
        decimals = min(6, -floor(log10(abs(ratio - 1))))
    return f"{ratio:.{decimals}f}"


def write_interval(lower: float, upper: float, measure: str) -> str:
    """Write the two ends of a 95% range."""
    if measure == "ratio":
        return f"{write_ratio(lower)}–{write_ratio(upper)}"
    return f"{_signed_points(lower)} to {_signed_points(upper)} points"


def _signed_points(value: float) -> str:
    text = f"{abs(value):.1f}"
    return f"{_sign(float(text), value)}{text}"


def _sign(shown: float, value: float) -> str:
    if shown == 0:
        return ""
    return "+" if value > 0 else MINUS
