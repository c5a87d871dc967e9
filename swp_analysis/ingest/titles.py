"""Words about a whole table. In: a `RawTable`, its titles, caption, sheet's name and notes. Out: what they say, and the
table, barred when they say that its figures are others than those of this area and period.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Grid, Paragraph, RawFile, Row
from swp_analysis.ingest.headings import MOST_HEADING_ROWS
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.phrases import mark_of, pattern
from swp_analysis.ingest.records import MAY_CHANGE
from swp_analysis.ingest.spelling import cut, plain
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.timeline import Period, When, WrongPeriod, read_period
from swp_analysis.ingest.words import OF_SOME_ROWS, Vocabulary

LONGEST_TITLE, SHORTEST_SENTENCE, FEWEST_WORDS_OF_A_NOTE, LONGEST_NAME = 18, 6, 5, 3
NOT_UNDERSTOOD = "is not wholly understood; the figures are read without it"
_VERB = re.compile(r"\b(?:is|are|was|were|will|has|have|had|may|can|should|must)\b", re.IGNORECASE)


def explain_titles(grid: Grid, titles: tuple[Row, ...], reach: tuple[Row, ...], words: Vocabulary) -> Meaning:
    """Explain what sheet's name, titles and caption say, and the lines further up that `reach` a table; prose of a
    report's text is none of them."""
    found = words.explain(_sheet_name(grid), "title") | _of_file(grid.file, words)
    if grid.is_copied:
        return found
    above = [paragraph.text for paragraph in grid.above if paragraph.kind in ("caption", "heading")]
    for text in [*above, *(row.in_one_line for row in titles if row.filled)]:
        found |= _explain_line(text, words)
    for paragraph in grid.above:
        if paragraph.kind not in ("caption", "heading", "section"):
            found |= words.explain(paragraph.text, "note")
    sections = [paragraph.text for paragraph in grid.above if paragraph.kind == "section"]
    return found | _said_further_up([*sections, *(row.in_one_line for row in reach)], found, words)


def period_of_titles(grid: Grid, titles: tuple[Row, ...], words: Vocabulary) -> When:
    """Give the one quarter that sheet's name, titles and captions name, or month in which it is called one; nothing
    where it is, as `to end June`, only the last day of what was counted."""
    lines = [_sheet_name(grid), *(one.text for one in grid.above), *(row.in_one_line for row in titles)]
    found = Meaning()
    for line in lines if grid.has_cells else ():
        found |= words.explain(line)
    when = replace(found.when, days=())
    try:
        period = None if found.kinds else read_period(when)
    except WrongPeriod:
        return When()
    is_called = period and (not period.month or any("month" in line.casefold() for line in lines))
    return when if is_called else When()


def _explain_line(text: str, words: Vocabulary) -> Meaning:
    """What a line over a table says: a title, a sentence about the figures below, or perhaps either."""
    if _is_sentence(text):
        return words.explain(text, "note")
    found = words.explain(text, "title")
    return found | words.explain(text, "note") if len(text.split()) > LONGEST_NAME else found


def notes_on_titles(grid: Grid, titles: tuple[Row, ...], words: Vocabulary) -> list[str]:
    """Say of each line over a table whether a word of it was not understood, and the figures are read all the same."""
    above = [paragraph.text for paragraph in grid.above] if grid.has_cells else []
    lines = [*above, *(row.in_one_line for row in titles if row.filled and grid.has_cells)]
    return [
        f"{grid.name}: the line {cut(line, 160)!r} over the table {NOT_UNDERSTOOD}."
        for line in lines
        if words.passed_over_in(line)
    ]


def with_words_around(raw: RawFile, words: Vocabulary) -> list[Grid]:
    """Give the grids of a file with what it says of all figures: the first line of a workbook's first sheet of words,
    and each sentence about figures that makes them others, on such a sheet or about all tables of the file."""
    grids = raw.grids
    sheets = {grid.sheet: grid for grid in grids if grid.has_cells and not _has_figures(grid)}
    lines = [(grid, row.in_one_line) for grid in grids for row in grid.rows if len(row.filled) == 1]
    first = next((line for grid, line in lines if grid is grids[0] and grid.sheet in sheets), "")
    over = [Paragraph(grids[0].file, "", first, "section")] if _makes_others(words.explain(first, "title")) else []
    said = [(f"sheet {grid.sheet!r}" if grid.sheet in sheets else "the file", line) for grid, line in lines]
    said += [("the file", one.text) for one in raw.paragraphs if grids]
    notes = tuple(
        Paragraph(grids[0].file, place, one, "note")
        for place, line in said
        for one in re.split(r"(?<=[.!?])\s+", line)
        if pattern("said" if place != "the file" else "everywhere").search(one)
        and _makes_others(words.explain(one, "note"))
    )
    return [replace(grid, above=(*over, *grid.above), below=(*grid.below, *notes)) for grid in grids]


def _has_figures(grid: Grid) -> bool:
    return any(LONE_FIGURE.fullmatch(row.text(column)) for row in grid.rows for column in row.filled[1:])


def _makes_others(meaning: Meaning) -> bool:
    return bool(meaning.kinds or meaning.areas) and not meaning.is_own


def _said_further_up(texts: list[str], own: Meaning, words: Vocabulary) -> Meaning:
    """What headings of sections say of all tables below them, where the table's `own` title does not say otherwise; in
    a long one unknown words are a report's name."""
    found = Meaning()
    for text in texts:
        told = _explain_line(text, words)
        found |= replace(told, left=()) if len(text.split()) > LONGEST_NAME else told
    found = replace(found, when=When()) if own.when else found
    return _without_areas(found) if own.is_own else found


def _of_file(name: str, words: Vocabulary) -> Meaning:
    """What a file's name says of its figures: `targets_2017-18.xlsx`, `Walsall_kpis.csv`."""
    stem = name.rpartition(".")[0].replace("_", " ")
    found = words.explain(stem).with_kinds("cumulative", "rolling", "target", "forecast", "previous")
    return Meaning(kinds=() if found.left else found.kinds, areas=found.areas)


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
    tells_area = "area" in table.roles.values() or any("another area" in note for note in table.notes)
    where = f"{table.grid.name}, the title, caption or name over the table in row {table.heading}"
    title = _without_areas(above) if tells_area else above
    table = replace(table, said=Meaning(kinds=title.with_kinds(*OF_SOME_ROWS).kinds))
    if problem := _problem(where, title.without_kinds(*OF_SOME_ROWS), words):
        return replace(table, barred=table.barred or problem)
    if above.is_provisional:
        said = f"{table.grid.name}: the title calls the figures provisional; read, and they {MAY_CHANGE}."
        table = replace(table, notes=(*table.notes, said))
    below = [(line, f"below the table in row {table.heading}") for line in (*notes, *_last_words(table, words))]
    below += [(one.text, _place_of(one, table)) for one in table.grid.below]
    for line, place in below if not table.grid.is_copied else []:
        meaning = words.explain(line, "note")
        table = replace(table, said=table.said | Meaning(kinds=meaning.with_kinds("thing", "share").kinds))
        meaning = meaning.without_kinds("thing", "share")
        table = _note_on(table, line, place, _without_areas(meaning) if tells_area else meaning, words)
    return table


def without_told_columns(table: RawTable, words: Vocabulary) -> RawTable:
    """Give the table without the columns of figures of which a row of words says that they are others: `Basis`,
    `Quarter`, `Year to date`."""
    told: dict[int, str] = {}
    for row in table.rows if table.grid.has_cells else ():
        cells = [c for c in table.figures if row.text(c)]
        is_words = len(cells) > 1 and not any(LONE_FIGURE.fullmatch(row.text(c)) for c in cells)
        for c in cells if is_words and not words.labels.of(row.text(table.label_column)) else ():
            if why := words.describe(words.explain(row.text(c), "aside")):
                told[c] = f"{table.grid.address(row, c)}: the column is not read ({why})."
    barred = table.barred or (next(iter(told.values())) if told.keys() >= table.figures.keys() > set() else "")
    return replace(table.without(set(told)), notes=(*table.notes, *told.values()), barred=barred)


def _place_of(note: Paragraph, table: RawTable) -> str:
    """Where a note stands: on a cell, on a sheet of words, or below the table."""
    is_elsewhere = note.place.startswith((table.grid.name, "sheet ", "the file", "comment "))
    return f"of {note.place}" if is_elsewhere else f"below the table in row {table.heading}"


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


def _contradicts_itself(meaning: Meaning) -> str:
    """What is wrong with a quarter that words explain by its months: `Q1 = January to March`."""
    try:
        if meaning.when.quarters and meaning.when.spans:
            read_period(replace(meaning.when, days=()))
    except WrongPeriod as problem:
        return str(problem)
    return ""


def _note_on(table: RawTable, line: str, place: str, meaning: Meaning, words: Vocabulary) -> RawTable:
    """The table without the columns and rows of which a note says that their figures are others; barred if all are."""
    where = f"{table.grid.name}, the note {line[:60]!r} {place}"
    problem = _problem(where, meaning, words)
    if not problem:
        said = "changes no figure" if words.knows(line) else NOT_UNDERSTOOD
        if meaning.is_provisional:
            said = f"calls figures provisional; read, and they {MAY_CHANGE}"
        return replace(table, notes=(*table.notes, f"{table.grid.name}: the note {cut(line, 160)!r} {said}."))
    columns, rows = _columns_told(table, line, meaning), _rows_told(table, line, words)
    if _contradicts_itself(meaning) or not (columns or rows) or columns >= table.figures.keys():
        return replace(table, barred=table.barred or problem)
    heading = Row(table.heading, ())
    places = [table.grid.address(heading, c) for c in sorted(columns)]
    places += [table.grid.address(row, table.label_column) for row in rows]
    why = f"not read ({where} says {words.describe(meaning)})."
    kept = tuple(row for row in table.rows if row not in rows)
    return replace(table.without(columns), rows=kept, notes=(*table.notes, *(f"{one}: {why}" for one in places)))


def _columns_told(table: RawTable, line: str, meaning: Meaning) -> set[int]:
    """The columns of figures that a note is about: those that bear its mark, or whose quarter it names."""
    mark, when = mark_of(line), meaning.when
    heads = [row for row in table.grid.rows if 0 <= table.heading - row.number < MOST_HEADING_ROWS]
    marked = {c for c in table.figures for row in heads if mark and row.text(c).endswith(mark)}
    return marked | {
        c
        for c, found in table.figures.items()
        if isinstance(found, Period)
        and found.quarter in when.quarters
        and (found.financial_year in when.years or not when.years)
    }


def _rows_told(table: RawTable, line: str, words: Vocabulary) -> list[Row]:
    """The rows that a note is about: those whose label bears its mark, or begins it."""
    mark, begins = mark_of(line), plain(line)
    labelled = [(row, row.text(table.label_column)) for row in table.rows if not is_note(table, row, words)]
    return [
        row for row, label in labelled if (mark and label.endswith(mark)) or (label and begins.startswith(plain(label)))
    ]


def _last_words(table: RawTable, words: Vocabulary) -> Iterator[str]:
    """The rows of words at the end of a table, below its last figures."""
    for row in reversed(table.rows):
        if not is_note(table, row, words):
            return
        if not is_told(table.grid, row):
            yield ": ".join(map(row.text, row.filled))


def is_told(grid: Grid, row: Row) -> bool:
    """Tell whether the file says of a row already that it may be cut off, so that its words are no note."""
    said = (grid.doubts.get((row.number, 0), ""), *(note for note in grid.notes if f", row {row.number}: " in note))
    return any("cut off" in one for one in said)


def is_note(table: RawTable, row: Row, words: Vocabulary) -> bool:
    """Tell whether a row is a line of words, in its label's column alone, or in all of those that its commas part
    it into; or one of a form: `Completed by`, with a name."""
    beside = [c for c in row.filled if c != table.label_column]
    if not beside or len(beside) == len(row.filled):
        return not beside
    has_figures = any(LONE_FIGURE.fullmatch(row.text(c)) for c in beside)
    if table.grid.has_cells and not has_figures and words.names_field(row.text(table.label_column)):
        return True
    figures = [text for c in table.figures if (text := row.text(c))]
    is_sentence = len(row.text(table.label_column).split()) >= FEWEST_WORDS_OF_A_NOTE or all(
        row.printed(c)[:1] == " " for c in row.filled if c != 1
    )
    has_words = any(map(WORDS.search, figures)) and not any(map(LONE_FIGURE.fullmatch, figures))
    return table.grid.has_cells and not table.grid.sheet and has_words and is_sentence
