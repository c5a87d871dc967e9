"""Notes on a table, and the marks that they explain. In: a `RawTable`, the lines below it and the comments on its
cells. Out: the table without the columns, rows and cells of which they say that their figures are others, barred when
titles or notes say so of all; for each mark that a key explains (`[c]`, `*`) the text in whose place it stands (`<5`,
`n/a`, `0`, or `(p)` and nothing behind a figure); a cell as it is meant.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from swp_analysis.catalogue.models import Indicator
from swp_analysis.ingest.cells import is_mark
from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS, Grid, Paragraph, Place, Row
from swp_analysis.ingest.headings import MOST_HEADING_ROWS
from swp_analysis.ingest.meaning import Meaning, mark_behind, mark_of
from swp_analysis.ingest.records import NOT_FINAL
from swp_analysis.ingest.spelling import cut, pattern, plain
from swp_analysis.ingest.table import TIME_ROLES, RawTable
from swp_analysis.ingest.timeline import Period, When, WrongPeriod, read_period
from swp_analysis.ingest.titles import NOT_UNDERSTOOD
from swp_analysis.ingest.words import OF_SOME_ROWS, Vocabulary

FEWEST_WORDS_OF_A_NOTE = 5
OF_A_ROW = OF_SOME_ROWS - {"group"}
# Where the next of several notes in a line begins: `1. Revised. 2. Estimated`.
_NEXT_MARK = re.compile(r"(?<=[.;:])\s+(?=(?:[*†‡¹²³#]+|[(\[]\w{1,2}[)\]]|\d{1,2}[.)])\s*[A-Z])")
_NUMBER_OF_NOTE = re.compile(r"\W*\w{1,2}\W*")


def bar_table(table: RawTable, above: Meaning, notes: list[str], words: Vocabulary) -> RawTable:
    """Give the table, barred by a title or note that says that its figures are others than those of this area."""
    tells_area = "area" in table.roles.values() or any("another area" in note for note in table.notes)
    title = above.without_areas() if tells_area else above
    # `April to September` over columns or rows that each name their quarter is what all of them are about.
    title = title.without_kinds("several") if table.is_complete or table.called(*TIME_ROLES) else title
    table = replace(table, said=Meaning(kinds=title.with_kinds(*OF_SOME_ROWS).kinds))
    if problem := problem_of_titles(table.grid, table.heading, title):
        return replace(table, barred=table.barred or problem)
    if above.is_provisional:
        said = f"{table.grid.name}: the title calls the figures provisional; read, and they {NOT_FINAL}."
        table = replace(table, notes=(*table.notes, said), called_provisional=frozenset({(0, 0)}))
    last = {} if table.grid.is_copied else dict(_last_words(table, words))
    table = replace(table, noted=frozenset(n for n, line in last.items() if words.explain(line, "note").is_provisional))
    below = [(line, f"below the table in row {table.heading}") for line in (*notes, *last.values())]
    below += [(one.text, _place_of(one, table)) for one in table.grid.below]
    each = [(one, place) for line, place in below for one in _NEXT_MARK.split(line)]
    has_quarters = any(isinstance(one, Period) and not one.month for one in table.figures.values())
    for line, place in each if not table.grid.is_copied else []:
        meaning = words.explain(line, "note").without_kinds(*([] if has_quarters else ["mixed"]))
        table = replace(table, said=table.said | Meaning(kinds=meaning.with_kinds(*OF_A_ROW).kinds))
        meaning = meaning.without_kinds(*OF_A_ROW)
        table = _note_on(table, line, place, meaning.without_areas() if tells_area else meaning, words)
    return table


def problem_of_titles(grid: Grid, heading: int, title: Meaning) -> str:
    """Give why what stands over a table makes its figures others than those that are read, or nothing."""
    where = f"{grid.name}, the title, caption or name over the table in row {heading}"
    return _problem(where, title.without_kinds(*OF_SOME_ROWS))


def without_told_columns(table: RawTable, words: Vocabulary) -> RawTable:
    """Give the table without the columns of figures of which a row of words says that they are others: `Basis`,
    `Quarter`, `Year to date`."""
    told: dict[int, str] = {}
    for row in table.rows if table.grid.has_cells else ():
        cells = [c for c in table.figures if row.text(c)]
        is_words = len(cells) > 1 and not any(LONE_FIGURE.fullmatch(row.text(c)) for c in cells)
        for c in cells if is_words and not words.labels.of(row.text(table.label_column)) else ():
            if why := words.explain(row.text(c), "aside").described:
                told[c] = f"{table.grid.address(row, c)}: the column is not read ({why})."
    barred = table.barred or (next(iter(told.values())) if told.keys() >= table.figures.keys() > set() else "")
    return replace(table.without(set(told)), notes=(*table.notes, *told.values()), barred=barred)


def _place_of(note: Paragraph, table: RawTable) -> str:
    """Where a note stands: on a cell, on a sheet of words, or below the table."""
    is_elsewhere = note.place.startswith((table.grid.name, "sheet ", "the file", "comment "))
    return f"of {note.place}" if is_elsewhere else f"below the table in row {table.heading}"


def _problem(where: str, meaning: Meaning) -> str:
    """Why words about a table make its figures others than those that are read, or nothing."""
    if wrong := _contradicts_itself(meaning):
        return f"{where} {wrong}; give the quarters of the financial year."
    if meaning.is_plain:
        return ""
    way_out = "take the words out" if meaning.other_areas or meaning.kinds else "add it to plain_words in layouts.yml"
    return (
        f"{where} says {meaning.described}; give the partnership's own figures of each quarter, or, if these "
        f"are, {way_out}."
    )


def _contradicts_itself(meaning: Meaning) -> str:
    """What is wrong with a quarter that words explain by its months: `Q1 = January to March`."""
    try:
        for when in meaning.when.each_quarter:
            read_period(when)
    except WrongPeriod as problem:
        return str(problem)
    return ""


def _note_on(table: RawTable, line: str, place: str, meaning: Meaning, words: Vocabulary) -> RawTable:
    """The table without the columns, rows and cells of which a note says that their figures are others; barred if all
    are."""
    where = f"{table.grid.name}, the note {cut(line, 60)!r} {place}"
    problem = _problem(where, meaning)
    if not problem:
        said = NOT_UNDERSTOOD if words.passes_over(line) or pattern("part").search(line) else "changes no figure"
        called = table.called_provisional
        if meaning.is_provisional:
            said = f"calls figures provisional; read, and they {NOT_FINAL}"
            columns, rows, cells = _told_by(table, line, place, meaning, words)
            whole = set() if key_of(line, words) else {(0, 0)}
            called |= {*cells, *((0, c) for c in columns), *((row.number, 0) for row in rows)} or whole
        note = f"{table.grid.name}: the note {cut(line, 160)!r} {said}."
        return replace(table, notes=(*table.notes, note), called_provisional=called)
    columns, rows, cells = _told_by(table, line, place, meaning, words)
    told = columns or rows or cells
    if _contradicts_itself(meaning) or not told or columns >= table.figures.keys():
        return replace(table, barred=table.barred or problem)
    heading = Row(table.heading, ())
    places = [table.grid.address(heading, c) for c in sorted(columns)]
    places += [table.grid.address(row, table.label_column) for row in rows]
    why = f"not read ({where} says {meaning.described})"
    return replace(
        table.without(columns),
        rows=tuple(row for row in table.rows if row not in rows),
        notes=(*table.notes, *(f"{one}: {why}." for one in places)),
        told_cells=table.told_cells | dict.fromkeys(cells, why),
    )


def _told_by(
    table: RawTable, line: str, place: str, meaning: Meaning, words: Vocabulary
) -> tuple[set[int], list[Row], set[Place]]:
    """The columns of figures, rows and cells that a note is about: those that bear its mark or its place, the columns
    whose quarter it names, and the rows whose label begins it; none where the mark stands over the whole table."""
    mark, begins = mark_of(line), plain(line)
    labelled = [(row, plain(row.text(table.label_column))) for row in table.rows if not is_note(table, row, words)]
    # A comment on the first figure that calls it cumulative, or another area's, may well mean all of them.
    of_part = meaning.kind_names <= {"part", "several"} and not meaning.other_areas
    first = (labelled[0][0].number if labelled else 0, min(table.figures, default=0))

    def bears(row: Row, column: int) -> bool:
        is_one = of_part or row.number > first[0] or column != first[1]
        is_its_place = is_one and place == f"of {table.grid.address(row, column)}"
        return is_its_place or bool(mark and mark == mark_behind(row.text(column)))

    above = [row for row in table.grid.rows if row.number <= table.heading]
    heads = above[-MOST_HEADING_ROWS:]
    if any(bears(row, c) for row in above for c in row.filled if c == table.label_column or len(row.filled) == 1):
        return set(), [], set()
    columns, named = {c for c in table.figures for row in heads if bears(row, c)}, _columns_named(table, meaning.when)
    rows = [row for row, label in labelled if bears(row, table.label_column) or (label and begins.startswith(label))]
    cells = {(row.number, c) for row, _ in labelled for c in table.figures if bears(row, c)}
    if rows and named:  # `Hate crime: Q2 is cumulative`
        return columns, [], cells | {(row.number, c) for row in rows for c in named}
    return columns | (named if not cells else set()), rows, cells


def _columns_named(table: RawTable, when: When) -> set[int]:
    return {
        c
        for c, found in table.figures.items()
        if isinstance(found, Period)
        and found.quarter in when.quarters
        and (found.financial_year in when.years or not when.years)
    }


def _last_words(table: RawTable, words: Vocabulary) -> Iterator[tuple[int, str]]:
    """The numbers and texts of the rows of words at the end of a table, below its last figures."""
    for row in reversed(table.rows):
        if not is_note(table, row, words):
            return
        if not is_told(table.grid, row):
            yield row.number, ": ".join(map(row.text, row.filled))


def is_told(grid: Grid, row: Row) -> bool:
    """Tell whether the file says of a row already that it may be cut off, so that its words are no note."""
    said = (grid.doubts.get((row.number, 0), ""), *(note for note in grid.notes if f", row {row.number}: " in note))
    return any("cut off" in one for one in said)


def is_note(table: RawTable, row: Row, words: Vocabulary) -> bool:
    """Tell whether a row is a line of words, in its label's column alone, or in all of those that its commas part
    it into; or one of a form: `Completed by`, with a name."""
    beside = [c for c in row.filled if c != table.label_column]
    if not beside or len(beside) == len(row.filled):
        # Words in the column of references, left of the labels, are a line of words too.
        return not beside or (
            len(beside) == 1 and beside[0] < table.label_column and bool(WORDS.search(row.text(beside[0])))
        )
    has_figures = any(LONE_FIGURE.fullmatch(row.text(c)) for c in beside)
    if table.grid.has_cells and not has_figures and words.names_field(row.text(table.label_column)):
        return True
    if len(beside) == 1 and not has_figures and _NUMBER_OF_NOTE.fullmatch(row.text(table.label_column)):
        return table.grid.has_cells and bool(re.search(r"[a-z] [a-z]|[A-Za-z]{5}", row.text(beside[0])))
    figures = [text for c in table.figures if (text := row.text(c))]
    is_sentence = len(row.text(table.label_column).split()) >= FEWEST_WORDS_OF_A_NOTE or all(
        row.printed(c)[:1] == " " for c in row.filled if c != 1
    )
    has_words = any(map(WORDS.search, figures)) and not any(map(LONE_FIGURE.fullmatch, figures))
    return table.grid.has_cells and not table.grid.sheet and has_words and is_sentence


# What marks stand for

# `98 (partial)`, `45 offences`.
WORDS_BEHIND = re.compile(r"[<\d][\d,.]*\s*%?\s*[(\[,–-]?\s*(?P<words>[A-Za-z][A-Za-z -]{3,}?)\s*[)\]]?")


def read_key(table: RawTable, words: Vocabulary) -> dict[str, str]:
    """Read what each mark stands for, as far as the words around a table say so; of a mark told twice nothing."""
    rows = table.grid.rows if table.grid.has_cells else ()
    lines = [*table.words_around, *(": ".join(map(row.text, row.filled)) for row in rows if len(row.filled) == 2)]
    found: dict[str, str] = {}
    for line in lines if table.grid.has_cells else ():
        for mark, meant in key_of(line, words).items():
            found[mark] = meant if found.setdefault(mark, meant) == meant else mark
    return {mark: meant for mark, meant in found.items() if meant != mark}


def key_of(line: str, words: Vocabulary) -> dict[str, str]:
    """Give the marks that a line explains; none where it has a piece that explains no mark."""
    found: dict[str, str] = {}
    for piece in pattern("key_next").split(line):
        entry = pattern("key_entry").fullmatch(piece)
        meant = _meant(entry["says"], words) if entry else None
        if not entry or meant is None:
            return {}
        found[entry["mark"].casefold()] = meant
    return found


def _meant(says: str, words: Vocabulary) -> str | None:
    """The text that a cell could have in place of the mark."""
    if below := pattern("held_back").fullmatch(says):
        return f"<{below['below'] or int(below['most'] or below['last']) + 1}"
    if is_mark(says, words.marks):
        return "n/a"
    if plain(says) in ("nil", "zero", "none", "0"):
        return "0"
    told = words.explain(says)
    is_mended = told.is_provisional or pattern("mended").search(says)
    return None if told.when or not (told.is_plain and is_mended) else "(p)" if told.is_provisional else ""


def read_as_meant(text: str, key: dict[str, str], indicator: Indicator, words: Vocabulary) -> str:
    """Give a cell with what its mark stands for, and without words that name what is counted, `45 offences`, or say
    that the figure may change, `45 provisional`."""
    behind = re.fullmatch(r"(?P<figure>.*[\d%)])\s*(?P<mark>\D{1,5})", text)
    if (meant := key.get(text.casefold(), "")) or not text:
        return meant or text
    if behind and (meant := key.get(behind["mark"].casefold(), "n/a")) in ("", "(p)"):
        return f"{behind['figure']} {meant}".strip()
    said = WORDS_BEHIND.fullmatch(text) if "%" in text or indicator.unit != "percent" else None
    told = words.explain(said["words"]) if said else Meaning()
    is_known = (told.names_things or told.is_provisional) and not told.when
    if not (said and is_known and words.not_of(told, indicator).is_plain):
        return text
    return text[: said.start("words")].strip(" (") + " (p)" * told.is_provisional
