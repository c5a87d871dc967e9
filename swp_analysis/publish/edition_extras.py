"""What an edition holds besides its notebooks' pages, what changed since the one before, and the last look at all of
it. In: a briefing; the editions that its readers had. Out: overview, annex, data, glossary, remarks and PDF.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.audit.claims import FigureMeant, Metric
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.recompute import OwnFigure, check_own_figures
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import RunError
from swp_analysis.present.annex_tables import make_annex_tables
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.phrases import list_words, lower_first, say, write_value
from swp_analysis.project import Project, Say
from swp_analysis.publish.annex import ANNEX, write_annex
from swp_analysis.publish.commentary import GLOSSARY_LINK, read_commentary, read_glossary
from swp_analysis.publish.overview import make_overview, write_title
from swp_analysis.publish.pages import Overview, PageLink, Remark
from swp_analysis.publish.pdf import order_pages, pdf_names, print_papers
from swp_analysis.publish.release import write_snapshot
from swp_analysis.publish.scan import WAY_OUT, Scanner
from swp_analysis.published import DATA, SUPERSEDED, read_record
from swp_analysis.quality.processed import read_processed


class EditionExtras:
    """What stands around the notebooks' pages: here an overview and nothing else.

    `texts`: further pages, Markdown by link. `remarks`: an analyst's own words, by the label
    of their indicator. `verdicts`: label, direction and polarity of each indicator, for the next edition to be compared
    with. The methods are called by `edition` in this order, the first two while the notebooks run.
    """

    texts: Mapping[PageLink, str] = {}
    remarks: Mapping[str, list[Remark]] = {}
    verdicts: Mapping[str, Mapping[str, str]] = {}

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    def write_files(self, folder: Path, say: Say) -> Overview:
        """Write the files that need no page, make the content of the first page, and say what only the log shows."""
        return self._overview

    def judge_page(self, page: str, html: str) -> None:
        """Raise `RunError` when a finished page must not be published."""

    def print_pages(self, folder: Path) -> None:
        """Write the files that need the finished pages."""


class BriefingExtras(EditionExtras):
    """Everything that a briefing has for its readers. With a `browser` the pages are printed into a PDF as well.

    Raises
    ------
    InputError
        For a file of commentary that can't be read.
    RunError
        When the commentary, or a text of the partnership's files, could tell what is withheld from the readers.
    """

    def __init__(
        self, project: Project, briefing: Briefing, files: list[str], commentary: Path | None, browser: str | None
    ) -> None:
        self._project, self._briefing, self._files, self._browser = project, briefing, files, browser
        indicators = briefing.catalogue.indicators
        self._scanner.require_silent(briefing.catalogue)
        said = self._read_remarks(commentary) if commentary else {}
        self.texts = {GLOSSARY_LINK: read_glossary()}
        self.verdicts = {
            name: {"label": indicators[name].label, **{part: getattr(finding.verdict, part) for part in JUDGED}}
            for name, finding in briefing.findings.items()
        }
        self.remarks = {indicators[name].label: remarks for name, remarks in said.items()}

    def _read_remarks(self, commentary: Path) -> dict[str, list[Remark]]:
        remarks = read_commentary(commentary, self._briefing.catalogue.indicators)
        for remark in (remark for said in remarks.values() for remark in said):
            # The last look would find it too, after everything has run, and where an indicator has its own section.
            if any(self._scanner.tells(remark.indicator, text) for text in (remark.words, remark.name)):
                about = f"{remark.indicator} of {remark.date}"
                raise RunError(f"{commentary.name}: the words on {about} hold a number that {WAY_OUT}.")
        return remarks

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(self._briefing.data, self._briefing.catalogue.indicators)

    def write_files(self, folder: Path, say: Say) -> Overview:
        """Write annex and data, and make the content of the first page, after the audit of our own text."""
        briefing, reports = self._briefing, self._project.shown or self._project.reports
        for line in _describe_edition(briefing):
            say(line)
        place = briefing.financial_year, briefing.audience.id
        changed = write_changes(reports, place, briefing.data.observations, self.verdicts, briefing.catalogue)
        overview = make_overview(briefing, self._files, changed)
        last_day = date.fromisoformat(briefing.last_day)
        write_annex(folder / ANNEX, overview, briefing.audience, last_day, make_annex_tables(briefing))
        write_snapshot(folder, briefing.given_away)
        return overview

    def judge_page(self, page: str, html: str) -> None:
        """Look for numbers in a page that were typed and could be withheld ones."""
        self._scanner.judge_page(page, html)

    def print_pages(self, folder: Path) -> None:
        """Print the board paper and the PDF of all pages."""
        if self._browser:
            pages = order_pages(path.name for path in folder.iterdir())
            names = pdf_names(write_title(self._briefing), self._briefing.audience.marking)
            print_papers(folder, pages, names, folder, self._browser)


def _describe_edition(briefing: Briefing) -> Iterator[str]:
    """Give what the audit of our own text found and what disclosure control cost, a line each; for the log alone."""
    audit_own_text(briefing)
    yield "Our own text agrees with its figures."
    if briefing.audience.suppress_below:
        yield f"Disclosure control: {briefing.data.loss}."


def audit_own_text(briefing: Briefing) -> None:
    """Look up every figure of the edition's sentences in the tables that its readers see.

    Raises
    ------
    RunError
        When a figure of our own text is contradicted; nothing is then published.
    """
    data = briefing.data
    figures = TableFigures(data.observations, data.totals, data.baselines, briefing.catalogue)
    check_own_figures(chain.from_iterable(map(hand_over_figures, briefing.findings.values())), figures)


def hand_over_figures(finding: Finding) -> Iterator[OwnFigure]:
    """Hand over every figure that a text about a finding may state, for the audit to look up."""
    name, unit = finding.indicator.id, finding.indicator.unit
    before, after = (YearSpan(year, finding.quarters) for year in (finding.compared_with, finding.financial_year))
    levels = [(finding.before, before), (finding.after, after)]
    if finding.latest is not None:
        levels.append((finding.latest[1], YearSpan(finding.financial_year, (finding.latest[0],))))
    for value, span in levels:
        if value is not None:
            yield OwnFigure(write_value(value, unit), FigureMeant(name, "level", span))
    if finding.change is not None:
        metric: Metric = "points" if unit == "percent" else "change"
        yield OwnFigure(f"{finding.change:+.{int(unit == 'percent')}f}", FigureMeant(name, metric, after, before))
    if finding.change_pct is not None:
        yield OwnFigure(f"{finding.change_pct:+.1f}%", FigureMeant(name, "percent", after, before))
    if finding.baseline is not None:
        meant = FigureMeant(name, "level", YearSpan(finding.compared_with))
        yield OwnFigure(write_value(finding.baseline, unit), meant, is_baseline=True)


MOST_NAMED = 3
KEY = ["indicator", "area_code", "financial_year", "quarter"]
JUDGED = ("direction", "polarity")
Verdicts = Mapping[str, Mapping[str, str]]


class EditionChanges(NamedTuple):
    """Keys of figures that are new, revised or gone, and the indicators whose verdict is another one."""

    new: list[tuple]
    revised: list[tuple]
    gone: list[tuple]
    verdicts: list[str]


def write_changes(
    reports: Path, place: tuple[str, str], observations: pd.DataFrame, verdicts: Verdicts, catalogue: Catalogue
) -> str:
    """Compare an edition with the last one that differs from it, and say how in a sentence or two.

    `place`: its year and its audience.
    """
    for folder in _list_earlier(reports, *place):
        before = read_processed(folder / DATA, "observations")
        record = read_record(folder) or {}
        changes = compare_editions(before, observations, record.get("verdicts") or {}, verdicts)
        if any(changes):
            return _describe_changes(changes, catalogue, year=_year_of(folder), day=record.get("finished", "")[:10])
    return say("since.first")


def compare_editions(
    before: pd.DataFrame, after: pd.DataFrame, verdicts_before: Verdicts, verdicts_after: Verdicts
) -> EditionChanges:
    """Compare the quarters that two editions show, and the verdicts that both give.

    A figure that is shown in one and withheld in the other counts as neither new nor gone.
    """
    old, new = _shown_figures(before), _shown_figures(after)
    both = pd.concat([before, after])
    held_back = set(_keys(both[both["status"].isin(["withheld", "suppressed"])]))
    return EditionChanges(
        new=[key for key in new if key not in old and key not in held_back],
        revised=[key for key in new if key in old and old[key] != new[key]],
        gone=[key for key in old if key not in new and key not in held_back],
        verdicts=list_changed(verdicts_before, verdicts_after),
    )


def list_changed(before: Verdicts, now: Verdicts) -> list[str]:
    """List the indicators that two editions both judge, and judge differently."""
    return [name for name in now if name in before and any(before[name].get(w) != now[name].get(w) for w in JUDGED)]


def _list_earlier(reports: Path, year: str, audience: str) -> Iterator[Path]:
    """The editions that these readers may have, the newest first: this year's, those it replaced, earlier years'."""
    replaced = [path for path in (reports / SUPERSEDED / year / audience).glob("[!.]*") if path.is_dir()]
    newest_first = sorted(replaced, key=lambda path: (read_record(path) or {}).get("finished", ""), reverse=True)
    if replaced or (read_record(reports / year / audience) or {}).get("suppression", {}).get("suppress_below"):
        newest_first.insert(0, reports / year / audience)
    years = sorted((path.name for path in reports.glob("[!.]*-*") if path.name < year), reverse=True)
    places = [*newest_first, *(reports / earlier / audience for earlier in years)]
    return (folder for folder in places if (folder / DATA / "observations.csv").is_file())


def _shown_figures(observations: pd.DataFrame) -> dict[tuple, tuple]:
    rows = observations[(observations["status"] == "reported") & observations["quarter"].notna()]
    values = rows[["value", "numerator", "denominator"]].astype(float).round(6).fillna(-1)
    return dict(zip(_keys(rows), values.itertuples(index=False, name=None), strict=True))


def _keys(rows: pd.DataFrame) -> list[tuple]:
    quarter = pd.to_numeric(rows["quarter"]).astype("Int64")
    return list(rows[KEY].assign(quarter=quarter).astype(str).itertuples(index=False, name=None))


def _year_of(folder: Path) -> str:
    return folder.parent.parent.name if folder.parents[2].name == SUPERSEDED else folder.parent.name


def _describe_changes(changes: EditionChanges, catalogue: Catalogue, **edition: str) -> str:
    counted = [_count(kind, getattr(changes, kind), catalogue) for kind in ("new", "revised", "gone")]
    figures = list_words([one for one in counted if one]) or say("since.none")
    names = [lower_first(catalogue.indicators[name].name) for name in changes.verdicts]
    more = names[MOST_NAMED:]
    verdicts = [*names[:MOST_NAMED], f"{len(more)} more"] if more else names
    return say("since.edition", figures=figures, verdicts=verdicts, **edition)


def _count(kind: str, keys: list[tuple], catalogue: Catalogue) -> str:
    """Count figures and name a few that were there before by indicator and quarter."""
    named = [_name_figure(key, catalogue) for key in keys] if kind != "new" and len(keys) <= MOST_NAMED else []
    return say(f"since.{kind}", count=len(keys), named=named) if keys else ""


def _name_figure(key: tuple, catalogue: Catalogue) -> str:
    name, _, year, quarter = key
    known = catalogue.indicators.get(name)
    return say("since.figure", name=lower_first(known.name) if known else name, quarter=quarter, year=year)
