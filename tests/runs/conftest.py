"""Jobs that are quick, and a project of two years."""

from __future__ import annotations

import shutil

import pytest

from swp_analysis.commands.new_year import new_year
from swp_analysis.project import Project
from tests.conftest import SHIPPED
from tests.runs.fan_out_parts import JOBS


@pytest.fixture
def small_jobs(monkeypatch):
    """The module of the jobs, which workers find, too."""
    monkeypatch.syspath_prepend(str(JOBS))
    import small_jobs

    return small_jobs


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """The empty workbook for the year after the shipped one: enough for a year of its own."""
    root = tmp_path_factory.mktemp("form")
    shutil.copytree(SHIPPED / "data" / "raw", root / "data" / "raw")
    return new_year(Project(root), "2018-19")


@pytest.fixture
def two_years(project, form) -> Project:
    (project.raw / "2018-19").mkdir()
    shutil.copy(form, project.raw / "2018-19")
    return project
