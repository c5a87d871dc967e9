"""What the first page of an edition says. In: a briefing and the raw files. Out: an `Overview`; no figure is made
here.

The answer first: five lines to act on, the recommended priorities, what improved, what we cannot say, what the board
must decide; then the scorecard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.headlines import write_headline
from swp_analysis.present.numbers import write_day
from swp_analysis.present.prose import Bullets, Shown
from swp_analysis.present.words import (
    NO_CHANGE,
    UNJUDGED,
    UNKNOWN,
    group_by_verdict,
    list_words,
    lower_first,
    write_support,
)
from swp_analysis.project import find_project
from swp_analysis.publish.pages import Overview

DOWNLOADS = (
    ("annex.xlsx", "All tables as a workbook, with the evidence for each verdict"),
    ("data/observations.csv", "The figures by quarter, for machines"),
)
MOST_NAMED = 3
AREA_PROFILE = "15_area_profile.ipynb"


def make_overview(briefing: Briefing, files: list[str], changed: str = "") -> Overview:
    """Title, the answer in five lines, the sections of index.html, and what every page says about its making.

    `changed`: what is different from the edition before.
    """
    identity, year = briefing.catalogue.identity, display_year(briefing.financial_year)
    return Overview(
        title=f"Strategic assessment {year}",
        partnership=identity.name,
        summary=write_first_lines(briefing),
        facts=[
            ("Area", identity.area_name),
            ("Year", f"April to March {year}, compared with the year before"),
            ("Prepared for", briefing.audience.label),
            ("Small numbers", _small_numbers(briefing)),
            ("Next update", identity.next_update or "Not yet known"),
            ("Contact", identity.contact or identity.name),
            ("Licence", identity.licence or "Not stated"),
            *([("What changed", changed)] if changed else []),
        ],
        html_sections=[f"<h2>{title}</h2>{shown._repr_html_()}" for title, shown in list_sections(briefing)],
        sources=_sources(files),
        data_to=_data_to(briefing),
        published=date.today().isoformat(),
        downloads=DOWNLOADS,
    )


def write_first_lines(briefing: Briefing) -> list[str]:
    """Write the five lines that a board can act on."""
    groups = group_by_verdict(briefing.findings.values())
    first = [lower_first(entry.candidate.label) for entry in briefing.priorities.ranking.put_forward]
    lines = [
        *_write_lines(groups["Worse"]),
        *_write_reporting(groups[UNJUDGED]),
        write_support(briefing.findings.values()) or "No figure changed more than chance would explain.",
        f"The figures put forward {list_words(first)} for {display_year(briefing.next_year)}." if first else "",
        f"{len(groups[NO_CHANGE])} of {len(briefing.findings)} figures show no clear change"
        + (f"; for {len(groups[UNKNOWN])} we do not have enough data to say." if groups[UNKNOWN] else "."),
    ]
    return [line for line in lines if line]


def _write_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """One line for those that are named, with what else there is."""
    if findings:
        named = [write_headline(finding) for finding in findings[:MOST_NAMED]]
        more = len(findings) - len(named)
        yield f"{'. '.join(named)}.{f' {more} more got worse.' if more else ''}"


def _write_reporting(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for what was reported more, and one for what was reported less."""
    reports = [finding for finding in findings if speaks_of_reports(finding.indicator)]
    for direction, more, people in (("up", "More", "more people"), ("down", "Fewer", "fewer people")):
        moved = [lower_first(f.indicator.short_label) for f in reports if f.verdict.direction == direction]
        if moved:
            crime = "more" if direction == "up" else "less"
            yield f"{more} {list_words(moved)} were reported. This may be {crime} crime, or {people} coming forward."


def list_sections(briefing: Briefing) -> Iterator[tuple[str, Shown]]:
    """The sections of the first page after its five lines, with their headings; none is empty."""
    next_year = display_year(briefing.next_year)
    yield f"Recommended priorities for {next_year}", briefing.priorities.decisions()
    better = group_by_verdict(briefing.findings.values())["Better"]
    if better:
        yield "What improved", Bullets("", [f"{write_headline(finding)}." for finding in better])
    yield "What we cannot say, and why", Bullets("", list(_list_unanswered(briefing)))
    if asked := briefing.priorities.questions():
        yield "What the board must decide", Bullets("", asked)
    yield "Scorecard", briefing.scorecard


def _list_unanswered(briefing: Briefing) -> Iterator[str]:
    """What a board asks and these data don't answer, each with the reason."""
    area = briefing.catalogue.identity.area_name
    years = sorted(set(briefing.data.observations["financial_year"]))
    begin = f"the partnership's tables begin in {display_year(years[0])}"
    if (find_project().notebooks / AREA_PROFILE).is_file():
        yield (
            f"How {area} compares with other areas, and the past five years: see the page “The area in the long run "
            "and among others”."
        )
    else:
        yield f"How {area} compares with similar areas: the tables hold the whole area only."
        yield f"How the past five years went: {begin}."
    undecided = [one for one in briefing.catalogue.indicators.values() if one.measures is None]
    if undecided:
        of = f"{len(undecided)} of {len(briefing.catalogue.indicators)} figures"
        yield f"Whether a change is better or worse: what {of} measure has not been decided."
    concerns = [entry for plan in briefing.catalogue.strategy.plans for entry in plan.community_concerns]
    missing = [lower_first(entry.text) for entry in concerns if not entry.indicators]
    if missing:
        yield f"What residents raise most: we have no data on {list_words(missing)}."
    unknown = group_by_verdict(briefing.findings.values())[UNKNOWN]
    withheld = sum(finding.withheld for finding in unknown)
    if withheld:
        are = "figure is" if withheld == 1 else "figures are"
        yield f"{withheld} {are} withheld, because numbers so small could identify a person."
    if len(unknown) > withheld:
        count = len(unknown) - withheld
        yield f"{count} figure{'' if count == 1 else 's'} cannot be compared with last year; each page says why."


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
        return "Shown; do not pass this edition on"
    return f"Counts of 1 to {least - 1}, and figures that would give them away, are withheld"
