"""Other counts behind the same marks give the same edition, byte for byte: the proof that nothing speaks of them.

Each world below changes only figures that partners and the public don't see, within what they are told of these, in the
raw tables. Whatever is drawn, written, ranked, audited or stored for such readers must come out the same; a bar one
pixel higher, a place in a ranking or a p value that was adjusted for a hidden one would show.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

import pytest

from swp_analysis.ingest.read_year import read_editions
from swp_analysis.project import Project
from swp_analysis.publish.edition_extras import BriefingExtras
from tests.conftest import SHIPPED

YEAR = "2017-18"
FORCED = "3 (33%),0 (0%),1 (100%),2 (50%),1 (0%),1 (0%),0 (0%),1 (0%)"
HONOUR = "8 (87.5%),9 (100%),5 (60%),4 (25%),3 (0%),2 (100%),8 (62.5%),9 (44.4%)"
MUTILATION = "2 (50%),1 (0%),4 (0%),6 (0%),7 (0%),12 (0%),4 (0%),8 (0%)"
CUSTODY = "16.33% (8/49),3.84% (2/52),26.31% (10/38),7.54% (4/53),11.9% (5/42),12% (6/50),6.98% (3/43)"
ROBBERY = "15,13,12,7,11,5,9,3,"
# The years of forced marriages, which are withheld: as many in both, or half as many; in the tables one fewer.
WORLDS = {
    "as many": {
        FORCED: "3 (67%),0 (0%),1 (100%),1 (100%),1 (0%),1 (0%),0 (0%),3 (0%)",
        HONOUR: "9 (88.9%),9 (88.9%),5 (40%),3 (33.3%),2 (0%),3 (100%),8 (62.5%),9 (44.4%)",
        MUTILATION: "3 (66.7%),3 (0%),3 (0%),5 (0%),7 (0%),11 (0%),4 (0%),8 (0%)",
        CUSTODY: "18.36% (9/49),5.76% (3/52),26.31% (10/38),5.66% (3/53),11.9% (5/42),12% (6/50),4.65% (2/43)",
        ROBBERY: "15,15,12,7,11,5,9,1,",
    },
    "half as many": {
        FORCED: "4 (100%),0 (0%),1 (100%),1 (100%),1 (0%),1 (0%),0 (0%),1 (0%)",
        MUTILATION: "3 (100%),2 (0%),4 (0%),7 (0%),7 (0%),10 (0%),3 (0%),8 (0%)",
        CUSTODY: "20.4% (10/49),3.84% (2/52),26.31% (10/38),7.54% (4/53),11.9% (5/42),12% (6/50),2.32% (1/43)",
        ROBBERY: "15,12,12,7,11,5,9,4,",
    },
}
HIDDEN = [
    *("personal_robbery_offenders_10_24", "youth_custody_share", "forced_marriage_incidents"),
    *("forced_marriage_recordable_share", "honour_based_abuse_incidents", "honour_based_abuse_recordable_share"),
    *("female_genital_mutilation_incidents", "female_genital_mutilation_recordable_share"),
]


@pytest.fixture(scope="module")
def brief_world(tmp_path_factory, catalogue, brief):
    """Makes a briefing of the shipped tables with some cells changed in the raw files."""

    @cache
    def make(world: str, audience: str):
        raw = tmp_path_factory.mktemp("world") / "raw"
        shutil.copytree(SHIPPED / "data" / "raw", raw)
        left = dict(WORLDS[world])
        for table in (raw / YEAR).glob("*.csv"):
            text = table.read_text(encoding="utf-8")
            for before in [cells for cells in left if cells in text]:
                text = text.replace(before, left.pop(before))
            table.write_text(text, encoding="utf-8")
        assert not left
        return brief(audience, read_editions(raw, YEAR, catalogue))

    return make


def figures_of(briefing) -> list[str]:
    return [frame.to_csv() for frame in (briefing.data.observations, briefing.data.baselines, briefing.data.totals)]


def findings_of(briefing) -> dict[str, str]:
    return {name: str(vars(finding)) for name, finding in briefing.findings.items()}


def everything_shown(briefing) -> dict[str, str]:
    """What the pages show of an edition: every part of a briefing, and all charts of the indicators that hide."""
    themes = list(briefing.catalogue.themes)
    ranking = briefing.priorities
    shown = {name: briefing.indicator(name) for name in HIDDEN}
    shown |= {
        "wall": briefing.wall(*themes),
        "changes": briefing.changes(*themes),
        "at a glance": briefing.at_a_glance(*themes),
        "caveats": briefing.caveats(*themes),
        "scorecard": briefing.scorecard,
        "completeness": briefing.completeness(),
        "coverage": briefing.coverage(),
        "reconciliation": briefing.reconciliation(),
        "audit": briefing.audit(),
        "unread": briefing.unread_cells(),
        "restated": briefing.restated_figures(),
        "suppressed": briefing.suppressed_figures(),
        "provenance": briefing.record.provenance,
        "decisions of reading": briefing.record.decisions,
        "chase": briefing.record.chase,
        "backtest": briefing.backtest(),
        **{f"theme {theme}": briefing.in_short(theme) for theme in themes},
        **{f"meaning of {theme}": briefing.meaning(theme) for theme in themes},
        **{f"priorities: {part}": getattr(ranking, part)() for part in PRIORITY_PARTS},
    }
    return {name: part._repr_html_() for name, part in shown.items()}


PRIORITY_PARTS = [
    *("summary", "decisions", "places", "why_not", "without_one", "backcast"),
    *("blind_spots", "unmeasured", "workshop"),
]


def files_of(briefing, folder: Path) -> dict[str, str]:
    """Annex, data and first page."""
    folder.mkdir()
    extras = BriefingExtras(Project(folder), briefing, ["tables.csv"], commentary=None, browser=None)
    overview = extras.write_files(folder, lambda line: None)
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    return files | {"index": str(overview)}


@pytest.mark.parametrize(("audience", "world"), [("partners", "as many"), ("public", "half as many")])
def test_figures_and_findings_do_not_speak_of_hidden_counts(brief_world, brief, world, audience):
    before, after = brief(audience), brief_world(world, audience)
    assert figures_of(before) == figures_of(after)
    assert findings_of(before) == findings_of(after)


def test_the_worlds_are_not_the_same(brief_world, internal, partners):
    for world, least in (("as many", 14), ("half as many", 12)):
        figures, others = (one.data.observations["value"] for one in (internal, brief_world(world, "internal")))
        differs = figures.ne(others) & figures.notna()
        assert differs.sum() >= least
        assert partners.data.observations.loc[differs, "status"].isin(["suppressed", "withheld"]).all()
        assert findings_of(internal) != findings_of(brief_world(world, "internal"))


def test_whatever_is_shown_is_the_same_to_the_last_byte(brief_world, partners, tmp_path):
    other = brief_world("as many", "partners")
    before, after = everything_shown(partners), everything_shown(other)
    assert [name for name in before if before[name] != after[name]] == []
    assert sum(html.count("data:image/svg+xml") for html in before.values()) > 20
    files = files_of(partners, tmp_path / "one")
    assert files == files_of(other, tmp_path / "two")
    assert {"annex.xlsx", "observations.csv", "totals.csv", "baselines.csv"} < files.keys()
