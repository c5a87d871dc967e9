"""What is said over a table and around it. In: the `Grid`, the rows above its heading, the file. Out: what titles,
captions, sheets' names and sentences elsewhere in the file say of all its figures, and the period that they name; what
lines of words say of the rows below them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from swp_analysis.ingest.formats.grid import LONE_FIGURE, Grid, Paragraph, RawFile, Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import cut, pattern
from swp_analysis.ingest.timeline import When, WrongPeriod, read_period
from swp_analysis.ingest.words import Vocabulary

LONGEST_TITLE, SHORTEST_SENTENCE, LONGEST_NAME = 18, 6, 3
NOT_UNDERSTOOD = "is not wholly understood; the figures are read without it"


def explain_titles(grid: Grid, titles: tuple[Row, ...], reach: tuple[Row, ...], words: Vocabulary) -> Meaning:
    """Explain what sheet's name, titles and caption say, and the lines further up that `reach` a table; prose of a
    report's text is none of them."""
    found = words.explain(_sheet_name(grid), "title") | _of_file(grid.file, words)
    if grid.is_copied:
        return found
    above = [paragraph.text for paragraph in grid.above if paragraph.kind in ("caption", "heading")]
    for text in [*above, *(row.in_one_line for row in titles if row.filled)]:
        found |= explain_line(text, words)
    for paragraph in grid.above:
        if paragraph.kind not in ("caption", "heading", "section"):
            found |= words.explain(paragraph.text, "note")
    sections = [paragraph.text for paragraph in grid.above if paragraph.kind == "section"]
    return found | _said_further_up([*sections, *(row.in_one_line for row in reach)], found, words)


def period_of_titles(grid: Grid, titles: tuple[Row, ...], over: list[Row], words: Vocabulary) -> When:
    """Give the one quarter that sheet's name, titles and captions name, or month if they or a column of the heading
    are called one; nothing where it is, as `to end June`, only the last day of what was counted."""
    lines = [_sheet_name(grid), *(one.text for one in grid.above), *(row.in_one_line for row in titles)]
    found = Meaning()
    for line in lines if grid.has_cells else ():
        found |= told if (told := words.explain(line)).when else Meaning()
    when = replace(found.when, days=())
    try:
        period = None if found.kinds else read_period(when)
    except WrongPeriod:
        return When()
    is_month = any("month" in line.casefold() for line in lines)
    is_month |= len(over[-1].filled) == 2 and _is_of_month(lines, words)
    is_month |= any(words.role_of(row.text(c)) == "month" for row in over for c in row.filled)
    return when if period and (is_month or not period.month) else When()


def _is_of_month(lines: list[str], words: Vocabulary) -> bool:
    """Whether a line below the sheet's name is nothing but a month, of the area or an indicator, and none says what
    paper it may date."""
    rests = [rest for when, rest in map(read_when, lines[1:]) if when.months]
    named = [not rest or words.explain(rest).is_own or bool(words.labels.of(rest)) for rest in rests]
    return any(named) and not any(map(pattern("paper").search, lines))


def explain_line(text: str, words: Vocabulary) -> Meaning:
    """Explain what a line over a table, or over some of its rows, says: a title, a sentence about the figures below, or
    perhaps either."""
    if _is_sentence(text) or pattern("legend").match(text):
        return words.explain(text, "note")
    found = words.explain(text, "title")
    return found | words.explain(text, "note") if len(text.split()) > LONGEST_NAME else found


def notes_on_titles(grid: Grid, titles: tuple[Row, ...], words: Vocabulary) -> list[str]:
    """Say of each line over a table whether a word of it was not understood, and the figures are read all the same."""
    above = [_sheet_name(grid), *(paragraph.text for paragraph in grid.above)] if grid.has_cells else []
    lines = [*above, *(row.in_one_line for row in titles if row.filled and grid.has_cells)]
    return [
        f"{grid.name}: the line {cut(line, 160)!r} over the table {NOT_UNDERSTOOD}."
        for line in lines
        if words.passes_over(line)
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
    months = _months_of_sheets(grids)
    return [
        replace(one, above=(*over, *months.get(one.sheet, ()), *one.above), below=(*one.below, *notes)) for one in grids
    ]


def _months_of_sheets(grids: Sequence[Grid]) -> dict[str, tuple[Paragraph]]:
    """What to say of sheets that are called by months in a row: one alone may be called by the day of a report."""
    told = {one.sheet: read_when(one.sheet) for one in grids if one.rows}
    whole = {sheet: when.months for sheet, (when, rest) in told.items() if len(when.months) == 1 and not rest}
    months = {sheet: 12 * year + month for sheet, ((month, year),) in whole.items()}
    first = min(months.values(), default=0)
    in_a_row = len(months) > 1 and sorted(months.values()) == [*range(first, first + len(months))]
    return {sheet: (Paragraph(grids[0].file, "", f"month {sheet}", "section"),) for sheet in months if in_a_row}


def _has_figures(grid: Grid) -> bool:
    return any(LONE_FIGURE.fullmatch(row.text(column)) for row in grid.rows for column in row.filled[1:])


def _makes_others(meaning: Meaning) -> bool:
    return bool(meaning.kinds or meaning.areas) and not meaning.is_own


def _said_further_up(texts: list[str], own: Meaning, words: Vocabulary) -> Meaning:
    """What headings of sections say of all tables below them, where the table's `own` title does not say otherwise; in
    a long one unknown words are a report's name."""
    found = Meaning()
    for text in texts:
        told = explain_line(text, words)
        found |= replace(told, left=()) if len(text.split()) > LONGEST_NAME else told
    found = replace(found, when=When()) if own.when else found
    return found.without_areas() if own.is_own else found


def _of_file(name: str, words: Vocabulary) -> Meaning:
    """What a file's name says of its figures: `targets_2017-18.xlsx`, `Walsall_kpis.csv`."""
    stem = name.rpartition(".")[0].replace("_", " ")
    found = words.explain(stem).with_kinds("cumulative", "rolling", "target", "forecast", "previous")
    return Meaning(kinds=() if found.left else found.kinds, areas=found.areas)


def _is_sentence(text: str) -> bool:
    """Whether a line over a table is prose, no title."""
    words = len(text.split())
    ends = words > SHORTEST_SENTENCE and text.rstrip().endswith((".", ";", "?"))
    is_said = (words > LONGEST_NAME and pattern("verb").search(text)) or pattern("happens").search(text)
    return words > LONGEST_TITLE or ends or bool(is_said)


def _sheet_name(grid: Grid) -> str:
    """The name that somebody gave the sheet; one with signs in it, like a path or a formula, says nothing."""
    is_counted = grid.name == f"{grid.file}, {grid.sheet}"
    is_signs = grid.sheet[:1] in "=/\\+@" or grid.sheet[1:3] == ":\\"
    return "" if is_counted or is_signs else grid.sheet


# Lines of words over the rows of a table


class Sections:
    """The lines of words over the rows of a table that still hold: as many as stand together take the place of as many
    that stood before; those over them go on."""

    def __init__(self, said: Meaning) -> None:
        self._said, self._before = said, list[Meaning]()
        self._together = list[Meaning]()

    def add(self, line: str, grid: Grid, words: Vocabulary, *, goes_on: bool) -> None:
        """Add what a line of words says of the rows below it; `goes_on` when it stands right below another."""
        told = explain_line(line, words)
        years = told.when.years if len(told.when.years) == 1 else ()
        told = replace(told, when=When(years=years), left=() if grid.wraps else told.left)
        if not goes_on:
            self._before, self._together = [*self._before, *self._together], []
        self._before = self._before[:-1]
        if told.is_own or told.other_areas:
            self._before = [one for one in self._before if not (one.is_own or one.other_areas)]
        self._together.append(told)

    @property
    def meaning(self) -> Meaning:
        """What all of them say together; the last that names a year, or our own area, counts for it."""
        found = self._said
        for told in (*self._before, *self._together):
            found = replace(found, when=When()) if told.when else found
            found = (found.without_areas() if told.is_own else found) | told
        return found
