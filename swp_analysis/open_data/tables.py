"""`data/processed/open`, rebuilt from what was published. In: `data/raw/open`. Out: tidy CSVs, each with its metadata.

Each file is read once and what it gave is kept by hash; a build in which nothing changed looks at sizes and times only.
"""

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from swp_analysis.errors import InputError
from swp_analysis.open_data import raw_files, recorded_crime
from swp_analysis.open_data.gazetteer import AREA_COLUMNS, Area, Gazetteer, gazetteer_from, read_lookups
from swp_analysis.open_data.offences import freeze_lists
from swp_analysis.open_data.raw_files import BOUNDARIES, OpenFile, open_tables
from swp_analysis.open_data.recorded_crime import read_recorded_crime
from swp_analysis.open_data.repeats import Part, drop_repeats, join_parts, refuse_doubled
from swp_analysis.open_data.small_areas import (
    Outline,
    read_deprivation,
    read_outlines,
    read_small_areas,
)
from swp_analysis.open_data.street import SEEN_COLUMNS, STREET_KINDS, assemble, read_street_file
from swp_analysis.open_data.yearly_tables import (
    HEADLINE,
    POPULATION_COLUMNS,
    POPULATION_KINDS,
    read_headline_table,
    read_population,
    sum_up,
)
from swp_analysis.project import Project

VERSION = "5"  # of what is kept; another number makes every file be read again
LIST = "files.json"
STREET_KEYS = [name for name in SEEN_COLUMNS if name not in ("count", "vintage")]


@dataclass
class _Build:
    """One build: where things lie, what was found, and what looks places up."""

    folder: Path
    out: Path
    kept: Path
    found: list[OpenFile]
    book: Gazetteer
    digest: str
    areas_digest: str

    def of(self, *kinds: str) -> list[OpenFile]:
        return [file for file in self.found if file.kind in kinds]

    def paths(self, *kinds: str) -> list[Path]:
        return [self.folder / file.path for file in self.of(*kinds)]

    @cached_property
    def units(self) -> pd.DataFrame:
        return read_small_areas(self.paths("lsoa_lookup"), self.paths("ward_lookup"), self.folder)

    @cached_property
    def outlines(self) -> list[Outline]:
        every = [one for path in self.paths(BOUNDARIES) for one in read_outlines(path)]
        return [one for one in every if one.vintage.startswith("LSOA")]


def build_open(project: Project) -> bool:
    """Bring `data/processed/open` up to date; whether anything had changed.

    Raises
    ------
    InputError
        For a published file that can't be read; the tables of the last build then stand.
    """
    folder, out = raw_files.open_folder(project), open_tables(project)
    before = raw_files.read_list(out / LIST)
    if not folder.is_dir():
        was_there = out.is_dir()
        shutil.rmtree(out, ignore_errors=True)
        return was_there
    own = raw_files.describe_layouts(folder)
    is_same = (before.get("version"), before.get("layouts")) == (VERSION, own)
    known = before["files"] if is_same else {}
    found = [raw_files.look_at(path, folder, known) for path in raw_files.list_raw_files(folder)]
    if is_same and found == list(known.values()):
        return False
    fresh = out.with_name("open.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    build = _prepare(folder, fresh, project.cache / "open", found)
    _write_tables(build)
    extra = {"version": VERSION, "layouts": own, "remarks": list(dict.fromkeys(build.book.remarks))}
    raw_files.write_list(found, fresh / LIST, extra)
    shutil.rmtree(out, ignore_errors=True)
    fresh.replace(out)
    return True


def _prepare(folder: Path, fresh: Path, kept: Path, found: list[OpenFile]) -> _Build:
    lookups = [folder / file.path for file in found if file.kind in ("csp_lookup", "csp_reference", HEADLINE)]
    book = read_lookups(lookups, gazetteer_from(published("areas")), folder)
    digest = VERSION + hashlib.sha256(book.frame().to_csv().encode()).hexdigest()
    maps = [file.sha256 for file in found if file.kind in ("lsoa_lookup", "ward_lookup", BOUNDARIES)]
    return _Build(folder, fresh, kept, found, book, digest, digest + "".join(maps))


def published(name: str) -> pd.DataFrame:
    """Give a table of the figures that ship with the project: areas, recorded_crime or population."""
    return pd.read_csv(Path(__file__).parent / "published" / f"{name}.csv", dtype=str, keep_default_na=False)


def _write_tables(build: _Build) -> None:
    populations = _write_population(build)
    _write_recorded_crime(build)
    if build.of(*STREET_KINDS):
        _write_street(build)
    if frames := [read_deprivation(path, build.folder) for path in build.paths("deprivation")]:
        pd.concat(frames).to_csv(build.out / "deprivation.csv", index=False)
    build.book.frame().to_csv(build.out / "areas.csv", index=False)
    write_metadata(build.out, {"areas": AREA_COLUMNS, "population": POPULATION_COLUMNS if populations else []})


def _write_population(build: _Build) -> bool:
    folder, book, key = build.folder, build.book, [*POPULATION_COLUMNS[:2], "edition"]
    files = build.of(*POPULATION_KINDS)
    read = [read_population(folder / file.path, book, file.edition, folder) for file in reversed(files)]
    read.sort(key=lambda frame: -frame["mid_year"].max())  # a later release has put earlier mid-years right
    shipped = published("population").astype({"mid_year": int, "population": int})
    whole = pd.concat([*read, shipped], ignore_index=True).drop_duplicates(key)
    summed = sum_up(whole, book).drop_duplicates(key)
    summed.to_csv(build.out / "population.csv", index=False)
    return bool(read)


def _kept(build: _Build, file: OpenFile) -> Path:
    """The folder for what a file gives: another one when the file, its edition or the areas are others."""
    known = build.areas_digest if file.kind in STREET_KINDS else build.digest
    edition = hashlib.sha256(f"{file.edition}{known}".encode()).hexdigest()[:12]
    return build.kept / f"{file.sha256[:20]}-{edition}"


def _keep(build: _Build, file: OpenFile, kept: Path) -> None:
    """Read a file into a folder, which is there only when the reading went well, with what was remarked."""
    fresh, remarks = kept.with_name(kept.name + ".new"), len(build.book.remarks)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _read_into(build, file, fresh)
    stand_ins = [asdict(area) for area in build.book.areas.values() if not area.usable]
    told = {"remarks": build.book.remarks[remarks:], "areas": stand_ins}
    (fresh / "told.json").write_text(json.dumps(told), encoding="utf-8")
    fresh.replace(kept)


def _recall(build: _Build, kept: Path) -> None:
    """What was remarked while a file was read counts again."""
    told = json.loads((kept / "told.json").read_text(encoding="utf-8"))
    build.book.remarks += [remark for remark in told["remarks"] if remark not in build.book.remarks]
    for area in told["areas"]:
        build.book.add(Area(**freeze_lists(area)))


def _read_each(build: _Build, kinds: Iterable[str]) -> Iterator[tuple[OpenFile, Path]]:
    """Give each file of these kinds with the folder that has what it gave, read now if it wasn't before."""
    for file in build.of(*kinds):
        kept = _kept(build, file)
        if not kept.is_dir():
            _keep(build, file, kept)
        _recall(build, kept)
        yield file, kept


def _read_into(build: _Build, file: OpenFile, into: Path) -> None:
    path = build.folder / file.path
    if file.kind == "recorded_crime":
        read_recorded_crime(path, build.book, file.edition, into, build.folder)
        refuse_doubled(into, file, build.book)
    elif file.kind == "typed_counts":
        _split(_read_typed(path, build.book, file), build.book, into)
    elif file.kind == HEADLINE:
        _split(read_headline_table(path, build.book, file.edition, build.folder), build.book, into)
    else:
        rows = read_street_file(path, build.book, build.units, build.outlines, build.folder)
        rows.to_csv(into / "rows.csv", index=False)


def _write_recorded_crime(build: _Build) -> None:
    folder = build.out / "recorded_crime"
    folder.mkdir()
    by_force: dict[str, list[Part]] = defaultdict(list)
    for file, kept in _read_each(build, ("recorded_crime", "typed_counts", HEADLINE)):
        for part in sorted(kept.glob("*.csv")):
            by_force[part.name].append((file, part))
        if file.kind == HEADLINE:  # one table for all areas, so that they can be compared at once
            _gather(kept, build.out / "headline.csv")
    for name, parts in by_force.items():
        for part, left in join_parts(parts, build.book):
            _gather(part, folder / name, left)


def _read_typed(path: Path, book: Gazetteer, file: OpenFile) -> pd.DataFrame:
    """Figures that a user has typed in our own layout, a row an area, period and group."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for row, (code, count) in enumerate(zip(frame["area_code"], frame["count"], strict=True), start=2):
        if code not in book.areas:
            raise InputError(
                f"{file.path}, row {row}: no area has the code {code!r}; swp fetch areas brings every area."
            )
        if not re.fullmatch(r"\d+", count):
            raise InputError(f"{file.path}, row {row}: the count {count!r} is no whole number; leave the row out.")
    given = {"status": recorded_crime.REPORTED, "source": file.source, "edition": file.edition}
    for name in recorded_crime.COLUMNS:
        own = frame[name] if name in frame else pd.Series("", index=frame.index)
        frame[name] = own.where(own != "", given.get(name, ""))
    return frame[recorded_crime.COLUMNS]


def _split(frame: pd.DataFrame, book: Gazetteer, into: Path) -> None:
    forces = frame["area_code"].map(lambda code: book.areas[code].force_code)
    for force, rows in frame.groupby(forces):
        rows.to_csv(into / f"{force}.csv", index=False, header=False)


def _gather(kept: Path, target: Path, left: pd.DataFrame | None = None) -> None:
    """Append the rows of a file, or of every file in a folder, to a table; a new table begins with the header.

    `left`: what is appended instead, where some of them stand in another file.
    """
    fresh = not target.exists()
    with target.open("ab") as whole:
        if fresh:
            whole.write((",".join(recorded_crime.COLUMNS) + "\n").encode())
        if left is not None:
            left.to_csv(whole, index=False, header=False)
            return
        for part in sorted(kept.glob("*.csv")) if kept.is_dir() else [kept]:
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, whole, 1 << 20)


def _write_street(build: _Build) -> None:
    read, left = [], []
    for file, kept in _read_each(build, STREET_KINDS):
        text = {"lsoa": str, "vintage": str, "month": str}
        rows = pd.read_csv(kept / "rows.csv", dtype=text, keep_default_na=False)
        read.append(rows.assign(source=file.source, edition=file.edition, file=file.path))
    seen = pd.concat(read, ignore_index=True)
    files = {file.path: file for file in build.of(*STREET_KINDS)}
    for _, own in seen.groupby(["source", "edition"]):
        left.append(drop_repeats(own, STREET_KEYS, files[own["file"].iloc[0]], build.book))
    for kind, rows in pd.concat(left, ignore_index=True).groupby("kind"):
        folder = build.out / str(kind)
        folder.mkdir()
        for code, table in assemble(rows, build.book, build.units).items():
            table.to_csv(folder / f"{code}.csv", index=False)
    build.units.to_csv(build.out / "units.csv", index=False)


def write_metadata(out: Path, named: dict[str, Iterable[str]]) -> None:
    """Describe the tables for machines (CSV on the Web)."""
    tables = {f"{name}.csv": list(columns) for name, columns in named.items() if columns}
    for path in sorted((out / "recorded_crime").glob("*.csv")):
        tables[f"recorded_crime/{path.name}"] = recorded_crime.COLUMNS
    numbers = {"count", "population", "mid_year", "source_row", "quarter"}
    for name, columns in tables.items():
        described = [{"name": column, "datatype": "number" if column in numbers else "string"} for column in columns]
        schema = {"url": Path(name).name, "tableSchema": {"columns": described}}
        content = {"@context": "http://www.w3.org/ns/csvw", **schema}
        (out / f"{name}-metadata.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
