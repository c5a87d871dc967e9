"""The publishing walk: run the notebooks, make the pages, swap the edition in. In: a project whose data are built, and
the overview. Out: reports/<year>/<audience>/ with index.html, a page a notebook and run.json; or a `RunError`, and the
previous edition untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from swp_analysis.catalogue import require_audience
from swp_analysis.catalogue.models import Audience
from swp_analysis.errors import InputError
from swp_analysis.project import Project
from swp_analysis.publish.commentary import Remark
from swp_analysis.publish.execution import NotebookResult, read_notebook
from swp_analysis.publish.kept_results import KeptResults
from swp_analysis.publish.made_from import notebook_files, survey
from swp_analysis.publish.notebooks import check_parameters, run_notebooks
from swp_analysis.publish.page_maker import PageMaker
from swp_analysis.publish.pages import (
    Overview,
    PageContext,
    PageLink,
    require_marking,
)
from swp_analysis.publish.records import PUBLISHED, RUN_FILE, RUNS_FILE, RunBegun, RunRecord, write_json, written_down
from swp_analysis.publish.settle import settled
from swp_analysis.published import read_record


@dataclass(frozen=True)
class Companions:
    """What is published with the notebooks' pages, and the last look at everything together.

    `texts`: further pages, Markdown by link. `write` puts further files into the folder while notebooks run, `finish`
    those that need the finished pages; `inspect` raises `RunError` when the folder must not be published; `read_ahead`
    gets each page's HTML when it is made, so that it has less to do. `inputs`: further files that decide what the
    edition says, by name. `remarks`: an analyst's own words, by the label of their indicator. `verdicts`: label,
    direction and polarity of each indicator, for the next edition to be compared with.
    """

    texts: Mapping[PageLink, str] = field(default_factory=dict)
    write: Callable[[Path], None] = lambda folder: None
    finish: Callable[[Path], None] = lambda folder: None
    read_ahead: Callable[[str], None] = lambda html: None
    inspect: Callable[[Path], None] = lambda folder: None
    inputs: Mapping[str, Path] = field(default_factory=dict)
    remarks: Mapping[str, list[Remark]] = field(default_factory=dict)
    verdicts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NOTHING_ELSE = Companions()


@dataclass(frozen=True)
class Edition:
    """A published edition: its folder, its pages by file name, and how each notebook went."""

    folder: Path
    financial_year: str
    audience: str
    marking: str
    pages: tuple[str, ...]
    results: tuple[NotebookResult, ...]


def publish_edition(
    project: Project,
    financial_year: str,
    audience: str,
    *,
    area_code: str,
    overview: Callable[[], Overview],
    marking: str,
    companions: Companions = NOTHING_ELSE,
    extra_parameters: Mapping[str, Any] | None = None,
    say: Callable[[str], None] = print,
    notebook_names: Sequence[str] | None = None,
    begun: RunBegun | None = None,
    stage: Callable[[Project, Path], AbstractContextManager[Path]] = settled,
    **run_settings: Any,
) -> Edition:
    """Run all notebooks and publish their pages, or none of them.

    `overview` is called while the notebooks run; what it raises ends the run. `companions` go with the pages.
    `extra_parameters` go to every notebook. `notebook_names` (without .ipynb) makes an edition of these alone. `say`
    gets a line as each notebook ends. `begun`: a run that began earlier, with the build of the data, and is written
    down by the caller. `stage` gives the folder to fill, and then does what is left to do, by default publishes it.
    `run_settings` go on to `run_notebooks`: the deadlines in seconds, `cell_timeout` for a cell and
    `run_timeout` for a whole notebook.

    A notebook whose result is known from an earlier run, made of the same, is not run again. No lock is taken: two runs
    of one edition at once are for the caller to prevent (`lock.only_run`).

    Raises
    ------
    InputError
        Before anything runs: no notebooks, an unknown one, an unknown parameter, audience or marking.
    RunError
        When a notebook failed or a page was refused, one sentence each; the previous edition still stands.
    """
    reader = require_marking(marking, require_audience(audience))
    notebooks = find_notebooks(project, notebook_names, reader)
    run = begun or _begin(project, financial_year, audience, notebooks, companions, extra_parameters)
    parameters, record = _join(notebooks, run, area_code), run.record
    record.marking, record.parameters = marking, parameters
    record.suppression = {"suppress_below": reader.suppress_below}
    context = partial(_make_context, overview, reader, marking, notebooks, companions)
    maker = PageMaker(project, context, len(notebooks), say, record, companions.read_ahead)
    folder = project.reports / financial_year / audience
    writing_down = nullcontext() if begun else written_down(record, project.reports / RUNS_FILE)
    with writing_down, stage(project, folder) as staging:
        _run_or_reuse(notebooks, project, run, maker, partial(_begin_pages, maker, companions, staging), run_settings)
        _fill(staging, project, maker, run, companions)
    return Edition(folder, financial_year, audience, marking, maker.file_names, tuple(record.results))


def _make_context(
    overview: Callable[[], Overview],
    audience: Audience,
    marking: str,
    notebooks: Sequence[Path],
    companions: Companions,
) -> PageContext:
    links = (*(_link(path) for path in notebooks), *companions.texts)
    return PageContext(overview(), audience, marking, links, remarks=companions.remarks)


def _begin(
    project: Project,
    financial_year: str,
    audience: str,
    notebooks: Sequence[Path],
    companions: Companions,
    parameters: Mapping[str, Any] | None,
) -> RunBegun:
    """A run that begins only now, with data that were built before."""
    made_from = survey(project, financial_year, notebooks, further=companions.inputs, parameters=parameters)
    return RunBegun(RunRecord(financial_year, audience), made_from)


def _begin_pages(maker: PageMaker, companions: Companions, folder: Path) -> None:
    maker.begin()
    companions.write(folder)


def _run_or_reuse(
    notebooks: Sequence[Path],
    project: Project,
    run: RunBegun,
    maker: PageMaker,
    begin: Callable[[], None],
    settings: Mapping[str, Any],
) -> None:
    """Have a result for each notebook, in `run.record`: a known one, or by running it; each new one is kept at once.

    `begin` is called once those that must run are under way.
    """
    record, kept = run.record, KeptResults(project, run.made_from, run.record.parameters)
    found = {path.stem: kept.find(path.stem) for path in notebooks} if run.reuse else {}
    known = {name: result for name, result in found.items() if result}
    record.reused = set(known)

    def meanwhile() -> None:
        begin()
        for result in known.values():
            maker.take(result)

    def take(result: NotebookResult) -> None:
        if result.completed:
            kept.keep(result)  # before its page is made: that may change the notebook
        if not maker.take(result):
            kept.forget(result.name)

    unknown = _longest_first((path for path in notebooks if path.stem not in known), project, record)
    ran = run_notebooks(unknown, record.parameters, project, **settings, meanwhile=meanwhile, on_done=take)
    results = known | {result.name: result for result in ran}
    record.results = [results[path.stem] for path in notebooks]
    maker.refuse_if_incomplete()
    kept.tidy()


def _longest_first(notebooks: Iterable[Path], project: Project, record: RunRecord) -> list[Path]:
    """By the time that each took in the edition that stands, else by size: no long one shall run alone at the end."""
    standing = read_record(project.reports / record.financial_year / record.audience) or {}
    seconds = {row["name"]: row["seconds"] for row in standing.get("notebooks", [])}
    return sorted(notebooks, key=lambda path: (-seconds.get(path.stem, 0), -path.stat().st_size))


def _fill(folder: Path, project: Project, maker: PageMaker, run: RunBegun, companions: Companions) -> None:
    """Write the whole edition into `folder` and look at it once more."""
    record = run.record
    _describe_run(record, maker.context, companions)
    maker.write_pages(folder, record.results, companions.texts)
    companions.finish(folder)
    record.finish(PUBLISHED)
    write_json(folder / RUN_FILE, record.as_published(project, folder, run.made_from))
    companions.inspect(folder)


def _describe_run(record: RunRecord, context: PageContext, companions: Companions) -> None:
    overview = context.overview
    record.about = {
        "title": overview.title,
        "partnership": overview.partnership,
        "audience": context.audience.label,
    }
    record.verdicts = companions.verdicts


def _join(notebooks: Sequence[Path], run: RunBegun, area_code: str) -> dict[str, Any]:
    """The parameters of a run, which all its notebooks know.

    The year and the audience decide where an edition goes, so they can't be given twice.
    """
    record, extra = run.record, run.made_from.parameters
    for name in ("financial_year", "audience"):
        if name in extra:
            raise InputError(f"The parameter {name} follows from the call itself; it can't be given a second time.")
    call = {"financial_year": record.financial_year, "area_code": area_code, "audience": record.audience}
    parameters = call | extra
    for path in notebooks:
        check_parameters(path, parameters)
    return parameters


def find_notebooks(
    project: Project, names: Sequence[str] | None = None, audience: Audience | None = None
) -> list[Path]:
    """The notebooks that an edition is made of, or those of them that are named; without those whose first cell is
    tagged `evidence` where an audience gets no evidence.

    Raises
    ------
    InputError
        When there are none, or `names` holds one that isn't there.
    """
    found = {path.stem: path for path in notebook_files(project)}
    if not found:
        raise InputError("There are no notebooks to run: notebooks/ holds no file named like 10_subject.ipynb.")
    for name in names or []:
        if name not in found:
            guess = get_close_matches(name, found, n=1)
            raise InputError(f"There is no notebook {name}{f'; did you mean {guess[0]}?' if guess else '.'}")
    named = [path for name, path in found.items() if names is None or name in names]
    return [path for path in named if audience is None or audience.show_evidence or not _is_on_evidence(path)]


def _is_on_evidence(notebook: Path) -> bool:
    from swp_analysis.publish.body import is_evidence

    return any(map(is_evidence, read_notebook(notebook).cells[:1]))


def _link(notebook: Path) -> PageLink:
    from swp_analysis.publish.body import read_heading

    heading = read_heading(read_notebook(notebook), notebook.stem)
    return PageLink(f"{notebook.stem}.html", heading.title, heading.question)
