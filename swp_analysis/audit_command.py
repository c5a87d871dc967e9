"""What `swp audit` does. In: a year, or a file. Out: a table, CSV or a page, and the number of contradictions."""

from __future__ import annotations

from pathlib import Path

from swp_analysis.audit.judge_text import judge_file
from swp_analysis.audit.page import write_page
from swp_analysis.audit.terminal import print_audit, print_statements, write_csv
from swp_analysis.build import build
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError
from swp_analysis.lock import only_run
from swp_analysis.project import find_project


def names_a_year(target: str | None) -> bool:
    """Whether the argument of `swp audit` is a financial year, or left out, rather than a file."""
    return target is None or (read_financial_year(target) is not None and not Path(target).is_file())


def audit_report(year: str | None, everything: bool) -> int:
    """Audit the report of a year, print it and give the number of contradicted claims."""
    project = find_project()
    with only_run(project, "swp audit"):
        found = build(project, year).audit
    print_audit(found, everything=everything)
    return found.count("contradicted")


def audit_file(path: Path, year: str | None, csv: bool, html: Path | None) -> int:
    """Judge a file by the tables of a year, print or write it and give the number of contradicted statements.

    Raises
    ------
    InputError
        For a file that isn't there or can't be read.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; give a year like 2017-18 or the path of a document.")
    judged = judge_file(path, year, find_project())
    if html:
        html.write_text(write_page(judged, path.name), encoding="utf-8")
    if csv:
        print(write_csv(judged.statements), end="")
    else:
        print_statements(judged.statements, path.name)
    return int((judged.statements["verdict"] == "contradicted").sum())
