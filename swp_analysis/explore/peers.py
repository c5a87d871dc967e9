"""An area among others: groups of peers, rates side by side, ranks with their range, funnels. Out: `AreaResult`."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from swp_analysis.analysis.areas.peers import (
    PeerComparison,
    compare_with_peers,
    funnel_areas,
    rank_areas,
    ratios_to_the_rest,
)
from swp_analysis.analysis.areas.rates import Population, rate_row
from swp_analysis.catalogue import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.explore.areas import choose_area, choose_population, here
from swp_analysis.open_data.gazetteer import AREA_COLUMNS, Area
from swp_analysis.open_data.offences import find_offence
from swp_analysis.present import area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.present.phrases import list_words
from swp_analysis.project import find_project

FORCE, EVERYWHERE = "force", "all"
With = str | Sequence[str] | AreaResult
TOO_NARROW = (
    "The range of places is that of chance alone; with counts this large, areas differ by more, so it is too narrow."
)
LARGE = 1000
MOST_NAMED = 3
MOST_ROWS = 25  # that a chart shows
SHOWN = {"name": "Area", "count": "Count", "population": "Residents", "rate": "Rate", "lower": "From", "upper": "To"}
SHOWN_RANKS = {"name": "Area", "count": "Count", "rate": "Rate", "rank": "Place", "rank_low": "From", "rank_high": "To"}


def groups() -> AreaResult:
    """Give the groups of peers: `force`, `all` and those of `partnership/peers.yml`, with members, source and date."""
    always = [{"id": name, "label": _label(name, None), "kind": name} for name in (FORCE, EVERYWHERE)]
    frame = pd.DataFrame([*always, *_read_groups()], columns="id label kind area members source date reviewed".split())
    names = list_words(frame["id"].tolist())
    return AreaResult("Groups of peers", f"An area can be held against {names}.", frame)


def _read_groups() -> list[dict]:
    if not find_project().partnership.is_dir():  # open data alone
        return []
    return [one.model_dump(mode="json") for one in load_catalogue().peers]


def group(name: With, area: str) -> AreaResult:
    """Give the peers of an area, the area itself left out: a group's name, or a list of names or codes.

    Raises
    ------
    InputError
        When there is no such group for the area.
    """
    own = choose_area(area)
    frame = pd.DataFrame([asdict(one) for one in choose_peers(name, own)], columns=AREA_COLUMNS)
    sentence = f"{own.name}: {_label(name, own)} are {list_words(frame['name'].tolist())}."
    about = _group_named(name, own) if isinstance(name, str) and name not in (FORCE, EVERYWHERE) else {}
    source, dated = str(about.get("source", "the look-up of areas")), str(about.get("date", ""))
    return AreaResult(f"Peers of {own.name}", sentence, frame, source=source, edition=dated)


def choose_peers(name: With, own: Area) -> list[Area]:
    """Choose the areas of a group of peers, the area itself left out."""
    data = here()
    if not isinstance(name, str):
        members = [choose_area(member) for member in _codes_of(name)]
    elif name in (FORCE, EVERYWHERE):
        members = [
            one
            for one in data.book.areas.values()
            if one.kind == "csp"
            and not one.valid_to
            and one.usable
            and (name == EVERYWHERE or one.force_code == own.force_code)
        ]
    else:
        members = [choose_area(member) for member in _group_named(name, own)["members"]]
    return [member for member in members if member.area_code != own.area_code]


def _codes_of(chosen: AreaResult | Sequence[str]) -> list[str]:
    return chosen.frame["area_code"].tolist() if isinstance(chosen, AreaResult) else list(chosen)


def _group_named(name: str, own: Area) -> dict:
    entries = [entry for entry in _read_groups() if entry["id"] == name]
    found = next((entry for entry in entries if choose_area(entry["area"]).area_code == own.area_code), None)
    if not found:
        known = ", ".join([FORCE, EVERYWHERE, *(entry["id"] for entry in _read_groups())])
        raise InputError(
            f"{own.name} has no group of peers {name}; known are {known}; add it to partnership/peers.yml."
        )
    return found


def _label(name: With, own: Area | None) -> str:
    if not isinstance(name, str):
        codes = _codes_of(name)
        named = list_words([choose_area(code).name for code in codes]) if len(codes) <= MOST_NAMED else ""
        return named or f"{len(codes)} chosen areas"
    if name == FORCE:
        return "the other areas of the force"
    if name == EVERYWHERE or own is None:
        return "all other areas"
    return str(_group_named(name, own).get("label", name.replace("_", " ")))


def _compare(
    area: str, group_id: str, with_: With, year: str, population: Any, edition: str
) -> tuple[Area, PeerComparison]:
    own = choose_area(area)
    row = rate_row(here(), own, find_offence(group_id).id, year, *choose_population(population, edition))
    return own, compare_with_peers(here(), row, find_offence(group_id).id, choose_peers(with_, own))


def compare(
    area: str, group: str = "total", with_: With = FORCE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Give an area's rate beside its peers' and against them pooled without it.

    `frame` has a row an area (the area first) with `count, population, rate, lower, upper`; each row also carries the
    pooled rate of the peers and the ratio to it with its exact interval.
    """
    own, found = _compare(area, group, with_, year, population, edition)
    ratio, label = found.ratio, _name_compared(with_, own, found)
    numbers = {
        "pooled_rate": found.pooled,
        "ratio": ratio.ratio,
        "ratio_lower": ratio.lower,
        "ratio_upper": ratio.upper,
    }
    place = "not clearly different from" if ratio.lower <= 1 <= ratio.upper else "above" if ratio.ratio > 1 else "below"
    title = f"{own.name} is {place} {label} ({area_words.write_rate(found.pooled)} per 1,000)"
    drawn = {"frame": found.frame.head(MOST_ROWS), "own": own.area_code, "reference": found.pooled}
    drawn["label"] = f"together {area_words.write_rate(found.pooled)}"
    result = _result(found, group, title, area_words.say_peers(found, label), found.frame.assign(**numbers))
    return replace(result, caveats=list(found.left_out), drawing="dots", drawn=drawn, shown=SHOWN)


def _name_compared(with_: With, own: Area, found: PeerComparison) -> str:
    """The peers in words; how many of them, where some have no rate of this period and population."""
    label, there = _label(with_, own), len(found.frame) - 1
    return f"{there} of {label}" if found.left_out else label


def _result(found: PeerComparison, group_id: str, title: str, sentence: str, frame: pd.DataFrame) -> AreaResult:
    """A result with source, edition and basis of a comparison."""
    edition, first = "; ".join(sorted(set(found.frame["edition"]))), found.frame.iloc[0]
    people = Population(first["population"], int(first["mid_year"]), first["population_edition"]).name
    label = find_offence(group_id).label.capitalize()
    basis = f"{label}, the year to {area_words.show_month(first['period_end'])}; {people}"
    source = area_words.name_source(first["source"], edition)
    return AreaResult(title, sentence, frame, source=source, edition=edition, subtitle=basis)


def rank(
    area: str, group: str = "total", with_: With = FORCE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Give an area's place by rate (1 is the highest), never without the range of places that fits."""
    own, found = _compare(area, group, with_, year, population, edition)
    ranks = rank_areas(found.frame).frame.reset_index().drop(columns="value")
    frame = found.frame[["area_code", "name", "count", "population", "rate"]].merge(ranks, on="area_code")
    mine = frame.iloc[0]
    sentence = area_words.say_rank(mine, find_offence(group), len(frame), int(mine["count"]))
    caveats = [*([TOO_NARROW] if mine["count"] > LARGE else []), *found.left_out]
    result = _result(found, group, sentence.split(";")[0].rstrip("."), sentence, frame)
    drawn = {"frame": frame.head(MOST_ROWS), "own": own.area_code}
    return replace(result, caveats=caveats, drawing="ranks", drawn=drawn, shown=SHOWN_RANKS)


def funnel(
    area: str, group: str = "total", with_: With = EVERYWHERE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Tell whether an area is unusual, given how areas differ: `frame` has limits with random effects and of chance
    alone.

    Columns ending in `_chance` are Poisson limits; `label` and `label_chance` say which side of the 99.8% limit each
    is.
    """
    own, found = _compare(area, group, with_, year, population, edition)
    wide, chance = funnel_areas(found.frame)
    frame = found.frame.set_index("area_code").join(wide.frame.drop(columns="value"))
    frame = frame.join(chance.frame.drop(columns=["value", "centre"]).add_suffix("_chance")).reset_index()
    phi, tau2 = (wide.scatter.phi, wide.scatter.tau2) if wide.scatter else (1.0, 0.0)
    sentence = area_words.say_funnel(own.name, str(frame["label"].iloc[0]), phi)
    alone = (
        f"Limits of chance alone would call {len(chance.outside)} of {len(frame)} areas unusual; with the difference "
        f"between areas allowed for, {len(wide.outside)} are."
    )
    title = sentence.split("allowed for, ")[1].rstrip(".")
    result = _result(found, group, title, sentence, frame.assign(dispersion=phi, tau2=tau2))
    drawn = {"frame": found.frame, "wide": wide.frame, "chance": chance.frame, "own": own.area_code}
    subtitle = f"{result.subtitle}; dotted: chance alone"
    return replace(
        result, caveats=[alone, *found.left_out], subtitle=subtitle, drawing="funnel", drawn=drawn, shown=SHOWN
    )


def ratios(
    area: str, group: str = "total", with_: With = EVERYWHERE, year: str = "", population: Any = None, edition: str = ""
) -> AreaResult:
    """Give every area's rate over that of all others together, with exact intervals."""
    own, found = _compare(area, group, with_, year, population, edition)
    frame = found.frame.set_index("area_code").join(ratios_to_the_rest(found.frame)).reset_index()
    mine = frame.iloc[0]
    ends = f"{mine['ratio_lower']:.2f} to {mine['ratio_upper']:.2f}"
    sentence = f"{own.name}: {mine['ratio']:.2f} times the others together ({ends})."
    return replace(_result(found, group, f"{own.name} against the others", sentence, frame), caveats=found.left_out)
