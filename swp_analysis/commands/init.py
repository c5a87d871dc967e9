"""`swp init`: a project for a new partnership. In: its name, its area and its own tables. Out: a folder with drafts of
everything that the partnership owns, from which the first edition can be published at once.

The drafts are in `templates/project`; what a person must decide is marked there.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from swp_analysis.catalogue.identity import area_of_code, find_area_code
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.collect.draft_partnership import Draft, draft_partnership
from swp_analysis.commands.read import list_files
from swp_analysis.errors import InputError
from swp_analysis.project import find_shipped

DECIDE, DECIDE_FIRST = "# DECIDE", "# DECIDE FIRST"
# An entry's id; the keys that are asked about, the most telling first; how many names a line holds.
ENTRY = re.compile(r"\s*- id:\s*(?P<id>\S+)")
ORDER = ("area_name", "force", "definition", "good_direction", "measures", "owner", "contact", "question")
MOST_NAMES = 6
TEMPLATES = Path(__file__).parents[1] / "templates"
SHARED_NOTEBOOKS = (
    *("10_data_quality", "15_area_profile", "25_places"),
    *("70_delivery", "90_delivery_priorities", "95_priority_evidence"),
)
# What of docs/ is about the library's own making; an installed package has none of it.
OF_ENGINEERS = ("decisions", "engines", "images", "example", "__pycache__")
GENERIC = re.compile(r"\b(?:community safety partnership|safer|partnership|csp|the)\b", re.IGNORECASE)
FIRST_THEME, THEME_STEP, LAST_THEME = 30, 5, 89


def init_project(folder: Path, name: str, area: str, tables: Sequence[Path] = ()) -> list[str]:
    """Make a partnership's project in a new or empty folder; return what a person must decide, a line each.

    `area` is the name of its authority or the ONS code; `tables` are files, or folders of them.

    Raises
    ------
    InputError
        When the folder holds something, no such area is known, or a table can't be read; nothing is then written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not empty; name a folder that does not exist yet.")
    area_code, files = find_area_code(area), list(list_files(tables))
    if missing := next((path for path in files if not path.exists()), None):
        raise InputError(f"{missing}: there is no such file.")
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "project"
        _write_drafts(made, name, area_code)
        draft = draft_partnership(files, load_catalogue(made / "partnership"))
        for theme in draft.themes.values():
            _render("theme.yml.j2", made / "partnership" / "indicators" / f"{theme.id}.yml", theme=theme)
        _render("layouts.yml.j2", made / "partnership" / "layouts.yml", draft=draft)
        _write_notebooks(made / "notebooks", draft)
        shutil.copytree(find_shipped("docs"), made / "docs", ignore=shutil.ignore_patterns(*OF_ENGINEERS))
        _lay_out_data(made / "data" / "raw", draft)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return list_decisions(folder)


def list_decisions(folder: Path) -> list[str]:
    """List what is marked as undecided: first, a line each, what may make a figure wrong; then a line a question, with
    the entries that it is asked of, in the order of docs/adopt.md."""
    first: list[str] = []
    asked: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for path in sorted((folder / "partnership").rglob("*.yml")):
        entry = path.stem
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            entry = found["id"] if (found := ENTRY.match(line)) else entry
            place, (text, mark, question) = path.relative_to(folder).as_posix(), line.partition(DECIDE)
            if DECIDE_FIRST in line:
                first.append(f"decide first: {place} line {number}: {question.removeprefix(' FIRST: ')}")
            elif mark:
                key = (text.partition(":")[0].strip(" #-{}"), question.removeprefix(": "))
                asked.setdefault(key, []).append((entry, place, number))
    ordered = sorted(asked.items(), key=lambda one: ORDER.index(one[0][0]) if one[0][0] in ORDER else len(ORDER))
    return first + [_ask_once(key, places) for key, places in ordered]


def _ask_once(asked: tuple[str, str], places: Sequence[tuple[str, str, int]]) -> str:
    """One line for a question: its place, or of several entries their names."""
    (key, question), (_, place, number) = asked, places[0]
    if len(places) == 1:
        return f"not decided: {place} line {number}: {key and f'{key}: '}{question}"
    names = ", ".join(name for name, _, _ in places[:MOST_NAMES])
    more = f" and {len(places) - MOST_NAMES} more" if len(places) > MOST_NAMES else ""
    what = "pages" if key == "question" else "indicators"
    return f"not decided: {Path(place).parent.as_posix()}: {key} of {len(places)} {what}: {question} {names}{more}"


def _write_drafts(made: Path, name: str, area_code: str) -> None:
    about = {
        "name": name,
        "short_name": "".join(word[0] for word in name.split() if word[0].isupper()) or name,
        "area_code": area_code,
        "area": area_of_code(area_code),
        "area_name": " ".join(GENERIC.sub("", name).split()) or name,
    }
    _render("README.md.j2", made / "README.md", **about)
    _render("gitignore.j2", made / ".gitignore")
    for draft in sorted((TEMPLATES / "project" / "partnership").glob("*.j2")):
        _render(f"partnership/{draft.name}", made / "partnership" / draft.stem, **about)


def _render(template: str, path: Path, **about: object) -> None:
    from jinja2 import Environment, FileSystemLoader

    place = FileSystemLoader(TEMPLATES / "project", encoding="utf-8")
    drafts = Environment(loader=place, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    drafts.filters["quoted"] = _quote
    _write(path, drafts.get_template(template).render(about))


def _write_notebooks(folder: Path, draft: Draft) -> None:
    shipped = find_shipped("notebooks")
    explore = sorted(f"explore/{path.stem}" for path in (shipped / "explore").glob("*.ipynb"))
    for name in (*SHARED_NOTEBOOKS, *explore):
        _write(folder / f"{name}.ipynb", (shipped / f"{name}.ipynb").read_text(encoding="utf-8"))
    pattern = (TEMPLATES / "theme.ipynb").read_text(encoding="utf-8")
    for place, theme in enumerate(sorted(draft.themes.values(), key=lambda one: one.id)):  # as the catalogue has them
        text = pattern
        for mark, value in (("THEME_ID", theme.id), ("THEME_TITLE", theme.title), ("THEME_QUESTION", theme.question)):
            text = text.replace(mark, json.dumps(value, ensure_ascii=False)[1:-1])
        _write(folder / f"{min(FIRST_THEME + place * THEME_STEP, LAST_THEME)}_{theme.id}.ipynb", text)


def _lay_out_data(raw: Path, draft: Draft) -> None:
    raw.mkdir(parents=True)
    for path, year in draft.years.items():
        target = raw / year / path.name
        if target.exists():
            raise InputError(f"Two of the files are called {path.name} and are about {year}; rename one of them.")
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _quote(text: str) -> str:
    """A text as YAML in quotes, whatever it holds."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6).strip()
