"""Jobs that are quick, and small projects of one year and of two."""

from __future__ import annotations

from pathlib import Path

import pytest

from swp_analysis.commands.init import init_project
from swp_analysis.project import Project
from tests.runs.fan_out_parts import JOBS


@pytest.fixture
def small_jobs(monkeypatch):
    """The module of the jobs, which workers find, too."""
    monkeypatch.syspath_prepend(str(JOBS))
    import small_jobs

    return small_jobs


@pytest.fixture
def small(tmp_path, monkeypatch) -> Project:
    """A partnership of one figure, whose tables are built in a moment; what counts is who makes its editions."""
    root = tmp_path / "small"
    init_project(root, "Northbridge CSP", "E07000999", [write_figures(tmp_path / "figures.csv", "2017/18")])
    monkeypatch.setenv("SWP_PROJECT", str(root))
    return Project(root)


@pytest.fixture
def two_years(small) -> Project:
    (small.raw / "2018-19").mkdir()
    write_figures(small.raw / "2018-19" / "figures.csv", "2018/19")
    return small


def write_figures(path: Path, year: str) -> Path:
    heads = ",".join(f"Q{quarter} {year}" for quarter in (1, 2, 3, 4))
    path.write_text(f"Indicator,{heads}\nFly-tipping,60,71,55,92\n", encoding="utf-8")
    return path
