"""Cells that say more than a figure. In: the words around a `RawTable`, the text of a cell. Out: for each mark that a
key explains, such as `[c]` or `*`, the text in whose place it stands (`<5`, `n/a`, `0`, or `(p)` and nothing behind a
figure); the cell as it is meant.
"""

import re

from swp_analysis.catalogue.models import Indicator
from swp_analysis.ingest.cells import is_mark
from swp_analysis.ingest.meaning import Meaning
from swp_analysis.ingest.spelling import pattern, plain
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.words import Vocabulary

# `R =`, `.. :`; a mark in brackets and a star need no sign behind them.
_ENTRY = r"(?P<mark>(?:\b[a-z]{1,2}|[#~.:^–-]{1,3})(?=\s*(?:[=:–-]|means|denotes|indicates))|\[\w{1,3}\]|[*†‡]{1,2})"
_NEXT = re.compile(rf"(?:[;,\n]|(?<=\w)\.)\s*(?={_ENTRY.replace('?P<mark>', '?:')})", re.IGNORECASE)
_KEY = re.compile(
    rf"\s*(?:(?:key|legend|symbols?|notes?)\s*:\s*)?{_ENTRY}\s*(?:[=:–-]|means|denotes|indicates)?\s*(?P<says>.+?)\.?",
    re.IGNORECASE,
)

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
    for piece in _NEXT.split(line):
        entry = _KEY.fullmatch(piece)
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
    """Give a cell with what its mark stands for, and without words that name what is counted: `45 offences`."""
    behind = re.fullmatch(r"(?P<figure>.*[\d%)])\s*(?P<mark>\D{1,5})", text)
    if (meant := key.get(text.casefold(), "")) or not text:
        return meant or text
    if behind and (meant := key.get(behind["mark"].casefold(), "n/a")) in ("", "(p)"):
        return f"{behind['figure']} {meant}".strip()
    said = WORDS_BEHIND.fullmatch(text) if "%" in text or indicator.unit != "percent" else None
    told = words.explain(said["words"]) if said else Meaning()
    is_unit = told.names_things and not told.when and words.not_of(told, indicator).is_plain
    return text[: said.start("words")].strip(" (") if said and is_unit else text
