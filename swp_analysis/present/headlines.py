"""What a chart, a card or a list says first. In: findings, series. Out: headlines of at most fifteen words with both
figures, made from the verdicts; what the last quarters show."""

from collections.abc import Sequence
from math import log
from typing import Any

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.present.phrases import list_variants, lower_first, say
from swp_analysis.present.series import Series
from swp_analysis.present.words import CLEAR_GROUPS, NO_CHANGE, describe_finding, group_by_verdict, write_headline

MOST_WORDS = 15
# So many quarters with a figure make the highest or lowest of them worth a mention.
LEAST_QUARTERS = 6


def write_quarter_headline(finding: Finding, series: Series) -> str:
    """Write the year's headline, and that the last quarter is the highest or lowest of all where it is."""
    headline, way, known = write_headline(finding), _name_extreme(series), series.reported
    if not way:
        return headline
    whole = say("with_last_quarter", headline=headline, way=way, now=known[-1].text, count=len(known))
    return whole if len(whole.split()) <= MOST_WORDS else headline


def write_group_headline(findings: Sequence[Finding]) -> str:
    """Write what several findings show together, as the title of a chart of them; it names one, so that no other chart
    of a page has the same title."""
    groups = group_by_verdict(findings)
    clear = [finding for name in CLEAR_GROUPS for finding in groups[name]]
    compared = [one for one in groups[NO_CHANGE] if one.change is not None]
    about = {"count": len(clear or findings), "kind": _name_kind(clear or findings), "more": len(clear) - 1}
    for way, up in (("rose", True), ("fell", False)):
        about[way] = [lower_first(f.indicator.name) for f in clear if (f.verdict.direction == "up") is up]
    situation = "clear" if clear else "no change" if compared else "unknown"
    most = max(clear or compared or findings[:1], key=_find_size)
    return _say_first_that_fits(f"several.{situation}", **describe_finding(most), **about)


def _say_first_that_fits(phrase: str, /, **figures: Any) -> str:
    """The first of several phrases that is short enough, else the last; with a capital."""
    titles = [say(one, **figures) for one in list_variants(phrase)]
    title = next((one for one in titles if len(one.split()) <= MOST_WORDS), titles[-1])
    return f"{title[0].upper()}{title[1:]}"


def _name_kind(findings: Sequence[Finding]) -> str:
    """Counts or percentages: two charts of a page that have no room for a name differ in this."""
    units = {finding.indicator.unit for finding in findings}
    return {"count": "counts", "percent": "percentages"}.get(units.pop(), "figures") if len(units) == 1 else "figures"


def _find_size(finding: Finding) -> float:
    """How far a figure moved, for counts as a multiple, so that a rise and a fall can be compared."""
    effect = finding.verdict.evidence.effect
    if finding.verdict.evidence.measure == "ratio":
        return abs(log(effect)) if effect else 0.0
    return abs(effect or 0.0) / 100


def write_quarters_headline(several: Sequence[Series]) -> str:
    """Write what the last quarters of several indicators show, as the title of a chart of them."""
    ends = {way: [lower_first(one.indicator.name) for one in found] for way, found in _find_extremes(several).items()}
    name = "last_quarters.ends" if any(ends.values()) else "last_quarters.none"
    return _say_first_that_fits(name, count=len(several), **ends)


def write_quarters(several: Sequence[Series]) -> str:
    """Write which of several indicators were at the highest or lowest of their line in the last quarter, with the
    figure and the one before it."""
    ends = {way: list(map(_name_last, found)) for way, found in _find_extremes(several).items()}
    return say("since_last_quarter", **ends) if any(ends.values()) else f"{write_quarters_headline(several)}."


def _name_last(series: Series) -> str:
    """`knife violence (56 to 67)`, without the figure before where there is none."""
    last, before = series.points[-1], series.points[-2]
    was = before.text if before.status == "reported" else ""
    return say("last_two", name=series.indicator.name, now=last.text, before=was)


def _find_extremes(several: Sequence[Series]) -> dict[str, list[Series]]:
    """Those whose last quarter is the highest, or the lowest, of all that are known."""
    return {way: [one for one in several if _name_extreme(one) == way] for way in ("highest", "lowest")}


def _name_extreme(series: Series) -> str:
    """`highest` or `lowest`, where no other quarter equals the last; "" else."""
    known = [point.value for point in series.reported]
    if len(known) < LEAST_QUARTERS or series.points[-1].status != "reported":
        return ""
    return "highest" if known[-1] > max(known[:-1]) else "lowest" if known[-1] < min(known[:-1]) else ""


def write_latest(series: Series) -> str:
    """Write the last quarter with a figure against the one before it and the same one a year before; "" without one."""
    if not series.reported or series.is_snapshot:
        return ""
    last = series.reported[-1]
    place = series.points.index(last)
    pairs = {
        "the quarter before": series.points[place - 1] if place else None,
        "a year earlier": series.of(previous_year(last.financial_year), last.quarter),
    }
    against = [
        say("against.same" if last.value == other.value else "against.other", up=last.value > other.value,
            before=other.text, when=when)
        for when, other in pairs.items() if other and other.status == "reported"
    ]  # fmt: skip
    return say("latest", period=last.label, now=last.text, against=against)
