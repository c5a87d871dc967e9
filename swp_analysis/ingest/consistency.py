"""The figures of one year held against each other. In: a `Reading`. Out: the same, each figure once, with the quarters
that three months give; or a refusal that names both cells.

Of two files that give the same figure the newer one counts: the one with the later date in its name (`2018-07-12` or
`20180712`); a file without a date is older than any with one. A date on disk says when a file was copied, not when it
was made, so it is not used. A blank, or what could not be read, takes nothing away, in whichever file. Two files of the
same date may both give a figure if it is the same one.

Differences that may have a reason (a baseline that is not its quarters' sum) are reported by the quality room instead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.engines.small_numbers.rounding import agrees_with_fraction
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import name_of
from swp_analysis.ingest.records import PROVISIONAL, Reading
from swp_analysis.ingest.timeline import Period, month_period

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]
# What says nothing about a figure.
SILENT = ("not_available", "unreadable")
FIGURE = ("status", "value", "lower", "upper", "numerator", "denominator")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def file_date(name: str) -> str:
    """Give the date in a file's name, as `20180712`; empty when there is none.

    >>> file_date("kpi_2018-07-12.xlsx"), file_date("kpi.csv")
    ('20180712', '')
    """
    match = _DATE.search(name)
    return "".join(match.groups()) if match else ""


def keep_newest(reading: Reading) -> None:
    """Drop each figure that a newer file gives again; note those that differ.

    Raises
    ------
    InputError
        When two files of the same date, or one file, give the same figure twice.
    """
    reading.observations = _newest(reading, reading.observations, ("indicator", "period_start", "period_end"))
    reading.baselines = _newest(reading, reading.baselines, ("indicator", "financial_year"))


def _newest(reading: Reading, records: list[Record], key: tuple[str, ...]) -> list[Record]:
    groups: dict[tuple, list[Record]] = defaultdict(list)
    for record in records:
        groups[tuple(record[name] for name in key)].append(record)
    return [_choose(reading, group) if len(group) > 1 else group[0] for group in groups.values()]


def _choose(reading: Reading, group: list[Record]) -> Record:
    """The newest of the records that say something, each edition's one; the report's text beside its own tables says
    it again."""
    told = [one for one in group if one.get("status") not in SILENT]
    editions: dict[str, Record] = {}
    for record in told or sorted(group, key=lambda one: one["status"] == "unreadable")[:1]:
        first = editions.setdefault(file_date(record["source_file"]), record)
        is_same = all(first.get(name) == record.get(name) for name in FIGURE)
        if first is not record and not (is_same and first["source_file"] != record["source_file"]):
            raise InputError(
                f"{record['source_file']}, row {record['source_row']}, column {record['source_column']}: "
                f"{_period(record)} already stands in {first['source_file']}, row {first['source_row']}; expected it "
                "once; take one out, tell the rows apart by a word, or put a later date into the newer file's name."
            )
    *older, newest = (editions[day] for day in sorted(editions))
    reading.notes += (
        f"{_period(newest)}: {one['raw_value']!r} in {one['source_file']} is replaced by {newest['raw_value']!r} in "
        f"{newest['source_file']}, which is dated later."
        for one in older
        if one["raw_value"] != newest["raw_value"]
    )
    return newest


def _period(record: Record) -> str:
    when = f"Q{record['quarter']} " if record.get("quarter") else "" if "quarter" in record else "the baseline of "
    when = when or f"{date.fromisoformat(record['period_start']):%B} of "
    return f"{record['indicator']} for {when}{record['financial_year']}"


# Figures that can't all be true

# The reported figures by indicator and first day of their period.
Figures = dict[tuple[str, str], Record]


def refuse_future(reading: Reading, today: date) -> None:
    """Raise an `InputError` for the first figure of the future."""
    for row in reading.observations:
        # A blank in a quarter that has not begun is what a form looks like; a figure there is a slip of a column.
        if row["period_start"] > today.isoformat() and row["status"] in ("reported", "suppressed"):
            raise InputError(
                f"{place_of(row)}: found {row['raw_value']!r} for quarter {row['quarter']} of {row['financial_year']}, "
                "which lies in the future; expected a blank."
            )


def drop_needless(reading: Reading, today: date) -> None:
    """Take out what a damaged heading left `unreadable` for quarters that have not begun, and the rows that are not
    read of what others give."""
    given = {row["indicator"] for row in reading.observations}
    reading.unread = [one for one in reading.unread if one.indicator not in given]
    reading.observations = [
        row for row in reading.observations if row["status"] != "unreadable" or row["period_start"] <= today.isoformat()
    ]


def hold_parts(reading: Reading, catalogue: Catalogue) -> None:
    """Hold each share's n and N against one another, and note a share that they contradict beyond rounding and cutting
    off: which of the three is wrong can't be told, so all are kept as printed; no year is worked out from them.

    Raises
    ------
    InputError
        For a part that is larger than its whole.
    """
    figures = _reported(reading)
    for indicator in catalogue.indicators.values():
        part, whole = indicator.numerator, indicator.denominator or ""
        for row in (row for (name, _), row in figures.items() if name == part):
            other, share = (figures.get((name, row["period_start"])) for name in (whole, indicator.id))
            if not other:
                continue
            n, total = row["value"], other["value"]
            if n > total:
                raise InputError(
                    f"{place_of(row)}: found {row['raw_value']!r} for {part}, more than the {other['raw_value']!r} for "
                    f"{whole} in {place_of(other)}, of which it is a part."
                )
            if share and total and not agrees_with_fraction(f"{share['value']:g}", n, total):
                where = f"{place_of(row)} and {place_of(other)}, which is {100 * n / total:.2f}%"
                reading.notes.append(
                    f"{place_of(share)}: {share['raw_value']!r} stands beside {n:g} of {total:g} in {where}; no year "
                    "is worked out from them."
                )


def _reported(reading: Reading) -> Figures:
    return {(row["indicator"], row["period_start"]): row for row in reading.observations if row["status"] == "reported"}


def place_of(row: Record) -> str:
    """Name the cell that a record comes from."""
    file = name_of(row["source_file"], row["source_sheet"])
    return f"{file}, row {row['source_row']}, column {row['source_column']}"


# Months beside quarters

MONTHS_OF_A_QUARTER = 3


def derive_quarters(reading: Reading, catalogue: Catalogue) -> None:
    """Add to `reading` each quarter that its three months give, or note where a printed one is another."""
    printed = {(row["indicator"], row["period_start"]): row for row in reading.observations if row["quarter"]}
    for (name, period), months in by_quarter(reading.observations).items():
        if len(months) != MONTHS_OF_A_QUARTER or any(row["status"] != "reported" for row in months):
            continue
        made = _add_up(months, catalogue.indicators[name])
        if made is None:
            continue
        first, last = period.days
        record = {**made, "quarter": period.quarter, "period_start": first.isoformat(), "period_end": last.isoformat()}
        record[PROVISIONAL] = any(row[PROVISIONAL] for row in months)
        own = printed.get((name, record["period_start"]))
        tolerance = 0.5 if catalogue.indicators[name].unit == "percent" else 0
        if own is None or own["status"] == "not_available":
            reading.observations = [row for row in reading.observations if row is not own]
            reading.observations.append(record)
            reading.notes.append(
                f"{place_of(months[0])}: Q{period.quarter} {period.financial_year} of {name} is made from its "
                "three months."
            )
        elif own["status"] == "reported" and abs(own["value"] - record["value"]) > tolerance:
            reading.notes.append(
                f"{place_of(own)}: the figure printed for Q{period.quarter} {period.financial_year} of {name} is not "
                f"what its three months give (from {place_of(months[0])} on); the printed one is kept."
            )


def by_quarter(observations: list[Record]) -> dict[tuple[str, Period], list[Record]]:
    """Give the months of each indicator and quarter, in order."""
    groups: dict[tuple[str, Period], list[Record]] = defaultdict(list)
    for row in sorted(observations, key=lambda one: one["period_start"]):
        if not row["quarter"]:
            year, month = map(int, row["period_start"].split("-")[:2])
            period = month_period(year, month)
            groups[row["indicator"], Period(period.financial_year, period.quarter)].append(row)
    return groups


def _add_up(months: list[Record], indicator: Indicator) -> Record | None:
    """A record of the quarter: a flow's sum, a rate's n over N, a stock's last count; None when it can't be known."""
    shown = " + ".join(row["raw_value"].strip() for row in months)
    if indicator.kind == "stock":
        return {**months[-1], "raw_value": months[-1]["raw_value"]}
    if indicator.kind == "flow" and indicator.unit != "percent":
        return {**months[0], "value": sum(row["value"] for row in months), "raw_value": shown}
    parts = [(row["numerator"], row["denominator"]) for row in months]
    if any(part is None for pair in parts for part in pair) or not sum(total for _, total in parts):
        return None
    n, total = sum(n for n, _ in parts), sum(total for _, total in parts)
    return {**months[0], "value": 100 * n / total, "numerator": n, "denominator": total, "raw_value": shown}


def latest_months(observations: pd.DataFrame) -> pd.DataFrame:
    """Give the newest month of each indicator that has quarters, when it is later than all of them: shown apart,
    compared with none."""
    figures = observations[observations["status"].isin(["reported", "suppressed"])]
    quarters = figures[figures["quarter"].notna()].groupby("indicator")["period_end"].max()
    newest = figures[figures["quarter"].isna()].sort_values("period_start", kind="stable")
    newest = newest.drop_duplicates(["indicator", "area_code"], keep="last")
    is_later = [row.period_end > quarters.get(row.indicator, row.period_end) for row in newest.itertuples()]
    return newest[is_later]


def without_months(observations: pd.DataFrame) -> pd.DataFrame:
    """Give the observations that are compared quarter by quarter; `quarter` is a whole number in every row.

    Months of an indicator that has quarters are left out. One that has only ever months keeps the latest of each
    quarter, under that quarter's number, with the days of the month.
    """
    import pandas as pd

    is_month = observations["quarter"].isna()
    has_quarters = observations["indicator"].isin(set(observations.loc[~is_month, "indicator"]))
    kept = observations[~is_month | ~has_quarters]
    starts = pd.to_datetime(kept["period_start"])
    frame = kept.assign(quarter=kept["quarter"].fillna((starts.dt.month - 4) % 12 // 3 + 1).astype("int64"))
    key = ["indicator", "area_code", "financial_year", "quarter"]
    latest = frame.sort_values("period_start", kind="stable").drop_duplicates(key, keep="last")
    return frame.loc[latest.index.sort_values()].reset_index(drop=True)
