"""The pages of an edition, made one by one while notebooks still run. In: results of notebooks, and what stands around
every page. Out: checked pages, and what went wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from swp_analysis.errors import RunError
from swp_analysis.project import Project
from swp_analysis.publish.checks import check_page
from swp_analysis.publish.execution import NotebookResult
from swp_analysis.publish.pages import INDEX, PageContext, PageLink, export_index, export_page, export_text
from swp_analysis.publish.records import RunRecord


class PageMaker:
    """Makes a page as each notebook ends, while the next ones run, and remembers what went wrong."""

    context: PageContext

    def __init__(
        self,
        project: Project,
        make_context: Callable[[], PageContext],
        notebooks: int,
        say: Callable[[str], None],
        record: RunRecord,
        read_ahead: Callable[[str], None],
    ) -> None:
        self._project, self._make_context, self._notebooks, self._say = project, make_context, notebooks, say
        self._read_ahead = read_ahead
        self._record, self.problems = record, record.problems
        self._pages: dict[str, str] = {}
        self._ended = 0

    def begin(self) -> None:
        """Find out what stands around every page; before the first `take`."""
        self.context = self._make_context()

    @property
    def file_names(self) -> tuple[str, ...]:
        """All pages of the edition, in reading order."""
        return (INDEX, *(link.href for link in self.context.links))

    def take(self, result: NotebookResult) -> bool:
        """Export and check the page of a notebook that completed; write down the error of one that didn't.

        Returns
        -------
        Whether there is a page of it now.
        """
        self._ended += 1
        message = result.error
        if result.completed:
            reused = result.name in self._record.reused
            message = f"{result.name}: completed {'earlier from the same' if reused else f'in {result.seconds:.1f} s'}"
            try:
                self._add_page(f"{result.name}.html", result)
            except RunError as refusal:
                message = str(refusal)
                self.problems.append(message)
        else:
            self.problems.append(message)
        self._say(f"[{self._ended}/{self._notebooks}] {message}")
        return f"{result.name}.html" in self._pages

    def _add_page(self, file_name: str, result: NotebookResult) -> None:
        page = export_page(result.executed, replace(self.context, current=file_name))
        check_page(page, file_name, self._project.root)
        self._pages[file_name] = page
        self._read_ahead(page)

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
        made = {INDEX: export_index(self.context, results)}
        made |= {link.href: export_text(text, replace(self.context, current=link.href)) for link, text in texts.items()}
        for file_name, page in made.items():
            check_page(page, file_name, self._project.root)
        for file_name, page in {**made, **self._pages}.items():
            (folder / file_name).write_text(page, encoding="utf-8", newline="\n")
