"""What several tests start from: the shipped catalogue and figures, and a copy of the project to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from swp_analysis.catalogue import load_catalogue
from swp_analysis.ingest.editions import read_editions
from swp_analysis.project import Project

ROOT = Path(__file__).resolve().parents[1]
YEAR = "2017-18"

# Machines that run two notebooks at once are slow now and then; a property is about what holds, not how fast.
settings.register_profile("swp", deadline=None)
settings.load_profile("swp")


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="session")
def shipped(catalogue):
    """The shipped raw tables, read."""
    return read_editions(ROOT / "data" / "raw", YEAR, catalogue)


@pytest.fixture(scope="session")
def shipped_findings(shipped, catalogue):
    """The findings of the shipped year, before disclosure control."""
    from swp_analysis.analysis.findings import compare_years

    return compare_years(shipped.observations, catalogue, YEAR, shipped.baselines)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    """A copy of the project's raw data and notebooks, in which a test may break anything."""
    for folder in ("data/raw", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setenv("SWP_PROJECT", str(tmp_path))
    return Project(tmp_path)
