"""Every area by code and by name. In: look-ups of any vintage. Out: `Gazetteer`, which reads a publisher's names.

The Home Office gives no code, so a partnership is found by name and force; names and force codes are both wrong now and
then, and what had to be put right is told, never guessed in silence.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd

from swp_analysis.errors import InputError, count_noun, find_near
from swp_analysis.open_data.layouts import clean, load_layouts, read_tables

UNASSIGNED, BODIES = "unassigned", "other-bodies"
SUMS = ("total", "grandtotal", "subtotal", "all")
LIST_MARK = ";"
PARTNERSHIP = r"[EW](?:22|14)\d{6}"
AREA_COLUMNS = "area_code name kind force_code la_codes valid_from valid_to aliases usable why_not".split()
NOT_AN_AREA = "These crimes were recorded without a partnership, so they belong to the force only."
NO_CODE = "The publisher gives it no code and it has no residents of its own."


@dataclass(frozen=True)
class Area:
    """A force, partnership or authority, or rows of a table that are none (`usable` is then False)."""

    area_code: str
    name: str
    kind: str  # force, csp, authority, unassigned, body
    force_code: str = ""
    la_codes: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    aliases: tuple[str, ...] = ()
    usable: bool = True
    why_not: str = ""


def plain_name(name: str) -> str:
    """Give a name with what publishers write differently taken out.

    >>> plain_name("London, City of") == plain_name("City of London"), plain_name("Devon & Cornwall")
    (True, 'devonandcornwall')
    """
    text = clean(name).casefold().replace("&", " and ")
    text = re.sub(r"\b(city|county) of\b", " ", text)
    return re.sub(r"[^a-z0-9]", "", text)


@dataclass
class Gazetteer:
    """Areas by code; `remarks` fills with what was put right or isn't known while tables are read."""

    areas: dict[str, Area] = field(default_factory=dict)
    vintages: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, area: Area, vintage: str = "") -> None:
        """Enter an area; what is already there keeps its older names as aliases and its authorities together."""
        before = self.areas.get(area.area_code)
        if before:
            older = [before.name] if before.name != area.name else []
            aliases = dict.fromkeys([*before.aliases, *area.aliases, *older])
            newer = vintage > max(self.vintages[area.area_code], default="")
            keep = area.la_codes if newer else tuple(dict.fromkeys([*before.la_codes, *area.la_codes]))
            area = replace(area, aliases=tuple(aliases), la_codes=keep or before.la_codes)
        self.areas[area.area_code] = area
        self.vintages.setdefault(area.area_code, []).append(vintage)
        for name in [area.name, *area.aliases]:
            key = plain_name(name), "" if area.kind == "force" else area.force_code
            if self.areas.get(self._names.get(key, ""), area).kind != "csp" or area.kind == "csp":
                self._names[key] = area.area_code

    def force_named(self, name: str) -> str:
        """Give the code of a force, or of another body that stands among the forces."""
        code = self._names.get((plain_name(name), ""))
        if code is None:
            raise InputError(
                f"There is no police force “{name}”; delete a row of sums, or add the name to aliases in "
                "open_data/layouts.yml."
            )
        return code

    def partnership_named(self, name: str, force_code: str) -> str:
        """Give the code of a partnership of a force; rows without one, and names that nobody knows, get a code of their
        own."""
        plain = plain_name(name)
        if plain in SUMS:
            raise InputError(f"“{name}” is a row of sums, which would be counted twice; delete it.")
        if plain.startswith(UNASSIGNED):
            return self._stand_in(f"{force_code}-{UNASSIGNED}", name, UNASSIGNED, force_code, NOT_AN_AREA)
        if code := self._names.get((plain, force_code)):
            return code
        stand_in = f"{force_code}-{re.sub(r'[^a-z0-9]+', '-', clean(name).casefold()).strip('-')}"
        if stand_in not in self.areas:
            force = self.areas[force_code].name
            self.remarks.append(f"No code is known for {name} ({force}); swp fetch areas brings the look-ups.")
        return self._stand_in(stand_in, name, "csp", force_code, NO_CODE)

    def _stand_in(self, code: str, name: str, kind: str, force_code: str, why_not: str) -> str:
        if code not in self.areas:
            self.add(Area(code, name, kind, force_code, usable=False, why_not=why_not))
        return code

    def find(self, wanted: str) -> Area:
        """Find an area by code or name; an authority's code gives its partnership.

        Raises
        ------
        InputError
            When there is none, more than one, or when it is no area, such as what is unassigned.
        """
        if area := self.areas.get(wanted.strip()):
            return self._partnership_of(area) if area.kind == "authority" else area
        plain = plain_name(wanted)
        named = {code for (name, _), code in self._names.items() if name == plain}
        within = [self.areas[code] for code in named if self.areas[code].kind != "force"]
        found = sorted({self._partnership_of(area).area_code for area in within} or named)
        if len(found) == 1:
            return self.areas[found[0]]
        if found:
            several = count_noun(len(found), "area")
            raise InputError(f"{wanted} is the name of {several}; give one of the codes {', '.join(found)}.")
        if near := find_near(wanted, (area.name for area in self.areas.values()), 3, 0.75):
            raise InputError(f"No open table here has the area {wanted}. Did you mean {' or '.join(near)}?")
        raise InputError(
            f"No open table here has the area {wanted}: swp fetch areas brings every area, swp fetch crime what was "
            "recorded there; swp open says what is there."
        )

    def _partnership_of(self, authority: Area) -> Area:
        if authority.kind != "authority":
            return authority
        found = [area for area in self.areas.values() if area.kind == "csp" and authority.area_code in area.la_codes]
        current = [area for area in found if area.valid_to == ""] or found
        if len(current) > 1:
            names = ", ".join(f"{area.name} ({area.area_code})" for area in current)
            raise InputError(f"{authority.name} has more than one partnership: {names}; give one of these.")
        return current[0] if current else authority

    def shared_authorities(self) -> set[str]:
        """Give authorities that two partnerships of today share: neither has a population of its own."""
        current = (area for area in self.areas.values() if area.kind == "csp" and not area.valid_to)
        owners = Counter(code for area in current for code in area.la_codes)
        return {code for code, count in owners.items() if count > 1}

    def frame(self) -> pd.DataFrame:
        """Give the table `areas.csv`."""
        rows = [asdict(area) for area in sorted(self.areas.values(), key=lambda area: area.area_code)]
        for row in rows:
            row.update(la_codes=LIST_MARK.join(row["la_codes"]), aliases=LIST_MARK.join(row["aliases"]))
        return pd.DataFrame(rows, columns=AREA_COLUMNS)


def gazetteer_from(frame: pd.DataFrame) -> Gazetteer:
    """Give the known forces with the areas read back from `areas.csv`."""
    book = known_forces()
    for row in frame.fillna("").astype(str).to_dict("records"):
        lists = {name: tuple(filter(None, row[name].split(LIST_MARK))) for name in ("la_codes", "aliases")}
        usable = row["usable"].casefold() not in ("false", "0")
        book.add(Area(**{str(name): value for name, value in row.items()} | lists | {"usable": usable}))
    return book


def known_forces() -> Gazetteer:
    """Give the forces and the other bodies that ship with the project."""
    book, layouts = Gazetteer(), load_layouts()
    for code, name in layouts["forces"].items():
        book.add(Area(code, name, "force", code, aliases=tuple(layouts["aliases"].get(name, []))))
    for id_, names in layouts["other_bodies"].items():
        why = "It is no territorial police force."
        book.add(Area(id_, names[0], "force", BODIES, aliases=tuple(names[1:]), usable=False, why_not=why))
        book.areas[id_] = replace(book.areas[id_], kind="body")
    return book


def read_lookups(paths: Iterable[Path], book: Gazetteer, folder: Path | None = None) -> Gazetteer:
    """Enter what look-ups of authorities and partnerships say; the newest vintage's names win.

    Raises
    ------
    InputError
        For a look-up whose columns are unknown.
    """
    enter = {"csp_lookup": _enter_lookup, "csp_reference": _enter_reference, "headline_counts": _enter_headline}
    tables = [table for path in paths for table in read_tables(path, enter, folder)]
    for table in sorted(tables, key=lambda one: one.header.vintage):
        for row in table.frame.to_dict("records"):
            enter[table.header.kind](row, table.header.vintage, book)
    _date_areas(book)
    return book


def _enter_lookup(row: dict, vintage: str, book: Gazetteer) -> None:
    code, csp, la_code, force = (row[name] for name in ("csp_code", "csp", "la_code", "force_code"))
    if not code:
        return
    book.add(Area(la_code, row["la"], "authority", force), vintage)
    same = vintage in book.vintages.get(code, [])
    la_codes = (*book.areas[code].la_codes, la_code) if same else (la_code,)
    aliases = tuple(load_layouts()["aliases"].get(csp, []))
    book.add(Area(code, csp, "csp", force, tuple(dict.fromkeys(la_codes)), aliases=aliases), vintage)


def _enter_reference(row: dict, vintage: str, book: Gazetteer) -> None:
    name, code = row["csp"], row["code"]
    known = book.areas.get(code)
    if not code or (known and known.kind == "authority"):
        return
    force = book.force_named(row["force"])
    if known:
        book.add(replace(known, aliases=(*known.aliases, name)))
    elif re.fullmatch(PARTNERSHIP, code):
        book.add(Area(code, name, "csp", force))


def _enter_headline(row: dict, vintage: str, book: Gazetteer) -> None:
    code, la = row["csp_code"], row["la_code"]
    if re.fullmatch(PARTNERSHIP, code) and code not in book.areas:
        la_codes = (la,) if re.fullmatch(r"[EW]0\d{7}", la) else ()
        book.add(Area(code, row["csp"], "csp", book.force_named(row["force"]), la_codes))
        if la_codes and la not in book.areas:
            book.add(Area(la, row["la"], "authority", book.areas[code].force_code))


def _date_areas(book: Gazetteer) -> None:
    """Say which partnerships began after the oldest look-up or ended before the newest one."""
    dated = {vintage for seen in book.vintages.values() for vintage in seen if vintage}
    if len(dated) < 2:
        return
    for code, seen in book.vintages.items():
        years = sorted(filter(None, seen))
        if years and book.areas[code].kind in ("csp", "authority"):
            begins = years[0] if years[0] > min(dated) else ""
            ends = years[-1] if years[-1] < max(dated) else ""
            book.areas[code] = replace(book.areas[code], valid_from=begins, valid_to=ends)
