"""Words about a whole table. In: a `RawTable`, its titles, caption, sheet's name and notes. Out: what they say, and the
table, barred when they say that its figures are others than those of this area and period.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Grid, Row
from swp_analysis.ingest.headings import MOST_HEADING_ROWS
from swp_analysis.ingest.spelling import mark_of, plain
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import WrongPeriod, read_period
from swp_analysis.ingest.words import Meaning, Vocabulary

LONGEST_TITLE, SHORTEST_SENTENCE, FEWEST_WORDS_OF_A_NOTE = 18, 6, 5
_VERB = re.compile(r"\b(?:is|are|was|were|will|has|have|had|may|can|should|must)\b", re.IGNORECASE)
# What a title says of some rows only: those of an indicator that is itself of the group, or a percentage, are read.
OF_SOME_ROWS = {"group", "share"}


def explain_titles(grid: Grid, titles: tuple[Row, ...], words: Vocabulary) -> Meaning:
    """Explain what sheet's name, titles and caption say; prose of a report's text is none of them."""
    found = words.explain_title(_sheet_name(grid))
    if grid.is_copied:
        return found
    texts = [paragraph.text for paragraph in grid.above if paragraph.kind in ("caption", "heading")]
    for text in [*texts, *(row.in_one_line for row in titles if not row.is_blank)]:
        found |= words.explain_note(text) if _is_sentence(text) else words.explain_title(text)
    for paragraph in grid.above:
        found |= words.explain_note(paragraph.text) if paragraph.kind in ("text", "item", "note") else Meaning()
    return found


def _is_sentence(text: str) -> bool:
    """Whether a line over a table is prose, no title."""
    words = len(text.split())
    is_said = text.rstrip().endswith((".", ";", "?")) or bool(_VERB.search(text))
    return words > LONGEST_TITLE or (words > SHORTEST_SENTENCE and is_said)


def _sheet_name(grid: Grid) -> str:
    """The name that somebody gave the sheet; one with signs in it, like a path or a formula, says nothing."""
    is_counted = grid.name == f"{grid.file}, {grid.sheet}"
    is_signs = grid.sheet[:1] in "=/\\+@" or grid.sheet[1:3] == ":\\"
    return "" if is_counted or is_signs else grid.sheet


def bar_table(table: RawTable, above: Meaning, notes: list[str], words: Vocabulary) -> RawTable:
    """Give the table, barred by a title or note that says that its figures are others than those of this area."""
    grid = table.grid
    tells_area = "area" in table.roles.values() or any(
        "not read" in note and "another area" in note for note in table.notes
    )
    title = _without_areas(above) if tells_area else above
    table = replace(table, said=Meaning(kinds=tuple(one for one in title.kinds if one[0] in OF_SOME_ROWS)))
    title = replace(title, kinds=tuple(one for one in title.kinds if one[0] not in OF_SOME_ROWS))
    where = f"{grid.name}, the title, caption or name over the table in row {table.heading}"
    if problem := _problem(where, title, words):
        return replace(table, barred=table.barred or problem)
    if above.is_provisional:
        said = f"{grid.name}: the title calls the figures provisional; read, and they may still change."
        table = replace(table, notes=(*table.notes, said))
    for line in [] if grid.is_copied else [*notes, *(paragraph.text for paragraph in grid.below), *_last_words(table)]:
        meaning = words.explain_note(line)
        table = _note_on(table, line, _without_areas(meaning) if tells_area else meaning, words)
    return table


def _without_areas(meaning: Meaning) -> Meaning:
    return replace(meaning, areas=(), around=())


def _problem(where: str, meaning: Meaning, words: Vocabulary) -> str:
    """Why words about a table make its figures others than those that are read, or nothing."""
    if wrong := _contradicts_itself(meaning):
        return f"{where} {wrong}; give the quarters of the financial year."
    if meaning.is_plain:
        return ""
    way_out = "take the words out" if meaning.other_areas or meaning.kinds else "add it to plain_words in layouts.yml"
    return (
        f"{where} says {words.describe(meaning)}; give the partnership's own figures of each quarter, or, if these "
        f"are, {way_out}."
    )


def _note_on(table: RawTable, line: str, meaning: Meaning, words: Vocabulary) -> RawTable:
    """The table without the columns and rows of which a note says that their figures are others; barred if all are."""
    where = f"{table.grid.name}, the note {line[:60]!r} below the table in row {table.heading}"
    if problem := _problem(where, meaning, words):
        columns, rows = _told(table, line, meaning)
        if _contradicts_itself(meaning) or not (columns or rows) or columns >= {*table.quarters, *table.partial}:
            return replace(table, barred=table.barred or problem)
        return _set_aside(table, columns, rows, f"{where} says {words.describe(meaning)}")
    said = (
        "calls figures provisional; read, and they may still change" if meaning.is_provisional else "changes no figure"
    )
    return replace(table, notes=(*table.notes, f"{table.grid.name}: the note {line[:160]!r} {said}."))


def _told(table: RawTable, line: str, meaning: Meaning) -> tuple[set[int], set[int]]:
    """The columns of figures and the numbers of the rows that a note is about: those that bear its mark, or that it
    names; none of either when it is about all."""
    mark, heads = mark_of(line), [row for row in table.grid.rows if 0 <= table.heading - row.number < MOST_HEADING_ROWS]
    figures = {*table.quarters, *table.partial}
    columns = {c for c in figures for row in heads if mark and row.text(c).endswith(mark)}
    named = {(period.quarter, period.financial_year) for c, period in table.quarters.items()}
    told = {
        one
        for one in named
        if one[0] in meaning.when.quarters and (one[1] in meaning.when.years or not meaning.when.years)
    }
    columns |= {c for c, period in table.quarters.items() if (period.quarter, period.financial_year) in told}
    labels = {row.number: row.text(table.label_column) for row in table.rows if not is_note(table, row)}
    begins = plain(line)
    rows = {
        n
        for n, label in labels.items()
        if (mark and label.endswith(mark)) or (label and begins.startswith(plain(label)))
    }
    return columns, rows


def _set_aside(table: RawTable, columns: set[int], rows: set[int], why: str) -> RawTable:
    """The table without some columns, or some rows, and a note on each."""
    heading = Row(table.heading, ())
    places = [table.grid.address(heading, c) for c in sorted(columns)]
    places += [table.grid.address(row, table.label_column) for row in table.rows if row.number in rows]
    return replace(
        table.without(columns),
        rows=tuple(row for row in table.rows if row.number not in rows),
        notes=(*table.notes, *(f"{place}: not read ({why})." for place in places)),
    )


def _contradicts_itself(meaning: Meaning) -> str:
    """What is wrong with a quarter that words explain by its months: `Q1 = January to March`."""
    if not (meaning.when.quarters and meaning.when.spans):
        return ""
    try:
        read_period(replace(meaning.when, days=()))
    except WrongPeriod as problem:
        return str(problem)
    return ""


def _last_words(table: RawTable) -> Iterator[str]:
    """The rows of words at the end of a table, below its last figures."""
    for row in reversed(table.rows):
        if not is_note(table, row):
            return
        yield ", ".join(filter(None, map(row.text, row.columns)))


def is_note(table: RawTable, row: Row) -> bool:
    """Tell whether a row is a line of words, in its label's column alone, or in all of those that its commas part
    it into."""
    beside = [text for c in row.columns if c != table.label_column and (text := row.text(c))]
    if not beside or not row.text(table.label_column):
        return not beside
    figures = [text for c in (*table.quarters, *table.partial) if (text := row.text(c))]
    is_sentence = len(row.text(table.label_column).split()) >= FEWEST_WORDS_OF_A_NOTE or all(
        row.printed(c)[:1] == " " for c in row.columns[1:] if row.text(c)
    )
    has_words = any(map(WORDS.search, figures)) and not any(map(LONE_FIGURE.fullmatch, figures))
    return table.grid.has_cells and not table.grid.sheet and has_words and is_sentence
