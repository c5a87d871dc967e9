"""What findings about areas say in words: one sentence each, every figure from the finding, basis and edition named."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isinf

import pandas as pd

from swp_analysis.analysis.areas.change import AreaChange, AreaSeason, breaks_between
from swp_analysis.analysis.areas.rates import Population
from swp_analysis.analysis.areas.series import AreaSeries, name_month
from swp_analysis.analysis.evidence import LEVEL
from swp_analysis.open_data.breaks import OpenBreak
from swp_analysis.open_data.offences import TOTAL, OffenceGroup, find_offence
from swp_analysis.open_data.recorded_crime import NOT_SUPPLIED, PARTIAL, REPORTED
from swp_analysis.present.phrases import read_phrases, say, spell_number

TABLES: dict[str, str] = read_phrases()["tables"]
LICENCE, NOT_ACCREDITED = say("licence"), say("not_accredited")
NUMBERED = say("area_breaks.numbered")


def name_table(source: str, edition: str) -> str:
    """Name a table and its edition, as a page names them."""
    reaches = edition.removeprefix("to-").replace("-", "/") if edition.startswith("to-") else ""
    figures = {"table": TABLES.get(source, source), "edition": edition, "reaches": reaches}
    return say("source.reaches" if reaches else "source.edition", **figures)


def _days(row: pd.Series) -> tuple[date, date]:
    return date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])


def show_quarter(row: pd.Series) -> str:
    """Show a quarter by its months: "October to December 2025"."""
    first, last = _days(row)
    return f"{first:%B} to {last:%B %Y}"


def say_series(series: AreaSeries) -> str:
    """Give the newest figure of a long series and what lies in it."""
    last = series.reported.iloc[-1]
    when = f"in {show_quarter(last)}" if series.by == "quarter" else f"in the year to {name_month(last['period_end'])}"
    missing, partial = ((series.frame["status"] == status) for status in (NOT_SUPPLIED, PARTIAL))
    partial &= (series.by == "quarter") | series.frame["period_end"].str.endswith("-03-31")  # no running year
    first = say("area.newest", count=last["count"], what=count_crimes(series.group.id, series.area.name), when=when)
    lacks = say("area.missing", by=series.by, missing=int(missing.sum())) if missing.any() else ""
    newer = partial & (series.frame["period_end"] > last["period_end"])
    which = "newest partial" if newer.any() and partial.sum() == 1 else "partial"
    figures = {"by": series.by, "partial": int(partial.sum()), "newest": newer.any()}
    in_part = say(f"area.{which}", **figures) if partial.any() else ""
    drawn = [change for change in series.breaks if change.draw != "note" and change.kind != "event"]
    gaps = [change.name for change in drawn if change.draw == "gap"]
    across = say("area_breaks.drawn", drawn=len(drawn), gaps=gaps) if drawn else ""
    return " ".join(filter(None, [first, across, lacks, in_part]))


def count_crimes(group: str, area: str) -> str:
    """Name what is counted and where: "crimes in Northbridge", "offences of robbery in Northbridge"."""
    return say("area.crimes", what=name_crimes(group), area=area)


def name_crimes(group: str) -> str:
    """Name what is counted: "crimes", "offences of robbery"."""
    return "crimes" if group == TOTAL else f"offences of {find_offence(group).label}"


def say_year_before(series: AreaSeries) -> str:
    """Write `, down from 130,002 a year earlier`; "" where that is not known or recording changed in between."""
    frame, steps = series.frame.reset_index(drop=True), 4 if series.by == "quarter" else 1
    newest = int(frame.index[frame["status"] == REPORTED][-1])
    last, before = frame.iloc[newest], frame.iloc[max(newest - steps, 0)]
    if newest < steps or before["status"] != REPORTED:
        return ""
    if any(one.draw == "gap" for one in breaks_between(series, _days(before), _days(last))):
        return ""
    same = last["count"] == before["count"]
    return say("area.as before" if same else "area.before", up=last["count"] > before["count"], before=before["count"])


def say_change(change: AreaChange, label: str) -> str:
    """Say how the later period compares with the earlier one."""
    found, (begins, ends) = change.found, change.later
    figures = {
        "label": label.capitalize(),
        "when": f"the year to {ends:%B %Y}" if (ends - begins).days > 300 else f"{begins:%B} to {ends:%B %Y}",
        "up": found.ratio > 1,
        "ago": "a year" if change.years == 1 else f"{spell_number(change.years)} years",
        "breaks": len([one for one in change.breaks if one.draw != "note" and one.kind != "event"]),
        "why_not": change.why_not,
        "ratio": None if isinf(found.ratio) else found.ratio,  # of nothing there is no multiple
        **{name: getattr(found, name) for name in ("after", "before", "lower", "upper")},
    }
    situation = "untested" if change.why_not else "clear" if found.p < LEVEL else "no change"
    lie = [say("area_change.breaks", **figures)] if figures["breaks"] and not change.why_not else []
    return " ".join([say(f"area_change.{situation}", **figures), *lie])


def title_changes(frame: pd.DataFrame, area: str) -> str:
    """Say in a title how many groups changed by more than chance, Holm's correction made."""
    judged = frame[frame["why_not"] == ""]
    return say("area_changes.title", area=area, clear=str(int(judged["clear"].sum()) or "none"), judged=len(judged))


def say_changes(frame: pd.DataFrame, area: str) -> str:
    """Say which groups changed by more than chance, Holm's correction made."""
    judged = frame[frame["why_not"] == ""]
    clear = judged[judged["clear"]].sort_values("ratio", ascending=False)
    signs = judged[~judged["clear"] & (judged["p"] < LEVEL)]["group"].tolist()
    named = [f"{row.group} ({row.before:,.0f} to {row.after:,.0f})" for row in clear.itertuples()]
    rest = len(judged) > len(clear)
    names = (
        "area_changes.some" if named else "area_changes.none",
        "area_changes.others" if named and rest else "",
        "area_changes.signs" if signs and rest else "",
    )
    return say(*names, area=area, clear=len(clear), judged=len(judged), named=named, signs=signs)


def say_season(season: AreaSeason, area: str) -> str:
    """Give the usual swing of the year, and whether the newest quarter is in line with it."""
    high, low = str(season.profile.idxmax()), str(season.profile.idxmin())
    place = "above" if season.latest > season.upper else "below" if season.latest < season.lower else "in line with"
    figures = {"swing": 100 * (season.profile[high] / season.profile[low] - 1), "area": area}
    yearly = {"years": season.years, "rate": 100 * (season.yearly_ratio - 1)}
    fits = "area_season.fits" if season.fits else "area_season.does not fit"
    return say("area_season.swing", fits, high=high, low=low, place=place, **figures, **yearly)


def year_to(row: Mapping | pd.Series) -> str:
    """Name the twelve months of a row: "the year to June 2025"."""
    return f"the year to {name_month(row['period_end'])}"


def say_share(shares: pd.DataFrame, people: Population, area: str, when: str) -> str:
    """Give an area's part of its force's crime, beside its part of the residents."""
    of_all, of_assigned, of_people = shares["share"]
    counts = {"count": shares["part"][0], "force": shares["whole"][0], "population": people.name, "when": when}
    return say("area.share", area=area, of_all=of_all, of_assigned=of_assigned, of_people=of_people, **counts)


def say_rate(row: dict, population: str) -> str:
    """Give a rate with its interval and the population it is per."""
    ends = {name: write_rate(row[name]) for name in ("rate", "lower", "upper")}
    return say("area.rate", population=population, when=year_to(row), **ends)


def write_rate(value: float) -> str:
    """Write a rate with as many digits as it needs.

    >>> write_rate(99.9247), write_rate(0.018354)
    ('99.9', '0.018')
    """
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def say_peers(areas: pd.DataFrame, against: Mapping | pd.Series, peers: str, group: OffenceGroup) -> str:
    """Give the rate of the first of some areas against its peers, the others, together."""
    own = areas.iloc[0]
    ratio, lower, upper = (against[name] for name in ("ratio", "ratio_lower", "ratio_upper"))
    same, more = lower <= 1 <= upper, ratio > 1
    shown = (ratio, lower, upper) if same or more else (ratio, upper, lower)
    digits = 0 if abs(ratio - 1) >= 0.02 else 1
    written = [f"{one:.2f}" if same else f"{100 * abs(one - 1):.{digits}f}" for one in shown]
    ends = dict(zip(("ratio", "lower", "upper"), written, strict=True)) | {"more": more}
    rates = {"own": write_rate(own["rate"]), "pooled": write_rate(against["pooled_rate"])}
    about = {
        "peers": peers,
        "alone": len(areas) == 2,
        "when": year_to(own),
        "counted": name_crimes(group.id),
    }
    return say("area_peers.same" if same else "area_peers.differ", **about, **rates, **ends)


def say_rank(row: pd.Series, group: OffenceGroup, areas: int, when: str) -> str:
    """Give a place among areas, and which places it could be."""
    width = row["rank_high"] - row["rank_low"]
    places = {name: int(row[name]) for name in ("rank", "rank_low", "rank_high")}
    name = "wide" if width >= areas / 2 else "known" if width else "only"
    about = {"label": group.label.capitalize(), "counted": group.counted, "areas": areas, "count": int(row["count"])}
    return say(f"area_rank.{name}", when=when, **places, **about)


def say_funnel(area: str, label: str, phi: float) -> str:
    """Tell whether an area is unusual once it is allowed that areas differ, `phi` times chance; `label` as `Funnel`
    gives it."""
    place = {"high": "above", "low": "below"}.get(label, "within")
    more = "far more" if phi > 2 else "more" if phi > 1 else "no more"
    return say("area.funnel", area=area, place=place, more=more)


def explain_breaks(changes: Sequence[OpenBreak]) -> list[str]:
    """Explain the recorded changes below a chart, those that it marks with their number first."""
    marked = [change for change in changes if change.draw != "note" and change.date_from]
    notes = [change for change in changes if change not in marked]
    numbered = [f"({number}) {explain_break(change)}" for number, change in enumerate(marked, start=1)]
    return [*numbered, *(explain_break(change) for change in notes)]


def explain_break(change: OpenBreak) -> str:
    """Explain a recorded change for the list below a chart."""
    when = f"{change.date_from:%d %B %Y}".lstrip("0") if change.date_from else "no date known"
    return say("area_breaks.explained", when=when, **vars(change))
