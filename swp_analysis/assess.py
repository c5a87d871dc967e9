"""The main job: build the data, open the briefing, run the notebooks, publish the edition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from swp_analysis.build import build, describe_build
from swp_analysis.catalogue.loader import load_catalogue, require_audience
from swp_analysis.collect.collection import next_due
from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.present.opening import hand_over, read_briefing
from swp_analysis.project import Project, Say
from swp_analysis.publish.edition import begin_edition, make_edition, publish_edition
from swp_analysis.publish.edition_extras import BriefingExtras
from swp_analysis.publish.pdf import require_browser
from swp_analysis.publish.records import RunBegun
from swp_analysis.publish.state import hash_content


def assess(project: Project, run: RunBegun, kernels: WarmProcess, say: Say = print) -> Path:
    """Publish the edition of the year and audience in `run.record`, which the caller writes down; give its folder.

    `run.made_from` was surveyed before this is called: a file that changes from then on counts as changed next time.
    What the notebooks don't need is worked out while they run.

    Raises
    ------
    InputError
        For a year, audience, parameter or raw file that is wrong; nothing has then changed but `data/processed`.
    RunError
        When a notebook or a page failed its checks; the previous edition stands as it was.
    """
    require_audience(run.record.audience)
    _find_browser(run)
    files = build_and_describe(project, run.record.financial_year, say)
    run, extras = _open_briefing(project, run, kernels, files)
    return publish_edition(project, run, extras, kernels, say)


def fill_edition(
    folder: Path, project: Project, run: RunBegun, kernels: WarmProcess, files: Sequence[str], say: Say
) -> None:
    """Make the edition in `folder` from data that are built, read from the tables `files`; release is for others."""
    run, extras = _open_briefing(project, run, kernels, files)
    make_edition(folder, project, begin_edition(project, run, extras), extras, kernels, say)


def build_and_describe(project: Project, financial_year: str, say: Say) -> list[str]:
    """Rebuild the tables up to a year, say how that went, and give the tables that were read."""
    built = build(project, financial_year)
    for line in describe_build(built):
        say(line)
    return built.evidence.files


def _open_briefing(
    project: Project, run: RunBegun, kernels: WarmProcess, files: Sequence[str]
) -> tuple[RunBegun, BriefingExtras]:
    """Open the briefing once for all notebooks, and complete what the edition is made from.

    That is also the day on which more falls due, and what its readers may see.
    """
    catalogue, year = load_catalogue(), run.record.financial_year
    area_code = catalogue.identity.area_code
    briefing = read_briefing(year, area_code, run.record.audience, project)
    briefing.work_ahead()
    hand_over(briefing, area_code, kernels.folder)
    due_again = next_due(year, catalogue.layouts.collection_days, date.today())
    shown = [frame.to_csv() for frame in (briefing.data.observations, briefing.data.baselines, briefing.data.totals)]
    shown.append(briefing.suppressed_figures()._repr_html_())
    made_from = replace(run.made_from, due_again=str(due_again or ""), shown=hash_content(shown))
    extras = BriefingExtras(project, briefing, list(files), run.commentary, _find_browser(run))
    return replace(run, made_from=made_from, area_code=area_code), extras


def _find_browser(run: RunBegun) -> str | None:
    return require_browser() if run.pdf else None
