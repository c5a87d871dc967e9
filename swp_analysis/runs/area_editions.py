"""Editions of any area from open data alone. In: areas. Out: reports/areas/<code>/<year>/<audience>/, or why not.

An area's edition has its profile and its places; the partnership's own figures stand in the edition of its own.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from swp_analysis.analysis.areas.rates import rate_row
from swp_analysis.analysis.areas.series import name_month
from swp_analysis.catalogue.loader import require_audience
from swp_analysis.catalogue.periods import financial_year_id
from swp_analysis.engines.warm_kernels.process import WarmProcess
from swp_analysis.errors import InputError, RunError
from swp_analysis.explore.areas import here
from swp_analysis.explore.profile import AreaProfile, open_profile
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.reader import open_data
from swp_analysis.present.area_words import LICENCE
from swp_analysis.project import Project
from swp_analysis.publish.edition import find_notebooks, publish_edition
from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.notebook_kernels import start_kernels
from swp_analysis.publish.pages import Overview
from swp_analysis.publish.records import RunBegun, RunRecord
from swp_analysis.publish.state import survey

NOTEBOOKS = ("15_area_profile", "25_places", "35_harm")
QUESTIONS = "long_series changes share rates among_force rank funnel".split()  # of a profile
AT_ONCE = 8  # areas that one worker is given, so that none waits long for the last one


@dataclass(frozen=True)
class AreaOutcome:
    """What became of an area: the folder of its edition, or one sentence why there is none."""

    area_code: str
    name: str
    folder: str = ""
    why_not: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.area_code}): {self.folder or self.why_not.removeprefix(f'{self.name}: ')}"


def choose_areas(project: Project, codes: Sequence[str], everywhere: bool = False) -> list[Area]:
    """Choose the areas that were asked for, by code or name; an authority gives its partnership.

    Raises
    ------
    InputError
        When one of them isn't there.
    """
    book = open_data(project).book
    if everywhere:
        known = (area for area in book.areas.values() if area.kind == "csp" and not area.valid_to)
        return sorted(known, key=lambda area: area.area_code)
    return [book.find(code) for code in codes]


def newest_open_year(project: Project) -> str:
    """Give the last financial year that had ended when the newest open table was drawn up, like "2024-25"."""
    newest = str(open_data(project).printed_years["period_end"].max())
    return financial_year_id(int(newest[:4]) - (1 if newest[5:] >= "03-31" else 2))


def assess_areas(
    project: Project, areas: Sequence[Area], year: str, audience: str, workers: int | None = None
) -> Iterator[AreaOutcome]:
    """Publish an edition of each area, as they get ready; one that can't be described is an outcome too.

    `workers`: processes at once, default one for each core.
    """
    require_audience(audience)
    count = min(workers or os.cpu_count() or 1, max(1, len(areas)))
    if count == 1:
        yield from publish_areas(project, [area.area_code for area in areas], year, audience)
        return
    codes = [area.area_code for area in areas]
    size = max(1, min(AT_ONCE, -(-len(codes) // count)))
    with ProcessPoolExecutor(count) as pool:
        chunks = [codes[first : first + size] for first in range(0, len(codes), size)]
        jobs = [pool.submit(publish_areas, project, chunk, year, audience) for chunk in chunks]
        for job in as_completed(jobs):
            yield from job.result()


def publish_areas(project: Project, codes: Sequence[str], year: str, audience: str) -> list[AreaOutcome]:
    """Publish the editions of some areas one after another, with one warm process for all of their notebooks."""
    with start_kernels(project) as kernels:
        return [_publish_or_say(project, code, year, audience, kernels) for code in codes]


def _publish_or_say(project: Project, code: str, year: str, audience: str, kernels: WarmProcess) -> AreaOutcome:
    data = open_data(project)
    area = data.book.areas.get(code)
    name = area.name if area else code
    try:
        profile = open_profile(code, audience, year)
        rate_row(data, profile.area, "total")  # an area without a figure of its own has no profile
        folder = _publish(project, profile, year, kernels)
    except (InputError, RunError) as error:
        return AreaOutcome(code, name, why_not=str(error))
    return AreaOutcome(code, name, folder.relative_to(project.root).as_posix())


def _publish(project: Project, profile: AreaProfile, year: str, kernels: WarmProcess) -> Path:
    area = profile.area
    own = replace(project, published=project.reports / "areas" / area.area_code)
    audience = require_audience(profile.audience)
    there = {path.stem for path in find_notebooks(project)}
    names = tuple(name for name in NOTEBOOKS if name in there)
    run = RunBegun(RunRecord(year, audience.id), survey(project, year), area_code=area.area_code, notebooks=names)
    extras = EditionExtras(describe_area(profile, audience.label))
    return publish_edition(own, run, extras, kernels, say=lambda line: None)


def describe_area(profile: AreaProfile, audience: str) -> Overview:
    """Describe the first page of an area's edition: its answers in a sentence each."""
    answers = [getattr(profile, question)() for question in QUESTIONS]
    area, force = profile.area, here().book.areas[profile.area.force_code].name
    sources = sorted({answer.source for answer in answers if answer.source})
    return Overview(
        title=f"Area profile: {area.name}",
        partnership=area.name,
        summary=[answer.sentence for answer in answers],
        facts=[("Area", f"{area.name} ({area.area_code})"), ("Police force", force), ("Prepared for", audience)],
        sections=[],
        sources=[*sources, LICENCE],
        data_to=name_month(profile.newest),
    )
