"""`swp fetch` and `swp open`, a few readable lines each. In: a call on the command line. Out: files and lines of
text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Subject = Annotated[str, typer.Argument(help="crime, street, areas or population; with --from it may be left out.")]
Force = Annotated[str, typer.Option("--force", help="Code or name of the force whose street files are fetched.")]
OneArea = Annotated[str, typer.Option("--area", help="Code or name of the partnership whose outlines are fetched.")]
Edition = Annotated[str, typer.Option(help="Archive of street data like 2020-04; with --from, the edition.")]
FromFolder = Annotated[
    Path | None, typer.Option("--from", help="File what was downloaded by hand into this folder; asks no network.")
]
Areas = Annotated[list[str] | None, typer.Option("--area", help="Code or name of an area: its edition.")]
AllAreas = Annotated[bool, typer.Option("--all-areas", help="An edition of every area, from open data alone.")]


def fetch_command(
    subject: Subject = "", force: Force = "", area: OneArea = "", edition: Edition = "", folder: FromFolder = None
) -> None:
    """Bring open data from their publishers into data/raw/open; what is there already is left alone."""
    from swp_analysis.errors import InputError
    from swp_analysis.open_data.fetch import LATEST, SUBJECTS
    from swp_analysis.open_data.fetch import fetch as fetch_files
    from swp_analysis.open_data.raw_files import file_folder, open_filing
    from swp_analysis.open_data.reader import open_data
    from swp_analysis.project import find_project

    project = find_project()
    filing = open_filing(project.raw / "open", print)
    if folder:
        file_folder(filing, folder, edition)
    elif subject in SUBJECTS:
        data = open_data(project)
        chosen = data.find(force or area) if force or area else None
        fetch_files(subject, filing, data, chosen, edition or LATEST)
    else:
        raise InputError(f"Say what to fetch: swp fetch {'|'.join(SUBJECTS)}, or swp fetch --from FOLDER.")
    print(f"{len(filing.filed)} new files in data/raw/open; swp open says what is there.")


def assess_chosen(
    areas: list[str], everywhere: bool, years: list[str] | None, audiences: list[str] | None, workers: int | None
) -> None:
    """Publish editions of areas from open data alone; says for each where it is, or why there is none."""
    from swp_analysis.area_editions import assess_areas as publish
    from swp_analysis.area_editions import choose_areas, newest_open_year
    from swp_analysis.catalogue.periods import read_financial_year
    from swp_analysis.errors import InputError, RunError
    from swp_analysis.lock import only_run
    from swp_analysis.project import find_project

    project, outcomes = find_project(), []
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
    from swp_analysis.project import find_project

    for line in describe_open(open_data(find_project())):
        print(line)
