"""Our offence groups and what publishers call them. In: `offences.yml`. Out: `OffenceGroup`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.errors import InputError, did_you_mean
from swp_analysis.project import read_shipped

TOTAL = "total"
ANTI_SOCIAL = re.compile(r"\basb\b|anti.?social", re.IGNORECASE)


@dataclass(frozen=True)
class OffenceGroup:
    """A group of offences: `groups`, `subgroups` and `codes` as the Home Office writes them, `ons` as the ONS does."""

    id: str
    label: str
    ons: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    not_groups: tuple[str, ...] = ()
    within: str = ""
    headline: bool = False
    counted: str = "offences"

    def rows_of(self, frame: pd.DataFrame) -> pd.Series:
        """Say which rows of recorded crime by offence code belong to the group."""
        if self.codes:
            return frame["offence_code"].isin(self.codes)
        if self.subgroups:
            return frame["offence_subgroup"].isin(self.subgroups)
        if self.groups:
            return frame["offence_group"].isin(self.groups)
        return ~frame["offence_group"].isin([*self.not_groups, ""])

    def may_hold(self, frame: pd.DataFrame) -> pd.Series:
        """Say which rows have a group or subgroup that is not known, so that they may belong to the group."""
        groups, subgroups = known_names()
        unknown = ~frame["offence_group"].isin([*groups.values(), ""])
        if self.codes:
            return unknown & False
        above: OffenceGroup | None = self
        while above and not above.groups:
            above = load_offences().get(above.within)
        if self.subgroups and above:
            unknown |= frame["offence_group"].isin(above.groups) & ~frame["offence_subgroup"].isin(subgroups.values())
        return unknown


@cache
def known_names() -> tuple[dict[str, str], dict[str, str]]:
    """Give the Home Office's groups and its subgroups: a name in lower case -> as `offences.yml` writes it."""
    book = load_offences().values()
    groups, subgroups = (
        (name for one in book for name in one.groups),
        (n for one in book for n in one.subgroups + one.parts),
    )
    return {name.casefold(): name for name in groups}, {name.casefold(): name for name in subgroups}


@cache
def load_offences() -> dict[str, OffenceGroup]:
    """Load all groups by id, in the order of the file."""
    entries = read_shipped(Path(__file__).with_name("offences.yml"))
    return {id_: OffenceGroup(id_, **freeze_lists(entry)) for id_, entry in entries.items()}


def freeze_lists(entry: dict[str, Any]) -> dict[str, Any]:
    """Give an entry of a YAML file with tuples for its lists, as frozen classes hold them."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}


def find_offence(id_: str) -> OffenceGroup:
    """Find one group by id or label, however it is spelled.

    Raises
    ------
    InputError
        For a name that isn't one, with the nearest.
    """
    book = load_offences()
    found = next((group for group in book.values() if _plain(id_) in (group.id, _plain(group.label))), None)
    if found is None:
        known = [*book, *map(_plain, (one.label for one in book.values()))]
        hint = did_you_mean(_plain(id_), known, f"crime.groups() lists all {len(book)}")
        asb = " Anti-social behaviour is no recorded crime: places.counts has it, from street data."
        more = asb if ANTI_SOCIAL.search(str(id_)) else ""
        raise InputError(f"There is no offence group {id_}{hint}{more}")
    return found


def _plain(name: object) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(name).casefold()).strip("_")


def is_within(inner: str, outer: str) -> bool:
    """Tell whether one group is another or a part of it, however deep.

    >>> is_within("residential_burglary", "theft"), is_within("theft", "burglary")
    (True, False)
    """
    book = load_offences()
    while inner and inner != outer:
        inner = book[inner].within if inner in book else ""
    return bool(inner)


@cache
def ons_headings() -> dict[str, str]:
    """Give an ONS heading, in lower case -> our group."""
    return {heading.casefold(): group.id for group in load_offences().values() for heading in group.ons}
