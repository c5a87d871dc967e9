"""`swp init`: a project for a new partnership. In: its name, its area and its own tables. Out: a folder with drafts of
everything that the partnership owns, from which the first edition can be published at once.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files as package_files
from pathlib import Path

import yaml

from swp_analysis.catalogue import load_catalogue
from swp_analysis.collect.draft_partnership import Draft, DraftIndicator, DraftTheme, draft_partnership
from swp_analysis.errors import InputError
from swp_analysis.project import shipped_notebooks

DECIDE = "# DECIDE"
TEMPLATES = "templates"
SHARED_NOTEBOOKS = ("10_data_quality", "70_delivery", "90_delivery_priorities", "95_priority_evidence")
GENERIC = re.compile(r"\b(?:community safety partnership|safer|partnership|csp|the)\b", re.IGNORECASE)
FIRST_THEME, THEME_STEP = 30, 5


def init_project(folder: Path, name: str, area_code: str, tables: Sequence[Path] = ()) -> list[str]:
    """Make a partnership's project in a new or empty folder; return what a person must decide, a line each.

    Raises
    ------
    InputError
        When the folder holds something, the code is none, or a table can't be read; nothing is then written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; name a folder that does not exist yet.")
    _refuse_missing(tables)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "project"
        _write_identity(made / "partnership", name, area_code)
        draft = draft_partnership(tables, load_catalogue(made / "partnership"))
        _write_partnership(made / "partnership", draft)
        _write_notebooks(made / "notebooks", draft)
        _lay_out_data(made, draft)
        _write_readme(made, name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return list(list_decisions(folder))


def list_decisions(folder: Path) -> Iterator[str]:
    """Give every place that is marked as undecided, with file and line."""
    for path in sorted((folder / "partnership").rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if DECIDE in line:
                yield f"{path.relative_to(folder).as_posix()} line {number}: {line.partition(DECIDE)[2].strip(' :')}"


def _refuse_missing(tables: Sequence[Path]) -> None:
    for path in tables:
        if not path.is_file():
            raise InputError(f"{path}: there is no such file.")
    names = [path.name for path in tables]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"Two of the files are called {name}; rename one of them.")


def _write_identity(folder: Path, name: str, area_code: str) -> None:
    area = " ".join(GENERIC.sub("", name).split()) or name
    short = "".join(word[0] for word in name.split() if word[0].isupper()) or name
    _write(
        folder / "identity.yml",
        "# Which partnership this is. Pages, forms and messages take names and code from here.\n"
        f"name: {_quote(name)}\n"
        f"short_name: {_quote(short)}\n"
        f"area_name: {_quote(area)}  {DECIDE}: is this what the area is called?\n"
        f"area_code: {_quote(area_code)}\n"
        f'force: ""  {DECIDE}: the police force, so that recording changes of that force are shown\n'
        f'contact: ""  {DECIDE}: who answers questions; it stands on every page\n'
        'licence: ""\n'
        'next_update: ""\n',
    )


def _write_partnership(folder: Path, draft: Draft) -> None:
    for theme in draft.themes.values():
        _write(folder / "indicators" / f"{theme.id}.yml", _describe_theme(theme))
    _write(
        folder / "strategy.yml",
        "# What the partnership set out to do, and the indicators that speak to it. An example is in docs/adopt.md.\n"
        f"strategies: []  {DECIDE}: the strategy that holds now, with its priorities\n"
        "plans: []\n"
        f"delivery_priorities: {{}}  {DECIDE}: this year's and next year's delivery priorities\n",
    )
    _write(
        folder / "delivery.yml",
        "# What was done in a year, with what money, and how far it got. An example is in docs/adopt.md.\n"
        f"{{}}  {DECIDE}: what was done for each delivery priority\n",
    )
    for name, about in (
        ("layouts", "Spellings of your tables: headings, marks of missing figures, hand readings."),
        ("rebases", "Dated decisions that a chart starts a new level."),
        ("coverage", "What you add to the list of what an assessment must hold."),
        ("recording_breaks", "Changes of recording that concern your indicators alone."),
        ("criteria", "Your own weights and reasons for ranking candidates."),
    ):
        _write(folder / f"{name}.yml", f"# {about} See docs/adopt.md; empty is fine.\n")
    _write(folder / "glossary.md", "<!-- Your own terms, one `## Term` each; they join the glossary of all. -->\n")


def _describe_theme(theme: DraftTheme) -> str:
    head = (
        f"theme: {theme.id}\n"
        f"title: {_quote(theme.title)}\n"
        f"question: {_quote(_question(theme.title))}  "
        f"{DECIDE}: the question that the page answers\n\nindicators:\n"
    )
    return head + "\n".join(_describe_indicator(one) for one in theme.indicators.values())


def _question(title: str) -> str:
    return f"What do the figures under “{title}” show, and what changed?"


def _describe_indicator(one: DraftIndicator) -> str:
    owner = _quote(one.owner or "Not decided") + ("" if one.owner else f"  {DECIDE}: who supplies {one.id}")
    good = one.good_direction
    direction = good if good != "neutral" else f"neutral  {DECIDE}: is lower or higher good for {one.id}?"
    return (
        f"  - id: {one.id}\n"
        f"    label: {_quote(one.label)}\n"
        f"    unit: {one.unit}\n"
        f"    kind: {one.kind}\n"
        f"    good_direction: {direction}\n"
        f"    owner: {owner}\n"
        f"    definition: {_quote(UNDEFINED)}  {DECIDE}: what {one.id} counts\n"
        f"    # measures: harm  {DECIDE}: harm, reporting, activity or outcome; until then no change of {one.id} is "
        "called better or worse\n"
    )


UNDEFINED = "The partnership has not written down yet what this counts."


def _write_notebooks(folder: Path, draft: Draft) -> None:
    for name in SHARED_NOTEBOOKS:
        _write(folder / f"{name}.ipynb", (shipped_notebooks() / f"{name}.ipynb").read_text(encoding="utf-8"))
    pattern = (package_files("swp_analysis") / TEMPLATES / "theme.ipynb").read_text(encoding="utf-8")
    for place, theme in enumerate(draft.themes.values()):
        number = min(FIRST_THEME + place * THEME_STEP, 89)
        text, question = pattern, _question(theme.title)
        for mark, value in (("THEME_ID", theme.id), ("THEME_TITLE", theme.title), ("THEME_QUESTION", question)):
            text = text.replace(mark, json.dumps(value, ensure_ascii=False)[1:-1])
        _write(folder / f"{number}_{theme.id}.ipynb", text)


def _lay_out_data(made: Path, draft: Draft) -> None:
    for path, year in draft.years.items():
        target = made / "data" / "raw" / year / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (made / "data" / "raw").mkdir(parents=True, exist_ok=True)
    _write(made / ".gitignore", "data/processed/\ndata/cache/\nreports/\n")


def _write_readme(made: Path, name: str) -> None:
    _write(
        made / "README.md",
        f"# Strategic assessment of {name}\n\n"
        "1. `swp assess` publishes an edition from the tables in `data/raw` to `reports/<year>/partners/index.html`.\n"
        "2. `swp check` lists every mistake in `partnership/`, notebooks and tables, and what is not decided yet.\n"
        "3. `swp lab` opens the notebooks in JupyterLab.\n\n"
        "What is yours stands in `partnership/`: indicators, strategy, names. Lines marked `# DECIDE` wait for you.\n"
        "New tables go into `data/raw/<financial year>/` as they came; `swp read FILE` shows how one is read.\n"
        "The library is updated by itself (`pip install --upgrade swp-analysis`) and touches none of these files.\n",
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _quote(text: str) -> str:
    """A text as YAML in quotes, whatever it holds."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6).strip()
