"""The middle of the walk in one function. In: tidy tables. Out: a `Briefing` for one year and audience.

processed -> yearly totals -> disclosure control -> findings -> briefing; nothing unprotected leaves this module.
A run opens it once; it lies for the run's notebooks in the run's own folder, which nobody else can read.
"""

import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from swp_analysis.analysis.findings import Finding, compare_years
from swp_analysis.catalogue.loader import HANDED_OVER, load_catalogue, require_audience
from swp_analysis.catalogue.models import Audience, Catalogue
from swp_analysis.catalogue.periods import require_financial_year
from swp_analysis.collect.collection import WORKSHOP_COLUMNS
from swp_analysis.disclosure import Protected, know_from_open_tables, protect_beside
from swp_analysis.disclosure.published_figures import read_shown
from swp_analysis.errors import InputError
from swp_analysis.ingest.consistency import latest_months, without_months
from swp_analysis.open_data.reader import open_data
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.frames import describe_observations
from swp_analysis.present.quality_tables import record_reading
from swp_analysis.project import RUN_VARIABLE, Project, find_project
from swp_analysis.quality.processed import read_processed
from swp_analysis.quality.totals import annual_totals

BRIEFING = "edition.briefing"
Shown = Mapping[str, Protected]  # editions that readers hold, by name
TABLES_READ = (
    *("observations", "baselines", "reconciliation", "unread", "revisions"),
    *("claims", "claim_words", "decisions", "provisional", "chase", "workshop"),
)


def read_briefing(
    financial_year: str, area_code: str, audience: str = "partners", project: Project | None = None
) -> Briefing:
    """Read everything that a notebook shows for one edition, from `data/processed` and what earlier editions have
    shown.

    `project`: default the one around the call.

    Raises
    ------
    InputError
        When the year, the area or the audience is not one that the data or the catalogue knows.
    RunError
        When what earlier editions show leaves no safe way to show these figures; it says what can be done.
    """
    project, year = project or find_project(), require_financial_year(financial_year)
    tables = _read_tables(project, financial_year, area_code, TABLES_READ)
    shown = read_shown(project.shown or project.reports)
    catalogue = load_catalogue()
    known = know_from_open_tables(open_data(project), area_code, catalogue.indicators)
    return build_briefing(catalogue, require_audience(audience), year, tables, shown, known)


def _read_tables(
    project: Project, financial_year: str, area_code: str, names: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """The tables before disclosure control, for what protects them before anybody sees them."""
    _gate.reading = True
    try:
        tables = {name: read_processed(project.processed, name) for name in names}
    finally:
        _gate.reading = False
    year = require_financial_year(financial_year)
    every = _of_edition(tables["observations"], year, area_code)
    return tables | {"observations": without_months(every), "months": latest_months(every)}


def list_figures(financial_year: str = "", audience: str = "internal", periods: str = "all") -> pd.DataFrame:
    """List the built figures up to a year, all of them or as an audience sees them, as `describe_observations` does.

    Raises
    ------
    InputError
        When nothing was built yet, or the audience is unknown.
    """
    project, catalogue, reader = find_project(), load_catalogue(), require_audience(audience)
    if not (project.processed / "observations.csv").is_file():
        raise InputError("No figures were built yet: run `swp build`, or call load() first, which does it.")
    rows = read_observations(project)
    year = financial_year or str(rows["financial_year"].max())
    if reader.suppress_below:
        tables = _read_tables(project, year, catalogue.identity.area_code, ("observations", "baselines"))
        known = know_from_open_tables(open_data(project), catalogue.identity.area_code, catalogue.indicators)
        data, months = _protect(tables, catalogue, reader, read_shown(project.shown or project.reports), known)
        rows = pd.concat([data.observations, months]) if len(months) else data.observations
    return describe_observations(rows[rows["financial_year"] <= year], catalogue, periods)


def build_briefing(
    catalogue: Catalogue,
    audience: Audience,
    financial_year: str,
    tables: dict[str, pd.DataFrame],
    shown: Shown = MappingProxyType({}),
    known: Mapping = MappingProxyType({}),
) -> Briefing:
    """Protect tidy tables for an audience that may hold the editions in `shown`, and knows what open tables say, then
    find out what changed in them."""
    data, months = _protect(tables, catalogue, audience, shown, known)
    return Briefing(
        catalogue=catalogue,
        audience=audience,
        financial_year=financial_year,
        data=data,
        findings=_compare(data, catalogue, audience, financial_year),
        reconciled=_hide_reconciliation(tables["reconciliation"], data),
        unread=tables["unread"],
        revisions=tables["revisions"],
        claims=tables["claims"].merge(tables["claim_words"], on="claim_id", how="left").fillna({"words": ""}),
        record=record_reading(tables, catalogue, show_text=not audience.suppress_below),
        workshop=tables.get("workshop", pd.DataFrame(columns=WORKSHOP_COLUMNS)),
        earlier=tuple(shown.values()),
        months=months,
    )


def _compare(data: Protected, catalogue: Catalogue, audience: Audience, year: str) -> dict[str, Finding]:
    """What changed, in as many words as the audience is shown."""
    found = compare_years(data.observations, catalogue, year, data.baselines, data.totals)
    if audience.show_evidence:
        return found
    return {name: one.with_evidence(says_scatter=False) for name, one in found.items()}


def _protect(
    tables: dict[str, pd.DataFrame], catalogue: Catalogue, audience: Audience, shown: Shown, known: Mapping
) -> tuple[Protected, pd.DataFrame]:
    """The quarters with baselines and totals, and the latest months, protected together and kept apart."""
    observations, baselines = tables["observations"], tables["baselines"]
    months = tables.get("months", observations.iloc[:0])
    every = pd.concat([observations.astype({"quarter": "Int64"}), months]) if len(months) else observations
    frames = every.reset_index(drop=True), baselines, annual_totals(observations, catalogue.indicators)
    data = protect_beside(frames, catalogue.indicators, audience.suppress_below, shown, known)
    is_month = data.observations["quarter"].isna()
    quarters = data.observations[~is_month].astype({"quarter": observations["quarter"].dtype})
    return replace(data, observations=quarters), data.observations[is_month]


def _hide_reconciliation(reconciled: pd.DataFrame, data: Protected) -> pd.DataFrame:
    """Blank the reconciliation of each baseline that, or whose year, an audience may not see."""
    years = pd.concat([data.baselines, data.totals])
    hidden = years.loc[years["status"] == "withheld", ["indicator", "financial_year"]].apply(tuple, axis=1)
    shown = reconciled.copy()
    rows = shown[["indicator", "financial_year"]].apply(tuple, axis=1).isin(set(hidden))
    shown.loc[rows, ["printed", "recomputed", "difference"]] = float("nan")
    shown.loc[rows, ["verdict", "explanation"]] = ["withheld", "the numbers are too small to share"]
    return shown


def _of_edition(observations: pd.DataFrame, financial_year: str, area_code: str) -> pd.DataFrame:
    if area_code not in set(observations["area_code"]):
        known = ", ".join(sorted(set(observations["area_code"])))
        raise InputError(f"There are no figures for the area {area_code!r}; the data cover {known}.")
    kept = observations[(observations["financial_year"] <= financial_year) & (observations["area_code"] == area_code)]
    if financial_year not in set(kept["financial_year"]):
        years = ", ".join(sorted(set(observations["financial_year"])))
        raise InputError(f"There are no figures for {financial_year}; the data cover {years}.")
    return kept


def hand_over(briefing: Briefing, area_code: str, folder: Path) -> None:
    """Put the briefing of an area into the folder of a run, and the catalogue for what is asked without one."""
    (folder / HANDED_OVER).write_bytes(pickle.dumps(briefing.catalogue, pickle.HIGHEST_PROTOCOL))
    (folder / BRIEFING).write_bytes(pickle.dumps((briefing, area_code), pickle.HIGHEST_PROTOCOL))


def receive_briefing(financial_year: str, area_code: str, audience: str) -> Briefing | None:
    """Give the briefing that the run around this process has put there; None outside a run, or for another edition."""
    briefing, area = _read_handed_over()
    same = briefing and (briefing.financial_year, area, briefing.audience.id) == (financial_year, area_code, audience)
    return briefing if same else None


def read_observations(project: Project) -> pd.DataFrame:
    """Read the built observations; in the notebooks of a run for others than analysts, what its readers may see."""
    briefing, _ = _read_handed_over()
    if briefing and briefing.audience.suppress_below:
        return briefing.data.observations
    return read_processed(project.processed, "observations")


def _read_handed_over() -> tuple[Briefing | None, str]:
    """The briefing that lies in the folder of the run around this process, and its area."""
    folder = os.environ.get(RUN_VARIABLE)
    path = Path(folder, BRIEFING) if folder else None
    return pickle.loads(path.read_bytes()) if path and path.is_file() else (None, "")


class _Gate:
    """Keeps the notebooks of a run from the tables before disclosure control, unless its readers may see everything.

    An audit hook of Python's sees every file that `open` opens, `pandas.read_csv`'s too.
    """

    reading = False  # what `_read_tables` reads is protected before anybody sees it

    def __call__(self, event: str, arguments: tuple) -> None:
        if event != "open" or self.reading or not isinstance(arguments[0], str):
            return
        path = Path(os.path.abspath(arguments[0]))
        if "data" not in path.parts or not self._is_before_it(path):
            return
        self.reading = True
        try:
            briefing, _ = _read_handed_over()
        finally:
            self.reading = False
        if briefing and briefing.audience.suppress_below:
            raise InputError(
                f"{path.name} holds figures that {briefing.audience.label.lower()} may not see, so no notebook of "
                "their edition reads it; take the figures from the briefing, or from load()."
            )

    @staticmethod
    def _is_before_it(path: Path) -> bool:
        """Whether a file is a table of the partnership's own; open data are for everybody."""
        project = find_project()
        folders = [folder for folder in (project.raw, project.processed) if path.is_relative_to(folder.absolute())]
        return any(path.relative_to(folder.absolute()).parts[:1] != ("open",) for folder in folders)


_gate = _Gate()
if os.environ.get(RUN_VARIABLE):
    sys.addaudithook(_gate)
