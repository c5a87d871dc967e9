"""Drafts a new partnership's catalogue from its own tables. In: files of any layout that ingest reads. Out: a
`Draft`: themes with an indicator for each label, the year the files are about, and what a person must decide.

Every guess is marked in the YAML with `# DECIDE`; none of them says that a change is better or worse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.labels import split_label
from swp_analysis.ingest.read_year import FileReader
from swp_analysis.ingest.spelling import letters
from swp_analysis.ingest.table import Table

LONGEST_ID = 48
FILLER = {"the", "of", "a", "an", "number", "total", "no"}
# Names of files and sheets that say nothing about what is in them.
NO_SUBJECT = re.compile(
    r"(?i)\W*(?:kpis?(?:'s)?|data|tables?|figures?|performance|reports?|scorecard|sheet|quarterly|\d|[\s_-])*\W*"
)
KEY_FIGURES = "Key figures"
AIMS = {
    "lower": r"(?:to )?(?:reduce|reducing|decrease|lower|fewer|less)\b",
    "higher": r"(?:to )?(?:increase|increasing|improve|improving|raise|more)\b",
}
# What the column beside the figures is about, by words of its heading, and what its cells say is good.
HEADINGS = {
    "owner": re.compile(r"\b(?:owner|lead|responsible|accountable|provider|supplie[rd]|agency|organisation)\b", re.I),
    "way": re.compile(r"\b(?:direction|polarity|good|better|preferred|desired|aim)\b", re.I),
    "unit": re.compile(r"\bunits?\b", re.I),
}
WAYS = {
    "lower": re.compile(r"\b(?:reduc\w*|decreas\w*|lower|low|down|fewer|less|smaller|fall)\b|[↓⬇▼]", re.I),
    "higher": re.compile(r"\b(?:increas\w*|improv\w*|higher|high|up|more|bigger|greater|rise|rais\w*)\b|[↑⬆▲]", re.I),
}
PERCENT = re.compile(r"%|\bper ?cent(?:age)?\b|\brate\b|\bproportion\b|\bshare\b", re.IGNORECASE)
STOCK = re.compile(
    r"\b(?:active|caseload|on the (?:register|books)|at (?:the )?end of|open cases|in treatment|currently)\b", re.I
)


@dataclass
class DraftIndicator:
    """One label of the tables, with what its row and heading say about it."""

    id: str
    label: str
    unit: str
    kind: str
    good_direction: str
    owner: str


@dataclass
class DraftTheme:
    """A sheet, a heading or a file: the indicators of one part of the tables."""

    id: str
    title: str
    indicators: dict[str, DraftIndicator] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """What was found: themes by id, and for each file the financial year that it is about."""

    themes: dict[str, DraftTheme]
    years: dict[Path, str]


def draft_partnership(files: Iterable[Path], catalogue: Catalogue) -> Draft:
    """Read files and draft a theme for each part of them, an indicator for each label.

    Parameters
    ----------
    files : tables as received, in any format and layout that ingest reads.
    catalogue : that of a partnership without indicators.

    Raises
    ------
    InputError
        For a file in which no table of quarters, months or years is found, and where a heading can't be read.
    """
    draft = Draft({}, {})
    seen: dict[str, str] = {}
    for path in files:
        tables = FileReader(catalogue).find_tables(path)
        years = [table.newest_year for table in tables if table.newest_year]
        if not years:
            raise InputError(
                f"{path.name}: no table that names quarters and their years; expected a heading such as `Q1 2024/25`."
            )
        draft.years[path] = max(years)
        for table in tables:
            _draft_table(table, catalogue, draft, seen)
    return draft


def _draft_table(table: Table, catalogue: Catalogue, draft: Draft, seen: dict[str, str]) -> None:
    title = _title_of(table)
    for section, row in _rows_with_figures(table):
        label = split_label(row.text(table.label_column), catalogue.layouts).name
        if not label or label.casefold() in {word.casefold() for word in catalogue.layouts.total_labels}:
            continue
        theme = draft.themes.setdefault(_slug(section or title), DraftTheme(_slug(section or title), section or title))
        if letters(label) not in seen:
            name = _free_id(_slug(label), set(seen.values()))
            seen[letters(label)] = name
            theme.indicators[name] = _draft_indicator(name, label, row, table)


def _free_id(name: str, taken: set[str]) -> str:
    """The id, with a number behind it where other labels come to the same words."""
    return name if name not in taken else next(one for n in count(2) if (one := f"{name}_{n}") not in taken)


def _draft_indicator(name: str, label: str, row: Row, table: Table) -> DraftIndicator:
    figures = [row.text(column) for column in table.quarters]
    said = _said_beside(row, table)
    is_percent = (
        bool(PERCENT.search(said["unit"]))
        or sum("%" in figure for figure in figures) * 2 > len([one for one in figures if one])
        or (bool(PERCENT.search(label)) and not any(float(one) > 100 for one in figures if one.isdigit()))
    )
    is_stock = bool(STOCK.search(label))
    return DraftIndicator(
        id=name,
        label=label,
        unit="percent" if is_percent else "count",
        kind="rate" if is_percent else "stock" if is_stock else "flow",
        good_direction=_direction(label, said["way"]),
        owner=said["owner"],
    )


def _said_beside(row: Row, table: Table) -> dict[str, str]:
    """What the cells beside the figures say of owner, direction and unit, by the heading of their column."""
    heads = [line for line in table.grid.rows if line.number <= table.heading]
    said = dict.fromkeys(HEADINGS, "")
    for column in sorted({*table.roles, *row.columns} - {table.label_column, *table.quarters}):
        heading, text = " ".join(line.text(column) for line in heads[-2:]), row.text(column)
        if not heading and not said["way"] and re.match("to (?:reduce|increase)", text, re.IGNORECASE):
            said["way"] = text
        for about, words in HEADINGS.items():
            is_named = words.search(heading) or (about == "owner" and column in table.owner_columns)
            if is_named and not said[about]:
                said[about] = text
    return said


def _direction(label: str, said: str) -> str:
    """What the tables say is good: a cell of the row, else the label itself; never a guess from its subject."""
    told = [way for way, words in WAYS.items() if words.search(said)]
    if said:
        return told[0] if len(told) == 1 else "neutral"
    return next((way for way, words in AIMS.items() if re.match(words, label, re.IGNORECASE)), "neutral")


def _rows_with_figures(table: Table) -> Iterator[tuple[str, Row]]:
    """Each row of figures with the line of words that it stands under."""
    section = ""
    for row in table.rows:
        filled = [column for column in row.columns if row.text(column)]
        if filled == [table.label_column]:
            section = row.text(table.label_column)
        elif any(row.text(column) for column in table.quarters):
            yield section, row


def _title_of(table: Table) -> str:
    """The sheet's name or the heading above the table, else the name of the file."""
    grid = table.grid
    stem = Path(grid.file).stem.replace("_", " ").replace("-", " ")
    sheet = "" if re.fullmatch(r"(?i)(?:table|page) .*", grid.sheet) else grid.sheet
    headings = [one.text for one in grid.above if one.kind in ("heading", "caption")]
    named = [text for text in (sheet, *reversed(headings), stem) if text and not NO_SUBJECT.fullmatch(text)]
    return named[0][:1].upper() + named[0][1:] if named else KEY_FIGURES


def _slug(text: str) -> str:
    """An id from the words of a label.

    >>> _slug("Number of residential burglaries (all)"), _slug("2nd homes: fires"), _slug("Tŷ’r Fro: women’s aid")
    ('residential_burglaries_all', 'n2nd_homes_fires', 'tyr_fro_womens_aid')
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(one))
    words = [word for word in re.findall(r"[a-z0-9]+", re.sub(r"['’‘]", "", plain)) if word not in FILLER]
    short = words[0] if words else "unnamed"
    for word in words[1:]:
        if len(short) + len(word) + 1 > LONGEST_ID:
            break
        short += f"_{word}"
    return short if short[0].isalpha() else f"n{short}"
