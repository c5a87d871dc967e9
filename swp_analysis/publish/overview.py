"""What the first page of an edition says. In: a briefing and the raw files. Out: an `Overview`; no figure is made
here.

The answer first: five lines to act on, the recommended priorities, what improved, what we cannot say, what the board
must decide; then the scorecard.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from swp_analysis.analysis.evidence import EARLY_SIGN
from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.catalogue.periods import display_year
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.exhibit import Bullets, Showable
from swp_analysis.present.outlook import REACHED, hold_against_aim
from swp_analysis.present.phrases import list_words, lower_first, write_day
from swp_analysis.present.words import (
    NO_CHANGE,
    UNJUDGED,
    UNKNOWN,
    group_by_verdict,
    write_headline,
    write_quarters,
    write_strength,
)
from swp_analysis.project import find_project
from swp_analysis.publish.pages import Overview

DOWNLOADS = (
    ("annex.xlsx", "All tables as a workbook, with the evidence for each verdict"),
    ("data/observations.csv", "The figures by quarter, for machines"),
)
MOST_NAMED = 3
AN_EARLY_SIGN = "An early sign needs another year to confirm."
# The notebooks that answer what boards ask beyond the scorecard.
AREA_PROFILE, PLACES, DELIVERY, QUALITY = "15_area_profile", "25_places", "70_delivery", "10_data_quality"


def make_overview(briefing: Briefing, files: list[str], changed: str = "") -> Overview:
    """Make the title, the answer in five lines, the sections of index.html, and what every page says about its making.

    `changed`: what is different from the edition before.
    """
    identity, year = briefing.catalogue.identity, display_year(briefing.financial_year)
    return Overview(
        title=write_title(briefing),
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
        sources=_list_sources(files, by_name=briefing.audience.show_code),
        data_to=_data_to(briefing),
        published=date.today().isoformat(),
        downloads=DOWNLOADS,
    )


def write_title(briefing: Briefing) -> str:
    """Write the title of an edition, which its files are called by."""
    return f"Strategic assessment {briefing.year_in_words}"


UNDECIDED = "No change can be called better or worse yet: what the figures measure has not been decided."


def write_first_lines(briefing: Briefing) -> list[str]:
    """Write the five lines that a board can act on: what got worse, what is reported more, the last quarter, the
    year's priorities, the money."""
    findings = briefing.findings.values()
    groups = group_by_verdict(findings)
    whole = [one for one in briefing.series.values() if one.reported and not (one.is_snapshot or one.is_part)]
    lines = [
        _write_worse(groups["Worse"]) if any(one.indicator.measures for one in findings) else UNDECIDED,
        *_write_reporting(groups[UNJUDGED]),
        write_quarters(whole) if whole else "",
        briefing.delivery.in_brief,
        briefing.delivery.budget,
    ]
    return [line for line in lines if line]


def _write_worse(findings: Sequence[Finding]) -> str:
    """Those that are named, with what else there is and what an early sign is."""
    if not findings:
        return "No figure got clearly worse."
    named = ". ".join(write_headline(finding) for finding in findings[:MOST_NAMED])
    more = len(findings) - MOST_NAMED
    early = any(write_strength(finding) == EARLY_SIGN for finding in findings)
    said = [f"{named}.", f"{more} more got worse." if more > 0 else "", AN_EARLY_SIGN if early else ""]
    return " ".join(filter(None, said))


def _write_reporting(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for what was reported more, and one for what was reported less."""
    reports = [finding for finding in findings if speaks_of_reports(finding.indicator)]
    for direction, more, people in (("up", "More", "more people"), ("down", "Fewer", "fewer people")):
        moved = [lower_first(f.indicator.name) for f in reports if f.verdict.direction == direction]
        if moved:
            crime = "more" if direction == "up" else "less"
            yield f"{more} {list_words(moved)} were reported. This may be {crime} crime, or {people} coming forward."


def list_sections(briefing: Briefing) -> Iterator[tuple[str, Showable]]:
    """List the sections of the first page after its five lines, with their headings; none is empty."""
    next_year = display_year(briefing.next_year)
    yield f"Recommended priorities for {next_year}", briefing.priorities.decisions(brief=True)
    better = group_by_verdict(briefing.findings.values())["Better"]
    if better:
        yield "What improved", Bullets("", [f"{write_headline(finding)}." for finding in better])
    yield "What we cannot say, and where to look", Signposts(list(_list_questions(briefing)))
    asked = briefing.priorities.questions() if briefing.audience.show_evidence else []
    if asked:
        yield "What the board must decide", Bullets("", asked)
    yield briefing.scorecard.caption, briefing.scorecard


@dataclass(frozen=True)
class Signposts:
    """Questions that a board asks, each with what can be said, and the page or section that says more where the edition
    has it; where nothing is said here, the first page quotes that section."""

    items: Sequence[tuple[str, str, str]]

    def _repr_html_(self) -> str:
        return f"<ul>{''.join(map(self._write, self.items))}</ul>"

    def _write(self, item: tuple[str, str, str]) -> str:
        asked, said, page = item
        name, _, place = page.partition("#")
        link = f' <a href="{name}.html{place and f"#{place}"}"></a>' if page else ""
        return f'<li class="signpost"><strong>{escape(asked)}:</strong> {escape(said)}{link}</li>'


def _list_questions(briefing: Briefing) -> Iterator[tuple[str, str, str]]:
    """What a board asks beyond the scorecard: the question, what can be said of it, and the notebook that says more."""
    first = min(display_year(year) for year in briefing.data.observations["financial_year"])
    for asked, page, otherwise in (
        ("Neighbours", f"{AREA_PROFILE}#against-similar-areas", "not compared; we have no figures of other areas."),
        ("The past five years", f"{AREA_PROFILE}#how-recorded-crime-moved", f"our figures begin in {first}."),
        ("Wards", PLACES, "our figures are for the whole area only."),
    ):
        there = (find_project().notebooks / f"{page.partition('#')[0]}.ipynb").is_file()
        yield asked, "" if there else otherwise, page
    every = briefing.catalogue.indicators.values()
    undecided = sum(one.measures is None for one in every)
    if 0 < undecided < len(every):  # of all, the first line has said so
        yield "What a change means", f"what {undecided} of {len(every)} figures measure has not been decided.", ""
    if (asked := _list_gaps(briefing)) and briefing.audience.show_evidence:
        yield "Not in our own figures", asked, AREA_PROFILE
    concerns = [entry for plan in briefing.catalogue.strategy.plans for entry in plan.community_concerns]
    missing = [lower_first(entry.text) for entry in concerns if not entry.indicators]
    if missing:
        yield "Residents", f"we have no data on what they raise: {'; '.join(missing)}.", ""
    if briefing.audience.show_evidence:
        yield "On target", _write_targets(briefing), DELIVERY
    yield "Trust in the figures", _write_gaps_in_figures(briefing), QUALITY


def _list_gaps(briefing: Briefing) -> str:
    """What the local plans ask for and nothing measures, in the words of the plans' gaps."""
    entries = [entry for plan in briefing.catalogue.strategy.plans for entry in plan.objectives]
    return " ".join(dict.fromkeys(entry.gap for entry in entries if entry.gap))


def _write_targets(briefing: Briefing) -> str:
    """How far each figure with an aim, and the work with one, is from it; of many figures those that miss it."""
    results = [hold_against_aim(series, briefing.findings[name]) for name, series in briefing.series.items()]
    found = [result for result in results if result]
    missed = [result for result in found if REACHED not in result]
    if len(found) > MOST_NAMED:
        met = f"{len(found) - len(missed)} of {len(found)} figures with an aim reached it."
        found = [met, *missed[:MOST_NAMED]]
    none = "" if found or briefing.delivery.aims else "no figure has an aim for this year."
    return " ".join(filter(None, [*found, briefing.delivery.aims, none]))


def _write_gaps_in_figures(briefing: Briefing) -> str:
    """How many figures show no clear change, cannot be compared, or are withheld."""
    groups = group_by_verdict(briefing.findings.values())
    withheld = sum(finding.withheld for finding in groups[UNKNOWN])
    said = f"{len(groups[NO_CHANGE])} of {len(briefing.findings)} show no clear change"
    said += f"; for {len(groups[UNKNOWN])} we do not have enough data to say." if groups[UNKNOWN] else "."
    if withheld:
        are = "is" if withheld == 1 else "are"
        said += (
            f" {withheld} of these {are} withheld, as small numbers, or what gives them away, could identify a person."
        )
    return said


def _list_sources(files: list[str], *, by_name: bool) -> list[str]:
    """The tables that were read, a folder of a year together, and for analysts the names of their files; the open
    tables are named where they are shown."""
    folders: dict[str, list[str]] = {}
    for name in files:
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, []).append(file)
    named = {folder: f" ({list_words(names)})" if by_name else "" for folder, names in folders.items()}
    own = [f"KPI tables of the partnership, {display_year(year[:7])}{year[7:]}{names}" for year, names in named.items()]
    is_open = (find_project().notebooks / f"{AREA_PROFILE}.ipynb").is_file()
    return own + ["open tables, each named below its chart"] * is_open


def _data_to(briefing: Briefing) -> str:
    reported = briefing.data.observations
    last = reported.loc[reported["status"] == "reported", "period_end"].max()
    return write_day(last)


def _small_numbers(briefing: Briefing) -> str:
    least = briefing.audience.suppress_below
    if not least:
        return "Shown; do not pass this edition on"
    return f"Counts of 1 to {least - 1}, and figures that would give them away, are withheld"
