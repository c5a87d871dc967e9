"""Which tables and rows of a new partnership's files are drafted. In: files, and the vocabulary of a catalogue without
indicators. Out: tables, and their rows with label and section, without those of targets, sums and other areas.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.labels import split_label
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.read_year import FileReader
from swp_analysis.ingest.row_words import names_within, why_no_indicator
from swp_analysis.ingest.spelling import letters, pattern
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.words import Vocabulary

KEY_FIGURES = "Key figures"
# Kinds of figure that an indicator's name may name.
OF_NAMES = {"group", "part", "share", "thing"}


def tables_to_draft(path: Path, reader: FileReader) -> list[RawTable]:
    """Find the tables of a file that may be read.

    Raises
    ------
    InputError
        When none of them has a year in a heading, title or row; or with what bars them.
    """
    found, words = reader.find_tables(path), reader.words
    tables = [one for one in found if not (one.barred and any(_names_others(text, words) for text in one.words_around))]
    if not any(map(reader.newest_year, tables)):
        why = f"{path.name}: no table that names quarters and their years; expected a heading such as `Q1 2024/25`."
        raise InputError(next((table.barred for table in found if table.barred), why))
    return tables


def rows_with_figures(table: RawTable, words: Vocabulary) -> Iterator[tuple[Row, str, str]]:
    """Give each row of figures with the line of words that it stands under, and its label without a year."""
    section = ""
    for row in table.rows:
        text = row.text(table.label_column)
        if row.filled == [table.label_column]:
            section = text
        elif any(row.text(column) for column in table.figures):
            label = split_label(text, words.layouts).name.rstrip("*†‡ ")
            yield row, section, _without_year(label, section, words)


def _without_year(label: str, section: str, words: Vocabulary) -> str:
    """A label without the year before or behind its name; of a year alone the words that it stands under."""
    for name, said in names_within(label):
        told = words.explain(" ".join(said) or name)
        if told.when.has_year and told.is_plain:
            return name if said else section
    return label


def is_other(section: str, label: str, names: set[str], words: Vocabulary) -> bool:
    """Tell whether a row is a total, or holds other figures than an indicator's: by its label, by what stands beside
    the label of another row (`Robbery last year`), or by the line over it."""
    is_total = label.casefold() in {word.casefold() for word in words.layouts.total_labels}
    if not label or is_total or _names_others(section, words):
        return True
    beside = (" ".join(said) for name, said in names_within(label) if said and letters(name) in names)
    told = [one for one in map(words.explain, beside) if not one.left]
    return any(map(_is_of_others, [*told, *([words.explain(label)] if why_no_indicator(label, words) else [])]))


def _names_others(text: str, words: Vocabulary) -> bool:
    """Whether a title or note says so of the figures: a theme called like it would make it mean nothing."""
    return _is_of_others(words.explain(text, "title") | words.explain(text, "note"))


def _is_of_others(said: Meaning) -> bool:
    """Whether words say more than which part of something, or group, is counted: another area, a sum, a target."""
    return bool(said.other_areas or said.kind_names - OF_NAMES)


def title_of(table: RawTable, words: Vocabulary) -> str:
    """Give the sheet's name or the heading above the table, else the name of the file."""
    grid = table.grid
    stem = Path(grid.file).stem.replace("_", " ").replace("-", " ")
    sheet = "" if re.fullmatch(r"(?i)(?:table|page) .*", grid.sheet) else grid.sheet
    headings = [one.text for one in grid.above if one.kind in ("heading", "caption")]
    found = (pattern("periods_of_name").sub(" ", text).strip(" -–:,()") for text in (sheet, *reversed(headings), stem))
    named = [" ".join(text.split()) for text in found if text and not pattern("no_subject").fullmatch(text)]
    named = [text for text in named if not _names_others(text, words)]
    return named[0][:1].upper() + named[0][1:] if named else KEY_FIGURES
