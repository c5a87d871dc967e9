"""`swp check`: everything that is wrong, in one go. In: a project. Out: mistakes and reminders, each a sentence with
file, place and the way out. Nothing is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from swp_analysis.catalogue import Catalogue, load_catalogue
from swp_analysis.catalogue.identity import known_areas
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.raw_files import raw_tables
from swp_analysis.ingest.read_year import read_files
from swp_analysis.ingest.years import raw_years
from swp_analysis.init import list_decisions
from swp_analysis.project import Project

PARAMETERS = ("financial_year", "area_code", "audience")
NOTEBOOKS = "[0-9][0-9]_*.ipynb"
# Calls of a briefing whose texts are ids of indicators, themes or topics.
NAMED = re.compile(r"\bbriefing\.(?!priorities)[a-z_.]+\(([^()]*)\)")
ID = re.compile(r"[\"']([a-z][a-z0-9_]*)[\"']")
# Files that speak of other areas because they must.
ABOUT_OTHERS = {"peers.yml", "layouts.yml", "recording_breaks.yml"}


@dataclass(frozen=True)
class Findings:
    """What stops a run or makes it say something false, and what a person should look at some day."""

    mistakes: list[str]
    reminders: list[str]


def check_project(project: Project, today: date | None = None) -> Findings:
    """Look at `partnership/`, the notebooks and all raw files of a project.

    `today` (default the clock's) tells which review dates have passed.
    """
    reminders = [f"not decided: {line}" for line in list_decisions(project.root)]
    try:
        catalogue = load_catalogue(project.partnership)
    except InputError as error:
        return Findings(error.problems, reminders)
    mistakes = [
        *_check_notebooks(project, catalogue),
        *_check_raw_files(project, catalogue),
        *_find_leftovers(project, catalogue),
    ]
    return Findings(mistakes, [*reminders, *_find_orphans(project, catalogue), *_list_reviews(catalogue, today)])


# Notebooks


def _check_notebooks(project: Project, catalogue: Catalogue) -> Iterator[str]:
    paths = sorted(project.notebooks.glob(NOTEBOOKS))
    if not paths:
        yield "notebooks/: no file named like 10_subject.ipynb; copy one from the example project."
    for path in paths:
        cells = _read_cells(path)
        if cells is None:
            yield f"notebooks/{path.name}: not a notebook that can be read; open it in JupyterLab and save it again."
            continue
        code = [_source(cell) for cell in cells if cell.get("cell_type") == "code"]
        yield from _check_parameters(path, cells)
        yield from _check_ids(path, code, catalogue)


def _check_parameters(path: Path, cells: list[dict[str, Any]]) -> Iterator[str]:
    tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        yield (
            f"notebooks/{path.name}: {len(tagged)} cells have the tag `parameters`; give it to exactly one, the "
            "first code cell."
        )
    else:
        for name in PARAMETERS:
            if not re.search(rf"^{name}\b", _source(tagged[0]), re.MULTILINE):
                yield f"notebooks/{path.name}: the cell of parameters lacks {name}; add a line for it."


def _check_ids(path: Path, code: list[str], catalogue: Catalogue) -> Iterator[str]:
    known = {*catalogue.indicators, *catalogue.themes, *catalogue.topics}
    for number, source in enumerate(code, start=1):
        for arguments in NAMED.findall(source):
            for name in ID.findall(arguments):
                if name not in known:
                    close = get_close_matches(name, known, n=1)
                    hint = f"did you mean {close[0]!r}?" if close else "take it out, or add the indicator."
                    where = f"notebooks/{path.name}, code cell {number}"
                    yield f"{where}: no indicator or theme has the id {name!r}; {hint}"


# Raw files


def _check_raw_files(project: Project, catalogue: Catalogue) -> Iterator[str]:
    if not project.raw.is_dir():
        yield "data/raw: there is no such folder; put a year's tables into data/raw/<financial year>, like 2024-25."
        return
    for folder in sorted(path for path in project.raw.iterdir() if path.is_dir()):
        if read_financial_year(folder.name) is None and folder.name != "open":
            yield f"data/raw/{folder.name}: not named like a financial year; rename it, for example to 2024-25."
    for year in raw_years(project.raw):
        try:
            _, refused = read_files(raw_tables(project.raw / year), year, catalogue)
        except InputError as error:
            yield from (f"data/raw/{year}: {problem}" for problem in error.problems)
        else:
            yield from (f"data/raw/{year}: {problem}" for problem in refused.values())


# Leftovers and orphans


def _find_leftovers(project: Project, catalogue: Catalogue) -> Iterator[str]:
    """Names of other areas in words that stand on pages: a file that was taken over from another partnership."""
    own = f"{catalogue.identity.name} {catalogue.identity.area_name} {catalogue.identity.force}".casefold()
    foreign = [
        area.name
        for area in known_areas()
        if area.name.casefold() not in own and len(area.name) > 3 and " " not in area.name
    ]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(foreign, key=len, reverse=True)))})\b")
    texts = [path for path in sorted(project.partnership.rglob("*")) if path.suffix in (".yml", ".md")]
    for path in texts:
        if path.name in ABOUT_OTHERS:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if not line.lstrip().startswith("#") and (found := pattern.search(line)):
                yield (
                    f"{path.relative_to(project.root).as_posix()} line {number}: names {found[0]}, another area than "
                    f"{catalogue.identity.area_name}; correct it."
                )


def _find_orphans(project: Project, catalogue: Catalogue) -> Iterator[str]:
    code = "\n".join(
        _source(cell)
        for path in sorted(project.notebooks.glob(NOTEBOOKS))
        for cell in _read_cells(path) or []
        if cell.get("cell_type") == "code"
    )
    named = set(ID.findall(code))
    for theme in catalogue.themes:
        own = catalogue.of_theme(theme)
        speaks = {theme, *(one.id for one in own), *(topic for one in own for topic in one.topics or [])}
        if not named & speaks:
            yield f"partnership/indicators: no notebook shows the theme {theme!r}; copy a theme's notebook and name it."


def _list_reviews(catalogue: Catalogue, today: date | None) -> Iterator[str]:
    day = today or date.today()
    late = [one for one in catalogue.indicators.values() if one.next_review and one.next_review < day]
    for one in late:
        yield (
            f"partnership/indicators: the review of {one.id} was due on {one.next_review:%d %B %Y}; look at its "
            "definition and set `next_review`."
        )


def _read_cells(path: Path) -> list[dict[str, Any]] | None:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [cell for cell in cells if isinstance(cell, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell.get("source", []))
