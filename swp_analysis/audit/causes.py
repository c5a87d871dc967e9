"""Why a stated number may differ from the table. In: a claim that no reading confirms. Out: the likeliest `Cause`.

The claim is read again in every other way that a report goes wrong: another row, quarter or year, points for percent,
a stock added up, the printed baseline as base, the text's own figures. A cause that also explains the other figures of
the same sentence goes before one that explains this figure alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import TableFigures, YearSpan, exactly
from swp_analysis.audit.recompute import (
    Result,
    agrees,
    change_between,
    recompute,
    write_number,
    write_pair,
    write_result,
)
from swp_analysis.audit.spans_meant import quarter_before
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import QUARTERS, display_year, following_year, previous_year
from swp_analysis.engines.small_numbers.rounding import is_print_of

# Fewer cases than this are found somewhere in every table, so they name no other row or quarter for certain.
LEAST_TELLING = 5


@dataclass(frozen=True)
class Cause:
    """Where the stated number comes from; `other_scope` when it is right for another period or in another unit."""

    words: str
    other_scope: bool
    rank: int
    row: str = ""


def find_cause(claim: Claim, group: list[Claim], figures: TableFigures) -> Cause | None:
    """Find the likeliest cause, or None when no other figure of the tables gives the stated number."""
    found = [cause for reading in claim.readings for cause in _causes(claim, reading, figures)]
    if not found:
        return None
    return max(found, key=lambda cause: (_explains(cause, group, figures), -cause.rank))


def _causes(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    searches = [_other_rows, _stock_sums]
    searches += (
        [_other_periods, _averages] if reading.metric == "level" else [_other_units, _other_bases, _other_comparisons]
    )
    for search in searches:
        yield from search(claim, reading, figures)


def _explains(cause: Cause, group: list[Claim], figures: TableFigures) -> int:
    """How many claims of the group the cause's row confirms; any other cause explains its own claim only."""
    if not cause.row:
        return 1
    return sum(any(_fits(claim, replace(r, indicator=cause.row), figures) for r in claim.readings) for claim in group)


def family(name: str, catalogue: Catalogue) -> list[str]:
    """Give the rows that are easily taken for one another: a group, its sub-groups and their companion shares."""
    root = catalogue.indicators[name].subgroup_of or name
    return [
        other.id
        for other in catalogue.indicators.values()
        if other.id != name and root in (other.id, other.subgroup_of) and other.unit == catalogue.indicators[name].unit
    ]


def _fits(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Result | None:
    result = recompute(reading, figures)
    printed = claim.printed
    return result if result is not None and printed is not None and result.certain and agrees(claim, result) else None


def _is_telling(claim: Claim) -> bool:
    printed = claim.printed
    return printed is not None and (printed.decimals > 0 or printed.size >= LEAST_TELLING)


def _other_rows(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    for name in family(reading.indicator, figures.catalogue):
        result = _fits(claim, replace(reading, indicator=name), figures)
        if result is not None and _is_telling(claim):
            label = figures.catalogue.indicators[name].label
            detail = f"{write_pair(result)}, {write_result(result)}" if result.base else write_result(result)
            yield Cause(f"that is the row {label!r} ({detail})", False, 3, name)


def _other_periods(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    year = reading.span.year
    for span in _quarters_of(year, reading, figures):
        result = _fits(claim, replace(reading, span=span), figures)
        if result is not None and _is_telling(claim):
            yield Cause(f"that is {span} alone", reading.span.is_year, 1)
    if (
        not reading.span.is_year
        and (result := _fits(claim, replace(reading, span=YearSpan(year)), figures)) is not None
    ):
        yield Cause(f"that is the year {display_year(year)}", True, 1)
    for other in (previous_year(year), following_year(year)):
        span = YearSpan(other, reading.span.quarters)
        if _fits(claim, replace(reading, span=span), figures) is not None and _is_telling(claim):
            yield Cause(f"that is the figure of {span}", False, 2)
    if reading.span.is_year and _fits(claim, replace(reading, span=YearSpan(year, (1, 2, 3))), figures) is not None:
        yield Cause("that is the first three quarters", True, 4)
    quoted = reading.span.is_year and claim.kind != "printed_baseline"
    baseline = figures.printed_baseline(reading.indicator, year) if quoted else None
    if (
        baseline is not None
        and claim.printed
        and is_print_of(claim.printed, baseline.value)
        and reading.measure == "value"
    ):
        yield Cause("that is the printed baseline, which its own quarters don't give", False, 5)


def _quarters_of(year: str, reading: FigureMeant, figures: TableFigures) -> Iterator[YearSpan]:
    for span in sorted(figures.spans(reading.indicator), reverse=True):
        if span.year == year and span != reading.span:
            yield span


def _stock_sums(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    indicator = figures.catalogue.indicators[reading.indicator]
    if indicator.kind != "stock" or claim.printed is None or reading.metric != "level":
        return
    parts = [figures.get(indicator.id, YearSpan(reading.span.year, (quarter,))) for quarter in QUARTERS]
    values = [part.value for part in parts if part is not None]
    if len(values) > 1 and claim.printed.value == sum(values):
        added = " + ".join(write_number(value) for value in values)
        yield Cause(
            f"that is {added}: head counts of different days added up, which counts the same people again", True, 0
        )


def _averages(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    if figures.catalogue.indicators[reading.indicator].unit != "percent" or not reading.span.is_year:
        return
    parts = [figures.get(reading.indicator, YearSpan(reading.span.year, (quarter,))) for quarter in QUARTERS]
    values = [part.value for part in parts if part is not None]
    if len(values) == len(QUARTERS) and claim.printed and is_print_of(claim.printed, sum(values) / len(values)):
        yield Cause("that is the plain average of the four quarters, which don't weigh the same", True, 2)


def _other_units(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    share = figures.catalogue.indicators[reading.indicator].unit == "percent"
    if share and reading.metric == "percent" and _fits(claim, replace(reading, metric="points"), figures):
        yield Cause("those are percentage points, not percent", True, 0)
    if share and reading.metric == "points" and _fits(claim, replace(reading, metric="percent"), figures):
        yield Cause("that is the change in percent, not in points", True, 0)
    if reading.metric == "change" and not share and _fits(claim, replace(reading, metric="percent"), figures):
        yield Cause("that is the change in percent, not in number", False, 2)
    if reading.metric == "percent" and not share and _is_telling(claim):
        if _fits(claim, replace(reading, metric="change"), figures):
            yield Cause("that is the change in number, not in percent", False, 2)
        backwards = recompute(replace(reading, span=reading.base, base=reading.span), figures) if reading.base else None
        if backwards is not None and claim.printed and is_print_of(claim.printed, backwards.value):
            yield Cause("that is the change as a share of the later figure", False, 3)


def _other_bases(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    """The change from the printed baseline, where that isn't what its own quarters give."""
    if reading.base is None or not reading.base.is_year or reading.measure != "value" or claim.printed is None:
        return
    baseline = figures.printed_baseline(reading.indicator, reading.base.year)
    own, new = figures.get(reading.indicator, reading.base), figures.get(reading.indicator, reading.span)
    if baseline is None or own is None or new is None or is_print_of(claim.printed, 0) or baseline.value == own.value:
        return
    share = figures.catalogue.indicators[reading.indicator].unit == "percent"
    for metric in (reading.metric, "points") if share else (reading.metric,):
        result = change_between(replace(reading, metric=metric), baseline, new, share)
        if result is not None and agrees(claim, result):
            unit = "" if metric == reading.metric else "percentage points, not percent, "
            given = write_number(own.value, share=share)
            words = f"that is {unit}from the printed baseline of {write_number(baseline.value, share=share)}"
            yield Cause(
                f"{words}{_baseline_slip(reading, baseline, figures)}, while the quarters give {given}", False, 1
            )


def _baseline_slip(reading: FigureMeant, baseline, figures: TableFigures) -> str:
    for span in _quarters_of(reading.base.year, reading, figures) if reading.base else ():
        quarter = figures.get(reading.indicator, span)
        if quarter is not None and quarter.value == baseline.value:
            return f", which is {span} alone"
    return ""


def _other_comparisons(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Cause]:
    if not _is_telling(claim):
        return
    year = reading.span.year
    for span in sorted(figures.spans(reading.indicator), reverse=True):
        if span.year != year:
            continue
        for base in (quarter_before(span), YearSpan(previous_year(year), span.quarters)):
            if (base, span) == (reading.base, reading.span):
                continue
            result = _fits(claim, replace(reading, span=span, base=base), figures)
            if result is not None:
                yield Cause(f"that is {base} to {span} ({write_pair(result)})", True, 4)
    if not reading.span.is_year and _fits(
        claim, replace(reading, span=YearSpan(year), base=YearSpan(previous_year(year))), figures
    ):
        yield Cause("that is the change over the whole year", True, 2)


def stated_pair(group: list[Claim]) -> tuple[Claim, Claim] | None:
    """Give the two figures of a change as the text itself states them (37 and 64), or None."""
    before = [claim for claim in group if claim.kind == "previous_level" and claim.printed]
    after = [claim for claim in group if claim.kind in ("level", "baseline_new") and claim.printed]
    return (before[0], after[0]) if len(before) == 1 and len(after) == 1 else None


def follows_from_text(claim: Claim, group: list[Claim]) -> bool:
    """Tell whether a stated change is what the text's own two figures give."""
    pair = stated_pair(group)
    if pair is None or not claim.readings or claim.readings[0].metric == "level" or claim.printed is None:
        return False
    base, new = (exactly(one.printed.value if one.printed else 0.0) for one in pair)
    result = change_between(claim.readings[0], base, new, is_share=False)
    return result is not None and is_print_of(claim.printed, result.value)
