"""Known changes in the recording and supply of open data. In: `recording_breaks.yml`. Out: those that concern a
series."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import TOTAL, OffenceGroup, freeze_lists, is_within
from swp_analysis.project import read_shipped

Draw = Literal["line", "band", "gap", "note"]
# What holds for the Home Office's table by force holds for its table by partnership.
PART_OF = {"home_office_prc_csp": "home_office_prc", "street_outcomes": "outcomes"}


@dataclass(frozen=True)
class OpenBreak:
    """A dated change: how it is drawn, whom it concerns, and what must be looked up before it is relied on."""

    id: str
    kind: str
    draw: Draw
    what_changed: str
    effect: str
    source: str
    date_from: date | None = None
    date_to: date | None = None
    needs_person: str = ""
    size_seen: str = ""
    forces: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    offence_groups: tuple[str, ...] = ()
    offence_codes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The change in a few words: its id, as a sentence would name it."""
        return self.id.replace("_", " ")

    def parts(self, earlier: tuple[date, date], later: tuple[date, date]) -> bool:
        """Tell whether the change falls between two periods, or within either of them."""
        return self.date_from is not None and earlier[0] < self.date_from <= later[1]


@cache
def load_breaks() -> tuple[OpenBreak, ...]:
    """Load every known change, in the order of the file."""
    entries = read_shipped(Path(__file__).with_name("recording_breaks.yml"))
    return tuple(OpenBreak(**freeze_lists(entry)) for entry in entries)


def breaks_for(group: OffenceGroup, area: Area, source: str) -> list[OpenBreak]:
    """Give the changes that concern a group of offences in an area, by date; a change of a part is drawn as a line at
    most.

    `source`: the table that the figures are from, as in `layouts.yml`.
    """
    sources = {source, PART_OF.get(source, source)}
    found = [
        _as_drawn(change, group)
        for change in load_breaks()
        if change.date_from
        and sources & set(change.applies_to)
        and (not change.forces or area.force_code in change.forces)
        and (not change.areas or area.area_code in change.areas)
        and _touches(change, group)
    ]
    return sorted(found, key=lambda change: change.date_from or date.min)


def _touches(change: OpenBreak, group: OffenceGroup) -> bool:
    if group.codes and change.offence_codes:
        return not set(group.codes).isdisjoint(change.offence_codes)
    if group.id == TOTAL and change.offence_groups and change.kind not in ("scope", "event"):
        return False
    groups = change.offence_groups or (group.id,)
    return any(is_within(group.id, each) or is_within(each, group.id) for each in groups)


def _as_drawn(change: OpenBreak, group: OffenceGroup) -> OpenBreak:
    """A gap in a part of the group is no gap in the whole."""
    if change.draw != "gap" or not change.offence_groups:
        return change
    whole = any(is_within(group.id, each) for each in change.offence_groups)
    return change if whole else replace(change, draw="line")
