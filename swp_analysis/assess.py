"""The main job: build the data, open the briefing for the index, run the notebooks, publish the edition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import NOT_JUDGED, judge_sentences
from swp_analysis.audit.own_text import require_not_contradicted
from swp_analysis.build import build, describe_build
from swp_analysis.catalogue import load_catalogue, require_audience
from swp_analysis.collect.chase import next_due
from swp_analysis.disclosure import Protected
from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.handover import hand_over
from swp_analysis.present.opening import open_briefing, open_unprotected
from swp_analysis.project import Project
from swp_analysis.publish.companions import make_companions
from swp_analysis.publish.edition import Edition, publish_edition
from swp_analysis.publish.made_from import digest_of
from swp_analysis.publish.overview import make_overview, summarise
from swp_analysis.publish.pages import Overview
from swp_analysis.publish.pdf import require_browser
from swp_analysis.publish.records import RunBegun

if TYPE_CHECKING:
    pass


def assess(
    project: Project,
    begun: RunBegun,
    kernels: WarmProcess,
    *,
    commentary: Path | None = None,
    pdf: bool = False,
    say: Callable[[str], None] = print,
    **run_settings: Any,
) -> Edition:
    """Publish the edition of the year and audience in `begun.record`, which the caller writes down.

    `begun.made_from` was surveyed before this is called: a file that changes from then on counts as changed next time.
    `kernels`: where the notebooks' kernels come from. `commentary`: a file of an analyst's own words. `pdf`:
    print the pages as well. `run_settings` go on to `run_notebooks`. What the notebooks don't need is worked out while
    they run.

    Raises
    ------
    InputError
        For a year, audience, parameter or raw file that is wrong; nothing has then changed but `data/processed`.
    RunError
        When a notebook or a page failed its checks; the previous edition stands as it was.
    """
    require_audience(begun.record.audience)
    browser = require_browser() if pdf else None
    files = build_and_tell(project, begun.record.financial_year, say)
    edition = make_edition(project, begun, kernels, files, commentary, browser, say=say, **run_settings)
    tell_of_kernels(kernels, say)
    return edition


def make_edition(
    project: Project,
    begun: RunBegun,
    kernels: WarmProcess,
    files: Sequence[str],
    commentary: Path | None = None,
    browser: str | None = None,
    *,
    say: Callable[[str], None] = print,
    **settings: Any,
) -> Edition:
    """The second half of `assess`, on data that are built; `files`: the tables that they were read from.

    `settings` go on to `publish_edition`.
    """
    area_code = load_catalogue().identity.area_code
    briefing = open_briefing(begun.record.financial_year, area_code, begun.record.audience, project)
    hand_over(briefing, area_code, kernels.folder)
    begun = _complete(begun, briefing.catalogue.layouts.collection_days, briefing)
    unprotected = cache(lambda: open_unprotected(briefing.financial_year, area_code, project))
    overview = cache(partial(_look_over, briefing, unprotected, files, say))
    return publish_edition(
        project,
        briefing.financial_year,
        briefing.audience.id,
        area_code=area_code,
        overview=overview,
        marking=briefing.audience.marking,
        companions=make_companions(briefing, unprotected, overview, commentary, browser),
        begun=begun,
        say=say,
        warm=kernels,
        **settings,
    )


def _look_over(
    briefing: Briefing, unprotected: Callable[[], Protected], files: Sequence[str], say: Callable[[str], None]
) -> Overview:
    _say_all(describe_edition(briefing), say)
    return make_overview(briefing, list(files))


def _complete(begun: RunBegun, collection_days: int, briefing: Briefing) -> RunBegun:
    """What else the edition is made from: the day on which more falls due, and what may be shown to its readers."""
    due_again = next_due(begun.record.financial_year, collection_days, date.today())
    shown = [frame.to_csv() for frame in (briefing.data.observations, briefing.data.baselines, briefing.data.totals)]
    shown.append(briefing.suppressed_figures()._repr_html_())
    made_from = replace(begun.made_from, due_again=str(due_again or ""), shown=digest_of(shown))
    return replace(begun, made_from=made_from)


def build_and_tell(project: Project, financial_year: str, say: Callable[[str], None]) -> list[str]:
    """Rebuild the tables up to a year and say how that went; gives the tables that were read."""
    built = build(project, financial_year)
    _say_all(describe_build(built), say)
    return built.evidence.files


def tell_of_kernels(kernels: WarmProcess, say: Callable[[str], None]) -> None:
    """Say why the kernels of a run were not forked, if they were not."""
    if kernels.unavailable:
        say(f"The kernels were started afresh, not forked: {kernels.unavailable}.")


def _say_all(lines: Iterable[str], say: Callable[[str], None]) -> None:
    for line in lines:
        say(line)


def describe_edition(briefing: Briefing) -> Iterator[str]:
    """What the audit of our own text found and what disclosure control cost, a line each; for the log alone."""
    unread = audit_own_text(briefing)
    yield "Our own text agrees with its figures" + (f"; {unread} could not be tied to one." if unread else ".")
    if briefing.audience.suppress_below:
        yield f"Disclosure control: {briefing.data.loss}."


def audit_own_text(briefing: Briefing) -> int:
    """Hold every sentence of the edition against its figures, with the extractor that reads other people's reports.

    Returns
    -------
    The number of figures that the extractor could not tie to an indicator, such as those of one with an odd label.

    Raises
    ------
    RunError
        When a figure of our own text is contradicted; nothing is then published.
    """
    themes = list(briefing.catalogue.themes)
    paragraphs = [*briefing.sentences(*themes).parts, *(briefing.paragraph(theme) for theme in themes)]
    sentences = [paragraph.text for paragraph in paragraphs]
    sentences += [line for part in briefing.verdicts().parts for line in part.items]
    # The board's lines and cells count indicators too, which no table does; none may contradict the figures.
    of_the_board = [*summarise(briefing), *briefing.priorities.movements()]
    data = briefing.data
    figures = TableFigures(data.observations, data.totals, data.baselines, briefing.catalogue)
    judged = judge_sentences([*sentences, *of_the_board], figures, briefing.financial_year)
    require_not_contradicted(judged)
    return int((judged.loc[judged["sentence"].isin(sentences), "verdict"] == NOT_JUDGED).sum())
