"""What several tests start from: the shipped catalogue and figures, and a copy of the project to break."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import psutil
import pytest
import yaml
from hypothesis import HealthCheck, settings

from swp_analysis.build import Build, build
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.ingest.read_year import read_editions
from swp_analysis.project import Project
from swp_analysis.publish.execution import import_jupyter

import_jupyter()  # before a test file does it the slow way

collect_ignore_glob = ["fixtures/*"]  # scripts there make files by hand, with packages that no test needs

ROOT = Path(__file__).resolve().parents[1]
YEAR = "2017-18"
TODAY = date(2018, 7, 12)
# `make test-all` renders every notebook three ways and looks at every page at every width; `make test` takes a part.
EVERYTHING = bool(os.environ.get("SWP_TEST_ALL"))


def copy_shipped(folder: Path) -> Path:
    """Copy the project as it shipped, without the KPIs, notebooks, tables and years that were added later: what
    `wolverhampton/shipped.yml` lists, and of the files of themes only the indicators that it lists.
    """
    listed = yaml.safe_load((ROOT / "tests" / "wolverhampton" / "shipped.yml").read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "partnership", folder / "partnership")
    for name in listed["files"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for path in (folder / "partnership" / "indicators").glob("*.yml"):
        head, *entries = re.split(r"(?m)^(?=  - id: )", path.read_text(encoding="utf-8"))
        kept = [entry for entry in entries if entry.split(maxsplit=3)[2] in listed["indicators"]]
        path.write_text(head + "".join(kept), encoding="utf-8") if kept else path.unlink()
    return folder


_HOME = tempfile.TemporaryDirectory(prefix="shipped")  # gone with the process
SHIPPED = copy_shipped(Path(_HOME.name))

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("msedge", "microsoft-edge", "chrome"),
)

# Machines that run two notebooks at once are slow now and then; a property is about what holds, not how fast.
# A change is judged by the same examples each time (.ci/run); at the desk new ones are looked for with every run.
too_slow = [HealthCheck.too_slow]
settings.register_profile(
    "swp", deadline=None, suppress_health_check=too_slow, derandomize="CI" in os.environ, print_blob=True
)
settings.load_profile("swp")


# The rooms that a worker takes first, the longest before all others.
DEAREST = ("wolverhampton/edition", "publish", "disclosure", "product", "ingest", "explore", "test_cli")


def pytest_xdist_make_scheduler(config, log):
    """Give a whole room of tests to one worker, so that what the room makes once is made once."""
    from xdist.scheduler import LoadScopeScheduling

    class ByRoom(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            """The room of a test: the folder of its file, or a file that lies in none."""
            path = nodeid.partition("::")[0]
            folder = path.rpartition("/")[0]
            return folder if "/" in folder else path

    return ByRoom(config, log)


def pytest_collection_modifyitems(items):
    """Put the dearest rooms first: a worker that takes one last makes the other wait."""
    items.sort(
        key=lambda item: next((n for n, room in enumerate(DEAREST) if item.nodeid.startswith(f"tests/{room}")), 9)
    )


def copy_project(root: Path) -> Project:
    """Copy raw data, notebooks and partnership as they shipped into a folder in which a test may break anything."""
    for folder in ("data/raw", "notebooks", "partnership"):
        shutil.copytree(SHIPPED / folder, root / folder)
    return Project(root)


def is_running(pid: int) -> bool:
    """Tell whether a process is there and has not ended; whoever is its parent may take its time."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue(SHIPPED / "partnership")


@pytest.fixture(scope="session")
def shipped(catalogue):
    """The shipped raw tables, read."""
    return read_editions(SHIPPED / "data" / "raw", YEAR, catalogue)


@pytest.fixture(scope="session")
def shipped_findings(shipped, catalogue):
    """The findings of the shipped year, before disclosure control."""
    from swp_analysis.analysis.findings import compare_years

    return compare_years(shipped.observations, catalogue, YEAR, shipped.baselines)


@pytest.fixture(scope="session")
def brief(shipped, catalogue):
    """Makes the briefing of the shipped year for an audience; `evidence` and `words` stand in for the shipped ones."""
    from swp_analysis.audit.audit_year import audit_year
    from swp_analysis.collect.collection import list_due
    from swp_analysis.ingest.consistency import latest_months
    from swp_analysis.present.opening import build_briefing
    from swp_analysis.quality.totals import annual_totals

    raw = SHIPPED / "data" / "raw" / YEAR

    def make(audience: str, evidence=shipped, words=catalogue):
        totals = annual_totals(evidence.observations, words.indicators)
        audit = audit_year(raw, YEAR, evidence.observations, totals, evidence.baselines, words, evidence.report)
        tables = {
            "observations": evidence.observations,
            "months": latest_months(evidence.everything),
            "baselines": evidence.baselines,
            "reconciliation": audit.reconciled,
            "unread": evidence.unread_frame(),
            "revisions": evidence.revisions,
            "claims": audit.claims,
            "claim_words": audit.words,
            "decisions": evidence.decisions_frame(),
            "provisional": evidence.provisional,
            "chase": list_due(evidence.observations, words, YEAR, TODAY),
        }
        return build_briefing(words, words.audiences[audience], YEAR, tables)

    return make


@pytest.fixture(scope="session")
def partners(brief):
    """The shipped year as partners see it."""
    return brief("partners")


@pytest.fixture(scope="session")
def internal(brief):
    """The shipped year with nothing hidden."""
    return brief("internal")


@pytest.fixture(scope="session")
def browser():
    """A Chromium, Chrome or Edge that is already on the machine; tests that look at pages skip without one."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        if os.environ.get("CI"):
            pytest.fail("No browser was found, and in CI the pages must be looked at.")
        pytest.skip("No Chromium, Chrome or Edge was found, so the pages were not looked at in a browser.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def text_without_room():
    """Lists a worksheet's wrapped cells whose lines lie on top of the next row; only Excel makes room by itself."""
    letter = 0.8  # of Arial, in a column's unit

    def needs_more(cell, sheet) -> bool:
        columns = sheet.column_dimensions.values()
        width = next(one.width for one in columns if one.min <= cell.column <= one.max)
        default = sheet.sheet_format.defaultRowHeight
        lines = (sheet.row_dimensions[cell.row].height or default) / default
        return len(str(cell.value or "")) * letter > width * lines

    def find(sheet) -> list[str]:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.alignment.wrap_text]
        return [f"{sheet.title}!{cell.coordinate}: {cell.value}" for cell in cells if needs_more(cell, sheet)]

    return find


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    """A copy of the project, which the commands find."""
    monkeypatch.setenv("SWP_PROJECT", str(tmp_path))
    monkeypatch.delenv("SWP_OPEN_DATA", raising=False)
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def built() -> Build:
    """What the build of the shipped year gave; its tables lie in `SHIPPED`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(SHIPPED))
        patch.delenv("SWP_OPEN_DATA", raising=False)
        return build(Project(SHIPPED), None)


@pytest.fixture
def built_project(project, built) -> Project:
    """A copy of the project with its tables, for tests that begin after the build."""
    shutil.copytree(SHIPPED / "data" / "processed", project.processed)
    return project
