"""What a row says of its own figures, besides its label. In: a row of a `RawTable`. Out: a `Meaning`, and the period of
each of its columns.

Words beside the label (a unit, a measure, an area, a basis, a year) change what the figures are just as a heading
does, and each of them counts.
"""

import re
from dataclasses import replace

from swp_analysis.catalogue.models import Indicator
from swp_analysis.errors import InputError
from swp_analysis.ingest.columns import HOW_TO_WRITE, NO_EDGE
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.headings import ROW_ROLES
from swp_analysis.ingest.spelling import plain
from swp_analysis.ingest.table import TIME_ROLES, RawTable
from swp_analysis.ingest.timeline import Period, When, WrongPeriod, read_period
from swp_analysis.ingest.words import Meaning, Vocabulary

_OF_COLLECTING = {"asides", "frequency", "definition", "prose"}
_WAYS = set("low high lower higher small smaller big bigger less more fewer up down same n/a ↑ ↓ + -".split())
_NUMBERING = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})*|[a-h])[.):]*$", re.IGNORECASE)


def explain_row(table: RawTable, row: Row, words: Vocabulary) -> Meaning:
    """Explain what the cells beside the label say of the row's figures.

    Raises
    ------
    InputError
        For a word that nothing explains, in a table that somebody typed.
    """
    found = Meaning()
    for column in row.columns:
        text, role = row.text(column), table.roles.get(column, "")
        if text and not table.grid.is_copied and role in _OF_COLLECTING and column not in table.grid.hidden:
            found |= words.explain_beside(text, role)
            continue
        if text and role == "label" and table.grid.has_cells:
            found |= _explain_second_label(table, row, column, words)
            continue
        if not text or not _may_tell(table, column, role) or _is_direction(text, words):
            continue
        meaning = words.explain(_with_its_heading(text, role))
        if role == "period" and meaning.when.has_year and not meaning.when.is_part_of_year:
            meaning = replace(meaning, kinds=(*meaning.kinds, ("several", text)))
        if role not in ROW_ROLES:  # `On track` under `Progress` judges the figures, and is none
            meaning = replace(meaning, kinds=tuple(one for one in meaning.kinds if one[0] != "judgement"))
        if not meaning.left or role in ROW_ROLES:
            _refuse_unknown(table, row, column, text, meaning, role)
            found |= meaning
        elif meaning.kinds or meaning.other_areas or column < min(_figure_columns(table)):
            _refuse_unknown(table, row, column, text, meaning, role)
    return found


def _explain_second_label(table: RawTable, row: Row, column: int, words: Vocabulary) -> Meaning:
    """What a second column of names (`Crime type` beside `KPI`) says; its words must be such as titles have."""
    found = words.explain_title(row.text(column))
    _refuse_unknown(table, row, column, row.text(column), found, "label")
    return replace(found, when=When())


def _may_tell(table: RawTable, column: int, role: str) -> bool:
    """Whether a column's words say something of the figures: one that is called so, or that nothing explains."""
    if role in ROW_ROLES:
        return True
    known = {table.label_column, table.baseline_column, *_figure_columns(table), *table.ignored, *table.roles}
    return table.grid.has_cells and column not in known and column not in table.grid.hidden


def _figure_columns(table: RawTable) -> list[int]:
    return [*table.quarters, *table.partial] or [1]


def _is_direction(text: str, words: Vocabulary) -> bool:
    """Whether a cell says which way its figure should go."""
    begins = words.labels.direction_of(text) or text.casefold().startswith(("reduc", "increas"))
    return bool(begins) or plain(text) in _WAYS


def _with_its_heading(text: str, role: str) -> str:
    return f"Q{text}" if role == "quarter" and text.isdigit() else text


def _refuse_unknown(table: RawTable, row: Row, column: int, text: str, meaning: Meaning, role: str) -> None:
    if not meaning.left or not table.grid.has_cells or (any(ch.isdigit() for ch in text) and role not in ROW_ROLES):
        return
    unknown = " ".join(meaning.left)
    way_out = (
        "if it is the partnership's own area, add it to own_area_names in layouts.yml"
        if role == "area"
        else "if it changes nothing, add it to plain_words in layouts.yml, or the column's heading to "
        "text_headings there"
    )
    raise InputError(
        f"{table.grid.address(row, column)}: found {text!r}, and nothing says what {unknown!r} makes of the figures "
        f"in this row; {way_out}."
    )


def periods_of(table: RawTable, row: Row, told: When) -> dict[int, Period]:
    """Give the period of each column of figures in a row that tells a part of it.

    Raises
    ------
    InputError
        When row and heading contradict each other, or leave the period open.
    """
    if not table.partial:
        _refuse_other_years(table, row, told)
        return table.quarters
    periods = dict(table.quarters)
    if told.days:
        dated = told.dated(table.row_days)
        if dated is None:
            where = table.grid.address(row, min(c for c, role in table.roles.items() if role in TIME_ROLES))
            raise InputError(f"{where}: the row names {told.days[0]:%d/%m/%Y}, {NO_EDGE}; {HOW_TO_WRITE}.")
        told = dated
    for column, when in table.partial.items():
        both = when | told
        if not both.has_year and table.title_year:
            both |= When(years=(table.title_year,))
        try:
            period = read_period(both)
        except WrongPeriod as problem:
            raise InputError(f"{table.grid.address(row, column)}: with its heading the row {problem}.") from None
        if period is None:
            raise InputError(
                f"{table.grid.address(row, column)}: neither the heading nor the row says which quarter and year this "
                "figure is of; write both, such as `Q1` and `2018/19`."
            )
        periods[column] = period
    return periods


def _refuse_other_years(table: RawTable, row: Row, told: When) -> None:
    years = {period.financial_year for period in table.quarters.values()}
    if told.years and not set(told.years) & years and set(table.roles.values()) & TIME_ROLES:
        raise InputError(
            f"{table.grid.address(row, table.label_column)}: the row says {told.years[0].replace('-', '/')}, and no "
            "heading is of that year."
        )


def find_in_label(name: str, words: Vocabulary) -> tuple[Indicator, Meaning] | None:
    """Find the indicator whose name stands in a label beside words that all are explained: `Hate crime (YTD)`."""
    pieces = name.split()
    for cut in range(1, len(pieces)):
        for label, rest in ((pieces[:cut], pieces[cut:]), (pieces[cut:], pieces[:cut])):
            indicator = words.labels.find(" ".join(label).strip(" -–—:,;()[]"))
            meaning = words.explain(_NUMBERING.sub("", " ".join(rest))) if indicator else Meaning()
            if indicator and not (meaning.left or meaning.names_things):
                return indicator, meaning
    return None
