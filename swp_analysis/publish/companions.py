"""What an edition holds besides its notebooks' pages. In: a briefing. Out: `Companions`: annex, data, glossary, and the
last look at all of it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import swp_analysis
from swp_analysis.disclosure import Protected
from swp_analysis.present.annex_tables import make_annex_tables
from swp_analysis.present.briefing import Briefing
from swp_analysis.project import Project
from swp_analysis.publish.annex import ANNEX, AnnexCover, write_annex
from swp_analysis.publish.edition import Companions
from swp_analysis.publish.pages import Overview, PageLink
from swp_analysis.publish.scan import find_hidden, scan_folder
from swp_analysis.publish.snapshot import refuse_if_narrowed, write_snapshot

GLOSSARY = Path(swp_analysis.__path__[0]).parent / "docs" / "glossary.md"


def make_companions(briefing: Briefing, unprotected: Protected, overview: Overview, project: Project) -> Companions:
    """Annex, data and glossary of an edition; `unprotected` is what the last look must not find again."""
    target = project.reports / briefing.financial_year / briefing.audience.id
    indicators = briefing.catalogue.indicators

    def write(folder: Path) -> None:
        write_annex(folder / ANNEX, _cover(briefing, overview), make_annex_tables(briefing))
        write_snapshot(folder, briefing.data)

    def inspect(folder: Path) -> None:
        scan_folder(folder, indicators, find_hidden(unprotected, briefing.data, indicators))
        refuse_if_narrowed(folder, target, briefing.data, project, indicators)

    link = PageLink("glossary.html", "Glossary", "What do the words mean?")
    return Companions({link: GLOSSARY.read_text(encoding="utf-8")}, write, inspect, {"docs/glossary.md": GLOSSARY})


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
