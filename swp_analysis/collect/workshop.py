"""What the board thinks of the candidates. In: `workshop.csv` of a year's raw folder. Out: a row a judgement.

The board fills in the form that `swp build` writes; its own score, its override and its reason stand beside the
ranking of the next run and never change it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

FILE = "workshop.csv"
ANSWERS = ["own_score", "override_rank", "reason", "entered_by", "entered_on"]
FORM_COLUMNS = ["candidate", "label", *ANSWERS]
WORKSHOP_COLUMNS = ["financial_year", "candidate", *ANSWERS]
HIGHEST_SCORE = 100


def make_form(catalogue: Catalogue) -> pd.DataFrame:
    """Make the empty form: a row for every declared candidate. Its columns are `FORM_COLUMNS`; `own_score` is 0-100 on
    the scale of the ranking, `override_rank` a place from 1, and either needs a reason."""
    import pandas as pd

    empty = dict.fromkeys(FORM_COLUMNS, "")
    rows = [empty | {"candidate": entry.id, "label": entry.label} for entry in catalogue.criteria.candidates]
    return pd.DataFrame(rows, columns=FORM_COLUMNS)


def read_workshops(raw: Path, years: list[str], catalogue: Catalogue) -> pd.DataFrame:
    """Read the filled-in forms of several years; a year without one adds nothing.

    Returns
    -------
    DataFrame with `WORKSHOP_COLUMNS`, all text; a row that nobody filled in is left out.

    Raises
    ------
    InputError
        With file, row, column and the text found, for a candidate that doesn't exist or a figure that isn't one.
    """
    import pandas as pd

    rows = [
        {"financial_year": year, **row}
        for year in years
        for row in _read_form(raw / year / FILE, f"{year}/{FILE}", catalogue)
    ]
    return pd.DataFrame(rows, columns=WORKSHOP_COLUMNS, dtype=str)


def _read_form(path: Path, name: str, catalogue: Catalogue) -> Iterator[dict[str, str]]:
    if not path.exists():
        return
    seen: set[str] = set()
    for number, row in _read_rows(path, name):
        answers = {column: (row.get(column) or "").strip() for column in ANSWERS}
        candidate = (row.get("candidate") or "").strip()
        if not any(answers[column] for column in ("own_score", "override_rank", "reason")):
            continue
        where = f"{name}, row {number}"
        _check_candidate(candidate, seen, where, catalogue)
        _check_answers(answers, where)
        yield {"candidate": candidate, **answers}


def _read_rows(path: Path, name: str) -> list[tuple[int, dict[str, str]]]:
    # NOTE: utf-8-sig, because Excel puts a mark before the first heading.
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not readable as UTF-8; save it as CSV UTF-8.") from None
    reader = csv.DictReader(text.splitlines())
    lacking = [column for column in ("candidate", *ANSWERS[:3]) if column not in (reader.fieldnames or [])]
    if lacking:
        raise InputError(f"{name}, row 1: the heading {lacking[0]!r} is missing; use the form that swp build writes.")
    return list(enumerate(reader, start=2))


def _check_candidate(candidate: str, seen: set[str], where: str, catalogue: Catalogue) -> None:
    known = {entry.id for entry in catalogue.criteria.candidates} | set(catalogue.indicators)
    if candidate not in known:
        close = get_close_matches(candidate, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        raise InputError(f"{where}, column candidate: found {candidate!r}, which is no candidate{hint}")
    if candidate in seen:
        raise InputError(f"{where}, column candidate: {candidate!r} stands twice.")
    seen.add(candidate)


def _check_answers(answers: dict[str, str], where: str) -> None:
    score, rank = answers["own_score"], answers["override_rank"]
    if score and not (_is_number(score) and 0 <= float(score) <= HIGHEST_SCORE):
        raise InputError(f"{where}, column own_score: found {score!r}; a score is a number from 0 to 100.")
    if rank and not (rank.isascii() and rank.isdigit() and int(rank) >= 1):
        raise InputError(f"{where}, column override_rank: found {rank!r}; a rank is a whole number from 1.")
    if (score or rank) and not answers["reason"]:
        raise InputError(f"{where}, column reason: found nothing; a score or an override needs a reason.")


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False
