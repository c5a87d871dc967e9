"""What is asked of people. In: last year's figures and totals, a day; the board's form in a year's raw folder. Out: who
owes which figure and how late it is; `FormSheet`s, a theme each, which `form_workbook` writes and ingest reads back;
the board's judgements of the candidates, a row each.

The board fills in the form that `swp build` writes; its own score, its override and its reason stand beside the
ranking of the next run and never change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.books import Candidate
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import QUARTERS, previous_year, start_year
from swp_analysis.errors import InputError, count_noun, did_you_mean
from swp_analysis.ingest.cells import says_no_cases
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.formats.raw_files import read_raw_file, workshop_forms
from swp_analysis.ingest.records import Unread
from swp_analysis.ingest.timeline import Period, month_period

if TYPE_CHECKING:
    import pandas as pd

Content = str | float


@dataclass(frozen=True)
class FormRow:
    """An indicator with the figures that are known; a period that is not in `known` is to be filled in."""

    indicator: Indicator
    baseline: Content
    known: dict[Period, Content]


@dataclass(frozen=True)
class FormSheet:
    """A theme's quarterly indicators, or those of it that are given for single months."""

    title: str
    periods: list[Period]
    rows: list[FormRow]


def lay_out_form(
    catalogue: Catalogue, observations: pd.DataFrame, totals: pd.DataFrame, financial_year: str
) -> list[FormSheet]:
    """Give the sheets of the workbook for `financial_year`: last year's figures filled in, this year's open.

    Parameters
    ----------
    observations : columns of `data/processed/observations.csv`, with the year before `financial_year`.
    totals : one row per indicator and year, with `quarters`, `value` and `status`.
    """
    sheets, before = [], previous_year(financial_year)
    for theme in catalogue.themes.values():
        by_periods: dict[tuple[Period, ...], list[FormRow]] = {}
        for indicator in catalogue.of_theme(theme.id):
            last, this = (expected_periods(indicator, observations, year) for year in (before, financial_year))
            if not this:
                continue
            baseline = _baseline(indicator, observations, totals, before)
            row = FormRow(indicator, baseline, _known(indicator, observations, last))
            # Each period of last year stands beside the same one of this year.
            in_pairs = tuple(period for pair in zip(last, this, strict=True) for period in pair)
            by_periods.setdefault(in_pairs, []).append(row)
        for periods, rows in by_periods.items():
            title = theme.title if not periods[0].month else f"{theme.title} (month)"
            sheets.append(FormSheet(title, list(periods), rows))
    return sheets


def heading_of(period: Period) -> str:
    """Say how a form's heading names a period: `Quarter 1 2018/19`, or `January 2019`."""
    if period.month:
        return f"{period.days[0]:%B %Y}"
    return f"Quarter {period.quarter} {period.financial_year.replace('-', '/')}"


def _known(indicator: Indicator, observations: pd.DataFrame, periods: list[Period]) -> dict[Period, Content]:
    """The figures of some periods; one that has not come is left out, so that its cell is open."""
    rows: Iterable[Any] = observations[observations["indicator"] == indicator.id].itertuples()
    found: dict[Any, Content] = {(row.period_start, row.period_end): _content(row, indicator) for row in rows}
    given = ((period, found.get(tuple(day.isoformat() for day in period.days), "")) for period in periods)
    return {period: content for period, content in given if content != ""}


def _content(row: Any, indicator: Indicator) -> Content:
    if row.status == "suppressed":
        return f"<{row.upper + 1:g}"
    if row.status != "reported":
        return ""
    if indicator.unit == "percent" and row.denominator == row.denominator:
        return f"{row.value:g}% ({row.numerator:g}/{row.denominator:g})"
    return float(row.value)


def _baseline(indicator: Indicator, observations: pd.DataFrame, totals: pd.DataFrame, year: str) -> Content:
    """Last year in one number: a flow's sum, a rate's n over N, a stock's last count; blank if unknown."""
    if indicator.kind == "stock":
        own = observations[
            (observations["indicator"] == indicator.id)
            & (observations["financial_year"] == year)
            & (observations["status"] == "reported")
        ]
        return float(own.sort_values("period_end")["value"].iloc[-1]) if len(own) else ""
    total = totals[(totals["indicator"] == indicator.id) & (totals["financial_year"] == year)]
    if len(total) != 1 or total["status"].iloc[0] != "reported" or total["quarters"].iloc[0] != "1,2,3,4":
        return ""
    return round(float(total["value"].iloc[0]), 2)


# What is due and has not come


CHASE_COLUMNS = ["owner", "indicator", "financial_year", "quarter", "period_end", "due", "days_late"]


def list_due(
    observations: pd.DataFrame, catalogue: Catalogue, financial_year: str, today: date, unread: Iterable[Unread] = ()
) -> pd.DataFrame:
    """List the figures of `financial_year` that should be there on the day `today` and are not.

    A quarter's figures are due `collection_days` (layouts.yml) after its last day. A share that is missing together
    with the count it is printed beside is one figure to ask for, not two; what stands in a row that is
    `unread` has come.

    Returns
    -------
    DataFrame with `CHASE_COLUMNS`, the latest first, then by owner; `days_late` counts from the day it was due.
    """
    import pandas as pd

    there = _there(observations) | {(one.indicator, period.days) for one in unread for period in one.periods}
    counts = {indicator.companion_share: name for name, indicator in catalogue.indicators.items()}
    rows = []
    for indicator in catalogue.indicators.values():
        for period in expected_periods(indicator, observations, financial_year):
            due = period.days[1] + timedelta(days=catalogue.layouts.collection_days)
            missing = (indicator.id, period.days) not in there
            asked_with_count = indicator.id in counts and (counts[indicator.id], period.days) not in there
            if missing and not asked_with_count and due < today:
                days = period.days[1].isoformat(), due.isoformat(), (today - due).days
                rows.append((indicator.owner, indicator.id, period.financial_year, period.quarter, *days))
    order = {"days_late": False, "owner": True, "indicator": True}
    listed = pd.DataFrame(rows, columns=CHASE_COLUMNS)
    return listed.sort_values([*order], ascending=[*order.values()], kind="stable", ignore_index=True)


def expected_periods(indicator: Indicator, observations: pd.DataFrame, financial_year: str) -> list[Period]:
    """Give the four quarters, or for a figure that is only ever given for single months the same months of this
    year; none once it is no longer collected."""
    if not indicator.is_collected_in(financial_year):
        return []
    rows: Iterable[Any] = observations[observations["indicator"] == indicator.id].itertuples()
    months = {int(row.period_start[5:7]) for row in rows if row.period_start[:7] == row.period_end[:7]}
    if not months:
        return [Period(financial_year, quarter) for quarter in QUARTERS]
    return [month_period(start_year(financial_year) + (month < 4), month) for month in sorted(months)]


def next_due(financial_year: str, collection_days: int, today: date) -> date | None:
    """Give the first day after `today` on which the chase list of a year may grow; None when all of it is due."""
    ends = (month_period(start_year(financial_year) + (month < 4), month).days[1] for month in range(1, 13))
    days = (end + timedelta(days=collection_days + 1) for end in ends)
    return min((day for day in days if day > today), default=None)


def describe_due(due: pd.DataFrame) -> Iterator[str]:
    """Give the chase list as lines of text, one an owner; the table in data/processed has each figure."""
    for owner, rows in due.groupby("owner", sort=False):
        figures, of = count_noun(len(rows), "overdue figure"), count_noun(rows["indicator"].nunique(), "indicator")
        late = count_noun(rows["days_late"].max(), "day")
        yield f"{owner}: {figures} of {of}, the oldest {late} late; see data/processed/chase.csv."


def _there(observations: pd.DataFrame) -> set[tuple[str, tuple[date, date]]]:
    no_cases = observations["raw_value"].astype(str).str.strip().map(says_no_cases)
    given = observations[(observations["status"] != "not_available") | no_cases]
    rows: Iterable[Any] = given.itertuples()
    return {(row.indicator, (date.fromisoformat(row.period_start), date.fromisoformat(row.period_end))) for row in rows}


# What the board thinks of the candidates


ANSWERS = ["own_score", "override_rank", "reason", "entered_by", "entered_on"]
FORM_COLUMNS = ["candidate", "label", *ANSWERS]
WORKSHOP_COLUMNS = ["financial_year", "candidate", *ANSWERS]
HIGHEST_SCORE = 100


def make_form(candidates: Iterable[Candidate]) -> pd.DataFrame:
    """Make the empty form: a row for every candidate. Its columns are `FORM_COLUMNS`; `own_score` is 0-100 on
    the scale of the ranking, `override_rank` a place from 1, and either needs a reason."""
    import pandas as pd

    return pd.DataFrame([(one.id, one.label, *[""] * len(ANSWERS)) for one in candidates], columns=FORM_COLUMNS)


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
        for path in workshop_forms(raw / year)
        for row in _read_form(path, f"{year}/{path.name}", catalogue)
    ]
    return pd.DataFrame(rows, columns=WORKSHOP_COLUMNS, dtype=str)


def _read_form(path: Path, name: str, catalogue: Catalogue) -> Iterator[dict[str, str]]:
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
    head, *rows = next((grid.rows for grid in read_raw_file(path, ["candidate"]).grids if grid.rows), (Row(1, ()),))
    named = {head.text(column): column for column in head.filled}
    lacking = [column for column in ("candidate", *ANSWERS[:3]) if column not in named]
    if lacking:
        raise InputError(f"{name}, row 1: the heading {lacking[0]!r} is missing; use the form that swp build writes.")
    return [(row.number, {name: row.text(column) for name, column in named.items()}) for row in rows]


def _check_candidate(candidate: str, seen: set[str], where: str, catalogue: Catalogue) -> None:
    known = {entry.id for entry in catalogue.criteria.candidates} | set(catalogue.indicators)
    if candidate not in known:
        hint = did_you_mean(candidate, known, "take the row out")
        raise InputError(f"{where}, column candidate: found {candidate!r}, which is no candidate{hint}")
    if candidate in seen:
        raise InputError(f"{where}, column candidate: {candidate!r} stands twice.")
    seen.add(candidate)


def _check_answers(answers: dict[str, str], where: str) -> None:
    score, rank = answers["own_score"], answers["override_rank"]
    if score and not (re.fullmatch(r"\d+(?:\.\d+)?", score, re.ASCII) and float(score) <= HIGHEST_SCORE):
        raise InputError(f"{where}, column own_score: found {score!r}; a score is a number from 0 to 100.")
    if rank and not (rank.isascii() and rank.isdigit() and int(rank) >= 1):
        raise InputError(f"{where}, column override_rank: found {rank!r}; a rank is a whole number from 1.")
    if (score or rank) and not answers["reason"]:
        raise InputError(f"{where}, column reason: found nothing; a score or an override needs a reason.")
