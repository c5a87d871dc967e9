"""What each column of a table is about. In: the heading rows of a table and the titles over it. Out: `Columns`, or a
sentence that says what is wrong.

Every word of every heading cell is explained. A column whose words say that it is no figure of this area and period is
not read, and that is said; a word that nothing explains refuses a typed table. Only a heading whose pieces are broken,
run together or moved is repaired, by `damaged_headings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from swp_analysis.catalogue.models import Layouts
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.headings import TIME_ROLES, Heading, is_barred, read_headings
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.timeline import YEAR, Period, When, WrongPeriod, days_as_periods, read_period
from swp_analysis.ingest.words import Meaning, Vocabulary


class Misfit(InputError):
    """Years and quarters of a heading that don't fit together: damage, not a slip of the pen."""


@dataclass(frozen=True)
class Columns:
    """What each 1-based column is about.

    `quarters` are the periods of figures. `partial` columns hold figures whose period, or a part of it, stands in
    their rows. `roles` says what the columns beside them are. `shares` hold percentages only. A table whose columns
    are known, and hold nothing that is read, is `barred`; one with `doubt` has a damaged heading that names `years`.
    """

    quarters: dict[int, Period] = field(default_factory=dict)
    heading_rows: int = 1
    notes: tuple[str, ...] = ()
    partial: dict[int, When] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    ignored: frozenset[int] = frozenset()
    shares: frozenset[int] = frozenset()
    barred: str = ""
    doubt: str = ""
    years: tuple[str, ...] = ()


def explain_columns(
    grid: Grid, rows: tuple[Row, ...], label_column: int, layouts: Layouts, words: Vocabulary, above: Meaning
) -> Columns:
    """The columns of a table whose heading is `rows`; `above` is what the titles over it say.

    Raises
    ------
    InputError
        When a heading contradicts itself, or has a word that nothing explains.
    """
    headings = read_headings(grid, rows, label_column, layouts, words)
    _refuse_wrong(grid, rows, headings)
    times = {h.column: h.meaning.when for h in headings if not h.role}
    times, roles = dict(times), {h.column: h.role for h in headings if h.role}
    notes: list[str] = []
    title_year = _title_year(above.when)
    days = _days_of(grid, rows, [h for h in headings if not h.role])
    kept: dict[int, Period | When] = {}
    barred: list[Heading] = []
    for heading in headings:
        found = _figures_of(grid, rows, heading, days, title_year, roles)
        if found is None:
            continue
        if is_barred(heading.meaning):
            barred.append(heading)
        else:
            _refuse_unknown(grid, rows, heading)
            kept[heading.column] = found
            if heading.meaning.is_provisional:
                notes.append(
                    f"{_place(grid, rows, heading)}: {heading.text!r} is provisional; read, and may still change."
                )
    return _settle(grid, rows, label_column, headings, kept, barred, roles, notes, title_year, words)


def _figures_of(
    grid: Grid, rows: tuple[Row, ...], heading: Heading, days: dict, title_year: str, roles: dict[int, str]
) -> Period | When | None:
    """The period of a column of figures, or the part of it that its heading tells; None for a column of anything
    else."""
    when = heading.meaning.when
    if heading.role == "value" and set(roles.values()) & TIME_ROLES:
        return when
    if heading.role or not (when.is_part_of_year or (when.has_year and set(roles.values()) & {"quarter", "month"})):
        return None
    if when.days and not is_barred(heading.meaning):
        when = _dated(grid, rows, heading, days)
    try:
        period = read_period(when if when.has_year or not title_year else when | When(years=(title_year,)))
    except WrongPeriod as problem:
        if is_barred(heading.meaning):
            return when
        raise InputError(_wrong(grid, rows, heading, problem)) from None
    return period or when


def _dated(grid: Grid, rows: tuple[Row, ...], heading: Heading, days: dict) -> When:
    when = heading.meaning.when
    period = days.get(when.days[0]) if len(when.days) == 1 else None
    if period is None:
        raise InputError(
            f"{_place(grid, rows, heading)}: found {heading.text!r}, a day that neither begins nor ends a quarter or "
            "month like the others; write the quarter as `Q1 2018/19`."
        )
    own = (
        When((), (period.financial_year,), months=((period.month, 0),))
        if period.month
        else When((period.quarter,), (period.financial_year,))
    )
    return replace(when, days=()) | own


def _days_of(grid: Grid, rows: tuple[Row, ...], headings: list[Heading]) -> dict:
    days = {day for h in headings if not is_barred(h.meaning) for day in h.meaning.when.days}
    return days_as_periods(days) if days else {}


def _title_year(when: When) -> str:
    return when.years[0] if len(when.years) == 1 and not when.wrong else ""


# Refusals


def _place(grid: Grid, rows: tuple[Row, ...], heading: Heading) -> str:
    row = next(row for row in reversed(rows) if row.text(heading.column) or row is rows[0])
    return str(grid.address(row, heading.column))


def _wrong(grid: Grid, rows: tuple[Row, ...], heading: Heading, problem: Exception) -> str:
    return (
        f"{_place(grid, rows, heading)}: found {heading.text!r}, which {problem}; write one quarter and its financial year, "
        "such as `Q1 2018/19`, or one month, such as `April 2018`."
    )


def _refuse_wrong(grid: Grid, rows: tuple[Row, ...], headings: list[Heading]) -> None:
    for heading in headings:
        if heading.meaning.when.wrong and not is_barred(heading.meaning) and heading.role != "prose":
            text, problem = heading.wrong
            if problem.startswith("found quarter"):
                says = "expected Quarter 1 to Quarter 4"
            elif "no financial year" in problem:
                is_both = bool(read_when(text)[0].quarters)
                year = (
                    "a quarter and a financial year such as Q1 2016/17"
                    if is_both
                    else "a financial year such as 2016/17"
                )
                says = f"expected {year}"
            else:
                raise InputError(_wrong(grid, rows, heading, WrongPeriod(problem)))
            raise InputError(f"{_place(grid, rows, heading)}: found {text!r}, {says}.")


def _refuse_unknown(grid: Grid, rows: tuple[Row, ...], heading: Heading) -> None:
    if heading.meaning.left:
        unknown = " ".join(heading.meaning.left)
        raise InputError(
            f"{_place(grid, rows, heading)}: found {heading.text!r}, and nothing says what {unknown!r} makes of the "
            "figures below; if it changes nothing, add it to plain_words in layouts.yml, and if the column is not the "
            "quarter's own figure, add its heading to ignored_headings there."
        )


# All columns together


def _settle(
    grid: Grid,
    rows: tuple[Row, ...],
    label_column: int,
    headings: list[Heading],
    kept: dict[int, Period | When],
    barred: list[Heading],
    roles: dict[int, str],
    notes: list[str],
    title_year: str,
    words: Vocabulary,
) -> Columns:
    named = {h.column: h for h in headings}
    quarters = {c: found for c, found in kept.items() if isinstance(found, Period)}
    partial = {c: found for c, found in kept.items() if isinstance(found, When)}
    if partial and not set(roles.values()) & TIME_ROLES:
        _refuse_incomplete(grid, rows, label_column, named, quarters, partial)
    shares = frozenset(c for c in kept if "share" in named[c].meaning.kind_names)
    _refuse_repeats(grid, rows, quarters, shares)
    others = [h for h in headings if h.column not in kept and _is_other(h)]
    for heading in others:
        _refuse_stray_year(grid, rows, heading, quarters)
    if quarters and title_year and not any(named[c].meaning.when.has_year for c in quarters):
        notes.append(
            f"{grid.address(rows[-1], 1)}: the heading names no year; it is read as {title_year}, the only one in the "
            "title above."
        )
    if kept:
        notes += [_not_read(grid, rows, h, words) for h in others]
    return Columns(
        quarters,
        len(rows),
        tuple(notes),
        partial,
        roles,
        frozenset(h.column for h in others)
        | {c for c, role in roles.items() if role in ("ignored", "value") and c not in kept},
        shares,
        "" if kept or not barred else _why_barred(grid, rows, barred, words),
    )


def _refuse_stray_year(grid: Grid, rows: tuple[Row, ...], heading: Heading, quarters: dict[int, Period]) -> None:
    """Refuse a year with a word that nothing explains, and one below no quarter where the others stand below one."""
    if is_barred(heading.meaning) or not heading.meaning.when:
        return
    _refuse_unknown(grid, rows, heading)
    years_below = [c for c in quarters if YEAR.search(rows[-1].text(c))]
    if len(rows) > 1 and len(heading.texts) == 1 and heading.meaning.when.years and years_below:
        raise Misfit(
            f"{_place(grid, rows, heading)}: the year {heading.text!r} stands under no heading such as 'Quarter 1'."
        )


def _is_other(heading: Heading) -> bool:
    """Whether a column is known to hold other figures: targets, changes, another area's, a whole year's."""
    return not heading.role and bool(is_barred(heading.meaning) or heading.meaning.kinds or heading.meaning.when)


def _not_read(grid: Grid, rows: tuple[Row, ...], heading: Heading, words: Vocabulary) -> str:
    why = words.describe(heading.meaning) or "no quarter and no month"
    return f"{_place(grid, rows, heading)}: the column {heading.text!r} is not read ({why})."


def _why_barred(grid: Grid, rows: tuple[Row, ...], barred: list[Heading], words: Vocabulary) -> str:
    first = barred[0]
    return (
        f"{_place(grid, rows, first)}: found {first.text!r}, which is not the figure of a quarter ({words.describe(first.meaning)}), "
        "and no other column is; give what was counted in each quarter in this area, under headings such as `Q1 2018/19`."
    )


def _refuse_incomplete(
    grid: Grid,
    rows: tuple[Row, ...],
    label_column: int,
    named: dict[int, Heading],
    quarters: dict[int, Period],
    partial: dict[int, When],
) -> None:
    """Refuse quarters without a year, and years without a quarter."""
    if any(when.has_year for when in partial.values()) or quarters:
        column = next(iter(partial))
        what = "a financial year" if not partial[column].has_year else "a quarter"
        raise Misfit(f"{_place(grid, rows, named[column])}: expected {what} with {named[column].text!r}.")
    raise InputError(
        f"{grid.address(rows[0], label_column)}: expected a row of financial years below this heading, or one year in the "
        "title; write headings such as `Q1 2018/19`."
    )


def _refuse_repeats(grid: Grid, rows: tuple[Row, ...], columns: dict[int, Period], shares: frozenset[int]) -> None:
    first: dict[tuple[Period, bool], int] = {}
    for column, period in columns.items():
        key = period, column in shares
        if key in first:
            name = f"quarter {period.quarter}" if not period.month else f"{period.days[0]:%B}"
            raise InputError(
                f"{grid.address(rows[-1], column)}: {name} of {period.financial_year} already stands in column "
                f"{grid.address(rows[-1], first[key]).column_letter}; expected each period once."
            )
        first[key] = column
