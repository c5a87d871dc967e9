"""Words over a table: its heading, cell by cell, and its titles. In: its rows, the `Grid`, and the rows above its
heading. Out: which rows are the heading, a `HeadedColumn` each, and what titles, caption and sheet's name say of all
figures.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from swp_analysis.ingest.formats.grid import LONE_FIGURE, Grid, Paragraph, RawFile, Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.period_words import read_when, spans_year
from swp_analysis.ingest.spelling import cut, drop_repeat, fold_look_alikes, pattern
from swp_analysis.ingest.table import TIME_ROLES, HeadedColumn, with_its_heading
from swp_analysis.ingest.timeline import LONGEST_HEADING, YEAR, When, WrongPeriod, read_period
from swp_analysis.ingest.words import Vocabulary

MOST_HEADING_ROWS = 4
_MARKED = re.compile(r"\s*(?:[\[(]\w{1,2}[\])]|[*†‡])+$")
_LONE_YEAR = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?")
LONGEST_TITLE, SHORTEST_SENTENCE, LONGEST_NAME = 18, 6, 3
NOT_UNDERSTOOD = "is not wholly understood; the figures are read without it"
_VERB = re.compile(r"\b(?:is|are|was|were|will|has|have|had|may|can|should|must)\b", re.IGNORECASE)


def heading_rows(
    rows: tuple[Row, ...], above: tuple[Row, ...], label_column: int, is_typed: bool, words: Vocabulary
) -> tuple[list[Row], int]:
    """Give the rows of a heading, from those right above `rows[0]` that stand over its columns to the last that goes on
    with it; and how many of `rows` they are."""
    count = 1
    while count < min(len(rows), MOST_HEADING_ROWS) and _goes_on(rows[count], label_column, is_typed, words):
        count += 1
    over: list[Row] = []
    for row in reversed(above[-2:]):
        below = over[0] if over else rows[0]
        if row.number != below.number - 1 or not _stands_over(row, rows[0], label_column, words):
            break
        over.insert(0, row)
    return [*over, *rows[:count]], count


def _goes_on(row: Row, label_column: int, is_typed: bool, words: Vocabulary) -> bool:
    beyond = [row.text(column) for column in row.filled if column > label_column]
    if not beyond or any(is_figure(text) or len(text) > LONGEST_HEADING for text in beyond):
        return False
    tells = any(_tells(words.explain(text)) for text in beyond)
    label = row.text(label_column)
    if label and len(beyond) == 1 and words.names_field(label):
        return False  # a line of a form, which says something of all columns
    if label:
        is_words = words.role_of(label) or words.explain(label).is_plain
        return bool(is_words and tells) or (not is_typed and any(YEAR.search(text) for text in beyond))
    return tells or is_typed


def _tells(found: Meaning) -> bool:
    return bool(found.when or found.kinds or found.areas or found.around or found.is_own or found.is_provisional)


def _stands_over(row: Row, heading: Row, label_column: int, words: Vocabulary) -> bool:
    """Whether a row above a heading belongs to it: texts over its columns, and over its labels only what the heading
    itself leaves blank (a cell of both rows)."""
    is_time = words.role_of(row.text(label_column)) in TIME_ROLES
    open_left = {c for c in row.filled if c <= label_column and not heading.text(c)} | (
        {label_column} if is_time else set()
    )
    filled = [c for c in row.filled if c not in open_left]
    if not filled or min(filled) <= label_column or any(is_figure(row.text(c)) for c in filled):
        return False
    first = words.explain(row.text(filled[0]))
    if first.when.days and any(words.explain(heading.text(c)).when.is_part_of_year for c in filled):
        return False  # the day of a form
    covers_all = len(filled) == sum(c > label_column for c in heading.filled)
    tells = not first.left and bool(first.when or first.kinds or first.other_areas)
    return len(filled) > 1 or covers_all or tells


def is_figure(text: str) -> bool:
    """Tell whether a cell is a figure, and not a year of a heading."""
    text = _MARKED.sub("", text)
    return bool(LONE_FIGURE.fullmatch(text)) and not YEAR.fullmatch(text) and not _LONE_YEAR.fullmatch(text)


# What stands over each column


def explain_columns(rows: list[Row], label_column: int, words: Vocabulary) -> dict[int, HeadedColumn]:
    """Explain the columns but the label's; a text over several of them counts for each that has one below."""
    width = max(len(row.cells) for row in rows)
    texts = [{c: drop_repeat(fold_look_alikes(row.text(c))) for c in range(1, width + 1)} for row in rows]
    spread = [*(_spread(line, label_column) for line in texts[:-1]), texts[-1]]
    found = {}
    for column in (c for c in range(1, width + 1) if c != label_column):
        has_own = len(rows) > 1 and rows[-1].text(column)
        if own := tuple(filter(None, (line[column] for line in (spread if has_own else texts)))):
            meaning, over = Meaning(), words.role_of(rows[-1].text(label_column))
            for text in own:
                over = words.role_of(text) or over
                meaning |= words.explain(with_its_heading(text, over))
            if len(own) > 1 and meaning.when.quarters and spans_year(own[-1]):  # below `Q4`: what has added up by then
                meaning |= Meaning(kinds=(("several", own[-1]),))
            found[column] = HeadedColumn(column, own, meaning, _role(own, meaning, words))
    # A fourth quarter that alone is called an outturn may well be the year.
    outturns = [c for c, one in found.items() if one.meaning.when.quarters and pattern("outturn").search(one.text)]
    for c in outturns if all(found[c].meaning.when.quarters == (4,) for c in outturns) else ():
        found[c] = replace(found[c], meaning=found[c].meaning | Meaning(kinds=(("several", found[c].text),)))
    return found


def _spread(texts: dict[int, str], label_column: int) -> dict[int, str]:
    """The texts of a heading row, each also over the blank cells to its right."""
    last, spread = "", {}
    for column, text in texts.items():
        last = "" if column == label_column else text or last
        spread[column] = text or last
    return spread


def _role(texts: tuple[str, ...], meaning: Meaning, words: Vocabulary) -> str:
    """The role of a column that names no quarter; a baseline may name its year, and is none if it is an average."""
    if "average" not in meaning.kind_names and any(
        text.casefold().startswith(words.layouts.baseline_word.casefold()) for text in texts
    ):
        return "baseline"
    if meaning.when.is_part_of_year:
        below = words.role_of(texts[-1]) if len(texts) > 1 else ""
        return below if below in ("prose", "asides") else ""
    own = YEAR.sub("", texts[-1]).strip(" -–:,()")
    found = words.role_of(" ".join(texts)) or words.role_of(own)
    found = found or ("" if own or len(texts) < 2 else words.role_of(texts[0]))
    # A column `Year 2018/19` holds a year's figures; one that is called `Year` holds years.
    return "" if found in TIME_ROLES and meaning.when.has_year else found


# Titles


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
    is_month |= any(words.role_of(row.text(c)) == "month" for row in over for c in row.filled)
    return when if period and (is_month or not period.month) else When()


def _explain_line(text: str, words: Vocabulary) -> Meaning:
    """What a line over a table says: a title, a sentence about the figures below, or perhaps either."""
    if _is_sentence(text) or pattern("legend").match(text):
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
        told = _explain_line(text, words)
        found |= replace(told, left=()) if len(text.split()) > LONGEST_NAME else told
    found = replace(found, when=When()) if own.when else found
    return without_areas(found) if own.is_own else found


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


def without_areas(meaning: Meaning) -> Meaning:
    """Give a meaning without the areas that it names."""
    return replace(meaning, areas=(), around=())
