"""The figure that a claim should state. In: a reading and the tables. Out: a `Result` in the claim's own metric.

Also writes figures the way an explanation shows them, so that both numbers of a sentence look alike; and holds the
figures of our own text against the tables, which its writer hands over.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.figures import Quantity, TableFigures
from swp_analysis.engines.small_numbers.rounding import Printed, is_print_of, read_printed
from swp_analysis.errors import RunError


@dataclass(frozen=True)
class Result:
    """What a reading comes to: the interval that the tables leave open, and the figures that it is made of."""

    reading: FigureMeant
    lowest: float
    highest: float
    value: float
    new: Quantity
    base: Quantity | None
    is_share: bool
    certain: bool = True

    @property
    def pair(self) -> str:
        """Both figures of a change, `191 to 221`, or of a part of a whole, `1,578 of 6,251`; empty for a level."""
        if self.base is None:
            return ""
        if self.reading.metric == "part":
            return f"{write_number(self.new.value)} of {write_number(self.base.value)}"
        return " to ".join(_write_ends(one, share=self.is_share) for one in (self.base, self.new))


# How each metric is worked out from the later figure and the base.
_SIZES: dict[Metric, Callable[[float, float], float]] = {
    **dict.fromkeys(("change", "points"), lambda new, base: new - base),
    **{"ratio": lambda new, base: new / base, "percent": lambda new, base: 100 * new / base - 100},
    "part": lambda new, base: 100 * new / base,
}


def recompute(reading: FigureMeant, figures: TableFigures) -> Result | None:
    """Work out a reading from the tables; None where the tables don't give its figures."""
    new = figures.get(reading.indicator, reading.span, reading.measure)
    is_share = figures.catalogue.indicators[reading.indicator].unit == "percent" and reading.measure == "value"
    if new is None:
        return None
    if reading.metric == "level":
        return Result(reading, new.lowest, new.highest, new.value, new, None, is_share, new.certain)
    base = figures.get(reading.whole or reading.indicator, reading.base, reading.measure) if reading.base else None
    return change_between(reading, base, new, is_share or reading.metric == "part") if base else None


def change_between(reading: FigureMeant, base: Quantity, new: Quantity, is_share: bool) -> Result | None:
    """Give the change from one quantity to another, in the metric of the reading."""
    if base.lowest <= 0 and reading.metric not in ("change", "points"):
        return None
    size = _SIZES[reading.metric]
    ends = size(new.lowest, base.highest), size(new.highest, base.lowest)
    return Result(reading, *ends, size(new.value, base.value), new, base, is_share, new.certain and base.certain)


def agrees(claim: Claim, result: Result) -> bool | None:
    """Tell whether the claim's number and direction are what was recomputed; None where that is open to argument."""
    if claim.amount is None and claim.printed is None:
        return None
    fits = claim.fits(result.lowest, result.highest)
    if fits is False and result.reading.metric == "points" and result.base and claim.printed:
        now, before = (round(one.value, claim.printed.decimals) for one in (result.new, result.base))
        return None if claim.fits(abs(now - before), abs(now - before)) else False  # the difference of rounded ends
    if fits is False or result.reading.metric in ("level", "part"):
        return fits
    level = 1.0 if result.reading.metric == "ratio" else 0.0
    way = claim.direction or ("down" if claim.printed and claim.printed.negative else "")
    if (way == "up" and result.highest < level) or (way == "down" and result.lowest > level):
        return False
    return fits


def write_number(value: float, *, share: bool = False, decimals: int = 1) -> str:
    """Write a figure of the tables: whole numbers with separators, shares with a percent sign.

    >>> write_number(1128), write_number(33.947, share=True), write_number(11.55)
    ('1,128', '33.9%', '11.6')
    """
    if share:
        return f"{value:.{decimals}f}%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _write_ends(quantity: Quantity, *, share: bool) -> str:
    known = (quantity.value,) if quantity.certain else (quantity.lowest, quantity.highest)
    return "–".join(write_number(one, share=share) for one in known)


def write_result(result: Result, printed: Printed | None = None) -> str:
    """Write what was recomputed, in the metric of the claim, with a place more than printed where that shows why."""
    metric, decimals = result.reading.metric, 1
    if printed is not None and printed.decimals >= 1:
        decimals = printed.decimals + (not is_print_of(printed, round(result.value, printed.decimals)))
    share = result.is_share or metric == "part"
    if not result.certain:
        ends = (replace(result, value=end, certain=True) for end in (result.lowest, result.highest))
        return f"between {' and '.join(write_result(one, printed) for one in ends)}"
    if metric in ("level", "part"):
        shown = write_number(result.value, share=share, decimals=decimals)
        return shown + (_fraction(result.new) if metric == "level" else "")
    if metric == "ratio":
        return f"{result.value:.{max(2, decimals)}f}"
    sign, size = "+" if result.value > 0 else "−" if result.value < 0 else "", abs(result.value)
    if metric == "percent":
        return f"{sign}{size:.{decimals}f}%"
    return f"{sign}{size:.{decimals}f} points" if metric == "points" or share else f"{sign}{write_number(size)}"


def write_with_pair(result: Result, printed: Printed | None = None) -> str:
    """Write what was recomputed and, of a change, what it is made of: `+30 (191 to 221)`."""
    return write_result(result, printed) + (f" ({result.pair})" if result.pair else "")


def _fraction(quantity: Quantity) -> str:
    if quantity.numerator is None or quantity.denominator is None:
        return ""
    return f" ({write_number(quantity.numerator)} of {write_number(quantity.denominator)})"


class OwnFigure(NamedTuple):
    """A figure as our own text writes it, and which one of the tables it is: worked out, or printed as a baseline."""

    said: str
    meant: FigureMeant
    is_baseline: bool = False


def check_own_figures(handed: Iterable[OwnFigure], figures: TableFigures) -> None:
    """Look up each figure of our own text, which is not read back.

    Raises
    ------
    RunError
        With the first that is not what the tables give.
    """
    for one in handed:
        if not _is_borne_out(one, figures):
            name, meant = figures.catalogue.indicators[one.meant.indicator].label, one.meant
            what = f"{one.said!r} is not the {meant.metric} of {name!r} in {meant.span}"
            raise RunError(f"Our own text disagrees with the data: {what}.")


def _is_borne_out(one: OwnFigure, figures: TableFigures) -> bool:
    meant, printed = one.meant, read_printed(one.said)
    baseline = figures.printed_baseline(meant.indicator, meant.span.year) if one.is_baseline else None
    found = baseline or recompute(meant, figures)
    if printed is None or found is None or not found.certain or printed.value * found.value < 0:
        return False
    # A cell may print a share with fewer decimals than the counts of its quarter give.
    indicator = figures.catalogue.indicators[meant.indicator]
    is_share = meant.metric == "level" and indicator.unit == "percent"
    share = figures.add_parts(indicator, meant.span) if is_share else None
    is_rounded = share is not None and share.certain and abs(printed.value - share.value) <= printed.unit / 2
    return is_print_of(printed, found.value) or is_rounded
