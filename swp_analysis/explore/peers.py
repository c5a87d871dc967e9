"""An area among others: groups of peers, rates side by side, ranks with their range, funnels. Out: `AreaResult`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import yaml

from swp_analysis.analysis.areas.peers import (
    Population,
    compare_with_peers,
    funnel_areas,
    rank_areas,
    rate_row,
    ratios_to_the_rest,
)
from swp_analysis.errors import InputError
from swp_analysis.explore.areas import find, here
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import find_offence
from swp_analysis.present import area_words
from swp_analysis.present.area_result import AreaResult
from swp_analysis.project import find_project

FORCE, EVERYWHERE = "force", "all"
With = str | Sequence[str]
TOO_NARROW = (
    "The range of places is that of chance alone; with counts this large, areas differ by more, so it is too narrow."
)
LARGE = 1000


def groups() -> pd.DataFrame:
    """The groups of peers: `force`, `all` and those of `partnership/peers.yml`, with members, source and date."""
    return pd.DataFrame(_read_groups(), columns="id label kind area members source date reviewed".split())


def _read_groups() -> list[dict]:
    path = find_project().partnership / "peers.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) or [] if path.is_file() else []


def group(name: With, area: str) -> list[Area]:
    """The peers of an area, the area itself left out: a group's name, or a list of names or codes.

    Raises
    ------
    InputError
        When there is no such group for the area.
    """
    data, own = here(), find(area)
    if not isinstance(name, str):
        members = [find(member) for member in name]
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
        members = [find(member) for member in _group_named(name, own)["members"]]
    return [member for member in members if member.area_code != own.area_code]


def _group_named(name: str, own: Area) -> dict:
    entries = [entry for entry in _read_groups() if entry["id"] == name]
    found = next((entry for entry in entries if find(entry["area"]).area_code == own.area_code), None)
    if not found:
        known = ", ".join([FORCE, EVERYWHERE, *(entry["id"] for entry in _read_groups())])
        raise InputError(
            f"{own.name} has no group of peers {name}; known are {known}; add it to partnership/peers.yml."
        )
    return found


def _label(name: With, own: Area) -> str:
    if not isinstance(name, str):
        return f"{len(name)} chosen areas"
    if name == FORCE:
        return "the other areas of the force"
    return "all other areas" if name == EVERYWHERE else _group_named(name, own).get("label", name.replace("_", " "))


def _compare(area: str, group_id: str, with_: With, year: str, population: int | None, edition: str):
    own = find(area)
    row = rate_row(here(), own, find_offence(group_id).id, year, population, edition)
    return own, compare_with_peers(here(), row, find_offence(group_id).id, group(with_, area))


def compare(
    area: str,
    group: str = "total",
    with_: With = FORCE,
    year: str = "",
    population: int | None = None,
    edition: str = "",
) -> AreaResult:
    """An area's rate beside its peers' and against them pooled without it.

    `frame` has a row an area (the area first) with `count, population, rate, lower, upper`; each row also carries the
    pooled rate of the peers and the ratio to it with its exact interval.
    """
    own, found = _compare(area, group, with_, year, population, edition)
    ratio, label = found.ratio, _label(with_, own)
    numbers = {
        "pooled_rate": found.pooled,
        "ratio": ratio.ratio,
        "ratio_lower": ratio.lower,
        "ratio_upper": ratio.upper,
    }
    sentence = area_words.say_peers(found, label)
    shown_rows = found.frame if len(found.frame) <= 25 else found.frame.head(25)
    drawn = {
        "frame": shown_rows,
        "own": own.area_code,
        "reference": found.pooled,
        "label": f"together {area_words.write_rate(found.pooled)}",
    }
    return AreaResult(
        _title_peers(own, found, label),
        sentence,
        found.frame.assign(**numbers),
        list(found.left_out),
        *_named(found.frame),
        subtitle=_basis(found.frame, group),
        alt="The area itself is named in bold.",
        chart="dots",
        drawn=drawn,
        shown=_SHOWN,
    )


_SHOWN = {"name": "Area", "count": "Count", "population": "Residents", "rate": "Rate", "lower": "From", "upper": "To"}


def _title_peers(own: Area, found, label: str) -> str:
    place = (
        "in line with" if found.ratio.lower <= 1 <= found.ratio.upper else "above" if found.ratio.ratio > 1 else "below"
    )
    return f"{own.name} is {place} {label} ({area_words.write_rate(found.pooled)} per 1,000)"


def _named(frame: pd.DataFrame) -> tuple[str, str]:
    edition = "; ".join(sorted(set(frame["edition"])))
    return area_words.name_source(frame["source"].iloc[0], edition), edition


def _basis(frame: pd.DataFrame, group_id: str) -> str:
    first = frame.iloc[0]
    people = Population(first["population"], int(first["mid_year"]), first["population_edition"]).name
    return (
        f"{find_offence(group_id).label.capitalize()}, the year to {area_words.name_month(first['period_end'])}; "
        f"{people}"
    )


def rank(
    area: str,
    group: str = "total",
    with_: With = FORCE,
    year: str = "",
    population: int | None = None,
    edition: str = "",
) -> AreaResult:
    """An area's place by rate (1 is the highest), never without the range of places that fits."""
    own, found = _compare(area, group, with_, year, population, edition)
    ranks = rank_areas(found.frame).frame.reset_index()
    frame = found.frame[["area_code", "name", "count", "population", "rate"]].merge(
        ranks.drop(columns="value"), on="area_code"
    )
    mine = frame.iloc[0]
    sentence = area_words.say_rank(mine, find_offence(group), len(frame), int(mine["count"]))
    caveats = [*([TOO_NARROW] if mine["count"] > LARGE else []), *found.left_out]
    shown_rows = frame if len(frame) <= 25 else frame.head(25)
    return AreaResult(
        sentence.split(";")[0].rstrip("."),
        sentence,
        frame,
        caveats,
        *_named(found.frame),
        subtitle=_basis(found.frame, group),
        chart="ranks",
        drawn={"frame": shown_rows, "own": own.area_code},
        shown={
            "name": "Area",
            "count": "Count",
            "rate": "Rate",
            "rank": "Place",
            "rank_low": "From",
            "rank_high": "To",
        },
    )


def funnel(
    area: str,
    group: str = "total",
    with_: With = EVERYWHERE,
    year: str = "",
    population: int | None = None,
    edition: str = "",
) -> AreaResult:
    """Whether an area is unusual, given how areas differ: `frame` has the limits with random effects and of chance
    alone.

    Columns ending in `_chance` are Poisson limits; `label` and `label_chance` say which side of the 99.8% limit each
    is.
    """
    own, found = _compare(area, group, with_, year, population, edition)
    wide, chance = funnel_areas(found.frame)
    frame = (
        found.frame.set_index("area_code")
        .join(wide.frame.drop(columns="value"))
        .join(chance.frame.drop(columns=["value", "centre"]).add_suffix("_chance"))
        .reset_index()
    )
    phi = wide.scatter.phi if wide.scatter else 1.0
    frame = frame.assign(dispersion=phi, tau2=wide.scatter.tau2 if wide.scatter else 0.0)
    sentence = area_words.say_funnel(own.name, str(frame["label"].iloc[0]), phi)
    caveats = [
        f"Limits of chance alone would call {len(chance.outside)} of {len(frame)} areas unusual; with the difference "
        "between areas "
        f"allowed for, {len(wide.outside)} are.",
        *found.left_out,
    ]
    return AreaResult(
        sentence.split(": ", 1)[1].replace("with that allowed for, ", "").rstrip("."),
        sentence,
        frame,
        caveats,
        *_named(found.frame),
        subtitle=f"{_basis(found.frame, group)}; dotted: chance alone",
        chart="funnel",
        drawn={"frame": found.frame, "wide": wide.frame, "chance": chance.frame, "own": own.area_code},
        shown=_SHOWN,
    )


def ratios(
    area: str,
    group: str = "total",
    with_: With = EVERYWHERE,
    year: str = "",
    population: int | None = None,
    edition: str = "",
) -> AreaResult:
    """Every area's rate over that of all others together, with exact intervals."""
    own, found = _compare(area, group, with_, year, population, edition)
    frame = found.frame.set_index("area_code").join(ratios_to_the_rest(found.frame), rsuffix="_ratio").reset_index()
    mine = frame.iloc[0]
    sentence = (
        f"{own.name}: {mine['ratio']:.2f} times the others together ({mine['lower_ratio']:.2f} to "
        f"{mine['upper_ratio']:.2f})."
    )
    return AreaResult(f"{own.name} against each", sentence, frame, list(found.left_out), *_named(found.frame))
