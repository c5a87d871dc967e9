"""`swp check`: everything that is wrong, in one go. In: a project. Out: mistakes and reminders, each a sentence with
file, place and the way out. Nothing is written.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.own_statements import find_contradicted
from swp_analysis.catalogue.completion import list_code, read_cells
from swp_analysis.catalogue.identity import Identity, known_areas
from swp_analysis.catalogue.loader import read_catalogue
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.safe_yaml import Document
from swp_analysis.commands.init import list_decisions
from swp_analysis.errors import Problems, count_noun, did_you_mean
from swp_analysis.ingest.formats.raw_files import list_overlooked, raw_tables, raw_years
from swp_analysis.ingest.read_year import read_editions, read_files
from swp_analysis.ingest.records import Reading
from swp_analysis.present.briefing import Briefing
from swp_analysis.project import Project
from swp_analysis.quality.totals import annual_totals

PARAMETERS = ("financial_year", "area_code", "audience")
NOTEBOOKS = "[0-9][0-9]_*.ipynb"
# Calls of a briefing whose texts are ids of indicators, themes or topics; and all calls of one.
NAMED = re.compile(r"\bbriefing\.(?!priorities)[a-z_.]+\(([^()]*)\)")
CALLED = re.compile(r"\bbriefing\.([a-z_]+)")
ID = re.compile(r"[\"']([a-z][a-z0-9_]*)[\"']")
# What is about other areas because it must be: files, the lines of who supplies or wrote something, and marked ones.
ABOUT_OTHERS = {"peers.yml", "layouts.yml", "recording_breaks.yml"}
OF_OTHERS = re.compile(
    r"^[\s{-]*(?:owner|source|document|place|contact|licence|area_code|own_area_names):|(?:#|<!--) meant"
)
MISTAKABLE = {"Reading", "Slough", "Rugby", "Hart", "Bury"}  # words that a sentence may begin with


@dataclass(frozen=True)
class Findings:
    """What stops a run or makes it say something false, and what a person should look at some day."""

    mistakes: list[str]
    reminders: list[str]


def check_project(project: Project, today: date | None = None) -> Findings:
    """Look at `partnership/`, the notebooks and all raw files of a project.

    `today` (default the clock's) tells which review dates have passed.
    """
    reminders = list_decisions(project.root)
    catalogue, files = read_catalogue(project.partnership)
    mistakes = [*files.problems, *_check_notebooks(project, catalogue, files.faulty)]
    if catalogue is None:
        return Findings([*mistakes, *_check_folders(project)], reminders)
    readings, refused = _read_raw_files(project, catalogue)
    faulty = [name.casefold() for name in files.faulty]  # one mistake is said once, not what follows from it
    refused = [problem for problem in refused if not any(name in problem.casefold() for name in faulty)]
    mistakes += [*_check_folders(project), *refused]
    mistakes += _find_leftovers(project, catalogue.identity) if catalogue.identity.area_code else []
    if not mistakes and readings:
        mistakes += _find_contradicted(project, catalogue, max(readings))
    whole = list(readings.values()) if not mistakes else []
    reminders += () if files.problems else _find_orphans(project, catalogue, whole)  # one that is faulty is no orphan
    reminders += _list_reviews(project, today)
    return Findings(mistakes, reminders)


# Notebooks


def _check_notebooks(project: Project, catalogue: Catalogue | None, faulty: set[str]) -> Iterator[str]:
    known = {*catalogue.indicators, *catalogue.themes, *catalogue.topics, *faulty} if catalogue else set()
    paths = sorted(project.notebooks.glob(NOTEBOOKS))
    if not paths:
        yield "notebooks/: no file named like 10_subject.ipynb; copy one from the example project."
    for path in paths:
        cells = read_cells(path)
        if cells is None:
            yield f"notebooks/{path.name}: not a notebook that can be read; open it in JupyterLab and save it again."
            continue
        yield from _check_parameters(path, cells)
        for number, source in enumerate(list_code(cells), start=1):
            where = f"notebooks/{path.name}, code cell {number}"
            yield from (f"{where}{problem}" for problem in _check_code(source, known))


def _check_parameters(path: Path, cells: list[dict[str, Any]]) -> Iterator[str]:
    tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        yield (
            f"notebooks/{path.name}: {count_noun(len(tagged), 'cell')} tagged `parameters`; tag exactly one, "
            "the first code cell."
        )
    else:
        for name in PARAMETERS:
            if not re.search(rf"^{name}\b", "".join(tagged[0].get("source", [])), re.MULTILINE):
                yield f"notebooks/{path.name}: the cell of parameters lacks {name}; add a line for it."


def _check_code(source: str, known: set[str]) -> Iterator[str]:
    """What stops a cell from running: it is no Python, or calls or names something that is not there."""
    try:
        ast.parse(
            "".join(line for line in source.splitlines(keepends=True) if not line.lstrip().startswith(("%", "!")))
        )
    except SyntaxError as error:
        yield f", line {error.lineno}: not Python: {error.msg}; correct it in JupyterLab."
    for name in dict.fromkeys(CALLED.findall(source)):
        if not hasattr(Briefing, name) and name not in Briefing.__dataclass_fields__:
            yield f": a briefing has no {name!r}{did_you_mean(name, dir(Briefing), 'take the call out')}"
    for name in ID.findall(" ".join(NAMED.findall(source))) if known else ():
        if name not in known:
            hint = did_you_mean(name, known, "take it out, or add the indicator")
            yield f": no indicator or theme has the id {name!r}{hint}"


# Raw files


def _check_folders(project: Project) -> list[str]:
    if not project.raw.is_dir():
        return ["data/raw: there is no such folder; put a year's tables into data/raw/<financial year>, like 2024-25."]
    return list_overlooked(project.raw)


def _read_raw_files(project: Project, catalogue: Catalogue) -> tuple[dict[str, Reading], list[str]]:
    """What each year's files give, and all that is wrong with them."""
    readings: dict[str, Reading] = {}
    refused: list[str] = []
    for year in raw_years(project.raw) if project.raw.is_dir() else []:
        problems = Problems()
        with problems.noting():
            readings[year], wrong = read_files(raw_tables(project.raw / year), year, catalogue)
            problems += [problem for error in wrong.values() for problem in error.problems]
        refused += [f"data/raw/{year}: {problem}" for problem in (*problems, *_rows_not_read(readings.get(year)))]
    return readings, refused


def _rows_not_read(reading: Reading | None) -> Iterator[str]:
    """The rows whose words keep them from being read, where no other is read for their indicator."""
    for one in reading.unread if reading else ():
        if one.indicator:
            yield f"{one.address}: the row is not read: {one.reason}."


def _find_contradicted(project: Project, catalogue: Catalogue, year: str) -> Iterator[str]:
    problems = Problems()
    with problems.noting():
        evidence = read_editions(project.raw, year, catalogue)
        totals = annual_totals(evidence.observations, catalogue.indicators)
        figures = TableFigures(evidence.observations, totals, evidence.baselines, catalogue)
        problems += find_contradicted(project.partnership, figures, year)
    yield from problems


# Leftovers, orphans and reviews


def _find_leftovers(project: Project, identity: Identity) -> Iterator[str]:
    """Find names of other areas in words that pages print: a file that was taken over from another partnership."""
    own = f"{identity.name} {identity.area_name} {identity.force}".casefold()
    around = {area.within for area in known_areas() if area.name == identity.force}
    foreign = {
        area.name
        for area in known_areas()
        if area.kind in ("authority", "partnership") or (area.kind == "force" and identity.force)
        if len(area.name) > 3 and area.name.casefold() not in own and area.name not in around
    }
    names = "|".join(map(re.escape, sorted(foreign, key=len, reverse=True)))
    pattern = re.compile(rf"\b(?:{names})\b")
    for path in sorted(path for path in project.partnership.rglob("*") if path.suffix in (".yml", ".md")):
        text = path.read_text(encoding="utf-8", errors="replace") if path.name not in ABOUT_OTHERS else ""
        places: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            about_others = line.lstrip().startswith("#") or OF_OTHERS.search(line)
            for name in {*pattern.findall(line)} - MISTAKABLE if not about_others else ():
                places.setdefault(name, []).append(number)
        for name, numbers in places.items():
            place = f"{path.relative_to(project.root).as_posix()} line {', '.join(map(str, numbers))}"
            yield (
                f"{place}: names {name}, another area than {identity.area_name}; correct it, or write `# meant` "
                "behind it (`<!-- meant -->` in a .md)."
            )


def _find_orphans(project: Project, catalogue: Catalogue, readings: list[Reading]) -> Iterator[str]:
    """Entries that nothing shows or uses, and notebooks that are never published."""
    cells = [source for path in project.notebooks.glob(NOTEBOOKS) for source in list_code(read_cells(path))]
    named = set(ID.findall("\n".join(cells)))
    for theme in catalogue.themes:
        own = catalogue.of_theme(theme)
        speaks = {theme, *(one.id for one in own), *(topic for one in own for topic in one.topics or [])}
        if not own:
            yield f"partnership/indicators: the theme {theme!r} has no indicator; add one, or delete its file."
        elif not named & speaks:
            yield f"partnership/indicators: no notebook shows the theme {theme!r}; copy a theme's notebook and name it."
    for path in sorted({*project.notebooks.glob("*.ipynb")} - {*project.notebooks.glob(NOTEBOOKS)}):
        yield f"notebooks/{path.name}: is never published; name it like 40_subject.ipynb, or move it to explore/."
    given = {row["indicator"] for reading in readings for row in reading.observations}
    notes = " ".join(note for reading in readings for note in reading.notes)
    for name in catalogue.indicators if readings else ():
        if name not in given:
            yield f"partnership/indicators: no table has a row of {name}; ask its owner, or correct its label."
    for hand in catalogue.layouts.hand_readings if readings else ():
        if f"read by hand as {hand.reads} for {hand.indicator}" not in notes:
            yield f"partnership/layouts.yml: no cell is read by hand as {hand.reads} for {hand.indicator}; take it out."
    for row in catalogue.layouts.unlabelled_rows if readings else ():
        if f"is read as {row.indicator}" not in notes:
            yield f"partnership/layouts.yml: no row without a label is read as {row.indicator}; take it out."


def _list_reviews(project: Project, today: date | None) -> Iterator[str]:
    for path in sorted((project.partnership / "indicators").glob("*.yml")):
        problems = Problems()
        with problems.noting():
            document = Document(path, empty={})
            entries = document.values.get("indicators") if isinstance(document.values, dict) else []
            for number, entry in enumerate(entries or []):
                due = entry.get("next_review") if isinstance(entry, dict) else None
                if isinstance(due, date) and due < (today or date.today()):
                    line = document.line(("indicators", number, "next_review"))
                    yield (
                        f"partnership/indicators/{path.name} line {line}: the review of {entry.get('id')} was due on "
                        f"{due:%d %B %Y}; look at its definition and set `next_review`."
                    )
