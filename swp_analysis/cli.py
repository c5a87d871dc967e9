"""The walk itself, a few readable lines a command. In: a call on the command line. Out: files, lines of text, an
exit code.

0 done; 1 a notebook or check failed and the previous edition still stands; 2 the input or the call is wrong; 3 only
from `swp audit --strict`, when a claim is contradicted.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import datetime
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from swp_analysis.commands import calls
from swp_analysis.errors import InputError, count_noun, describe_error
from swp_analysis.lock import only_run

if TYPE_CHECKING:
    from swp_analysis.runs.unattended import Call

FAILED, WRONG_INPUT, CONTRADICTED = 1, 2, 3
CTRL_C = 130  # what newer typers make of it
DEBUG = "--debug"
# A run makes hundreds of thousands of objects that stay, and hardly a cycle: Python's 700 cost a fifteenth of its time.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
# NOTE: newer typers carry their own copy of click, so the base class is taken from typer, not from click.
UsageError: Any = typer.BadParameter.__base__

app = typer.Typer(
    help="Turn the partnership's KPI tables into tidy data and a strategic assessment that is safe to share. "
    "Add --debug to any command to see the traceback of an error.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

whole_number = partial(typer.Option, min=1)
# What an argument means stands in its command's description: a list of arguments would show Python's types.
Year = Annotated[str | None, typer.Argument(metavar="YEAR", hidden=True)]
Years = Annotated[list[str] | None, typer.Argument(metavar="YEAR", hidden=True)]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="For every notebook; may be given again."),
]
Audience = Annotated[str, typer.Option(metavar="AUDIENCE", help="internal, partners or public.")]
Audiences = Annotated[
    list[str] | None,
    typer.Option(metavar="AUDIENCE", help="internal, partners (the default) or public; may be given again."),
]
CertificateFile = Annotated[
    Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="For a --scheduler with TLS.")
]
Commentary = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="YAML or Markdown with your own words on indicators; see README.md."),
]
NotifyCommand = Annotated[
    str | None,
    typer.Option(
        metavar="PROGRAM",
        help="Program to call when an edition was published or not, without a shell. It gets the summary as JSON on "
        "standard input and in SWP_STATUS, SWP_EDITION, SWP_SUMMARY, SWP_VERDICTS_CHANGED; see docs/scheduling.md.",
    ),
]
Engine = Annotated[
    str, typer.Option(metavar="warm|stock", help="warm: kernels forked from one process; stock: each started afresh.")
]


@app.command("build")
def _build(year: Year = None) -> None:
    """Read data/raw into data/processed.

    It says what was read, what is missing and what could not be read. YEAR is a financial year like 2017-18; default
    the newest in data/raw.
    """
    from swp_analysis.build import build, describe_build

    project = calls.open_project()
    with only_run(project, "swp build"):
        built = build(project, year)
    for line in describe_build(built):
        print(line)


@app.command("assess")
def _assess(
    year: Years = None,
    audience: Audiences = None,
    commentary: Commentary = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print a PDF too; needs Chromium, Chrome or Edge.")] = False,
    parameter: Parameters = None,
    force: Annotated[bool, typer.Option("--force", help="Do everything again, even if nothing has changed.")] = False,
    cell_timeout: Annotated[int, whole_number(metavar="SECONDS", help="Time that one cell may take.")] = 120,
    notebook_timeout: Annotated[int, whole_number(metavar="SECONDS", help="Time that one notebook may take.")] = 600,
    run_timeout: Annotated[int, whole_number(metavar="SECONDS", help="Time that everything together may take.")] = 3600,
    notify_command: NotifyCommand = None,
    engine: Engine = "warm",
    workers: Annotated[int | None, whole_number(metavar="NUMBER", help="Editions to make at once, here.")] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler to make them on.")] = None,
    tls_ca_file: CertificateFile = None,
    tls_cert: CertificateFile = None,
    tls_key: CertificateFile = None,
    area: calls.Areas = None,
    all_areas: calls.AllAreas = False,
) -> None:
    """Build the data, run the notebooks, publish the edition.

    It goes to reports/, and only what has changed is done. YEAR is a financial year like 2017-18; default the newest
    in data/raw. Several years or audiences make an edition each; see docs/fan_out.md.
    """
    from swp_analysis.runs.unattended import Call

    if area or all_areas:
        return calls.assess_chosen(area or [], all_areas, year, audience, workers, bool(commentary or parameter or pdf))
    years: list[str | None] = [*year] if year else [None]
    audiences, tls = audience or ["partners"], (tls_ca_file, tls_cert, tls_key)
    what = (years[0] or "", audiences[0], commentary, _read_parameters(parameter or []))
    call = Call(*what, force, run_timeout, notify_command, engine, pdf, cell_timeout, notebook_timeout)
    many = len(years) > 1 or len(audiences) > 1 or workers or scheduler or any(tls)
    return _assess_many(call, years, audiences, scheduler, workers, tls) if many else _assess_one(call)


def _assess_one(call: Call) -> None:
    from swp_analysis.runs.unattended import run_assess

    _say(run_assess(calls.open_project(), call, _say))


def _assess_many(
    call: Call,
    years: list[str | None],
    audiences: list[str],
    scheduler: str | None,
    number: int | None,
    tls_files: tuple[Path | None, ...],
) -> None:
    from swp_analysis.runs.fan_out import fan_out, name_editions
    from swp_analysis.runs.workers import choose_workers

    named = zip(("tls_ca_file", "tls_client_cert", "tls_client_key"), tls_files, strict=True)  # as Dask calls them
    tls = {name: path for name, path in named if path}
    project, workers = calls.open_project(), choose_workers(number, scheduler, tls)
    editions = name_editions(project, years, audiences, call)
    with workers:
        _say(fan_out(project, editions, workers, _say))


@app.command("new-year")
def _new_year(year: Annotated[str, typer.Argument(metavar="YEAR", hidden=True)]) -> None:
    """Write the workbook in which data owners give new figures.

    YEAR is the financial year to collect, like 2018-19.
    """
    path = calls.new_year(calls.open_project(), year)
    place = f"data/raw/{path.stem.removeprefix('kpi_')}"
    print(f"Written: {path}. Last year's small numbers stand in it in full. When it comes back, put it into {place}.")


@app.command()
def audit(
    target: Annotated[str | None, typer.Argument(metavar="YEAR|FILE", hidden=True)] = None,
    year: Annotated[
        str | None, typer.Option(metavar="YEAR", help="The year that a FILE is judged by; default the newest.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the statements of a FILE as CSV.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="Write a FILE with its statements marked, as a page.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 when a claim is contradicted.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show every claim, also those that hold.")] = False,
) -> None:
    """Check what a report, or any paper, says against the tables.

    YEAR is that of a report, default the newest; its claims are written to data/processed/claims.csv. A FILE is a
    text, a Word document, a PDF or a web page; see docs/audit.md.
    """
    from swp_analysis.commands.audit import audit_file, audit_report, names_a_year

    if names_a_year(target):
        if year or csv or html:
            raise UsageError("--year, --csv and --html need a FILE: swp audit paper.docx --html paper.html.")
        contradicted = audit_report(target, everything)
    else:
        contradicted = audit_file(Path(target or ""), year, csv, html)
    if strict and contradicted:
        raise SystemExit(CONTRADICTED)


@app.command()
def pack(
    year: Year = None,
    audience: Audience = "partners",
    pdf: Annotated[bool, typer.Option(help="Print the edition to a PDF; needs Chromium, Chrome or Edge.")] = True,
) -> None:
    """Put an edition, its annex and a PDF of it into a zip to send.

    YEAR is a financial year like 2017-18; default the newest in data/raw.
    """
    from swp_analysis.catalogue.loader import require_audience
    from swp_analysis.publish.pack import pack_edition

    print(f"Packed: {pack_edition(calls.open_project(), year, require_audience(audience).id, with_pdf=pdf)}")


app.command("init")(calls.init)
app.command("check")(calls.check)
app.command("read")(calls.read_command)


app.command("fetch")(calls.fetch_command)
app.command("open")(calls.show_open)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks for free play.

    Whatever else is given, such as --no-browser, goes to it.
    """
    raise SystemExit(calls.start_lab(calls.open_project(), context.args, say=print))


def _say(line: str) -> None:
    """Print a line, with the time where it goes into a log.

    When its reader has gone, or the log's disk is full, the run goes on without a log.
    """
    try:
        print(line if sys.stdout.isatty() else f"{datetime.now():%Y-%m-%d %H:%M:%S} {line}", flush=True)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _read_parameters(pairs: list[str]) -> dict[str, str]:
    read = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise InputError(f"--parameter {pair!r} has no value; write it like audience=public.")
        read[name] = value
    return read


def main(arguments: list[str] | None = None) -> None:
    """Run a command; whatever goes wrong ends with one sentence on standard error and no traceback."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a log in another character set loses a dash, not the run
            stream.reconfigure(errors="replace")
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    debug = DEBUG in arguments
    arguments = [argument for argument in arguments if argument != DEBUG]
    try:
        code = app(arguments, prog_name="swp", standalone_mode=False) or 0
        if code == CTRL_C:
            raise KeyboardInterrupt
    except (Exception, KeyboardInterrupt) as error:
        if debug and not isinstance(error, KeyboardInterrupt | typer.Abort):
            raise
        message, code = _explain(error)
        print(f"swp: {message}" if arguments else message, file=sys.stderr)
    raise SystemExit(code)


def _explain(error: BaseException) -> tuple[str, int]:
    """Give the sentence and the exit code of an error that ended a command."""
    if isinstance(error, UsageError):
        return error.format_message(), WRONG_INPUT
    if isinstance(error, InputError):
        more = len(error.problems) - len(str(error).splitlines())
        rest = f" And {count_noun(more, 'more mistake')}; swp check lists all." if more > 0 else ""
        return f"{error}{rest}", WRONG_INPUT
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return "stopped; the previous edition stands as it was.", FAILED
    return describe_error(error), FAILED
