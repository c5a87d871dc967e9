"""The open data that are there: the user's own, and under them the figures that ship. Out: `OpenData`, what is there.

Where editions overlap, the one whose figures reach furthest is taken, quarter by quarter, and named.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import union_categoricals

from swp_analysis.errors import InputError, count_noun
from swp_analysis.open_data.gazetteer import AREA_COLUMNS, UNASSIGNED, Area, Gazetteer, gazetteer_from
from swp_analysis.open_data.layouts import NOT_READ
from swp_analysis.open_data.raw_files import BOUNDARIES, open_folder, open_tables, read_list
from swp_analysis.open_data.recorded_crime import COLUMNS, NOT_SUPPLIED, REPORTED
from swp_analysis.open_data.small_areas import UNIT_COLUMNS, Outline, read_outlines
from swp_analysis.open_data.tables import LIST, build_open, published
from swp_analysis.open_data.yearly_tables import sum_up
from swp_analysis.project import Project

USED = [name for name in COLUMNS if name != "source_row"]
KINDS: dict = {name: "category" for name in USED if name != "count"}
BY_PARTNERSHIP = "home_office_prc_csp"
MANY = 6  # editions of a source that are not named one by one
UNREAD = "it is no table that is needed here; docs/open_data.md names those that are."
SPANNED = ["area_code", "source", "edition", "period_start", "period_end", "status"]


@dataclass(frozen=True)
class OpenData:
    """The tables in a folder of `data/processed/open`, and what ships where it is silent."""

    folder: Path
    raw: Path
    stamp: int  # when the tables were built, so that a new build is another object

    @cached_property
    def listing(self) -> dict:
        """What the build kept of the published files: `files` by path, `remarks`."""
        return read_list(self.folder / LIST)

    @cached_property
    def book(self) -> Gazetteer:
        own = self._read("areas.csv", AREA_COLUMNS)
        return gazetteer_from(own if len(own) else published("areas"))

    @cached_property
    def population(self) -> pd.DataFrame:
        """`area_code, mid_year, population, edition` of authorities, partnerships and forces."""
        path = self.folder / "population.csv"
        if path.is_file():
            return pd.read_csv(path)
        return sum_up(published("population").astype({"mid_year": int, "population": int}), self.book)

    def recorded_crime(self, force: str) -> pd.DataFrame:
        """Give recorded crime of a force and its partnerships: every count of every edition, the shipped ones last.

        `order` rises with the editions: what ships, then the user's own, then how far one reaches, then its name.
        """
        return _read_recorded_crime(self, force)

    def crime_of(self, area: Area) -> pd.DataFrame:
        """Give the rows of recorded crime of one area; of a force without quarters of its own, of all its parts."""
        rows = self.recorded_crime(area.force_code)
        own = rows[rows["area_code"] == area.area_code]
        if area.kind != "force" or (own["quarter"] != "").any():
            return own
        return pd.concat([own, self._whole_quarters(rows, area.force_code)])

    def _whole_quarters(self, rows: pd.DataFrame, force: str) -> pd.DataFrame:
        """The rows of the quarters in which every partnership of a force, and what is unassigned, stands."""
        today = (
            code
            for code, one in self.book.areas.items()
            if (one.kind, one.force_code) == ("csp", force) and one.usable and not one.valid_to
        )
        needed = {*today, f"{force}-{UNASSIGNED}"}
        parts = rows[(rows["source"] == BY_PARTNERSHIP) & (rows["offence_code"] != "")]
        there = parts[parts["area_code"].isin(needed)]
        found = there.groupby(["edition", "period_start"], observed=True)["area_code"].nunique()
        whole = found.index[found == len(needed)]
        return parts[pd.MultiIndex.from_frame(parts[["edition", "period_start"]]).isin(whole)]

    @cached_property
    def printed_years(self) -> pd.DataFrame:
        """Twelve months that a table prints for every area at once, the user's own before those that ship."""
        frame = pd.concat([self._read("headline.csv", COLUMNS), published("recorded_crime")], ignore_index=True)
        frame = frame[frame["status"] == REPORTED]
        return frame.assign(count=pd.to_numeric(frame["count"]))

    def street(self, code: str, kind: str = "street") -> pd.DataFrame:
        """Give counts by unit, month and type of a partnership, or of a force as a whole.

        Raises
        ------
        InputError
            When there are none, with the command that brings them.
        """
        path = self.folder / kind / f"{code}.csv"
        if not path.is_file():
            area = self.book.areas.get(code)
            name, force = (area.name, area.force_code) if area else (code, "")
            if (path.parent / f"{force}.csv").is_file() and self.units.empty:
                raise InputError(
                    f"No look-up here says which area an LSOA is in, so {name} has no {kind.replace('_', ' ')} data of "
                    "its own; swp fetch areas brings it."
                )
            if code != force and (path.parent / f"{force}.csv").is_file():
                raise InputError(
                    f"The {kind.replace('_', ' ')} files of {name}'s force name no place in it; ask for the force, "
                    f"{force}, instead."
                )
            raise InputError(
                f"We have no {kind.replace('_', ' ')} data for {name}; swp fetch street --force {force} brings "
                "them, and swp fetch areas the look-ups that say which area a row is in."
            )
        texts = dict.fromkeys(("unit_code", "ward_code", "month", "vintage"), str)
        frame = pd.read_csv(path, dtype=texts, keep_default_na=False)
        return frame.assign(count=pd.to_numeric(frame["count"]).astype("Int64"))

    def coverage(self, codes: Iterable[str] = ()) -> pd.DataFrame:
        """Say what was sent to data.police.uk for areas, by default all: a row an area and kind, with what is
        missing."""
        found = []
        for kind in ("street", "outcomes", "stop_and_search"):
            for code in codes or sorted(path.stem for path in (self.folder / kind).glob("[EW][12][35]*.csv")):
                if (self.folder / kind / f"{code}.csv").is_file():
                    rows = self.street(code, kind)
                    there, gone = (rows[rows["status"] == status] for status in (REPORTED, NOT_SUPPLIED))
                    when = pd.to_datetime(gone["month"]).dt.strftime("%B %Y")
                    gaps = gone["crime_type"].str.casefold().replace("", "everything") + " of " + when
                    months = there["month"].min(), there["month"].max(), there["month"].nunique()
                    name = self.book.areas[code].name
                    found.append((kind, name, *months, int(there["count"].sum()), ", ".join(gaps)))
        return pd.DataFrame(found, columns="kind area first_month last_month months rows missing".split())

    @cached_property
    def units(self) -> pd.DataFrame:
        """Which common unit, ward and authority each LSOA of either vintage is in; empty without look-ups."""
        return self._read("units.csv", UNIT_COLUMNS)

    @cached_property
    def deprivation(self) -> pd.DataFrame:
        """Rank and decile by LSOA and vintage; empty when none were fetched."""
        return self._read("deprivation.csv", ["lsoa_code", "vintage", "rank", "decile"]).astype(
            {"rank": int, "decile": int}
        )

    def _read(self, name: str, columns: list[str]) -> pd.DataFrame:
        path = self.folder / name
        return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame(columns=columns)

    @cached_property
    def outlines(self) -> list[Outline]:
        """Every outline of a ward or LSOA that was fetched."""
        files = [file for file in self.listing["files"].values() if file.kind == BOUNDARIES]
        return [outline for file in files for outline in read_outlines(self.raw / file.path)]

    def find(self, wanted: str) -> Area:
        """Find an area by code or name, as `Gazetteer.find`."""
        return self.book.find(wanted)


@lru_cache(maxsize=64)
def _read_recorded_crime(data: OpenData, force: str) -> pd.DataFrame:
    shipped, path = published("recorded_crime"), data.folder / "recorded_crime" / f"{force}.csv"
    codes = {code for code, area in data.book.areas.items() if area.force_code == force}
    tables = {True: shipped.loc[shipped["area_code"].isin(codes), USED]}
    if path.is_file():
        tables[False] = pd.read_csv(path, usecols=USED, dtype=KINDS, keep_default_na=False, na_values={"count": [""]})
    parts = [tables[is_shipped].astype(KINDS) for is_shipped in sorted(tables)]
    texts = {name: _join([one[name] for one in parts]) for name in KINDS}
    counts = pd.concat([pd.to_numeric(one["count"]) for one in parts], ignore_index=True)
    frame = pd.DataFrame({**texts, "count": counts, "shipped": counts.index >= len(counts) - len(tables[True])})
    # The codes of a category rise with its texts.
    ends = frame["period_end"].cat.codes.groupby([frame["source"], frame["edition"]], observed=True).transform("max")
    editions = frame.assign(own=~frame["shipped"], ends=ends).groupby(["own", "ends", "edition"], observed=True)
    return frame.assign(order=editions.ngroup())


def _join(parts: list[pd.Series]) -> Any:
    """Categories one after the other, those of all in the order of their texts."""
    names: list[Any] = [part.cat.categories.astype(str) for part in parts]
    named = [part.cat.rename_categories(own) for part, own in zip(parts, names, strict=True)]
    return union_categoricals(named, sort_categories=True)


def open_data(project: Project) -> OpenData:
    """Open the open data of a project, brought up to date first where a published file is new or another.

    Raises
    ------
    InputError
        For a published file that can't be read.
    """
    build_open(project)
    folder = open_tables(project)
    listed = folder / LIST
    return _opened(folder, open_folder(project), listed.stat().st_mtime_ns if listed.is_file() else 0)


@lru_cache(maxsize=4)
def _opened(folder: Path, raw: Path, stamp: int) -> OpenData:
    return OpenData(folder, raw, stamp)


def describe_open(data: OpenData) -> Iterator[str]:
    """Say what is there, what it spans and what is missing; then what was put right or isn't known."""
    every = list(data.listing["files"].values())
    files = [file for file in every if file.kind != NOT_READ]
    if not files:
        yield "No published files are here, so only the figures that ship are used; swp fetch crime brings the tables."
        return
    spans = _spans(data)
    for source in sorted({file.source for file in files}):
        own = Counter(file.edition for file in files if file.source == source)
        editions = own.items() if len(own) < MANY else [(f"{min(own)} to {max(own)}", own.total())]
        for edition, number in sorted(editions):
            span = spans.get((source, edition), "")
            yield f"{source}, edition {edition}: {count_noun(number, 'file')}{span}"
    yield from (f"{file.path} was not read: {UNREAD}" for file in every if file.kind == NOT_READ)
    yield from _street_gaps(data)
    yield from data.listing.get("remarks", [])


def _spans(data: OpenData) -> dict[tuple[str, str], str]:
    tables = sorted((data.folder / "recorded_crime").glob("*.csv"))
    rows = [pd.read_csv(path, usecols=SPANNED, dtype="category").drop_duplicates() for path in tables]
    if not rows:
        return {}
    whole = pd.concat(rows, ignore_index=True).astype(str)
    by_edition = whole.groupby(["source", "edition"])
    return {(str(source), str(edition)): _say_span(own) for (source, edition), own in by_edition}


def _say_span(rows: pd.DataFrame) -> str:
    gaps = rows[rows["status"] == NOT_SUPPLIED].drop_duplicates(["area_code", "period_start"])
    every, own = (count_noun(some["area_code"].nunique(), "area") for some in (rows, gaps))
    missing = f"; {count_noun(len(gaps), 'period')} of {own} not supplied" if len(gaps) else ""
    return f", {rows['period_start'].min()} to {rows['period_end'].max()}, {every}{missing}"


def _street_gaps(data: OpenData) -> Iterator[str]:
    for row in data.coverage().to_dict("records"):
        missing = f"; not supplied: {row['missing']}" if row["missing"] else ""
        yield f"{row['kind'].replace('_', ' ')}, {row['area']}: {row['first_month']} to {row['last_month']}{missing}"
