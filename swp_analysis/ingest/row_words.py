"""What a row says of its own figures. In: a row of a `RawTable`. Out: what the cells beside its label mean, the
indicator in a label of more words, and the period of each column.

Words beside the label (a unit, a measure, an area, a basis, a year) change what the figures are just as a heading does,
and each of them counts.
"""

from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.catalogue.models import Indicator
from swp_analysis.errors import InputError
from swp_analysis.ingest.columns import HOW_TO_WRITE, NO_EDGE
from swp_analysis.ingest.formats.grid import LONE_FIGURE, Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.notes import FEWEST_WORDS_OF_A_NOTE
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import pattern, plain
from swp_analysis.ingest.table import ROW_ROLES, TIME_ROLES, RawTable, with_its_heading
from swp_analysis.ingest.timeline import LONGEST_HEADING, Period, When, WrongPeriod, read_period, short_month
from swp_analysis.ingest.words import OF_SOME_COLUMNS, OF_SOME_ROWS, Vocabulary

_OF_COLLECTING = {"asides", "body", "frequency", "definition", "prose", "owner"}
# A unit may be typed in the rows that differ from the others alone.
_NOTHING = Meaning()
# Kinds of figure that an indicator's name may name.
_OF_NAMES = {"balance", "group", "part", "share", "thing"}
# Kinds of figure that no row is read of, whatever it is called.
_NEVER_READ = "cumulative rolling average target forecast previous comparator scaled change money rate".split()
_OF_ONE_ROW = ("rate", "share", "money", "scaled", "average", "thing", "judgement")


class UnknownCell(InputError):
    """A cell beside a label with a word that nothing explains; `column` is where it stands."""

    column = 0


def explain_row(table: RawTable, row: Row, words: Vocabulary) -> Meaning:
    """Explain what the cells beside the label, and a year in one that is no indicator's, say of the row's figures.

    Raises
    ------
    InputError
        For a word that nothing explains, in a table that somebody typed.
    """
    found = Meaning()
    for said in (_of_cell(table, row, column, words) for column in row.filled):
        found = found | said if said != _NOTHING else found  # most cells are figures
    for column in table.called(*ROW_ROLES):
        if above := table.rows_above_blanks.get((row.number, column)):
            found |= _beside(table, above, column, words).without_kinds(*_OF_ONE_ROW)
    label = row.text(table.label_column)
    is_open = not table.is_complete and len(label) <= 3 * LONGEST_HEADING and not words.labels.of(label)
    years = read_when(label)[0].years if is_open else ()
    found = replace(found, when=found.when.from_day_to_day | When(years=years))
    return found | Meaning(kinds=(("several", found.when.uneven),)) if found.when.uneven else found


def _of_cell(table: RawTable, row: Row, column: int, words: Vocabulary) -> Meaning:
    """What one cell says of the figures in its row."""
    grid, text, role = table.grid, row.text(column), table.roles.get(column, "")
    if pattern("affirmed").fullmatch(plain(text)) and column in table.columns.keys() - table.figures.keys():
        text = table.columns[column].text
    is_figure = role == "area" and column > min(table.figures) and LONE_FIGURE.fullmatch(text)
    if pattern("way").fullmatch(plain(text)) or is_figure:
        return Meaning()
    is_direction = _is_direction(text, words)
    if column in table.parting.get(row.number, ()):
        return Meaning(kinds=() if pattern("whole").match(text) else (("part", text),))
    if role in ROW_ROLES and not is_direction:
        return _beside(table, row, column, words)
    if role == "label" and grid.has_cells and not _is_code(text):
        second = words.explain(text, "title")
        _refuse_unknown(table, row, column, second)
        return replace(second, when=When())
    if role in _OF_COLLECTING and not (grid.is_copied or column in grid.hidden):
        # Among the codes of rows `H1` is no half of a year.
        is_code = role == "asides" and pattern("heading_code").search(table.columns[column].text)
        return replace(words.explain(text, role), kinds=()) if is_code else words.explain(text, role)
    if _is_unnamed(table, column) and not is_direction:
        is_comment = len(text.split()) >= FEWEST_WORDS_OF_A_NOTE and column > max(table.figures)
        return words.explain(text, "prose") if is_comment else _unnamed(table, row, column, words)
    is_beside = grid.has_cells and column not in {table.label_column, *table.figures, *grid.hidden}
    return words.explain(text, "aside") if is_beside else Meaning()


def _beside(table: RawTable, row: Row, column: int, words: Vocabulary) -> Meaning:
    """What a cell says in a column that is called after what it says: a unit, an area, a year."""
    text, role = row.text(column), table.roles[column]
    meaning = words.explain(with_its_heading(text, role))
    tells = meaning.when if role == "year" else meaning.when.is_part_of_year or meaning.when.wrong
    if role in TIME_ROLES and not (meaning.left or meaning.kinds or tells):  # `2018/19`, `All` among quarters
        meaning = replace(meaning, kinds=(*meaning.kinds, ("several", text)))
    if role == "area" and pattern("whole").match(text) and any(words.explain(one).is_own for one in table.areas_named):
        return Meaning(areas=(text,))
    _refuse_unknown(table, row, column, meaning)
    return meaning


def _unnamed(table: RawTable, row: Row, column: int, words: Vocabulary) -> Meaning:
    """What a cell says under a heading that nothing explains; `On track` judges the figures, and is none."""
    own = words.explain(row.text(column))
    meaning = own.without_kinds("judgement") if row.text(table.label_column) else own
    if not meaning.left:
        return meaning
    has_digit, is_left = any(ch.isdigit() for ch in row.text(column)), column < min(table.figures, default=1)
    is_left |= bool(table.called("value"))
    if not has_digit and (meaning.without_kinds("change").kinds or meaning.other_areas or is_left):
        _refuse_unknown(table, row, column, meaning)
    return Meaning()


def _is_code(text: str) -> bool:
    """Whether a cell numbers its row: `CSP-014`."""
    return bool(pattern("numbering").match(text) or (pattern("code").fullmatch(text) and not read_when(text)[0]))


def _is_direction(text: str, words: Vocabulary) -> bool:
    """Whether a cell says which way its figure should go."""
    begins = words.labels.direction_of(text) or text.casefold().startswith(("reduc", "increas"))
    return bool(begins)


def _refuse_unknown(table: RawTable, row: Row, column: int, meaning: Meaning) -> None:
    if not meaning.left or not table.grid.has_cells:
        return
    way_out = (
        "if it is the partnership's own area, add it to own_area_names in layouts.yml"
        if table.roles.get(column) == "area"
        else "if it changes nothing, add it to plain_words in layouts.yml, or the column's heading to owner_headings "
        "there (who supplies the figures) or to text_headings (remarks)"
    )
    heading = f" under {table.columns[column].text!r}" if column in table.columns else ""
    problem = UnknownCell(
        f"{table.grid.address(row, column)}: found {row.text(column)!r}{heading}, and nothing says what "
        f"{' '.join(meaning.left)!r} makes of the figures in this row; {way_out}."
    )
    problem.column = column
    raise problem


def _is_unnamed(table: RawTable, column: int) -> bool:
    """Whether nothing says what stands in a column of a typed table."""
    known = {table.label_column, *table.figures, *table.passed_over, *table.roles} - table.called("value")
    return table.grid.has_cells and column not in known | table.figures.keys()


def find_in_label(name: str, words: Vocabulary) -> tuple[Indicator, Meaning] | None:
    """Find the indicator whose name stands in a label beside words that all are explained: `Hate crime (YTD)`."""
    for label, said in names_within(name):
        indicator = words.labels.find(label)
        meaning = Meaning()
        for text in said if indicator and not (len(said) == 1 and _is_code(said[0])) else ():
            meaning |= words.explain(text)
        # What is a part, or a target, is not read, whatever more is said of it.
        is_unclear = meaning.left and not meaning.without_kinds(*OF_SOME_ROWS, *OF_SOME_COLUMNS).kinds
        is_other = is_unclear or (meaning.names_things and not meaning.with_kinds("thing").kinds)
        if indicator and not is_other:
            return indicator, meaning
    return None


def names_within(label: str) -> Iterator[tuple[str, list[str]]]:
    """Give each run of words in a label, the longest first, with what stands before and behind it."""
    pieces = pattern("target_given").sub("", label).split()
    for size in range(len(pieces), 0, -1):
        for start in range(len(pieces) - size + 1):
            rest = (" ".join(pieces[:start]), " ".join(pieces[start + size :]))
            yield " ".join(pieces[start : start + size]).strip(" -–—:,;()[]"), [*filter(None, rest)]


def why_no_indicator(name: str, words: Vocabulary) -> str:
    """Say why a row called `Target`, `Walsall`, `Burglary (YTD)` or `Crimes per 1,000 residents` is about no indicator:
    its words, or those with which it begins or ends, name other figures; or nothing."""
    name = pattern("target_given").sub("", name)
    whole = words.explain(name)
    if (whole.kinds or whole.other_areas) and not (whole.left or whole.names_things):
        return whole.described
    pieces, apart = name.split(), pattern("asides_of_name").split(name)
    strong = words.explain(name, "title").with_kinds(*_NEVER_READ) | whole.with_kinds("previous", "rate")
    tails = (words.explain(" ".join(pieces[n:])) for n in range(1, len(pieces)))
    said = [one for one in tails if not one.left and (one.other_areas or {*one.kinds} & {*strong.kinds})]
    said += [strong] if pattern("per_people").search(name) or any(map(pattern("opens_other").match, apart)) else []
    return said[0].described if said else ""


def names_others(label: str, words: Vocabulary) -> bool:
    """Tell whether a label says more than which part of something, or group, is counted: a target, a sum, an area."""
    said = words.explain(label)
    return bool((said.other_areas or said.kind_names - _OF_NAMES) and why_no_indicator(label, words))


def without_year(label: str, section: str, words: Vocabulary) -> str:
    """Give a label without the year before or behind its name; of a year alone the `section` that it stands under."""
    for name, said in names_within(label):
        told = words.explain(" ".join(said) or name)
        if told.when.has_year and told.is_plain:
            return name if said else section
    return label


def periods_of(table: RawTable, row: Row, told: When) -> dict[int, Period]:
    """Give the period of each column of figures, by its heading, the row, and the title's year where neither has one.

    Raises
    ------
    InputError
        When row and heading contradict each other, or leave the period open.
    """
    if told.days and not table.is_complete:
        dated = told.dated(table.row_days)
        if dated is None:
            where = table.grid.address(row, min(table.called(*TIME_ROLES)))
            raise InputError(f"{where}: the row names {told.days[0]:%d/%m/%Y}, {NO_EDGE}; {HOW_TO_WRITE}.")
        told = dated
    return {
        c: found if isinstance(found, Period) else _period(table, row, c, found | told)
        for c, found in table.figures.items()
    }


def _period(table: RawTable, row: Row, column: int, both: When) -> Period:
    if not both.has_year and table.title_year:
        both |= When(years=(table.title_year,))
    try:
        period = read_period(both)
    except WrongPeriod as problem:
        where = table.grid.address(row, column)
        raise InputError(f"{where}: with its heading the row {problem}; {HOW_TO_WRITE}.") from None
    if period is None:
        raise InputError(
            f"{table.grid.address(row, column)}: neither the heading nor the row says which quarter and year this "
            "figure is of; write both, such as `Q1` and `2018/19`."
        )
    return period


def refuse_other_periods(table: RawTable, row: Row, told: When) -> None:
    """Raise an `InputError` when a row says a year, quarter or month that no heading is of."""
    periods = [found for found in table.figures.values() if isinstance(found, Period)]
    quarters = {*told.quarters, *((last - 4) % 12 // 3 + 1 for _, last, _ in told.spans)}
    others = [] if set(told.years) & {one.financial_year for one in periods} else [*told.years]
    others += [] if {one.quarter for one in periods} <= quarters else [f"Q{quarter}" for quarter in sorted(quarters)]
    others += [short_month(month) for month, _ in told.months if any(one.month != month for one in periods)]
    if others:
        raise InputError(
            f"{table.grid.address(row, table.label_column)}: the row says {others[0].replace('-', '/')}, and a heading "
            "is of another quarter, month or year; give its figures under a heading of their own."
        )
