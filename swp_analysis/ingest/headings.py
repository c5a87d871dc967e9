"""The heading of a table, cell by cell. In: its rows. Out: which rows are the heading, and a `Heading` a column: its
texts and what every word of them means.
"""

import re
from dataclasses import dataclass

from swp_analysis.ingest.formats.grid import LONE_FIGURE, Row
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import drop_repeat, fold_look_alikes
from swp_analysis.ingest.table import TIME_ROLES
from swp_analysis.ingest.timeline import LONGEST_HEADING, YEAR
from swp_analysis.ingest.words import Meaning, Vocabulary

MOST_HEADING_ROWS = 4
_MARKED = re.compile(r"\s*(?:[\[(]\w{1,2}[\])]|[*†‡])+$")
# What a row says of its own figures, in columns beside the label.
ROW_ROLES = {"qualifier", "area", *TIME_ROLES}


@dataclass(frozen=True)
class Heading:
    """The heading cells of one column, top to bottom, and what they mean together."""

    column: int
    texts: tuple[str, ...]
    meaning: Meaning
    role: str

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def wrong(self) -> tuple[str, str]:
        """The first text that contradicts itself, and what is wrong with it."""
        pairs = ((text, read_when(text)[0].wrong) for text in self.texts)
        return next(((text, wrong[0]) for text, wrong in pairs if wrong), (self.text, self.meaning.when.wrong[0]))


def heading_rows(
    rows: tuple[Row, ...], above: tuple[Row, ...], label_column: int, is_typed: bool, words: Vocabulary
) -> tuple[list[Row], int]:
    """Give the rows of a heading, from those right above `rows[0]` that stand over its columns to the last that goes on
    with it; and how many of `rows` they are."""
    count = 1
    while count < min(len(rows), MOST_HEADING_ROWS) and _goes_on(
        rows[count], rows[count - 1], label_column, is_typed, words
    ):
        count += 1
    over: list[Row] = []
    for row in reversed(above[-2:]):
        below = over[0] if over else rows[0]
        if row.number != below.number - 1 or not _stands_over(row, rows[0], label_column, words):
            break
        over.insert(0, row)
    return [*over, *rows[:count]], count


def _goes_on(row: Row, before: Row, label_column: int, is_typed: bool, words: Vocabulary) -> bool:
    beyond = [row.text(column) for column in row.columns if column > label_column and row.text(column)]
    if not beyond or any(is_figure(text) for text in beyond) or any(len(text) > LONGEST_HEADING for text in beyond):
        return False
    meanings = [words.explain(text) for text in beyond]
    tells = any(m.when or m.kinds or m.areas or m.around or m.is_own or m.is_provisional for m in meanings)
    label = row.text(label_column)
    if label:
        is_words = words.role_of(label) or words.explain(label).is_plain
        return bool(is_words and tells) or (not is_typed and any(YEAR.search(text) for text in beyond))
    return tells or is_typed


def _stands_over(row: Row, heading: Row, label_column: int, words: Vocabulary) -> bool:
    """Whether a row above a heading belongs to it: texts over its columns, and over its labels only what the heading
    itself leaves blank (a cell of both rows)."""
    filled = [column for column in row.columns if row.text(column)]
    is_time = words.role_of(row.text(label_column)) in TIME_ROLES
    if filled and filled[0] == label_column and (is_time or not heading.text(label_column)):
        filled = filled[1:]
    if not filled or min(filled) <= label_column or any(is_figure(row.text(c)) for c in filled):
        return False
    meanings = [words.explain(row.text(column)) for column in filled]
    covers_all = len(filled) == sum(bool(heading.text(c)) for c in heading.columns if c > label_column)
    return (
        len(filled) > 1
        or covers_all
        or (not meanings[0].left and bool(meanings[0].when or meanings[0].kinds or meanings[0].other_areas))
    )


def is_figure(text: str) -> bool:
    """Tell whether a cell is a figure, and not a year of a heading."""
    text = _MARKED.sub("", text)
    return bool(LONE_FIGURE.fullmatch(text)) and not YEAR.fullmatch(text) and not _is_year(text)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text[:2] in ("19", "20")


# The heading of each column


def read_headings(rows: tuple[Row, ...], label_column: int, words: Vocabulary) -> list[Heading]:
    """Read the headings of all columns but the label's; a text over several columns counts for each that has one
    below."""
    width = max(len(row.cells) for row in rows)
    spread = [_spread(row, label_column, width) for row in rows[:-1]] + [_texts(rows[-1], width)]
    found = []
    for column in range(1, width + 1):
        if column == label_column:
            continue
        own = rows[-1].text(column) if len(rows) > 1 else ""
        texts = tuple(filter(None, (line[column] for line in spread))) if own else _upright(rows, column)
        if not texts:
            continue
        meaning = Meaning()
        for text in texts:
            meaning |= words.explain(text)
        found.append(Heading(column, texts, meaning, _role(texts, meaning, words)))
    return found


def _texts(row: Row, width: int) -> dict[int, str]:
    return {column: drop_repeat(fold_look_alikes(row.text(column))) for column in range(1, width + 1)}


def _spread(row: Row, label_column: int, width: int) -> dict[int, str]:
    """The texts of a heading row, each also over the blank cells to its right."""
    texts, last = _texts(row, width), ""
    for column in range(1, width + 1):
        last = "" if column == label_column else texts[column] or last
        texts[column] = texts[column] or last
    return texts


def _upright(rows: tuple[Row, ...], column: int) -> tuple[str, ...]:
    return tuple(drop_repeat(fold_look_alikes(row.text(column))) for row in rows if row.text(column))


def _role(texts: tuple[str, ...], meaning: Meaning, words: Vocabulary) -> str:
    """The role of a column that names no quarter; a baseline may name its year."""
    if any(text.casefold().startswith(words.layouts.baseline_word.casefold()) for text in texts):
        return "baseline"
    if meaning.when.is_part_of_year:
        return ""
    own = YEAR.sub("", texts[-1]).strip(" -–:,()")
    found = (
        words.role_of(" ".join(texts))
        or words.role_of(own)
        or ("" if own or len(texts) < 2 else words.role_of(texts[0]))
    )
    # A column `Year 2018/19` holds a year's figures; one that is called `Year` holds years.
    return "" if found in TIME_ROLES and meaning.when.has_year else found


def is_barred(meaning: Meaning) -> bool:
    """Tell whether the words say that the figures are others than those of this area and period."""
    return bool(meaning.other_areas or meaning.kind_names - {"share"})
