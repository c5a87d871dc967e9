"""Recorded crime of any area: series, change, season, share, rate, harm. In: an area and a group. Out: `AreaResult`.

`area` is a name or code, `group` one of `groups()`, `year` a financial year like "2017-18" or the month that twelve
months end with, like "2025-06"; without it the newest is taken.
"""

from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.analysis.areas.change import compare_quarters, measure_season
from swp_analysis.analysis.areas.rates import Population, rate_row, share_of_force
from swp_analysis.analysis.areas.series import AreaSeries, By, list_revisions, name_month, read_area_series
from swp_analysis.analysis.evidence import LEVEL, adjust_holm
from swp_analysis.analysis.harm import weigh_harm
from swp_analysis.errors import InputError, count_noun, require_choice
from swp_analysis.explore.areas import choose_area, choose_population, here
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import TOTAL, OffenceGroup, find_offence, load_offences
from swp_analysis.present import area_charts, area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.phrases import say

RANGE = {"lower": "From", "upper": "To"}
SHOWN_SERIES = {"period_start": "From", "period_end": "To", "count": "Offences", "status": "Status"}
SHOWN_SERIES |= {"edition": "Edition"}
SHOWN_RATES = {"group": "Offences", "count": "Count", "rate": "Rate", **RANGE}
TESTED = ("after", "before", "ratio", "lower", "upper", "p", "dispersion")
CHANGES = ["group", "before", "after", "ratio", "lower", "upper", "p", "why_not", "edition"]
SHOWN_CHANGES = {"group": "Offences", "before": "Year before", "after": "Newest year", "ratio": "Ratio", **RANGE}


def groups() -> AreaResult:
    """Give the groups of offences: id, label, the group each is part of, and the codes or headings it is made from."""
    known = load_offences().values()
    rows = [(one.id, one.label, one.within, ", ".join(one.codes or one.subgroups or one.groups)) for one in known]
    frame = pd.DataFrame(rows, columns=["group", "label", "within", "codes"])
    return AreaResult("Groups of offences", f"{count_noun(len(frame), 'group')} of offences are known.", frame)


def _place(area: str, level: str) -> Area:
    require_choice("level", level, ("csp", "force"))
    place = choose_area(area)
    return here().book.areas[place.force_code] if level == "force" else place


def series(
    area: str, group: str = "total", by: By = "quarter", level: str = "csp", breaks: bool = True, edition: str = ""
) -> AreaResult:
    """Give the long series of an area: `frame` has a row a period with `count` and `status`; gaps stay open.

    Parameters
    ----------
    level : "force" for the force that the area is in. breaks : whether recording changes are marked.
    edition : only this edition; default the newest of each quarter.
    """
    found = read_area_series(here(), _place(area, level), group, by, edition)
    marked = found.breaks if breaks else ()
    first, last = found.reported.iloc[0], found.reported.iloc[-1]
    begins, ends = (name_month(day) for day in (first["period_start"], last["period_end"]))
    subtitle = f"Offences a financial year, to {ends}"
    if by == "quarter":
        subtitle = f"Offences by quarter; dots mark the same quarter of each year, to {area_words.show_quarter(last)}"
    what = "all recorded crime" if group == TOTAL else found.group.label
    return _of_series(
        found,
        f"{found.area.name}, {what}: {last['count']:,.0f}{area_words.say_year_before(found)}",
        area_words.say_series(found),
        found.frame,
        caveats=[*area_words.explain_breaks(marked), area_words.NOT_ACCREDITED],
        subtitle=subtitle,
        alt=f"From {first['count']:,.0f} to {last['count']:,.0f} offences, {begins} to {ends}.",
        draw=partial(area_charts.draw_series, found.frame, marked),
        shown=SHOWN_SERIES,
    )


def _sources(found: AreaSeries) -> str:
    pairs = found.reported[["source", "edition"]].drop_duplicates().itertuples(index=False)
    return "; ".join(area_words.name_table(source, edition) for source, edition in pairs)


def _of_series(found: AreaSeries, title: str, sentence: str, frame: pd.DataFrame, **more: Any) -> AreaResult:
    """A result with the sources and editions of a series."""
    return AreaResult(title, sentence, frame, source=_sources(found), edition=found.editions, **more)


def revisions(area: str, group: str = "total", level: str = "csp") -> AreaResult:
    """Say what each edition said of a year: `frame` has a row a financial year and a column an edition."""
    place = _place(area, level)
    frame = list_revisions(here(), place, group)
    if frame.empty:
        return AreaResult(f"{place.name}: revisions", say("crime.one edition", area=place.name), frame)
    editions = [name for name in frame.columns if name != "financial_year"]
    moved = frame.assign(revision=frame[editions].max(axis=1) - frame[editions].min(axis=1))
    most = moved.iloc[int(moved["revision"].to_numpy().argmax())]
    figures = {"year": most["financial_year"], "revision": most["revision"], "group": find_offence(group).label}
    named = "; ".join(editions)
    title, sentence = f"{place.name}: what editions say", say("crime.revisions", **figures)
    return AreaResult(title, sentence, moved, source=named, edition=named)


def change(
    area: str, group: str = "total", basis: str = "same quarters", year: str = "", level: str = "csp", years: int = 1
) -> AreaResult:
    """Give this year against an earlier one on the headline test: `frame` has the matched quarters, `sentence` the
    verdict.

    Parameters
    ----------
    basis : "same quarters" of a whole year, or "same quarter": the newest one alone.
    years : how many years earlier: 5 answers whether it is up over five years; default the year before.
    """
    found = read_area_series(here(), _place(area, level), group)
    moved = compare_quarters(found, year, basis, years)
    frame = moved.quarters.assign(**{f"year_{name}": getattr(moved.found, name) for name in TESTED})
    when = "year on year" if years == 1 else f"over {years} years"
    title, sentence = f"{found.area.name}: {found.group.label}, {when}", area_words.say_change(moved, found.group.label)
    why = [moved.why_not] if moved.why_not else [area_words.explain_break(one) for one in moved.breaks]
    return _of_series(found, title, sentence, frame, caveats=why)


def changes(area: str, year: str = "", level: str = "csp") -> AreaResult:
    """Give every headline group, this year against last, with Holm's correction: `frame` has a row a group."""
    place = _place(area, level)
    rows = [_change_row(place, group, year) for group in load_offences().values() if group.headline]
    frame = pd.DataFrame(rows, columns=[*CHANGES, "source", "later", "breaks"])
    newest = frame["later"].dropna().max()
    for row in frame.index[frame["later"].notna() & (frame["later"] != newest)]:
        frame.loc[row, "why_not"] = f"{frame.loc[row, 'group'].capitalize()}: no whole year to {newest:%B %Y}."
    judged = frame["why_not"].eq("") & frame["p"].notna()
    if not judged.any():
        raise InputError(str(frame["why_not"].iloc[0]))
    frame["clear"] = False
    frame.loc[judged, "clear"] = [adjusted < LEVEL for adjusted in adjust_holm(frame.loc[judged, "p"].tolist())]
    first = frame.loc[judged].iloc[0]
    return AreaResult(
        area_words.title_changes(frame, place.name),
        area_words.say_changes(frame, place.name),
        frame[[*CHANGES, "clear"]],
        [*filter(None, frame["why_not"]), *dict.fromkeys(chain.from_iterable(frame.loc[frame["clear"], "breaks"]))],
        first["source"],
        first["edition"],
        "Each mark shows this year as a multiple of last year, with its 95% range",
        draw=partial(area_charts.draw_area_changes, frame),
        shown=SHOWN_CHANGES,
    )


def _change_row(place: Area, group: OffenceGroup, year: str) -> dict:
    try:
        found = read_area_series(here(), place, group.id)
        moved = compare_quarters(found, year)
    except InputError as error:
        return {"group": group.label, "why_not": str(error)}
    breaks = [area_words.explain_break(one) for one in moved.breaks]
    about: dict = {"why_not": moved.why_not, "edition": found.editions, "source": _sources(found)}
    about |= {"breaks": breaks, "later": moved.later[1]}
    return {"group": group.label, **{name: getattr(moved.found, name) for name in TESTED}, **about}


def season(area: str, group: str = "total", level: str = "csp") -> AreaResult:
    """Say how much of the line is season, and whether the newest quarter is in line with it."""
    found = read_area_series(here(), _place(area, level), group)
    usual = measure_season(found)
    figures = {name: getattr(usual, name) for name in ("years", "dispersion", "expected", "lower", "upper")}
    return _of_series(
        found,
        f"{found.area.name}: the seasons of {found.group.label}",
        area_words.say_season(usual, found.area.name),
        usual.quarters,
        caveats=[say("crime.season", **figures)],
        subtitle="First the usual size of each quarter, then the counts without the season",
        draw=partial(area_charts.draw_season, usual.profile, usual.quarters),
    )


def share(area: str, of: str = "force", group: str = "total", year: str = "") -> AreaResult:
    """Say what part of its force's crime and residents an area has; `frame` has `part`, `whole`, `share` (0-1)."""
    require_choice("whole of a share", of, ("force",))
    place = choose_area(area)
    frame, own, people = share_of_force(here(), place, group, year)
    texts = [f"{value:.1%}" for value in frame["share"]]
    names = ["of recorded crime", "of crime assigned to an area", "of residents"]
    return AreaResult(
        f"{place.name} has {texts[0]} of the force's crime and {texts[2]} of its residents",
        area_words.say_share(frame, people, place.name, area_words.year_to(own)),
        frame,
        source=area_words.name_table(own["source"], own["edition"]),
        edition=own["edition"],
        subtitle=f"The year to {name_month(own['period_end'])}",
        draw=partial(area_charts.draw_bars, names, 100 * frame["share"], texts, "% of the force"),
    )


def rate(area: str, group: str = "total", year: str = "", population: Any = None, edition: str = "") -> AreaResult:
    """Give crimes per 1,000 residents with the exact 95% interval; `frame` has one row.

    Parameters
    ----------
    population : the mid-year, such as 2023, or a result of `areas.population`; default the last mid-year within the
        period. edition : that of the population.
    """
    return _rates(choose_area(area), [find_offence(group).id], year, *choose_population(population, edition))


def rates(area: str, year: str = "", population: Any = None, edition: str = "") -> AreaResult:
    """Give the rates of every headline group."""
    headline = [one.id for one in load_offences().values() if one.headline]
    return _rates(choose_area(area), headline, year, *choose_population(population, edition))


def _rates(place: Area, group_ids: list[str], year: str, mid_year: int | None, edition: str) -> AreaResult:
    rows, missing = [], []
    for group_id in group_ids:
        try:
            row = rate_row(here(), place, group_id, year, mid_year, edition)
            rows.append({"group": find_offence(group_id).label, **row})
        except InputError as error:
            missing.append(str(error))
    if not rows:
        raise InputError(missing[0])
    frame, first = pd.DataFrame(rows), rows[0]
    named = Population(first["population"], first["mid_year"], first["population_edition"]).name
    texts = [area_words.write_rate(value) for value in frame["rate"]]
    axis, ends = "Crimes per 1,000 residents", (frame["lower"], frame["upper"])
    return AreaResult(
        f"{place.name}: {texts[0]} crimes per 1,000 residents",
        area_words.say_rate(first, named),
        frame,
        missing,
        area_words.name_table(first["source"], first["edition"]),
        first["edition"],
        f"The year to {name_month(first['period_end'])}, with 95% ranges; {named}",
        shown=SHOWN_RATES,
        draw=partial(area_charts.draw_bars, frame["group"], frame["rate"], texts, axis, ends),
    )


def harm(area: str, weights: str | Path, year: str = "") -> AreaResult:
    """Give crimes weighed by the user's own file of weights (columns `offence_code`, `weight`); none ships."""
    place = choose_area(area)
    frame, severity, covered, last = weigh_harm(here(), place, Path(weights), year)
    top, texts = frame.iloc[0], [f"{share:.0%}" for share in frame["harm_share"]]
    most, named, when = str(top["offence_group"]), Path(weights).name, name_month(last["period_end"])
    figures = {"weights": named, "share": top["harm_share"], "covered": covered, "when": when}
    chance = say("crime.harm_chance", total=severity.total, lower=severity.lower, upper=severity.upper)
    names = [f"{row.offence_group} ({row.count_share:.0%} of crimes)" for row in frame.itertuples()]
    axis = "% of the weighted harm"
    return AreaResult(
        f"{most.capitalize()}: {texts[0]} of harm, {top['count_share']:.0%} of crimes",
        say("crime.harm", group=most.lower(), **figures),
        frame,
        ["A weight is a judgement, not a measurement.", chance],
        area_words.name_table(last["source"], last["edition"]),
        last["edition"],
        f"Share of the harm weighed by {named}, largest first; the line adds them up",
        draw=partial(area_charts.draw_bars, names, 100 * frame["harm_share"], texts, axis, add_up=True),
    )
