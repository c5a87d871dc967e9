"""Words about a whole table. In: a `RawTable`, its titles, caption, sheet's name and notes. Out: what they say, and the
table, barred when they say that its figures are others than those of this area and period.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.ingest.formats.grid import Grid, Row
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import WrongPeriod, read_period
from swp_analysis.ingest.words import Meaning, Vocabulary

LONGEST_TITLE, SHORTEST_SENTENCE = 18, 6
# What a title says of some rows only: those of an indicator that is itself of the group, or a percentage, are read.
OF_SOME_ROWS = {"group", "share"}


def explain_titles(grid: Grid, titles: tuple[Row, ...], words: Vocabulary) -> Meaning:
    """Explain what sheet's name, titles and caption say; prose of a report's text is none of them."""
    found = words.explain_title(_sheet_name(grid))
    if grid.is_copied:
        return found
    for text in _title_texts(grid, titles):
        found |= words.explain_note(text) if _is_sentence(text) else words.explain_title(text)
    for paragraph in grid.above:
        found |= words.explain_note(paragraph.text) if paragraph.kind in ("text", "item", "note") else Meaning()
    return found


def _title_texts(grid: Grid, titles: tuple[Row, ...]) -> Iterator[str]:
    yield from (paragraph.text for paragraph in grid.above if paragraph.kind in ("caption", "heading"))
    yield from (row.in_one_line for row in titles if not row.is_blank)


def _is_sentence(text: str) -> bool:
    """Whether a line over a table is prose, no title."""
    words = len(text.split())
    return words > LONGEST_TITLE or (words > SHORTEST_SENTENCE and text.rstrip().endswith((".", ";", "?")))


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
    title = replace(above, areas=(), around=()) if tells_area else above
    table = replace(table, said=Meaning(kinds=tuple(one for one in title.kinds if one[0] in OF_SOME_ROWS)))
    title = replace(title, kinds=tuple(one for one in title.kinds if one[0] not in OF_SOME_ROWS))
    where = f"{grid.name}, the title, caption or name over the table in row {table.heading}"
    if not title.is_plain:
        return replace(table, barred=table.barred or _barred(where, title, words))
    if wrong := _contradicts_itself(above):
        return replace(table, barred=table.barred or f"{where} {wrong}; give the quarters of the financial year.")
    lines = [] if grid.is_copied else [*notes, *(paragraph.text for paragraph in grid.below), *_last_words(table)]
    said = list(table.notes)
    for line in lines:
        meaning = words.explain_note(line)
        where = f"{grid.name}, the note {line[:60]!r} below the table in row {table.heading}"
        if meaning.kinds or (meaning.other_areas and not tells_area):
            return replace(table, barred=table.barred or _barred(where, meaning, words))
        if wrong := _contradicts_itself(meaning):
            return replace(table, barred=table.barred or f"{where} {wrong}; give the quarters of the financial year.")
        if meaning.is_provisional:
            said.append(
                f"{grid.name}: the note {line[:80]!r} calls figures provisional; read, and they may still change."
            )
    if above.is_provisional:
        said.append(f"{grid.name}: the title calls the figures provisional; read, and they may still change.")
    return replace(table, notes=tuple(said))


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
        filled = [column for column in row.columns if row.text(column)]
        if filled != [table.label_column]:
            return
        yield row.text(table.label_column)


def _barred(where: str, meaning: Meaning, words: Vocabulary) -> str:
    way_out = "take the words out" if meaning.other_areas or meaning.kinds else "add it to plain_words in layouts.yml"
    return (
        f"{where} says {words.describe(meaning)}; give the partnership's own figures of each quarter, or, if these "
        f"are, {way_out}."
    )
