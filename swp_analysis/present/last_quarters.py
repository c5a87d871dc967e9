"""What the last quarters show. In: protected series, findings. Out: headlines and sentences.

The last quarter of several lines is the newest that any of them has.
"""

from collections.abc import Sequence

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.periods import previous_year
from swp_analysis.present.phrases import lower_first, say
from swp_analysis.present.series import Series, find_last_two
from swp_analysis.present.words import MOST_WORDS, say_first_that_fits, write_headline

# So many quarters with a figure make the highest or lowest of them worth a mention.
LEAST_QUARTERS = 6


def write_quarter_headline(finding: Finding, series: Series) -> str:
    """Write the year's headline, and that the last quarter is the highest or lowest of all where it is."""
    headline, way, known = write_headline(finding), _name_extreme(series), series.reported
    if not way or finding.latest is None or known[-1].financial_year != finding.financial_year:
        return headline
    whole = say("with_last_quarter", headline=headline, way=way, now=known[-1].text, count=len(known))
    return whole if len(whole.split()) <= MOST_WORDS else headline


def write_quarters_headline(several: Sequence[Series]) -> str:
    """Write what the last quarters of several indicators show, as the title of a chart of them."""
    newest = _keep_newest(several)
    ends = {way: [lower_first(one.indicator.name) for one in found] for way, found in _find_extremes(newest).items()}
    name = "last_quarters.ends" if any(ends.values()) else "last_quarters.none"
    return say_first_that_fits(name, count=len(newest), **ends)


def write_quarters(several: Sequence[Series]) -> str:
    """Write which of several indicators were at the highest or lowest of their line in the last quarter, with the
    figure and the one before it."""
    ends = {way: list(map(_name_last, found)) for way, found in _find_extremes(_keep_newest(several)).items()}
    return say("since_last_quarter", **ends) if any(ends.values()) else f"{write_quarters_headline(several)}."


def _name_last(series: Series) -> str:
    """`knife violence (56 to 67)`, without the figure before where there is none."""
    last, before = find_last_two(series)
    return say(
        "last_two", name=series.indicator.name, now=last.text if last else "", before=before.text if before else ""
    )


def _keep_newest(several: Sequence[Series]) -> list[Series]:
    """Those that have a figure of the newest quarter of which there is any."""
    last = max((one.reported[-1].starts for one in several if one.reported), default=None)
    return [one for one in several if one.reported and one.reported[-1].starts == last]


def _find_extremes(newest: Sequence[Series]) -> dict[str, list[Series]]:
    """Those whose last figure is the highest, or the lowest, of their line."""
    return {way: [one for one in newest if _name_extreme(one) == way] for way in ("highest", "lowest")}


def _name_extreme(series: Series) -> str:
    """`highest` or `lowest`, where no other quarter equals the last with a figure; "" else."""
    known = [point.value for point in series.reported]
    if len(known) < LEAST_QUARTERS:
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
    changing = "provisional.latest" if last.provisional else "provisional.some"
    is_said = any(point.provisional for point in series.points)
    return say("latest", changing if is_said else "", period=last.label, now=last.text, against=against)
