"""`swp init`, `swp check` and `swp read` on the command line. In: a call. Out: lines of text and an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WRONG_INPUT, MOST_LINES = 2, 8


def init(
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER", help="The new project's folder, not there yet or empty; further tables may follow."
        ),
    ],
    name: Annotated[str, typer.Option(help="The partnership's name, as pages print it.")],
    area: Annotated[str, typer.Option(help="GSS code of its area: E or W and eight digits.")],
    tables: Annotated[
        list[Path] | None, typer.Option("--from", help="KPI tables of the partnership: files, or folders of them.")
    ] = None,
) -> None:
    """Make a new partnership's project: drafts of all that is its own, from its own tables."""
    from swp_analysis.check import check_project
    from swp_analysis.init import init_project
    from swp_analysis.project import Project

    folder = _choose_folder(places, tables or [])
    tables = [*(tables or []), *(place for place in places if place != folder)]
    undecided = init_project(folder, name, area, tables)
    print(f"Made: {folder}. For a person to decide, when there is time; the first edition needs none of it:")
    _list(undecided[:MOST_LINES])
    if len(undecided) > MOST_LINES:
        print(f"  and {len(undecided) - MOST_LINES} more lines; swp check lists them all.")
    if mistakes := check_project(Project(folder.resolve())).mistakes if tables else []:
        print("Before the first edition something must be mended, in the table or as the sentence says:")
        _list(mistakes)
        raise SystemExit(WRONG_INPUT)
    print(f"Next: cd {folder}, then swp assess." if tables else f"Next: put tables into {folder}/data/raw/<year>.")


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
    """List every mistake in partnership/, notebooks and raw files in one go; nothing is written."""
    from swp_analysis.check import check_project
    from swp_analysis.project import find_project

    found = check_project(find_project())
    for line in found.reminders:
        print(f"Reminder: {line}")
    for line in found.mistakes:
        print(f"Mistake: {line}")
    count = len(found.mistakes)
    print(f"{count} mistake{'' if count == 1 else 's'}, {len(found.reminders)} reminders.")
    if count:
        raise SystemExit(WRONG_INPUT)


def read_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tables as received, or folders of them.")],
    year: Annotated[str | None, typer.Option(help="The year whose folder they would lie in, like 2018-19.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the rows of observations.csv instead.")] = False,
) -> None:
    """Show how files would be read, without building anything: figures, what is not read and why, what was decided."""
    from swp_analysis.reading import read as read_tables

    read_tables(files, year, csv)
