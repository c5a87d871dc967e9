"""Recorded crime of any area: series, change, season, share, rate, harm. In: an area and a group. Out: `AreaResult`.

`area` is a name or code, `group` one of `groups()`, `year` a financial year like "2017-18" or the month that twelve
months end with, like "2025-06"; without it the newest is taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.analysis.areas.change import compare_quarters, measure_season
from swp_analysis.analysis.areas.peers import share_of_force
from swp_analysis.analysis.areas.rates import Population, rate_row
from swp_analysis.analysis.areas.series import AreaSeries, By, list_revisions, read_area_series
from swp_analysis.analysis.evidence import LEVEL, adjust_holm
from swp_analysis.analysis.harm import weigh_harm
from swp_analysis.errors import InputError
from swp_analysis.explore.areas import choose_area, choose_population, here
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import TOTAL, OffenceGroup, find_offence, load_offences
from swp_analysis.present import area_words
from swp_analysis.present.area_result import AreaResult

RANGE = {"lower": "From", "upper": "To"}
SHOWN_SERIES = {"period_start": "From", "period_end": "To", "count": "Offences", "status": "Status"}
SHOWN_SERIES |= {"edition": "Edition"}
SHOWN_RATES = {"group": "Offences", "count": "Count", "rate": "Rate", **RANGE}
CHANGES = ("before", "after", "ratio", "lower", "upper", "p", "why_not")
SHOWN_CHANGES = {"group": "Offences", "before": "Year before", "after": "Newest year", "ratio": "Ratio", **RANGE}


def groups() -> AreaResult:
    """Give the groups of offences: id, label, the group each is part of, and the codes or headings it is made from."""
    frame = pd.DataFrame(
        {
            "group": one.id,
            "label": one.label,
            "within": one.within,
            "codes": ", ".join(one.codes or one.subgroups or one.groups),
        }
        for one in load_offences().values()
    )
    return AreaResult("Groups of offences", f"{len(frame)} groups of offences are known.", frame)


def _place(area: str, level: str) -> Area:
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
    begins, ends = (area_words.show_month(day) for day in (first["period_start"], last["period_end"]))
    by_what, to = "financial year", f"the year to {ends}"
    if by == "quarter":
        by_what, to = "quarter; dots mark the same quarter of each year", area_words.show_quarter(last)
    what = "all recorded crime" if group == TOTAL else found.group.label
    title = f"{found.area.name}, {what}: {last['count']:,.0f}{area_words.say_year_before(found)}"
    caveats = [*area_words.explain_breaks(marked), area_words.NOT_ACCREDITED]
    return replace(
        _of_series(found, title, area_words.say_series(found), found.frame, caveats),
        subtitle=f"Offences by {by_what}, to {to}",
        alt=f"From {first['count']:,.0f} to {last['count']:,.0f} offences, {begins} to {ends}.",
        drawing="series",
        drawn={"frame": found.frame, "breaks": marked},
        shown=SHOWN_SERIES,
    )


def _sources(found: AreaSeries) -> str:
    pairs = found.reported[["source", "edition"]].drop_duplicates().itertuples(index=False)
    return "; ".join(area_words.name_source(source, edition) for source, edition in pairs)


def _of_series(
    found: AreaSeries, title: str, sentence: str, frame: pd.DataFrame, caveats: Sequence[str] = ()
) -> AreaResult:
    """A result with the sources and editions of a series."""
    return AreaResult(title, sentence, frame, caveats, _sources(found), found.editions)


def revisions(area: str, group: str = "total", level: str = "csp") -> AreaResult:
    """Say what each edition said of a year: `frame` has a row a financial year and a column an edition."""
    place = _place(area, level)
    frame = list_revisions(here(), place, group)
    if frame.empty:
        sentence = f"Only one edition is here for {place.name}, so no revision can be seen."
        return AreaResult(f"{place.name}: revisions", sentence, frame)
    editions = [name for name in frame.columns if name != "financial_year"]
    moved = frame.assign(revision=frame[editions].max(axis=1) - frame[editions].min(axis=1))
    most = moved.iloc[int(moved["revision"].to_numpy().argmax())]
    sentence = (
        f"Editions differ most on {most['financial_year'].replace('-', '/')}: by {most['revision']:,.0f} offences of "
        f"{find_offence(group).label}."
    )
    return AreaResult(
        f"{place.name}: what editions say", sentence, moved, source="; ".join(editions), edition="; ".join(editions)
    )


def change(
    area: str, group: str = "total", basis: str = "same quarters", year: str = "", level: str = "csp"
) -> AreaResult:
    """Give this year against last on the headline test: `frame` has the matched quarters, `sentence` the verdict.

    Parameters
    ----------
    basis : "same quarters" of a whole year, or "same quarter": the newest one against that of the year before.
    """
    found = read_area_series(here(), _place(area, level), group)
    moved = compare_quarters(found, year, basis)
    names = ("after", "before", "ratio", "lower", "upper", "p", "dispersion")
    frame = moved.quarters.assign(**{f"year_{name}": getattr(moved, name) for name in names})
    title, caveats = f"{found.area.name}: {found.group.label}, year on year", filter(None, [moved.why_not])
    return _of_series(found, title, area_words.say_change(moved, found.group.label), frame, list(caveats))


def changes(area: str, year: str = "", level: str = "csp") -> AreaResult:
    """Give every headline group, this year against last, with Holm's correction: `frame` has a row a group."""
    place = _place(area, level)
    rows = [_change_row(place, group, year) for group in load_offences().values() if group.headline]
    frame = pd.DataFrame(rows, columns=["group", *CHANGES, "edition", "source"])
    if frame["p"].notna().sum() == 0:
        raise InputError(str(frame["why_not"].iloc[0]))
    judged = frame["why_not"].eq("") & frame["p"].notna()
    frame["clear"] = False
    frame.loc[judged, "clear"] = [adjusted < LEVEL for adjusted in adjust_holm(frame.loc[judged, "p"].tolist())]
    first = frame.loc[judged].iloc[0]
    caveats = [why for why in frame["why_not"] if why]
    title, sentence = area_words.title_changes(frame, place.name), area_words.say_changes(frame)
    result = AreaResult(title, sentence, frame.drop(columns="source"), caveats, first["source"], first["edition"])
    subtitle = "Each mark shows this year as a multiple of last year, with its 95% range"
    return replace(result, subtitle=subtitle, drawing="changes", drawn={"frame": frame}, shown=SHOWN_CHANGES)


def _change_row(place: Area, group: OffenceGroup, year: str) -> dict:
    try:
        found = read_area_series(here(), place, group.id)
        moved = compare_quarters(found, year)
    except InputError as error:
        return {"group": group.label, "why_not": str(error)}
    numbers = {name: getattr(moved, name) for name in CHANGES}
    return {"group": group.label, **numbers, "edition": found.editions, "source": _sources(found)}


def season(area: str, group: str = "total", level: str = "csp") -> AreaResult:
    """Say how much of the line is season, and whether the newest quarter is in line with it."""
    found = read_area_series(here(), _place(area, level), group)
    usual = measure_season(found)
    frame = usual.adjusted.assign(usual=[usual.profile[f"Q{quarter}"] for quarter in usual.adjusted["quarter"]])
    basis = (
        f"Measured on {usual.years} years since the last gap; dispersion {usual.dispersion:,.1f}, expected "
        f"{usual.expected:,.0f} ({usual.lower:,.0f} to {usual.upper:,.0f}) in the latest quarter."
    )
    title = f"{found.area.name}: the seasons of {found.group.label}"
    result = _of_series(found, title, area_words.say_season(usual), frame.reset_index(drop=True), [basis])
    subtitle = "First the usual size of each quarter, then the counts without the season"
    drawn = {"profile": usual.profile, "adjusted": usual.adjusted}
    return replace(result, subtitle=subtitle, drawing="season", drawn=drawn)


def share(area: str, of: str = "force", group: str = "total", year: str = "") -> AreaResult:
    """Say what part of its force's crime and residents an area has; `frame` has `part`, `whole`, `share` (0-1)."""
    if of != "force":
        raise InputError(f'A share of {of} is not worked out; write of="force".')
    place = choose_area(area)
    found = share_of_force(here(), place, group, year)
    frame = found.frame
    drawn = {
        "names": ["of recorded crime", "of crime assigned to an area", "of residents"],
        "values": (100 * frame["share"]).tolist(),
        "texts": [f"{value:.1%}" for value in frame["share"]],
        "axis": "% of the force",
    }
    title = (
        f"{place.name} has {frame['share'][0]:.1%} of the force's crime and {frame['share'][2]:.1%} of its residents"
    )
    source = area_words.name_source(found.source, found.edition)
    result = AreaResult(title, area_words.say_share(found, place.name), frame, [], source, found.edition)
    subtitle = f"The year to {area_words.show_month(found.period[1])}"
    return replace(result, subtitle=subtitle, drawing="bars", drawn=drawn)


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
    title = f"{place.name}: {area_words.write_rate(first['rate'])} crimes per 1,000 residents"
    source = area_words.name_source(first["source"], first["edition"])
    result = AreaResult(title, area_words.say_rate(first, named), frame, missing, source, first["edition"])
    drawn = {
        "names": frame["group"].tolist(),
        "values": frame["rate"].tolist(),
        "texts": [area_words.write_rate(value) for value in frame["rate"]],
        "ends": (frame["lower"].tolist(), frame["upper"].tolist()),
        "axis": "Crimes per 1,000 residents",
    }
    subtitle = f"The year to {area_words.show_month(first['period_end'])}, with 95% ranges; {named}"
    return replace(result, subtitle=subtitle, drawing="bars", drawn=drawn, shown=SHOWN_RATES)


def harm(area: str, weights: str | Path, year: str = "") -> AreaResult:
    """Give crimes weighed by the user's own file of weights (columns `offence_code`, `weight`); none ships."""
    place = choose_area(area)
    found = weigh_harm(here(), place, Path(weights), year)
    top, severity = found.frame.iloc[0], found.severity
    sentence = (
        f"Weighted by {found.weights}, {top['harm_share']:.0%} of harm comes from {str(top['offence_group']).lower()}; "
        f"{found.covered:.0%} of crimes have a weight (the year to {area_words.show_month(found.period[1])})."
    )
    most = str(top["offence_group"]).capitalize()
    title = f"{most}: {top['harm_share']:.0%} of harm, {top['count_share']:.0%} of crimes"
    ends = f"{severity.lower:,.0f} to {severity.upper:,.0f}"
    chance = f"The weights add up to {severity.total:,.0f}; by chance in the counts alone it could be {ends}."
    caveats = ["A weight is a judgement, not a measurement.", chance]
    source = area_words.name_source(found.source, found.edition)
    result = AreaResult(title, sentence, found.frame, caveats, source, found.edition)
    subtitle = f"Share of the harm weighed by {found.weights}, largest first; the line adds them up"
    return replace(result, subtitle=subtitle, drawing="bars", drawn=_draw_harm(found.frame))


def _draw_harm(frame: pd.DataFrame) -> dict:
    return {
        "names": [f"{row.offence_group} ({row.count_share:.0%} of crimes)" for row in frame.itertuples()],
        "values": (100 * frame["harm_share"]).tolist(),
        "axis": "% of the weighted harm",
        "texts": [f"{share:.0%}" for share in frame["harm_share"]],
        "add_up": True,
    }
