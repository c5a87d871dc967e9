"""The annex: every table of an edition as an accessible workbook, made by gptables. In: annex tables and what the cover
says. Out: annex.xlsx, the same bytes for the same tables.

Text stays text: nothing in a cell is a formula or a link, whatever it looks like.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from swp_analysis.catalogue.models import Audience
from swp_analysis.collect.form_workbook import row_height
from swp_analysis.present.annex_tables import NO_FIGURE
from swp_analysis.present.table import Table
from swp_analysis.publish.checks import make_visible
from swp_analysis.publish.pages import Overview

if TYPE_CHECKING:
    from gptables import GPTable, GPWorkbook
    from gptables.core.wrappers import GPWorksheet

ANNEX = "annex.xlsx"
LONGEST_TEXT = 32_000  # a cell of Excel holds 32,767 characters; xlsxwriter drops longer ones without a word
NARROWEST_COLUMN, WIDEST_COLUMN = 9, 60
# A sheet of so many columns has narrower ones, so that it can be read on a printed page.
WIDEST_SHEET = 190  # characters across a printed sheet that can still be read; many columns go on a second one
MANY_COLUMNS, WIDEST_OF_MANY = 10, 28
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WRAPPED = {"text_wrap": True, "valign": "top"}
APART = WRAPPED | {"indent": 1}
# gptables makes a link of [text](address) and a footnote of $$name$$, and refuses a cell without a letter or digit.
_LINK, _FOOTNOTE, _WORDLESS = re.compile(r"\](?=\()"), re.compile(r"\$(?=\$)"), re.compile(r"[^a-zA-Z0-9]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def write_annex(
    path: Path, overview: Overview, audience: Audience, last_day: date, tables: Mapping[str, Table]
) -> None:
    """Write the workbook: cover, contents, a sheet for each of the `tables`, which are given by their tabs.

    `last_day` of the data is its date: it holds no user's name and no time of day.
    """
    from gptables import produce_workbook

    with warnings.catch_warnings():
        # gptables' own sheet of notes wants a reference in a table for each of them; ours explains marks.
        warnings.filterwarnings("ignore", "No note text provided")
        warnings.simplefilter("ignore", DeprecationWarning)  # gptables' own, of pandas
        workbook = produce_workbook(
            str(path),
            {tab: _sheet(tab, table, audience.marking) for tab, table in tables.items()},
            cover=_cover(overview, audience),
            contentsheet_options={"title": "Contents", "instructions": f"{audience.marking}. A row for each sheet."},
            workbook_options=INERT,
        )
    about = {"title": f"{overview.title}: tables", "author": overview.partnership, "company": overview.partnership}
    created = datetime(last_day.year, last_day.month, last_day.day)
    workbook.set_properties({**about, "subject": audience.marking, "created": created})
    _finish(workbook, audience.marking, tables)
    workbook.close()


def _cover(overview: Overview, audience: Audience) -> Any:
    from gptables import Cover

    return Cover(
        title=plain_cell(f"{overview.title}: tables"),
        intro=[
            plain_cell(audience.marking),
            plain_cell(f"{overview.partnership}. Prepared for: {audience.label}."),
            plain_cell(f"Data to {overview.data_to}."),
        ],
        about=[
            "Every figure behind the pages of this edition, with the verdicts and their evidence.",
            "The marks used in the tables are explained on the sheet Notes.",
        ],
    )


def _sheet(tab: str, table: Table, marking: str) -> GPTable:
    from gptables import GPTable

    frame = pd.DataFrame([[plain_cell(cell) for cell in row] for row in table.values], columns=table.headings)
    if frame.empty:
        frame.loc[0] = ["none", *[NO_FIGURE] * (len(table.headings) - 1)]
    frame = frame.astype(object)
    return GPTable(
        frame,
        table_name=re.sub(r"\W+", "_", tab).lower(),
        title=plain_cell(table.caption),
        subtitles=_subtitles(table, marking),
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": list(frame.columns), "format": WRAPPED}},
            *({"column": {"columns": [name], "format": APART, "include_names": True}} for name in _words(frame)),
        ],
    )


def _words(frame: pd.DataFrame) -> list[str]:
    """The columns of words behind the first: a gap keeps them apart from the numbers, which end at the right."""
    return [name for name in frame.columns[1:] if all(isinstance(cell, str) for cell in frame[name])]


def _subtitles(table: Table, marking: str) -> list[str]:
    return [marking, *([str(plain_cell(table.note))] if table.note else [])]


def plain_cell(cell: str | float) -> str | float:
    """Give a number as it is; text such that neither gptables nor a spreadsheet makes anything else of it.

    >>> plain_cell("see [here](http://x.example)"), plain_cell("–"), plain_cell(""), plain_cell(3)
    ('see [here] (http://x.example)', '[text] –', '[x]', 3)
    """
    if not isinstance(cell, str):
        return cell
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", make_visible(cell))[:LONGEST_TEXT]
    text = _FOOTNOTE.sub("$ ", _LINK.sub("] ", text))
    if not text.strip():
        return NO_FIGURE
    return f"[text] {text}" if _WORDLESS.fullmatch(text) else text


def _finish(workbook: GPWorkbook, marking: str, tables: Mapping[str, Table]) -> None:
    """Marking on each printed sheet, columns and rows that fit their text, headings on every sheet."""
    for sheet in workbook.worksheets():
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C{marking}")
        sheet.set_footer(f"&L{marking}&RPage &P of &N")
        table = tables.get(sheet.get_name())
        if table:
            _fit_to_text(sheet, table)


def _fit_to_text(sheet: GPWorksheet, table: Table) -> None:
    rows = [table.headings, *([str(plain_cell(cell)) for cell in row] for row in table.values)]
    widest = WIDEST_OF_MANY if len(table.headings) > MANY_COLUMNS else WIDEST_COLUMN
    # A heading is broken between its words, so a column of numbers needs no more room than the longest of them.
    needed = [max(map(len, (*name.split(), *texts)), default=0) for name, *texts in zip(*rows, strict=True)]
    widths = [min(widest, max(NARROWEST_COLUMN, letters + 3)) for letters in needed]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    if len(widths) > MANY_COLUMNS and sum(widths) > WIDEST_SHEET:
        sheet.fit_to_pages(2, 0)
        sheet.repeat_columns(0)
    headings = len(_subtitles(table, "")) + 2  # below the title and the instructions
    sheet.repeat_rows(headings)
    sheet.freeze_panes(headings + 1, 1)
    for place, row in enumerate(rows, start=headings):
        sheet.set_row(place, row_height(row, widths))
