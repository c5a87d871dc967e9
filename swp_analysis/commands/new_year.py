"""`swp new-year`: the workbook in which the data owners give a new year's figures. In: last year's raw tables. Out: one
file in `data/forms`, which goes into `data/raw/<year>` when it has come back.
"""

from __future__ import annotations

import os
from pathlib import Path

from swp_analysis.catalogue import load_catalogue
from swp_analysis.catalogue.periods import previous_year, require_financial_year
from swp_analysis.collect.collection import lay_out_form
from swp_analysis.collect.form_workbook import write_form
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.raw_files import choose_year
from swp_analysis.ingest.read_year import read_editions
from swp_analysis.project import Project
from swp_analysis.quality.totals import annual_totals


def new_year(project: Project, financial_year: str) -> Path:
    """Write the workbook for `financial_year` and return where it is.

    Raises
    ------
    InputError
        When the year before has no data, or the workbook is there already: it may hold someone's figures.
    """
    catalogue = load_catalogue()
    year = require_financial_year(financial_year)
    before = choose_year(project.raw, previous_year(year))
    path = project.root / "data" / "forms" / f"kpi_{year}.xlsx"
    if path.exists():
        raise InputError(f"data/forms/{path.name} is there already and may hold figures; move it away first.")
    evidence = read_editions(project.raw, before, catalogue)
    totals = annual_totals(evidence.observations, catalogue.indicators)
    content = write_form(lay_out_form(catalogue, evidence.observations, totals, year), year, catalogue)
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.new")
    staged.write_bytes(content)
    os.replace(staged, path)
    return path
