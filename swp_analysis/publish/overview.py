"""What the first page of an edition says. In: a briefing and the raw files. Out: an `Overview`; no figure is made
here."""

from __future__ import annotations

from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.numbers import write_day
from swp_analysis.present.prose import Bullets
from swp_analysis.present.words import CLEAR_GROUPS, group_by_verdict, list_changes, write_clear_together
from swp_analysis.publish.pages import Overview

DOWNLOADS = (
    ("annex.xlsx", "all tables as a workbook, with the evidence for each verdict"),
    (
        "data/observations.csv",
        "the figures by quarter for machines; the CSVW file beside it says what each column means",
    ),
)

HOW_TO_READ = (
    "A chart of an indicator sets this year's quarters against the same quarters of last year; the table behind it has "
    "all the figures.",
    "In the chart of changes a mark is this year divided by last year, and the line through it is the 95% range. A "
    "line that crosses the upright line in the middle is no clear change: chance alone could explain it.",
    "Figures are rounded last: a change or a ratio is worked out before that, so its last digit can differ from what "
    "the printed figures give.",
    "A bar in place of a point is a count too small to show: it lies somewhere within the bar. An empty place is a "
    "figure that nobody published, never a zero.",
    "Shape and words always say what a colour says. A change is called worse or better only where it is known which "
    "way is good; a change in reports of a hidden crime never is.",
)


def make_overview(briefing: Briefing, files: list[str]) -> Overview:
    """Title, coverage, the picture of all changes and the verdicts, for index.html."""
    identity, year = briefing.catalogue.identity, display_year(briefing.financial_year)
    themes = list(briefing.catalogue.themes)
    return Overview(
        title=f"Strategic assessment {year}",
        partnership=identity.name,
        summary=summarise(briefing),
        facts=[
            ("Area", identity.area_name),
            ("Year", f"April to March {year}, compared with the year before"),
            ("Data to", _data_to(briefing)),
            ("Indicators", f"{len(briefing.findings)} in {len(themes)} themes"),
            ("Prepared for", briefing.audience.label),
            ("Small numbers", _small_numbers(briefing)),
        ],
        html_sections=[
            f"<h2>Scorecard</h2>{briefing.scorecard._repr_html_()}",
            f"<h2>What changed</h2>{briefing.changes(*themes)._repr_html_()}",
            f"<h2>What can't be told</h2>{briefing.cannot_tell()._repr_html_()}",
            f"<h2>How to read the charts</h2>{Bullets('', HOW_TO_READ, 'reading')._repr_html_()}",
        ],
        sources=_sources(files),
        data_to=_data_to(briefing),
        downloads=DOWNLOADS,
    )


def summarise(briefing: Briefing) -> list[str]:
    """The few sentences that a board member reads first."""
    groups = group_by_verdict(briefing.findings.values())
    same, unknown = len(groups["No clear change"]), len(groups["Can't be told"])
    together = write_clear_together(briefing.findings.values())
    return [
        *(f"{name}: {list_changes(groups[name])}." for name in CLEAR_GROUPS if groups[name]),
        *([together] if together else []),
        f"Of {len(briefing.findings)} indicators, {same} show no clear change and {unknown} can't be told.",
        "A change is called clear only when its 95% range leaves out no change at all. Reports of hidden crimes are "
        "never called better or worse on their own.",
    ]


def _sources(files: list[str]) -> list[str]:
    """The raw files, those of one folder together."""
    folders: dict[str, list[str]] = {}
    for name in files:
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, []).append(file)
    return [f"KPI tables of the partnership, {folder}: {', '.join(names)}" for folder, names in folders.items()]


def _data_to(briefing: Briefing) -> str:
    reported = briefing.data.observations
    last = reported.loc[reported["status"] == "reported", "period_end"].max()
    return write_day(last)


def _small_numbers(briefing: Briefing) -> str:
    least = briefing.audience.suppress_below
    if not least:
        return "Shown; don't pass this edition on"
    return f"Counts of 1 to {least - 1}, and figures that would give them away, are not shown"
