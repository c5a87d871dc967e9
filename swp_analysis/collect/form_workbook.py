"""The workbook for data owners. In: `FormSheet`s. Out: the bytes of an XLSX that takes valid figures only.

Every cell but those to be filled in is locked. A heading row a sheet, no merged cells, nothing said by colour alone,
and every text written as text, so that none can be a formula.
"""

import io
import re
import textwrap
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import display_year, previous_year
from swp_analysis.collect.collection import FormRow, FormSheet, heading_of
from swp_analysis.project import read_shipped

HEADING_ROW = 3
FIRST_FIGURE = 5
BEFORE_FIGURES = ["KPI", "Data Owner", "Definition", "What to enter"]
WIDTHS = {"KPI": 42, "Data Owner": 20, "Definition": 44, "What to enter": 24, "Baseline": 12, "Commentary": 50}
FIGURE_WIDTH, INSTRUCTIONS_WIDTH = 12, 100
# Excel's own limits.
LONGEST_SHEET_NAME = 31
LONGEST_HELP = 255
# A fixed date, so that the same figures give the same bytes.
MADE_ON = datetime(2018, 4, 1)


def write_form(sheets: list[FormSheet], financial_year: str, catalogue: Catalogue) -> bytes:
    """Write the workbook as bytes."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties(
            {
                "title": f"{catalogue.identity.name}: KPI figures for {display_year(financial_year)}",
                "subject": "Quarterly KPI collection",
                "author": catalogue.identity.name,
                "created": MADE_ON,
            }
        )
        formats = _formats(book)
        _write_instructions(book, financial_year, catalogue, formats)
        for sheet in sheets:
            _write_sheet(book, sheet, financial_year, formats)
    return content.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    plain = {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 11}
    return {
        "title": book.add_format(plain | {"bold": True, "font_size": 14, "text_wrap": False}),
        "heading": book.add_format(plain | {"bold": True, "bottom": 2, "bg_color": "#E7E6E6"}),
        "text": book.add_format(plain),
        "known": book.add_format(plain | {"align": "right", "bg_color": "#F2F2F2"}),
        "open": book.add_format(plain | {"align": "right", "border": 1, "bg_color": "#FFF9DB", "locked": False}),
        "comment": book.add_format(plain | {"border": 1, "bg_color": "#FFF9DB", "locked": False}),
    }


def _write_instructions(book: Any, financial_year: str, catalogue: Catalogue, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Instructions")
    figures = {"year": display_year(financial_year), "last": display_year(previous_year(financial_year))}
    figures |= {"days": str(catalogue.layouts.collection_days), "marking": catalogue.audiences["internal"].marking}
    lines = [line.format_map(figures) for line in read_shipped(Path(__file__).with_name("form_instructions.yml"))]
    sheet.set_column(0, 0, INSTRUCTIONS_WIDTH)
    sheet.write_string(
        0, 0, f"{catalogue.identity.name}: KPI figures for {display_year(financial_year)}", formats["title"]
    )
    for row, line in enumerate(lines, start=2):
        sheet.set_row(row, row_height([line], [INSTRUCTIONS_WIDTH]))
        sheet.write_string(row, 0, line, formats["text"])
    _set_up_page(sheet, len(lines) + 2, 0)
    sheet.protect()


def _write_sheet(book: Any, form: FormSheet, financial_year: str, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(_sheet_name(form.title))
    last = display_year(previous_year(financial_year))
    headings = [*BEFORE_FIGURES, f"Baseline {last}", *map(heading_of, form.periods), "Commentary"]
    sheet.write_string(0, 0, form.title, formats["title"])
    widths = [WIDTHS.get(heading.removesuffix(f" {last}"), FIGURE_WIDTH) for heading in headings]
    sheet.set_row(HEADING_ROW, row_height(headings, widths))
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, widths[column])
        sheet.write_string(HEADING_ROW, column, heading, formats["heading"])
    for row, line in enumerate(form.rows, start=HEADING_ROW + 1):
        sheet.set_row(row, row_height(_texts(line.indicator, form), widths[: len(BEFORE_FIGURES)]))
        _write_row(sheet, row, line, form, formats)
    sheet.freeze_panes(HEADING_ROW + 1, 1)
    sheet.repeat_rows(HEADING_ROW)
    _set_up_page(sheet, HEADING_ROW + len(form.rows), len(headings) - 1)
    # NOTE: without `format_cells` Excel shows a typed 12% as 0.12.
    sheet.protect(options={"format_cells": True, "format_columns": True, "format_rows": True})


def _write_row(sheet: Any, row: int, line: FormRow, form: FormSheet, formats: dict[str, Any]) -> None:
    indicator, texts = line.indicator, _texts(line.indicator, form)
    sheet.write_row(row, 0, texts, formats["text"])
    sheet.write(row, len(texts), line.baseline, formats["known"])
    for column, period in enumerate(form.periods, start=FIRST_FIGURE):
        if period in line.known:
            sheet.write(row, column, line.known[period], formats["known"])
        else:
            sheet.write_blank(row, column, None, formats["open"])
            sheet.data_validation(row, column, row, column, _validation(indicator, texts[-1], row, column))
    sheet.write_blank(row, FIRST_FIGURE + len(form.periods), None, formats["comment"])


def _texts(indicator: Indicator, form: FormSheet) -> list[str]:
    """What stands before the figures of a row, under `BEFORE_FIGURES`."""
    wanted = what_to_enter(indicator, "month" if form.periods[0].month else "quarter")
    return [indicator.label, indicator.owner, indicator.definition, wanted]


def what_to_enter(indicator: Indicator, span: str = "quarter") -> str:
    """Say what a cell of the indicator takes, in words; `span` is what a cell is about, a quarter or a month."""
    if indicator.unit == "percent":
        return "A percentage from 0 to 100, or one with its numbers, as 12% (6/50)"
    if indicator.kind == "stock":
        return f"The number on the last count of the {span}: a whole number, or <5"
    return f"The number in the {span}: a whole number, or <5"


def _validation(indicator: Indicator, wanted: str, row: int, column: int) -> dict[str, Any]:
    """Excel's rule for one cell: what it takes, and what it says before and after."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cell = xl_rowcol_to_cell(row, column)
    if indicator.unit == "percent":
        # Text must be as 12% (6/50): at most 100, and no part larger than its whole. What can't be worked out is no.
        percent, part, whole = (
            f'LEFT({cell},FIND("%",{cell})-1)',
            f'MID({cell},FIND("(",{cell})+1,FIND("/",{cell})-FIND("(",{cell})-1)',
            f'MID({cell},FIND("/",{cell})+1,LEN({cell})-FIND("/",{cell})-1)',
        )
        text = f'AND(ABS({percent}-50)<=50,VALUE({part})<=VALUE({whole}),RIGHT({cell})=")")'
        rule = f"=IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<=100),{text})"
    else:
        rule = f'=OR(AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell})),EXACT({cell},"<5"))'
    return {
        "validate": "custom",
        "value": rule,
        "ignore_blank": True,
        "input_title": "What to enter",
        "input_message": wanted[:LONGEST_HELP],
        "error_title": "Not a figure of this KPI",
        "error_message": f"{wanted}. Leave the cell empty when there is none."[:LONGEST_HELP],
    }


def _sheet_name(title: str) -> str:
    # NOTE: the month's mark at the end must survive the cut, or two sheets would have one name.
    name = re.sub(r"[\[\]:*?/\\']", " ", title)
    mark = " (month)" if name.endswith(" (month)") else ""
    name = name if len(name) <= LONGEST_SHEET_NAME else name.replace(" and ", " & ")
    return name.removesuffix(mark)[: LONGEST_SHEET_NAME - len(mark)].rstrip() + mark


def _set_up_page(sheet: Any, last_row: int, last_column: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&L&A&RPage &P of &N")


# How high a row must be


LINE_POINTS, TALLEST_ROW = 15.0, 409.0  # Excel's own limit
# A unit is as wide as a digit of the default font; sentences in Arial at 12 points take about a sixth less.
LETTERS_PER_UNIT = 1.15


def row_height(texts: Iterable[object], widths: Iterable[float]) -> float:
    """Give points for as many lines as the longest text of a row wraps into; `widths` are those of its columns, in
    Excel's units.

    >>> row_height(["Hate crime", 4], [12, 10]), row_height(["Offences with a knife or sharp blade"], [12])
    (15.0, 45.0)
    """
    lines = max(_lines(str(text), width) for text, width in zip(texts, widths, strict=True))
    return min(TALLEST_ROW, LINE_POINTS * lines)


def _lines(text: str, width: float) -> int:
    room = max(1, int(width * LETTERS_PER_UNIT))
    return sum(max(1, len(textwrap.wrap(line, room))) for line in text.split("\n"))
