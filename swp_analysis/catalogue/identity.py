"""Which partnership it is, and the areas that are known. In: `identity.yml`; `areas.csv`: names, kinds, what they lie
in and, for authorities, the ONS code. Out: `Identity`, which takes name and force from the code.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field, ValidationInfo, field_validator, model_validator

from swp_analysis.catalogue.safe_yaml import Entry
from swp_analysis.errors import InputError, find_near

# What a force adds to the name of its area, as people write it.
_BODY = re.compile(r"(?i)\s*\b(?:police(?: service)?|constabulary|heddlu|force)\b\s*")
# What a council's own style adds to it, once it is bare.
_STYLE = re.compile(
    r"\b(?:the )?(?:royal |london |metropolitan )*(?:city|county|borough|district)(?: and county)?(?: council)?"
    r"(?: of)?\b|\bcouncil\b"
)
AREA_CODE = r"^[EW]\d{8}$"


class KnownArea(NamedTuple):
    """An authority, partnership, county, force, region or country, and the next larger one that it lies in."""

    name: str
    kind: str
    within: str
    code: str


@cache
def known_areas() -> tuple[KnownArea, ...]:
    """Read all areas, in the order of the file."""
    with (Path(__file__).parent / "areas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(KnownArea(**row) for row in csv.DictReader(file))


def area_of_code(code: str) -> KnownArea | None:
    """Find the authority with an ONS code, or None for a code that the list does not hold."""
    return next((area for area in known_areas() if area.code and area.code == code), None)


def find_area_code(wanted: str) -> str:
    """Give the ONS code of an authority that is named, or the code itself.

    Raises
    ------
    InputError
        When it is neither, with the names that come near.
    """
    authorities = {_bare(area.name): area for area in known_areas() if area.code}
    if re.fullmatch(AREA_CODE, wanted):
        return wanted
    name = _bare(wanted)
    if name not in authorities:  # "City of London" is one, and London is none
        name = _bare(_STYLE.sub(" ", name)) or name
    if name in authorities:
        return authorities[name].code
    names = " or ".join(f"'{authorities[one].name}'" for one in find_near(name, authorities, 3))
    raise InputError(
        f"No authority of England or Wales is called {wanted!r}{f'; did you mean {names}?' if names else '.'} "
        "Write its name as the ONS does, or its ONS code, E or W and eight digits. Scotland and Northern Ireland "
        "have other duties, for which nothing is here."
    )


def _bare(name: str) -> str:
    """A name without what people leave out: capitals, full stops, hyphens, apostrophes."""
    plain = re.sub(r"['’]", "", name.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"\W+", " ", plain).split())


def same_force(one: str, other: str) -> bool:
    """Tell whether two names are of one force, however its body is called.

    >>> same_force("Heddlu Gwent", "Gwent"), same_force("Gwent Police", "South Wales")
    (True, False)
    """
    bare = [_BODY.sub(" ", name).strip().casefold() for name in (one, other)]
    return bare[0] == bare[1]


class Identity(Entry):
    """`identity.yml`: which partnership this is, and what every page says about who publishes it."""

    name: str = Field(min_length=1)
    short_name: str = Field(min_length=1)
    area_name: str = Field(min_length=1)
    area_code: str = Field(pattern=AREA_CODE)
    force: str = Field(default="", description="follows from the area code, where the list of areas has it")
    contact: str = ""
    licence: str = ""
    next_update: str = ""

    @model_validator(mode="before")
    @classmethod
    def _know_the_area(cls, values: Any) -> Any:
        """Name and force follow from the code; a force that is typed all the same must be that of the code."""
        if not isinstance(values, dict):
            return values
        code = str(values.get("area_code"))
        area = area_of_code(code)
        if not area and not re.fullmatch(AREA_CODE, code):
            return {"area_name": code} | values  # one mistake is said once
        return {"area_name": area.name, "force": area.within} | values if area else values

    @field_validator("force")
    @classmethod
    def _be_the_force_of_the_code(cls, force: str, info: ValidationInfo) -> str:
        area = area_of_code(info.data.get("area_code", ""))
        if area and force and not same_force(force, area.within):
            raise ValueError(f"{area.name} ({area.code}) is policed by {area.within}; take the line out")
        return area.within if area else force

    @property
    def country(self) -> str:
        """The country whose law the assessment follows."""
        return "Wales" if self.area_code.startswith("W") else "England"

    @property
    def force_initials(self) -> list[str]:
        """The letters that a force of several words is called by: `WMP`."""
        initials = "".join(word[0] for word in f"{self.force} Police".split())
        return [initials] if len(initials) > 2 else []
