"""Numbers that only our own sentences print: ranges, scatter, printed baselines. In: a claim. Out: a `Judgement`.

A range can't be worked out again in this room; it must hold its own effect, and say what the verdict beside it says.
"""

from __future__ import annotations

from swp_analysis.audit.claims import Claim
from swp_analysis.audit.figures import Figures, Span
from swp_analysis.audit.recompute import recompute, write_number, write_result
from swp_analysis.audit.verdicts import Evidence, Judgement, sentence, untied
from swp_analysis.catalogue.periods import QUARTERS, previous_year
from swp_analysis.engines.small_numbers.rounding import is_print_of, read_printed


def judge_interval(claim: Claim, evidence: Evidence) -> Judgement:
    """`0.95–1.41`: it must hold the recomputed effect, and exclude no change exactly when the text says `clear`."""
    lower, upper = (read_printed(part) for part in claim.stated.split(" to "))
    result = recompute(claim.readings[0], evidence.figures) if claim.readings else None
    if lower is None or upper is None or result is None:
        return untied("the tables don't give the figures that the range belongs to")
    shown = write_result(result)
    margin = max(lower.unit, upper.unit)
    if not lower.value - margin <= result.value <= upper.value + margin:
        return Judgement("contradicted", shown, sentence(f"{claim.stated} doesn't hold the recomputed {shown}"))
    level = 1.0 if result.reading.metric == "ratio" else 0.0
    clear = lower.value > level or upper.value < level
    if claim.direction and clear != (claim.direction == "clear"):
        words = f"{claim.stated} {'leaves out' if clear else 'holds'} no change, but the text says {claim.direction}"
        return Judgement("contradicted", shown, sentence(words))
    return Judgement("confirmed", shown, sentence(f"{claim.stated} holds the recomputed {shown}"))


def judge_dispersion(claim: Claim, evidence: Evidence) -> Judgement:
    """How many times as much as chance the quarters vary: Pearson's statistic of quarter and year over its freedom."""
    reading = claim.readings[0] if claim.readings else None
    spans = [reading.base, reading.span] if reading is not None and reading.base is not None else []
    years = [_year_quarters(reading.indicator, span, evidence) for span in spans]
    if len(years) != 2 or not all(years) or claim.printed is None:
        return untied("the tables don't give every quarter of both years")
    shared = [pair for pair in zip(*years, strict=True) if sum(pair)]
    totals = [sum(side) for side in zip(*shared, strict=True)]
    whole = sum(totals)
    expected = [[sum(pair) * total / whole for total in totals] for pair in shared]
    pearson = sum(
        (n - e) ** 2 / e for pair, row in zip(shared, expected, strict=True) for n, e in zip(pair, row, strict=True)
    )
    dispersion = pearson / (len(shared) - 1)
    verdict = "confirmed" if is_print_of(claim.printed, dispersion) else "contradicted"
    return Judgement(
        verdict, f"{dispersion:.1f}", sentence(f"{claim.stated} in the text; {dispersion:.2f} from the quarters")
    )


def _year_quarters(name: str, span: Span, evidence: Evidence) -> list[float]:
    found = [evidence.figures.get(name, Span(span.year, (quarter,))) for quarter in span.quarters]
    return [one.value for one in found if one is not None] if all(one is not None for one in found) else []


def judge_printed_baseline(claim: Claim, evidence: Evidence) -> Judgement:
    """A baseline quoted as printed; whether its quarters agree is another question."""
    reading = claim.readings[0] if claim.readings else None
    baseline = evidence.figures.printed_baseline(reading.indicator, reading.span.year) if reading else None
    if baseline is None or claim.printed is None:
        return untied("no baseline is printed")
    share = evidence.figures.catalogue.indicators[reading.indicator].unit == "percent"
    shown = write_number(baseline.value, share=share)
    verdict = "confirmed" if is_print_of(claim.printed, baseline.value) else "contradicted"
    return Judgement(verdict, shown, sentence(f"{claim.stated} in the text; the printed baseline is {shown}"))


def judge_tested(claim: Claim, evidence: Evidence) -> Judgement:
    """How many indicators were tested together: counts, and shares of known numbers, that both years have.

    One with a hidden figure may be among them or withheld, so it leaves the number open by one.
    """
    figures, year = evidence.figures, claim.unit
    names = figures.catalogue.indicators
    tested = {name for name in names if _can_be_tested(name, year, figures)}
    open_ones = {name for name in names if _is_hidden(name, year, figures)}
    least, most = len(tested - open_ones), len(tested | open_ones)
    fits = claim.printed is not None and least <= claim.printed.value <= most
    span = str(least) if least == most else f"{least} to {most}"
    words = f"{claim.stated} in the text; {span} indicators can be tested over both years"
    return Judgement("confirmed" if fits else "contradicted", span, sentence(words))


def _is_hidden(name: str, year: str, figures: Figures) -> bool:
    return any(figures.is_hidden(name, Span(one)) for one in (previous_year(year), year))


def _can_be_tested(name: str, year: str, figures: Figures) -> bool:
    spans = set(figures.spans(name))
    quarters = tuple(q for q in QUARTERS if {Span(previous_year(year), (q,)), Span(year, (q,))} <= spans)
    indicator = figures.catalogue.indicators[name]
    if not quarters or indicator.kind == "stock":
        return False
    if indicator.unit == "count":
        return True
    both = [figures.get(name, Span(one, quarters)) for one in (previous_year(year), year)]
    return all(one is not None and one.numerator is not None for one in both)
