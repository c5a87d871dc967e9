"""The publishing walk: run the notebooks, make the pages, swap the edition in. In: a project whose data are built, and
what stands around the notebooks. Out: reports/<year>/<audience>/ with index.html, a page a notebook and run.json; or a
`RunError`, and the previous edition untouched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.loader import require_audience
from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.errors import InputError, RunError, count_noun, did_you_mean
from swp_analysis.project import Project, Say
from swp_analysis.publish.checks import check_page
from swp_analysis.publish.commentary import keep_used
from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.execution import NotebookResult, read_notebook
from swp_analysis.publish.notebook_kernels import check_parameters, run_notebooks
from swp_analysis.publish.pages import INDEX, Overview, PageContext
from swp_analysis.publish.records import PUBLISHED, RunBegun, RunRecord, write_json
from swp_analysis.publish.release import released
from swp_analysis.publish.state import KeptResults, notebook_files
from swp_analysis.published import RUN_FILE, read_record

OF_EACH_RUN = ("financial_year", "area_code", "audience")


def publish_edition(
    project: Project, run: RunBegun, extras: EditionExtras, kernels: WarmProcess | None = None, say: Say = print
) -> Path:
    """Run all notebooks and publish their pages, or none of them; give the folder of the edition.

    `run` is written down by the caller; `say` gets a line as each notebook ends. A notebook whose result is known from
    an earlier run, made of the same, is not run again. No lock is taken: two runs of one edition at once are for the
    caller to prevent (`lock.only_run`).

    Raises
    ------
    InputError
        Before anything runs: no notebooks, an unknown one, an unknown parameter or audience.
    RunError
        When a notebook failed or a page was refused, one sentence each; the previous edition still stands.
    """
    run = begin_edition(project, run, extras)
    target = project.reports / run.record.financial_year / run.record.audience
    with released(project, target) as folder:
        make_edition(folder, project, run, extras, kernels, say)
    return target


def begin_edition(project: Project, run: RunBegun, extras: EditionExtras) -> RunBegun:
    """Check the call, note it in `run.record`, and name the notebooks of the run; see `publish_edition` for what is
    refused."""
    record, given = run.record, run.made_from.parameters
    notebooks = choose_notebooks(project, record.audience, given, run.notebooks)
    reader = require_audience(record.audience)
    call = {"financial_year": record.financial_year, "area_code": run.area_code, "audience": record.audience}
    record.marking, record.verdicts, record.parameters = reader.marking, extras.verdicts, call | dict(given)
    record.suppression = {"suppress_below": reader.suppress_below}
    return replace(run, notebooks=tuple(path.stem for path in notebooks))


def make_edition(
    folder: Path, project: Project, run: RunBegun, extras: EditionExtras, kernels: WarmProcess | None, say: Say
) -> None:
    """Write a whole edition into `folder` and look at it once more, all but its release; see `publish_edition`."""
    notebooks = find_notebooks(project, run.notebooks)
    record, kept = run.record, KeptResults(project, run.made_from, run.record.parameters)
    known = [result for path in notebooks if run.reuse and (result := kept.find(path.stem))]
    record.reused |= {result.name for result in known}
    unknown = _longest_first((path for path in notebooks if path.stem not in record.reused), project, record)
    deadlines = {"cell_timeout": run.cell_timeout, "notebook_timeout": run.notebook_timeout}
    with run_notebooks(unknown, record.parameters, project, **deadlines, kernels=kernels) as results:
        context = _make_context(extras.write_files(folder, say), extras, notebooks, record)
        pages = PageMaker(project, context, record, kept, extras)
        for number, result in enumerate(chain(known, results), start=1):
            say(f"[{number}/{len(notebooks)}] {pages.make(result)}")
    if kernels and kernels.unavailable:
        say(f"The kernels were started afresh, not forked: {kernels.unavailable}.")
    record.results = [pages.results[path.stem] for path in notebooks]
    _refuse_if_incomplete(record)
    kept.tidy()
    pages.write_pages(folder)
    extras.print_pages(folder)
    record.finish(PUBLISHED)
    write_json(folder / RUN_FILE, record.as_published(project, folder, run.made_from))


def _make_context(
    overview: Overview, extras: EditionExtras, notebooks: Sequence[Path], record: RunRecord
) -> PageContext:
    from swp_analysis.publish.page_export import link_notebook  # heavy, as in the next three: it brings nbconvert

    audience = require_audience(record.audience)
    links = (*(link_notebook(read_notebook(path), path.stem) for path in notebooks), *extras.texts)
    record.about = {"title": overview.title, "partnership": overview.partnership, "audience": audience.label}
    return PageContext(overview, audience, links, remarks=extras.remarks)


def _refuse_if_incomplete(record: RunRecord) -> None:
    """Raise `RunError` with all problems, a line each, unless there are none."""
    if problems := sorted(record.problems):
        lines = "".join(f"\n- {problem}" for problem in problems)
        raise RunError(
            f"{len(problems)} of {count_noun(len(record.results), 'notebook')} failed; nothing was published, and a "
            f"previous edition stands as it was:{lines}"
        )


def _longest_first(notebooks: Iterable[Path], project: Project, record: RunRecord) -> list[Path]:
    """Sort by the time that each took in the edition that stands, else by size: no long one shall run alone at the
    end."""
    standing = read_record(project.reports / record.financial_year / record.audience) or {}
    seconds = {row["name"]: row["seconds"] for row in standing.get("notebooks", [])}
    return sorted(notebooks, key=lambda path: (-seconds.get(path.stem, 0), -path.stat().st_size))


def choose_notebooks(
    project: Project, audience: str, given: Mapping[str, Any], names: Sequence[str] | None = None
) -> list[Path]:
    """Choose the notebooks that an audience's edition is made of, all of which know the parameters that were given.

    Raises
    ------
    InputError
        For an unknown audience, notebook or parameter, or one that follows from the call itself.
    """
    reader = require_audience(audience)
    for name in ("financial_year", "audience"):  # these decide where an edition goes
        if name in given:
            raise InputError(f"The parameter {name} follows from the call itself; it can't be given a second time.")
    found = find_notebooks(project, names)
    notebooks = [path for path in found if reader.show_evidence or not _is_on_evidence(path)]
    for path in notebooks:
        check_parameters(path, [*OF_EACH_RUN, *given])
    return notebooks


def find_notebooks(project: Project, names: Sequence[str] | None = None) -> list[Path]:
    """List the notebooks that an edition is made of, or those of them that are named.

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
            raise InputError(f"There is no notebook {name!r}{did_you_mean(name, found, 'swp lab shows all')}")
    return [path for name, path in found.items() if names is None or name in names]


def _is_on_evidence(notebook: Path) -> bool:
    """Whether a whole notebook is evidence, which not every audience gets: its first cell is tagged so."""
    from swp_analysis.publish.page_export import is_evidence

    return any(map(is_evidence, read_notebook(notebook).cells[:1]))


@dataclass
class PageMaker:
    """Makes a page as each notebook ends, while the next ones run, and remembers what went wrong in `record`; results
    are kept for later runs unless their page is refused."""

    project: Project
    context: PageContext
    record: RunRecord
    kept: KeptResults
    extras: EditionExtras
    results: dict[str, NotebookResult] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def make(self, result: NotebookResult) -> str:
        """Export and check the page of a notebook that completed, or write down the error of one that didn't; say how
        it went."""
        from swp_analysis.publish.page_export import export_page

        self.results[result.name] = result
        try:
            if result.executed is None:
                raise RunError(result.error)
            self.kept.keep(result)  # before its page is made: that may change the notebook
            name = f"{result.name}.html"
            page = self._check(name, export_page(result.executed, replace(self.context, current=name)))
        except RunError as problem:
            self.kept.forget(result.name)
            self.record.problems.append(str(problem))
            return str(problem)
        self.pages[name] = page
        reused = result.name in self.record.reused
        return f"{result.name}: completed {'earlier from the same' if reused else f'in {result.seconds:.1f} s'}"

    def _check(self, name: str, page: str) -> str:
        check_page(page, name, self.project.root)
        self.extras.judge_page(name, page)
        return page

    def write_pages(self, folder: Path) -> None:
        """Write index.html and all pages into `folder`, the same bytes for the same content."""
        from swp_analysis.publish.page_export import export_index, export_text

        made = {INDEX: self._check(INDEX, export_index(self.context, self.record.results, self.pages))}
        shown = [*made.values(), *self.pages.values()]
        for link, text in self.extras.texts.items():
            page = export_text(keep_used(text, shown), replace(self.context, current=link.href))
            made[link.href] = self._check(link.href, page)
        for name, page in {**made, **self.pages}.items():
            (folder / name).write_text(page, encoding="utf-8", newline="\n")
