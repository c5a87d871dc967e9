"""An area among others: groups of peers, rates side by side, ranks with their range, funnels. Out: `AreaResult`s.

`with_` is a group of peers, an area's name or code, or a list of these; the other arguments are those of `crime.rate`.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from swp_analysis.analysis.areas.rates import PER, Population, compare_areas, compare_with_rest, rate_row
from swp_analysis.analysis.areas.series import name_month
from swp_analysis.analysis.funnels import funnel as work_out_funnel
from swp_analysis.analysis.ranks import rank_rates
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError, count_noun
from swp_analysis.explore.areas import as_list, choose_area, choose_population, here
from swp_analysis.open_data.gazetteer import AREA_COLUMNS, Area
from swp_analysis.open_data.offences import find_offence
from swp_analysis.present import area_charts, area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.phrases import list_words, say
from swp_analysis.project import find_project

FORCE, EVERYWHERE = "force", "all"
ALWAYS = {FORCE: "the other areas of the force", EVERYWHERE: "all other areas"}
With = str | Sequence[str] | AreaResult
LARGE = 1000
MOST_NAMED = 3
MOST_ROWS = 25  # that a chart shows
SHOWN = {"name": "Area", "count": "Count", "population": "Residents", "rate": "Rate", "lower": "From", "upper": "To"}
SHOWN_RANKS = {"name": "Area", "count": "Count", "rate": "Rate", "rank": "Place", "rank_low": "From", "rank_high": "To"}


def groups() -> AreaResult:
    """Give the groups of peers: `force`, `all` and those of `partnership/peers.yml`, with members, source and date."""
    always = [{"id": name, "label": label, "kind": name} for name, label in ALWAYS.items()]
    own = ({**one, "members": ", ".join(one["members"])} for one in _read_groups())
    frame = pd.DataFrame([*always, *own], columns="id label kind area members source date reviewed".split())
    names = list_words(frame["id"].tolist())
    return AreaResult("Groups of peers", f"An area can be held against {names}.", frame)


def _read_groups() -> list[dict]:
    if not find_project().partnership.is_dir():  # open data alone
        return []
    catalogue = load_catalogue()
    return [one.model_dump(mode="json") | {"area": one.area or catalogue.identity.area_code} for one in catalogue.peers]


class Peers(NamedTuple):
    """The areas that another is compared with, the area itself left out; what they are called, and who says so."""

    areas: list[Area]
    label: str
    source: str = "the look-up of areas"
    date: str = ""


def group(name: With, area: str) -> AreaResult:
    """Give the peers of an area, the area itself left out: a group's name, or a list of names or codes.

    Raises
    ------
    InputError
        When there is no such group for the area.
    """
    own = choose_area(area)
    found = choose_peers(name, own)
    frame = pd.DataFrame([asdict(one) for one in found.areas], columns=AREA_COLUMNS)
    sentence = f"{own.name}: {found.label} are {list_words(frame['name'].tolist())}."
    return AreaResult(f"Peers of {own.name}", sentence, frame, source=found.source, edition=found.date)


def choose_peers(name: With, own: Area) -> Peers:
    """Choose the areas of a group of peers, the area itself left out.

    Raises
    ------
    InputError
        When there is no such group for the area, or it holds areas of another kind, which may lie within each other.
    """
    found = _find_peers(name, own)
    other = next((one for one in found.areas if "force" in (own.kind, one.kind) and own.kind != one.kind), None)
    if other:
        of_kind = "is the area of a police force and can only be compared with other forces"
        raise InputError(f"{(own if own.kind == 'force' else other).name} {of_kind}: name them, as in with_=[…].")
    return found._replace(areas=[one for one in found.areas if one.area_code != own.area_code])


def _find_peers(name: With, own: Area) -> Peers:
    if isinstance(name, str) and (group := _find_group(name, own)):
        return group
    codes = name.frame["area_code"] if isinstance(name, AreaResult) else as_list(name)
    try:
        chosen = list(dict.fromkeys(map(choose_area, codes)))
    except InputError as error:
        known = ", ".join([*ALWAYS, *(entry["id"] for entry in _read_groups())])
        raise InputError(f"{error} Groups of peers are {known}; others stand in partnership/peers.yml.") from None
    few = list_words([one.name for one in chosen]) if len(chosen) <= MOST_NAMED else ""
    return Peers(chosen, few or count_noun(len(chosen), "chosen area"))


def _find_group(name: str, own: Area) -> Peers | None:
    current = [one for one in here().book.areas.values() if one.kind == "csp" and one.usable and not one.valid_to]
    if name in ALWAYS:
        return Peers([one for one in current if name == EVERYWHERE or one.force_code == own.force_code], ALWAYS[name])
    for entry in _read_groups():
        if entry["id"] == name and choose_area(entry["area"]).area_code == own.area_code:
            members = [choose_area(member) for member in entry["members"]]
            return Peers(members, str(entry["label"]), str(entry["source"]), str(entry["date"]))
    return None


class Compared(NamedTuple):
    """An area and its peers: a row an area, the area itself first, and why others are left out."""

    own: Area
    frame: pd.DataFrame
    left_out: list[str]
    label: str
    group: str

    def say(self, title: str, sentence: str, frame: pd.DataFrame, **more: Any) -> AreaResult:
        """Make a result with source, edition and basis of the comparison."""
        edition, first = "; ".join(sorted(set(self.frame["edition"]))), self.frame.iloc[0]
        people = Population(first["population"], first["mid_year"], first["population_edition"]).name
        label = find_offence(self.group).label.capitalize()
        basis = f"{label}, the year to {name_month(first['period_end'])}; {people}"
        result = AreaResult(title, sentence, frame, self.left_out, area_words.name_table(first["source"], edition))
        return replace(result, **{"edition": edition, "subtitle": basis, "shown": SHOWN, **more})


def _compare(area: str, group: str, with_: With, year: str, population: Any, edition: str) -> Compared:
    own, group_id = choose_area(area), find_offence(group).id
    row = rate_row(here(), own, group_id, year, *choose_population(population, edition))
    peers = choose_peers(with_, own)
    frame, left_out = compare_areas(here(), row, group_id, peers.areas)
    label = f"{len(frame) - 1} of {peers.label}" if left_out else peers.label
    return Compared(own, frame, left_out, label, group_id)


def compare(
    area: str, group: str = "total", with_: With = FORCE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Give an area's rate beside its peers' and against them pooled without it.

    `frame` has a row an area (the area first) with `count, population, rate, lower, upper`; each row also carries the
    pooled rate of the peers and the ratio to it with its exact interval.
    """
    found = _compare(area, group, with_, year, population, edition)
    against = compare_with_rest(found.frame).iloc[0]
    place = "above" if against["ratio"] > 1 else "below"
    if against["ratio_lower"] <= 1 <= against["ratio_upper"]:
        place = "not clearly different from"
    pooled, shown = area_words.write_rate(against["pooled_rate"]), found.frame.head(MOST_ROWS)
    return found.say(
        f"{found.own.name} is {place} {found.label} ({pooled} per 1,000)",
        area_words.say_peers(found.frame, against, found.label, find_offence(group)),
        found.frame.assign(**{str(name): value for name, value in against.items()}),
        draw=partial(area_charts.draw_dots, shown, found.own.area_code, against["pooled_rate"], f"together {pooled}"),
    )


def rank(
    area: str, group: str = "total", with_: With = FORCE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Give an area's place by rate (1 is the highest), never without the range of places that fits."""
    found = _compare(area, group, with_, year, population, edition)
    frame = found.frame[["area_code", "name", "count", "population", "rate"]]
    frame = frame.join(rank_rates(frame["count"], frame["population"], per=PER).frame.drop(columns="value"))
    mine = frame.iloc[0]
    sentence = area_words.say_rank(mine, find_offence(group), len(frame), area_words.year_to(found.frame.iloc[0]))
    caveats = [*([say("peers.too narrow")] if mine["count"] > LARGE else []), *found.left_out]
    draw = partial(area_charts.draw_ranks, frame.head(MOST_ROWS), found.own.area_code)
    title = sentence.split(";")[0].rstrip(".")
    return found.say(title, sentence, frame, caveats=caveats, draw=draw, shown=SHOWN_RANKS)


def funnel(
    area: str, group: str = "total", with_: With = EVERYWHERE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Tell whether an area is unusual, given how areas differ: `frame` has limits with random effects and of chance
    alone.

    Columns ending in `_chance` are Poisson limits; `label` and `label_chance` say which side of the 99.8% limit each
    is.
    """
    found = _compare(area, group, with_, year, population, edition)
    counted = found.frame["count"], found.frame["population"]
    wide, chance = (work_out_funnel(*counted, per=PER, overdispersion=widened) for widened in (True, False))
    frame = found.frame.join(wide.frame.drop(columns="value"))
    frame = frame.join(chance.frame.drop(columns=["value", "centre"]).add_suffix("_chance"))
    phi, tau2 = (wide.scatter.phi, wide.scatter.tau2) if wide.scatter else (1.0, 0.0)
    sentence = area_words.say_funnel(found.own.name, str(frame["label"].iloc[0]), phi)
    alone = say("peers.by chance", chance=len(chance.outside), areas=len(frame), wide=len(wide.outside))
    title = sentence.split("allowed for, ")[1].rstrip(".")
    draw = partial(area_charts.draw_funnel, found.frame, wide.frame, chance.frame, found.own.area_code)
    result = found.say(title, sentence, frame.assign(dispersion=phi, tau2=tau2), draw=draw)
    return replace(result, caveats=[alone, *found.left_out], subtitle=f"{result.subtitle}; dotted: chance alone")


def ratios(
    area: str, group: str = "total", with_: With = EVERYWHERE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Give every area's rate over that of all others together, with exact intervals."""
    found = _compare(area, group, with_, year, population, edition)
    frame = found.frame.join(compare_with_rest(found.frame).drop(columns="pooled_rate"))
    mine = frame.iloc[0]
    ends = {"lower": mine["ratio_lower"], "upper": mine["ratio_upper"]}
    sentence = say("peers.ratio", area=found.own.name, ratio=mine["ratio"], **ends)
    return found.say(f"{found.own.name} against the others", sentence, frame, shown={})
