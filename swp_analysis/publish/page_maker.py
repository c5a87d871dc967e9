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
    """Makes a page as each notebook ends, while the next ones run, and remembers what went wrong in `record`."""

    def __init__(
        self, project: Project, context: PageContext, record: RunRecord, notebooks: int, say: Callable[[str], None]
    ) -> None:
        self.context, self._project, self._record = context, project, record
        self._notebooks, self._say = notebooks, say
        self._pages: dict[str, str] = {}
        self._ended = 0

    @property
    def file_names(self) -> tuple[str, ...]:
        """List all pages of the edition, in reading order."""
        return (INDEX, *(link.href for link in self.context.links))

    def make(self, result: NotebookResult) -> str:
        """Export and check the page of a notebook that completed; write down the error of one that didn't.

        Returns
        -------
        The page's HTML; empty when there is none.
        """
        self._ended += 1
        page, message = "", result.error
        if result.completed:
            reused = result.name in self._record.reused
            message = f"{result.name}: completed {'earlier from the same' if reused else f'in {result.seconds:.1f} s'}"
            try:
                page = self._export(f"{result.name}.html", result)
            except RunError as refusal:
                message = str(refusal)
        if not page:
            self._record.problems.append(message)
        self._say(f"[{self._ended}/{self._notebooks}] {message}")
        return page

    def _export(self, file_name: str, result: NotebookResult) -> str:
        assert result.executed is not None  # it has completed
        page = export_page(result.executed, replace(self.context, current=file_name))
        check_page(page, file_name, self._project.root)
        self._pages[file_name] = page
        return page

    def refuse_if_incomplete(self) -> None:
        """Raise `RunError` with all problems, a line each, unless there are none."""
        if problems := sorted(self._record.problems):
            lines = "".join(f"\n- {problem}" for problem in problems)
            raise RunError(
                f"{len(problems)} of {self._notebooks} notebooks failed; nothing was published, and a previous "
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
