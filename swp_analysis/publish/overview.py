"""What the first page of an edition says. In: a briefing and the raw files. Out: an `Overview`; no figure is made
here.

The answer first: five lines to act on, the recommended priorities, what improved, what we cannot say, what the board
must decide; then the scorecard.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from markupsafe import Markup

from swp_analysis.analysis.evidence import EARLY_SIGN
from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.catalogue.periods import display_year
from swp_analysis.open_data.reader import open_data
from swp_analysis.present import words
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.exhibit import Bullets, Showable
from swp_analysis.present.outlook import hold_against_aim
from swp_analysis.present.phrases import list_words, lower_first, say, write_day
from swp_analysis.project import find_project
from swp_analysis.publish.pages import Overview, Signpost
from swp_analysis.publish.state import notebook_files

DOWNLOADS = (
    ("annex.xlsx", "All tables as a workbook"),
    ("data/observations.csv", "The figures by quarter, for machines"),
)
MOST_NAMED = 3
# The notebooks that answer what boards ask beyond the scorecard.
AREA_PROFILE, PLACES, DELIVERY, QUALITY = "15_area_profile", "25_places", "70_delivery", "10_data_quality"


def make_overview(briefing: Briefing, files: list[str], changed: str = "") -> Overview:
    """Make the title, the answer in five lines, the sections of index.html, and what every page says about its making.

    `changed`: what is different from the edition before.
    """
    identity, year = briefing.catalogue.identity, display_year(briefing.financial_year)
    least = briefing.audience.suppress_below
    return Overview(
        title=write_title(briefing),
        partnership=identity.name,
        summary=write_first_lines(briefing),
        facts=[
            ("Area", identity.area_name),
            ("Year", f"April to March {year}, compared with the year before"),
            ("Prepared for", briefing.audience.label),
            ("Small numbers", say("small_numbers.withheld" if least else "small_numbers.shown", most=least - 1)),
            ("Next update", identity.next_update or "Not yet known"),
            ("Contact", identity.contact or identity.name),
            ("Licence", identity.licence or "Not stated"),
            *([("What changed", changed)] if changed else []),
        ],
        sections=list(list_sections(briefing)),
        sources=_list_sources(files, briefing),
        data_to=write_day(briefing.last_day),
        published=date.today().isoformat(),
        downloads=DOWNLOADS,
    )


def write_title(briefing: Briefing) -> str:
    """Write the title of an edition, which its files are called by."""
    return f"Strategic assessment {briefing.year_in_words}"


def write_first_lines(briefing: Briefing) -> list[str]:
    """Write the five lines that a board can act on: what got worse, what is reported more, the last quarter, the
    year's priorities, the money."""
    findings = briefing.findings.values()
    groups = words.group_by_verdict(findings)
    whole = [one for one in briefing.series.values() if one.reported and not (one.is_snapshot or one.is_part)]
    none_known = len(groups[words.UNKNOWN]) == len(findings)
    lines = [
        _write_worse(groups) if none_known or any(one.indicator.measures for one in findings) else "",
        _write_undecided(groups[words.UNJUDGED], all(one.indicator.measures is None for one in findings)),
        *_write_reporting(groups[words.UNJUDGED]),
        words.write_quarters(whole),
        briefing.delivery.in_brief,
        briefing.delivery.budget,
    ]
    return [line for line in lines if line]


def _write_worse(groups: Mapping[str, Sequence[Finding]]) -> str:
    """Those that are named, with what else there is and what an early sign is; or how many could have got worse."""
    findings, unknown, count = groups["Worse"], len(groups[words.UNKNOWN]), sum(map(len, groups.values()))
    if not findings:
        known = count - unknown if unknown else None
        return say("movements.none" if known == 0 else "first.none worse", count=count, known=known)
    early = [finding for finding in findings if words.write_strength(finding) == EARLY_SIGN]
    named = ". ".join(map(words.write_headline, findings[:MOST_NAMED]))
    return say("first.worse", named=named, more=len(findings[MOST_NAMED:]) or None, early=early)


def _write_undecided(findings: Sequence[Finding], none_decided: bool) -> str:
    """What changed clearly while nobody has decided what it measures."""
    changed = [finding for finding in findings if finding.indicator.measures is None]
    if not changed:
        return say("first.undecided") if none_decided else ""
    named = ". ".join(map(words.write_headline, changed[:MOST_NAMED]))
    return say("first.changed", named=named, more=len(changed[MOST_NAMED:]) or None)


def _write_reporting(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for what was reported more, and one for what was reported less."""
    reports = [finding for finding in findings if speaks_of_reports(finding.indicator)]
    for direction in ("up", "down"):
        if names := [lower_first(f.indicator.name) for f in reports if f.verdict.direction == direction]:
            yield say("first.reported", "reports", names=names, up=direction == "up")


def list_sections(briefing: Briefing) -> Iterator[tuple[str, Markup | list[Signpost]]]:
    """List the sections of the first page after its five lines, with their headings; none is empty."""
    next_year = display_year(briefing.next_year)
    yield f"Recommended priorities for {next_year}", _show(briefing.priorities.decisions(brief=True))
    better = words.group_by_verdict(briefing.findings.values())["Better"]
    if better:
        yield "What improved", _show(Bullets("", [f"{words.write_headline(finding)}." for finding in better]))
    yield "How we compare, and what we cannot say", list(_list_questions(briefing))
    asked = briefing.priorities.questions() if briefing.audience.show_evidence else []
    if asked:
        yield "What the board must decide", _show(Bullets("", asked))
    yield briefing.scorecard.caption, _show(briefing.scorecard)


def _show(shown: Showable) -> Markup:
    return Markup(shown._repr_html_())


def _list_questions(briefing: Briefing) -> Iterator[Signpost]:
    """What a board asks beyond the scorecard: the question, what can be said of it, and the notebook that says more."""
    first = min(briefing.data.observations["financial_year"])
    for asked, page in (
        ("Neighbours", f"{AREA_PROFILE}#against-similar-areas"),
        ("The past five years", f"{AREA_PROFILE}#how-recorded-crime-moved"),
        ("Wards", PLACES),
    ):
        there = _has_open_page(page.partition("#")[0], briefing)
        yield Signpost(asked, "" if there else say(f"signposts.{asked}", first=first), page)
    every = briefing.catalogue.indicators.values()
    undecided = sum(one.measures is None for one in every)
    if 0 < undecided < len(every):  # of all, the first line has said so
        yield Signpost("What a change means", say("signposts.undecided", undecided=undecided, count=len(every)))
    plans = briefing.catalogue.strategy.plans
    gaps = dict.fromkeys(entry.gap for plan in plans for entry in plan.objectives if entry.gap)
    if gaps and briefing.audience.show_evidence:
        yield Signpost("Not in our own figures", " ".join(gaps), AREA_PROFILE)
    concerns = briefing.catalogue.strategy.concerns
    missing = [lower_first(entry.text) for entry in concerns if not entry.indicators]
    if missing:
        yield Signpost("Residents", say("signposts.residents", missing=missing))
    if briefing.audience.show_evidence:
        yield Signpost("Against the aims", _write_targets(briefing), DELIVERY)
    yield Signpost("Trust in the figures", _write_gaps_in_figures(briefing), QUALITY)


def _has_open_page(name: str, briefing: Briefing) -> bool:
    """Whether a notebook of open data is there, and any open table knows the area."""
    project = find_project()
    knows = briefing.catalogue.identity.area_code in open_data(project).book.areas
    return knows and name in {path.stem for path in notebook_files(project)}


def _write_targets(briefing: Briefing) -> str:
    """How far each figure with an aim, and the work with one, is from it; of many figures those that miss it, and those
    whose aim has no way that is good."""
    pairs = [(series, briefing.findings[name]) for name, series in briefing.series.items()]
    found = [held for pair in pairs if (held := hold_against_aim(*pair))[0]]
    lines = [said for said, _ in found]
    if len(found) > MOST_NAMED:
        met, missed, unsaid = ([said for said, reached in found if reached is one] for one in (True, False, None))
        counts = {"met": len(met), "count": len(met + missed), "unsaid": len(unsaid) or None}
        lines = [say("signposts.met", **counts)] if met or missed else []
        lines += [*missed, *unsaid][:MOST_NAMED]
    return " ".join(filter(None, [*lines, briefing.delivery.aims])) or say("signposts.no aim")


def _write_gaps_in_figures(briefing: Briefing) -> str:
    """How many figures show no clear change, cannot be compared, or are withheld."""
    groups = words.group_by_verdict(briefing.findings.values())
    unknown, count = groups[words.UNKNOWN], len(briefing.findings)
    figures = {"same": len(groups[words.NO_CHANGE]) or (None if unknown else 0), "unknown": len(unknown) or None}
    withheld = sum(finding.withheld for finding in unknown) or None
    situation = "none known" if len(unknown) == count else "gaps"
    return say(f"signposts.{situation}", withheld=withheld, count=count, **figures)


def _list_sources(files: list[str], briefing: Briefing) -> list[str]:
    """The tables that were read, a folder of a year together, and for analysts the names of their files; the open
    tables are named where they are shown."""
    folders: dict[str, list[str]] = {}
    for name in files:
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, []).append(file)
    by_name = briefing.audience.show_code
    named = {folder: f" ({list_words(names)})" if by_name else "" for folder, names in folders.items()}
    own = [f"KPI tables of the partnership, {display_year(year[:7])}{year[7:]}{names}" for year, names in named.items()]
    return own + ["open tables, each named below its chart"] * _has_open_page(AREA_PROFILE, briefing)
