"""Two files of one year that give the same figure. In: a `Reading`. Out: each figure once, the newest one.

The newer file is the one with the later date in its name (`2018-07-12` or `20180712`); a file without a date is
older than any with one. A date on disk says when a file was copied, not when it was made, so it is not used. A
blank, or what could not be read, takes nothing away, in whichever file. Two files of the same date may both give a
figure if it is the same one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.records import Reading

# What says nothing about a figure.
SILENT = ("not_available", "unreadable")
FIGURE = ("status", "value", "lower", "upper", "numerator", "denominator")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def file_date(name: str) -> str:
    """The date in a file's name, as `20180712`; empty when there is none.

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


def _newest(reading: Reading, records: list[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    groups: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        groups[tuple(record[name] for name in key)].append(record)
    return [_choose(reading, group) if len(group) > 1 else group[0] for group in groups.values()]


def _choose(reading: Reading, group: list[dict[str, Any]]) -> dict[str, Any]:
    group = _without_echoes(_with_something_to_say(group))
    dates = [file_date(record["source_file"]) for record in group]
    if len(set(dates)) < len(dates):
        later = next(i for i, date in enumerate(dates) if date in dates[:i])
        _refuse(group[later], group[dates.index(dates[later])])
    in_order = sorted(group, key=lambda one: (one.get("status") not in SILENT, file_date(one["source_file"])))
    newest = in_order[-1]
    for older in in_order[:-1]:
        if older["raw_value"] != newest["raw_value"] and older.get("status") not in SILENT:
            reading.notes.append(
                f"{_period(newest)}: {older['raw_value']!r} in {older['source_file']} is replaced by "
                f"{newest['raw_value']!r} in {newest['source_file']}, which is dated later."
            )
    return newest


def _with_something_to_say(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records without blanks beside another file's figure, and without what could not be read beside one that
    could."""
    files = {one["source_file"] for one in group if one.get("status") not in SILENT}
    readable = [one for one in group if one.get("status") != "unreadable"] or group[:1]
    return [one for one in readable if one.get("status") not in SILENT or not files - {one["source_file"]}]


def _without_echoes(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records without those that another file of the same date gives alike: the report's text beside its own
    tables."""
    kept: list[dict[str, Any]] = []
    said: dict[tuple, set[str]] = defaultdict(set)
    for record in group:
        file = record["source_file"]
        files = said[file_date(file), *(record.get(name) for name in FIGURE)]
        if not files - {file}:
            files.add(file)
            kept.append(record)
    return kept


def _refuse(again: dict[str, Any], first: dict[str, Any]) -> None:
    raise InputError(
        f"{again['source_file']}, row {again['source_row']}, column {again['source_column']}: {_period(again)} already "
        f"stands in {first['source_file']}, row {first['source_row']}; expected it once, or a later date in the "
        "name of the newer file."
    )


def _period(record: dict[str, Any]) -> str:
    quarter = f"Q{record['quarter']} " if "quarter" in record else "the baseline of "
    return f"{record['indicator']} for {quarter}{record['financial_year']}"
