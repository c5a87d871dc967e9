"""Commands around the walk: `init`, `check`, `read`, `new-year`, `fetch`, `open`, editions of areas, and `lab`. In: a
call on the command line. Out: files, lines of text and an exit code.

JupyterLab is started with this environment's kernel and the start page of `notebooks/explore`; it asks nothing of the
internet and needs no administrator.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from swp_analysis.catalogue.periods import previous_year, require_financial_year
from swp_analysis.errors import InputError, RunError, count_noun
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.lock import only_run
from swp_analysis.project import PROJECT_VARIABLE, Project, Say, find_project
from swp_analysis.published import write_whole

WRONG_INPUT, MOST_LINES = 2, 12


def open_project() -> Project:
    """Find the project of a command, and say which it is where the call was made outside of one."""
    project = find_project()
    if PROJECT_VARIABLE not in os.environ and not Path.cwd().resolve().is_relative_to(project.root):
        from swp_analysis.catalogue.loader import load_catalogue

        name = load_catalogue().identity.name
        print(f"No project here, so this is about {name}; run swp inside your own project.", file=sys.stderr)
    return project


def init(
    places: Annotated[list[Path], typer.Argument(metavar="FOLDER", hidden=True)],
    name: Annotated[str, typer.Option(metavar="NAME", help="The partnership's name, as pages print it.")],
    area: Annotated[str, typer.Option(metavar="AREA", help="Its area: the name of the authority, or its ONS code.")],
    tables: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="KPI tables of the partnership: files, or folders of them."),
    ] = None,
) -> None:
    """Make a new partnership's project from its own tables.

    FOLDER is the new project's, not there yet or empty; further tables may follow it. Drafts of all that is the
    partnership's own are made from the tables.
    """
    from swp_analysis.commands.check import check_project
    from swp_analysis.commands.init import init_project

    folder = _choose_folder(places, tables or [])
    tables = [*(tables or []), *(place for place in places if place != folder)]
    undecided = init_project(folder, name, area, tables)
    print(f"Made: {folder}. For a person to decide, when there is time; the first edition needs none of it:")
    _list(undecided[:MOST_LINES])
    if len(undecided) > MOST_LINES:
        print(f"  and {count_noun(len(undecided) - MOST_LINES, 'more line')}; swp check lists them all.")
    if mistakes := check_project(Project(folder.resolve())).mistakes if tables else []:
        print("To be mended, in the table or as the sentence says; `swp assess` stops at it, or leaves the row out:")
        _list(mistakes)
        raise SystemExit(WRONG_INPUT)
    by_hand = f"write {folder}/partnership/indicators by hand; or delete {folder} and name tables with --from"
    print(f"Next: {f'cd {shlex.quote(str(folder))}, then swp assess' if tables else by_hand}.")


def _choose_folder(places: list[Path], tables: list[Path]) -> Path:
    """The one place that is to be made: all others are tables that follow the first behind `--from`."""
    new = [place for place in places if not place.is_file()]
    if tables and len(new) > 1:
        raise typer.BadParameter(f"{', '.join(map(str, new[1:]))}: there is no such file.")
    if len(new) != 1 or (len(places) > 1 and not tables):
        raise typer.BadParameter("name one new folder, and the tables behind --from.")
    return new[0]


def _list(lines: list[str]) -> None:
    for line in lines:
        print(f"  {line}")


def check() -> None:
    """List every mistake in partnership/, notebooks and raw files.

    All in one go; nothing is written.
    """
    from swp_analysis.commands.check import check_project

    found = check_project(open_project())
    for line in found.reminders:
        print(f"Reminder: {line}")
    for line in found.mistakes:
        print(f"Mistake: {line}")
    print(f"{count_noun(len(found.mistakes), 'mistake')}, {count_noun(len(found.reminders), 'reminder')}.")
    if found.mistakes:
        raise SystemExit(WRONG_INPUT)


def read_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", hidden=True)],
    year: Annotated[
        str | None, typer.Option(metavar="YEAR", help="The year whose folder they would lie in, like 2018-19.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the rows of observations.csv instead.")] = False,
) -> None:
    """Show how files would be read, without building anything.

    FILE is a table as received, or a folder of them. Shown are the figures, what is not read and why, and what was
    decided.
    """
    from swp_analysis.catalogue.loader import load_catalogue
    from swp_analysis.commands.read import describe_files, read_paths, write_figures

    open_project()
    found = read_paths(files, require_financial_year(year) if year else None, load_catalogue())
    refused = [file.refusal for file in found if file.refusal]
    if csv:
        print(write_figures(found), end="")
        print("".join(f"swp: {sentence}\n" for sentence in refused), end="", file=sys.stderr)
    else:
        print("\n".join(describe_files(found)))
    if refused:
        raise SystemExit(WRONG_INPUT)


# Open data

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", hidden=True)]
Force = Annotated[
    str, typer.Option("--force", metavar="FORCE", help="Code or name of the force whose street files are fetched.")
]
OneArea = Annotated[
    str, typer.Option("--area", metavar="AREA", help="Code or name of the partnership whose outlines are fetched.")
]
Edition = Annotated[
    str, typer.Option(metavar="EDITION", help="Archive of street data like 2020-04; with --from, the edition.")
]
FromFolder = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="FOLDER", help="File what was downloaded by hand into this folder; asks no network."
    ),
]
Areas = Annotated[
    list[str] | None, typer.Option("--area", metavar="AREA", help="Code or name of an area: its edition.")
]
AllAreas = Annotated[bool, typer.Option("--all-areas", help="An edition of every area, from open data alone.")]


def fetch_command(
    subject: Subject = "", force: Force = "", area: OneArea = "", edition: Edition = "", folder: FromFolder = None
) -> None:
    """Bring open data from their publishers into data/raw/open.

    SUBJECT is crime, street, areas or population; with --from it may be left out. What is there already is left alone.
    """
    from swp_analysis.open_data.fetch import LATEST, SUBJECTS
    from swp_analysis.open_data.fetch import fetch as fetch_files
    from swp_analysis.open_data.raw_files import file_folder, open_filing
    from swp_analysis.open_data.reader import open_data

    project = open_project()
    filing = open_filing(project.raw / "open", print)
    if folder:
        file_folder(filing, folder, edition)
    elif subject in SUBJECTS:
        data = open_data(project)
        chosen = data.find(force or area) if force or area else None
        fetch_files(subject, filing, data, chosen, edition or LATEST)
    else:
        raise InputError(f"Say what to fetch: swp fetch {'|'.join(SUBJECTS)}, or swp fetch --from FOLDER.")
    print(f"{count_noun(len(filing.filed), 'new file')} in data/raw/open; swp open says what is there.")


def assess_chosen(
    areas: list[str],
    everywhere: bool,
    years: list[str] | None,
    audiences: list[str] | None,
    workers: int | None,
    others: bool,
) -> None:
    """Publish editions of areas from open data alone; says for each where it is, or why there is none. With `others`,
    options that mean nothing to these, nothing is done."""
    from swp_analysis.catalogue.loader import require_audience
    from swp_analysis.catalogue.periods import read_financial_year
    from swp_analysis.runs.area_editions import assess_areas as publish
    from swp_analysis.runs.area_editions import choose_areas, newest_open_year

    if others:
        raise typer.BadParameter("an edition of an area takes no --commentary, --parameter and --pdf; leave them out.")
    project, outcomes = open_project(), []
    for audience in audiences or []:
        require_audience(audience)
    year = read_financial_year(years[0]) if years else newest_open_year(project)
    if not year:
        raise InputError(f"{(years or [''])[0]!r} is not a financial year; write it like {newest_open_year(project)}.")
    with only_run(project, "swp assess --area"):
        for audience in audiences or ["partners"]:
            for outcome in publish(project, choose_areas(project, areas, everywhere), year, audience, workers):
                print(outcome)
                outcomes.append(outcome)
    if not any(outcome.folder for outcome in outcomes):
        raise RunError("No area has an edition; the sentences above say why.")


def show_open() -> None:
    """Say which open data are there: source, edition, span, gaps."""
    from swp_analysis.open_data.reader import describe_open, open_data

    for line in describe_open(open_data(open_project())):
        print(line)


# JupyterLab

START = "explore/index.ipynb"
AS_ROOT = "You are root here, as in a container, so JupyterLab is started with --allow-root."
# Written into a folder that Jupyter asks first: `python3`, the kernel of every notebook, is the Python of this
# environment whatever else is installed; and no news are fetched, nor offered.
KERNEL, PAGE = "kernels/python3/kernel.json", "labconfig/page_config.json"
SETTINGS = {
    KERNEL: {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (this project)",
        "language": "python",
        "metadata": {"debugger": True},
    },
    PAGE: {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}},
}


def start_lab(project: Project, more: Sequence[str], say: Say) -> int:
    """Run JupyterLab until it is ended, and return its exit code; `more` goes to it as it is."""
    arguments = ["--LabApp.extension_manager=readonly", f"--ServerApp.root_dir={project.notebooks}"]
    if (project.notebooks / START).is_file():
        arguments.append(f"--LabApp.default_url=/lab/tree/{START}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        say(AS_ROOT)
        arguments.append("--allow-root")
    folder = project.cache / "jupyter"
    for name, settings in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(settings, indent=1), encoding="utf-8")
    first = {
        name: os.pathsep.join(filter(None, [str(folder), os.environ.get(name, "")]))
        for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH")
    }
    variables = os.environ | first | {PROJECT_VARIABLE: str(project.root)}
    return subprocess.call([sys.executable, "-m", "jupyterlab", *arguments, *more], env=variables)


def new_year(project: Project, financial_year: str) -> Path:
    """Write the workbook for `financial_year` and return where it is.

    Raises
    ------
    InputError
        When the year before has no data, or the workbook is there already: it may hold someone's figures.
    """
    from swp_analysis.catalogue.loader import load_catalogue
    from swp_analysis.collect.collection import lay_out_form
    from swp_analysis.collect.form_workbook import write_form
    from swp_analysis.ingest.read_year import read_editions
    from swp_analysis.quality.totals import annual_totals

    catalogue = load_catalogue()
    year = require_financial_year(financial_year)
    before = choose_year(project.raw, previous_year(year))
    path = project.root / "data" / "forms" / f"kpi_{year}.xlsx"
    if path.exists():
        raise InputError(f"data/forms/{path.name} is there already and may hold figures; move it away first.")
    evidence = read_editions(project.raw, before, catalogue)
    totals = annual_totals(evidence.observations, catalogue.indicators)
    content = write_form(lay_out_form(catalogue, evidence.observations, totals, year), year, catalogue)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return path
