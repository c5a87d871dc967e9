"""A small project in a temporary folder, notebooks made on the spot, an example edition for tests that only read."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import nbformat
import pytest
from markupsafe import Markup

from swp_analysis.project import Project
from swp_analysis.publish.edition import publish_edition
from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.pages import Overview
from swp_analysis.publish.records import REFUSED, RUNS_FILE, RunBegun, RunRecord, append_line, what_went_wrong
from swp_analysis.publish.state import hash_folder, survey

PARAMETERS = """\
financial_year: str = "2017-18"  # the year to report on
area_code: str = "E08000031"  # the area's code
audience: str = "partners"  # who reads it"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 340"><path d="M40 250L690 40" stroke="#12436D"/></svg>'


def table(caption: str) -> str:
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="figures">'
        f'<caption>{caption}</caption><thead><tr><th scope="col">Quarter</th>'
        '<th scope="col" class="number">2016/17</th>'
        '<th scope="col" class="number">2017/18</th><th scope="col">What can be said of it</th></tr></thead><tbody>'
        '<tr><th scope="row">Q1</th><td class="number">40</td><td class="number">49</td>'
        "<td>No clear change, and a cell that makes the table wider than a telephone</td></tr></tbody></table></div>"
    )


def chart(caption: str) -> str:
    picture = b64encode(SVG.encode()).decode()
    return (
        f'<figure class="chart"><figcaption>{caption}</figcaption>'
        f'<img src="data:image/svg+xml;base64,{picture}" alt="Line chart: {caption} rose from 40 to 49.">'
        '<p class="note">8 points: limits are on trial.</p><details class="chart-data">'
        f"<summary>Figures behind this chart</summary>{table(caption)}</details></figure>"
    )


def show(html: str) -> str:
    """The source of a cell that shows this HTML."""
    return f"from IPython.display import HTML\nHTML({html!r})"


EXAMPLE = [
    "import sys, warnings; warnings.warn('mind this'); print('on stderr', file=sys.stderr)",
    "## Knives",
    show('<p class="why">Knives wound.</p>'),
    show(chart("Violent crime with a knife")),
    show(table("Violent crime with a knife")),
    show('<p class="finding">From 191 to 221: <span class="unclear">no clear change</span>.</p>'),
    show('<p class="cannot-tell">Whether more was reported or more happened.</p>'),
    "#### Caveats",
    show('<ul class="caveats"><li>Counts crimes, not people.</li></ul>'),
    "## Knives\n\nThe same heading once more, and <span class='worse'>HTML as text</span>.",
    show('<p><span class="better">Better</span> or <span class="worse">worse</span>.</p>'),
    "financial_year",
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def make_project(root: Path) -> Project:
    made = Project(root)
    (made.raw / "2017-18").mkdir(parents=True)
    (made.raw / "2017-18" / "figures.csv").write_text("indicator,value\nknives,191\n", encoding="utf-8")
    made.notebooks.mkdir()
    return made


@pytest.fixture(scope="session")
def write_notebook():
    """Writes `name`.ipynb: a title cell, the parameters, then a cell for each source; # makes Markdown."""

    def write(
        project: Project, name: str, *sources: str, title: str = "# Crime trends\n\nWhat changed?", tag="parameters"
    ) -> Path:
        cells = [nbformat.v4.new_markdown_cell(title), nbformat.v4.new_code_cell(PARAMETERS)]
        cells[1].metadata["tags"] = [tag]
        for source in sources:
            kind = "markdown" if source.startswith("#") else "code"
            cells.append(getattr(nbformat.v4, f"new_{kind}_cell")(source))
        path = project.notebooks / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write


@pytest.fixture(scope="session")
def overview() -> Overview:
    return Overview(
        title="Strategic assessment 2017/18",
        partnership="Safer Wolverhampton Partnership",
        summary=["Firearm violence rose from 33 to 63.", 'Labels such as <img src=x onerror="alert(1)"> are text.'],
        facts=[("Area", "Wolverhampton"), ("Period", "April 2016 to March 2018")],
        sections=[("Scorecard", Markup(table("What changed")))],
        sources=["Annual report 2017-18, Appendix C"],
        data_to="31 March 2018",
    )


@pytest.fixture(scope="session")
def publish(overview):
    """Publishes and writes the run down; `said` collects the lines.

    `settings` are those of the run, `commentary` and `parameters` what the edition is made from beyond the project.
    """

    def run(project: Project, audience="partners", said=None, *, extras=None, begun=None, **settings):
        if begun is None:
            words = {name: settings.pop(name, None) for name in ("commentary", "parameters")}
            settings = {"area_code": "E08000031"} | settings
            begun = RunBegun(RunRecord("2017-18", audience), survey(project, "2017-18", **words), **settings)
        say = (said if said is not None else []).append
        try:
            return publish_edition(project, begun, extras or EditionExtras(overview), say=say)
        except BaseException as error:
            begun.record.finish(*what_went_wrong(error, begun.record))
            raise
        finally:
            if begun.record.status != REFUSED:
                append_line(project.reports / RUNS_FILE, begun.record.as_line())

    return run


@pytest.fixture(scope="session")
def example(tmp_path_factory, write_notebook, publish) -> dict[str, Path]:
    """Folders of an example edition for partners and one for internal use, of the same two notebooks."""
    project = make_project(tmp_path_factory.mktemp("example"))
    write_notebook(project, "20_crime_trends", *EXAMPLE)
    write_notebook(project, "30_violence", "'nothing else'", title="# Violence\n\nWho is *harmed*?")
    (project.notebooks / "explore").mkdir()
    write_notebook(Project(project.root), "explore/40_never_run", "1 / 0")
    return {audience: publish(project, audience) for audience in ("partners", "internal")}


def write_edition(folder: Path, code: str, beside: list[str], threshold: int = 5) -> None:
    """Write an edition of which nothing is there but what the proof looks at."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "observations.csv").write_text(folder.name, encoding="utf-8")
    record = {
        "suppression": {"suppress_below": threshold},
        "made_from": {"code": code},
        "beside": beside,
        "outputs": hash_folder(folder),
    }
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
