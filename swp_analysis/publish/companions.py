"""What an edition holds besides its notebooks' pages. In: a briefing. Out: `Companions`: annex, data, glossary, and the
last look at all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from swp_analysis.analysis.findings import Finding
from swp_analysis.errors import RunError
from swp_analysis.present.annex_tables import make_annex_tables
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.exhibit import Table
from swp_analysis.publish.annex import ANNEX, AnnexCover, write_annex
from swp_analysis.publish.commentary import Remark, read_commentary
from swp_analysis.publish.edition import Companions
from swp_analysis.publish.glossary import GLOSSARY_LINK, read_glossary
from swp_analysis.publish.made_from import further_inputs
from swp_analysis.publish.pages import Overview
from swp_analysis.publish.pdf import order_pages, pdf_name, print_edition
from swp_analysis.publish.scan import WAY_OUT, Scanner
from swp_analysis.publish.snapshot import write_snapshot


def make_companions(
    briefing: Briefing,
    overview: Callable[[], Overview],
    commentary: Path | None = None,
    browser: str | None = None,
) -> Companions:
    """Annex, data, glossary and comments of an edition. With a `browser` the pages are printed into a PDF as well."""
    indicators = briefing.catalogue.indicators
    remarks = read_commentary(commentary, indicators) if commentary else {}
    scanner = cache(lambda: Scanner.of(briefing.data, indicators))
    scanner().require_silent(briefing.catalogue)
    for remark in (remark for said in remarks.values() for remark in said):
        _refuse_if_telling(remark, scanner(), commentary)
    return Companions(
        texts={GLOSSARY_LINK: read_glossary()},
        write=lambda folder: _write(folder, briefing, overview(), remarks),
        finish=lambda folder: _print(folder, briefing.audience.marking, browser),
        read_ahead=lambda html: scanner().read_ahead(html),
        inspect=lambda folder: scanner().scan_folder(folder),
        inputs=further_inputs(commentary),
        verdicts={name: _tell_verdict(finding) for name, finding in briefing.findings.items()},
        remarks={indicators[name].label: said for name, said in remarks.items()},
    )


def _refuse_if_telling(remark: Remark, scanner: Scanner, commentary: Path) -> None:
    """The last look would find it too, after everything has run, and where an indicator has a section of its own."""
    if scanner.tells(remark.indicator, f"{remark.words} {remark.name}"):
        raise RunError(
            f"{commentary.name}: the words on {remark.indicator} of {remark.date} hold a number that {WAY_OUT}."
        )


def _write(folder: Path, briefing: Briefing, overview: Overview, remarks: Mapping[str, list[Remark]]) -> None:
    tables = make_annex_tables(briefing) | _tabulate_remarks(remarks, briefing)
    write_annex(folder / ANNEX, _cover(briefing, overview), tables)
    write_snapshot(folder, briefing.data)


def _print(folder: Path, marking: str, browser: str | None) -> None:
    if browser:
        print_edition(folder, order_pages(path.name for path in folder.iterdir()), folder / pdf_name(marking), browser)


def _tell_verdict(finding: Finding) -> dict[str, str]:
    verdict = finding.verdict
    return {"label": finding.indicator.label, "direction": verdict.direction, "polarity": verdict.polarity}


def _tabulate_remarks(remarks: Mapping[str, list[Remark]], briefing: Briefing) -> dict[str, Table]:
    rows = [
        [briefing.catalogue.indicators[remark.indicator].label, remark.words, remark.name, remark.date.isoformat()]
        for said in remarks.values()
        for remark in said
    ]
    columns = ["Indicator", "Comment", "By", "Date"]
    title = "Comments by analysts, not worked out from the figures"
    return {"Comments": Table(title, columns, rows)} if rows else {}


def _cover(briefing: Briefing, overview: Overview) -> AnnexCover:
    reported = briefing.data.observations
    return AnnexCover(
        title=overview.title,
        partnership=overview.partnership,
        marking=briefing.audience.marking,
        audience=briefing.audience.label,
        data_to=overview.data_to,
        last_day=date.fromisoformat(reported.loc[reported["status"] == "reported", "period_end"].max()),
    )
