"""Drafts a new partnership's catalogue from its own tables. In: files of any layout that ingest reads. Out: a
`Draft`: themes with an indicator for each label, the year the files are about, and what a person must decide.

Every guess is marked in the YAML with `# DECIDE`; none of them says that a change is better or worse.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import count, pairwise
from pathlib import Path

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.catalogue.periods import read_financial_year
from swp_analysis.errors import InputError, Problems
from swp_analysis.ingest.formats.grid import Row
from swp_analysis.ingest.labels import split_label
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.read_year import FileReader
from swp_analysis.ingest.row_words import names_others, without_year
from swp_analysis.ingest.spelling import letters, pattern
from swp_analysis.ingest.table import RawTable
from swp_analysis.ingest.words import Vocabulary

FILLER = {"the", "of", "a", "an", "number", "total", "no"}
KEY_FIGURES, LONGEST_ID = "Key figures", 48
# What the column beside the figures is about, by words of its heading, and what its cells say is good.
HEADINGS, WAYS = ("owner", "way", "unit"), ("lower", "higher")
TARGET = re.compile(r"\W*(?P<number>\d[\d,]*(?:\.\d+)?)\s*%?\W*")
UNIT_AT_END = re.compile(r"\s*(?:%|\(%\))$")
# Words without which two labels may still be one indicator's.
COUNTED = FILLER | {"offence", "recorded", "reported", "report", "case", "all", "in", "to", "by", "for", "and", "on"}
ABBREVIATION = re.compile(r"(?<=\w)\s*\([A-Z&]{2,}s?\)")
ALIKE = 0.93
# From so many figures of such a size on, steps of less than this share of what chance makes are a head count's.
LEAST_STEADY, LEAST_MEAN, STEADY = 6, 20, 0.15


@dataclass
class DraftIndicator:
    """One label of the tables, with what its row and heading say about it."""

    id: str
    label: str
    unit: str
    kind: str
    good_direction: str
    owner: str
    target: dict[str, float] = field(default_factory=dict)
    kind_is_sure: bool = True
    target_is_sure: bool = True
    twin: str = ""
    whole: str = ""


@dataclass
class DraftTheme:
    """A sheet, a heading or a file: the indicators of one part of the tables."""

    id: str
    title: str
    indicators: dict[str, DraftIndicator] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """What its page answers, until somebody asks a better one."""
        return f"What do the figures under “{self.title}” show, and what changed?"


@dataclass(frozen=True)
class Draft:
    """What was found: themes by id, for each file the financial year that it is about, and headings of owners and words
    that the library does not know."""

    themes: dict[str, DraftTheme] = field(default_factory=dict)
    years: dict[Path, str] = field(default_factory=dict)
    owner_headings: set[str] = field(default_factory=set)
    text_headings: set[str] = field(default_factory=set)

    @property
    def indicators(self) -> Iterator[DraftIndicator]:
        """All indicators, in the order of their themes."""
        return (one for theme in self.themes.values() for one in theme.indicators.values())


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
    draft, found = Draft(), list[RawTable]()
    problems, reader = Problems(), FileReader(catalogue)
    for path in files:
        with problems.noting():
            tables = _find_tables(path, reader)
            draft.years[path] = max(map(reader.newest_year, tables))
            found += tables
    if problems:
        raise InputError("\n".join(problems), problems=problems)
    for table in found:
        _draft_table(table, reader.words, draft)
    _drop_units(draft)
    return draft


def _find_tables(path: Path, reader: FileReader) -> list[RawTable]:
    """The tables of a file; one has a year in a heading, title or row."""
    tables = reader.find_tables(path)
    if not any(map(reader.newest_year, tables)):
        why = f"{path.name}: no table that names quarters and their years; expected a heading such as `Q1 2024/25`."
        raise InputError(next((table.barred for table in tables if table.barred), why))
    return tables


def _drop_units(draft: Draft) -> None:
    """Leave the sign of a percentage out of its label, `Repeat cases (%)`, unless a count has the same words."""
    labels = [UNIT_AT_END.sub("", one.label) for one in draft.indicators]
    for one, label in zip(draft.indicators, labels, strict=True):
        if one.unit == "percent" and labels.count(label) == 1:
            one.label = label


def _mark_twin(one: DraftIndicator, others: Iterable[DraftIndicator]) -> None:
    """Name the indicator whose label may say the same in other words, or with a slip."""
    own = _counted(one.label)
    for other in others:
        words = _counted(other.label)
        numbers = [[word for word in label if word.isdigit()] for label in (own, words)]
        ratio = SequenceMatcher(None, " ".join(own), " ".join(words), autojunk=False).ratio()
        if one.unit == other.unit and numbers[0] == numbers[1] and ratio >= ALIKE:
            one.twin = other.id
            return


def _counted(label: str) -> list[str]:
    """The words of a label that tell it from others, whatever their order and without the abbreviation behind them."""
    words = (word.removesuffix("s") for word in re.findall(r"[^\W_]+", ABBREVIATION.sub("", label).casefold()))
    return sorted(word for word in words if word not in COUNTED)


def _draft_table(table: RawTable, words: Vocabulary, draft: Draft) -> None:
    title = _title_of(table)
    _note_headings(table, draft)
    seen = {letters(one.label): one for one in draft.indicators}
    above = ""  # the indicator of the nearest row that is not itself part of one
    totals = {word.casefold() for word in words.layouts.total_labels}
    for section, row in table.rows_with_figures:
        label = split_label(row.text(table.label_column), words.layouts).name.rstrip("*†‡ ")
        label = without_year(label, section, words)
        if not label or label.casefold() in totals or names_others(label, words):
            continue
        if letters(label) in seen:
            _add_target(seen[letters(label)], row, table)
            continue
        part = pattern("part_of_above").match(label)
        own = (label[part.end() :] if part else "") or label
        name = _free_id(_slug(own), {one.id for one in seen.values()})
        one = _draft_indicator(name, label, row, table)
        one.whole = above if part else ""
        above = above if part else one.id
        _mark_twin(one, draft.indicators)
        _add_target(one, row, table)
        seen[letters(label)] = one
        # A theme that is called `Cumulative figures` would make such words mean nothing.
        about = next(
            one for one in (section, title, KEY_FIGURES) if one not in ("", label) and not names_others(one, words)
        )
        theme = _slug(about)
        draft.themes.setdefault(theme, DraftTheme(theme, about)).indicators[one.id] = one


def _note_headings(table: RawTable, draft: Draft) -> None:
    """Keep the headings that say what a column is about in words that the library does not know."""
    for column in {column for row in table.rows for column in row.columns} - {*table.roles, *table.figures}:
        if (about := _about(table, column)) and column not in (table.label_column, *table.passed_over):
            (draft.owner_headings if about == "owner" else draft.text_headings).add(_heading_of(table, column))


def _about(table: RawTable, column: int) -> str:
    """What the heading of a column beside the figures says that it is about: one of `HEADINGS`, or nothing."""
    named = (about for about in HEADINGS if pattern(f"heading_{about}").search(_heading_of(table, column)))
    return next(named, "owner" if column in table.called("owner", "body") else "")


def _free_id(name: str, taken: set[str]) -> str:
    """The id, with a number behind it where other labels come to the same words."""
    return name if name not in taken else next(one for n in count(2) if (one := f"{name}_{n}") not in taken)


def _draft_indicator(name: str, label: str, row: Row, table: RawTable) -> DraftIndicator:
    figures = [row.text(column) for column in table.figures]
    said = _said_beside(row, table)
    shares = sum("%" in figure or bool(pattern("one_of").search(figure)) for figure in figures)
    is_percent = (
        bool(pattern("percentage").search(said["unit"]))
        or shares * 2 > sum(any(map(str.isdigit, one)) for one in figures)
        or (bool(pattern("percentage").search(label)) and not any(float(one) > 100 for one in figures if one.isdigit()))
    )
    beside = " ".join(row.text(column) for column in row.columns if column not in table.figures)
    is_stock = bool(pattern("stock").search(label) or pattern("on_a_day").search(beside))
    may_be_stock = bool(pattern("in_a_state").search(label)) or _is_steady(figures)
    return DraftIndicator(
        id=name,
        label=label,
        unit="percent" if is_percent else "count",
        kind="rate" if is_percent else "stock" if is_stock or may_be_stock else "flow",
        kind_is_sure=is_percent or is_stock or not may_be_stock,
        good_direction=_direction(label, said["way"]),
        owner=said["owner"],
    )


def _is_steady(figures: list[str]) -> bool:
    """Whether counts move so much less than chance would move what happens that they may be of what is there: in use,
    in care, on a list. Their squared steps are then far below twice their mean."""
    counts = [int(plain) for one in figures if (plain := one.replace(",", "")).isdigit()]
    mean = sum(counts) / max(len(counts), 1)
    steps = [after - before for before, after in pairwise(counts)]
    most = STEADY * 2 * mean * len(steps)
    return len(counts) >= LEAST_STEADY and mean >= LEAST_MEAN and sum(step * step for step in steps) < most


def _add_target(one: DraftIndicator, row: Row, table: RawTable) -> None:
    """Take over what a column of targets prints; it is sure of its year only where its heading says one, and not
    a part of it."""
    for column in table.passed_over:
        heading = _heading_of(table, column)
        number = TARGET.fullmatch(row.text(column)) if pattern("heading_target").search(heading) else None
        years = {year for word in heading.split() if (year := read_financial_year(word.strip("():,")))}
        is_part = bool((when := read_when(heading)[0]).quarters or when.months)
        if number and len(years) <= 1:
            one.target_is_sure &= not is_part and (bool(years) or one.unit == "percent")
            value = float(number["number"].replace(",", ""))
            one.target.setdefault(min(years, default=table.newest_year), int(value) if value.is_integer() else value)


def _heading_of(table: RawTable, column: int) -> str:
    """What stands above a column."""
    return table.columns[column].text if column in table.columns else ""


def _said_beside(row: Row, table: RawTable) -> dict[str, str]:
    """What the cells beside the figures say of owner, direction and unit, by the heading of their column."""
    said = dict.fromkeys(HEADINGS, "")
    for column in sorted({*table.roles, *row.columns} - {table.label_column, *table.figures}):
        text, about = row.text(column), _about(table, column)
        if not _heading_of(table, column) and re.match("to (?:reduce|increase)", text, re.IGNORECASE):
            about = "way"
        if about and not said[about] and column not in table.parting.get(row.number, ()):
            said[about] = text
    return said


def _direction(label: str, said: str) -> str:
    """What the tables say is good: a cell of the row, else the label itself; never a guess from its subject."""
    told = [way for way in WAYS if pattern(way).search(said)]
    if said:
        return told[0] if len(told) == 1 else "neutral"
    return next((way for way in WAYS if pattern(f"aim_{way}").match(label)), "neutral")


def _title_of(table: RawTable) -> str:
    """The sheet's name or the heading above the table, else the name of the file."""
    grid = table.grid
    stem = Path(grid.file).stem.replace("_", " ").replace("-", " ")
    sheet = "" if re.fullmatch(r"(?i)(?:table|page) .*", grid.sheet) else grid.sheet
    headings = [one.text for one in grid.above if one.kind in ("heading", "caption")]
    found = (pattern("periods_of_name").sub(" ", text).strip(" -–:,()") for text in (sheet, *reversed(headings), stem))
    named = [" ".join(text.split()) for text in found if text and not pattern("no_subject").fullmatch(text)]
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
