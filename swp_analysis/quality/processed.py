"""`data/processed`: tidy tables, checked, with their CSVW descriptions. In: frames. Out: files, and the frames again.

A breach of what tidy data must look like is a defect of ingest: every fault of a raw file has its own sentence.
All tables are written beside the old ones first and moved into place together, so that a failed build changes nothing.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError
from swp_analysis.project import read_shipped

NUMBERS = ("value", "lower", "upper", "numerator", "denominator")
STATUSES = ("reported", "suppressed", "not_available", "unreadable")

# What a spreadsheet runs as a formula when it opens a CSV (OWASP, CSV injection), full-width forms included; an
# apostrophe in front makes it text. A plain number or a dash is left as it is.
_LIVE = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n']")
_PLAIN = re.compile(r"[+-]?[\d,.]*%?")
INERT_NOTE = (
    "Text that a spreadsheet would run as a formula, or that starts with an apostrophe, has an apostrophe in front; "
    "take one off to have it exactly as printed."
)


def check_observations(observations: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Validate columns, types and the rules that tie `status` to `value`, `lower` and `upper`.

    Raises
    ------
    pandera.errors.SchemaError
        For the first rule that is broken.
    """
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        _columns(catalogue),
        checks=[
            pa.Check(
                lambda f: f["value"].notna() == (f["status"] == "reported"), error="a value if and only if reported"
            ),
            pa.Check(
                lambda f: f["lower"].notna() == (f["status"] == "suppressed"), error="bounds if and only if suppressed"
            ),
            pa.Check(lambda f: f["lower"].isna() | (f["lower"] <= f["upper"]), error="lower at most upper"),
            pa.Check(lambda f: f["numerator"].isna() | (f["numerator"] <= f["denominator"]), error="n at most N"),
        ],
        unique=["indicator", "area_code", "period_start", "period_end"],
    )
    return schema.validate(observations)


def check_baselines(baselines: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Validate the printed baselines; a baseline is a figure, never blank."""
    import pandera.pandas as pa

    columns = {name: _columns(catalogue)[name] for name in ("indicator", "financial_year", "value")}
    return pa.DataFrameSchema(columns, unique=["indicator", "financial_year"]).validate(baselines)


def _columns(catalogue: Catalogue) -> dict[str, Any]:
    """What each column of observations holds."""
    import pandera.pandas as pa

    return {
        "indicator": pa.Column(checks=pa.Check.isin(list(catalogue.indicators))),
        "area_code": pa.Column(checks=pa.Check.str_matches(r"^[A-Z]\d{8}$")),
        "financial_year": pa.Column(checks=pa.Check.str_matches(r"^\d{4}-\d{2}$")),
        "quarter": pa.Column("Int64", pa.Check.isin([1, 2, 3, 4]), nullable=True),  # empty for a month
        **dict.fromkeys(NUMBERS, pa.Column(float, pa.Check.ge(0), nullable=True)),
        "status": pa.Column(checks=pa.Check.isin(STATUSES)),
    }


@cache
def _described() -> dict[str, dict[str, dict]]:
    """`tables` and `columns`, as tables.yml describes them."""
    return read_shipped(Path(__file__).with_name("tables.yml"))


def _type_of(table: str, column: str) -> str:
    described = _described()
    if column in described["tables"].get(table, {}).get("words", ()):
        return "string"
    return described["columns"].get(column, {}).get("type", "string")


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
        kind = _type_of(name, column)
        if kind in ("number", "integer"):
            numbers = pd.to_numeric(frame[column])
            whole = "Int64" if numbers.hasnans else "int64"
            frame[column] = numbers.astype(whole if kind == "integer" else "float64")
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
    table = _described()["tables"][name]
    description = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{name}.csv",
        "dc:title": table["title"],
        "dc:description": INERT_NOTE,
        "tableSchema": {"columns": [_csvw_column(name, column) for column in columns], "primaryKey": table["key"]},
    }
    return json.dumps(description, indent=2, ensure_ascii=False) + "\n"


def _csvw_column(table: str, name: str) -> dict[str, str]:
    means = _described()["columns"].get(name, {}).get("means", name)
    return {"name": name, "titles": name, "datatype": _type_of(table, name), "dc:description": means}
