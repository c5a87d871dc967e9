"""Why a stated number may differ from the table. In: a claim that no reading confirms. Out: the likeliest `Cause`.

The claim is read again in every other way that a report goes wrong: another row, quarter or year, points for percent,
a stock added up, the printed baseline as base, the text's own figures. A cause that also explains the other figures of
the same sentence goes before one that explains this figure alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from swp_analysis.audit.claims import Claim, FigureMeant, Metric
from swp_analysis.audit.figures import TableFigures, YearSpan, exactly
from swp_analysis.audit.recompute import Result, agrees, change_between, recompute, write_number, write_result
from swp_analysis.catalogue.periods import QUARTERS, display_year, following_year, previous_year
from swp_analysis.engines.small_numbers.rounding import is_print_of

# Fewer cases than this are found somewhere in every table, so they name no other row or quarter for certain.
LEAST_TELLING = 5


@dataclass(frozen=True)
class Cause:
    """Where the stated number comes from; `other_scope` when it is right for another period or in another unit.

    `{result}` and `{pair}` in its words are what the other figure comes to; of the causes that explain as many figures
    the lowest `rank` counts, and a `telling` one only for numbers that are found by chance seldom enough.
    """

    words: str
    other_scope: bool
    rank: int
    row: str = ""
    telling: bool = True


# Another figure that may have been meant, or a number that the tables don't give so, and the cause that it would be.
Variant = tuple[FigureMeant | float, Cause]

# The other unit, by the metric and whether the row is a share.
_UNITS: dict[tuple[str, bool], tuple[Metric, Cause]] = {
    ("percent", True): ("points", Cause("those are percentage points, not percent", True, 0, telling=False)),
    ("points", True): ("percent", Cause("that is the change in percent, not in points", True, 0, telling=False)),
    ("change", False): ("percent", Cause("that is the change in percent, not in number", False, 2, telling=False)),
    ("percent", False): ("change", Cause("that is the change in number, not in percent", False, 2)),
}


def find_cause(claim: Claim, group: list[Claim], figures: TableFigures) -> Cause | None:
    """Find the likeliest cause, or None when no other figure of the tables gives the stated number."""
    printed = claim.printed
    if printed is None:
        return None
    is_chance = printed.decimals == 0 and printed.size < LEAST_TELLING
    found: list[Cause] = []
    for other, cause in (one for reading in claim.readings for one in _vary(claim, reading, figures)):
        if is_chance and cause.telling:
            continue
        if isinstance(other, float):
            found += [cause] if is_print_of(printed, other) else []
        elif result := _fits(claim, other, figures):
            detail = ", ".join(filter(None, (result.pair, write_result(result))))
            found.append(replace(cause, words=cause.words.format(pair=result.pair, result=detail)))
    return max(found, key=lambda cause: (_explains(cause, group, figures), -cause.rank), default=None)


def _fits(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Result | None:
    result = recompute(reading, figures)
    return result if result is not None and result.certain and agrees(claim, result) else None


def _explains(cause: Cause, group: list[Claim], figures: TableFigures) -> int:
    """How many claims of the group the cause's row confirms; any other cause explains its own claim only."""
    if not cause.row:
        return 1
    return sum(any(_fits(claim, replace(r, indicator=cause.row), figures) for r in claim.readings) for claim in group)


def _vary(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Variant]:
    """Read a claim in every other way."""
    yield from _other_rows(reading, figures)
    if reading.metric == "part":
        return
    is_level, is_whole = reading.metric == "level", reading.measure == "value"
    yield from (_other_levels if is_level else _other_changes)(reading, figures)
    if is_whole and is_level:
        yield from _made_of_quarters(claim, reading, figures)
    elif is_whole:
        yield from _made_of_bases(reading, figures)


def _other_rows(reading: FigureMeant, figures: TableFigures) -> Iterator[Variant]:
    """Rows that are easily taken for one another: a group, its sub-groups and their companion shares."""
    rows = figures.catalogue.indicators
    own = rows[reading.indicator]
    root = own.subgroup_of or own.id
    for other in rows.values():
        if other.id != own.id and root in (other.id, other.subgroup_of) and other.unit == own.unit:
            label = other.label.replace("{", "{{").replace("}", "}}")
            cause = Cause(f"that is the row {label!r} ({{result}})", False, 3, other.id)
            yield replace(reading, indicator=other.id), cause


def _other_levels(reading: FigureMeant, figures: TableFigures) -> Iterator[Variant]:
    year, is_year = reading.span.year, reading.span.is_year
    for span in _quarters_of(year, reading, figures):
        yield replace(reading, span=span), Cause(f"that is {span} alone", is_year, 1)
    for other in (previous_year(year), following_year(year)):
        span = YearSpan(other, reading.span.quarters)
        yield replace(reading, span=span), Cause(f"that is the figure of {span}", False, 2)
    if is_year:
        cause = Cause("that is the first three quarters", True, 4, telling=False)
        yield replace(reading, span=YearSpan(year, QUARTERS[:3])), cause
    else:
        yield replace(reading, span=YearSpan(year)), Cause(f"that is the year {display_year(year)}", True, 1, "", False)


def _other_changes(reading: FigureMeant, figures: TableFigures) -> Iterator[Variant]:
    year, share = reading.span.year, figures.catalogue.indicators[reading.indicator].unit == "percent"
    if other := _UNITS.get((reading.metric, share)):
        yield replace(reading, metric=other[0]), other[1]
    for quarter in _quarters_of(year, reading, figures):
        for base, span in quarter.changes:
            if (base, span) != (reading.base, reading.span):
                yield replace(reading, span=span, base=base), Cause(f"that is {base} to {span} ({{pair}})", True, 4)
    if not reading.span.is_year:
        of_year = replace(reading, span=YearSpan(year), base=YearSpan(previous_year(year)))
        yield of_year, Cause("that is the change over the whole year", True, 2)


def _quarters_of(year: str, reading: FigureMeant, figures: TableFigures) -> list[YearSpan]:
    """The other quarters of a year that have a figure, the latest first."""
    spans = sorted(figures.spans(reading.indicator), reverse=True)
    return [span for span in spans if span.year == year and (span != reading.span or reading.metric != "level")]


def _made_of_quarters(claim: Claim, reading: FigureMeant, figures: TableFigures) -> Iterator[Variant]:
    """Head counts added up, percentages averaged, one month alone, and the baseline that is printed for a year."""
    indicator, is_year = figures.catalogue.indicators[reading.indicator], reading.span.is_year
    parts = [figures.get(indicator.id, quarter) for quarter in YearSpan(reading.span.year).each]
    values = [part.value for part in parts if part is not None]
    if indicator.kind == "stock" and len(values) > 1:
        added = " + ".join(write_number(value) for value in values)
        words = f"that is {added}: head counts of different days added up, which counts the same people again"
        yield sum(values), Cause(words, True, 0, telling=False)
    if indicator.unit == "percent" and len(values) == len(QUARTERS) and is_year:
        words = "that is the plain average of the four quarters, which don't weigh the same"
        yield sum(values) / len(values), Cause(words, True, 2, telling=False)
    for (name, *_), month in figures.snapshots.items():
        if name == indicator.id and month.value == month.value:
            words = f"that is printed for one month only ({month.period_start[:7]})"
            yield float(month.value), Cause(words, True, 6, telling=False)
    baseline = figures.printed_baseline(indicator.id, reading.span.year) if is_year else None
    if baseline is not None and claim.kind != "printed_baseline":
        words = "that is the printed baseline, which its own quarters don't give"
        yield baseline.value, Cause(words, False, 5, telling=False)


def _made_of_bases(reading: FigureMeant, figures: TableFigures) -> Iterator[Variant]:
    """A share of the later figure, and the change from a printed baseline that isn't what its own quarters give."""
    own, new = (figures.get(reading.indicator, span) if span else None for span in (reading.base, reading.span))
    share = figures.catalogue.indicators[reading.indicator].unit == "percent"
    if reading.base is None or own is None or new is None:
        return
    if reading.metric == "percent" and not share and new.value:
        cause = Cause("that is the change as a share of the later figure", False, 3)
        yield 100 * (own.value - new.value) / new.value, cause
    baseline = figures.printed_baseline(reading.indicator, reading.base.year) if reading.base.is_year else None
    if baseline is None or baseline.value == own.value:
        return
    printed, given = (write_number(one.value, share=share) for one in (baseline, own))
    parts = [(span, figures.get(reading.indicator, span)) for span in _quarters_of(reading.base.year, reading, figures)]
    slip = next((f", which is {span} alone" for span, one in parts if one and one.value == baseline.value), "")
    for metric in dict.fromkeys((reading.metric, "points" if share else reading.metric)):
        result = change_between(replace(reading, metric=metric), baseline, new, share)
        unit = "" if metric == reading.metric else "percentage points, not percent, "
        if result is not None and result.value:
            words = f"that is {unit}from the printed baseline of {printed}{slip}, while the quarters give {given}"
            yield result.value, Cause(words, False, 1, telling=False)


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
