"""What findings about areas say in words: one sentence each, every figure from the finding, basis and edition named."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from swp_analysis.analysis.areas.change import AreaChange, AreaSeason, gap_between
from swp_analysis.analysis.areas.rates import Population
from swp_analysis.analysis.areas.series import AreaSeries
from swp_analysis.analysis.evidence import LEVEL
from swp_analysis.open_data.breaks import OpenBreak
from swp_analysis.open_data.offences import TOTAL, OffenceGroup, find_offence
from swp_analysis.open_data.recorded_crime import REPORTED
from swp_analysis.present import read_phrases
from swp_analysis.present.headlines import spell_number
from swp_analysis.present.words import list_words

TABLES: dict[str, str] = read_phrases()["tables"]
LICENCE, NOT_ACCREDITED = (read_phrases()[name] for name in ("licence", "not_accredited"))


def name_source(source: str, edition: str) -> str:
    """Name a table and its edition, as a page names them."""
    reaches = edition.removeprefix("to-").replace("-", "/") if edition.startswith("to-") else ""
    return f"{TABLES.get(source, source)}, {f'with data to {reaches}' if reaches else f'edition {edition}'}"


def show_month(iso_date: str) -> str:
    """Show the month of a day: "June 2025"."""
    return f"{date.fromisoformat(iso_date):%B %Y}"


def _days(row: pd.Series) -> tuple[date, date]:
    return date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])


def show_quarter(row: pd.Series) -> str:
    """Show a quarter by its months: "October to December 2025"."""
    first, last = _days(row)
    return f"{first:%B} to {last:%B} {last.year}"


def ordinal(place: int) -> str:
    """Give a place in words.

    >>> [ordinal(place) for place in (1, 2, 3, 11, 22)]
    ['1st', '2nd', '3rd', '11th', '22nd']
    """
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def say_series(series: AreaSeries) -> str:
    """Give the newest figure of a long series and what lies in it."""
    reported = series.reported
    last = reported.iloc[-1]
    when = f"in {show_quarter(last)}" if series.by == "quarter" else f"in the year to {show_month(last['period_end'])}"
    first = f"Police recorded {last['count']:,.0f} {count_crimes(series.group.id, series.area.name)} {when}."
    return " ".join([first, *say_breaks(series), *_say_missing(series)])


def count_crimes(group: str, area: str) -> str:
    """Name what is counted and where: "crimes in Northbridge", "offences of robbery in Northbridge"."""
    return f"crimes in {area}" if group == TOTAL else f"offences of {find_offence(group).label} in {area}"


def say_year_before(series: AreaSeries) -> str:
    """`, down from 130,002 a year earlier`; "" where that is not known or recording changed in between."""
    frame, steps = series.frame.reset_index(drop=True), 4 if series.by == "quarter" else 1
    newest = int(frame.index[frame["status"] == REPORTED][-1])
    last, before = frame.iloc[newest], frame.iloc[max(newest - steps, 0)]
    if newest < steps or before["status"] != REPORTED or gap_between(series, _days(before), _days(last)):
        return ""
    if last["count"] == before["count"]:
        return ", as a year earlier"
    return f", {'up' if last['count'] > before['count'] else 'down'} from {before['count']:,.0f} a year earlier"


def say_breaks(series: AreaSeries) -> list[str]:
    """Say how many recording changes lie in a series, and across which nothing is compared."""
    drawn = [change for change in series.breaks if change.draw != "note" and change.kind != "event"]
    if not drawn:
        return []
    many = "changes lie" if len(drawn) > 1 else "change lies"
    text = f"{spell_number(len(drawn)).capitalize()} recording {many} in the series"
    gaps = [change.name for change in drawn if change.draw == "gap"]
    return [f"{text}; no figure is compared across {list_words(gaps)}." if gaps else f"{text}."]


def _say_missing(series: AreaSeries) -> list[str]:
    missing = int((series.frame["status"] == "not_supplied").sum())
    if not missing:
        return []
    noun = series.by + ("s were" if missing > 1 else " was")
    return [f"{spell_number(missing).capitalize()} {noun} not supplied, which is not zero."]


def say_change(change: AreaChange, label: str) -> str:
    """Say how the later period compares with the earlier one."""
    found, (first, last) = change.found, change.later
    when = f"the year to {last:%B %Y}" if (last - first).days > 300 else f"{first:%B} to {last:%B %Y}"
    figures = f"{found.after:,.0f} in {when}, {found.before:,.0f} a year earlier"
    if change.why_not:
        return f"{label.capitalize()}: {figures}. {change.why_not}"
    ratio = f"{found.ratio:.2f} times ({found.lower:.2f} to {found.upper:.2f})"
    if found.p >= LEVEL:
        return f"{label.capitalize()}: {figures}, {ratio}; that is no clear change."
    return f"{label.capitalize()} {'rose' if found.ratio > 1 else 'fell'}: {figures}, {ratio}."


def title_changes(frame: pd.DataFrame, area: str) -> str:
    """Say in a title how many groups changed by more than chance, Holm's correction made."""
    judged = frame[frame["why_not"] == ""]
    clear = int(judged["clear"].sum())
    return f"{area}: {clear or 'none'} of {len(judged)} groups changed by more than chance in a year"


def say_changes(frame: pd.DataFrame) -> str:
    """Say which groups changed by more than chance, Holm's correction made."""
    judged = frame[frame["why_not"] == ""]
    signs = judged[~judged["clear"] & (judged["p"] < LEVEL)]["group"].tolist()
    early = f" Alone, {list_words(signs)} would show an early sign." if signs else ""
    clear = judged[judged["clear"]].sort_values("ratio", ascending=False)
    if clear.empty:
        return f"None of {len(judged)} groups changed by more than chance when all are looked at together.{early}"
    named = [f"{row.group} ({row.before:,.0f} to {row.after:,.0f})" for row in clear.itertuples()]
    rest = "The others show no clear change." + early if len(judged) > len(clear) else ""
    return f"{len(clear)} of {len(judged)} groups changed by more than chance: {list_words(named)}. {rest}".strip()


def say_season(season: AreaSeason) -> str:
    """Give the usual swing of the year, and whether the newest quarter is in line with it."""
    high, low = str(season.profile.idxmax()), str(season.profile.idxmin())
    swing = 100 * (season.profile[high] / season.profile[low] - 1)
    place = "above" if season.latest > season.upper else "below" if season.latest < season.lower else "in line with"
    text = (
        f"{high} is usually {swing:.0f}% above {low}; after allowing for that, the latest quarter is {place} the "
        "year before."
    )
    if season.fits:
        return f"{text} Over {season.years} years the yearly change is {100 * (season.yearly_ratio - 1):+.1f}%."
    return f"{text} A straight line does not fit (dispersion {season.dispersion:,.0f}); no yearly rate is given."


def say_share(shares: pd.DataFrame, people: Population, area: str) -> str:
    """Give an area's part of its force's crime, beside its part of the residents."""
    (of_all, of_assigned, of_people), count, force = shares["share"], shares["part"][0], shares["whole"][0]
    return (
        f"{area} recorded {of_all:.1%} of the force's crime ({count:,.0f} of {force:,.0f}; {of_assigned:.1%} of what "
        f"is assigned to an area) with {of_people:.1%} of its residents ({people.name})."
    )


def say_rate(row: dict, population: str) -> str:
    """Give a rate with its interval and the population it is per."""
    return (
        f"{write_rate(row['rate'])} crimes per 1,000 residents ({write_rate(row['lower'])} to "
        f"{write_rate(row['upper'])}; {population})."
    )


def write_rate(value: float) -> str:
    """Write a rate with as many digits as it needs.

    >>> write_rate(99.9247), write_rate(0.018354)
    ('99.9', '0.018')
    """
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def say_peers(own: Mapping | pd.Series, against: Mapping | pd.Series, peers: str) -> str:
    """Give an area's rate against its peers together."""
    ratio, lower, upper = (against[name] for name in ("ratio", "ratio_lower", "ratio_upper"))
    same = lower <= 1 <= upper
    digits = 2 if same or abs(ratio - 1) >= 0.005 else 3
    times, low, high = (f"{end:.{digits}f}" for end in (ratio, lower, upper))
    return (
        f"{write_rate(own['rate'])} crimes per 1,000 residents, against {write_rate(against['pooled_rate'])} in "
        f"{peers} together: {'no clear difference' if same else f'{times} times as many'} "
        f"({f'ratio {times}, ' if same else ''}{low} to {high})."
    )


def say_rank(row: pd.Series, group: OffenceGroup, areas: int, count: int) -> str:
    """Give a place among areas, and which places it could be."""
    place, low, high = (ordinal(int(row[name])) for name in ("rank", "rank_low", "rank_high"))
    if row["rank_high"] - row["rank_low"] >= areas / 2:
        return (
            f"{group.label.capitalize()}: {place} of {areas} on {count:,} {group.counted}; any place from {low} to "
            f"{high} fits. "
            "The figures cannot rank it."
        )
    return f"{group.label.capitalize()}: {place} of {areas} ({low} to {high})."


def say_funnel(area: str, label: str, phi: float) -> str:
    """Tell whether an area is unusual once it is allowed that areas differ, `phi` times chance; `label` as `Funnel`
    gives it."""
    place = {"high": "above", "low": "below"}.get(label, "within")
    more = "far more" if phi > 2 else "more" if phi > 1 else "no more"
    return f"Areas differ {more} than chance: with that allowed for, {area} is {place} the usual range."


NUMBERED = "numbers mark changes in recording, explained below"


def explain_breaks(changes: Sequence[OpenBreak]) -> list[str]:
    """Explain the recorded changes below a chart, those that it marks with their number first."""
    marked = [change for change in changes if change.draw != "note" and change.date_from]
    notes = [change for change in changes if change not in marked]
    numbered = [f"({number}) {explain_break(change)}" for number, change in enumerate(marked, start=1)]
    return [*numbered, *(explain_break(change) for change in notes)]


def explain_break(change: OpenBreak) -> str:
    """Explain a recorded change for the list below a chart."""
    when = f"{change.date_from:%d %B %Y}".lstrip("0") if change.date_from else "no date known"
    doubt = f" To be confirmed: {change.needs_person}" if change.needs_person else ""
    return f"{when}: {change.what_changed} {change.effect} ({change.source}){doubt}"
