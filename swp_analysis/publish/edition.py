"""The publishing walk: run the notebooks, make the pages, swap the edition in. In: a project whose data are built, and
the overview. Out: reports/<year>/<audience>/ with index.html, a page a notebook and run.json; or a `RunError`, and the
previous edition untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from swp_analysis.catalogue import load_catalogue
from swp_analysis.catalogue.models import Audience
from swp_analysis.errors import InputError, RunError
from swp_analysis.project import Project
from swp_analysis.publish.checks import check_page
from swp_analysis.publish.commentary import Remark
from swp_analysis.publish.execution import NotebookResult, read_notebook
from swp_analysis.publish.notebooks import CELL_TIMEOUT, RUN_TIMEOUT, run_notebooks
from swp_analysis.publish.pages import (
    INDEX,
    Overview,
    PageContext,
    PageLink,
    export_index,
    export_page,
    export_text,
)
from swp_analysis.publish.records import RUN_FILE, RUNS_FILE, RunRecord, append_line, write_json
from swp_analysis.publish.staging import staged

NOTEBOOK_NAMES = "[0-9][0-9]_*.ipynb"


@dataclass(frozen=True)
class Companions:
    """What is published with the notebooks' pages, and the last look at everything together.

    `texts`: further pages, Markdown by link. `write` puts further files into the folder; `inspect` raises `RunError`
    when the folder must not be published. `inputs`: further files that decide what the edition says, by name.
    `remarks`: an analyst's own words, by the label of their indicator.
    """

    texts: Mapping[PageLink, str] = field(default_factory=dict)
    write: Callable[[Path], None] = lambda folder: None
    inspect: Callable[[Path], None] = lambda folder: None
    inputs: Mapping[str, Path] = field(default_factory=dict)
    remarks: Mapping[str, list[Remark]] = field(default_factory=dict)


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
    overview: Overview,
    marking: str,
    suppression: Mapping[str, Any] | None = None,
    companions: Companions = NOTHING_ELSE,
    extra_parameters: Mapping[str, Any] | None = None,
    say: Callable[[str], None] = print,
    notebook_names: Sequence[str] | None = None,
    cell_timeout: int = CELL_TIMEOUT,
    run_timeout: int = RUN_TIMEOUT,
) -> Edition:
    """Run all notebooks and publish their pages, or none of them.

    `suppression` is only written down, in run.json. `companions` go with the pages. `extra_parameters` go to every
    notebook. `notebook_names` (without .ipynb) makes an edition of these alone. The deadlines are seconds, for one cell
    and for one whole notebook. `say` gets a line as each notebook ends.

    Raises
    ------
    InputError
        Before anything runs: no notebooks, an unknown one, an unknown parameter, audience or marking.
    RunError
        When a notebook failed or a page was refused, one sentence each; the previous edition still stands.
    """
    notebooks = find_notebooks(project, notebook_names)
    links = (*(_link(path) for path in notebooks), *companions.texts)
    context = PageContext(overview, _find_audience(audience), marking, links, remarks=companions.remarks)
    maker = _PageMaker(project, context, len(notebooks), say)
    call = {"financial_year": financial_year, "area_code": area_code, "audience": audience}
    record = _start_record(context, _join(call, extra_parameters or {}), dict(suppression or {}))
    folder = project.reports / financial_year / audience
    with _written_down(record, maker, project.reports / RUNS_FILE):
        deadlines = {"cell_timeout": cell_timeout, "run_timeout": run_timeout}
        record.results = run_notebooks(notebooks, record.parameters, project, **deadlines, on_done=maker.take)
        maker.refuse_if_incomplete()
        with staged(folder) as staging:
            _fill(staging, project, notebooks, maker, record, companions)
    return Edition(folder, financial_year, audience, marking, maker.file_names, tuple(record.results))


def _fill(
    folder: Path,
    project: Project,
    notebooks: Sequence[Path],
    maker: _PageMaker,
    record: RunRecord,
    companions: Companions,
) -> None:
    """Write the whole edition into `folder` and look at it once more."""
    maker.write_pages(folder, record.results, companions.texts)
    companions.write(folder)
    record.finish("published")
    write_json(folder / RUN_FILE, record.as_published(project, notebooks, folder, companions.inputs))
    companions.inspect(folder)


def _start_record(context: PageContext, parameters: Mapping[str, Any], suppression: Mapping[str, Any]) -> RunRecord:
    overview, audience = context.overview, context.audience
    about = {"title": overview.title, "partnership": overview.partnership, "audience": audience.label}
    year = parameters["financial_year"]
    return RunRecord(year, audience.id, context.marking, parameters, suppression, about=about)


@contextmanager
def _written_down(record: RunRecord, maker: _PageMaker, runs_file: Path) -> Iterator[None]:
    """Append a line to `runs_file` however the run ends, except when it was refused before it began."""
    try:
        yield
    except InputError:
        raise
    except BaseException as error:
        reason = str(error) if isinstance(error, RunError) else type(error).__name__
        record.finish("failed", maker.problems or [reason])
        append_line(runs_file, record.as_line())
        raise
    append_line(runs_file, record.as_line())


def _find_audience(name: str) -> Audience:
    audiences = load_catalogue().audiences
    if name not in audiences:
        raise InputError(f"{name!r} is not an audience; choose one of {', '.join(audiences)}.")
    return audiences[name]


def _join(call: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a run. The year and the audience decide where an edition goes, so they can't be given twice."""
    for name in ("financial_year", "audience"):
        if name in extra:
            raise InputError(f"The parameter {name} follows from the call itself; it can't be given a second time.")
    return {**call, **extra}


def find_notebooks(project: Project, names: Sequence[str] | None = None) -> list[Path]:
    """The notebooks that an edition is made of, in the order of their numbers; those in notebooks/explore never are.

    Raises
    ------
    InputError
        When there are none, or `names` holds one that isn't there.
    """
    found = {path.stem: path for path in sorted(project.notebooks.glob(NOTEBOOK_NAMES))}
    if not found:
        raise InputError("There are no notebooks to run: notebooks/ holds no file named like 10_subject.ipynb.")
    for name in names or []:
        if name not in found:
            guess = get_close_matches(name, found, n=1)
            raise InputError(f"There is no notebook {name}{f'; did you mean {guess[0]}?' if guess else '.'}")
    return [path for name, path in found.items() if names is None or name in names]


def _link(notebook: Path) -> PageLink:
    from swp_analysis.publish.body import read_heading

    heading = read_heading(read_notebook(notebook), notebook.stem)
    return PageLink(f"{notebook.stem}.html", heading.title, heading.question)


class _PageMaker:
    """Makes a page as each notebook ends, while the next ones run, and remembers what went wrong."""

    def __init__(self, project: Project, context: PageContext, notebooks: int, say: Callable[[str], None]) -> None:
        self.problems: list[str] = []
        self._project, self._context, self._notebooks, self._say = project, context, notebooks, say
        self._pages: dict[str, str] = {}
        self._ended = 0

    @property
    def file_names(self) -> tuple[str, ...]:
        """All pages of the edition, in reading order."""
        return (INDEX, *(link.href for link in self._context.links))

    def take(self, result: NotebookResult) -> None:
        """Export and check the page of a notebook that completed; write down the error of one that didn't."""
        self._ended += 1
        message = result.error
        if result.completed:
            message = f"{result.name}: completed in {result.seconds:.1f} s"
            try:
                self._add_page(f"{result.name}.html", result)
            except RunError as refusal:
                message = str(refusal)
                self.problems.append(message)
        else:
            self.problems.append(message)
        self._say(f"[{self._ended}/{self._notebooks}] {message}")

    def _add_page(self, file_name: str, result: NotebookResult) -> None:
        page = export_page(result.executed, replace(self._context, current=file_name))
        check_page(page, file_name, self._project.root)
        self._pages[file_name] = page

    def refuse_if_incomplete(self) -> None:
        """Raise `RunError` with all problems, a line each, unless there are none."""
        if self.problems:
            lines = "".join(f"\n- {problem}" for problem in sorted(self.problems))
            raise RunError(
                f"{len(self.problems)} of {self._notebooks} notebooks failed; nothing was published, and a previous "
                f"edition stands as it was:{lines}"
            )

    def write_pages(self, folder: Path, results: Sequence[NotebookResult], texts: Mapping[PageLink, str]) -> None:
        """Write index.html and all pages into `folder`, the same bytes for the same content."""
        made = {INDEX: export_index(self._context, results)}
        made |= {
            link.href: export_text(text, replace(self._context, current=link.href)) for link, text in texts.items()
        }
        for file_name, page in made.items():
            check_page(page, file_name, self._project.root)
        for file_name, page in {**made, **self._pages}.items():
            (folder / file_name).write_text(page, encoding="utf-8", newline="\n")
