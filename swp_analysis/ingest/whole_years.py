"""The periods of a table's years held against one another. In: a `RawTable` and the records of its rows. Out: notes on
printed totals that its periods don't add up to; or a refusal of figures that add up from one period to the next.

A count that adds up since April only rises within a year, and a printed total of the year is its last figure, not the
sum. Head counts and percentages have no sum. A table whose words say that its figures are each period's own is believed
unless its own totals contradict it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from swp_analysis.catalogue.models import Indicator
from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.cells import can_be_read, read_cell, shape_of
from swp_analysis.ingest.consistency import by_quarter, place_of
from swp_analysis.ingest.spelling import pattern
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.words import Vocabulary

Record = dict[str, Any]
# The figures of a year, or of its first periods, in one row, in the order of time.
Year = list[Record]
# So many rows that rise in every year, or fewer over as many whole years, are no chance; and by so much they rise.
# A row of one or two cases rises by chance in every fourth year, and is no evidence.
# Of three periods the last is then about three times the first, of four or more at least so.
ROWS_FOR_ONE_YEAR, ROWS_FOR_MORE, LEAST_COUNT = 3, 2, 5
FEWEST_PERIODS, LEAST_RISE, LEAST_RISE_OF_THREE = 3, 2.5, 2
_WAY_OUT = (
    "type each period's own figures; or, if these are, say so in the title or the headings, such as `not cumulative`"
)


def _values(year: Year) -> list[float]:
    return [record["value"] for record in year]


def _never_falls(year: Year) -> bool:
    return _values(year) == sorted(_values(year))


def _adds_up(year: Year) -> bool:
    """Whether the figures look like those of a count that goes on from one period to the next."""
    least = LEAST_RISE if len(year) > FEWEST_PERIODS else LEAST_RISE_OF_THREE
    return _never_falls(year) and 0 < _values(year)[-1] >= least * _values(year)[0]


def _is_evident(year: Year) -> bool:
    """Whether there are cases enough, and not all in the last period, as one of rare events may well have them."""
    *_, before, last = _values(year)
    return last >= LEAST_COUNT and before > 0


def hold_years(table: RawTable, records: list[Record], words: Vocabulary) -> Iterator[str]:
    """Yield a note on each column of totals that differs from its periods.

    Raises
    ------
    InputError
        When the figures add up from one period to the next, by a printed total or because all of them only rise.
    """
    indicators = words.catalogue.indicators
    years = _begun_years(records, indicators)
    _refuse_spaced_months(table, records)
    _refuse_last_months([record for record in records if indicators[record["indicator"]].kind == "flow"])
    agree = False
    for column, year in _totals(table, words).items():
        differs = []
        for name, own in years.items():
            total = _printed(table, own[year][0], column, indicators[name]) if year in own else None
            if total is None:
                continue
            figures = _values(own[year])
            agree |= total == sum(figures) != figures[-1]
            if total != sum(figures):
                _refuse_last(own[year], total, f"year's total under {table.columns[column].text!r}")
                row, label = own[year][0]["source_row"], indicators[name].label
                differs.append(f"row {row} ({label!r}: {total:g}, and they add up to {sum(figures):g})")
        if differs:
            text = table.columns[column].text
            yield f"{table.grid.name}: the column {text!r} is not the sum of its periods in {', '.join(differs)}."
    if not agree:
        long = ([year for year in own.values() if len(year) >= FEWEST_PERIODS] for own in years.values())
        yield from _hold_rising(table, [*filter(None, long)])


def _begun_years(records: list[Record], indicators: Mapping[str, Indicator]) -> dict[str, dict[str, Year]]:
    """The years of each count without a gap from April on, by indicator and year."""
    found: dict[tuple[str, str, bool], list[Record]] = defaultdict(list)
    for record in records:
        indicator = indicators[record["indicator"]]
        if record["status"] == "reported" and indicator.kind == "flow" and indicator.unit != "percent":
            found[indicator.id, record["financial_year"], record["quarter"] is None].append(record)
    years: dict[str, dict[str, Year]] = defaultdict(dict)
    for (name, year, is_monthly), own in found.items():
        own.sort(key=lambda one: one["period_start"])
        starts, step = [int(record["period_start"][5:7]) for record in own], 1 if is_monthly else 3
        if len(own) > 1 and starts == [(3 + step * n) % 12 + 1 for n in range(len(own))]:
            years[name].setdefault(year, own)
    return years


def _totals(table: RawTable, words: Vocabulary) -> dict[int, str]:
    """The columns that hold the total of a year, with that year."""
    years = {period.financial_year for period in table.figures.values() if hasattr(period, "financial_year")}
    found: dict[int, str] = {}
    for c, column in table.columns.items():
        said, is_named = words.explain(column.text), bool(pattern("whole_year").search(column.text))
        of_totals = {"rolling", "cumulative"} if is_named else {"cumulative"}
        is_other = said.left or said.other_areas or said.kind_names - of_totals
        if c in table.figures or is_other or column.role not in ("", "value", "ignored") or said.when.is_part_of_year:
            continue
        own = said.when.years or tuple(years if is_named else ())
        found |= {c: own[0]} if len(own) == 1 else {}
    return found


def _printed(table: RawTable, record: Record, column: int, indicator: Indicator) -> float | None:
    row = next((row for row in table.rows if row.number == record["source_row"]), None)
    text = row.text(column) if row else ""
    if not (row and text):
        return None
    shape = shape_of(indicator).printed_alone(text)
    return read_cell(text, shape)[indicator.id].value if can_be_read(text, shape, frozenset()) else None


def _refuse_last(periods: Year, total: float, what: str) -> None:
    """Refuse figures that rise to the total of them all, and add up to more."""
    if _never_falls(periods) and total == _values(periods)[-1] != sum(_values(periods)):
        raise InputError(
            f"{place_of(periods[-1])}: found {periods[-1]['raw_value']!r}, which is the {what} too, so that the "
            "figures add up from one to the next; type each period's own figures, or, if the row counts what is there "
            "on a day, give it `kind: stock` in partnership/indicators."
        )


def _refuse_spaced_months(table: RawTable, records: list[Record]) -> None:
    """Refuse months of which each is the same one of its quarter, `Jun-18` and `Sep-18`, where no word calls them so:
    the figures may well be of the quarters that end in them."""
    starts: dict[str, set[int]] = defaultdict(set)
    for record in records if not any(record["quarter"] for record in records) else ():
        year, month = map(int, record["period_start"].split("-")[:2])
        starts[record["indicator"]].add(12 * year + month)
    are_spaced = starts and all(len({n % 3 for n in one}) == 1 < len({n % 12 for n in one}) for one in starts.values())
    said = " \n".join((*table.words_around, *_headings(table)))
    if are_spaced and (pattern("other_quarter").search(said) or not pattern("other_month").search(said)):
        raise InputError(
            f"{place_of(records[0])}: every third month has a figure, and nothing says whether it is the month's or "
            "the quarter's; write quarters, such as `Q1 2018/19`, or, if they are months, `Month` into the heading."
        )


def _headings(table: RawTable) -> list[str]:
    return [row.in_one_line for row in table.grid.rows if row.number <= table.heading]


def _refuse_last_months(records: list[Record]) -> None:
    """Refuse months that add up to the figure of their quarter."""
    reported = [record for record in records if record["status"] == "reported"]
    quarters = {(row["indicator"], row["period_end"]): row["value"] for row in reported if row["quarter"]}
    for (name, _), months in by_quarter(reported).items():
        if total := quarters.get((name, months[-1]["period_end"])):
            _refuse_last(months, total, "figure of its quarter")


def _hold_rising(table: RawTable, rows: list[list[Year]]) -> Iterator[str]:
    """Refuse a table of which all counts rise from one period to the next in every year; note it of too few to tell."""
    fewest = ROWS_FOR_MORE if all(len(years) > 1 for years in rows) else ROWS_FOR_ONE_YEAR
    told = [year for years in rows for year in years]
    evident = sum(any(map(_is_evident, years)) for years in rows)
    if not evident or not all(map(_adds_up, told)):
        return
    if any(map(pattern("own_periods").search, (*table.words_around, *_headings(table)))):
        return
    last = told[0][-1]
    found = f"{place_of(last)}: found {last['raw_value']!r}, and in"
    rise = "the figures only rise within each year, as if they added up from one period to the next"
    if evident >= fewest:
        raise InputError(f"{found} all {count_noun(len(rows), 'row')} of counts {rise}; {_WAY_OUT}.")
    yield f"{found} the few rows of counts {rise}; read as each period's own, so ask whether they are cumulative."
