"""A partnership made of the quarters of two years, the verdicts on a paper about it, and statements that come in twos:
`[the right figure|a wrong one]`."""

import csv
from collections.abc import Callable
from pathlib import Path

from swp_analysis.audit.judge_text import judge_text
from swp_analysis.commands.init import init_project
from swp_analysis.project import Project

QUARTERS = [f"Q{quarter} {year}" for year in ("2022/23", "2023/24") for quarter in (1, 2, 3, 4)]


def judge_about(figures: dict[str, list], place: Path) -> Callable[[str], set[str]]:
    """Draft a project from `figures`, a row each; give what judges the last line of a text about them."""
    with (place / "kpis.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Measure", *QUARTERS], *([label, *row] for label, row in figures.items())])
    init_project(place / "project", "Safer Marsh", "E07000998", [place / "kpis.csv"])
    project = Project(place / "project")

    def judge(said: str) -> set[str]:
        found = judge_text(said, "2023-24", project)
        return set(found["verdict"][found["place"] == f"line {len(said.splitlines())}"])

    return judge


def choose(said: str, *, true: bool) -> str:
    """Write a statement with its right figure, or the other one."""
    before, _, rest = said.partition("[")
    pair, _, after = rest.partition("]")
    return before + pair.split("|")[0 if true else 1] + after
