"""The heading of a table, cell by cell. In: its rows, and those above it. Out: which rows are the heading, and a
`HeadedColumn` for each column.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from swp_analysis.catalogue.periods import previous_year
from swp_analysis.ingest.formats.grid import LONE_FIGURE, Row
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.period_words import read_when, spans_year
from swp_analysis.ingest.spelling import drop_repeat, fold_look_alikes, pattern
from swp_analysis.ingest.table import TIME_ROLES, HeadedColumn, with_its_heading
from swp_analysis.ingest.timeline import LONGEST_HEADING, YEAR, When
from swp_analysis.ingest.words import Vocabulary

MOST_HEADING_ROWS = 4
_MARKED = re.compile(r"\s*(?:[\[(]\w{1,2}[\])]|[*†‡])+$")
_LETTER_N = re.compile(r"(?<![^\W_])[nN](?![^\W_])")
_LONE_YEAR = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?")


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
    return _explain_together(found)


def _explain_together(found: dict[int, HeadedColumn]) -> dict[int, HeadedColumn]:
    """The columns with what they mean beside one another: a fourth quarter that alone is called an outturn may well be
    the year, and `N` beside `n` is what a rate is worked out from."""
    outturns = {c for c, one in found.items() if one.meaning.when.quarters and pattern("outturn").search(one.text)}
    letter = {c: "".join(_LETTER_N.findall(one.text)) for c, one in found.items()}
    told = dict.fromkeys(outturns, "several") if all(found[c].meaning.when.quarters == (4,) for c in outturns) else {}
    told |= {c: "base" for c, one in letter.items() if one == "N" and "n" in letter.values()}
    kinds = {c: Meaning(kinds=((kind, found[c].text),)) for c, kind in told.items()}
    return found | {c: replace(found[c], meaning=found[c].meaning | kind) for c, kind in kinds.items()}


def _spread(texts: dict[int, str], label_column: int) -> dict[int, str]:
    """The texts of a heading row, each also over the blank cells to its right."""
    last, spread = "", {}
    for column, text in texts.items():
        last = "" if column == label_column else text or last
        spread[column] = text or last
    return spread


def _role(texts: tuple[str, ...], meaning: Meaning, words: Vocabulary) -> str:
    """The role of a column that names no quarter; a baseline may name its year, and is none if it is an average."""
    if "average" not in meaning.kind_names and any(_is_baseline(text, words) for text in texts):
        return "baseline"
    if meaning.when.is_part_of_year:
        below = words.role_of(texts[-1]) if len(texts) > 1 else ""
        return below if below in ("prose", "asides") else ""
    own = YEAR.sub("", texts[-1]).strip(" -–:,()")
    found = words.role_of(" ".join(texts)) or words.role_of(own)
    found = found or ("" if own or len(texts) < 2 else words.role_of(texts[0]))
    # A column `Year 2018/19` holds a year's figures; one that is called `Year` holds years.
    return "" if found in TIME_ROLES and meaning.when.has_year else found


def _is_baseline(text: str, words: Vocabulary) -> bool:
    return read_when(text)[1].strip(" (").casefold().startswith(words.layouts.baseline_word.casefold())


def baseline_year(texts: Iterable[str], years: set[str], words: Vocabulary) -> str:
    """Give the year of the baselines that are called so: the one that is named, else the one before the newest of
    `years`; nothing where they may be of another time."""
    when, rest = read_when(next((text for text in texts if _is_baseline(text, words)), ""))
    if when or re.search(r"\d", rest):
        return when.years[0] if when == When(years=when.years[:1]) and not re.search(r"\d", rest) else ""
    return previous_year(max(years)) if len(years) < 3 else ""
