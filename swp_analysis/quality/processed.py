"""`data/processed`: tidy tables on disk, each with its CSVW description. In: frames. Out: files, and the frames again.

All tables are written beside the old ones first and moved into place together, so that a failed build changes nothing.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pandas as pd

from swp_analysis.errors import InputError

NUMBERS = {"value", "lower", "upper", "numerator", "denominator", "printed", "recomputed", "difference"}
# Columns that hold numbers in most tables and words in these.
WORDS_IN = {"claims": {"recomputed"}}
WHOLE_NUMBERS = {"quarter", "source_row", "number", "days_late"}
DATES = {"period_start", "period_end", "due"}

# What a spreadsheet runs as a formula when it opens a CSV (OWASP, CSV injection), full-width forms included; an
# apostrophe in front makes it text. A plain number or a dash is left as it is.
_LIVE = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n']")
_PLAIN = re.compile(r"[+-]?[\d,.]*%?")
INERT_NOTE = (
    "Text that a spreadsheet would run as a formula, or that starts with an apostrophe, has an apostrophe in front; "
    "take one off to have it exactly as printed."
)

COLUMN_MEANINGS = {
    "indicator": "Id of the KPI in the catalogue",
    "area_code": "GSS code of the area",
    "financial_year": "Financial year, April to March",
    "quarters": "Quarters that the figure covers",
    "quarter": "Quarter of the financial year; 1 is April to June; empty for a month",
    "period_start": "First day of the period",
    "period_end": "Last day of the period",
    "value": "The figure in the indicator's unit; empty unless status is reported",
    "lower": "Least value that a suppressed figure can have",
    "upper": "Greatest value that a suppressed figure can have",
    "numerator": "n of a published n/N",
    "denominator": "N of a published n/N",
    "status": "reported, suppressed, not_available, unreadable, or withheld to protect a suppressed figure",
    "source_file": "Raw file the figure came from",
    "source_sheet": "Sheet of that file; empty when it has none",
    "source_row": "Row of the cell, counted from 1",
    "source_column": "Column of the cell, by letter",
    "raw_value": "The cell exactly as printed",
    "printed": "The baseline as printed",
    "recomputed": "The same figure worked out from its quarters",
    "difference": "Printed less recomputed",
    "verdict": "Of a baseline: agrees, differs, not comparable or withheld; of a claim: confirmed, contradicted, "
    "different_scope or no_table",
    "reason": "Why a cell could not be read, or why the board thinks so",
    "raw_value_before": "The figure as first printed",
    "source_file_before": "File that printed it first",
    "raw_value_now": "The figure as restated",
    "source_file_now": "File that restates it",
    "number": "Place in the order of reading",
    "decision": "What was decided while reading, and why",
    "owner": "Who gives the figure",
    "due": "Day by which the figure should have come",
    "days_late": "Days from that day to the day of the build",
    "explanation": "What the difference is most likely due to",
    "claim_id": "Short and stable id of the claim",
    "location": "Where the report makes the claim",
    "kind": "What is claimed: a level, a change, a rank, an aim and so on",
    "stated": "What the report states",
    "words": "The words that the claim rests on; empty when a person typed it",
    "candidate": "Id of the candidate in criteria.yml",
    "label": "The candidate in words",
    "own_score": "The board's own score, 0 to 100; beside the data's, never over it",
    "override_rank": "The place that the board wants the candidate to have, from 1",
    "entered_by": "Who entered it",
    "entered_on": "When it was entered",
}
TABLES = {
    "observations": ("KPI observations, one row per indicator and period", ["indicator", "period_start", "period_end"]),
    "baselines": ("Baselines as printed beside the KPIs", ["indicator", "financial_year"]),
    "reconciliation": ("Printed baselines against the quarters they should sum up", ["indicator", "financial_year"]),
    "unread": ("Cells kept as printed but not turned into figures", ["source_file", "source_row", "source_column"]),
    "claims": ("What the report states, against its own tables", ["claim_id"]),
    "claim_words": ("The words of the report that each claim rests on; for analysts only", ["claim_id"]),
    "totals": ("Figures of whole years, or of the quarters named", ["indicator", "financial_year", "quarters"]),
    "decisions": ("What was decided while reading the raw tables", ["number"]),
    "chase": ("Figures that are due and have not come", ["indicator", "period_end"]),
    "revisions": ("Figures that a later report restates", ["indicator", "period_start"]),
    "workshop": ("The board's own scores and overrides, as entered", ["financial_year", "candidate"]),
    "workshop_form": ("Empty form for the board: fill in and save as data/raw/<year>/workshop.csv", ["candidate"]),
}


def write_processed(folder: Path, tables: dict[str, pd.DataFrame], notes: dict[str, str] | None = None) -> None:
    """Write each table as CSV with `<name>.csv-metadata.json` beside it, and the `notes` as text files; all or
    nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    staged: list[tuple[Path, Path]] = []
    try:
        for name, frame in tables.items():
            staged.append(_stage(folder / f"{name}.csv", csv_text(frame)))
            staged.append(_stage(folder / f"{name}.csv-metadata.json", _csvw_text(name, list(frame.columns))))
        for name, text in (notes or {}).items():
            staged.append(_stage(folder / name, text))
        # The notes vouch for the tables: a crash between two moves must not leave old ones beside new tables.
        for name in notes or {}:
            (folder / name).unlink(missing_ok=True)
        for temporary, final in staged:
            os.replace(temporary, final)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def read_processed(folder: Path, name: str) -> pd.DataFrame:
    """Read a processed table with its types.

    Raises
    ------
    InputError
        When the table has not been built yet.
    """
    path = folder / f"{name}.csv"
    if not path.exists():
        raise InputError(f"data/processed/{name}.csv is missing; run `swp build` first.")
    frame = pd.read_csv(path, encoding="utf-8", dtype=str, keep_default_na=False)
    frame = frame.apply(lambda column: column.str.removeprefix("'"))
    for column in frame.columns:
        if column in NUMBERS - WORDS_IN.get(name, set()):
            frame[column] = pd.to_numeric(frame[column]).astype("float64")
        elif column in WHOLE_NUMBERS:
            numbers = pd.to_numeric(frame[column])
            frame[column] = numbers.astype("Int64" if numbers.hasnans else "int64")
    return frame


def _stage(final: Path, text: str) -> tuple[Path, Path]:
    temporary = final.with_name(f".{final.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    return temporary, final


def csv_text(frame: pd.DataFrame) -> str:
    return frame.map(make_inert).to_csv(index=False, lineterminator="\n", float_format="%.15g")


def make_inert(entry: object) -> object:
    """Make the text that no spreadsheet runs; numbers as they are.

    >>> make_inert("=1+1"), make_inert("-5.2%"), make_inert("'quoted"), make_inert(3)
    ("'=1+1", '-5.2%', "''quoted", 3)
    """
    live = isinstance(entry, str) and _LIVE.match(entry) and not _PLAIN.fullmatch(entry)
    return f"'{entry}" if live else entry


def _csvw_text(name: str, columns: list[str]) -> str:
    title, key = TABLES[name]
    description = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{name}.csv",
        "dc:title": title,
        "dc:description": INERT_NOTE,
        "tableSchema": {"columns": [_csvw_column(name, column) for column in columns], "primaryKey": key},
    }
    return json.dumps(description, indent=2, ensure_ascii=False) + "\n"


def _csvw_column(table: str, name: str) -> dict[str, str]:
    is_number = name in NUMBERS - WORDS_IN.get(table, set())
    kind = "number" if is_number else "integer" if name in WHOLE_NUMBERS else "date" if name in DATES else "string"
    return {"name": name, "titles": name, "datatype": kind, "dc:description": COLUMN_MEANINGS.get(name, name)}
