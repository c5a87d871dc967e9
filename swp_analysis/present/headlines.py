"""What a chart, a card or a list says first. In: a finding, a series. Out: a headline of at most fifteen words with
both figures, made from the verdict."""

from collections.abc import Callable, Sequence
from math import log

from swp_analysis.analysis.findings import Finding
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.periods import QUARTERS, previous_year
from swp_analysis.present.numbers import write_value
from swp_analysis.present.series import Point, Series
from swp_analysis.present.words import (
    CLEAR_GROUPS,
    UNKNOWN,
    WITHHELD,
    group_by_verdict,
    is_clear,
    list_words,
    lower_first,
    write_strength,
)

MOST_WORDS = 15
WAYS = {"up": "rose", "down": "fell"}
# So many quarters with a figure make the highest or lowest of them worth a mention.
LEAST_QUARTERS = 6
NUMBER_WORDS = tuple("none one two three four five six seven eight nine ten eleven twelve".split())
# From this percentage on a change has a name; the first that is reached counts.
RISES = ((105, "more than doubled"), (95, "doubled"), (80, "nearly doubled"))
FALLS = ((-55, "fell by more than half"), (-45, "halved"))


def write_headline(finding: Finding) -> str:
    """Write what happened to an indicator, from its verdict: `Firearm violence nearly doubled: 63, up from 33`."""
    name, unit = finding.indicator.name, finding.indicator.unit
    if finding.withheld:
        return f"{name}: {WITHHELD.lower()}"
    if finding.before is None or finding.after is None:
        return f"{name}: {UNKNOWN.lower()}"
    part = "" if finding.quarters == QUARTERS else f" in {quarters_in_words(finding.quarters)}"
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    if is_clear(finding):
        way = "up" if finding.verdict.direction == "up" else "down"
        return f"{name} {_name_move(finding)}: {after}{part}, {way} from {before} ({write_strength(finding)})"
    verdict = "no clear change" if finding.verdict.direction == "no clear change" else UNKNOWN.lower()
    return f"{name}: {before} to {after}{part}, {verdict}"


def write_quarter_headline(finding: Finding, series: Series) -> str:
    """Write the year's headline, and that the last quarter is the highest or lowest of all where it is."""
    headline, last = write_headline(finding), _write_extreme(series)
    whole = f"{headline}; last quarter ({series.reported[-1].text}) the {last}" if last else headline
    return whole if len(whole.split()) <= MOST_WORDS else headline


def write_group_headline(findings: Sequence[Finding]) -> str:
    """Write what several findings show together, as the title of a chart of them; it names one, so that no other chart
    of a page has the same title."""
    groups = group_by_verdict(findings)
    clear = [finding for name in CLEAR_GROUPS for finding in groups[name]]
    if not clear:
        return _write_no_change(findings)
    names = {way: [lower_first(f.indicator.name) for f in clear if f.verdict.direction == way] for way in WAYS}
    said = [f"{list_words(names[way])} {verb}" for way, verb in WAYS.items() if names[way]]
    more = f"{_name_both_years(max(clear, key=_find_size))} and {spell_number(len(clear) - 1)} more changes"
    return _first_that_fits("; ".join(said), more, f"{spell_number(len(clear))} {_name_kind(clear)} clearly changed")


def _write_no_change(findings: Sequence[Finding]) -> str:
    """That nothing changed clearly, and by how little what moved most did."""
    compared = [one for one in findings if one.verdict.direction == "no clear change" and one.change is not None]
    count = spell_number(len(findings))
    if not compared:
        name = lower_first(findings[0].indicator.name)
        return _first_that_fits(f"Not enough data to compare {name} and the others", f"{count} that can't be compared")
    most = _name_both_years(max(compared, key=_find_size))
    return _first_that_fits(
        f"No clear change: the largest, {most}, could be chance",
        f"No clear change: {most}",
        f"None of the {count} {_name_kind(findings)} changed more than chance would explain",
    )


def _name_kind(findings: Sequence[Finding]) -> str:
    """Counts or percentages: two charts of a page that have no room for a name differ in this."""
    units = {finding.indicator.unit for finding in findings}
    return {"count": "counts", "percent": "percentages"}.get(units.pop(), "figures") if len(units) == 1 else "figures"


def _name_both_years(finding: Finding) -> str:
    unit = finding.indicator.unit
    before, after = write_value(finding.before, unit), write_value(finding.after, unit)
    return f"{lower_first(finding.indicator.name)}, {before} to {after}"


def _find_size(finding: Finding) -> float:
    """How far a figure moved, for counts as a multiple, so that a rise and a fall can be compared."""
    effect = finding.verdict.evidence.effect
    if finding.verdict.evidence.measure == "ratio":
        return abs(log(effect)) if effect else 0.0
    return abs(effect or 0.0) / 100


def _first_that_fits(*titles: str) -> str:
    """The first title that is short enough, else the last; with a capital."""
    title = next((one for one in titles if len(one.split()) <= MOST_WORDS), titles[-1])
    return f"{title[0].upper()}{title[1:]}"


def write_quarters_headline(several: Sequence[Series]) -> str:
    """Write what the last quarters of several indicators show, as the title of a chart of them."""
    ends = _find_extremes(several)
    if not ends:
        return f"Last quarter: none of the {spell_number(len(several))} is the highest or lowest of its line"
    counted = " and ".join(
        f"{spell_number(len(names))} at {'its' if len(names) == 1 else 'their'} {way}" for way, names in ends.items()
    )
    return _first_that_fits(
        f"Last quarter: {' and '.join(f'{list_words(names)} at the {way}' for way, names in ends.items())} so far",
        f"Last quarter: {counted} so far, of {spell_number(len(several))}",
    )


def write_quarters(several: Sequence[Series]) -> str:
    """Write which of several indicators were at the highest or lowest of their line in the last quarter, with the
    figure and the one before it."""
    ends = _find_extremes(several, _name_last)
    said = ". ".join(f"{way.capitalize()} so far: {'; '.join(names)}" for way, names in ends.items())
    return f"Since last quarter. {said}." if ends else f"{write_quarters_headline(several)}."


def _name_last(series: Series) -> str:
    """`knife violence (56 to 67)`, without the figure before where there is none."""
    last, before = series.points[-1], series.points[-2]
    return f"{_name(series)} ({f'{before.text} to ' if before.status == 'reported' else ''}{last.text})"


def _name(series: Series) -> str:
    return lower_first(series.indicator.name)


def _find_extremes(several: Sequence[Series], write: Callable[[Series], str] = _name) -> dict[str, list[str]]:
    """The names of those whose last quarter is the highest or lowest of all that are known."""
    ends = {way: [one for one in several if _write_extreme(one).startswith(way)] for way in ("highest", "lowest")}
    return {way: [write(one) for one in found] for way, found in ends.items() if found}


def write_latest(series: Series) -> str:
    """Write the last quarter with a figure against the one before it and the same one a year before; "" without one."""
    if not series.reported or series.is_snapshot:
        return ""
    last = series.reported[-1]
    place = series.points.index(last)
    before = series.points[place - 1] if place else None
    year_before = series.of(previous_year(last.financial_year), last.quarter)
    against = [
        f"{_compare(last, other)} {words}"
        for other, words in ((before, "the quarter before"), (year_before, "a year earlier"))
        if other and other.status == "reported"
    ]
    said = f", {list_words(against)}" if against else ""
    return f"Last quarter ({last.label}): {last.text}{said}."


def _compare(last: Point, other: Point) -> str:
    if last.value == other.value:
        return "the same as"
    return f"{'up' if last.value > other.value else 'down'} from {other.text}"


def spell_number(number: int) -> str:
    """Give small numbers as words, larger ones as digits."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)


def _name_move(finding: Finding) -> str:
    percent = finding.change_pct
    if finding.verdict.direction == "up":
        named = [name for least, name in RISES if percent is not None and percent >= least]
        return named[0] if named else "rose"
    named = [name for most, name in FALLS if percent is not None and percent <= most]
    return named[0] if named else "fell"


def _write_extreme(series: Series) -> str:
    """`highest of eight` or `lowest of eight`, where no other quarter equals the last; "" else."""
    known = series.reported
    if len(known) < LEAST_QUARTERS or not series.points or series.points[-1].status != "reported":
        return ""
    last, others = known[-1].value, [point.value for point in known[:-1]]
    if last > max(others):
        return f"highest of {spell_number(len(known))}"
    return f"lowest of {spell_number(len(known))}" if last < min(others) else ""
